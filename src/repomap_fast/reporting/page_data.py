"""The data of the page: as much of a report as the page shows, folded where a repository is large."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from repomap_fast.reporting.files import KINDS
from repomap_fast.reporting.folders import FolderTree
from repomap_fast.reporting.level_graphs import level_graphs, overview_graph
from repomap_fast.unseen import shown_line, shown_text
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from repomap_fast.reporting.files import ReportFile
    from repomap_fast.reporting.level_graphs import LevelGraph
    from repomap_fast.reporting.report import Report

MAX_BYTES_OF_TREE = 1_200_000
"""Of files and folders in the page: the Linux kernel's page stays below 3 MB."""
_BYTES_OF_FILE, _BYTES_OF_FOLDER = 32, 24
"""What one takes beside its name."""
_MAX_NAME = 200
"""Characters of a name."""


def page_data(report: Report) -> dict[str, Any]:
    """Return what the page reads, as JSON takes it."""
    tree, n_folded = _tree(report.files)
    numbers_of = {tree["paths"][i]: i for i in range(len(tree["paths"]))}
    name = _shown(PurePath(report.root).name or report.root)
    return {
        "name": name,
        "state": _state(report),
        "numbers": _numbers(report),
        "kinds": KINDS,
        "languages": [one.name for one in report.languages],
        "nFiles": len(report.files),
        "nFolded": n_folded,
        "nCommits": report.numbers.n_commits,
        "folders": tree["folders"],
        "files": tree["files"],
        "basis": report.folders.basis,
        "overview": _graph(overview_graph(report.overview), numbers_of),
        "graphs": {
            numbers_of[path]: _graph(one, numbers_of)
            for path, one in level_graphs(report.folders).items()
            if path in numbers_of
        },
        "keyFiles": [_texts(asdict(one)) for one in report.key_files],
        "keyDefinitions": [_texts(asdict(one)) for one in report.key_definitions],
        "hotSpots": [_texts(asdict(one)) for one in report.hot_spots],
        "hotNote": _hot_note(report),
        "unused": {
            "note": _unused_note(report),
            "definitions": [_texts(asdict(one)) for one in report.unused.definitions],
        },
        "maps": [{"budget": one.budget, "text": shown_text(utf8_text(one.text))} for one in report.maps],
        "notes": " ".join(f"Note: {_shown(note)}." for note in report.notes),
    }


def _shown(text: str) -> str:
    text = shown_line(utf8_text(text[: 20 * _MAX_NAME]))
    return text if len(text) <= _MAX_NAME else f"{text[: _MAX_NAME - 1]}…"


def _texts(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: shown_line(utf8_text(value)) if isinstance(value, str) else value for key, value in fields.items()}


def _state(report: Report) -> str:
    state = report.state
    commit = "" if state.commit is None else f" · commit {state.commit[:12]}"
    return f"{_shown(report.root)} · newest file of {state.time}{commit}"


def _numbers(report: Report) -> list[tuple[str, str, str]]:
    numbers = report.numbers
    languages = ", ".join(f"{one.name} {one.n_lines / max(numbers.n_lines, 1):.0%}" for one in report.languages[:4])
    cycles = report.folders.cycles
    return [
        ("Files", f"{numbers.n_files:,}", f"and {numbers.n_other_files:,} of no known language"),
        ("Lines", f"{numbers.n_lines:,}", languages),
        ("Definitions", f"{numbers.n_definitions:,}", ""),
        ("References", f"{numbers.n_references:,}", ""),
        ("Commits", f"{numbers.n_commits:,}" if numbers.n_commits else "none", _span(report)),
        ("Cycles", f"{len(cycles):,}", f"of folders; {sum(map(len, cycles)):,} folders are in one"),
        (
            ("Unused", f"{report.unused.n_unused:,}", f"of {report.unused.n_looked_at:,} definitions")
            if report.unused.n_looked_at
            else ("Unused", "unknown", "not looked for")
        ),
    ]


def _span(report: Report) -> str:
    if not report.numbers.n_commits:
        return "no history that may be read"
    return "the last ones" if report.since is None else f"since {report.since}"


def _hot_note(report: Report) -> str:
    if not report.numbers.n_commits:
        return "There is no history of git here that may be read, so nothing is known of changes."
    return (
        "By the product of changes, importance and lines, of code. "
        f"Changes are those of {report.numbers.n_commits:,} commits"
        f"{'' if report.since is None else f' since {report.since}'}; a commit of more than 30 files does not count."
    )


def _unused_note(report: Report) -> str:
    unused = report.unused
    if not unused.n_looked_at:
        return " ".join(f"Note: {note}." for note in unused.notes) or "There are no definitions that could be unused."
    parts = [f"{unused.n_unused:,} of {unused.n_looked_at:,} definitions have no known reference."]
    if unused.n_unsure:
        parts.append(f"Of {unused.n_unsure:,} more it is not known: a reference of that name is not resolved.")
    if unused.n_unused > len(unused.definitions):
        parts.append(f"The first {len(unused.definitions):,} are listed.")
    parts += [f"Note: {note}." for note in unused.notes]
    return " ".join(parts)


def _graph(graph: LevelGraph, numbers_of: dict[str, int]) -> dict[str, Any]:
    return {
        "nodes": [
            (_shown(name), numbers_of.get(one.path, -1), _shown(one.path), one.n_files, one.n_lines, one.is_tests)
            for name, one in zip(graph.names, graph.folders, strict=True)
        ],
        "edges": graph.edges,
        "layers": graph.layers,
        "cycles": graph.cycles,
        "nMore": graph.n_more,
    }


def _tree(files: Sequence[ReportFile]) -> tuple[dict[str, Any], int]:
    """Return folders and files as columns, and how many files were folded into their folders.

    Files that are large or matter come first, until the page has no room for more.
    """
    by_lines = sorted(range(len(files)), key=lambda i: (-files[i].n_lines, i))
    rank = [0] * len(files)
    for position, i in enumerate(by_lines):
        rank[i] = min(position + 1, files[i].place)
    tree, kept = FolderTree(), []
    room = MAX_BYTES_OF_TREE
    for i in sorted(range(len(files)), key=lambda i: (rank[i], i)):
        *folders, name = files[i].path.split("/")
        _, n_known = tree.find(folders)
        cost = (
            _BYTES_OF_FILE
            + min(len(name), _MAX_NAME)
            + sum(_BYTES_OF_FOLDER + min(len(one), _MAX_NAME) for one in folders[n_known:])
        )
        if cost > room:
            break
        room -= cost
        kept.append((i, tree.add(folders)))
    folded, folded_lines, folded_changes = ([0] * len(tree) for _ in range(3))
    is_kept = bytearray(len(files))
    for i, _ in kept:
        is_kept[i] = 1
    for i, file in enumerate(files):
        if not is_kept[i]:
            nearest, _ = tree.find(file.path.split("/")[:-1])
            folded[nearest] += 1
            folded_lines[nearest] += file.n_lines
            folded_changes[nearest] += file.n_changes
    languages = {name: number for number, name in enumerate(_languages(files))}
    rows = [files[i] for i, _ in kept]
    return {
        "paths": [tree.path(number) for number in range(len(tree))],
        "folders": {
            "names": [_shown(name) for name in tree.names],
            "parents": tree.parents,
            "folded": folded,
            "foldedLines": folded_lines,
            "foldedChanges": folded_changes,
        },
        "files": {
            "folders": [folder for _, folder in kept],
            "names": [_shown(file.path.rpartition("/")[2]) for file in rows],
            "lines": [file.n_lines for file in rows],
            "levels": [level_of(file.importance * len(files)) for file in rows],
            "places": [file.place for file in rows],
            "changes": [file.n_changes for file in rows],
            "kinds": [KINDS.index(file.kind) for file in rows],
            "languages": [languages[file.language] for file in rows],
        },
    }, len(files) - len(kept)


def _languages(files: Iterable[ReportFile]) -> list[str]:
    lines: Counter[str] = Counter()
    for file in files:
        lines[file.language] += file.n_lines
    return sorted(lines, key=lambda name: (-lines[name], name))


def level_of(multiple: float) -> int:
    """Return from 0 to 100 how much a file matters: 50 for the mean, 100 from a hundred times of it on."""
    return 0 if multiple <= 0 else min(100, max(0, round(50 + 25 * math.log10(multiple))))
