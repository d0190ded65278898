"""The result of a scan: its tables, and their rows as Python objects.

Nothing is loaded or created before the caller asks for it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from repomap_fast.arrow.table import ArrowRows
from repomap_fast.contents import Contents, FolderContents
from repomap_fast.joining import sparse_tags
from repomap_fast.joining.file_traits import FileTrait, traits_of
from repomap_fast.joining.graph import Graph
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.joining.marks import FileMarks, LineRange
from repomap_fast.joining.reasons import reason_of
from repomap_fast.joining.records import RecordColumns
from repomap_fast.joining.scopes import scope_text
from repomap_fast.joining.sparse_tags import AnyTags, SparseTags, rows_of_name
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.metrics import ScanMetrics
from repomap_fast.options import ScanOptions
from repomap_fast.screens import as_html, as_markdown, one_screen
from repomap_fast.tables import (
    FILE_ROWS,
    IDENTIFIER_CLASSES,
    NO_LANGUAGE,
    ROLE_DEFINITION,
    ROLE_REFERENCE,
    ROLES,
    TAG_ROWS,
    U8,
    FileMark,
    FileStatus,
    FileTable,
    RowColumn,
    TagTable,
)

if TYPE_CHECKING:
    from repomap_fast.arrow.stream import Column
    from repomap_fast.joining.facts import FileFacts
    from repomap_fast.joining.identifier_rows import Identifiers
    from repomap_fast.joining.imports import FileImports
    from repomap_fast.joining.tag_rows import PagedSource
    from repomap_fast.joining.uses import FileUses

_MOST_KEPT_NAMES = 1 << 14
_LONGEST_KEPT_NAME = 100
_VERY_MANY_TAGS = 4_000_000
"""Of which the table takes a hundred megabytes."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One named occurrence in a source file.

    path      below the root, ``/``-separated; bytes that are not UTF-8 as ``os.fsdecode`` gives them.
    language  name of a row of the language table.
    name      the identifier; bytes that are not UTF-8 as U+FFFD.
    role      ``definition`` or ``reference``.
    kind      function, class, call …
    line      one-based.
    column    zero-based, in bytes of the UTF-8 text.
    end_line  one-based last line of a definition; None for a reference.
    scope     names of the definitions around it, outermost first, joined by dots; None at the top of a file. At most
              the innermost 100 names, and 4,096 characters.
    """

    path: str
    language: str
    name: str
    role: str
    kind: str
    line: int
    column: int
    end_line: int | None
    scope: str | None


class LateColumns(NamedTuple):
    """What a result loads when it is first asked for: who refers to what, the terms and records of files, and digests
    of their contents.
    """

    graph: Callable[[], Graph]
    words: Callable[[], FileWords]
    imports: Callable[[], FileImports]
    uses: Callable[[], FileUses]
    facts: Callable[[], FileFacts]
    marks: Callable[[], FileMarks]
    digests: Callable[[], U8]
    tag_source: Callable[[], PagedSource]


class Tags(ArrowRows[Tag]):
    """Rows of the tag table, as objects. In Arrow they have the columns of ``tables.TAG_ROWS``."""

    __slots__ = ("_files", "_result", "_rows")

    def __init__(self, result: ScanResult, files: range, rows: range | None = None) -> None:
        """Show the tags of ``files``, consecutive rows of the file table; or only ``rows`` of the tag table."""
        self._result = result
        self._files = files
        self._rows = rows

    @property
    def result(self) -> ScanResult:
        """The result whose tags these are."""
        return self._result

    @property
    def first_file(self) -> int:
        """The row of the file table that they begin in, or would."""
        return self._files.start

    def __len__(self) -> int:
        return len(self._bounds())

    def _bounds(self) -> range:
        if self._rows is not None:
            return self._rows
        offsets = self._result.file_table.tag_offsets
        return range(int(offsets[self._files.start]), int(offsets[self._files.stop]))

    def _loaded(self) -> range:
        """Load the tags, which may change how many a file has, then return the rows."""
        _ = self._result.tag_table
        return self._bounds()

    @overload
    def __getitem__(self, position: int, /) -> Tag: ...
    @overload
    def __getitem__(self, position: slice, /) -> Tags: ...
    def __getitem__(self, position: int | slice, /) -> Tag | Tags:
        rows = self._loaded()
        if isinstance(position, slice):
            return Tags(self._result, self._files, rows[position])
        return self._result.tag(rows[position])

    def __iter__(self) -> Iterator[Tag]:
        return map(self._result.tag, self._loaded())

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return TAG_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the tags, some thousands at a time."""
        from repomap_fast.joining.tag_rows import TableSource, tag_batches

        rows, tags = self._loaded(), self._result.tag_table
        return tag_batches(self._result.file_table, self._result.digests, TableSource(tags), rows)

    def __repr__(self) -> str:
        return f"<{len(self)} tags of {str(self._result.root)!r}>"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a scan.

    language  name of a row of the language table; None if no row fits.
    reason    the status in words, with the limit that was exceeded, or the system's error for an unreadable file.
    """

    path: str
    language: str | None
    size_bytes: int
    mtime_ns: int
    status: FileStatus
    reason: str
    tags: Tags = field(repr=False, compare=False)

    @property
    def traits(self) -> tuple[FileTrait, ...]:
        """Whether it is for tests, vendored, generated or an example, each with what says so."""
        return traits_of(self.tags.result.file_table, self.tags.first_file)

    @property
    def unread(self) -> tuple[LineRange, ...]:
        """Lines that the parser could not read, rising: definitions in them may be missing.

        At most 64 ranges; the last of more reaches to the last of these lines. Raises IndexDamagedError.
        """
        return self.tags.result.unread_lines(self.tags.first_file)


class Files(ArrowRows[File]):
    """The rows of the file table, as objects. In Arrow they have the columns of ``tables.FILE_ROWS``."""

    __slots__ = ("_result",)

    def __init__(self, result: ScanResult) -> None:
        self._result = result

    def __repr__(self) -> str:
        return f"<{len(self)} files of {str(self._result.root)!r}>"

    def __len__(self) -> int:
        return len(self._result.file_table)

    @overload
    def __getitem__(self, position: int, /) -> File: ...
    @overload
    def __getitem__(self, position: slice, /) -> list[File]: ...
    def __getitem__(self, position: int | slice, /) -> File | list[File]:
        rows = range(len(self))[position]
        if isinstance(rows, range):
            return [self._result.file_at(row) for row in rows]
        return self._result.file_at(rows)

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return FILE_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the files, some thousands at a time."""
        from repomap_fast.joining.file_rows import file_batches

        return file_batches(self._result)


class ScanResult:
    """Everything that a scan found below ``root``.

    file_table, tag_table  the numpy columns; ``tables`` describes them. The tags are loaded at the first access, even
                           after the index was closed. If the tags of a file were lost meanwhile, it is parsed again;
                           its rows then show it as it is now.
    notes                  sentences for the user on how the files were found and kept.
    metrics                time, memory and work of the scan.
    options                which files were scanned, and the limits.
    contents               where the sources of the files are read: the folder, unless it was set to a commit.

    A pickle or a copy holds all columns. It needs neither the files nor the index. Making one loads the tags.
    """

    def __init__(
        self,
        root: Path,
        file_table: FileTable,
        tag_table: TagTable | Callable[[], TagTable],
        *,
        late: LateColumns | None = None,
        notes: tuple[str, ...] = (),
        metrics: ScanMetrics | None = None,
        options: ScanOptions | None = None,
        identifier_classes: dict[str, int] | None = None,
        definition_kinds: dict[str, int] | None = None,
    ) -> None:
        self.root = root
        self.file_table = file_table
        self.notes = notes
        self.metrics = metrics or ScanMetrics()
        self.options = options or ScanOptions()
        self.contents: Contents = FolderContents(root)
        self._tag_table = tag_table
        self._graph = late and late.graph
        self._words: FileWords | Callable[[], FileWords] | None = late and late.words
        self._imports: FileImports | Callable[[], FileImports] | None = late and late.imports
        self._uses: FileUses | Callable[[], FileUses] | None = late and late.uses
        self._facts: FileFacts | Callable[[], FileFacts] | None = late and late.facts
        self._marks: FileMarks | Callable[[], FileMarks] | None = late and late.marks
        self._digests: U8 | Callable[[], U8] | None = late and late.digests
        self._tag_source = late and late.tag_source
        self._identifier_classes = identifier_classes
        self._definition_kinds = definition_kinds
        self._kept_names: dict[int, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Load the tags and return the state of a copy. The copy computes its graph from the tags."""
        return {
            "root": self.root,
            # This goes first: loading the tags may correct the statuses of files.
            "_tag_table": self.tag_table,
            "file_table": self.file_table,
            "notes": self.notes,
            "metrics": self.metrics,
            "options": self.options,
            "contents": self.contents,
            "_identifier_classes": self._identifier_classes,
            "_definition_kinds": None,
            "_graph": None,
            "_words": self.words,
            "_imports": self.imports,
            "_uses": self.uses,
            "_facts": self.facts,
            "_marks": self.marks,
            "_digests": self.digests,
            "_tag_source": None,
            "_kept_names": {},
        }

    @cached_property
    def tag_table(self) -> TagTable:
        """The columns of all tags."""
        return self._tag_table() if callable(self._tag_table) else self._tag_table

    @property
    def sparse_tags(self) -> AnyTags:
        """The columns of all tags, for a reader who needs few rows of them.

        The table where it is loaded already, or loaded in less time than pages of it are read one by one.
        """
        has_table = "tag_table" in self.__dict__ or self._tag_source is None
        return self.tag_table if has_table or self.n_tags < sparse_tags.FEW_TAGS else self._sparse_tags

    @cached_property
    def _sparse_tags(self) -> SparseTags:
        assert self._tag_source is not None
        source = self._tag_source()
        return SparseTags(source.tags, source.kinds)

    @cached_property
    def graph(self) -> Graph:
        """The graph of the files that have a language: which file refers to which names. Loads no tag."""
        if self._graph is not None:
            return self._graph()
        files, tags = self.file_table, self.tag_table
        rows = np.flatnonzero(files.language_ids != NO_LANGUAGE)
        return Graph.from_tags(
            list(files.paths.rows(rows)),
            np.append(files.tag_offsets[rows], files.tag_offsets[-1:]),
            tags.name_ids,
            tags.roles,
            tags.rows,
            list(tags.names),
            end_rows=tags.end_rows,
            kind_ids=tags.kind_ids,
            kinds=tags.kinds,
            places=(tags.columns, tags.scope_tag_ids),
        )

    @cached_property
    def words(self) -> FileWords:
        """How often each term is in the files that have a language; none where the result was made of tables alone."""
        if callable(self._words):
            return self._words()
        n_files = int((self.file_table.language_ids != NO_LANGUAGE).sum())
        return self._words if self._words is not None else FileWords.of(WordColumns.empty(n_files))

    @cached_property
    def imports(self) -> FileImports:
        """What the files that have a language import; nothing where the result was made of tables alone."""
        if callable(self._imports):
            return self._imports()
        from repomap_fast.joining.imports import FileImports

        n_files = int((self.file_table.language_ids != NO_LANGUAGE).sum())
        return self._imports if self._imports is not None else FileImports.of(RecordColumns.empty(n_files))

    @cached_property
    def uses(self) -> FileUses:
        """Where files use names as values; nowhere where the result was made of tables alone."""
        if callable(self._uses):
            return self._uses()
        from repomap_fast.joining.uses import FileUses

        n_files = int((self.file_table.language_ids != NO_LANGUAGE).sum())
        return self._uses if self._uses is not None else FileUses.of(RecordColumns.empty(n_files))

    @cached_property
    def facts(self) -> FileFacts:
        """Scopes, bindings and chains of files; of none where the result was made of tables alone."""
        if callable(self._facts):
            return self._facts()
        from repomap_fast.joining.facts import FileFacts

        empty = RecordColumns.empty(int((self.file_table.language_ids != NO_LANGUAGE).sum()))
        return self._facts if self._facts is not None else FileFacts.of(empty, empty)

    @cached_property
    def marks(self) -> FileMarks:
        """Marks of the files that have a language; none where the result was made of tables alone."""
        if callable(self._marks):
            return self._marks()
        n_files = int((self.file_table.language_ids != NO_LANGUAGE).sum())
        return self._marks if self._marks is not None else FileMarks.of(RecordColumns.empty(n_files))

    @cached_property
    def digests(self) -> U8:
        """BLAKE2b of the contents of each file: (n, 16) uint8; zeros where they were not read."""
        digests = self._digests() if callable(self._digests) else self._digests
        return np.zeros((len(self.file_table), 16), np.uint8) if digests is None else digests

    def __repr__(self) -> str:
        return f"<ScanResult of {str(self.root)!r}: {len(self.file_table)} files, {self.n_tags} tags>"

    def _repr_markdown_(self) -> str:
        return as_markdown(self._screen())

    def _repr_html_(self) -> str:
        return as_html(self._screen())

    def _screen(self) -> str:
        """Return what a notebook shows: the counts. No tag is loaded for it."""
        counts = (f"{count:,} files {status.label}" for status, count in self.status_counts().items())
        return one_screen("\n".join((repr(self)[1:-1], *counts, *self.notes)))

    @property
    def tags(self) -> Tags:
        """All tags, file by file, ordered by where the name starts."""
        return Tags(self, range(len(self.file_table)))

    def tag_batches(self) -> Iterator[Column]:
        """Yield all tags as the batches that ``tags`` has in Arrow, without the table of tags where that can be.

        Raises IndexDamagedError, maybe after some batches, where what was kept is damaged: ``tags`` is sound then.
        """
        if self._tag_source is None or "tag_table" in self.__dict__:
            return self.tags.arrow_batches()
        from repomap_fast.joining.tag_rows import tag_batches

        source = self._tag_source()
        return tag_batches(self.file_table, self.digests, source, range(self.n_tags))

    @property
    def n_tags(self) -> int:
        """Number of tags. Loads none."""
        return int(self.file_table.tag_offsets[-1])

    @property
    def files(self) -> Files:
        """All files that were found, sorted by path, with or without tags."""
        return Files(self)

    @property
    def identifiers(self) -> Identifiers:
        """All distinct names, in the order in which the tags first use them."""
        from repomap_fast.joining.identifier_rows import Identifiers

        return Identifiers(self.tag_table)

    def definitions(self, name: str | bytes) -> list[Tag]:
        """Return all definitions of ``name``, in the order of the table."""
        return self._tags_named(name, ROLE_DEFINITION)

    def references(self, name: str | bytes) -> list[Tag]:
        """Return all references to ``name``, in the order of the table."""
        return self._tags_named(name, ROLE_REFERENCE)

    def file(self, path: str | bytes | os.PathLike[str]) -> File:
        """Return the file at ``path``, below the root or absolute.

        Raises KeyError if the scan has no such file: it does not exist, or it is ignored.
        """
        wanted = os.fsdecode(path)
        if os.path.isabs(wanted):
            wanted = os.path.relpath(wanted, self.root)
        key = os.fsencode(os.path.normpath(wanted).replace(os.sep, "/"))
        row = self._rows_by_path.get(key)
        if row is None:
            raise KeyError(f"no file {os.fsdecode(key)!r} in the scan of {str(self.root)!r}")
        return self.file_at(row)

    @cached_property
    def identifier_classes(self) -> dict[str, int]:
        """Number of distinct names of each identifier class."""
        if self._identifier_classes is not None:
            return self._identifier_classes
        classes = classify_identifiers(self.tag_table.names)
        counts = np.bincount(classes, minlength=len(IDENTIFIER_CLASSES))
        return dict(zip(IDENTIFIER_CLASSES, counts.tolist(), strict=True))

    @cached_property
    def definition_kinds(self) -> dict[str, int]:
        """Number of definitions of each kind (function, class …), without kinds that do not occur.

        Loads no tag if the result comes from an index.
        """
        # Loading the tags may have changed them.
        if self._definition_kinds is not None and "tag_table" not in self.__dict__:
            return self._definition_kinds
        tags = self.tag_table
        counts = np.bincount(tags.kind_ids[tags.roles == ROLE_DEFINITION], minlength=len(tags.kinds)).tolist()
        return {kind: count for kind, count in zip(tags.kinds, counts, strict=True) if count}

    def status_counts(self) -> dict[FileStatus, int]:
        """Return the number of files with each status, without statuses that do not occur."""
        counts = Counter(self.file_table.statuses.tolist())
        return {status: counts[status] for status in FileStatus if counts[status]}

    def tag(self, row: int) -> Tag:
        """Return row ``row`` of the tag table as an object."""
        table, files = self.sparse_tags, self.file_table
        file = files.file_of_tag(row)
        role = int(table.roles[row])
        return Tag(
            path=os.fsdecode(files.paths[file]),
            language=LANGUAGES[files.language_ids[file]].name,
            name=self._name(row),
            role=ROLES[role],
            kind=table.kinds[table.kind_ids[row]],
            line=int(table.rows[row]) + 1,
            column=int(table.columns[row]),
            end_line=int(table.end_rows[row]) + 1 if role == ROLE_DEFINITION else None,
            scope=self.scope(row),
        )

    def scope(self, row: int) -> str | None:
        """Return the names of the definitions around tag ``row``, outermost first, joined by dots.

        Of more than 100 names, or 4,096 characters, the outermost are left out.
        """
        table = self.sparse_tags
        scope_ids = table.scope_tag_ids
        return scope_text(scope_ids.item(row), table.name_ids, scope_ids, self._name_of) or None

    def file_at(self, row: int) -> File:
        """Return row ``row`` of the file table as an object."""
        table = self.file_table
        language = int(table.language_ids[row])
        status = FileStatus(table.statuses[row])
        return File(
            path=os.fsdecode(table.paths[row]),
            language=None if language == NO_LANGUAGE else LANGUAGES[language].name,
            size_bytes=int(table.sizes_bytes[row]),
            mtime_ns=int(table.mtimes_ns[row]),
            status=status,
            reason=reason_of(status, int(table.errnos[row]), int(table.sizes_bytes[row]), self.options),
            tags=Tags(self, range(row, row + 1)),
        )

    def unread_lines(self, row: int) -> tuple[LineRange, ...]:
        """Return the lines of row ``row`` of the file table that the parser could not read."""
        table = self.file_table
        if not table.marks[row] & FileMark.UNREAD:
            return ()
        return self.marks.unread(int(np.searchsorted(table.rows_with_language(), row)))

    def _name(self, row: int) -> str:
        return self._name_of(self.sparse_tags.name_ids.item(row))

    def _name_of(self, name_id: int) -> str:
        # A pass over the tags needs the same names of scopes again and again.
        name = self._kept_names.get(name_id)
        if name is None:
            name = self.sparse_tags.names[name_id].decode(errors="replace")
            if len(name) <= _LONGEST_KEPT_NAME:
                if len(self._kept_names) >= _MOST_KEPT_NAMES:
                    self._kept_names.clear()
                self._kept_names[name_id] = name
        return name

    def _tags_named(self, name: str | bytes, role: int) -> list[Tag]:
        key = name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name
        table = self.sparse_tags
        rows = rows_of_name(table, key)
        return [self.tag(row) for row in rows[table.roles[rows] == role].tolist()]

    @cached_property
    def _rows_by_path(self) -> dict[bytes, int]:
        return {path: row for row, path in enumerate(self.file_table.paths)}


def without_tag_table(result: ScanResult) -> ScanResult:
    """Return the same result with what was loaded late, but for the table of tags, which takes the most memory."""
    other = ScanResult.__new__(ScanResult)
    vars(other).update((name, value) for name, value in vars(result).items() if name != "tag_table")
    return other


def spare_tag_table(result: ScanResult) -> None:
    """Let go of a table of tags that takes hundreds of megabytes and can be loaded again."""
    if result.n_tags >= _VERY_MANY_TAGS and callable(vars(result)["_tag_table"]):
        vars(result).pop("tag_table", None)
