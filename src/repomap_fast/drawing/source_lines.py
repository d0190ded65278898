"""The lines of a source file, as a map shows them, and the text that is parsed to outline them.

There are two rules for lines:

ROWS    the rows of tags: a row ends at a line feed alone. Carriage returns before it are not shown. Bytes that are not
        UTF-8 are shown as U+FFFD. UTF-16 is decoded as the tagger does. A byte order mark is not shown.
PYTHON  the lines of ``str.splitlines`` in a file that was opened as text, as in grep-ast: a carriage return, a form
        feed, a vertical tab, U+0085, U+2028 and three control characters end a line too, although most of them end no
        row of the syntax tree. A file that is not UTF-8 is empty.
"""

from __future__ import annotations

import codecs
from enum import Enum
from functools import cached_property

import numpy as np

from repomap_fast.tables import I64
from repomap_fast.tagging.regions import NOTEBOOK, NOTEBOOK_SUFFIXES, Regions, find_regions
from repomap_fast.tagging.source_text import source_text

_GLANCE = 100
"""Characters of a line that are tested first: most lines have a visible one among them."""
_CARRIAGE_RETURN, _LINE_FEED = 0x0D, 0x0A
_BLOCK_BYTES = 1 << 16
"""A row is found in two steps, so that a file of line feeds alone does not need a number for each."""


class LineRule(Enum):
    """Where a line ends; see above."""

    ROWS = "rows"
    PYTHON = "python"


class SourceLines:
    """One file's lines, decoded when they are asked for.

    text      what is shown, UTF-8 for the most part.
    notebook  of a notebook its parts, and what is parsed of them; else None.
    """

    __slots__ = ("__dict__", "_block_ends", "_first_row", "_rule", "notebook", "text")

    def __init__(self, contents: bytes, rule: LineRule = LineRule.ROWS, path: bytes = b"") -> None:
        """Take the contents of a file, and its path: of a notebook the decoded lines are shown, by their rows."""
        self._rule = rule
        self.notebook: Regions | None = None
        if rule is LineRule.PYTHON:
            self.text = _python_text(contents)
        else:
            text = source_text(contents)
            if path.endswith(NOTEBOOK_SUFFIXES):
                self.notebook = find_regions(text, NOTEBOOK)
                text = self.notebook.shown
            # Rows stay the same without them, and some grammars fail on them.
            self.text = _ended(text.replace(b"\r\n", b"\n"))
        # The rows that end in the block that was read last.
        self._first_row = 0
        self._block_ends: list[int] = []

    def __len__(self) -> int:
        if self._rule is LineRule.PYTHON:
            return len(self._python_lines)
        return self._n_rows

    def line(self, row: int, length: int) -> str:
        """Return the first ``length`` characters of a line, without its end. Raises IndexError."""
        if self._rule is LineRule.PYTHON:
            return self._python_lines[row][:length]
        start, end = self._bounds(row)
        # A line may have megabytes. No character has more than four bytes, and a cut one gives one U+FFFD.
        return self.text[start : min(end, start + 4 * length + 4)].decode("utf-8", "replace")[:length]

    def around(self, row: int, column: int, n_before: int, n_after: int) -> tuple[str, str]:
        """Return the text before and after a place: of the row, and of the row and those that follow it.

        column             bytes before the place in the row.
        n_before, n_after  most bytes of each; a character that is cut gives one U+FFFD.

        Raises IndexError.
        """
        start, _ = self._bounds(row)
        place = min(start + column, len(self.text))
        before = self.text[max(start, place - n_before) : place]
        after = self.text[place : place + n_after]
        return before.decode("utf-8", "replace"), after.decode("utf-8", "replace")

    def is_blank(self, row: int) -> bool:
        """Return whether a line has no visible character. Raises IndexError."""
        if self._rule is LineRule.PYTHON:
            return not self._python_lines[row].strip()
        if self.line(row, _GLANCE).strip():
            return False
        start, end = self._bounds(row)
        # A line may have megabytes: no more than a block of it is decoded at a time.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        blocks = (self.text[at : min(end, at + _BLOCK_BYTES)] for at in range(start, end, _BLOCK_BYTES))
        return not any(decoder.decode(block).strip() for block in blocks) and not decoder.decode(b"", True)

    def _bounds(self, row: int) -> tuple[int, int]:
        start, end = self._row_end(row - 1) + 1 if row else 0, self._row_end(row)
        while end > start and self.text[end - 1] == _CARRIAGE_RETURN:
            at = max(start, end - _BLOCK_BYTES)
            end = at + len(self.text[at:end].rstrip(b"\r"))
        return start, end

    def _row_end(self, row: int) -> int:
        """Return the position of the line feed of a row."""
        if not 0 <= row - self._first_row < len(self._block_ends):
            if not 0 <= row < self._n_rows:
                raise IndexError(f"there is no row {row}; there are {self._n_rows}")
            block = int(self._rows_before.searchsorted(row, "right")) - 1
            start = block * _BLOCK_BYTES
            is_end = np.frombuffer(self.text[start : start + _BLOCK_BYTES], np.uint8) == _LINE_FEED
            self._first_row, self._block_ends = int(self._rows_before[block]), (np.flatnonzero(is_end) + start).tolist()
        return self._block_ends[row - self._first_row]

    @cached_property
    def _python_lines(self) -> list[str]:
        return self.text.decode().splitlines()

    @cached_property
    def _n_rows(self) -> int:
        return int(self._rows_before[-1])

    @cached_property
    def _rows_before(self) -> I64:
        """How many rows end before each block, and in the whole text: (n_blocks + 1,)."""
        text = np.frombuffer(self.text, np.uint8)
        starts = range(0, len(text), _BLOCK_BYTES)
        counts = [int(np.count_nonzero(text[start : start + _BLOCK_BYTES] == _LINE_FEED)) for start in starts]
        return np.cumsum([0, *counts], dtype=np.int64)


def _python_text(contents: bytes) -> bytes:
    try:
        contents.decode()
    except UnicodeDecodeError:
        contents = b""
    if b"\r" in contents:
        contents = contents.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _ended(contents)


def _ended(text: bytes) -> bytes:
    """Return ``text`` with a line feed at its end: some grammars need one after the last line."""
    return text if text.endswith(b"\n") else text + b"\n"
