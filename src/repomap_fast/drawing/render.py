"""From rows of interest to text: the lines that a map shows of a file, and the text of a whole map.

For the same rows the text is that of aider's ``RepoMap.to_tree``, which shows by grep-ast's ``TreeContext`` the rows
of interest, the heads of the scopes that they are in, and what closes small gaps between these:

    django/db/models/manager.py:
    ⋮
    │class BaseManager:
    ⋮
    │    def get_queryset(self):
    ⋮
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repomap_fast.drawing.outline import Outline
    from repomap_fast.drawing.source_lines import SourceLines

LINE_LENGTH = 100
"""Characters of a line of the map, its mark included: what is longer is cut. Minified sources have few line ends."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands for rows that are left out, and before a row that is shown."""

    gap: str
    bar: str


MARKS = Marks("⋮", "│")
ASCII_MARKS = Marks("...", "|")


def marks_for(encoding: str | None) -> Marks:
    """Return the marks that a stream of this encoding can show; those for ASCII where it is not known."""
    try:
        f"{MARKS.gap}{MARKS.bar}".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII_MARKS
    return MARKS


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown of one file.

    rows    which rows, zero-based, rising.
    lines   the text of each, without its end, cut.
    n_rows  how many the file has.
    """

    rows: tuple[int, ...]
    lines: tuple[str, ...]
    n_rows: int

    def to_bytes(self) -> bytes:
        """Return the excerpt as one run of bytes, for ``from_bytes``."""
        n = len(self.rows)
        text = "\n".join(self.lines)
        return struct.pack(f"<2I{n}I", n, self.n_rows, *self.rows) + text.encode("utf-8", "surrogatepass")

    @classmethod
    def from_bytes(cls, kept: bytes) -> Excerpt:
        """Return what ``to_bytes`` was called on."""
        n, n_rows = struct.unpack_from("<2I", kept)
        rows = struct.unpack_from(f"<{n}I", kept, 8)
        text = kept[8 + 4 * n :].decode("utf-8", "surrogatepass")
        return cls(rows, tuple(text.split("\n")) if n else (), n_rows)


def excerpt(source: SourceLines, outline: Outline | None, rows: Iterable[int]) -> Excerpt:
    """Return what is shown of a file for these rows of interest, in any order.

    Rows beyond the file's end are passed over. Without an outline the rows are shown with nothing around them.
    """
    n_rows = len(source)
    # A row just beyond the end still closes the gap before it; what is further away touches nothing.
    wanted = sorted({row for row in rows if 0 <= row <= n_rows})
    shown = set(wanted)
    if outline is not None:
        shown |= outline.heads_around(wanted)
    shown |= {row + 1 for row in shown if row + 2 in shown and row + 1 not in shown}
    visible = []
    for row in sorted(shown):
        if row < n_rows:
            visible.append(row)
            # A blank row goes with the one before it.
            if row + 1 < n_rows and row + 1 not in shown and source.is_blank(row + 1) and not source.is_blank(row):
                visible.append(row + 1)
    lines = tuple(source.line(row, LINE_LENGTH - 1) for row in visible)
    return Excerpt(tuple(visible), lines, n_rows)


def excerpt_text(shown: Excerpt, marks: Marks = MARKS) -> str:
    """Return the lines of an excerpt, each with its mark, and marks for the gaps; every line is ended."""
    out = []
    expected = 0
    for row, line in zip(shown.rows, shown.lines, strict=True):
        if row != expected:
            out.append(f"{marks.gap}\n")
        out.append(f"{marks.bar}{line}\n")
        expected = row + 1
    if expected < shown.n_rows:
        out.append(f"{marks.gap}\n")
    return "".join(out)


def file_text(path: str, shown: Excerpt | None, marks: Marks = MARKS) -> str:
    """Return one file's part of a map: an empty line, its path, and what is shown of it if anything is."""
    if shown is None:
        return f"\n{path[:LINE_LENGTH]}\n"
    return f"\n{f'{path}:'[:LINE_LENGTH]}\n{excerpt_text(shown, marks)}"


def render_file(
    path: str, source: SourceLines, outline: Outline | None, rows: Sequence[int], *, marks: Marks = MARKS
) -> str:
    """Return one file's part of a map for these rows of interest; without any, its path alone."""
    return file_text(path, excerpt(source, outline, rows) if rows else None, marks)
