"""The store that outlives the process: what a scan of one repository found, kept for the next one.

Format 1. A store is a folder, named for the repository, below ``CACHE/v1``; ``CACHE`` is the user's cache folder.

    tags.sqlite3             SQLite, write-ahead log; its user_version is the format's number
        blocks(key, day, data)
            key   32 bytes: BLAKE2b-128 of a file's contents, then the key of the tags query, which is BLAKE2b-128 of
                  engine version, language, grammar and text of the query
            day   days since 1970 when the block was last known to be of use
            data  the tags of a file with those contents: plain columns, sealed with the key (cext/block.h)
        states(name, data)
            name  base:CHOICE, overlay:CHOICE (see ``state``; CHOICE is a hash of the options that choose files),
                  query:KEY, the kinds that a tags query speaks of, or root, the repository's path
            data  UTF-8 JSON, and 8 bytes of seal: BLAKE2b-64 of name and JSON
    columns/TOKEN/NAME       the joined columns of one state and their graph, ready to be mapped, and no more than can
                             be made again from the blocks; their lengths and checksums stand in the state, those of
                             their pieces in a column of their own

Nothing in a store is believed unseen: a block or a state whose seal does not fit is not there, a column whose checksum
does not fit is made again. Nothing in it is code: no pickle is read. A database that SQLite cannot read is put away and
begun afresh; one that cannot be written is read on, and what is new is kept in memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from repomap_fast.columns import ColumnFolder, Manifest, MappedColumns, MemoryColumns
from repomap_fast.errors import StoreError
from repomap_fast.records import is_sound_state, is_token
from repomap_fast.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES

FORMAT = 1

DATABASE = "tags.sqlite3"
COLUMNS = "columns"
ROOT_STATE = "root"
_SEAL_BYTES = 8
_KEYS_OF_QUERY = 500
"""Keys in one SELECT: SQLite takes 999 variables in its oldest builds."""
_COMMIT_BYTES = 32 << 20
_COMMIT_S = 2.0
"""How much, and how long, a killed scan loses at the most."""
_BUSY_MS = 5000
"""How long another process may hold the database, before we go on without writing."""
_RETRY_S = 0.005
_ORPHAN_S = 3600
"""Columns of no state that are older were left by a process that was killed."""
_FRESH_DAYS = 7
"""A block's day is written anew when it is older: a scan that finds all as it was writes nothing."""
_SECONDS_OF_DAY = 86400
_TROUBLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises; its own message may hold bytes of the database, and then cannot even be read."""

_TABLES = (
    "blocks (key BLOB PRIMARY KEY, day INTEGER NOT NULL, data BLOB NOT NULL)",
    "states (name TEXT PRIMARY KEY, data BLOB NOT NULL)",
)
_FILES = ("-wal", "-shm", "-journal", "")
"""What SQLite adds to the name of a database for the files that belong to it."""

_log = logging.getLogger("repomap_fast")
# Who set up no logging would get its warnings on stderr, in the middle of a progress bar; they are notes as well.
_log.addHandler(logging.NullHandler())


class SqliteStore:
    """The store in a folder of its own. Not thread-safe; as many processes as there are may share the folder."""

    def __init__(self, folder: Path) -> None:
        """Open or make the store. Raises StoreError if it can be neither."""
        self.folder = folder
        self.notes: list[str] = []
        self._uncommitted: list[tuple[bytes, int, bytes]] = []
        self._uncommitted_bytes = 0
        self._last_commit_s = time.monotonic()
        self._unwritten: dict[bytes, bytes] = {}
        self._is_writable = True
        self._connection: sqlite3.Connection | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = self._connect()
        except OSError as error:
            raise StoreError(f"no place to keep the index: {folder}: {error.strerror or error}") from error

    @property
    def is_writable(self) -> bool:
        """Whether what is written is still kept; if not, a note says why."""
        return self._is_writable

    @property
    def database_path(self) -> Path:
        """Where the database lies."""
        return self.folder / DATABASE

    @property
    def _database(self) -> sqlite3.Connection:
        """The connection; one that was closed is opened again for a result that loads its tags late."""
        if self._connection is None:
            try:
                self._connection = self._connect()
            except (StoreError, OSError) as error:
                self._connection = self._connect_to_memory(error)
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        deadline_s = time.monotonic() + _BUSY_MS / 1000
        while True:
            try:
                return self._open_database()
            except _TROUBLE as error:
                if _is_damage(error):
                    return self._begin_afresh(error)
                if not _is_busy(error) or time.monotonic() > deadline_s:
                    raise StoreError(f"no place to keep the index: {self.database_path}: {error}") from error
                # SQLite waits for most locks, but not for the one that makes the log of a new database.
                time.sleep(_RETRY_S)

    def _open_database(self) -> sqlite3.Connection:
        for suffix in _FILES:
            path = Path(f"{self.database_path}{suffix}")
            # Whoever opens a pipe waits for the other end of it.
            if path.exists() and not path.is_file():
                raise StoreError(f"no place to keep the index: {path} is no file")
        database = _connect(self.database_path)
        try:
            # A database is somebody's bytes: no function of it runs, and every page is looked at before it is used.
            for pragma in (
                "trusted_schema = OFF",
                "cell_size_check = ON",
                "synchronous = NORMAL",
                "cache_size = -4096",
            ):
                database.execute(f"PRAGMA {pragma}")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version == 0:
                # Fails on some network file systems, which then keep the rollback journal.
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("BEGIN IMMEDIATE")
                for table in _TABLES:
                    database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
                database.execute(f"PRAGMA user_version = {FORMAT}")
                database.execute("COMMIT")
            elif version != FORMAT:
                raise sqlite3.DatabaseError(f"its format is {version}; expected {FORMAT}")
            # A trigger would run when we write, a view when we read.
            schema = {sql for (sql,) in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
            if schema != {f"CREATE TABLE {table}" for table in _TABLES}:
                raise sqlite3.DatabaseError("its tables are not those of an index")
        except BaseException:
            database.close()
            raise
        return database

    def _begin_afresh(self, error: Exception) -> sqlite3.Connection:
        self._note(f"the index {self.database_path} was damaged ({error}) and begun afresh")
        for suffix in _FILES:
            with suppress(FileNotFoundError):
                Path(f"{self.database_path}{suffix}").unlink()
        shutil.rmtree(self.folder / COLUMNS, ignore_errors=True)
        try:
            return self._open_database()
        except _TROUBLE as second:
            raise StoreError(f"no place to keep the index: {self.database_path}: {second}") from second

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Begin afresh where the block finds damage; what it was about to read is then not there."""
        try:
            yield
        except _TROUBLE as error:
            if _is_damage(error):
                self._restart(error)
            else:
                self._give_up_writing(error)

    def _write(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Have one statement write all rows in one transaction; go on without writing where that fails."""
        with self._writing():
            self._database.executemany(sql, rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Run the block in one transaction; go on without writing where that fails.

        What was about to be written to a damaged database is not written to the new one either: writing ends there.
        """
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except _TROUBLE as error:
            with suppress(*_TROUBLE):
                self._database.execute("ROLLBACK")
            if _is_damage(error):
                self._restart(error)
            self._give_up_writing(error)

    def _restart(self, error: Exception) -> None:
        self._disconnect()
        try:
            self._connection = self._begin_afresh(error)
        except (StoreError, OSError) as second:
            self._connection = self._connect_to_memory(second)

    def _connect_to_memory(self, error: Exception) -> sqlite3.Connection:
        database = _connect(":memory:")
        for table in _TABLES:
            database.execute(f"CREATE TABLE {table}")
        self._give_up_writing(error)
        return database

    def _give_up_writing(self, error: Exception) -> None:
        if self._is_writable:
            self._is_writable = False
            self._note(f"nothing was kept for the next scan: {self.database_path}: {error}")

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
            _log.warning(note)

    def has_blocks(self) -> bool:
        """Return whether there is any block, so that asking for some may pay."""
        row = None
        with self._reading():
            row = self._database.execute("SELECT 1 FROM blocks LIMIT 1").fetchone()
        return row is not None or bool(self._unwritten or self._uncommitted)

    def read_blocks(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return those blocks that are there, unchecked."""
        self._flush()
        found = {key: self._unwritten[key] for key in keys if key in self._unwritten} if self._unwritten else {}
        for start in range(0, len(keys), _KEYS_OF_QUERY):
            some = keys[start : start + _KEYS_OF_QUERY]
            marks = ",".join("?" * len(some))
            with self._reading():
                rows = self._database.execute(f"SELECT key, data FROM blocks WHERE key IN ({marks})", some)
                found.update((key, data) for key, data in rows if isinstance(key, bytes) and isinstance(data, bytes))
        return found

    def write_blocks(self, blocks: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep blocks; those of a killed process may be lost until ``commit``."""
        day = _today()
        for key, data in blocks:
            self._uncommitted.append((key, day, data))
            self._uncommitted_bytes += len(data)
        if self._uncommitted_bytes > _COMMIT_BYTES or time.monotonic() - self._last_commit_s > _COMMIT_S:
            self._flush()

    def _flush(self) -> None:
        if not self._uncommitted:
            return
        blocks, self._uncommitted, self._uncommitted_bytes = self._uncommitted, [], 0
        if self._is_writable:
            self._write("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?)", blocks)
        if not self._is_writable:
            self._unwritten.update((key, data) for key, _, data in blocks)
        self._last_commit_s = time.monotonic()

    def read_state(self, name: str) -> Any:
        """Return a state, or None if there is none whose seal fits and whose fields are those of its kind."""
        row = None
        with self._reading():
            row = self._database.execute("SELECT data FROM states WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        state = unseal(name, row[0])
        if state is None or not is_sound_state(name, state):
            self._note(f"a state of the index {self.database_path} was damaged and is made again")
            if self._is_writable:
                # It may be one that is not written again for long, and would be noted until then.
                self._write("DELETE FROM states WHERE name = ?", [(name,)])
            return None
        return state

    def write_state(self, name: str, state: Any) -> bool:
        """Keep a state, in place of the one of that name, and commit; return whether it is kept."""
        return self.write_states({name: state})

    def write_states(self, states: Mapping[str, Any]) -> bool:
        """Keep some states, in place of those of their names, in one transaction; return whether they are kept."""
        self._flush()
        rows = []
        for name, state in states.items():
            text = json.dumps(state, separators=(",", ":")).encode()
            rows.append((name, text + _seal(name, text)))
        if self._is_writable:
            self._write("INSERT OR REPLACE INTO states VALUES (?, ?)", rows)
        return self._is_writable

    def drop_states(self, names: Iterable[str]) -> None:
        """Remove states."""
        if self._is_writable:
            self._write("DELETE FROM states WHERE name = ?", ((name,) for name in names))

    def state_names(self) -> list[str]:
        """Return the names of all states, sorted."""
        with self._reading():
            names = self._database.execute("SELECT name FROM states ORDER BY name")
            return [name for (name,) in names if isinstance(name, str)]
        return []

    def new_columns(self) -> ColumnFolder | MemoryColumns:
        """Return where columns are to be written; in memory if there is no other place."""
        if not self._is_writable:
            return MemoryColumns()
        columns = self.folder / COLUMNS
        try:
            if columns.exists() and not columns.is_dir():
                columns.unlink()
            return ColumnFolder(columns / secrets.token_hex(8))
        except OSError as error:
            self._give_up_writing(error)
            return MemoryColumns()

    def open_columns(self, token: str, manifest: Manifest) -> MappedColumns:
        """Map columns. Raises IndexDamagedError."""
        return MappedColumns(self.folder / COLUMNS / token, manifest)

    def drop_columns(self, token: str) -> None:
        """Remove columns that no state names any more, and old ones that none ever did; what is mapped stays so."""
        if is_token(token):
            shutil.rmtree(self.folder / COLUMNS / token, ignore_errors=True)
        bases = (self.read_state(name) for name in self.state_names() if name.startswith("base:"))
        self.drop_orphans(base["token"] for base in bases if base is not None)

    def drop_orphans(self, tokens_in_use: Iterable[str]) -> None:
        """Remove columns that were left by processes that were killed."""
        in_use = set(tokens_in_use)
        with suppress(OSError), os.scandir(self.folder / COLUMNS) as scan:
            for entry in scan:
                if entry.name not in in_use and time.time() - entry.stat().st_mtime > _ORPHAN_S:
                    shutil.rmtree(entry.path, ignore_errors=True)

    def touch(self, keys: Iterable[bytes], *, fresh_days: int = _FRESH_DAYS) -> None:
        """Note that these blocks are of use today, where that was last noted longer ago."""
        self._flush()
        if self._is_writable:
            today = _today()
            self._write(
                "UPDATE blocks SET day = ? WHERE key = ? AND day < ?",
                ((today, key, today - fresh_days) for key in keys),
            )

    def prune(self, *, max_age_days: float = DEFAULT_MAX_AGE_DAYS, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
        """Remove blocks that were of no use for so long, then the oldest until they fit; return their bytes."""
        self._flush()
        removed = 0
        if self._is_writable:
            with self._writing():
                removed = self._prune(_today() - max_age_days, max_bytes)
            if removed:
                with self._reading():
                    self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    self._database.execute("VACUUM")
        return removed

    def _prune(self, oldest_day: float, max_bytes: int) -> int:
        (before,) = self._database.execute("SELECT total(length(data)) FROM blocks").fetchone()
        self._database.execute("DELETE FROM blocks WHERE day < ?", (oldest_day,))
        # The newest blocks are added up until they fill the room; what is beyond goes.
        self._database.execute(
            "DELETE FROM blocks WHERE rowid IN (SELECT rowid FROM (SELECT rowid, sum(length(data)) OVER "
            "(ORDER BY day DESC, rowid DESC) AS used FROM blocks) WHERE used > ?)",
            (max_bytes,),
        )
        (after,) = self._database.execute("SELECT total(length(data)) FROM blocks").fetchone()
        return int(before - after)

    def counts(self) -> tuple[int, int]:
        """Return how many blocks there are, and their bytes."""
        row = (0, 0)
        with self._reading():
            row = self._database.execute("SELECT count(*), total(length(data)) FROM blocks").fetchone()
        return int(row[0]), int(row[1])

    def blocks(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield every key and block, unchecked. Raises sqlite3.Error or UnicodeDecodeError where it is damaged."""
        self._flush()
        for key, data in self._database.execute("SELECT key, data FROM blocks"):
            if isinstance(key, bytes) and isinstance(data, bytes):
                yield key, data

    def damages(self) -> list[str]:
        """Return what SQLite itself finds wrong with the database."""
        try:
            found = [row[0] for row in self._database.execute("PRAGMA integrity_check(20)")]
        except _TROUBLE as error:
            return [f"{self.database_path}: {error}"]
        return [] if found == ["ok"] else [f"{self.database_path}: {what}" for what in found]

    def commit(self) -> None:
        """See that what was written outlives the process."""
        self._flush()

    def close(self) -> None:
        """Commit, and let go of all files."""
        self._flush()
        self._disconnect()

    def __del__(self) -> None:
        """Close what was opened once more for a result: it goes with its last result, which nobody closes."""
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(*_TROUBLE):
                self._connection.close()
            self._connection = None


def _connect(database: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False)
    # Nothing that was kept is text but names; where a damaged one is no UTF-8, it is no name of ours.
    connection.text_factory = lambda text: text.decode(errors="replace")
    return connection


def _is_damage(error: Exception) -> bool:
    """Whether the database is at fault; a full disk or a lock that another process holds is no damage."""
    if not isinstance(error, sqlite3.DatabaseError):
        return isinstance(error, UnicodeDecodeError)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return not isinstance(error, sqlite3.OperationalError)
    is_of_words = any(words in str(error) for words in ("no such", "unsupported file format"))
    schema_is_wrong = code & 0xFF == sqlite3.SQLITE_ERROR and is_of_words
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT) or schema_is_wrong


def _is_busy(error: Exception) -> bool:
    """Whether another process holds a lock."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def unseal(name: str, data: Any) -> Any:
    """Return what was sealed under that name; None for what was not."""
    if not isinstance(data, bytes) or data[-_SEAL_BYTES:] != _seal(name, data[:-_SEAL_BYTES]):
        return None
    try:
        return json.loads(data[:-_SEAL_BYTES])
    except (ValueError, RecursionError):
        return None


def _seal(name: str, text: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + text, digest_size=_SEAL_BYTES).digest()


def _today() -> int:
    return int(time.time()) // _SECONDS_OF_DAY
