"""aider's RepoMap on our steps, where aider is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.compat.aider import RepoMap, Tag, ranking
from support.aider import USES, Model, change, make


class TestMap:
    def test_it_shows_definitions_and_names_all_files(self, repository: Path, files: list[str]) -> None:
        text = make(repository).get_repo_map([], files)
        assert text is not None
        lines = text.splitlines()
        assert {"shapes.py:", "uses.py:", "notes.md", "package/lib.go:"} <= set(lines)
        assert "│class Circle(Shape):" in lines
        assert "⋮" in lines

    def test_files_of_the_chat_are_left_out(self, repository: Path, files: list[str]) -> None:
        chat = str(repository / "shapes.py")
        text = make(repository).get_repo_map([chat], [fname for fname in files if fname != chat])
        assert text is not None
        assert "shapes.py" not in text.splitlines()
        assert "uses.py:" in text.splitlines()

    def test_nothing_comes_of_nothing(self, repository: Path, files: list[str]) -> None:
        assert make(repository).get_repo_map([], []) is None
        assert make(repository, map_tokens=0).get_repo_map([], files) is None

    @pytest.mark.parametrize("budget", [1, 5, 12, 20, 33, 50, 200])
    def test_the_budget_is_kept(self, repository: Path, files: list[str], budget: int) -> None:
        for number in range(12):
            (repository / f"more{number}.py").write_text(f"def a_function_{number}(a, b, c):\n    pass\n" * 5)
        made = make(repository, map_tokens=budget)
        text = made.get_repo_map([], [*files, *map(str, repository.glob("more*"))])
        assert made.token_count(text or "") <= budget
        assert text is not None or budget < 12

    def test_without_a_chat_it_may_be_larger(self, repository: Path, files: list[str]) -> None:
        small = make(repository, map_tokens=12, max_context_window=4096).get_repo_map([], files)
        large = make(repository, map_tokens=12, max_context_window=100_000).get_repo_map([], files)
        assert len(str(large)) > len(str(small))

    def test_the_prefix_is_filled_in(self, repository: Path, files: list[str]) -> None:
        made = make(repository, repo_content_prefix="Here are {other}files:\n")
        assert str(made.get_repo_map([], files)).startswith("Here are files:\n\n")
        assert str(made.get_repo_map(files[:1], files[1:])).startswith("Here are other files:\n\n")

    def test_a_file_that_is_gone_is_warned_of_once(self, repository: Path, files: list[str]) -> None:
        made, gone = make(repository), str(repository / "gone.py")
        for _ in range(2):
            text = made.get_repo_map([], [*files, gone], force_refresh=True)
        assert "gone.py" in str(text).splitlines()
        assert len([said for said in made.io.said if gone in said]) == 1

    def test_mentions_lead(self, repository: Path, files: list[str]) -> None:
        made = make(repository)

        def place(name: str, **mentions: Any) -> int:
            ranked = made.get_ranked_tags([], files, mentions.get("fnames", set()), mentions.get("idents", set()))
            return [tag[3] for tag in ranked if len(tag) > 1].index(name)

        assert place("Sum", idents={"lib"}) < place("Sum")
        assert place("Sum", fnames={"package/lib.go"}) < place("Sum")
        assert place("print_report", idents={"print_report"}) < place("print_report")

    def test_all_other_files_are_ranked_if_only_by_name(self, repository: Path, files: list[str]) -> None:
        ranked = make(repository).get_ranked_tags([], files, set(), set())
        assert {tag[0] for tag in ranked} == {os.path.relpath(fname, repository) for fname in files}
        assert ranked[-1] == ("notes.md",)

    def test_the_same_for_any_hash_seed(self, repository: Path, files: list[str]) -> None:
        code = (
            "import sys\n"
            "from repomap_fast.compat.aider import RepoMap\n"
            "class Model:\n"
            "    def token_count(self, text): return len(text) // 4\n"
            "made = RepoMap(root=sys.argv[1], main_model=Model())\n"
            "files = set(sys.argv[2:])\n"
            "print(made.get_repo_map(set(), files, {'uses.py'}, {'Circle', 'area_of_shape', 'package'}))\n"
            "print(made.get_ranked_tags(set(), files, {'uses.py'}, {'Circle', 'area_of_shape', 'package'}))\n"
        )
        texts = {
            subprocess.run(
                [sys.executable, "-c", code, str(repository), *files],
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        assert len(texts) == 1

    def test_the_order_is_the_same_however_much_is_looked_at(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(12):
            names = [f"shared_{n % 7}" if n % 3 else f"alone_{number}_{n}" for n in range(30)]
            calls = "".join(f"    shared_{n}()\n" for n in range(number % 7))
            text = "".join(f"def {name}():\n    pass\n" for name in names) + f"def last():\n    pass\n{calls}"
            (tmp_path / f"f{number}.py").write_text(text)
        files = [str(path) for path in tmp_path.glob("*.py")]
        orders = []
        for limits in ((None,), (16, 64, None), (1, 2, 3, None)):
            monkeypatch.setattr(ranking, "_LIMITS", limits)
            orders.append(make(tmp_path).get_ranked_tags(files[:1], files[1:], set(), {"shared_3", "f7"}))
        assert orders[0] == orders[1] == orders[2]
        assert len({tag[3] for tag in orders[0] if len(tag) > 1}) > 100

    def test_trees_are_of_the_lines_asked_for(self, repository: Path) -> None:
        made, path = make(repository), str(repository / "shapes.py")
        shown = "⋮\n│class Circle(Shape):\n│    def area_of_shape(self):\n⋮\n"
        assert made.render_tree(path, "shapes.py", [9]) == shown
        tags = [Tag("shapes.py", path, 9, "area_of_shape", "def"), ("a",), ("b",)]
        expected = f"\na\n\nb\n\nshapes.py:\n{shown}"
        assert made.to_tree(tags, set()) == expected
        assert made.to_tree(tags, {"shapes.py"}) == "\na\n\nb\n"
        assert made.to_tree([], set()) == ""

    def test_lines_are_cut(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text(f"def f({', '.join(f'argument_{n}' for n in range(40))}): pass\n")
        text = str(make(tmp_path).get_repo_map([], [str(path)]))
        assert max(map(len, text.splitlines())) == 100


class TestRefresh:
    def refreshed(self, repository: Path, files: list[str], refresh: str, **options: Any) -> tuple[Any, Any]:
        """Return a map, and the next one after a change."""
        made = make(repository, refresh=refresh)
        first = made.get_repo_map([], files)
        made.map_processing_time = options.pop("seconds", made.map_processing_time)
        change(repository / "uses.py", USES + "\n\ndef another_report(): pass\n")
        return first, made.get_repo_map([], files, **options)

    @pytest.mark.parametrize("refresh", ["files", "manual"])
    def test_a_kept_map_serves(self, repository: Path, files: list[str], refresh: str) -> None:
        first, second = self.refreshed(repository, files, refresh)
        assert first == second

    @pytest.mark.parametrize("refresh", ["files", "manual", "auto"])
    def test_unless_it_is_forced(self, repository: Path, files: list[str], refresh: str) -> None:
        _, second = self.refreshed(repository, files, refresh, force_refresh=True)
        assert "another_report" in second

    def test_always_makes_it_anew(self, repository: Path, files: list[str]) -> None:
        _, second = self.refreshed(repository, files, "always", seconds=9.0)
        assert "another_report" in second

    def test_auto_keeps_what_took_long(self, repository: Path, files: list[str]) -> None:
        first, second = self.refreshed(repository, files, "auto", seconds=1.1)
        assert first == second

    def test_auto_makes_anew_what_did_not(self, repository: Path, files: list[str]) -> None:
        _, second = self.refreshed(repository, files, "auto", seconds=0.1)
        assert "another_report" in second

    def test_files_goes_by_the_files(self, repository: Path, files: list[str]) -> None:
        made = make(repository, refresh="files")
        made.get_repo_map([], files)
        change(repository / "uses.py", USES + "\n\ndef another_report(): pass\n")
        assert "another_report" in str(made.get_repo_map([], [f for f in files if not f.endswith(".md")]))


class TestOverrides:
    def test_get_tags(self, repository: Path, files: list[str]) -> None:
        class Fewer(RepoMap):
            def get_tags(self, fname: str, rel_fname: str) -> list[Tag]:
                return [tag for tag in super().get_tags(fname, rel_fname) if tag.name != "Circle"]

        text = str(make(repository, cls=Fewer).get_repo_map([], files))
        assert "│class Shape:" in text
        assert "│class Circle(Shape):" not in [line for line in text.splitlines() if "area" not in line][:3]
        names = [tag[3] for tag in make(repository, cls=Fewer).get_ranked_tags([], files, set(), set()) if len(tag) > 1]
        assert "Circle" not in names
        assert "Shape" in names

    def test_get_tags_raw(self, repository: Path, files: list[str]) -> None:
        class Own(RepoMap):
            def get_tags_raw(self, fname: str, rel_fname: str) -> Iterator[Tag]:
                yield Tag(rel_fname, fname, 0, f"own_{Path(fname).stem}", "def")

        names = {tag[3] for tag in make(repository, cls=Own).get_ranked_tags([], files, set(), set())}
        assert names == {"own_shapes", "own_uses", "own_notes", "own_lib"}

    def test_tags_that_are_served_by_the_pass_are_those_of_each_file(self, repository: Path, files: list[str]) -> None:
        class Same(RepoMap):
            def get_tags(self, fname: str, rel_fname: str) -> list[Tag]:
                return super().get_tags(fname, rel_fname)

        arguments = (files[:1], files[1:], {"uses.py"}, {"Circle", "shapes"})
        assert make(repository, cls=Same).get_ranked_tags(*arguments) == make(repository).get_ranked_tags(*arguments)

    def test_get_ranked_tags_of_one_object(self, repository: Path, files: list[str]) -> None:
        made, calls = make(repository), []
        original: Callable[..., Any] = made.get_ranked_tags

        def counting(*args: Any, **kwargs: Any) -> Any:
            calls.append(kwargs)
            return original(*args, **kwargs)[:1]

        made.get_ranked_tags = counting  # type: ignore[method-assign]
        text = made.get_repo_map([], files)
        assert len(calls) == 1
        assert callable(calls[0]["progress"])
        assert len([line for line in str(text).splitlines() if line.endswith(".py:")]) == 1

    def test_important_files_lead_what_others_have_ranked(self, repository: Path, files: list[str]) -> None:
        (repository / "README.md").write_text("# Here\n")
        made = make(repository)
        made.get_ranked_tags = lambda *_, **__: []  # type: ignore[method-assign]
        assert made.get_repo_map([], [*files, str(repository / "README.md")]) == "\nREADME.md\n"

    def test_render_tree(self, repository: Path, files: list[str]) -> None:
        class Own(RepoMap):
            def render_tree(self, abs_fname: str, rel_fname: str, lois: Any) -> str:
                return f"lines {sorted(set(lois))}\n"

        assert "\nshapes.py:\nlines [3, 4, 8, 9, 13]\n" in str(make(repository, cls=Own).get_repo_map([], files))

    def test_token_count_and_to_tree(self, repository: Path, files: list[str]) -> None:
        class Own(RepoMap):
            def token_count(self, text: str) -> float:
                return 10.0 * text.count("!")

            def to_tree(self, tags: Any, chat_rel_fnames: Any) -> str:
                return "!" * len(tags)

        assert make(repository, cls=Own, map_tokens=40).get_repo_map([], files) == "!!!!"

    def test_get_rel_fname_and_get_mtime(self, repository: Path, files: list[str]) -> None:
        class Own(RepoMap):
            def get_rel_fname(self, fname: str) -> str:
                return f"own/{Path(fname).name}"

            def get_mtime(self, fname: str) -> float | None:
                return None if fname.endswith("uses.py") else super().get_mtime(fname)

        text = str(make(repository, cls=Own).get_repo_map([], files)).splitlines()
        assert "own/shapes.py:" in text
        assert "own/uses.py" in text

    def test_endless_recursion_of_others_switches_it_off(self, repository: Path, files: list[str]) -> None:
        class Deep(RepoMap):
            def to_tree(self, tags: Any, chat_rel_fnames: Any) -> str:
                return self.to_tree(tags, chat_rel_fnames)

        made = make(repository, cls=Deep)
        assert made.get_repo_map([], files) is None
        assert made.max_map_tokens == 0
        assert made.io.said[-1].startswith("error: ")


def test_a_long_text_is_sampled() -> None:
    made = RepoMap(main_model=Model())
    text = "one two three\n" * 1000
    assert made.token_count(text) == pytest.approx(3000, rel=0.01)
    assert made.token_count("one two") == 2


def test_attributes_are_aiders(repository: Path) -> None:
    made = make(repository, map_tokens=77, map_mul_no_files=3, refresh="manual")
    assert (made.max_map_tokens, made.map_mul_no_files, made.refresh) == (77, 3, "manual")
    assert (made.cache_threshold, made.tree_cache, made.tree_context_cache, made.map_cache) == (0.95, {}, {}, {})
    assert (made.map_processing_time, made.last_map, made.root) == (0, None, str(repository))
    assert RepoMap.TAGS_CACHE_DIR == ".aider.tags.cache.v4"
    assert made.save_tags_cache() is None
    assert list(repository.glob(".aider*")) == []
