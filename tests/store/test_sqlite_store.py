"""The store on disk: what is kept, for how long, and what happens when it is damaged or cannot be written."""

from __future__ import annotations

import os
import sqlite3
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.store import sqlite_store
from repomap_fast.store.columns import ColumnFolder
from repomap_fast.store.seal import MAX_STATE_BYTES
from repomap_fast.store.sqlite_store import SqliteStore

KEYS = [bytes([number]) * 32 for number in range(4)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_what_was_written_is_there_for_the_next_process(folder: Path) -> None:
    store = SqliteStore(folder)
    store.write_blocks([(KEYS[0], b"one")])
    store.write_states({"root": {"path": "/"}, "query:ab": {"kinds": []}})
    store.close()
    again = SqliteStore(folder)
    assert again.read_blocks(KEYS) == {KEYS[0]: b"one"}
    assert again.state_names() == ["query:ab", "root"]
    assert list(again.blocks()) == [(KEYS[0], b"one")]
    again.drop_states(["root"])
    assert again.state_names() == ["query:ab"]
    assert again.problems() == []


def test_what_spares_memory_loses_nothing(folder: Path) -> None:
    store = SqliteStore(folder)
    store.write_blocks([(KEYS[0], b"one")])
    said: list[str] = []
    store._database.set_trace_callback(said.append)
    store.spare_memory()
    assert said[-1] == "PRAGMA shrink_memory"
    assert SqliteStore(folder).read_blocks(KEYS) == store.read_blocks(KEYS) == {KEYS[0]: b"one"}


def test_the_version_changes_with_each_write_by_whomever(folder: Path) -> None:
    one, other = SqliteStore(folder), SqliteStore(folder)
    versions = [one.version()]
    one.read_state("query:ab")
    other.read_state("query:ab")
    assert [one.version()] == versions != [None]
    for store, key in ((one, KEYS[0]), (other, KEYS[1])):
        store.write_blocks([(key, b"block")])
        store.commit()
        versions.append(one.version())
        store.write_state("query:ab", {"kinds": []})
        versions.append(one.version())
        store.drop_states(["query:ab"])
        versions.append(one.version())
    one._restart(sqlite3.DatabaseError("damaged"))
    versions.append(one.version())
    assert not any(version in versions[:number] for number, version in enumerate(versions))


def test_states_that_were_written_before_another_come_in_the_order_in_which_they_were(folder: Path) -> None:
    store = SqliteStore(folder)
    for name in ("base:c", "base:a", "base:b", "base:c", "base:d"):
        assert store.write_state(name, {})
    assert store.state_names(before="base:d") == ["base:a", "base:b", "base:c"]
    assert store.write_state("base:a", {})
    assert store.state_names(before="base:d") == ["base:b", "base:c"]
    assert store.state_names(before="base:a") == ["base:b", "base:c", "base:d"]
    for name in ("base:c", "base:b", "last"):
        assert store.write_state(name, {})
    assert store.state_names(before="last") == ["base:d", "base:a", "base:c", "base:b"]
    store.close()


def test_the_least_used_blocks_are_pruned(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(folder)
    for day, key in enumerate(KEYS):
        monkeypatch.setattr(sqlite_store, "today", lambda day=day: day * 10)
        store.write_blocks([(key, bytes(100))])
        store.commit()
    assert store.prune(max_age_days=25, max_bytes=1000) == 100
    assert sorted(store.read_blocks(KEYS)) == KEYS[1:]
    store.touch([KEYS[1]])
    assert store.prune(max_age_days=1000, max_bytes=200) == 100
    assert sorted(store.read_blocks(KEYS)) == [KEYS[1], KEYS[3]]


def test_a_damaged_database_is_made_again_and_noted(folder: Path) -> None:
    store = SqliteStore(folder)
    store.write_blocks([(KEYS[0], b"one")])
    store.close()
    store.database_path.write_bytes(b"no database" * 1000)
    again = SqliteStore(folder)
    assert again.read_blocks(KEYS) == {}
    (note,) = again.notes
    assert "was damaged" in note
    assert "made again" in note
    assert again.write_state("query:ab", {"kinds": []})


def test_after_writing_stopped_new_blocks_are_in_memory(folder: Path) -> None:
    store = SqliteStore(folder)
    store.stop_writing(OSError("the disk is full"))
    store.stop_writing(OSError("the disk is full"))
    store.write_blocks([(KEYS[0], b"one")])
    assert store.read_blocks(KEYS) == {KEYS[0]: b"one"}
    assert not store.write_state("query:ab", {"kinds": []})
    assert store.read_state("query:ab") is None
    assert len(store.notes) == 1
    assert SqliteStore(folder).read_blocks(KEYS) == {}


def test_columns_without_a_state_are_removed_when_they_are_old(folder: Path) -> None:
    store = SqliteStore(folder)
    made = []
    for _ in range(3):
        out = store.new_columns()
        assert isinstance(out, ColumnFolder)
        out.append("rows", np.arange(3, dtype=np.uint32))
        out.finish()
        made.append(out.folder)
    (folder / "columns" / "foreign").mkdir()
    for path in (folder / "columns").iterdir():
        os.utime(path, (time.time() - 7200,) * 2)
    os.utime(made[1])
    database = store._database
    database.execute("INSERT INTO states VALUES ('base:x', ?)", (f'{{"token":"{made[0].name}"}}'.encode(),))
    store.drop_orphans()
    assert {path.name for path in (folder / "columns").iterdir()} == {made[0].name, made[1].name, "foreign"}


def test_a_store_that_is_not_closed_leaves_no_warning(folder: Path, recwarn: pytest.WarningsRecorder) -> None:
    store = SqliteStore(folder)
    store.write_state("query:ab", {"kinds": []})
    del store
    assert not recwarn.list
    assert SqliteStore(folder).read_state("query:ab") == {"kinds": []}


def test_a_state_that_is_too_large_is_not_read(folder: Path) -> None:
    store = SqliteStore(folder)
    # It is in the database as a few pages of zeros, and nowhere as bytes of Python.
    store._database.execute("INSERT INTO states VALUES ('repository', zeroblob(?))", (MAX_STATE_BYTES + 1,))
    tracemalloc.start()
    try:
        assert store.read_state("repository") is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20
    assert store.write_state("repository", {"path": "/"})
    assert store.read_state("repository") == {"path": "/"}
