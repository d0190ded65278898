"""Results and errors go through pickle and copy, and what comes back needs neither the files nor the index."""

from __future__ import annotations

import copy
import pickle
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast import errors
from repomap_fast.compat.repomap_tool import exceptions

SOURCES = {
    "app/task.py": "class Task:\n    def run_later(self):\n        return make_table(self)\n",
    "app/table.py": "def make_table(task):\n    return Task()\n",
    "lone.py": "def nobody_calls_it(): pass\n",
    "notes.unknown": "nothing\n",
}
WAYS: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda value: pickle.loads(pickle.dumps(value)),
    "old pickle": lambda value: pickle.loads(pickle.dumps(value, protocol=2)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}
STATES = ("parsed", "mapped", "overlaid", "in memory")


def make_sources(root: Path) -> Path:
    for name, text in SOURCES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def scan_in(state: str, tmp_path: Path) -> tuple[repomap_fast.ScanResult, Path]:
    """Return a scan whose columns are in memory, mapped, or of two parts; and the folder where they are kept."""
    root, kept = make_sources(tmp_path / "root"), tmp_path / "kept"
    result = repomap_fast.scan(root, cache=state != "in memory", cache_dir=kept)
    if state in ("mapped", "overlaid"):
        if state == "overlaid":
            (root / "lone.py").write_text("def nobody_calls_it(): make_table(1)\n")
        result = repomap_fast.scan(root, cache_dir=kept)
    return result, kept


def answers(result: repomap_fast.ScanResult) -> list[Any]:
    graph = result.graph
    columns = [
        result.file_table.tag_offsets,
        result.tag_table.name_ids,
        graph.reference_names,
        graph.unreferenced_counts,
    ]
    return [
        result.root,
        list(result.tags),
        list(result.files),
        result.definitions("Task"),
        result.file("app/task.py").reason,
        result.identifier_classes,
        result.options,
        [column.tolist() for column in columns],
        [graph.name(i) for i in range(graph.n_shared)],
        graph.find_shared([b"Task"]).tolist(),
    ]


@pytest.mark.parametrize("state", STATES)
def test_a_scan_comes_back_whole(state: str, tmp_path: Path) -> None:
    result, _ = scan_in(state, tmp_path)
    for name, way in WAYS.items():
        assert answers(way(result)) == answers(result), name


@pytest.mark.parametrize("state", STATES)
def test_what_comes_back_owns_its_data(state: str, tmp_path: Path) -> None:
    result, kept = scan_in(state, tmp_path)
    expected = answers(result)
    copies = [(way(result), way(result.graph)) for way in (WAYS["pickle"], copy.deepcopy)]
    for column in kept.rglob("columns/*/*"):
        column.write_bytes(bytes(column.stat().st_size))
    shutil.rmtree(kept, ignore_errors=True)
    shutil.rmtree(tmp_path / "root")
    for scan, graph in copies:
        assert answers(scan) == expected
        assert [graph.name(i) for i in range(graph.n_shared)] == expected[-2]


def test_what_comes_back_can_be_changed_apart(tmp_path: Path) -> None:
    result, _ = scan_in("in memory", tmp_path)
    copied = copy.deepcopy(result)
    copied.file_table.statuses[:] = repomap_fast.FileStatus.BINARY
    assert repomap_fast.FileStatus.BINARY not in result.status_counts()


def test_every_public_answer_comes_back(tmp_path: Path) -> None:
    result, kept = scan_in("mapped", tmp_path)
    values = {
        "map": repomap_fast.map(result.root, cache_dir=kept, mention="Task"),
        "search": repomap_fast.search(result.root, "Task", cache_dir=kept),
        "explain": repomap_fast.explain(result.root, "Task", cache_dir=kept),
        "show": repomap_fast.show(result.root, "Task", cache_dir=kept),
        "refs": repomap_fast.refs(result.root, "Task", cache_dir=kept),
        "imports": repomap_fast.imports(result.root, cache_dir=kept),
        "outline": repomap_fast.outline(result.root / "lone.py"),
        "tag": result.tags[0],
        "file": result.file("lone.py"),
        "weights": repomap_fast.Weights.aider(),
        "options": repomap_fast.ScanOptions(languages=("python",), queries=tmp_path),
        "status": repomap_fast.FileStatus.TOO_DEEP,
        "stats": repomap_fast.metrics.IndexStats(3),
        "metrics": result.metrics,
    }
    for way in WAYS.values():
        for name, value in values.items():
            assert way(value) == value, name
        assert list(way(result.tags)) == list(result.tags)
        assert list(way(result.files)) == list(result.files)
        for table in (result.file_table, result.tag_table):
            back = way(table)
            assert all(
                np.array_equal(getattr(back, field.name), getattr(table, field.name))
                for field in fields(table)
                if isinstance(getattr(table, field.name), np.ndarray)
            )
        assert way(result.tag_table.names).equals(result.tag_table.names)


def every_error(base: type[BaseException]) -> list[type[BaseException]]:
    return [base, *(below for one in base.__subclasses__() for below in every_error(one))]


@pytest.mark.parametrize("way", WAYS)
def test_every_error_comes_back_with_its_words(way: str) -> None:
    found = every_error(errors.RepoMapError)
    assert {errors.NotCompiledError, errors.IndexDamagedError, exceptions.SearchError} <= set(found)
    for kind in found:
        error = kind("it went wrong")
        back = WAYS[way](error)
        assert type(back) is kind
        assert str(back) == "it went wrong"
    back = WAYS[way](errors.NotCompiledError("missing", name="repomap_fast.joining._graph"))
    assert back.name == "repomap_fast.joining._graph"
    back = WAYS[way](exceptions.SearchError("none", {"query": "a"}))
    assert (str(back), back.context) == ("none (Context: query=a)", {"query": "a"})


def test_an_open_index_says_why_it_cannot_be_pickled(tmp_path: Path) -> None:
    with repomap_fast.Index.open(make_sources(tmp_path), cache=False) as index:
        for way in WAYS.values():
            with pytest.raises(TypeError, match="an Index cannot be pickled or copied, since it holds open files"):
                way(index)
