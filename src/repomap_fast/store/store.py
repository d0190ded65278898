"""What an index needs of the place where it keeps things, and the plainest such place: memory.

``sqlite_store`` has the one that outlives the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from repomap_fast.errors import StoreError
from repomap_fast.store.columns import ColumnFolder, KeptColumns, Manifest, MemoryColumns

DEFAULT_MAX_AGE_DAYS = 30
"""Blocks that were of no use for as long are pruned."""
DEFAULT_MAX_BYTES = 4 << 30
"""Of blocks, in one store; the oldest are pruned first."""


class Store(Protocol):
    """What an index needs of the place where it keeps things; trouble of a store is a note, never an error."""

    notes: list[str]

    def has_blocks(self) -> bool:
        """Return whether there is any block, so that asking for some may pay."""
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

    def new_columns(self) -> ColumnFolder | MemoryColumns:
        """Return where columns are to be written."""
        ...

    def open_columns(self, token: str, manifest: Manifest) -> KeptColumns:
        """Open columns. Raises IndexDamagedError."""
        ...

    def drop_columns(self, token: str) -> None:
        """Remove columns that no state names any more."""
        ...

    def stop_writing(self, error: Exception) -> None:
        """Leave everything that is kept as it is from now on; a note says why."""
        ...

    def touch(self, keys: Iterable[bytes]) -> None:
        """Note that these blocks are of use today."""
        ...

    def prune(self, *, max_age_days: float, max_bytes: int) -> int:
        """Remove what is old or too much; return the bytes of the blocks that went."""
        ...

    def commit(self) -> None:
        """See that what was written outlives the process."""
        ...

    def close(self) -> None:
        """Commit, and let go of all files."""
        ...


class MemoryStore:
    """Keeps everything for as long as the process lives, and serves where there is no place to write."""

    def __init__(self, note: str | None = None) -> None:
        self.notes = [] if note is None else [note]
        self._blocks: dict[bytes, bytes] = {}
        self._states: dict[str, Any] = {}

    def has_blocks(self) -> bool:
        """Return whether there is any block."""
        return bool(self._blocks)

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there."""
        return {key: self._blocks[key] for key in keys if key in self._blocks}

    def write_blocks(self, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep blocks."""
        self._blocks.update(blocks)

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none."""
        return self._states.get(name)

    def write_state(self, name: str, state: Any) -> bool:
        """Keep a state, in place of the one of that name."""
        self._states[name] = state
        return True

    def new_columns(self) -> MemoryColumns:
        """Return columns in memory."""
        return MemoryColumns()

    def open_columns(self, token: str, manifest: Manifest) -> KeptColumns:
        """Raises StoreError: columns in memory are opened by nobody else."""
        raise StoreError(f"there are no columns {token!r} in memory")

    def drop_columns(self, token: str) -> None:
        """Remove nothing: columns go with their last user."""

    def stop_writing(self, error: Exception) -> None:
        """Do nothing: nothing is written."""

    def touch(self, keys: Iterable[bytes]) -> None:
        """Forget all other blocks: there is no second chance to be of use in one process."""
        self._blocks = {key: self._blocks[key] for key in keys if key in self._blocks}

    def prune(self, *, max_age_days: float, max_bytes: int) -> int:
        """Remove nothing."""
        return 0

    def commit(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Keep what there is, for a result that loads its tags late."""
