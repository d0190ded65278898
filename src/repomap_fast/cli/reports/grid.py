"""Rows of cells under headings: drawn for a terminal, and as plain columns for anything else.

Whoever reads a pipe shall not wait for rich to load.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from repomap_fast.cli.text import print_line

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of a grid.

    text      the heading itself.
    is_number  whether its cells end below each other.
    may_fold  whether its cells may go on in a further line where the terminal is too narrow.
    spare     0 for a column that is always shown; where a terminal is too narrow for all, those that can be spared go,
              the highest number first.
    style     how rich is to show it.
    """

    text: str
    is_number: bool = False
    may_fold: bool = False
    spare: int = 0
    style: str = ""


def print_grid(headings: Sequence[Heading], rows: Sequence[Sequence[str]], out: TextIO | None = None) -> None:
    """Print ``rows``, each with a cell for each heading; nothing at all if there are none."""
    out = out or sys.stdout
    if not rows:
        return
    if out.isatty():
        _print_table(headings, rows, out)
    else:
        out.writelines(line + "\n" for line in grid_lines(headings, rows))


def print_facts(facts: Sequence[tuple[str, str]], out: TextIO | None = None) -> None:
    """Print facts below each other, indented: what each is, and what it says."""
    out = out or sys.stdout
    if out.isatty():
        from rich.table import Table

        from repomap_fast.cli.reports.summary import print_calmly

        table = Table.grid(padding=(0, len(_GAP), 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(overflow="fold")
        for label, text in facts:
            table.add_row(_GAP + label, text)
        print_calmly(table, out)
        return
    width = max(len(label) for label, _ in facts)
    for label, text in facts:
        print_line(f"{_GAP}{label.ljust(width)}{_GAP}{text}", out)


def grid_lines(headings: Sequence[Heading], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the grid as lines on a page without end."""
    cells = [[heading.text for heading in headings], *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = [
            cell.rjust(width) if heading.is_number else cell.ljust(width)
            for cell, width, heading in zip(row, widths, headings, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _columns_that_fit(headings: Sequence[Heading], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return which columns are shown: all, or those that are left when what can be spared makes room for the rest."""
    cells = zip([heading.text for heading in headings], *rows, strict=True)
    widths = [len(_GAP) + max(map(len, column)) for column in cells]
    kept = list(range(len(headings)))
    for i in sorted(kept, key=lambda i: -headings[i].spare):
        if headings[i].spare and sum(widths[j] for j in kept) - len(_GAP) > width:
            kept.remove(i)
    return kept


def _print_table(headings: Sequence[Heading], rows: Sequence[Sequence[str]], out: TextIO) -> None:
    from rich.table import Table

    from repomap_fast.cli.reports.summary import print_calmly, window_columns

    kept = _columns_that_fit(headings, rows, window_columns(out))
    table = Table(box=None, pad_edge=False, padding=(0, len(_GAP), 0, 0), header_style="bold")
    for heading in (headings[i] for i in kept):
        table.add_column(
            heading.text,
            justify="right" if heading.is_number else "left",
            overflow="fold" if heading.may_fold else "ellipsis",
            no_wrap=not heading.may_fold,
            style=heading.style,
        )
    for row in rows:
        table.add_row(*(row[i] for i in kept))
    print_calmly(table, out)
