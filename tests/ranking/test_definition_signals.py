"""Tests of what a task says about definitions: where they were named, and what is near to them."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.ranking.definition_signals import _references, largest_at, members_best, near
from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.tables import I64, U32

_FILES = {
    "a.py": "class Task:\n    def retry(self):\n        return backoff(self)\n\n    def run(self): pass\n",
    "b.py": "def backoff(task):\n    return task.run()\n\n\ndef other():\n    pass\n",
}


@pytest.fixture
def table(tmp_path: Path) -> DefinitionTable:
    for name, text in _FILES.items():
        (tmp_path / name).write_text(text)
    return DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0, 1]))


def _values(table: DefinitionTable, **of_names: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([of_names.get(name.decode(), 0.0) for name in table.names])


def _by_name(table: DefinitionTable, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
    return {name.decode(): value for name, value in zip(table.names, values.tolist(), strict=True) if value}


def test_a_definition_is_near_to_what_it_refers_to_and_to_what_refers_to_it(table: DefinitionTable) -> None:
    found = near(table, _values(table, backoff=0.5))
    assert _by_name(table, found) == {"retry": 0.5, "run": 0.5}


def test_what_many_define_is_near_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def first():\n    return get()\n")
    for number in range(7):
        (tmp_path / f"b{number}.py").write_text("def get():\n    pass\n")
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.arange(8))
    assert not near(table, _values(table, first=1.0)).any()


def test_several_definers_share_the_value(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def first():\n    return get()\n")
    for number in range(2):
        (tmp_path / f"b{number}.py").write_text("def get():\n    pass\n")
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.arange(3))
    assert _by_name(table, near(table, _values(table, first=1.0))) == {"get": 0.5}


@given(st.data())
def test_references_that_are_left_out_are_near_to_nothing(data: st.DataObject) -> None:
    """What the wanted definitions hold, or are called, is found as if all references were looked at."""
    table = _nested_table()
    wanted = np.array(sorted(data.draw(st.sets(st.integers(0, len(table) - 1)))), np.intp)
    names = set(table.name_ids[wanted].tolist())

    def told(owners: I64, of_owners: U32) -> list[tuple[int, int]]:
        pairs = zip(owners.tolist(), of_owners.tolist(), strict=True)
        return [(owner, name) for owner, name in pairs if owner in wanted.tolist() or name in names]

    assert told(*_references(table, wanted)) == told(*_references(table, np.arange(len(table))))


@cache
def _nested_table() -> DefinitionTable:
    files = {
        "a.py": "class A:\n  def one(self):\n    def two():\n      return one(three())\n    return two()\n",
        "b.py": "def three(): return one()\ndef one(): return three(), A()\nA.one()\n\nclass B(A): two = one\n",
        "c.c": "int one(void) { return three(); }\nint three(void)\n{\n  return one();\n}\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (Path(folder) / name).write_text(text)
        return DefinitionTable.of(repomap_fast.scan(folder, cache=False).graph, np.arange(3))


def test_nothing_is_near_where_nothing_was_named(table: DefinitionTable) -> None:
    assert not near(table, np.zeros(len(table))).any()


def test_the_members_of_a_class_give_it_the_best_of_theirs(table: DefinitionTable) -> None:
    assert _by_name(table, members_best(table, _values(table, retry=0.3, run=0.8))) == {"Task": 0.8}


def test_values_go_to_the_definition_of_that_file_row_and_name(table: DefinitionTable) -> None:
    names = dict(zip(table.names, table.name_ids.tolist(), strict=True))
    found = largest_at(
        table,
        np.array([0, 0, 1, 7]),
        np.array([1, 1, 1, 1]),
        np.array([names[b"retry"], names[b"retry"], names[b"backoff"], names[b"retry"]]),
        np.array([0.2, 0.4, 1.0, 1.0]),
    )
    assert _by_name(table, found) == {"retry": 0.4}


def test_a_table_without_definitions(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x()\n")
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0]))
    none = np.zeros(0, np.int64)
    assert len(near(table, np.zeros(0))) == 0
    assert len(largest_at(table, none, none, none, np.zeros(0))) == 0
