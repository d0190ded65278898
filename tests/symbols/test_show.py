"""show: the source as it is now, within the budget."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError, Shown, SymbolError
from repomap_fast.drawing.tokens import estimate_tokens

POOL = (
    "import os\n"
    "\n"
    "# Keeps connections.\n"
    "class Pool:\n"
    '    """Documented."""\n'
    "\n"
    "    def open(self):\n"
    "        return 1\n"
    "\n"
    "    def close(self):\n"
    "        return 2\n"
    "\n"
    "LIMIT = 3\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pool.py").write_text(POOL)
    return tmp_path


def show(root: Path, symbol: str, **keywords: object) -> Shown:
    return repomap_fast.show(root, symbol, cache=False, **keywords)  # type: ignore[arg-type]


def test_a_definition_comes_with_path_and_lines(root: Path) -> None:
    shown = show(root, "Pool.close")
    assert shown.text == "pool.py:10-11 function Pool.close\n    def close(self):\n        return 2\n"
    (one,) = shown.definitions
    assert (one.path, one.scope, one.name, one.line, one.start_line, one.end_line) == (
        "pool.py", "Pool", "close", 10, 10, 11,
    )  # fmt: skip
    assert (one.source, one.n_left_out, shown.n_definitions) == ("    def close(self):\n        return 2\n", 0, 1)
    assert shown.tokens == estimate_tokens(shown.text) <= shown.budget


def test_comments_above_belong_to_it_and_context_is_added(root: Path) -> None:
    assert show(root, "Pool").definitions[0].start_line == 3
    around = show(root, "Pool.open", context=1).definitions[0]
    assert around.source == "\n    def open(self):\n        return 1\n\n"
    assert show(root, "LIMIT", context=1000).definitions[0].source == POOL


def test_a_class_that_does_not_fit_is_shown_by_its_members(root: Path) -> None:
    (root / "pool.py").write_text(POOL.replace("        return 1\n", "        work()\n" * 500))
    shown = show(root, "Pool", tokens=120)
    (one,) = shown.definitions
    assert [(member.name, member.signature) for member in one.members] == [
        ("open", "def open(self):"),
        ("close", "def close(self):"),
    ]
    assert one.source.splitlines()[:2] == ["# Keeps connections.", "class Pool:"]
    assert shown.tokens <= 120
    assert "7-507 def open(self):\n" in shown.text


@pytest.mark.parametrize("tokens", [1, 2, 5, 10, 20, 40, 80, 160, 320, 640])
@pytest.mark.parametrize("symbol", ["work", "Big", "Big.m1"])
def test_no_budget_is_exceeded(tmp_path: Path, symbol: str, tokens: int) -> None:
    for i in range(30):
        (tmp_path / f"w{i}.py").write_text(f"def work():\n    return {i}\n" + "\n" * i)
    methods = "".join(f"    def m{i}(self):\n" + "        pass\n" * 40 for i in range(20))
    (tmp_path / "big.py").write_text(f"class Big:\n{methods}")
    shown = show(tmp_path, symbol, tokens=tokens)
    assert estimate_tokens(shown.text) == shown.tokens <= tokens
    if tokens >= 40:
        assert shown.definitions
    if symbol == "work" and tokens >= 20:
        n_left = 30 - shown.text.count("function work\n")
        assert not n_left or f"… and {n_left} more definition" in shown.text


def test_the_best_of_several_comes_first_and_none_twice(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "a.js").write_text("function Box() {}\n")
    (tmp_path / "box.cpp").write_text("class Box {\n public:\n  Box() {}\n};\n")
    (tmp_path / "tests" / "box.py").write_text("class Box: pass\n")
    shown = show(tmp_path, "Box")
    assert [one.path for one in shown.definitions] == ["box.cpp", "tests/box.py", "a.js"]
    assert shown.text.count("Box() {}") == 2


def test_the_source_is_as_it_is_now(root: Path) -> None:
    with repomap_fast.open(root, cache=False) as repository:
        assert "return 2" in repository.show("Pool.close").text
        (root / "pool.py").write_text(POOL.replace("return 2", "return 'two'").replace("import os\n", "\n\n"))
        shown = repository.show("Pool.close")
        assert "return 'two'" in shown.text
        assert shown.definitions[0].line == 11
        (root / "pool.py").unlink()
        with pytest.raises(SymbolError):
            repository.show("Pool.close")


def test_what_changed_since_the_scan_is_said(root: Path) -> None:
    with repomap_fast.Index.open(root, cache=False) as index:
        index.refresh()
        (root / "pool.py").write_text("\n" * 40)
        assert repomap_fast.show(index, "Pool").notes == (
            "pool.py has changed since it was scanned; the lines may be others",
        )
        (root / "pool.py").unlink()
        shown = repomap_fast.show(index, "Pool")
        assert shown.notes == ("pool.py cannot be read",)
        assert shown.others[0].path == "pool.py"


def test_a_link_that_took_the_place_of_a_file_is_not_read(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.py"
    secret.write_text("class Pool: secret = 1\n" * 20)
    with repomap_fast.Index.open(root, cache=False) as index:
        index.refresh()
        (root / "pool.py").unlink()
        (root / "pool.py").symlink_to(secret)
        assert "secret" not in repomap_fast.show(index, "Pool").text


def test_a_line_of_megabytes_is_cut(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("function f() { return '" + "x" * 2_000_000 + "' }\n")
    assert len(show(tmp_path, "f", tokens=100_000).text) < 5_000


def test_wrong_arguments_are_named(root: Path) -> None:
    for keywords, message in (
        ({"context": -1}, "context is -1"),
        ({"context": 10**6}, "context"),
        ({"tokens": 0}, "tokens is 0"),
    ):
        with pytest.raises(OptionError, match=message):
            show(root, "Pool", **keywords)
    with pytest.raises(TypeError, match="symbol is 3"):
        show(root, 3)  # type: ignore[arg-type]


def test_no_more_is_made_of_many_definitions_than_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "many.py").write_text("def many(): pass\n" * 2_000)
    made: list[int] = []
    true_tag = repomap_fast.ScanResult.tag
    monkeypatch.setattr(repomap_fast.ScanResult, "tag", lambda self, row: made.append(row) or true_tag(self, row))
    shown = show(tmp_path, "many", tokens=100)
    assert shown.n_definitions == 2_000
    assert len(made) < 200
