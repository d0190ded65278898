"""cecli's RepoMap on our steps, where cecli is not installed."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from repomap_fast.compat import aider
from repomap_fast.compat.cecli import RepoMap, Tag
from repomap_fast.errors import SymbolError
from support.aider import USES, change
from support.cecli import make


class TestMap:
    def test_it_is_a_dictionary_of_definitions_by_file(self, repository: Path, files: list[str]) -> None:
        result = make(repository).get_repo_map([], files)
        assert result is not None
        assert set(result["files"]) == {"shapes.py", "uses.py", "package/lib.go", "notes.md"}
        assert result["files"]["shapes.py"]["Circle"] == {"kind": "class", "line": 8, "start_line": 8, "end_line": 8}
        assert result["files"]["uses.py"]["print_report"]["kind"] == "function"
        assert result["files"]["notes.md"] == {}
        assert result["files"] is result["combined_dict"]
        assert result["new_dict"] == result["combined_dict"]
        assert (result["prefix"], result["has_chat_files"]) == ("", False)

    def test_files_of_the_chat_are_left_out(self, repository: Path, files: list[str]) -> None:
        made = make(repository, repo_content_prefix="Here are {other}files:\n")
        result = made.get_repo_map(files[2:3], [*files[:2], *files[3:]])
        assert result is not None
        assert "shapes.py" not in result["files"]
        assert (result["prefix"], result["has_chat_files"]) == ("Here are other files:\n", True)

    def test_nothing_comes_of_nothing(self, repository: Path, files: list[str]) -> None:
        assert make(repository).get_repo_map([], []) is None
        assert make(repository, map_tokens=0).get_repo_map([], files) is None
        assert make(repository).get_repo_map([], [str(repository / "build/gone.py")]) is None

    def test_neither_io_nor_model_are_needed(self, repository: Path, files: list[str]) -> None:
        result = RepoMap(repo_root=str(repository)).get_repo_map([], (path for path in files))
        assert result == make(repository).get_repo_map([], files)

    def test_each_definition_counts_sixteen_tokens(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text("".join(f"def f{number}(): pass\n" for number in range(9)))
        for budget, n_definitions in ((1, 1), (16, 1), (17, 2), (48, 3), (1000, 9)):
            result = make(tmp_path, map_tokens=budget).get_repo_map([], [str(path)])
            assert result is not None
            assert len(result["files"]["a.py"]) == n_definitions

    def test_maps_are_added_up(self, repository: Path, files: list[str]) -> None:
        made = make(repository, map_tokens=32, refresh="always")
        first = made.get_repo_map([], files)
        second = made.get_repo_map([], files, mentioned_idents={"print_report", "lib", "Sum"})
        assert first is not None
        assert second is not None
        assert "Sum" in second["new_dict"]["package/lib.go"]
        assert all(name in second["files"][path] for path, tags in first["files"].items() for name in tags)
        assert not any(
            name in first["files"].get(path, ()) for path, tags in second["new_dict"].items() for name in tags
        )
        assert made.combined_map_dict == second["combined_dict"]
        again = made.get_repo_map([], files, mentioned_idents={"print_report", "lib", "Sum"})
        assert again is not None
        assert again["new_dict"] == {}
        made.combined_map_dict = {}
        assert made.get_repo_map([], files) == first

    def test_folders_of_dependencies_are_left_out_unless_mentioned(self, repository: Path) -> None:
        folder = repository / "vendor"
        folder.mkdir()
        (folder / "lib.py").write_text("def of_vendor(): pass\n")
        made, path = make(repository), str(folder / "lib.py")
        assert made.get_ranked_tags([], [path], set(), set()) == []
        assert made.get_ranked_tags([], [path], {"vendor/lib.py"}, set())[0].name == "of_vendor"
        assert made.get_ranked_tags([path], [], set(), set()) == [("vendor/lib.py",)]

    def test_paths_may_be_relative_to_the_root(self, repository: Path) -> None:
        ranked = make(repository).get_ranked_tags([], ["shapes.py", "uses.py"], set(), set(), progress=False)
        assert {tag.name for tag in ranked if len(tag) > 1} >= {"Circle", "print_report"}

    def test_progress_is_shown_if_it_is_wanted(self, repository: Path, files: list[str]) -> None:
        made = make(repository)
        made.get_ranked_tags([], files, set(), set(), False)
        assert made.io.spun == []
        made = make(repository)
        made.get_ranked_tags([], files, set(), set(), True)
        assert made.io.spun[-1].startswith("Updating repo map")

    def test_a_caller_may_rank_for_itself(self, repository: Path, files: list[str]) -> None:
        made, calls = make(repository), []

        def own(*args: Any) -> list[Any]:
            calls.append(args)
            return [Tag("uses.py", files[3], 4, "own", "def"), ("shapes.py",)]

        made.get_ranked_tags = own  # type: ignore[method-assign, assignment]
        result = made.get_repo_map([], files)
        assert result is not None
        assert result["files"]["uses.py"] == {"own": {"kind": "def", "line": 4, "start_line": 4, "end_line": 4}}
        assert len(calls[0]) == 5
        assert calls[0][4]


class TestRefresh:
    @pytest.mark.parametrize(
        ("refresh", "seconds", "is_kept"),
        [
            ("manual", 0.0, True),
            ("files", 0.0, True),
            ("auto", 2.0, True),
            ("auto", 0.0, False),
            ("always", 2.0, False),
        ],
    )
    def test_a_kept_map_serves(
        self, repository: Path, files: list[str], refresh: str, seconds: float, is_kept: bool
    ) -> None:
        made = make(repository, refresh=refresh)
        made.get_repo_map([], files)
        made.map_processing_time = seconds
        change(repository / "uses.py", USES + "\n\ndef another_report(): pass\n")
        for force in (False, True):
            result = made.get_repo_map([], files, force_refresh=force)
            assert result is not None
            assert ("another_report" in result["files"]["uses.py"]) is (force or not is_kept)

    def test_names_that_are_alike_get_the_same_map(self, repository: Path, files: list[str]) -> None:
        made = make(repository)
        first = made.get_ranked_tags_map([], files, 64, set(), {"total_area_of"})
        made.map_processing_time = 2.0
        assert made.get_ranked_tags_map([], files, 64, set(), {"total_area_of", "Of"}) is first
        assert made.get_ranked_tags_map([], files, 64, set(), {"Sum", "lib"}) is not first


class TestTags:
    def test_they_have_kinds_and_ranges(self, repository: Path, files: list[str]) -> None:
        tags = make(repository).get_tags(files[2], "shapes.py")
        text = Path(files[2]).read_bytes()
        assert {tag.name: tag.specific_kind for tag in tags if tag.kind == "def"} == {
            **{"Shape": "class", "area_of_shape": "function", "Circle": "class", "total_area_of": "function"}
        }
        for tag in tags:
            assert text[tag.start_byte : tag.end_byte].decode() == tag.name
            assert text[: tag.start_byte].count(b"\n") == tag.line == tag.start_line == tag.end_line
        assert [tag.specific_kind for tag in tags if tag.kind == "ref" and tag.name == "math"][:1] == ["import"]

    def test_bytes_are_counted_in_the_text_that_is_parsed(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").write_bytes("é = 1\r\n\r\ndef größe(): pass\r\n".encode())
        (tag,) = [
            tag for tag in make(tmp_path).get_tags(str(tmp_path / "a.py"), "a.py") if tag[3:5] == ("größe", "def")
        ]
        assert (tag.start_byte, tag.end_byte, tag.line) == (12, 19, 2)

    def test_all_definitions_are_in_order_by_rank(self, repository: Path, files: list[str]) -> None:
        ranked = make(repository).get_ranked_tags([], files, set(), set())
        assert all(isinstance(tag, Tag) for tag in ranked if len(tag) > 1)
        assert ranked[0].name == "area_of_shape"
        assert ranked[-1] == ("notes.md",)

    def test_the_place_of_a_definition(self, repository: Path) -> None:
        made = make(repository)
        assert made.get_symbol_definition_location("shapes.py", "Circle") == (8, 8)
        with pytest.raises(SymbolError, match=r"shapes\.py defines 'area_of_shape' on the lines 5, 10; expected one"):
            made.get_symbol_definition_location("shapes.py", "area_of_shape")
        with pytest.raises(SymbolError, match="does not define 'math'; it is there as ref alone"):
            made.get_symbol_definition_location("shapes.py", "math")
        with pytest.raises(SymbolError, match=r"notes\.md does not define 'x'; expected one"):
            made.get_symbol_definition_location("notes.md", "x")

    def test_cecli_gets_the_error_that_it_expects(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        helpers = ModuleType("cecli.tools.utils.helpers")
        helpers.ToolError = type("ToolError", (Exception,), {})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, helpers.__name__, helpers)
        with pytest.raises(helpers.ToolError):
            make(repository).get_symbol_definition_location("shapes.py", "x")


class TestText:
    @pytest.fixture(autouse=True)
    def without_stubs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each test makes the object that serves stubs anew."""
        monkeypatch.delattr(RepoMap, "_stub_instance", raising=False)

    def test_a_stub_has_definitions_and_imports(self, repository: Path, files: list[str]) -> None:
        assert RepoMap.get_file_stub(files[2], make(repository).io) == (
            "│import math\n│\n⋮ [1 lines omitted]\n│class Shape:\n│    def area_of_shape(self):\n⋮ [3 lines omitted]\n"
            "│class Circle(Shape):\n│    def area_of_shape(self):\n⋮ [3 lines omitted]\n│def total_area_of(shapes):\n"
        )

    def test_it_may_have_numbers_and_be_of_some_lines(self, repository: Path, files: list[str]) -> None:
        io = make(repository).io
        assert RepoMap.get_file_stub(files[2], io, True, 4, 9).splitlines() == [
            "...⋮... [4 lines omitted (L1\N{EN DASH}L4)]",
            "  5│    def area_of_shape(self):",
            "...⋮... [3 lines omitted (L6\N{EN DASH}L8)]",
            *("  9│class Circle(Shape):", " 10│    def area_of_shape(self):"),
        ]
        assert "5│" not in RepoMap.get_file_stub(files[2], io, end_line=9)

    def test_what_has_no_tags_has_no_stub(self, repository: Path, files: list[str]) -> None:
        assert RepoMap.get_file_stub(files[0], make(repository).io) == "# No outline available"

    def test_a_tree_cuts_lines_of_code_alone(self, repository: Path, files: list[str]) -> None:
        made = make(repository, max_code_line_length=12)
        tags = [Tag("shapes.py", files[2], 8, "Circle", "def"), ("package/lib.go",)]
        assert made.to_tree(tags, set()) == "\npackage/lib.go\n\nshapes.py:\n⋮ [8 lines o\n│class Circl\n"
        assert made.to_tree(tags, {"shapes.py"}) == "\npackage/lib.go\n"


def test_it_is_aiders_with_more(repository: Path) -> None:
    made = make(repository, map_tokens=77, map_cache_dir="there", refresh="manual")
    assert isinstance(made, aider.RepoMap)
    assert (made.max_map_tokens, made.map_cache_dir, made.refresh, made.root) == (
        77,
        "there",
        "manual",
        str(repository),
    )
    assert (made.max_code_line_length, made.combined_map_dict, made.use_enhanced_map) == (100, {}, False)
    assert "function" in RepoMap.definition_kinds
    assert made.check_import_match("a/b/c.py", {"b.c"})
    assert not made.check_import_match("a/b/c.py", {"b"})
    assert made.shared_path_components("a/b/c.py", "a/d.py") == 3
    assert list(repository.glob(".cecli*")) == []
