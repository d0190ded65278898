"""A refresh that had no time for all files: what can be known of the files without a parse, and the tags of the best.

The state of the index stays as it is. The blocks of files that are parsed are kept in the store, as those of a refresh
are, so that the next refresh need not parse these files again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.indexing.blocks import Blocks
from repomap_fast.indexing.keep import join_base
from repomap_fast.indexing.late_tables import LateTables, make_result
from repomap_fast.joining.seen_words import SeenWords
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.progress import STAGE_CHECK, STAGE_JOIN, STAGE_LOOK, STAGE_TAG
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import I64, U8, FileStatus, StringTable
from repomap_fast.tagging.words import hash_terms

if TYPE_CHECKING:
    from repomap_fast.deadline import Deadline
    from repomap_fast.indexing.check import Checked
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tagging.tagger import CountedBatch

_HASHED_AT_A_TIME = 500
_PARSED_AT_A_TIME = 200
"""Files that are parsed together at least, unless they are the last ones."""
_SHARE_OF_A_FILE = 0.5
"""Of the time that is left, what the parse of one file may take."""


class Unfinished:
    """The files of a refresh that had no time for all of them. Rows are those of the files with a language.

    n_seen    files in which terms were looked for.
    n_tagged  files that have tags.
    """

    def __init__(self, index: LoadedIndex, context: Context, files: Files, checked: Checked) -> None:
        self._index, self._context, self._files = index, context, files
        self._state = checked.state
        # The tags of all files that are known could be too many to join them in time.
        self._state.forget_tags(np.arange(len(self._state)))
        self._state.statuses[self._state.statuses != FileStatus.TOO_LARGE] = FileStatus.UNREADABLE
        self._is_seen = np.zeros(len(self._state), np.bool_)
        self._hashes = np.empty(0, np.uint32)
        self._counts: U8 = np.zeros((len(self._state), 0), np.uint8)

    @property
    def paths(self) -> StringTable:
        """Paths of the files."""
        return self._state.paths

    @property
    def sizes_bytes(self) -> I64:
        """Sizes of the files: (n,) int64."""
        return self._state.sizes_bytes

    @property
    def n_seen(self) -> int:
        """Files in which terms were looked for, or that were parsed."""
        return int(np.count_nonzero(self._is_seen | self._state.has_text()))

    @property
    def n_tagged(self) -> int:
        """Files that have their tags."""
        return int(np.count_nonzero(self._state.has_text()))

    def look_for(self, terms: Sequence[bytes], rows: I64, until: Deadline) -> None:
        """Count these terms in the files in ``rows``, in that order, until a deadline. Raises ScanCancelled."""
        from repomap_fast.tagging.tagger import SourceFiles, count_terms

        self._hashes = distinct(hash_terms(terms))
        self._counts = np.zeros((len(self._state), len(self._hashes)), np.uint8)
        context, state = self._context, self._state

        def take(batch: CountedBatch) -> None:
            self._counts[batch.file_ids] = batch.counts
            self._is_seen[batch.file_ids] = batch.errnos == 0

        sources = SourceFiles(context.root, state.paths, state.language_ids, state.sizes_bytes)
        with context.metrics.stage(STAGE_LOOK):
            count_terms(sources, rows.astype(np.uint32), terms, context.options, context.watch, take, until=until)

    def words(self, parsed: FileWords | None = None) -> SeenWords:
        """Return how often the terms are in the files; ``parsed`` are all terms of those that were parsed."""
        state = self._state
        known = FileWords.of(WordColumns.empty(len(state))) if parsed is None else parsed
        rows = np.flatnonzero(state.has_text()) if parsed is not None else np.empty(0, np.int64)
        return SeenWords.count(self._hashes, self._counts, self._is_seen, state.sizes_bytes, known, rows)

    def tag(self, rows: I64, until: Deadline) -> None:
        """Get the tags of the files in ``rows``, in that order, until a deadline. Raises ScanCancelled, QueryError."""
        context, state, store = self._context, self._state, self._index.store
        options = context.options
        timeout_s = max(_SHARE_OF_A_FILE * until.left_s, 1e-3)
        options = replace(options, timeout_per_file=min(options.timeout_per_file, timeout_s))
        blocks = Blocks(context._replace(options=options), self._files, self._index.blocks, store)
        rows = rows[state.statuses[rows] != FileStatus.TOO_LARGE]
        # To hash all files takes longer than a deadline: as many are as there is time for, before the next are parsed.
        n_at_a_time = _HASHED_AT_A_TIME if store.has_blocks() else max(len(rows), 1)
        missing = np.empty(0, np.int64)
        for start in range(0, len(rows), n_at_a_time):
            if until.is_over:
                break
            some = rows[start : start + n_at_a_time]
            missing = np.concatenate((missing, self._not_stored(blocks, some) if store.has_blocks() else some))
            if len(missing) >= _PARSED_AT_A_TIME or start + n_at_a_time >= len(rows):
                with context.metrics.stage(STAGE_TAG):
                    blocks.parse(state, missing, until=until)
                missing = missing[:0]
        store.commit()

    def _not_stored(self, blocks: Blocks, rows: I64) -> I64:
        """Take the tags of those files that are kept from another time; return the rows of the others, in order."""
        state = self._state
        with self._context.metrics.stage(STAGE_CHECK):
            blocks.hash_files(state, rows[~state.digests[rows].any(axis=1)])
            return rows[np.isin(rows, blocks.find_stored(state, rows))]

    def result(self) -> ScanResult:
        """Return what is known: all files, and the tags of some. Raises ScanCancelled."""
        context, state = self._context, self._state
        blocks = Blocks(context, self._files, self._index.blocks, self._index.store)
        with context.metrics.stage(STAGE_JOIN):
            kept = join_base(context, self._files, blocks, MemoryStore(), self._index.name, state)
        context.count_up()
        tables = LateTables(self._index, context, self._files, kept)
        return make_result(self._index, tables, words=lambda: self.words(tables.words()))
