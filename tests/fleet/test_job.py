"""One repository is scanned and committed, or costs its own row."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import FleetError
from repomap_fast.fleet import job as jobs
from repomap_fast.fleet.job import scan_some, scan_source
from support.fleets import bytes_of, job_for, rows_of
from support.repositories import git, make_work_tree, needs_git, write_files

pytest.importorskip("distributed")
pytest.importorskip("pyarrow")

FILES = {"a.py": "def first(): pass\n"}


def reason(location: Path, out: Path, revision: str | None = None, **bounds: Any) -> str:
    outcome = scan_source(job_for(location, out, revision, **bounds))
    (row,) = rows_of(out, "repositories")
    assert (row["status"], row["reason"]) == ("failed", outcome.reason)
    assert not (out / "tags").exists()
    return outcome.reason


@needs_git
def test_a_folder_a_revision_and_a_bare_repository(tmp_path: Path) -> None:
    top = make_work_tree(tmp_path / "top", FILES, ".")
    (top / "a.py").write_text("def second(): pass\n")
    git(tmp_path, "clone", "-q", "--bare", "top", "bare")
    for name, location, revision in (("folder", top, None), ("commit", top, "HEAD"), ("bare", tmp_path / "bare", None)):
        scan_source(job_for(location, tmp_path / name, revision))
    names = {name: [row["name"] for row in rows_of(tmp_path / name, "tags")] for name in ("folder", "commit", "bare")}
    assert names == {"folder": ["second"], "commit": ["first"], "bare": ["first"]}
    (row,) = rows_of(tmp_path / "bare", "repositories")
    assert (row["kind"], row["commit"]) == ("git", git(top, "rev-parse", "HEAD"))


def test_the_rows_are_those_of_a_scan(tmp_path: Path) -> None:
    root = write_files(tmp_path / "root", {**FILES, "b.js": "function b() { first() }\n"})
    scan_source(job_for(root, tmp_path / "out"))
    wanted = repomap_fast.scan(root, cache=False).tags.to_arrow().to_pylist()
    found = [{name: row[name] for name in wanted[0]} for row in rows_of(tmp_path / "out", "tags")]
    assert found == wanted


def test_what_cannot_be_scanned_is_a_row(tmp_path: Path) -> None:
    assert "there is no" in reason(tmp_path / "none", tmp_path / "1")
    (tmp_path / "text").write_text("x")
    assert "does not begin as a tar or zip archive" in reason(tmp_path / "text", tmp_path / "2")
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 and no more")
    assert "the archive is damaged" in reason(tmp_path / "bad.zip", tmp_path / "3")
    assert "is an archive; expected none" in reason(tmp_path / "bad.zip", tmp_path / "4", "v1")
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in reason(tmp_path / "pipe", tmp_path / "5")
    assert "File name too long" in reason(tmp_path / ("x" * 5000), tmp_path / "6")
    assert "'rrr" in reason(write_files(tmp_path / "root", FILES), tmp_path / "7", "r" * 5000)


def test_what_costs_too_much_is_a_row(tmp_path: Path) -> None:
    root = write_files(tmp_path / "root", {f"{n}.py": "" for n in range(20)})
    assert reason(root, tmp_path / "1", max_files=10) == "it has more than 10 files"
    assert reason(root, tmp_path / "2", timeout=1e-9) == "it takes more than 1e-09 s"


def test_a_fault_of_ours_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(jobs, "outcome_of", fails)
    root = write_files(tmp_path / "root", FILES)
    assert reason(root, tmp_path / "out") == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize("step", ["write_parts", "unpack"])
def test_a_full_disk_of_the_worker_is_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(jobs, step, full)
    (tmp_path / "a.zip").write_bytes(b"PK\5\6" + bytes(18))
    root = tmp_path / "a.zip" if step == "unpack" else write_files(tmp_path / "root", FILES)
    with pytest.raises(FleetError, match=r"cannot use its temporary folder: .*No space left"):
        scan_source(job_for(root, tmp_path / "out"))
    assert bytes_of(tmp_path / "out") == {}


def test_a_call_ends_when_it_has_taken_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [job_for(write_files(tmp_path / str(n), FILES), tmp_path / "out") for n in range(4)]
    monkeypatch.setattr(jobs, "_ENOUGH_S", 1e6)
    assert [outcome.repository for outcome in scan_some(found)] == [job.source.name for job in found]
    monkeypatch.setattr(jobs, "_ENOUGH_S", 0.0)
    assert [outcome.repository for outcome in scan_some(found)] == [found[0].source.name]


def test_another_version_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    with pytest.raises(FleetError, match=r"a worker has repomap-fast .*; expected 0\.0\.0"):
        scan_source(replace(job_for(tmp_path, tmp_path / "out"), version="0.0.0"))


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    scan_source(job_for(write_files(tmp_path / "root", FILES), tmp_path / "out"))
    scan_source(job_for(tmp_path / "none", tmp_path / "out"))
    (tmp_path / "bad.zip").write_bytes(b"PK\3\4 and no more")
    scan_source(job_for(tmp_path / "bad.zip", tmp_path / "out"))
    with zipfile.ZipFile(tmp_path / "good.zip", "w") as archive:
        archive.writestr("a.py", FILES["a.py"])
    assert scan_source(job_for(tmp_path / "good.zip", tmp_path / "out")).n_tags
    assert list((tmp_path / "temporary").iterdir()) == []
