"""What a text and mentions name in a repository: files by paths, modules and frames; definitions by names and lines.

A path means the files whose paths share most of its last parts. A dotted name means the module of its longest
beginning, and the definition that the rest names in it; and each pair of neighbours may be a class and its member.
"""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.paths import encoded
from repomap_fast.ranking.definers import MOST_FILES_OF_NAME, NO_FILES, Definers, DefinersOfNames
from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable
from repomap_fast.ranking.inheritance import Inheritance
from repomap_fast.ranking.inner_tests import inner_tests
from repomap_fast.ranking.members import Members, ScopedTags
from repomap_fast.ranking.mentions import Mentions, odd_pairs, verbatim
from repomap_fast.ranking.named_lines import DefinitionsAtLines, LineOutside, row_at
from repomap_fast.ranking.named_paths import NamedPaths
from repomap_fast.ranking.qualified_names import SEPARATOR, is_word
from repomap_fast.ranking.query_text import NamedPath, QueryText, Zone, is_one_name, looks_like_name, read_text
from repomap_fast.ranking.stop_words import STOP_WORDS
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.traceback_lines import Frame

F64: TypeAlias = NDArray[np.float64]
Values: TypeAlias = tuple[I64, I64, I64, F64]
"""Files, rows and names of definitions, as the graph numbers them, and a value of each: (n,) each."""

FILE_ALONE = -1
"""Row of a promise that a file is shown, with or without definitions."""
_MOST_FILES_OF_PATH = 5
_MOST_FILES_OF_FRAME = 3
_MOST_NAMES = 1_000
"""Names of a text that are looked for besides those of mentions: frames, dotted names, then the first identifiers."""
_MOST_FILES = 400
"""Files that define a name of the text, those of the rarest names first."""
_MOST_MENTIONS = 5_000
"""Mentions that are looked for, the first ones."""
_MOST_FILES_OF_PAIR = 10
"""Files that are read for a class and its member, besides those of each name by itself."""
_MOST_LOOKED_AT = 500
"""Files of which the tags are read to find those of all pairs of a text."""
_MOST_LOOKED_AT_OF_MENTIONS = 20_000
"""The same for all pairs of mentions: what is mentioned must be shown."""
_MOST_COMPARED = 5_000
"""Files that define one name of a pair of a text of which those beside the other name are found, the first ones."""
_MOST_PROMISED = 3
"""Definitions of one mentioned name that are promised."""
_MOST_PAIRS = 20
"""Pairs of a class and a member that are taken from the text, the first ones; those of mentions are all taken."""
_MOST_BASES = 30
_MOST_FRAMES_PROMISED = 5
_MOST_UNKNOWN = 100
"""Pieces of inline code of which those that name nothing are found, the first ones."""
_MOST_OF_QUERY = 40
"""Promises that a query brings, besides those of mentions: the rest of a map is for what the ranking finds."""
_NEAR_LINES = 40
_OF_CLASS = 0.7
_PER_FRAME = 0.7
_ZONE_VALUES = (1.0, 0.3, 1.0, 0.6, 0.3, 0.6)
"""What a name counts by the best zone that it stands in."""
_PLAIN_NAME = 0.5
"""Share of that for a name that could be a plain word."""
_GENERIC = STOP_WORDS | {b"test", b"main", b"name"}
_OF_FOLDER = 0.5
"""What a mentioned folder says of each file in it."""
_MORE_OF_CLASSES = frozenset({"implementation", "extension"})
"""Kinds of definitions that have the name of the class that they add to."""


class Named(NamedTuple):
    """What a text names. Columns of files are (n_files,) float64, for the files of the graph.

    files       1 by the number of files that a path in the text fits; 0.7 for a file in a traceback.
    defined     the largest value of a definition of the file that is named with its class or module.
    last_frame  1 for the file of the innermost frame of a traceback that is in the repository.
    places      definitions that are named by a line, by a frame, or with their class or module.
    mentioned   definitions whose name stands in the text.
    promised    files and rows that a map must show, those first that matter most; FILE_ALONE for a file alone.
    missing     mentions that name nothing here.
    unknown     inline code of the text that is a name or path, and names nothing here.
    outside     lines that are in no definition.
    """

    files: F64
    defined: F64
    last_frame: F64
    places: Values
    mentioned: Values
    promised: tuple[tuple[int, int], ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    outside: tuple[LineOutside, ...] = ()


def find_named(text: QueryText, mention: Sequence[str], result: ScanResult) -> Named:
    """Find what a text and mentions name in a repository. Raises IndexDamagedError.

    text  as ``read_text`` reads it with the same mentions.
    """
    return _Finder(text, mention, result).find()


class _Finder:
    def __init__(self, text: QueryText, mention: Sequence[str], result: ScanResult) -> None:
        graph = result.graph
        self.text, self.graph = text, graph
        self.mentions = Mentions(mention[:_MOST_MENTIONS])
        self.definers = Definers(result)
        self.file_tags = ScopedTags(graph)
        self.inheritance = Inheritance(result)
        self.files, self.defined, self.last_frame = (np.zeros(len(graph)) for _ in range(3))
        self.places: dict[int, float] = {}
        self.frames: dict[int, float] = {}
        self.around_frames: set[int] = set()

    def find(self) -> Named:
        for named in self.text.paths:
            self._take_path(named)
        for one in self.mentions:
            folder = self._folder(one)
            self.files[folder.start : folder.stop] = np.maximum(self.files[folder.start : folder.stop], _OF_FOLDER)
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
            tuple(one for one in self.mentions if not self._of_mention(one) and not self._folder(one)),
            tuple(one for one in self._named_code if self._is_unknown(one)),
            tuple(self._at_lines.outside(self.mentions.paths)),
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
    def paths(self) -> NamedPaths:
        """The files whose paths or modules stand in the text."""
        text, mentions = self.text, self.mentions
        named = [one.path for one in (*mentions.paths, *text.paths)] + [frame.path for frame in text.frames]
        return NamedPaths.of(self.graph, named, mentions.dotted | text.dotted)

    def _folder(self, mention: str) -> range:
        """Return the files below a mentioned folder; none if it is no folder."""
        path = encoded(os.path.normpath(mention.replace("\\", "/")))
        return self.paths.below(path) if path != b"." else range(0)

    def _take_path(self, named: NamedPath) -> None:
        found = self.paths.fitting(named.path)
        if not 0 < len(found) <= _MOST_FILES_OF_PATH:
            return
        for file_id in found:
            self.files[file_id] = max(self.files[file_id], 1 / len(found))

    @cached_property
    def _at_lines(self) -> DefinitionsAtLines:
        with_lines = {one: self.paths.fitting(one.path) for one in self.text.paths if one.line}
        of_few = {one: files for one, files in with_lines.items() if len(files) <= _MOST_FILES_OF_PATH}
        return DefinitionsAtLines.of(self.table, of_few)

    def _files_of_frame(self, frame: Frame) -> list[int]:
        found, n_parts = self.paths.fitting_parts(frame.path)
        if n_parts < 2 and b"/" in frame.path:
            # The path of a file at the root has one part to compare: that it defines the function tells the rest.
            definers = self._files_defining(frame.function)
            found = [file_id for file_id in found if b"/" not in self.graph.paths[file_id] and file_id in definers]
        return found if len(found) <= _MOST_FILES_OF_FRAME else []

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
                self.around_frames.update(row for row in rows if self._is_near(row, frame.line, 0))
                for row in rows:
                    self.frames[row] = max(self.frames.get(row, 0.0), value / len(rows))
            is_innermost = False
            # A recursion is one frame.
            if (found[0], frame.function) not in seen:
                seen.add((found[0], frame.function))
                value *= _PER_FRAME

    def _is_near(self, row: int, line: int, n_lines: int = _NEAR_LINES) -> bool:
        first, last = int(self.table.rows[row]), int(self.table.end_rows[row])
        return first - n_lines < line <= last + 1 + n_lines

    # Definitions.

    @cached_property
    def table(self) -> DefinitionTable:
        """The definitions of all files that define a name of the text, or have a line of it."""
        files: dict[int, None] = {}
        for named in (*self.mentions.paths, *self.text.paths):
            if named.line and len(found := self.paths.fitting(named.path)) <= _MOST_FILES_OF_PATH:
                files.update(dict.fromkeys(found))
        for frame in self.text.frames:
            files.update(dict.fromkeys(self._files_of_frame(frame)))
        of_names = [self.definers.likely(self._files_defining(name)) for name in self.mentions.names]
        of_bases = [
            self.definers.likely(self._in_same_folders(base, name))
            for (_, name), bases in self._inherited.items()
            for base in bases
        ]
        all_files = len(self.graph)
        files.update(dict.fromkeys(self._files_of_pairs(self._mentioned_pairs, all_files, _MOST_LOOKED_AT_OF_MENTIONS)))
        files.update(dict.fromkeys(file for found in (*of_names, *of_bases) for file in found[:_MOST_PROMISED]))
        n_needed = len(files)
        files.update(dict.fromkeys(file for found in (*of_names, *of_bases) for file in found))
        # Of names that few files define, all files are read.
        of_many = [pair for pair in self._pairs if max(map(self._n_files, pair)) > MOST_FILES_OF_NAME]
        files.update(dict.fromkeys(self._files_of_pairs(of_many, _MOST_COMPARED, _MOST_LOOKED_AT)))
        for parts in self.text.dotted:
            files.update(dict.fromkeys(self.paths.modules(parts)[0]))
        for of_name in sorted(self._files_of_names.values(), key=len):
            if len(files) > _MOST_FILES or len(of_name) > MOST_FILES_OF_NAME:
                break
            files.update(dict.fromkeys(of_name.tolist()))
        return DefinitionTable.of(self.graph, self.definers.first(list(files), n_needed))

    def _files_defining(self, name: bytes) -> I64:
        return self._files_of_names.get(name, NO_FILES)

    def _n_files(self, name: bytes) -> int:
        return len(self._files_defining(name))

    def _files_of_pairs(
        self, pairs: Iterable[tuple[bytes, bytes]], most_compared: int, most_looked_at: int
    ) -> Iterator[int]:
        """Yield the likely files of members, at most ten of each.

        They define both names, or are in a folder whose files do: a method of Go may be in another file than its type.

        most_compared   files of each name that are compared with those of the other.
        most_looked_at  files of which the tags are read, of all pairs together.
        """
        n_looked_at = 0
        for owner, name in pairs:
            of_owner, of_name = self._files_defining(owner)[:most_compared], self._files_defining(name)[:most_compared]
            n_found, folders = 0, {self.definers.folder_of(file) for file in of_owner.tolist()}
            for file in self._candidates(of_owner, of_name, folders):
                if n_looked_at == most_looked_at:
                    return
                n_looked_at += 1
                if self.file_tags.has_member(file, owner, name):
                    folders.discard(self.definers.folder_of(file))
                    yield file
                    n_found += 1
                if n_found == _MOST_FILES_OF_PAIR:
                    break

    def _candidates(self, of_owner: I64, of_name: I64, folders: set[bytes]) -> Iterator[int]:
        """Yield files of a name that may be a member, the likely ones first: files of both names, then those beside.

        folders  those with files of the owner, in which no member was found yet.
        """
        is_both = np.isin(of_name, of_owner)
        yield from self.definers.in_order(of_name[is_both])
        others = of_name[~is_both]
        beside = [file for file in others.tolist() if folders and self.definers.folder_of(file) in folders]
        yield from self.definers.in_order(np.array(beside, np.int64))

    @cached_property
    def _files_of_names(self) -> DefinersOfNames:
        """Which files define each of the names that the text may mean, and those of the bases of its classes."""
        return self._files_of_bases | self._files_of_text

    @cached_property
    def _files_of_text(self) -> DefinersOfNames:
        wanted: dict[bytes, None] = {}
        for code in self._odd_code:
            wanted.update(dict.fromkeys((verbatim(code), *itertools.chain(*odd_pairs(code)))))
        wanted.update(dict.fromkeys(frame.function for frame in self.text.frames if frame.function))
        wanted.update(dict.fromkeys(part for parts in self.text.dotted for part in parts))
        wanted.update(dict.fromkeys(self.text.identifiers))
        of_text = itertools.islice((name for name in wanted if name not in self.mentions.names), _MOST_NAMES)
        return self.definers.of([*self.mentions.names, *of_text])

    @cached_property
    def _files_of_bases(self) -> DefinersOfNames:
        names = dict.fromkeys(base for bases in self._bases.values() for base in bases)
        return self.definers.of([name for name in names if name not in self._files_of_text])

    @cached_property
    def _named_code(self) -> list[str]:
        """Inline code that is one name or path."""
        return [code for code in self.text.code if is_one_name(code)][:_MOST_UNKNOWN]

    @cached_property
    def _odd_code(self) -> list[str]:
        """Inline code that is more than a word, such as ``empty?`` and ``Queue#<<``."""
        return [code for code in self.text.code if not is_word(code)][:_MOST_UNKNOWN]

    @cached_property
    def _mentioned_pairs(self) -> list[tuple[bytes, bytes]]:
        """Pairs in mentions of what may be a class and its member, both defined here."""
        return list(self._known(self.mentions.pairs))

    @cached_property
    def _pairs(self) -> list[tuple[bytes, bytes]]:
        """The first other such pairs of the text."""
        pairs = dict.fromkeys(pair for code in self._odd_code for pair in odd_pairs(code))
        pairs.update(dict.fromkeys(pair for parts in self.text.dotted for pair in itertools.pairwise(parts)))
        others = (pair for pair in pairs if pair not in self.mentions.pairs)
        return list(itertools.islice(self._known(others), _MOST_PAIRS))

    def _known(self, pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
        return (pair for pair in pairs if all(name in self._files_of_text for name in pair))

    @cached_property
    def _bases(self) -> dict[tuple[bytes, bytes], list[bytes]]:
        """The bases of the classes in pairs of class and member, the nearest first."""
        return {
            (owner, name): list(itertools.islice(self.inheritance.above(owner), _MOST_BASES))
            for owner, name in (*self._mentioned_pairs, *self._pairs)
            if not self.inheritance.is_own(owner, name)
        }

    @cached_property
    def _inherited(self) -> dict[tuple[bytes, bytes], list[bytes]]:
        """Those of the bases that may define the member, since some of its definitions are beside theirs."""
        return {
            (owner, name): [base for base in bases if len(self._in_same_folders(base, name))]
            for (owner, name), bases in self._bases.items()
        }

    def _in_same_folders(self, base: bytes, name: bytes) -> I64:
        """Return the files that define a base or a member, in folders that have files which define each."""
        return self.definers.beside(self._files_defining(base), self._files_defining(name))

    @cached_property
    def _rows_of_names(self) -> dict[bytes, list[int]]:
        """The definitions of each name in the table."""
        table = self.table
        names = list(self._files_of_names)
        ids = self.graph.tags.find(names).astype(np.uint32)
        numbers = dict(zip(self.graph.numbers_of(ids).tolist(), names, strict=True))
        wanted = np.array(sorted(numbers), np.uint32)
        places = np.minimum(np.searchsorted(wanted, table.name_ids), max(len(wanted) - 1, 0))
        rows = np.flatnonzero(wanted[places] == table.name_ids) if len(wanted) else places[:0]
        found: dict[bytes, list[int]] = defaultdict(list)
        for row in rows.tolist():
            found[numbers[int(table.name_ids[row])]].append(row)
        return found

    @cached_property
    def _main_rows_of_names(self) -> dict[bytes, list[int]]:
        is_main = self.table.are_functions | self.table.are_classes
        of_names = self._rows_of_names.items()
        return {name: [row for row in of_name if is_main[row]] or of_name for name, of_name in of_names}

    def _named(self, name: bytes) -> list[int]:
        """Return the definitions of a name in the table: its functions and classes, if it has any, else all."""
        return self._main_rows_of_names.get(name, [])

    def _n_definitions(self, name: bytes) -> int:
        return max(len(self._named(name)), len(self._files_of_names.get(name, ())))

    def _file_id(self, row: int) -> int:
        return int(self.table.file_ids[self.table.files[row]])

    @cached_property
    def _own_members(self) -> Members:
        return Members(self.table, self.file_tags, self._rows_of_names, self._main_rows_of_names)

    def _members(self, scope: bytes, name: bytes) -> list[int]:
        """Return the definitions of a name that are members of one of another name, or of its nearest base with any."""
        owners = (scope, *self._inherited.get((scope, name), ()))
        return next((found for owner in owners if (found := self._own_members.of(owner, name))), [])

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
        for row in self._at_lines.rows:
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
        of_mentions = [self._of_mention(one)[:_MOST_PROMISED] for one in self.mentions]
        for found in itertools.zip_longest(*of_mentions):
            promised.update(dict.fromkeys(one for one in found if one is not None))
        n_mentioned = len(promised)
        for found in self._of_query():
            promised[found] = None
            if len(promised) - n_mentioned == _MOST_OF_QUERY:
                break
        return promised

    def _of_query(self) -> Iterator[tuple[int, int]]:
        """Yield what a query promises, the surest first."""
        yield from map(self._promise, self._at_lines.rows)
        by_value = sorted(self.frames, key=lambda row: (-self.frames[row], row not in self.around_frames, row))
        yield from map(self._promise, by_value[:_MOST_FRAMES_PROMISED])
        for code in self._odd_code:
            yield from map(self._promise, (self._best(self._named(verbatim(code))) or self._of_odd(code))[:1])
        for parts, zone in self.text.dotted.items():
            if zone in (Zone.TITLE, Zone.INLINE, Zone.PROSE):
                yield from map(self._promise, self._of_dotted(parts)[:1])
        names = [(name, zones) for name, zones in self.text.identifiers.items() if name.lower() not in _GENERIC]
        for name, zones in names:
            is_code = zones[Zone.INLINE] > self.text.only_places[name]
            if is_code or (zones[Zone.TITLE] and looks_like_name(name)):
                yield from map(self._promise, self._best(self._named(name))[:1])
        for named, zone in self.text.paths.items():
            found = self.paths.fitting(named.path)
            if zone is not Zone.TRACEBACK and 0 < len(found) <= _MOST_FILES_OF_PATH:
                yield from ((file_id, FILE_ALONE) for file_id in found)
        for parts, zone in self.text.dotted.items():
            if zone is Zone.CODE:
                yield from map(self._promise, self._of_dotted(parts)[:1])
        for name, zones in names:
            if zones[Zone.CODE] and looks_like_name(name):
                yield from map(self._promise, self._best(self._named(name))[:1])

    def _of_dotted(self, parts: tuple[bytes, ...]) -> list[int]:
        """Return the definitions that a dotted name means, the best first."""
        found, n_parts = self.paths.modules(parts)
        rest = parts[n_parts:]
        if found and rest:
            rows = self._members(rest[-2], rest[-1]) if len(rest) > 1 else self._named(rest[-1])
            if here := [row for row in rows if self._file_id(row) in found]:
                return self._best(here)
        return self._best(self._members(parts[-2], parts[-1]))

    def _of_text(self, code: str, read: QueryText) -> list[tuple[int, int]]:
        """Return what a name or a path means: definitions, or a file; nothing if it names nothing here.

        read  as ``read_text`` reads a mention of the code.
        """
        found = [self._promise(row) for row in self._best(self._named(verbatim(code)))]
        found += map(self._promise, self._of_odd(code))
        for named in read.paths:
            for file_id in self.paths.fitting(named.path)[:_MOST_FILES_OF_PATH]:
                row = row_at(self.table, file_id, named.line) if named.line else NO_PARENT
                found.append((file_id, FILE_ALONE) if row == NO_PARENT else self._promise(row))
        for parts in read.dotted:
            modules, n_parts = self.paths.modules(parts)
            if n_parts == len(parts):
                found += [(file_id, FILE_ALONE) for file_id in modules]
            found += map(self._promise, self._of_dotted(parts) or self._in_package(parts[-2], parts[-1]))
        return list(dict.fromkeys(found))

    def _of_mention(self, mention: str) -> list[tuple[int, int]]:
        """Return what a mention promises; a file alone where its definitions are in files that are not read."""
        if found := self._of_text(mention, self.mentions[mention]):
            return found
        of_name = self.definers.likely(self._files_defining(verbatim(mention)))
        return [(file_id, FILE_ALONE) for file_id in of_name[:_MOST_PROMISED]]

    def _of_odd(self, code: str) -> list[int]:
        """Return the members that code means whose names or classes are more than words, the best first."""
        return next((self._best(rows) for pair in odd_pairs(code) if (rows := self._members(*pair))), [])

    def _in_package(self, package: bytes, name: bytes) -> list[int]:
        """Return the definitions of a name in files of this name, or in folders of it, which are packages."""

        def is_in(path: bytes) -> bool:
            folder, _, last = path.rpartition(b"/")
            return package in (last.partition(b".")[0], folder.rpartition(b"/")[2])

        return self._best(row for row in self._named(name) if is_in(self.graph.paths[self._file_id(row)]))

    def _is_unknown(self, code: str) -> bool:
        """Return whether inline code names nothing here: its last part neither, for the rest may be a variable."""
        last = SEPARATOR.split(code.removesuffix("()"))[-1]
        return not (
            self._of_text(code, read_text("", [code])) or self._folder(code) or encoded(last) in self._files_of_names
        )

    def _promise(self, row: int) -> tuple[int, int]:
        return self._file_id(row), int(self.table.rows[row])

    def _best(self, rows: Iterable[int]) -> list[int]:
        """Return definitions as a reader wants them: tests and vendored code last, then by kind and by rows."""
        table, kinds = self.table, self.definers.kinds
        return sorted(
            rows,
            key=lambda row: (
                kinds[self._file_id(row)] != 0 or bool(self._are_inner_tests[row]),
                not (table.are_functions[row] or table.are_classes[row]),
                self.graph.kinds[table.kind_ids[row]] in _MORE_OF_CLASSES,
                -int(table.rows_of(row)),
                row,
            ),
        )

    @cached_property
    def _are_inner_tests(self) -> NDArray[np.bool_]:
        return inner_tests(self.table, self.table.names)


def _value_of_name(name: bytes, in_zones: Sequence[int]) -> float:
    value = max(value if n else 0.0 for value, n in zip(_ZONE_VALUES, in_zones, strict=True))
    is_plain_word = not looks_like_name(name) and not in_zones[Zone.INLINE] and not in_zones[Zone.CODE]
    is_capital = name[:1].isupper() and not in_zones[Zone.PROSE] and not in_zones[Zone.TITLE]
    return value * _PLAIN_NAME if is_plain_word and not is_capital else value
