"""callers, callees: the definitions that are linked to a symbol."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError
from support.import_trees import write_files

FILES = {
    "pool.py": "class Pool:\n    def close(self): pass\n\ndef make():\n    return Pool()\n",
    "use.py": (
        "from pool import Pool, make\n\ndef stop():\n    make().close()\n    make().close()\n\n"
        "def main():\n    stop()\n\nhandlers = [stop]\n"
    ),
    "tests/test_use.py": "from use import stop\n\ndef test_stop():\n    stop()\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path, FILES)


def test_callers_are_definitions_with_the_lines(root: Path) -> None:
    found = repomap_fast.callers(root, "Pool.close", cache=False)
    (one,) = found.linked
    assert (one.path, one.name, one.line, one.end_line, one.lines, one.n_sites) == ("use.py", "stop", 3, 5, (4, 5), 2)
    assert (one.how, one.depth, one.via) == ("member", 1, "Pool.close")
    assert found.text == (
        "1 caller of 'close'\nfound by: member 1; unresolved: 0\n"
        "pool.py:2-2 function Pool.close\n\nuse.py:3-5 function stop: lines 4, 5\n"
    )


def test_what_hands_it_on_is_a_caller_and_an_import_is_none(root: Path) -> None:
    found = repomap_fast.callers(root, "stop", cache=False)
    assert [(one.path, one.name or one.kind) for one in found.linked] == [
        ("use.py", "file"),
        ("use.py", "main"),
        ("tests/test_use.py", "test_stop"),
    ]


def test_callers_are_followed_over_steps(root: Path) -> None:
    found = repomap_fast.callers(root, "make", depth=2, cache=False)
    assert [(one.depth, one.name or one.kind, one.via) for one in found.linked] == [
        (1, "stop", "make"),
        (2, "file", "stop"),
        (2, "main", "stop"),
        (2, "test_stop", "stop"),
    ]


def test_callees_are_what_it_refers_to(root: Path) -> None:
    found = repomap_fast.callees(root, "main", depth=3, cache=False)
    assert [(one.depth, one.name) for one in found.linked] == [
        (1, "stop"),
        (2, "close"),
        (2, "make"),
        (3, "Pool"),
    ]


def test_tests_are_left_out(root: Path) -> None:
    found = repomap_fast.callers(root, "stop", tests=False, cache=False)
    assert {one.path for one in found.linked} == {"use.py"}


def test_a_circle_of_calls_ends(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "def f(): g()\ndef g(): f()\n"})
    found = repomap_fast.callers(tmp_path, "f", depth=10, cache=False)
    assert [one.name for one in found.linked] == ["g"]


def test_in_a_language_without_rules_callers_are_found_by_name(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.rb": "def close; end\ndef stop\n  close()\nend\n"})
    found = repomap_fast.callers(tmp_path, "close", cache=False)
    assert [(one.name, one.how) for one in found.linked] == [("stop", "name")]
    assert found.notes[0].startswith("by name")


def test_a_budget_leaves_out_what_does_not_fit(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "def f(): pass\n" + "".join(f"def g{i}(): f()\n" for i in range(99))})
    found = repomap_fast.callers(tmp_path, "f", tokens=100, cache=False)
    assert 0 < len(found.linked) < 20
    assert found.n_linked == 99


@pytest.mark.parametrize("depth", [0, 11])
def test_a_depth_out_of_range_is_an_error(root: Path, depth: int) -> None:
    with pytest.raises(OptionError, match=f"depth is {depth}; expected 1 to 10"):
        repomap_fast.callees(root, "main", depth=depth, cache=False)


def test_a_function_without_a_name_is_the_variable_that_it_is_bound_to(tmp_path: Path) -> None:
    (tmp_path / "a.ts").write_text("function f() {}\nconst limit = 3;\nconst g = () => { f(); return limit; };\n")
    found = repomap_fast.callees(tmp_path, "g", cache=False)
    assert sorted(one.name for one in found.linked) == ["f", "limit"]
    assert [one.name for one in repomap_fast.callers(tmp_path, "limit", cache=False).linked] == ["g"]
