"""Reads an index and finds every problem in it.

It never repairs and never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError, StoreError
from repomap_fast.indexing.file_times import apply_times
from repomap_fast.indexing.kept_history import unpack
from repomap_fast.indexing.state import NOT_IN_BASE, apply_overlay, read_base
from repomap_fast.joining.graph import write_graph
from repomap_fast.joining.join import TAG_COLUMNS, names_in
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.store.columns import KeptColumns
from repomap_fast.store.database import DATABASE, TROUBLE, fetch_rows, is_damage, open_to_read
from repomap_fast.store.private_folder import PrivateFolder
from repomap_fast.store.seal import unseal
from repomap_fast.store.sqlite_store import COLUMNS
from repomap_fast.store.state_schema import AHEAD_STATE, HISTORY_STATE, is_sound_state
from repomap_fast.tables import ROLE_DEFINITION
from repomap_fast.tagging.block import check_block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import DTypeLike, NDArray

    from repomap_fast.indexing.state import State

_KEY_BYTES = 32
_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True, eq=False)
class StoredState:
    """The state of one choice of the files of a work tree.

    base     the files when they were joined.
    state    base and overlay.
    columns  of the base.
    keys     of the tags queries, by language.
    """

    base: State
    state: State
    columns: KeptColumns
    record: Mapping[str, Any]
    query_keys: Mapping[int, bytes]


class StoredIndex:
    """The store in a folder. Every method raises IndexDamagedError for bytes that are not those that were written."""

    def __init__(self, folder: Path) -> None:
        """Raises StoreError too, if another user may change the folder, or it cannot be read now."""
        self.folder = folder
        self.database_path = folder / DATABASE
        try:
            with PrivateFolder.open(folder) as private:
                self._database = open_to_read(private)
        except OSError as error:
            raise StoreError(f"{folder}: {error.strerror or error}") from error
        except TROUBLE as error:
            raise self._trouble(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def _rows(self, statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._database.execute(statement, values)
        except TROUBLE as error:
            raise self._trouble(error) from error

    def _all_rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement that reads the whole database."""
        try:
            return fetch_rows(self._database, statement)
        except TROUBLE as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> StoreError:
        kind = IndexDamagedError if is_damage(error) else IndexUnreadableError
        return kind(f"{self.database_path}: {error}")

    def counts(self) -> tuple[int, int]:
        """Return how many blocks there are, and their bytes."""
        ((n_blocks, n_bytes),) = self._all_rows("SELECT count(*), total(length(data)) FROM blocks")
        return int(n_blocks), int(n_bytes)

    def state_names(self) -> list[str]:
        """Return the names of all states, sorted."""
        return [str(name) for (name,) in self._rows("SELECT name FROM states ORDER BY name")]

    def state(self, name: str) -> Any:
        """Return a state, or None if there is none."""
        for (data,) in self._rows("SELECT data FROM states WHERE name = ?", name):
            state = unseal(name, data) if isinstance(data, bytes) else None
            if state is None:
                raise IndexDamagedError(f"{self.database_path}: the seal of the state {name!r} does not fit")
            if not is_sound_state(name, state):
                raise IndexDamagedError(f"{self.database_path}: the state {name!r} has not the fields of its kind")
            return state
        return None

    def choices(self) -> list[str]:
        """Return the names of the states of files: ``TREE-CHOICE``."""
        return [name.removeprefix("base:") for name in self.state_names() if name.startswith("base:")]

    def stored_state(self, choice: str) -> StoredState:
        """Read base and overlay of a state of files."""
        record = self.state(f"base:{choice}")
        try:
            return self._stored_state(choice, record)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise IndexDamagedError(
                f"{self.database_path}: base and overlay of {choice!r} do not fit: {type(error).__name__}: {error}"
            ) from error

    def _stored_state(self, choice: str, record: Any) -> StoredState:
        columns = KeptColumns(self.folder / COLUMNS / record["token"], record["columns"])
        base = read_base(columns, record["n_files"])
        if base is None:
            raise IndexDamagedError(f"{columns.folder}: the columns of files are not {record['n_files']:,} rows long")
        overlay = self.state(f"overlay:{choice}")
        base = apply_times(base, record["times"])
        # An overlay of another base was left behind when this one was made.
        if overlay is None or overlay["token"] != record["token"]:
            overlay = {"gone": [], "rows": []}
        state = apply_overlay(base, overlay)
        keys = {int(i): bytes.fromhex(key) for i, key in {**record, **overlay}["query_keys"].items()}
        return StoredState(base, state, columns, record, keys)

    def problems(self) -> Iterator[str]:
        """Read everything, and yield a sentence for each problem."""
        found = [row[0] for row in self._all_rows("PRAGMA integrity_check(20)")]
        if found != ["ok"]:
            yield from (f"{self.database_path}: {what}" for what in found)
        for name in self.state_names():
            yield from self._state_problems(name)
        yield from self._block_problems()

    def _state_problems(self, name: str) -> Iterator[str]:
        try:
            state = self.state(name)
            if name.partition(":")[0] in (HISTORY_STATE, AHEAD_STATE) and unpack(state["packed"]) is None:
                yield f"{self.database_path}: the history is not as it was packed"
            if name.startswith("base:"):
                yield from _column_problems(self.stored_state(name.removeprefix("base:")))
        except IndexUnreadableError:
            raise
        except IndexDamagedError as error:
            yield str(error)

    def _block_problems(self) -> Iterator[str]:
        n_kinds: dict[bytes, int] = {}
        for key, data in self._rows("SELECT key, data FROM blocks"):
            if not isinstance(key, bytes) or len(key) != _KEY_BYTES or not isinstance(data, bytes):
                yield f"{self.database_path}: there is a block whose key is not one of ours"
                continue
            query_key = key[_DIGEST_BYTES:]
            if query_key not in n_kinds:
                n_kinds[query_key] = 0
                try:
                    n_kinds[query_key] = len(self.state(f"query:{query_key.hex()}")["kinds"])
                except IndexUnreadableError:
                    raise
                except (IndexDamagedError, TypeError, KeyError):
                    yield f"{self.database_path}: there are blocks of the query {query_key.hex()}, but not its kinds"
            if n_kinds[query_key] and check_block(key, data, n_kinds[query_key]) is None:
                yield f"{self.database_path}: the block {key.hex()} is damaged"


def _column_problems(stored: StoredState) -> Iterator[str]:
    problems = stored.columns.problems()
    yield from problems
    if problems:
        return
    columns, base, state = stored.columns, stored.base, stored.state
    n_tags = int(base.tag_counts.sum(dtype=np.int64))
    for name, dtype in TAG_COLUMNS.items():
        if len(column := columns.array(name, dtype)) != n_tags:
            yield f"{columns.folder / name} has {len(column):,} rows; expected {n_tags:,}"
            return
    yield from _graph_problems(stored)
    yield from _kind_problems(stored)
    names = names_in(columns)
    is_well_formed = names.is_well_formed()
    n_names = len(names) if is_well_formed else 0
    for name, limit in (
        ("name_ids", n_names),
        ("kind_ids", len(stored.record["kinds"])),
        ("scope_tag_ids", n_tags),
    ):
        if n_tags and int(columns.array(name, TAG_COLUMNS[name]).max()) >= limit:
            yield f"{columns.folder / name} has a number that is not below {limit:,}"
    if not is_well_formed:
        yield f"{columns.folder}: the offsets of the names do not fit the names"
    if not base.paths.is_well_formed() or not _rises(list(state.paths)):
        yield f"{columns.folder}: the files are not sorted by path"
    if (state.base_rows < NOT_IN_BASE).any() or (state.base_rows >= len(base)).any():
        yield f"{columns.folder}: the overlay has files that the base does not have"
    elif (state.tag_counts != base.tag_counts[state.base_rows])[state.base_rows != NOT_IN_BASE].any():
        yield f"{columns.folder}: the overlay has other counts of tags than the base"
    if len(state) and int(state.language_ids.max()) >= len(LANGUAGES):
        yield f"{columns.folder}: a file is of a language that is not in the table"


def _graph_problems(stored: StoredState) -> Iterator[str]:
    """Make the graph from the tags again, and yield a sentence for each column that differs."""
    columns = stored.columns
    made = _Comparison(columns)
    try:
        n_names = len(columns.array("name_file_counts", np.uint32))
        n_shared = write_graph(made, stored.base.tag_counts, n_names)
    except (ValueError, IndexError) as error:
        yield f"{columns.folder}: no graph can be made of the tags: {error}"
        return
    for name in made.wrong_columns():
        yield f"{columns.folder / name} is not what the tags give"
    if n_shared != stored.record["n_shared"]:
        yield f"{columns.folder}: the graph has {n_shared:,} names; its record says {stored.record['n_shared']:,}"


def _kind_problems(stored: StoredState) -> Iterator[str]:
    """Count the definitions of each kind again; a number that is no kind is found elsewhere."""
    columns, kinds = stored.columns, stored.record["kinds"]
    of_definitions = columns.array("kind_ids", np.uint8)[columns.array("roles", np.uint8) == ROLE_DEFINITION]
    counts = np.bincount(of_definitions, minlength=len(kinds)).tolist()
    if {kind: n for kind, n in zip(kinds, counts, strict=False) if n} != stored.record["definition_kinds"]:
        yield f"{columns.folder}: the counts of definitions in the record are not those of the tags"


class _Comparison:
    """Takes new columns and compares each with the column that is kept; it stores none."""

    def __init__(self, columns: KeptColumns) -> None:
        self._columns = columns
        self._n_taken: dict[str, int] = {}
        self._n_kept: dict[str, int] = {}
        self._wrong: set[str] = set()

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Compare items with the next ones of the column that is kept."""
        start = self._n_taken.setdefault(name, 0)
        self._n_taken[name] = start + len(items)
        kept = self._columns.array(name, items.dtype)
        self._n_kept[name] = len(kept)
        if not np.array_equal(kept[start : start + len(items)], items):
            self._wrong.add(name)

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that compares bytes."""
        return lambda data: self.append(name, np.frombuffer(data, np.uint8))

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column that is kept."""
        return self._columns.array(name, dtype)[start:stop]

    def descriptor(self, name: str) -> int | None:
        """Return None: nothing is written."""
        return None

    def wrong_columns(self) -> list[str]:
        """Return the names of the columns that differ, sorted, after all were taken."""
        too_long = {name for name, n_taken in self._n_taken.items() if n_taken != self._n_kept[name]}
        return sorted(self._wrong | too_long)


def _rises(paths: list[bytes]) -> bool:
    return all(before < after for before, after in pairwise(paths))
