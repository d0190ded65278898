"""The state of an index: for each file that has a language, how it was when it was last looked at, and what it gave.

A state is kept as a base and an overlay. The base is one row a file, in columns of a folder, written together with
the joined tags; the overlay is what differs from it, some hundred files at the most, in one small record. So a change
of one file writes a few hundred bytes, and reading the state touches no tag.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.tables import I32, I64, U8, U16, U32, U64, FileStatus, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.store.columns import Columns, ColumnWriter

NOT_IN_BASE = -1
"""``base_rows`` of a file whose tags are in its block only."""
LOOK_AGAIN = -1
"""``ctimes_ns`` of a file that may have changed since it was read without its times showing it."""

CLOCK_GRAIN_NS = 100_000_000
"""File systems take their times from a clock that moves every 1 to 10 ms."""
COARSE_GRAIN_NS = 2_000_000_000
"""FAT keeps even seconds; a time of whole seconds may be one of these."""

STATUSES_OF_CONTENTS = (FileStatus.TAGGED, FileStatus.NO_TAGS, FileStatus.BINARY)
"""Statuses that the contents alone decide: such a file has a block."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One row a file with a language, sorted by path.

    paths          below the root.
    language_ids   (n,) uint16.
    sizes_bytes, mtimes_ns, ctimes_ns  (n,) int64; inodes (n,) uint64: how the file was before it was read.
    digests        (n, 16) uint8: BLAKE2b of the contents; zeros where they are not known.
    statuses       (n,) uint8: FileStatus.
    errnos         (n,) int32.
    tag_counts     (n,) uint32.
    definition_counts  (n,) uint32.
    base_rows      (n,) int64: the row of the base that has the file's tags, or NOT_IN_BASE.
    """

    paths: StringTable
    language_ids: U16
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    digests: U8
    statuses: U8
    errnos: I32
    tag_counts: U32
    definition_counts: U32
    base_rows: I64

    def __len__(self) -> int:
        return len(self.paths)

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
        """Return the state of files of which nothing is known but how they are."""
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
            base_rows=np.full(n, NOT_IN_BASE, np.int64),
        )

    def rows_in(self, other: State) -> I64:
        """Return for each file its row in ``other``, or -1."""
        if self.paths.equals(other.paths):
            return np.arange(len(self), dtype=np.int64)
        rows = {path: row for row, path in enumerate(other.paths)}
        return np.fromiter((rows.get(path, -1) for path in self.paths), np.int64, len(self))

    def has_contents_of(self, other: State, rows: I64) -> NDArray[np.bool_]:
        """Return which files are as they were when ``other`` read them; ``rows`` as ``rows_in`` gives them."""
        known = rows >= 0
        same = known.copy()
        for name in ("sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes"):
            mine, theirs = getattr(self, name), getattr(other, name)
            same[known] &= mine[known] == theirs[rows[known]]
        return same

    def take_over(self, here: NDArray[np.intp], other: State, there: I64) -> None:
        """Copy what is known of rows ``there`` of ``other`` to the rows ``here``."""
        for name in ("digests", "statuses", "errnos", "tag_counts", "definition_counts", "base_rows"):
            getattr(self, name)[here] = getattr(other, name)[there]

    def forget_tags(self, rows: NDArray[Any]) -> None:
        """Have these files give no tags."""
        for column in (self.tag_counts, self.definition_counts, self.errnos):
            column[rows] = 0
        self.base_rows[rows] = NOT_IN_BASE

    def note_block(self, row: int, status: int, n_tags: int, n_definitions: int) -> None:
        """Have a file give the tags of a block."""
        self.statuses[row], self.errnos[row], self.base_rows[row] = status, 0, NOT_IN_BASE
        self.tag_counts[row], self.definition_counts[row] = n_tags, n_definitions

    def find_in_base(self, base: State, has_same_query: NDArray[np.bool_]) -> None:
        """Find the files whose tags are in the base after all: they were touched, or give none now as then.

        has_same_query  of each language, whether its tags query is the one that the base was made with.
        """
        rows = self.rows_in(base)
        here = np.flatnonzero((rows >= 0) & (self.base_rows == NOT_IN_BASE))
        there = rows[here]
        is_same = (self.digests[here] == base.digests[there]).all(axis=1) & self.digests[here].any(axis=1)
        is_same &= (self.language_ids[here] == base.language_ids[there]) & has_same_query[self.language_ids[here]]
        is_same &= self.has_block()[here] & base.has_block()[there]
        is_same |= (self.tag_counts[here] == 0) & (base.tag_counts[there] == 0)
        self.base_rows[here[is_same]] = there[is_same]

    def mark_racy(self, looked_ns: int) -> None:
        """Have those files looked at again that could change without it being seen.

        looked_ns  when the files were looked at, in nanoseconds since 1970: a file that was changed within the
                   clock's grain of it can be changed once more and keep its times (git calls such an entry racy).
        """
        newest = np.maximum(self.ctimes_ns, self.mtimes_ns)
        grain = np.where(newest % 1_000_000_000 == 0, COARSE_GRAIN_NS, CLOCK_GRAIN_NS)
        # A modification time in the future says nothing of the clock: anyone may set it.
        racy = (self.ctimes_ns >= looked_ns - grain) | (
            (self.mtimes_ns >= looked_ns - grain) & (self.mtimes_ns <= looked_ns + COARSE_GRAIN_NS)
        )
        self.ctimes_ns[racy] = LOOK_AGAIN

    def has_block(self) -> NDArray[np.bool_]:
        """Return which files have a block."""
        return np.isin(self.statuses, STATUSES_OF_CONTENTS)

    def is_sound(self) -> bool:
        """Return whether the columns fit each other, as those of a record that is not ours may not."""
        return (
            bool((self.statuses <= max(FileStatus)).all())
            and bool((self.definition_counts <= self.tag_counts).all())
            and bool(((self.tag_counts > 0) == (self.statuses == FileStatus.TAGGED)).all())
            and not self.errnos[self.statuses != FileStatus.UNREADABLE].any()
        )

    def is_over(self, base: State) -> bool:
        """Return whether the base has the tags of all files that say so."""
        here = np.flatnonzero(self.base_rows != NOT_IN_BASE)
        there = self.base_rows[here]
        if len(there) and not 0 <= int(there.min()) <= int(there.max()) < len(base):
            return False
        is_same = (self.digests[here] == base.digests[there]).all(axis=1)
        is_same &= self.tag_counts[here] == base.tag_counts[there]
        is_same |= (self.tag_counts[here] == 0) & (base.tag_counts[there] == 0)
        return bool(is_same.all())

    def is_base(self, n_base: int) -> bool:
        """Return whether the tags are those of a base of that many files, row for row."""
        return len(self) == n_base and bool((self.base_rows == np.arange(n_base)).all())


_COLUMNS = tuple(field.name for field in fields(State) if field.name not in ("paths", "base_rows"))
_DTYPES = {
    "language_ids": np.uint16,
    "sizes_bytes": np.int64,
    "mtimes_ns": np.int64,
    "ctimes_ns": np.int64,
    "inodes": np.uint64,
    "digests": np.uint8,
    "statuses": np.uint8,
    "errnos": np.int32,
    "tag_counts": np.uint32,
    "definition_counts": np.uint32,
}


def write_base(state: State, out: ColumnWriter) -> None:
    """Write a state as the base of those to come."""
    out.append("file_path_offsets", state.paths.offsets)
    out.append("file_paths", state.paths.data)
    for name in _COLUMNS:
        out.append(f"file_{name}", getattr(state, name).reshape(-1))


def read_base(columns: Columns, n_files: int) -> State | None:
    """Return the state that ``write_base`` wrote, or None if it has not that many files or makes no sense.

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


def describe_overlay(state: State, base: State) -> dict[str, Any]:
    """Return what makes ``state`` out of ``base``, as JSON: files that are gone, and rows that are not as they were."""
    rows = state.rows_in(base)
    known = rows >= 0
    differs = ~known
    for name in (*_COLUMNS, "base_rows"):
        mine, theirs = getattr(state, name), getattr(base, name)
        unequal = mine[known] != theirs[rows[known]]
        differs[known] |= unequal if unequal.ndim == 1 else unequal.any(axis=1)
    is_gone = np.ones(len(base), np.bool_)
    is_gone[rows[known]] = False
    return {
        "gone": [_text(base.paths[row]) for row in np.flatnonzero(is_gone).tolist()],
        "rows": [_describe_row(state, row) for row in np.flatnonzero(differs).tolist()],
    }


def _describe_row(state: State, row: int) -> dict[str, Any]:
    described: dict[str, Any] = {"path": _text(state.paths[row]), "base_rows": int(state.base_rows[row])}
    for name in _COLUMNS:
        value = getattr(state, name)[row]
        described[name] = value.tobytes().hex() if name == "digests" else int(value)
    return described


def apply_overlay(base: State, overlay: Mapping[str, Any]) -> State:
    """Return the state that ``describe_overlay`` described. Raises ValueError for what it did not write."""
    try:
        state = _apply_overlay(base, overlay) if overlay["gone"] or overlay["rows"] else base
    except (LookupError, TypeError, OverflowError) as error:
        raise ValueError(f"{error!r} in an overlay") from error
    if not state.is_sound() or not state.is_over(base):
        raise ValueError("the rows of an overlay make no sense")
    return state


def _apply_overlay(base: State, overlay: Mapping[str, Any]) -> State:
    changed = {os.fsencode(row["path"]): row for row in overlay["rows"]}
    rows = [_row_of(base.paths, path) for path in changed]
    if not overlay["gone"] and None not in rows:
        return _with_rows(base, np.array(rows, np.intp), list(changed.values()))
    left_out = {os.fsencode(path) for path in overlay["gone"]} | changed.keys()
    base_paths = list(base.paths)
    kept = [row for row, path in enumerate(base_paths) if path not in left_out]
    paths = [base_paths[row] for row in kept] + list(changed)
    order = np.array(sorted(range(len(paths)), key=paths.__getitem__), np.intp)
    columns: dict[str, Any] = {}
    for name in (*_COLUMNS, "base_rows"):
        column = getattr(base, name)
        new = [_value(row, name) for row in changed.values()]
        added = np.array(new, column.dtype).reshape(len(new), *column.shape[1:])
        columns[name] = np.concatenate([column[kept], added])[order]
    return State(paths=StringTable.from_strings([paths[i] for i in order.tolist()]), **columns)


def _row_of(paths: StringTable, path: bytes) -> int | None:
    row = bisect_left(paths, path)
    return row if row < len(paths) and paths[row] == path else None


def _with_rows(base: State, rows: NDArray[np.intp], changed: Sequence[Mapping[str, Any]]) -> State:
    """Return the base with some rows changed: no path of it becomes a Python object for that."""
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
    """Return how many files an overlay may have beside a base of so many; with more, a new base is made."""
    return max(64, n_base // 500)


def slices_of(sizes: NDArray[Any], max_rows: int, max_size: int) -> Iterator[tuple[int, int]]:
    """Yield starts and ends of rows, one after another, that together are of no more than that size.

    A row that alone is larger comes alone: some generated files have as many tags as a thousand others.
    """
    before = offsets_from(sizes).astype(np.int64)
    start = 0
    while start < len(sizes):
        end = int(np.searchsorted(before, before[start] + max_size, side="right")) - 1
        end = min(max(end, start + 1), start + max_rows)
        yield start, end
        start = end


def keys_of(state: State, rows: Sequence[int], query_keys: Mapping[int, bytes]) -> list[bytes]:
    """Return the keys of the blocks of some files."""
    return [state.digests[row].tobytes() + query_keys[int(state.language_ids[row])] for row in rows]
