"""The tables of a scan. Every column's dtype, unit and invariant is said here, once.

A table is a frozen set of numpy columns; a column is never resized. A column has one item a row, but for two kinds:
``*_offsets`` have n + 1, bounds of rows of variable length, the first 0, none smaller than the one before; and a hash
table (``name_slots``) has a length of its own. Each table checks dtypes and lengths when it is made, and raises
ValueError.

    files    one row a file, sorted by path (as bytes)
    tags     one row a tag, in the order of the files, then of where the name starts
    strings  distinct byte strings, numbered in the order in which the tags first use them
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from functools import cache
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import offsets_from

U8: TypeAlias = NDArray[np.uint8]
U16: TypeAlias = NDArray[np.uint16]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I32: TypeAlias = NDArray[np.int32]
I64: TypeAlias = NDArray[np.int64]

ROLE_DEFINITION = 0
ROLE_REFERENCE = 1
ROLES = ("definition", "reference")
"""Names of the roles, by number."""

IDENTIFIER_CLASSES = ("unknown", "constants", "classes", "functions", "variables", "other")
"""Names of the identifier classes, by number: empty; all upper case; first letter upper case; ends in ``()``; all
lower case; anything else. The first that fits counts."""

NO_LANGUAGE = 0xFFFF
"""``language_ids`` of a file whose language is not in the table."""
NO_SCOPE = -1
"""``scope_tag_ids`` of a tag that no definition encloses."""


class FileStatus(IntEnum):
    """What became of a file."""

    TAGGED = 0
    NO_TAGS = 1
    UNKNOWN_LANGUAGE = 2
    TOO_LARGE = 3
    BINARY = 4
    UNREADABLE = 5
    OUT_OF_TIME = 6
    OUT_OF_MEMORY = 7
    TOO_DEEP = 8

    @property
    def label(self) -> str:
        """The status in words, as the command line prints it."""
        return _STATUS_LABELS[self]

    @property
    def is_failure(self) -> bool:
        """Whether a file that should have given tags gave none."""
        return self in _FAILURES


_STATUS_LABELS = {
    FileStatus.TAGGED: "tagged",
    FileStatus.NO_TAGS: "nothing to tag",
    FileStatus.UNKNOWN_LANGUAGE: "unknown language",
    FileStatus.TOO_LARGE: "too large",
    FileStatus.BINARY: "binary",
    FileStatus.UNREADABLE: "unreadable",
    FileStatus.OUT_OF_TIME: "out of time",
    FileStatus.OUT_OF_MEMORY: "out of memory",
    FileStatus.TOO_DEEP: "nested too deeply",
}
_FAILURES = (FileStatus.UNREADABLE, FileStatus.OUT_OF_TIME, FileStatus.OUT_OF_MEMORY, FileStatus.TOO_DEEP)


class FileMark(IntFlag):
    """What is to be said of a file as a whole.

    By its contents:

    GENERATED_BANNER     its first comments say that a program wrote it.
    LONG_LINES           most of it is in lines longer than a person writes: minified code, or data.
    UNREAD               the parser could not read some of its rows.

    By ``.gitattributes``, for GitHub's linguist:

    GENERATED_ATTRIBUTE, VENDORED_ATTRIBUTE  it is such;
    WRITTEN_ATTRIBUTE, OWN_ATTRIBUTE         it is not generated, not vendored, whatever else says so.
    """

    GENERATED_BANNER = 1
    LONG_LINES = 2
    UNREAD = 4
    GENERATED_ATTRIBUTE = 8
    VENDORED_ATTRIBUTE = 16
    WRITTEN_ATTRIBUTE = 32
    OWN_ATTRIBUTE = 64


_DTYPES: dict[str, type[np.generic]] = {
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
    "U64": np.uint64,
    "I32": np.int32,
    "I64": np.int64,
}
"""Items of a column, by the name of the type that its field is annotated with."""
_NOT_OF_TAGS = ("names", "kinds", "name_slots", "name_seed")
"""Fields of a table of tags that have no item a tag."""


def _check_columns(table: Any, lengths: Mapping[str, int]) -> None:
    """Raise ValueError for a column that has not the dtype of its annotation, one dimension, or the length it must."""
    of_table: Any = type(table)
    for name, dtype in _dtypes_of(of_table):
        column, expected = getattr(table, name), lengths.get(name)
        if dtype is not None and (column.dtype != dtype or column.ndim != 1):
            raise ValueError(f"{name} is of {column.dtype}, {column.shape}; expected {dtype.__name__}, (n,)")
        if expected is not None and len(column) != expected:
            raise ValueError(f"{name} has {len(column)} rows; expected {expected}")


@cache
def _dtypes_of(table: type[Any]) -> tuple[tuple[str, type[np.generic] | None], ...]:
    return tuple((field.name, _DTYPES.get(str(field.type))) for field in fields(table))


def column_dtypes(table: type[Any]) -> dict[str, type[np.generic]]:
    """Return the dtype of each column of a table, by the name of its field."""
    return {field.name: _DTYPES[str(field.type)] for field in fields(table) if str(field.type) in _DTYPES}


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StringTable(Sequence[bytes]):
    """Distinct byte strings, each stored once, as found in the files (UTF-8 is likely, not certain).

    offsets  (n + 1,) uint64: string i is ``data[offsets[i]:offsets[i + 1]]``.
    data     (n_bytes,) uint8.
    """

    offsets: U64
    data: U8

    def __post_init__(self) -> None:
        _check_columns(self, {})

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, position: int, /) -> bytes: ...
    @overload
    def __getitem__(self, position: slice, /) -> list[bytes]: ...
    def __getitem__(self, position: int | slice, /) -> bytes | list[bytes]:
        if isinstance(position, slice):
            return [self[i] for i in range(*position.indices(len(self)))]
        n = len(self)
        i = position + n if position < 0 else position
        if not 0 <= i < n:
            raise IndexError(f"string {position} of a table of {n}")
        return self.data[int(self.offsets[i]) : int(self.offsets[i + 1])].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        text: Callable[[slice], bytes] = self.data.tobytes().__getitem__
        bounds = self.offsets.tolist()
        # A loop in Python would take three times as long, and large repositories have a million strings.
        return map(text, map(slice, bounds[:-1], bounds[1:]))

    def rows(self, rows: NDArray[np.intp]) -> StringTable:
        """Return the strings in these rows, in their order; of all rows as they are this very table."""
        if len(rows) == len(self) and bool((rows[1:] > rows[:-1]).all()):
            return self
        offsets = offsets_from((self.offsets[1:] - self.offsets[:-1])[rows])
        # Most of the strings of a table are kept, and stand side by side: they are copied a run at a time.
        ends = np.flatnonzero(np.diff(rows, append=-1) != 1)
        starts = np.concatenate((np.zeros(1, np.intp), ends[:-1] + 1))[: len(ends)]
        bounds = zip(self.offsets[rows[starts]].tolist(), self.offsets[rows[ends] + 1].tolist(), strict=True)
        runs = [self.data[start:end] for start, end in bounds]
        return StringTable(offsets, np.concatenate(runs) if runs else np.empty(0, np.uint8))

    def is_well_formed(self) -> bool:
        """Return whether the offsets fit the data, as those of a table read from a damaged file may not."""
        offsets = self.offsets
        return (
            len(offsets) > 0
            and int(offsets[0]) == 0
            and int(offsets[-1]) == len(self.data)
            and bool((offsets[1:] >= offsets[:-1]).all())
        )

    def equals(self, other: StringTable) -> bool:
        """Return whether both have the same strings in the same order."""
        if self is other:
            return True
        return np.array_equal(self.offsets, other.offsets) and np.array_equal(self.data, other.data)

    @classmethod
    def from_strings(cls, strings: Sequence[bytes]) -> StringTable:
        """Store ``strings`` in their order; equal ones are kept apart."""
        offsets = offsets_from(np.fromiter(map(len, strings), np.uint64, len(strings)))
        return cls(offsets, np.frombuffer(b"".join(strings), np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class FileColumns:
    """How files are, and what came of each.

    paths         StringTable: row f's path below the root, ``/``-separated bytes.
    language_ids  (n,) uint16: rows of ``languages.LANGUAGES``, or NO_LANGUAGE.
    sizes_bytes   (n,) int64.
    mtimes_ns     (n,) int64: when the contents changed, nanoseconds since 1970.
    ctimes_ns     (n,) int64: when the contents or the inode changed, nanoseconds since 1970; 0 on Windows.
    inodes        (n,) uint64: number of the file's inode; 0 on Windows.
    statuses      (n,) uint8: values of FileStatus.
    errnos        (n,) int32: the system's error number of an unreadable file, else 0.
    definition_counts  (n,) uint32: how many of the file's tags are definitions.
    marks         (n,) uint8: bits of FileMark.
    """

    paths: StringTable
    language_ids: U16
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    statuses: U8
    errnos: I32
    definition_counts: U32
    marks: U8

    def __len__(self) -> int:
        return len(self.sizes_bytes)


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class FileTable(FileColumns):
    """The files of a scan, sorted by path: the columns of ``FileColumns``, and one more.

    tag_offsets   (n + 1,) uint64: the tags of file f are rows ``tag_offsets[f]:tag_offsets[f + 1]``.
    """

    tag_offsets: U64

    def __post_init__(self) -> None:
        n = len(self)
        _check_columns(self, {field.name: n for field in fields(self)} | {"tag_offsets": n + 1})

    def rows_with_language(self) -> NDArray[np.intp]:
        """Return the rows of the files that have a language, rising: row i is file i of the graph."""
        return np.flatnonzero(self.language_ids != NO_LANGUAGE)

    def file_of_tag(self, row: int) -> int:
        """Return the row of the file that tag ``row`` is in."""
        # A number of another type would have all offsets converted for each tag.
        return int(np.searchsorted(self.tag_offsets, np.uint64(row), side="right")) - 1


@dataclass(frozen=True, slots=True, eq=False)
class TagTable:
    """The tags of a scan, file by file, in the order in which their names start.

    name_ids       (n,) uint32: rows of the table of names.
    roles          (n,) uint8: ROLE_DEFINITION or ROLE_REFERENCE.
    kind_ids       (n,) uint8: rows of ``kinds``.
    rows           (n,) uint32: zero-based row on which the name starts.
    columns        (n,) uint32: where in that row, in bytes of the UTF-8 text.
    end_rows       (n,) uint32: zero-based last row of a definition's whole node; of a reference's name.
    scope_tag_ids  (n,) int32: the innermost definition that encloses the tag, a row of this table, or NO_SCOPE. Of a
                   definition that names its owner, as ``int Sub::Panel::open()`` does, its owner: a definition if that
                   is in the file, else the reference that names it, which may name its own.
    names          StringTable: the distinct names.
    kinds          names of the kinds (function, class, call …), sorted.
    name_slots     (n_slots,) uint32: a hash table of the names, to be read with ``name_seed`` by ``join.find_names``;
                   n_slots is a power of two, or 0 where there is no name.
    name_seed      the hash table's key, below 2**64.
    """

    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    columns: U32
    end_rows: U32
    scope_tag_ids: I32
    names: StringTable
    kinds: tuple[str, ...]
    name_slots: U32
    name_seed: int

    def __post_init__(self) -> None:
        n = len(self)
        _check_columns(self, {name: n for name in self.__slots__ if name not in _NOT_OF_TAGS})

    def __len__(self) -> int:
        return len(self.name_ids)


class RowColumn(NamedTuple):
    """A column of a table as others read it: in Arrow, in Parquet, in a data frame.

    dtype        of its numbers; of a text that is encoded, of its rows in a dictionary of texts; None for plain text
                 and for bytes.
    is_text      whether its items are text: UTF-8, with U+FFFD in place of what is not.
    is_nullable  whether a row may have no item.
    """

    name: str
    dtype: type[np.generic] | None
    meaning: str
    is_text: bool = False
    is_nullable: bool = False

    @property
    def type_name(self) -> str:
        """The type in words."""
        of_numbers = "bytes" if self.dtype is None else self.dtype.__name__
        name = f"text, {of_numbers} numbers" if self.is_text and self.dtype else "text" if self.is_text else of_numbers
        return f"{name}, or null" if self.is_nullable else name


_PATH = RowColumn("path", np.int32, "Path of the file below the root, separated by /.", is_text=True)
_PATH_BYTES = RowColumn("path_bytes", None, "The bytes of the path, where they are not UTF-8.", is_nullable=True)
_SCOPE = RowColumn(
    "scope",
    np.int32,
    "Names of the definitions around it, outermost first, joined by dots; null at the top of a file.",
    is_text=True,
    is_nullable=True,
)

_DIGEST = RowColumn(
    "digest",
    None,
    "BLAKE2b of the contents of the file, of 16 bytes, as 32 hexadecimal digits; null where they were not read.",
    is_text=True,
    is_nullable=True,
)

TAG_ROWS = (
    _PATH,
    _PATH_BYTES,
    RowColumn("language", np.int16, "Name of the language.", is_text=True),
    RowColumn("name", np.int32, "The identifier.", is_text=True),
    RowColumn("role", np.int8, "definition or reference.", is_text=True),
    RowColumn("kind", np.int16, "What it is: function, class, call, import …", is_text=True),
    RowColumn("line", np.uint32, "Line of the name, from 1."),
    RowColumn("column", np.uint32, "Bytes before the name on its line, from 0."),
    RowColumn("end_line", np.uint32, "Last line of a definition, from 1; null for a reference.", is_nullable=True),
    _SCOPE,
    RowColumn(
        "id",
        None,
        "Of a definition path#scope.name/kind; of the second and later ones of a file that would have the same, ~2, ~3 "
        "and so on behind it. It stays where lines move. Null for a reference.",
        is_text=True,
        is_nullable=True,
    ),
    _DIGEST._replace(dtype=np.int32),
)
"""Rows of ``ScanResult.tags``: one a tag, in the order of the files, then of where the name starts."""

FILE_ROWS = (
    _PATH._replace(dtype=None),
    _PATH_BYTES,
    RowColumn("language", np.int16, "Name of the language; null where none fits.", is_text=True, is_nullable=True),
    RowColumn("size_bytes", np.int64, "Size of the file."),
    RowColumn("mtime_ns", np.int64, "When the contents changed, in nanoseconds since 1970."),
    RowColumn("status", np.int8, "What became of it: tagged, no_tags, too_large …", is_text=True),
    RowColumn("n_definitions", np.uint32, "Tags that are definitions."),
    RowColumn("n_references", np.uint32, "Tags that are references."),
    _DIGEST,
)
"""Rows of ``ScanResult.files``: one a file, sorted by path."""

REFERENCE_ROWS = (
    _PATH,
    _PATH_BYTES,
    RowColumn("line", np.uint32, "Line of the reference, from 1."),
    RowColumn("column", np.uint32, "Bytes before it on its line, from 0."),
    RowColumn("kind", np.int16, "call, type, import …; read, write or member for a use as a value.", is_text=True),
    _SCOPE,
    RowColumn("source", np.int32, "The line as it is now; its first 160 characters.", is_text=True),
    RowColumn("how", np.int8, "How it was found: scope, import, member, guess or name.", is_text=True),
)
"""Rows of what ``refs`` gives: one a reference, in its order."""

_OF_DEFINITIONS = (
    _PATH,
    _PATH_BYTES,
    RowColumn("line", np.uint32, "First line of the definition, from 1."),
    RowColumn("end_line", np.uint32, "Its last line, from 1."),
    RowColumn("kind", np.int16, "What it is: function, class …; file for the top of a file.", is_text=True),
    RowColumn("name", np.int32, "The identifier; empty for the top of a file.", is_text=True),
    _SCOPE,
)

DEFINITION_ROWS = _OF_DEFINITIONS
"""Rows of what ``unused`` gives: one a definition, by path and line."""

LINKED_ROWS = (
    *_OF_DEFINITIONS,
    RowColumn("depth", np.uint32, "Steps that it is away, from 1."),
    RowColumn("via", np.int32, "The definition one step nearer that it is linked to.", is_text=True),
    RowColumn("how", np.int8, "How it was found: scope, import, member, guess or name.", is_text=True),
    RowColumn("first_site", np.uint32, "Line of the first site at which the one refers to the other, from 1."),
    RowColumn("n_sites", np.uint32, "Sites at which it does."),
    RowColumn("is_test", np.uint8, "1 for a definition in a test, where tests are told apart (``impact``); else 0."),
)
"""Rows of what ``callers``, ``callees`` and ``impact`` give: one a definition, in its order; tests last."""

IMPORT_ROWS = (
    _PATH,
    _PATH_BYTES,
    RowColumn("line", np.uint32, "Line of the import, from 1."),
    RowColumn("module", np.int32, "The module or path, as it is written.", is_text=True),
    RowColumn(
        "name", np.int32, "What is imported of it; * for all; null for all of it.", is_text=True, is_nullable=True
    ),
    RowColumn("alias", np.int32, "By what other name the file knows it.", is_text=True, is_nullable=True),
    RowColumn("leads", np.int8, "inside, outside or unknown.", is_text=True),
    RowColumn("target", np.int32, "The first file that it means; null for none.", is_text=True, is_nullable=True),
    RowColumn("n_targets", np.uint32, "Files that it means."),
    RowColumn("is_of_importer", np.uint8, "1 for an import of the file that was asked for, in another; else 0."),
)
"""Rows of what ``imports`` gives: one an import, in its order; those of other files last."""

IDENTIFIER_ROWS = (
    RowColumn("name", None, "The identifier.", is_text=True),
    RowColumn("identifier_class", np.int8, f"What its spelling says: {', '.join(IDENTIFIER_CLASSES)}.", is_text=True),
    RowColumn("n_definitions", np.int64, "Tags that define it."),
    RowColumn("n_references", np.int64, "Tags that refer to it."),
)
"""Rows of ``ScanResult.identifiers``: one a distinct name, in the order in which the tags first use them."""

_REPOSITORY = RowColumn(
    "repository", np.int32, "The location of the repository, and @ and the revision where one was given.", is_text=True
)
FLEET_TAG_ROWS = (_REPOSITORY, *TAG_ROWS)
"""Rows of ``tags`` of a fleet: those of ``TAG_ROWS``, with the repository."""
FLEET_FILE_ROWS = (_REPOSITORY, *(column for column in FILE_ROWS if column.name != "mtime_ns"))
"""Rows of ``files`` of a fleet: those of ``FILE_ROWS``, with the repository, and without times, which a commit and an
archive do not have."""
REPOSITORY_ROWS = (
    _REPOSITORY._replace(dtype=None),
    RowColumn("location", None, "Where it was found, without a password.", is_text=True),
    RowColumn("revision", None, "The revision that was asked for.", is_text=True, is_nullable=True),
    RowColumn("kind", None, "folder, git or archive; null where that is not known.", is_text=True, is_nullable=True),
    RowColumn(
        "commit", None, "The id of the commit that was scanned, or is checked out.", is_text=True, is_nullable=True
    ),
    RowColumn("status", None, "scanned or failed.", is_text=True),
    RowColumn("reason", None, "Why it failed.", is_text=True, is_nullable=True),
    RowColumn("n_files", np.int64, "Rows of files."),
    RowColumn("n_failed_files", np.int64, "Files that should have given tags and gave none."),
    RowColumn("n_tags", np.int64, "Rows of tags."),
    RowColumn("n_definitions", np.int64, "Tags that are definitions."),
    RowColumn("size_bytes", np.int64, "Size of all files."),
)
"""Rows of ``repositories`` of a fleet: one a repository."""

ROW_TABLES = {
    "tags": TAG_ROWS,
    "files": FILE_ROWS,
    "identifiers": IDENTIFIER_ROWS,
    "references": REFERENCE_ROWS,
    "linked": LINKED_ROWS,
    "definitions": DEFINITION_ROWS,
    "imports": IMPORT_ROWS,
    "fleet-tags": FLEET_TAG_ROWS,
    "fleet-files": FLEET_FILE_ROWS,
    "fleet-repositories": REPOSITORY_ROWS,
}
"""Columns of every table that others read, by the name of its JSON Schema."""
