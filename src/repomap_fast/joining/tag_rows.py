"""The tags of a scan as batches of an Arrow table: one, or some ten thousand rows at a time.

A batch has dictionaries of its own: no text is in them that no row of the batch has, so that what reads them, or writes
them as row groups, does work for the rows alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np

from repomap_fast.arrays import distinct_places, runs_of
from repomap_fast.arrow.stream import Column, encoded, numbers, runs_of_text, table, texts
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.identities import are_repeated, digest_text
from repomap_fast.joining.scopes import MAX_SCOPE_CHARACTERS, MAX_SCOPE_NAMES
from repomap_fast.joining.tag_texts import as_utf8, have_dots, tag_texts, utf8_bytes
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import I32, I64, NO_SCOPE, ROLE_DEFINITION, ROLES, U8, U32, U64, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining import _tag_texts
    from repomap_fast.joining.lazy_tags import PagedTags
    from repomap_fast.tables import FileTable, TagTable

ONE_BATCH_TAGS = 1 << 19
"""So many tags are one batch: a name or a scope is in its dictionary once, not once for each batch that has it."""
MAX_BATCH_TAGS = 1 << 16
"""Rows of a batch where there are more tags than that: a batch is in memory twice, as texts and as buffers."""
MAX_BATCH_BYTES = 1 << 25
"""Of its scopes and ids. Scopes of a hostile file add up to many times its size."""
MAX_NAME_BYTES = 1 << 25
"""Of names that were read and are kept for the next batch: the Linux kernel has 156 MB."""
_OFTEN = 16
"""Rows of a batch with one name, from which on it stands before the others."""
_NOT_WRITTEN = -2


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

    def lightened(self) -> Self:
        """Return the same source, without the names that were read where these are many."""
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

    def lightened(self) -> Self:
        """Return this source: its names are in memory anyway."""
        return self


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

    def lightened(self) -> Self:
        """Return the same source, without the names that were read where these are many."""
        names = self.tags.names
        if names.n_read_bytes <= MAX_NAME_BYTES:
            return self
        return replace(self, tags=replace(self.tags, names=names.afresh()))


def tag_batches(files: FileTable, digests: U8, source: TagSource, rows: range) -> Iterator[Column]:
    """Yield batches of the tags in ``rows`` of the table of tags, as ``tables.TAG_ROWS`` has them.

    digests  (n_files, 16) uint8: of the contents of each file.

    Raises IndexDamagedError.
    """
    if rows.step < 0:
        rising = tag_batches(files, digests, source, rows[::-1])
        yield from reversed([batch.taken(slice(None, None, -1)) for batch in rising])
        return
    batches = _Batches(files, digests, source, ONE_BATCH_TAGS if len(rows) <= ONE_BATCH_TAGS else MAX_BATCH_TAGS)
    row = rows.start
    while rows and row <= rows[-1]:
        batch, stop = batches.from_row(row, rows[-1] + 1)
        first = -(row - rows.start) % rows.step
        if rows.step > 1:
            batch = batch.taken(slice(first, None, rows.step))
        if batch.n_rows:
            yield batch
        row = stop


class _Read(NamedTuple):
    """Tags of whole files.

    base          row of the first of them.
    name_numbers  (n,) int64: the name of each, a row of ``names``.
    names         UTF-8, each once.
    are_counted   (n,) uint8: whether the id of each definition may be that of another one of its file.
    scopes        (n,) int64: the definition around each, by its place here; NO_SCOPE for none.
    """

    base: int
    tags: TagColumns
    name_numbers: NDArray[np.intp]
    names: StringTable
    are_counted: U8
    scopes: I64

    @classmethod
    def of(cls, source: TagSource, offsets: I64) -> Self:
        """Read the tags and names of some files, which have these bounds. Raises IndexDamagedError."""
        base, stop = int(offsets[0]), int(offsets[-1])
        tags = source.read(base, stop)
        places, name_numbers = distinct_places(tags.name_ids)
        names, new_numbers = as_utf8(source.names_of(tags.name_ids[places]))
        if new_numbers is not None:
            name_numbers = new_numbers[name_numbers]
        scopes = tags.scope_tag_ids.astype(np.int64)
        lengths = offsets[1:] - offsets[:-1]
        is_outside = (scopes < np.repeat(offsets[:-1], lengths)) | (scopes >= np.repeat(offsets[1:], lengths))
        if (is_outside & (scopes != NO_SCOPE)).any():
            raise IndexDamagedError(f"a scope of tags {base} to {stop} is in another file")
        if int(tags.kind_ids.max(initial=0)) >= max(len(source.kinds), 1):
            raise IndexDamagedError(f"tags {base} to {stop} have more than {len(source.kinds)} kinds")
        scopes = np.where(scopes == NO_SCOPE, NO_SCOPE, scopes - base)
        are_counted = are_repeated(tags.roles, name_numbers, tags.kind_ids, lengths)
        has_dot = have_dots(names)[name_numbers] & (tags.roles == ROLE_DEFINITION)
        if has_dot.any():
            # A scope and a name together may look like a name alone.
            are_counted |= np.repeat(np.logical_or.reduceat(np.append(has_dot, False), offsets[:-1] - base), lengths)
        return cls(base, tags, name_numbers, names, are_counted.view(np.uint8), scopes)


class _Texts(NamedTuple):
    """Scopes and ids of tags up to a row, as many as the bound on their bytes lets in.

    stop           row behind the last tag.
    scopes         distinct texts.
    scope_numbers  (n,) int32: of each tag, a row of ``scopes``; -1 for none.
    ids            (n,) of the definitions; null for the others.
    """

    stop: int
    scopes: Column
    scope_numbers: I32
    ids: Column


class _Batches:
    """Makes one batch after another, of ``most_tags`` rows at most.

    ``_counts`` says how often ``_file``, the file that the last batch ended in, has had an id.
    """

    def __init__(self, files: FileTable, digests: U8, source: TagSource, most_tags: int) -> None:
        self._files = files
        self._most_tags = most_tags
        self._digests = digests
        self._offsets = files.tag_offsets.astype(np.int64)
        self._source = source
        self._kinds = [f"/{kind}".encode() for kind in source.kinds]
        self._file = -1
        self._counts: dict[bytes, int] = {}

    def from_row(self, start: int, last: int) -> tuple[Column, int]:
        """Return a batch of the tags from row ``start``, before ``last``, and the first row that is not in it."""
        self._source = self._source.lightened()
        first_file = self._file_of(start)
        most = min(last, start + self._most_tags)
        # Whole files: a scope may be anywhere in its file.
        bounds = self._offsets[first_file : int(np.searchsorted(self._offsets, most, "left")) + 1]
        read = _Read.of(self._source, bounds)
        if self._file != first_file:
            self._file, self._counts = first_file, {}
            row = int(bounds[0])
            while row < start:
                row = self._texts(read, row, start).stop
        written = self._texts(read, start, most)
        return self._batch(written, read, range(start, written.stop)), written.stop

    def _file_of(self, row: int) -> int:
        return int(np.searchsorted(self._offsets, row, "right")) - 1

    def _texts(self, read: _Read, start: int, most: int) -> _Texts:
        """Return the scopes and ids of the tags from row ``start``, before ``most``; of one at least."""
        texts = tag_texts(read.names)
        scopes = read.scopes[start - read.base : most - read.base]
        numbers, n_bytes = _scope_numbers(texts, read, scopes)
        scope_numbers = numbers[scopes]
        if (is_unknown := scope_numbers == _NOT_WRITTEN).any():
            most = start + int(np.argmax(is_unknown))
        here = slice(start - read.base, most - read.base)
        is_definition = read.tags.roles[here] == ROLE_DEFINITION
        places = np.flatnonzero(is_definition)
        files = slice(self._file, int(np.searchsorted(self._offsets, most, "left")))
        lengths, ids = texts.write_ids(
            [utf8_bytes(path) for path in self._files.paths[files]],
            self._offsets[files.start : files.stop + 1] - start,
            places,
            read.name_numbers[here],
            read.tags.kind_ids[here],
            scope_numbers[: most - start],
            read.are_counted[here],
            self._kinds,
            self._counts,
            max(0, MAX_BATCH_BYTES - n_bytes),
        )
        n_ids = len(lengths)
        if n_ids < len(places):
            most = start + int(places[n_ids])
        counted = self._file_of(start + int(places[n_ids - 1])) if n_ids else self._file
        self._file = self._file_of(most - 1)
        if self._file != counted:
            self._counts = {}
        n_rows = most - start
        id_lengths = np.zeros(n_rows, np.int64)
        id_lengths[places[:n_ids]] = lengths
        is_null = None if n_ids == n_rows else ~is_definition[:n_rows]
        return _Texts(
            most,
            _text_column(*texts.scope_texts()),
            scope_numbers[:n_rows],
            runs_of_text(np.frombuffer(ids, np.uint8), id_lengths, is_null),
        )

    def _batch(self, written: _Texts, read: _Read, rows: range) -> Column:
        here = slice(rows.start - read.base, rows.stop - read.base)
        tags = read.tags.at(here)
        is_reference = tags.roles != ROLE_DEFINITION
        scopes = written.scope_numbers
        path, path_bytes, language, digest = self._columns_of_files(rows)
        return table(
            [
                path,
                path_bytes,
                language,
                _of_names(read.name_numbers[here], read.names),
                encoded(tags.roles.view(np.int8), texts([role.encode() for role in ROLES])),
                of_numbers(tags.kind_ids, self._source.kinds, np.int16),
                numbers(tags.rows + np.uint32(1)),
                numbers(tags.columns),
                numbers(tags.end_rows + np.uint32(1), is_reference),
                encoded(scopes, written.scopes, scopes < 0),
                written.ids,
                digest,
            ]
        )

    def _columns_of_files(self, rows: range) -> tuple[Column, Column, Column, Column]:
        """Return for each of these tags of its file: path, its bytes where they are not UTF-8, language, digest."""
        first = self._file_of(rows.start)
        stop = int(np.searchsorted(self._offsets, rows.stop, "left"))
        bounds = np.clip(self._offsets[first : stop + 1], rows.start, rows.stop)
        counts = bounds[1:] - bounds[:-1]
        files = np.flatnonzero(counts)
        of_tags = np.repeat(np.arange(len(files)), counts[files])
        files += first
        paths = list(self._files.paths.rows(files))
        languages = [LANGUAGES[language_id].name for language_id in self._files.language_ids[files].tolist()]
        return (
            of_texts([path.decode("utf-8", "replace") for path in paths], np.int32).taken(of_tags),
            bytes_of_paths(paths, of_tags),
            of_texts(languages, np.int16).taken(of_tags),
            of_texts([digest_text(digest) for digest in self._digests[files]], np.int32).taken(of_tags),
        )


def _scope_numbers(texts: _tag_texts.TagTexts, read: _Read, scopes: I64) -> tuple[I32, int]:
    """Write the distinct texts of scopes; return the number of each definition's, and how many bytes they have.

    Where the bound on bytes is reached, the others are _NOT_WRITTEN; the first scope is written in any case.
    """
    is_used = np.zeros(len(read.scopes) + 1, np.bool_)
    is_used[scopes] = True
    # NO_SCOPE, -1, is the last of them.
    numbers: I32 = np.full(len(is_used), _NOT_WRITTEN, np.int32)
    numbers[NO_SCOPE] = -1
    rows = np.flatnonzero(is_used[:-1])
    first = scopes[:1][scopes[:1] != NO_SCOPE]
    rows = np.concatenate((first, rows[rows != first[0]])) if len(first) else rows
    most = MAX_BATCH_BYTES, MAX_SCOPE_NAMES, MAX_SCOPE_CHARACTERS
    return numbers, texts.write_scopes(read.name_numbers, read.scopes, rows, numbers, most)


def _of_names(rows: NDArray[np.intp], names: StringTable) -> Column:
    """Return a column of names by their numbers; its dictionary has those of these rows, and no other.

    The names that come often stand first: their numbers are small, and compress better.
    """
    counts = np.bincount(rows, minlength=len(names))
    is_often = counts >= _OFTEN
    often = np.flatnonzero(is_often)
    often = often[np.argsort(-counts[often], kind="stable")]
    others = np.flatnonzero((counts > 0) & ~is_often)
    new_rows = np.empty(len(names), np.int32)
    new_rows[often] = np.arange(len(often))
    new_rows[others] = np.arange(len(often), len(often) + len(others))
    bounds = names.offsets.astype(np.int64)
    lengths = bounds[1:] - bounds[:-1]
    data = runs_of(names.data, bounds[often], lengths[often]), names.rows(others).data
    of_names = runs_of_text(np.concatenate(data), np.concatenate((lengths[often], lengths[others])), None)
    return encoded(new_rows[rows], of_names)


def _text_column(offsets: U64, data: U8) -> Column:
    """Return a column of texts by their bounds. Raises OverflowError for more than 2 GB of them."""
    bounds = offsets.astype(np.int64)
    return runs_of_text(data, bounds[1:] - bounds[:-1], None)


def of_numbers(rows: NDArray[Any], strings: Sequence[str], dtype: type[np.generic]) -> Column:
    """Return a column of ``strings[row]`` for each row; its dictionary has each of these texts once, and no other."""
    is_used = np.zeros(len(strings), np.bool_)
    is_used[rows] = True
    used = [strings[row] for row in np.flatnonzero(is_used).tolist()]
    new_rows = np.cumsum(is_used) - 1
    return of_texts(used, dtype).taken(new_rows[rows])


def of_texts(strings: Sequence[str | None], dtype: type[np.generic]) -> Column:
    """Return a column of texts; its dictionary has each once. A row may have none."""
    found: dict[str, int] = {}
    rows: NDArray[Any] = np.array(
        [-1 if text is None else found.setdefault(text, len(found)) for text in strings], dtype
    )
    is_null = rows < 0
    return encoded(rows, plain_texts(list(found)), is_null if is_null.any() else None)


def plain_texts(strings: Sequence[str]) -> Column:
    """Return a column of texts."""
    return texts_at(np.arange(len(strings)), strings, len(strings))


def texts_at(places: NDArray[np.intp], strings: Sequence[str], n_rows: int) -> Column:
    """Return a column of texts in some of its rows; the others have none."""
    joined = "".join(strings)
    data = joined.encode("utf-8", "replace")
    size_of = len if len(data) == len(joined) else _n_bytes
    lengths = np.zeros(n_rows, np.int64)
    lengths[places] = np.fromiter(map(size_of, strings), np.int64, len(strings))
    is_null = None
    if len(places) < n_rows:
        is_null = np.ones(n_rows, np.bool_)
        is_null[places] = False
    return runs_of_text(np.frombuffer(data, np.uint8), lengths, is_null)


def _n_bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def bytes_of_paths(paths: list[bytes], of_rows: NDArray[np.intp]) -> Column:
    """Return a column of the bytes of those paths that are not UTF-8; ``of_rows`` has the path of each row."""
    is_text = np.fromiter(map(_is_utf8, paths), np.bool_, len(paths))
    if is_text.all():
        n_rows = len(of_rows)
        validity = np.zeros(-(-n_rows // 8), np.uint8)
        return Column(n_rows, (validity, np.zeros(n_rows + 1, np.int32), np.empty(0, np.uint8)), n_rows)
    said = [b"" if is_plain else path for path, is_plain in zip(paths, is_text.tolist(), strict=True)]
    return texts([said[path] for path in of_rows.tolist()], is_text[of_rows])


def _is_utf8(path: bytes) -> bool:
    return path.isascii() or path.decode("utf-8", "replace").encode() == path
