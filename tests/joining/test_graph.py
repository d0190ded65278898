"""graph: who defines and who refers to what, of an index and of any tags."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference.ranks import factor_of
from repomap_fast.errors import IndexDamagedError, OptionError
from repomap_fast.indexing.index import Index
from repomap_fast.joining import _graph
from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE, Graph, decide_traits
from repomap_fast.joining.lazy_tags import PagedTags
from repomap_fast.ranking.rank import rank
from repomap_fast.store.columns import KeptColumns
from repomap_fast.tables import StringTable
from repomap_fast.weights import Weights
from support.made_graphs import Files, graph_of, pairs, repositories
from support.made_scans import scan_files


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


def naming(graph: Graph) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return pairs of file and name of all names, as the graph knows them and as the tags say."""
    name_ids = np.arange(len(graph.tags.all_names()), dtype=np.int64)
    files, names = graph.files_naming(name_ids)
    tags = graph.tags.named(name_ids)
    expected = set(zip(tags.files.tolist(), tags.name_ids.tolist(), strict=True))
    return sorted({*zip(files.tolist(), names.tolist(), strict=True)}), sorted(expected)


@given(repositories())
def test_files_that_name_something_are_those_that_have_such_a_tag(files: Files) -> None:
    found, expected = naming(graph_of(files))
    assert found == expected


def test_files_that_name_something_are_known_after_an_edit_without_a_look_at_all_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pass over the names of all tags took 80 ms of each question about a name of the Linux kernel."""
    root = tmp_path / "root"
    scan_files(root, {f"{name}.py".encode(): b"def f(): pass\nf()\nlonely = 1\n" for name in "abc"}, "python")
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        (root / "b.py").write_text("f()\nlonely()\nnew = 1\n")
        index.refresh()
        graph = index.result.graph
        found, expected = naming(graph)
        assert found == expected
        looked: list[int] = []
        rows_in_piece = PagedTags._rows_in_piece
        monkeypatch.setattr(
            PagedTags, "_rows_in_piece", lambda self, *given: looked.append(1) or rows_in_piece(self, *given)
        )
        files, _ = graph.files_naming(graph.tags.find([b"f"]))
        assert sorted({*files.tolist()}) == [0, 1, 2]
        assert not looked
        assert len(graph.files_naming(graph.tags.find([b"new"]))[0]) == 1
        assert looked


@given(st.text(max_size=12) | st.text("aZ_-1é", max_size=12), st.integers(0, 9))
def test_traits_are_aiders(name: str, n_definers: int) -> None:
    traits = decide_traits(name)
    factor = (10 if traits & TRAIT_LONG_COMPOUND else 1) * (0.1 if traits & TRAIT_PRIVATE else 1)
    assert factor * (0.1 if n_definers > 5 else 1) == pytest.approx(factor_of(name, n_definers, ()))
    table = StringTable.from_strings([name.encode("utf-8", "surrogatepass")])
    (found,) = _graph.name_traits(table.offsets, table.data).tolist()
    assert found == (traits if name.isascii() else 128)


@pytest.mark.parametrize("value", [0, -1.0, float("nan"), float("inf"), "10"])
def test_a_weight_that_weighs_nothing_is_refused(value: float) -> None:
    with pytest.raises(OptionError, match="the weight private is"):
        Weights(private=value)
    with pytest.raises(OptionError, match="damping"):
        Weights(damping=1.0)
    with pytest.raises(OptionError, match="expected a power"):
        Weights(file_power=21)


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
    with Index.open(index.root, cache=False) as in_memory:
        in_memory.refresh()
        assert described(in_memory.graph) == expected


def test_the_graph_loads_no_tags(index: Index, tmp_path: Path) -> None:
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        assert again._loaded.kept is not None
        columns = again._loaded.kept.base.columns
        assert isinstance(columns, KeptColumns)
        before = set(columns._arrays)
        rank(again.graph)
        loaded = columns._arrays.keys() - before
        # A refresh of files so new that they are checked again has read the checksums already.
        assert {name for name in loaded if not name.startswith("graph_")} <= {"piece_checksums"}


def test_the_graph_follows_the_files(index: Index, tmp_path: Path) -> None:
    (index.root / "lib" / "b.py").write_text("def beta(x):\n    return omega(x)\n")
    (index.root / "omega.py").write_text("def omega(x): pass\n")
    index.refresh()
    with Index.open(index.root, cache=False) as fresh:
        fresh.refresh()
        assert described(index.graph) == described(fresh.graph)


@pytest.mark.parametrize(
    "name",
    [
        "graph_reference_names",
        "graph_name_traits",
        "graph_unreferenced_counts",
        "piece_checksums",
    ],
)
def test_a_damaged_graph_is_made_again(index: Index, tmp_path: Path, name: str) -> None:
    expected = described(index.graph)
    (folder,) = (tmp_path / "cache").glob("v2/*/columns/*")
    damaged = bytearray((folder / name).read_bytes())
    damaged[0] ^= 1
    (folder / name).write_bytes(damaged)
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        assert described(again.graph) == expected
        assert any("damaged" in note for note in again.store.notes)


def test_damaged_tags_are_not_shown(index: Index, tmp_path: Path) -> None:
    (folder,) = (tmp_path / "cache").glob("v2/*/columns/*")
    damaged = bytearray((folder / "rows").read_bytes())
    damaged[0] ^= 1
    (folder / "rows").write_bytes(damaged)
    with Index.open(index.root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        with pytest.raises(IndexDamagedError, match="page 0"):
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
    assert [graph.name(number) for number in graph.find_shared(wanted).tolist()] == [b"second", b"first"]
