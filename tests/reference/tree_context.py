"""The slow twin of outline and render: what grep-ast's ``TreeContext`` shows of a text, as aider calls it.

Written after the rules and not after the code: every node of the stock binding's tree is looked at for every row.
"""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Language, Parser

from repomap_fast.languages.grammars import load_grammar

HEAD_ROWS = 10
LINE_LENGTH = 100


def shown_text(source: str, grammar: str, rows: Iterable[int]) -> str:
    """Return the lines that are shown of ``source`` for these rows of interest, with their marks."""
    if not source.endswith("\n"):
        source += "\n"
    lines = source.splitlines()
    nodes = all_nodes(source, grammar)
    shown = set(rows)
    for row in list(shown):
        for start in {first for first, last in nodes if first <= row <= last}:
            # Whoever has looked at the top of the file knows it.
            if start > 0:
                shown |= set(head(nodes, start))
    shown |= {row + 1 for row in shown if row + 2 in shown}
    last_row = len(lines) - 1
    shown |= {row + 1 for row in shown if row < last_row and lines[row].strip() and not lines[row + 1].strip()}
    text, is_in_gap = "", False
    for row, line in enumerate(lines):
        if row in shown:
            text += f"│{line}"[:LINE_LENGTH] + "\n"
        elif not is_in_gap:
            text += "⋮\n"
        is_in_gap = row not in shown
    return text


def all_nodes(source: str, grammar: str) -> list[tuple[int, int]]:
    """Return the first and the last row of every node of the tree."""
    parser = Parser(Language(load_grammar(grammar)))
    found, waiting = [], [parser.parse(source.encode()).root_node]
    while waiting:
        node = waiting.pop()
        found.append((node.start_point.row, node.end_point.row))
        waiting += node.children
    return found


def head(nodes: list[tuple[int, int]], start: int) -> range:
    """Return the rows that are shown for what starts in row ``start``."""
    spans = sorted(last - first for first, last in nodes if first == start < last)
    return range(start, start + (min(spans[0], HEAD_ROWS) if len(spans) > 1 else 1))
