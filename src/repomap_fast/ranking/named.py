"""What a text and mentions name in a repository: files by paths, modules and frames; definitions by names and lines.

A path means the files whose paths share most of its last parts. A dotted name means the module of its longest
beginning, and the definition that the rest names in it; and each pair of neighbours may be a class and its member.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.paths import encoded
from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable
from repomap_fast.ranking.path_kinds import classify_paths
from repomap_fast.ranking.query_text import NamedPath, QueryText, Zone, looks_like_name, read_text
from repomap_fast.ranking.stop_words import STOP_WORDS
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.traceback_lines import Frame

F64: TypeAlias = NDArray[np.float64]
Values: TypeAlias = tuple[I64, I64, I64, F64]
"""Files, rows and names of definitions, as the graph numbers them, and a value of each: (n,) each."""

FILE_ALONE = -1
"""Row of a promise that a file is shown, with or without definitions."""
_MOST_FILES_OF_PATH = 5
_MOST_FILES_OF_MODULE = 3
_MOST_FILES_OF_NAME = 50
"""A name that more files define says little about each of them."""
_MOST_FILES = 400
"""Files whose definitions are read for the names of a text, those of the rarest names first."""
_MOST_TAGS = 5_000_000
"""In a repository with more tags, names without a reference are not looked for: the column of names is too long."""
_MOST_PROMISED = 3
"""Definitions of one mentioned name that are promised."""
_NEAR_LINES = 40
_OF_CLASS = 0.7
_PER_FRAME = 0.7
_ZONE_VALUES = (1.0, 0.3, 1.0, 0.6, 0.3, 0.6)
"""What a name counts by the best zone that it stands in."""
_PLAIN_NAME = 0.5
"""Share of that for a name that could be a plain word."""
_GENERIC = STOP_WORDS | {b"test", b"main", b"name"}
_INDEX_STEMS = frozenset({b"__init__", b"index", b"mod", b"main", b"lib"})
"""Files that stand for the folder that they are in, as modules."""
_TOP_FOLDERS = frozenset({b"src", b"lib", b"pkg", b"crates", b"packages"})


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """What a text names. Columns of files are (n_files,) float64, for the files of the graph.

    files       1 by the number of files that a path in the text fits; 0.7 for a file in a traceback.
    defined     the largest value of a definition of the file that is named with its class or module.
    last_frame  1 for the file of the innermost frame of a traceback that is in the repository.
    places      definitions that are named by a line, by a frame, or with their class or module.
    mentioned   definitions whose name stands in the text.
    promised    files and rows that a map must show, those first that matter most; FILE_ALONE for a file alone.
    missing     mentions that name nothing here.
    """

    files: F64
    defined: F64
    last_frame: F64
    places: Values
    mentioned: Values
    promised: tuple[tuple[int, int], ...]
    missing: tuple[str, ...] = ()


def find_named(text: QueryText, mention: Sequence[str], graph: Graph) -> Named:
    """Find what a text and mentions name in a repository. Raises IndexDamagedError.

    text  as ``read_text`` reads it with the same mentions.
    """
    return _Finder(text, mention, graph).find()


class _Finder:
    def __init__(self, text: QueryText, mention: Sequence[str], graph: Graph) -> None:
        self.text, self.mention, self.graph = text, mention, graph
        self.files, self.defined, self.last_frame = (np.zeros(len(graph)) for _ in range(3))
        self.places: dict[int, float] = {}
        self.frames: dict[int, float] = {}

    def find(self) -> Named:
        for named in self.text.paths:
            self._take_path(named)
        self._take_frames()
        for parts in self.text.dotted:
            self._take_dotted(parts)
        mentioned = self._mentioned()
        promised = self._promised()
        for row, value in self.places.items():
            file_id = int(self.table.file_ids[self.table.files[row]])
            self.defined[file_id] = max(self.defined[file_id], value)
        places = dict(self.places)
        for row, value in self.frames.items():
            places[row] = max(places.get(row, 0.0), value)
        return Named(
            self.files,
            self.defined,
            self.last_frame,
            self._values(places),
            self._values(mentioned),
            tuple(promised),
            tuple(one for one in self.mention if not self._of_mention(one)),
        )

    def _values(self, of_rows: dict[int, float]) -> Values:
        rows = np.array(sorted(of_rows), np.int64)
        values = np.array([of_rows[row] for row in rows.tolist()], np.float64)
        table = self.table
        return (
            table.file_ids[table.files[rows]],
            table.rows[rows].astype(np.int64),
            table.name_ids[rows].astype(np.int64),
            values,
        )

    # Files.

    @cached_property
    def paths(self) -> _Paths:
        texts = self.text
        named = [one.path for one in texts.paths] + [frame.path for frame in texts.frames]
        return _Paths.of(self.graph, named, texts.dotted)

    def _take_path(self, named: NamedPath) -> None:
        found = self.paths.fitting(named.path)
        if not 0 < len(found) <= _MOST_FILES_OF_PATH:
            return
        for file_id in found:
            self.files[file_id] = max(self.files[file_id], 1 / len(found))

    def _rows_at_lines(self) -> Iterator[tuple[NamedPath, int]]:
        """Yield each path with a line, and the definition that is around the line."""
        for named in self.text.paths:
            found = self.paths.fitting(named.path) if named.line else []
            if 0 < len(found) <= _MOST_FILES_OF_PATH:
                for file_id in found:
                    file = self._file_in_table(file_id)
                    row = NO_PARENT if file is None else self.table.innermost_at(file, named.line - 1)
                    if row != NO_PARENT:
                        yield named, row

    def _files_of_frame(self, frame: Frame) -> list[int]:
        found, n_parts = self.paths.fitting_parts(frame.path)
        is_sure = n_parts >= 2 or b"/" not in frame.path
        return found if is_sure and len(found) <= _MOST_FILES_OF_MODULE else []

    def _take_frames(self) -> None:
        value, seen, is_innermost = 1.0, set(), True
        for frame in reversed(self.text.frames):
            found = self._files_of_frame(frame)
            if not found:
                continue
            for file_id in found:
                self.files[file_id] = max(self.files[file_id], _PER_FRAME)
                if is_innermost:
                    self.last_frame[file_id] = 1.0
                rows = [row for row in self._named(frame.function) if self._file_id(row) == file_id]
                if len(rows) > 1:
                    near = [row for row in rows if self._is_near(row, frame.line)]
                    rows = near or rows
                for row in rows:
                    self.frames[row] = max(self.frames.get(row, 0.0), value / len(rows))
            is_innermost = False
            # A recursion is one frame.
            if (found[0], frame.function) not in seen:
                seen.add((found[0], frame.function))
                value *= _PER_FRAME

    def _is_near(self, row: int, line: int) -> bool:
        first, last = int(self.table.rows[row]), int(self.table.end_rows[row])
        return first - _NEAR_LINES < line <= last + 1 + _NEAR_LINES

    # Definitions.

    @cached_property
    def table(self) -> DefinitionTable:
        """The definitions of all files that define a name of the text, or have a line of it."""
        files: dict[int, None] = {}
        for named in self.text.paths:
            if named.line and len(found := self.paths.fitting(named.path)) <= _MOST_FILES_OF_PATH:
                files.update(dict.fromkeys(found))
        for parts in self.text.dotted:
            files.update(dict.fromkeys(self.paths.modules(parts)[0]))
        for frame in self.text.frames:
            files.update(dict.fromkeys(self._files_of_frame(frame)))
        for of_name in sorted(self._files_of_names.values(), key=len):
            if len(of_name) <= _MOST_FILES_OF_NAME:
                files.update(dict.fromkeys(of_name.tolist()))
            if len(files) > _MOST_FILES:
                break
        return DefinitionTable.of(self.graph, np.array(sorted(list(files)[:_MOST_FILES]), np.int64))

    @cached_property
    def _wanted(self) -> dict[bytes, None]:
        """All names that the text may mean."""
        names = dict.fromkeys(self.text.identifiers)
        names.update(dict.fromkeys(part for parts in self.text.dotted for part in parts))
        names.update(dict.fromkeys(frame.function for frame in self.text.frames if frame.function))
        return names

    @cached_property
    def _files_of_names(self) -> dict[bytes, I64]:
        """Which files define each of the names."""
        names = list(self._wanted)
        ids = self.graph.tags.find(names)
        known = np.flatnonzero(ids >= 0)
        marks = np.zeros(int(ids.max(initial=-1)) + 2, np.int32)
        marks[ids[known]] = known + 1
        if len(self.graph.tags) <= _MOST_TAGS:
            offsets, defined = self.graph.tags.all_definitions()
            which = marks[np.minimum(defined, len(marks) - 1)]
        else:
            offsets, defined = self.graph.definer_offsets, self.graph.name_ids[self.graph.definer_names]
            which = marks[np.minimum(defined, len(marks) - 1)]
        places = np.flatnonzero(which)
        files = np.searchsorted(offsets, places.astype(np.uint64), side="right") - 1
        pairs = np.unique((which[places].astype(np.int64) - 1) << 32 | files)
        numbers, files = pairs >> 32, pairs & 0xFFFFFFFF
        bounds = np.searchsorted(numbers, np.arange(len(names) + 1))
        return {
            name: files[start:stop]
            for name, start, stop in zip(names, bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
            if start < stop
        }

    @cached_property
    def _rows_of_names(self) -> dict[bytes, list[int]]:
        """The definitions of each name in the table: its functions and classes, if it has any, else all."""
        table = self.table
        names = list(self._files_of_names)
        ids = self.graph.tags.find(names).astype(np.uint32)
        numbers = dict(zip(self.graph.numbers_of(ids).tolist(), names, strict=True))
        rows = np.flatnonzero(np.isin(table.name_ids, np.array(list(numbers), np.uint32)))
        found: dict[bytes, list[int]] = defaultdict(list)
        for row in rows.tolist():
            found[numbers[int(table.name_ids[row])]].append(row)
        is_main = table.are_functions | table.are_classes
        return {name: [row for row in of_name if is_main[row]] or of_name for name, of_name in found.items()}

    def _named(self, name: bytes) -> list[int]:
        return self._rows_of_names.get(name, [])

    def _n_definitions(self, name: bytes) -> int:
        return max(len(self._named(name)), len(self._files_of_names.get(name, ())))

    def _file_id(self, row: int) -> int:
        return int(self.table.file_ids[self.table.files[row]])

    def _file_in_table(self, file_id: int) -> int | None:
        file = int(np.searchsorted(self.table.file_ids, file_id))
        is_there = file < len(self.table.file_ids) and self.table.file_ids[file] == file_id
        return file if is_there else None

    def _members(self, scope: bytes, name: bytes) -> list[int]:
        """Return the definitions of a name that are right within one of another name."""
        table = self.table
        scopes = set(self._named(scope))
        return [row for row in self._named(name) if int(table.parents[row]) in scopes]

    def _take_dotted(self, parts: tuple[bytes, ...]) -> None:
        found, n_parts = self.paths.modules(parts)
        rest = parts[n_parts:]
        if found and rest:
            for file_id in found:
                members = self._members(rest[0], rest[1]) if len(rest) > 1 else []
                for row in members:
                    if self._file_id(row) == file_id:
                        self._place(row, 1.0)
                for row in self._named(rest[0]):
                    if self._file_id(row) == file_id:
                        self._place(row, _OF_CLASS if len(rest) > 1 else 1.0)
        for scope, name in itertools.pairwise(parts):
            members = self._members(scope, name)
            for row in members:
                self._place(row, 1 / len(members) ** 0.5)

    def _place(self, row: int, value: float) -> None:
        self.places[row] = max(self.places.get(row, 0.0), value)

    def _mentioned(self) -> dict[int, float]:
        for _, row in self._rows_at_lines():
            self._place(row, 1.0)
        values: dict[int, float] = {}
        for name, in_zones in self.text.identifiers.items():
            if name.lower() in _GENERIC:
                continue
            value = _value_of_name(name, in_zones) / max(self._n_definitions(name), 1) ** 0.5
            for row in self._named(name):
                values[row] = max(values.get(row, 0.0), value)
        return values

    # Promises.

    def _promised(self) -> dict[tuple[int, int], None]:
        promised: dict[tuple[int, int], None] = {}
        for one in self.mention:
            promised.update(dict.fromkeys(self._of_mention(one)[:_MOST_PROMISED]))
        for _, row in self._rows_at_lines():
            promised[self._promise(row)] = None
        for parts, zone in self.text.dotted.items():
            if zone in (Zone.TITLE, Zone.INLINE, Zone.CODE, Zone.PROSE):
                promised.update(dict.fromkeys(map(self._promise, self._of_dotted(parts)[:1])))
        for name, in_zones in self.text.identifiers.items():
            is_code = in_zones[Zone.INLINE] or ((in_zones[Zone.TITLE] or in_zones[Zone.CODE]) and looks_like_name(name))
            if is_code and name.lower() not in _GENERIC:
                promised.update(dict.fromkeys(map(self._promise, self._best(self._named(name))[:1])))
        for named, zone in self.text.paths.items():
            found = self.paths.fitting(named.path)
            if zone is not Zone.TRACEBACK and 0 < len(found) <= _MOST_FILES_OF_PATH:
                promised.update(((file_id, FILE_ALONE), None) for file_id in found)
        return promised

    def _of_dotted(self, parts: tuple[bytes, ...]) -> list[int]:
        """Return the definitions that a dotted name means, the best first."""
        found, n_parts = self.paths.modules(parts)
        rest = parts[n_parts:]
        if found and rest:
            rows = self._members(rest[-2], rest[-1]) if len(rest) > 1 else self._named(rest[-1])
            if here := [row for row in rows if self._file_id(row) in found]:
                return self._best(here)
        return self._best(self._members(parts[-2], parts[-1]))

    def _of_mention(self, mention: str) -> list[tuple[int, int]]:
        """Return what a mention promises: definitions, or a file; nothing if it names nothing here."""
        read = read_text("", [mention])
        found: list[tuple[int, int]] = []
        for named in read.paths:
            for file_id in self.paths.fitting(named.path)[:_MOST_FILES_OF_PATH]:
                file = self._file_in_table(file_id) if named.line else None
                row = NO_PARENT if file is None else self.table.innermost_at(file, named.line - 1)
                found.append((file_id, FILE_ALONE) if row == NO_PARENT else self._promise(row))
        for parts in read.dotted:
            found += map(self._promise, self._of_dotted(parts))
        if not found and len(read.identifiers) == 1 and encoded(mention) in read.identifiers:
            found += map(self._promise, self._best(self._named(encoded(mention))))
        return list(dict.fromkeys(found))

    def _promise(self, row: int) -> tuple[int, int]:
        return self._file_id(row), int(self.table.rows[row])

    def _best(self, rows: Iterable[int]) -> list[int]:
        """Return definitions as a reader wants them: tests and vendored code last, then by kind and by rows."""
        table, kinds = self.table, self._kinds
        return sorted(
            rows,
            key=lambda row: (
                kinds[self._file_id(row)] != 0,
                not (table.are_functions[row] or table.are_classes[row]),
                -int(table.n_rows[row]),
                row,
            ),
        )

    @cached_property
    def _kinds(self) -> NDArray[np.uint8]:
        return classify_paths(self.graph.paths)


def _value_of_name(name: bytes, in_zones: Sequence[int]) -> float:
    value = max(value if n else 0.0 for value, n in zip(_ZONE_VALUES, in_zones, strict=True))
    is_plain = not looks_like_name(name) and not in_zones[Zone.INLINE] and not in_zones[Zone.CODE]
    is_capital = name[:1].isupper() and not in_zones[Zone.PROSE] and not in_zones[Zone.TITLE]
    return value * _PLAIN_NAME if is_plain and not is_capital else value


@dataclass(frozen=True, slots=True, eq=False)
class _Paths:
    """The files of a repository whose last parts, or stems, stand in a text.

    of_names  by the last part of a path, with its suffix: the ids of the files.
    of_stems  by the last part of a module: the ids of the files, and their paths as modules.
    """

    graph: Graph
    of_names: dict[bytes, list[int]]
    of_stems: dict[bytes, list[tuple[int, tuple[bytes, ...]]]]
    tops: frozenset[bytes]

    @classmethod
    def of(cls, graph: Graph, paths: Iterable[bytes], dotted: Iterable[tuple[bytes, ...]]) -> _Paths:
        names = {_last(path.rstrip(b"/")) for path in paths}
        stems = {part for parts in dotted for part in parts} | {name.rpartition(b".")[0] or name for name in names}
        of_names: dict[bytes, list[int]] = defaultdict(list)
        of_stems: dict[bytes, list[tuple[int, tuple[bytes, ...]]]] = defaultdict(list)
        tops = set()
        for file_id, path in enumerate(graph.paths if names or stems else ()):
            folder, _, name = path.rpartition(b"/")
            stem = name.partition(b".")[0] or name
            first, _, rest = folder.partition(b"/")
            tops.add(first)
            if first in _TOP_FOLDERS:
                tops.add(rest.partition(b"/")[0])
            if name in names:
                of_names[name].append(file_id)
            if stem in _INDEX_STEMS and folder:
                last = _last(folder)
                if last in stems:
                    of_stems[last].append((file_id, tuple(folder.split(b"/"))))
            elif stem in stems:
                of_stems[stem].append((file_id, (*folder.split(b"/"), stem) if folder else (stem,)))
        return cls(graph, dict(of_names), dict(of_stems), frozenset(tops))

    def fitting(self, path: bytes) -> list[int]:
        """Return the files whose paths have most of the last parts of a path."""
        return self.fitting_parts(path)[0]

    def fitting_parts(self, path: bytes) -> tuple[list[int], int]:
        """Return these files, and how many of the last parts they have."""
        parts = [part for part in path.split(b"/") if part not in (b"", b".", b"..", b"~")]
        if not parts:
            return [], 0
        found = self.of_names.get(parts[-1], [])
        if not found:
            # A path without a suffix may be that of a module; nothing but all of it counts.
            if len(parts) < 2:
                return [], 0
            modules = self.of_stems.get(parts[-1], [])
            return [file_id for file_id, own in modules if own[-len(parts) :] == tuple(parts)], len(parts)
        n_alike = {file_id: _n_alike(parts, self.graph.paths[file_id].split(b"/")) for file_id in found}
        most = max(n_alike.values())
        if most == 1 and len(parts) > 1 and parts[-1].partition(b".")[0] in _INDEX_STEMS:
            return [], 0
        return [file_id for file_id, n in n_alike.items() if n == most], most

    def modules(self, parts: tuple[bytes, ...]) -> tuple[list[int], int]:
        """Return the files of the module that is the longest beginning of a dotted name, and how many parts it has."""
        for n_parts in range(len(parts), 0, -1):
            if n_parts == 1 and (parts[0] not in self.tops or len(parts) == 1):
                break
            wanted = parts[:n_parts]
            found = [file_id for file_id, own in self.of_stems.get(wanted[-1], ()) if own[-n_parts:] == wanted]
            if found:
                return (found, n_parts) if len(found) <= _MOST_FILES_OF_MODULE else ([], 0)
        return [], 0


def _last(path: bytes) -> bytes:
    return path.rpartition(b"/")[2]


def _n_alike(parts: Sequence[bytes], others: Sequence[bytes]) -> int:
    n = 0
    for one, other in zip(reversed(parts), reversed(others), strict=False):
        if one != other:
            break
        n += 1
    return n
