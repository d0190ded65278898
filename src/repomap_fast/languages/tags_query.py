"""Tags queries: where the text of one is found, and what its captures say.

A capture gives a name its role and kind in one of two styles, both accepted:

    (function_definition name: (identifier) @name) @definition.function
    (function_definition name: (identifier) @name.definition.function)
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from repomap_fast.errors import QueryError
from repomap_fast.languages.identify import LANGUAGES
from repomap_fast.safe_files import read_regular
from repomap_fast.tables import ROLES

UNUSED, NAME, EXTENT, NAMED = range(4)
"""What a capture is for, as the compiled loop numbers it: nothing; the name, of a role and kind that an extent says;
an extent; a name with role and kind."""


_OURS = Path(__file__).with_name("queries")
_MOST_BYTES = 1 << 20
"""Of a query that is read; the core takes none of a sixteenth of it."""


@dataclass(frozen=True, slots=True)
class TagsQueryText:
    """The text of a language's tags query, and the grammar that it is for.

    language_id  the number that files are said to be of; a row of the language table, unless the caller has its own.
    grammar      the parser's name in tree-sitter-language-pack.
    is_basic, has_unset_state  what the grammar needs, see ``Language``.
    origin       where it stands.
    is_users     it is the user's own, not ours.
    key          16 bytes: equal for two queries that give every file the same tags in the same block.
    """

    language_id: int
    grammar: str
    is_basic: bool
    has_unset_state: bool
    origin: str
    source: bytes
    is_users: bool
    key: bytes


def read_tags_query(language_id: int, queries_dir: Path | None) -> TagsQueryText:
    """Read the tags query of a language; the user's own goes before ours.

    Raises QueryError if the user's cannot be read.
    """
    language = LANGUAGES[language_id].name
    origin, path, is_users = f"{language}.scm", _OURS / f"{language}.scm", False
    for name in (f"{language}.scm", f"{language}-tags.scm"):
        if queries_dir is not None and not is_users and (queries_dir / name).is_file():
            path, is_users = queries_dir / name, True
            origin = str(path)
    try:
        source = read_regular(path, _MOST_BYTES)
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror}; expected a tags query for {language}") from error
    row = LANGUAGES[language_id]
    traits = row.is_basic, row.has_unset_state
    key = query_key(language, row.grammar, source, traits)
    return TagsQueryText(language_id, row.grammar, *traits, origin, source, is_users, key)


def query_key(language: str, grammar: str, source: bytes, traits: tuple[bool, bool]) -> bytes:
    """Return the key of a tags query, see ``TagsQueryText.key``; the traits are the grammar's, as there."""
    hashed = hashlib.blake2b(digest_size=16)
    for part in (engine_version(), language.encode(), grammar.encode(), bytes(traits), source):
        hashed.update(len(part).to_bytes(8, "little") + part)
    return hashed.digest()


@cache
def engine_version() -> bytes:
    """Return what changes with whatever finds the tags: our compiled code, the core in it, and the grammars."""
    compiled = find_spec("repomap_fast.tagging._tagger")
    ours = b"" if compiled is None or compiled.origin is None else Path(compiled.origin).read_bytes()
    return hashlib.blake2b(ours, digest_size=16).digest() + _pack_version().encode()


def _pack_version() -> str:
    """Return the version of the package with the grammars, as the folder of its metadata beside it is named."""
    package = find_spec("tree_sitter_language_pack")
    for folder in [] if package is None else package.submodule_search_locations or []:
        named = list(Path(folder).parent.glob("tree_sitter_language_pack-*.dist-info"))
        if len(named) == 1:
            return named[0].name
    # Takes seven times as long as all else that a query's key is made of.
    from importlib.metadata import version

    return version("tree-sitter-language-pack")


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
