"""Colours of a map in a terminal: paths in bold, numbers of lines dim. The words are those of a pipe."""

from __future__ import annotations

import os
import re
from typing import TextIO

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_DEFINITION = re.compile(r"( *)(\d+(?:-\d+)?)( |$)")
_NOTE = "  # "


def shows_colours(out: TextIO) -> bool:
    """Return whether ``out`` is a terminal that has colours, and its user wants them (NO_COLOR)."""
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def coloured_map(text: str) -> str:
    """Return a map of the format ``text`` with colours."""
    lines = text.split("\n")
    # A path stands after an empty line, which no other line does.
    return "\n".join(
        _coloured_head(line) if before == "" else _coloured_line(line)
        for before, line in zip([None, *lines], lines, strict=False)
    )


def _coloured_head(line: str) -> str:
    label, space, rest = line.partition(" ")
    if label == "also:" and rest:
        return f"{_DIM}{label}{_PLAIN}{space}{rest}"
    return f"{_BOLD}{line}{_PLAIN}" if line else line


def _coloured_line(line: str) -> str:
    if line.startswith("# "):
        return f"{_DIM}{line}{_PLAIN}"
    place = _DEFINITION.match(line)
    if place is None:
        return line
    rest, mark, note = line[place.end(2) :].partition(_NOTE)
    dimmed = f"{_DIM}{mark}{note}{_PLAIN}" if mark else ""
    return f"{place[1]}{_DIM}{place[2]}{_PLAIN}{rest}{dimmed}"
