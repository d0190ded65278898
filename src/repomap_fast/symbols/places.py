"""The places that refer to a symbol: tags, and uses as a value; those that matter most come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import are_among, distinct_places
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.sparse_tags import rows_of_name
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.paths import row_of
from repomap_fast.resolving.bindings import files_with_foreign
from repomap_fast.symbols.families import families_of_files, families_of_tags
from repomap_fast.symbols.source import read_source
from repomap_fast.tables import I64, ROLE_DEFINITION, ROLE_REFERENCE, U32

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.symbols.names import Named

_MEMBER = USE_KINDS.index("member")
NO_TAG = -1
"""``tags`` of a use, which is no tag; ``kinds`` of a tag, whose kind the table has."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Places that refer to a name: (n,) each.

    files          rows of the file table.
    rows, columns  zero-based row; column in bytes of the UTF-8 text.
    tags           rows of the table of tags, or NO_TAG.
    kinds          rows of ``USE_KINDS``, or NO_TAG.
    """

    files: I64
    rows: U32
    columns: U32
    tags: I64
    kinds: I64

    def __len__(self) -> int:
        return len(self.rows)

    def at(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> Places:
        """Return these places."""
        return Places(
            self.files[places], self.rows[places], self.columns[places], self.tags[places], self.kinds[places]
        )

    @property
    def n_files(self) -> int:
        """How many files they are in."""
        return len(distinct_places(self.files)[0])


def no_places() -> Places:
    """Return no place at all."""
    none: I64 = np.empty(0, np.int64)
    return Places(none, np.empty(0, np.uint32), np.empty(0, np.uint32), none, none)


def count_definitions(result: ScanResult, named: Named) -> int:
    """Return how many definitions have the name of a symbol, in languages of its family."""
    return _tags_named(result, named, named.key)[1]


def find_places(result: ScanResult, named: Named, whole: ScanResult) -> Places:
    """Return what refers to a symbol by name, the best files first.

    whole  a scan of all files; ``result`` may have a few of them.

    No place is in another family of languages than the definitions of the symbol. Raises IndexDamagedError.
    """
    key = named.key
    tags, _ = _tags_named(result, named, key)
    table = result.sparse_tags
    of_tags = Places(_files_of(result, tags), table.rows[tags], table.columns[tags], tags, np.full(len(tags), NO_TAG))
    of_uses = _uses_named(result, named, key, whole)
    pairs = zip(_columns_of(of_tags), _columns_of(of_uses), strict=True)
    both = Places(*(np.concatenate(pair) for pair in pairs))
    return _best_files_first(result, both.at(np.lexsort((both.columns, both.rows, both.files))))


def without_foreign(result: ScanResult, named: Named, places: Places, whole: ScanResult) -> Places:
    """Return the places but those whose file imports the name from outside of the repository.

    Members of that name (``x.name``) may be ours all the same.
    """
    if not len(places) or not len(named.rows):
        return places
    foreign = files_with_foreign(result, named.key, whole, places.files)
    foreign -= set(_files_of(result, named.rows).tolist())
    if not foreign:
        return places
    is_kept = places.kinds == _MEMBER
    is_kept |= ~are_among(places.files, np.array([*foreign], np.int64))
    for file in sorted(foreign):
        source = read_source(result.contents, result.file_table.paths[file], result.options.max_file_size)
        for place in np.flatnonzero((places.files == file) & ~is_kept).tolist():
            row, column = int(places.rows[place]), int(places.columns[place])
            is_kept[place] = source is not None and _is_member(source, row, column)
    return places.at(is_kept)


def scope_at(result: ScanResult, places: Places, place: int) -> str | None:
    """Return the names of the definitions around a place, outermost first, joined by dots; None where none is."""
    if places.tags[place] != NO_TAG:
        return result.scope(int(places.tags[place]))
    table, offsets = result.sparse_tags, result.file_table.tag_offsets
    start, stop = (int(offsets[int(places.files[place]) + i]) for i in range(2))
    row = places.rows[place]
    is_around = (table.roles[start:stop] == ROLE_DEFINITION) & (table.rows[start:stop] <= row)
    around = np.flatnonzero(is_around & (table.end_rows[start:stop] >= row)) + start
    if not len(around):
        return None
    innermost = int(around[np.lexsort((around, table.rows[around]))[-1]])
    tag = result.tag(innermost)
    return f"{tag.scope}.{tag.name}" if tag.scope else tag.name


def _columns_of(places: Places) -> tuple[NDArray[np.generic], ...]:
    return places.files, places.rows, places.columns, places.tags, places.kinds


def _tags_named(result: ScanResult, named: Named, key: bytes) -> tuple[I64, int]:
    """Return the rows of the references to a symbol's name, and how many definitions they may mean."""
    table = result.sparse_tags
    rows = rows_of_name(table, key)
    if len(rows) and len(named.rows):
        rows = rows[np.isin(families_of_tags(result, rows), families_of_tags(result, named.rows))]
    is_reference = table.roles[rows] == ROLE_REFERENCE
    return rows[is_reference], int(np.count_nonzero(~is_reference))


def _uses_named(result: ScanResult, named: Named, key: bytes, whole: ScanResult) -> Places:
    uses = whole.uses.of_name(key)
    files: I64 = whole.file_table.rows_with_language()[uses.file_ids].astype(np.int64)
    if result is not whole:
        rows = {file: row_of(result.file_table.paths, whole.file_table.paths[file]) for file in set(files.tolist())}
        files = np.array([-1 if (row := rows[file]) is None else row for file in files.tolist()], np.int64)
    is_there = files >= 0
    if len(named.rows):
        is_there[is_there] = np.isin(families_of_files(result, files[is_there]), families_of_tags(result, named.rows))
    kinds = uses.kinds.astype(np.int64)
    return Places(files, uses.rows, uses.columns, np.full(len(files), NO_TAG), kinds).at(is_there)


def _is_member(source: SourceLines, row: int, column: int) -> bool:
    """Return whether the name at a place stands behind what it is a member of."""
    if row >= len(source):
        return False
    before = source.line(row, column).encode("utf-8", "replace")[:column].rstrip()
    return before.endswith((b".", b"->", b"::"))


def _files_of(result: ScanResult, rows: I64) -> I64:
    offsets = result.file_table.tag_offsets.astype(np.int64)
    return np.searchsorted(offsets, rows, side="right") - 1


def _best_files_first(result: ScanResult, places: Places) -> Places:
    if not len(places):
        return places
    first, which = distinct_places(places.files)
    is_remote = classify_files(result.file_table, places.files[first]) != 0
    counts = np.bincount(which)
    return places.at(np.lexsort((np.arange(len(places)), places.files, -counts[which], is_remote[which])))
