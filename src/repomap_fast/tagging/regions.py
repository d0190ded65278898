"""The parts of a text that are in another language than the rest, and how a notebook is shown.

It never loads the tree-sitter core.
"""

from __future__ import annotations

from typing import NamedTuple

from repomap_fast.languages.table import GUESTS, LANGUAGES, REGIONS, Language
from repomap_fast.tagging import _regions

NOTEBOOK = next(row for row in LANGUAGES if row.regions == "notebook")
"""The language of files whose decoded text is shown."""
NOTEBOOK_SUFFIXES = tuple(suffix.encode() for suffix in NOTEBOOK.suffixes)


class ApartRegion(NamedTuple):
    """A part of a text that is a file of its own: bytes, its first row and column, zero-based, and its language."""

    start: int
    end: int
    row: int
    column: int
    language: str


class Regions(NamedTuple):
    """The parts of a text that are in another language.

    guest   name of that language; None where there is no such part, or where its language is not known.
    parsed  the text with blanks for all else. Rows, columns and bytes are those of ``shown``.
    shown   the text; of a notebook the decoded lines of its cells, each on its row of the file.
    apart   parts that are read as if each were a file, and names of their languages; also where ``guest`` is None.
    names   of the components in markup, as (start, end, row, column): bytes, zero-based.
    """

    guest: str | None
    parsed: bytes
    shown: bytes
    apart: list[ApartRegion]
    names: list[tuple[int, int, int, int]]


def find_regions(text: bytes, language: Language) -> Regions:
    """Return the parts of a text of UTF-8 that the language says may be in it. Raises MemoryError."""
    number, parsed, shown, apart, names = _regions.find_regions(text, REGIONS.index(language.regions))
    guest = GUESTS[number] if number >= 0 and GUESTS[number] in language.guests else None
    parts = [ApartRegion(start, end, row, column, GUESTS[language]) for start, end, row, column, language in apart]
    return Regions(guest, parsed, shown, parts, names)
