"""Finding tags by a word: names equal to it, beginning with it, holding it, or written almost so.

A large repository has millions of names. They stay the bytes that they are: the word is looked for in all of
them at once, some megabytes at a time, and only names that come near it ever become Python objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.argument_types import text
from repomap_fast.arrays import distinct_places
from repomap_fast.errors import OptionError
from repomap_fast.ranking.path_kinds import kinds_of_paths
from repomap_fast.tables import I64, ROLE_REFERENCE, U8, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.tables import TagTable

_PIECE_BYTES = 1 << 22
"""Bytes of names that are looked through at a time."""
_PIECE_TAGS = 1 << 20
"""Tags that are looked through at a time."""
_PIECE_NAMES = 1 << 16
"""Names that are compared with a misspelt word at a time."""
MAX_EDITS = 3
"""A word that is more than so many slips of the pen away from a name is another word."""
_CHARACTERS_PER_EDIT = 4
_KINDS = (
    (
        *("class", "struct", "interface", "trait", "protocol", "enum", "union", "record", "type", "object"),
        *("annotation", "concept", "module", "namespace"),
    ),
    ("function", "method", "constructor", "macro", "operator"),
    # A prototype or an extension comes after what it announces or adds to.
    ("prototype", "extension", "implementation"),
    ("constant", "property", "field", "enumerator"),
    ("variable",),
)
"""Kinds of definitions, those first that tell most; any other kind stands after them."""


class Likeness(IntEnum):
    """How a name is like a word, the closest first."""

    EXACT = 0
    CASE = 1
    PREFIX = 2
    SUBSTRING = 3
    FUZZY = 4

    @property
    def label(self) -> str:
        """The likeness in one word, as the command line takes and prints it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, eq=False)
class NameMatches:
    """The names that are like a word, each once, in the order of their ids.

    name_ids    (n,) int64: rows of the table of names.
    likenesses  (n,) uint8: values of Likeness; but for EXACT, upper and lower case of ASCII are one.
    edits       (n,) uint8: slips of the pen between a FUZZY name and the word; zeros for all others.
    """

    name_ids: I64
    likenesses: U8
    edits: U8

    def __len__(self) -> int:
        return len(self.name_ids)


@dataclass(frozen=True, slots=True)
class Found:
    """A tag that was found.

    likeness      how its name is like the word: ``exact``, ``case``, ``prefix``, ``substring`` or ``fuzzy``.
    n_references  how many references to that name there are.
    """

    tag: Tag
    likeness: str
    n_references: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    word           what was looked for.
    found          the first of it: all definitions before all references; of each, the closest names first. Of these
                   types stand before functions, and functions before fields and variables; then the names that are
                   referred to most, code before tests and vendored code, shorter names, by path and line.
    n_definitions  how many definitions there are in all.
    n_references   how many references, if they were looked for.
    """

    word: str
    found: tuple[Found, ...]
    n_definitions: int
    n_references: int


def search_tags(
    result: ScanResult, word: str, *, loosest: str = "fuzzy", limit: int = 0, references: bool = False
) -> SearchResult:
    """Return the definitions of the names that are like ``word``, the best first.

    loosest     no names further from the word: one of the likenesses.
    limit       return no more; 0 for all.
    references  return references too, after the definitions; they are returned in any case where nothing is defined.

    Raises OptionError.
    """
    labels = [likeness.label for likeness in Likeness]
    if text("loosest", loosest) not in labels:
        raise OptionError(f"loosest is {loosest!r}; expected {', '.join(labels[:-1])} or {labels[-1]}")
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    table = result.tag_table
    matches = match_names(table.names, word.encode("utf-8", "surrogateescape"), loosest=Likeness(labels.index(loosest)))
    places: NDArray[np.int32] = np.full(len(table.names), -1, np.int32)
    places[matches.name_ids] = np.arange(len(matches), dtype=np.int32)
    rows = _rows_of(table.name_ids, places)
    places_of_rows, roles = places[table.name_ids[rows]], table.roles[rows]
    is_reference = roles == ROLE_REFERENCE
    n_references = np.bincount(places_of_rows[is_reference], minlength=len(matches))
    n_definitions = len(rows) - int(np.count_nonzero(is_reference))
    if n_definitions and not references:
        rows, places_of_rows, roles = (column[~is_reference] for column in (rows, places_of_rows, roles))
    order = np.lexsort(
        (
            rows,
            places_of_rows,
            np.diff(table.names.offsets)[matches.name_ids][places_of_rows],
            _is_remote(result, rows),
            -n_references[places_of_rows],
            _kind_ranks(table, rows),
            matches.edits[places_of_rows],
            matches.likenesses[places_of_rows],
            roles,
        )
    )
    best = order[: limit or len(order)].tolist()
    return SearchResult(
        word=word,
        found=tuple(
            Found(result.tag(int(rows[i])), labels[matches.likenesses[place]], int(n_references[place]))
            for i in best
            for place in [int(places_of_rows[i])]
        ),
        n_definitions=n_definitions,
        n_references=len(rows) - n_definitions,
    )


def _rows_of(name_ids: NDArray[np.uint32], places: NDArray[np.int32]) -> I64:
    """Return the tags whose names have a place, rising."""
    starts = range(0, len(name_ids), _PIECE_TAGS)
    found = [np.flatnonzero(places[name_ids[start : start + _PIECE_TAGS]] >= 0) + start for start in starts]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _kind_ranks(table: TagTable, rows: I64) -> U8:
    """Return of each tag where its kind stands in ``_KINDS``; 0 for references."""
    ranks = {kind: rank for rank, kinds in enumerate(_KINDS) for kind in kinds}
    of_kinds = np.array([ranks.get(kind, len(_KINDS)) for kind in (*table.kinds, "")], np.uint8)
    found: U8 = of_kinds[table.kind_ids[rows]]
    found[table.roles[rows] == ROLE_REFERENCE] = 0
    return found


def _is_remote(result: ScanResult, rows: I64) -> NDArray[np.bool_]:
    """Return of each tag whether its path is that of a test, an example, vendored or generated code."""
    files = result.file_table
    file_ids = np.searchsorted(files.tag_offsets.astype(np.int64), rows, side="right") - 1
    first, places = distinct_places(file_ids.astype(np.uint32))
    is_remote: NDArray[np.bool_] = kinds_of_paths(files.paths.rows(file_ids[first])) != 0
    return is_remote[places]


def match_names(
    names: StringTable,
    word: bytes,
    *,
    loosest: Likeness = Likeness.FUZZY,
    is_wanted: NDArray[np.bool_] | None = None,
) -> NameMatches:
    """Return the names that are like ``word``.

    loosest    no likeness beyond this one. FUZZY names are looked for only where no name is more like the word.
    is_wanted  (n_names,): names that may be found; all if None.

    An empty word is like no name.
    """
    if not word or not len(names):
        return _matches([], [], [])
    found = _containing(names, word, loosest=loosest, is_wanted=is_wanted)
    if len(found) or loosest < Likeness.FUZZY:
        return found
    return _misspelt(names, word, is_wanted=is_wanted)


def nearest(choices: StringTable, word: bytes, *, limit: int = 3) -> list[bytes]:
    """Return the strings that somebody may have meant who wrote ``word``, the nearest first; some, or none."""
    matches = match_names(choices, word)
    lengths = np.diff(choices.offsets.astype(np.int64))[matches.name_ids]
    order = np.lexsort((matches.name_ids, lengths, matches.edits, matches.likenesses))[:limit]
    return [choices[name_id] for name_id in matches.name_ids[order].tolist()]


def nearest_paths(paths: StringTable, path: bytes, *, limit: int = 3) -> list[bytes]:
    """Return the paths that somebody may have meant who wrote ``path``: near as a whole, or in their last part."""
    found = nearest(paths, path, limit=limit)
    if not found:
        last_parts = [known.rpartition(b"/")[2] for known in paths]
        meant = dict.fromkeys(nearest(StringTable.from_strings(last_parts), path.rpartition(b"/")[2], limit=limit))
        found = [known for part in meant for known, last in zip(paths, last_parts, strict=True) if last == part]
    return found[:limit]


def max_edits_of(word: bytes) -> int:
    """Return how many slips of the pen a word may have: one in four characters."""
    return min(MAX_EDITS, len(word) // _CHARACTERS_PER_EDIT)


def _containing(
    names: StringTable, word: bytes, *, loosest: Likeness, is_wanted: NDArray[np.bool_] | None
) -> NameMatches:
    """Return the names that have ``word`` in them."""
    positions = _positions(names.data, word.lower())
    offsets = names.offsets.astype(np.int64, copy=False)
    name_ids = np.searchsorted(offsets, positions, side="right") - 1
    starts, ends = offsets[name_ids], offsets[name_ids + 1]
    likenesses = np.full(len(positions), Likeness.SUBSTRING, np.uint8)
    likenesses[positions == starts] = Likeness.PREFIX
    likenesses[(positions == starts) & (ends - starts == len(word))] = Likeness.CASE
    is_found = (positions + len(word) <= ends) & (likenesses <= max(loosest, Likeness.CASE))
    if is_wanted is not None:
        is_found &= is_wanted[name_ids]
    name_ids, likenesses = name_ids[is_found], likenesses[is_found]
    # The first place of a name is where it is most like the word.
    is_first = np.diff(name_ids, prepend=-1) != 0
    name_ids, likenesses = name_ids[is_first], likenesses[is_first]
    for row in np.flatnonzero(likenesses == Likeness.CASE).tolist():
        if names[int(name_ids[row])] == word:
            likenesses[row] = Likeness.EXACT
    is_near = likenesses <= loosest
    return _matches(name_ids[is_near], likenesses[is_near], np.zeros(int(is_near.sum()), np.uint8))


def _positions(text: U8, word: bytes) -> I64:
    """Return where in ``text`` the lower-case ``word`` stands in any case, rising."""
    found = []
    for start in range(0, len(text), _PIECE_BYTES):
        piece = np.frombuffer(text[start : start + _PIECE_BYTES + len(word) - 1].tobytes().lower(), np.uint8)
        n_places = len(piece) - len(word) + 1
        if n_places <= 0:
            continue
        is_place = piece[:n_places] == word[0]
        if len(word) > 1:
            is_place &= piece[1 : n_places + 1] == word[1]
        places = np.flatnonzero(is_place)
        for i in range(2, len(word)):
            places = places[piece[places + i] == word[i]]
        found.append(places + start)
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _misspelt(names: StringTable, word: bytes, *, is_wanted: NDArray[np.bool_] | None) -> NameMatches:
    """Return the names that are a few slips of the pen away from ``word``: characters too many, missing, or swapped."""
    max_edits = max_edits_of(word)
    if not max_edits:
        return _matches([], [], [])
    # Loaded where a word matches nothing, and nowhere else.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    name_ids, edits = [], []
    for ids, texts in _lower_case_of_length(names, len(word), max_edits, is_wanted):
        distances = cdist([word.lower()], texts, scorer=OSA.distance, score_cutoff=max_edits, dtype=np.uint8)[0]
        is_near = distances <= max_edits
        name_ids.append(ids[is_near])
        edits.append(distances[is_near])
    n_found = sum(map(len, name_ids))
    likenesses = np.full(n_found, Likeness.FUZZY, np.uint8)
    return _matches(_joined(name_ids), likenesses, _joined(edits))


def _lower_case_of_length(
    names: StringTable, length: int, tolerance: int, is_wanted: NDArray[np.bool_] | None
) -> Iterator[tuple[I64, list[bytes]]]:
    """Yield ids and lower-case texts of the names of about that length, some at a time."""
    for start in range(0, len(names), _PIECE_NAMES):
        bounds = names.offsets[start : start + _PIECE_NAMES + 1].astype(np.int64)
        is_chosen = np.abs(np.diff(bounds) - length) <= tolerance
        if is_wanted is not None:
            is_chosen &= is_wanted[start : start + _PIECE_NAMES]
        chosen = np.flatnonzero(is_chosen)
        if not len(chosen):
            continue
        text = names.data[int(bounds[0]) : int(bounds[-1])].tobytes().lower()
        bounds -= bounds[0]
        ranges = zip(bounds[chosen].tolist(), bounds[chosen + 1].tolist(), strict=True)
        yield chosen + start, [text[first:end] for first, end in ranges]


def _joined(pieces: list[Any]) -> Any:
    return np.concatenate(pieces) if pieces else []


def _matches(name_ids: Any, likenesses: Any, edits: Any) -> NameMatches:
    return NameMatches(np.asarray(name_ids, np.int64), np.asarray(likenesses, np.uint8), np.asarray(edits, np.uint8))
