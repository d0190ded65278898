"""The scopes around a row, and the largest below one, beside a search of all nodes."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from repomap_fast.compat.grep_ast.scopes import Scopes
from repomap_fast.drawing.outline import NodeRows, Outliners, Text

OUTLINERS = Outliners(n_workers=1, max_file_memory_bytes=1 << 30, file_timeout_s=20.0)
LINES = st.lists(st.sampled_from(["[", "]", "[", "]", "], [", "1,", "f(", ")", "", "[1, [2,", "3]],"]), max_size=25)


def nodes_of(text: str) -> NodeRows:
    nodes = OUTLINERS.node_rows(Text(text.encode(), "javascript"))
    assert nodes is not None
    return nodes


@given(LINES, st.integers(0, 26))
def test_each_scope_around_a_row_is_given_once(lines: list[str], row: int) -> None:
    nodes = nodes_of("\n".join(lines))
    scopes = Scopes(nodes, 10)
    spans = set(zip(nodes.rows.tolist(), nodes.end_rows.tolist(), strict=True))
    around = sorted({start for start, last_row in spans if start <= row <= last_row})
    assert sorted(start for start, _, _ in scopes.new_around(row)) == around
    assert list(scopes.new_around(row)) == []
    scopes.begin()
    # What was shown for another row is left out, and nothing else.
    before = {start for start, _, _ in scopes.new_around(row // 2)}
    assert sorted(start for start, _, _ in scopes.new_around(row)) == sorted(set(around) - before)
    assert sorted(scopes.sets(30)[row]) == around


@given(LINES, st.integers(0, 24))
@example(["[", "[", "], [", "]"], 1)
def test_the_largest_below_a_row_come_first(lines: list[str], row: int) -> None:
    nodes = nodes_of("\n".join(lines))
    rows, end_rows, stops = (column.tolist() for column in (nodes.rows, nodes.end_rows, nodes.stops))
    below = sorted(
        {inner for node, start in enumerate(rows) if start == row for inner in range(node, stops[node])},
        key=lambda node: (rows[node] - end_rows[node], node),
    )
    scopes = Scopes(nodes, 10)
    assert list(scopes.largest_below(row)) == [rows[node] for node in below]
    scopes.finish(row)
    # On a row where one of them ends, another node may begin that is not below.
    others = {start for node, start in enumerate(rows) if node not in below}
    assert all(list(scopes.largest_below(rows[node])) == [] for node in below if rows[node] not in {row, *others})


def test_a_part_that_ends_where_the_next_begins_is_apart() -> None:
    nodes = nodes_of("if (a) {\n  b;\n} else {\n  c;\n}\n")
    scopes = Scopes(nodes, 10)
    assert {start for start, _, _ in scopes.new_around(3)} == {0, 2, 3}
    assert scopes.last_row(0) == 5
    assert scopes.last_row(2) == 4
    assert scopes.starts_on(4)
    assert not scopes.starts_on(5)


def test_nodes_below_a_node_come_right_behind_it() -> None:
    nodes = nodes_of("f(\n  [\n    1,\n  ],\n  2)\n3\n")
    assert np.all(np.diff(nodes.rows.astype(int)) >= 0)
    for node, stop in enumerate(nodes.stops.tolist()):
        assert np.all(nodes.end_rows[node:stop] <= nodes.end_rows[node])
        assert np.all(nodes.rows[stop:] >= nodes.end_rows[node])
