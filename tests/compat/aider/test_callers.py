"""aider's RepoMap as public programs call it: each way of calling that was seen in one is a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest

from repomap_fast.compat.aider import RepoMap, Tag, find_src_files
from repomap_fast.drawing.tokens import estimate_tokens
from support.aider import Io, Model


class Quarter:
    """A model of which only the count of tokens is there."""

    def token_count(self, text: str) -> int:
        return len(text) // 4


def shown(text: str | None) -> set[str]:
    return set(str(text).splitlines())


class TestConstructor:
    def test_a_root_alone(self, repository: Path, files: list[str]) -> None:
        text = RepoMap(root=str(repository)).get_repo_map([], files)
        assert {"shapes.py:", "│class Circle(Shape):", "notes.md"} <= shown(text)

    def test_nothing_at_all(self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repository)
        assert "shapes.py:" in shown(RepoMap().get_repo_map(chat_files=[], other_files=files))

    def test_a_budget_and_a_root(self, repository: Path, files: list[str]) -> None:
        text = RepoMap(map_tokens=40, root=str(repository)).get_repo_map([], files)
        assert text
        assert estimate_tokens(text) <= 40

    def test_a_model_that_only_counts(self, repository: Path, files: list[str]) -> None:
        text = RepoMap(map_tokens=30, root=str(repository), main_model=Quarter()).get_repo_map([], files)
        assert text
        assert len(text) // 4 <= 30

    def test_a_model_made_of_a_function(self, repository: Path, files: list[str]) -> None:
        model = SimpleNamespace(token_count=lambda text: len(text.split()), info={})
        assert RepoMap(1024, str(repository), model).get_repo_map([], files)

    def test_an_io_without_a_model(self, repository: Path, files: list[str]) -> None:
        assert "uses.py:" in shown(RepoMap(root=str(repository), io=Io()).get_repo_map([], files))

    def test_all_by_position_as_aiders_coder_does(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(
            1024, str(repository), Model(), Io(), "{other}files:\n", False, 128_000, map_mul_no_files=2, refresh="auto"
        )
        assert str(made.get_repo_map(set(files[:1]), set(files[1:]))).startswith("other files:\n")

    def test_a_root_that_is_a_path(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(root=repository)  # type: ignore[arg-type]
        assert "shapes.py:" in shown(made.get_repo_map([], files))

    def test_a_root_that_is_not_there(self, tmp_path: Path) -> None:
        made = RepoMap(root=str(tmp_path / "gone"))
        assert made.get_rel_fname(str(tmp_path / "gone" / "dir" / "file.txt")) == str(Path("dir/file.txt"))

    def test_the_folder_we_are_in(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repository)
        made = RepoMap(root=".", io=Io(), main_model=Model())
        ranked = made.get_ranked_tags_map(["shapes.py"], max_map_tokens=1024)
        assert ranked is None or isinstance(ranked, str)
        assert {tag.name for tag in made.get_tags("shapes.py", "shapes.py")} >= {"Circle"}

    def test_a_budget_that_is_no_whole_number(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(map_tokens=1e6, root=str(repository), refresh="always")  # type: ignore[arg-type]
        assert "shapes.py:" in shown(made.get_repo_map([], files))


class TestIo:
    def test_one_that_reads_and_warns(self, repository: Path, files: list[str]) -> None:
        class Simple:
            def read_text(self, fname: str) -> str:
                return Path(fname).read_text() if Path(fname).exists() else "def test(): pass"

            def tool_warning(self, message: str) -> None:
                pass

        made = RepoMap(root=str(repository), io=Simple(), main_model=Quarter(), verbose=True)
        assert "shapes.py:" in shown(made.get_repo_map([], [*files, str(repository / "gone.py")]))

    def test_one_that_speaks_and_does_not_read(self, repository: Path, files: list[str]) -> None:
        io = SimpleNamespace(tool_output=lambda *_: None, tool_error=lambda *_: None)
        assert "shapes.py:" in shown(RepoMap(root=str(repository), io=io).get_repo_map([], files))

    def test_one_that_replaces_what_it_cannot_decode(self, tmp_path: Path) -> None:
        class Replacing(Io):
            def read_text(self, fname: str) -> str:
                return Path(fname).read_text("utf-8", errors="replace")

        path = tmp_path / "a.py"
        path.write_bytes(b"# \xff\ndef f():\n    pass\n")
        assert "│def f():" in shown(RepoMap(root=str(tmp_path), io=Replacing()).get_repo_map([], [str(path)]))

    def test_stand_ins_of_a_test(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(root=str(repository), io=MagicMock(), main_model=MagicMock())
        assert made.get_repo_map([], []) is None
        assert "shapes.py" in shown(made.get_repo_map([], files))


class TestFiles:
    def test_paths_that_are_objects(self, repository: Path) -> None:
        made = RepoMap(root=str(repository), main_model=Quarter())
        paths: Any = sorted(path for path in repository.rglob("*") if path.is_file())
        assert {"shapes.py:", "package/lib.go:"} <= shown(made.get_repo_map(chat_files=[], other_files=paths))
        assert made.get_ranked_tags(paths[:1], paths[1:], set(), set())

    @pytest.mark.parametrize("make", [iter, tuple, set, dict.fromkeys, lambda files: (file for file in files)])
    def test_any_iterable(self, repository: Path, files: list[str], make: Callable[[list[str]], Any]) -> None:
        expected = RepoMap(root=str(repository)).get_repo_map([], files)
        assert RepoMap(root=str(repository)).get_repo_map(make([]), make(files)) == expected
        made = RepoMap(root=str(repository))
        assert made.get_ranked_tags_map(make([]), make(files), 8192) == made.get_ranked_tags_map([], files, 8192)
        ranked = [
            RepoMap(root=str(repository)).get_ranked_tags([], given, set(), set()) for given in (make(files), files)
        ]
        assert ranked[0] == ranked[1]

    def test_none_for_no_files(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(root=str(repository))
        assert made.get_repo_map(None, files) == made.get_repo_map([], files)
        assert made.get_repo_map(files, None) is None
        assert made.get_ranked_tags(None, files, None, None) == made.get_ranked_tags([], files, set(), set())

    def test_paths_below_the_current_folder(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(repository)
        made = RepoMap(map_tokens=2048, root=str(Path.cwd()), main_model=Quarter())
        text = made.get_repo_map(chat_files=["uses.py"], other_files=["uses.py", "shapes.py", "package/lib.go"])
        assert {"shapes.py:", "package/lib.go:"} <= shown(text)

    def test_all_below_a_folder(self, repository: Path) -> None:
        assert "shapes.py:" in shown(RepoMap(root=str(repository)).get_repo_map([], find_src_files(str(repository))))

    def test_mentions_in_a_list(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(root=str(repository), main_model=Quarter())
        as_lists = made.get_ranked_tags_map(set(), files, 1024, ["uses.py"], ["Circle"], force_refresh=True)
        assert as_lists == made.get_ranked_tags_map(set(), files, 1024, {"uses.py"}, {"Circle"}, force_refresh=True)


class TestReplaced:
    def test_the_cache_of_the_class(self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        def in_memory(self: RepoMap) -> None:
            self.TAGS_CACHE = {}

        expected = RepoMap(root=str(repository)).get_repo_map([], files)
        for load in (in_memory, lambda self: None):
            monkeypatch.setattr(RepoMap, "load_tags_cache", load)
            made = RepoMap(root=str(repository))
            assert made.get_repo_map([], files) == expected
            assert made.get_repo_map([], files, force_refresh=True) == expected

    def test_the_paths_of_the_class(self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RepoMap, "get_rel_fname", lambda self, fname: f"there/{os.path.relpath(fname, self.root)}")
        assert "there/package/lib.go:" in shown(RepoMap(root=str(repository)).get_repo_map([], files))

    def test_the_text_of_some_files(self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        theirs = RepoMap.render_tree

        def render_tree(self: RepoMap, abs_fname: str, rel_fname: str, lois: Any) -> str:
            return "own\n" if rel_fname.endswith(".go") else theirs(self, abs_fname, rel_fname, lois)

        monkeypatch.setattr(RepoMap, "render_tree", render_tree)
        text = RepoMap(root=str(repository)).get_repo_map([], files)
        assert "\npackage/lib.go:\nown\n" in str(text)
        assert "│class Circle(Shape):" in shown(text)

    def test_a_subclass_that_takes_anything(self, repository: Path, files: list[str]) -> None:
        class Recording(RepoMap):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **kwargs)
                self.trees: list[str] = []

            def to_tree(self, tags: Any, chat_rel_fnames: Any) -> str:
                self.trees.append(super().to_tree(tags, chat_rel_fnames))
                return self.trees[-1]

            def get_tags_raw(self, fname: str, rel_fname: str) -> Iterator[Tag]:
                yield from super().get_tags_raw(fname, rel_fname)
                if fname.endswith(".md"):
                    yield Tag(rel_fname=rel_fname, fname=fname, line=0, name="notes", kind="def")

        made = Recording(map_tokens=1024, root=str(repository))
        text = made.get_repo_map([], files)
        assert text in made.trees
        assert "│# Notes" in shown(text)

    def test_it_can_be_closed(self, repository: Path, files: list[str]) -> None:
        made = RepoMap(root=str(repository))
        made.get_repo_map([], files)
        made.TAGS_CACHE.close()
