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
        "found by: import 2; unresolved: 0\n"
        "pool.py:1-2 class Pool\n"
        "\n"
        "a.py:1: from pool import Pool\n"
        "a.py:4 in stop: Pool().close()\n"
    )
    assert (found.n_references, found.n_files, found.n_definitions, found.notes) == (2, 1, 1, ())


def test_what_is_not_resolved_comes_last_and_the_limit_holds(root: Path) -> None:
    found = repomap_fast.refs(root, "Pool.close", cache=False)
    assert [(one.path, one.how) for one in found.references] == [("a.py", "member")]
    assert [one.path for one in found.unresolved] == ["many.py"] * 3 + ["tests/test_pool.py"] * 9
    assert "12 sites of that name may refer to it, but cannot be resolved:\nmany.py:2 in a: p.close()\n" in found.text
    first = repomap_fast.refs(root, "Pool.close", limit=2, cache=False)
    assert first.unresolved == found.unresolved[:2]
    assert (first.n_references, first.n_unresolved) == (1, 12)
    assert first.text.endswith("… and 10 more\n")


def test_code_comes_before_tests_and_files_with_more_before_others(root: Path) -> None:
    (root / "tests" / "test_pool.py").write_text("from pool import Pool\n" + "Pool()\n" * 9)
    (root / "many.py").write_text("from pool import Pool\n" + "Pool()\n" * 3)
    found = repomap_fast.refs(root, "Pool", cache=False)
    assert [one.path for one in found.references] == ["many.py"] * 4 + ["a.py"] * 2 + ["tests/test_pool.py"] * 10


def test_tests_are_chosen_or_left_out(root: Path) -> None:
    (root / "tests" / "test_pool.py").write_text("from pool import Pool\n")
    assert {one.path for one in repomap_fast.refs(root, "Pool", tests=False, cache=False).references} == {"a.py"}
    (only,) = repomap_fast.refs(root, "Pool", tests=True, cache=False).references
    assert only.path == "tests/test_pool.py"


def test_a_guess_is_marked_and_can_be_left_out(root: Path) -> None:
    (root / "pool.py").write_text("class Pool:\n    def drain(self): pass\n")
    (root / "many.py").write_text("def a(p):\n    p.drain()\n")
    found = repomap_fast.refs(root, "drain", cache=False)
    assert found.text.splitlines()[:2] == ["1 reference to 'drain' in 1 file", "found by: guess 1; unresolved: 0"]
    assert (found.n_guessed, found.n_by_how) == (1, {"guess": 1})
    assert found.text.endswith("many.py:2 in a (guess): p.drain()\n")
    assert repomap_fast.refs(root, "drain", sure=True, cache=False).references == ()


def test_each_of_several_methods_of_a_name_has_its_own_references(root: Path) -> None:
    (root / "file.py").write_text("class File:\n    def close(self): pass\n    def end(self): self.close()\n")
    found = repomap_fast.refs(root, "File.close", cache=False)
    assert [one.path for one in found.definitions] == ["file.py"]
    assert [(one.path, one.line) for one in found.references] == [("file.py", 3)]
    assert (found.n_definitions, found.notes) == (2, ())


def test_references_under_another_name_are_found(root: Path) -> None:
    (root / "b.py").write_text("from pool import Pool as P\nP()\n")
    found = repomap_fast.refs(root, "Pool", cache=False)
    assert [one.line for one in found.references if one.path == "b.py"] == [1, 2]


def test_a_budget_leaves_out_what_does_not_fit(root: Path) -> None:
    (root / "many.py").write_text("from pool import Pool\n" + "Pool()\n" * 200)
    found = repomap_fast.refs(root, "Pool", tokens=100, cache=False)
    assert 0 < len(found.references) < 20
    assert found.n_references == 203


def test_in_a_language_without_rules_a_name_of_several_definitions_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.rb").write_text("class Pool\n  def close; end\nend\nclass File\n  def close; end\nend\nx.close\n")
    found = repomap_fast.refs(tmp_path, "Pool.close", cache=False)
    assert found.notes == ("by name: 2 definitions are called 'close', and each may be meant",)
    assert [one.how for one in found.references] == ["name"]


def test_a_name_that_nothing_here_defines_has_references(root: Path) -> None:
    (root / "b.py").write_text("import os\nos.getpid()\n")
    assert [one.source for one in repomap_fast.refs(root, "getpid", cache=False).references] == ["os.getpid()"]


def test_nothing_refers_to_it(root: Path) -> None:
    (root / "b.py").write_text("def lonely(): pass\n")
    assert (
        repomap_fast.refs(root, "lonely", cache=False).text
        == "no references to 'lonely'\nunresolved: 0\nb.py:1-1 function lonely\n"
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


def test_references_to_a_default_export_have_the_names_of_their_imports(tmp_path: Path) -> None:
    (tmp_path / "make.ts").write_text("export default function make() {}\n")
    (tmp_path / "use.ts").write_text("import build from './make';\nbuild();\n")
    found = repomap_fast.refs(tmp_path, "make", cache=False)
    assert [(one.path, one.line) for one in found.references] == [("use.ts", 1), ("use.ts", 2)]


def test_a_name_that_documents_alone_define_is_found_in_code(tmp_path: Path) -> None:
    (tmp_path / "errors.rst").write_text("Errors\n======\n\n.. c:macro:: UV_EINVAL\n\n   Invalid.\n")
    (tmp_path / "a.c").write_text(
        "#define XX(name) UV_ ## name = 1,\nenum { XX(EINVAL) };\nint f(void) { return UV_EINVAL; }\n"
    )
    found = repomap_fast.refs(tmp_path, "UV_EINVAL", cache=False)
    assert [(one.path, one.line, one.how) for one in found.references] == [("a.c", 3, "name")]
    assert found.notes == ("only documents say where 'UV_EINVAL' is defined: what has its name is listed",)
    (tmp_path / "b.c").write_text("int UV_EINVAL;\n")
    again = repomap_fast.refs(tmp_path, "UV_EINVAL", cache=False)
    assert {one.path for one in again.definitions} == {"b.c", "errors.rst"}
    assert again.notes == ()
