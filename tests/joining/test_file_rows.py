"""The files of a scan as rows of a table."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult

nanoarrow = pytest.importorskip("nanoarrow")


def rows_of(result: ScanResult) -> list[dict[str, Any]]:
    return [row for array in nanoarrow.ArrayStream(result.files) for row in array.iter_py()]


def test_rows_say_status_counts_and_digest(tmp_path: Path) -> None:
    sources = {"a.py": b"def f(): g()\n", "b.py": b"x" * 99, "c.unknown": b"?", "d.py": b"\0\1\2" * 9}
    for path, source in sources.items():
        (tmp_path / path).write_bytes(source)
    result = repomap_fast.scan(tmp_path, cache=False, max_file_size=50)
    found = rows_of(result)
    assert [(row["path"], row["language"], row["status"]) for row in found] == [
        ("a.py", "python", "tagged"),
        ("b.py", "python", "too_large"),
        ("c.unknown", None, "unknown_language"),
        ("d.py", "python", "binary"),
    ]
    assert [(row["n_definitions"], row["n_references"]) for row in found] == [(1, 1), (0, 0), (0, 0), (0, 0)]
    assert [row["size_bytes"] for row in found] == [len(source) for source in sources.values()]
    assert found[0]["mtime_ns"] == (tmp_path / "a.py").stat().st_mtime_ns
    assert found[0]["digest"] == hashlib.blake2b(sources["a.py"], digest_size=16).hexdigest()
    assert (found[1]["digest"], found[2]["digest"]) == (None, None)
    assert rows_of(pickle.loads(pickle.dumps(result))) == found


def test_digests_are_those_of_the_contents_however_they_are_known(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    (root / "a.py").write_bytes(b"a = 1\n")
    (root / "b.py").write_bytes(b"b = 1\n")
    for source in (b"a = 1\n", b"a = 1\n", b"a = 2\n"):
        (root / "a.py").write_bytes(source)
        found = rows_of(repomap_fast.scan(root, cache_dir=cache))
        wanted = [hashlib.blake2b(one, digest_size=16).hexdigest() for one in (source, b"b = 1\n")]
        assert [row["digest"] for row in found] == wanted


def test_nothing_has_no_rows(tmp_path: Path) -> None:
    assert rows_of(repomap_fast.scan(tmp_path, cache=False)) == []
