"""Draws a map: as many of the ranked entries as fit into the token budget, as text in one of the formats.

It never exceeds the budget, and reads no file beyond the limits of the scan.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.discovery.commits import commit_around
from repomap_fast.drawing.choose import BARE, LEAST, NO_ROW, NOTED, SIGNED, TOKENS_OF_EXCERPT, choose
from repomap_fast.drawing.entries import details_by_position
from repomap_fast.drawing.file_definitions import FileDefinitions
from repomap_fast.drawing.formats import EntryPoint, Head, IndexState, Package, ShownDefinition, ShownFile
from repomap_fast.drawing.lines import DefinitionLines
from repomap_fast.drawing.repo_map import MapDefinition, MapFile, RepoMap
from repomap_fast.drawing.sources import Sources
from repomap_fast.errors import IndexDamagedError
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.metrics import ScanMetrics
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.store.lru import LruCache
from repomap_fast.tables import NO_LANGUAGE, U8

if TYPE_CHECKING:
    from repomap_fast.drawing.choose import Fit, Shown
    from repomap_fast.drawing.entries import Entries
    from repomap_fast.drawing.excerpts import Excerpts
    from repomap_fast.drawing.repo_map import Style
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.languages.table import Language
    from repomap_fast.progress import Progress
    from repomap_fast.ranking.rank import Ranking

CACHE_BYTES = 32 << 20
"""Excerpts and outlines that a process keeps for its next maps: those of some thousand files."""
_MANY_IN_A_ROW = 3
_MOST_OF_HEADER = 0.125
_MOST_OF_PACKAGES = 0.1
_MOST_OF_ENTRY_POINTS = 0.04
"""Largest share of the budget for a header, and for notes."""
_TOKENS_OF_LINE = 16
"""Assumed tokens of an entry that has a line."""
_LEAST_OF_LINES = 0.98
"""Share of the budget that is used where an entry has one line: there are small ones for what is left."""
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
    has_packages: bool = False,
    watch: Progress | None = None,
    metrics: ScanMetrics | None = None,
) -> RepoMap:
    """Return the map of as many entries as fit into ``budget`` tokens.

    graph    of ``result``.
    ranking  the one that ``entries`` were listed from; None for entries of another order, which have no score and no
             position in a ranking.
    notes    on the task; they go before those of the scan. A header or notes that take much of the budget are left out
             of the text.
    has_packages  whether the map says what the packages are for, in a share of the budget.

    Raises LanguageError, IndexDamagedError, ScanCancelled.
    """
    drawing = Drawing(
        result, graph, ranking, entries, style, budget=budget, notes=notes, has_packages=has_packages, watch=watch
    )
    fit = choose(
        entries.file_ids,
        entries.rows,
        drawing,
        budget=budget,
        count=style.count,
        details=drawing.details,
        n_promised=entries.n_promised,
        tokens_of_entry=_TOKENS_OF_LINE if style.format.contents == "lines" else TOKENS_OF_EXCERPT,
        least=_LEAST_OF_LINES if style.format.contents == "lines" else LEAST,
    )
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
        has_packages: bool,
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
        self._watch = watch
        graph_ids = np.full(len(result.file_table), _NO_GRAPH_ID, np.int64)
        table_rows = result.file_table.rows_with_language()
        graph_ids[table_rows] = np.arange(len(table_rows))
        # Single numbers are asked for, which a memoryview and a list give sooner than an array.
        self._graph_ids = graph_ids.data
        self._positions: list[int] = entries.positions.tolist()
        self._file_ids: list[int] = entries.file_ids.tolist()
        self._rows: list[int] = entries.rows.tolist()
        self._paths: dict[int, str] = {}
        self._definitions: dict[int, FileDefinitions] = {}
        self._numbers: dict[int, Sequence[int]] = {}
        self._best: dict[tuple[int, int], Sequence[int]] = {}
        self._state = index_state(result)
        state = self._state if style.has_header and self._is_small(Head(self._state)) else None
        notes_there = notes if self._is_small(Head(notes=notes)) else ()
        self._head = Head(state, notes=notes_there)
        if has_packages and ranking is not None and style.format.contents != "excerpt":
            packages, entry_points = self._packages(ranking), self._entry_points(ranking)
            self._head = Head(state, packages, entry_points, notes_there, style.marks.cut)

    @cached_property
    def details(self) -> U8:
        """The details of the entries: of a format that has excerpts, all alike."""
        if self._style.format.contents == "excerpt":
            return np.full(len(self._entries), BARE, np.uint8)
        if self._entries.details is not None:
            return self._entries.details
        return details_by_position(self._entries.rows, self._budget)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(
            self._result.contents,
            self._result.file_table.paths,
            memory=self._memory,
            max_file_bytes=self._result.options.max_file_size,
            without="showed definitions by their names alone",
        )

    @cached_property
    def _lines(self) -> DefinitionLines:
        return DefinitionLines(
            self._sources, self._definitions_of, self._language, self._best_in_row, cut_mark=self._style.marks.cut
        )

    @cached_property
    def _excerpts(self) -> Excerpts:
        from repomap_fast.drawing.excerpts import Excerpts
        from repomap_fast.drawing.outline import Outliners

        options, memory, kept = self._result.options, self._memory, _kept_excerpts()
        kept.resize(max_bytes=CACHE_BYTES if memory is None else memory.cache_bytes(CACHE_BYTES))
        outliners = Outliners(
            n_workers=options.n_workers,
            max_file_memory_bytes=options.max_file_memory,
            file_timeout_s=options.timeout_per_file,
            memory=memory,
            macros=options.macros,
        )
        return Excerpts(
            self._result.contents,
            self._result.file_table.paths,
            self._language_row,
            outliners,
            kept,
            watch=self._watch,
            memory=memory,
            max_file_bytes=options.max_file_size,
        )

    def _is_small(self, head: Head, share: float = _MOST_OF_HEADER) -> bool:
        count, whole = self._style.count, self._style.format.whole
        return count(whole(head, [])) - count(whole(Head(), [])) <= self._budget * share

    def _packages(self, ranking: Ranking) -> tuple[Package, ...]:
        """Return as many packages as a share of the budget has room for, the best ones, by their paths."""
        from repomap_fast.drawing.packages import list_packages

        chosen: list[Package] = []
        cut_mark = self._style.marks.cut
        for package in list_packages(self._result.file_table, ranking, self._sources, cut_mark):
            more = sorted([*chosen, package], key=lambda one: one.path)
            if not self._is_small(Head(packages=tuple(more), cut_mark=cut_mark), _MOST_OF_PACKAGES):
                break
            chosen = more
        return tuple(chosen)

    def _entry_points(self, ranking: Ranking) -> tuple[EntryPoint, ...]:
        """Return as many entry points as a share of the budget has room for."""
        from repomap_fast.drawing.entry_points import list_entry_points

        chosen: tuple[EntryPoint, ...] = ()
        for one in list_entry_points(self._result.file_table, self._graph, ranking, self._sources):
            if not self._is_small(
                Head(entry_points=(*chosen, one), cut_mark=self._style.marks.cut), _MOST_OF_ENTRY_POINTS
            ):
                break
            chosen = (*chosen, one)
        return chosen

    # The parts of the text.

    def prepare(self, file_ids: Collection[int]) -> None:
        """Read and outline these files, several at a time, if the format has excerpts: they are needed next."""
        if self._watch is not None:
            self._watch.raise_if_cancelled()
        if self._style.format.contents == "excerpt":
            self._excerpts.prepare(file_ids)

    def part(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return the part of a file for these rows; its path alone if there are none."""
        return self._style.format.part(self._describe(file_id, rows), self._style.marks)

    def least(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return the part of a file with these rows and nothing around them: the file may be read, but not parsed."""
        return self._style.format.part(self._describe(file_id, rows, is_least=True), self._style.marks)

    def join(self, parts: Mapping[int, str], bare: Collection[int]) -> str:
        """Return the map of these parts, in the order of the file ids."""
        form = self._style.format
        if form.bare is None or not bare:
            in_order = [parts[file_id] for file_id in sorted(parts)]
        else:
            in_order = [parts[file_id] for file_id in sorted(parts.keys() - set(bare))]
            in_order.append(form.bare([parts[file_id] for file_id in sorted(bare)]))
        return form.whole(self._head, in_order)

    def nothing(self) -> str:
        """Return the text of an empty map: empty, or the frame of a document format."""
        return self.join({}, ()) if self._style.format.is_document else ""

    def _describe(self, file_id: int, rows: tuple[Shown, ...], *, is_least: bool = False) -> ShownFile:
        path, language = self._path(file_id), self._language(file_id)
        if is_least:
            rows = tuple(one._replace(detail=BARE) for one in rows)
        match self._style.format.contents:
            case "excerpt":
                numbers = tuple(row for row, _ in rows)
                take = self._excerpts.bare_excerpt if is_least else self._excerpts.excerpt
                return ShownFile(path, language, None, excerpt=take(file_id, numbers) if rows else None)
            case "lines":
                return ShownFile(path, language, None, lines=self._lines.lines(file_id, rows))
            case _:
                chosen = tuple(one for shown in rows for one in self._fields(file_id, shown))
                return ShownFile(path, language, self._file_score(file_id), chosen)

    def _fields(self, file_id: int, shown: Shown) -> tuple[ShownDefinition, ...]:
        """Return what document formats say of the definitions of a row."""
        key = file_id, shown
        if key not in self._known_fields:
            self._known_fields[key] = tuple(self._fields_of_row(file_id, shown))
        return self._known_fields[key]

    @cached_property
    def _known_fields(self) -> dict[tuple[int, Shown], tuple[ShownDefinition, ...]]:
        return {}

    def _fields_of_row(self, file_id: int, shown: Shown) -> list[ShownDefinition]:
        found = []
        for entry in self._entries_at.get((file_id, shown.row), ()):
            for number, one in self._definitions_at(entry, shown.detail):
                note = self._lines.note(file_id, number) if shown.detail >= NOTED else ""
                found.append(
                    ShownDefinition(
                        one.name, one.kind, one.line, one.end_line, one.score, one.scope, one.signature, note
                    )
                )
        return found

    # The map.

    def finish(self, fit: Fit, metrics: ScanMetrics) -> RepoMap:
        """Return the map of what fits."""
        definitions: list[MapDefinition] = []
        by_file: dict[int, list[MapDefinition]] = {file_id: [] for file_id in fit.rows}
        details = {(file_id, row): detail for file_id, rows in fit.rows.items() for row, detail in rows}
        for entry in fit.entries:
            file_id, row = self._file_ids[entry], self._rows[entry]
            for _, definition in self._definitions_at(entry, details.get((file_id, row), BARE)):
                definitions.append(definition)
                by_file[file_id].append(definition)
        is_last = self._style.format.bare is not None
        in_order = sorted(by_file, key=lambda file_id: (is_last and not fit.rows[file_id], file_id))
        files = tuple(
            MapFile(
                path=self._path(file_id),
                language=self._language(file_id),
                score=self._file_score(file_id) or 0.0,
                definitions=tuple(sorted(by_file[file_id], key=lambda one: (one.line, one.name))),
            )
            for file_id in in_order
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

    def _definitions_at(self, entry: int, detail: int) -> list[tuple[int, MapDefinition]]:
        """Return the definitions of an entry with their numbers; none of a path, or of entries without a ranking."""
        if self._ranking is None:
            return []
        position, file_id = self._positions[entry], self._file_ids[entry]
        score = float(self._ranking.scores[position]) if position >= 0 else 0.0
        has_signature = detail >= SIGNED and self._style.format.contents != "excerpt"
        found = []
        for number in self._numbers_of(entry):
            file = self._definitions_of(file_id)
            definition = MapDefinition(
                path=self._path(file_id),
                name=file.name(number).decode(errors="replace"),
                kind=file.kind(number),
                line=file.row(number) + 1,
                end_line=file.end_row(number) + 1,
                score=score,
                scope=file.scope(number),
                signature=self._lines.signature(file_id, number) if has_signature else None,
            )
            found.append((number, definition))
        return found

    def _numbers_of(self, entry: int) -> Sequence[int]:
        """Return the numbers of an entry's definitions within its file, the best first; none for a path.

        A promised row is shown with all that it defines, since any of these may be what was promised; where these are
        many, as in a minified file, with those that the text names.
        """
        numbers = self._numbers.get(entry)
        if numbers is None:
            numbers = self._numbers[entry] = self._find_numbers(entry)
        return numbers

    def _find_numbers(self, entry: int) -> Sequence[int]:
        position, row, file_id = self._positions[entry], self._rows[entry], self._file_ids[entry]
        if row == NO_ROW or self._graph_ids[file_id] == _NO_GRAPH_ID:
            return ()
        file = self._definitions_of(file_id)
        if entry < self._entries.n_promised and (asked := self._asked_of_many(file, row)):
            return asked
        if position < 0 or self._ranking is None:
            return file.in_row(row)
        name_id = self._name_ids[position]
        number = file.find(name_id, row)
        if number is None:
            raise IndexDamagedError(
                f"the tags of file {file_id} have no definition {name_id} in row {row}; the graph has"
            )
        if entry >= self._entries.n_promised:
            return (number,)
        return list(dict.fromkeys((number, *file.in_row(row))))

    def _asked_of_many(self, file: FileDefinitions, row: int) -> list[int]:
        """Return those of many definitions of a row that the text names, members before what they are members of."""
        if len(file.in_row(row)) <= _MANY_IN_A_ROW:
            return []
        asked = file.in_row(row, self._asked_ids)
        owners = {owner for one in asked for owner in file.around(one)}
        return sorted(asked, key=lambda one: one in owners)

    @cached_property
    def _asked_ids(self) -> list[int]:
        """The names that the text has, as numbers among the names of the tags."""
        return [number for number in self._graph.tags.find(list(self._entries.asked_names)).tolist() if number >= 0]

    @cached_property
    def _name_ids(self) -> list[int]:
        """The names of the ranking, as numbers among the names of the tags."""
        assert self._ranking is not None
        name_ids: list[int] = self._graph.rows_of_names(self._ranking.name_ids).tolist()
        return name_ids

    @cached_property
    def _entries_at(self) -> dict[tuple[int, int], list[int]]:
        """Positions of entries by file and row."""
        entries: dict[tuple[int, int], list[int]] = {}
        for entry, key in enumerate(zip(self._file_ids, self._rows, strict=True)):
            entries.setdefault(key, []).append(entry)
        return entries

    def _best_in_row(self, file_id: int, row: int) -> Sequence[int]:
        """Return the definitions of a row that the map is to show, the best first.

        Where no entry is of this row, it is that of a scope, of which one is shown.
        """
        key = file_id, row
        best = self._best.get(key)
        if best is None:
            best = self._best[key] = self._find_best(file_id, row)
        return best

    def _find_best(self, file_id: int, row: int) -> Sequence[int]:
        if self._graph_ids[file_id] == _NO_GRAPH_ID:
            return ()
        entries = self._entries_at.get((file_id, row))
        if entries is None:
            return self._definitions_of(file_id).in_row(row)[:1]
        if len(entries) == 1:
            return self._numbers_of(entries[0])
        return list(dict.fromkeys(number for entry in entries for number in self._numbers_of(entry)))

    def _definitions_of(self, file_id: int) -> FileDefinitions:
        file = self._definitions.get(file_id)
        if file is None:
            file = self._definitions[file_id] = FileDefinitions.of(self._graph, self._graph_ids[file_id])
        return file

    def _path(self, file_id: int) -> str:
        path = self._paths.get(file_id)
        if path is None:
            path = self._paths[file_id] = os.fsdecode(self._result.file_table.paths[file_id])
        return path

    def _language(self, file_id: int) -> str | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else RULES_OF_LANGUAGE[LANGUAGES[language_id].name]

    def _language_row(self, file_id: int) -> Language | None:
        language_id = int(self._result.file_table.language_ids[file_id])
        return None if language_id == NO_LANGUAGE else LANGUAGES[language_id]

    def _file_score(self, file_id: int) -> float | None:
        graph_id = self._graph_ids[file_id]
        if graph_id == _NO_GRAPH_ID or self._ranking is None:
            return None
        return float(self._ranking.file_values[graph_id])


def index_state(result: ScanResult) -> IndexState:
    """Return the state of the files of a map; the same files give the same state."""
    files = result.file_table
    if result.options.revision:
        return _state_of_commit(result)
    rows = files.rows_with_language()
    newest_ns = int(files.mtimes_ns[rows].max(initial=0))
    return IndexState(
        time=_utc(newest_ns // 1_000_000_000),
        n_files=len(rows),
        commit=commit_around(os.fsencode(result.root)),
    )


def _state_of_commit(result: ScanResult) -> IndexState:
    from repomap_fast.discovery.commit_contents import CommitContents
    from repomap_fast.discovery.commits import commit_time_s

    contents = result.contents
    assert isinstance(contents, CommitContents)
    return IndexState(
        time=_utc(commit_time_s(contents.repository, contents.commit)),
        n_files=len(result.file_table.rows_with_language()),
        commit=contents.commit,
    )


def _utc(time_s: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time_s))


@cache
def _kept_excerpts() -> LruCache:
    """Return the cache that all maps of this process share."""
    return LruCache(CACHE_BYTES)
