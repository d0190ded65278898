"""Renders the part of a map that shows one file: which lines, and their text.

For the same rows the text equals that of aider's ``RepoMap.to_tree``. That uses grep-ast's ``TreeContext`` to show the
rows of interest, the heads of the scopes around them, and rows that close small gaps:

    django/db/models/manager.py:
    ⋮
    │class BaseManager:
    ⋮
    │    def get_queryset(self):
    ⋮
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from repomap_fast.drawing.outline import Outline
    from repomap_fast.drawing.source_lines import SourceLines

LINE_LENGTH = 100
"""Most characters of a line of the map, with its mark. Longer lines are cut: minified sources have few line ends."""


class Marks(NamedTuple):
    """The mark for rows that are left out, the mark before a row that is shown, and the mark where a line is cut."""

    gap: str
    bar: str
    cut: str


MARKS = Marks("⋮", "│", "…")
ASCII_MARKS = Marks("...", "|", "...")


def marks_for(encoding: str | None) -> Marks:
    """Return the marks that a stream of this encoding can show; ASCII marks if it is unknown."""
    try:
        f"{MARKS.gap}{MARKS.bar}{MARKS.cut}".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_MARKS
    return MARKS


class Excerpt(NamedTuple):
    """The rows of one file that a map shows.

    rows    zero-based, sorted.
    lines   the text of each, without its line end, cut to the length of a line.
    n_rows  number of rows of the file.
    """

    rows: tuple[int, ...]
    lines: tuple[str, ...]
    n_rows: int

    def to_bytes(self) -> bytes:
        """Return the excerpt as bytes, for ``from_bytes``."""
        n = len(self.rows)
        text = "\n".join(self.lines)
        return struct.pack(f"<2I{n}I", n, self.n_rows, *self.rows) + text.encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, kept: bytes) -> Excerpt:
        """Return the excerpt of ``to_bytes``."""
        n, n_rows = struct.unpack_from("<2I", kept)
        rows = struct.unpack_from(f"<{n}I", kept, 8)
        text = kept[8 + 4 * n :].decode("utf-8", "surrogatepass")
        return cls(rows, tuple(text.split("\n")) if n else (), n_rows)


def excerpt(source: SourceLines, outline: Outline | None, rows: Iterable[int]) -> Excerpt:
    """Return the excerpt of a file for these rows of interest, in any order.

    Rows after the end of the file are ignored. Without an outline, no rows are shown around them.
    """
    n_rows = len(source)
    # A row just after the end still closes the gap before it.
    wanted = sorted({row for row in rows if 0 <= row <= n_rows})
    shown = set(wanted)
    if outline is not None:
        shown |= outline.heads_around(wanted)
    shown |= {row + 1 for row in shown if row + 2 in shown and row + 1 not in shown}
    visible = []
    for row in sorted(shown):
        if row < n_rows:
            visible.append(row)
            # A blank row is shown with the row before it.
            if row + 1 < n_rows and row + 1 not in shown and source.is_blank(row + 1) and not source.is_blank(row):
                visible.append(row + 1)
    lines = tuple(source.line(row, LINE_LENGTH - 1) for row in visible)
    return Excerpt(tuple(visible), lines, n_rows)


def excerpt_text(shown: Excerpt, marks: Marks = MARKS) -> str:
    """Return the lines of an excerpt, each with its mark and a line end, and marks for the gaps."""
    lines = iter(shown.lines)
    return "".join(
        f"{marks.gap}\n" if isinstance(row, range) else f"{marks.bar}{next(lines)}\n"
        for row in rows_and_gaps(shown.rows, shown.n_rows)
    )


def rows_and_gaps(rows: Iterable[int], n_rows: int) -> Iterator[int | range]:
    """Yield these sorted rows of a file of ``n_rows``, and between and around them the rows that are left out."""
    expected = 0
    for row in rows:
        if row != expected:
            yield range(expected, row)
        yield row
        expected = row + 1
    if expected < n_rows:
        yield range(expected, n_rows)


def file_text(path: str, shown: Excerpt | None, marks: Marks = MARKS) -> str:
    """Return one file's part of a map: an empty line, its path, and its excerpt if there is one."""
    if shown is None:
        return f"\n{path[:LINE_LENGTH]}\n"
    return f"\n{f'{path}:'[:LINE_LENGTH]}\n{excerpt_text(shown, marks)}"


def render_file(
    path: str, source: SourceLines, outline: Outline | None, rows: Sequence[int], *, marks: Marks = MARKS
) -> str:
    """Return one file's part of a map for these rows of interest; without any, its path alone."""
    return file_text(path, excerpt(source, outline, rows) if rows else None, marks)
