"""The tables of the dataset, and one repository's part of each."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.fields import table_field
from repomap_fast.arrow.files import write_row_groups
from repomap_fast.arrow.stream import Column, Field, TableStream, encoded, numbers, table, texts
from repomap_fast.discovery.commit_contents import CommitContents
from repomap_fast.discovery.commits import commit_around
from repomap_fast.tables import FILE_ROWS, FLEET_FILE_ROWS, FLEET_TAG_ROWS, REPOSITORY_ROWS, RowColumn
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from pathlib import Path

    from repomap_fast.fleet.bounds import Watch
    from repomap_fast.fleet.dataset import Part
    from repomap_fast.fleet.scratch import Scratch
    from repomap_fast.fleet.sources import Source, SourceKind
    from repomap_fast.joining.result import ScanResult

_MAX_ROWS_IN_MEMORY = 20_000
"""Of the tags, and of the files, of a repository whose parts are bytes and not files: some megabytes at most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one repository. ``reason`` is empty if it was scanned."""

    repository: str
    reason: str = ""
    kind: SourceKind | None = None
    commit: str | None = None
    n_files: int = 0
    n_failed_files: int = 0
    n_tags: int = 0
    n_definitions: int = 0
    size_bytes: int = 0

    @property
    def status(self) -> str:
        """The status in a word."""
        return "failed" if self.reason else "scanned"


def outcome_of(source: Source, kind: SourceKind, result: ScanResult) -> Outcome:
    """Return what a scan found, in numbers."""
    files = result.file_table
    contents = result.contents
    commit = contents.commit if isinstance(contents, CommitContents) else None
    if commit is None and kind == "folder":
        commit = commit_around(os.fsencode(result.root))
    return Outcome(
        source.name,
        "",
        kind,
        commit,
        n_files=len(files),
        n_failed_files=sum(n for status, n in result.status_counts().items() if status.is_failure),
        n_tags=result.n_tags,
        n_definitions=int(files.definition_counts.sum()),
        size_bytes=int(files.sizes_bytes.sum()),
    )


def write_parts(
    source: Source, outcome: Outcome, result: ScanResult | None, scratch: Scratch, watch: Watch
) -> dict[str, Part]:
    """Write the parts of a repository; return them, by table. Those of a large one are files in ``scratch``.

    result  None for a repository that failed: it has a row, and nothing else.

    Raises BoundError, OSError.
    """
    parts: dict[str, Part] = {}
    if result is not None:
        is_small = result.n_tags <= _MAX_ROWS_IN_MEMORY and len(result.file_table) <= _MAX_ROWS_IN_MEMORY
        folder = None if is_small else scratch.path
        tags = _with_repository(source.name, result.tag_batches(), watch)
        parts["tags"] = _write(FLEET_TAG_ROWS, tags, folder and folder / "tags.parquet")
        files = _with_repository(source.name, _without_time(result.files.arrow_batches()), watch)
        parts["files"] = _write(FLEET_FILE_ROWS, files, folder and folder / "files.parquet")
    parts["repositories"] = _write(REPOSITORY_ROWS, iter([_row(source, outcome)]), None)
    return parts


def _write(columns: tuple[RowColumn, ...], batches: Iterator[Column], path: Path | None) -> Part:
    stream = TableStream(_field_of(columns), batches)
    # What the schema of Arrow would say of the columns is the same in each part, and longer than most parts.
    if path is None:
        in_memory = io.BytesIO()
        write_row_groups(stream, in_memory, with_arrow_schema=False)
        return in_memory.getvalue()
    with path.open("xb") as out:
        write_row_groups(stream, out, with_arrow_schema=False)
    return path


@cache
def _field_of(columns: tuple[RowColumn, ...]) -> Field:
    return table_field(columns)


def _with_repository(name: str, batches: Iterator[Column], watch: Watch) -> Iterator[Column]:
    names = texts([name.encode()])
    for batch in batches:
        watch.raise_if_cancelled()
        yield table([encoded(np.zeros(batch.n_rows, np.int32), names), *batch.children])


def _without_time(batches: Iterator[Column]) -> Iterator[Column]:
    place = [column.name for column in FILE_ROWS].index("mtime_ns")
    for batch in batches:
        yield table([*batch.children[:place], *batch.children[place + 1 :]])


def _row(source: Source, outcome: Outcome) -> Column:
    said = (
        source.name,
        source.shown,
        None if source.revision is None else utf8_text(source.revision),
        None if outcome.kind is None else str(outcome.kind),
        outcome.commit,
        outcome.status,
        utf8_text(outcome.reason) or None,
    )
    counted = (
        *(outcome.n_files, outcome.n_failed_files, outcome.n_tags),
        *(outcome.n_definitions, outcome.size_bytes),
    )
    return table([*(_one_text(text) for text in said), *(numbers(np.array([n], np.int64)) for n in counted)])


def _one_text(text: str | None) -> Column:
    return texts([(text or "").encode("utf-8", "replace")], np.array([True]) if text is None else None)
