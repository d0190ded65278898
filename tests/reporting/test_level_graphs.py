"""level_graphs: which graph a reference belongs to."""

from __future__ import annotations

from repomap_fast.reporting.folders import Folder, FolderEdge, FolderGraph
from repomap_fast.reporting.level_graphs import HERE, MAX_IN_GRAPH, TOP, level_graphs, overview_graph


def graph_of(*edges: tuple[str, str, int]) -> FolderGraph:
    paths = sorted({path for source, target, _ in edges for path in (source, target)})
    return FolderGraph(
        "imports",
        tuple(Folder(path, 1, 10, False) for path in paths),
        tuple(FolderEdge(source, target, n, False) for source, target, n in edges),
        (),
    )


def test_a_reference_belongs_to_the_innermost_folder_that_holds_both() -> None:
    graphs = level_graphs(graph_of(("a/x/deep", "a/y", 3), ("a/x", "b", 2), ("a", "a/y", 1)))
    assert set(graphs) == {".", "a"}
    assert (graphs["."].names, graphs["."].edges) == (("a", "b"), ((0, 1, 2, False),))
    inner = graphs["a"]
    named = {(inner.names[source], inner.names[target]): n for source, target, n, _ in inner.edges}
    assert named == {("x", "y"): 3, (HERE, "y"): 1}
    assert [one.n_files for one in inner.folders] == [1, 2, 1]


def test_cycles_of_a_level_are_found() -> None:
    graphs = level_graphs(graph_of(("a/x", "b", 1), ("b", "a/y", 1)))
    assert graphs["."].cycles == ((0, 1),)
    assert all(is_in_cycle for *_, is_in_cycle in graphs["."].edges)


def test_a_graph_has_the_folders_of_most_references() -> None:
    graph = level_graphs(graph_of(*((f"f{i}", "hub", i + 1) for i in range(100))))["."]
    assert (len(graph.folders), graph.n_more) == (MAX_IN_GRAPH, 101 - MAX_IN_GRAPH)
    assert {"hub", "f99"} <= set(graph.names)


def test_the_overview_names_folders_by_the_shortest_end_that_no_other_has() -> None:
    graph = overview_graph(graph_of(("src/core/models", "src/web/models", 1), ("src/web/views", ".", 1)))
    assert dict(zip([one.path for one in graph.folders], graph.names, strict=True)) == {
        ".": TOP,
        "src/core/models": "core/models",
        "src/web/models": "web/models",
        "src/web/views": "views",
    }
