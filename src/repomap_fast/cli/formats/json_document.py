"""One JSON object: what a scan found, what was skipped, what it took, and every tag and use as in JSON Lines.

``schemas/scan.json`` describes its fields. Each tag is a line of its own, so that the document can be read in pieces.

The text is encoded as in JSON Lines.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

from repomap_fast import __version__
from repomap_fast.cli.formats.document import SCHEMA
from repomap_fast.cli.formats.jsonl import tag_objects
from repomap_fast.cli.reports.counts import bytes_per_s, count_languages, files_per_s, files_with_marks, skipped_files
from repomap_fast.utf8 import json_path_members, utf8_document, utf8_text

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult


def write_json(result: ScanResult, out: BinaryIO) -> None:
    """Write ``result`` as one object."""
    metrics = result.metrics
    members = {
        "version": __version__,
        "files": {
            "total": len(result.file_table),
            **{status.name.lower(): count for status, count in result.status_counts().items()},
        },
        "languages": [asdict(counts) for counts in count_languages(result)],
        "definition_kinds": result.definition_kinds,
        "identifier_classes": result.identifier_classes,
        "budgets": {
            "max_file_bytes": result.options.max_file_size,
            "file_timeout_s": result.options.timeout_per_file,
            "max_file_memory_bytes": result.options.max_file_memory,
        },
        "notes": list(result.notes),
        "metrics": {
            "elapsed_s": metrics.elapsed_s,
            "stages_s": metrics.stages_s,
            "source_bytes": metrics.source_bytes,
            "mb_per_s": bytes_per_s(metrics) / 1e6,
            "files_per_s": files_per_s(result),
            "files_parsed": metrics.files_parsed,
            "files_known": metrics.files_known,
            "hit_rate": metrics.hit_rate,
            "workers": metrics.workers,
            "peak_memory_bytes": metrics.peak_memory_bytes,
        },
    }
    out.write(f'{{\n"schema": {SCHEMA},\n'.encode())
    out.write(f"{json_path_members(result.root, name='root', separator=': ')},\n".encode())
    for key, member in members.items():
        out.write(f"{json.dumps(key)}: {json.dumps(utf8_document(member))},\n".encode())
    _write_skipped(result, out)
    _write_marked(result, out)
    _write_tags(result, out)
    out.write(b"}\n")


def _write_skipped(result: ScanResult, out: BinaryIO) -> None:
    before = b'"skipped": [\n'
    for path, status, reason in skipped_files(result):
        named = (
            f'{{{json_path_members(path)},"status":"{status.name.lower()}","reason":{json.dumps(utf8_text(reason))}}}'
        )
        out.write(before + named.encode())
        before = b",\n"
    out.write(b'"skipped": [],\n' if before[:1] == b'"' else b"\n],\n")


def _write_marked(result: ScanResult, out: BinaryIO) -> None:
    before = b'"marked": [\n'
    for file in files_with_marks(result):
        said = {"traits": [trait._asdict() for trait in file.traits], "unread": file.unread}
        out.write(before + f"{{{json_path_members(os.fsencode(file.path))},{json.dumps(said)[1:]}".encode())
        before = b",\n"
    out.write(b'"marked": [],\n' if before[:1] == b'"' else b"\n],\n")


def _write_tags(result: ScanResult, out: BinaryIO) -> None:
    before = '"tags": [\n'
    for _, objects in tag_objects(result):
        out.write((before + ",\n".join(objects)).encode())
        before = ",\n"
    out.write(b'"tags": []\n' if before[:1] == '"' else b"\n]\n")
