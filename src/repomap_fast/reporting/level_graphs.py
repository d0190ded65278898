"""The graphs of the page: that of the overview, and for each folder which of its parts refer to which.

A reference between two folders belongs to the innermost folder that holds both, and to no other: all graphs together
have no more edges than there are pairs of folders.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repomap_fast.reporting.folders import Folder, FolderTree, cycles_of
from repomap_fast.reporting.layers import arrange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.reporting.folders import FolderGraph

MAX_IN_GRAPH = 40
"""Folders of a graph, those of most references."""
MAX_EDGES = 20_000
"""Edges of all graphs, those of most references."""
_MOST_PARTS = 8
"""Of a path, at its end, by which it is named."""
HERE, TOP = "(its own files)", "(top)"


@dataclass(frozen=True, slots=True)
class LevelGraph:
    """Folders that refer to each other, placed.

    folders  the path of each is that below the root.
    names    by which the page shows them.
    edges    source and target as numbers of folders, how often, and whether they reach each other.
    layers   numbers of folders: most edges lead from one layer to a later one.
    cycles   groups of folders that all reach each other.
    n_more   folders that are left out.
    """

    folders: tuple[Folder, ...]
    names: tuple[str, ...]
    edges: tuple[tuple[int, int, int, bool], ...]
    layers: tuple[tuple[int, ...], ...]
    cycles: tuple[tuple[int, ...], ...]
    n_more: int


def overview_graph(graph: FolderGraph) -> LevelGraph:
    """Return the graph of the overview, placed."""
    numbers = {one.path: i for i, one in enumerate(graph.folders)}
    edges = {(numbers[one.source], numbers[one.target]): one.n_references for one in graph.edges}
    return _placed(dict(enumerate(graph.folders)), dict(enumerate(_short_names(graph))), edges)


def level_graphs(graph: FolderGraph) -> dict[str, LevelGraph]:
    """Return for each folder whose folders refer to each other the graph of these, by the folder's path."""
    # The path of a file in each folder: the tree reads all but its last part.
    tree = FolderTree.of("" if one.path == "." else f"{one.path}/" for one in graph.folders)
    below = _below(tree, graph.folders)
    own = dict(zip(tree.of_files, graph.folders, strict=True))
    numbers = {one.path: number for number, one in own.items()}
    levels: dict[int, Counter[tuple[int, int]]] = {}
    for edge in graph.edges[:MAX_EDGES]:
        level, source, target = _meeting(tree, numbers[edge.source], numbers[edge.target])
        levels.setdefault(level, Counter())[source, target] += edge.n_references
    found = {}
    for level, edges in levels.items():
        nodes = {number for pair in edges for number in pair}
        folders = {number: below[number] for number in nodes}
        names = {number: tree.names[number] for number in nodes}
        if level in nodes:
            folders[level], names[level] = own[level], HERE
        found[tree.path(level)] = _placed(folders, names, edges)
    return found


def _short_names(graph: FolderGraph) -> list[str]:
    """Return for each folder the shortest end of its path that no other folder here has."""
    paths = [one.path.split("/") for one in graph.folders]
    n_with: Counter[tuple[str, ...]] = Counter()
    for parts in paths:
        n_with.update({tuple(parts[i:]) for i in range(max(0, len(parts) - _MOST_PARTS), len(parts))})
    return [
        TOP
        if parts == ["."]
        else "/".join(next((parts[i:] for i in range(len(parts) - 1, 0, -1) if n_with[tuple(parts[i:])] == 1), parts))
        for parts in paths
    ]


def _meeting(tree: FolderTree, source: int, target: int) -> tuple[int, int, int]:
    """Return the innermost folder that holds both, and what of it holds each: itself, or a folder in it."""
    # A folder has a smaller number than all below it.
    last_source, last_target = source, target
    while source != target:
        if source > target:
            last_source, source = source, tree.parents[source]
        else:
            last_target, target = target, tree.parents[target]
    return source, last_source, last_target


def _below(tree: FolderTree, folders: tuple[Folder, ...]) -> list[Folder]:
    """Return each folder of the tree with the files of all folders in it."""
    n_files = tree.sums(one.n_files for one in folders)
    n_lines = tree.sums(one.n_lines for one in folders)
    of_tests = tree.sums(one.n_lines if one.is_tests else 0 for one in folders)
    return [Folder(tree.path(i), n_files[i], n_lines[i], 2 * of_tests[i] > n_lines[i]) for i in range(len(tree))]


def _placed(
    folders: Mapping[int, Folder], names: Mapping[int, str], edges: Mapping[tuple[int, int], int]
) -> LevelGraph:
    weights: Counter[int] = Counter()
    for (source, target), n in edges.items():
        weights[source] += n
        weights[target] += n
    shown = sorted(sorted(weights, key=lambda node: (-weights[node], node))[:MAX_IN_GRAPH])
    position = {node: i for i, node in enumerate(shown)}
    kept = {
        (position[source], position[target]): n
        for (source, target), n in edges.items()
        if source in position and target in position
    }
    cycles = cycles_of(kept)
    group = {node: i for i, cycle in enumerate(cycles) for node in cycle}
    return LevelGraph(
        folders=tuple(folders[node] for node in shown),
        names=tuple(names[node] for node in shown),
        edges=tuple(
            (source, target, n, source in group and group[source] == group.get(target))
            for (source, target), n in sorted(kept.items(), key=lambda one: (-one[1], one[0]))
        ),
        layers=tuple(map(tuple, arrange(len(shown), kept))),
        cycles=tuple(map(tuple, cycles)),
        n_more=len(weights) - len(shown),
    )
