"""The state of an index: how each file with a language was when it was last checked, and how many tags it had.

Reading a state never reads a tag. A state is kept as a base and an overlay. The base has one row a file, in columns of
a folder, written with the joined tags. The overlay is the difference from it, of some hundred files at most, in one
small record. So a change of one file writes a few hundred bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.paths import row_of
from repomap_fast.tables import I64, U8, U16, U32, U64, FileColumns, FileMark, FileStatus, StringTable, column_dtypes
from repomap_fast.tagging.block import component_key

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.store.columns import Columns, ColumnWriter

_COMPONENTS = frozenset(i for i, row in enumerate(LANGUAGES) if row.is_component)

_ROWS_PER_SEARCH = 20
"""Of a table of paths: as long as one of them is searched for in the sorted ones, so many are put into a dict."""
NOT_IN_BASE = -1
"""``base_rows`` of a file whose tags are only in its block."""
MUST_RECHECK = -1
"""``ctimes_ns`` of a file that may have changed since it was read, although its times do not show it."""

CLOCK_GRAIN_NS = 100_000_000
"""The clock of file systems ticks every 1 to 10 ms."""
COARSE_GRAIN_NS = 2_000_000_000
"""FAT keeps even seconds. A time of whole seconds may come from it."""

STATUSES_OF_CONTENTS = (FileStatus.TAGGED, FileStatus.NO_TAGS, FileStatus.BINARY)
"""Statuses that depend on the contents alone: such a file has a block."""
STATUSES_OF_TEXT = (FileStatus.TAGGED, FileStatus.NO_TAGS)
"""Those of them with text: the block has terms, and may have tags."""
MARKS_OF_CONTENTS = FileMark.GENERATED_BANNER | FileMark.LONG_LINES | FileMark.UNREAD
"""Marks that depend on the contents alone: the block has them."""


@dataclass(frozen=True, slots=True, eq=False)
class State(FileColumns):
    """One row a file with a language, sorted by path: the columns of ``FileColumns``, and these.

    sizes, times and inodes are those of the file before it was read. marks are those of the contents alone.

    digests     (n, 16) uint8: BLAKE2b of the contents; zeros where they are not known.
    tag_counts  (n,) uint32.
    base_rows   (n,) int64: the row of the base that has the file's tags, or NOT_IN_BASE.
    """

    digests: U8
    tag_counts: U32
    base_rows: I64

    @classmethod
    def unread(
        cls,
        paths: StringTable,
        language_ids: U16,
        sizes_bytes: I64,
        mtimes_ns: I64,
        ctimes_ns: I64,
        inodes: U64,
    ) -> State:
        """Return the state of files whose contents are not known yet."""
        n = len(paths)
        return cls(
            paths=paths,
            language_ids=language_ids,
            sizes_bytes=sizes_bytes,
            mtimes_ns=mtimes_ns,
            ctimes_ns=ctimes_ns.copy(),
            inodes=inodes,
            digests=np.zeros((n, 16), np.uint8),
            statuses=np.full(n, FileStatus.UNREADABLE, np.uint8),
            errnos=np.zeros(n, np.int32),
            tag_counts=np.zeros(n, np.uint32),
            definition_counts=np.zeros(n, np.uint32),
            marks=np.zeros(n, np.uint8),
            base_rows=np.full(n, NOT_IN_BASE, np.int64),
        )

    def rows_in(self, other: State) -> I64:
        """Return for each file its row in ``other``, or -1."""
        if self.paths.equals(other.paths):
            return np.arange(len(self), dtype=np.int64)
        if len(self) * _ROWS_PER_SEARCH < len(other):
            found = (row_of(other.paths, path) for path in self.paths)
            return np.fromiter((-1 if row is None else row for row in found), np.int64, len(self))
        rows = {path: row for row, path in enumerate(other.paths)}
        return np.fromiter((rows.get(path, -1) for path in self.paths), np.int64, len(self))

    def has_contents_of(self, other: State, rows: I64) -> NDArray[np.bool_]:
        """Return which files are unchanged since ``other`` read them; ``rows`` as ``rows_in`` returns them."""
        known = rows >= 0
        same = known.copy()
        for name in ("sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes"):
            same[known] &= getattr(self, name)[known] == getattr(other, name)[rows[known]]
        return same

    def take_over(self, rows: NDArray[np.intp], other: State, other_rows: I64) -> None:
        """Copy what is known of ``other_rows`` of another state to ``rows`` of this one."""
        for name in ("digests", "statuses", "errnos", "tag_counts", "definition_counts", "marks", "base_rows"):
            getattr(self, name)[rows] = getattr(other, name)[other_rows]

    def forget_tags(self, rows: NDArray[Any]) -> None:
        """Set these files to have no tags."""
        for column in (self.tag_counts, self.definition_counts, self.errnos, self.marks):
            column[rows] = 0
        self.base_rows[rows] = NOT_IN_BASE

    def set_block(self, row: int, status: int, n_tags: int, n_definitions: int, marks: int) -> None:
        """Set a file to have the tags and the marks of a block."""
        self.statuses[row], self.errnos[row], self.base_rows[row] = status, 0, NOT_IN_BASE
        self.tag_counts[row], self.definition_counts[row], self.marks[row] = n_tags, n_definitions, marks

    def first_alike(self, rows: I64) -> I64:
        """Return for each of these files of a commit the first that has its blob and its language: mostly itself.

        Such files have the same block, but for components, each of which has a name of its own.
        """
        columns = [column[rows] for column in (self.language_ids, self.mtimes_ns, self.ctimes_ns, self.inodes)]
        order = np.lexsort(columns)
        is_first = np.ones(len(rows), np.bool_)
        is_first[1:] = np.any([column[order][1:] != column[order][:-1] for column in columns], axis=0)
        is_first |= np.isin(columns[0][order], list(_COMPONENTS))
        firsts = np.empty_like(rows)
        firsts[order] = rows[order[is_first]][np.cumsum(is_first) - 1]
        return firsts

    def find_contents(self, base: State, rows: I64, has_same_query: NDArray[np.bool_]) -> I64:
        """Take over those of these files that the base has, with the same contents at the same path; return the others.

        rows            of files whose contents are known, rising.
        has_same_query  as for ``find_in_base``.
        """
        in_base = self.rows_in(base)[rows]
        is_same = in_base >= 0
        base_rows = in_base[is_same]
        is_same[is_same] = self._are_contents_same(rows[is_same], base, base_rows, has_same_query)
        self.take_over(rows[is_same], base, in_base[is_same])
        return rows[~is_same]

    def count_missing(self, base: State, has_same_query: NDArray[np.bool_]) -> int:
        """Return how many files have other contents than the base, or are in one of both alone."""
        in_base = self.rows_in(base)
        rows = np.flatnonzero(in_base >= 0)
        base_rows = in_base[rows]
        is_same = self._are_contents_same(rows, base, base_rows, has_same_query)
        is_same |= ~self.has_block()[rows] & ~base.has_block()[base_rows]
        return len(self) + len(base) - len(rows) - int(np.count_nonzero(is_same))

    def _are_contents_same(
        self, rows: I64, base: State, base_rows: I64, has_same_query: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return which files have the contents of a file of the base that has a block of the same query."""
        is_same: NDArray[np.bool_] = (self.digests[rows] == base.digests[base_rows]).all(axis=1)
        is_same &= self.digests[rows].any(axis=1)
        is_same &= (self.language_ids[rows] == base.language_ids[base_rows]) & has_same_query[self.language_ids[rows]]
        is_same &= base.has_block()[base_rows]
        return is_same

    def find_in_base(self, base: State, has_same_query: NDArray[np.bool_]) -> None:
        """Find the files whose tags are in the base: they were only touched, or have no text before and after.

        has_same_query  of each language, whether its tags query is the one that the base was made with.
        """
        in_base = self.rows_in(base)
        rows = np.flatnonzero((in_base >= 0) & (self.base_rows == NOT_IN_BASE))
        base_rows = in_base[rows]
        is_same = self._are_contents_same(rows, base, base_rows, has_same_query) & self.has_block()[rows]
        is_same |= ~self.has_text()[rows] & ~base.has_text()[base_rows]
        self.base_rows[rows[is_same]] = base_rows[is_same]

    def mark_racy(self, checked_at_ns: int) -> None:
        """Mark the files that are racy, so that they are checked again."""
        self.ctimes_ns[self.are_racy(checked_at_ns)] = MUST_RECHECK

    def are_racy(self, checked_at_ns: int) -> NDArray[np.bool_]:
        """Return which files could change again without a change of their times.

        checked_at_ns  when the files were checked, in nanoseconds since 1970. A file that changed within the clock's
                       grain of it can change once more and keep its times (git calls such an entry racy).
        """
        newest = np.maximum(self.ctimes_ns, self.mtimes_ns)
        grain = np.where(newest % 1_000_000_000 == 0, COARSE_GRAIN_NS, CLOCK_GRAIN_NS)
        # A modification time in the future does not come from the clock: anyone may set it.
        racy: NDArray[np.bool_] = (self.ctimes_ns >= checked_at_ns - grain) | (
            (self.mtimes_ns >= checked_at_ns - grain) & (self.mtimes_ns <= checked_at_ns + COARSE_GRAIN_NS)
        )
        return racy

    def has_block(self) -> NDArray[np.bool_]:
        """Return which files have a block."""
        return np.isin(self.statuses, STATUSES_OF_CONTENTS)

    def has_text(self) -> NDArray[np.bool_]:
        """Return which files have a block with terms."""
        return np.isin(self.statuses, STATUSES_OF_TEXT)

    def is_sound(self) -> bool:
        """Return whether the columns fit each other; those of a foreign record may not."""
        return (
            bool((self.statuses <= max(FileStatus)).all())
            and not (self.marks & ~np.uint8(MARKS_OF_CONTENTS)).any()
            and bool((self.definition_counts <= self.tag_counts).all())
            and bool(((self.tag_counts > 0) == (self.statuses == FileStatus.TAGGED)).all())
            and not self.errnos[self.statuses != FileStatus.UNREADABLE].any()
        )

    def is_over(self, base: State) -> bool:
        """Return whether the base has the tags of all files with a base row."""
        rows = np.flatnonzero(self.base_rows != NOT_IN_BASE)
        base_rows = self.base_rows[rows]
        if len(base_rows) and not 0 <= int(base_rows.min()) <= int(base_rows.max()) < len(base):
            return False
        is_same = (self.digests[rows] == base.digests[base_rows]).all(axis=1)
        is_same &= self.tag_counts[rows] == base.tag_counts[base_rows]
        is_same |= ~self.has_text()[rows] & ~base.has_text()[base_rows]
        return bool(is_same.all())

    def is_base(self, n_base: int) -> bool:
        """Return whether the tags are those of a base of that many files, row for row."""
        return len(self) == n_base and bool((self.base_rows == np.arange(n_base)).all())


_DTYPES = {name: dtype for name, dtype in column_dtypes(State).items() if name != "base_rows"}
_COLUMNS = tuple(_DTYPES)


def write_base(state: State, out: ColumnWriter) -> None:
    """Write a state as the base of later ones."""
    out.append("file_path_offsets", state.paths.offsets)
    out.append("file_paths", state.paths.data)
    for name in _COLUMNS:
        out.append(f"file_{name}", getattr(state, name).reshape(-1))


def read_base(columns: Columns, n_files: int) -> State | None:
    """Return the state that ``write_base`` wrote, or None if it has another number of files or is not sound.

    Raises IndexDamagedError.
    """
    paths = StringTable(columns.array("file_path_offsets", np.uint64), columns.array("file_paths", np.uint8))
    read: dict[str, Any] = {name: columns.array(f"file_{name}", _DTYPES[name]) for name in _COLUMNS}
    if len(read["digests"]) != 16 * n_files:
        return None
    read["digests"] = read["digests"].reshape(-1, 16)
    if not paths.is_well_formed() or len(paths) != n_files or any(len(column) != n_files for column in read.values()):
        return None
    state = State(paths=paths, base_rows=np.arange(n_files, dtype=np.int64), **read)
    return state if state.is_sound() else None


class Difference(NamedTuple):
    """How a state differs from a base: the rows of the base that are gone, and the rows of the state that differ."""

    gone: I64
    changed: I64

    def __len__(self) -> int:
        return len(self.gone) + len(self.changed)


def find_difference(state: State, base: State) -> Difference:
    """Return how ``state`` differs from ``base``."""
    rows = state.rows_in(base)
    known = rows >= 0
    differs = ~known
    for name in (*_COLUMNS, "base_rows"):
        unequal = getattr(state, name)[known] != getattr(base, name)[rows[known]]
        differs[known] |= unequal if unequal.ndim == 1 else unequal.any(axis=1)
    is_gone = np.ones(len(base), np.bool_)
    is_gone[rows[known]] = False
    return Difference(np.flatnonzero(is_gone), np.flatnonzero(differs))


def describe_overlay(state: State, base: State, difference: Difference) -> dict[str, Any]:
    """Return the difference of ``state`` from ``base`` as JSON: the files that are gone, and the rows that differ."""
    return {
        "gone": [_text(base.paths[row]) for row in difference.gone.tolist()],
        "rows": [_describe_row(state, row) for row in difference.changed.tolist()],
    }


def _describe_row(state: State, row: int) -> dict[str, Any]:
    described: dict[str, Any] = {"path": _text(state.paths[row]), "base_rows": int(state.base_rows[row])}
    for name in _COLUMNS:
        value = getattr(state, name)[row]
        described[name] = value.tobytes().hex() if name == "digests" else int(value)
    return described


def apply_overlay(base: State, overlay: Mapping[str, Any]) -> State:
    """Return the state that ``describe_overlay`` described. Raises ValueError for any other overlay."""
    try:
        state = _apply_overlay(base, overlay) if overlay["gone"] or overlay["rows"] else base
    except (LookupError, TypeError, OverflowError) as error:
        raise ValueError(f"{error!r} in an overlay") from error
    if not state.is_sound() or not state.is_over(base):
        raise ValueError("the rows of an overlay do not fit its base")
    return state


def _apply_overlay(base: State, overlay: Mapping[str, Any]) -> State:
    changed = {os.fsencode(row["path"]): row for row in overlay["rows"]}
    rows = [row_of(base.paths, path) for path in changed]
    if not overlay["gone"] and None not in rows:
        return _with_rows(base, np.array(rows, np.intp), list(changed.values()))
    not_kept = {os.fsencode(path) for path in overlay["gone"]} | changed.keys()
    base_paths = list(base.paths)
    kept = [row for row, path in enumerate(base_paths) if path not in not_kept]
    paths = [base_paths[row] for row in kept] + list(changed)
    order = np.array(sorted(range(len(paths)), key=paths.__getitem__), np.intp)
    columns: dict[str, Any] = {}
    for name in (*_COLUMNS, "base_rows"):
        column = getattr(base, name)
        new = [_value(row, name) for row in changed.values()]
        added = np.array(new, column.dtype).reshape(len(new), *column.shape[1:])
        columns[name] = np.concatenate([column[kept], added])[order]
    return State(paths=StringTable.from_strings([paths[i] for i in order.tolist()]), **columns)


def _with_rows(base: State, rows: NDArray[np.intp], changed: Sequence[Mapping[str, Any]]) -> State:
    """Return the base with some rows changed; makes no Python object of its paths."""
    columns: dict[str, Any] = {}
    for name in (*_COLUMNS, "base_rows"):
        columns[name] = getattr(base, name).copy()
        new = [_value(row, name) for row in changed]
        columns[name][rows] = np.array(new, columns[name].dtype).reshape(len(new), *columns[name].shape[1:])
    return State(paths=base.paths, **columns)


def _value(row: Mapping[str, Any], name: str) -> Any:
    value = row[name]
    if name == "digests":
        return list(bytes.fromhex(value))
    if type(value) is not int:
        raise TypeError(f"{value!r}; expected a whole number")
    return value


def _text(path: bytes) -> str:
    return os.fsdecode(path)


def as_base(state: State) -> State:
    """Return the state with its own rows as the base."""
    return replace(state, base_rows=np.arange(len(state), dtype=np.int64))


def overlay_limit(n_base: int) -> int:
    """Return how many files an overlay of a base of so many files may have; with more, a new base is made."""
    return max(64, n_base // 500)


def split_by_size(sizes: NDArray[Any], max_rows: int, max_size: int) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of runs of rows, each of no more than so many rows and no more than that size.

    A larger row is a run of its own: some generated files have as many tags as a thousand others.
    """
    before = offsets_from(sizes).astype(np.int64)
    start = 0
    while start < len(sizes):
        end = int(np.searchsorted(before, before[start] + max_size, side="right")) - 1
        end = min(max(end, start + 1), start + max_rows)
        yield start, end
        start = end


def block_keys(state: State, rows: Sequence[int], query_keys: Mapping[int, bytes]) -> list[bytes]:
    """Return the keys under which the blocks of some files are kept."""
    digests, languages = state.digests, state.language_ids
    return [
        digests[row].tobytes() + _key_for(query_keys[int(languages[row])], int(languages[row]), state.paths, row)
        for row in rows
    ]


def _key_for(query_key: bytes, language_id: int, paths: StringTable, row: int) -> bytes:
    """Return the key of a query for a file: the block of a component has the component's name."""
    return component_key(query_key, paths[row]) if language_id in _COMPONENTS else query_key
