"""References as aider has them where its query finds none: every name that pygments sees in the file."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def names_of_lexer(fname: str, text: str) -> list[str]:
    """Return the names in a text, as the lexer that pygments guesses for the file sees them; none without one."""
    lexers, name = import_module("pygments.lexers"), import_module("pygments.token").Token.Name
    try:
        lexer: Any = lexers.guess_lexer_for_filename(fname, text)
    except Exception:
        # What aider lets pass: pygments runs code of each lexer that may fit.
        return []
    return [value for kind, value in lexer.get_tokens(text) if kind in name]
