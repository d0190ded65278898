"""Shows the source of the definitions that a symbol names, as it is now, within a budget of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.paths import encoded
from repomap_fast.screens import Screen
from repomap_fast.symbols.names import find_symbol, qualified
from repomap_fast.symbols.outline import definitions_between
from repomap_fast.symbols.source import first_row, read_source, row_texts, signature
from repomap_fast.tables import ROLE_DEFINITION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.progress import Progress
    from repomap_fast.symbols.outline import OutlineDefinition

DEFAULT_TOKENS = 8_192
MAX_CONTEXT = 1_000
"""Lines before and after a definition that may be asked for."""
MAX_OTHERS = 50
"""Definitions that are listed without their source."""
_RESERVE_TOKENS = 60
_MOST_ROWS_OF_HEAD = 40
"""Rows before the first member, of a definition that is shown by its members."""
_CHARACTERS_PER_TOKEN = 20
"""More than any text has on average."""
_MOST_ROWS = 200_000
"""Rows of one definition that are looked at. No budget has room for so many."""


@dataclass(frozen=True, slots=True)
class ShownDefinition:
    """A definition, and its source.

    path, name, kind, scope, line  as of ``Tag``.
    start_line  one-based first line of ``source``: the comments and decorators above the name belong to it.
    end_line    one-based last line of the definition, or of the lines around it that were asked for.
    source      the lines from ``start_line``, each with a line feed. Of a line only the first 4,096 characters.
    n_left_out  lines at its end that are left out for want of room.
    members     the definitions within it, in place of those lines.
    """

    path: str
    name: str
    kind: str
    scope: str | None
    line: int
    start_line: int
    end_line: int
    source: str
    n_left_out: int
    members: tuple[OutlineDefinition, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherDefinition:
    """A definition for whose source there was no room.

    path, name, kind, scope, line, end_line  as of ``Tag``.
    """

    path: str
    name: str
    kind: str
    scope: str | None
    line: int
    end_line: int


@dataclass(frozen=True, slots=True, repr=False)
class Shown(Screen):
    """The definitions that a symbol names.

    symbol         what was asked for.
    text           all of it as text.
    tokens         of the text, as counted.
    budget         most tokens that it might have.
    definitions    with their sources, the best first.
    others         the next ones, without; no more than 50.
    n_definitions  how many there are in all.
    notes          sentences for the user.
    """

    symbol: str
    text: str
    tokens: int
    budget: int
    definitions: tuple[ShownDefinition, ...]
    others: tuple[OtherDefinition, ...]
    n_definitions: int
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text


def show_symbol(
    result: ScanResult, symbol: str, *, context: int, budget: int, count: Callable[[str], int], watch: Progress
) -> Shown:
    """Return the sources of what ``symbol`` names. Raises as ``find_symbol`` does.

    context  lines before and after each definition.
    budget   most tokens of the text; ``count`` counts them.
    """
    rows = find_symbol(result, symbol).rows.tolist()
    # Room is kept to say how many are not shown.
    reserve = min(budget // 4, _RESERVE_TOKENS) if len(rows) > 1 else 0
    page = _Page(result, context, budget, reserve, count)
    for row in rows:
        watch.raise_if_cancelled()
        page.add(row)
        if page.is_full:
            break
    return page.finish(symbol, len(rows))


class _Page:
    """The text, as it grows definition by definition."""

    def __init__(
        self, result: ScanResult, context: int, budget: int, reserve: int, count: Callable[[str], int]
    ) -> None:
        self._result = result
        self._context = context
        self._budget = budget
        self._room = budget - reserve
        # A text is asked about more than once.
        self._count = lru_cache(maxsize=4)(count)
        self._text = ""
        self._shown: list[ShownDefinition] = []
        self._others: list[Tag] = []
        self._n_within = 0
        self._notes: list[str] = []
        self._path: str | None = None
        self._source: SourceLines | None = None
        self._ranges: list[tuple[str, int, int]] = []

    def add(self, row: int) -> None:
        """Add a definition, a row of the table of tags: with its source, or else to those without."""
        tag = self._result.tag(row)
        if self._others:
            # The order is that of what matters, so nothing is shown past one for which there was no room.
            self._add_other(tag)
            return
        source = self._read(tag.path)
        if source is None or tag.line > len(source):
            self._notes.append(f"{tag.path} cannot be read")
            self._add_other(tag)
            return
        if tag.name not in source.line(tag.line - 1, tag.column + 2 * len(tag.name) + 1):
            self._notes.append(f"{tag.path} has changed since it was scanned; the lines may be others")
        first, last = self._rows_of(row, tag, source)
        if any(path == tag.path and first >= start and last <= end for path, start, end in self._ranges):
            # It is within what is shown already, as a constructor within its class.
            self._n_within += 1
            return
        if not self._add_source(row, tag, source, first, last):
            self._add_other(tag)

    def _read(self, path: str) -> SourceLines | None:
        if path != self._path:
            self._path = path
            self._source = read_source(self._result.contents, encoded(path), self._result.options.max_file_size)
        return self._source

    def _rows_of(self, row: int, tag: Tag, source: SourceLines) -> tuple[int, int]:
        """Return the first and the last row to show."""
        first = first_row(source, tag.language, tag.line - 1, self._floor(row))
        last = min(len(source), tag.end_line or tag.line) - 1
        return max(0, first - self._context), min(len(source) - 1, last + self._context)

    def _floor(self, row: int) -> int:
        """Return the first row that cannot belong to an earlier definition."""
        table, files = self._result.sparse_tags, self._result.file_table
        file = files.file_of_tag(row)
        start, name_row = int(files.tag_offsets[file]), int(table.rows[row])
        before = np.arange(start, row)
        before = before[(table.roles[before] == ROLE_DEFINITION) & (table.rows[before] < name_row)]
        if not len(before):
            return 0
        ends = table.end_rows[before].astype(np.int64)
        # Of those that end before it, the end; of those around it, the row of the name.
        return int(np.where(ends < name_row, ends, table.rows[before]).max()) + 1

    def _add_source(self, row: int, tag: Tag, source: SourceLines, first: int, last: int) -> bool:
        """Add as much of a definition as there is room for: all, its members, or its first lines. Return whether any.

        Part of one is shown only where nothing else is.
        """
        lines, n_rows = self._lines(source, first, last), last + 1 - first
        head = self._text + ("\n" if self._text else "") + _title(tag, first, last) + "\n"

        def with_lines(n: int, members: Sequence[str] = ()) -> str:
            return head + _joined(lines[:n]) + _joined(members) + _left_out(tag.path, first + n, last, bool(members))

        def has_room(text: str) -> bool:
            return self._count(text) <= self._room

        n = n_rows
        members: tuple[OutlineDefinition, ...] = ()
        if len(lines) < n_rows or not has_room(with_lines(n_rows)):
            if self._shown:
                return False
            n, members = self._members(row, tag, source, first)
            listed = [one.text for one in members]
            n_members = _most_that_fit(len(listed), lambda n_listed: has_room(with_lines(n, listed[:n_listed])))
            members = members[:n_members]
            if not members:
                n = _most_that_fit(len(lines), lambda n: has_room(with_lines(n)))
            if not n:
                return self._add_signature(tag, source, first, last)
        self._text = with_lines(n, [one.text for one in members])
        self._remember(tag, first, last, _joined(lines[:n]), n_rows - n, members)
        return True

    def _members(
        self, row: int, tag: Tag, source: SourceLines, first: int
    ) -> tuple[int, tuple[OutlineDefinition, ...]]:
        """Return the rows before the first definition that is directly within one, and all of these."""
        table, n_tags = self._result.sparse_tags, len(self._result.sparse_tags)
        stop = row + 1
        while stop < n_tags and int(table.scope_tag_ids[stop]) >= row:
            stop += 1
        within = [one for one in definitions_between(self._result, row, stop, source, tag.language) if one.depth == 1]
        if not within:
            return 0, ()
        return min(_MOST_ROWS_OF_HEAD, max(1, within[0].start_line - 1 - first)), tuple(within)

    def _lines(self, source: SourceLines, first: int, last: int) -> list[str]:
        """Return the first of these rows, surely as many as there is room for."""
        lines: list[str] = []
        n_characters = 0
        for line in row_texts(source, first, min(last, first + _MOST_ROWS - 1)):
            if n_characters > _CHARACTERS_PER_TOKEN * self._budget:
                break
            lines.append(line)
            n_characters += len(line) + 1
        return lines

    def _add_signature(self, tag: Tag, source: SourceLines, first: int, last: int) -> bool:
        """Add the declaration alone, where there is room for hardly more."""
        line = signature(source, tag.language, tag.line - 1, last, tag.column)
        text = f"{_title(tag, first, last)}\n{line}\n"
        if self._count(text) > self._room:
            return False
        self._text = text
        self._remember(tag, first, last, f"{line}\n", last - first)
        return True

    def _remember(
        self,
        tag: Tag,
        first: int,
        last: int,
        source: str,
        n_left_out: int,
        members: tuple[OutlineDefinition, ...] = (),
    ) -> None:
        self._ranges.append((tag.path, first, last))
        lines = (tag.line, first + 1, last + 1)
        self._shown.append(
            ShownDefinition(tag.path, tag.name, tag.kind, tag.scope, *lines, source, n_left_out, members)
        )

    @property
    def is_full(self) -> bool:
        """Whether no other definition would be listed."""
        return len(self._others) == MAX_OTHERS

    def _add_other(self, tag: Tag) -> None:
        self._others.append(tag)

    def finish(self, symbol: str, n_definitions: int) -> Shown:
        """Return all, with the list of those that are not shown; there are so many definitions."""
        listed = [f"{tag.path}:{tag.line}-{tag.end_line} {tag.kind} {qualified(tag)}\n" for tag in self._others]
        n_listed = _most_that_fit(
            len(listed), lambda n: self._count(self._with_list(listed, n, n_definitions)) <= self._budget
        )
        text = self._with_list(listed, n_listed, n_definitions)
        if self._count(text) > self._budget:
            text = self._text
        return Shown(
            symbol=symbol,
            text=text,
            tokens=self._count(text),
            budget=self._budget,
            definitions=tuple(self._shown),
            others=tuple(
                OtherDefinition(tag.path, tag.name, tag.kind, tag.scope, tag.line, tag.end_line or tag.line)
                for tag in self._others
            ),
            n_definitions=n_definitions,
            notes=tuple(dict.fromkeys(self._notes)),
        )

    def _with_list(self, listed: list[str], n: int, n_definitions: int) -> str:
        n_more = n_definitions - self._n_within - len(self._shown) - n
        more = (
            f"… and {n_more:,} more {'definition' if n_more == 1 else 'definitions'} of that name\n" if n_more else ""
        )
        also = "\nalso:\n" if self._text and n else "\n" if self._text and more else ""
        return self._text + also + "".join(listed[:n]) + more


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _left_out(path: str, first: int, last: int, is_listed: bool) -> str:
    """Return a line that says where the rows are that are left out; empty if there are none."""
    n_rows = last + 1 - first
    if n_rows <= 0:
        return ""
    where = f"{path}:{first + 1}-{last + 1}"
    return f"… {n_rows:,} more lines: {where}{', of which only the members are listed' if is_listed else ''}\n"


def _title(tag: Tag, first: int, last: int) -> str:
    return f"{tag.path}:{first + 1}-{last + 1} {tag.kind} {qualified(tag)}"


def _most_that_fit(n: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number up to ``n`` that fits, by bisection; 0 where none does."""
    if n and fits(n):
        return n
    fitting, excess = 0, n
    while excess - fitting > 1:
        middle = (fitting + excess) // 2
        if fits(middle):
            fitting = middle
        else:
            excess = middle
    return fitting
