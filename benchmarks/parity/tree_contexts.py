"""Is the text of our TreeContext that of grep-ast's, to the byte, and what does each take?

    python -m benchmarks.parity.tree_contexts CORPORA [LANGUAGE…] [--files N]

Run it where grep-ast 0.9.0 is installed beside repomap-fast: both then parse by the same grammars, and grep-ast by the
installed tree-sitter. For each language of the table that the corpora have files of, a fixed draw of real files is
shown by both: with grep-ast's own options for the lines that hold a word, with those of aider for the lines of some
definitions, and with options and lines that are drawn. One line a language, with the seconds of processor time that
each took for the tree and for the texts; the time of grep-ast's walk counts as that of its tree. Exit code 1 if any
text differs.

A file that differs is looked at again: where the trees of the two parsers have their nodes on other rows, it is said
that they differ by their tree. Told apart, too: files that grep-ast cannot show (its walks are recursive), and files in
which bash's scanner would meet a character that it does not survive.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grep_ast

from benchmarks.parity.tags import draw, find_files
from repomap_fast.compat.grep_ast import TreeContext, filename_to_lang
from repomap_fast.languages.table import LANGUAGES, Language

N_FILES = 200
MAX_BYTES = 1 << 20
WORD = r"return|end\b|new "
DEFINITION = r"\b(def|class|func|fn|function|struct|public|void|int|local)\b"
AIDER = {
    **dict.fromkeys(("child_context", "last_line", "mark_lois", "show_top_of_file_parent_scope"), False),
    **dict.fromkeys(("margin", "loi_pad"), 0),
}
N_DRAWN = 4


@dataclass(slots=True)
class Report:
    """What came out for one language: seconds are of processor time, ours and grep-ast's."""

    name: str
    n_files: int = 0
    n_bytes: int = 0
    n_texts: int = 0
    n_lines: int = 0
    tree_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    text_s: list[float] = field(default_factory=lambda: [0.0, 0.0])
    not_shown: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    other_tree: list[str] = field(default_factory=list)

    def line(self) -> str:
        verdict = "equal"
        if self.differing:
            verdict = f"{len(self.differing)} FILES DIFFER, {len(self.other_tree)} of them by their tree"
        told = f", {len(self.not_shown)} that it cannot show" if self.not_shown else ""
        times = " ".join(
            f"{what} {theirs:6.2f} s → {ours:5.2f} s ({theirs / ours:4.1f} times)"
            for what, (ours, theirs) in (("tree", self.tree_s), ("text", self.text_s))
        )
        return (
            f"{self.name:10} {self.n_files:4,} files {self.n_bytes / 1e6:5.1f} MB {self.n_texts:6,} texts "
            f"{self.n_lines:9,} lines {times}: {verdict}{told}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our TreeContext with grep-ast's, to the byte.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="LANGUAGE", help="none: every language that there are files of")
    parser.add_argument("--files", type=int, default=N_FILES, metavar="N", help="draw this many files of each language")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each file that is told apart")
    options = parser.parse_intermixed_args()
    corpora = options.corpora.absolute()
    found = find_files(corpora)
    reports = []
    for language in LANGUAGES:
        if language.name not in found or (options.names and language.name not in options.names):
            continue
        paths = [path for path in found[language.name] if is_wanted(corpora / path, language)]
        if not paths:
            continue
        reports.append(compare(language, corpora, draw(paths, options.files)))
        print(reports[-1].line(), flush=True)
        if options.verbose:
            for what in ("not_shown", "differing", "other_tree"):
                print("".join(f"    {what}: {path}\n" for path in getattr(reports[-1], what)), end="", flush=True)
    n_differing = sum(len(report.differing) for report in reports)
    total = Report("all")
    for report in reports:
        for ours, theirs in ((total.tree_s, report.tree_s), (total.text_s, report.text_s)):
            ours[:] = [a + b for a, b in zip(ours, theirs, strict=True)]
        for what in ("n_files", "n_bytes", "n_texts", "n_lines"):
            setattr(total, what, getattr(total, what) + getattr(report, what))
        total.differing += report.differing
        total.other_tree += report.other_tree
    print(total.line())
    return 1 if n_differing else 0


def is_wanted(path: Path, language: Language) -> bool:
    """Return whether grep-ast takes a file for this language, or for another by a grammar of its own choice."""
    return grep_ast.filename_to_lang(path.name) is not None and path.stat().st_size <= MAX_BYTES


def compare(language: Language, corpora: Path, paths: list[str]) -> Report:
    report = Report(language.name)
    for path in paths:
        code = (corpora / path).read_bytes().decode("utf-8", "replace")
        if language.bmp_only:
            code = re.sub("[^\0-\uffff]", "?", code)
        try:
            contexts = [timed(report.tree_s, i, cls, path, code) for i, cls in enumerate(CLASSES)]
        except RecursionError:
            report.not_shown.append(path)
            continue
        report.n_files += 1
        report.n_bytes += len(code.encode())
        choice = random.Random(path)
        is_equal = filename_to_lang(path) == grep_ast.filename_to_lang(path)
        for settings in (None, AIDER, *[drawn_options(choice) for _ in range(N_DRAWN)]):
            lines = drawn_lines(choice, contexts[0], settings)
            try:
                texts = [timed(report.text_s, i, show, context, settings, lines) for i, context in enumerate(contexts)]
            except RecursionError:
                report.not_shown.append(path)
                break
            report.n_texts += 1
            report.n_lines += texts[1].count("\n")
            is_equal &= texts[0] == texts[1]
        if not is_equal:
            report.differing.append(path)
            if contexts[0].scopes != contexts[1].scopes or contexts[0].header != contexts[1].header:
                report.other_tree.append(path)
    return report


CLASSES = (TreeContext, grep_ast.TreeContext)


def timed(seconds: list[float], which: int, call: Callable[..., Any], *arguments: Any) -> Any:
    start = time.process_time()
    result = call(*arguments)
    seconds[which] += time.process_time() - start
    return result


def show(context: Any, settings: dict[str, Any] | None, lines: list[int] | str) -> str:
    """Return the text of a context, made new, for these lines, or for those that hold a pattern."""
    defaults = {
        **dict.fromkeys(("parent_context", "child_context", "last_line", "mark_lois"), True),
        **{"show_top_of_file_parent_scope": True, "line_number": False, "margin": 3, "loi_pad": 1},
    }
    vars(context).update({**defaults, **(settings or {})})
    context.lines_of_interest, context.show_lines = set(), set()
    context.add_lines_of_interest(context.grep(lines, False) if isinstance(lines, str) else lines)
    context.add_context()
    text: str = context.format()
    return text


def drawn_options(choice: random.Random) -> dict[str, Any]:
    switches = ("parent_context", "child_context", "last_line", "mark_lois")
    return {
        **{name: choice.random() < 0.6 for name in (*switches, "show_top_of_file_parent_scope", "line_number")},
        **{name: choice.choice((0, 1, 2, 5)) for name in ("margin", "loi_pad")},
    }


def drawn_lines(choice: random.Random, context: Any, settings: dict[str, Any] | None) -> list[int] | str:
    if settings is None:
        return WORD
    if settings is AIDER:
        defined = sorted(context.grep(DEFINITION, False))
        return choice.sample(defined, min(len(defined), 20))
    return [choice.randrange(-1, context.num_lines) for _ in range(choice.choice((1, 2, 10, 100)))]


if __name__ == "__main__":
    sys.exit(main())
