"""rank: PageRank beside a slow twin that stores every edge, and the factors that it multiplied."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.ranks import edges_of, rank_definitions, rank_files
from repomap_fast.ranking import _rank
from repomap_fast.ranking.rank import Boosts, rank
from repomap_fast.weights import Weights
from support.made_graphs import NAMES, PATHS, Files, graph_of, numbers_of, pairs, repositories


@given(repositories(), st.sets(st.sampled_from(PATHS)), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_ranks_are_those_of_networkx(files: Files, focus: set[str], mentioned: set[str], is_personal: bool) -> None:
    graph = graph_of(files)
    personalization = {path: 1.0 + len(path) for path in focus & files.keys()} if is_personal else {}
    known = numbers_of(graph)
    factors = np.ones(graph.n_shared)
    factors[[known[name] for name in mentioned & known.keys()]] = Weights().mentioned_name
    boosts = Boosts(
        personalization=np.array([personalization.get(path, 0.0) for path in files]),
        reference_factors=np.array([50.0 if path in focus else 1.0 for path in files]),
        name_factors=factors,
    )
    ranking = rank(graph, boosts, Weights.aider(), limit=None)
    twin = edges_of(files, focus, mentioned)
    ranks = rank_files(twin, personalization)
    scores = rank_definitions(twin, ranks)
    for path, score in zip(files, ranking.file_scores.tolist(), strict=True):
        assert score == pytest.approx(ranks.get(path, 0.0), abs=1e-9)
    found = pairs(graph, ranking)
    assert set(found) == set(scores)
    assert len(found) == len(set(found))
    for pair, score in zip(found, ranking.scores.tolist(), strict=True):
        assert score == pytest.approx(scores[pair], abs=1e-9)
    # The fixed order: by score, path, name.
    keys = [(-score, *pair) for score, pair in zip(ranking.scores.tolist(), found, strict=True)]
    assert [(score, path, name.encode()) for score, path, name in keys] == sorted(
        (score, path, name.encode()) for score, path, name in keys
    )


@given(repositories(), st.integers(0, 30), st.sets(st.integers(0, 7)))
def test_the_first_are_the_first_of_all(files: Files, limit: int, left_out: set[int]) -> None:
    graph = graph_of(files)
    mask = np.array([number in left_out for number in range(len(files))], np.bool_)
    everything = rank(graph, limit=None)
    shown = [not mask[file_id] for file_id in everything.file_ids.tolist()]
    some = rank(graph, Boosts(hidden=mask), limit=limit)
    for name in ("file_ids", "name_ids", "scores"):
        expected = getattr(everything, name)[np.array(shown, np.bool_)][:limit]
        assert getattr(some, name).tobytes() == expected.tobytes()
    assert some.file_scores.tobytes() == everything.file_scores.tobytes()


def test_many_references_and_many_definers() -> None:
    files = {
        f"f{number}": [("definition", "common_name")] + [("reference", "common_name")] * number for number in range(7)
    }
    files["f6"] += [("reference", "common_name")] * 300
    graph = graph_of(files)
    ranks = rank_files(edges_of(files))
    assert rank(graph).file_scores.tolist() == pytest.approx([ranks[path] for path in files], abs=1e-9)


def test_rank_that_does_not_settle_says_so() -> None:
    graph = graph_of({"a": [("definition", "x"), ("reference", "y")], "b": [("definition", "y")]})
    assert rank(graph, weights=Weights(max_iterations=1)).n_iterations == -1
    assert rank(graph).n_iterations > 1


def test_a_graph_without_names_is_ranked() -> None:
    """No name is both defined and referred to; the sanitizers saw a NULL cleared there."""
    files = {"a": [("definition", "x"), ("definition", "y")], "b": [("reference", "z")], "c": [("definition", "x")]}
    graph = graph_of(files)
    assert len(graph.reference_names) == 0
    ranks = rank_files(edges_of(files))
    assert rank(graph).file_scores.tolist() == pytest.approx([ranks.get(path, 0.0) for path in files], abs=1e-9)


def test_boosts_that_do_not_fit_are_refused() -> None:
    graph = graph_of({"a": [("definition", "x"), ("reference", "x")]})
    with pytest.raises(ValueError, match="2 rows; expected 1"):
        rank(graph, Boosts(personalization=np.ones(2)))
    with pytest.raises(ValueError, match="below 0"):
        rank(graph, Boosts(personalization=np.array([np.nan])))
    with pytest.raises(ValueError, match="is 0"):
        rank(graph, Boosts(name_factors=np.zeros(1)))


def test_columns_that_do_not_fit_are_refused() -> None:
    one, none, bounds = np.ones(1), np.zeros(0, np.uint32), np.array([0, 1], np.uint64)
    for names, offsets in ((np.array([5], np.uint32), bounds), (none, bounds), (none, np.array([1, 0], np.uint64))):
        with pytest.raises(ValueError, match="do not fit"):
            _rank.page_rank(
                offsets, names, np.ones(len(names), np.uint32), np.zeros(2, np.uint64), none, np.zeros(1, np.uint32),
                np.ones(1, np.uint32), one, one, one, 0.1, 0.85, 1e-6, 100,
            )  # fmt: skip


@given(repositories(), st.booleans())
def test_the_factors_are_those_that_were_multiplied(files: Files, are_boosted: bool) -> None:
    graph = graph_of(files)
    boosts = Boosts()
    numbers = np.arange(len(graph))
    if are_boosted:
        by_name = {"queried_name": 1.0 + 4 * (np.arange(graph.n_shared) % 2)}
        boosts = Boosts(
            reference_factors=1.0 + numbers % 2,
            name_factors=by_name["queried_name"],
            name_parts=by_name,
        )
    ranking = rank(graph, boosts, limit=None, keep_factors=True)
    factors = ranking.factors
    assert factors is not None
    # To the last bit: what references send is what names have, and the products are what was multiplied.
    sent = np.bincount(graph.reference_names, factors.sent, minlength=graph.n_shared) * factors.name_factors
    assert sent.tobytes() == ranking.name_scores.tobytes()
    product = np.ones(graph.n_shared)
    for column in factors.names.values():
        product = product * column
    assert product.tobytes() == factors.name_factors.tobytes()


@given(repositories())
def test_factors_change_nothing_and_are_there_only_when_asked_for(files: Files) -> None:
    graph = graph_of(files)
    plain, explained = rank(graph, limit=None), rank(graph, limit=None, keep_factors=True)
    assert plain.factors is None
    for name in ("file_scores", "file_values", "file_ids", "name_ids", "scores", "name_scores", "unreferenced_scores"):
        assert getattr(plain, name).tobytes() == getattr(explained, name).tobytes()
