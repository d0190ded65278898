"""Some processes at one index at once: each gives what a fresh scan gives."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from faults.test_kill import assert_store_is_sound
from repomap_fast.agents import tools
from repomap_fast.agents.roots import Root
from repomap_fast.indexing.index import Index
from repomap_fast.options import ScanOptions
from repomap_fast.store.cache_folder import store_folder
from support.repositories import edit, fresh, git, kept, make_repository, make_work_tree, needs_git, settle, tables

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is a copy of this process")

Work = Callable[[Path, Path], Any]
"""What is done with a folder and a folder for the store; returns what can be pickled."""


def start_at_once(roots: Sequence[Path], cache: Path, work: Work) -> list[tuple[int, Path]]:
    """Do this for each folder, in processes that start together; return their ids, and where each leaves its answer."""
    ready, start = os.pipe()
    children = []
    for number, root in enumerate(roots):
        answer = cache.parent / f"answer{number}"
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(start)
                os.read(ready, 1)
                answer.write_bytes(pickle.dumps(work(root, cache)))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append((child, answer))
    os.close(ready)
    os.close(start)
    return children


def ended(child: int) -> int:
    """Wait for the end of a process, and return its exit code; below zero, the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def scan_at_once(roots: Sequence[Path], cache: Path) -> list[tuple[dict[str, object], tuple[str, ...]]]:
    """Scan these folders in processes that start together."""
    children = start_at_once(roots, cache, kept)
    assert [ended(child) for child, _ in children] == [0] * len(roots)
    return [pickle.loads(answer.read_bytes()) for _, answer in children]


def asked(root: Path, cache: Path) -> str:
    """Return what a server answers first."""
    one = Root(root, ScanOptions(), cache)
    try:
        return tools.call("repo_map", {"query": "name"}, [one], progress=None, cancel=threading.Event())
    finally:
        one.close()


@pytest.mark.parametrize("n", [2, 4])
@pytest.mark.parametrize("n_rounds", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_processes_at_once(n: int, n_rounds: int, tmp_path: Path) -> None:
    rng = random.Random(n)
    root, cache = make_repository(tmp_path / "root", 120), tmp_path / "cache"
    for number in range(n_rounds):
        if number % 3 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        else:
            edit(root, [0, 4, 90][number % 3], rng)
        expected = fresh(root)
        for found, notes in scan_at_once([root] * n, cache):
            assert found == expected
            assert notes == ()
        assert_store_is_sound(root, cache)
    assert kept(root, cache) == (fresh(root), ())


@pytest.mark.parametrize("work", [kept, asked])
@pytest.mark.parametrize("n_rounds", [4, pytest.param(80, marks=pytest.mark.slow)])
def test_those_that_are_killed_harm_no_other(work: Work, n_rounds: int, tmp_path: Path) -> None:
    """Three write into one store; one or two of them are killed in the middle of it."""
    rng = random.Random(n_rounds)
    root, cache = make_repository(tmp_path / "root", 120), tmp_path / "cache"
    n_killed, usual_s = 0, 0.0
    for number in range(n_rounds):
        if number % 2 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        else:
            edit(root, [4, 90][number // 2 % 2], rng)
        expected = work(root, tmp_path / f"fresh{number}")
        start_s = time.perf_counter()
        children = start_at_once([root] * 3, cache, work)
        victims = [child for child, _ in children[: 1 + number % 2]]
        for victim in victims:
            # The first round tells how long it takes.
            time.sleep(rng.uniform(0, usual_s / 2) if usual_s else 0.02)
            os.kill(victim, signal.SIGKILL)
        codes = [ended(child) for child, _ in children]
        usual_s = usual_s or time.perf_counter() - start_s
        n_killed += codes.count(-signal.SIGKILL)
        for (child, answer), code in zip(children, codes, strict=True):
            assert child in victims or code == 0
            assert code != 0 or pickle.loads(answer.read_bytes()) == expected
        assert_store_is_sound(root, cache)
        assert work(root, cache) == expected
    assert n_killed >= n_rounds // 3


@needs_git
def test_work_trees_at_once(tmp_path: Path) -> None:
    main, cache = make_repository(tmp_path / "main", 120), tmp_path / "cache"
    make_work_tree(main, {}, ".")
    roots = [main]
    for number in range(3):
        roots.append(tmp_path / f"linked{number}")
        git(main, "worktree", "add", "-q", "--detach", str(roots[-1]))
        edit(roots[-1], number, random.Random(number))
    for _ in range(2):
        expected = [fresh(root) for root in roots]
        assert scan_at_once(roots, cache) == [(one, ()) for one in expected]
        assert_store_is_sound(main, cache)
        # Whoever joined last saw the base of whoever joined first.
        assert len(list((store_folder(main, cache) / "columns").iterdir())) == 1
        for number, root in enumerate(roots):
            edit(root, 3, random.Random(10 + number))


def test_indexes_that_live_side_by_side(tmp_path: Path) -> None:
    """Each makes new bases under the other's feet."""
    rng = random.Random(5)
    root, cache = make_repository(tmp_path / "root", 100), tmp_path / "cache"
    with Index.open(root, cache_dir=cache) as one, Index.open(root, cache_dir=cache) as other:
        late = []
        for number in range(8):
            edit(root, [2, 80, 0, 80][number % 4], rng)
            expected = fresh(root)
            for index in (one, other) if number % 3 else (other, one):
                index.refresh()
                late.append((index.result, expected))
                if number % 2:
                    assert tables(index.result) == expected
        for result, expected in late[-2:]:
            assert tables(result) == expected
    columns = store_folder(root, cache) / "columns"
    assert len(list(columns.iterdir())) == 1


def test_an_index_that_another_process_removes(tmp_path: Path) -> None:
    root, cache = make_repository(tmp_path / "root", 40), tmp_path / "cache"
    rng = random.Random(6)
    settle(root)
    with Index.open(root, cache_dir=cache) as index:
        for _ in range(3):
            index.refresh()
            edit(root, 3, rng)
            shutil.rmtree(cache)
            assert kept(root, cache)[0] == fresh(root)
            index.refresh()
            assert tables(index.result) == fresh(root)
    assert kept(root, cache)[0] == fresh(root)
