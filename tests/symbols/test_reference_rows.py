"""What refers to a symbol, as rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.tables import DEFINITION_ROWS, LINKED_ROWS, REFERENCE_ROWS
from support.import_trees import write_files

nanoarrow = pytest.importorskip("nanoarrow")


def test_references_are_rows(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\ndef g():\n    return f()\nf()\n")
    found = repomap_fast.refs(tmp_path, "f", cache=False)
    rows = [row for array in nanoarrow.ArrayStream(found) for row in array.iter_py()]
    names = [column.name for column in REFERENCE_ROWS if column.name != "path_bytes"]
    assert [{name: row[name] for name in names} for row in rows] == [
        {name: getattr(one, name) for name in names} for one in found.references
    ]
    assert [(row["line"], row["scope"], row["source"]) for row in rows] == [(3, "g", "return f()"), (4, None, "f()")]
    assert list(rows[0]) == [column.name for column in REFERENCE_ROWS]


FILES = {"a.py": "def f(): pass\ndef g():\n    return f()\n", "test_a.py": "from a import g\ndef test_g(): g()\n"}


def rows_of(found: object) -> list[dict[str, object]]:
    return [row for array in nanoarrow.ArrayStream(found) for row in array.iter_py()]


def test_callers_and_what_a_change_reaches_are_rows(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    found = repomap_fast.callers(tmp_path, "f", depth=2, cache=False)
    rows = rows_of(found)
    assert list(rows[0]) == [column.name for column in LINKED_ROWS]
    assert [(row["path"], row["name"], row["depth"], row["how"], row["first_site"]) for row in rows] == [
        ("a.py", "g", 1, "scope", 3),
        ("test_a.py", "test_g", 2, "import", 2),
    ]
    reached = rows_of(repomap_fast.impact(tmp_path, "f", cache=False))
    assert [(row["name"], row["is_test"]) for row in reached] == [("g", 0), ("test_g", 1)]


def test_unused_definitions_are_rows(tmp_path: Path) -> None:
    write_files(tmp_path, {**FILES, "b.py": "def lonely(): pass\n"})
    rows = rows_of(repomap_fast.unused(tmp_path, cache=False))
    assert list(rows[0]) == [column.name for column in DEFINITION_ROWS]
    assert [(row["path"], row["line"], row["name"], row["scope"]) for row in rows] == [("b.py", 1, "lonely", None)]
