"""The tables of a fleet say what the tables of a scan say."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.fleet import rows
from repomap_fast.fleet.bounds import BoundError, Bounds, Watch
from repomap_fast.fleet.dataset import Part
from repomap_fast.fleet.rows import Outcome, outcome_of, write_parts
from repomap_fast.fleet.scratch import Scratch
from repomap_fast.fleet.sources import Source, SourceKind
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import FLEET_FILE_ROWS, FLEET_TAG_ROWS, REPOSITORY_ROWS
from support.made_results import make_odd_result

parquet = pytest.importorskip("pyarrow.parquet")

SOURCE = Source("https://user:secret@host/x", "v1")


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    return make_odd_result(tmp_path)


def parts(result: ScanResult | None, outcome: Outcome, folder: Path, timeout: float = 60.0) -> dict[str, Any]:
    folder.mkdir()
    with Scratch(str(folder)) as scratch:
        written = write_parts(SOURCE, outcome, result, scratch, Watch(Bounds(timeout=timeout)))
        return {table: parquet.ParquetFile(io.BytesIO(contents_of(part))).read() for table, part in written.items()}


def contents_of(part: Part) -> bytes:
    return part if isinstance(part, bytes) else part.read_bytes()


def test_tags_and_files_are_those_of_the_scan(result: ScanResult, tmp_path: Path) -> None:
    found = parts(result, outcome_of(SOURCE, SourceKind.GIT, result), tmp_path / "parts")
    wanted = [{"repository": "https://host/x@v1", **row} for row in result.tags.to_arrow().to_pylist()]
    assert found["tags"].to_pylist() == wanted
    files = result.files.to_arrow().drop_columns(["mtime_ns"]).to_pylist()
    assert found["files"].to_pylist() == [{"repository": "https://host/x@v1", **row} for row in files]


def test_the_row_counts_what_there_is(result: ScanResult, tmp_path: Path) -> None:
    found = parts(result, outcome_of(SOURCE, SourceKind.GIT, result), tmp_path / "parts")
    (row,) = found["repositories"].to_pylist()
    assert row == {
        "repository": "https://host/x@v1",
        "location": "https://host/x",
        "revision": "v1",
        "kind": "git",
        "commit": None,
        "status": "scanned",
        "reason": None,
        "n_files": len(result.files),
        "n_failed_files": sum(file.status.is_failure for file in result.files),
        "n_tags": len(result.tags),
        "n_definitions": sum(tag.role == "definition" for tag in result.tags),
        "size_bytes": sum(file.size_bytes for file in result.files),
    }


def test_the_columns_are_those_that_are_described(result: ScanResult, tmp_path: Path) -> None:
    found = parts(result, outcome_of(SOURCE, SourceKind.GIT, result), tmp_path / "parts")
    for table, columns in (("tags", FLEET_TAG_ROWS), ("files", FLEET_FILE_ROWS), ("repositories", REPOSITORY_ROWS)):
        assert found[table].column_names == [column.name for column in columns]


def test_one_that_failed_has_a_row_alone(tmp_path: Path) -> None:
    found = parts(None, Outcome(SOURCE.name, "it is \udcff too large"), tmp_path / "parts")
    (row,) = found.pop("repositories").to_pylist()
    assert found == {}
    assert (row["status"], row["reason"], row["n_tags"]) == ("failed", "it is \ufffd too large", 0)


def test_parts_of_a_large_repository_are_files_of_the_same_bytes(
    result: ScanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, watch = outcome_of(SOURCE, SourceKind.GIT, result), Watch(Bounds())
    with Scratch(str(tmp_path)) as scratch:
        small = write_parts(SOURCE, outcome, result, scratch, watch)
        assert scratch.name == ""
        monkeypatch.setattr(rows, "_MAX_ROWS_IN_MEMORY", result.n_tags - 1)
        large = write_parts(SOURCE, outcome, result, scratch, watch)
        assert [isinstance(large[table], Path) for table in small] == [True, True, False]
        assert {table: contents_of(part) for table, part in large.items()} == small
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("repomap-fast-")]


def test_rows_are_written_within_the_time(result: ScanResult, tmp_path: Path) -> None:
    with pytest.raises(BoundError, match="more than 1e-09 s"):
        parts(result, Outcome(SOURCE.name), tmp_path / "parts", timeout=1e-9)


def test_the_commit_of_a_work_tree_is_known(tmp_path: Path) -> None:
    from support.repositories import git, make_work_tree

    top = make_work_tree(tmp_path / "top", {"a.py": "a = 1\n"}, ".")
    result = repomap_fast.scan(top, cache=False)
    assert outcome_of(SOURCE, SourceKind.FOLDER, result).commit == git(top, "rev-parse", "HEAD")
