"""With an installed aider: its queries, its list of important files, and ours in its place."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from support.repositories import write_files

INSTALLED = {
    "grep_ast/__init__.py": "",
    "grep_ast/parsers.py": 'PARSERS = {".py": "python", ".x": "c", ".rb": "ruby", ".jl": "julia", "Own": "python"}\n',
    "aider/__init__.py": "",
    "aider/special.py": "def filter_important_files(paths): return [path for path in paths if path == 'first.txt']\n",
    "aider/repomap.py": (
        "class RepoMap: pass\nclass Tag: pass\ndef get_scm_fname(lang): pass\ndef find_src_files(directory): pass\n"
    ),
    "aider/coders.py": "from aider.repomap import RepoMap\n",
    "aider/main.py": (
        "import sys\nfrom aider.coders import RepoMap\n"
        "def main():\n    print(RepoMap.__module__, sys.argv[1:])\n    return 3\n"
    ),
    "aider/queries/tree-sitter-language-pack/python-tags.scm": (
        "(class_definition name: (identifier) @name.definition.class) @definition.class\n"
        "(function_definition name: (identifier) @name) @definition.function\n"
        '((call function: (identifier) @name.reference.call) (#match? @name.reference.call "^[a-z]"))\n'
    ),
    "aider/queries/tree-sitter-languages/c-tags.scm": (
        "(function_declarator declarator: (identifier) @name.definition.function)\n"
    ),
    "aider/queries/tree-sitter-languages/julia-tags.scm": "(no_such_node) @name.definition.function\n",
}
"""A small aider, as it is installed."""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    return write_files(tmp_path / "installed", INSTALLED)


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True)


def run_code(installed: Path, code: str) -> list[str]:
    done = run(installed, "-c", textwrap.dedent(code))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


class TestInstalledAider:
    def test_its_queries_decide(self, installed: Path, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_text("class A:\n    def f(self):\n        g(); H()\n")
        (tmp_path / "a.x").write_text("int f(int a) { return g(a); }\n")
        (tmp_path / "b.x").write_text("int f;\n")
        (tmp_path / "a.rb").write_text("def f; end\n")
        (tmp_path / "Own").write_text("class B: pass\n")
        found = run_code(
            installed,
            f"""
            from repomap_fast.compat.aider import RepoMap
            made = RepoMap(root={str(tmp_path)!r})
            for name in ("a.py", "a.x", "b.x", "a.rb", "Own"):
                print(sorted((t.kind, t.name, t.line) for t in made.get_tags({str(tmp_path)!r} + "/" + name, name)))
            made.references = "pygments"
            print(sorted({{(t.kind, t.name, t.line) for t in made.get_tags_raw({str(tmp_path)!r} + "/Own", "Own")}}))
            """,
        )
        assert found == [
            # Neither the bare capture nor the call that the regex does not fit.
            "[('def', 'A', 0), ('ref', 'g', 2)]",
            "[('def', 'f', 0), ('ref', 'a', -1), ('ref', 'a', -1), ('ref', 'f', -1), ('ref', 'g', -1)]",
            # No definition: nothing stands in for references.
            "[]",
            # aider has no query for it; ours does not take its place.
            "[]",
            "[('def', 'B', 0), ('ref', 'B', -1)]",
            "[('def', 'B', 0), ('ref', 'B', -1)]",
        ]

    def test_a_query_that_does_not_fit_is_warned_of_once(self, installed: Path, tmp_path: Path) -> None:
        (tmp_path / "a.jl").write_text("f(x) = x\n")
        said = run_code(
            installed,
            f"""
            from repomap_fast.compat.aider import RepoMap
            class Io:
                def tool_warning(self, message): print(message)
            made = RepoMap(root={str(tmp_path)!r}, io=Io())
            for _ in range(2):
                print(made.get_tags({str(tmp_path / "a.jl")!r}, "a.jl"))
            """,
        )
        assert len(said) == 3
        assert "julia" in said[0]
        assert said[1:] == ["[]", "[]"]

    def test_it_gets_ours_wherever_it_has_its_own(self, installed: Path) -> None:
        found = run_code(
            installed,
            """
            import aider.coders, aider.repomap
            theirs = aider.repomap.RepoMap
            from repomap_fast.compat.aider import RepoMap, Tag, install, uninstall
            for _ in range(2):
                install()
                print(aider.repomap.RepoMap is aider.coders.RepoMap is RepoMap, aider.repomap.Tag is Tag)
            uninstall()
            print(aider.repomap.RepoMap is aider.coders.RepoMap is theirs)
            """,
        )
        assert found == ["True True", "True True", "True"]

    def test_it_starts_on_ours(self, installed: Path) -> None:
        done = run(installed, "-m", "repomap_fast.compat.aider", "--show-repo-map")
        assert done.stdout == "repomap_fast.compat.aider.repo_map ['--show-repo-map']\n"
        assert done.returncode == 3

    def test_its_list_of_important_files_goes_before_ours(self, installed: Path, tmp_path: Path) -> None:
        for name in ("README.md", "first.txt"):
            (tmp_path / name).write_text("\n")
        found = run_code(
            installed,
            f"""
            from repomap_fast.compat.aider import RepoMap
            class Model:
                def token_count(self, text): return len(text)
            made = RepoMap(root={str(tmp_path)!r}, main_model=Model())
            made.get_ranked_tags = lambda *_, **__: []
            print(made.get_repo_map([], [{str(tmp_path)!r} + "/" + name for name in ("README.md", "first.txt")]))
            """,
        )
        assert found == ["", "first.txt", ""]


def test_without_aider_it_says_what_is_missing() -> None:
    done = subprocess.run([sys.executable, "-m", "repomap_fast.compat.aider"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "aider-chat" in done.stderr


@pytest.mark.corpus
@pytest.mark.slow
def test_aiders_own_tests_pass() -> None:
    python, checkout = (os.environ.get(f"REPOMAP_FAST_AIDER_{what}") for what in ("PYTHON", "CHECKOUT"))
    if not python or not checkout:
        pytest.skip(
            "REPOMAP_FAST_AIDER_PYTHON and REPOMAP_FAST_AIDER_CHECKOUT do not say where aider and its tests are"
        )
    command = [python, "-m", "benchmarks.parity.aider_tests", checkout]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "RepoMap is that of repomap_fast" in done.stdout
