"""What refers to a symbol, as rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.tables import REFERENCE_ROWS

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
