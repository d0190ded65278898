"""With an installed cecli: its queries, its list of important files, and ours in its place."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from support.repositories import write_files

INSTALLED = {
    "cecli/__init__.py": "",
    "cecli/special.py": "def filter_important_files(paths): return [path for path in paths if path == 'first.txt']\n",
    "cecli/repomap.py": "class RepoMap: pass\nclass TagBase: pass\nTag = TagBase\n",
    "cecli/coders.py": "from cecli.repomap import RepoMap\n",
    "cecli/main.py": (
        "import sys\nfrom cecli.coders import RepoMap\n"
        "def main():\n    print(RepoMap.__module__, sys.argv[1:])\n    return 3\n"
    ),
    "cecli/queries/tree-sitter-language-pack/python-tags.scm": (
        "(class_definition name: (identifier) @name.definition.class) @definition.class\n"
        "(call function: (identifier) @name.reference.call) @reference.call\n"
    ),
}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with modules that look like cecli's."""
    return write_files(tmp_path / "installed", INSTALLED)


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)


def test_its_queries_tell_the_tags(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class A: pass\ndef f(): g()\n")
    code = f"""
        from repomap_fast.compat.cecli import RepoMap
        made = RepoMap(repo_root={str(tmp_path)!r})
        print([(t.kind, t.specific_kind, t.name) for t in made.get_tags({str(tmp_path / "a.py")!r}, "a.py")])
    """
    done = run(installed, "-c", textwrap.dedent(code))
    assert done.stdout == "[('def', 'class', 'A'), ('ref', 'call', 'g')]\n"


def test_it_gets_ours_wherever_it_has_its_own(installed: Path) -> None:
    code = """
        import cecli.coders, cecli.repomap
        theirs = cecli.repomap.RepoMap
        from repomap_fast.compat.cecli import RepoMap, Tag, install, uninstall
        for _ in range(2):
            install()
            named = cecli.repomap.Tag, cecli.repomap.TagBase
            print(cecli.repomap.RepoMap is cecli.coders.RepoMap is RepoMap, named == (Tag, Tag))
        uninstall()
        print(cecli.repomap.RepoMap is cecli.coders.RepoMap is theirs)
    """
    assert run(installed, "-c", textwrap.dedent(code)).stdout.splitlines() == ["True True", "True True", "True"]


def test_it_starts_on_ours(installed: Path) -> None:
    done = run(installed, "-m", "repomap_fast.compat.cecli", "--show-repo-map")
    assert done.stdout == "repomap_fast.compat.cecli.repo_map ['--show-repo-map']\n"
    assert done.returncode == 3


def test_without_it_what_is_missing_is_said() -> None:
    done = subprocess.run([sys.executable, "-m", "repomap_fast.compat.cecli"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "cecli-dev" in done.stderr


@pytest.mark.corpus
@pytest.mark.slow
def test_its_own_tests_pass() -> None:
    python, checkout = (os.environ.get(f"REPOMAP_FAST_CECLI_{what}") for what in ("PYTHON", "CHECKOUT"))
    if not python or not checkout:
        pytest.skip(
            "REPOMAP_FAST_CECLI_PYTHON and REPOMAP_FAST_CECLI_CHECKOUT do not say where cecli and its tests are"
        )
    command = [python, "-m", "benchmarks.parity.aider_tests", checkout, "--package", "cecli"]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "RepoMap is that of repomap_fast" in done.stdout
