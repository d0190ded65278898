"""The database of a store: what may be in it, and that no statement of it is deaf."""

from __future__ import annotations

import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path

import pytest

from repomap_fast.errors import StoreError
from repomap_fast.store import database
from repomap_fast.store.database import FORMAT, check_tables, fetch_rows, open_in_memory, open_to_read, open_to_write
from repomap_fast.store.private_folder import PrivateFolder
from repomap_fast.store.sqlite_store import SqliteStore

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolder:
    return PrivateFolder.make(tmp_path / "store")


def test_what_was_made_can_be_read(folder: PrivateFolder) -> None:
    database = open_to_write(folder)
    database.execute("INSERT INTO states VALUES ('a', x'00')")
    for of in (open_to_read(folder), database):
        assert of.execute("SELECT * FROM states").fetchall() == [("a", b"\0")]
        of.close()
    check_tables_of_read = open_to_read(folder)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        check_tables_of_read.execute("DELETE FROM states")
    check_tables_of_read.close()


def test_an_empty_file_is_a_new_database_and_one_with_tables_is_none(folder: PrivateFolder) -> None:
    (folder.path / "tags.sqlite3").write_bytes(b"")
    open_to_write(folder).close()
    (folder.path / "tags.sqlite3").unlink()
    other = sqlite3.connect(folder.path / "tags.sqlite3")
    other.execute("CREATE TABLE mine (a)")
    other.close()
    before = (folder.path / "tags.sqlite3").read_bytes()
    with pytest.raises(StoreError, match="the database of another program, with the table 'mine'"):
        open_to_write(folder)
    assert (folder.path / "tags.sqlite3").read_bytes() == before


def test_what_is_no_file_is_not_opened(folder: PrivateFolder) -> None:
    (folder.path / "tags.sqlite3").mkdir()
    for opener in (open_to_read, open_to_write):
        with pytest.raises(StoreError, match="no regular file"):
            opener(folder)


def test_the_tables_of_an_index_and_no_others_will_do() -> None:
    database = open_in_memory()
    with pytest.raises(sqlite3.DatabaseError, match="format is 0"):
        check_tables(database)
    database.execute(f"PRAGMA user_version = {FORMAT}")
    check_tables(database)
    for name, sql in (("i", "INDEX {} ON blocks (day)"), ("v", "VIEW {} AS SELECT 1"), ("t", "TABLE {} (a)")):
        database.execute("CREATE " + sql.format(name))
        with pytest.raises(sqlite3.DatabaseError, match="not those of an index"):
            check_tables(database)
        database.execute(f"DROP {sql.split()[0]} {name}")
    check_tables(database)
    database.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to one's own process there")
def test_a_statement_that_goes_on_for_ever_hears_a_signal() -> None:
    database = open_in_memory()
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    start_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch_rows(database, ENDLESS)
    assert time.monotonic() - start_s < 2
    assert fetch_rows(database, "SELECT 7") == [(7,)]
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        fetch_rows(database, "SELECT * FROM none")
    database.close()


def test_ctrl_c_while_sqlite_asks_is_no_damage(folder: PrivateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite takes an exception of its callback for a denial, and what is denied is damage elsewhere."""
    SqliteStore(folder.path).close()
    before = (folder.path / database.DATABASE).read_bytes()

    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "_authorize", interrupted)
    monkeypatch.setattr(database, "_denied", threading.Event())
    with pytest.raises(KeyboardInterrupt):
        SqliteStore(folder.path)
    assert (folder.path / database.DATABASE).read_bytes() == before
