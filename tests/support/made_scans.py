"""Scans of made-up files by the stages after discovery: no folder is searched, no language is guessed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reference.tags import tag_source
from repomap_fast.joining.join import join, tag_table
from repomap_fast.joining.result import ScanResult
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import OUR_QUERIES, read_query, read_tags_query
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import NO_LANGUAGE, FileStatus, FileTable, StringTable
from repomap_fast.tagging.block import read_counts, read_marks
from repomap_fast.tagging.tagger import SourceFiles, TaggedBatch, compile_queries, tag


def scan_files(
    root: Path,
    sources: Mapping[bytes, bytes | None],
    language: str | Mapping[bytes, str | None],
    *,
    watch: Progress | None = None,
    queries_alone: bool = False,
    **options: Any,
) -> ScanResult:
    """Write the files, tag them, and join the tags.

    sources   by path; None for a file that the test has made itself, or that is not there.
    language  of all files, or of each by its path; None for a file that nobody can tag.
    queries_alone  True for what the queries find, without our reading of macros and our repairs.
    options   fields of ScanOptions; one worker unless they say otherwise.
    """
    paths = sorted(sources)
    for path in paths:
        source = sources[path]
        if source is not None:
            target = os.path.join(os.fsencode(root), path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as file:
                file.write(source)
    names = [language if isinstance(language, str) else language[path] for path in paths]
    language_ids = np.array([NO_LANGUAGE if name is None else find_language(name) for name in names], np.uint16)
    sizes_bytes = np.array([len(sources[path] or b"") for path in paths], np.int64)
    table = StringTable.from_strings(paths)
    sources_table = SourceFiles(root, table, language_ids, sizes_bytes)
    chosen = ScanOptions(**{"workers": 1, **options})
    known = np.flatnonzero(language_ids != NO_LANGUAGE).astype(np.uint32)
    present = np.unique(language_ids[known]).tolist()
    texts = [
        read_tags_query(language_id, chosen.queries, chosen.macros, fences=chosen.fences) for language_id in present
    ]
    queries_of_scan = compile_queries(
        [t._replace(macros=b"", repair="", guests=()) for t in texts] if queries_alone else texts
    )
    statuses = np.full(len(paths), FileStatus.UNKNOWN_LANGUAGE, np.uint8)
    errnos = np.zeros(len(paths), np.int32)
    blocks = [b""] * len(paths)

    def take(batch: TaggedBatch) -> None:
        statuses[batch.file_ids], errnos[batch.file_ids] = batch.statuses, batch.errnos
        for file_id, block in zip(batch.file_ids.tolist(), batch.blocks, strict=True):
            blocks[file_id] = block

    tag(sources_table, known, queries_of_scan, chosen, watch or Progress(), take)
    counts = [read_counts(block) if block else (0, 0, 0) for block in blocks]
    tag_offsets = np.cumsum([0, *(n_tags for _, n_tags, _ in counts)], dtype=np.uint64)
    out = MemoryColumns()
    joined = join([(blocks, language_ids)], queries_of_scan.kinds, out)
    zeros = np.zeros(len(paths), np.int64)
    files = FileTable(
        paths=table,
        language_ids=language_ids,
        sizes_bytes=sizes_bytes,
        mtimes_ns=zeros,
        ctimes_ns=zeros,
        inodes=zeros.astype(np.uint64),
        statuses=statuses,
        errnos=errnos,
        tag_offsets=tag_offsets,
        marks=np.array([read_marks(block) if block else 0 for block in blocks], np.uint8),
        definition_counts=np.array([n_definitions for _, _, n_definitions in counts], np.uint32),
    )
    return ScanResult(root, files, tag_table(out, joined.kinds, joined.seed), options=chosen)


def scan_source(root: Path, source: bytes, language: str, **options: Any) -> ScanResult:
    """Tag a single file."""
    return scan_files(root, {b"source": source}, language, **options)


def rows(result: ScanResult, path: bytes = b"source") -> list[dict[str, Any]]:
    """Return the tags of one file as the slow twin gives them."""
    return [_row(tag) for tag in result.file(path).tags]


def names(result: ScanResult) -> list[str]:
    """Return the names of all tags, in their order."""
    return [tag.name for tag in result.tags]


def definitions(result: ScanResult) -> list[str]:
    """Return the definitions, in their order, as ``kind name`` or ``kind name in scope``."""
    found = [tag for tag in result.tags if tag.role == "definition"]
    return [f"{tag.kind} {tag.name}" + (f" in {tag.scope}" if tag.scope else "") for tag in found]


def status(result: ScanResult, path: bytes = b"source") -> FileStatus:
    """Return what became of one file."""
    return result.file(path).status


def _row(tag: Any) -> dict[str, Any]:
    row = {"name": tag.name, "role": tag.role, "kind": tag.kind, "line": tag.line, "column": tag.column}
    if tag.end_line is not None:
        row["end_line"] = tag.end_line
    if tag.scope is not None:
        row["scope"] = tag.scope
    return row


def reference_rows(source: bytes, language: str, query: str | None = None) -> list[dict[str, Any]]:
    """Return the tags of a source as the slow twin finds them, with our query or another."""
    if query is None:
        query = our_query(language)
    return tag_source(source, grammar=LANGUAGES[find_language(language)].grammar, query=query)


def our_query(language: str) -> str:
    """Return the tags query that comes with the package."""
    return read_query(OUR_QUERIES / f"{language}.scm").decode()


def queries_folder(folder: Path, **query_by_language: str) -> Path:
    """Make a folder of a user's queries."""
    folder.mkdir(exist_ok=True)
    for language, query in query_by_language.items():
        (folder / f"{language}.scm").write_text(query, "utf-8")
    return folder


def columns(result: ScanResult) -> dict[str, bytes]:
    """Return the bytes of all columns that tagging and joining fill, by name."""
    files, tags = result.file_table, result.tag_table
    named = {name: getattr(files, name) for name in ("statuses", "errnos", "tag_offsets")}
    for name in ("name_ids", "roles", "kind_ids", "rows", "columns", "end_rows", "scope_tag_ids"):
        named[name] = getattr(tags, name)
    named["name_offsets"], named["name_bytes"] = tags.names.offsets, tags.names.data
    return {name: str(column.dtype).encode() + column.tobytes() for name, column in named.items()}
