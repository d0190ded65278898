"""Results as they are shown in a prompt and in a notebook: one screen at most, whatever their size.

It never writes a character that would steer a terminal.
"""

from __future__ import annotations

import re

from repomap_fast.unseen import shown_text

SCREEN_LINES = 24
SCREEN_COLUMNS = 120
_MOST_CHARACTERS = SCREEN_LINES * SCREEN_COLUMNS * 4
"""Of the text that are looked at; a line end may come late."""


class OneScreen:
    """A result whose ``repr`` is one screen at most: a notebook shows the same."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return as_markdown(repr(self))

    def _repr_html_(self) -> str:
        return as_html(repr(self))


class Screen(OneScreen):
    """A result that has a text. A subclass gives it the attribute ``text``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return one_screen(self.text)  # type: ignore[attr-defined]


def one_screen(text: str) -> str:
    """Return the first lines of ``text``, cut to the width of a screen, and how many lines are left out."""
    lines = text[:_MOST_CHARACTERS].split("\n")
    n_lines = text.count("\n") + (not text.endswith("\n"))
    if n_lines > SCREEN_LINES or len(text) > _MOST_CHARACTERS:
        lines = lines[: SCREEN_LINES - 1]
        lines.append(f"… {max(1, n_lines - len(lines)):,} more lines")
    return "\n".join(_cut(shown_text(line)) for line in lines).rstrip("\n")


def as_markdown(text: str) -> str:
    """Return ``text`` as a block of code; the fence is longer than any run of backquotes in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def as_html(text: str) -> str:
    """Return ``text`` as a preformatted block."""
    import html

    return f"<pre>{html.escape(text)}</pre>"


def _cut(line: str) -> str:
    return line if len(line) <= SCREEN_COLUMNS else f"{line[: SCREEN_COLUMNS - 1]}…"
