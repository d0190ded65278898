"""Each benchmark is a module that starts: it prints its help, in the Python that has repomap-fast alone."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
BENCHMARKS = REPOSITORY / "benchmarks"
if not BENCHMARKS.is_dir():
    pytest.skip("the benchmarks are not beside the tests", allow_module_level=True)

NEEDS_PEERS = {
    *("parity.aider_tags", "parity.aider_tests", "map_quality.aider_maps"),
    *("parity.cecli", "parity.tree_contexts"),
}
MODULES = sorted(
    ".".join(path.relative_to(BENCHMARKS).with_suffix("").parts).removesuffix(".__main__")
    for path in BENCHMARKS.glob("*/*.py")
    if path.parent.name != "tools" and path.stem != "__init__"
)
PROGRAMS = [
    name
    for name in MODULES
    if any(
        "ArgumentParser" in path.read_text("utf-8")
        for path in (BENCHMARKS / (name.replace(".", "/") + ".py"), BENCHMARKS / name / "__main__.py")
        if path.is_file()
    )
]


@pytest.mark.parametrize("name", [name for name in MODULES if name not in NEEDS_PEERS])
def test_it_can_be_imported(name: str) -> None:
    import_module(f"benchmarks.{name}")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["corpora", *(name for name in PROGRAMS if name not in NEEDS_PEERS)])
def test_it_prints_its_help(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--help"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("usage: ")
