"""Search: the tags whose names are like a word, the best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.argument_types import text
from repomap_fast.arrays import distinct_places
from repomap_fast.errors import OptionError
from repomap_fast.ranking.path_kinds import classify_paths
from repomap_fast.ranking.similar_names import Likeness, match_names
from repomap_fast.tables import I64, ROLE_REFERENCE, U8

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.tables import TagTable

_CHUNK_TAGS = 1 << 20
"""Tags that are searched at a time."""
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
    starts = range(0, len(name_ids), _CHUNK_TAGS)
    found = [np.flatnonzero(places[name_ids[start : start + _CHUNK_TAGS]] >= 0) + start for start in starts]
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
    is_remote: NDArray[np.bool_] = classify_paths(files.paths.rows(file_ids[first])) != 0
    return is_remote[places]
