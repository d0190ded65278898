"""The distinct names of a scan, as objects and as rows of a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.joining.identifier_rows import Identifier
from support.made_scans import scan_files


def test_identifiers_are_counted_by_role(tmp_path: Path) -> None:
    made = scan_files(
        tmp_path, {b"a.py": b"class A: pass\nA()\nA()\nLIMIT = 1\n", b"b.py": b"A()\nf\xff()\n"}, "python"
    )
    found = list(made.identifiers)
    assert found[0] == Identifier("A", "classes", 1, 3) or found[0] == Identifier("A", "constants", 1, 3)
    assert Identifier("LIMIT", "constants", 1, 0) in found
    assert len(made.identifiers) == len(made.tag_table.names)
    assert repr(made.identifiers) == f"<{len(found)} identifiers>"
    assert made.identifiers[-1] == found[-1]
    assert made.identifiers[1:] == found[1:]
    nanoarrow = pytest.importorskip("nanoarrow")
    rows = [row for array in nanoarrow.ArrayStream(made.identifiers) for row in array.iter_py()]
    assert rows == [{name: getattr(one, name) for name in Identifier.__slots__} for one in found]
