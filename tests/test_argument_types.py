"""Arguments of a wrong type, and single values where several may stand, in every public call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.bench.bench import bench
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.warming import at_paths
from repomap_fast.ranking.task import find_task


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "app").mkdir(parents=True)
    (root / "app" / "task.py").write_text("class Task:\n    def T(self): pass\n\ndef make(): return Task()\n")
    (root / "a.py").write_text("from app.task import make\n\ndef Table(): return make()\n")
    (root / "t.js").write_text("function a() {}\n")
    return root


def paths(result: repomap_fast.ScanResult) -> list[str]:
    return [file.path for file in result.files if file.language]


def test_a_single_text_is_one_of_several(root: Path) -> None:
    def scan(**options: Any) -> list[str]:
        return paths(repomap_fast.scan(root, cache=False, **options))

    assert scan(languages="python") == scan(languages=["python"]) == ["a.py", "app/task.py"]
    assert scan(include="t.js") == scan(include=("t.js",)) == ["t.js"]
    assert scan(exclude="a*") == scan(exclude={"a*"}) == ["t.js"]
    options = repomap_fast.ScanOptions(languages="python", include="*.py", exclude="app/", queries=str(root))
    assert (options.languages, options.include, options.exclude) == (("python",), ("*.py",), ("app/",))
    assert options.queries == root


@pytest.mark.parametrize("whole", [repomap_fast.map, lambda root, **rest: repomap_fast.explain(root, "Task", **rest)])
def test_a_single_mention_or_path_is_one(whole: Callable[..., Any], root: Path) -> None:
    def answer(**about: Any) -> Any:
        return whole(root, cache=False, **about)

    assert answer(mention="Task") == answer(mention=["Task"]) != answer(mention=list("Task"))
    assert answer(focus="a.py") == answer(focus=["a.py"]) == answer(focus=Path("a.py")) == answer(focus=[Path("a.py")])
    assert answer(mention=Path("app/task.py")) == answer(mention=["app/task.py"])
    assert answer(mention=iter(["Task"])) == answer(mention=("Task",))


def test_a_single_path_is_one_for_the_index(root: Path) -> None:
    with Index.open(root, cache=False) as index:
        index.refresh()
        for given in (b"a.py", "a.py", Path("a.py"), [b"a.py"], ["a.py"]):
            assert paths(index.tag_files(given)) == ["a.py"]
        for given in ("app", Path("app"), ["app"]):
            assert index.warm(at_paths(index.root, given)).files == 1
        task = find_task(index.result, mention=["Task"])
        assert task.names == (b"Task",)


def test_a_single_operation_is_one(root: Path) -> None:
    run = bench(root, repeats=1, operations="scan", states="cold", cache=False)
    assert [(case.operation, case.state) for case in run.cases] == [("scan", "cold")]


def test_numbers_of_numpy_are_numbers(root: Path) -> None:
    assert repomap_fast.ScanOptions(workers=np.int64(2)).workers == 2
    assert repomap_fast.map(root, tokens=np.int32(64), cache=False).budget == 64


OPTIONS = {
    "workers": "4",
    "languages": 3,
    "include": [b"*.py"],
    "exclude": None,
    "no_ignore": 1,
    "queries": 7,
    "fences": "yes",
    "timeout_per_file": "20",
    "max_file_size": 1.5,
    "max_file_memory": None,
    "max_memory": True,
    "max_cpu": True,
}
OF_ROOT = {**OPTIONS, "root": 7, "cache_dir": 3}
ABOUT = {"focus": 3, "mention": [3], "query": None, "changed": 1, "weights": {"tests": 0.5}}
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "ScanOptions": (lambda root, **rest: repomap_fast.ScanOptions(**rest), OPTIONS),
    "scan": (repomap_fast.scan, {**OF_ROOT, "root": b"x"}),
    "map": (repomap_fast.map, {**OF_ROOT, **ABOUT, "tokens": "1000", "tokenizer": 3, "format": 3}),
    "explain": (
        lambda root, name="T", **rest: repomap_fast.explain(root, name, **rest),
        {**OF_ROOT, **ABOUT, "name": b"T", "limit": "3"},
    ),
    "search": (
        lambda root, name="T", **rest: repomap_fast.search(root, name, **rest),
        {**OF_ROOT, "name": 3, "limit": None, "match": 1},
    ),
    "Index.open": (Index.open, OF_ROOT),
}


@pytest.mark.parametrize(("call", "option"), [(call, option) for call, (_, given) in CALLS.items() for option in given])
def test_a_wrong_type_is_named(call: str, option: str, root: Path) -> None:
    function, given = CALLS[call]
    value = given[option]
    shown = value[0] if isinstance(value, list) else value
    with pytest.raises(TypeError) as raised:
        function(**{"root": root, option: value})
    assert str(raised.value).startswith(f"{option} is {shown!r}, of type {type(shown).__name__}; expected ")


def test_a_long_value_is_shortened_in_the_error() -> None:
    with pytest.raises(TypeError, match=r"^languages is b'x{58}…, of type bytes; expected a str, or several$"):
        repomap_fast.ScanOptions(languages=b"x" * 1000)
