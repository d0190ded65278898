"""outline: of a file of a repository, of a file alone, of a text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repomap_fast
from repomap_fast import LanguageError, OptionError, SymbolError
from support.repositories import git, needs_git, write_files

SOURCE = "@decorated\nclass A:\n    x = 1\n    def f(self,\n          a):\n        def g(): pass\n\ndef h(): pass\n"
EXPECTED = "1-6 class A:\n  3 x = 1\n  4-6 def f(self, a):\n    6 def g(): pass\n8 def h(): pass\n"


def test_a_file_alone_is_outlined(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE)
    outline = repomap_fast.outline(tmp_path / "a.py")
    assert outline.text == f"{tmp_path}/a.py (python, 8 lines)\n{EXPECTED}"
    assert [one.depth for one in outline.definitions] == [0, 1, 1, 2, 0]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.py"]


def test_a_text_is_outlined() -> None:
    outline = repomap_fast.outline(source=SOURCE, language="python")
    assert outline.text == f"- (python, 8 lines)\n{EXPECTED}"
    assert repomap_fast.outline("b/a.py", source=SOURCE.encode()).definitions == outline.definitions
    assert repomap_fast.outline("a.unknown", source=SOURCE, language="python").definitions == outline.definitions


def test_a_file_of_a_repository_is_outlined(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(SOURCE)
    (tmp_path / "src" / "b.py").write_text("def other(): pass\n")
    with repomap_fast.open(tmp_path, cache=False) as repository:
        assert repository.outline("src/a.py").text == f"src/a.py (python, 8 lines)\n{EXPECTED}"
        assert repository.outline(tmp_path / "src" / "a.py") == repository.outline("src/a.py")
        with pytest.raises(SymbolError, match=r"did you mean 'src/a\.py'"):
            repository.outline("a.py")
        with pytest.raises(SymbolError):
            repository.outline("../a.py")


def test_a_link_that_the_user_names_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "link.py").symlink_to("a.py")
    assert len(repomap_fast.outline(tmp_path / "link.py").definitions) == 5


@pytest.mark.parametrize(("name", "contents", "reason"), [
    ("a.unknown", b"x", "unknown language"), ("a.py", b"\0\0", "binary"), ("b.py", b"", ""),
])  # fmt: skip
def test_why_there_are_no_definitions_is_said(tmp_path: Path, name: str, contents: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(contents)
    outline = repomap_fast.outline(tmp_path / name)
    assert (outline.definitions, outline.reason) == ((), reason)


def test_what_is_wrong_is_named(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.py", "there is no file"),
        ("a\0b", "there is no file|cannot be read"),
    ):
        with pytest.raises(OptionError, match=message):
            repomap_fast.outline(path)
    with pytest.raises(LanguageError, match="pyhton"):
        repomap_fast.outline(source="", language="pyhton")
    with pytest.raises(OptionError, match="language is None"):
        repomap_fast.outline(source="")
    with pytest.raises(OptionError, match="expected a file or a text"):
        repomap_fast.outline()
    with pytest.raises(TypeError, match="source is 3"):
        repomap_fast.outline(source=3)  # type: ignore[arg-type]


def test_deep_nesting_costs_no_recursion() -> None:
    source = "".join(f"{' ' * i}def f{i}():\n" for i in range(300)) + " " * 300 + "pass\n"
    outline = repomap_fast.outline(source=source, language="python")
    assert outline.definitions
    assert len(outline.text.splitlines()) == 1 + len(outline.definitions)


@settings(max_examples=25, deadline=None)
@given(source=st.binary(max_size=200) | st.text(alphabet="defclass (){}:;,\n\t#@'\"", max_size=200))
@pytest.mark.parametrize("language", ["python", "cpp"])
def test_any_text_has_an_outline(language: str, source: bytes | str) -> None:
    outline = repomap_fast.outline(source=source, language=language)
    for one in outline.definitions:
        assert 1 <= one.start_line <= one.line <= one.end_line <= outline.n_lines


@needs_git
def test_a_file_is_outlined_as_a_commit_has_it(tmp_path: Path) -> None:
    root = write_files(tmp_path, {"a.py": "def old(): pass\n", "gone/b.txt": "def inner(): pass\n"})
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "first")
    (root / "a.py").write_text("def new(): pass\n")
    (root / "gone" / "b.txt").unlink()
    (root / "gone").rmdir()
    before = repomap_fast.outline(root / "a.py", revision="HEAD")
    assert [one.name for one in before.definitions] == ["old"]
    assert before.path == str(root / "a.py")
    assert [one.name for one in repomap_fast.outline(root / "a.py").definitions] == ["new"]
    gone = repomap_fast.outline(root / "gone" / "b.txt", revision="HEAD", language="python")
    assert [one.name for one in gone.definitions] == ["inner"]
    with pytest.raises(OptionError, match="no file of 'HEAD'"):
        repomap_fast.outline(root / "none.py", revision="HEAD")
    with pytest.raises(OptionError, match="no_such"):
        repomap_fast.outline(root / "a.py", revision="no_such")
    with pytest.raises(OptionError, match="source is given"):
        repomap_fast.outline("a.py", source="", revision="HEAD")
