"""Tags of files, as aider has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.compat.aider import Tag
from support.aider import definitions, make, plain


class TestTags:
    def test_they_have_aiders_fields(self, repository: Path) -> None:
        path = str(repository / "shapes.py")
        tags = make(repository).get_tags(path, "shapes.py")
        assert Tag._fields == ("rel_fname", "fname", "line", "name", "kind")
        assert ("def", "Circle", 8) in plain(tags)
        assert ("ref", "area_of_shape", 14) in plain(tags)
        assert {(tag.rel_fname, tag.fname) for tag in tags} == {("shapes.py", path)}

    def test_a_file_that_is_gone_has_none(self, repository: Path) -> None:
        made = make(repository)
        assert made.get_tags(str(repository / "gone.py"), "gone.py") == []
        assert made.io.said[-1].startswith("warning: ")

    def test_without_references_all_identifiers_are(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text("class A:\n    def f(self):\n        return self.g\n")
        tags = make(tmp_path).get_tags(str(path), "a.py")
        assert definitions(tags) == {("A", 0), ("f", 1)}
        assert {(tag.name, tag.line) for tag in tags if tag.kind == "ref"} == {(n, -1) for n in ("A", "f", "self", "g")}

    def test_or_the_names_that_pygments_sees(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_text("class A:\n    def f(self):\n        return self.g\n")
        made = make(tmp_path)
        made.references = "pygments"
        tags = made.get_tags(str(path), "a.py")
        assert sorted(tag.name for tag in tags if tag.line == -1) == ["A", "f", "g", "self", "self"]
        ranked = made.get_ranked_tags([], [str(path)], set(), set())
        assert {tag[3] for tag in ranked} == {"A", "f"}

    def test_a_language_without_a_query_has_none(self, repository: Path) -> None:
        assert make(repository).get_tags(str(repository / "notes.md"), "notes.md") == []

    @pytest.mark.parametrize(
        ("contents", "expected"),
        [
            (b"def f(): pass\r\n\r\ndef g(): pass\r\n", {("f", 0), ("g", 2)}),
            (b"def f(): pass\rdef g(): pass\r", {("f", 0), ("g", 1)}),
            ("def größe(): pass\n".encode(), {("größe", 0)}),
            ("def größe(): pass\n".encode("latin-1"), set()),
            (b"", set()),
            (b"def f(): pass\n\0", set()),
        ],
        ids=["crlf", "cr", "utf-8", "latin-1", "empty", "nul"],
    )
    def test_the_text_is_what_aider_reads(self, tmp_path: Path, contents: bytes, expected: set[Any]) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(contents)
        assert definitions(make(tmp_path).get_tags(str(path), "a.py")) == expected

    def test_whoever_reads_the_text_decides(self, tmp_path: Path) -> None:
        path = tmp_path / "a.py"
        path.write_bytes("def größe(): pass\n".encode("latin-1"))
        made = make(tmp_path)
        made.io.read_text = lambda fname: Path(fname).read_text("latin-1")
        assert definitions(made.get_tags(str(path), "a.py")) == {("größe", 0)}

    def test_raw_tags_come_one_by_one_and_for_another_name(self, repository: Path) -> None:
        tags = make(repository).get_tags_raw(str(repository / "uses.py"), "other name")
        assert isinstance(tags, Iterator)
        assert next(tags).rel_fname == "other name"

    def test_relative_names_are_from_the_working_folder(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(repository)
        assert ("def", "Circle", 8) in plain(make(repository).get_tags("shapes.py", "shapes.py"))
