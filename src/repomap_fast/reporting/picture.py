"""The report as one drawing of SVG: the treemap of the files above the graph of the largest folders.

It is drawn here and not by the library of the page, which needs a browser. A title says of each piece what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from repomap_fast.reporting.folders import ROOT, FolderTree, counted
from repomap_fast.reporting.level_graphs import overview_graph
from repomap_fast.reporting.page import read_part
from repomap_fast.reporting.page_data import level_of
from repomap_fast.reporting.treemap import Box, squarify
from repomap_fast.unseen import escaped_for_xml, shown_line
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.reporting.files import ReportFile
    from repomap_fast.reporting.level_graphs import LevelGraph
    from repomap_fast.reporting.report import Report

WIDTH, TREE_HEIGHT = 1200, 620
_HEAD, _BAND, _GAP = 44, 18, 2
_LEAST_AREA = 60.0
"""Of a piece, in square units; smaller ones are drawn as one."""
_LETTER = 6.3
"""Width of a letter, a little too much rather than too little."""
_BOX_WIDTH, _BOX_HEIGHT, _ROW = 150, 26.0, 64
_PER_ROW = WIDTH // (_BOX_WIDTH + 10)
_MOST_ARROWS = 70
_BESIDE = 18
"""How far beside the middle of its boxes an arrow begins and ends that leads back."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What the treemap draws: a folder, with its number, or a file."""

    name: str
    path: str
    n_lines: int
    level: int
    folder: int | None


def svg_text(report: Report, name: str) -> str:
    """Return the drawing; ``name`` is that of the repository."""
    numbers = report.numbers
    graph = overview_graph(report.overview)
    drawn = list(_graph(graph, _HEAD + TREE_HEIGHT + 40))
    height = _HEAD + TREE_HEIGHT + 40 + _graph_height(graph)
    described = (
        f"{counted(numbers.n_files, 'file')}, {counted(numbers.n_lines, 'line')}. "
        "Area: lines; the stronger the colour, the more important. "
        "An arrow leads to what is referred to; dashed ones close cycles."
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">',
            f'<title id="t">{_text(name)}</title><desc id="d">{_text(described)}</desc>',
            f"<style>{read_part('picture.css')}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
            f'<text class="title" x="6" y="18">{_text(name)}</text><text x="6" y="36">{_text(described)}</text>',
            *_treemap(report),
            *drawn,
            "</svg>\n",
        ]
    )


def _treemap(report: Report) -> Iterator[str]:
    tree = FolderTree.of(file.path for file in report.files)
    lines = tree.sums(file.n_lines for file in report.files)
    levels = [level_of(file.importance * len(report.files)) for file in report.files]
    weighted = tree.sums(file.n_lines * level for file, level in zip(report.files, levels, strict=True))
    inner = tree.children()
    files_of: list[list[int]] = [[] for _ in range(len(tree))]
    for row, folder in enumerate(tree.of_files):
        files_of[folder].append(row)

    def pieces(folder: int) -> list[_Piece]:
        found = [
            _Piece(tree.names[one], tree.path(one), lines[one], weighted[one] // max(lines[one], 1), one)
            for one in inner[folder]
        ]
        found += [_file_piece(report.files[row], levels[row]) for row in files_of[folder]]
        return sorted((one for one in found if one.n_lines), key=lambda one: (-one.n_lines, one.name))

    room = Box(0.0, float(_HEAD), float(WIDTH), float(TREE_HEIGHT))
    for piece, box in _laid(pieces(ROOT), room):
        has_band = piece.folder is not None and box.width > 40 and box.height > 40
        yield _drawn(piece, box, label_height=_BAND if has_band else None)
        if has_band and piece.folder is not None:
            for one, place in _laid(pieces(piece.folder), box.inset(_GAP, _BAND)):
                yield _drawn(one, place)


def _file_piece(file: ReportFile, level: int) -> _Piece:
    return _Piece(file.path.rpartition("/")[2], file.path, file.n_lines, level, None)


def _laid(pieces: list[_Piece], room: Box) -> list[tuple[_Piece, Box]]:
    """Return pieces with their boxes; those that are too small are one piece."""
    total = sum(one.n_lines for one in pieces)
    least = _LEAST_AREA * total / (room.width * room.height) if room.width * room.height > 0 else float("inf")
    shown = [one for one in pieces if one.n_lines >= least]
    rest = pieces[len(shown) :]
    if rest:
        shown.append(_Piece(f"{len(rest):,} smaller", "", sum(one.n_lines for one in rest), -1, None))
    shown.sort(key=lambda one: -one.n_lines)
    return list(zip(shown, squarify([one.n_lines for one in shown], room), strict=True))


def _drawn(piece: _Piece, box: Box, *, label_height: int | None = None) -> str:
    kind = "rest" if piece.level < 0 else f"l{piece.level // 10}"
    title = f"{piece.path or piece.name}: {counted(piece.n_lines, 'line')}"
    label, most = shown_line(utf8_text(piece.name[:200])), int((box.width - 8) / _LETTER)
    text = ""
    if most >= 3 and box.height >= 16:
        cut = label if len(label) <= most else f"{label[: most - 1]}…"
        y = box.y + (13 if label_height else min(box.height / 2 + 4, box.height))
        ink = "band" if label_height else f"on{max(piece.level, 0) // 10}"
        text = f'<text class="{ink}" x="{box.x + 4:.1f}" y="{y:.1f}">{_text(cut)}</text>'
    kind = "folder" if label_height else kind
    return (
        f"<g><title>{_text(title)}</title>"
        f'<rect class="{kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"/>'
        f"{text}</g>"
    )


def _rows(graph: LevelGraph) -> list[tuple[int, ...]]:
    return [layer[i : i + _PER_ROW] for layer in graph.layers for i in range(0, len(layer), _PER_ROW)]


def _graph_height(graph: LevelGraph) -> int:
    return len(_rows(graph)) * _ROW + 20 if graph.edges else 0


def _graph(graph: LevelGraph, top: int) -> Iterator[str]:
    if not graph.edges:
        return
    middle: dict[int, tuple[float, float]] = {}
    for number, row in enumerate(_rows(graph)):
        room = WIDTH - _BOX_WIDTH
        step = max(_BOX_WIDTH + 10, room / len(row)) if len(row) > 1 else 0
        start = (room - step * (len(row) - 1)) * (0.68 if number % 2 else 0.32)
        for column, node in enumerate(row):
            left = start + step * column
            middle[node] = left + _BOX_WIDTH / 2, top + number * _ROW + _BOX_HEIGHT / 2
    layer_of = {node: i for i, layer in enumerate(graph.layers) for node in layer}
    yield (
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="head" d="M0 0L8 4L0 8z"/></marker></defs>'
    )
    back = [one for one in graph.edges if layer_of[one[0]] >= layer_of[one[1]]]
    forward = [one for one in graph.edges if layer_of[one[0]] < layer_of[one[1]]]
    for source, target, n, _ in (back + forward)[:_MOST_ARROWS]:
        (x1, y1), (x2, y2) = middle[source], middle[target]
        is_back = layer_of[source] >= layer_of[target]
        # Beside the arrow between the same folders that leads down, which would hide it.
        x1, x2 = (x1 + _BESIDE, x2 + _BESIDE) if is_back else (x1, x2)
        y1 += -_BOX_HEIGHT / 2 if is_back else _BOX_HEIGHT / 2
        y2 += _BOX_HEIGHT / 2 if is_back else -_BOX_HEIGHT / 2
        bend = -24 if is_back else 24
        title = f"{graph.names[source]} → {graph.names[target]}: {n:,}"
        yield (
            f'<path class="{"back" if is_back else "arrow"}" marker-end="url(#a)" '
            f'd="M{x1:.1f} {y1:.1f}C{x1:.1f} {y1 + bend:.1f} {x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}">'
            f"<title>{_text(title)}</title></path>"
        )
    cyclic = {node for cycle in graph.cycles for node in cycle}
    for node, (x, y) in middle.items():
        folder = graph.folders[node]
        title = f"{folder.path}: {counted(folder.n_files, 'file')}, {counted(folder.n_lines, 'line')}"
        name = shown_line(utf8_text(graph.names[node]))
        most = int((_BOX_WIDTH - 8) / _LETTER)
        label = name if len(name) <= most else f"…{name[1 - most :]}"
        yield (
            f"<g><title>{_text(title)}</title>"
            f'<rect class="{"cycle" if node in cyclic else "node"}" rx="6" x="{x - _BOX_WIDTH / 2:.1f}" '
            f'y="{y - _BOX_HEIGHT / 2:.1f}" width="{_BOX_WIDTH}" height="{_BOX_HEIGHT}"/>'
            f'<text class="middle" x="{x:.1f}" y="{y + 4:.1f}">{_text(label)}</text></g>'
        )


def _text(text: str) -> str:
    return escaped_for_xml(escape(shown_line(utf8_text(text))))
