"""Run repomap-tool's own tests against our replacements, from a checkout of it, and say which pass with which.

    python -m benchmarks.parity.repomap_tool_tests CHECKOUT [--theirs PYTHON] [--conftest]

CHECKOUT is left as it is: it is copied, and in the tests of the copy nothing but imports is changed: what there is a
replacement for comes from ours. PYTHON is an interpreter that has what repomap-tool needs, with tree-sitter below 0.25;
with it, the tests are run with repomap-tool too, and a test that passes with theirs and not with ours ends this with an
error. The interpreter that runs this needs pytest, and for the tests that import them, what repomap-tool's matchers do.

Their conftest.py imports all of repomap-tool, sentence-transformers included, and switches its cache off, with which
its service finds no tags. So it is left out, and the tests that ask for its fixtures are errors with both, unless
``--conftest`` says that it can be imported.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from repomap_fast.compat import repomap_tool

OURS = "repomap_fast.compat.repomap_tool"
FILES = (
    "unit/test_performance.py",
    "unit/test_tag_cache.py",
    "unit/test_cache_manager.py",
    "unit/test_analyzer.py",
    "unit/test_edge_cases.py",
    "unit/test_break_it.py",
    "unit/test_type_safety.py",
    "unit/test_configuration_edge_cases.py",
    "unit/test_config.py",
    "unit/test_search_engine.py",
    "unit/test_exceptions.py",
    "integration/test_self_integration.py",
    "integration/test_integration_edge_cases.py",
)
"""Of tests: those that touch what there are replacements for."""
_PATCHED = re.compile(r"\"repomap_tool(?:\.[a-z_]+)+\.([A-Za-z_]+)")
"""What a test replaces by a mock, by its full name in a string."""
_CONFIGURATION = "[pytest]\nmarkers =\n    cache_isolation: of theirs\n"


def run(python: str, project: Path, environment: dict[str, str], *, conftest: bool) -> dict[str, str]:
    """Run the tests of the copy ``project``; return the outcome of each: passed, failed, error or skipped."""
    (project / "pytest.ini").write_text(_CONFIGURATION)
    command = [python, "-m", "pytest", "-q", "--continue-on-collection-errors", "--junitxml=report.xml"]
    command += [] if conftest else ["--noconftest"]
    environment = os.environ | environment | {"PYTHONPATH": f"{project / 'src'}{os.pathsep}{project}"}
    paths = [f"tests/{name}" for name in FILES]
    subprocess.run([*command, *paths], cwd=project, env=environment, stdout=subprocess.DEVNULL, check=False)
    outcomes = {}
    for case in ElementTree.parse(project / "report.xml").iter("testcase"):
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        kind = min(kinds, default="passed")
        outcomes[f"{case.get('classname')}::{case.get('name')}"] = {"failure": "failed"}.get(kind, kind)
    return outcomes


def with_imports_of_ours(source: str) -> str:
    """Return a test's source with the names that we have imported, and patched, from ours."""
    lines = source.splitlines()
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    for node in sorted(imports, key=lambda node: -node.lineno):
        if (node.module or "").split(".")[0] == "repomap_tool" and node.end_lineno is not None:
            indent = " " * node.col_offset
            lines[node.lineno - 1 : node.end_lineno] = [
                f"{indent}from {OURS if name.name in repomap_tool.__all__ else node.module} import {ast.unparse(name)}"
                for name in node.names
            ]
    return _PATCHED.sub(_patched_by_ours, "\n".join(lines) + "\n")


def _patched_by_ours(match: re.Match[str]) -> str:
    return f'"{OURS}.{match[1]}' if match[1] in repomap_tool.__all__ else match[0]


def main() -> None:
    """Run the tests and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--theirs", metavar="PYTHON", help="an interpreter that has what repomap-tool needs")
    parser.add_argument("--conftest", action="store_true", help="use their conftest.py")
    arguments = parser.parse_args()
    theirs = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = {"HOME": str(folder / "home"), "REPOMAP_FAST_CACHE_DIR": str(folder / "cache")}
        for project in (folder / "ours", folder / "theirs"):
            shutil.copytree(arguments.checkout, project, ignore=shutil.ignore_patterns(".git"))
        for name in ("conftest.py", *FILES):
            path = folder / "ours" / "tests" / name
            path.write_text(with_imports_of_ours(path.read_text("utf-8")), "utf-8")
        ours = run(sys.executable, folder / "ours", home, conftest=arguments.conftest)
        if arguments.theirs:
            # The interpreter of a virtual environment is a link that must not be followed.
            python = str(Path(arguments.theirs).absolute())
            theirs = run(python, folder / "theirs", home, conftest=arguments.conftest)
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
