"""Lists what refers to a symbol: by name, so to every definition of that name.

But not to one of another family of languages, nor where the file imports the name from outside of the repository.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct_places
from repomap_fast.joining.join import find_names
from repomap_fast.ranking.path_kinds import classify_paths
from repomap_fast.resolving.bindings import files_with_foreign
from repomap_fast.screens import Screen
from repomap_fast.symbols.families import families_of_tags
from repomap_fast.symbols.names import Named, find_symbol, qualified
from repomap_fast.symbols.narrow import Totals
from repomap_fast.symbols.source import read_source
from repomap_fast.tables import I64, ROLE_REFERENCE

if TYPE_CHECKING:
    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress

_LINE_CHARACTERS = 160
"""Of the line of a reference that are shown."""
_MAX_DEFINITIONS = 20
"""Definitions that a result has."""
_MAX_NAMED = 5
"""Of these, how many its text has."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One place that refers to the name.

    path    below the root.
    line    one-based; ``column`` zero-based, in bytes of the UTF-8 text.
    kind    call, type, import …
    scope   names of the definitions around it, outermost first, joined by dots; None at the top of a file.
    source  the line as it is now, without the space around it; its first 160 characters. Empty where the file cannot be
            read.
    """

    path: str
    line: int
    column: int
    kind: str
    scope: str | None
    source: str


@dataclass(frozen=True, slots=True)
class RefersTo:
    """A definition that the references may mean: one of that name."""

    path: str
    line: int
    end_line: int
    kind: str
    name: str
    scope: str | None


@dataclass(frozen=True, slots=True, repr=False)
class References(Screen):
    """What refers to a symbol, by name.

    symbol         what was asked for.
    name           the name that is referred to.
    definitions    what the symbol names, the best first; no more than 20.
    references     the first of them: code before tests and vendored code, files with more of them before others, then
                   by path and line.
    n_references   how many there are in all.
    n_files        in how many files.
    n_definitions  how many definitions have that name: a reference may mean any of them.
    notes          sentences for the user.
    """

    symbol: str
    name: str
    definitions: tuple[RefersTo, ...]
    references: tuple[Reference, ...]
    n_references: int
    n_files: int
    n_definitions: int
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it as text, one reference a line."""
        return "".join(f"{line}\n" for line in reference_lines(self))

    def __str__(self) -> str:
        return self.text


def find_references(
    result: ScanResult,
    symbol: str,
    *,
    limit: int,
    watch: Progress,
    whole: ScanResult | None = None,
    totals: Totals | None = None,
) -> References:
    """Return what refers to ``symbol``. Raises as ``names.find_symbol`` does.

    limit   return no more references; 0 for all.
    whole   a scan of all files, and
    totals  how many references there are in it, if the result has only the files that define the symbol and the best
            that refer to it.
    """
    named = find_symbol(result, symbol, or_references=True)
    by_name, n_definitions = _rows_named(result, named)
    rows = _without_foreign(result, named, by_name, whole or result)
    n_files, ordered = _best_files_first(result, rows)
    if totals is not None:
        totals = Totals(
            totals.n_references - len(by_name) + len(rows),
            totals.n_files - _best_files_first(result, by_name)[0] + n_files,
        )
    references, unreadable = _read_lines(result, ordered[: limit or len(ordered)], watch)
    notes = [f"{path} cannot be read" for path in unreadable]
    if n_definitions > 1 and len(rows):
        notes.insert(0, f"by name: {n_definitions:,} definitions are called {named.name!r}, and each may be meant")
    definitions = map(result.tag, named.rows[:_MAX_DEFINITIONS].tolist())
    return References(
        symbol=symbol,
        name=named.name,
        definitions=tuple(
            RefersTo(tag.path, tag.line, tag.end_line or tag.line, tag.kind, tag.name, tag.scope) for tag in definitions
        ),
        references=tuple(references),
        n_references=len(rows) if totals is None else totals.n_references,
        n_files=n_files if totals is None else totals.n_files,
        n_definitions=n_definitions,
        notes=tuple(notes),
    )


def reference_lines(found: References, most: int | None = None) -> list[str]:
    """Return the lines of the text: what is referred to, and no more than ``most`` references."""
    where = f"{found.n_references:,} {_plural(found.n_references, 'reference')} to {found.name!r}"
    lines = [
        f"{where} in {found.n_files:,} {_plural(found.n_files, 'file')}" if found.n_references else f"no {where[2:]}"
    ]
    named = found.definitions[:_MAX_NAMED]
    lines += [f"{one.path}:{one.line}-{one.end_line} {one.kind} {qualified(one)}" for one in named]
    if (n_unnamed := len(found.definitions) - len(named)) > 0:
        lines.append(f"… and {n_unnamed}{'' if len(found.definitions) < _MAX_DEFINITIONS else ' or more'} of that name")
    shown = found.references[: len(found.references) if most is None else most]
    if shown:
        lines.append("")
    for one in shown:
        lines.append(f"{one.path}:{one.line}{f' in {one.scope}' if one.scope else ''}: {one.source}".rstrip())
    if (n_more := found.n_references - len(shown)) and shown:
        lines.append(f"… and {n_more:,} more")
    return lines


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _rows_named(result: ScanResult, named: Named) -> tuple[I64, int]:
    """Return the rows of the references to a symbol's name, and how many definitions they may mean.

    A reference means no definition of another family of languages.
    """
    table, key = result.tag_table, named.name.encode("utf-8", "surrogatepass")
    (name_id,) = find_names([key], table.name_slots, table.name_seed, table.names.offsets, table.names.data)
    if name_id < 0:
        return np.empty(0, np.int64), 0
    rows = np.flatnonzero(table.name_ids == name_id)
    if len(named.rows):
        rows = rows[np.isin(families_of_tags(result, rows), families_of_tags(result, named.rows))]
    is_reference = table.roles[rows] == ROLE_REFERENCE
    return rows[is_reference], int(np.count_nonzero(~is_reference))


def _without_foreign(result: ScanResult, named: Named, rows: I64, whole: ScanResult) -> I64:
    """Return the references but those whose file imports the name from outside of the repository.

    Members of that name (``x.name``) may be ours all the same.
    """
    if not len(rows) or not len(named.rows):
        return rows
    foreign = files_with_foreign(result, named.name.encode("utf-8", "surrogatepass"), whole)
    foreign -= set(_files_of(result, named.rows).tolist())
    if not foreign:
        return rows
    files = _files_of(result, rows)
    is_kept = np.ones(len(rows), np.bool_)
    for file in sorted(foreign):
        source = read_source(result.root, result.file_table.paths[file], result.options.max_file_size)
        for place in np.flatnonzero(files == file).tolist():
            is_kept[place] = source is not None and _is_member(source, result, int(rows[place]))
    return rows[is_kept]


def _is_member(source: SourceLines, result: ScanResult, row: int) -> bool:
    """Return whether the name stands behind what it is a member of."""
    line, column = int(result.tag_table.rows[row]), int(result.tag_table.columns[row])
    if line >= len(source):
        return False
    before = source.line(line, column).encode("utf-8", "replace")[:column].rstrip()
    return before.endswith((b".", b"->", b"::"))


def _files_of(result: ScanResult, rows: I64) -> I64:
    offsets = result.file_table.tag_offsets.astype(np.int64)
    return np.searchsorted(offsets, rows, side="right") - 1


def _best_files_first(result: ScanResult, rows: I64) -> tuple[int, I64]:
    """Return in how many files the tags are, and the tags, those of files that matter more first."""
    if not len(rows):
        return 0, rows
    file_ids = _files_of(result, rows)
    first, which = distinct_places(file_ids.astype(np.uint32))
    is_remote = classify_paths(result.file_table.paths.rows(file_ids[first])) != 0
    counts = np.bincount(which)
    return len(first), rows[np.lexsort((rows, -counts[which], is_remote[which]))]


def _read_lines(result: ScanResult, rows: I64, watch: Progress) -> tuple[list[Reference], list[str]]:
    """Return the references in these rows, and the files that cannot be read."""
    references: list[Reference] = []
    unreadable: list[str] = []
    path, source = None, None
    for row in rows.tolist():
        tag = result.tag(row)
        if tag.path != path:
            watch.raise_if_cancelled()
            path, source = tag.path, _source_at(result, tag.path)
            if source is None:
                unreadable.append(path)
        line = "" if source is None or tag.line > len(source) else _around(source, tag.line - 1, tag.column)
        references.append(Reference(tag.path, tag.line, tag.column, tag.kind, tag.scope, line))
    return references, unreadable


def _source_at(result: ScanResult, path: str) -> SourceLines | None:
    from repomap_fast.paths import encoded

    return read_source(result.root, encoded(path), result.options.max_file_size)


def _around(source: SourceLines, row: int, column: int) -> str:
    """Return the line; of a long one the part around the name."""
    line = source.line(row, column + _LINE_CHARACTERS)
    if len(line) <= _LINE_CHARACTERS or column < _LINE_CHARACTERS // 2:
        return line[:_LINE_CHARACTERS].strip()
    start = min(column, len(line)) - _LINE_CHARACTERS // 2
    return f"…{line[start : start + _LINE_CHARACTERS]}".strip()
