"""The graph of an index and of any tags, and PageRank over it, beside a slow twin that stores every edge."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference.ranks import edges_of, factor_of, rank_definitions, rank_files
from repomap_fast.errors import IndexDamagedError, OptionError
from repomap_fast.indexing.index import Index
from repomap_fast.joining import _graph
from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE, Graph, traits_of
from repomap_fast.ranking.rank import Emphasis, Ranking, rank
from repomap_fast.store.columns import KeptColumns
from repomap_fast.tables import ROLES, StringTable
from repomap_fast.weights import Weights
from support.made_scans import scan_files

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
    return {graph.name(number).decode(): number for number in range(graph.n_linked)}


def pairs(graph: Graph, ranking: Ranking) -> list[tuple[str, str]]:
    return [
        (graph.paths[file_id].decode(), graph.name(name_id).decode())
        for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
    ]


@given(repositories(), st.sets(st.sampled_from(PATHS)), st.sets(st.sampled_from(NAMES)), st.booleans())
def test_ranks_are_those_of_networkx(files: Files, focus: set[str], mentioned: set[str], is_personal: bool) -> None:
    graph = graph_of(files)
    personalization = {path: 1.0 + len(path) for path in focus & files.keys()} if is_personal else {}
    known = numbers_of(graph)
    factors = np.ones(graph.n_linked)
    factors[[known[name] for name in mentioned & known.keys()]] = Weights().mentioned_name
    emphasis = Emphasis(
        personalization=np.array([personalization.get(path, 0.0) for path in files]),
        reference_factors=np.array([50.0 if path in focus else 1.0 for path in files]),
        name_factors=factors,
    )
    ranking = rank(graph, emphasis, Weights.aider(), limit=None)
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
    factors = np.array([1.0 + number % 3 for number in range(len(files))])
    everything = rank(graph, Emphasis(file_factors=factors), limit=None)
    shown = [not mask[file_id] for file_id in everything.file_ids.tolist()]
    some = rank(graph, Emphasis(file_factors=factors, left_out=mask), limit=limit)
    for name in ("file_ids", "name_ids", "scores"):
        expected = getattr(everything, name)[np.array(shown, np.bool_)][:limit]
        assert getattr(some, name).tobytes() == expected.tobytes()
    assert some.file_scores.tobytes() == everything.file_scores.tobytes()


@given(repositories())
def test_definitions_are_where_they_were_tagged(files: Files) -> None:
    graph = graph_of(files)
    for file_id, tags in enumerate(files.values()):
        expected = [(name, row) for row, (role, name) in enumerate(tags) if role == "definition"]
        definitions = graph.definitions(file_id)
        found = [graph.name(number).decode() for number in definitions.name_ids.tolist()]
        assert list(zip(found, definitions.rows.tolist(), strict=True)) == expected
    ranking = rank(graph, limit=None)
    rows = graph.definition_rows(ranking.file_ids, ranking.name_ids)
    for (path, name), found_rows in zip(pairs(graph, ranking), rows, strict=True):
        assert found_rows == [row for row, tag in enumerate(files[path]) if tag == ("definition", name)]


@given(st.text(max_size=12) | st.text("aZ_-1é", max_size=12), st.integers(0, 9))
def test_traits_are_aiders(name: str, n_definers: int) -> None:
    traits = traits_of(name)
    factor = (10 if traits & TRAIT_LONG_COMPOUND else 1) * (0.1 if traits & TRAIT_PRIVATE else 1)
    assert factor * (0.1 if n_definers > 5 else 1) == pytest.approx(factor_of(name, n_definers, ()))
    table = StringTable.from_strings([name.encode("utf-8", "surrogatepass")])
    (found,) = _graph.name_traits(table.offsets, table.data).tolist()
    assert found == (traits if name.isascii() else 128)


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


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), "10"])
def test_a_weight_that_weighs_nothing_is_refused(value: float) -> None:
    with pytest.raises(OptionError, match="the weight private is"):
        Weights(private=value)
    with pytest.raises(OptionError, match="damping"):
        Weights(damping=1.0)
    with pytest.raises(OptionError, match="expected a power"):
        Weights(file_power=21)


def test_words_can_be_switched_off_one_by_one() -> None:
    assert Weights(words_folder=0, words_source=0).uses_words
    assert not Weights.aider().uses_words
    with pytest.raises(OptionError, match="at least 0"):
        Weights(words_folder=-1)


def test_an_emphasis_that_does_not_fit_is_refused() -> None:
    graph = graph_of({"a": [("definition", "x"), ("reference", "x")]})
    with pytest.raises(ValueError, match="2 rows; expected 1"):
        rank(graph, Emphasis(personalization=np.ones(2)))
    with pytest.raises(ValueError, match="below 0"):
        rank(graph, Emphasis(personalization=np.array([np.nan])))
    with pytest.raises(ValueError, match="is 0"):
        rank(graph, Emphasis(name_factors=np.zeros(1)))


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="a name or a role"):
        _graph.mark_names(np.array([3], np.uint32), np.zeros(1, np.uint8), np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match="a name or a role"):
        _graph.mark_names(np.array([0], np.uint32), np.array([2], np.uint8), np.zeros(3, np.uint8))
    no_names = np.zeros(0, np.uint32)
    for counts in ([2], [0]):
        with pytest.raises(ValueError, match="do not fit"):
            _graph.link_files(
                np.array(counts, np.uint32), np.zeros(1, np.uint32), np.zeros(1, np.uint8), np.array([0], np.uint32),
                np.zeros(1, np.uint32), no_names, no_names, 0, False,
            )  # fmt: skip
    with pytest.raises(ValueError, match="offsets"):
        _graph.name_traits(np.array([0, 9], np.uint64), np.zeros(3, np.uint8))
    one, none, bounds = np.ones(1), np.zeros(0, np.uint32), np.array([0, 1], np.uint64)
    for names, offsets in ((np.array([5], np.uint32), bounds), (none, bounds), (none, np.array([1, 0], np.uint64))):
        with pytest.raises(ValueError, match="do not fit"):
            _graph.page_rank(
                offsets, names, np.ones(len(names), np.uint32), np.zeros(2, np.uint64), none, np.zeros(1, np.uint32),
                np.ones(1, np.uint32), one, one, one, 0.1, 0.85, 1e-6, 100,
            )  # fmt: skip


SOURCES = {
    "a.py": "def alpha(x):\n    return beta(x)\n\nclass Gamma:\n    def delta_of_gamma(self): return Über()\n",
    "lib/b.py": "def beta(x):\n    return alpha(x) + Gamma().delta_of_gamma()\ndef Über(): pass\n",
    "lib/c.js": "export function gamma() { return alpha() + Über(); }\n",
    "notes.txt": "no language\n",
    "empty.py": "",
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    root = tmp_path / "repository"
    for path, source in SOURCES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source, "utf-8")
    with Index.open(root, cache_dir=tmp_path / "cache") as opened:
        opened.refresh()
        yield opened


def described(graph: Graph) -> dict[str, object]:
    """Return all that a graph says, without the numbers of its names."""
    ranking = rank(graph, limit=None)
    offsets = graph.reference_offsets.tolist()
    names = [graph.name(number) for number in graph.reference_names.tolist()]
    return {
        "paths": list(graph.paths),
        "references": [names[start:stop] for start, stop in pairwise(offsets)],
        "counts": graph.reference_counts.tolist(),
        "pairs": pairs(graph, ranking),
        "rows": graph.definition_rows(ranking.file_ids, ranking.name_ids),
        "scores": ranking.scores.tobytes(),
        "file scores": ranking.file_scores.tobytes(),
    }


def test_the_graph_of_an_index_is_that_of_its_tags(index: Index, tmp_path: Path) -> None:
    sources = {os.fsencode(path): text.encode() for path, text in SOURCES.items() if not path.endswith(".txt")}
    languages = {path: "javascript" if path.endswith(b".js") else "python" for path in sources}
    made = scan_files(tmp_path / "made", sources, languages)
    expected = described(made.graph)
    assert expected["pairs"]
    assert described(index.graph) == expected
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        assert again.refresh().parsed == 0
        assert described(again.graph) == expected
    with Index.open(index.root, keep=False) as in_memory:
        in_memory.refresh()
        assert described(in_memory.graph) == expected


def test_the_graph_loads_no_tags(index: Index, tmp_path: Path) -> None:
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        assert again._memory.base is not None
        columns = again._memory.base.columns
        assert isinstance(columns, KeptColumns)
        before = set(columns._arrays)
        rank(again.graph)
        loaded = columns._arrays.keys() - before
        assert {name for name in loaded if not name.startswith("graph_")} <= {"piece_checksums"}


def test_the_graph_follows_the_files(index: Index, tmp_path: Path) -> None:
    (index.root / "lib" / "b.py").write_text("def beta(x):\n    return omega(x)\n")
    (index.root / "omega.py").write_text("def omega(x): pass\n")
    index.refresh()
    with Index.open(index.root, keep=False) as fresh:
        fresh.refresh()
        assert described(index.graph) == described(fresh.graph)


@pytest.mark.parametrize("name", ["graph_reference_names", "graph_name_traits", "graph_lone_counts", "piece_checksums"])
def test_a_damaged_graph_is_made_again(index: Index, tmp_path: Path, name: str) -> None:
    expected = described(index.graph)
    (folder,) = (tmp_path / "cache").glob("v1/*/columns/*")
    damaged = bytearray((folder / name).read_bytes())
    damaged[0] ^= 1
    (folder / name).write_bytes(damaged)
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        assert described(again.graph) == expected
        assert any("damaged" in note for note in again.store.notes)


def test_damaged_tags_are_not_shown(index: Index, tmp_path: Path) -> None:
    (folder,) = (tmp_path / "cache").glob("v1/*/columns/*")
    damaged = bytearray((folder / "rows").read_bytes())
    damaged[0] ^= 1
    (folder / "rows").write_bytes(damaged)
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        with pytest.raises(IndexDamagedError, match="piece 0"):
            again.graph.definitions(0)


@pytest.mark.parametrize("is_joined", [True, False])
def test_linked_names_are_found_by_their_spelling(tmp_path: Path, is_joined: bool) -> None:
    (tmp_path / "a.py").write_text("def first():\n    second()\n\ndef lonely():\n    elsewhere()\n")
    (tmp_path / "b.py").write_text("def second():\n    first()\n" + "".join(f"name_{i}()\n" for i in range(3000)))
    result = repomap_fast.scan(tmp_path, cache_dir=tmp_path / "cache")
    graph = result.graph
    if not is_joined:
        files, tags = result.file_table, result.tag_table
        graph = Graph.from_tags(
            list(files.paths), files.tag_offsets, tags.name_ids, tags.roles, tags.rows, list(tags.names)
        )
    wanted = [b"second", b"lonely", b"elsewhere", b"nowhere", b"", b"first"]
    assert [graph.name(number) for number in graph.find_linked(wanted).tolist()] == [b"second", b"first"]
