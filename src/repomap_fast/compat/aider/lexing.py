"""References as aider has them where its query finds none: every name that pygments sees in the file."""

from __future__ import annotations

from typing import Any


def names_of_lexer(fname: str, text: str) -> list[str]:
    """Return the names in a text, as the lexer that pygments guesses for the file tells them; none if it guesses none."""
    from pygments.lexers import guess_lexer_for_filename
    from pygments.token import Token

    try:
        lexer: Any = guess_lexer_for_filename(fname, text)
    except Exception:  # noqa: BLE001 - what aider lets pass: pygments runs the code of each lexer that may fit
        return []
    return [value for kind, value in lexer.get_tokens(text) if kind in Token.Name]
