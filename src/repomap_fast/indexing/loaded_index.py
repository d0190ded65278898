"""What an index carries from one refresh to the next.

The one place below ``indexing`` whose attributes are assigned after it was made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError
from repomap_fast.indexing.base import Base, Kept, language_names
from repomap_fast.indexing.blocks import BLOCK_CACHE_BYTES
from repomap_fast.indexing.seen_files import SeenFiles
from repomap_fast.indexing.state import State, apply_overlay
from repomap_fast.store.lru import LruCache

if TYPE_CHECKING:
    from collections.abc import Hashable

    from repomap_fast.indexing.kept_history import KeptHistory
    from repomap_fast.indexing.late_tables import LateTables
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.metrics import IndexStats
    from repomap_fast.store.store import Store
    from repomap_fast.tables import FileTable


class Refreshed(NamedTuple):
    """What a refresh gave: its result, what it took, and the tables that the result loads late.

    is_settled  whether a refresh that finds the same files would do the same again: the tags of all files were known.
                Only of a refresh for an answer, whose table of files nobody else has.
    """

    result: ScanResult
    stats: IndexStats
    tables: LateTables
    is_settled: bool = False


class Answers:
    """Results computed from the files of an index, kept until a file changes.

    known     the results, by question; they are small: counts and the like.
    unlisted  digests of other files that results depend on, by path; None for one that could not be read. They are
              not listed, or have no language. Who uses the results compares these files first.
    finder    what finds references, with what it has read of the files; None while there is none. Who keeps it here
              bounds what it holds.
    """

    def __init__(self, state: State, files: FileTable) -> None:
        """Begin without answers; ``state`` is that of the files that have a language."""
        self._state = state
        self._files = files
        self.known: dict[Hashable, Any] = {}
        self.unlisted: dict[str, bytes | None] = {}
        self.finder: object | None = None

    def clear(self) -> None:
        """Forget all answers."""
        self.known.clear()
        self.unlisted.clear()

    def hold_for(self, state: State, files: FileTable) -> bool:
        """Return whether the same files are listed, and those that have a language are as they were."""
        last = self._state
        if last is state and self._files is files:
            return True
        return (
            self._files.paths.equals(files.paths)
            and np.array_equal(self._files.language_ids, files.language_ids)
            and np.array_equal(last.sizes_bytes, state.sizes_bytes)
            and np.array_equal(last.mtimes_ns, state.mtimes_ns)
            and np.array_equal(last.digests, state.digests)
        )


class LoadedIndex:
    """What an index carries from one refresh to the next.

    name       of its states in the store: a key of the work tree, ``-``, and one of the choice of files.
    store      where it is kept.
    blocks     a cache of blocks.
    seen       the files as they were last seen.
    kept       the last state and its base; None until one is loaded or made.
    refreshed  what the last refresh gave; None before the first.
    history    the history that was last asked for; None before.
    answers    what was last computed of the files by those who use the index; None before.
    """

    def __init__(self, name: str, store: Store, *, once: bool = False) -> None:
        """Begin without a state; ``once``: it is refreshed once, and remembers no folders for the next time."""
        self.name = name
        self.store = store
        self.blocks = LruCache(BLOCK_CACHE_BYTES)
        self.seen = SeenFiles(remembers=not once, store=store, name=name)
        self.kept: Kept | None = None
        self.refreshed: Refreshed | None = None
        self.history: KeptHistory | None = None
        self.answers: Answers | None = None
        self._version: object = None

    def load(self) -> Kept | None:
        """Read the last state, unless it is in memory and no other process has written a newer one."""
        if self.kept is None or (self.kept.base.record["token"] and self.store.is_writable):
            version = self.store.version()
            if self.kept is None or version is None or version != self._version:
                base = self._load_base()
                self.kept = None if base is None else self._with_overlay(base)
                self._version = version
        return self.kept

    def _with_overlay(self, base: Base) -> Kept:
        overlay = self.store.read_state(f"overlay:{self.name}")
        if self.kept is not None and base is self.kept.base and overlay == self.kept.overlay:
            return self.kept
        # An overlay of another base was left behind when this one was made.
        if overlay is not None and overlay["token"] == base.record["token"]:
            try:
                return Kept(base, apply_overlay(base.state, overlay), overlay)
            except ValueError as error:
                self.report_damage(error, base.record["token"])
        return Kept(base, base.state)

    def _load_base(self) -> Base | None:
        record = self.store.read_state(f"base:{self.name}")
        if record is None or record["languages"] != language_names():
            return None
        if self.kept is not None and all(self.kept.base.record[name] == record[name] for name in ("token", "times")):
            return self.kept.base
        try:
            return Base.open(record, self.store)
        except IndexDamagedError as error:
            return self._load_base() if not self.report_damage(error, record["token"]) else None

    def spare_memory(self, base: Base) -> None:
        """Let go of the blocks that a base has been made of, where it is on disk: nothing but its repair asks for them.

        The database still has them.
        """
        if base.record["token"]:
            self.blocks.clear()
            self.store.spare_memory()

    def report_damage(self, error: Exception, token: str) -> bool:
        """Report damage in the base of that token. Return False if another process has replaced it already.

        A base that cannot be read now may be sound: it stays as it is, and nothing more is written.
        """
        if isinstance(error, IndexUnreadableError):
            self.store.stop_writing(error)
            return True
        kept = self.store.read_state(f"base:{self.name}") if self.store.is_open else None
        is_damaged: bool = kept is None or kept["token"] == token
        if is_damaged:
            self.store.notes.append(f"a part of the index was damaged and is made again: {error}")
        return is_damaged
