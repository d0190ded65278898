"""The graph of folders as text for other tools: Mermaid, Graphviz and GraphML.

A name reaches a text in quotes or as an escape, so that none ends where it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from repomap_fast.reporting.folders import counted
from repomap_fast.unseen import escaped_for_xml, shown_line
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.reporting.folders import FolderGraph

_NOT_PLAIN = re.compile(r"[^\w ./@+-]", re.ASCII)
_ALERT = "#b3400a"


def mermaid_text(graph: FolderGraph) -> str:
    """Return a flowchart of Mermaid; folders in a cycle have the class ``cycle``."""
    ids = _ids(graph)
    cyclic = [ids[path] for cycle in graph.cycles for path in cycle]
    lines = ["flowchart TB"]
    lines += [f'  {ids[one.path]}["{_mermaid(one.path)}"]' for one in graph.folders]
    lines += [
        f"  {ids[one.source]} {'-.->' if one.is_in_cycle else '-->'}|{one.n_references}| {ids[one.target]}"
        for one in graph.edges
    ]
    if cyclic:
        lines += [f"  classDef cycle stroke:{_ALERT},stroke-width:3px", f"  class {','.join(cyclic)} cycle"]
    return "".join(f"{line}\n" for line in lines)


def dot_text(graph: FolderGraph) -> str:
    """Return a directed graph of Graphviz; what is in a cycle has a colour and dashes."""
    ids = _ids(graph)
    cyclic = {path for cycle in graph.cycles for path in cycle}
    lines = ["digraph folders {", "  node [shape=box, style=rounded];"]
    for one in graph.folders:
        mark = f', color="{_ALERT}", penwidth=2' if one.path in cyclic else ""
        sizes = f"{counted(one.n_files, 'file')}, {counted(one.n_lines, 'line')}"
        lines.append(f'  {ids[one.path]} [label="{_dot(one.path)}", tooltip="{sizes}"{mark}];')
    for edge in graph.edges:
        mark = f', color="{_ALERT}", style=dashed' if edge.is_in_cycle else ""
        lines.append(f"  {ids[edge.source]} -> {ids[edge.target]} [label={edge.n_references}{mark}];")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def graphml_text(graph: FolderGraph) -> str:
    """Return a graph of GraphML (http://graphml.graphdrawing.org), with the fields of folders and edges as data."""
    ids = _ids(graph)
    cyclic = {path for cycle in graph.cycles for path in cycle}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [
        f'  <key id="{key}" for="{of}" attr.name="{key.removeprefix("edge_")}" attr.type="{kind}"/>'
        for key, of, kind in (
            ("path", "node", "string"),
            ("n_files", "node", "int"),
            ("n_lines", "node", "int"),
            ("is_tests", "node", "boolean"),
            ("is_in_cycle", "node", "boolean"),
            ("n_references", "edge", "int"),
            ("edge_is_in_cycle", "edge", "boolean"),
        )
    ]
    lines.append('  <graph id="folders" edgedefault="directed">')
    for one in graph.folders:
        data = _data(
            path=_xml(one.path),
            n_files=one.n_files,
            n_lines=one.n_lines,
            is_tests=one.is_tests,
            is_in_cycle=one.path in cyclic,
        )
        lines.append(f'    <node id="{ids[one.path]}">{data}</node>')
    for edge in graph.edges:
        data = _data(n_references=edge.n_references, edge_is_in_cycle=edge.is_in_cycle)
        lines.append(f'    <edge source="{ids[edge.source]}" target="{ids[edge.target]}">{data}</edge>')
    return "".join(f"{line}\n" for line in [*lines, "  </graph>", "</graphml>"])


def _ids(graph: FolderGraph) -> dict[str, str]:
    return {one.path: f"n{number}" for number, one in enumerate(graph.folders)}


def _data(**values: object) -> str:
    return "".join(
        f'<data key="{key}">{str(value).lower() if isinstance(value, bool) else value}</data>'
        for key, value in values.items()
    )


def _mermaid(text: str) -> str:
    """Return a label within quotes of Mermaid, which reads ``#35;`` as a character."""
    return _NOT_PLAIN.sub(lambda match: f"#{ord(match[0])};", shown_line(utf8_text(text)))


def _dot(text: str) -> str:
    """Return a label within quotes of Graphviz, which reads escapes and HTML entities."""
    shown = shown_line(utf8_text(text)).replace("\\", "\\\\").replace('"', '\\"')
    return shown.replace("&", "&amp;")


def _xml(text: str) -> str:
    return escaped_for_xml(escape(shown_line(utf8_text(text))))
