"""order: the best definitions where files are ordered, and definitions within them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.order import ordered_names
from repomap_fast.ranking.rank import Boosts, rank
from repomap_fast.weights import Weights

Definition = tuple[str, int, int]
"""Name, row and last row."""
NAMES = ["alpha", "beta", "parse_file", "File", "gamma"]


@st.composite
def repositories(draw: st.DrawFn) -> list[list[Definition]]:
    """Return files of nested definitions, in the order of their rows."""
    files = []
    for _ in range(draw(st.integers(1, 6))):
        rows = sorted(draw(st.lists(st.integers(0, 40), max_size=8)))
        files.append([(draw(st.sampled_from(NAMES)), row, row + draw(st.integers(0, 25))) for row in rows])
    return files


def graph_of(files: list[list[Definition]], name_order: list[str] | None = None) -> Graph:
    names = name_order or NAMES
    flat = [definition for definitions in files for definition in definitions]
    # The first file refers to two of the names: they are linked, the others are lone.
    tags = [(NAMES[0], 0, 0, 1), (NAMES[2], 0, 0, 1), *((*definition, 0) for definition in flat)]
    lengths = [len(definitions) for definitions in files]
    lengths[0] += 2
    return Graph.from_tags(
        [b"f%d.py" % number for number in range(len(files))],
        np.cumsum([0, *lengths]).astype(np.uint64),
        np.array([names.index(tag[0]) for tag in tags], np.uint32),
        np.array([tag[3] for tag in tags], np.uint8),
        np.array([tag[1] for tag in tags], np.uint32),
        [name.encode() for name in names],
        end_rows=np.array([tag[2] for tag in tags], np.uint32),
    )


def twin_of_rows(definitions: list[Definition], one_row_heads: bool) -> list[tuple[int, int]]:
    """Return own rows and shown rows of each definition."""
    parents: list[int] = []
    found = []
    for i, (_, row, end_row) in enumerate(definitions):
        around = [j for j in range(i) if definitions[j][2] >= end_row and definitions[j][2] >= row]
        # Those that do not hold each other are not around each other.
        parent = i - 1
        while parent >= 0 and parent not in around:
            parent = parents[parent]
        parents.append(parent)
    for i, (_, row, end_row) in enumerate(definitions):
        own = end_row - row + 1
        for j in range(i + 1, len(definitions)):
            if parents[j] == i:
                own = max(0, own - (definitions[j][2] - definitions[j][1] + 1))
        shown, parent = 1 if one_row_heads else min(10, end_row - row + 1), parents[i]
        while parent >= 0:
            shown += min(10, definitions[parent][2] - definitions[parent][1] + 1)
            parent = parents[parent]
        found.append((own, shown))
    return found


@given(repositories(), st.booleans())
def test_names_within_a_file_stand_as_the_twin_says(files: list[list[Definition]], one_row_heads: bool) -> None:
    graph, weights = graph_of(files), Weights()
    heads = np.full(len(files), one_row_heads, np.uint8)
    offsets, numbers = ordered_names(graph, np.arange(len(files)), weights, one_row_heads=heads)
    for number, definitions in enumerate(files):
        rows = twin_of_rows(definitions, one_row_heads)
        keys = {}
        for name in dict.fromkeys(definition[0] for definition in definitions):
            places = [i for i, definition in enumerate(definitions) if definition[0] == name]
            value = 0.3 * math.log1p(max(rows[i][0] for i in places)) - math.log(sum(rows[i][1] for i in places))
            keys[name] = (-round(value, 9), places[0])
        found = [graph.name(name).decode() for name in numbers[offsets[number] : offsets[number + 1]].tolist()]
        assert [keys[name][0] for name in found] == sorted(key[0] for key in keys.values())
        assert set(found) == set(keys)


@given(repositories(), st.integers(0, 12), st.sampled_from([0.5, 1.0, 2.0]), st.integers(0, 40))
def test_the_first_are_the_first_of_all(files: list[list[Definition]], limit: int, decay: float, seed: int) -> None:
    graph, weights = graph_of(files), Weights(definition_decay=decay)
    factors = np.random.default_rng(seed).choice([0.01, 1.0, 1.0, 30.0], len(files))
    hidden = np.arange(len(files)) % 3 == 2
    everything = rank(graph, Boosts(file_factors=factors, hidden=hidden), weights, limit=None)
    some = rank(graph, Boosts(file_factors=factors, hidden=hidden), weights, limit=limit)
    for name in ("file_ids", "name_ids", "scores"):
        assert getattr(some, name).tobytes() == getattr(everything, name)[:limit].tobytes()
    assert everything.file_values.sum() == pytest.approx(1)
    counts = {number: len({name for name, _, _ in found}) for number, found in enumerate(files) if not hidden[number]}
    expected = sorted(
        (-everything.file_values[number] / (1 + place) ** decay, number, place)
        for number, count in counts.items()
        for place in range(count)
    )
    assert everything.file_ids.tolist() == [number for _, number, _ in expected]
    assert everything.scores.tolist() == pytest.approx([-score for score, _, _ in expected])
    assert len(set(zip(everything.file_ids.tolist(), everything.name_ids.tolist(), strict=True))) == len(expected)


@given(repositories(), st.permutations(NAMES))
def test_nothing_depends_on_how_names_are_numbered(files: list[list[Definition]], names: list[str]) -> None:
    one, other = graph_of(files), graph_of(files, names)
    first, second = rank(one, limit=None), rank(other, limit=None)
    assert first.scores.tobytes() == second.scores.tobytes()
    assert list(map(one.name, first.name_ids.tolist())) == list(map(other.name, second.name_ids.tolist()))


def test_without_decay_definitions_stand_by_their_share_of_rank() -> None:
    graph = graph_of([[("alpha", 0, 3), ("parse_file", 1, 2)], [("alpha", 0, 9), ("beta", 4, 5)]])
    ranking = rank(graph, weights=Weights.aider(), limit=None)
    assert ranking.file_values.tobytes() == ranking.file_scores.tobytes()
    assert np.all(np.diff(ranking.scores) <= 0)
