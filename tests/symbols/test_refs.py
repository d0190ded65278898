"""refs: what refers to a symbol, by name."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError, SymbolError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    (tmp_path / "pool.py").write_text("class Pool:\n    def close(self): pass\n")
    (tmp_path / "a.py").write_text("from pool import Pool\n\ndef stop():\n    Pool().close()\n")
    (tmp_path / "many.py").write_text("def a(p):\n    p.close()\n    p.close()\n    p.close()\n")
    (tmp_path / "tests" / "test_pool.py").write_text("def test(): close()\n" * 9)
    return tmp_path


def test_each_reference_has_its_line_and_scope(root: Path) -> None:
    found = repomap_fast.refs(root, "Pool", cache=False)
    assert found.text == (
        "2 references to 'Pool' in 1 file\n"
        "pool.py:1-2 class Pool\n"
        "\n"
        "a.py:1: from pool import Pool\n"
        "a.py:4 in stop: Pool().close()\n"
    )
    assert (found.n_references, found.n_files, found.n_definitions, found.notes) == (2, 1, 1, ())


def test_what_matters_comes_first_and_the_limit_holds(root: Path) -> None:
    found = repomap_fast.refs(root, "Pool.close", cache=False)
    assert [one.path for one in found.references] == ["many.py"] * 3 + ["a.py"] + ["tests/test_pool.py"] * 9
    first = repomap_fast.refs(root, "Pool.close", limit=2, cache=False)
    assert first.references == found.references[:2]
    assert first.n_references == 13
    assert first.text.endswith("… and 11 more\n")


def test_a_name_of_several_definitions_says_so(root: Path) -> None:
    (root / "file.py").write_text("class File:\n    def close(self): pass\n")
    found = repomap_fast.refs(root, "Pool.close", cache=False)
    assert [one.path for one in found.definitions] == ["pool.py"]
    assert found.notes == ("by name: 2 definitions are called 'close', and each may be meant",)


def test_a_name_that_nothing_here_defines_has_references(root: Path) -> None:
    (root / "b.py").write_text("import os\nos.getpid()\n")
    assert [one.source for one in repomap_fast.refs(root, "getpid", cache=False).references] == ["os.getpid()"]


def test_nothing_refers_to_it(root: Path) -> None:
    (root / "b.py").write_text("def lonely(): pass\n")
    assert (
        repomap_fast.refs(root, "lonely", cache=False).text
        == "no references to 'lonely' in 0 files\n".replace(" in 0 files", "") + "b.py:1-1 function lonely\n"
    )


def test_long_lines_are_shown_around_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text(
        "function f() {}\n" + "var x = '" + "y" * 100_000 + "'; f(); // " + "z" * 100_000 + "\n"
    )
    (one,) = repomap_fast.refs(tmp_path, "f", cache=False).references
    assert "f()" in one.source
    assert len(one.source) <= 161


def test_files_that_are_gone_are_named(root: Path) -> None:
    with repomap_fast.Index.open(root, cache=False) as index:
        index.refresh()
        (root / "a.py").unlink()
        found = repomap_fast.refs(index, "Pool")
        assert found.notes == ("a.py cannot be read",)
        assert [one.source for one in found.references] == ["", ""]


def test_what_is_wrong_is_named(root: Path) -> None:
    with pytest.raises(OptionError, match="limit is -1"):
        repomap_fast.refs(root, "Pool", limit=-1, cache=False)
    with pytest.raises(SymbolError, match="did you mean 'Pool'"):
        repomap_fast.refs(root, "Poool", cache=False)
