"""Draws a map: as many of the ranked entries as fit into the token budget, as text in one of the formats.

It never exceeds the budget, and reads no file beyond the limits of the scan.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.drawing.choose import choose
from repomap_fast.drawing.excerpts import Excerpts
from repomap_fast.drawing.formats import MARKDOWN, TEXT, IndexState, ShownDefinition, ShownFile
from repomap_fast.drawing.outline import Outliners
from repomap_fast.drawing.repo_map import MapDefinition, MapFile, RepoMap
from repomap_fast.errors import IndexDamagedError
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.metrics import ScanMetrics
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.store.lru import LruCache
from repomap_fast.tables import I64, NO_LANGUAGE, U32, U64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.drawing.choose import Fit
    from repomap_fast.drawing.entries import Entries
    from repomap_fast.drawing.render import Excerpt
    from repomap_fast.drawing.repo_map import Style
    from repomap_fast.joining.graph import Definitions, Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.ranking.rank import Ranking

CACHE_BYTES = 32 << 20
"""Excerpts and outlines that a process keeps for its next maps: those of some thousand files."""
_MOST_OF_HEADER = 0.125
"""Largest share of the budget for a header, and for notes."""
_MOST_NAME_BYTES = 1000
"""Of a definition's name: the scanned file chooses its length."""
_NO_GRAPH_ID = -1
"""Of a file without a language: it is not in the graph."""


def draw(
    result: ScanResult,
    graph: Graph,
    ranking: Ranking | None,
    entries: Entries,
    style: Style,
    *,
    budget: int,
    notes: tuple[str, ...] = (),
    watch: Progress | None = None,
    metrics: ScanMetrics | None = None,
) -> RepoMap:
    """Return the map of as many entries as fit into ``budget`` tokens.

    graph    of ``result``.
    ranking  the one that ``entries`` were listed from; None for entries of another order, which have no score and no
             position in a ranking.
    notes    on the task; they go before those of the scan. A header or notes that take much of the budget are left out
             of the text.

    Raises LanguageError, IndexDamagedError, ScanCancelled.
    """
    drawing = Drawing(result, graph, ranking, entries, style, budget=budget, notes=notes, watch=watch)
    fit = choose(entries.file_ids, entries.rows, drawing, budget=budget, count=style.count)
    return drawing.finish(fit, metrics or ScanMetrics())


class Drawing:
    """The parts of one map's text, as ``choose.Parts`` requires them, and the map of the entries that fit."""

    def __init__(
        self,
        result: ScanResult,
        graph: Graph,
        ranking: Ranking | None,
        entries: Entries,
        style: Style,
        *,
        budget: int,
        notes: tuple[str, ...],
        watch: Progress | None,
    ) -> None:
        self._result = result
        self._graph = graph
        self._ranking = ranking
        self._entries = entries
        self._style = style
        self._budget = budget
        self._notes = notes
        limit_bytes = result.options.max_memory
        self._memory = None if limit_bytes is None else MemoryGovernor(limit_bytes)
        self._excerpts = self._open_excerpts(watch)
        self._graph_ids: I64 = np.full(len(result.file_table), _NO_GRAPH_ID, np.int64)
        table_rows = result.file_table.rows_with_language()
        self._graph_ids[table_rows] = np.arange(len(table_rows))
        self._state = _index_state(result)
        self._shown_state = self._state if style.has_header and self._is_small(self._state, ()) else None
        self._shown_notes = notes if self._is_small(None, notes) else ()

    def _open_excerpts(self, watch: Progress | None) -> Excerpts:
        options, memory, kept = self._result.options, self._memory, _kept_excerpts()
        kept.resize(max_bytes=CACHE_BYTES if memory is None else memory.cache_bytes(CACHE_BYTES))
        outliners = Outliners(
            n_workers=options.n_workers,
            max_file_memory_bytes=options.max_file_memory,
            file_timeout_s=options.timeout_per_file,
            memory=memory,
        )
        return Excerpts(
            self._result.root,
            self._result.file_table.paths,
            self._grammar,
            outliners,
            kept,
            watch=watch,
            memory=memory,
            max_file_bytes=options.max_file_size,
        )

    def _is_small(self, state: IndexState | None, notes: tuple[str, ...]) -> bool:
        count, whole = self._style.count, self._style.format.whole
        return count(whole(state, [], notes)) - count(whole(None, [], ())) <= self._budget * _MOST_OF_HEADER

    # The parts of the text.

    def prepare(self, file_ids: Collection[int]) -> None:
        """Read and outline these files, several at a time: their lines are needed next."""
        self._excerpts.prepare(file_ids)

    def part(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file for these rows; its path alone if there are none, or the file is gone."""
        shown = self._excerpts.excerpt(file_id, rows) if rows else None
        return self._style.format.part(self._describe(file_id, rows, shown), self._style.marks)

    def least(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file with these rows and nothing around them: the file is read, but not parsed."""
        shown = self._excerpts.bare_excerpt(file_id, rows) if rows else None
        return self._style.format.part(self._describe(file_id, rows, shown), self._style.marks)

    def join(self, parts: Mapping[int, str]) -> str:
        """Return the map of these parts, in the order of the file ids."""
        in_order = [parts[file_id] for file_id in sorted(parts)]
        return self._style.format.whole(self._shown_state, in_order, self._shown_notes)

    def nothing(self) -> str:
        """Return the text of an empty map: empty, or the frame of a document format."""
        return self.join({}) if self._style.format.is_document else ""

    def _describe(self, file_id: int, rows: tuple[int, ...], shown: Excerpt | None) -> ShownFile:
        if self._style.format in (TEXT, MARKDOWN):
            # These formats show no definitions beside the lines.
            return ShownFile(self._path(file_id), self._language(file_id), None, (), shown)
        chosen = [self._definition(entry) for row in rows for entry in self._entries_at[file_id, row]]
        definitions = tuple(
            ShownDefinition(one.name, one.kind, one.line, one.end_line, one.score) for one in chosen if one is not None
        )
        return ShownFile(self._path(file_id), self._language(file_id), self._file_score(file_id), definitions, shown)

    # The map.

    def finish(self, fit: Fit, metrics: ScanMetrics) -> RepoMap:
        """Return the map of what fits."""
        definitions: list[MapDefinition] = []
        by_file: dict[int, list[MapDefinition]] = {file_id: [] for file_id in fit.rows}
        for entry in fit.entries:
            if (definition := self._definition(entry)) is not None:
                definitions.append(definition)
                by_file[int(self._entries.file_ids[entry])].append(definition)
        files = tuple(
            MapFile(
                path=self._path(file_id),
                language=self._language(file_id),
                score=self._file_score(file_id) or 0.0,
                definitions=tuple(sorted(found, key=lambda definition: (definition.line, definition.name))),
            )
            for file_id, found in sorted(by_file.items())
        )
        return RepoMap(
            fit.text,
            fit.tokens,
            self._budget,
            files,
            tuple(definitions),
            self._state,
            (*self._notes, *self._result.notes, *self._memory_notes()),
            metrics,
        )

    def _memory_notes(self) -> list[str]:
        if self._memory is None or not self._memory.actions:
            return []
        done = ", ".join(self._memory.actions)
        return [f"memory came near the limit of {self._memory.max_memory_bytes // 10**6} MB: the map {done}"]

    def _definition(self, entry: int) -> MapDefinition | None:
        """Return the definition of an entry; None for a path, or an entry that has no ranking."""
        position = int(self._entries.positions[entry])
        if position < 0 or self._ranking is None:
            return None
        file_id, row = int(self._entries.file_ids[entry]), int(self._entries.rows[entry])
        name_id = int(self._ranking.name_ids[position])
        kind, end_row = self._kind_and_end(file_id, name_id, row)
        return MapDefinition(
            path=self._path(file_id),
            name=self._graph.name(name_id)[:_MOST_NAME_BYTES].decode(errors="replace"),
            kind=kind,
            line=row + 1,
            end_line=end_row + 1,
            score=float(self._ranking.scores[position]),
        )

    @cached_property
    def _entries_at(self) -> dict[tuple[int, int], list[int]]:
        """Positions of entries by file and row."""
        entries: dict[tuple[int, int], list[int]] = {}
        keys = zip(self._entries.file_ids.tolist(), self._entries.rows.tolist(), strict=True)
        for entry, key in enumerate(keys):
            entries.setdefault(key, []).append(entry)
        return entries

    def _kind_and_end(self, file_id: int, name_id: int, row: int) -> tuple[str, int]:
        """Return kind and last row of a definition; of the last one, where a row has several of that name."""
        if file_id not in self._definitions:
            self._definitions[file_id] = _FileDefinitions.of(self._graph.definitions(int(self._graph_ids[file_id])))
        kind_id, end_row = self._definitions[file_id].find(name_id, row)
        if kind_id >= len(self._graph.kinds):
            raise IndexDamagedError(f"a definition is of kind {kind_id}, of {len(self._graph.kinds)} kinds")
        return self._graph.kinds[kind_id], end_row

    @cached_property
    def _definitions(self) -> dict[int, _FileDefinitions]:
        return {}

    def _path(self, file_id: int) -> str:
        return os.fsdecode(self._result.file_table.paths[file_id])

    def _language(self, file_id: int) -> str | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else LANGUAGES[language_id].name

    def _grammar(self, file_id: int) -> str | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else LANGUAGES[language_id].grammar

    def _file_score(self, file_id: int) -> float | None:
        graph_id = int(self._graph_ids[file_id])
        if graph_id == _NO_GRAPH_ID or self._ranking is None:
            return None
        return float(self._ranking.file_values[graph_id])


@dataclass(frozen=True, slots=True, eq=False)
class _FileDefinitions:
    """The definitions of a file, found by name and row. They are columns, since a file may have millions."""

    keys: U64
    kind_ids: NDArray[Any]
    end_rows: U32

    @classmethod
    def of(cls, found: Definitions) -> Self:
        keys = cls._keys(found.name_ids, found.rows)
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], found.kind_ids[order], found.end_rows[order])

    def find(self, name_id: int, row: int) -> tuple[int, int]:
        """Return id of the kind, and last row. Raises KeyError."""
        key = self._keys(np.array([name_id], np.uint32), np.array([row], np.uint32))[0]
        position = int(self.keys.searchsorted(key, "right")) - 1
        if position < 0 or self.keys[position] != key:
            raise KeyError((name_id, row))
        return int(self.kind_ids[position]), int(self.end_rows[position])

    @staticmethod
    def _keys(name_ids: U32, rows: U32) -> U64:
        return name_ids.astype(np.uint64) << np.uint64(32) | rows


def _index_state(result: ScanResult) -> IndexState:
    """Return the state of the files of a map; the same files give the same state."""
    files = result.file_table
    newest_ns = int(files.mtimes_ns.max(initial=0))
    repository = repository_around(os.path.realpath(os.fsencode(result.root)))
    return IndexState(
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(newest_ns // 1_000_000_000)),
        n_files=len(files.rows_with_language()),
        commit=None if repository is None else head_commit(repository),
    )


@cache
def _kept_excerpts() -> LruCache:
    """Return the cache that all maps of this process share."""
    return LruCache(CACHE_BYTES)
