"""The parts of a text that are in another language than the rest, and how a notebook is shown.

It never loads the tree-sitter core.
"""

from __future__ import annotations

from typing import NamedTuple

from repomap_fast.languages.table import GUESTS, LANGUAGES, REGIONS, Language
from repomap_fast.tagging import _regions

NOTEBOOK_SUFFIXES = tuple(suffix.encode() for row in LANGUAGES if row.regions == "notebook" for suffix in row.suffixes)
"""Ends of the names of files whose decoded text is shown."""


class Regions(NamedTuple):
    """The parts of a text that are in another language.

    guest   name of that language; None where there is no such part, or where its language is not known.
    parsed  the text with blanks for all else. Rows, columns and bytes are those of ``shown``.
    shown   the text; of a notebook the decoded lines of its cells, each on its row of the file.
    names   of the components in markup, as (start, end, row, column): bytes, zero-based.
    """

    guest: str | None
    parsed: bytes
    shown: bytes
    names: list[tuple[int, int, int, int]]


def find_regions(text: bytes, language: Language) -> Regions:
    """Return the parts of a text of UTF-8 that the language says may be in it. Raises MemoryError."""
    number, parsed, shown, names = _regions.find_regions(text, REGIONS.index(language.regions))
    guest = GUESTS[number] if number >= 0 and GUESTS[number] in language.guests else None
    return Regions(guest, parsed, shown, names)


def notebook_text(text: bytes) -> bytes:
    """Return a notebook as it is shown: the lines of its cells, each on its row of the file."""
    return _regions.find_regions(text, REGIONS.index("notebook"))[2]
