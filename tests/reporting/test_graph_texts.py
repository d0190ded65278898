"""graph_texts: Mermaid, Graphviz and GraphML, read back."""

from __future__ import annotations

import io
import re
import shutil
import subprocess

import networkx
import pytest

from repomap_fast.reporting.folders import Folder, FolderEdge, FolderGraph
from repomap_fast.reporting.graph_texts import dot_text, graphml_text, mermaid_text
from support.made_reports import ATTACKS

PATHS = [*ATTACKS, "a\\", 'quote"', "[x]"]
GRAPH = FolderGraph(
    "imports",
    tuple(Folder(path, 1, 2, False) for path in PATHS),
    tuple(FolderEdge(PATHS[i - 1], PATHS[i], i + 1, i < 2) for i in range(len(PATHS))),
    ((PATHS[0], PATHS[1]),),
)
MERMAID = re.compile(
    r'flowchart TB|  n\d+\["[\w ./@+#;-]*"\]|  n\d+ (-->|-\.->)\|\d+\| n\d+'
    r"|  classDef cycle [\w:#,-]+|  class n\d+(,n\d+)* cycle"
)


def test_every_line_of_mermaid_is_one_of_its_statements() -> None:
    lines = mermaid_text(GRAPH).splitlines()
    assert [line for line in lines if not MERMAID.fullmatch(line)] == []
    assert lines[0] == "flowchart TB"
    assert sum("-.->" in line for line in lines) == 2


def test_graphml_is_read_by_networkx() -> None:
    graph = networkx.read_graphml(io.BytesIO(graphml_text(GRAPH).encode()))
    assert graph.is_directed()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(PATHS), len(PATHS))
    assert graph.nodes["n0"]["path"] == PATHS[0]
    assert graph.edges["n0", "n1"] == {"n_references": 2, "is_in_cycle": True}
    assert sum(node["is_in_cycle"] for _, node in graph.nodes(data=True)) == 2


def test_sizes_of_dot_are_counted() -> None:
    assert dot_text(GRAPH).count('tooltip="1 file, 2 lines"') == len(PATHS)


def test_quotes_of_dot_are_closed_on_their_line() -> None:
    for line in dot_text(GRAPH).splitlines():
        rest = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
        assert '"' not in rest
        assert re.fullmatch(r"digraph folders \{|\}|  node .*;|  n\d+( -> n\d+)? \[[\w=, #-]*\];", rest), line


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_it() -> None:
    subprocess.run(["dot", "-Tplain"], input=dot_text(GRAPH).encode(), check=True, capture_output=True)


def test_a_graph_without_edges_is_one() -> None:
    empty = FolderGraph("nothing", (), (), ())
    assert mermaid_text(empty) == "flowchart TB\n"
    assert networkx.read_graphml(io.BytesIO(graphml_text(empty).encode())).number_of_nodes() == 0
