"""The steps of a refresh, put together."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.errors import IndexDamagedError, ScanCancelled, StoreError
from repomap_fast.indexing import refresh as refreshes
from repomap_fast.indexing import state as states
from repomap_fast.indexing.index import Index, refresh_for_answer
from support.repositories import settle

if TYPE_CHECKING:
    from repomap_fast.indexing.check import Checked
    from repomap_fast.indexing.files import Files


def test_what_lasts_is_assigned_in_one_place() -> None:
    """No step keeps anything on the side: only ``LoadedIndex`` is assigned to."""
    assigned = [line.strip() for line in inspect.getsource(refreshes).splitlines() if " = " in line and "." in line]
    on_objects = [line for line in assigned if "." in line.partition(" = ")[0].replace("[", ".").partition("(")[0]]
    allowed = ("index.kept", "index.refreshed", "stats.files, stats.fresh", "context.stats.removed")
    assert [line for line in on_objects if not line.startswith(allowed)] == []


def test_a_cancelled_refresh_leaves_the_last_one(small_index: Index) -> None:
    refreshed, kept = small_index._loaded.refreshed, small_index._loaded.kept
    (small_index.root / "a.py").write_text("def other(): pass\n")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        small_index.refresh(cancel=cancel)
    assert small_index._loaded.refreshed is refreshed
    assert small_index._loaded.kept is kept
    small_index.refresh()
    assert [tag.name for tag in small_index.tags][:1] == ["other"]


def test_a_repair_joins_again_and_parses_nothing(small_index: Index) -> None:
    before, base = small_index.result, small_index._loaded.kept
    small_index.repair(IndexDamagedError("the rows are wrong"))
    assert small_index.result is not before
    assert small_index._loaded.kept is not base
    assert small_index.stats.parsed == 3
    assert any("the rows are wrong" in note for note in small_index.result.notes)
    assert len(small_index.tags) == len(small_index.result.tag_table) == before.n_tags


def test_a_repair_after_a_late_join_is_a_base_again(small_index: Index) -> None:
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    assert len(small_index.result.tag_table) == small_index.result.n_tags
    small_index.repair(IndexDamagedError("the rows are wrong"))
    assert small_index._loaded.kept is not None
    assert small_index._loaded.kept.base.record["token"]


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files of each refresh were compared with the last state."""
    counts: list[int] = []
    check = refreshes.check

    def counting(files: Files, *others: Any) -> Checked:
        counts.append(len(files.rows))
        return check(files, *others)

    monkeypatch.setattr(refreshes, "check", counting)
    return counts


def answered(index: Index) -> tuple[object, ...]:
    """What an answer sees of an index: as a fresh index would have it."""
    stats = refresh_for_answer(index)
    with Index.open(index.root, cache=False) as fresh:
        fresh.refresh()
        result, expected = index.result, fresh.result
        assert result.notes == expected.notes
        assert stats.files == fresh.stats.files
        for name in ("language_ids", "statuses", "marks", "tag_offsets", "definition_counts"):
            assert getattr(result.file_table, name).tolist() == getattr(expected.file_table, name).tolist()
        # What is loaded late may change the table.
        assert [*index.tags] == [*fresh.tags]
    return result, stats.parsed


def test_of_files_that_are_as_they_were_nothing_is_compared(small_index: Index, compared: list[int]) -> None:
    answered(small_index)
    compared.clear()
    first, _ = answered(small_index)
    second, _ = answered(small_index)
    # Those of the indexes that were made fresh.
    assert len(compared) == 2
    assert second is not first
    assert small_index.stats.fresh == 3
    # A scan gives away its table of files, which is then made again.
    small_index.refresh()
    table = small_index.result.file_table
    answered(small_index)
    assert small_index.result.file_table is not table


def edit(root: Path) -> None:
    (root / "a.py").write_text("def other(): pass\n")


def edit_in_the_same_tick(root: Path) -> None:
    before = (root / "a.py").stat()
    (root / "a.py").write_text("def gamma(x):\n    return beta(x)\n")
    os.utime(root / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(root: Path) -> None:
    (root / "new").write_text("def gamma(x):\n    return beta(x)\n")
    (root / "new").replace(root / "a.py")


def rename_a_folder(root: Path) -> None:
    (root / "lib").rename(root / "lic")


def remove(root: Path) -> None:
    (root / "notes.txt").unlink()
    (root / "lib" / "b.c").unlink()


def add_without_a_language(root: Path) -> None:
    (root / "lib" / "new.txt").write_text("")


def add(root: Path) -> None:
    (root / "lib" / "run").write_text("#!/bin/sh\nf() { :; }\n")


def make_a_script(root: Path) -> None:
    (root / "run").write_text("#!python3\ndef f(): pass\n")


def mark(root: Path) -> None:
    (root / ".gitattributes").write_text("lib/* linguist-vendored\n")


def ignore(root: Path) -> None:
    (root / ".gitignore").write_text("lib/\n")


def make_a_tool_folder(root: Path) -> None:
    (root / "env").mkdir()
    (root / "env" / "pyvenv.cfg").write_text("")


def name_macros(root: Path) -> None:
    (root / ".repomap-fast.toml").write_text("macros = ['MY_THING variable 2']\n")


def refuse(root: Path) -> None:
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(root / "lib" / "c.js")


@pytest.mark.parametrize(
    "change",
    [
        *(
            edit,
            edit_in_the_same_tick,
            replace,
            rename_a_folder,
            remove,
            add_without_a_language,
            add,
            make_a_script,
            mark,
            ignore,
        ),
        *(make_a_tool_folder, name_macros, refuse),
    ],
)
def test_after_any_change_an_answer_is_that_of_a_fresh_index(small: Path, change: Callable[[Path], None]) -> None:
    (small / "run").write_text("no script\n")
    (small / ".gitattributes").write_text("* -linguist-vendored\n")
    # Settings that the scan does not list.
    (small / ".gitignore").write_text(".repomap-fast.toml\n")
    (small / "odd.c").write_text("MY_THING(int, a);\n")
    settle(small)
    with Index.open(small, cache=False) as index:
        for _ in range(3):
            answered(index)
        change(small)
        for _ in range(2):
            answered(index)


def test_what_another_process_keeps_is_taken_up(small_index: Index, tmp_path: Path, compared: list[int]) -> None:
    answered(small_index)
    answered(small_index)
    kept = small_index._loaded.kept
    with Index.open(small_index.root, cache_dir=tmp_path / "kept") as other:
        (other.root / "a.py").write_text("def other(): pass\n")
        other.refresh()
        edited = (other.root / "a.py").stat()
    compared.clear()
    refresh_for_answer(small_index)
    assert len(compared) == 1
    assert small_index.stats.parsed == 0
    assert small_index._loaded.kept is not kept
    assert edited.st_size == small_index.files[0].size_bytes


def test_a_file_that_was_just_written_is_compared_until_it_is_settled(
    small: Path, compared: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Index.open(small, cache=False) as index:
        with monkeypatch.context() as patched:
            # A clock of so coarse a grain that each file was just written.
            patched.setattr(states, "CLOCK_GRAIN_NS", 10**15)
            for n_compared in (1, 2, 3):
                refresh_for_answer(index)
                assert len(compared) == n_compared
        for n_compared in (4, 5, 5, 5):
            refresh_for_answer(index)
            assert len(compared) == n_compared


def test_nothing_to_repair_before_the_first_refresh(small: Path) -> None:
    with Index.open(small, cache=False) as index, pytest.raises(StoreError, match="not refreshed yet"):
        index.repair(IndexDamagedError("of another"))


def test_tagged_files_have_a_graph_and_leave_the_state(small_index: Index) -> None:
    before = small_index.result
    found = small_index.tag_files(["a.py", "lib/b.c"])
    assert [found.graph.name(i) for i in range(found.graph.n_shared)] == [b"alpha", b"beta"]
    assert small_index.result is before
    small_index.close()
    assert [tag.name for tag in found.file("a.py").tags] == ["alpha", "beta"]


def test_a_warmed_file_is_not_parsed_by_the_next_scan(small: Path, tmp_path: Path) -> None:
    with Index.open(small, cache_dir=tmp_path / "kept") as index:
        stats = index.warm(lambda found, _: np.array([0, 1]))
        assert (stats.files, stats.parsed, stats.removed) == (2, 2, 0)
        assert not index.is_refreshed
    assert repomap_fast.scan(small, cache_dir=tmp_path / "kept").metrics.files_parsed == 1
