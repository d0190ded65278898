"""The lines of a source file, as a map shows them, and the text that is parsed to outline them.

There are two ways to count lines, and a file can tell them apart:

ROWS    as tags are numbered: a row ends at a line feed, and nowhere else. Carriage returns before it are not shown.
        Bytes that are not UTF-8 are shown as U+FFFD; UTF-16 is read as the tagger reads it.
PYTHON  as a program sees it that opens the file as text and calls ``str.splitlines``, which is what grep-ast does: a
        carriage return, a form feed, a vertical tab, U+0085, U+2028 and three control characters end a line too, while
        the rows of the syntax tree pass over most of them; a file that is not UTF-8 is an empty one.
"""

from __future__ import annotations

import codecs
from enum import Enum
from functools import cached_property

import numpy as np

_GLANCE = 100
"""Characters of a line that are looked at first: in most there is something among them."""
_CARRIAGE_RETURN = 0x0D
_UTF16_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class LineRule(Enum):
    """Where a line ends; see above."""

    ROWS = "rows"
    PYTHON = "python"


class SourceLines:
    """One file's lines, decoded when they are asked for.

    text  what is parsed, UTF-8 for the most part.
    """

    __slots__ = ("__dict__", "_rule", "text")

    def __init__(self, contents: bytes, rule: LineRule = LineRule.ROWS) -> None:
        self._rule = rule
        self.text = _python_text(contents) if rule is LineRule.PYTHON else _tagged_text(contents)

    def __len__(self) -> int:
        if self._rule is LineRule.PYTHON:
            return len(self._python_lines)
        return len(self._row_ends)

    def line(self, row: int, length: int) -> str:
        """Return the first ``length`` characters of a line, without its end. Raises IndexError."""
        if self._rule is LineRule.PYTHON:
            return self._python_lines[row][:length]
        start, end = self._bounds(row)
        # No character has more than four bytes, and what is cut off makes one of its own. A line may have megabytes.
        return self.text[start : min(end, start + 4 * length + 4)].decode("utf-8", "replace")[:length]

    def is_blank(self, row: int) -> bool:
        """Return whether there is nothing to see on a line. Raises IndexError."""
        if self._rule is LineRule.PYTHON:
            return not self._python_lines[row].strip()
        start, end = self._bounds(row)
        return not (self.line(row, _GLANCE).strip() or self.text[start:end].decode("utf-8", "replace").strip())

    def _bounds(self, row: int) -> tuple[int, int]:
        start, end = self._row_ends[row - 1] + 1 if row else 0, self._row_ends[row]
        while end > start and self.text[end - 1] == _CARRIAGE_RETURN:
            end -= 1
        return start, end

    @cached_property
    def _python_lines(self) -> list[str]:
        return self.text.decode().splitlines()

    @cached_property
    def _row_ends(self) -> list[int]:
        ends: list[int] = np.flatnonzero(np.frombuffer(self.text, np.uint8) == ord("\n")).tolist()
        return ends


def _python_text(contents: bytes) -> bytes:
    try:
        contents.decode()
    except UnicodeDecodeError:
        contents = b""
    if b"\r" in contents:
        contents = contents.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return _ended(contents)


def _tagged_text(contents: bytes) -> bytes:
    encoding = _UTF16_ENCODINGS.get(contents[:2])
    if encoding is not None and b"\0" in contents:
        contents = contents[2:].decode(encoding, "replace").encode()
    # No row begins or ends elsewhere without them, and some grammars stumble over them.
    return _ended(contents.replace(b"\r\n", b"\n"))


def _ended(text: bytes) -> bytes:
    """Return ``text`` with a line feed at its end: some grammars want one to end what is on the last line."""
    return text if text.endswith(b"\n") else text + b"\n"
