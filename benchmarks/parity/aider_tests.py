"""aider's own tests of its repo map, run against ours; or those of its fork cecli.

    AIDER/bin/python -m benchmarks.parity.aider_tests CHECKOUT [--package cecli] [--theirs] [pytest's arguments…]

Runs in an environment where aider-chat 0.86.2 (or cecli-dev 1.10.0), repomap-fast and pytest are installed. CHECKOUT is
aider's repository at the tag v0.86.2, or cecli's source distribution: the tests are not in the packages, and none of
them is in ours. Before any of them is loaded, ``install()`` has put our RepoMap under the package; with ``--theirs`` it
has not, to see what passes with its own. Run are ``tests/basic/test_repomap.py`` and, of aider, those of
``test_main.py`` and ``test_commands.py`` that come upon a repo map.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import pytest

REPO_MAP = "tests/basic/test_repomap.py"
AIDERS = (
    "tests/basic/test_main.py::TestMain::test_map_tokens_option",
    "tests/basic/test_main.py::TestMain::test_map_tokens_option_with_non_zero_value",
    "tests/basic/test_main.py::TestMain::test_model_precedence",
    "tests/basic/test_main.py::TestMain::test_map_mul_option",
    "tests/basic/test_commands.py::TestCommands::test_cmd_tokens_output",
)


class Install:
    """Puts our RepoMap under the package before any test is loaded, and says in the end whether it was called."""

    def __init__(self, package: str) -> None:
        self.package = package

    def pytest_configure(self) -> None:
        import_module(f"repomap_fast.compat.{self.package}").install()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        repomap = import_module(f"{self.package}.repomap")
        terminalreporter.write_line(f"RepoMap is that of {repomap.RepoMap.__module__}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run aider's tests of its repo map against ours.")
    parser.add_argument("checkout", type=Path, metavar="CHECKOUT", help="aider's repository at v0.86.2")
    parser.add_argument("--package", choices=("aider", "cecli"), default="aider", help="whose tests these are")
    parser.add_argument("--theirs", action="store_true", help="leave the package's own RepoMap in place")
    options, arguments = parser.parse_known_args()
    if not (options.checkout / REPO_MAP).is_file():
        parser.error(f"there is no {REPO_MAP} in {options.checkout}; expected a checkout of {options.package}")
    os.chdir(options.checkout)
    # Neither asks the network for what is in the package anyway.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("AIDER_CHECK_UPDATE", "false")
    tests = (REPO_MAP, *(AIDERS if options.package == "aider" else ()))
    return int(pytest.main(["-q", *arguments, *tests], plugins=[] if options.theirs else [Install(options.package)]))


if __name__ == "__main__":
    sys.exit(main())
