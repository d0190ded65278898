"""What aider's RepoMap on our steps is made of: texts, queries of an installed aider, the search for what fits."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.aider import languages
from repomap_fast.compat.aider.map_text import MapText
from repomap_fast.compat.aider.ranking import RankedTags, Table
from repomap_fast.compat.aider.sources import read_source, read_text, split_anchors, text_reader
from repomap_fast.compat.aider.tag import Tag, columns_of_tags


class TestSources:
    @given(st.binary(max_size=60) | st.text("ab\r\n\0é\ufeff ", max_size=30).map(str.encode))
    def test_the_text_is_that_of_a_text_file(self, tmp_path_factory: pytest.TempPathFactory, contents: bytes) -> None:
        path = tmp_path_factory.getbasetemp() / "text_of_a_file"
        path.write_bytes(contents)
        expected = read_text(str(path))
        for is_plain in (True, False):
            source = read_source(str(path), read_text, is_plain=is_plain)
            assert (source.raw.decode() if source else None) == (expected or None)
            assert source is None or source.is_on_disk == (source.raw == contents)

    def test_only_aiders_own_reader_of_utf8_is_plain(self) -> None:
        namespace: dict[str, Any] = {"__name__": "aider.io"}
        exec("class InputOutput:\n    encoding = 'utf-8'\n    def read_text(self, fname): ...\n", namespace)
        theirs = namespace["InputOutput"]()
        assert text_reader(theirs)[1]
        theirs.encoding = "latin-1"
        assert not text_reader(theirs)[1]
        theirs.encoding, theirs.read_text = "utf-8", read_text
        assert text_reader(theirs) == (read_text, False)
        assert text_reader(None) == (read_text, True)

    def test_paths_go_by_what_they_start_from(self) -> None:
        assert split_anchors(["/a", "/b/c", "/d"]) == {"/": [0, 1, 2]}
        assert split_anchors([]) == {}


class TestLanguages:
    @pytest.mark.parametrize(
        ("name", "language"),
        [("a.py", "python"), ("x/a.h", "c"), ("a.tsx", "tsx"), ("Gemfile", "ruby"), ("a.unknown", None), ("a", None)],
    )
    def test_without_grep_ast_our_table_tells(self, name: str, language: str | None) -> None:
        assert languages.language_of_file(name) == language

    def test_identifiers_are_what_the_grammar_has(self) -> None:
        text = languages.find_identifiers("c")
        assert text is not None
        assert b"(field_identifier)" in text.source
        assert b"(symbol)" not in text.source


lines = st.lists(st.integers(1, 40), min_size=0, max_size=120)


class TestChoose:
    def choose(self, costs: Sequence[int], budget: int) -> tuple[str | None, int]:
        """Choose among tags, each of which adds its cost; return the tree, and how often one was counted."""
        tags = [(str(position),) for position in range(len(costs))]
        n_counted = 0

        def token_count(tree: str) -> int:
            nonlocal n_counted
            n_counted += 1
            return sum(costs[: int(tree)])

        text = MapText().choose(
            RankedTags([tags[start : start + 7] for start in range(0, len(tags), 7)]),
            budget,
            to_tree=lambda tags: str(len(tags)),
            token_count=token_count,
            step=lambda: None,
        )
        return text, n_counted

    @given(lines, st.integers(1, 3000))
    def test_it_never_passes_the_budget_and_leaves_little(self, costs: list[int], budget: int) -> None:
        text, n_counted = self.choose(costs, budget)
        n = int(text or 0)
        used = sum(costs[:n])
        assert used <= budget
        # Either it is nearly full, or all is in, or what comes next does not fit.
        assert used >= 0.95 * budget or n == len(costs) or used + costs[n] > budget
        assert n_counted <= 20

    def test_it_looks_a_few_times_only(self) -> None:
        assert self.choose([7, 9, 12, 8] * 500, 1024)[1] <= 4

    def test_no_more_is_made_than_is_looked_at(self) -> None:
        made = []

        def chunks() -> Any:
            for number in range(100):
                made.append(number)
                yield [(f"{number}-{position}",) for position in range(10)]

        ranked = RankedTags(chunks())
        assert len(ranked.first(25)) == 25
        assert len(made) == 3
        assert len(ranked.all()) == 1000


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abcé"), st.booleans(), st.integers(-1, 9)), max_size=6), max_size=5)
)
def test_columns_hold_the_tags_of_others(files: list[list[tuple[str, bool, int]]]) -> None:
    tags = [
        [Tag(f"f{f}", f"/f{f}", line, name, "def" if is_def else "ref") for name, is_def, line in of_file]
        for f, of_file in enumerate(files)
    ]
    columns = columns_of_tags(tags)
    assert [columns.tags_of(f, f"/f{f}", f"f{f}") for f in range(len(files))] == tags
    for of_file in tags:
        for tag in of_file:
            name_id = columns.find(tag.name)
            assert name_id is not None
            assert columns.name(name_id) == tag.name
    assert columns.find("nobody has it") is None


words = st.sampled_from(["a", "b.py", ".c", "..d", "e.f.g", "h.", ""])


@given(st.lists(st.lists(words, min_size=1, max_size=4), max_size=6), st.sets(words | st.sampled_from(["b", "e.f"])))
def test_words_mean_the_files_that_aider_takes_them_for(parts: list[list[str]], mentioned: set[str]) -> None:
    rel_fnames = ["/".join(part for part in path if part) for path in parts]
    table = Table("", {}, rel_fnames, rel_fnames, columns_of_tags([[] for _ in rel_fnames]))
    expected = {
        row
        for row, rel_fname in enumerate(rel_fnames)
        if mentioned & {*Path(rel_fname).parts, Path(rel_fname).name, os.path.splitext(Path(rel_fname).name)[0]}  # noqa: PTH122
    }
    assert table.rows_meant_by(mentioned - {""}) == expected - {
        row for row, rel_fname in enumerate(rel_fnames) if not rel_fname
    }


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
    folder = tmp_path / "installed"
    for name, text in INSTALLED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


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
