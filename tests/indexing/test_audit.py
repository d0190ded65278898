"""The audit reads an index as it is: it finds what is wrong and changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from repomap_fast.errors import IndexDamagedError, StoreError
from repomap_fast.indexing.audit import StoredIndex
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.upkeep import has_index, index_problems
from repomap_fast.store.seal import seal
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.state_schema import HISTORY_STATE


def test_a_sound_index(overlaid_folder: Path) -> None:
    before = {path: path.read_bytes() for path in overlaid_folder.rglob("*") if path.is_file()}
    with StoredIndex(overlaid_folder) as stored:
        (choice,) = stored.choices()
        state = stored.stored_state(choice)
        assert list(state.state.paths) == [b"a.py", b"lib/b.c", b"lib/c.js"]
        assert state.base.tag_counts.tolist() != state.state.tag_counts.tolist()
        assert stored.counts()[0] == 4
        assert list(stored.problems()) == []
    assert {path: path.read_bytes() for path in before} == before


def test_each_damage_is_named(overlaid_folder: Path) -> None:
    (rows,) = overlaid_folder.glob("columns/*/rows")
    rows.write_bytes(bytes(rows.stat().st_size))
    with closing(sqlite3.connect(overlaid_folder / "tags.sqlite3", isolation_level=None)) as database:
        database.execute("UPDATE blocks SET data = x'00' WHERE rowid = 1")
        database.execute("UPDATE states SET data = x'00' WHERE name = 'repository'")
        database.execute("INSERT INTO blocks VALUES (x'00', 1, x'00')")
        history = seal(f"{HISTORY_STATE}:x", {"commit": "", "place": "", "tree": "", "packed": "x"})
        database.execute("INSERT INTO states VALUES (?, ?)", (f"{HISTORY_STATE}:x", history))
    found = list(index_problems(overlaid_folder))
    for words in (
        "rows has the checksum",
        "the block ",
        "the seal of the state 'repository'",
        "the history is not as it was packed",
        "whose key is not one of ours",
    ):
        assert sum(words in problem for problem in found) == 1, (words, found)


def test_counts_of_a_record_that_are_not_those_of_the_tags_are_named(small_index: Index) -> None:
    store, name = small_index.store, f"base:{small_index._loaded.name}"
    assert isinstance(store, SqliteStore)
    record = store.read_state(name)
    assert record is not None
    store.write_state(name, {**record, "definition_kinds": {"function": 1}})
    small_index.close()
    (problem,) = index_problems(store.folder)
    assert problem.endswith("the counts of definitions in the record are not those of the tags")


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    assert not has_index(tmp_path)
    with pytest.raises(StoreError):
        StoredIndex(tmp_path / "gone")
    (tmp_path / "tags.sqlite3").write_bytes(b"no database" * 1000)
    assert has_index(tmp_path)
    with pytest.raises(IndexDamagedError):
        StoredIndex(tmp_path)
    assert len(list(index_problems(tmp_path))) == 1
