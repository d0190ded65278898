"""The columns themselves, for ``numpy.load(file, allow_pickle=False)``.

    file_paths_offsets, file_paths_data     file f's path is ``data[offsets[f]:offsets[f + 1]]``, bytes
    file_language_ids, file_sizes_bytes, file_mtimes_ns, file_ctimes_ns, file_inodes, file_statuses, file_errnos,
    file_marks, file_tag_offsets
    tag_name_ids, tag_roles, tag_kind_ids, tag_rows, tag_columns, tag_end_rows, tag_scope_tag_ids
    names_offsets, names_data               as the paths
    kinds, roles, languages, statuses       texts by number
    root, version                           one text each

``tables`` says what is in each column; as there, rows are zero-based. Language 65535 is none.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from repomap_fast import __version__
from repomap_fast.cli.text import printable
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import ROLES, FileStatus, StringTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tables import FileTable, TagTable


def write_npz(result: ScanResult, out: BinaryIO) -> None:
    """Write every column of ``result``."""
    columns: dict[str, Any] = {
        **_columns("file", result.file_table),
        **_columns("tag", result.tag_table),
        "kinds": _texts(result.tag_table.kinds),
        "roles": _texts(ROLES),
        "languages": _texts(language.name for language in LANGUAGES),
        "statuses": _texts(status.name.lower() for status in FileStatus),
        "root": np.array(printable(result.root)),
        "version": np.array(__version__),
    }
    np.savez(out, **columns)


def _columns(prefix: str, table: FileTable | TagTable) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {}
    for field in fields(table):
        column = getattr(table, field.name)
        if isinstance(column, StringTable):
            name = "names" if field.name == "names" else f"{prefix}_{field.name}"
            columns[f"{name}_offsets"], columns[f"{name}_data"] = column.offsets, column.data
        elif isinstance(column, np.ndarray):
            columns[f"{prefix}_{field.name}"] = column
    return columns


def _texts(texts: Iterable[str]) -> NDArray[np.str_]:
    return np.array(tuple(texts), np.str_)
