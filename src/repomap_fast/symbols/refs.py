"""Lists what refers to a symbol, uses as a value included: by name, so to every definition of that name.

But not to one of another family of languages, nor where the file imports the name from outside of the repository.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repomap_fast.joining.unread import unread_with
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.screens import Screen
from repomap_fast.symbols.names import find_symbol, qualified
from repomap_fast.symbols.narrow import Totals
from repomap_fast.symbols.places import NO_TAG, Places, find_places, scope_at, without_foreign
from repomap_fast.symbols.source import read_source

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
    kind    call, type, import …; read, write or member for a use as a value, in languages that have them.
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
    named, whole = find_symbol(result, symbol, or_references=True), whole or result
    by_name, n_definitions = find_places(result, named, whole)
    places = without_foreign(result, named, by_name, whole)
    if totals is not None:
        totals = Totals(
            totals.n_references - len(by_name) + len(places), totals.n_files - by_name.n_files + places.n_files
        )
    references, unreadable = _read_lines(result, places, limit or len(places), watch)
    notes = [f"{path} cannot be read" for path in unreadable]
    if n_definitions > 1 and len(places):
        notes.insert(0, f"by name: {n_definitions:,} definitions are called {named.name!r}, and each may be meant")
    if not len(places) and (unread := unread_with(whole, named.name)):
        notes.append(unread)
    definitions = map(result.tag, named.rows[:_MAX_DEFINITIONS].tolist())
    return References(
        symbol=symbol,
        name=named.name,
        definitions=tuple(
            RefersTo(tag.path, tag.line, tag.end_line or tag.line, tag.kind, tag.name, tag.scope) for tag in definitions
        ),
        references=tuple(references),
        n_references=len(places) if totals is None else totals.n_references,
        n_files=places.n_files if totals is None else totals.n_files,
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


def _read_lines(result: ScanResult, places: Places, limit: int, watch: Progress) -> tuple[list[Reference], list[str]]:
    """Return the first of the references, and the files that cannot be read."""
    references: list[Reference] = []
    unreadable: list[str] = []
    file, path, source = -1, "", None
    table = result.tag_table
    for place in range(min(limit, len(places))):
        if places.files[place] != file:
            watch.raise_if_cancelled()
            file = int(places.files[place])
            path = os.fsdecode(result.file_table.paths[file])
            source = _source_at(result, path)
            if source is None:
                unreadable.append(path)
        row, column, tag = int(places.rows[place]), int(places.columns[place]), int(places.tags[place])
        line = "" if source is None or row >= len(source) else _around(source, row, column)
        kind = USE_KINDS[int(places.kinds[place])] if tag == NO_TAG else table.kinds[int(table.kind_ids[tag])]
        references.append(Reference(path, row + 1, column, kind, scope_at(result, places, place), line))
    return references, unreadable


def _source_at(result: ScanResult, path: str) -> SourceLines | None:
    from repomap_fast.paths import encoded

    return read_source(result.contents, encoded(path), result.options.max_file_size)


def _around(source: SourceLines, row: int, column: int) -> str:
    """Return the line; of a long one the part around the name."""
    line = source.line(row, column + _LINE_CHARACTERS)
    if len(line) <= _LINE_CHARACTERS or column < _LINE_CHARACTERS // 2:
        return line[:_LINE_CHARACTERS].strip()
    start = min(column, len(line)) - _LINE_CHARACTERS // 2
    return f"…{line[start : start + _LINE_CHARACTERS]}".strip()
