"""A repository that stays open: each answer is as new as its call, from any thread."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import OptionError, Repository, RootError, ScanCancelled, StoreError
from repomap_fast.discovery import root_walk, stamps
from support.repositories import make_work_tree, needs_git, write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "shop.py").write_text("class Shop:\n    def sell(self):\n        return count(3)\n")
    (folder / "till.py").write_text("def count(n):\n    return n\n")
    return folder


@pytest.fixture
def repository(root: Path, tmp_path: Path) -> Iterator[Repository]:
    with repomap_fast.open(root, cache_dir=tmp_path / "cache") as opened:
        yield opened


def test_answers_are_those_of_the_functions(repository: Repository, root: Path) -> None:
    assert repository.map(tokens=200).text == repomap_fast.map(root, tokens=200, cache=False).text
    assert repository.search("count") == repomap_fast.search(root, "count", cache=False)
    assert repository.explain("count") == repomap_fast.explain(root, "count", cache=False)
    assert list(repository.scan().tags) == list(repomap_fast.scan(root, cache=False).tags)


def test_each_answer_is_as_new_as_its_call(repository: Repository, root: Path) -> None:
    assert repository.search("refund").found == ()
    (root / "refund.py").write_text("def refund(): pass\n")
    assert [found.tag.path for found in repository.search("refund").found] == ["refund.py"]
    assert "1 refund()" in repository.map(tokens=500).text
    assert repository.scan().definitions("refund")
    assert repository.explain("refund").n_found == 1
    (root / "refund.py").unlink()
    assert repository.search("refund", match="exact").found == ()


def test_sizes_of_files_without_a_language_are_as_new_as_the_scan(repository: Repository, root: Path) -> None:
    (root / "notes.txt").write_text("one")
    assert {file.path: file.size_bytes for file in repository.scan().files}["notes.txt"] == 3
    (root / "notes.txt").write_text("one, two")
    # An answer need not look at it.
    assert repository.search("Shop").found
    assert {file.path: file.size_bytes for file in repository.scan().files}["notes.txt"] == 8


def test_a_result_stays_as_it_was_and_needs_no_open_repository(repository: Repository, root: Path) -> None:
    before = repository.scan()
    (root / "till.py").write_text("def tally(n):\n    return n\n")
    after = repository.scan()
    repository.close()
    assert [tag.name for tag in before.definitions("count")] == ["count"]
    assert before.definitions("tally") == [] != after.definitions("tally")
    assert before.graph.paths is not None


def test_threads_share_a_repository(repository: Repository, root: Path) -> None:
    def ask(number: int) -> int:
        (root / f"new{number}.py").write_text(f"def new_{number}(): pass\n")
        assert repository.map(tokens=300).text
        result = repository.scan()
        return len(result.definitions(f"new_{number}")) + len(repository.search(f"new_{number}", match="exact").found)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(12))) == [2] * 12


def test_asyncio_asks_from_a_thread(repository: Repository) -> None:
    async def ask() -> list[str]:
        maps = await asyncio.gather(*(asyncio.to_thread(repository.map, tokens=200) for _ in range(3)))
        return [found.text for found in maps]

    first, *others = asyncio.run(ask())
    assert first
    assert set(others) == {first}


def test_progress_and_cancel_are_those_of_the_call(repository: Repository) -> None:
    stages: list[str] = []
    repository.map(progress=lambda stage, _done, _total: stages.append(stage))
    assert "discover" in stages
    cancel = threading.Event()
    cancel.set()
    for call in (repository.scan, repository.map, lambda **rest: repository.search("count", **rest)):
        with pytest.raises(ScanCancelled):
            call(cancel=cancel)
    assert len(repository.search("count", match="exact").found) == 1


def test_a_closed_repository_refuses_and_closes_twice(repository: Repository) -> None:
    repository.close()
    repository.close()
    assert "closed" in repr(repository)
    with pytest.raises(StoreError, match=r"is closed; expected a call before close\(\)"):
        repository.map()


def test_options_are_those_of_a_scan(root: Path, tmp_path: Path) -> None:
    with repomap_fast.open(root, cache=False, exclude="till.py", max_memory="1G") as repository:
        assert repository.options.max_memory == 1 << 30
        assert [file.path for file in repository.scan().files] == ["shop.py"]
        assert repository.root == root
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(repository)
    with pytest.raises(RootError):
        repomap_fast.open(tmp_path / "none")


def test_an_open_index_takes_no_options_of_its_own(root: Path) -> None:
    with (
        repomap_fast.Index.open(root, cache=False) as index,
        pytest.raises(OptionError, match="workers was given beside an Index"),
    ):
        repomap_fast.map(index, workers=2)


@needs_git
@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names differ by case there, so git is asked")
def test_answers_of_a_work_tree_are_new_without_a_process(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_work_tree(root, {".gitignore": "/out/\n"}, "shop.py")
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)
    time.sleep(0.02)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started, or git compared before a deadline")

    with repomap_fast.open(root, cache_dir=tmp_path / "cache") as opened:
        with monkeypatch.context() as patched:
            patched.setattr(root_walk.RootWalk, "compare_with_git", refuse)
            for _ in range(3):
                opened.map(deadline=60)
        for _ in range(3):
            opened.search("count")
        monkeypatch.setattr(subprocess, "Popen", refuse)
        write_files(root, {"out/made.py": "def made(): pass\n", "new/desk.py": "def desk(): pass\n"})
        (root / "shop.py").write_text("def shelf(): pass\n")
        assert [found.tag.path for found in opened.search("desk").found] == ["new/desk.py"]
        assert [found.tag.path for found in opened.search("shelf").found] == ["shop.py"]
        assert not opened.search("made").found
