"""The known macros of C and C++: what a word is where the parser cannot know it.

A query asks for them by a line ``; macros: read``. Then a file is parsed as a preprocessor would have left it
(``macros/`` of the compiled tagger): words that are no part of a declaration are blanked, and what a defining macro
names is a tag.

``known_macros.txt`` has ours. A user adds to them, or says that one of ours is another, by lines of the same form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from repomap_fast.macros import Macro, read_macro

OUR_MACROS = Path(__file__).with_name("known_macros.txt")
"""The file of our own macros."""
FIRST_USE = 32
"""The compiled tagger's number of the first of ``macros.USES``."""
_READS_MACROS = re.compile(rb"(?:\A|\n);+[ \t]*macros[ \t]*:[ \t]*read[ \t\r]*(?:\n|\Z)")


def macros_text(source: bytes, users: Iterable[str]) -> bytes:
    """Return the macros for a query of this text, ours and the user's: empty unless it asks for them."""
    if b"macros" not in source or not _READS_MACROS.search(source):
        return b""
    return b"\n".join((OUR_MACROS.read_bytes(), *(line.encode() for line in users)))


def read_macros(text: bytes) -> list[Macro]:
    """Return the macros of such a text. Raises OptionError for a line that is none."""
    lines = text.decode().splitlines()
    return [read_macro(line) for line in lines if line and not line.startswith("#")]
