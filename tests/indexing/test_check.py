"""The check of files against the last state, which reads and changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from repomap_fast.indexing.check import Checked, check
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.files import Files, find_all
from repomap_fast.indexing.index import Index
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.tables import FileStatus


def files_below(root: Path, **options: object) -> tuple[Files, ScanOptions]:
    chosen = ScanOptions(**options)  # type: ignore[arg-type]
    context = Context.of(root, chosen, Progress())
    return Files.of(*find_all(context), context), chosen


def checked(index: Index, **options: object) -> Checked:
    files, chosen = files_below(index.root, **options)
    return check(files, index._loaded.kept, chosen)


def test_without_a_last_state_all_is_unknown(small: Path) -> None:
    files, options = files_below(small)
    found = check(files, None, options)
    assert found.unknown.tolist() == found.unread.tolist() == [0, 1, 2]
    assert (found.n_known, found.n_removed) == (0, 0)


def test_what_is_as_it_was_is_known(small_index: Index) -> None:
    assert small_index._loaded.kept is not None
    last = small_index._loaded.kept.state
    before = {name: getattr(last, name).copy() for name in ("statuses", "tag_counts", "base_rows", "ctimes_ns")}
    found = checked(small_index)
    assert (found.unknown.tolist(), found.n_known, found.n_removed) == ([], 3, 0)
    assert found.state.tag_counts.tolist() == last.tag_counts.tolist()
    # The last state is as it was, and shares nothing with the new one.
    found.state.statuses[:] = FileStatus.UNREADABLE
    for name, column in before.items():
        assert np.array_equal(getattr(last, name), column)


def test_changed_and_removed_files(small_index: Index) -> None:
    (small_index.root / "a.py").write_text("def other(): pass\n")
    (small_index.root / "lib/c.js").unlink()
    found = checked(small_index)
    assert (found.unknown.tolist(), found.unread.tolist(), found.n_known, found.n_removed) == ([0], [0], 1, 1)


def test_files_above_the_limit_are_not_read(small_index: Index) -> None:
    (small_index.root / "a.py").write_text("x = 1\n" * 100)
    found = checked(small_index, max_file_size=100)
    assert found.state.statuses.tolist() == [FileStatus.TOO_LARGE, FileStatus.TAGGED, FileStatus.TAGGED]
    assert (found.unknown.tolist(), found.state.tag_counts.tolist()[0]) == ([], 0)


def test_only_a_larger_budget_tries_again(small_index: Index) -> None:
    kept = small_index._loaded.kept
    assert kept is not None
    kept.state.statuses[:] = FileStatus.OUT_OF_TIME, FileStatus.OUT_OF_MEMORY, FileStatus.UNREADABLE
    assert checked(small_index).unknown.tolist() == [2]
    assert checked(small_index, timeout_per_file=60.0).unknown.tolist() == [0, 2]
    assert checked(small_index, max_file_memory=2**40).unknown.tolist() == [1, 2]


def test_another_query_makes_the_tags_unknown_and_not_the_contents(small_index: Index, tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "python.scm").write_text("(class_definition name: (identifier) @name) @definition.thing")
    found = checked(small_index, queries=tmp_path / "queries")
    assert (found.unknown.tolist(), found.unread.tolist()) == ([0], [])


def test_a_file_of_another_language_is_unknown(small_index: Index) -> None:
    files, options = files_below(small_index.root)
    ids = files.language_ids.copy()
    ids[0] = ids[1]
    found = check(files._replace(language_ids=ids), small_index._loaded.kept, options)
    assert found.unknown.tolist() == [0]
