"""The tags of a scan as batches of an Arrow table, some ten thousand rows at a time.

A batch has dictionaries of its own: no text is in them that no row of the batch has, so that what reads them, or writes
them as row groups, does work for the rows alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np

from repomap_fast.arrays import distinct_places
from repomap_fast.arrow.stream import Column, encoded, numbers, table, texts
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.scopes import scope_text
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import I32, NO_SCOPE, ROLE_DEFINITION, ROLES, U8, U32, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.lazy_tags import PagedTags
    from repomap_fast.tables import FileTable, TagTable

MAX_BATCH_TAGS = 1 << 16
"""Rows of a batch."""
MAX_BATCH_CHARACTERS = 1 << 25
"""Characters of its scopes and ids. Scopes of a hostile file add up to many times its size."""
_TAGS_AT_A_TIME = 1 << 12


class TagColumns(NamedTuple):
    """Consecutive tags: columns as of ``TagTable``."""

    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    columns: U32
    end_rows: U32
    scope_tag_ids: I32

    def at(self, rows: slice) -> Self:
        """Return some of them."""
        return self._replace(**{name: getattr(self, name)[rows] for name in self._fields})


class TagSource(Protocol):
    """Where tags are read from; ``kinds`` are the names of their kinds, by number."""

    @property
    def kinds(self) -> tuple[str, ...]: ...

    def read(self, start: int, stop: int) -> TagColumns:
        """Return rows of the table of tags. Raises IndexDamagedError."""
        ...

    def names_of(self, name_ids: U32) -> StringTable:
        """Return names by their numbers, which rise. Raises IndexDamagedError."""
        ...


@dataclass(frozen=True, slots=True)
class TableSource:
    """Tags of a table in memory: no column is copied."""

    tags: TagTable

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names of the kinds."""
        return self.tags.kinds

    def read(self, start: int, stop: int) -> TagColumns:
        """Return rows of the table."""
        return TagColumns(*(getattr(self.tags, name)[start:stop] for name in TagColumns._fields))

    def names_of(self, name_ids: U32) -> StringTable:
        """Return names by their numbers."""
        return self.tags.names.rows(name_ids.astype(np.intp))


@dataclass(frozen=True, slots=True)
class PagedSource:
    """Tags of columns on disk; no more of them is in memory than a batch needs."""

    tags: PagedTags
    kinds: tuple[str, ...]

    def read(self, start: int, stop: int) -> TagColumns:
        """Return rows of the columns. Raises IndexDamagedError."""
        return TagColumns(*(getattr(self.tags, name).read(start, stop) for name in TagColumns._fields))

    def names_of(self, name_ids: U32) -> StringTable:
        """Return names by their numbers. Raises IndexDamagedError."""
        return self.tags.names_of(name_ids)


def tag_batches(files: FileTable, digests: U8, source: TagSource, rows: range) -> Iterator[Column]:
    """Yield batches of the tags in ``rows`` of the table of tags, as ``tables.TAG_ROWS`` has them.

    digests  (n_files, 16) uint8: of the contents of each file.

    Raises IndexDamagedError.
    """
    if rows.step < 0:
        rising = tag_batches(files, digests, source, rows[::-1])
        yield from reversed([batch.taken(slice(None, None, -1)) for batch in rising])
        return
    batches = _Batches(files, digests, source)
    row = rows.start
    while rows and row <= rows[-1]:
        batch, stop = batches.from_row(row, rows[-1] + 1)
        first = -(row - rows.start) % rows.step
        if rows.step > 1:
            batch = batch.taken(slice(first, None, rows.step))
        if batch.n_rows:
            yield batch
        row = stop


@dataclass(slots=True)
class _Ids:
    """Ids of the definitions of one file, in the order of its tags.

    file  row of the file table; next_row  the first tag that was not looked at; counts  how often each id was needed.
    """

    file: int = -1
    next_row: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def of(self, wanted: str) -> str:
        """Return an id, with its ordinal where the file has had it before."""
        count = self.counts[wanted] = self.counts.get(wanted, 0) + 1
        return wanted if count == 1 else f"{wanted}~{count}"


class _Texts:
    """Scopes and ids of the rows of a batch."""

    def __init__(self) -> None:
        self.scopes: dict[str, int] = {}
        self.scope_numbers: list[int] = []
        self.ids: list[bytes] = []
        self.n_characters = 0

    def add(self, scopes: list[str], ids: list[str]) -> None:
        """Add rows; an empty scope or id is none."""
        found = self.scopes
        for scope in dict.fromkeys(scopes):
            if scope and scope not in found:
                found[scope] = len(found)
                self.n_characters += len(scope)
        self.scope_numbers += [found.get(scope, -1) for scope in scopes]
        self.ids += [one.encode("utf-8", "replace") for one in ids]
        self.n_characters += sum(map(len, ids))


class _Read(NamedTuple):
    """Tags of whole files.

    base          row of the first of them.
    name_numbers  (n,) int64: the name of each, a row of ``names``.
    """

    base: int
    tags: TagColumns
    name_numbers: NDArray[np.intp]
    names: list[str]

    @classmethod
    def of(cls, source: TagSource, start: int, stop: int) -> Self:
        """Read tags and their names. Raises IndexDamagedError."""
        tags = source.read(start, stop)
        places, numbers_of_names = distinct_places(tags.name_ids)
        if int(tags.kind_ids.max(initial=0)) >= max(len(source.kinds), 1):
            raise IndexDamagedError(f"tags have more than {len(source.kinds)} kinds")
        names = [name.decode("utf-8", "replace") for name in source.names_of(tags.name_ids[places])]
        return cls(start, tags, numbers_of_names, names)


class _Batches:
    """Makes one batch after another."""

    def __init__(self, files: FileTable, digests: U8, source: TagSource) -> None:
        self._files = files
        self._digests = digests
        self._offsets = files.tag_offsets.astype(np.int64)
        self._kinds = source.kinds
        self._source = source
        self._ids = _Ids()

    def from_row(self, start: int, last: int) -> tuple[Column, int]:
        """Return a batch of the tags from row ``start``, before ``last``, and the first row that is not in it."""
        offsets = self._offsets
        first_file = int(np.searchsorted(offsets, start, "right")) - 1
        most = min(last, start + MAX_BATCH_TAGS)
        stop_file = int(np.searchsorted(offsets, most, "left"))
        base = int(offsets[first_file])
        # Whole files: a scope may be anywhere in its file.
        read = _Read.of(self._source, base, int(offsets[stop_file]))
        written, stop = _Texts(), start
        for file in (np.flatnonzero(np.diff(offsets[first_file : stop_file + 1])) + first_file).tolist():
            stop = self._add_file(written, file, read, range(start, min(most, int(offsets[file + 1]))))
            if written.n_characters >= MAX_BATCH_CHARACTERS:
                break
        return self._batch(written, read, range(start, stop)), stop

    def _add_file(self, written: _Texts, file: int, read: _Read, wanted: range) -> int:
        """Add the scopes and ids of the tags of a file that are wanted; return the row behind the last one."""
        start, end = (int(bound) for bound in self._offsets[file : file + 2])
        if self._ids.file != file:
            self._ids = _Ids(file, start)
        here = slice(start - read.base, end - read.base)
        name_numbers = read.name_numbers[here]
        scopes = read.tags.scope_tag_ids[here].astype(np.int64)
        scopes[scopes != NO_SCOPE] -= start
        if (scopes < NO_SCOPE).any() or (scopes >= end - start).any():
            raise IndexDamagedError(f"the scope of a tag of file {file} is in another file")
        path = self._files.paths[file].decode("utf-8", "replace")
        texts_of_scopes: dict[int, str] = {}
        row = self._ids.next_row
        while row < wanted.stop and written.n_characters < MAX_BATCH_CHARACTERS:
            stop = min(row + _TAGS_AT_A_TIME, wanted.start if row < wanted.start else wanted.stop)
            scopes_here = scopes[row - start : stop - start].tolist()
            for scope in dict.fromkeys(scopes_here):
                if scope not in texts_of_scopes:
                    texts_of_scopes[scope] = scope_text(scope, name_numbers, scopes, read.names.__getitem__)
            ids = self._ids_of(path, read, range(row, stop), [texts_of_scopes[one] for one in scopes_here])
            if row >= wanted.start:
                written.add([texts_of_scopes[scope] for scope in scopes_here], ids)
            self._ids.next_row = row = stop
        return row

    def _ids_of(self, path: str, read: _Read, rows: range, scopes: list[str]) -> list[str]:
        """Return the ids of some tags of a file; that of a reference is empty."""
        here = slice(rows.start - read.base, rows.stop - read.base)
        names, kinds, id_of = read.names, self._kinds, self._ids.of
        columns = (column[here].tolist() for column in (read.name_numbers, read.tags.roles, read.tags.kind_ids))
        return [
            (
                id_of(f"{path}#{scope}.{names[number]}/{kinds[kind_id]}")
                if scope
                else id_of(f"{path}#{names[number]}/{kinds[kind_id]}")
            )
            if role == ROLE_DEFINITION
            else ""
            for number, role, kind_id, scope in zip(*columns, scopes, strict=True)
        ]

    def _batch(self, written: _Texts, read: _Read, rows: range) -> Column:
        here = slice(rows.start - read.base, rows.stop - read.base)
        tags = read.tags.at(here)
        is_reference = tags.roles != ROLE_DEFINITION
        scopes: I32 = np.array(written.scope_numbers, np.int32)
        *of_files, digests = self._columns_of_files(rows)
        return table(
            [
                *of_files,
                of_distinct(read.name_numbers[here], read.names.__getitem__, np.int32),
                encoded(tags.roles.view(np.int8), texts([role.encode() for role in ROLES])),
                of_distinct(tags.kind_ids, self._kinds.__getitem__, np.int16),
                numbers(tags.rows + np.uint32(1)),
                numbers(tags.columns),
                numbers(tags.end_rows + np.uint32(1), is_reference),
                encoded(scopes, texts([scope.encode("utf-8", "replace") for scope in written.scopes]), scopes < 0),
                texts(written.ids, is_reference),
                digests,
            ]
        )

    def _columns_of_files(self, rows: range) -> tuple[Column, Column, Column, Column]:
        """Return for each of these tags of its file: path, its bytes where they are not UTF-8, language, digest."""
        first = int(np.searchsorted(self._offsets, rows.start, "right")) - 1
        stop = int(np.searchsorted(self._offsets, rows.stop, "left"))
        bounds = np.clip(self._offsets[first : stop + 1], rows.start, rows.stop)
        counts = bounds[1:] - bounds[:-1]
        files = np.flatnonzero(counts)
        of_tags = np.repeat(np.arange(len(files)), counts[files])
        paths = list(self._files.paths.rows(files + first))
        language_ids = self._files.language_ids[files + first][of_tags]
        return (
            of_distinct(of_tags, lambda number: paths[number].decode("utf-8", "replace"), np.int32),
            path_bytes(paths, of_tags),
            of_distinct(language_ids, lambda language_id: LANGUAGES[language_id].name, np.int16),
            of_texts(digest_texts(self._digests[files + first]), np.int32).taken(of_tags),
        )


def of_distinct(values: NDArray[Any], text_of: Callable[[int], str | None], dtype: type[np.generic]) -> Column:
    """Return a column of the texts of some numbers; its dictionary has each text once. A row may have none."""
    places, of_rows = distinct_places(values)
    # Two numbers may have one text, where that is not UTF-8.
    found = of_texts([text_of(value) for value in values[places].tolist()], dtype)
    return found.taken(of_rows)


def of_texts(strings: Sequence[str | None], dtype: type[np.generic]) -> Column:
    """Return a column of texts; its dictionary has each once. A row may have none."""
    found: dict[str, int] = {}
    rows: NDArray[Any] = np.fromiter(
        (-1 if text is None else found.setdefault(text, len(found)) for text in strings), dtype, len(strings)
    )
    is_null = rows < 0
    dictionary = texts([text.encode("utf-8", "replace") for text in found])
    return encoded(rows, dictionary, is_null if is_null.any() else None)


def path_bytes(paths: list[bytes], of_rows: NDArray[np.intp]) -> Column:
    """Return a column of the bytes of those paths that are not UTF-8; ``of_rows`` has the path of each row."""
    is_text = np.fromiter(map(_is_utf8, paths), np.bool_, len(paths))
    if is_text.all():
        n_rows = len(of_rows)
        validity = np.zeros(-(-n_rows // 8), np.uint8)
        return Column(n_rows, (validity, np.zeros(n_rows + 1, np.int32), np.empty(0, np.uint8)), n_rows)
    said = [b"" if is_plain else path for path, is_plain in zip(paths, is_text.tolist(), strict=True)]
    return texts([said[path] for path in of_rows.tolist()], is_text[of_rows])


def digest_texts(digests: U8) -> list[str | None]:
    """Return digests in hexadecimal digits; None for one that is not known, which is zeros."""
    return [digest.tobytes().hex() if digest.any() else None for digest in digests]


def _is_utf8(path: bytes) -> bool:
    return path.isascii() or path.decode("utf-8", "replace").encode() == path
