"""The command line as a process of its own, and folders for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from repomap_fast.cli.app import app

COMMAND = [sys.executable, "-m", "repomap_fast"]

_SLOW_SCAN = """
import os, sys, time
from repomap_fast import api
from repomap_fast.cli import main

true_scan = api.scan

def slow_scan(root, *, progress=None, **options):
    if "SLOW_SCAN_BEGINS" in os.environ:
        open(os.environ["SLOW_SCAN_BEGINS"], "x").close()
    if progress is not None:
        progress("discover", 100, 0)
    for done in range(SECONDS * 20):
        if progress is not None:
            progress("tag", done, SECONDS * 20)
        time.sleep(0.05)
    return true_scan(root, **options)

api.scan = slow_scan
sys.argv[0] = "repomap-fast"
main()
"""


def slow_scan(*arguments: str | Path, seconds: int) -> list[str | Path]:
    """Return the command of a scan that takes so many seconds before it begins.

    It makes the file that the environment names as SLOW_SCAN_BEGINS, if any, when it is busy.
    """
    return [sys.executable, "-c", _SLOW_SCAN.replace("SECONDS", str(seconds)), "scan", *arguments]


def make_repository(root: Path) -> Path:
    """Make a folder of three Python files, one of them in a folder, and one file of no language."""
    (root / "package").mkdir(parents=True)
    (root / "package" / "shapes.py").write_text("class Shape:\n    def area(self):\n        return measure(self)\n")
    (root / "measure.py").write_text("def measure(shape):\n    return 1\n")
    (root / "naïve name.py").write_text("def naïve():\n    measure(None)\n")
    (root / "notes.unknown").write_text("nothing\n")
    return root


def environment(**variables: str) -> dict[str, str]:
    """Return our environment without what steers colours and width."""
    colours = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    return {**{name: value for name, value in os.environ.items() if name not in colours}, **variables}


def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; its output is text."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment(**variables),
        timeout=60,
        check=False,
    )


def invoke(*arguments: str | Path) -> Result:
    """Run the command in this process, where a test may replace what it calls."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def loaded_modules(arguments: list[str]) -> set[str]:
    """Return the names of the modules that the command has loaded by its end."""
    code = (
        "import sys\n"
        "from repomap_fast.cli import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\n"
        "finally:\n    print('MODULES', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    return set(done.stdout.partition("MODULES")[2].split())
