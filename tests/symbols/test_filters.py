"""search with kinds, paths and scopes."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError

FILES = {
    "src/pool.py": "class Pool:\n    close = 1\n    class Inner:\n        def close(self): pass\n"
    "    def close(self): pass\n",
    "src/net/file.py": "def close(): pass\nclass close: pass\n",
    "other.py": "from pool import close\ndef run():\n    close()\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def found(root: Path, **keywords: object) -> list[str]:
    result = repomap_fast.search(root, "close", match="exact", cache=False, **keywords)  # type: ignore[arg-type]
    assert result.n_definitions + result.n_references == len(result.found)
    return [f"{one.tag.path}:{one.tag.line} {one.tag.kind}" for one in result.found]


FIRST, SECOND = "src/net/file.py:2 class", "src/net/file.py:1 function"
IN_INNER, IN_POOL, FIELD = "src/pool.py:4 function", "src/pool.py:5 function", "src/pool.py:2 field"


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({}, [FIRST, SECOND, IN_INNER, IN_POOL, FIELD]),
        ({"kind": "function"}, [SECOND, IN_INNER, IN_POOL]),
        ({"kind": ["class", "field"]}, [FIRST, FIELD]),
        ({"kind": "method"}, [one.replace("function", "method") for one in (IN_INNER, IN_POOL)]),
        ({"kind": "interface"}, []),
        ({"path": "src/net"}, [FIRST, SECOND]),
        ({"path": "./src/net/"}, [FIRST, SECOND]),
        ({"path": ["src/pool.py", "other.py"]}, [IN_INNER, IN_POOL, FIELD]),
        ({"path": "src/*.py", "kind": "class"}, [FIRST]),
        ({"path": "nowhere"}, []),
        ({"path": "*.rs"}, []),
        ({"path": "../*"}, []),
        ({"scope": "Pool"}, [IN_INNER, IN_POOL, FIELD]),
        ({"scope": "Inner"}, [IN_INNER]),
        ({"scope": "Pool.Inner"}, [IN_INNER]),
        ({"scope": "Inner.Pool"}, []),
        ({"scope": "none"}, []),
        ({"scope": "Pool", "kind": "function", "path": "src"}, [IN_INNER, IN_POOL]),
        ({"path": "other.py", "references": True}, ["other.py:1 import", "other.py:3 call"]),
        ({"scope": "run", "references": True}, ["other.py:3 call"]),
    ],
)
def test_a_search_is_narrowed(root: Path, keywords: dict[str, object], expected: list[str]) -> None:
    assert found(root, **keywords) == expected


def test_wrong_filters_are_named(root: Path) -> None:
    with pytest.raises(OptionError, match=r"kind is 'klass'; expected one such as .*class"):
        found(root, kind="klass")
    with pytest.raises(OptionError, match="scope has 1,001 characters"):
        found(root, scope="x" * 1001)
    with pytest.raises(OptionError, match="path has 1,001 characters"):
        found(root, path="x" * 1001)
    with pytest.raises(TypeError, match=r"kind is 3"):
        found(root, kind=3)


def test_absolute_paths_are_below_the_root(root: Path) -> None:
    assert found(root, path=root / "src" / "net") == [FIRST, SECOND]


def test_an_empty_folder_has_no_kinds_to_check(tmp_path: Path) -> None:
    assert found(tmp_path, kind="class", path="a", scope="b") == []


@pytest.mark.parametrize(
    "keywords", [{"path": "nofolder"}, {"scope": "Nothing"}, {"kind": "class", "path": "other.py"}]
)
def test_what_the_filters_left_out_is_said_where_nothing_is_found(root: Path, keywords: dict[str, str]) -> None:
    result = repomap_fast.search(root, "close", cache=False, **keywords)
    assert result.n_left_out == 5
    assert result.text.startswith("nothing that is wanted has a name like 'close'; 5 tags have such a name")
    result = repomap_fast.search(root, "zzzzzz", cache=False, **keywords)
    assert (result.n_left_out, result.text) == (0, "nothing here has a name like 'zzzzzz'\n")
    assert repomap_fast.search(root, "close", cache=False, scope="Pool").n_left_out == 0


def test_where_methods_are_wanted_they_are_called_so(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("class A:\n    def run(self): pass\n\ndef run(): pass\n")
    kinds = {
        asked: [(one.tag.kind, one.text.split()[1]) for one in repomap_fast.search(tmp_path, "run", kind=asked).found]
        for asked in (("method",), ("function",), ("method", "function"))
    }
    assert kinds == {
        ("method",): [("method", "method")],
        ("function",): [("function", "function")] * 2,
        ("method", "function"): [("function", "function")] * 2,
    }
