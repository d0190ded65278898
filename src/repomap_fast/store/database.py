"""The database of a store: opens it, checks what is in it, and reads rows.

It never reads or writes a database before its files are known to be ours and its tables to be exactly those of an
index: a trigger would run when we write, a view when we read.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from contextlib import suppress
from os import O_CREAT, O_EXCL, O_RDWR, close
from typing import TYPE_CHECKING, Any

from repomap_fast.errors import StoreError
from repomap_fast.store.seal import MAX_STATE_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repomap_fast.store.private_folder import PrivateFolder

FORMAT = 2
DATABASE = "tags.sqlite3"
TABLES = {
    "blocks": "blocks (key BLOB PRIMARY KEY, day INTEGER NOT NULL, data BLOB NOT NULL)",
    "states": "states (name TEXT PRIMARY KEY, data BLOB NOT NULL)",
}
FILES = tuple(f"{DATABASE}{suffix}" for suffix in ("-wal", "-shm", "-journal", ""))
"""The database, and what SQLite puts beside it. The database comes last: it is removed last."""
TROUBLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite raises. Its message may hold bytes of a damaged database, which cannot be decoded."""
BUSY_S = 5.0
"""How long another process may lock the database before we go on without writing."""
_POLL_S = 0.1
_KEYS_OF_QUERY = 500
"""Keys in one SELECT. The oldest builds of SQLite take 999 variables."""

_SCHEMA = {("table", name, name, f"CREATE TABLE {table}") for name, table in TABLES.items()} | {
    ("index", f"sqlite_autoindex_{name}_1", name, None) for name in TABLES
}


def open_to_write(folder: PrivateFolder) -> sqlite3.Connection:
    """Open or make the database in ``folder``. Raises StoreError, OSError and what is in ``TROUBLE``."""
    check_files(folder)
    # SQLite would make it with the user's umask. An existing one must not be opened and closed here: that would drop
    # the locks that this process may hold on it.
    with suppress(OSError):
        close(folder.open_file(DATABASE, O_RDWR | O_CREAT | O_EXCL))
    database = _connect(folder.path / DATABASE)
    try:
        _harden(database)
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("PRAGMA cache_size = -4096")
        if _is_new(database):
            _make_tables(database)
        check_tables(database)
    except BaseException:
        database.close()
        raise
    return database


def open_to_read(folder: PrivateFolder) -> sqlite3.Connection:
    """Open the database in ``folder`` and change nothing. Raises StoreError, OSError and what is in ``TROUBLE``."""
    check_files(folder)
    try:
        return _open_to_read(folder.path / DATABASE, "mode=ro")
    except sqlite3.OperationalError:
        # To read a database with a log, SQLite needs files beside it. Where these cannot be made and there is no log,
        # nobody writes.
        if folder.is_writable() or _has_log(folder):
            raise
    return _open_to_read(folder.path / DATABASE, "mode=ro&immutable=1")


def _has_log(folder: PrivateFolder) -> bool:
    try:
        return folder.status(f"{DATABASE}-wal").st_size > 0
    except FileNotFoundError:
        return False


def _open_to_read(path: Path, how: str) -> sqlite3.Connection:
    database = _connect(f"{path.absolute().as_uri()}?{how}", is_uri=True)
    try:
        _harden(database)
        check_tables(database)
    except BaseException:
        database.close()
        raise
    return database


def open_in_memory() -> sqlite3.Connection:
    """Return an empty database in memory."""
    database = _connect(":memory:")
    for table in TABLES.values():
        database.execute(f"CREATE TABLE {table}")
    return database


def check_files(folder: PrivateFolder) -> None:
    """Raise StoreError if a file of the database is a link, no regular file, or another user's; OSError."""
    for name in FILES:
        folder.check_file(name)


def check_tables(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError if the database holds anything but the tables of an index.

    Raises StoreError if it is another program's: then it is not ours to begin afresh.
    """
    version, schema = _version_and_schema(database)
    tables = {name for _, name, _, _ in schema}
    if version != FORMAT and tables and tables.isdisjoint(TABLES):
        (path,) = [file for _, name, file in database.execute("PRAGMA database_list") if name == "main"]
        raise StoreError(
            f"{path} is the database of another program, with the table {min(tables)!r}; expected an index or nothing: "
            "move it elsewhere"
        )
    if version != FORMAT:
        raise sqlite3.DatabaseError(f"its format is {version}; expected {FORMAT}")
    if schema != _SCHEMA:
        raise sqlite3.DatabaseError("its tables are not those of an index")


def _version_and_schema(database: sqlite3.Connection) -> tuple[int, set[tuple[Any, ...]]]:
    """Return both as they were at one moment; of a long schema no more rows than show that it is another one."""
    database.execute("BEGIN")
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        rows = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT ?", (len(_SCHEMA) + 1,))
        return version, set(rows)
    finally:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")


def _is_new(database: sqlite3.Connection) -> bool:
    """Return whether the database is empty. A version of 0 alone does not show it: most programs leave it at 0."""
    return _version_and_schema(database) == (0, set())


def _make_tables(database: sqlite3.Connection) -> None:
    # Fails on some network file systems, which then keep the rollback journal.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("BEGIN IMMEDIATE")
    # Another process may have made them since.
    for table in TABLES.values():
        database.execute(f"CREATE TABLE IF NOT EXISTS {table}")
    database.execute(f"PRAGMA user_version = {FORMAT}")
    database.execute("COMMIT")


def _connect(database: Path | str, *, is_uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=BUSY_S, isolation_level=None, check_same_thread=False, uri=is_uri)
    # Only names are kept as text. A damaged one that is not UTF-8 is no name of ours.
    connection.text_factory = lambda text: text.decode(errors="replace")
    return connection


def _harden(database: sqlite3.Connection) -> None:
    """Run no function of the schema, check each page before it is used, and follow no view or trigger."""
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    if sys.version_info >= (3, 12):
        database.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        database.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False)
    database.set_authorizer(_authorize)


_denied = threading.Event()
"""Set once a view or a trigger was denied what it asked for."""


def _authorize(_action: int, _first: str | None, _second: str | None, _database: str | None, source: str | None) -> int:
    """Deny what a view or a trigger asks for, also one that came after we looked; our own statements have no source."""
    if source is None:
        return sqlite3.SQLITE_OK
    _denied.set()
    return sqlite3.SQLITE_DENY


def select_blocks(database: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return those of these blocks that are there, unchecked. Raises what is in ``TROUBLE``."""
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _KEYS_OF_QUERY):
        some = keys[start : start + _KEYS_OF_QUERY]
        marks = ",".join("?" * len(some))
        rows = database.execute(f"SELECT key, data FROM blocks WHERE key IN ({marks})", some)
        found.update((key, data) for key, data in rows if isinstance(key, bytes) and isinstance(data, bytes))
    return found


def select_state(database: sqlite3.Connection, name: str) -> Any:
    """Return the sealed bytes of a state; None if there are none, or more than a state has.

    Raises what is in ``TROUBLE``.
    """
    statement = "SELECT data FROM states WHERE name = ? AND length(data) <= ?"
    row = database.execute(statement, (name, MAX_STATE_BYTES)).fetchone()
    return None if row is None else row[0]


def fetch_rows(database: sqlite3.Connection, statement: str) -> list[tuple[Any, ...]]:
    """Return the rows of a statement that may take long; stop it when this thread is interrupted.

    Python handles Ctrl-C between two of its own instructions, and SQLite may read gigabytes within one. Raises what the
    statement or the signal raises.
    """
    found: list[list[tuple[Any, ...]]] = []
    failed: list[BaseException] = []
    has_ended = threading.Event()

    def run() -> None:
        try:
            found.append(database.execute(statement).fetchall())
        except BaseException as error:
            failed.append(error)
        finally:
            has_ended.set()

    # Not ``join``: after an interrupt it takes the thread for ended.
    threading.Thread(target=run, name="repomap-fast-sqlite").start()
    try:
        while not has_ended.wait(_POLL_S):
            pass
    except BaseException:
        while not has_ended.is_set():
            # It has an effect only while a statement runs.
            database.interrupt()
            has_ended.wait(_POLL_S)
        raise
    if failed:
        raise failed[0]
    return found[0]


def is_damage(error: Exception) -> bool:
    """Return whether the database is at fault; a full disk or a lock that another process holds is no damage.

    Raises KeyboardInterrupt where Ctrl-C was heard in ``_authorize``: SQLite takes its exception for a denial.
    """
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_AUTH and not _denied.is_set():
        raise KeyboardInterrupt from error
    if not isinstance(error, sqlite3.DatabaseError):
        return isinstance(error, UnicodeDecodeError)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return not isinstance(error, sqlite3.OperationalError)
    is_of_words = any(words in str(error) for words in ("no such", "unsupported file format"))
    schema_is_wrong = code & 0xFF == sqlite3.SQLITE_ERROR and is_of_words
    is_of_another = code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
    return is_of_another or code & 0xFF == sqlite3.SQLITE_AUTH or schema_is_wrong


def is_busy(error: Exception) -> bool:
    """Return whether another process holds a lock."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
