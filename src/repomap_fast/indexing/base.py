"""The base of an index: joined tags, and the state of the files that they were joined from.

Work trees of one repository share the columns of a base. Its record then has the times of the files of each tree.
Everything read from disk is verified. Damaged or foreign data is treated as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.file_times import TIME_COLUMNS, apply_times, pack_times
from repomap_fast.indexing.state import read_base
from repomap_fast.joining.graph import read_graph
from repomap_fast.joining.join import is_sound, tag_table
from repomap_fast.joining.lazy_tags import PagedNames
from repomap_fast.joining.records import Kind, RecordColumns
from repomap_fast.joining.words import WordColumns
from repomap_fast.languages.table import LANGUAGES

if TYPE_CHECKING:
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.graph import Graph
    from repomap_fast.store.columns import Columns
    from repomap_fast.store.store import Store
    from repomap_fast.tables import TagTable


class Base(NamedTuple):
    """Joined tags and the state that they were joined from.

    record   what is kept beside the columns.
    columns  of tags, names, terms, imports, uses, graph and files.
    state    the files, with their rows as base rows.
    """

    record: Mapping[str, Any]
    columns: Columns
    state: State

    @classmethod
    def open(cls, record: Mapping[str, Any], store: Store) -> Self:
        """Open the base of a record that the store has. Raises IndexDamagedError."""
        columns = store.open_columns(record["token"], record["columns"])
        state = read_base(columns, record["n_files"])
        if state is None:
            raise IndexDamagedError(f"the files of {record['token']} make no sense")
        try:
            return cls(record, columns, apply_times(state, record["times"]))
        except ValueError as error:
            raise IndexDamagedError(f"the times of the files of {record['token']} make no sense: {error}") from error

    def with_record(self, record: Mapping[str, Any]) -> Self:
        """Return the base with a record of the same columns, and with its times. Raises ValueError."""
        return self._replace(record=record, state=apply_times(self.state, record["times"]))

    def with_times_of(self, state: State) -> Self:
        """Return the base with the times that its files have in another state; of those that it lacks as they are."""
        rows = self.state.rows_in(state)
        there = rows >= 0
        columns = {}
        for name in TIME_COLUMNS:
            column = columns[name] = getattr(self.state, name).copy()
            column[there] = getattr(state, name)[rows[there]]
        timed = replace(self.state, **columns)
        return self._replace(record={**self.record, "times": pack_times(timed)}, state=timed)

    def tags(self) -> TagTable | None:
        """Return the tags, or None if they are not what a join gives. Raises IndexDamagedError."""
        table = tag_table(self.columns, self.record["kinds"], self.record["seed"])
        return table if len(table) == self.state.tag_counts.sum() and is_sound(table) else None

    def names(self) -> PagedNames:
        """Return the names, read a page at a time. Raises IndexDamagedError."""
        return PagedNames.of(self.columns, self.record["seed"])

    def words(self) -> WordColumns:
        """Return the columns of terms. Raises IndexDamagedError."""
        columns = WordColumns.of(self.columns)
        if len(columns.name_lengths) != len(self.state):
            raise IndexDamagedError(f"terms of {len(columns.name_lengths)} files; expected {len(self.state)}")
        return columns

    def records(self, kind: Kind) -> RecordColumns:
        """Return the columns of records of a kind. Raises IndexDamagedError."""
        columns = RecordColumns.of(self.columns, kind)
        if len(columns) != len(self.state):
            raise IndexDamagedError(f"{kind} records of {len(columns)} files; expected {len(self.state)}")
        return columns

    def graph(self) -> Graph:
        """Return the graph of the base. Raises IndexDamagedError."""
        record, state = self.record, self.state
        graph = read_graph(self.columns, state.paths, state.tag_counts, record["kinds"], record["seed"])
        if graph.n_shared != record["n_shared"]:
            raise IndexDamagedError(f"the graph has {graph.n_shared} names; expected {self.record['n_shared']}")
        return graph


class Kept(NamedTuple):
    """The state of all files after a refresh, and where their tags are.

    base     joined tags, of some or all of the files.
    state    the files; ``base_rows`` are rows of this base.
    overlay  what is kept of the difference between both, or None.
    """

    base: Base
    state: State
    overlay: Mapping[str, Any] | None = None

    @property
    def record(self) -> Mapping[str, Any]:
        """What is kept of the state beside its columns."""
        return self.base.record if self.overlay is None else {**self.base.record, **self.overlay}

    @property
    def is_whole(self) -> bool:
        """Whether the base has the tags of the state, row for row."""
        return self.state.is_base(len(self.base.state))


def language_names() -> list[str]:
    """Return the names of all languages, by the numbers that a state has for them."""
    return [language.name for language in LANGUAGES]
