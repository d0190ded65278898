"""What a map shows, read from its text alone: the same reading for every contender.

A map is sections, a path and a colon, then rows of the file after ``│``, with ``⋮`` where rows are left out; or lines
that begin with the number of a row. A path without either shows nothing. Rows are cut, and may occur twice in a file: a
run of rows between two ``⋮`` is looked for in the file as a whole, each run below the one before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.map_quality.commits import ChangedFile
from repomap_fast.joining.path_kinds import classify_paths
from repomap_fast.tables import StringTable

_NUMBERED = re.compile(r" *([0-9]+)(?:-[0-9]+)? ")
CUT = 99
"""How many characters of a row are compared: maps cut their lines at 100, the bar included."""


def runs_by_path(text: str) -> dict[str, list[list[str]]]:
    """Return the runs of rows that a map shows of each path, in order; a path that is only named is left out."""
    sections: dict[str, list[list[str]]] = {}
    runs: list[list[str]] | None = None
    is_open = False
    for line in text.split("\n"):
        if line.startswith("│"):
            if runs is not None:
                if not is_open:
                    runs.append([])
                runs[-1].append(line[1:])
                is_open = True
        elif line.startswith("⋮"):
            is_open = False
        elif line.endswith(":"):
            runs = sections.setdefault(line[:-1], [])
            is_open = False
        elif line:
            runs = None
    return {path: runs for path, runs in sections.items() if runs}


def numbered_rows_by_path(text: str) -> dict[str, set[int]]:
    """Return the rows, from 0, that a map shows of each path by their numbers."""
    sections: dict[str, set[int]] = {}
    rows: set[int] = set()
    before = ""
    for line in text.split("\n"):
        numbered = _NUMBERED.match(line)
        if not before and line.endswith(":"):
            rows = sections.setdefault(line[:-1], set())
        elif not line:
            rows = set()
        elif numbered is not None:
            rows.add(int(numbered[1]) - 1)
        before = line
    return {path: rows for path, rows in sections.items() if rows}


def shown_rows(runs: Sequence[Sequence[str]], source: Sequence[str]) -> set[int]:
    """Return the rows of ``source`` that the runs are; a run that is not found counts for nothing."""
    rows: set[int] = set()
    heads = [line[:CUT].rstrip() for line in source]
    at = 0
    for run in runs:
        wanted = [line[:CUT].rstrip() for line in run]
        place = next((i for i in range(at, len(heads) - len(wanted) + 1) if heads[i : i + len(wanted)] == wanted), None)
        if place is not None:
            rows.update(range(place, place + len(wanted)))
            at = place + len(wanted)
    return rows


def paths_outside_tests(files: Iterable[ChangedFile]) -> set[str]:
    """Return the paths that are of no kind: no tests, nothing vendored or generated, no examples."""
    paths = sorted({file.path for file in files})
    kinds = classify_paths(StringTable.from_strings([os.fsencode(path) for path in paths]))
    return {path for path, kind in zip(paths, kinds.tolist(), strict=True) if kind == 0}


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of what a commit changed a map shows.

    n_outside_tests         changed definitions that are shown, outside tests, vendored, generated and example code.
    n_files                 changed files of which at least one definition is shown.
    n_definitions           changed definitions whose name's row is shown.
    n_known, n_known_shown  changed definitions that aider's tagger knows too, and those of them that are shown.
    n_files_in_map          files of which the map shows rows.
    missed                  the changed files that are not shown.
    """

    n_files: int
    n_definitions: int
    n_outside_tests: int
    n_known: int
    n_known_shown: int
    n_files_in_map: int
    missed: tuple[str, ...]


def judge(
    text: str,
    files: Sequence[ChangedFile],
    sources: Mapping[str, Sequence[str]],
    aider_rows: Mapping[str, Sequence[int]],
) -> Shown:
    """Look for what a commit changed in a map.

    ``aider_rows`` are the rows of what aider's tagger takes for definitions in each changed file. A file is shown if a
    row is that either tagger takes for a definition's, so that neither map is judged by the other's idea of one.
    """
    sections, numbered = runs_by_path(text), numbered_rows_by_path(text)
    n_definitions = n_outside_tests = n_known = n_known_shown = 0
    outside_tests = paths_outside_tests(files)
    missed = []
    for file in files:
        rows = shown_rows(sections[file.path], sources[file.path]) if file.path in sections else set()
        rows = rows | numbered.get(file.path, set())
        known = set(aider_rows.get(file.path, ()))
        if rows.isdisjoint(known | {row for _, row, _, _ in file.definitions}):
            missed.append(file.path)
        for place in file.changed:
            row = file.definitions[place][1]
            n_definitions += row in rows
            n_outside_tests += row in rows and file.path in outside_tests
            n_known += row in known
            n_known_shown += row in known & rows
    return Shown(
        len(files) - len(missed),
        n_definitions,
        n_outside_tests,
        n_known,
        n_known_shown,
        len(sections | numbered),
        tuple(missed),
    )
