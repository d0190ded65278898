"""Names that are like a word: equal to it, beginning with it, containing it, or misspelt.

A large repository has millions of names. They are never turned into Python objects: the word is searched for in the
bytes of all names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.ranking import _similar_names
from repomap_fast.tables import I64, U8, StringTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

_CHUNK_NAMES = 1 << 16
"""Names that are compared with a misspelt word at a time."""
NO_LIKENESS = 255
"""Stands for the likeness of a name that is not like the word."""
MAX_EDITS = 3
"""The most typing errors that a word may have."""
_CHARACTERS_PER_EDIT = 4


class Likeness(IntEnum):
    """Likeness of a name to a word, the closest first."""

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
    likenesses  (n,) uint8: values of Likeness. All but EXACT ignore the case of ASCII letters.
    edits       (n,) uint8: edits between a FUZZY name and the word; zeros for all others.
    """

    name_ids: I64
    likenesses: U8
    edits: U8

    def __len__(self) -> int:
        return len(self.name_ids)


def match_names(
    names: StringTable,
    word: bytes,
    *,
    loosest: Likeness = Likeness.FUZZY,
    is_wanted: NDArray[np.bool_] | None = None,
) -> NameMatches:
    """Return the names that are like ``word``.

    loosest    the loosest likeness that counts. FUZZY names are searched for only if no name is closer to the word.
    is_wanted  (n_names,): names that may match; all if None.

    An empty word matches no name.
    """
    if not word or not len(names):
        return _matches([], [], [])
    likenesses = _containing(names, word, loosest=loosest, is_wanted=is_wanted)
    name_ids = np.flatnonzero(likenesses != NO_LIKENESS)
    if len(name_ids) or loosest < Likeness.FUZZY:
        return _matches(name_ids, likenesses[name_ids], np.zeros(len(name_ids), np.uint8))
    return misspelt_names(names, word, is_wanted=is_wanted)


def likenesses_of(tables: Callable[[], Iterable[StringTable]], word: bytes, *, loosest: Likeness) -> tuple[U8, U8]:
    """Return of every name what ``match_names`` says of those that it finds: likenesses and edits.

    tables  gives the names, some at a time.

    Both are (n_names,) uint8, table by table. The likeness is NO_LIKENESS, and the edits are 0, for a name that is not
    like ``word``. They take a byte a name, where the numbers of the names that are found may take eight.
    """
    columns = [
        _containing(names, word, loosest=loosest, is_wanted=None)
        if word
        else np.full(len(names), NO_LIKENESS, np.uint8)
        for names in tables()
    ]
    likenesses: U8 = np.concatenate(columns) if columns else np.empty(0, np.uint8)
    edits = np.zeros(len(likenesses), np.uint8)
    if word and loosest >= Likeness.FUZZY and not (likenesses != NO_LIKENESS).any():
        first = 0
        for names in tables():
            found = misspelt_names(names, word, is_wanted=None)
            likenesses[first + found.name_ids], edits[first + found.name_ids] = found.likenesses, found.edits
            first += len(names)
    return likenesses, edits


def nearest(choices: StringTable, word: bytes, *, limit: int = 3) -> list[bytes]:
    """Return the strings that the author of ``word`` may have meant, the closest first. There may be none."""
    matches = match_names(choices, word)
    lengths = np.diff(choices.offsets.astype(np.int64))[matches.name_ids]
    order = np.lexsort((matches.name_ids, lengths, matches.edits, matches.likenesses))[:limit]
    return [choices[name_id] for name_id in matches.name_ids[order].tolist()]


def nearest_paths(paths: StringTable, path: bytes, *, limit: int = 3) -> list[bytes]:
    """Return the paths that the author of ``path`` may have meant: similar as a whole, or in their last part."""
    found = nearest(paths, path, limit=limit)
    if not found:
        last_parts = [known.rpartition(b"/")[2] for known in paths]
        meant = dict.fromkeys(nearest(StringTable.from_strings(last_parts), path.rpartition(b"/")[2], limit=limit))
        found = [known for part in meant for known, last in zip(paths, last_parts, strict=True) if last == part]
    return found[:limit]


def max_edits_for(word: bytes) -> int:
    """Return how many edits a misspelt word may be away from a name: one for each four characters."""
    return min(MAX_EDITS, len(word) // _CHARACTERS_PER_EDIT)


def _containing(names: StringTable, word: bytes, *, loosest: Likeness, is_wanted: NDArray[np.bool_] | None) -> U8:
    """Return how like ``word`` each name is that contains it, NO_LIKENESS for all others: (n_names,) uint8."""
    likenesses = _similar_names.likenesses_in(names.offsets, names.data, word)
    if loosest < Likeness.SUBSTRING:
        likenesses[likenesses > loosest] = NO_LIKENESS
    if is_wanted is not None:
        likenesses[~is_wanted] = NO_LIKENESS
    return likenesses


def misspelt_names(names: StringTable, word: bytes, *, is_wanted: NDArray[np.bool_] | None) -> NameMatches:
    """Return the names that are a few edits away from ``word``: characters added, missing, replaced, or swapped."""
    max_edits = max_edits_for(word)
    if not max_edits:
        return _matches([], [], [])
    # Loaded only if a word matches nothing.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    name_ids, edits = [], []
    for ids, texts in _lower_case_texts(names, len(word), max_edits, is_wanted):
        distances = cdist([word.lower()], texts, scorer=OSA.distance, score_cutoff=max_edits, dtype=np.uint8)[0]
        is_near = distances <= max_edits
        name_ids.append(ids[is_near])
        edits.append(distances[is_near])
    n_found = sum(map(len, name_ids))
    likenesses = np.full(n_found, Likeness.FUZZY, np.uint8)
    return _matches(_joined(name_ids), likenesses, _joined(edits))


def _lower_case_texts(
    names: StringTable, length: int, tolerance: int, is_wanted: NDArray[np.bool_] | None
) -> Iterator[tuple[I64, list[bytes]]]:
    """Yield ids and lower-case texts of the names of about that length, a chunk at a time."""
    for start in range(0, len(names), _CHUNK_NAMES):
        bounds = names.offsets[start : start + _CHUNK_NAMES + 1].astype(np.int64)
        is_chosen = np.abs(np.diff(bounds) - length) <= tolerance
        if is_wanted is not None:
            is_chosen &= is_wanted[start : start + _CHUNK_NAMES]
        chosen = np.flatnonzero(is_chosen)
        if not len(chosen):
            continue
        text = names.data[int(bounds[0]) : int(bounds[-1])].tobytes().lower()
        bounds -= bounds[0]
        ranges = zip(bounds[chosen].tolist(), bounds[chosen + 1].tolist(), strict=True)
        yield chosen + start, [text[first:end] for first, end in ranges]


def _joined(chunks: list[Any]) -> Any:
    return np.concatenate(chunks) if chunks else []


def _matches(name_ids: Any, likenesses: Any, edits: Any) -> NameMatches:
    return NameMatches(np.asarray(name_ids, np.int64), np.asarray(likenesses, np.uint8), np.asarray(edits, np.uint8))
