"""Is our text of a file the text that aider shows of it, to the byte?

    python -m benchmarks.parity.excerpts CORPORA [LANGUAGE…] --aider-python AIDER/bin/python [--files N]
        [--fixtures DIR]

For each language of the table that the corpora have files of, a fixed draw of real files is tagged by repomap-fast. Of
each file three lists of rows are drawn: some of the rows of its definitions, all of them, and some rows of any kind,
one of them beyond the file's end. ``RepoMap.to_tree`` of aider-chat shows each list, and so do we, by the grammar that
aider takes for the file, and as it counts lines. One line a language; the first differing lines of the first differing
files; exit code 1 if any text differs. With ``--fixtures`` the same for each file of aider's own fixtures
(``tests/fixtures/languages`` of its repository), for the definitions that aider finds and for each third row.

A file whose text differs is looked at again. If the rows of the nodes of its syntax tree are others in aider's
tree-sitter core than in the stock binding here, which has our version of it, and the slow twin
(``tests/reference/tree_context.py``) shows of that tree what we show, then it is said that they differ by their tree:
the two cores recover from an error in different places. They differ all the same. Told apart, too: files that
aider cannot show (its walk is recursive), and files of which we show other text than aider unless told to read them as
it does, because they have characters that only Python takes for line ends, or are not UTF-8, or because our language
table knows a grammar that fits better.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import repomap_fast
from benchmarks.parity.tags import draw, find_files, lay_out
from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.drawing.render import excerpt, excerpt_text, render_file
from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.languages.table import LANGUAGES, Language
from repomap_fast.tables import ROLE_DEFINITION

N_FILES = 200
MAX_BYTES = 1 << 20
"""Larger files are not drawn: aider takes minutes for some of them. Nor are those whose name it does not know."""
N_SOME = 12
"""Definitions, or rows of any kind, that the shorter lists have at the most."""
N_PROCESSES = 2
SHOWN_FILES = 3
TOOL = Path(__file__).parents[1] / "tools" / "aider_trees.py"
REFERENCE = Path(__file__).parents[2] / "tests" / "reference" / "tree_context.py"


@dataclass(frozen=True, slots=True)
class Job:
    """A file, where it came from, and the lists of rows that are shown of it; None for aider's choice."""

    path: Path
    origin: str
    rows: tuple[tuple[int, ...], ...] | None


@dataclass(slots=True)
class Report:
    """What came out for one language."""

    name: str
    n_files: int = 0
    n_bytes: int = 0
    n_texts: int = 0
    n_lines: int = 0
    not_shown: list[str] = field(default_factory=list)
    other_grammar: list[str] = field(default_factory=list)
    other_lines: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    other_tree: list[str] = field(default_factory=list)
    first_differences: list[str] = field(default_factory=list)

    def line(self) -> str:
        n_other_tree = len(self.other_tree)
        verdict = (
            f"{len(self.differing)} FILES DIFFER, {n_other_tree} of them by their tree" if self.differing else "equal"
        )
        apart = {
            "by another grammar than ours": self.other_grammar,
            "with lines of its own": self.other_lines,
            "that it cannot show": self.not_shown,
        }
        told = "".join(f", {len(paths)} {what}" for what, paths in apart.items() if paths)
        return (
            f"{self.name:12} {self.n_files:4,} files {self.n_bytes / 1e6:6.1f} MB {self.n_texts:6,} texts "
            f"{self.n_lines:8,} lines: {verdict}{told}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our text of files with aider's, to the byte.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="LANGUAGE", help="none: every language that there are files of")
    parser.add_argument("--aider-python", required=True, metavar="PYTHON", help="an environment with aider-chat")
    parser.add_argument("--files", type=int, default=N_FILES, metavar="N", help="draw this many files of each language")
    parser.add_argument("--fixtures", type=Path, metavar="DIR", help="tests/fixtures/languages of aider's repository")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each file that is told apart")
    options = parser.parse_intermixed_args()
    reports = []
    if options.fixtures:
        reports.append(compare("fixtures", fixture_jobs(options.fixtures.absolute()), options.aider_python))
        show(reports[-1], is_verbose=options.verbose)
    found = find_files(options.corpora.absolute())
    known = known_names(options.aider_python)
    for language in LANGUAGES:
        if language.name not in found or (options.names and language.name not in options.names):
            continue
        paths = [
            path
            for path in found[language.name]
            if {Path(path).name, Path(path).suffix} & known and (options.corpora / path).stat().st_size <= MAX_BYTES
        ]
        with tempfile.TemporaryDirectory() as temporary:
            jobs = corpus_jobs(options.corpora.absolute(), draw(paths, options.files), language, Path(temporary))
            reports.append(compare(language.name, jobs, options.aider_python))
        show(reports[-1], is_verbose=options.verbose)
    n_differing = sum(len(report.differing) for report in reports)
    print(f"{n_differing} files differ" if n_differing else "every text is equal")
    return 1 if n_differing else 0


def show(report: Report, *, is_verbose: bool) -> None:
    print(report.line(), flush=True)
    print("".join(f"{line}\n" for line in report.first_differences), end="", flush=True)
    if is_verbose:
        for what in ("not_shown", "other_grammar", "other_lines", "differing", "other_tree"):
            print("".join(f"    {what}: {path}\n" for path in sorted(getattr(report, what))), end="", flush=True)


def known_names(aider_python: str) -> set[str]:
    """Return the file names and suffixes that aider knows a language of: it can show no others."""
    told = subprocess.run([aider_python, TOOL], capture_output=True, check=True).stdout
    return set(json.loads(told))


def fixture_jobs(folder: Path) -> list[Job]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [Job(path, path.relative_to(folder).as_posix(), None) for path in paths]


def corpus_jobs(corpora: Path, drawn: Sequence[str], language: Language, root: Path) -> list[Job]:
    """Lay the drawn files out, tag them, and draw the rows that are to be shown of each."""
    origins = lay_out(corpora, drawn, language, root)
    result = repomap_fast.scan(root, cache=False, workers=N_PROCESSES, no_ignore=True)
    files, tags = result.file_table, result.tag_table
    bounds = files.tag_offsets.tolist()
    jobs = []
    for file_id, name in enumerate(files.paths):
        path = os.fsdecode(name)
        of_file = slice(bounds[file_id], bounds[file_id + 1])
        rows = np.unique(tags.rows[of_file][tags.roles[of_file] == ROLE_DEFINITION]).tolist()
        choice = random.Random(origins[path])
        n_rows = (root / path).read_bytes().count(b"\n") + 2
        lists = [[*choice.sample(range(n_rows), min(n_rows, N_SOME - 2)), n_rows - 1, n_rows]]
        if rows:
            lists += [rows, choice.sample(rows, min(len(rows), choice.randint(1, N_SOME)))]
        jobs.append(Job(root / path, origins[path], tuple(tuple(sorted(set(rows))) for rows in lists)))
    return jobs


def compare(name: str, jobs: Sequence[Job], aider_python: str) -> Report:
    report = Report(name)
    outliners = Outliners(n_workers=1, max_file_memory_bytes=2 << 30, file_timeout_s=120.0)
    differing = []
    for job, answer in zip(jobs, ask_aider(jobs, aider_python), strict=True):
        report.n_files += 1
        report.n_bytes += job.path.stat().st_size
        if answer["error"]:
            report.not_shown.append(f"{job.origin}: {answer['error'][:80]}")
        difference = look_at(report, job, answer, outliners)
        if difference:
            differing.append(job)
            report.differing.append(job.origin)
            if len(report.differing) <= SHOWN_FILES:
                report.first_differences += difference
    if differing:
        for job, answer in zip(differing, ask_aider(differing, aider_python, is_traced=True), strict=True):
            if is_by_tree(job, answer, outliners):
                report.other_tree.append(job.origin)
    return report


def is_by_tree(job: Job, answer: dict[str, Any], outliners: Outliners) -> bool:
    """Return whether aider has another tree of the file than the stock binding here, and we show the latter's."""
    reference = load_reference()
    source = SourceLines(job.path.read_bytes(), LineRule.PYTHON)
    text, grammar = source.text.decode(), answer["language"]
    if sorted(reference.all_nodes(text, grammar)) == sorted(map(tuple, answer["nodes"])):
        return False
    outline = outlined(outliners, source, grammar)
    return all(
        excerpt_text(excerpt(source, outline, rows)) == reference.shown_text(text, grammar, rows)
        for rows in answer["rows"]
    )


@functools.cache
def load_reference() -> ModuleType:
    """Import the slow twin from its file: the tests are no package."""
    spec = importlib.util.spec_from_file_location("tree_context", REFERENCE)
    if spec is None or spec.loader is None:
        raise SystemExit(f"there is no {REFERENCE.name} to compare with")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def look_at(report: Report, job: Job, answer: dict[str, Any], outliners: Outliners) -> list[str]:
    """Compare all texts of one file; return what differs first, if anything does."""
    shown = job.path.name
    contents = job.path.read_bytes()
    as_aider = SourceLines(contents, LineRule.PYTHON)
    outline = outlined(outliners, as_aider, answer["language"])
    ours = our_grammar(shown)
    if answer["language"] not in (None, ours) and ours is not None:
        report.other_grammar.append(job.origin)
    as_we = SourceLines(contents)
    our_outline = outlined(outliners, as_we, answer["language"])
    has_other_lines = False
    difference: list[str] = []
    for rows, theirs in zip(answer["rows"], answer["texts"], strict=False):
        text = render_file(shown, as_aider, outline, rows)
        report.n_texts += 1
        report.n_lines += theirs.count("\n")
        has_other_lines |= render_file(shown, as_we, our_outline, rows) != theirs
        if text != theirs and not difference:
            difference = first_difference(job.origin, text, theirs)
    if has_other_lines and not difference:
        report.other_lines.append(job.origin)
    return difference


def outlined(outliners: Outliners, source: SourceLines, grammar: str | None) -> Outline | None:
    return outliners.outline([Text(source.text, grammar)])[0] if grammar else None


def our_grammar(name: str) -> str | None:
    """Return the grammar that our table has for a file's suffix; None where the name alone does not tell."""
    suffix = Path(name).suffix
    return next((row.grammar for row in LANGUAGES if suffix in row.suffixes), None) if suffix != ".h" else None


def first_difference(origin: str, ours: str, theirs: str) -> list[str]:
    our_lines, their_lines = ours.split("\n"), theirs.split("\n")
    n_equal = 0
    while our_lines[n_equal : n_equal + 1] == their_lines[n_equal : n_equal + 1] and n_equal < len(our_lines):
        n_equal += 1
    return [
        f"    {origin}: line {n_equal + 1} of the text",
        *(f"        ours:    {line!r}" for line in our_lines[n_equal : n_equal + 2]),
        *(f"        aider's: {line!r}" for line in their_lines[n_equal : n_equal + 2]),
    ]


def ask_aider(jobs: Sequence[Job], python: str, *, is_traced: bool = False) -> Iterator[dict[str, Any]]:
    """Return aider's answer for each job, in their order; several processes are asked at once."""
    answers: list[dict[str, Any]] = [{} for _ in jobs]

    def ask(first: int) -> None:
        positions = range(first, len(jobs), N_PROCESSES)
        with tempfile.TemporaryDirectory() as folder:
            asked, answered = Path(folder, "jobs"), Path(folder, "answers")
            asked.write_text(
                "".join(
                    json.dumps(
                        {
                            "path": str(jobs[i].path),
                            "shown": jobs[i].path.name,
                            "rows": jobs[i].rows,
                            "is_traced": is_traced,
                        }
                    )
                    + "\n"
                    for i in positions
                )
            )
            subprocess.run([python, TOOL, asked, answered], check=True)
            for i, line in zip(positions, answered.read_text().splitlines(), strict=True):
                answers[i] = json.loads(line)

    with ThreadPoolExecutor(N_PROCESSES) as pool:
        list(pool.map(ask, range(N_PROCESSES)))
    return iter(answers)


if __name__ == "__main__":
    sys.exit(main())
