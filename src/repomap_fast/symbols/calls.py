"""Who refers to a definition, and to what it refers itself: definitions, over one step or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from repomap_fast.arrow.table import ArrowTable
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.errors import OptionError
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.resolving.meanings import BY_GUESS, BY_NAME, HOWS
from repomap_fast.screens import Screen
from repomap_fast.symbols.names import find_symbol, qualified
from repomap_fast.symbols.refs import RefersTo, Wanted, definitions_in, definitions_of
from repomap_fast.symbols.site_columns import Site, Sites
from repomap_fast.symbols.sites import TOP, Definition, Referring, SiteFinder, how_counts, how_line, path_of
from repomap_fast.tables import LINKED_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repomap_fast.arrow.stream import Column
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.tables import RowColumn

Direction: TypeAlias = Literal["callers", "callees"]

MAX_DEPTH = 10
"""Steps that are followed."""
MOST_LINKED = 5_000
"""Definitions that are followed; what is beyond is left out, and a note says so."""
_MOST_LINES = 20
_MAX_NAMED = 5


@dataclass(frozen=True, slots=True)
class Linked:
    """A definition that refers to another, or that another refers to.

    path, kind      of the definition; ``file`` for what is at the top of a file; the name is empty then.
    line, end_line  one-based.
    scope           names of the definitions around it, outermost first, joined by dots; None at the top of a file.
    depth           how many steps it is away, from 1.
    via             the definition one step nearer that it is linked to, with the names around it.
    how             how that was found: as of ``Reference``, the surest of all sites.
    lines           the first lines on which the one refers to the other, one-based; no more than 20.
    n_sites         how many sites there are.
    """

    path: str
    line: int
    end_line: int
    kind: str
    name: str
    scope: str | None
    depth: int
    via: str
    how: str
    lines: tuple[int, ...]
    n_sites: int

    @property
    def text(self) -> str:
        """One line."""
        lines = f"{self.line}-{self.end_line}"
        place = self.path if self.kind == "file" else f"{self.path}:{lines} {self.kind} {qualified(self)}"
        via = f" → {self.via}" if self.depth > 1 else ""
        guessed = " (guess)" if self.how == HOWS[BY_GUESS] else ""
        more = ", …" if self.n_sites > len(self.lines) == _MOST_LINES else ""
        on = f"line{'s' if len(self.lines) > 1 else ''} {', '.join(map(str, self.lines))}{more}"
        return f"{'  ' * (self.depth - 1)}{place}{via}{guessed}: {on}"


@dataclass(frozen=True, slots=True, repr=False)
class Calls(Screen, ArrowTable):
    """The definitions that are linked to a symbol. In Arrow ``linked`` have the columns of ``tables.LINKED_ROWS``.

    symbol        what was asked for.
    name          its name.
    direction     ``callers``: what refers to it; ``callees``: what it refers to.
    definitions   what the symbol names, the best first; no more than 20.
    linked        those that are linked to it, nearest first, code before tests, then by path and line.
    n_linked      how many there are in all.
    n_unresolved  sites that may refer to it, or that it has, whose meaning is not known.
    n_by_how      how many definitions were found in each way that ``how`` names, the surest first.
    notes         sentences for the user.
    """

    symbol: str
    name: str
    direction: Direction
    definitions: tuple[RefersTo, ...]
    linked: tuple[Linked, ...]
    n_linked: int
    n_unresolved: int
    n_by_how: dict[str, int] = field(default_factory=dict, hash=False)
    notes: tuple[str, ...] = ()

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return LINKED_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the rows as one batch."""
        from repomap_fast.symbols.reference_rows import linked_batch

        yield linked_batch(self.linked)

    @property
    def text(self) -> str:
        """All of it as text, one definition a line."""
        return "".join(f"{line}\n" for line in call_lines(self))

    def __str__(self) -> str:
        return self.text


def find_calls(
    result: ScanResult,
    symbol: str,
    direction: Direction,
    *,
    depth: int,
    limit: int,
    watch: Progress,
    wanted: Wanted,
) -> Calls:
    """Return what refers to a symbol, or what it refers to inside of the repository.

    depth  steps; ``limit`` definitions are returned, 0 for all.

    Raises as ``names.find_symbol`` does, and OptionError for a depth out of range.
    """
    check_depth(depth)
    named = find_symbol(result, symbol)
    steps = Steps(result, watch, wanted)
    step = steps.callers if direction == "callers" else steps.callees
    linked, is_whole = steps.follow(definitions_in(result, named.rows, result), step, depth)
    return Calls(
        symbol=symbol,
        name=named.name,
        direction=direction,
        definitions=definitions_of(result, named),
        linked=tuple(linked[: limit or None]),
        n_linked=len(linked),
        n_unresolved=len(steps.unresolved),
        n_by_how=how_counts(one.how for one in linked),
        notes=tuple(notes_on(linked, is_whole=is_whole)),
    )


def check_depth(depth: int) -> None:
    """Raise OptionError for a depth out of range."""
    if not 1 <= depth <= MAX_DEPTH:
        raise OptionError(f"depth is {depth}; expected 1 to {MAX_DEPTH}")


def notes_on(linked: list[Linked], *, is_whole: bool) -> list[str]:
    """Return what the user should know of links."""
    notes = [] if is_whole else [f"more than {MOST_LINKED:,} definitions are linked; those beyond are left out"]
    if any(one.how == HOWS[BY_NAME] for one in linked):
        notes.append("by name: in languages without rules, another definition of that name may be meant")
    return notes


def call_lines(found: Calls, most: int | None = None) -> list[str]:
    """Return the lines of the text, with no more than ``most`` definitions."""
    noun = found.direction if found.n_linked != 1 else found.direction[:-1]
    lines = [f"{found.n_linked or 'no'} {noun} of {found.name!r}", how_line(found.n_by_how, found.n_unresolved)]
    named = found.definitions[:_MAX_NAMED]
    lines += [f"{one.path}:{one.line}-{one.end_line} {one.kind} {qualified(one)}" for one in named]
    if (n_unnamed := len(found.definitions) - len(named)) > 0:
        lines.append(f"… and {n_unnamed} of that name")
    shown = found.linked[:most]
    if shown:
        lines.append("")
    lines += [one.text for one in shown]
    if (n_more := found.n_linked - len(shown)) and shown:
        lines.append(f"… and {n_more:,} more")
    if found.n_unresolved:
        sites = f"{found.n_unresolved:,} site{'s' if found.n_unresolved > 1 else ''}"
        ending = "of that name may refer to it" if found.direction == "callers" else "in it may mean more"
        lines += ["", f"{sites} {ending}, but cannot be resolved"]
    return lines


def fitted_calls(found: Calls, tokens: int) -> Calls:
    """Return so many of the definitions that the text is within a budget of tokens."""
    most = len(found.linked)
    while most and estimate_tokens("".join(f"{line}\n" for line in call_lines(found, most))) > tokens:
        most = most * 3 // 4
    return replace(found, linked=found.linked[:most])


class Steps:
    """Goes from definitions to those that are linked to them, one step at a time."""

    def __init__(self, result: ScanResult, watch: Progress, wanted: Wanted) -> None:
        self._result = result
        self._finder = SiteFinder(result, watch)
        self._wanted = wanted
        self._is_first = True
        self._of_names: dict[bytes, dict[Definition, None]] = {}
        """The definitions from which this step goes, by their names."""
        self._referring: dict[Definition, Referring] = {}
        """What refers to those definitions of this step that were asked about."""
        self._unknown_before = Sites()
        self.unresolved: set[Site] = set()
        """Sites that may belong to the first step."""

    def follow(
        self, start: Iterable[Definition], step: Callable[[Definition], dict[Definition, list[Site]]], depth: int
    ) -> tuple[list[Linked], bool]:
        """Return what is linked to some definitions over some steps, the nearest first; and whether that is all."""
        seen = dict.fromkeys(start)
        frontier = list(seen)
        found: list[Linked] = []
        for n_steps in range(1, depth + 1):
            following: list[tuple[Definition, Definition, list[Site]]] = []
            self._begin_step(frontier)
            for one in frontier:
                for other, sites in self._wanted_of(step(one)).items():
                    if other in seen:
                        continue
                    if len(seen) >= MOST_LINKED:
                        return found, False
                    seen[other] = None
                    following.append((other, one, sites))
            self._is_first = False
            found += [self._linked(*one, n_steps) for one in self._in_order(following)]
            frontier = [one for one, _, _ in following if one.tag != TOP]
        return found, True

    def _begin_step(self, frontier: list[Definition]) -> None:
        self._finder.prepare(frontier)
        self._of_names, self._referring = {}, {}
        for one in frontier:
            self._of_names.setdefault(self._finder.name_of(one), {})[one] = None

    def _referring_to(self, definition: Definition) -> Referring:
        if definition not in self._referring:
            alike = self._of_names.get(self._finder.name_of(definition), {})
            asked = alike if definition in alike else [definition]
            self._referring |= self._finder.referring_each(asked, is_sure=self._wanted.sure)
        return self._referring[definition]

    def callers(self, definition: Definition) -> dict[Definition, list[Site]]:
        """Return the definitions that refer to one, each with the sites; imports are none."""
        referring = self._referring_to(definition)
        # Definitions of one name share these.
        if self._is_first and referring.unknown is not self._unknown_before:
            self._unknown_before = referring.unknown
            self.unresolved.update(referring.unknown)
        found: dict[Definition, list[Site]] = {}
        for site in referring.found:
            if site.kind != "import":
                found.setdefault(Definition(site.file, site.around), []).append(site)
        return found

    def reached_by(self, definition: Definition) -> dict[Definition, list[Site]]:
        """Return the definitions that a change of one reaches: its callers, and those of what it overrides."""
        found = self.callers(definition)
        for base in self._finder.overridden(definition):
            for one, sites in self.callers(base).items():
                found.setdefault(one, sites)
        return found

    def callees(self, definition: Definition) -> dict[Definition, list[Site]]:
        """Return the definitions that one refers to, each with the sites."""
        found, unknown = self._finder.referred(definition, is_sure=self._wanted.sure)
        if self._is_first:
            self.unresolved.update(unknown)
        return found

    def _wanted_of(self, found: dict[Definition, list[Site]]) -> dict[Definition, list[Site]]:
        is_wanted = self._wanted.in_files(self._result, np.array([one.file for one in found], np.int64))
        return {one: found[one] for one, is_one in zip(found, is_wanted.tolist(), strict=True) if is_one}

    def _in_order(
        self, linked: list[tuple[Definition, Definition, list[Site]]]
    ) -> list[tuple[Definition, Definition, list[Site]]]:
        """Return them with code before tests, then by path and line."""
        if not linked:
            return linked
        files = np.array([one.file for one, _, _ in linked])
        is_remote = classify_files(self._result.file_table, files) != 0
        order = sorted(range(len(linked)), key=lambda i: (bool(is_remote[i]), linked[i][0]))
        return [linked[i] for i in order]

    def _linked(self, one: Definition, via: Definition, sites: list[Site], depth: int) -> Linked:
        described, nearer = self._finder.describe(one), self._finder.describe(via)
        return Linked(
            path=path_of(self._result, one.file),
            line=described.line,
            end_line=described.end_line,
            kind=described.kind,
            name=described.name,
            scope=described.scope,
            depth=depth,
            via=qualified(nearer),
            how=HOWS[min(site.how for site in sites)],
            lines=tuple(dict.fromkeys(site.row + 1 for site in sites))[:_MOST_LINES],
            n_sites=len(sites),
        )
