"""What is kept of a refresh: an overlay while it differs little from the base, else a new base.

Before a base is joined, one of another work tree is looked for that differs little. A base is written whole before its
record names it, so a killed process leaves the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.base import Base, Kept, language_names
from repomap_fast.indexing.overlay import count_over
from repomap_fast.indexing.shared_base import share_base
from repomap_fast.indexing.state import (
    NOT_IN_BASE,
    as_base,
    describe_overlay,
    find_difference,
    overlay_limit,
    write_base,
)
from repomap_fast.joining.graph import write_graph
from repomap_fast.joining.join import Joined, give_back_memory, join
from repomap_fast.store.columns import ColumnFolder, KeptColumns, MemoryColumns

if TYPE_CHECKING:
    from repomap_fast.indexing.blocks import Blocks
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.indexing.state import State
    from repomap_fast.resources.governors import MemoryGovernor
    from repomap_fast.store.columns import Columns, ColumnWriter
    from repomap_fast.store.store import Store
    from repomap_fast.tables import I64


class _Instead(Protocol):
    def __call__(self, *, only_earlier: bool) -> Kept | None: ...


def keep(index: LoadedIndex, context: Context, files: Files, blocks: Blocks, state: State) -> Kept:
    """Keep the new state of the files in the index's store, and return what is kept. Raises ScanCancelled."""

    def keep_over_shared(*, only_earlier: bool = False) -> Kept | None:
        name, store = f"base:{index.name}", index.store
        old = store.read_state(name)
        shared = share_base(index, files, state, only_earlier=only_earlier)
        kept = None if shared is None else _keep_over(shared, index, context, files, blocks, state)
        if old is not None and kept is not None:
            store.drop_columns(old["token"])
        elif old is not None and shared is not None:
            store.write_state(name, old)
        return kept

    last = index.kept
    kept = None if last is None else _keep_over(last, index, context, files, blocks, state)
    if kept is None:
        kept = keep_over_shared()
    if kept is None:
        # Another process may have joined the same files in the meantime.
        kept = join_base(context, files, blocks, index.store, index.name, state, instead=keep_over_shared)
    return kept


def _keep_over(
    last: Kept, index: LoadedIndex, context: Context, files: Files, blocks: Blocks, state: State
) -> Kept | None:
    """Keep the difference from the last base; None if it is too large for an overlay, or the base is damaged."""
    base = last.base
    has_same_query = files.find_same_queries(base.record)
    # An overlay does not say by which query a file was tagged, so base and overlay have the same queries.
    in_both = {*distinct(base.state.language_ids).tolist()} & {*distinct(state.language_ids).tolist()}
    if not has_same_query[list(in_both)].all():
        return None
    state.find_in_base(base.state, has_same_query)
    limit = overlay_limit(len(base.state))
    difference = find_difference(state, base.state)
    if len(difference) > limit:
        # After a checkout many files have other times and the same contents.
        base = base.with_times_of(state)
        difference = find_difference(state, base.state)
        if len(difference) > limit:
            return None
    overlay = {**_describe_tagging(context, files), **describe_overlay(state, base.state, difference)}
    return _keep_overlay(index, last, base, blocks, state, overlay)


def _keep_overlay(
    index: LoadedIndex, last: Kept, base: Base, blocks: Blocks, state: State, overlay: dict[str, Any]
) -> Kept | None:
    """Keep the difference from the base, if it is another one than before.

    base  the last one, perhaps with other times of its files.

    Return None if the base is damaged, or gone.
    """
    record, token = last.record, base.record["token"]
    if base is last.base and all(record.get(name, []) == value for name, value in overlay.items()):
        return Kept(base, state, last.overlay)
    added = np.flatnonzero((state.base_rows == NOT_IN_BASE) & (state.tag_counts > 0))
    language_ids = state.language_ids[added]
    try:
        kinds = blocks.kinds(distinct(language_ids).tolist())
        of_files = (kinds[language_id] for language_id in language_ids.tolist())
        counts = count_over(base, state, zip(blocks.in_order(state, added), of_files, strict=True))
    except (IndexDamagedError, LookupError, ValueError) as error:
        index.report_damage(error, token)
        return None
    kept = {"token": token, **counts, **overlay}
    if base is last.base:
        index.store.write_state(f"overlay:{index.name}", kept)
    elif token:
        states = {f"base:{index.name}": base.record, f"overlay:{index.name}": kept}
        if not index.store.write_states_of(token, states):
            return None
    return Kept(base, state, kept)


def join_base(
    context: Context,
    files: Files,
    blocks: Blocks,
    store: Store,
    name: str,
    state: State,
    *,
    instead: _Instead | None = None,
) -> Kept:
    """Join the tags of all files into a new base, which the store keeps under that name if it can.

    instead  asked before the base is kept, and for what was kept earlier after it; what it returns is taken in place of
             it, unless it is None.

    Raises ScanCancelled, MemoryError.
    """
    joined, n_shared, columns = _write_columns(context, blocks, store, state)
    context.stats.joined = True
    record: dict[str, Any] = {
        "token": "",
        "languages": language_names(),
        **_describe_tagging(context, files),
        "kinds": joined.kinds,
        "seed": joined.seed,
        "identifier_classes": joined.identifier_classes,
        "definition_kinds": joined.definition_kinds,
        "n_files": len(state),
        "n_shared": n_shared,
        "times": "",
    }
    if isinstance(columns, KeptColumns):
        if instead is not None and (kept := instead(only_earlier=False)) is not None:
            columns.drop()
            return kept
        record["token"], record["columns"] = columns.folder.name, columns.manifest
        # By now it may be the base of another process.
        old = store.read_state(f"base:{name}")
        if not store.write_state(f"base:{name}", record):
            columns.drop()
            return join_base(context, files, blocks, store, name, state)
        if old is not None:
            store.drop_columns(old["token"])
        # Of processes that joined the same files at once, all but the first give way.
        if instead is not None and (kept := instead(only_earlier=True)) is not None:
            return kept
    base = Base(record, columns, as_base(state))
    return Kept(base, base.state)


def _describe_tagging(context: Context, files: Files) -> dict[str, Any]:
    """Return by what queries and within what budgets the files are tagged."""
    return {
        "query_keys": {str(language_id): query.key.hex() for language_id, query in files.queries.items()},
        "budgets": {
            "file_timeout_s": context.options.timeout_per_file,
            "max_file_memory_bytes": context.options.max_file_memory,
        },
    }


def _write_columns(context: Context, blocks: Blocks, store: Store, state: State) -> tuple[Joined, int, Columns]:
    """Write all columns to the store, or to memory if there is no room for them; return how many names are shared."""
    memory = context.limits.memory
    out = store.new_columns()
    try:
        joined, n_shared = _write_columns_to(out, blocks, state, memory)
        if isinstance(out, MemoryColumns):
            return joined, n_shared, out
        return joined, n_shared, store.open_columns(out.folder.name, out.finish())
    except BaseException as error:
        if isinstance(out, ColumnFolder):
            out.abandon()
            if not isinstance(error, OSError | IndexDamagedError):
                raise
            store.notes.append(f"the columns of the index are in memory only: {out.folder}: {error}")
        elif not isinstance(error, IndexDamagedError):
            raise
    in_memory = MemoryColumns()
    return *_write_columns_to(in_memory, blocks, state, memory), in_memory


def _write_columns_to(
    out: ColumnWriter, blocks: Blocks, state: State, memory: MemoryGovernor | None
) -> tuple[Joined, int]:
    joined = join_files(out, blocks, state, np.arange(len(state)), memory)
    write_base(state, out)
    give_back_memory()
    return joined, write_graph(out, state.tag_counts, sum(joined.identifier_classes))


def join_files(
    out: ColumnWriter, blocks: Blocks, state: State, rows: I64, memory: MemoryGovernor | None = None
) -> Joined:
    """Write the columns of tags and names of some files.

    Raises OSError of ``out``, ScanCancelled, MemoryError; IndexDamagedError if other kinds than the query's were kept.
    Then what was written is of no use, and the same blocks know the kinds.
    """
    # A language counts when a file of it was parsed, whatever other queries the store knows.
    parsed = distinct(state.language_ids[rows[state.has_block()[rows]]]).tolist()
    kinds = blocks.kinds(parsed)
    joined = join(blocks.chunks(state, rows), kinds, out, memory=memory)
    if blocks.kinds(parsed) != kinds:
        raise IndexDamagedError("the kinds that were kept are not those of the tags queries")
    return joined
