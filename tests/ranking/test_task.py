"""task: what a caller says of the work at hand, found in a scan."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import OptionError, ScanResult, Weights
from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.task import boosts_for, find_task, promised_rows
from support import small_shop
from support.repositories import write_files

FILES = {
    **small_shop.FILES,
    "lib/a b.py": "x = 1\n",
    **{f"many/{i}/common.py": "" for i in range(9)},
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = write_files(tmp_path_factory.mktemp("repository"), FILES)
    (root / ".gitignore").write_text("ignored.py\n")
    (root / "ignored.py").write_text("")
    return repomap_fast.scan(root, cache=False)


def paths_of(result: ScanResult, rows: tuple[int, ...]) -> list[str]:
    return [os.fsdecode(result.file_table.paths[row]) for row in rows]


def test_focus_is_files_and_folders(result: ScanResult) -> None:
    task = find_task(result, focus=["app/models.py", "lib", result.root / "app" / "views.py", Path("lib/views.py")])
    expected = ["app/models.py", "lib/a b.py", "lib/views.py", "app/views.py"]
    assert paths_of(result, task.focus_files) == expected


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("app/modles.py", r"focus is 'app/modles.py', and no file of .* is there; did you mean 'app/models.py'\?"),
        ("model.py", "did you mean 'app/models.py'"),
        ("nothing.like.it", "nothing like it"),
        ("ignored.py", "is there, but is left out"),
        ("../elsewhere.py", "is not below"),
        ("/etc/passwd", "is not below"),
        ("/", "is not below"),
        ("..", "is not below"),
        ("", "focus is empty; expected a file or folder below"),
        (".", r"focus is '\.', which is all of .*; expected a file or folder below it"),
        ("app/..", "which is all of"),
    ],
)
def test_a_focus_that_is_not_there_is_named_with_what_is_near(result: ScanResult, path: str, message: str) -> None:
    with pytest.raises(OptionError, match=message):
        find_task(result, focus=[path])


def test_mentions_are_files_where_there_is_one(result: ScanResult) -> None:
    task = find_task(result, mention=["app/views.py", "models.py", "Shop", "Missing", "Shop"])
    assert paths_of(result, task.mentioned_files) == ["app/views.py", "app/models.py"]
    assert task.names == (b"Shop", b"Missing")


def test_a_name_of_few_files_means_all_of_them_and_a_common_one_none(result: ScanResult) -> None:
    assert paths_of(result, find_task(result, mention=["views.py"]).mentioned_files) == [
        "app/views.py",
        "lib/views.py",
    ]
    task = find_task(result, mention=["common.py"])
    assert (task.mentioned_files, task.names) == ((), (b"common.py",))


def test_a_mentioned_file_without_a_language_is_promised(result: ScanResult) -> None:
    task = find_task(result, mention=["README.txt", "Shop"])
    assert task.named is not None
    rows = promised_rows(task, result.file_table, task.named.promised)
    places = [(paths_of(result, (file,))[0], row) for file, row in rows]
    assert places == [("app/models.py", 0), ("README.txt", -1)]


def test_an_empty_mention_is_an_error(result: ScanResult) -> None:
    with pytest.raises(OptionError, match=r"^mention is ''; expected a name or a file$"):
        find_task(result, mention=[""])


def test_a_query_names_files_and_words(result: ScanResult) -> None:
    task = find_task(result, query="Have show_shop() in app/views.py (see models.py, e.g. not x.py) work: Shop!")
    assert paths_of(result, task.mentioned_files) == ["app/views.py", "app/models.py"]
    assert {b"show_shop", b"Shop", b"Have"} <= set(task.query_words)


@pytest.mark.parametrize(
    "query", ["", " ", "\0", "....", "/", "///../..", "é" * 1000, "a.b" * 10_000, "\udcff.py", "\ud800 \ud800/a.py"]
)
def test_odd_queries_find_nothing(result: ScanResult, query: str) -> None:
    assert find_task(result, query=query).mentioned_files == ()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_changed_files_are_those_of_the_scan(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.c").write_text("")
    scan = repomap_fast.scan(tmp_path, cache=False, languages=["c"])
    assert paths_of(scan, find_task(scan, changed=True).changed_files) == ["b.c"]
    with pytest.raises(OptionError, match="changed is 'nowhere'"):
        find_task(scan, changed="nowhere")


def marked(graph: Graph, column: object) -> list[str]:
    paths = [os.fsdecode(path) for path in graph.paths]
    return [path for path, value in zip(paths, np.asarray(column).tolist(), strict=True) if value]


def test_the_emphasis_is_on_what_was_found(result: ScanResult) -> None:
    weights = Weights.aider()
    task = find_task(result, focus=["app/views.py"], mention=["README.txt", "app/models.py"], query="Shop walks")
    graph = result.graph
    boosts = boosts_for(task, result, graph, weights)
    assert marked(graph, boosts.personalization) == ["app/models.py", "app/views.py"]
    assert marked(graph, np.asarray(boosts.reference_factors) > 1) == ["app/views.py"]
    assert marked(graph, boosts.hidden) == ["app/views.py"]
    assert boosts.name_factors is not None
    factors = {graph.name(i): factor for i, factor in enumerate(boosts.name_factors.tolist())}
    assert factors == {b"Shop": weights.queried_name}
    assert boosts_for(task, result, graph, weights, show_focus=True).hidden is None


@pytest.mark.parametrize(
    ("query", "asks"), [("Tests of the shop fail", True), ("shop\n\ntest", False), ("", False), ("latest", False)]
)
def test_a_title_may_ask_for_tests(result: ScanResult, query: str, asks: bool) -> None:
    assert find_task(result, query=query).asks_for_tests is asks


def test_rank_comes_from_each_kind_of_file_as_it_is_weighed(result: ScanResult) -> None:
    graph = result.graph
    task = find_task(result, focus=["app/models.py"], mention=["lib/views.py"], query="show")
    weights = Weights(focus_source=3.0, mentioned_source=1.0)
    source = boosts_for(task, result, graph, weights).personalization
    assert source is not None
    found = dict(zip(map(os.fsdecode, graph.paths), source.tolist(), strict=True))
    assert {path: share for path, share in found.items() if share} == {"app/models.py": 0.75, "lib/views.py": 0.25}


def test_the_parts_of_boosts_multiply_to_the_boosts(result: ScanResult) -> None:
    task = find_task(result, mention=["app/models.py", "Shop"], query="show the shop of views\n\nwalks")
    boosts = boosts_for(task, result, result.graph, Weights.aider(), keep_parts=True)
    assert boosts.name_parts is not None
    names = np.ones(result.graph.n_shared)
    for column in boosts.name_parts.values():
        names *= column
    assert names.tobytes() == np.asarray(boosts.name_factors).tobytes()
    assert names.max() > 1
    assert boosts_for(task, result, result.graph, Weights()).name_parts is None
