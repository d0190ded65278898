"""process: one call in a process of its own, and what it says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.repositories import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path / "project", {"a.py": "def f(): pass\n", "b.py": "f()\n", "notes.txt": "no language\n"})


def answer_of(tmp_path: Path, root: Path, operation: str, **task: Any) -> dict[str, Any]:
    given = {"operation": operation, "root": str(root), "answer": str(tmp_path / "answer"), "alert_memory_bytes": None}
    given["options"] = {"cache_dir": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "repomap_fast.bench.process"]
    subprocess.run(command, input=json.dumps({**given, **task}), text=True, check=True)
    found: dict[str, Any] = json.loads((tmp_path / "answer").read_text())
    return found


def test_a_scan_says_what_it_found_and_what_it_took(tmp_path: Path, root: Path) -> None:
    cold, warm = (answer_of(tmp_path, root, "scan") for _ in range(2))
    assert cold["folder"] == {"files": 2, "files_failed": 0, "source_bytes": 18}
    assert (cold["files_parsed"], cold["hit_rate"], warm["files_parsed"], warm["hit_rate"]) == (2, 0.0, 0, 1.0)
    assert cold["call_elapsed_s"] == pytest.approx(sum(stage["elapsed_s"] for stage in cold["stages"]), abs=1e-6)
    assert cold["call_cpu_s"] + cold["start_cpu_s"] <= cold["cpu_s"]
    assert 0 < cold["start_peak_bytes"] <= cold["peak_memory_bytes"]
    assert cold["alerts"] == []


def test_a_map_is_drawn_by_the_same_options(tmp_path: Path, root: Path) -> None:
    options = {"cache_dir": str(tmp_path / "cache"), "exclude": ["b.py"]}
    answer = answer_of(tmp_path, root, "map", options=options)
    assert answer["files_parsed"] == 1
    assert {"rank", "draw"} <= {stage["name"] for stage in answer["stages"]}
    assert answer["folder"] == {}


def test_memory_above_the_limit_is_an_alert(tmp_path: Path, root: Path) -> None:
    (alert,) = answer_of(tmp_path, root, "scan", alert_memory_bytes=1)["alerts"]
    assert (alert["kind"], alert["limit"]) == ("memory", 1)
    assert alert["value"] > 1
