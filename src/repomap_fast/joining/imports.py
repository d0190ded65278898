"""The imports of files, as they are written: joined from blocks, and read from columns when they are asked for.

What an import means is said elsewhere (``resolving``): here is only what the file itself says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _imports
from repomap_fast.joining.records import FileRecords, RecordColumns
from repomap_fast.tables import I64, U8, U32, U64

if TYPE_CHECKING:
    from numpy.typing import NDArray

IMPORT_MODULE, IMPORT_NAME, IMPORT_ALL, IMPORT_PACKAGE, IMPORT_PATH, IMPORT_LOCAL_PATH = range(6)
"""Kinds of records: the module as a whole; one name of it; all its names; no import, but the package that the file
belongs to; a file by its path, looked for where the language's tools look; the same, beside the file first."""
IMPORT_KIND_MASK = 7
IMPORT_STATIC = 16
"""A member of a type (Java, C#), a function or a constant (PHP)."""
IMPORT_EXPORTED = 32
"""The file passes on what it imports."""


@dataclass(frozen=True, slots=True, eq=False)
class ImportTable:
    """Imports of some files, in the order of the files and of their text.

    file_ids  (n,) uint32: the file that imports.
    rows      (n,) uint32: zero-based row on which it does.
    kinds     (n,) uint8: one of the kinds, and flags.
    modules   n texts: the module or path as it is written, without quotes.
    names     n texts: what is imported of it; empty for the whole.
    aliases   n texts: by what other name it is known in the file; empty for none.
    """

    file_ids: U32
    rows: U32
    kinds: U8
    modules: list[bytes]
    names: list[bytes]
    aliases: list[bytes]

    def __len__(self) -> int:
        return len(self.rows)

    def rows_at(self, places: NDArray[np.intp]) -> ImportTable:
        """Return the imports at these places, in this order."""
        wanted = places.tolist()
        texts = ([column[i] for i in wanted] for column in (self.modules, self.names, self.aliases))
        return ImportTable(self.file_ids[places], self.rows[places], self.kinds[places], *texts)


class FileImports(FileRecords):
    """The imports of files, read when they are asked for; every call raises IndexDamagedError."""

    def table(self) -> ImportTable:
        """Return the imports of all files."""
        found = [_decode(columns, files) for columns, files in self._parts]
        if len(found) == 1:
            return found[0]
        file_ids: U32 = np.concatenate([t.file_ids for t in found])
        rows: U32 = np.concatenate([t.rows for t in found])
        kinds: U8 = np.concatenate([t.kinds for t in found])
        texts = ([t.modules for t in found], [t.names for t in found], [t.aliases for t in found])
        joined = ImportTable(file_ids, rows, kinds, *([*chain.from_iterable(lists)] for lists in texts))
        return joined.rows_at(np.argsort(file_ids, kind="stable"))

    def of_file(self, file_id: int) -> ImportTable:
        """Return the imports of one file; none for a file that is not there."""
        if not 0 <= file_id < len(self):
            return _decode(RecordColumns.empty(1), np.array((file_id,), np.int64))
        records = np.frombuffer(self.records_of(file_id), np.uint8)
        decoded = _decoded(records, np.array((0, len(records)), np.uint64))
        decoded[0][:] = file_id
        return ImportTable(*decoded)


def _decode(columns: RecordColumns, files: I64) -> ImportTable:
    """Return the imports of the rows that have a file."""
    decoded = _decoded(columns.records.rows(0, len(columns.records)), columns.offsets)
    table = ImportTable(*decoded)
    file_ids = files[table.file_ids]
    if (files >= 0).all():
        return ImportTable(file_ids.astype(np.uint32), *decoded[1:])
    kept = np.flatnonzero(file_ids >= 0)
    return replace(table.rows_at(kept), file_ids=file_ids[kept].astype(np.uint32))


def _decoded(records: U8, offsets: U64) -> tuple[U32, U32, U8, list[bytes], list[bytes], list[bytes]]:
    try:
        return _imports.decode_records(records, offsets)
    except ValueError as error:
        raise IndexDamagedError(str(error)) from error
