"""The map of a repository: the text that is read in place of the code, and what it was made of."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from repomap_fast.argument_types import text, whole_number
from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.git import repository_around
from repomap_fast.drawing.entries import Entries
from repomap_fast.drawing.excerpts import Excerpts
from repomap_fast.drawing.formats import FORMS, MARKDOWN, TEXT, Form, IndexState, ShownDefinition, ShownFile
from repomap_fast.drawing.map_parts import MapParts
from repomap_fast.drawing.outline import Outliners
from repomap_fast.drawing.render import ASCII_MARKS, MARKS, Marks
from repomap_fast.drawing.tokens import counter_for
from repomap_fast.errors import IndexDamagedError, OptionError
from repomap_fast.languages.identify import LANGUAGES
from repomap_fast.metrics import ScanMetrics
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.store.lru import LruCache
from repomap_fast.tables import I64, NO_LANGUAGE, U32, U64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.drawing.choose import Choice
    from repomap_fast.drawing.render import Excerpt
    from repomap_fast.drawing.tokens import Counter
    from repomap_fast.joining.graph import Definitions, Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Watch
    from repomap_fast.ranking.rank import Ranking

DEFAULT_TOKENS = 1024
"""Token budget of a map, where neither the caller nor the repository says another; aider's."""
MAX_TOKENS = 2**31 - 1
"""More than any text in memory has."""
KEPT_BYTES = 32 << 20
"""Excerpts and outlines that a process keeps for its next maps: some thousand files'."""
_MOST_OF_HEADER = 0.125
"""Share of the budget that a header may take, and notes."""
_MOST_NAME_BYTES = 1000
"""Of a definition's name: whoever made the file chose its length."""
NO_GRAPH_ID = -1
"""Of a file without a language: the graph has none such."""


@dataclass(frozen=True, slots=True)
class MapDefinition:
    """A definition that a map shows.

    path      of its file, below the root, ``/``-separated; bytes that are not UTF-8 as ``os.fsdecode`` gives them.
    name      the identifier, of a longer one the first 1,000 bytes; bytes that are not UTF-8 as U+FFFD.
    kind      function, class …
    line      one-based line of its name; ``end_line`` the last line of the definition.
    score     its file's, less for each better definition of the file; or else, by its weights, its share of rank.
    """

    path: str
    name: str
    kind: str
    line: int
    end_line: int
    score: float


@dataclass(frozen=True, slots=True)
class MapFile:
    """A file that a map shows.

    language     None where the language table does not know it.
    score        what it counts; those of all files of the repository add up to 1. 0 for a file without a language.
    definitions  those of its definitions that are shown, in the order of their lines; none for a file that is shown by
                 its path alone.
    """

    path: str
    language: str | None
    score: float
    definitions: tuple[MapDefinition, ...]


@dataclass(frozen=True, slots=True)
class RepoMap:
    """A map.

    text         what to read; never more than ``budget`` tokens, but for the frame without which JSON and XML are
                 none. Notes on the work at hand are in these two as well.
    tokens       of the text, as they were counted.
    budget       how many there might have been.
    files        what is shown, in the order of the text.
    definitions  what is shown, best first.
    state        of the index: the same files give the same state.
    notes        what the user should know, in sentences.
    metrics      what the refresh before it took, and ranking and drawing; those of equal maps differ.
    """

    text: str
    tokens: int
    budget: int
    files: tuple[MapFile, ...]
    definitions: tuple[MapDefinition, ...]
    state: IndexState
    notes: tuple[str, ...] = ()
    metrics: ScanMetrics = field(default_factory=ScanMetrics, repr=False, compare=False)

    def __str__(self) -> str:
        return self.text


def check_tokens(tokens: int | None) -> None:
    """Raise OptionError for a budget that no map can have, TypeError for one that is no number."""
    if tokens is not None and not 1 <= whole_number("tokens", tokens) <= MAX_TOKENS:
        raise OptionError(f"tokens is {tokens}; expected 1 to {MAX_TOKENS}")


def budget_of(tokens: int | None, of_repository: int | None) -> int:
    """Return the token budget: what the caller says, or the repository, or the default. Raises OptionError."""
    check_tokens(tokens)
    return tokens or of_repository or DEFAULT_TOKENS


@dataclass(frozen=True, slots=True)
class Style:
    """How a map is written.

    count       how many tokens a text has.
    has_header  whether it begins with the state of the index.
    """

    form: Form
    marks: Marks
    count: Counter
    has_header: bool

    @classmethod
    def of(cls, form: str, *, tokenizer: str | Counter, header: bool, ascii_marks: bool) -> Self:
        """Return what a caller asks for. Raises OptionError."""
        if text("form", form) not in FORMS:
            *names, last = FORMS
            raise OptionError(f"form is {form!r}; expected {', '.join(names)} or {last}")
        return cls(FORMS[form], ASCII_MARKS if ascii_marks else MARKS, counter_for(tokenizer), header)


class Drawing:
    """One map on its way: what the ranked entries of a scan are as parts of a text, and the map of those chosen."""

    def __init__(self, result: ScanResult, graph: Graph, ranking: Ranking, entries: Entries, style: Style) -> None:
        self._result = result
        self._graph = graph
        self._ranking = ranking
        self._entries = entries
        self._style = style
        limit_bytes = result.options.max_memory_bytes
        self._memory = None if limit_bytes is None else MemoryGovernor(limit_bytes)
        self._graph_ids: I64 = np.full(len(result.file_table), NO_GRAPH_ID, np.int64)
        table_rows = result.file_table.rows_with_language()
        self._graph_ids[table_rows] = np.arange(len(table_rows))

    @cached_property
    def state(self) -> IndexState:
        """What the files are like that the map is of; the same for the same files."""
        files = self._result.file_table
        newest_ns = int(files.mtimes_ns.max(initial=0))
        repository = repository_around(os.path.realpath(os.fsencode(self._result.root)))
        return IndexState(
            time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(newest_ns // 1_000_000_000)),
            n_files=int(np.count_nonzero(self._graph_ids != NO_GRAPH_ID)),
            commit=None if repository is None else head_commit(repository),
        )

    def parts(self, budget: int, watch: Watch, notes: tuple[str, ...] = ()) -> MapParts:
        """Return what makes the parts of the text; a header and notes that take much of the budget are left out."""
        options, style = self._result.options, self._style
        memory, kept = self._memory, _kept_excerpts()
        kept.resize(max_bytes=KEPT_BYTES if memory is None else memory.cache_bytes(KEPT_BYTES))
        outliners = Outliners(
            n_workers=options.n_workers,
            max_file_memory_bytes=options.max_file_memory_bytes,
            file_timeout_s=options.file_timeout_s,
            memory=memory,
        )
        excerpts = Excerpts(
            self._result.root,
            self._result.file_table.paths,
            self._grammar_of,
            outliners,
            kept,
            watch=watch,
            memory=memory,
            max_file_bytes=options.max_file_bytes,
        )
        describe = self._name_only if style.form in (TEXT, MARKDOWN) else self._describe
        has_header = style.has_header and self._is_small(self.state, (), budget)
        state, told = self.state if has_header else None, notes if self._is_small(None, notes, budget) else ()
        return MapParts(excerpts, describe, style.form, state, style.marks, told)

    def _is_small(self, state: IndexState | None, notes: tuple[str, ...], budget: int) -> bool:
        count, whole = self._style.count, self._style.form.whole
        return count(whole(state, [], notes)) - count(whole(None, [], ())) <= budget * _MOST_OF_HEADER

    def finish(self, choice: Choice, budget: int, metrics: ScanMetrics, notes: tuple[str, ...] = ()) -> RepoMap:
        """Return the map of what was chosen; ``notes`` go before those of the scan."""
        definitions: list[MapDefinition] = []
        of_file: dict[int, list[MapDefinition]] = {file_id: [] for file_id in choice.rows}
        for entry in choice.entries:
            if (definition := self._definition(entry)) is not None:
                definitions.append(definition)
                of_file[int(self._entries.file_ids[entry])].append(definition)
        files = tuple(
            MapFile(
                path=self._path(file_id),
                language=self._language(file_id),
                score=self._file_score(file_id) or 0.0,
                definitions=tuple(sorted(found, key=lambda definition: (definition.line, definition.name))),
            )
            for file_id, found in sorted(of_file.items())
        )
        return RepoMap(
            choice.text,
            choice.tokens,
            budget,
            files,
            tuple(definitions),
            self.state,
            (*notes, *self._result.notes, *self._memory_notes()),
            metrics,
        )

    def _memory_notes(self) -> list[str]:
        if self._memory is None or not self._memory.actions:
            return []
        done = ", ".join(self._memory.actions)
        return [f"memory came near the limit of {self._result.options.max_memory_mb} MB: the map {done}"]

    def _name_only(self, file_id: int, rows: tuple[int, ...], shown: Excerpt | None) -> ShownFile:
        """Describe a file as far as text and Markdown tell of it."""
        return ShownFile(self._path(file_id), self._language(file_id), None, (), shown)

    def _describe(self, file_id: int, rows: tuple[int, ...], shown: Excerpt | None) -> ShownFile:
        chosen = [self._definition(entry) for row in rows for entry in self._entries_by_place[file_id, row]]
        definitions = tuple(
            ShownDefinition(one.name, one.kind, one.line, one.end_line, one.score) for one in chosen if one is not None
        )
        return ShownFile(self._path(file_id), self._language(file_id), self._file_score(file_id), definitions, shown)

    def _definition(self, entry: int) -> MapDefinition | None:
        """Return the definition that an entry stands for; None if it stands for a path."""
        position = int(self._entries.positions[entry])
        if position < 0:
            return None
        file_id, row = int(self._entries.file_ids[entry]), int(self._entries.rows[entry])
        name_id = int(self._ranking.name_ids[position])
        kind, end_row = self._whole_of(file_id, name_id, row)
        return MapDefinition(
            path=self._path(file_id),
            name=self._graph.name(name_id)[:_MOST_NAME_BYTES].decode(errors="replace"),
            kind=kind,
            line=row + 1,
            end_line=end_row + 1,
            score=float(self._ranking.scores[position]),
        )

    @cached_property
    def _entries_by_place(self) -> dict[tuple[int, int], list[int]]:
        entries: dict[tuple[int, int], list[int]] = {}
        places = zip(self._entries.file_ids.tolist(), self._entries.rows.tolist(), strict=True)
        for entry, place in enumerate(places):
            entries.setdefault(place, []).append(entry)
        return entries

    def _whole_of(self, file_id: int, name_id: int, row: int) -> tuple[str, int]:
        """Return kind and last row of a definition; of the last one, where several of that name are on the row."""
        if file_id not in self._wholes:
            self._wholes[file_id] = _Wholes.of(self._graph.definitions(int(self._graph_ids[file_id])))
        kind_id, end_row = self._wholes[file_id].find(name_id, row)
        if kind_id >= len(self._graph.kinds):
            raise IndexDamagedError(f"a definition is of kind {kind_id}, of {len(self._graph.kinds)} kinds")
        return self._graph.kinds[kind_id], end_row

    @cached_property
    def _wholes(self) -> dict[int, _Wholes]:
        return {}

    def _path(self, file_id: int) -> str:
        return os.fsdecode(self._result.file_table.paths[file_id])

    def _language(self, file_id: int) -> str | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else LANGUAGES[language_id].name

    def _grammar_of(self, file_id: int) -> str | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else LANGUAGES[language_id].grammar

    def _file_score(self, file_id: int) -> float | None:
        graph_id = int(self._graph_ids[file_id])
        return None if graph_id == NO_GRAPH_ID else float(self._ranking.file_values[graph_id])


@dataclass(frozen=True, slots=True, eq=False)
class _Wholes:
    """The definitions of a file, to be looked up by name and row: columns, since a file may have millions."""

    keys: U64
    kind_ids: NDArray[Any]
    end_rows: U32

    @classmethod
    def of(cls, found: Definitions) -> Self:
        keys = cls._keys(found.name_ids, found.rows)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], found.kind_ids[order], found.end_rows[order])

    def find(self, name_id: int, row: int) -> tuple[int, int]:
        """Return number of the kind, and last row. Raises KeyError."""
        key = self._keys(np.array([name_id], np.uint32), np.array([row], np.uint32))[0]
        place = int(self.keys.searchsorted(key, "right")) - 1
        if place < 0 or self.keys[place] != key:
            raise KeyError((name_id, row))
        return int(self.kind_ids[place]), int(self.end_rows[place])

    @staticmethod
    def _keys(name_ids: U32, rows: U32) -> U64:
        return name_ids.astype(np.uint64) << np.uint64(32) | rows


@cache
def _kept_excerpts() -> LruCache:
    """Return what all maps of this process share."""
    return LruCache(KEPT_BYTES)
