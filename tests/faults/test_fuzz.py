"""The fuzzer itself: it finds nothing in a few seconds, keeps what is not survived, and runs it again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"


def fuzz(*arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ) if path is None else {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, str(FUZZ / "fuzz.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_every_target_is_loaded() -> None:
    names = ", ".join(path.stem for path in FUZZ.glob("fuzz_*.py"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(FUZZ), str(FUZZ.parent)])}
    command = [sys.executable, "-c", f"import {names}"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("target", sorted(path.stem.removeprefix("fuzz_") for path in FUZZ.glob("fuzz_*.py")))
def test_nothing_is_found_in_a_few_seconds(target: str, tmp_path: Path) -> None:
    done = fuzz("--seconds", "5", "--seed", "3", "--targets", target, "--failures", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(" inputs, 0 failures\n")
    assert not list(tmp_path.iterdir())


# Loaded by every interpreter that starts with this folder on its path: a reader of blocks that breaks on some.
BROKEN = """
import os
import re
from repomap_fast.tagging import _block
check = _block.check_block
def check_block(key, block, n_kinds):
    if len(block) > 2000:
        os.abort()
    return check(key, block, n_kinds)
_block.check_block = check_block
"""


def test_what_is_not_survived_is_kept_and_can_be_run_again(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BROKEN)
    failures = tmp_path / "failures"
    options = ("--seconds", "3", "--targets", "block", "--failures", str(failures))
    done = fuzz(*options, path=tmp_path)
    assert done.returncode == 1
    kept = sorted(path for path in failures.iterdir() if path.suffix != ".log")
    assert kept
    assert all(path.stat().st_size > 2000 for path in kept)
    assert f"{FUZZ / 'fuzz.py'} --replay {kept[0]}" in done.stdout
    assert fuzz("--replay", str(kept[0]), path=tmp_path).returncode < 0
    assert fuzz("--replay", str(kept[0])).returncode == 0


def test_each_language_has_its_turn_and_its_line(tmp_path: Path) -> None:
    done = fuzz("--languages", "css", "vue", "--seconds", "0.5", "--failures", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"css: [1-9]\d* inputs, 0 failures\nvue: [1-9]\d* inputs, 0 failures\n", done.stdout)


def test_an_unknown_language_is_told(tmp_path: Path) -> None:
    done = fuzz("--languages", "latin", "--seconds", "1", "--failures", str(tmp_path))
    assert (done.returncode, done.stderr) == (2, "")
    assert "latin" in done.stdout
