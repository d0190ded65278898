"""The formats of a scan: one exporter a file.

    runs           the tags, some thousands at a time, as Python lists
    jsonl          a line a tag
    json_document  one object: the summary, what was skipped, the tags
    document       the version and the printing of all other JSON documents
    schemas/       a JSON Schema for each
    csv_rows       a row a tag
    ctags          definitions, for editors
    npz            the columns themselves
    arrow_files    a row a tag, as Parquet or Arrow IPC

Exporters take a result and a binary stream, and hold no more in memory than some thousands of tags (ctags, which
must sort, also a number for each definition).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult


class Format(StrEnum):
    """What ``scan --format`` takes."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    CTAGS = "ctags"
    NPZ = "npz"
    PARQUET = "parquet"
    ARROW = "arrow"


BINARY = (Format.NPZ, Format.PARQUET, Format.ARROW)
"""Formats that are no text."""


_BY_SUFFIX = {
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".npz": Format.NPZ,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
    ".arrow": Format.ARROW,
    ".feather": Format.ARROW,
    ".tags": Format.CTAGS,
    ".ctags": Format.CTAGS,
    ".txt": Format.TABLE,
}


def guess_format(file: Path) -> Format:
    """Return the format that ``file``'s name asks for.

    Raises OptionError if it asks for none.
    """
    name = file.name.lower()
    if name in ("tags", ".tags"):
        return Format.CTAGS
    found = _BY_SUFFIX.get(file.suffix.lower())
    if found is None:
        raise OptionError(
            f"cannot tell a format from the name {file.name!r}; expected tags or one of "
            f"{' '.join(_BY_SUFFIX)}, or say --format"
        )
    return found


def write_tags(result: ScanResult, format: Format, out: BinaryIO, *, folder: Path) -> None:
    """Write ``result`` to ``out`` in any format but the table.

    folder  the folder of ``out``: paths in a ctags file are relative to it.
    """
    match format:
        case Format.JSON:
            from repomap_fast.cli.formats.json_document import write_json as write
        case Format.JSONL:
            from repomap_fast.cli.formats.jsonl import write_jsonl as write
        case Format.CSV:
            from repomap_fast.cli.formats.csv_rows import write_csv as write
        case Format.NPZ:
            from repomap_fast.cli.formats.npz import write_npz as write
        case Format.PARQUET:
            from repomap_fast.cli.formats.arrow_files import write_parquet as write
        case Format.ARROW:
            from repomap_fast.cli.formats.arrow_files import write_arrow as write
        case Format.CTAGS:
            from repomap_fast.cli.formats.ctags import write_ctags

            write_ctags(result, out, folder=folder)
            return
        case Format.TABLE:
            raise ValueError("the table is a summary, not a way to write tags")
    write(result, out)
