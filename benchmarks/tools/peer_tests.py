"""Run repomap-tool's own tests against our stand-ins, from a checkout of it, and say which pass with which.

    python benchmarks/tools/peer_tests.py CHECKOUT [--theirs PYTHON]

CHECKOUT is left as it is: the tests are copied to a folder of their own, and in the copies nothing but the imports is
changed. PYTHON is an interpreter that has what repomap-tool needs, with tree-sitter below 0.25; with it, the tests are
run with repomap-tool too, and a test that passes with theirs and not with ours ends this with an error. Needs pytest
beside repomap-fast. Tests that ask for fixtures of their conftest.py are errors with both.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

OURS = "repomap_fast.compat.repomap_tool"
FILES = (
    "test_performance",
    "test_tag_cache",
    "test_cache_manager",
    "test_analyzer",
    "test_edge_cases",
    "test_break_it",
    "test_type_safety",
    "test_configuration_edge_cases",
    "test_search_engine",
    "test_exceptions",
)
"""Of tests/unit: those that touch what there are stand-ins for; test_config is about its command line's loader."""
_MODULE = re.compile(r"\brepomap_tool((?:\.[a-z_]+)*)(?=\s+import\b|\.[A-Za-z_]+\")")
_CONFIGURATION = "[pytest]\nmarkers =\n    cache_isolation: of theirs\n"


def run(python: str, folder: Path, sources: dict[str, str], environment: dict[str, str]) -> dict[str, str]:
    """Write the tests into a new folder and run them; return the outcome of each: passed, failed, error or skipped."""
    folder.mkdir()
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, "utf-8")
    (folder / "pytest.ini").write_text(_CONFIGURATION)
    command = [python, "-m", "pytest", "-q", "--noconftest", "--continue-on-collection-errors", "--junitxml=report.xml"]
    subprocess.run(command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, check=False)
    outcomes = {}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        kind = min(kinds, default="passed")
        outcomes[f"{case.get('classname')}::{case.get('name')}"] = {"failure": "failed"}.get(kind, kind)
    return outcomes


def with_imports_of_ours(source: str) -> str:
    """Return a test's source with the modules of repomap-tool that it imports and patches replaced by ours."""
    return _MODULE.sub(OURS, source)


def main() -> None:
    """Run the tests and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--theirs", metavar="PYTHON", help="an interpreter that has what repomap-tool needs")
    arguments = parser.parse_args()
    checkout = arguments.checkout.resolve()
    sources = {name: (checkout / "tests" / "unit" / f"{name}.py").read_text("utf-8") for name in FILES}
    theirs = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = {"HOME": str(folder / "home"), "REPOMAP_FAST_CACHE_DIR": str(folder / "cache")}
        imports_of_ours = {name: with_imports_of_ours(source) for name, source in sources.items()}
        ours = run(sys.executable, folder / "ours", imports_of_ours, home)
        if arguments.theirs:
            # The interpreter of a virtual environment is a link that must not be followed.
            python = str(Path(arguments.theirs).absolute())
            theirs = run(python, folder / "theirs", sources, home | {"PYTHONPATH": str(checkout / "src")})
    print_counts("with ours", ours)
    if not theirs:
        return
    print_counts("with theirs", theirs)
    worse = [test for test, outcome in theirs.items() if outcome == "passed" and ours.get(test) != "passed"]
    for test in worse:
        print(f"passes with theirs alone: {test}: {ours.get(test, 'not run')}")
    for test in sorted(test for test, outcome in ours.items() if outcome == "passed" and theirs.get(test) != "passed"):
        print(f"passes with ours alone: {test}")
    sys.exit(bool(worse))


def print_counts(title: str, outcomes: dict[str, str]) -> None:
    """Print how many tests there are of each outcome."""
    counts = {kind: list(outcomes.values()).count(kind) for kind in ("passed", "failed", "error", "skipped")}
    print(f"{title}: {', '.join(f'{count} {kind}' for kind, count in counts.items())}")


if __name__ == "__main__":
    main()
