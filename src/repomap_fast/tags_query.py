"""Tags queries: where the text of one is found, and what its captures say.

A capture gives a name its role and kind in one of two styles, both accepted:

    (function_definition name: (identifier) @name) @definition.function
    (function_definition name: (identifier) @name.definition.function)
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from repomap_fast.errors import QueryError
from repomap_fast.tables import ROLES

UNUSED, NAME, EXTENT, NAMED = range(4)
"""What a capture is for, as the compiled loop numbers it: nothing; the name, of a role and kind that an extent says;
an extent; a name with role and kind."""


def read_tags_query(language: str, queries_dir: Path | None) -> tuple[str, bytes, bool]:
    """Return where the tags query of ``language`` stands, its text, and whether it is the user's own, which goes first.

    Raises QueryError if the user's cannot be read.
    """
    for name in (f"{language}.scm", f"{language}-tags.scm"):
        if queries_dir is not None and (queries_dir / name).is_file():
            path = queries_dir / name
            try:
                return str(path), path.read_bytes(), True
            except OSError as error:
                raise QueryError(f"{path}: {error.strerror}; expected a tags query for {language}") from error
    return f"{language}.scm", files("repomap_fast").joinpath("queries", f"{language}.scm").read_bytes(), False


def split_capture(name: str) -> tuple[int, int, str]:
    """Return what a capture is for, and the role and kind that it says (0 and "" where it says none)."""
    if name == "name":
        return NAME, 0, ""
    use = NAMED if name.startswith("name.") else EXTENT
    role, _, kind = name.removeprefix("name.").partition(".")
    if role not in ROLES or not kind:
        return UNUSED, 0, ""
    return use, ROLES.index(role), kind


def describe_position(source: bytes, offset: int) -> str:
    """Return line and column, both one-based, of a byte of a query."""
    before = source[:offset]
    return f"line {before.count(10) + 1}, column {offset - (before.rfind(10) + 1) + 1}"
