"""The blocks of tags that are kept: in memory until they are joined, and in the store for the next time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.indexing.state import STATUSES_OF_CONTENTS, block_keys, split_by_size
from repomap_fast.joining.join import check_block
from repomap_fast.tables import I64, FileStatus
from repomap_fast.tagging.block import counts_of_block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.indexing.base import LoadedIndex
    from repomap_fast.indexing.state import State
    from repomap_fast.tagging.tagger import TaggedBatch

LOOKUP_FILES = 256
"""Files whose blocks are asked for at a time."""
_LOOKUP_TAGS = 1 << 17
"""Tags whose blocks are read at a time: some 4 MB."""


class Blocks:
    """The blocks of a state's files, which are found by the file's contents and the query of its language."""

    def __init__(self, memory: LoadedIndex, query_keys: Mapping[int, bytes]) -> None:
        self._recent = memory.blocks
        self._store = memory.store
        self._query_keys = query_keys
        self._kinds: dict[int, tuple[str, ...]] = {}

    def kinds(self, language_id: int) -> tuple[str, ...] | None:
        """Return the kinds of a language's query; None if it was never compiled, so that no block of it is kept."""
        if language_id not in self._kinds:
            record = self._store.read_state(self._kinds_name(language_id))
            if record is None:
                return None
            self._kinds[language_id] = tuple(record["kinds"])
        return self._kinds[language_id]

    def keep_kinds(self, kinds_by_language: Mapping[int, tuple[str, ...]]) -> None:
        """Keep what the queries of some languages speak of: their blocks number the kinds so."""
        for language_id, kinds in kinds_by_language.items():
            if self.kinds(language_id) != kinds:
                self._kinds[language_id] = kinds
                self._store.write_state(self._kinds_name(language_id), {"kinds": kinds})

    def _kinds_name(self, language_id: int) -> str:
        return f"query:{self._query_keys[language_id].hex()}"

    def keep(self, state: State, batch: TaggedBatch) -> None:
        """Keep what a batch of files gave, and note in the state what became of them."""
        state.digests[batch.file_ids] = batch.digests
        keys = block_keys(state, batch.file_ids.tolist(), self._query_keys)
        state.forget_tags(batch.file_ids)
        state.statuses[batch.file_ids] = batch.statuses
        state.errnos[batch.file_ids] = batch.errnos
        kept = []
        for row, key, block in zip(batch.file_ids.tolist(), keys, batch.blocks, strict=True):
            if block:
                state.note_block(row, *counts_of_block(block))
                self._recent.put(key, block)
                kept.append((key, block))
        self._store.write_blocks(kept)

    def find(self, state: State, rows: list[int]) -> dict[int, tuple[bytes, int, int, int]]:
        """Return the block, tags, definitions and status of those files whose block is kept and sound."""
        keys = dict(zip(rows, block_keys(state, rows, self._query_keys), strict=True))
        recent = {row: self._recent.get(key) for row, key in keys.items()}
        asked = [keys[row] for row, block in recent.items() if block is None]
        stored = self._store.read_blocks(asked) if asked else {}
        found = {}
        for row, key in keys.items():
            block = recent[row]
            if block is not None:
                # Nothing unsound is ever put there.
                status, n_tags, n_definitions = counts_of_block(block)
                found[row] = (block, n_tags, n_definitions, status)
            elif key in stored:
                kinds = self.kinds(int(state.language_ids[row]))
                checked = None if kinds is None else check_block(key, stored[key], len(kinds))
                if checked is not None and checked[2] in STATUSES_OF_CONTENTS:
                    found[row] = (stored[key], *checked)
        return found

    def in_order(self, state: State, rows: I64, tag: Callable[[I64], None]) -> Iterator[bytes]:
        """Yield the blocks of files that have one with tags; ``tag`` is called for files whose block is lost."""
        rows = rows[state.tag_counts[rows] > 0]
        for start, end in split_by_size(state.tag_counts[rows], LOOKUP_FILES, _LOOKUP_TAGS):
            some = rows[start:end].tolist()
            found = self.find(state, some)
            if lost := [row for row in some if row not in found]:
                tag(np.array(lost, np.int64))
                found |= self.find(state, [row for row in lost if state.tag_counts[row]])
            for row in some:
                block, *counts = found.get(row, (b"", 0, 0, FileStatus.UNREADABLE))
                if row in found and counts[0] != state.tag_counts[row]:
                    state.note_block(row, counts[2], counts[0], counts[1])
                yield block
