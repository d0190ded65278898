"""``TreeContext``: the lines of interest of a file, with the lines of the syntax tree that say where they are."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Any

from repomap_fast.compat.grep_ast.parsers import filename_to_lang
from repomap_fast.compat.grep_ast.scopes import Scopes
from repomap_fast.compat.grep_ast.tsl import get_parser
from repomap_fast.drawing.outline import NodeRows, Outliners, Text
from repomap_fast.drawing.render import MARKS, rows_and_gaps
from repomap_fast.errors import LanguageError
from repomap_fast.options import DEFAULT_FILE_TIMEOUT_S, DEFAULT_MAX_FILE_MEMORY_BYTES

_LINE_OF_INTEREST = "█"
_RED, _BOLD_RED, _PLAIN = "\033[31m", "\033[1;31m", "\033[0m"
_SHORT_SCOPE_ROWS = 5
"""A scope with fewer rows behind its first is shown whole."""
_CHILD_SHARE = 0.10
_MIN_CHILD_LINES, _MAX_CHILD_LINES = 5, 25
"""Of a longer one about this share of its lines is shown, within these bounds: the heads of its largest parts."""
_OF_THREAD = threading.local()


class TreeContext:
    """A file, its lines of interest, and the lines to show for them. Lines are zero-based.

    filename     tells the language; the file is not read.
    code         its text.
    color        whether ``grep`` and ``format`` write escape sequences of a terminal.
    verbose      whether the syntax tree is written to standard output.
    line_number  whether ``format`` writes the one-based number of each line.
    parent_context, child_context   whether the heads of scopes around, and below, a line of interest are shown.
    last_line    whether the last line of the file and of each scope whose head is shown are shown, with their scopes.
    margin       lines that are shown of the top of the file.
    mark_lois    whether lines of interest have a mark of their own.
    header_max   most lines of a scope's head.
    show_top_of_file_parent_scope   whether the head of a scope that starts on the first line is shown.
    loi_pad      lines that are shown before and after each line of interest.

    Raises ValueError where the file's name tells no language, and for a text that cannot be parsed within the limits
    of a scan (20 s, 2 GB of memory).
    """

    def __init__(
        self,
        filename: str | os.PathLike[str],
        code: str,
        color: bool = False,
        verbose: bool = False,
        line_number: bool = False,
        parent_context: bool = True,
        child_context: bool = True,
        last_line: bool = True,
        margin: int = 3,
        mark_lois: bool = True,
        header_max: int = 10,
        show_top_of_file_parent_scope: bool = True,
        loi_pad: int = 1,
    ) -> None:
        self.filename = filename
        self.color = color
        self.verbose = verbose
        self.line_number = line_number
        self.parent_context = parent_context
        self.child_context = child_context
        self.last_line = last_line
        self.margin = margin
        self.mark_lois = mark_lois
        self.header_max = header_max
        self.show_top_of_file_parent_scope = show_top_of_file_parent_scope
        self.loi_pad = loi_pad
        language = filename_to_lang(filename)
        if not language:
            raise LanguageError(f"no language is known for files named as {str(filename)!r}; see parsers.PARSERS")
        self._language = language
        self._source = code.encode()
        self.lines = code.splitlines()
        self.num_lines = len(self.lines) + 1
        self._scopes = Scopes(_node_rows(filename, self._source, language), header_max)
        self.output_lines: dict[int, str] = {}
        self.show_lines: set[int] = set()
        self.lines_of_interest: set[int] = set()
        self.done_parent_scopes = set()
        if verbose:
            self._write_tree()

    # Lines of interest

    def grep(self, pat: str, ignore_case: bool) -> set[int]:
        """Return the lines in which a regular expression is found; with ``color``, what it matches is highlighted."""
        pattern = re.compile(pat, re.IGNORECASE if ignore_case else 0)
        found = {row for row, line in enumerate(self.lines) if pattern.search(line)}
        if self.color:
            for row in found:
                self.output_lines[row] = pattern.sub(
                    lambda match: f"{_BOLD_RED}{match.group()}{_PLAIN}", self.lines[row]
                )
        return found

    def add_lines_of_interest(self, line_nums: Iterable[int]) -> None:
        """Add lines of interest."""
        self.lines_of_interest.update(line_nums)

    # Lines to show

    @property
    def done_parent_scopes(self) -> set[int]:
        """Lines whose scopes are shown."""
        return self._done

    @done_parent_scopes.setter
    def done_parent_scopes(self, lines: set[int]) -> None:
        self._done = lines
        self._scopes.begin()

    def add_context(self) -> None:
        """Show the lines of interest, and what the options ask for around them; nothing else is shown any more."""
        if not self.lines_of_interest:
            return
        self.done_parent_scopes = set()
        self.show_lines = set(self.lines_of_interest)
        if self.loi_pad:
            for row in self.lines_of_interest:
                nearest, end = max(0, row - self.loi_pad), min(row + self.loi_pad + 1, self.num_lines)
                self.show_lines.update(range(nearest, end))
        if self.last_line:
            bottom = self.num_lines - 2
            self.show_lines.add(bottom)
            self.add_parent_scopes(bottom)
        # The order in which a set of numbers gives them decides what is shown of large scopes: it is the same as
        # grep-ast's.
        if self.parent_context:
            for row in set(self.lines_of_interest):
                self.add_parent_scopes(row)
        if self.child_context:
            for row in set(self.lines_of_interest):
                self.add_child_context(row)
        if self.margin:
            self.show_lines.update(range(self.margin))
        self.close_small_gaps()

    def add_parent_scopes(self, i: int) -> None:
        """Show the heads of the scopes that a line is in; with ``last_line``, of those of each of their last lines."""
        waiting = [i]
        while waiting:
            row = waiting.pop()
            if row in self._done:
                continue
            self._done.add(row)
            if row >= self.num_lines:
                continue
            for start, head_end, last_row in self._scopes.new_around(self._index(row)):
                if start > 0 or self.show_top_of_file_parent_scope:
                    self.show_lines.update(range(start, head_end))
                if self.last_line:
                    waiting.append(last_row)

    def add_child_context(self, i: int) -> None:
        """Show all of a short scope that starts on a line; of a longer one, the heads of its largest parts."""
        start = self._index(i)
        if not self._scopes.starts_on(start):
            return
        last_row = self.get_last_line_of_scope(i)
        n_rows = last_row - i
        if n_rows < _SHORT_SCOPE_ROWS:
            self.show_lines.update(range(i, last_row + 1))
            return
        enough = len(self.show_lines) + max(min(n_rows * _CHILD_SHARE, _MAX_CHILD_LINES), _MIN_CHILD_LINES)
        for row in self._scopes.largest_below(start):
            if len(self.show_lines) > enough:
                break
            self.add_parent_scopes(row)
        else:
            self._scopes.finish(start)

    def get_last_line_of_scope(self, i: int) -> int:
        """Return the last line of the nodes that start on a line. Raises ValueError if none does."""
        start = self._index(i)
        if not self._scopes.starts_on(start):
            raise ValueError(f"no node starts on line {i}; expected a line with a first line of a node")
        return self._scopes.last_row(start)

    def close_small_gaps(self) -> None:
        """Show each line that alone is hidden between two others, and each blank line after one that is not blank."""
        closed = set(self.show_lines)
        rows = sorted(closed)
        closed.update(row + 1 for row, next_row in pairwise(rows) if next_row - row == 2)
        for row in sorted(closed):
            is_inside = 0 <= row < self.num_lines - 2
            if is_inside and self.lines[row].strip() and not self.lines[row + 1].strip():
                closed.add(row + 1)
        self.show_lines = closed

    def _index(self, row: int) -> int:
        """Return the line that a number means, which counts from the end if it is negative. Raises IndexError."""
        return range(self.num_lines)[row]

    # Text

    def format(self) -> str:
        """Return the lines to show, each after a mark, with a mark for each gap; nothing where no line is shown."""
        if not self.show_lines:
            return ""
        out = [f"{_PLAIN}\n"] if self.color else []
        mark = f"{_RED}{_LINE_OF_INTEREST}{_PLAIN}" if self.color else _LINE_OF_INTEREST
        n_rows = len(self.lines)
        for row in rows_and_gaps(sorted(row for row in self.show_lines if 0 <= row < n_rows), n_rows):
            if isinstance(row, range):
                out.append(self.gap_text(row))
                continue
            number = f"{row + 1: 3}" if self.line_number else ""
            spacer = mark if self.mark_lois and row in self.lines_of_interest else MARKS.bar
            out.append(f"{number}{spacer}{self.output_lines.get(row, self.lines[row])}\n")
        return "".join(out)

    def gap_text(self, hidden: range) -> str:
        """Return the line that stands for lines that are left out."""
        return f"...{MARKS.gap}...\n" if self.line_number else f"{MARKS.gap}\n"

    # What grep-ast keeps of the tree, for code that reads it

    @cached_property
    def scopes(self) -> list[set[int]]:
        """For each line the first lines of the scopes that it is in."""
        return self._scopes.sets(self.num_lines)

    @cached_property
    def header(self) -> list[tuple[int, int]]:
        """For each line the head of the scope that starts there: its first line, and the one behind its last."""
        ends = dict(zip(self._scopes.starts, self._scopes.head_ends, strict=True))
        return [(row, ends.get(row, row + 1)) for row in range(self.num_lines)]

    @cached_property
    def nodes(self) -> list[list[Any]]:
        """For each line the nodes that start there, as objects of the package ``tree_sitter``."""
        by_row: list[list[Any]] = [[] for _ in range(self.num_lines)]
        root = get_parser(self._language).parse(self._source).root_node  # type: ignore[arg-type]
        for node in self.find_all_children(root):
            by_row[node.start_point[0]].append(node)
        return by_row

    def find_all_children(self, node: Any) -> list[Any]:
        """Return a node of the package ``tree_sitter`` and all below it, in document order."""
        found, waiting = [], [node]
        while waiting:
            found.append(waiting.pop())
            waiting += reversed(found[-1].children)
        return found

    def walk_tree(self, node: Any, depth: int = 0) -> tuple[int, int]:
        """Return the first and the last line of a node; with ``verbose``, write it and all below it."""
        if self.verbose:
            waiting = [(node, depth)]
            while waiting:
                one, level = waiting.pop()
                self._write_node(one, level)
                waiting += [(child, level + 1) for child in reversed(one.children)]
        return node.start_point[0], node.end_point[0]

    def _write_node(self, node: Any, depth: int) -> None:
        if not node.is_named:
            return
        start, end = node.start_point[0], node.end_point[0]
        first = node.text.splitlines()[:1] or [b""]
        line = self.lines[start] if start < len(self.lines) else ""
        sys.stdout.write(f"{'   ' * depth} {node.type} {start}-{end}={end - start + 1} {first[0]} {line}\n")

    def _write_tree(self) -> None:
        self.walk_tree(get_parser(self._language).parse(self._source).root_node)  # type: ignore[arg-type]
        texts = [str(sorted(scopes)) for scopes in self.scopes[:-1]]
        width = max(map(len, texts), default=0)
        for row, (text, line) in enumerate(zip(texts, self.lines, strict=True)):
            sys.stdout.write(f"{text.ljust(width)} {row} {line}\n")


def _node_rows(filename: str | os.PathLike[str], source: bytes, grammar: str) -> NodeRows:
    outliners = getattr(_OF_THREAD, "outliners", None)
    if outliners is None:
        outliners = _OF_THREAD.outliners = Outliners(
            n_workers=1, max_file_memory_bytes=DEFAULT_MAX_FILE_MEMORY_BYTES, file_timeout_s=DEFAULT_FILE_TIMEOUT_S
        )
    nodes: NodeRows | None = outliners.node_rows(Text(source, grammar))
    if nodes is None:
        raise ValueError(
            f"{str(filename)!r} cannot be parsed within {DEFAULT_FILE_TIMEOUT_S:g} s and "
            f"{DEFAULT_MAX_FILE_MEMORY_BYTES >> 20} MiB of memory; leave it out, or show its lines without a tree"
        )
    return nodes
