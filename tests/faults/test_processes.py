"""Some processes at one index at once: each gives what a fresh scan gives."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from faults.test_kill import assert_store_is_sound
from repomap_fast.indexing.index import Index
from repomap_fast.store.cache_folder import store_folder
from support.repositories import edit, fresh, git, kept, make_repository, make_work_tree, needs_git, settle, tables

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is a copy of this process")


def scan_at_once(roots: Sequence[Path], cache: Path) -> list[tuple[dict[str, object], tuple[str, ...]]]:
    """Scan these folders in processes that start together."""
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
                answer.write_bytes(pickle.dumps(kept(root, cache)))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append((child, answer))
    os.close(ready)
    os.close(start)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child, _ in children]
    assert codes == [0] * len(roots)
    return [pickle.loads(answer.read_bytes()) for _, answer in children]


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
