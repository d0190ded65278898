"""Tags queries: where the text of one is found, what it inherits, and what its captures mean.

A capture gives a name its role and kind in one of two styles, both accepted:

    (function_definition name: (identifier) @name) @definition.function
    (function_definition name: (identifier) @name.definition.function)

A first line ``; inherits: ecma, jsx`` puts the patterns of ``ecma.scm`` and ``jsx.scm`` before those of the file, as
nvim-treesitter does. A query of the user inherits from the user's folder, else from ours. Lines ``; within: PLACE``
repeat patterns (``repetition``).

A capture ``@owner`` is the name of what a definition belongs to, where it does not stand within that: the receiver of a
method. Lines ``#set!`` of a pattern say what no pattern can ask, see ``tagging.rules``.

Nothing here compiles a query or loads a grammar.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from repomap_fast.errors import QueryError
from repomap_fast.languages.grammars import best_package, grammar_release, is_missing
from repomap_fast.languages.known_macros import macros_text
from repomap_fast.languages.repetition import repeat_within
from repomap_fast.languages.table import FENCES, GUESTS, LANGUAGES, Language, find_language
from repomap_fast.safe_files import read_regular
from repomap_fast.tables import ROLES

UNUSED, NAME, EXTENT, NAMED, OWNER = range(5)
"""What a capture is for, as the compiled loop numbers it: nothing; a name whose role and kind an extent has; an extent;
a name with its own role and kind; the name of what a definition belongs to."""

OUR_QUERIES = Path(__file__).with_name("queries")
"""The folder of our own tags queries."""
_MAX_BYTES = 1 << 20
"""Most bytes of a query file that are read; the core accepts a sixteenth of it."""
_MOST_KEPT = 256
"""Queries of ours that a process keeps: of each language, with the macros of a few repositories."""
_INHERITS = re.compile(rb";+[ \t]*inherits[ \t]*:[ \t]*([a-z0-9_]+(?:[ \t]*,[ \t]*[a-z0-9_]+)*)[ \t\r]*(?:\n|\Z)")


class TagsQueryText(NamedTuple):
    """The text of a language's tags query, and the grammar that it is for.

    language_id  the number of the files' language: a row of the language table, unless the caller has its own numbers.
    grammar      the parser's name in tree-sitter-language-pack; empty where the guests alone are parsed.
    bmp_only, reset_scanner  what the grammar needs, see ``Language``.
    origin       the file that it was read from, for errors.
    source       its text, after the texts that it inherits.
    is_users     whether it is the user's own, not ours.
    key          16 bytes: equal for two queries that give every file the same tags in the same block.
    own_start    byte of ``source`` where the text of its own file begins.
    own_text     the text of its own file, as it was read.
    macros       the known macros that files are read with (``known_macros.macros_text``); empty for none.
    repair       see ``Language``.
    guests       the queries for parts in other languages, each with its number in GUESTS.
    regions, is_component  see ``Language``.
    package      of the grammar, see ``grammars.load_grammar``.
    """

    language_id: int
    grammar: str
    bmp_only: bool
    reset_scanner: bool
    origin: str
    source: bytes
    is_users: bool
    key: bytes
    own_start: int = 0
    own_text: bytes = b""
    macros: bytes = b""
    repair: str = ""
    guests: tuple[tuple[int, TagsQueryText], ...] = ()
    regions: str = ""
    is_component: bool = False
    package: str = ""


def read_tags_query(
    language_id: int, queries_dir: Path | None, macros: Iterable[str] = (), *, fences: bool = False
) -> TagsQueryText:
    """Read the tags query of a language, with what it inherits; the user's own goes before ours.

    macros  the user's, beside ours.
    fences  whether fenced code is read too.

    Raises QueryError if a file of the user cannot be read, or inherits a query that does not exist.
    """
    row = LANGUAGES[language_id]
    if not row.guests or (row.regions == FENCES and not fences):
        return _read_own(language_id, row, _query_file(row, queries_dir), macros)
    path = _query_file(row, queries_dir)
    own = None
    if row.grammar:
        own = _read_own(language_id, row, path, macros)
        path = None
    readable = [name for name in row.guests if not is_missing(find_language(name))]
    guests = tuple((GUESTS.index(name), _read_guest(name, path, queries_dir, macros)) for name in readable)
    parts = [row.regions.encode(), *(text.key for _, text in guests), own.key if own else b""]
    key = query_key(row.name, row.grammar, b" ".join(parts), (False, False))
    host = own or TagsQueryText(language_id, "", False, False, f"{row.name}.scm", b"", is_users=False, key=b"")
    return host._replace(guests=guests, regions=row.regions, is_component=row.is_component, key=key)


def _query_file(row: Language, queries_dir: Path | None) -> Path | None:
    """Return the file of a language's query: the user's, else ours; None where there is none."""
    users = None if queries_dir is None else _find_query(row.name, queries_dir)
    return users or _find_ours(row.name)


def _read_guest(name: str, host_path: Path | None, queries_dir: Path | None, macros: Iterable[str]) -> TagsQueryText:
    """Read the query for parts in a language: its own patterns, and behind them those for the files around."""
    language_id = find_language(name)
    row = LANGUAGES[language_id]
    text = _read_own(language_id, row, _query_file(row, queries_dir), macros)
    if host_path is None:
        return text
    added = _read_texts(host_path)
    source = b"\n".join((text.source, *(one.repeated for one in added)))
    is_users = text.is_users or host_path.parent != OUR_QUERIES
    traits = text.bmp_only, text.reset_scanner
    return text._replace(
        source=source,
        is_users=is_users,
        key=query_key(name, text.grammar, source, traits, text.macros, text.package),
        own_start=len(source) - len(added[-1].repeated),
        own_text=added[-1].as_read,
        origin=f"{host_path.name}" if host_path.parent == OUR_QUERIES else str(host_path),
    )


def _read_own(language_id: int, row: Language, path: Path | None, macros: Iterable[str]) -> TagsQueryText:
    """Read the query of a language that has a grammar."""
    package = best_package(row.grammar)
    read = _read_text_of_ours if path is None or path.parent == OUR_QUERIES else _read_text
    return read(language_id, path, tuple(macros), package, grammar_release(row.grammar, package))


@lru_cache(_MOST_KEPT)
def _read_text_of_ours(
    language_id: int, path: Path | None, macros: tuple[str, ...], package: str, release: str | None
) -> TagsQueryText:
    return _read_text(language_id, path, macros, package, release)


def _read_text(
    language_id: int, path: Path | None, macros: tuple[str, ...], package: str, release: str | None
) -> TagsQueryText:
    """Read the query of a language for a grammar of that package and release."""
    row = LANGUAGES[language_id]
    is_users = path is not None and path.parent != OUR_QUERIES
    origin = str(path) if is_users else f"{row.name}.scm"
    texts = _read_texts(OUR_QUERIES / f"{row.name}.scm" if path is None else path)
    source = b"\n".join(text.repeated for text in texts)
    traits = row.bmp_only, row.reset_scanner
    known = macros_text(source, macros)
    key = _key(release, row.name, row.grammar, source, traits, known)
    own_start, own_text = len(source) - len(texts[-1].repeated), texts[-1].as_read
    return TagsQueryText(
        *(language_id, row.grammar, *traits, origin, source, is_users, key, own_start, own_text),
        macros=known,
        repair=row.repair,
        package=package,
    )


def read_query(path: Path) -> bytes:
    """Return the text of a tags query after the texts that it inherits, each of them once.

    Raises QueryError for a file that cannot be read, or for an inherited query that does not exist.
    """
    return b"\n".join(text.repeated for text in _read_texts(path))


class _Text(NamedTuple):
    """The text of one file: as it was read, and with its patterns repeated."""

    as_read: bytes
    repeated: bytes


def _read_texts(path: Path) -> tuple[_Text, ...]:
    """Return the texts that a query inherits, each once, and its own as the last."""
    # Ours are part of the package, and do not change. A user may write on theirs between two scans.
    return _read_ours(path) if path.parent == OUR_QUERIES else _with_inherited(path)


@cache
def _read_ours(path: Path) -> tuple[_Text, ...]:
    return _with_inherited(path)


def _with_inherited(path: Path) -> tuple[_Text, ...]:
    texts: dict[Path, _Text] = {}
    _read_inherited(path, texts)
    return tuple(texts.values())


def _read_inherited(path: Path, texts: dict[Path, _Text], heirs: tuple[Path, ...] = ()) -> None:
    try:
        source = read_regular(path, _MAX_BYTES)
        repeated = repeat_within(source, _MAX_BYTES)
    except OSError as error:
        raise QueryError(f"{path}: {error.strerror}; expected a tags query") from error
    except ValueError as error:
        raise QueryError(f"{path}: {error}; expected a tags query of that size at most") from error
    first_line = _INHERITS.match(source)
    heirs = (*heirs, path)
    for base_name in re.split("[ \t]*,[ \t]*", first_line[1].decode()) if first_line else ():
        # A query that inherits its own name, or that of an heir, means the one of the next folder.
        folders = dict.fromkeys((path.parent, OUR_QUERIES))
        found = [base for folder in folders if (base := _find_query(base_name, folder)) and base not in heirs]
        if not found:
            raise QueryError(f"{path} inherits {base_name!r}; expected {base_name}.scm in {path.parent}, or of ours")
        if found[0] not in texts:
            _read_inherited(found[0], texts, heirs)
    texts.setdefault(path, _Text(source, repeated))


@cache
def _find_ours(name: str) -> Path | None:
    return _find_query(name, OUR_QUERIES)


def _find_query(name: str, folder: Path) -> Path | None:
    """Return the file of the tags query ``name`` in a folder, if there is one."""
    paths = (folder / f"{name}.scm", folder / f"{name}-tags.scm")
    return next((path for path in paths if path.is_file()), None)


def query_key(
    language: str, grammar: str, source: bytes, traits: tuple[bool, bool], macros: bytes = b"", package: str = ""
) -> bytes:
    """Return the key of a tags query, see ``TagsQueryText.key``; traits and package are the grammar's, as there."""
    return _key(grammar_release(grammar, package), language, grammar, source, traits, macros)


def _key(
    release: str | None, language: str, grammar: str, source: bytes, traits: tuple[bool, bool], macros: bytes
) -> bytes:
    hashed = hashlib.blake2b(digest_size=16)
    for part in (
        engine_version(),
        (release or "").encode(),
        language.encode(),
        grammar.encode(),
        bytes(traits),
        source,
        macros,
    ):
        hashed.update(len(part).to_bytes(8, "little") + part)
    return hashed.digest()


@cache
def engine_version() -> bytes:
    """Return bytes that change with what finds tags: our compiled code, and the core in it."""
    compiled = find_spec("repomap_fast.tagging._tagger")
    ours = b"" if compiled is None or compiled.origin is None else Path(compiled.origin).read_bytes()
    return hashlib.blake2b(ours, digest_size=16).digest()


def split_capture(name: str) -> tuple[int, int, str]:
    """Return what a capture is for, and its role and kind (0 and "" if it has none)."""
    if name in ("name", "owner"):
        return NAME if name == "name" else OWNER, 0, ""
    use = NAMED if name.startswith("name.") else EXTENT
    role, _, kind = name.removeprefix("name.").partition(".")
    if role not in ROLES or not kind:
        return UNUSED, 0, ""
    return use, ROLES.index(role), kind


def describe_position(source: bytes, offset: int) -> str:
    """Return line and column, both one-based, of a byte of a query."""
    before = source[:offset]
    return f"line {before.count(10) + 1}, column {offset - (before.rfind(10) + 1) + 1}"
