"""One refresh of an index, each step one call: find the files, check them, tag what is new, keep it, make the result.

It never changes what another refresh gave: each works on values of its own, and ``LoadedIndex`` alone outlives it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from repomap_fast.indexing.blocks import Blocks
from repomap_fast.indexing.check import check
from repomap_fast.indexing.files import FileFilter, Files, find_all, find_named
from repomap_fast.indexing.keep import join_base, keep
from repomap_fast.indexing.late_tables import LateTables, make_result
from repomap_fast.indexing.loaded_index import Refreshed
from repomap_fast.progress import STAGE_CHECK, STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG
from repomap_fast.store.store import MemoryStore

if TYPE_CHECKING:
    from repomap_fast.errors import IndexDamagedError
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.result import ScanResult


def refresh(index: LoadedIndex, context: Context) -> None:
    """Bring the index up to date with the files. Raises QueryError, LanguageError, ScanCancelled, StoreError."""
    checked_at_ns = time.time_ns()
    with context.metrics.stage(STAGE_DISCOVER):
        files = Files.of(*find_all(context), context.options.queries)
    blocks = Blocks(context, files, index.blocks, index.store)
    state = _tag_new(index, context, files, blocks)
    state.mark_racy(checked_at_ns)
    with context.metrics.stage(STAGE_JOIN):
        index.kept = keep(index, context, files, blocks, state)
    context.wait_for_cpu_budget()
    tables = LateTables(index, context, files, index.kept)
    index.refreshed = Refreshed(make_result(index, tables), context.stats, tables)


def repair(index: LoadedIndex, last: Refreshed, error: IndexDamagedError) -> None:
    """Join all columns again, since a part of them was found damaged when it was used."""
    last.tables.report_damage(error)
    last.tables.join_again()
    tables = LateTables(index, last.tables.context, last.tables.files, last.tables.kept)
    index.refreshed = last._replace(result=make_result(index, tables), tables=tables)


def tag_files(index: LoadedIndex, context: Context, paths: Iterable[bytes]) -> ScanResult:
    """Return the tags of these files alone. Their blocks are kept; the state of the index stays as it is."""
    with context.metrics.stage(STAGE_DISCOVER):
        files = Files.of(*find_named(context, paths), context.options.queries)
    blocks = Blocks(context, files, index.blocks, index.store)
    state = _tag_new(index, context, files, blocks)
    with context.metrics.stage(STAGE_JOIN):
        kept = join_base(context, files, blocks, MemoryStore(), index.name, state)
    context.wait_for_cpu_budget()
    return make_result(index, LateTables(index, context, files, kept))


def warm(index: LoadedIndex, context: Context, choose: FileFilter) -> None:
    """Keep the blocks of some files, so that a later scan need not parse them; the state stays as it is."""
    with context.metrics.stage(STAGE_DISCOVER):
        found, language_ids = find_all(context)
        rows = choose(found, language_ids)
        files = Files.of(found.rows(rows), language_ids[rows], context.options.queries)
    _tag_new(index, context, files, Blocks(context, files, index.blocks, index.store))
    context.wait_for_cpu_budget()
    context.stats.removed = 0


def _tag_new(index: LoadedIndex, context: Context, files: Files, blocks: Blocks) -> State:
    """Return the state of the files, with tags from the last state, from the store, or from the parser."""
    with context.metrics.stage(STAGE_CHECK):
        checked = check(files, index.load(), context.options)
        state, unknown, stats = checked.state, checked.unknown, context.stats
        stats.files, stats.fresh, stats.removed = len(state), checked.n_known, checked.n_removed
        if len(unknown) and index.store.has_blocks():
            blocks.hash_files(state, checked.unread)
            unknown = blocks.find_stored(state, unknown)
    if len(unknown):
        with context.metrics.stage(STAGE_TAG):
            blocks.parse(state, unknown)
    return state
