"""The store that outlives the process: keeps what a scan of one repository found for the next scan.

It never uses a byte that it has not checked, runs nothing that is kept (no pickle), and raises no error but StoreError.

Format 2. A store is a folder, named for the repository, below ``CACHE/v2``; ``CACHE`` is the user's cache folder. All
work trees and clones of a repository have one store between them (see ``work_tree``): they share the blocks, and the
columns where they differ little.

    tags.sqlite3             SQLite, write-ahead log; its user_version is the format's number
        blocks(key, day, data)
            key   32 bytes: BLAKE2b-128 of a file's contents, then the key of the tags query, which is BLAKE2b-128 of
                  engine version, language, grammar and text of the query
            day   days since 1970 when the block was last used
            data  the tags and terms of a file with those contents: columns, sealed with the key (cext/tagging/block.h)
        states(name, data)
            name  base:TREE-CHOICE, overlay:TREE-CHOICE (see ``state``; TREE is a hash of the path of a work tree,
                  CHOICE one of the options that choose files), tree:TREE, the path of a work tree and the day of a late
                  scan of it, repository, its name, query:KEY, the kinds that a tags query names, or history:PLACE and
                  ahead:TREE, the last commits (see ``kept_history``)
            data  UTF-8 JSON, and 8 bytes of seal: BLAKE2b-64 of name and JSON
    columns/TOKEN/NAME       the joined columns of some states, and their graph. They can be made again from the blocks.
                             Their lengths and checksums are in the state, those of their pages in a column

A block or a state whose seal does not fit is treated as missing; a column whose checksum does not fit is made again. A
database that SQLite cannot read is removed and recreated. One that cannot be written is read, and new blocks stay in
memory.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from repomap_fast.errors import StoreError
from repomap_fast.logs import logger
from repomap_fast.store.columns import ColumnFolder, KeptColumns, Manifest, MemoryColumns
from repomap_fast.store.database import (
    BUSY_S,
    DATABASE,
    FILES,
    TROUBLE,
    fetch_rows,
    is_busy,
    is_damage,
    open_in_memory,
    open_to_read,
    open_to_write,
    select_blocks,
    select_state,
)
from repomap_fast.store.private_folder import PrivateFolder, check_private
from repomap_fast.store.seal import seal, unseal
from repomap_fast.store.sqlite_reader import SqliteReader
from repomap_fast.store.state_schema import is_sound_state, is_token
from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES

COLUMNS = "columns"
_COMMIT_BYTES = 32 << 20
_COMMIT_S = 2.0
_FIRST_COMMIT_S = 0.25
"""After which the first blocks are committed, so that other processes that scan the same files know of this one."""
"""How many bytes of blocks, and how many seconds of work, a killed scan loses at most."""
_RETRY_S = 0.005
_ORPHAN_S = 3600
"""Older columns that no state names were left by a process that was killed."""
FRESH_DAYS = 7
"""A block's day is updated when it is older. So a scan that finds nothing changed writes nothing."""
_SECONDS_OF_DAY = 86400


class SqliteStore:
    """The store in a folder of its own. Not thread-safe; any number of processes may share the folder."""

    def __init__(self, folder: Path) -> None:
        """Open or make the store. Raises StoreError if it can be neither."""
        self.folder = folder
        self.notes: list[str] = []
        self._uncommitted: list[tuple[bytes, int, bytes]] = []
        self._uncommitted_bytes = 0
        self._last_commit_s = time.monotonic() + _FIRST_COMMIT_S - _COMMIT_S
        self._version: int | None = None
        self._unwritten: dict[bytes, bytes] = {}
        self._write_trouble: str | None = None
        self._is_read_only = False
        self._connection: sqlite3.Connection | None = None
        try:
            self._connection = self._connect()
        except OSError as error:
            raise StoreError(f"no place to keep the index: {folder}: {error.strerror or error}") from error

    @property
    def is_writable(self) -> bool:
        """Whether what is written is still kept; if not, a note says why."""
        return self._write_trouble is None

    @property
    def write_trouble(self) -> str | None:
        """The database, and why nothing is written to it any more; None as long as what is written is kept."""
        return self._write_trouble

    @property
    def is_read_only(self) -> bool:
        """Whether the system lets this user only read the store."""
        return self._is_read_only

    @property
    def database_path(self) -> Path:
        """The path of the database."""
        return self.folder / DATABASE

    @property
    def is_open(self) -> bool:
        """Whether the store was not closed yet."""
        return self._connection is not None

    @property
    def _database(self) -> sqlite3.Connection:
        self._check_open()
        assert self._connection is not None
        return self._connection

    def _check_open(self) -> None:
        """Raise StoreError if the store was closed."""
        if self._connection is None:
            raise StoreError(f"the index {self.database_path} was closed; open it again to use it")

    def reader(self) -> SqliteReader:
        """Return what opens a store that reads the same blocks and does not depend on this one."""
        return SqliteReader(self.folder, self._unwritten)

    def _connect(self) -> sqlite3.Connection:
        deadline_s = time.monotonic() + BUSY_S
        while True:
            try:
                return self._open_database()
            except TROUBLE as error:
                if is_damage(error):
                    return self._recreate(error)
                if not is_busy(error) or time.monotonic() > deadline_s:
                    raise StoreError(f"no place to keep the index: {self.database_path}: {error}") from error
                # SQLite waits for most locks, but not while another process makes the log of a new database.
                time.sleep(_RETRY_S)

    def _open_database(self) -> sqlite3.Connection:
        with PrivateFolder.make(self.folder) as folder:
            _check_columns(folder)
            has_database = folder.check_file(DATABASE)
            self._is_read_only = has_database and not folder.is_writable(DATABASE)
            return open_to_read(folder) if self._is_read_only else open_to_write(folder)

    def _recreate(self, error: Exception) -> sqlite3.Connection:
        if self._is_read_only:
            raise StoreError(f"the index {self.database_path} is damaged ({error}) and cannot be written")
        self._note(f"the index {self.database_path} was damaged ({error}) and made again")
        with PrivateFolder.open(self.folder) as folder:
            for name in FILES:
                with suppress(FileNotFoundError):
                    folder.remove(name)
            folder.remove_folder(COLUMNS)
        try:
            return self._open_database()
        except TROUBLE as second:
            raise StoreError(f"no place to keep the index: {self.database_path}: {second}") from second

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Recreate the database if the block finds damage; what it was about to read is then missing."""
        try:
            yield
        except TROUBLE as error:
            if is_damage(error):
                self._restart(error)
            else:
                self.stop_writing(error)

    def _write(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write all rows with one statement in one transaction; stop writing if that fails."""
        self._transact(lambda: self._database.executemany(sql, rows))

    def _transact(self, write: Callable[[], object]) -> None:
        """Call ``write`` in one transaction; stop writing if that fails.

        A damaged database is recreated, and stays empty: writing ends there too.
        """
        try:
            self._database.execute("BEGIN IMMEDIATE")
            write()
            self._database.execute("COMMIT")
        except TROUBLE as error:
            with suppress(*TROUBLE):
                self._database.execute("ROLLBACK")
            if is_damage(error):
                self._restart(error)
            self.stop_writing(error)

    def _restart(self, error: Exception) -> None:
        self._disconnect()
        try:
            self._connection = self._recreate(error)
        except (StoreError, OSError) as second:
            self._connection = self._connect_to_memory(second)

    def _connect_to_memory(self, error: Exception) -> sqlite3.Connection:
        self.stop_writing(error)
        return open_in_memory()

    def stop_writing(self, error: Exception) -> None:
        """Write nothing any more; a note says why."""
        if self._write_trouble is None:
            self._write_trouble = f"{self.database_path}: {error}"
            self._note(f"nothing was kept for the next scan: {self._write_trouble}")

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
            logger().warning(note)

    def has_blocks(self) -> bool:
        """Return whether there is any block."""
        row = None
        with self._reading():
            row = self._database.execute("SELECT 1 FROM blocks LIMIT 1").fetchone()
        return row is not None or bool(self._unwritten or self._uncommitted)

    def is_written_by_others(self) -> bool:
        """Return whether another process has written to it since this was last asked; False the first time."""
        before = self._version
        with self._reading():
            # SQLite's count of the commits of other connections: it is read from shared memory.
            (self._version,) = self._database.execute("PRAGMA data_version").fetchone()
        return before is not None and before != self._version

    def version(self) -> object:
        """Return what changes with each write to what is kept, by whomever; None where that is not known."""
        of_others = None
        with self._reading():
            (of_others,) = self._database.execute("PRAGMA data_version").fetchone()
        # A database that took the place of a damaged one counts from the beginning.
        return None if of_others is None else (self._database, of_others, self._database.total_changes)

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there, unchecked."""
        self._flush()
        found = {key: self._unwritten[key] for key in keys if key in self._unwritten} if self._unwritten else {}
        with self._reading():
            found.update(select_blocks(self._database, keys))
        return found

    def write_blocks(self, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep blocks; those of a killed process may be lost until ``commit``."""
        self._check_open()
        day = today()
        for key, data in blocks:
            self._uncommitted.append((key, day, data))
            self._uncommitted_bytes += len(data)
        if self._uncommitted_bytes > _COMMIT_BYTES or time.monotonic() - self._last_commit_s > _COMMIT_S:
            self._flush()

    def _flush(self) -> None:
        if not self._uncommitted:
            return
        blocks, self._uncommitted, self._uncommitted_bytes = self._uncommitted, [], 0
        if self.is_writable:
            self._write("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?)", blocks)
        if not self.is_writable:
            self._unwritten.update((key, data) for key, _, data in blocks)
        self._last_commit_s = time.monotonic()

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none whose seal fits and whose fields are those of its kind."""
        data = None
        with self._reading():
            data = select_state(self._database, name)
        if data is None:
            return None
        state = unseal(name, data)
        if state is None or not is_sound_state(name, state):
            cause = "was damaged" if state is None else "was written by another version"
            self._note(f"a state of the index {self.database_path} {cause} and is made again")
            if self.is_writable:
                # It may not be written again for a long time, and each scan until then would note it.
                self._write("DELETE FROM states WHERE name = ?", [(name,)])
            return None
        return state

    def write_state(self, name: str, state: Any) -> bool:
        """Keep a state, in place of the one of that name, and commit; return whether it is kept."""
        return self.write_states({name: state})

    def write_states(self, states: Mapping[str, Any]) -> bool:
        """Keep some states, in place of those of their names, in one transaction; return whether they are kept."""
        self._flush()
        if self.is_writable:
            rows = [(name, seal(name, state)) for name, state in states.items()]
            self._write("INSERT OR REPLACE INTO states VALUES (?, ?)", rows)
        return self.is_writable

    def write_states_of(self, token: str, states: Mapping[str, Any]) -> bool:
        """Keep states that use these columns, in one transaction; return False if the columns are not in use any more.

        Where nothing can be written, the columns may be used all the same.
        """
        self._flush()
        is_used = False

        def write() -> None:
            nonlocal is_used
            is_used = self._is_used(token)
            if is_used:
                rows = [(name, seal(name, state)) for name, state in states.items()]
                self._database.executemany("INSERT OR REPLACE INTO states VALUES (?, ?)", rows)

        if self.is_writable:
            self._transact(write)
        if not self.is_writable:
            with self._reading():
                is_used = self._is_used(token)
        return is_used

    def _is_used(self, token: str) -> bool:
        """Return whether a state uses these columns. Raises what is in ``TROUBLE``."""
        statement = "SELECT 1 FROM states WHERE name >= 'base:' AND name < 'base;' AND instr(data, ?) LIMIT 1"
        return self._database.execute(statement, (token.encode(),)).fetchone() is not None

    def drop_states(self, names: Iterable[str]) -> None:
        """Remove states."""
        if self.is_writable:
            self._write("DELETE FROM states WHERE name = ?", ((name,) for name in names))

    def state_names(self, *, before: str | None = None) -> list[str]:
        """Return the names of all states, sorted; or of those written before that one, the first one first."""
        # A state that is written in place of another one gets a rowid beyond all others.
        of_earlier = "" if before is None else "WHERE rowid < (SELECT rowid FROM states WHERE name = ?)"
        values, order = ((), "name") if before is None else ((before,), "rowid")
        with self._reading():
            names = self._database.execute(f"SELECT name FROM states {of_earlier} ORDER BY {order}", values)
            return [name for (name,) in names if isinstance(name, str)]
        return []

    def new_columns(self) -> ColumnFolder | MemoryColumns:
        """Return new columns to write: in a folder, or in memory if there is no place for one."""
        self._check_open()
        if not self.is_writable:
            return MemoryColumns()
        try:
            with PrivateFolder.make(self.folder) as folder:
                _make_columns(folder)
            return ColumnFolder(self.folder / COLUMNS / os.urandom(8).hex())
        except (OSError, StoreError) as error:
            self.stop_writing(error)
            return MemoryColumns()

    def open_columns(self, token: str, manifest: Manifest) -> KeptColumns:
        """Open columns. Raises IndexDamagedError."""
        self._check_open()
        return KeptColumns(self.folder / COLUMNS / token, manifest)

    def drop_columns(self, token: str) -> None:
        """Remove columns, unless a state uses them, and old ones that none ever did; open files stay open."""
        if self._is_read_only:
            return
        self._drop_unused([token])
        self.drop_orphans()

    def drop_orphans(self) -> None:
        """Remove columns that killed processes left. A name that we would not have given stays."""
        old = []
        with suppress(OSError, StoreError), PrivateFolder.open(self.folder / COLUMNS) as columns:
            old = [
                name
                for name in columns.names()
                if is_token(name) and time.time() - columns.status(name).st_mtime > _ORPHAN_S
            ]
        self._drop_unused(old)

    def _drop_unused(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            is_used = True
            with self._reading():
                # None begins to use columns that none uses, see ``write_states_of``.
                is_used = self._is_used(token)
            if is_token(token) and not is_used:
                with suppress(OSError, StoreError), PrivateFolder.open(self.folder / COLUMNS) as columns:
                    columns.remove_folder(token)

    def touch(self, keys: Iterable[bytes], *, fresh_days: int = FRESH_DAYS) -> None:
        """Write today as the day of those of these blocks that were last used longer ago."""
        self._flush()
        if self.is_writable and not self._is_read_only:
            day = today()
            self._write(
                "UPDATE blocks SET day = ? WHERE key = ? AND day < ?",
                ((day, key, day - fresh_days) for key in keys),
            )

    def prune(self, *, max_age_days: float = DEFAULT_MAX_AGE_DAYS, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
        """Remove blocks that were not used for so long, then the oldest until the rest fits; return their bytes."""
        self._flush()
        if not self.is_writable:
            return 0
        removed: list[int] = []
        self._transact(lambda: removed.append(self._prune(today() - max_age_days, max_bytes)))
        if any(removed):
            self._compact()
        return sum(removed)

    def drop_blocks(self, keys: Iterable[bytes]) -> None:
        """Remove blocks, and give their room back to the system."""
        self._flush()
        if self.is_writable:
            self._write("DELETE FROM blocks WHERE key = ?", ((key,) for key in keys))
            self._compact()

    def _compact(self) -> None:
        if self.is_writable:
            with self._reading():
                fetch_rows(self._database, "PRAGMA wal_checkpoint(TRUNCATE)")
                fetch_rows(self._database, "VACUUM")

    def _prune(self, oldest_day: float, max_bytes: int) -> int:
        (before,) = self._database.execute("SELECT total(length(data)) FROM blocks").fetchone()
        self._database.execute("DELETE FROM blocks WHERE day < ?", (oldest_day,))
        # Add up the newest blocks until they fill the room, and remove the others.
        self._database.execute(
            "DELETE FROM blocks WHERE rowid IN (SELECT rowid FROM (SELECT rowid, sum(length(data)) OVER "
            "(ORDER BY day DESC, rowid DESC) AS used FROM blocks) WHERE used > ?)",
            (max_bytes,),
        )
        (after,) = self._database.execute("SELECT total(length(data)) FROM blocks").fetchone()
        return int(before - after)

    def blocks(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every key and block, unchecked. Raises sqlite3.Error or UnicodeDecodeError where it is damaged."""
        self._flush()
        for key, data in self._database.execute("SELECT key, data FROM blocks"):
            if isinstance(key, bytes) and isinstance(data, bytes):
                yield key, data

    def problems(self) -> list[str]:
        """Return what SQLite itself finds wrong with the database."""
        try:
            found = [row[0] for row in self._database.execute("PRAGMA integrity_check(20)")]
        except TROUBLE as error:
            return [f"{self.database_path}: {error}"]
        return [] if found == ["ok"] else [f"{self.database_path}: {what}" for what in found]

    def commit(self) -> None:
        """Write what is not written yet, so that it outlives the process."""
        self._check_open()
        self._flush()

    def spare_memory(self) -> None:
        """Commit, and let go of the pages of the database: after many writes SQLite holds as many as it may."""
        self.commit()
        with self._reading():
            self._database.execute("PRAGMA shrink_memory")

    def close(self) -> None:
        """Commit, and close all files. Using it afterwards raises StoreError."""
        self._flush()
        self._disconnect()

    def __del__(self) -> None:
        """Close the connection of a store that was never closed; SQLite has what was committed."""
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(*TROUBLE):
                self._connection.close()
            self._connection = None


def _check_columns(folder: PrivateFolder) -> None:
    """Raise StoreError if the folder of columns is a link, or others may change it."""
    try:
        status = folder.status(COLUMNS)
    except FileNotFoundError:
        return
    check_private(folder.path / COLUMNS, status)


def _make_columns(folder: PrivateFolder) -> None:
    """Make the folder of columns if it is missing; remove a file of that name. Raises OSError, StoreError."""
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(folder.status(COLUMNS).st_mode):
            folder.remove(COLUMNS)
    with suppress(FileExistsError), folder.make_folder(COLUMNS):
        pass


def today() -> int:
    """Return the days since 1970."""
    return int(time.time()) // _SECONDS_OF_DAY
