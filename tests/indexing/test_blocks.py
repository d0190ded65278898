"""Blocks come from memory, else from the store, else from the parser, and are the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repomap_fast.indexing.blocks import BLOCK_CACHE_BYTES, Blocks
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.files import Files, find_all
from repomap_fast.indexing.state import State, block_keys
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.store.lru import LruCache
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import FileStatus


class Setting:
    """Files of a folder, with a cache and a store of their own."""

    def __init__(self, root: Path) -> None:
        self.context = Context.of(root, ScanOptions(workers=1), Progress())
        self.files = Files.of(*find_all(self.context), self.context)
        self.cache, self.store = LruCache(BLOCK_CACHE_BYTES), MemoryStore()

    def blocks(self) -> Blocks:
        return Blocks(self.context, self.files, self.cache, self.store)

    def parsed(self) -> tuple[State, list[bytes]]:
        state, blocks, rows = self.files.unread_state(), self.blocks(), np.arange(len(self.files.rows))
        blocks.parse(state, rows)
        return state, list(blocks.in_order(state, rows))


@pytest.fixture
def setting(small: Path) -> Setting:
    return Setting(small)


def test_parsed_blocks_are_in_the_state_the_cache_and_the_store(setting: Setting) -> None:
    state, blocks = setting.parsed()
    assert state.statuses.tolist() == [FileStatus.TAGGED] * 3
    assert state.digests.any(axis=1).all()
    keys = block_keys(state, range(3), {i: query.key for i, query in setting.files.queries.items()})
    assert [setting.cache.get(key) for key in keys] == blocks == list(setting.store.read_blocks(keys).values())


def test_a_block_that_memory_lost_is_read_from_the_store(setting: Setting) -> None:
    state, blocks = setting.parsed()
    setting.cache.clear()
    assert list(setting.blocks().in_order(state, np.arange(3))) == blocks
    assert setting.context.stats.parsed == 3


def test_a_block_that_all_lost_is_parsed_again(setting: Setting) -> None:
    state, blocks = setting.parsed()
    setting.cache.clear()
    setting.store.touch([])
    assert list(setting.blocks().in_order(state, np.arange(3))) == blocks
    assert setting.context.stats.parsed == 6


def test_a_damaged_block_is_parsed_again(setting: Setting) -> None:
    state, blocks = setting.parsed()
    setting.cache.clear()
    kept = {key: bytes([*data[:-1], data[-1] ^ 1]) for key, data in setting.store._blocks.items()}
    setting.store.write_blocks(kept.items())
    assert list(setting.blocks().in_order(state, np.arange(3))) == blocks
    assert setting.context.stats.parsed == 6


def test_a_file_whose_block_is_lost_is_as_it_is_now(setting: Setting, small: Path) -> None:
    state, _ = setting.parsed()
    setting.cache.clear()
    setting.store.touch([])
    (small / "a.py").write_text("def one(): pass\ndef two(): pass\ndef three(): pass\ndef four(): pass\n")
    (small / "lib/b.c").unlink()
    found = list(setting.blocks().in_order(state, np.arange(3)))
    assert found[1] == b""
    assert state.tag_counts.tolist()[:2] == [4, 0]
    assert state.statuses.tolist()[1] == FileStatus.UNREADABLE


def test_stored_tags_are_found_by_contents_alone(setting: Setting) -> None:
    state, _ = setting.parsed()
    other, blocks = setting.files.unread_state(), setting.blocks()
    assert blocks.find_stored(other, np.arange(3)).tolist() == [0, 1, 2]
    blocks.hash_files(other, np.arange(3))
    assert blocks.find_stored(other, np.arange(3)).tolist() == []
    assert other.tag_counts.tolist() == state.tag_counts.tolist()
    assert (setting.context.stats.read, setting.context.stats.from_store) == (3, 3)


def test_the_kinds_of_a_query_are_known_without_the_parser(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = sorted(setting.files.queries)
    kinds = setting.blocks().kinds(ids)
    monkeypatch.setattr(Blocks, "_compile", lambda *_: pytest.fail("a query was compiled"))
    assert setting.blocks().kinds(ids) == kinds
    assert all("function" in of_query for of_query in kinds.values())


def test_chunks_hold_all_blocks_and_their_languages(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    state, blocks = setting.parsed()
    monkeypatch.setattr("repomap_fast.indexing.blocks.CHUNK_BYTES", 1)
    chunks = list(setting.blocks().chunks(state, np.arange(3)))
    assert [block for some, _ in chunks for block in some] == blocks
    assert [i for _, ids in chunks for i in ids.tolist()] == state.language_ids.tolist()
    assert len(chunks) == 4
