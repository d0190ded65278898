"""How the compiled core was built, as the library and the command line say it."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

import repomap_fast
from repomap_fast.tagging.build import BuildInfo


def test_the_build_is_known() -> None:
    info = repomap_fast.build_info()
    assert info.version == repomap_fast.__version__
    assert info.mode in ("release", "debug", "sanitize")
    assert info.core.partition(".")[0].isdecimal() or info.core == "unknown"
    assert info.grammar_abi[0] <= 14 <= info.grammar_abi[1]
    assert info.grammars[0] == f"tree-sitter-language-pack {metadata.version('tree-sitter-language-pack')}"
    assert f"tree-sitter-scala {metadata.version('tree-sitter-scala')}" in info.grammars
    assert info.compiler.strip()
    assert not info.has_pgo or info.mode == "release"


@pytest.mark.parametrize("arguments", [["--version", "-v"], ["-v", "--version"], ["-V", "--verbose"]])
def test_the_verbose_version_says_how_it_was_built(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "repomap_fast", *arguments], capture_output=True, text=True, check=True
    )
    info: BuildInfo = repomap_fast.build_info()
    assert done.stdout == f"repomap-fast {info.version}\n{info}\n"


def test_the_plain_version_loads_no_compiled_module() -> None:
    script = (
        "import sys\nfrom repomap_fast.cli.app import app\n"
        "try: app(['--version'])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('repomap_fast.') and '._' in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"repomap-fast {repomap_fast.__version__}\n[]\n"
