"""Rows of a graph: numbered anew, and gathered from parts."""

from __future__ import annotations

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.indexing.graph_rows import GraphRows, Linker, gather
from repomap_fast.joining.graph import NOT_SHARED
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE


def rows_of(*files: tuple[list[int], list[int], int]) -> GraphRows:
    """Return rows of files: names referred to, names defined, how many unreferenced names."""
    references, definers, unreferenced = zip(*files, strict=True)
    names = np.array([i for ids in references for i in ids], np.uint32)
    return GraphRows(
        offsets_from(np.array([len(ids) for ids in references])),
        names,
        names + np.uint32(100),
        offsets_from(np.array([len(ids) for ids in definers])),
        np.array([i for ids in definers for i in ids], np.uint32),
        np.array(unreferenced, np.uint32),
    )


def described(rows: GraphRows) -> list[tuple[list[int], list[int], list[int], int]]:
    return [
        (
            rows.reference_names[int(rows.reference_offsets[i]) : int(rows.reference_offsets[i + 1])].tolist(),
            rows.reference_counts[int(rows.reference_offsets[i]) : int(rows.reference_offsets[i + 1])].tolist(),
            rows.definer_names[int(rows.definer_offsets[i]) : int(rows.definer_offsets[i + 1])].tolist(),
            int(rows.unreferenced_counts[i]),
        )
        for i in range(len(rows.unreferenced_counts))
    ]


def test_names_that_are_linked_no_more_are_left_out_or_lone() -> None:
    rows = rows_of(([0, 2], [1], 0), ([], [0, 1, 2], 4), ([1], [], 0))
    numbers = np.array([5, NOT_SHARED, 6], np.uint32)
    assert described(rows.renumbered(numbers)) == [
        ([5, 6], [100, 102], [], 1),
        ([], [], [5, 6], 5),
        ([], [], [], 0),
    ]
    assert described(rows.renumbered(np.array([3, 4, 5], np.uint32)))[2] == ([4], [101], [], 0)


def test_rows_are_gathered_in_any_order() -> None:
    parts = [rows_of(([0], [1], 1), ([1, 2], [], 2), ([], [0], 3)), rows_of(([2], [2], 7), ([], [], 8))]
    gathered = gather(parts, np.array([0, 0, 1, 0, 1]), np.array([1, 2, 0, 0, 1]))
    first, second = described(parts[0]), described(parts[1])
    assert described(gathered) == [first[1], first[2], second[0], first[0], second[1]]
    assert described(gather(parts, np.empty(0, np.int64), np.empty(0, np.int64))) == []


def test_a_linker_makes_the_rows_of_files() -> None:
    linker = Linker(np.array([1, 3], np.uint32), 5)
    ids = np.array([1, 4, 3, 3, 1], np.uint32)
    roles = np.array([ROLE_DEFINITION, ROLE_DEFINITION, ROLE_REFERENCE, ROLE_REFERENCE, ROLE_REFERENCE], np.uint8)
    rows = linker.link(np.array([3, 2], np.uint32), ids, roles)
    assert described(rows) == [([1], [1], [0], 1), ([1, 0], [1, 1], [], 0)]
    assert described(linker.link(np.array([2], np.uint32), ids[3:], roles[3:])) == [([1, 0], [1, 1], [], 0)]
