"""Tests of the table of definitions: its rows, and what encloses each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.errors import IndexDamagedError
from repomap_fast.ranking import _definitions
from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable

_SOURCE = """class Task:
    name = 1

    def retry(self):
        def inner():
            pass
        return inner


def alone(): pass
LIMIT = 3
"""


def _table(tmp_path: Path) -> DefinitionTable:
    (tmp_path / "a.py").write_text(_SOURCE)
    (tmp_path / "b.py").write_text("def other():\n    pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    return DefinitionTable.of(result.graph, np.array([0, 1]))


def _names(table: DefinitionTable) -> list[str]:
    return [table.names[i].decode() for i in range(len(table))]


def test_every_definition_has_the_innermost_one_around_it_as_its_parent(tmp_path: Path) -> None:
    table = _table(tmp_path)
    names = _names(table)
    parents = {name: None if p == NO_PARENT else names[p] for name, p in zip(names, table.parents, strict=True)}
    assert parents == {
        **{"Task": None, "name": "Task", "retry": "Task", "inner": "retry"},
        **{"alone": None, "LIMIT": None, "other": None},
    }
    assert table.files.tolist() == [0] * 6 + [1]


def test_kinds_tell_classes_from_functions(tmp_path: Path) -> None:
    table = _table(tmp_path)
    names = np.array(_names(table))
    assert names[table.are_classes].tolist() == ["Task"]
    assert names[table.are_functions].tolist() == ["retry", "inner", "alone", "other"]


def test_definitions_are_told_by_their_names(tmp_path: Path) -> None:
    table = _table(tmp_path)
    for name in ("retry", "alone", "LIMIT", "no_name_of_any"):
        assert table.are_named(name.encode()).tolist() == [one == name for one in _names(table)]


def test_the_innermost_definition_at_a_row(tmp_path: Path) -> None:
    table = _table(tmp_path)
    names = _names(table)
    assert [names[table.innermost_at(0, row)] for row in (0, 1, 5, 6)] == ["Task", "name", "inner", "retry"]
    assert table.innermost_at(0, 8) == NO_PARENT
    assert names[table.innermost_at(1, 1)] == "other"


def test_the_first_files_are_read_up_to_a_number_of_names(tmp_path: Path) -> None:
    graph = _table(tmp_path).graph
    # a.py defines six names, b.py one.
    for most, read in ((1, [0]), (6, [0]), (7, [0, 1])):
        assert DefinitionTable.of_first(graph, np.array([0, 1]), most).file_ids.tolist() == read
    assert DefinitionTable.of_first(graph, np.array([1, 0]), 1).file_ids.tolist() == [1]


def test_a_kind_that_is_none_is_damage(tmp_path: Path) -> None:
    graph = _table(tmp_path).graph
    with pytest.raises(IndexDamagedError, match="a definition is of kind"):
        DefinitionTable.of(replace(graph, kinds=graph.kinds[:1]), np.array([0, 1]))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), max_size=25))
def test_enclosing_rows_are_those_of_a_search_through_all(spans: list[tuple[int, int]]) -> None:
    # Definitions of a file are nested, as a syntax tree makes them: partial overlaps are left out.
    nested: list[tuple[int, int]] = []
    for start, length in sorted(spans, key=lambda span: (span[0], -span[1])):
        end = start + length
        if all(end <= other_end or start > other_end for _, other_end in nested):
            nested.append((start, end))
    rows = np.array([start for start, _ in nested], np.uint32)
    ends = np.array([end for _, end in nested], np.uint32)
    found = _definitions.enclosing_rows(np.array([0, len(nested)], np.uint64), rows, ends)
    for i, (start, end) in enumerate(nested):
        around = [j for j, (first, last) in enumerate(nested[:i]) if first <= start and end <= last and last > first]
        assert found[i] == (around[-1] if around else NO_PARENT)


def test_a_macro_of_one_row_is_no_function(tmp_path: Path) -> None:
    (tmp_path / "a.h").write_text(
        "#define LIMIT 3\n#define swap(a, b) \\\n  do_swap(a); \\\n  do_swap(b)\nint f(void);\n"
    )
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0]))
    names = np.array(_names(table))
    assert "LIMIT" in names.tolist()
    assert names[table.are_functions].tolist() == ["swap"]


def test_counts_are_added_to_those_of_all_definitions_around() -> None:
    outer = np.array([-1, 0, 1, 0, -1])
    counts = np.arange(1, 11)
    _definitions.add_to_outer(counts, outer)
    assert counts.reshape(5, 2).tolist() == [[1 + 3 + 5 + 7, 2 + 4 + 6 + 8], [3 + 5, 4 + 6], [5, 6], [7, 8], [9, 10]]
    for wrong in ([0], [-2], [-1, 1]):
        with pytest.raises(ValueError, match="comes before"):
            _definitions.add_to_outer(np.zeros(len(wrong), np.int64), np.array(wrong))
    with pytest.raises(ValueError, match="do not fit"):
        _definitions.add_to_outer(np.zeros(3, np.int64), np.array([-1, 0]))
