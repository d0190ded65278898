"""Graphs of made-up tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.rank import Ranking
from repomap_fast.tables import ROLES

NAMES = (
    "a",
    "b",
    "_c",
    "snake_case",
    "long_snake_case",
    "camelCase",
    "kebab-case-name",
    "_Private",
    "éÉlong_ñame",
    "Ab",
)
PATHS = [f"f{number}.py" for number in range(8)]
TAGS = st.lists(
    st.tuples(st.sampled_from(("definition", "reference", "reference")), st.sampled_from(NAMES)), max_size=12
)
Files = dict[str, list[tuple[str, str]]]


@st.composite
def repositories(draw: st.DrawFn) -> Files:
    return {path: draw(TAGS) for path in PATHS[: draw(st.integers(0, len(PATHS)))]}


def graph_of(files: Mapping[str, Sequence[tuple[str, str]]]) -> Graph:
    """Return the graph of files, each given by the (role, name) of its tags, which stand on rows 0, 1, 2 …"""
    tags = [tag for of_file in files.values() for tag in of_file]
    names = list(dict.fromkeys(name for _, name in tags))
    return Graph.from_tags(
        [path.encode() for path in files],
        np.cumsum([0, *map(len, files.values())], dtype=np.uint64),
        np.array([names.index(name) for _, name in tags], np.uint32),
        np.array([ROLES.index(role) for role, _ in tags], np.uint8),
        np.array([row for of_file in files.values() for row in range(len(of_file))], np.uint32),
        [name.encode() for name in names],
    )


def numbers_of(graph: Graph) -> dict[str, int]:
    return {graph.name(number).decode(): number for number in range(graph.n_shared)}


def pairs(graph: Graph, ranking: Ranking) -> list[tuple[str, str]]:
    return [
        (graph.paths[file_id].decode(), graph.name(name_id).decode())
        for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
    ]
