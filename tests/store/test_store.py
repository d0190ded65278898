"""The store in memory, and what all stores promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.errors import StoreError
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.store import MemoryStore, Store

KEYS = [bytes([number]) * 32 for number in range(3)]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store")


def test_blocks_and_states_come_back(store: Store) -> None:
    assert not store.has_blocks()
    store.write_blocks([(KEYS[0], b"one"), (KEYS[1], b"two")])
    assert store.has_blocks()
    assert store.read_blocks(KEYS) == {KEYS[0]: b"one", KEYS[1]: b"two"}
    assert store.write_state("query:ab", {"kinds": ["class"]})
    assert store.read_state("query:ab") == {"kinds": ["class"]}
    assert store.read_state("query:cd") is None


def test_a_closed_store_stays_closed(store: Store) -> None:
    assert store.is_open
    store.close()
    store.close()
    assert not store.is_open
    for use in (
        store.has_blocks,
        store.commit,
        store.new_columns,
        lambda: store.read_blocks(KEYS),
        lambda: store.write_blocks([(KEYS[0], b"")]),
        lambda: store.read_state("root"),
        lambda: store.write_state("query:ab", {"kinds": []}),
        lambda: store.touch(KEYS),
        lambda: store.prune(max_age_days=1, max_bytes=1),
    ):
        with pytest.raises(StoreError, match="was closed"):
            use()


def test_a_reader_reads_what_is_kept_after_the_store_is_closed(store: Store) -> None:
    store.write_blocks([(KEYS[0], b"one")])
    store.write_state("query:ab", {"kinds": ["class"]})
    reader = store.reader()
    store.close()
    for _ in range(2):
        opened = reader.open()
        assert opened.has_blocks()
        assert opened.read_blocks(KEYS) == {KEYS[0]: b"one"}
        assert opened.read_state("query:ab") == {"kinds": ["class"]}
        assert opened.read_state("query:cd") is None
        # New blocks and states stay in the reader's own memory.
        opened.write_blocks([(KEYS[1], b"two")])
        opened.write_state("query:cd", {"kinds": []})
        assert opened.read_blocks(KEYS) == {KEYS[0]: b"one", KEYS[1]: b"two"}
        assert opened.read_state("query:cd") == {"kinds": []}
        opened.close()
        with pytest.raises(StoreError, match="was closed"):
            opened.read_blocks(KEYS)


def test_memory_keeps_the_blocks_that_are_used() -> None:
    store = MemoryStore("a note")
    store.write_blocks([(key, b"block") for key in KEYS])
    store.touch(KEYS[:1])
    assert list(store.read_blocks(KEYS)) == KEYS[:1]
    assert store.notes == ["a note"]
