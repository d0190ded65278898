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
    first, *lines = text.split("\n")
    # A path stands after an empty line, which no other line does; or first, where there is no header.
    return "\n".join(
        [
            _dimmed(first) if first.startswith("# ") else _coloured_head(first),
            *(
                _coloured_line(line) if before else _coloured_head(line)
                for before, line in zip([first, *lines], lines, strict=False)
            ),
        ]
    )


def _coloured_head(line: str) -> str:
    label, space, rest = line.partition(" ")
    if label == "also:" and rest:
        return f"{_dimmed(label)}{space}{rest}"
    return f"{_BOLD}{line}{_PLAIN}" if line else line


def _coloured_line(line: str) -> str:
    place = _DEFINITION.match(line)
    if place is None:
        return line
    rest, mark, note = line[place.end(2) :].partition(_NOTE)
    return f"{place[1]}{_dimmed(place[2])}{rest}{_dimmed(mark + note) if mark else ''}"


def _dimmed(text: str) -> str:
    return f"{_DIM}{text}{_PLAIN}"
