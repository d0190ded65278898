"""Sizes of indexes, and what is pruned and deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.errors import OptionError, StoreError
from repomap_fast.indexing.audit import StoredIndex
from repomap_fast.indexing.upkeep import clear_index, clear_tree, prune_index, report_index
from repomap_fast.store.cache_folder import store_folder
from repomap_fast.store.database import DATABASE
from support.repositories import git, make_work_tree, needs_git


def test_the_size_of_an_index(overlaid_folder: Path, small: Path) -> None:
    n_bytes = sum(path.stat().st_size for path in overlaid_folder.rglob("*") if path.is_file())
    report = report_index(overlaid_folder)
    assert (report.root, report.blocks, report.choices, report.files) == (str(small), 4, 1, 3)
    assert report.disk_bytes == n_bytes
    assert report.bytes_per_tag == report.disk_bytes / report.tags


def test_pruning_keeps_what_the_last_scan_used(overlaid_folder: Path) -> None:
    prune_index(overlaid_folder, max_age_days=0)
    with StoredIndex(overlaid_folder) as stored:
        assert stored.counts()[0] == 4
        assert list(stored.problems()) == []
    prune_index(overlaid_folder, max_bytes=0)
    assert report_index(overlaid_folder).blocks == 0


def test_clearing_refuses_what_is_not_ours(overlaid_folder: Path) -> None:
    (overlaid_folder / "precious").write_text("mine")
    with pytest.raises(StoreError, match="'precious' in it is not ours"):
        clear_index(overlaid_folder)
    (overlaid_folder / "precious").unlink()
    assert clear_index(overlaid_folder) > 0
    assert not overlaid_folder.exists()


@pytest.mark.parametrize("n_wanted", [2, 1_000])
def test_clearing_deletes_what_another_process_writes_meanwhile(
    overlaid_folder: Path, monkeypatch: pytest.MonkeyPatch, n_wanted: int
) -> None:
    rmdir, n_written = Path.rmdir, 0

    def written_to_before(folder: Path) -> None:
        nonlocal n_written
        n_written += 1
        if n_written <= n_wanted:
            (folder / DATABASE).write_bytes(b"new")
        rmdir(folder)

    monkeypatch.setattr(Path, "rmdir", written_to_before)
    if n_wanted == 2:
        clear_index(overlaid_folder)
        assert not overlaid_folder.exists()
    else:
        with pytest.raises(StoreError, match="could not be deleted: Directory not empty"):
            clear_index(overlaid_folder)


@pytest.fixture
def trees(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Two work trees that share three of their four files, and the folder of their index."""
    main, linked, cache = tmp_path / "main", tmp_path / "linked", tmp_path / "cache"
    files = {f"{name}.py": f"def {name}(): pass\n" for name in ("one", "two", "three", "four")}
    make_work_tree(main, files, *files)
    git(main, "worktree", "add", "-q", "--detach", str(linked))
    (main / "four.py").write_text("def of_main(): pass\n")
    (linked / "four.py").write_text("def of_linked(): pass\n\ndef more(): pass\n")
    for root in (main, linked):
        repomap_fast.scan(root, cache_dir=cache)
    return main, linked, store_folder(main, cache)


def n_parsed(root: Path, folder: Path) -> int:
    return repomap_fast.scan(root, cache_dir=folder.parent.parent).metrics.files_parsed


@needs_git
def test_a_report_has_the_blocks_once_and_each_work_tree(trees: tuple[Path, Path, Path]) -> None:
    main, linked, folder = trees
    report = report_index(folder)
    assert (report.root, report.blocks, report.choices) == (str(main), 5, 2)
    assert [(tree.root, tree.choices, tree.files, tree.tags) for tree in report.trees] == [
        (str(linked), 1, 4, 5),
        (str(main), 1, 4, 4),
    ]


@needs_git
def test_a_report_leaves_out_a_tree_that_was_never_scanned_to_the_end(trees: tuple[Path, Path, Path]) -> None:
    main, _, folder = trees
    before = report_index(folder).trees
    with pytest.raises(OptionError, match="nosuch"):
        repomap_fast.scan(main, revision="nosuch", cache_dir=folder.parent.parent)
    assert report_index(folder).trees == before
    repomap_fast.scan(main, revision="HEAD", cache_dir=folder.parent.parent)
    assert [tree.of_commit for tree in report_index(folder).trees if tree not in before] == [True]


@needs_git
def test_pruning_keeps_what_any_work_tree_needs(trees: tuple[Path, Path, Path]) -> None:
    main, linked, folder = trees
    with StoredIndex(folder) as stored:
        days = stored._all_rows("SELECT day FROM blocks")
    prune_index(folder, max_age_days=0)
    assert len(days) == report_index(folder).blocks == 5
    shutil.rmtree(linked)
    prune_index(folder, max_age_days=0)
    assert [tree.root for tree in report_index(folder).trees] == [str(main)]
    assert n_parsed(main, folder) == 0


@needs_git
def test_clearing_a_work_tree_leaves_what_the_others_need(trees: tuple[Path, Path, Path]) -> None:
    main, linked, folder = trees
    clear_tree(folder, main)
    report = report_index(folder)
    assert (report.blocks, [tree.root for tree in report.trees]) == (4, [str(linked)])
    assert n_parsed(linked, folder) == 0
    clear_tree(folder, linked)
    assert not folder.exists()
