"""What is kept of a refresh: an overlay while it differs little from the base, else a new base.

A base is written whole before its record names it, so a killed process leaves the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.base import Base, Kept, language_names
from repomap_fast.indexing.overlay import count_over
from repomap_fast.indexing.state import NOT_IN_BASE, as_base, describe_overlay, overlay_limit, write_base
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


def keep(index: LoadedIndex, context: Context, files: Files, blocks: Blocks, state: State) -> Kept:
    """Keep the new state of the files in the index's store, and return what is kept. Raises ScanCancelled."""
    last = index.kept
    if last is not None:
        has_same_query = files.find_same_queries(last.base.record)
        state.find_in_base(last.base.state, has_same_query)
        overlay = describe_overlay(state, last.base.state)
        n_differing = len(overlay["rows"]) + len(overlay["gone"])
        # An overlay does not say by which query a file was tagged, so base and overlay have the same queries.
        in_both = {*distinct(last.base.state.language_ids).tolist()} & {*distinct(state.language_ids).tolist()}
        if has_same_query[list(in_both)].all() and n_differing <= overlay_limit(len(last.base.state)):
            kept = _keep_overlay(index, last, blocks, state, {**_describe_tagging(context, files), **overlay})
            if kept is not None:
                return kept
    return join_base(context, files, blocks, index.store, index.name, state)


def _keep_overlay(index: LoadedIndex, last: Kept, blocks: Blocks, state: State, overlay: dict[str, Any]) -> Kept | None:
    """Keep the difference from the base, if it is another one than before. Return None if the base is damaged."""
    record, base = last.record, last.base
    if all(record.get(name, []) == value for name, value in overlay.items()):
        return Kept(base, state, last.overlay)
    added = np.flatnonzero((state.base_rows == NOT_IN_BASE) & (state.tag_counts > 0))
    language_ids = state.language_ids[added]
    try:
        kinds = blocks.kinds(distinct(language_ids).tolist())
        of_files = (kinds[language_id] for language_id in language_ids.tolist())
        counts = count_over(base, state, zip(blocks.in_order(state, added), of_files, strict=True))
    except (IndexDamagedError, LookupError, ValueError) as error:
        index.report_damage(error, base.record["token"])
        return None
    kept = {"token": base.record["token"], **counts, **overlay}
    index.store.write_state(f"overlay:{index.name}", kept)
    return Kept(base, state, kept)


def join_base(context: Context, files: Files, blocks: Blocks, store: Store, name: str, state: State) -> Kept:
    """Join the tags of all files into a new base, which the store keeps under that name if it can.

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
    }
    if isinstance(columns, KeptColumns):
        record["token"], record["columns"] = columns.folder.name, columns.manifest
        # By now it may be the base of another process.
        old = store.read_state(f"base:{name}")
        if not store.write_state(f"base:{name}", record):
            columns.drop()
            return join_base(context, files, blocks, store, name, state)
        if old is not None:
            store.drop_columns(old["token"])
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
