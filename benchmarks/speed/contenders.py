"""Who is measured, by which command line, and what each one does and leaves out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.machine import first_line, package_version, python_version

TOOLS = Path(__file__).parents[1] / "tools"
FLOOR = "stock-parse"
"""The contender that every ratio is against."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of the corpora, and the languages in it that count.

    languages  names in repomap-fast's language table.
    rules      file of ast-grep rules.
    ctags      names in ctags' language table.
    """

    name: str
    languages: tuple[str, ...]
    rules: str
    ctags: tuple[str, ...]


CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("django", ("python",), "python.yml", ("Python",)),
        Corpus("pylib", ("python",), "python.yml", ("Python",)),
        Corpus("c4000", ("c",), "c.yml", ("C",)),
        Corpus("tsjs", ("javascript", "typescript", "tsx"), "tsjs.yml", ("JavaScript", "TypeScript")),
        Corpus("go", ("go",), "go.yml", ("Go",)),
        Corpus("rust", ("rust",), "rust.yml", ("Rust",)),
        Corpus("java", ("java",), "java.yml", ("Java",)),
        Corpus("kernel", ("c",), "c.yml", ("C",)),
    )
}


@dataclass(frozen=True, slots=True)
class Programs:
    """Where the programs are. Each contender needs one of them, and is left out where it is missing."""

    python: str = sys.executable
    aider_python: str | None = None
    ast_grep: str | None = None
    ctags: str | None = None

    @classmethod
    def find(cls, *, aider_python: str | None, ast_grep: str | None, ctags: str | None) -> Programs:
        beside = Path(sys.executable).with_name("ast-grep")
        return cls(
            aider_python=aider_python,
            ast_grep=ast_grep or shutil.which("ast-grep") or (str(beside) if beside.exists() else None),
            ctags=ctags or shutil.which("ctags"),
        )


@dataclass(frozen=True, slots=True)
class Job:
    """What one run works on.

    root, list_path  the same files, as a folder and as a list; both are empty for the run that measures the start.
    scratch          an empty folder, new for each run.
    """

    corpus: Corpus
    root: Path
    list_path: Path
    table_path: Path
    scratch: Path
    workers: int
    programs: Programs


@dataclass(frozen=True, slots=True)
class Contender:
    """One program with one set of options.

    does        what it makes of a file, in words for the table.
    argv        its command line; None if the program is not there.
    versions    what its figures depend on.
    fair        False: default settings, which see other files than the rest.
    exit_codes  what it may end with; some tools complain about no files at all.
    lines       its output has a line a tag.
    max_rounds  no more rounds than this: minutes a run; it has no warm-up run of its own either.
    """

    name: str
    does: str
    argv: Callable[[Job], list[str] | None]
    versions: Callable[[Programs], dict[str, str]]
    fair: bool = True
    exit_codes: tuple[int, ...] = (0,)
    lines: bool = False
    max_rounds: int | None = None


def stock(script: str) -> Callable[[Job], list[str]]:
    return lambda job: [job.programs.python, str(TOOLS / script), str(job.list_path), str(job.table_path)]


def fast_cli(cache: str | None = None, *, workers: int | None = None, fair: bool = True) -> Callable[[Job], list[str]]:
    """Run the command line; ``cache``: without one (None), with an "empty" one, or with that of the "last" run."""

    def argv(job: Job) -> list[str]:
        folder = job.scratch if cache == "empty" else job.scratch.with_name("kept")
        kept = "--no-cache" if cache is None else f"--cache-dir={folder}"
        start = [job.programs.python, "-m", "repomap_fast", "scan", "-q", str(job.root), kept]
        if not fair:
            return start
        languages = [f"--language={name}" for name in job.corpus.languages]
        return [*start, "--no-ignore", f"--workers={workers or job.workers}", *languages]

    return argv


def fast_api(job: Job) -> list[str]:
    return [job.programs.python, str(TOOLS / "fast_api.py"), str(job.root), str(job.workers), *job.corpus.languages]


def ast_grep(job: Job) -> list[str] | None:
    if job.programs.ast_grep is None:
        return None
    no_ignore = [f"--no-ignore={what}" for what in ("hidden", "dot", "exclude", "global", "parent", "vcs")]
    rules = f"--rule={TOOLS / 'ast_grep' / job.corpus.rules}"
    # The shortest of its outputs that has every match: JSON takes a quarter longer.
    output = ["--report-style=short", "--color=never"]
    return [job.programs.ast_grep, "scan", rules, f"--threads={job.workers}", *output, *no_ignore, str(job.root)]


def ctags(job: Job) -> list[str] | None:
    if job.programs.ctags is None:
        return None
    languages = f"--languages={','.join(job.corpus.ctags)}"
    # Without the map ctags takes .h for C++.
    return [job.programs.ctags, "--langmap=C:.c.h", languages, "--sort=no", "-f", "-", "-L", str(job.list_path)]


def aider(job: Job) -> list[str] | None:
    if job.programs.aider_python is None:
        return None
    return [job.programs.aider_python, str(TOOLS / "aider_tags.py"), str(job.list_path), str(job.scratch)]


def stock_versions(programs: Programs) -> dict[str, str]:
    packages = package_version(programs.python, "tree-sitter", "tree-sitter-language-pack")
    return {"python": python_version(programs.python), **packages}


def fast_versions(programs: Programs) -> dict[str, str]:
    packages = package_version(programs.python, "repomap-fast", "tree-sitter-language-pack", "numpy")
    return {"python": python_version(programs.python), **packages}


def aider_versions(programs: Programs) -> dict[str, str]:
    python = programs.aider_python
    if python is None:
        return {}
    packages = package_version(python, "aider-chat", "tree-sitter", "tree-sitter-language-pack")
    return {"python": python_version(python), **packages}


CONTENDERS = (
    Contender(FLOOR, "stock binding: read, parse, drop the tree; one thread", stock("stock_parse.py"), stock_versions),
    Contender(
        "stock-tags",
        "stock binding: read, parse, our query, matches, a Python object a tag; one thread",
        stock("stock_tags.py"),
        stock_versions,
    ),
    Contender(
        "fast-1", "repomap-fast scan -q, one worker: tags with scopes, in memory", fast_cli(workers=1), fast_versions
    ),
    Contender("fast", "the same, with N workers", fast_cli(), fast_versions),
    Contender("fast-cold", "the same, with an index that is made", fast_cli("empty"), fast_versions),
    Contender("fast-warm", "the same, with the index of the run before", fast_cli("last"), fast_versions),
    Contender("fast-api", "repomap_fast.scan(), N workers", fast_api, fast_versions),
    Contender(
        "fast-defaults",
        "repomap-fast scan -q --no-cache: every language, ignore files obeyed",
        fast_cli(fair=False),
        fast_versions,
        fair=False,
    ),
    Contender(
        "ast-grep",
        "definitions and calls, N threads; short report to a file",
        ast_grep,
        lambda programs: {"ast-grep": first_line([programs.ast_grep or "", "--version"]).removeprefix("ast-grep ")},
        lines=True,
    ),
    Contender(
        "ctags",
        "universal-ctags: definitions only, unsorted, to a file; one thread",
        ctags,
        lambda programs: {
            "ctags": first_line([programs.ctags or "", "--version"]).partition(",")[0].removeprefix("Universal Ctags ")
        },
        exit_codes=(0, 1),
        lines=True,
    ),
    Contender("aider", "RepoMap.get_tags for every file, empty cache; one thread", aider, aider_versions, max_rounds=3),
)


def language_table(python: str) -> dict[str, dict[str, str]]:
    """Return repomap-fast's table, ``{suffix: {language, grammar, query}}``, asked of the Python that runs it."""
    argv = [python, str(TOOLS / "language_table.py")]
    table: dict[str, dict[str, str]] = json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)
    return table


@dataclass(slots=True)
class FileList:
    """The files of a corpus that count, and where the list of them is."""

    paths: list[Path] = field(default_factory=list)
    n_bytes: int = 0


def list_files(root: Path, suffixes: Iterable[str]) -> FileList:
    """Return the regular files below ``root`` with one of ``suffixes``, sorted by path; links are left out."""
    wanted = tuple(suffixes)
    listed = FileList()
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in wanted and path.is_file() and not path.is_symlink():
                listed.paths.append(path)
                listed.n_bytes += path.stat().st_size
    return listed


def select_contenders(names: Sequence[str]) -> list[Contender]:
    """Return the contenders called ``names``, the floor among them; all without names."""
    known = {contender.name: contender for contender in CONTENDERS}
    unknown = set(names) - known.keys()
    if unknown:
        raise SystemExit(f"no such contender: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [known[name] for name in known if not names or name in names or name == FLOOR]
