"""Lists what refers to a symbol, uses as a value included.

In languages that have rules, each site of the name is resolved. In others it is found by name, so it counts for every
definition of that name; but not for one of another family of languages, nor where the file imports the name from
outside of the repository.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.arrow.table import ArrowTable
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.joining.unread import unread_with
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.paths import row_of
from repomap_fast.resolving.meanings import BY_GUESS, BY_NAME, HOWS
from repomap_fast.screens import Screen
from repomap_fast.symbols.common_names import looked_at
from repomap_fast.symbols.families import are_texts
from repomap_fast.symbols.names import Named, find_symbol, qualified
from repomap_fast.symbols.narrow import Totals
from repomap_fast.symbols.places import (
    NO_TAG,
    Places,
    count_definitions,
    find_places,
    no_places,
    scope_at,
    without_foreign,
)
from repomap_fast.symbols.site_columns import Site, Sites
from repomap_fast.symbols.sites import (
    Definition,
    SiteFinder,
    best_files_first,
    how_counts,
    how_line,
    path_of,
)
from repomap_fast.symbols.source import read_source
from repomap_fast.tables import I64, REFERENCE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from repomap_fast.arrow.stream import Column
    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.tables import RowColumn

_LINE_CHARACTERS = 160
"""Of the line of a reference that are shown."""
_MAX_DEFINITIONS = 20
"""Definitions that a result has."""
_DESCRIBED = "object"
"""Kind of the definitions of documents that describe code."""
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
    how     how it was found: scope, import, member, guess (only one class has such a member), name (by its name alone);
            unknown for a site of that name that may refer to the symbol or not.
    """

    path: str
    line: int
    column: int
    kind: str
    scope: str | None
    source: str
    how: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which references are wanted.

    sure   leave out what is guessed.
    tests  True: in tests alone; False: outside of tests; None: both.
    """

    sure: bool = False
    tests: bool | None = None

    def in_files(self, result: ScanResult, files: I64) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return for each of these rows of the file table whether references in it are wanted."""
        if self.tests is None or not len(files):
            return np.ones(len(files), np.bool_)
        different, which = np.unique(files, return_inverse=True)
        is_test = classify_files(result.file_table, different) & int(PathKind.TESTS) != 0
        wanted: np.ndarray[tuple[int], np.dtype[np.bool_]] = (is_test == self.tests)[which]
        return wanted


@dataclass(frozen=True, slots=True)
class RefersTo:
    """A definition that the symbol names."""

    path: str
    line: int
    end_line: int
    kind: str
    name: str
    scope: str | None


@dataclass(frozen=True, slots=True, repr=False)
class References(Screen, ArrowTable):
    """What refers to a symbol. In Arrow ``references`` have the columns of ``tables.REFERENCE_ROWS``.

    symbol         what was asked for.
    name           the name that is referred to.
    definitions    what the symbol names, the best first; no more than 20.
    references     the first of them: code before tests and vendored code, files with more of them before others, then
                   by path and line.
    n_references   how many there are in all; of a name that very many files have, in those that were looked at.
    n_files        in how many files.
    n_definitions  how many definitions have that name; a reference that is found by name may mean any of them.
    unresolved     the first sites of that name that are not resolved: they may refer to the symbol.
    n_unresolved   how many of these there are in all.
    n_guessed      how many references are guessed.
    n_by_how       how many were found in each way that ``how`` of a reference names, the surest first.
    n_others       places that have the name in files that were not looked at, since very many have it; and
    n_other_files  how many files these are. Without a limit all are looked at.
    notes          sentences for the user.
    """

    symbol: str
    name: str
    definitions: tuple[RefersTo, ...]
    references: tuple[Reference, ...]
    n_references: int
    n_files: int
    n_definitions: int
    unresolved: tuple[Reference, ...] = ()
    n_unresolved: int = 0
    n_guessed: int = 0
    n_by_how: dict[str, int] = field(default_factory=dict, hash=False)
    n_others: int = 0
    n_other_files: int = 0
    notes: tuple[str, ...] = ()

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return REFERENCE_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the references as one batch."""
        from repomap_fast.symbols.reference_rows import reference_batch

        yield reference_batch(self.references)

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
    wanted: Wanted | None = None,
    finder: SiteFinder | None = None,
) -> References:
    """Return what refers to ``symbol``. Raises as ``names.find_symbol`` does.

    limit   return no more references, and no more sites that are not resolved; 0 for all. Of a name that very many
            files have, the best of them are looked at, unless all references are wanted.
    whole   a scan of all files, and
    totals  how many references there are in it by name, if the result has only the files that define the symbol and the
            best that refer to it.
    finder  finds them in all files; None for a new one.
    """
    named, whole = find_symbol(result, symbol, or_references=True), whole or result
    wanted = wanted or Wanted()
    finder = finder or SiteFinder(whole, watch)
    resolvable, others = _split(result, named, whole, finder)
    n_definitions = count_definitions(result, named)
    is_of_documents = not resolvable and _are_descriptions(result, others)
    meant = Named(np.empty(0, np.int64), named.name) if is_of_documents else named
    places, dropped = _places_by_name(result, meant, meant.rows if is_of_documents else others, whole)
    kept = places.at(wanted.in_files(result, places.files))
    if totals is None or not len(places):
        totals = Totals(len(kept), kept.n_files)
    else:
        totals = Totals(totals.n_references - dropped.n_references, totals.n_files - dropped.n_files)
    looked = looked_at(whole, finder, resolvable, named.key, limit, partial(wanted.in_files, whole))
    only = None if looked is None else frozenset(looked.files.tolist())
    are_all = len(named.rows) == n_definitions
    referring = finder.referring(resolvable, is_sure=wanted.sure, only=only, are_all=are_all)
    found, unknown = (_chosen(whole, sites, wanted) for sites in referring)
    reader = _LineReader(whole, watch)
    shown = [reader.reference(seen) for seen in _first(_seen_sites(whole, finder, found), limit)]
    rest = limit - len(shown) if limit else len(kept)
    shown += [reader.reference(seen) for seen in _seen_places(result, kept, rest)]
    unresolved = [reader.reference(seen) for seen in _first(_seen_sites(whole, finder, unknown), limit)]
    notes = [f"{path} cannot be read" for path in reader.unreadable]
    if len(others) and n_definitions > 1 and len(places):
        notes.insert(0, f"by name: {n_definitions:,} definitions are called {named.name!r}, and each may be meant")
    if is_of_documents and len(places):
        notes.append(f"only documents say where {named.name!r} is defined: what has its name is listed")
    notes += _notes_on_bases(whole, finder, resolvable)
    if not shown and not unresolved and (unread := unread_with(whole, named.name)):
        notes.append(unread)
    n_by_how = how_counts(HOWS[how] for how in found.hows.tolist())
    if totals.n_references:
        n_by_how[HOWS[BY_NAME]] = n_by_how.get(HOWS[BY_NAME], 0) + totals.n_references
    return References(
        symbol=symbol,
        name=named.name,
        definitions=definitions_of(result, named),
        references=tuple(shown),
        n_references=len(found) + totals.n_references,
        n_files=len(distinct(found.files)) + totals.n_files,
        n_definitions=n_definitions,
        unresolved=tuple(unresolved),
        n_unresolved=len(unknown),
        n_guessed=int(np.count_nonzero(found.hows == BY_GUESS)),
        n_by_how=n_by_how,
        n_others=0 if looked is None else looked.n_others,
        n_other_files=0 if looked is None else looked.n_files,
        notes=tuple(notes),
    )


def _notes_on_bases(whole: ScanResult, finder: SiteFinder, definitions: list[Definition]) -> Iterator[str]:
    """Yield which members of bases the definitions override: who refers to these may reach them too."""
    bases = {base: None for one in definitions[:_MAX_DEFINITIONS] for base in finder.overridden(one)}
    names = [
        f"{path_of(whole, base.file)}::{qualified(finder.describe(base))}" for base in bases if base not in definitions
    ]
    if names:
        more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
        shown = ", ".join(names[:_MAX_NAMED])
        yield f"it overrides {shown}{more}: what refers to that may reach it too"


def definitions_of(result: ScanResult, named: Named) -> tuple[RefersTo, ...]:
    """Return what a symbol names, the best first; no more than 20."""
    tags = map(result.tag, named.rows[:_MAX_DEFINITIONS].tolist())
    return tuple(RefersTo(tag.path, tag.line, tag.end_line or tag.line, tag.kind, tag.name, tag.scope) for tag in tags)


def definitions_in(result: ScanResult, rows: I64, whole: ScanResult) -> list[Definition]:
    """Return definitions, rows of the table of tags of ``result``, by their files in ``whole``."""
    return [one for _, one in _definitions_by_row(result, rows, whole)]


def _definitions_by_row(result: ScanResult, rows: I64, whole: ScanResult) -> Iterator[tuple[int, Definition]]:
    """Yield those of these rows whose files are in ``whole``, each with the definition."""
    offsets = result.file_table.tag_offsets.astype(np.int64)
    files = np.searchsorted(offsets, rows, side="right") - 1
    for row, file in zip(rows.tolist(), files.tolist(), strict=True):
        whole_file = file if result is whole else row_of(whole.file_table.paths, result.file_table.paths[file])
        if whole_file is not None:
            yield row, Definition(whole_file, row - int(offsets[file]))


def reference_lines(found: References, most: int | None = None) -> list[str]:
    """Return the lines of the text: what is referred to, and no more than ``most`` references and unresolved sites."""
    where = f"{found.n_references:,} {_plural(found.n_references, 'reference')} to {found.name!r}"
    in_files = f" in {found.n_files:,} {_plural(found.n_files, 'file')}"
    lines = [f"{where}{in_files}" if found.n_references else f"no {where[2:]}"]
    if found.n_others:
        lines[0] = f"at least {lines[0]}" if found.n_references else f"{lines[0]} in the files that were looked at"
    lines.append(how_line(found.n_by_how, found.n_unresolved))
    if found.n_others:
        lines.append(others_line(found))
    named = found.definitions[:_MAX_NAMED]
    lines += [f"{one.path}:{one.line}-{one.end_line} {one.kind} {qualified(one)}" for one in named]
    if (n_unnamed := len(found.definitions) - len(named)) > 0:
        lines.append(f"… and {n_unnamed}{'' if len(found.definitions) < _MAX_DEFINITIONS else ' or more'} of that name")
    n_all = len(found.references) + len(found.unresolved)
    most = n_all if most is None else most
    shown = found.references[:most]
    if shown:
        lines.append("")
    lines += map(_reference_line, shown)
    if (n_more := found.n_references - len(shown)) and shown:
        lines.append(f"… and {n_more:,} more")
    if found.n_unresolved:
        sites = f"{found.n_unresolved:,} {_plural(found.n_unresolved, 'site')} of that name"
        unresolved = found.unresolved[: most - len(shown)]
        lines += ["", f"{sites} may refer to it, but cannot be resolved{':' if unresolved else ''}"]
        lines += map(_reference_line, unresolved)
        if (n_more := found.n_unresolved - len(unresolved)) and unresolved:
            lines.append(f"… and {n_more:,} more")
    return lines


def others_line(found: References) -> str:
    """Return a line that says what was not looked at."""
    places = f"{found.n_others:,} {_plural(found.n_others, 'place')}"
    files = f"{found.n_other_files:,} more {_plural(found.n_other_files, 'file')}"
    return f"not looked at, since very many have that name: {places} in {files}"


def fitted(found: References, tokens: int) -> References:
    """Return the references with so many of them that the text is within a budget of tokens."""
    most = len(found.references) + len(found.unresolved)
    while most and estimate_tokens("".join(f"{line}\n" for line in reference_lines(found, most))) > tokens:
        most = most * 3 // 4
    references = found.references[:most]
    return replace(found, references=references, unresolved=found.unresolved[: most - len(references)])


def _reference_line(one: Reference) -> str:
    guessed = " (guess)" if one.how == HOWS[BY_GUESS] else ""
    return f"{one.path}:{one.line}{f' in {one.scope}' if one.scope else ''}{guessed}: {one.source}".rstrip()


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


class _Seen(NamedTuple):
    """A place that refers to the symbol, of a file of the whole scan."""

    path: str
    row: int
    column: int
    kind: str
    scope: str | None
    how: str


def _split(result: ScanResult, named: Named, whole: ScanResult, finder: SiteFinder) -> tuple[list[Definition], I64]:
    """Return the definitions to which references are resolved, and the rows of the others."""
    resolvable = []
    others = []
    for row, one in _definitions_by_row(result, named.rows, whole):
        if finder.is_resolved(one):
            resolvable.append(one)
        else:
            others.append(row)
    return resolvable, np.array(others, np.int64)


def _are_descriptions(result: ScanResult, rows: I64) -> bool:
    """Return whether these are descriptions in documents, and nothing else: of a name that a macro puts together."""
    offsets, table = result.file_table.tag_offsets.astype(np.int64), result.sparse_tags
    is_described = bool(len(rows)) and all(table.kinds[int(kind)] == _DESCRIBED for kind in table.kind_ids[rows])
    return is_described and are_texts(result, np.searchsorted(offsets, rows, side="right") - 1)


def _places_by_name(result: ScanResult, named: Named, others: I64, whole: ScanResult) -> tuple[Places, Totals]:
    """Return what refers by name to definitions, rows of the tags, the best files first; and how much was left out of
    it that means something outside.
    """
    if len(named.rows) and not len(others):
        return no_places(), Totals(0, 0)
    by_name = find_places(result, Named(others, named.name), whole)
    places = without_foreign(result, named, by_name, whole)
    return places, Totals(len(by_name) - len(places), by_name.n_files - places.n_files)


def _chosen(whole: ScanResult, sites: Sites, wanted: Wanted) -> Sites:
    is_wanted = wanted.in_files(whole, sites.files)
    return best_files_first(whole, sites.at(np.flatnonzero(is_wanted)))


def _first(seen: Iterator[_Seen], limit: int) -> Iterator[_Seen]:
    for i, one in enumerate(seen):
        if limit and i >= limit:
            return
        yield one


def _seen_sites(whole: ScanResult, finder: SiteFinder, sites: Iterable[Site]) -> Iterator[_Seen]:
    for site in sites:
        path = path_of(whole, site.file)
        yield _Seen(path, site.row, site.column, site.kind, finder.scope_of(site), HOWS[site.how])


def _seen_places(result: ScanResult, places: Places, most: int) -> Iterator[_Seen]:
    table = result.sparse_tags
    for place in range(min(most, len(places))):
        tag = int(places.tags[place])
        kind = USE_KINDS[int(places.kinds[place])] if tag == NO_TAG else table.kinds[int(table.kind_ids[tag])]
        path = path_of(result, int(places.files[place]))
        row, column = int(places.rows[place]), int(places.columns[place])
        yield _Seen(path, row, column, kind, scope_at(result, places, place), HOWS[BY_NAME])


class _LineReader:
    """Reads the lines of references, one file after another."""

    def __init__(self, result: ScanResult, watch: Progress) -> None:
        self._result = result
        self._watch = watch
        self._path: str | None = None
        self._source: SourceLines | None = None
        self.unreadable: dict[str, None] = {}
        """Files that cannot be read."""

    def reference(self, seen: _Seen) -> Reference:
        """Return a place with its line."""
        if seen.path != self._path:
            self._watch.raise_if_cancelled()
            self._path, self._source = seen.path, _source_at(self._result, seen.path)
            if self._source is None:
                self.unreadable[seen.path] = None
        source = self._source
        line = "" if source is None or seen.row >= len(source) else _around(source, seen.row, seen.column)
        return Reference(seen.path, seen.row + 1, seen.column, seen.kind, seen.scope, line, seen.how)


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
