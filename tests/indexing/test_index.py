"""The index beside a scan that knows nothing: the same tables, whatever was changed and whatever was kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import repomap_fast
from repomap_fast.errors import RootError, StoreError
from repomap_fast.indexing import refresh as refreshes
from repomap_fast.indexing import state as states
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.warming import at_paths
from repomap_fast.joining.result import ScanResult
from repomap_fast.options import ScanOptions
from repomap_fast.resources.governors import CpuGovernor
from repomap_fast.store import store as stores
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import FileStatus
from support.made_scans import columns
from support.repositories import settle, write_files

SOURCES = {
    "a.py": "def alpha(x):\n    return beta(x)\n\nclass Gamma:\n    def delta(self): pass\n",
    "lib/b.c": "int beta(int x) { return alpha(x); }\n",
    "lib/c.js": "export function gamma() { return alpha() + Über(); }\n",
    "notes.txt": "no language\n",
    "empty.py": "",
}


def everything(result: ScanResult) -> dict[str, object]:
    """Return all that a scan says of its files and tags."""
    files = result.file_table
    return {
        **columns(result),
        "paths": list(files.paths),
        "languages": files.language_ids.tolist(),
        "sizes": files.sizes_bytes.tolist(),
        "definitions": files.definition_counts.tolist(),
        "kinds": result.tag_table.kinds,
        "classes": result.identifier_classes,
    }


def assert_same_as_fresh(index: Index) -> None:
    fresh = repomap_fast.scan(index.root, cache=False)
    # Before the tags are loaded, which may join them anew.
    assert index.result.identifier_classes == fresh.identifier_classes
    assert index.result.n_tags == fresh.n_tags
    assert everything(index.result) == everything(fresh)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = write_files(tmp_path / "repository", SOURCES)
    settle(folder)
    return folder


@pytest.fixture
def index(root: Path, tmp_path: Path) -> Iterator[Index]:
    with Index.open(root, cache_dir=tmp_path / "cache") as opened:
        opened.refresh()
        yield opened


def test_the_first_refresh_parses_all(index: Index) -> None:
    stats = index.stats
    assert (stats.files, stats.fresh, stats.parsed, stats.joined, stats.hit_rate) == (4, 0, 4, True, 0.0)
    assert_same_as_fresh(index)


def test_nothing_changed_nothing_done(index: Index, root: Path, tmp_path: Path) -> None:
    with Index.open(root, cache_dir=tmp_path / "cache") as again:
        stats = again.refresh()
        assert (stats.fresh, stats.read, stats.parsed, stats.joined, stats.hit_rate) == (4, 0, 0, False, 1.0)
        assert_same_as_fresh(again)


def test_a_changed_file_is_all_that_is_parsed(index: Index, root: Path) -> None:
    (root / "a.py").write_text("def alpha(): return omega()\n")
    stats = index.refresh()
    assert (stats.fresh, stats.read, stats.parsed, stats.joined) == (3, 1, 1, False)
    assert [tag.name for tag in index.find("omega")] == ["omega"]
    assert_same_as_fresh(index)


def test_a_file_that_was_only_touched_is_not_parsed(index: Index, root: Path) -> None:
    os.utime(root / "a.py", ns=(1, 1))
    stats = index.refresh()
    assert (stats.read, stats.from_store, stats.parsed, stats.joined) == (1, 1, 0, False)
    assert_same_as_fresh(index)


def test_going_back_to_contents_of_before_parses_nothing(index: Index, root: Path) -> None:
    for text in ("def other(): pass\n", SOURCES["a.py"]):
        (root / "a.py").write_text(text)
        stats = index.refresh()
    assert (stats.from_store, stats.parsed) == (1, 0)
    assert_same_as_fresh(index)


def test_files_that_came_and_went(index: Index, root: Path) -> None:
    (root / "a.py").unlink()
    (root / "lib" / "z.py").write_text("class Zeta: pass\n")
    (root / "new.txt").write_text("no language either\n")
    stats = index.refresh()
    assert (stats.removed, stats.parsed) == (1, 1)
    assert_same_as_fresh(index)


def test_many_changes_make_a_new_base(index: Index, root: Path) -> None:
    for number in range(80):
        (root / f"f{number}.py").write_text(f"def f{number}(): return f{number + 1}()\n")
    assert index.refresh().joined
    settle(root)
    assert index.refresh().parsed == 0
    assert_same_as_fresh(index)


def test_an_edit_within_the_clocks_grain_is_seen(root: Path, tmp_path: Path) -> None:
    path = root / "a.py"
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        for name in ("aaaa", "bbbb", "cccc"):
            path.write_text(f"def {name}(): pass\n")
            before = path.stat()
            index.refresh()
            path.write_text(f"def {name[::-1].upper()}(): pass\n")
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
            index.refresh()
            assert_same_as_fresh(index)


def test_a_racy_file_is_looked_at_until_it_is_old(root: Path, tmp_path: Path) -> None:
    (root / "a.py").write_text("def alpha(): pass\n")
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        assert index.refresh().read == 1
        settle(root)
        index.refresh()
        assert index.refresh().read == 0


def test_a_raised_budget_tries_again(tmp_path: Path) -> None:
    root, cache = tmp_path / "alone", tmp_path / "cache"
    root.mkdir()
    # Short files may take longer than a millisecond, too, where the machine is busy.
    (root / "long.py").write_text("x = [" + "1," * 200_000 + "]\n")
    settle(root)

    def refreshed(**options: float) -> tuple[FileStatus, int]:
        with Index.open(root, **options, cache_dir=cache) as index:  # type: ignore[arg-type]
            stats = index.refresh()
            return index.result.file("long.py").status, stats.parsed

    assert refreshed(timeout_per_file=0.001) == (FileStatus.OUT_OF_TIME, 1)
    assert refreshed(timeout_per_file=0.001) == (FileStatus.OUT_OF_TIME, 0)
    assert refreshed(timeout_per_file=0.002) == (FileStatus.OUT_OF_TIME, 1)
    assert refreshed(timeout_per_file=0.002) == (FileStatus.OUT_OF_TIME, 0)
    assert refreshed() == (FileStatus.TAGGED, 1)
    assert refreshed(max_file_size=1000) == (FileStatus.TOO_LARGE, 0)
    assert refreshed() == (FileStatus.TAGGED, 0)


def test_another_query_gives_other_tags_and_the_first_ones_come_back(root: Path, tmp_path: Path) -> None:
    cache, queries = tmp_path / "cache", tmp_path / "queries"
    queries.mkdir()
    (queries / "python.scm").write_text("(class_definition name: (identifier) @name) @definition.thing")
    chosen = [ScanOptions(), ScanOptions(queries=queries), ScanOptions()]
    parsed = []
    for options in chosen:
        with Index.open_with(root, options, cache_dir=cache) as index:
            parsed.append(index.refresh().parsed)
            fresh = repomap_fast.scan(root, queries=options.queries, cache=False)
            assert everything(index.result) == everything(fresh)
    assert parsed == [4, 2, 0]


def test_each_choice_of_files_has_a_state_and_all_share_the_blocks(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for options in (ScanOptions(), ScanOptions(languages=("c",)), ScanOptions(exclude=("lib/",)), ScanOptions()):
        with Index.open_with(root, options, cache_dir=cache) as index:
            stats = index.refresh()
    assert (stats.fresh, stats.parsed) == (4, 0)
    with Index.open(root, languages=("python",), cache_dir=cache) as index:
        assert index.refresh().from_store == 2
        assert {file.language for file in index.files} == {"python"}


def test_a_result_keeps_to_what_it_was(index: Index, root: Path) -> None:
    (root / "a.py").write_text("def first(): pass\n")
    index.refresh()
    first, expected = index.result, everything(repomap_fast.scan(root, cache=False))
    (root / "a.py").write_text("def second(): pass\n")
    index.refresh()
    assert everything(first) == expected
    assert_same_as_fresh(index)


def test_a_result_outlives_its_index(root: Path, tmp_path: Path) -> None:
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        (root / "a.py").write_text("def later(): pass\n")
        index.refresh()
        result = index.result
    assert [tag.name for tag in result.definitions("later")] == ["later"]


def test_nothing_is_kept_if_nobody_wants_it(root: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    repomap_fast.scan(root, cache=False, cache_dir=cache)
    assert not cache.exists()
    with Index.open(root, cache=False) as index:
        assert isinstance(index.store, MemoryStore)
        index.refresh()
        settle(root)
        index.refresh()
        assert index.refresh().parsed == 0
        (root / "a.py").write_text("def alpha(): pass\n")
        assert index.refresh().parsed == 1
        assert_same_as_fresh(index)


def test_an_index_in_memory_drops_the_blocks_of_earlier_contents(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_UNUSED_BYTES", 0)
    with Index.open(root, cache=False) as index:
        assert isinstance(index.store, MemoryStore)
        index.refresh()
        n_files, first = len(index.store._blocks), index.result
        for i in range(20):
            (root / "a.py").write_text(f"def alpha{i}(): pass\n")
            assert index.refresh().parsed == 1
            # As many bytes again as are used, and the content at hand.
            assert len(index.store._blocks) <= 2 * n_files + 1
        assert_same_as_fresh(index)
        settle(root)
        index.refresh()
        assert index.refresh().parsed == 0
    # A result of earlier contents still has them.
    assert [tag.name for tag in first.definitions("alpha")] == ["alpha"]
    assert [tag.name for tag in index.result.definitions("alpha19")] == ["alpha19"]


def test_an_index_without_a_place_is_kept_in_memory_and_says_so(root: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, no folder")
    result = repomap_fast.scan(root, cache_dir=tmp_path / "cache")
    assert result.n_tags
    assert any("nothing is kept for the next scan" in note for note in result.notes)


def test_an_index_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(RootError):
        Index.open(tmp_path / "none")
    with Index.open(tmp_path, cache=False) as index, pytest.raises(StoreError, match="refresh"):
        _ = index.result


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("name", ["bare.git", "plain/.git"])
def test_a_repository_without_a_work_tree_is_called_bare(name: str, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "bare.git"], cwd=tmp_path, check=True)
    subprocess.run(["git", "init", "-q", "plain"], cwd=tmp_path, check=True)
    with pytest.raises(RootError, match=r"is a bare git repository, which has no work tree; check one out"):
        Index.open(tmp_path / name)
    # What only looks like one is somebody's folder, in a work tree.
    shutil.copytree(tmp_path / "bare.git", tmp_path / "plain" / "fixture")
    Index.open(tmp_path / "plain" / "fixture").close()


def test_the_cache_folder_tells_backups_to_leave_it_out(index: Index, tmp_path: Path) -> None:
    assert (tmp_path / "cache" / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")


def test_one_base_is_left_of_many(index: Index, root: Path) -> None:
    assert isinstance(index.store, SqliteStore)
    for number in range(5):
        for other in range(70):
            (root / f"f{other}.py").write_text(f"def f{number}_{other}(): pass\n")
        index.refresh()
    assert len(list((index.store.folder / "columns").iterdir())) == 1


NAMES = st.sampled_from(["a.py", "b.py", "lib/a.py", "lib/b.c", "x.h", "x.cpp", "run", "t.txt", "z.js"])
TEXTS = st.sampled_from(
    [
        "",
        "def one(): return two()\n",
        "def two(): return one()\n",
        "class One:\n    two = 1\n",
        "int one(void) { return two(); }\n",
        "function one() { two() }\n",
        "#!/usr/bin/env python3\ndef script(): return one()\n",
        "\0binary",
        "def Ünï(): TWO\n",
    ]
)


class Edits(RuleBasedStateMachine):
    """Any edits, with a refresh between any two of them; sometimes by another process, as it were."""

    folder: Path

    @initialize()
    def start(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.root = self.folder / "root"
        (self.root / "lib").mkdir(parents=True)
        self.index = Index.open(self.root, cache_dir=self.folder / "cache")

    def teardown(self) -> None:
        self.index.close()

    @rule(name=NAMES, text=TEXTS)
    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    @rule(name=NAMES)
    def delete(self, name: str) -> None:
        (self.root / name).unlink(missing_ok=True)

    @rule(name=NAMES, other=NAMES)
    def rename(self, name: str, other: str) -> None:
        if (self.root / name).exists():
            (self.root / name).replace(self.root / other)

    @rule(name=NAMES)
    def touch(self, name: str) -> None:
        if (self.root / name).exists():
            os.utime(self.root / name, ns=(0, 0))

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = Index.open(self.root, cache_dir=self.folder / "cache")

    @rule()
    def load_tags(self) -> None:
        self.index.refresh()
        assert len(self.index.tags) == len(self.index.result.tag_table)

    @rule()
    def lose_the_columns(self) -> None:
        assert isinstance(self.index.store, SqliteStore)
        shutil.rmtree(self.index.store.folder / "columns", ignore_errors=True)
        self.reopen()

    @invariant()
    def is_as_fresh(self) -> None:
        self.index.refresh()
        assert_same_as_fresh(self.index)


def test_any_edits_give_what_a_fresh_scan_gives(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Small enough that both ways, overlay and new base, are gone.
    monkeypatch.setattr("repomap_fast.indexing.keep.overlay_limit", lambda n_base: 2)
    Edits.folder = folder / "edits"
    Edits.TestCase.settings = settings(
        max_examples=20, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Edits.TestCase("runTest").runTest()


def test_an_overlay_is_what_makes_one_state_of_another(index: Index, root: Path) -> None:
    assert index._loaded.kept is not None
    base = index._loaded.kept.state
    (root / "a.py").unlink()
    (root / "b.py").write_text("def b(): pass\n")
    index.refresh()
    state = index._loaded.kept.state
    again = states.apply_overlay(base, states.describe_overlay(state, base, states.find_difference(state, base)))
    assert again.paths.equals(state.paths)
    for name in ("language_ids", "sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes", "digests", "statuses", "base_rows"):
        assert np.array_equal(getattr(again, name), getattr(state, name))


def test_files_are_tagged_by_name_whatever_leaves_them_out(root: Path, tmp_path: Path) -> None:
    (root / ".gitignore").write_text("lib/\n")
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        before = everything(index.result)
        found = index.tag_files([b"lib/c.js", b"a.py", b"gone.py", b"lib", b"notes.txt", b"a.py"])
        assert [file.path for file in found.files] == ["a.py", "lib/c.js", "notes.txt"]
        assert [tag.name for tag in found.file("a.py").tags] == [tag.name for tag in index.result.file("a.py").tags]
        assert {tag.name for tag in found.file("lib/c.js").tags} == {"gamma", "alpha", "Über"}
        assert found.metrics.files_parsed == 1
        assert everything(index.result) == before
        index.refresh()
        assert everything(index.result) == before


def test_files_tagged_by_name_are_known_next_time(root: Path, tmp_path: Path) -> None:
    for n_parsed in (2, 0):
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            found = index.tag_files([b"a.py", b"lib/b.c"])
            assert found.metrics.files_parsed == n_parsed
            assert len(found.tags) == len(found.tag_table) > 0
            with pytest.raises(StoreError):
                _ = index.result


def test_files_tagged_by_name_are_those_of_a_scan(root: Path) -> None:
    fresh = repomap_fast.scan(root, cache=False)
    with Index.open(root, cache=False) as index:
        found = index.tag_files(list(fresh.file_table.paths))
    assert everything(found) == everything(fresh)


@pytest.mark.parametrize("how", ["refresh", "tag_files", "warm"])
def test_the_last_processor_time_is_paid_for_too(how: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses_s = [0.001, 0.002, 0.0]
    asked_s: list[float] = []

    class Governor(CpuGovernor):
        def pause_s(self) -> float:
            # Workers ask in threads of their own.
            if threading.current_thread() is not threading.main_thread():
                return 0.0
            asked_s.append(pauses_s[len(asked_s)])
            return asked_s[-1]

    monkeypatch.setattr("repomap_fast.resources.governors.CpuGovernor", Governor)
    with Index.open(root, max_cpu=20, cache=False) as index:
        if how == "refresh":
            index.refresh()
        elif how == "tag_files":
            index.tag_files([b"a.py"])
        else:
            index.warm(at_paths(root, ["a.py"]))
    assert asked_s == pauses_s


def test_refreshes_of_several_threads_run_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path / "root", SOURCES)
    n_inside, most, refresh = 0, 0, refreshes.refresh

    def slow_refresh(*arguments: Any) -> object:
        nonlocal n_inside, most
        n_inside += 1
        most = max(most, n_inside)
        time.sleep(0.05)
        try:
            return refresh(*arguments)
        finally:
            n_inside -= 1

    monkeypatch.setattr(refreshes, "refresh", slow_refresh)
    with Index.open(tmp_path / "root", cache_dir=tmp_path / "cache") as index:
        threads = [threading.Thread(target=index.refresh, daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)
        assert most == 1
        assert_same_as_fresh(index)
