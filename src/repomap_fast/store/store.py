"""What an index needs of a store, and the simplest store: memory. ``sqlite_store`` has the one that lasts.

A store never raises for trouble with what it keeps: that is a note. Only a closed one raises StoreError.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from repomap_fast.errors import StoreError
from repomap_fast.store.columns import ColumnFolder, KeptColumns, Manifest, MemoryColumns

DEFAULT_MAX_AGE_DAYS = 30
"""Blocks that were not used for as long are pruned."""
DEFAULT_MAX_BYTES = 4 << 30
"""Bytes of all blocks in one store; the oldest are pruned first."""
_UNUSED_BYTES = 8 << 20
"""Blocks that a store in memory keeps though nobody may use them, beside as many bytes as are used."""
_NOTHING: Mapping[Any, Any] = MappingProxyType({})


class StoreReader(Protocol):
    """Opens a store to read from when it is needed."""

    def open(self) -> Store:
        """Return a store that reads what is kept, and keeps what is new in memory; the caller closes it."""
        ...


class Store(Protocol):
    """What an index needs of a store. Trouble with what is kept is a note, never an error."""

    notes: list[str]

    @property
    def is_open(self) -> bool:
        """Whether it was not closed yet. Using a closed store raises StoreError."""
        ...

    @property
    def is_writable(self) -> bool:
        """Whether what is written is kept as long as the store says."""
        ...

    def reader(self) -> StoreReader:
        """Return what opens a store that reads the same blocks and does not depend on this one."""
        ...

    def has_blocks(self) -> bool:
        """Return whether there is any block."""
        ...

    def is_written_by_others(self) -> bool:
        """Return whether another process has written to it since this was last asked; False the first time."""
        ...

    def version(self) -> object:
        """Return what changes with each write to what is kept, by whomever; None where that is not known."""
        ...

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there, unchecked."""
        ...

    def write_blocks(self, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep blocks; those of a killed process may be lost until ``commit``."""
        ...

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none whose seal fits."""
        ...

    def write_state(self, name: str, state: Any) -> bool:
        """Keep a state, in place of the one of that name, and commit; return whether it is kept."""
        ...

    def write_states_of(self, token: str, states: Mapping[str, Any]) -> bool:
        """Keep states that use these columns, in one transaction; return False if the columns are not in use any more.

        Where nothing can be written, the columns may be used all the same.
        """
        ...

    def state_names(self, *, before: str | None = None) -> list[str]:
        """Return the names of all states, sorted; or of those written before that one, the first one first."""
        ...

    def new_columns(self) -> ColumnFolder | MemoryColumns:
        """Return new columns to write."""
        ...

    def open_columns(self, token: str, manifest: Manifest) -> KeptColumns:
        """Open columns. Raises IndexDamagedError."""
        ...

    def drop_columns(self, token: str) -> None:
        """Remove columns, unless a state uses them."""
        ...

    def stop_writing(self, error: Exception) -> None:
        """Write nothing any more; a note says why."""
        ...

    def touch(self, keys: Iterable[bytes]) -> None:
        """Write today as the day when these blocks were last used."""
        ...

    def prune(self, *, max_age_days: float, max_bytes: int) -> int:
        """Remove what is old or too much; return the bytes of the blocks that went."""
        ...

    def commit(self) -> None:
        """Write what is not written yet, so that it outlives the process."""
        ...

    def spare_memory(self) -> None:
        """Commit, and let go of what is in memory and can be read from disk again."""
        ...

    def close(self) -> None:
        """Commit, and close all files. Using it afterwards raises StoreError."""
        ...


class MemoryReader(NamedTuple):
    """Opens a store with the blocks and states of another one."""

    blocks: Mapping[bytes, bytes]
    states: Mapping[str, Any]

    def open(self) -> MemoryStore:
        """Return a store of its own with these blocks and states."""
        return MemoryStore(blocks=self.blocks, states=self.states)


class MemoryStore:
    """Keeps everything in memory until it is closed, and serves where there is no place to write."""

    def __init__(
        self,
        note: str | None = None,
        *,
        blocks: Mapping[bytes, bytes] = _NOTHING,
        states: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self.notes = [] if note is None else [note]
        self._kept_blocks = dict(blocks)
        self._kept_states = dict(states)
        self._is_open = True
        self._n_bytes = self._n_bytes_used = 0

    @property
    def is_open(self) -> bool:
        """Whether it was not closed yet."""
        return self._is_open

    @property
    def is_writable(self) -> bool:
        """True: what is written is kept until the store is closed."""
        return True

    @property
    def _blocks(self) -> dict[bytes, bytes]:
        self._check_open()
        return self._kept_blocks

    @property
    def _states(self) -> dict[str, Any]:
        self._check_open()
        return self._kept_states

    def _check_open(self) -> None:
        if not self._is_open:
            raise StoreError("the index in memory was closed; open another one to use it")

    def reader(self) -> MemoryReader:
        """Return what opens a store with the same blocks and states."""
        return MemoryReader(self._blocks, self._states)

    def has_blocks(self) -> bool:
        """Return whether there is any block."""
        return bool(self._blocks)

    def is_written_by_others(self) -> bool:
        """Return False: no other process knows of it."""
        return False

    def version(self) -> object:
        """Return None: nothing counts what is written."""
        return None

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there."""
        blocks = self._blocks
        return {key: blocks[key] for key in keys if key in blocks}

    def write_blocks(self, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep blocks."""
        kept = self._blocks
        for key, block in blocks:
            kept[key] = block
            self._n_bytes += len(block)

    @property
    def has_grown(self) -> bool:
        """Whether so much was written since ``touch`` that it pays to say again what is used."""
        return self._n_bytes > 2 * self._n_bytes_used + _UNUSED_BYTES

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none."""
        return self._states.get(name)

    def write_state(self, name: str, state: Any) -> bool:
        """Keep a state, in place of the one of that name."""
        self._states[name] = state
        return True

    def write_states_of(self, token: str, states: Mapping[str, Any]) -> bool:
        """Keep states."""
        self._states.update(states)
        return True

    def state_names(self, *, before: str | None = None) -> list[str]:
        """Return the names of all states, sorted; none that were written before another one, which is not known."""
        return sorted(self._states) if before is None else []

    def new_columns(self) -> MemoryColumns:
        """Return columns in memory."""
        self._check_open()
        return MemoryColumns()

    def open_columns(self, token: str, manifest: Manifest) -> KeptColumns:
        """Raises StoreError: columns in memory have no token."""
        raise StoreError(f"there are no columns {token!r} in memory")

    def drop_columns(self, token: str) -> None:
        """Remove nothing: columns go with their last user."""

    def stop_writing(self, error: Exception) -> None:
        """Do nothing: nothing is written."""

    def touch(self, keys: Iterable[bytes]) -> None:
        """Drop all other blocks: this store lives for one process only. Readers that were made of it keep theirs."""
        self._kept_blocks = self.read_blocks(list(keys))
        self._n_bytes = self._n_bytes_used = sum(map(len, self._kept_blocks.values()))

    def prune(self, *, max_age_days: float, max_bytes: int) -> int:
        """Remove nothing."""
        self._check_open()
        return 0

    def commit(self) -> None:
        """Do nothing: nothing is written."""
        self._check_open()

    def spare_memory(self) -> None:
        """Do nothing: nothing could be read again."""
        self._check_open()

    def close(self) -> None:
        """Use it no more. Its blocks stay for the readers that were made of it."""
        self._is_open = False
