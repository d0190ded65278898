"""Tags of files that were seen before, in this process and in another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.compat.aider import Tag, repo_map, tagging
from repomap_fast.store.store import MemoryStore
from support.aider import USES, change, definitions, make, plain


class TestCache:
    def count_parsed(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        parsed: list[int] = []
        tag = tagging.tag

        def counting(files: Any, file_ids: Any, *rest: Any) -> Any:
            parsed.append(len(file_ids))
            return tag(files, file_ids, *rest)

        monkeypatch.setattr(tagging, "tag", counting)
        return parsed

    def test_all_files_are_parsed_in_one_pass_and_once(
        self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parsed = self.count_parsed(monkeypatch)
        made = make(repository)
        made.get_repo_map([], files)
        assert parsed == [3]
        made.get_tags(files[0], "x")
        made.get_repo_map([], files, mentioned_idents={"Circle"})
        assert parsed == [3]

    def test_another_process_parses_nothing(
        self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parsed = self.count_parsed(monkeypatch)
        first = make(repository).get_repo_map([], files)
        assert make(repository).get_repo_map([], files) == first
        assert parsed == [3]

    def test_only_what_has_changed_is_parsed_again(
        self, repository: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        parsed = self.count_parsed(monkeypatch)
        made = make(repository)
        made.get_repo_map([], files)
        change(repository / "uses.py", USES + "\n\ndef another_report(): pass\n")
        assert "another_report" in str(made.get_repo_map([], files))
        assert parsed == [3, 1]

    def test_it_goes_by_the_time_of_the_last_change(self, repository: Path) -> None:
        made, path = make(repository), repository / "uses.py"
        before = made.get_tags(str(path), "uses.py")
        stat = path.stat()
        path.write_text("def other(): pass\n")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert made.get_tags(str(path), "uses.py") == before
        change(path, "def other(): pass\n")
        assert definitions(made.get_tags(str(path), "uses.py")) == {("other", 0)}

    def test_it_is_a_mapping_of_times_and_tags(self, repository: Path, files: list[str]) -> None:
        made = make(repository)
        made.get_repo_map([], files)
        path = str(repository / "shapes.py")
        assert made.TAGS_CACHE[path]["mtime"] == Path(path).stat().st_mtime
        assert plain(made.TAGS_CACHE[path]["data"]) == plain(made.get_tags(path, "shapes.py"))
        assert sorted(made.TAGS_CACHE) == files
        del made.TAGS_CACHE[path]
        assert path not in made.TAGS_CACHE
        assert len(made.TAGS_CACHE) == len(files) - 1

    def test_what_others_put_there_is_believed(self, repository: Path, files: list[str]) -> None:
        made, path = make(repository), str(repository / "shapes.py")
        tag = Tag("shapes.py", path, 0, "put_by_others", "def")
        made.TAGS_CACHE[path] = {"mtime": made.get_mtime(path), "data": [tag]}
        assert made.get_tags(path, "shapes.py") == [tag]
        ranked = made.get_ranked_tags([], files, set(), set())
        assert tag in ranked
        assert "Circle" not in [item[3] for item in ranked if len(item) > 1]

    def test_a_plain_dict_in_its_place_serves(self, repository: Path, files: list[str]) -> None:
        made = make(repository)
        expected = made.get_ranked_tags([], files, set(), set())
        made.TAGS_CACHE = {}
        assert made.get_ranked_tags([], files, set(), set()) == expected
        assert sorted(made.TAGS_CACHE) == files

    def test_errors_lead_to_a_new_cache_and_then_to_a_dict(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = make(repository)
        first = made.TAGS_CACHE
        made.tags_cache_error(OSError("broken"))
        assert made.TAGS_CACHE is not first

        def fail(root: object) -> MemoryStore:
            raise OSError("full")

        monkeypatch.setattr(repo_map, "open_store", fail)
        made.tags_cache_error()
        assert made.TAGS_CACHE == {}
        assert made.io.said[-1].startswith("warning: ")
        path = str(repository / "shapes.py")
        monkeypatch.undo()
        assert made.get_tags(path, "shapes.py") == made.TAGS_CACHE[path]["data"]

    def test_sqlite_errors_of_a_cache_do_not_end_it(self, repository: Path) -> None:
        class Raising:
            def get(self, key: str) -> None:
                raise repo_map.SQLITE_ERRORS[0]("disk I/O error")

        made = make(repository)
        made.TAGS_CACHE = Raising()
        assert ("def", "Circle", 8) in plain(made.get_tags(str(repository / "shapes.py"), "shapes.py"))
