"""folders: the tree of folders, and who refers to whom."""

from __future__ import annotations

from pathlib import Path

import repomap_fast
from repomap_fast.progress import Progress
from repomap_fast.reporting.folders import (
    MOST_IN_OVERVIEW,
    FolderTree,
    find_edges,
    make_graph,
    overview_folders,
)
from support.made_reports import made_file
from support.repositories import write_files


def test_a_tree_has_each_folder_once() -> None:
    tree = FolderTree.of(["a/b/one", "a/two", "three"])
    assert [tree.path(number) for number in range(len(tree))] == [".", "a", "a/b"]
    assert tree.of_files == [2, 1, 0]
    assert tree.children() == [[1], [2], []]
    assert tree.sums([1, 10, 100]) == [111, 11, 1]
    assert tree.find(["a", "x", "y"]) == (1, 1)


def test_a_deep_path_costs_its_own_length() -> None:
    tree = FolderTree.of(["/".join(["d"] * 100_000)])
    assert len(tree) == 100_000


def test_the_overview_has_no_more_folders_than_a_screen() -> None:
    tree = FolderTree.of(f"{outer}/{inner}/file" for outer in range(30) for inner in range(5))
    lines = [1] * 150
    # Of thirty folders none can be left out, so the root stands for all.
    assert set(overview_folders(tree, lines)) == {0}
    tree = FolderTree.of([f"{outer}/{inner}/file" for outer in range(4) for inner in range(5)] + ["0/file"])
    shown = set(overview_folders(tree, [100 if i < 5 else 1 for i in range(21)]))
    assert len(shown) <= MOST_IN_OVERVIEW
    assert {tree.path(one) for one in shown} >= {"0", "0/0", "0/4", "3/0"}


def test_imports_make_edges_and_cycles(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a/__init__.py": "from b import x\n",
            "b/__init__.py": "import a\nimport c.d\nx = 1\n",
            "c/d.py": "import os\n",
        },
    )
    result = repomap_fast.scan(tmp_path, cache=False)
    tree = FolderTree.of(["a/__init__.py", "b/__init__.py", "c/d.py"])
    basis, edges = find_edges(result, tree, Progress(None))
    graph = make_graph(tree, [made_file(path) for path in ("a/__init__.py", "b/__init__.py", "c/d.py")], basis, edges)
    assert basis == "imports"
    assert {(one.source, one.target, one.is_in_cycle) for one in graph.edges} == {
        ("a", "b", True),
        ("b", "a", True),
        ("b", "c", False),
    }
    assert graph.cycles == (("a", "b"),)


def test_where_no_import_leads_here_names_count_that_one_file_defines(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "a/one.lua": "function only_here() end\nfunction twice() end\n",
            "b/two.lua": "function twice() end\nonly_here()\nonly_here()\ntwice()\n",
        },
    )
    result = repomap_fast.scan(tmp_path, cache=False)
    tree = FolderTree.of(["a/one.lua", "b/two.lua"])
    basis, edges = find_edges(result, tree, Progress(None))
    assert basis == "names"
    assert {(tree.path(source), tree.path(target)): n for (source, target), n in edges.items()} == {("b", "a"): 2}
