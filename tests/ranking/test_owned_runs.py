"""Tests of which definition owns which rows of a text."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.arrays import offsets_from
from repomap_fast.ranking import _definitions


def _runs(text: bytes, definitions: list[tuple[int, int]]) -> list[tuple[bytes, int]]:
    rows = np.array([first for first, _ in definitions], np.uint32)
    ends = np.array([last for _, last in definitions], np.uint32)
    parents = _definitions.enclosing_rows(np.array([0, len(rows)], np.uint64), rows, ends)
    # The text stands between others, which begin and end like it.
    texts, n = [b"a\n", text, b"", b"// a\nb"], len(rows)
    bounds, owners = _definitions.owned_runs(
        np.frombuffer(b"".join(texts), np.uint8),
        offsets_from(np.array([len(one) for one in texts])),
        np.array([0, 0, n, n, n], np.int64),
        rows,
        ends,
        parents,
    )
    assert bounds[0] == 0
    assert bounds[-1] == len(b"".join(texts))
    assert owners[0] == owners[-1] == -1
    bounds, owners = bounds[1:-1] - bounds[1], owners[1:-1]
    assert bounds[-1] == len(text)
    return [
        (text[start:stop], owner)
        for start, stop, owner in zip(bounds[:-1].tolist(), bounds[1:].tolist(), owners.tolist(), strict=True)
    ]


def test_a_row_belongs_to_the_innermost_definition() -> None:
    text = b"import x\nclass A:\n  y = 1\n  def b(self):\n    pass\n  z = 2\nx()\n"
    assert _runs(text, [(1, 5), (2, 2), (3, 4), (5, 5)]) == [
        (b"import x\n", -1),
        (b"class A:\n", 0),
        (b"  y = 1\n", 1),
        (b"  def b(self):\n    pass\n", 2),
        (b"  z = 2\n", 3),
        (b"x()\n", -1),
    ]


def test_comments_right_above_a_definition_belong_to_it() -> None:
    text = b"x = 1\n\n// Adds.\n// Slowly.\nfunc add() {\n}\n// Else.\n\nfunc b() {}\n"
    assert _runs(text, [(0, 0), (4, 5), (8, 8)]) == [
        (b"x = 1\n", 0),
        (b"\n", -1),
        (b"// Adds.\n// Slowly.\nfunc add() {\n}\n", 1),
        (b"// Else.\n\n", -1),
        (b"func b() {}\n", 2),
    ]


def test_a_comment_at_the_top_of_a_text_belongs_to_the_definition_below() -> None:
    assert _runs(b"# Says.\ndef a(): pass\n", [(1, 1)]) == [(b"# Says.\ndef a(): pass\n", 0)]


def test_a_comment_within_a_body_stays_there() -> None:
    text = b"def a():\n    # Says.\n    def b(): pass\n    return b\n"
    assert _runs(text, [(0, 3), (2, 2)]) == [
        (b"def a():\n", 0),
        (b"    # Says.\n    def b(): pass\n", 1),
        (b"    return b\n", 0),
    ]


def test_a_text_without_definitions_or_rows() -> None:
    assert _runs(b"", []) == []
    assert _runs(b"x\ny", []) == [(b"x\ny", -1)]
    assert _runs(b"", [(3, 9)]) == []


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8)), max_size=12), st.integers(0, 16))
def test_without_comments_every_row_has_the_owner_that_a_search_finds(
    spans: list[tuple[int, int]], n_rows: int
) -> None:
    nested: list[tuple[int, int]] = []
    for first, length in sorted(spans, key=lambda span: (span[0], -span[1])):
        last = first + length
        if all(last <= other_last or first > other_last for _, other_last in nested):
            nested.append((first, last))
    expected = []
    for row in range(n_rows):
        around = [i for i, (first, last) in enumerate(nested) if first <= row <= last]
        expected.append(around[-1] if around else -1)
    found = [owner for text, owner in _runs(b"a\n" * n_rows, nested) for _ in range(text.count(b"\n"))]
    assert found == expected
