"""Work trees of one repository: one base between those that differ little, and no file parsed twice."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.deadline import Deadline
from repomap_fast.indexing import keep, shared_base
from repomap_fast.indexing.index import Index, refresh_until
from repomap_fast.metrics import IndexStats
from repomap_fast.store.sqlite_store import SqliteStore
from support.repositories import git, make_repository, make_work_tree, needs_git, settle

pytestmark = needs_git


@pytest.fixture
def main(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "main", 24)
    make_work_tree(root, {}, ".")
    settle(root)
    return root


@pytest.fixture
def linked(main: Path, tmp_path: Path) -> Path:
    git(main, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    settle(tmp_path / "linked")
    return tmp_path / "linked"


def refresh(root: Path, cache: Path) -> tuple[IndexStats, str]:
    """Return what a refresh took, and the token of its base."""
    with Index.open(root, cache_dir=cache) as index:
        stats = index.refresh()
        assert index._loaded.kept is not None
        assert index.result.notes == ()
        return stats, index._loaded.kept.base.record["token"]


def text(root: Path, cache: Path | None) -> str:
    return repomap_fast.map(root, cache=cache is not None, cache_dir=cache, tokens=2000, query="name_1 name_2").text


def test_a_second_work_tree_parses_only_what_differs(main: Path, linked: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first, token = refresh(main, cache)
    assert (first.parsed, first.joined) == (24, True)
    (linked / "d0" / "new.py").write_text("def quite_new(): return name_1()\n")
    settle(linked)
    second, of_second = refresh(linked, cache)
    assert (second.parsed, second.from_store, second.joined) == (1, 24, False)
    assert of_second == token
    # From then on it knows its own files by their times, and so does the first.
    for root in (linked, main):
        again, _ = refresh(root, cache)
        assert (again.fresh, again.read, again.parsed) == (again.files, 0, 0)
        assert text(root, cache) == text(root, None)


def test_a_work_tree_of_other_files_has_a_base_of_its_own(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (keep, shared_base):
        monkeypatch.setattr(module, "overlay_limit", lambda n_base: 2)
    cache = tmp_path / "cache"
    _, token = refresh(main, cache)
    for number in range(3):
        (linked / f"new{number}.py").write_text(f"def new_{number}(): return name_1()\n")
    stats, of_second = refresh(linked, cache)
    assert (stats.parsed, stats.joined) == (3, True)
    assert of_second != token
    assert len(list(cache.glob("v2/*/columns/*"))) == 2
    # A third one takes the nearer one.
    git(main, "worktree", "add", "-q", "--detach", str(tmp_path / "third"))
    for number in range(2):
        (tmp_path / "third" / f"new{number}.py").write_text(f"def new_{number}(): return name_1()\n")
    stats, of_third = refresh(tmp_path / "third", cache)
    assert (stats.parsed, of_third) == (0, of_second)
    # Files that come back lead back to the base that has them, and columns that nobody uses go.
    for root in (linked, tmp_path / "third"):
        for number in range(3):
            (root / f"new{number}.py").unlink(missing_ok=True)
        stats, of_last = refresh(root, cache)
        assert (stats.parsed, stats.joined, of_last) == (0, False, token)
    assert [path.name for path in cache.glob("v2/*/columns/*")] == [token]


def test_a_checkout_changes_times_and_no_base(main: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (keep, shared_base):
        monkeypatch.setattr(module, "overlay_limit", lambda n_base: 2)
    cache = tmp_path / "cache"
    _, token = refresh(main, cache)
    for path in main.rglob("d*/f*"):
        os.utime(path, ns=(10**18, 10**18))
    settle(main)
    stats, again = refresh(main, cache)
    assert (stats.read, stats.parsed, stats.joined, again) == (24, 0, False, token)
    stats, again = refresh(main, cache)
    assert (stats.read, stats.fresh, again) == (0, 24, token)


def test_a_base_that_is_gone_when_it_is_to_be_shared(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    refresh(main, cache)
    write = SqliteStore.write_states_of

    def forget_first(store: SqliteStore, token: str, states: dict[str, object]) -> bool:
        store.drop_states([name for name in store.state_names() if name.startswith("base:")])
        store.drop_columns(token)
        return write(store, token, states)

    monkeypatch.setattr(SqliteStore, "write_states_of", forget_first)
    stats, token = refresh(linked, cache)
    assert (stats.parsed, stats.joined) == (0, True)
    assert [path.name for path in cache.glob("v2/*/columns/*")] == [token]


def test_what_another_process_joined_meanwhile_is_shared(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    tokens = []
    write_columns = keep._write_columns

    def be_slow(*arguments: object) -> object:
        written = write_columns(*arguments)  # type: ignore[arg-type]
        if not tokens:
            tokens.append("")
            tokens[0] = refresh(main, cache)[1]
        return written

    monkeypatch.setattr(keep, "_write_columns", be_slow)
    _, token = refresh(linked, cache)
    assert tokens == [token]
    assert [path.name for path in cache.glob("v2/*/columns/*")] == [token]


def test_a_scan_that_ends_after_it_took_a_base_leaves_nothing_wrong(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    refresh(main, cache)
    (linked / "d1" / "f1.c").write_text("int changed(int a) { return a; }\n")

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("repomap_fast.indexing.refresh.keep", fail)
        with pytest.raises(KeyboardInterrupt):
            refresh(linked, cache)
    assert text(linked, cache) == text(linked, None)
    assert refresh(linked, cache)[0].fresh > 0


def test_a_deadline_is_no_reason_to_leave_out_what_another_work_tree_parsed(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr("repomap_fast.indexing.refresh._BYTES_A_SECOND", 1)
    with Index.open(main, cache_dir=cache) as index:
        assert refresh_until(index, Deadline(time.monotonic() + 60)) is not None
    refresh(main, cache)
    with Index.open(linked, cache_dir=cache) as index:
        assert refresh_until(index, Deadline(time.monotonic() + 60)) is None
        assert (index.stats.files, index.stats.parsed) == (24, 0)


def test_a_damaged_base_of_another_work_tree_is_passed_over(main: Path, linked: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    refresh(main, cache)
    (columns,) = cache.glob("v2/*/columns/*")
    shutil.rmtree(columns)
    stats, _ = refresh(linked, cache)
    assert (stats.parsed, stats.joined) == (0, True)


def test_a_base_that_does_not_serve_after_all_is_given_back(
    main: Path, linked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    refresh(main, cache)
    monkeypatch.setattr(keep, "overlay_limit", lambda n_base: -1)
    for _ in range(2):
        with Index.open(linked, cache_dir=cache) as index:
            index.refresh()
            index._loaded.kept = None
            assert index._loaded.load() is not None
            assert len(index.tags) == len(repomap_fast.scan(linked, cache=False).tags)
            assert index.store.notes == []
