"""Reads the store of an index through a connection of its own, for a result that outlives the index.

It never changes what is kept: new blocks and states stay in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from repomap_fast.errors import StoreError
from repomap_fast.store.database import TROUBLE, open_to_read, select_blocks, select_state
from repomap_fast.store.private_folder import PrivateFolder
from repomap_fast.store.seal import unseal
from repomap_fast.store.state_schema import is_sound_state
from repomap_fast.store.store import MemoryStore


class SqliteReader(NamedTuple):
    """Where a store is, so that it can be opened when it is needed.

    unwritten  blocks that the store could not write.
    """

    folder: Path
    unwritten: Mapping[bytes, bytes]

    def open(self) -> ReadOnlyStore:
        """Open the store. One that is gone, damaged or not ours is empty."""
        database = None
        with suppress(*TROUBLE, OSError, StoreError), PrivateFolder.open(self.folder) as folder:
            database = open_to_read(folder)
        return ReadOnlyStore(database, self.unwritten)


class ReadOnlyStore(MemoryStore):
    """The blocks and states of a database; what is new is in memory, and what is damaged is not there."""

    def __init__(self, database: sqlite3.Connection | None, blocks: Mapping[bytes, bytes]) -> None:
        super().__init__(blocks=blocks)
        self._database = database

    def has_blocks(self) -> bool:
        """Return whether there may be a block."""
        return self._database is not None or super().has_blocks()

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there, unchecked."""
        found = super().read_blocks(keys)
        if self._database is not None:
            with suppress(*TROUBLE):
                found |= select_blocks(self._database, [key for key in keys if key not in found])
        return found

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none whose seal fits and whose fields are those of its kind."""
        state = super().read_state(name)
        if state is None and self._database is not None:
            with suppress(*TROUBLE):
                state = unseal(name, select_state(self._database, name))
                return state if state is not None and is_sound_state(name, state) else None
        return state

    def close(self) -> None:
        """Close the database and drop what is in memory."""
        super().close()
        if self._database is not None:
            with suppress(*TROUBLE):
                self._database.close()
