"""Finds the definitions that a symbol names: ``name``, ``Class.method``, ``path:line`` or ``path::Class.method``.

It never loads a file but to tell apart methods that are defined outside of their class (Go, C++).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from repomap_fast.arrays import are_among, distinct
from repomap_fast.errors import OptionError, SymbolError
from repomap_fast.joining.sparse_tags import all_names_of, are_defined, number_of_name, rows_of_name
from repomap_fast.joining.unread import unread_with
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.paths import encoded, path_below, rows_at, rows_ending_in
from repomap_fast.ranking.definition_order import best_first
from repomap_fast.ranking.qualified_names import is_called, is_word, readings
from repomap_fast.symbols.source import first_row, read_source
from repomap_fast.tables import I64, ROLE_DEFINITION, ROLE_REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.joining.sparse_tags import AnyTags

MAX_CHARACTERS = 1_000
"""Of a symbol that is asked for."""
_MAX_NEAR = 4
"""Names that are suggested where there is none."""
_MOST_COMPARED = 4 * _MAX_NEAR
_MOST_READ = 100
"""Files that are read to find the class of a method that is defined outside of it."""
_WITH_LINES = re.compile(r"(.+?):(\d{1,9})(?:-(\d{1,9})|:\d{1,9})?", re.DOTALL)
_SEPARATORS = re.compile(r"\.|::|#")
_IN_BYTES = re.compile(_SEPARATORS.pattern.encode())
_MARGIN = 3
"""Rows above a definition that an inaccurate line may be in."""


@dataclass(frozen=True, slots=True)
class Named:
    """The definitions that a symbol names.

    rows  (n,) int64: rows of the table of tags, the best first; none where the name is only referred to.
    name  the name itself, without what encloses it.
    """

    rows: I64
    name: str

    @property
    def key(self) -> bytes:
        """The name as the table of names has it."""
        return _key(self.name)


def find_symbol(result: ScanResult, symbol: str, *, or_references: bool = False) -> Named:
    """Return the definitions that ``symbol`` names.

    or_references  a name that is referred to and nowhere defined is no error.

    Raises OptionError for an empty or an endless symbol, and SymbolError where nothing has that name, with the nearest
    names.
    """
    wanted = symbol.strip()
    if not wanted:
        raise OptionError("symbol is empty; expected name, Class.method, path:line or path::Class.method")
    if len(wanted) > MAX_CHARACTERS:
        raise OptionError(f"symbol has {len(wanted):,} characters; expected at most {MAX_CHARACTERS:,}")
    return _Finder(result, wanted, or_references=or_references).find()


class Scoped(Protocol):
    """A definition with a name and, joined by dots, the names of those around it."""

    @property
    def name(self) -> str:
        """Its own name."""
        ...

    @property
    def scope(self) -> str | None:
        """The names around it; None at the top of a file."""
        ...


def split_path(symbol: str) -> tuple[str | None, str | None]:
    """Return the path that a symbol may begin with, and what follows it but lines; None for what is not there."""
    if lines := _WITH_LINES.fullmatch(symbol):
        return lines[1], None
    path, is_split, rest = symbol.partition("::")
    return (path, rest) if is_split and rest else (None, None)


def split_scopes(text: str) -> list[str]:
    """Return the names of a symbol, the outermost first."""
    return [part for part in _SEPARATORS.split(text) if part] or [text]


def files_at(result: ScanResult, path: str) -> NDArray[np.intp]:
    """Return the rows of the file or folder ``path``, or of the files whose paths end in it."""
    paths = result.file_table.paths
    key = path_below(result.root, os.path.expanduser(path)) if os.path.isabs(path) else encoded(path)  # noqa: PTH117, PTH111
    key = key.removeprefix(b"./").rstrip(b"/")
    if not key or b"\0" in key:
        return np.empty(0, np.intp)
    there = rows_at(paths, key)
    return np.arange(there.start, there.stop) if there else rows_ending_in(paths, b"/" + key)


def qualified(tag: Scoped) -> str:
    """Return the name of a definition with those of the definitions around it."""
    return f"{tag.scope}.{tag.name}" if tag.scope else tag.name


class _Finder:
    """One search for a symbol."""

    def __init__(self, result: ScanResult, symbol: str, *, or_references: bool) -> None:
        self._result = result
        self._symbol = symbol
        self._or_references = or_references
        self._table: AnyTags = result.sparse_tags
        self._paths = result.file_table.paths
        self._before: dict[int, str] = {}
        """What stands before a name on its row, by rows of the table of tags."""

    def find(self) -> Named:
        if lines := _WITH_LINES.fullmatch(self._symbol):
            path, first, last = lines[1], int(lines[2]), int(lines[3] or lines[2])
            files = self._files_at(path)
            if len(files):
                return self._at_lines(files, path, first, max(first, last))
            if "/" in path and "::" not in path:
                raise SymbolError(self._no_file(path))
        path, is_in_file, rest = self._symbol.partition("::")
        if is_in_file and rest:
            files = self._files_at(path)
            if len(files):
                return self._named(rest, files)
            if "/" in path:
                raise SymbolError(self._no_file(path))
        return self._named(self._symbol, None)

    # Files

    def _files_at(self, path: str) -> NDArray[np.intp]:
        return files_at(self._result, path)

    def _no_file(self, path: str) -> str:
        from repomap_fast.ranking.similar_names import nearest_paths

        near = nearest_paths(self._paths, encoded(path)) if len(path.rpartition("/")[2]) > 2 else []
        where = f"no file {_shown(path)} is below {str(self._result.root)!r}"
        return f"{where}; did you mean {_either(os.fsdecode(one) for one in near)}?" if near else where

    # Lines

    def _at_lines(self, files: NDArray[np.intp], path: str, first: int, last: int) -> Named:
        """Return the innermost definition around these lines, from 1, of the first of these files that has one."""
        for file in files.tolist():
            row = self._definition_at(file, first - 1, last - 1)
            if row is not None:
                return Named(np.array([row], np.int64), self._result.tag(row).name)
        near = self._near_line(int(files[0]), first - 1)
        where = f"no definition is at {path}:{first}"
        raise SymbolError(f"{where}; the nearest is {near}" if near else f"{where}: the file has none")

    def _definition_at(self, file: int, first: int, last: int) -> int | None:
        rows, starts, ends = self._definitions_of(file)
        # The lines of a whole definition, as they are printed, mean it and none within it.
        is_whole = (starts >= first) & (ends == last) & (last > first)
        if is_whole.any():
            return int(rows[np.flatnonzero(is_whole)[0]])
        around = np.flatnonzero((starts <= first) & (ends >= last))
        if len(around):
            # Of those that start on one row, the outermost.
            innermost = around[starts[around] == starts[around].max()]
            return int(rows[innermost[0]])
        # A decorator or a comment above the name belongs to the definition too.
        below = np.flatnonzero((starts > first) & (ends >= last))
        if not len(below):
            return None
        language = RULES_OF_LANGUAGE[LANGUAGES[int(self._result.file_table.language_ids[file])].name]
        source = read_source(self._result.contents, self._paths[file], self._result.options.max_file_size)
        next_start = int(starts[below[0]])
        if source is None or next_start >= len(source) or first_row(source, language, next_start) > first:
            return None
        return int(rows[below[0]])

    def _near_line(self, file: int, row: int) -> str | None:
        rows, starts, _ = self._definitions_of(file)
        if not len(rows):
            return None
        tag = self._result.tag(int(rows[np.abs(starts - row).argmin()]))
        return f"{qualified(tag)} at {tag.path}:{tag.line}-{tag.end_line}"

    def _definitions_of(self, file: int) -> tuple[I64, I64, I64]:
        """Return the definitions of a file: their rows in the table of tags, and their first and last rows in it."""
        start, stop = self._result.file_table.tag_offsets[file : file + 2].tolist()
        rows = np.flatnonzero(self._table.roles[start:stop] == ROLE_DEFINITION) + start
        return rows, self._table.rows[rows].astype(np.int64), self._table.end_rows[rows].astype(np.int64)

    # Names

    def _named(self, text: str, files: NDArray[np.intp] | None) -> Named:
        """Return the definitions of a name, in these files or in all."""
        rows = self._definitions(text, files)
        if len(rows):
            return Named(best_first(self._result, rows), text)
        if (odd := self._odd(text, files)) is not None:
            return odd
        *outer, name = split_scopes(text)
        candidates = self._definitions(name, files) if outer else rows
        found = self._within(candidates, outer) if outer else rows
        if not len(found) and outer:
            found = self._inherited(outer, name, files)
        if len(found):
            return Named(best_first(self._result, found), name)
        if self._or_references and not len(candidates) and self._n_references(name):
            return Named(np.empty(0, np.int64), name)
        raise SymbolError(self._no_symbol(text, name, candidates))

    def _odd(self, text: str, files: NDArray[np.intp] | None) -> Named | None:
        """Return the definitions of a name that has characters which separate names, such as ``Pool.#size``."""
        for outer, name in readings(text):
            if is_word(name):
                continue
            candidates = self._definitions(name, files)
            found = self._within(candidates, split_scopes(outer))
            if not len(found):
                found = self._within(candidates, [outer])
            if len(found):
                return Named(best_first(self._result, found), name)
        return None

    def _definitions(self, name: str, files: NDArray[np.intp] | None) -> I64:
        named = rows_of_name(self._table, _key(name))
        rows: I64 = named[self._table.roles[named] == ROLE_DEFINITION]
        if files is not None:
            rows = rows[are_among(self._files_of(rows), files)]
        return rows

    def _name_id(self, name: str) -> int:
        return number_of_name(self._table, _key(name))

    def _files_of(self, rows: I64) -> NDArray[np.intp]:
        offsets = self._result.file_table.tag_offsets.astype(np.int64)
        return np.searchsorted(offsets, rows, side="right") - 1

    def _n_references(self, name: str) -> int:
        rows = rows_of_name(self._table, _key(name))
        return int(np.count_nonzero(self._table.roles[rows] == ROLE_REFERENCE))

    def _within(self, rows: I64, outer: list[str]) -> I64:
        """Return those of the definitions that are in ``outer``, the outermost first: scopes, then folders and file."""
        if not len(rows):
            return rows
        if len(outer) > 1 and len(dotted := self._in_dotted(rows, outer)):
            return dotted
        for n_scopes, is_in in reversed(list(enumerate(self._are_in_scopes(rows, outer)))):
            inside = rows[is_in]
            inside = inside[self._is_in_module(inside, outer[: len(outer) - n_scopes])]
            if len(inside):
                return inside
        after = rows[self._is_after(rows, outer[-1])]
        return after if len(after) else self._in_dotted(rows, outer)

    def _in_dotted(self, rows: I64, outer: list[str]) -> I64:
        """Return those of the definitions that are in scopes whose own names have separators: modules of Elixir."""
        table, scope = self._table, encoded(".".join(outer))
        around, are_dotted = table.scope_tag_ids[rows], np.zeros(len(rows), np.bool_)
        for _ in outer:
            is_inside = around >= 0
            ids = table.name_ids[around]
            dotted = [
                name_id for name_id in distinct(ids[is_inside]).tolist() if _IN_BYTES.search(table.names[name_id])
            ]
            are_dotted |= is_inside & are_among(ids, np.array(dotted, np.int64))
            around = np.where(is_inside, table.scope_tag_ids[around], -1)
        rows = rows[are_dotted]
        scopes = (split_scopes(self._result.tag(row).scope or "") for row in rows.tolist())
        return rows[np.array([is_called(encoded(".".join(one)), scope) for one in scopes], np.bool_)]

    def _inherited(self, outer: list[str], name: str, files: NDArray[np.intp] | None) -> I64:
        """Return the definitions of a name in the nearest base that has any, of the class that ``outer`` ends in."""
        none, owner = np.empty(0, np.int64), encoded(outer[-1])
        candidates = self._definitions(name, None)
        classes = self._definitions(outer[-1], files)
        if len(outer) > 1 and len(classes):
            classes = self._within(classes, outer[:-1])
        if not len(candidates) or not len(classes):
            return none
        outside = candidates[self._table.scope_tag_ids[candidates] < 0]
        graph_ids = np.searchsorted(self._result.file_table.rows_with_language(), distinct(self._files_of(classes)))
        from repomap_fast.ranking.inheritance import Inheritance

        for base in Inheritance(self._result).above(owner, graph_ids.tolist()):
            name_of_base = os.fsdecode(base)
            in_scopes = list(self._are_in_scopes(candidates, [name_of_base]))
            found = candidates[in_scopes[1]] if len(in_scopes) > 1 else outside[self._is_after(outside, name_of_base)]
            if len(found):
                return found
        return none

    def _are_in_scopes(self, rows: I64, scopes: list[str]) -> Iterator[NDArray[np.bool_]]:
        """Yield whether each definition is directly in none, the last one, the last two … of these scopes.

        It ends where no definition is.
        """
        is_in, around = np.ones(len(rows), np.bool_), self._table.scope_tag_ids[rows]
        yield is_in
        for scope in reversed(scopes):
            is_in = is_in & (around >= 0) & (self._table.name_ids[around] == self._name_id(scope))
            if not is_in.any():
                return
            yield is_in
            around = np.where(around >= 0, self._table.scope_tag_ids[around], -1)

    def _is_in_module(self, rows: I64, module: list[str]) -> NDArray[np.bool_]:
        """Return whether the path of each definition's file has these parts, in this order; the last is its end."""
        is_in = np.ones(len(rows), np.bool_)
        if module:
            wanted = [encoded(part) for part in module]
            # The root may be the package itself.
            top = encoded(self._result.root.name) + b"/"
            files = self._files_of(rows).tolist()
            is_in = np.array([_is_module(top + self._paths[file], wanted) for file in files], np.bool_)
        return is_in

    def _is_after(self, rows: I64, owner: str) -> NDArray[np.bool_]:
        """Return whether the line of each definition has ``owner`` before the name, as ``func (p *Pool) Close()``."""
        is_owner = re.compile(rf"\b{re.escape(owner)}\b")
        self._read_before(rows)
        before = (self._before.get(row, "") for row in rows.tolist())
        return np.array([is_owner.search(text) is not None for text in before], np.bool_)

    def _read_before(self, rows: I64) -> None:
        """Read what stands before the names of definitions, in the first files of those that were not read yet."""
        rows = np.array([row for row in rows.tolist() if row not in self._before], np.int64)
        files, table = self._files_of(rows), self._table
        for file in dict.fromkeys(files.tolist()[:_MOST_READ]):
            source = read_source(self._result.contents, self._paths[file], self._result.options.max_file_size)
            for tag in rows[files == file].tolist():
                row, column = int(table.rows[tag]), int(table.columns[tag])
                is_there = source is not None and row < len(source)
                line = source.line(row, column) if source is not None and is_there else ""
                self._before[tag] = line.encode()[:column].decode(errors="replace")

    # What was not found

    def _no_symbol(self, text: str, name: str, candidates: I64) -> str:
        what = f"nothing here is called {_shown(text)}"
        if len(self._files_at(text)) == 1:
            return f"{what}; a file is: write {_shown(f'{text}::NAME')} or {_shown(f'{text}:LINE')} for what is in it"
        if len(candidates):
            near = [
                qualified(self._result.tag(row)) for row in best_first(self._result, candidates)[:_MAX_NEAR].tolist()
            ]
        else:
            if n_references := self._n_references(name):
                times = "once" if n_references == 1 else f"{n_references:,} times"
                what = f"{_shown(name)} is referred to {times} here, and defined nowhere"
            near = self._similar(name)
        near = [one for one in dict.fromkeys(near) if one != text]
        unread = unread_with(self._result, name)
        what = f"{what}; did you mean {_either(near)}?" if near else what
        return f"{what}{' ' if near else '; '}{unread}" if unread else what

    def _similar(self, name: str) -> list[str]:
        """Return the defined names that the author of ``name`` may have meant, the closest first."""
        from repomap_fast.ranking.similar_names import Likeness, match_names, misspelt_names

        names, is_defined, word = all_names_of(self._table), are_defined(self._table), _key(name)
        matches = match_names(names, word, is_wanted=is_defined)
        lengths = np.diff(names.offsets.astype(np.int64))[matches.name_ids]
        order = np.lexsort((matches.name_ids, lengths, matches.edits, matches.likenesses))[:_MOST_COMPARED]

        def distance(match: int) -> tuple[int, int, int, bool]:
            likeness, edits = int(matches.likenesses[match]), int(matches.edits[match])
            # Of equally long names, those in the same case are nearer.
            return likeness, edits, int(lengths[match]), word not in names[int(matches.name_ids[match])]

        near = [int(matches.name_ids[match]) for match in sorted(order.tolist(), key=distance)]
        if len(near) and matches.likenesses.max() < Likeness.FUZZY:
            # A word with a letter too many, as ``Commandd``, may be the beginning of longer names.
            misspelt = misspelt_names(names, word, is_wanted=is_defined)
            others = set(misspelt.name_ids[misspelt.edits == 1].tolist()).difference(matches.name_ids.tolist())
            near[:0] = sorted(others, key=lambda name_id: (word[:1] != names[name_id][:1], name_id))
        return [names[name_id].decode(errors="replace") for name_id in near[:_MAX_NEAR]]


def _key(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")


def _is_module(path: bytes, module: list[bytes]) -> bool:
    *folders, name = path.split(b"/")
    stem = name.partition(b".")[0]
    # A package is its folder: of __init__.py, mod.rs and index.ts, and in Go of any file.
    return any(_ends_in(parts, module) for parts in ([*folders, stem], folders))


def _ends_in(parts: list[bytes], wanted: list[bytes]) -> bool:
    return parts[-len(wanted) :] == wanted


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 80 else f"{text[:60]!r}… ({len(text):,} characters)"


def _either(names: Iterable[str]) -> str:
    return " or ".join(repr(name) for name in names)
