"""Where the tags of a file come from: memory, the store, or the parser. Each source keeps its blocks for the next time.

It never returns a block that was not checked, and loads no parser while every block is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.indexing.files import contents_of
from repomap_fast.indexing.others import Others
from repomap_fast.indexing.state import STATUSES_OF_CONTENTS, STATUSES_OF_TEXT, block_keys, split_by_size
from repomap_fast.joining.join import CHUNK_BYTES, give_back_memory
from repomap_fast.progress import STAGE_CHECK, STAGE_JOIN
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import I64, U16, U32, FileStatus
from repomap_fast.tagging.block import check_block, read_counts, read_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.deadline import Deadline
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.state import State
    from repomap_fast.store.lru import LruCache
    from repomap_fast.store.store import Store
    from repomap_fast.tagging.tagger import Pause, SourceFiles, TaggedBatch, TagsQueries

BLOCK_CACHE_BYTES = 32 << 20
"""Blocks that stay in memory between tagging and joining, and from one refresh to the next."""
_LOOKUP_FILES = 256
"""Files whose blocks are looked up at a time."""
_LOOKUP_TAGS = 1 << 17
"""Tags whose blocks are read at a time: about 4 MB."""
_LOOKUP_BYTES = 4 << 20
"""Source bytes of files whose blocks are looked up at a time, while it is not known how many tags they have."""


class Blocks:
    """The blocks of files, found by the contents of the file and the tags query of its language."""

    def __init__(self, context: Context, files: Files, cache: LruCache, store: Store) -> None:
        self.files = files
        self._context = context
        self._queries = files.queries
        self._query_keys = {language_id: query.key for language_id, query in files.queries.items()}
        self._cache = cache
        self._store = store
        self._kinds: dict[int, tuple[str, ...]] = {}

    def kinds(self, language_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """Return the kinds that the queries of these languages name, by language. Raises QueryError."""
        known = {language_id: self._known_kinds(language_id) for language_id in language_ids}
        if unknown := [language_id for language_id, kinds in known.items() if kinds is None]:
            self._compile(sorted(unknown))
        return {language_id: self._kinds[language_id] for language_id in known}

    def find_stored(self, state: State, rows: I64) -> I64:
        """Take the tags of those files that are kept from another time; return the rows of the others, rising."""
        return self._take_stored(state, rows, lambda done, total: self._context.watch.report(STAGE_CHECK, done, total))

    def _take_stored(self, state: State, rows: I64, report: Callable[[int, int], object]) -> I64:
        is_read = state.digests[rows].any(axis=1)
        read, missing = rows[is_read], rows[~is_read].tolist()
        for start, end in split_by_size(state.sizes_bytes[read], _LOOKUP_FILES, _LOOKUP_BYTES):
            report(start, len(read))
            some = read[start:end].tolist()
            found = self._find(state, some)
            for row, (block, n_tags, n_definitions, status) in found.items():
                state.set_block(row, status, n_tags, n_definitions, read_marks(block))
            self._context.stats.from_store += len(found)
            missing += [row for row in some if row not in found]
        return np.array(sorted(missing), np.int64)

    def hash_files(self, state: State, rows: I64) -> None:
        """Read and hash the files, so that the store can be asked for their blocks. Raises ScanCancelled."""
        self._context.stats.read += len(rows)
        for sources, some in self._sources(state, rows):
            self._hash(state, sources, some)

    def _hash(self, state: State, sources: SourceFiles, rows: U32) -> None:
        from repomap_fast.tagging.tagger import digest

        def take(batch: TaggedBatch) -> None:
            state.digests[batch.file_ids] = batch.digests

        digest(sources, rows, self._context.options, self._context.watch, take)

    def parse(self, state: State, rows: I64, *, until: Deadline | None = None) -> None:
        """Parse the files and keep their blocks; with a deadline, in their order as many as there is time for.

        Where another process keeps blocks in the same store meanwhile, as the scan of a second work tree does, those of
        the files that are left are taken from it. Of files of a commit that have the same contents one is parsed.

        Raises ScanCancelled, QueryError.
        """
        from repomap_fast.tagging.tagger import Pause, compile_queries

        firsts = rows if self.files.found.commit is None else state.first_alike(rows)
        alike, their_firsts = rows[firsts != rows], firsts[firsts != rows]
        rows = rows[firsts == rows]
        queries = compile_queries([self._queries[i] for i in distinct(state.language_ids[rows]).tolist()])
        self._keep_kinds(queries.kinds)
        for sources, some in self._sources(state, rows):
            others = Others(self._store)
            left = self._tag(state, sources, some, queries, until, Pause(others.have_written))
            while len(left) and until is None:
                left = self._left_by_others(state, sources, left, others)
                if len(left):
                    left = self._tag(state, sources, left, queries, None, Pause(others.have_written, keeps_order=True))
        state.take_over(alike, state, their_firsts)
        give_back_memory()

    def _tag(
        self,
        state: State,
        sources: SourceFiles,
        rows: U32,
        queries: TagsQueries,
        until: Deadline | None,
        pause: Pause,
    ) -> U32:
        """Parse files and keep their blocks; return those that are left at a deadline, or at a pause."""
        from repomap_fast.tagging.tagger import tag

        context, limits = self._context, self._context.limits
        is_done = np.zeros(len(state), np.bool_)

        def take(batch: TaggedBatch) -> None:
            is_done[batch.file_ids] = True
            self._keep(state, batch)

        n_bytes, n_workers = tag(
            sources,
            rows,
            queries,
            context.options,
            context.watch,
            take,
            memory=limits.memory,
            cpu=limits.cpu,
            until=until,
            pause=None if until is not None else pause,
        )
        context.metrics.source_bytes += n_bytes
        context.metrics.workers = max(context.metrics.workers, n_workers)
        return rows[~is_done[rows]]

    def _left_by_others(self, state: State, sources: SourceFiles, rows: U32, others: Others) -> U32:
        """Take the blocks that others have kept of these files; return the files without, in an order of our own."""
        with others.looking():
            unread = rows[~state.digests[rows].any(axis=1)]
            if len(unread):
                self._hash(state, sources, unread)
            return others.in_another_order(self._take_stored(state, rows.astype(np.int64), lambda *_: None))

    def chunks(self, state: State, rows: I64) -> Iterator[tuple[list[bytes], U16]]:
        """Yield the blocks of these files and their languages, some megabytes at a time; an empty one where is none."""
        has_text = state.has_text()[rows]
        found = self.in_order(state, rows[has_text])
        report, memory = self._context.watch.report, self._context.limits.memory
        chunk_bytes = CHUNK_BYTES if memory is None else CHUNK_BYTES // 8
        blocks: list[bytes] = []
        start = n_bytes = 0
        report(STAGE_JOIN, 0, len(rows))
        for position, has_block in enumerate(has_text.tolist(), 1):
            block = next(found) if has_block else b""
            blocks.append(block)
            n_bytes += len(block)
            if n_bytes >= chunk_bytes:
                yield blocks, state.language_ids[rows[start:position]]
                blocks, start, n_bytes = [], position, 0
                if memory is not None:
                    give_back_memory()
                report(STAGE_JOIN, position, len(rows))
        yield blocks, state.language_ids[rows[start:]]
        report(STAGE_JOIN, len(rows), len(rows))

    def in_order(self, state: State, rows: I64) -> Iterator[bytes]:
        """Yield the blocks of those of these files that have text. A file whose block is lost is parsed again."""
        rows = rows[state.has_text()[rows]]
        for start, end in split_by_size(state.tag_counts[rows], _LOOKUP_FILES, _LOOKUP_TAGS):
            some = rows[start:end].tolist()
            found = self._find(state, some)
            if lost := [row for row in some if row not in found]:
                self.parse(state, np.array(lost, np.int64))
                found |= self._find(state, [row for row in lost if state.statuses[row] in STATUSES_OF_TEXT])
            for row in some:
                block, *counts = found.get(row, (b"", 0, 0, FileStatus.UNREADABLE))
                if row in found and counts[0] != state.tag_counts[row]:
                    state.set_block(row, counts[2], counts[0], counts[1], read_marks(block))
                yield block

    def drop_others(self, state: State) -> None:
        """Drop the blocks of earlier contents from a store in memory, where they have become many."""
        if isinstance(self._store, MemoryStore) and self._store.has_grown:
            rows = np.flatnonzero(np.isin(state.statuses, STATUSES_OF_CONTENTS)).tolist()
            self._store.touch(block_keys(state, rows, self._query_keys))

    def _find(self, state: State, rows: list[int]) -> dict[int, tuple[bytes, int, int, int]]:
        """Return the block, tags, definitions and status of those files whose block is kept and sound."""
        keys = dict(zip(rows, block_keys(state, rows, self._query_keys), strict=True))
        cached = {row: self._cache.get(key) for row, key in keys.items()}
        wanted = [keys[row] for row, block in cached.items() if block is None]
        stored = self._store.read_blocks(wanted) if wanted else {}
        found = {}
        for row, key in keys.items():
            block = cached[row]
            if block is not None:
                # The cache is filled with the tagger's own blocks only.
                status, n_tags, n_definitions = read_counts(block)
                found[row] = (block, n_tags, n_definitions, status)
            elif key in stored:
                kinds = self._known_kinds(int(state.language_ids[row]))
                checked = None if kinds is None else check_block(key, stored[key], len(kinds))
                if checked is not None and checked[2] in STATUSES_OF_CONTENTS:
                    found[row] = (stored[key], *checked)
        return found

    def _keep(self, state: State, batch: TaggedBatch) -> None:
        """Keep the blocks of a batch of files, and write into the state what became of them."""
        rows = batch.file_ids.tolist()
        self._context.stats.parsed += len(rows)
        state.digests[batch.file_ids] = batch.digests
        keys = block_keys(state, rows, self._query_keys)
        state.forget_tags(batch.file_ids)
        state.statuses[batch.file_ids] = batch.statuses
        state.errnos[batch.file_ids] = batch.errnos
        kept = []
        for row, key, block in zip(rows, keys, batch.blocks, strict=True):
            if block:
                state.set_block(row, *read_counts(block), read_marks(block))
                self._cache.put(key, block)
                kept.append((key, block))
        self._store.write_blocks(kept)
        self._shrink_cache()

    def _shrink_cache(self) -> None:
        """Give the cache less room where memory is short."""
        memory = self._context.limits.memory
        if memory is None:
            return
        room = memory.cache_bytes(BLOCK_CACHE_BYTES)
        self._cache.resize(max_bytes=room)
        if room < BLOCK_CACHE_BYTES:
            memory.note("kept fewer blocks in memory")
            self._store.commit()
            give_back_memory()

    def _known_kinds(self, language_id: int) -> tuple[str, ...] | None:
        """Return the kinds of a language's query; None if it was never compiled, so that no block of it is kept."""
        if language_id not in self._kinds:
            record = self._store.read_state(self._kinds_name(language_id))
            if record is None:
                return None
            self._kinds[language_id] = tuple(record["kinds"])
        return self._kinds[language_id]

    def _compile(self, language_ids: list[int]) -> None:
        from repomap_fast.tagging.tagger import compile_queries

        self._keep_kinds(compile_queries([self._queries[language_id] for language_id in language_ids]).kinds)

    def _keep_kinds(self, kinds_by_language: Mapping[int, tuple[str, ...]]) -> None:
        """Keep the kinds of some queries: the blocks of a query number its kinds in this order."""
        for language_id, kinds in kinds_by_language.items():
            if self._known_kinds(language_id) != kinds:
                self._kinds[language_id] = kinds
                self._store.write_state(self._kinds_name(language_id), {"kinds": kinds})

    def _kinds_name(self, language_id: int) -> str:
        return f"query:{self._query_keys[language_id].hex()}"

    def _sources(self, state: State, rows: I64) -> Iterator[tuple[SourceFiles, U32]]:
        """Yield these files as the tagger reads them: all, or some at a time."""
        from repomap_fast.tagging.tagger import SourceFiles

        contents = contents_of(self.files.found, self._context.root)
        for root, paths, some in contents.lay_out(state.paths, state.sizes_bytes, rows):
            names = None if paths is state.paths else state.paths
            yield SourceFiles(root, paths, state.language_ids, state.sizes_bytes, names), some.astype(np.uint32)
