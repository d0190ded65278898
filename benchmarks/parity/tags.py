"""Are our tags those of the stock binding, to the last one?

    python -m benchmarks.parity.tags CORPORA [LANGUAGE…] [--queries DIR | --aider-queries] [--files N]

For each language of the table that the corpora have files of, a fixed draw of real files is scanned by repomap-fast
with its query alone, and tagged by ``tests/reference/tags.py``: py-tree-sitter's Parser and QueryCursor with the same
query. For each file the multisets of (name, role, kind, row) must be equal. One line a language; the first differing
tags of the first differing files; exit code 1 if anything differs. Files that repomap-fast leaves out (binary, too
large …) are named apart, with the reason.

What else a scan does is said behind that: it reads C and C++ without macros, and rewrites texts that a grammar cannot
read (``Language.repair``). How many tags that adds, and how many it leaves out, in how many files.
"""

from __future__ import annotations

import argparse
import codecs
import functools
import importlib.util
import multiprocessing
import os
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from unittest import mock

import numpy as np
from tree_sitter import QueryError

import repomap_fast
from repomap_fast.contents import FolderContents
from repomap_fast.languages import tags_query
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.table import LANGUAGES, PARSED_LANGUAGES, Language
from repomap_fast.languages.tags_query import OUR_QUERIES, read_query
from repomap_fast.tables import ROLES, FileStatus, StringTable

SEED = 26
"""``random.Random(26).sample`` of a language's files, sorted by path below CORPORA."""

N_FILES = {"c": 1000, "python": 1000, "typescript": 500, "tsx": 500, "javascript": 500, "go": 500}
N_FILES_OTHER = 200

COPIES_OF_KERNEL = ("c4000", "bash")
"""Corpora whose files are in the kernel's too: drawn from both, the same file would count twice."""

PARSED = (FileStatus.TAGGED, FileStatus.NO_TAGS)

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

N_PROCESSES = 2
SHOWN_FILES = 3
SHOWN_TAGS = 4

_READS_MACROS = re.compile(r"^;+[ \t]*macros[ \t]*:[ \t]*read[ \t]*$", re.MULTILINE)
"""Has a scan read files without macros (``languages.known_macros``)."""

PlainTag = tuple[str, str, str, int]
"""(name, role, kind, row), row zero-based."""

REFERENCE = Path(__file__).parents[2] / "tests" / "reference" / "tags.py"


def load_reference() -> ModuleType:
    """Import the slow twin from its file: the tests are no package."""
    spec = importlib.util.spec_from_file_location("reference_tags", REFERENCE)
    if spec is None or spec.loader is None:
        raise SystemExit(f"there is no {REFERENCE.name} to compare with")
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their own module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    # It compiles the query again for every file, which takes longer than all the rest; a Query has no state.
    module.Query = functools.cache(module.Query)  # type: ignore[attr-defined]
    return module


@dataclass(slots=True)
class Report:
    """What came out for one language."""

    language: str
    n_found: int = 0
    n_files: int = 0
    n_bytes: int = 0
    n_tags: int = 0
    apart: dict[str, list[str]] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    first_differences: list[str] = field(default_factory=list)
    n_added: int = 0
    n_left_out: int = 0
    n_changed: int = 0

    def count_passes(self, bare: Mapping[str, Counter[PlainTag]], whole: Mapping[str, Counter[PlainTag]]) -> None:
        """Count the tags that a scan has beyond its query, and those of the query that it has not."""
        for below, tags in bare.items():
            added, left_out = (whole[below] - tags).total(), (tags - whole[below]).total()
            self.n_added += added
            self.n_left_out += left_out
            self.n_changed += bool(added or left_out)

    def name_utf16(self, root: Path, origins: Mapping[str, str], parsed: Iterable[str]) -> None:
        """Record the files that both sides parse as UTF-8 made from UTF-16: the stock parser alone cannot tell."""
        for below in parsed:
            with (root / below).open("rb") as file:
                if file.read(2).startswith(UTF16_MARKS):
                    self.apart.setdefault("read as UTF-16", []).append(origins[below])

    def line(self) -> str:
        verdict = "equal" if not self.differing else f"{len(self.differing)} FILES DIFFER"
        apart = "".join(f", {len(paths)} {status}" for status, paths in self.apart.items())
        return (
            f"{self.language:12} {self.n_files:5,} files of {self.n_found:6,} {self.n_bytes / 1e6:7.1f} MB "
            f"{self.n_tags:9,} tags: {verdict}{apart}{self._passes}"
        )

    @property
    def _passes(self) -> str:
        if not self.n_changed:
            return ""
        return f"; our passes add {self.n_added:,} and leave out {self.n_left_out:,} in {self.n_changed:,} files"


def find_files(corpora: Path) -> dict[str, list[str]]:
    """Return the files of each language below ``corpora``, as paths below it; links and hidden folders left out."""
    paths = []
    copies = COPIES_OF_KERNEL if (corpora / "kernel").is_dir() else ()
    for folder, folders, names in os.walk(corpora):
        if Path(folder) == corpora:
            folders[:] = [name for name in folders if name not in copies]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                paths.append(os.fsencode(path.relative_to(corpora).as_posix()))
    language_ids = identify_languages(FolderContents(corpora), StringTable.from_strings(paths))
    found: dict[str, list[str]] = {}
    for below, language_id in zip(paths, language_ids.tolist(), strict=True):
        if language_id < len(LANGUAGES):
            found.setdefault(LANGUAGES[language_id].name, []).append(os.fsdecode(below))
    return found


def draw(paths: Sequence[str], n_files: int) -> list[str]:
    ordered = sorted(paths)
    return ordered if len(ordered) <= n_files else sorted(random.Random(SEED).sample(ordered, n_files))


def lay_out(corpora: Path, drawn: Sequence[str], language: Language, root: Path) -> dict[str, str]:
    """Put the drawn files below ``root``, each in a folder of its own; return where each came from.

    Links would be left out by the scan, and hard links need one file system: copies work everywhere.
    """
    origins = {}
    for number, path in enumerate(drawn):
        # A header is C++ by its neighbours, which it has lost here.
        suffix = ".hpp" if language.name == "cpp" and path.endswith(".h") else Path(path).suffix
        name = Path(path).with_suffix(suffix).name
        below = f"{number:05}/{name}"
        (root / below).parent.mkdir(parents=True)
        shutil.copyfile(corpora / path, root / below)
        origins[below] = path
    return origins


def scanned_tags(result: repomap_fast.ScanResult) -> dict[str, Counter[PlainTag]]:
    """Return the tags of each file that was parsed, from the columns."""
    files, tags = result.file_table, result.tag_table
    names = [name.decode(errors="replace") for name in tags.names]
    name_ids, roles, kind_ids, rows = (
        column.tolist() for column in (tags.name_ids, tags.roles, tags.kind_ids, tags.rows)
    )
    offsets = files.tag_offsets.tolist()
    by_path = {}
    for file in np.flatnonzero(np.isin(files.statuses, PARSED)).tolist():
        by_path[os.fsdecode(files.paths[file])] = Counter(
            (names[name_ids[tag]], ROLES[roles[tag]], tags.kinds[kind_ids[tag]], rows[tag])
            for tag in range(offsets[file], offsets[file + 1])
        )
    return by_path


def reference_tags(job: tuple[Path, str, str, str]) -> tuple[str, Counter[PlainTag]]:
    """Tag one file by the slow twin, with the rules of patterns, which the binding does not know.

    Scopes are left out: they cost the square of the tags, and are not compared.
    """
    root, below, grammar, query = job
    reference = sys.modules.get("reference_tags") or load_reference()
    language = reference.grammar_of_tags(grammar)
    source = (root / below).read_bytes()
    if source.startswith(UTF16_MARKS):
        source = source.decode("utf-16", errors="replace").encode("utf-8")
    found = reference.settle(sorted(reference._tags(source, language, query), key=lambda tag: tag.order))
    return below, Counter((reference._text(tag), tag.role, tag.kind, tag.name.start_point.row) for tag in found)


def compare(
    language: Language, corpora: Path, paths: Sequence[str], n_files: int, query: str, queries_dir: Path | None
) -> Report:
    report = Report(language.name, n_found=len(paths))
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory() as temporary_queries:
        root = Path(temporary)
        origins = lay_out(corpora, draw(paths, n_files), language, root)
        alone = queries_dir
        if queries_dir is None:
            alone = Path(temporary_queries, language.name)
            alone.mkdir()
            (alone / f"{language.name}.scm").write_text(_READS_MACROS.sub("", query), "utf-8")
        with as_written():
            result = scan_drawn(root, language, alone)
        ours = scanned_tags(result)
        if queries_dir is None and (language.repair or _READS_MACROS.search(query)):
            report.count_passes(ours, scanned_tags(scan_drawn(root, language, None)))
        name_unparsed(report, result, origins, ours)
        report.name_utf16(root, origins, ours)
        jobs = [(root, below, language.grammar, query) for below in ours]
        with multiprocessing.Pool(N_PROCESSES) as pool:
            for below, theirs in pool.imap_unordered(reference_tags, jobs, chunksize=4):
                report.n_files += 1
                report.n_bytes += (root / below).stat().st_size
                report.n_tags += theirs.total()
                if ours[below] != theirs:
                    report.differing.append(origins[below])
                    if len(report.differing) <= SHOWN_FILES:
                        report.first_differences += show_difference(origins[below], ours[below], theirs)
    return report


def scan_drawn(root: Path, language: Language, queries: Path | None) -> repomap_fast.ScanResult:
    return repomap_fast.scan(
        root,
        cache=False,
        workers=N_PROCESSES,
        languages=[language.name],
        no_ignore=True,
        queries=queries,
        timeout_per_file=120.0,
    )


def as_written() -> AbstractContextManager[object]:
    """Return a context in which a scan rewrites no text before the parse."""
    return mock.patch.object(tags_query, "LANGUAGES", tuple(row._replace(repair="") for row in LANGUAGES))


def name_unparsed(
    report: Report, result: repomap_fast.ScanResult, origins: dict[str, str], ours: dict[str, Counter[PlainTag]]
) -> None:
    """Record the files of the draw that were not parsed, by their status; "not found" if the scan has no such row."""
    files = result.file_table
    statuses = {os.fsdecode(path): status for path, status in zip(files.paths, files.statuses.tolist(), strict=True)}
    for below, path in origins.items():
        if below not in ours:
            status = FileStatus(statuses[below]).label if below in statuses else "not found"
            report.apart.setdefault(status, []).append(path)


def show_difference(path: str, ours: Counter[PlainTag], theirs: Counter[PlainTag]) -> list[str]:
    def shown(tags: Counter[PlainTag]) -> Iterable[str]:
        for name, role, kind, row in sorted(tags.elements(), key=lambda tag: (tag[3], tag))[:SHOWN_TAGS]:
            yield f"line {row + 1}: {role} {kind} {name!r}"

    lines = [f"    {path}: {ours.total():,} tags of ours, {theirs.total():,} of the reference"]
    lines += [f"        only ours: {text}" for text in shown(ours - theirs)]
    lines += [f"        only the reference: {text}" for text in shown(theirs - ours)]
    return lines


def find_query(language: Language, queries_dir: Path | None) -> str | None:
    """Return the text of the query that the scan uses; with a folder of queries, only from there.

    None for a language whose files have parts in others: the binding reads one language.
    """
    if queries_dir is None:
        own = OUR_QUERIES / f"{language.name}.scm"
        return read_query(own).decode() if own.exists() and not language.regions else None
    for name in (f"{language.name}.scm", f"{language.name}-tags.scm"):
        if (queries_dir / name).exists():
            return read_query(queries_dir / name).decode()
    return None


def gather_aider_queries(python: str, folder: Path) -> None:
    """Copy the queries that aider would use into ``folder``: those for the language pack go before the older ones.

    They are found by their place, without importing aider: its packages may not fit this environment.
    """
    prefix = Path(python).absolute().parent.parent
    for older_last in ("tree-sitter-languages", "tree-sitter-language-pack"):
        for path in prefix.glob(f"lib/python3*/site-packages/aider/queries/{older_last}/*-tags.scm"):
            shutil.copyfile(path, folder / path.name)


def refusal(language: Language, query: str) -> str:
    """Return why the stock binding does not compile the query, in its words; nothing if it does."""
    reference = sys.modules.get("reference_tags") or load_reference()
    try:
        reference.Query(reference.grammar_of_tags(language.grammar), query)
    except QueryError as error:
        return str(error)
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our tags with those of the stock binding, file by file.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="LANGUAGE", help="none: every language that there are files of")
    parser.add_argument("--files", type=int, metavar="N", help="draw this many files of each language")
    parser.add_argument(
        "--queries", type=Path, metavar="DIR", help="LANGUAGE.scm or LANGUAGE-tags.scm, in place of ours"
    )
    parser.add_argument("--aider-queries", metavar="PYTHON", help="the queries of the aider-chat that this python has")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each file that differs or was not parsed")
    options = parser.parse_intermixed_args()
    corpora = options.corpora.absolute()
    if unknown := set(options.names) - {row.name for row in LANGUAGES}:
        parser.error(f"no such language: {', '.join(sorted(unknown))}")
    found = find_files(corpora)
    with tempfile.TemporaryDirectory() as temporary:
        queries_dir = options.queries.absolute() if options.queries else None
        if options.aider_queries:
            queries_dir = Path(temporary)
            gather_aider_queries(options.aider_queries, queries_dir)
            if not any(queries_dir.iterdir()):
                parser.error("there is no aider-chat in the environment of that python")
        n_differing = compare_languages(found, corpora, queries_dir, options)
    print(f"{n_differing} files differ" if n_differing else "every tag is equal")
    return 1 if n_differing else 0


def compare_languages(
    found: dict[str, list[str]], corpora: Path, queries_dir: Path | None, options: argparse.Namespace
) -> int:
    """Print a line for each language; return how many files differ."""
    n_differing = 0
    for language in PARSED_LANGUAGES:
        if options.names and language.name not in options.names:
            continue
        query = find_query(language, queries_dir)
        if query is None:
            continue
        if language.name not in found:
            print(f"{language.name:12} no files in the corpora")
            continue
        if reason := refusal(language, query):
            print(f"{language.name:12} the stock binding refuses the query: {reason.splitlines()[0]}")
            continue
        n_files = options.files or N_FILES.get(language.name, N_FILES_OTHER)
        report = compare(language, corpora, found[language.name], n_files, query, queries_dir)
        print(report.line(), flush=True)
        print("".join(f"{line}\n" for line in report.first_differences), end="")
        if options.verbose:
            for status, paths in {**report.apart, "differs": report.differing}.items():
                print("".join(f"    {status}: {path}\n" for path in sorted(paths)), end="")
        n_differing += len(report.differing)
    return n_differing


if __name__ == "__main__":
    sys.exit(main())
