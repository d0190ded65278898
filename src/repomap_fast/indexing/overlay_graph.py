"""The graph of an overlay: that of its base, changed where a few changed files change it.

It is what a join of all files would give, and only the pages of the base that the change touches are read. One case
takes a pass over all tags: where a name of the base becomes shared, the files that use it must be found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.indexing.graph_rows import GraphRows, Linker, gather
from repomap_fast.indexing.overlay import gone_files
from repomap_fast.indexing.overlay_tags import OverlayTags
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.graph import NAME_DEFINED, NAME_REFERRED, NOT_SHARED, Graph, decide_traits, file_chunks
from repomap_fast.joining.lazy_tags import PagedTags
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import I64, ROLE_DEFINITION, U8, U32, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.base import Base
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.join import Joined
    from repomap_fast.store.columns import Columns


def graph_over(base: Base, state: State, columns: Columns, joined: Joined) -> Graph | None:
    """Return the graph of a state, of which most files are in the base.

    columns, joined  of the files that are not in the base, in their order, as ``join`` writes them.

    It ranks to the last bit as the graph of a join of all files. None if the base or the state has no reference: then
    definitions count as references, and all must be joined. Raises IndexDamagedError; LookupError and ValueError for
    columns that do not fit each other.
    """
    if _has_no_reference(base.state) or _has_no_reference(state):
        return None
    old = base.graph()
    assert isinstance(old.tags, PagedTags)
    kinds = list(dict.fromkeys((*base.record["kinds"], *joined.kinds)))
    tags = OverlayTags.of(old.tags, state, columns, joined, kinds)
    changed_ids: U32 = tags.name_ids[columns.array("name_ids", np.uint32)]
    changed_roles: U8 = columns.array("roles", np.uint8)
    changes = _LinkChanges.of(base, state, old, changed_ids, changed_roles, tags.name_ids)
    shared = _shared_names(old, changes, tags)
    linker = Linker(shared.name_ids, len(old.tags.names) + len(tags.new_names))
    # Of each file: which part has its row, and which row that is.
    is_changed = state.base_rows == NOT_IN_BASE
    parts = [shared.base_rows, linker.link(state.tag_counts[is_changed], changed_ids, changed_roles)]
    part_of_file, row_of_file = is_changed.astype(np.int64), np.where(is_changed, tags.changed_rows, state.base_rows)
    if len(changes.used_in_base):
        file_of_row: I64 = np.full(len(base.state), -1, np.int64)
        file_of_row[state.base_rows[~is_changed]] = np.flatnonzero(~is_changed)
        for base_rows, part in _renumbered(old.tags, base.state.tag_counts, changes.used_in_base, linker):
            files = file_of_row[base_rows]
            part_of_file[files[files >= 0]] = len(parts)
            row_of_file[files[files >= 0]] = np.flatnonzero(files >= 0)
            parts.append(part)
    gathered = gather(parts, part_of_file, row_of_file)
    return Graph(
        paths=state.paths,
        name_ids=shared.name_ids,
        name_traits=shared.traits,
        name_lengths=shared.lengths,
        name_bytes=shared.bytes,
        kinds=tuple(kinds),
        tags=tags,
        **{name: getattr(gathered, name) for name in GraphRows.__slots__},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Shared:
    """The shared names of a graph as in ``Graph``, and the rows of the base by their numbers."""

    name_ids: U32
    traits: U8
    lengths: PagedColumn
    bytes: PagedColumn
    base_rows: GraphRows


def _shared_names(old: Graph, changes: _LinkChanges, tags: OverlayTags) -> _Shared:
    """Return the shared names of the base, without those that are shared no more, with those that are now."""
    rows, old_ids = GraphRows.of_graph(old), old.name_ids
    if not len(changes.gained) and not len(changes.lost):
        return _Shared(old_ids, old.name_traits, old.name_lengths, old.name_bytes, rows)
    is_kept = np.ones(len(old_ids), np.bool_)
    is_kept[np.searchsorted(old_ids, changes.lost)] = False
    name_ids = np.sort(np.concatenate((old_ids[is_kept], changes.gained)))
    numbers = np.searchsorted(name_ids, old_ids).astype(np.uint32)
    numbers[~is_kept] = NOT_SHARED
    if len(changes.lost) or not np.array_equal(numbers, np.arange(len(numbers))):
        rows = rows.renumbered(numbers)
    gained = [tags.name(name_id) for name_id in changes.gained.tolist()]
    positions = np.searchsorted(name_ids, changes.gained)
    traits: U8 = np.zeros(len(name_ids), np.uint8)
    traits[numbers[is_kept]] = old.name_traits[is_kept]
    traits[positions] = np.array([decide_traits(name.decode(errors="replace")) for name in gained], np.uint8)
    spelled = _with_names(old.shared_names().rows(np.flatnonzero(is_kept)), gained, positions)
    lengths = PagedColumn(np.diff(spelled.offsets).astype(np.uint32))
    return _Shared(name_ids, traits, lengths, PagedColumn(spelled.data), rows)


def _with_names(table: StringTable, names: list[bytes], positions: NDArray[np.intp]) -> StringTable:
    """Return a table with more names: ``names[i]`` is row ``positions[i]`` of it, and these rise."""
    lengths = np.zeros(len(table) + len(names), np.uint64)
    is_new = np.zeros(len(lengths), np.bool_)
    is_new[positions] = True
    lengths[~is_new] = np.diff(table.offsets)
    lengths[is_new] = [len(name) for name in names]
    runs, start = [], 0
    for name, position in zip(names, (positions - np.arange(len(positions))).tolist(), strict=True):
        stop = int(table.offsets[position])
        runs += [table.data[start:stop], np.frombuffer(name, np.uint8)]
        start = stop
    return StringTable(offsets_from(lengths), np.concatenate([*runs, table.data[start:]]))


def _has_no_reference(state: State) -> bool:
    return int(state.tag_counts.sum(dtype=np.int64)) == int(state.definition_counts.sum(dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _LinkChanges:
    """Ids of names that become shared and of names that stop being shared. Each column rises.

    used_in_base  the new shared names that unchanged files also use.
    """

    gained: U32
    lost: U32
    used_in_base: U32

    @classmethod
    def of(cls, base: Base, state: State, old: Graph, changed_ids: U32, changed_roles: U8, changed_names: U32) -> Self:
        """Find them among the names of the files that are gone and of the changed files."""
        tags = old.tags
        assert isinstance(tags, PagedTags)
        empty = [np.empty(0, np.uint32)]
        gone_with_bounds = list(gone_files(base.state, state))
        gone = [row for row, _, _ in gone_with_bounds]
        uses = np.concatenate(
            [*(distinct(tags.name_ids.rows(start, stop)) for _, start, stop in gone_with_bounds), *empty]
        )
        touched = distinct(np.concatenate((uses, changed_names)))
        n_touched, n_below = len(touched), len(tags.names)
        n_in_base = int(np.searchsorted(touched, n_below))
        in_base = touched[:n_in_base]
        positions = np.minimum(np.searchsorted(old.name_ids, in_base), max(old.n_shared - 1, 0))
        was_shared = np.zeros(n_touched, np.bool_)
        if old.n_shared:
            was_shared[:n_in_base] = old.name_ids[positions] == in_base
        is_asked = np.zeros(old.n_shared, np.bool_)
        is_asked[positions[was_shared[:n_in_base]]] = True
        # How many unchanged files define each, and refer to it.
        left: dict[int, I64] = {}
        n_uses = np.bincount(np.searchsorted(in_base, uses), minlength=n_in_base)
        n_files = tags.names.file_counts.at(in_base).astype(np.int64) - n_uses
        roles = base.columns.paged("graph_name_roles", np.uint8).at(in_base)
        for bit, offsets, numbers in (
            (NAME_DEFINED, old.definer_offsets, old.definer_names),
            (NAME_REFERRED, old.reference_offsets, old.reference_names),
        ):
            went = [numbers[int(offsets[row]) : int(offsets[row + 1])] for row in gone]
            # Only the touched ones: counting all would take eight bytes for each number.
            n_shared = np.bincount(numbers[is_asked[numbers]], minlength=max(old.n_shared, 1))
            n_shared -= np.bincount(np.concatenate([*went, *empty]), minlength=max(old.n_shared, 1))
            left[bit] = np.zeros(n_touched, np.int64)
            left[bit][:n_in_base] = np.where(
                was_shared[:n_in_base], n_shared[positions], np.where(roles & bit, n_files, 0)
            )
        is_definition = changed_roles == ROLE_DEFINITION
        is_defined, is_referred = left[NAME_DEFINED] > 0, left[NAME_REFERRED] > 0
        is_defined[np.searchsorted(touched, changed_ids[is_definition])] = True
        is_referred[np.searchsorted(touched, changed_ids[~is_definition])] = True
        is_shared = is_defined & is_referred
        is_gained = is_shared & ~was_shared
        is_in_base = is_gained & ((left[NAME_DEFINED] > 0) | (left[NAME_REFERRED] > 0))
        return cls(touched[is_gained], touched[was_shared & ~is_shared], touched[is_in_base])


def _renumbered(tags: PagedTags, tag_counts: U32, name_ids: U32, linker: Linker) -> Iterator[tuple[I64, GraphRows]]:
    """Yield the rows of the base that have one of these names, some at a time, and their rows in the new graph."""
    is_wanted = np.zeros(len(tags.names), np.bool_)
    is_wanted[name_ids] = True
    for first, end, start, stop in file_chunks(tag_counts):
        of_chunk = tags.name_ids.read(start, stop)
        hits = np.flatnonzero(is_wanted[of_chunk])
        if not len(hits):
            continue
        bounds = offsets_from(tag_counts[first:end]).astype(np.int64)
        has_one = np.zeros(end - first, np.bool_)
        has_one[np.searchsorted(bounds, hits, side="right") - 1] = True
        is_taken = np.repeat(has_one, tag_counts[first:end])
        part = linker.link(tag_counts[first:end][has_one], of_chunk[is_taken], tags.roles.read(start, stop)[is_taken])
        yield np.flatnonzero(has_one) + first, part
