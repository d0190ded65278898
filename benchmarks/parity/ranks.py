"""Are our ranks networkx's, on real repositories?

    python -m benchmarks.parity.ranks CORPORA [NAME…] [--files N] [--edges N]

Each folder of CORPORA is scanned by repomap-fast and ranked twice: without a focus, and with two files and three names
in focus. The same tags are ranked by ``tests/reference/ranks.py``, which stores every edge in networkx's MultiDiGraph
and asks its ``pagerank``. Scores of files must be equal within 1e-6; the first 1,000 definitions must come in the order
of networkx's scores, but for those that are within 1e-9 of each other. One line a ranking; exit code 1 if any differs.

A folder of more than N files stands with a fixed draw of them, and with half as many until there are at most N edges:
networkx takes half a kilobyte for each.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

import repomap_fast
from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.rank import Boosts, Ranking, rank
from repomap_fast.tables import ROLES
from repomap_fast.weights import Weights

SEED = 26
MAX_FILES = 3000
MAX_EDGES = 2_000_000
N_DEFINITIONS = 1000
SCORE_DIFFERENCE = 1e-6
TIE = 1e-9
REFERENCE = Path(__file__).parents[2] / "tests" / "reference" / "ranks.py"

Files = dict[str, list[tuple[str, str]]]
"""(role, name) of each tag of each file."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two rankings of the same tags are apart.

    largest_difference  between the scores of a file.
    n_misplaced         definitions among the first 1,000 that networkx puts elsewhere, ties aside.
    """

    n_definitions: int
    largest_difference: float
    n_misplaced: int

    @property
    def is_fine(self) -> bool:
        return self.largest_difference <= SCORE_DIFFERENCE and not self.n_misplaced


def load_reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_ranks", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tags_of(folder: Path) -> Files:
    """Return the tags of all files with any."""
    result = repomap_fast.scan(folder, cache=False, no_ignore=True)
    table, files = result.tag_table, result.file_table
    names = [name.decode(errors="replace") for name in table.names]
    tags = [(ROLES[role], names[name_id]) for role, name_id in zip(table.roles, table.name_ids.tolist(), strict=True)]
    bounds = files.tag_offsets.tolist()
    return {
        path.decode("utf-8", "surrogateescape"): tags[bounds[row] : bounds[row + 1]]
        for row, path in enumerate(files.paths)
        if bounds[row] < bounds[row + 1]
    }


def n_edges(files: Files) -> int:
    """Return how many edges the graph of these files has."""
    definers, referencers = Counter[str](), Counter[str]()
    for tags in files.values():
        distinct = set(tags)
        definers.update(name for role, name in distinct if role == ROLES[0])
        referencers.update(name for role, name in distinct if role == ROLES[1])
    return sum(n * max(referencers[name], 1) for name, n in definers.items())


def draw(files: Files, max_files: int, max_edges: int) -> Files:
    """Return as many of the files as networkx has room for."""
    rng, kept = random.Random(SEED), files
    while len(kept) > max_files or n_edges(kept) > max_edges:
        paths = sorted(rng.sample(sorted(kept), min(max_files, len(kept) // 2)))
        kept = {path: kept[path] for path in paths}
    return kept


def graph_of(files: Files) -> Graph:
    tags = [tag for of_file in files.values() for tag in of_file]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(name for _, name in tags))}
    return Graph.from_tags(
        [path.encode("utf-8", "surrogateescape") for path in files],
        np.cumsum([0, *map(len, files.values())], dtype=np.uint64),
        np.array([numbers[name] for _, name in tags], np.uint32),
        np.array([ROLES.index(role) for role, _ in tags], np.uint8),
        np.zeros(len(tags), np.uint32),
        [name.encode() for name in numbers],
    )


def compare(
    graph: Graph, ranking: Ranking, ranks: Mapping[str, float], scores: Mapping[tuple[str, str], float]
) -> Comparison:
    paths = [path.decode("utf-8", "surrogateescape") for path in graph.paths]
    differences = [abs(ranks.get(path, 0.0) - score) for path, score in zip(paths, ranking.file_scores, strict=True)]
    found = [
        (paths[file_id], graph.name(name_id).decode())
        for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
    ]
    expected = sorted(scores.values(), reverse=True)[: len(found)]
    theirs = [scores[pair] for pair in found]
    n_misplaced = sum(abs(score - at_place) > TIE for score, at_place in zip(theirs, expected, strict=True))
    n_misplaced += len(found) - len(set(found)) + abs(min(N_DEFINITIONS, len(scores)) - len(found))
    return Comparison(len(found), max(differences, default=0.0), n_misplaced)


def focus_of(files: Files) -> tuple[list[str], list[str]]:
    """Return two files and three names that are defined, the same ones each time."""
    rng = random.Random(SEED)
    names = sorted({name for tags in files.values() for role, name in tags if role == ROLES[0]})
    return rng.sample(sorted(files), min(2, len(files))), rng.sample(names, min(3, len(names)))


def boosts_for(graph: Graph, files: Files, focus: Sequence[str], mentioned: Sequence[str]) -> Boosts:
    numbers = {graph.name(number).decode(): number for number in range(graph.n_shared)}
    factors, weights = np.ones(graph.n_shared), Weights.aider()
    factors[[numbers[name] for name in mentioned if name in numbers]] = weights.mentioned_name
    is_focus = np.array([path in focus for path in files])
    return Boosts(
        personalization=is_focus.astype(np.float64),
        reference_factors=np.where(is_focus, weights.focus_references, 1.0),
        name_factors=factors,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--files", type=int, default=MAX_FILES)
    parser.add_argument("--edges", type=int, default=MAX_EDGES)
    arguments = parser.parse_args()
    reference = load_reference()
    is_fine = True
    for folder in sorted(path for path in arguments.corpora.iterdir() if path.is_dir()):
        if arguments.names and folder.name not in arguments.names:
            continue
        files = draw(tags_of(folder), arguments.files, arguments.edges)
        graph = graph_of(files)
        focus, mentioned = focus_of(files)
        for in_focus, names in (((), ()), (focus, mentioned)):
            start = time.perf_counter()
            boosts = boosts_for(graph, files, in_focus, names) if in_focus else None
            ranking = rank(graph, boosts, Weights.aider(), limit=N_DEFINITIONS)
            ours_s = time.perf_counter() - start
            edges = reference.edges_of(files, in_focus, names)
            ranks = reference.rank_files(edges, dict.fromkeys(in_focus, 1.0))
            scores = reference.rank_definitions(edges, ranks)
            theirs_s = time.perf_counter() - start - ours_s
            found = compare(graph, ranking, ranks, scores)
            is_fine &= found.is_fine
            print(
                f"{folder.name:10} {'focus' if in_focus else 'none':5} {len(files):5} files {edges.size():9,} edges  "
                f"largest difference {found.largest_difference:.1e}  {found.n_misplaced} of {found.n_definitions} "
                f"misplaced  {ours_s * 1000:7.1f} ms, networkx {theirs_s * 1000:9.1f} ms",
                flush=True,
            )
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
