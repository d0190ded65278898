"""What an index knows from the last time: the base, what was laid over it, and how both are read back.

The base is joined tags and the state that they were joined from. Nothing that is read is believed: what is damaged, or
was made by somebody else, is as good as not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError
from repomap_fast.indexing.state import State, apply_overlay, read_base
from repomap_fast.joining.graph import read_graph
from repomap_fast.joining.join import is_sound, tag_table
from repomap_fast.joining.lazy_tags import PagedNames
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.store.lru import LruCache

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.store.columns import Columns
    from repomap_fast.store.store import Store
    from repomap_fast.tables import TagTable

BLOCK_CACHE_BYTES = 32 << 20
"""Blocks that stay in memory between tagging and joining, and from one refresh to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Joined tags and the state that they were joined from.

    record   what is kept of it beside the columns.
    columns  the columns themselves.
    state    the files, with their rows as base rows.
    """

    record: Mapping[str, Any]
    columns: Columns
    state: State

    def tags(self) -> TagTable | None:
        """Return the tags, or None if they are not what a join gives. Raises IndexDamagedError."""
        table = tag_table(self.columns, self.record["kinds"], self.record["seed"])
        return table if len(table) == self.state.tag_counts.sum() and is_sound(table) else None

    def names(self) -> PagedNames:
        """Return the names, of which only some will be looked at. Raises IndexDamagedError."""
        return PagedNames.of(self.columns, self.record["seed"])

    def graph(self) -> Graph:
        """Return the graph of the base. Raises IndexDamagedError."""
        record, state = self.record, self.state
        graph = read_graph(self.columns, state.paths, state.tag_counts, record["kinds"], record["seed"])
        if graph.n_linked != record["n_linked"]:
            raise IndexDamagedError(f"the graph has {graph.n_linked} names; expected {self.record['n_linked']}")
        return graph


@dataclass(slots=True, eq=False)
class Memory:
    """What an index carries from one refresh to the next.

    name     of its state in the store: each choice of files has one.
    overlay  what is kept beside the base's record, or None.
    """

    name: str
    store: Store
    blocks: LruCache = field(default_factory=lambda: LruCache(BLOCK_CACHE_BYTES))
    base: Base | None = None
    state: State | None = None
    overlay: Mapping[str, Any] | None = None

    @property
    def record(self) -> Mapping[str, Any]:
        """What is kept of the state beside its columns; there must be a base."""
        assert self.base is not None
        return self.base.record if self.overlay is None else {**self.base.record, **self.overlay}

    def load(self) -> None:
        """Read the last state, if it was not read before, or another process has written a newer one."""
        if self.base is not None and not self.base.record["token"]:
            return
        self.base, self.state, self.overlay = self._load_base(), None, None
        if self.base is None:
            return
        self.state = self.base.state
        overlay = self.store.read_state(f"overlay:{self.name}")
        if overlay is not None and overlay["token"] == self.base.record["token"]:
            try:
                self.state, self.overlay = apply_overlay(self.base.state, overlay), overlay
            except ValueError as error:
                self.note_damage(error, self.base.record["token"])

    def _load_base(self) -> Base | None:
        record = self.store.read_state(f"base:{self.name}")
        if record is None or record["languages"] != language_names():
            return None
        if self.base is not None and self.base.record["token"] == record["token"]:
            return self.base
        try:
            columns = self.store.open_columns(record["token"], record["columns"])
            state = read_base(columns, record["n_files"])
        except IndexDamagedError as error:
            return self._load_base() if not self.note_damage(error, record["token"]) else None
        if state is None:
            self.note_damage(ValueError(f"the files of {record['token']} make no sense"), record["token"])
            return None
        return Base(record, columns, state)

    def tags_of(self, base: Base) -> TagTable | None:
        """Return the tags of a base; None if they are damaged, or another process has put others in their place."""
        try:
            return base.tags()
        except IndexDamagedError as error:
            self.note_damage(error, base.record["token"])
            return None

    def note_damage(self, error: Exception, token: str) -> bool:
        """Have the result say that something of the base of that token was damaged; return whether it was.

        It was not where another process has just put a new base in place of that one. What cannot be read now may be
        sound: it stays as it is, and what is made again is not kept.
        """
        if isinstance(error, IndexUnreadableError):
            self.store.stop_writing(error)
            return True
        kept = self.store.read_state(f"base:{self.name}")
        is_damaged: bool = kept is None or kept["token"] == token
        if is_damaged:
            self.store.notes.append(f"a part of the index was damaged and is made again: {error}")
        return is_damaged


def language_names() -> list[str]:
    """Return the names of all languages: a state numbers them so."""
    return [language.name for language in LANGUAGES]
