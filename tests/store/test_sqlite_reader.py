"""A reader of a store that is damaged, gone, or in use: it reads what is there, and never writes."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from repomap_fast.store.sqlite_store import SqliteStore

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    made = SqliteStore(tmp_path / "store")
    made.write_blocks([(KEY, b"block")])
    made.write_state("query:ab", {"kinds": ["class"]})
    return made


def test_it_reads_while_the_store_writes(store: SqliteStore) -> None:
    with closing(store.reader().open()) as opened:
        store.write_blocks([(OTHER, b"other")])
        store.commit()
        assert opened.read_blocks([KEY, OTHER]) == {KEY: b"block", OTHER: b"other"}


def test_blocks_that_could_not_be_written_are_read_too(store: SqliteStore) -> None:
    store.stop_writing(OSError("the disk is full"))
    store.write_blocks([(OTHER, b"other")])
    store.commit()
    reader = store.reader()
    store.close()
    with closing(reader.open()) as opened:
        assert opened.read_blocks([KEY, OTHER]) == {KEY: b"block", OTHER: b"other"}


@pytest.mark.parametrize("how", ["gone", "no database", "damaged", "a link"])
def test_a_store_that_cannot_be_read_is_empty(store: SqliteStore, how: str, tmp_path: Path) -> None:
    reader = store.reader()
    store.close()
    path = store.database_path
    if how == "gone":
        shutil.rmtree(store.folder)
    elif how == "no database":
        path.write_bytes(b"no database" * 100)
    elif how == "damaged":
        data = bytearray(path.read_bytes())
        data[4096:] = bytes(len(data) - 4096)
        path.write_bytes(data)
    else:
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    with closing(reader.open()) as opened:
        assert opened.read_blocks([KEY]) == {}
        assert opened.read_state("query:ab") is None
    assert how != "gone" or not store.folder.exists()


def test_a_state_without_its_seal_or_fields_is_not_there(store: SqliteStore) -> None:
    store.write_state("query:cd", {"kinds": "no list"})
    reader = store.reader()
    store.close()
    with closing(sqlite3.connect(store.database_path, isolation_level=None)) as database:
        database.execute("UPDATE states SET data = data || x'00' WHERE name = 'query:ab'")
    with closing(reader.open()) as opened:
        assert opened.read_state("query:ab") is None
        assert opened.read_state("query:cd") is None
