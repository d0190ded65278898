"""Imports, as rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.tables import IMPORT_ROWS
from support.import_trees import write_files

nanoarrow = pytest.importorskip("nanoarrow")


def test_imports_and_those_of_other_files_are_rows(tmp_path: Path) -> None:
    files = {"a.py": "def f(): pass\n", "b.py": "from a import f as h\nimport os\n", "c.py": "import b\n"}
    found = repomap_fast.imports(write_files(tmp_path, files), "b.py", cache=False)
    rows = [row for array in nanoarrow.ArrayStream(found) for row in array.iter_py()]
    assert list(rows[0]) == [column.name for column in IMPORT_ROWS]
    names = ("path", "module", "name", "alias", "leads", "target", "is_of_importer")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("b.py", "a", "f", "h", "inside", "a.py", 0),
        ("b.py", "os", None, None, "outside", None, 0),
        ("c.py", "b", None, None, "inside", "b.py", 1),
    ]
