"""Finds a base of another work tree of the same repository, and shares its columns.

A base depends on the paths and contents of files alone, so work trees that differ little need one between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.base import Base, Kept, language_names
from repomap_fast.indexing.file_times import unknown_times
from repomap_fast.indexing.state import NOT_IN_BASE, overlay_limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.indexing.state import State


def share_base(index: LoadedIndex, files: Files, state: State, *, only_earlier: bool = False) -> Kept | None:
    """Return the base of another work tree whose files are most like those of ``state``, as the base of this one.

    only_earlier  the first one that was kept before the base that this work tree has: a nearer one may itself give way
                  to the first, and its columns would then be kept for this work tree alone.

    None if each differs more than an overlay may. The contents of the files must be known, as far as they can be read.
    The times of all files count as unknown until a state is kept over the base. The columns of the base before stay.
    """
    nearest = _find_nearest(index, files, state, only_earlier=only_earlier)
    if nearest is None:
        return None
    record = {**nearest.record, "times": unknown_times(nearest.state)}
    if not index.store.write_states_of(record["token"], {f"base:{index.name}": record}):
        return None
    state.base_rows[:] = NOT_IN_BASE
    base = nearest.with_record(record)
    return Kept(base, base.state)


def _find_nearest(index: LoadedIndex, files: Files, state: State, *, only_earlier: bool) -> Base | None:
    nearest, fewest = None, 0
    for base in _bases_of_others(index, len(state), only_earlier=only_earlier):
        n_missing = state.count_missing(base.state, files.find_same_queries(base.record))
        if n_missing <= overlay_limit(len(base.state)) and (nearest is None or n_missing < fewest):
            nearest, fewest = base, n_missing
            if only_earlier:
                break
    return nearest


def _bases_of_others(index: LoadedIndex, n_files: int, *, only_earlier: bool) -> Iterator[Base]:
    """Yield the bases, with about so many files, that other work trees have of the same choice of files."""
    store, own = index.store, f"base:{index.name}"
    choice = own[own.rindex("-") :]
    tried = set()
    for name in store.state_names(before=own if only_earlier else None):
        if not name.startswith("base:") or not name.endswith(choice) or name == own:
            continue
        record = store.read_state(name)
        if record is None or record["token"] in tried or record["languages"] != language_names():
            continue
        tried.add(record["token"])
        if abs(record["n_files"] - n_files) > overlay_limit(record["n_files"]):
            continue
        try:
            yield Base.open(record, store)
        except IndexDamagedError:
            # Its own work tree reports it.
            continue
