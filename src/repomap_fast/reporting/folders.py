"""The folders of a repository as a tree, and which of them refer to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from repomap_fast.resolving.cycles import find_cycles
from repomap_fast.resolving.resolve import resolve_imports
from repomap_fast.resolving.source_tree import INSIDE

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.reporting.files import ReportFile

ROOT = 0
"""Number of the folder that holds all."""
MOST_IN_OVERVIEW = 24
"""Folders of the overview: more do not fit on a screen with their names."""
Basis = Literal["imports", "names", "nothing"]
Edges = Mapping[tuple[int, int], int]
"""How often a folder refers to another one."""


@dataclass(slots=True)
class FolderTree:
    """Folders, numbered so that each comes after the one that holds it.

    names     of each folder, the last part of its path; that of the root is empty.
    parents   number of the folder that holds it; -1 for the root.
    of_files  for each file the folder that it lies in.
    """

    names: list[str] = field(default_factory=lambda: [""])
    parents: list[int] = field(default_factory=lambda: [-1])
    of_files: list[int] = field(default_factory=list)
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, paths: Iterable[str]) -> FolderTree:
        """Return the tree of these files. Its time is linear in their bytes."""
        tree = cls()
        for path in paths:
            tree.of_files.append(tree.add(path.split("/")[:-1]))
        return tree

    def __len__(self) -> int:
        return len(self.names)

    def add(self, parts: list[str]) -> int:
        """Return the number of the folder that has these names on its path; it is made if it is new."""
        number = ROOT
        for name in parts:
            key = number, name
            if key not in self._numbers:
                self._numbers[key] = len(self.names)
                self.names.append(name)
                self.parents.append(number)
            number = self._numbers[key]
        return number

    def find(self, parts: list[str]) -> tuple[int, int]:
        """Return the innermost folder on this path that there is, and how many of the names lead to it."""
        number = ROOT
        for i, name in enumerate(parts):
            inner = self._numbers.get((number, name))
            if inner is None:
                return number, i
            number = inner
        return number, len(parts)

    def path(self, number: int) -> str:
        """Return the path of a folder below the root, "." for the root."""
        parts = []
        while number != ROOT:
            parts.append(self.names[number])
            number = self.parents[number]
        return "/".join(reversed(parts)) or "."

    def children(self) -> list[list[int]]:
        """Return for each folder the folders in it."""
        found: list[list[int]] = [[] for _ in self.names]
        for number, parent in enumerate(self.parents[1:], 1):
            found[parent].append(number)
        return found

    def sums(self, numbers: Iterable[int]) -> list[int]:
        """Return for each folder the sum of a number over all files in and below it."""
        totals = [0] * len(self)
        for folder, number in zip(self.of_files, numbers, strict=True):
            totals[folder] += number
        for folder in range(len(self) - 1, ROOT, -1):
            totals[self.parents[folder]] += totals[folder]
        return totals


def counted(n: int, noun: str) -> str:
    """Return ``1 file``, ``2,000 files``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a graph.

    path      below the root; "." for the files of the root.
    n_files   files of it, and of the folders below it that the graph does not have.
    n_lines   of these files.
    is_tests  whether most of these lines are of tests.
    """

    path: str
    n_files: int
    n_lines: int
    is_tests: bool


@dataclass(frozen=True, slots=True)
class FolderEdge:
    """A folder that refers to another one.

    source, target  paths of the folders.
    n_references    how often: imports, or references by name.
    is_in_cycle     whether the target leads back to the source.
    """

    source: str
    target: str
    n_references: int
    is_in_cycle: bool


@dataclass(frozen=True, slots=True)
class FolderGraph:
    """Folders and who refers to whom.

    basis   ``imports``: each edge stands for imports that are resolved; ``names``: for references to names that one
            file alone defines, where no import leads to a file here; ``nothing``: there are neither.
    cycles  groups of folders that all reach each other, the largest first.
    """

    basis: Basis
    folders: tuple[Folder, ...]
    edges: tuple[FolderEdge, ...]
    cycles: tuple[tuple[str, ...], ...]


def find_edges(result: ScanResult, tree: FolderTree, watch: Progress) -> tuple[Basis, Edges]:
    """Return which folders refer to which, and by what that is known.

    tree  of the files that have a language. An import of several files counts once for each of their folders.

    Raises ScanCancelled, IndexDamagedError.
    """
    resolved = resolve_imports(result, watch)
    rows = result.file_table.rows_with_language()
    folder_at = np.full(len(result.file_table), -1, np.int64)
    folder_at[rows] = tree.of_files
    edges: Counter[tuple[int, int]] = Counter()
    for row, found in zip(resolved.rows.tolist(), resolved.found, strict=True):
        if found.place == INSIDE:
            source = int(folder_at[row])
            for target in {int(folder_at[file]) for file in found.files}:
                if target not in (source, -1):
                    edges[source, target] += 1
    if edges:
        return "imports", edges
    by_name = _edges_by_name(result, tree)
    return ("names", by_name) if by_name else ("nothing", {})


def _edges_by_name(result: ScanResult, tree: FolderTree) -> Edges:
    """Return which folders refer to names that one file alone defines, in another folder."""
    graph = result.graph
    definers = np.full(graph.n_shared, -1, np.int64)
    files = np.repeat(np.arange(len(graph)), np.diff(graph.definer_offsets).astype(np.int64))
    definers[graph.definer_names] = files
    definers[graph.definer_counts() != 1] = -1
    targets = definers[graph.reference_names]
    sources = np.repeat(np.arange(len(graph)), np.diff(graph.reference_offsets).astype(np.int64))
    folders = np.array(tree.of_files, np.int64)
    known = targets >= 0
    pairs = folders[sources[known]] * len(tree) + folders[targets[known]]
    distinct, which = np.unique(pairs, return_inverse=True)
    counts = np.bincount(which, graph.reference_counts[known], minlength=len(distinct)).astype(np.int64)
    found = zip((distinct // len(tree)).tolist(), (distinct % len(tree)).tolist(), counts.tolist(), strict=True)
    return {(source, target): count for source, target, count in found if source != target}


def overview_folders(tree: FolderTree, n_lines: Iterable[int]) -> list[int]:
    """Return for each folder the one that stands for it in the overview.

    The largest folder is replaced by those in it until there are as many as a screen has room for. Where a folder is
    replaced, it stands for the files that lie in it directly.
    """
    totals, children = tree.sums(n_lines), tree.children()
    has_files = [False] * len(tree)
    for folder in tree.of_files:
        has_files[folder] = True
    shown, closed = {ROOT}, {ROOT}
    while closed:
        largest = max(closed, key=lambda one: (totals[one], -one))
        closed.discard(largest)
        inner = children[largest]
        if len(shown) + len(inner) - (not has_files[largest]) > MOST_IN_OVERVIEW:
            continue
        if not has_files[largest] and inner:
            shown.discard(largest)
        shown.update(inner)
        closed.update(inner)
    stands_for = [ROOT] * len(tree)
    for folder in range(1, len(tree)):
        stands_for[folder] = folder if folder in shown else stands_for[tree.parents[folder]]
    return stands_for


def make_graph(
    tree: FolderTree, files: Iterable[ReportFile], basis: Basis, edges: Edges, stands_for: list[int] | None = None
) -> FolderGraph:
    """Return the graph of all folders that have files.

    stands_for  for each folder the one that stands for it; None: each for itself.
    """
    node_of = stands_for or list(range(len(tree)))
    n_files: Counter[int] = Counter()
    n_lines: Counter[int] = Counter()
    of_tests: Counter[int] = Counter()
    for folder, file in zip(tree.of_files, files, strict=True):
        node = node_of[folder]
        n_files[node] += 1
        n_lines[node] += file.n_lines
        of_tests[node] += file.n_lines if file.kind == "tests" else 0
    joined: Counter[tuple[int, int]] = Counter()
    for (source, target), count in edges.items():
        if node_of[source] != node_of[target]:
            joined[node_of[source], node_of[target]] += count
    cycles = cycles_of(joined)
    group = {node: number for number, cycle in enumerate(cycles) for node in cycle}
    paths = {node: tree.path(node) for node in n_files}
    return FolderGraph(
        basis=basis,
        folders=tuple(
            Folder(paths[node], n_files[node], n_lines[node], 2 * of_tests[node] > n_lines[node])
            for node in sorted(n_files, key=paths.__getitem__)
        ),
        edges=tuple(
            FolderEdge(paths[source], paths[target], count, source in group and group[source] == group.get(target))
            for (source, target), count in sorted(joined.items(), key=lambda one: (-one[1], one[0]))
        ),
        cycles=tuple(tuple(sorted(paths[node] for node in cycle)) for cycle in cycles),
    )


def cycles_of(edges: Edges) -> list[list[int]]:
    """Return groups of folders that all reach each other, the largest first."""
    following: dict[int, list[int]] = {}
    for source, target in edges:
        following.setdefault(source, []).append(target)
    return find_cycles(following)
