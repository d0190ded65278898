"""The join stage: one table out of all workers' columns, in the order of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast import _join
from repomap_fast.progress import STAGE_JOIN, Watch
from repomap_fast.tables import I32, U8, U64, FileStatus, StringTable, TagTable

if TYPE_CHECKING:
    from repomap_fast._tagger import TagWorker

_COLUMNS = ("roles", "kind_ids", "rows", "columns", "end_rows", "scope_tag_ids")


def join(workers: list[TagWorker], kinds: tuple[str, ...], n_files: int, watch: Watch) -> tuple[TagTable, U8, I32, U64]:
    """Return the tags of all files, and the files' statuses, errnos and tag offsets. The workers are empty after it."""
    joining = _join.Join(workers, n_files, FileStatus.UNKNOWN_LANGUAGE)
    columns = {}
    n_steps = len(_COLUMNS) + 1
    watch.report(STAGE_JOIN, 0, n_steps)
    name_ids, offsets, data = joining.names()
    for step, name in enumerate(_COLUMNS, 1):
        watch.report(STAGE_JOIN, step, n_steps)
        columns[name] = joining.column(name)
    watch.report(STAGE_JOIN, n_steps, n_steps)
    table = TagTable(name_ids=name_ids, names=StringTable(offsets, data), kinds=kinds, **columns)
    return table, joining.statuses, joining.errors, joining.tag_offsets
