"""What an index remembers of its files from one refresh to the next, so that no folder is listed twice in vain."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.discovery.walk_memory import WalkMemory
from repomap_fast.indexing.kept_walk import read_walk, write_walk
from repomap_fast.indexing.state import COARSE_GRAIN_NS
from repomap_fast.languages.identify import Identified, identify, identify_again

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.contents import Contents
    from repomap_fast.indexing.context import Context
    from repomap_fast.store.store import Store
    from repomap_fast.tables import U16


class _Seen(NamedTuple):
    """Files, their languages, and when both were asked, in nanoseconds since 1970."""

    found: Discovery
    identified: Identified
    at_ns: int


class SeenFiles:
    """The files of one folder, with one choice of them, as they were last seen in this process."""

    def __init__(self, *, remembers: bool = True, store: Store | None = None, name: str = "") -> None:
        """Begin with no files.

        remembers  False where ``find`` is called once: what folders had is not kept for the next time.
        store      where the last walk of another process is, under ``name``, and this one is kept; None for nowhere.
        """
        has_memory = remembers or store is not None
        self._memory = WalkMemory(stands_for_git=remembers) if has_memory else None
        self._remembers = remembers
        self._last: _Seen | None = None
        self._store, self._name = store, name
        self._is_first = True

    def find(self, context: Context, *, has_time: bool = True) -> Discovery:
        """Return the files as they are now. Raises ScanCancelled.

        If the context is of an answer alone, sizes and times of files that no answer reads may be as they were last.
        ``has_time`` is as for ``discover``.
        """
        memory, is_sparing, is_first = self._memory, context.is_for_answer, self._is_first
        root, options, watch = context.root, context.options, context.watch
        if is_first and memory is not None and self._store is not None:
            kept = read_walk(self._store, self._name)
            if kept is not None:
                memory.restore(kept)
        found = discover(root, options, watch, memory=memory, is_sparing=is_sparing, has_time=has_time)
        self._is_first = False
        # Later walks of this process list few folders: to keep each would take longer than what it saves the next one.
        if is_first and has_time and memory is not None and self._store is not None:
            walk = memory.take_new()
            if walk is not None:
                write_walk(self._store, self._name, walk)
        if not self._remembers:
            self._memory = None
        return found

    def languages(self, found: Discovery, contents: Contents) -> U16:
        """Return the languages of files that ``find`` has just returned."""
        last, now_ns = self._last, time.time_ns()
        if last is None or not last.found.paths.equals(found.paths):
            identified = identify(contents, found.paths)
        else:
            identified = identify_again(contents, found.paths, last.identified, _may_have_changed(found, last))
        self._last = _Seen(found, identified, now_ns)
        if self._memory is not None:
            self._memory.spare(found.paths, found.as_inodes(), identified.without_language())
        return identified.rows


def _may_have_changed(found: Discovery, last: _Seen) -> NDArray[np.bool_]:
    """Return which of the files may have other contents than before."""
    before = last.found
    has_changed: NDArray[np.bool_] = (found.mtimes_ns != before.mtimes_ns) | (found.inodes != before.inodes)
    has_changed |= (found.ctimes_ns != before.ctimes_ns) | (found.sizes_bytes != before.sizes_bytes)
    # It could have changed again within the clock's grain.
    return has_changed | (np.maximum(found.mtimes_ns, found.ctimes_ns) >= last.at_ns - COARSE_GRAIN_NS)
