"""The logger of the package: loaded late, and silent by itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

from repomap_fast.logs import logger


def run(program: str) -> str:
    """Run a program in a process of its own; return what it prints, to stderr too."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_a_warning_is_not_printed_by_itself() -> None:
    assert run("from repomap_fast.logs import logger; logger().warning('not kept')") == ""


def test_a_warning_goes_to_the_handler_of_the_application() -> None:
    program = (
        "import logging; logging.basicConfig(); from repomap_fast.logs import logger; logger().warning('not kept')"
    )
    assert run(program) == "WARNING:repomap_fast:not kept\n"


def test_a_map_without_a_message_loads_no_logging(tmp_path_factory: pytest.TempPathFactory) -> None:
    root, cache = (str(tmp_path_factory.mktemp(name)) for name in ("root", "cache"))
    program = (
        f"import sys, repomap_fast; repomap_fast.map({root!r}, cache_dir={cache!r}); print('logging' in sys.modules)"
    )
    assert run(program) == "False\n"


def test_it_is_one_logger_with_one_handler() -> None:
    assert logger() is logger()
    assert logger().name == "repomap_fast"
