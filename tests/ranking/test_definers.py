"""definers: which files define a name, and which of many are likely meant."""

from __future__ import annotations

import os

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.definers import NO_FILES, Definers

_FILES = {
    "app/deep/er/views.py": "def index(): pass\n",
    "app/views.py": "def index(): pass\ndef only(): pass\n",
    "tests/test_views.py": "def index(): pass\n",
    "lib/go/type.go": "package a\n\ntype Rat struct{}\n",
    "lib/go/text.go": "package a\n\nfunc (r *Rat) Text() {}\n",
    "lib/other/text.go": "package b\n\nfunc (d *Day) Text() {}\n",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("definers")
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return repomap_fast.scan(root, cache=False)


def _paths(result: ScanResult, files: list[int]) -> list[str]:
    return [os.fsdecode(result.graph.paths[file]) for file in files]


def test_the_files_of_a_name_rise_and_unknown_names_have_none(result: ScanResult) -> None:
    found = Definers(result).of([b"index", b"nothing", b"only"])
    assert {name: _paths(result, files.tolist()) for name, files in found.items()} == {
        b"index": ["app/deep/er/views.py", "app/views.py", "tests/test_views.py"],
        b"only": ["app/views.py"],
    }


def test_of_too_many_files_those_that_are_no_tests_and_not_deep_are_likely(result: ScanResult) -> None:
    definers = Definers(result)
    files = definers.of([b"index"])[b"index"]
    assert _paths(result, definers.likely(files, 3)) == _paths(result, files.tolist())
    assert _paths(result, definers.likely(files, 2)) == ["app/views.py", "app/deep/er/views.py"]
    assert definers.likely(files, 0) == []
    assert _paths(result, definers.in_order(files)) == ["app/views.py", "app/deep/er/views.py", "tests/test_views.py"]


def test_files_beside_each_other_are_in_folders_that_have_both_names(result: ScanResult) -> None:
    definers = Definers(result)
    of_names = definers.of([b"Rat", b"Text"])
    beside = definers.beside(of_names[b"Rat"], of_names[b"Text"])
    assert sorted(_paths(result, beside.tolist())) == ["lib/go/text.go", "lib/go/type.go"]
    assert not len(definers.beside(of_names[b"Rat"], NO_FILES))


def test_no_more_files_are_read_than_have_a_bound_of_definitions(
    result: ScanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    definers = Definers(result)
    every = list(range(len(result.graph)))
    assert definers.first(every[::-1]).tolist() == every
    monkeypatch.setattr("repomap_fast.ranking.definers._MOST_FILES", 2)
    assert definers.first(every).tolist() == every[:2]
    assert definers.first(every, n_needed=4).tolist() == every[:4]
    monkeypatch.setattr("repomap_fast.ranking.definers._MOST_DEFINITIONS", 1)
    assert len(definers.first(every)) == 1
    assert np.array_equal(definers.first([]), NO_FILES)


def test_small_files_are_read_after_one_that_has_too_many_definitions(
    result: ScanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    definers = Definers(result)
    large, small = definers.of([b"only"])[b"only"].tolist()[0], definers.of([b"Rat"])[b"Rat"].tolist()
    monkeypatch.setattr("repomap_fast.ranking.definers._MOST_DEFINITIONS", 2)
    other = definers.of([b"index"])[b"index"].tolist()[0]
    assert set(definers.first([other, large, small[0]]).tolist()) == {other, small[0]}
