"""What classes are made from: base classes, interfaces, traits, mixed-in modules and embedded structs, by their names.

A base is a reference directly within a class, in its header or in a line that mixes it in. What a header is, the text
tells: type arguments and bounds stand in it as well, and are no bases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining.file_traits import kinds_with_language
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION, ROLE_REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.lazy_tags import FilePlaces, FileTags
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tables import I64

_MOST_CLASSES = 100
"""Names that are looked at for one class: its bases, theirs, and so on."""
_MOST_FILES_OF_CLASS = 10
"""Files that define a class of one name, those in plain code first."""
_MOST_REFERENCES = 200
"""References directly within the classes of one name in one file, the first ones."""
_MOST_HEADER_BYTES, _MOST_HEADER_ROWS = 4_000, 100
_OF_BASES = frozenset({"class", "implementation", "type", "component"})
"""Kinds of references that may name a base."""
_HOLDERS = frozenset(
    {
        *("class", "struct", "interface", "trait", "enum", "record", "object", "protocol", "extension"),
        *("implementation", "module"),
    }
)
_MIXES_IN = re.compile(rb"\s*(?:use|include|prepend|extend)\s")
_NO_BASE_AFTER = re.compile(rb"\b(?:where|permits)\b|[{;]")
"""What follows is a bound, a class that is made from this one, or the body."""
_BRACKETS = {ord("("): 1, ord("["): 1, ord("<"): 1, ord(")"): -1, ord("]"): -1, ord(">"): -1}
_NO_BRACKETS = re.compile(rb"[-=]>|<[ \t]")
"""Arrows, and the sign between a class of Ruby and its base."""
_ENDS_WITH_LINE = frozenset({"python", "ruby"})
"""Languages whose headers end with their line."""
_ARGUMENTS_ARE_BASES = frozenset({"python"})


class Inheritance:
    """The bases of the classes of a repository.

    A class is found by its name: in the same file if there is one, else in files of the same language. Raises
    IndexDamagedError.
    """

    def __init__(self, result: ScanResult) -> None:
        """Take the scan that the classes are in."""
        self._graph = result.graph
        self._contents, self._max_bytes = result.contents, result.options.max_file_size
        self._file_table, of_graph = result.file_table, result.file_table.rows_with_language()
        self._language_ids = result.file_table.language_ids[of_graph]
        self._bases: dict[tuple[int, bytes], list[bytes]] = {}
        self._name_ids: dict[bytes, int] = {}
        self._definers: dict[bytes, I64] = {}
        self._tags_of_files: dict[int, FileTags] = {}

    def is_own(self, owner: bytes, member: bytes) -> bool:
        """Return whether a class has a definition of a name within it, so that its bases need not be asked."""
        member_id = self._name_id(member)
        for file in self._files_defining(owner):
            classes = self._classes(file, owner)
            if not len(classes):
                continue
            tags = self._tags(file)
            members = tags.rows[(tags.name_ids == member_id) & (tags.roles == ROLE_DEFINITION)]
            starts, ends = tags.rows[classes][:, None], tags.end_rows[classes][:, None]
            if ((starts <= members) & (members <= ends)).any():
                return True
        return False

    def above(self, owner: bytes, files: Iterable[int] | None = None) -> Iterator[bytes]:
        """Yield the names of what a class is made from, the nearest first, each once; a circle ends.

        files  of the graph, in which the class is looked for; all that define it if None.
        """
        for base, _ in self._bases_above(owner, self._files_defining(owner) if files is None else list(files)):
            yield base

    def files_above(self, owner: bytes, most: int) -> list[int]:
        """Return the files of the graph that define a class or what it is made from, no more than ``most``."""
        first = self._files_defining(owner)
        found = dict.fromkeys(first)
        for _, files in self._bases_above(owner, first):
            found.update(dict.fromkeys(files))
            if len(found) >= most:
                break
        return list(found)[:most]

    def _bases_above(self, owner: bytes, files: list[int]) -> Iterator[tuple[bytes, list[int]]]:
        """Yield each base, and the files that define it."""
        seen, level = {owner}, [(file, owner) for file in files[:_MOST_FILES_OF_CLASS]]
        while level and len(seen) < _MOST_CLASSES:
            found: list[tuple[int, bytes]] = []
            for file, name in level:
                for base in self._bases_in(file, name):
                    if base in seen or len(seen) == _MOST_CLASSES:
                        continue
                    of_base = [one for one in self._files_defining(base, near=file) if len(self._classes(one, base))]
                    if of_base:
                        seen.add(base)
                        yield base, of_base
                        found += [(one, base) for one in of_base]
            level = found

    def _files_defining(self, name: bytes, near: int | None = None) -> list[int]:
        if name not in self._definers:
            ids = np.array([self._name_id(name)], np.int64)
            files = self._graph.definers_of(ids[ids >= 0])[0]
            self._definers[name] = files[np.argsort(self._kinds[files] != 0, kind="stable")]
        files = self._definers[name]
        if near is not None:
            # A field may be called as its type is.
            if near in files and len(self._classes(near, name)):
                return [near]
            files = files[self._language_ids[files] == self._language_ids[near]]
        return list(files[:_MOST_FILES_OF_CLASS].tolist())

    def _name_id(self, name: bytes) -> int:
        if name not in self._name_ids:
            self._name_ids[name] = int(self._graph.tags.find([name])[0])
        return self._name_ids[name]

    def _tags(self, file: int) -> FileTags:
        if file not in self._tags_of_files:
            self._tags_of_files[file] = self._graph.tags.of_file(file)
        return self._tags_of_files[file]

    def _classes(self, file: int, name: bytes) -> NDArray[np.intp]:
        """Return the rows of the classes of a name in a file."""
        tags = self._tags(file)
        rows = np.flatnonzero((tags.name_ids == self._name_id(name)) & (tags.roles == ROLE_DEFINITION))
        return rows[self._are_holders[tags.kind_ids[rows]]]

    @cached_property
    def _are_holders(self) -> NDArray[np.bool_]:
        return np.array([kind in _HOLDERS for kind in self._graph.kinds], np.bool_)

    @cached_property
    def _may_be_bases(self) -> NDArray[np.bool_]:
        return np.array([kind in _OF_BASES for kind in self._graph.kinds], np.bool_)

    @cached_property
    def _kinds(self) -> NDArray[np.uint8]:
        return kinds_with_language(self._file_table)

    def _bases_in(self, file: int, owner: bytes) -> list[bytes]:
        """Return the names of the bases of the classes of a name in a file."""
        key = file, owner
        if key not in self._bases:
            self._bases[key] = list(dict.fromkeys(self._read_bases(file, owner)))
        return self._bases[key]

    def _read_bases(self, file: int, owner: bytes) -> Iterator[bytes]:
        classes, tags, kinds = self._classes(file, owner), self._tags(file), self._graph.kinds
        if not len(classes):
            return
        places = self._graph.tags.places_of_file(file)
        rows = np.flatnonzero((tags.roles == ROLE_REFERENCE) & self._may_be_bases[tags.kind_ids])
        scopes = _scopes_around(tags, places, rows)
        rows, scopes = rows[np.isin(scopes, classes)], scopes[np.isin(scopes, classes)]
        if not len(rows):
            return
        lines = self._lines(file)
        language = RULES_OF_LANGUAGE[LANGUAGES[int(self._language_ids[file])].name]
        for row, scope in zip(rows[:_MOST_REFERENCES].tolist(), scopes.tolist(), strict=False):
            name = self._graph.tags.name(int(tags.name_ids[row]))
            start = int(tags.rows[scope]), int(places.columns[scope]) + len(owner)
            at = int(tags.rows[row]), int(places.columns[row])
            is_type = kinds[int(tags.kind_ids[row])] == "type"
            if name != owner and _is_base(lines, language, start, at, len(name), is_type=is_type):
                yield name

    def _lines(self, file: int) -> list[bytes]:
        try:
            return self._contents.read(self._graph.paths[file], self._max_bytes).split(b"\n")
        except (OSError, ValueError):
            return []


def _scopes_around(tags: FileTags, places: FilePlaces, rows: NDArray[np.intp]) -> I64:
    """Return the innermost definition around each reference, but for one that the reference itself makes.

    In Go, an embedded type is a reference, and a field of that name in the same place.
    """
    scopes = places.scopes[rows]
    same_name = tags.name_ids[scopes] == tags.name_ids[rows]
    same_place = (tags.rows[scopes] == tags.rows[rows]) & (places.columns[scopes] == places.columns[rows])
    is_itself = (scopes != NO_SCOPE) & same_name & same_place
    return np.where(is_itself, places.scopes[scopes], scopes)


def _is_base(
    lines: list[bytes], language: str, start: tuple[int, int], at: tuple[int, int], length: int, *, is_type: bool
) -> bool:
    """Return whether a reference in a class names a base of it.

    start  row and column of the end of the class's name; the reference may stand before it, as in ``impl Base for``.
    at     row and column of the reference, whose name has ``length`` bytes.
    """
    row, column = at
    if row >= len(lines) or start[0] >= len(lines):
        return False
    after = lines[row][column + length : column + length + 2]
    if after[:1] == b"." or after == b"::":
        return False
    if (mixes_in := _MIXES_IN.match(lines[row])) and mixes_in.end() <= column:
        return not is_type
    if language == "go":
        return b"[" not in lines[row][max(column - _MOST_HEADER_BYTES, 0) : column]
    first = start if start <= at else (row, 0)
    if row - first[0] > _MOST_HEADER_ROWS or (row == first[0] and column - first[1] > _MOST_HEADER_BYTES):
        return False
    header = _between(lines, first, at)
    if len(header) > _MOST_HEADER_BYTES or _NO_BASE_AFTER.search(header):
        return False
    depth = 0
    for byte in _NO_BRACKETS.sub(b"  ", header):
        depth += _BRACKETS.get(byte, 0)
        if byte == ord("\n") and depth == 0 and language in _ENDS_WITH_LINE:
            return False
    return depth == (1 if language in _ARGUMENTS_ARE_BASES else 0)


def _between(lines: list[bytes], start: tuple[int, int], end: tuple[int, int]) -> bytes:
    if start[0] == end[0]:
        return lines[start[0]][start[1] : end[1]]
    return b"\n".join((lines[start[0]][start[1] :], *lines[start[0] + 1 : end[0]], lines[end[0]][: end[1]]))
