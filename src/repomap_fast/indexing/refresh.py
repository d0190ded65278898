"""One refresh of an index, each step one call: find the files, check them, tag what is new, keep it, make the result.

It never changes what another refresh gave: each works on values of its own, and ``LoadedIndex`` alone outlives it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from repomap_fast.deadline import TimedProgress, TimeIsOverError
from repomap_fast.indexing.blocks import Blocks
from repomap_fast.indexing.check import check
from repomap_fast.indexing.files import FileFilter, Files, find_all, find_named
from repomap_fast.indexing.keep import join_base, keep
from repomap_fast.indexing.late_tables import LateTables, make_result
from repomap_fast.indexing.loaded_index import Refreshed
from repomap_fast.indexing.shared_base import share_base
from repomap_fast.progress import STAGE_CHECK, STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG
from repomap_fast.store.store import MemoryStore

if TYPE_CHECKING:
    from repomap_fast.deadline import Deadline
    from repomap_fast.errors import IndexDamagedError
    from repomap_fast.indexing.check import Checked
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.indexing.state import State
    from repomap_fast.indexing.unfinished import Unfinished
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tables import I64


_BYTES_A_SECOND = 8_000_000
"""Source bytes that one thread parses in a second, at least."""
_READ_BYTES_A_SECOND = 150_000_000
"""Those that one thread reads and looks up in the store."""
_BYTES_A_FILE = 4_096
"""What a file costs beside its bytes."""
_SHARE_OF_ALL = 0.6
"""Of the time until a deadline, what the parse of all files may take."""


def refresh(index: LoadedIndex, context: Context, deadline: Deadline | None = None) -> Unfinished | None:
    """Bring the index up to date with the files. Raises QueryError, LanguageError, ScanCancelled, StoreError.

    Return None; or what is not finished, if that would take longer than until a deadline: then the state stays as it
    is, and what was parsed is kept.
    """
    checked_at_ns = time.time_ns()
    with context.metrics.stage(STAGE_DISCOVER):
        files = Files.of(*find_all(context, index.seen, has_time=deadline is None), context)
    if context.is_for_answer and _take_again(index, context, files, checked_at_ns):
        return None
    checked = _check(index, context, files)
    blocks = Blocks(context, files, index.blocks, index.store)
    if deadline is None:
        state = _tag_unknown(index, context, blocks, checked)
    else:
        timed = context._replace(watch=TimedProgress(context.watch, deadline.at_share(_SHARE_OF_ALL)))
        try:
            state = _tag_unknown(index, timed, Blocks(timed, files, index.blocks, index.store), checked, deadline)
        except TimeIsOverError:
            from repomap_fast.indexing.unfinished import Unfinished

            return Unfinished(index, context, files, checked)
    if files.found.commit is None:
        state.mark_racy(checked_at_ns)
    last_base = None if index.kept is None else index.kept.base
    with context.metrics.stage(STAGE_JOIN):
        index.kept = keep(index, context, files, blocks, state)
    blocks.drop_others(state)
    if index.kept.base is not last_base:
        index.spare_memory(index.kept.base)
    context.wait_for_cpu_budget()
    tables = LateTables(index, context, files, index.kept)
    is_settled = context.is_for_answer and not len(checked.unknown)
    index.refreshed = Refreshed(make_result(index, tables), context.stats, tables, is_settled)
    return None


def _take_again(index: LoadedIndex, context: Context, files: Files, checked_at_ns: int) -> bool:
    """Give what the last refresh gave, if these are its files; return whether they are.

    Loaded tables are not taken over, so that the index holds no more than one answer needs.
    """
    last = index.refreshed
    with context.metrics.stage(STAGE_CHECK):
        if last is None or not last.is_settled or index.load() is not last.tables.kept:
            return False
        state = last.tables.kept.state
        if not files.are_those_of(last.tables.files, state) or state.are_racy(checked_at_ns).any():
            return False
        stats = context.stats
        stats.files, stats.fresh = last.stats.files, last.stats.fresh
    context.wait_for_cpu_budget()
    tables = LateTables(index, context, files, last.tables.kept, last.tables.file_table)
    index.refreshed = Refreshed(make_result(index, tables), stats, tables, is_settled=True)
    return True


def _share(index: LoadedIndex, context: Context, files: Files, state: State, unknown: I64) -> I64:
    """Take over what the base of another work tree has of these files; return the rows of the others."""
    index.kept = share_base(index, files, state)
    if index.kept is None:
        return unknown
    base = index.kept.base
    left = state.find_contents(base.state, unknown, files.find_same_queries(base.record))
    context.stats.from_store += len(unknown) - len(left)
    return left


def _raise_if_long(deadline: Deadline, state: State, rows: I64, bytes_a_second: float) -> None:
    """Raise TimeIsOverError if so much cannot be done with these files by a deadline."""
    needed_s = (state.sizes_bytes[rows].sum() + _BYTES_A_FILE * len(rows)) / bytes_a_second
    if needed_s > _SHARE_OF_ALL * max(deadline.left_s, 0.0):
        raise TimeIsOverError


def repair(index: LoadedIndex, last: Refreshed, error: IndexDamagedError) -> None:
    """Join all columns again, since a part of them was found damaged when it was used."""
    last.tables.report_damage(error)
    last.tables.join_again()
    tables = LateTables(index, last.tables.context, last.tables.files, last.tables.kept)
    index.refreshed = last._replace(result=make_result(index, tables), tables=tables)


def tag_files(index: LoadedIndex, context: Context, paths: Iterable[bytes]) -> ScanResult:
    """Return the tags of these files alone. Their blocks are kept; the state of the index stays as it is."""
    with context.metrics.stage(STAGE_DISCOVER):
        files = Files.of(*find_named(context, paths), context)
    blocks = Blocks(context, files, index.blocks, index.store)
    state = _tag_unknown(index, context, blocks, _check(index, context, files))
    with context.metrics.stage(STAGE_JOIN):
        kept = join_base(context, files, blocks, MemoryStore(), index.name, state)
    context.wait_for_cpu_budget()
    return make_result(index, LateTables(index, context, files, kept))


def warm(index: LoadedIndex, context: Context, choose: FileFilter) -> None:
    """Keep the blocks of some files, so that a later scan need not parse them; the state stays as it is."""
    with context.metrics.stage(STAGE_DISCOVER):
        found, language_ids = find_all(context, index.seen)
        rows = choose(found, language_ids)
        files = Files.of(found.rows(rows), language_ids[rows], context)
    _tag_unknown(index, context, Blocks(context, files, index.blocks, index.store), _check(index, context, files))
    context.wait_for_cpu_budget()
    context.stats.removed = 0


def _check(index: LoadedIndex, context: Context, files: Files) -> Checked:
    """Return what the last state knows of the files."""
    with context.metrics.stage(STAGE_CHECK):
        checked, stats = check(files, index.load(), context.options), context.stats
        stats.files, stats.fresh, stats.removed = len(checked.state), checked.n_known, checked.n_removed
        return checked


def _tag_unknown(
    index: LoadedIndex, context: Context, blocks: Blocks, checked: Checked, deadline: Deadline | None = None
) -> State:
    """Return the state of the files; tags that it does not know are from the store, or from the parser.

    Raises TimeIsOverError if that would take longer than until the deadline.
    """
    state, unknown, n_workers = checked.state, checked.unknown, context.options.n_workers
    if len(unknown) and index.store.has_blocks():
        if deadline is not None:
            _raise_if_long(deadline, state, checked.unread, _READ_BYTES_A_SECOND * n_workers)
        with context.metrics.stage(STAGE_CHECK):
            blocks.hash_files(state, checked.unread)
            if index.kept is None:
                unknown = _share(index, context, blocks.files, state, unknown)
            unknown = blocks.find_stored(state, unknown)
    if len(unknown):
        if deadline is not None:
            _raise_if_long(deadline, state, unknown, _BYTES_A_SECOND * n_workers)
        with context.metrics.stage(STAGE_TAG):
            blocks.parse(state, unknown)
    return state
