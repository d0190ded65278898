"""What a change can reach: the definitions that refer to what changed, over some steps, and the tests among them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.table import ArrowTable
from repomap_fast.discovery.git_changes import changed_rows
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.errors import OptionError
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.paths import row_of
from repomap_fast.screens import Screen
from repomap_fast.symbols.calls import Linked, Steps, check_depth, notes_on
from repomap_fast.symbols.names import files_at, find_symbol, qualified
from repomap_fast.symbols.refs import RefersTo, Wanted, definitions_in
from repomap_fast.symbols.sites import Definition, SiteFinder, how_counts, how_line, path_of
from repomap_fast.tables import LINKED_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repomap_fast.arrow.stream import Column
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.tables import I64, RowColumn

DEFAULT_DEPTH = 3
_MOST_CHANGED = 1_000
"""Definitions that are followed from the start."""
_MAX_NAMED = 10


@dataclass(frozen=True, slots=True, repr=False)
class Impact(Screen, ArrowTable):
    """What a change of some definitions can reach. In Arrow it has the columns of ``tables.LINKED_ROWS``.

    target        the symbol or file that was asked for, or ``since REV``.
    definitions   the first of those that change; no more than 1,000.
    n_definitions  how many there are in all.
    reached       definitions outside of tests that refer to them, over some steps, the nearest first.
    tests         definitions in tests that do.
    n_reached     how many are reached outside of tests; ``n_tests`` in tests.
    n_files       in how many files all of these are.
    n_unresolved  sites that may refer to what changes, and are not resolved.
    n_by_how      how many definitions were found in each way that ``how`` names, the surest first.
    notes         sentences for the user.
    """

    target: str
    definitions: tuple[RefersTo, ...]
    n_definitions: int
    reached: tuple[Linked, ...]
    tests: tuple[Linked, ...]
    n_reached: int
    n_tests: int
    n_files: int
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

        yield linked_batch(self.reached, self.tests)

    @property
    def text(self) -> str:
        """All of it as text."""
        return "".join(f"{line}\n" for line in impact_lines(self))

    def __str__(self) -> str:
        return self.text


def find_impact(
    result: ScanResult,
    target: str | None,
    changed: str | bool,
    *,
    depth: int,
    limit: int,
    watch: Progress,
    wanted: Wanted,
) -> Impact:
    """Return what a change of a symbol, of a file, or of what changed in git can reach.

    target   a symbol, or a file or folder; None for what changed.
    changed  True: in git since the commit that is checked out; a text: since that commit.
    depth    steps; ``limit`` definitions are returned, and as many in tests; 0 for all.

    Raises as ``names.find_symbol`` and ``git_changes.changed_rows`` do, and OptionError for a depth out of range.
    """
    check_depth(depth)
    if (target is None) == (changed is False):
        raise OptionError("expected a symbol or a file, or --changed, and not both")
    finder = SiteFinder(result, watch)
    if target is not None:
        label, start = target, _definitions_of(result, finder, target)
    else:
        revision = None if changed is True else str(changed)
        label, start = f"since {revision or 'HEAD'}", _changed(result, finder, revision, watch)
    kept = start[:_MOST_CHANGED]
    # A way to a test may lead over what is none: all are followed, and what is wanted is taken at the end.
    steps = Steps(result, watch, replace(wanted, tests=None))
    linked, is_whole = steps.follow(kept, steps.reached_by, depth)
    reached: list[Linked] = []
    tests: list[Linked] = []
    for one, is_test in zip(linked, _are_tests(result, linked), strict=True):
        if wanted.tests in (None, is_test):
            (tests if is_test else reached).append(one)
    notes = notes_on(linked, is_whole=is_whole)
    if wanted.tests is not None:
        notes.append("only tests are listed" if wanted.tests else "tests are left out")
    if len(kept) < len(start):
        notes.append(f"{len(start):,} definitions change; the first {len(kept):,} are followed")
    return Impact(
        target=label,
        definitions=tuple(_described(result, finder, one) for one in kept),
        n_definitions=len(start),
        reached=tuple(reached[: limit or None]),
        tests=tuple(tests[: limit or None]),
        n_reached=len(reached),
        n_tests=len(tests),
        n_files=len({one.path for one in (*reached, *tests)}),
        n_unresolved=len(steps.unresolved),
        n_by_how=how_counts(one.how for one in (*reached, *tests)),
        notes=tuple(notes),
    )


def impact_lines(found: Impact, most: int | None = None) -> list[str]:
    """Return the lines of the text, with no more than ``most`` definitions of each sort."""
    if not found.n_definitions:
        return [f"nothing that is defined changed {found.target}"]
    noun = "definition changes" if found.n_definitions == 1 else "definitions change"
    lines = [f"{found.n_definitions:,} {noun}", how_line(found.n_by_how, found.n_unresolved)]
    named = found.definitions[:_MAX_NAMED]
    lines += [f"{one.path}:{one.line}-{one.end_line} {one.kind} {qualified(one)}" for one in named]
    if n_more := found.n_definitions - len(named):
        lines.append(f"… and {n_more:,} more")
    for title, linked, n_all in (("reached", found.reached, found.n_reached), ("tests", found.tests, found.n_tests)):
        shown = linked[:most]
        lines += ["", f"{title}: {n_all:,}" if n_all else f"{title}: none"]
        lines += [one.text for one in shown]
        if (n_more := n_all - len(shown)) and shown:
            lines.append(f"… and {n_more:,} more")
    if found.n_unresolved:
        sites = f"{found.n_unresolved:,} site{'s' if found.n_unresolved > 1 else ''}"
        lines += ["", f"{sites} may refer to what changes, but cannot be resolved"]
    return lines


def fitted_impact(found: Impact, tokens: int) -> Impact:
    """Return so many of the definitions that the text is within a budget of tokens."""
    most = max(len(found.reached), len(found.tests))
    while most and estimate_tokens("".join(f"{line}\n" for line in impact_lines(found, most))) > tokens:
        most = most * 3 // 4
    return replace(found, reached=found.reached[:most], tests=found.tests[:most])


def _definitions_of(result: ScanResult, finder: SiteFinder, target: str) -> list[Definition]:
    """Return what a symbol names, or else all that the files at a path define."""
    files = files_at(result, target)
    if len(files):
        return [one for file in files.tolist() for one in finder.definitions_of(file)]
    return definitions_in(result, find_symbol(result, target).rows, result)


def _changed(result: ScanResult, finder: SiteFinder, revision: str | None, watch: Progress) -> list[Definition]:
    found: list[Definition] = []
    for path, rows in changed_rows(os.fsencode(result.root), revision, watch).items():
        file = row_of(result.file_table.paths, path)
        if file is not None:
            found += finder.definitions_of(file) if rows is None else finder.definitions_at(file, rows)
    return found


def _are_tests(result: ScanResult, linked: list[Linked]) -> list[bool]:
    paths = result.file_table.paths
    files: I64 = np.array([row_of(paths, os.fsencode(one.path)) or 0 for one in linked], np.int64)
    if not len(files):
        return []
    return [bool(kinds & PathKind.TESTS) for kinds in classify_files(result.file_table, files).tolist()]


def _described(result: ScanResult, finder: SiteFinder, one: Definition) -> RefersTo:
    described = finder.describe(one)
    path = path_of(result, one.file)
    return RefersTo(path, described.line, described.end_line, described.kind, described.name, described.scope)
