"""Results of scans, of tables made by hand, with names and paths that are hard to write."""

from __future__ import annotations

import io
import os
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from repomap_fast.cli import formats
from repomap_fast.cli.formats import Format
from repomap_fast.joining.result import ScanResult, Tag
from repomap_fast.languages.table import find_language
from repomap_fast.metrics import ScanMetrics
from repomap_fast.tables import (
    NO_LANGUAGE,
    NO_SCOPE,
    ROLE_DEFINITION,
    ROLE_REFERENCE,
    FileStatus,
    FileTable,
    StringTable,
    TagTable,
)

DEFINITION, REFERENCE = ROLE_DEFINITION, ROLE_REFERENCE


CALL, CLASS, FUNCTION = range(3)


ODD_NAMES = [
    b'say "hi", you',
    b"back\\slash",
    b"tab\there",
    b"line\nfeed",
    b"!bang",
    b"!_TAG_X",
    b" lead",
    "é😀".encode(),
    b"\xff\xfe",
]


ODD_PATHS = [b"a b.py", b'c,"d".py', b"dir/\xffx.py", b"tab\t\\.py", b"\xc3\xa9\n.py"]


def make_result(
    root: Path,
    tags_of_files: Mapping[bytes, list[tuple[bytes, int, int, int, int, int]]],
    skipped: Mapping[bytes, FileStatus] | None = None,
) -> ScanResult:
    """Build a result; a tag is name, role, kind, row, end row, and the row of its scope in the same file."""
    skipped = skipped or {}
    paths = sorted([*tags_of_files, *skipped])
    names: dict[bytes, int] = {}
    rows: list[tuple[int, ...]] = []
    offsets = [0]
    for path in paths:
        first = len(rows)
        for name, role, kind, row, end_row, scope in tags_of_files.get(path, []):
            name_id = names.setdefault(name, len(names))
            rows.append((name_id, role, kind, row, 4, end_row, scope if scope == NO_SCOPE else first + scope))
        offsets.append(len(rows))
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    statuses = [skipped.get(path, FileStatus.TAGGED) for path in paths]
    unreadable = np.array(statuses) == FileStatus.UNREADABLE
    files = FileTable(
        paths=StringTable.from_strings(paths),
        language_ids=np.array(
            [NO_LANGUAGE if s is FileStatus.UNKNOWN_LANGUAGE else find_language("python") for s in statuses], np.uint16
        ),
        sizes_bytes=np.full(len(paths), 100_000_000, np.int64),
        mtimes_ns=np.zeros(len(paths), np.int64),
        ctimes_ns=np.zeros(len(paths), np.int64),
        inodes=np.zeros(len(paths), np.uint64),
        statuses=np.array(statuses, np.uint8),
        errnos=np.where(unreadable, 13, 0).astype(np.int32),
        tag_offsets=np.array(offsets, np.uint64),
        marks=np.zeros(len(paths), np.uint8),
        definition_counts=np.array(
            [sum(role == ROLE_DEFINITION for _, role, *_ in tags_of_files.get(path, [])) for path in paths], np.uint32
        ),
    )
    tags = TagTable(
        name_ids=columns[0].astype(np.uint32),
        roles=columns[1].astype(np.uint8),
        kind_ids=columns[2].astype(np.uint8),
        rows=columns[3].astype(np.uint32),
        columns=columns[4].astype(np.uint32),
        end_rows=columns[5].astype(np.uint32),
        scope_tag_ids=columns[6].astype(np.int32),
        names=StringTable.from_strings(list(names)),
        kinds=("call", "class", "function"),
        name_slots=np.zeros(0, np.uint32),
        name_seed=0,
    )
    metrics = ScanMetrics(elapsed_s=2.0, stages_s={"tag": 1.5}, source_bytes=8_000_000, workers=2)
    return ScanResult(root, files, tags, notes=("A note.",), metrics=metrics)


def make_odd_result(root: Path) -> ScanResult:
    """Return some ordinary tags, every odd name in every odd path, and a file of each way to be skipped."""
    ordinary = [
        (b"Shape", DEFINITION, CLASS, 0, 9, NO_SCOPE),
        (b"area", DEFINITION, FUNCTION, 1, 3, 0),
        (b"inner", DEFINITION, FUNCTION, 2, 3, 1),
        (b"area", REFERENCE, CALL, 2, 2, 2),
        (b"area", REFERENCE, CALL, 10, 10, NO_SCOPE),
    ]
    odd = [(name, i % 2, FUNCTION, i, i, NO_SCOPE) for i, name in enumerate(ODD_NAMES * 2)]
    odd += [(name, DEFINITION, FUNCTION, 90 + i, 90 + i, i * 2) for i, name in enumerate(ODD_NAMES)]
    skipped = {
        b"skipped/%d" % status: status for status in FileStatus if status not in (FileStatus.TAGGED, FileStatus.NO_TAGS)
    }
    return make_result(root, {b"shape.py": ordinary, b"empty.py": [], **dict.fromkeys(ODD_PATHS, odd)}, skipped)


def written(result: ScanResult, format: Format, folder: Path | None = None) -> bytes:
    """Return what the exporter of a format writes."""
    out = io.BytesIO()
    formats.write_tags(result, format, out, folder=folder or result.root)
    return out.getvalue()


def as_tag(entry: dict[str, object]) -> Tag:
    """Return the tag of a JSON object, without its id and the digest of its file."""
    entry = {name: value for name, value in entry.items() if name not in ("id", "digest")}
    if "path_bytes" in entry:
        entry = {**entry, "path": os.fsdecode(b64decode(str(entry["path_bytes"])))}
        del entry["path_bytes"]
    return Tag(**{"end_line": None, "scope": None, **entry})  # type: ignore[arg-type]


def expected_tags(result: ScanResult) -> list[Tag]:
    """Return the tags as the exporters show them."""
    return list(result.tags)
