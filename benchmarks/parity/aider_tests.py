"""aider's own tests of its repo map, run against ours.

    AIDER/bin/python -m benchmarks.parity.aider_tests CHECKOUT [--theirs] [pytest's arguments…]

Runs in an environment where aider-chat 0.86.2, repomap-fast and pytest are installed. CHECKOUT is aider's repository at
the tag v0.86.2: the tests are not in its package, and none of them is in ours. Before any of them is loaded,
``install()`` has put our RepoMap under aider; with ``--theirs`` it has not, to see what passes with aider's own. Run
are ``tests/basic/test_repomap.py`` and those of ``test_main.py`` and ``test_commands.py`` that come upon a repo map.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

TESTS = (
    "tests/basic/test_repomap.py",
    "tests/basic/test_main.py::TestMain::test_map_tokens_option",
    "tests/basic/test_main.py::TestMain::test_map_tokens_option_with_non_zero_value",
    "tests/basic/test_main.py::TestMain::test_model_precedence",
    "tests/basic/test_main.py::TestMain::test_map_mul_option",
    "tests/basic/test_commands.py::TestCommands::test_cmd_tokens_output",
)


class Install:
    """Puts our RepoMap under aider before any test is loaded, and says in the end whether it was called."""

    def pytest_configure(self) -> None:
        from repomap_fast.compat.aider import install

        install()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        import aider.repomap

        terminalreporter.write_line(f"RepoMap is that of {aider.repomap.RepoMap.__module__}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Run aider's tests of its repo map against ours.")
    parser.add_argument("checkout", type=Path, metavar="CHECKOUT", help="aider's repository at v0.86.2")
    parser.add_argument("--theirs", action="store_true", help="leave aider's own RepoMap in place")
    options, arguments = parser.parse_known_args()
    if not (options.checkout / TESTS[0]).is_file():
        parser.error(f"there is no {TESTS[0]} in {options.checkout}; expected a checkout of aider")
    os.chdir(options.checkout)
    # Neither asks the network for what is in the package anyway.
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("AIDER_CHECK_UPDATE", "false")
    return int(pytest.main(["-q", *arguments, *TESTS], plugins=[] if options.theirs else [Install()]))


if __name__ == "__main__":
    sys.exit(main())
