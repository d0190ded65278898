"""A result owns what it reads from: its tags and its graph are right whatever becomes of index, folder and process."""

from __future__ import annotations

import copy
import gc
import pickle
import shutil
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import StoreError
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.tables import FileStatus

SOURCES = {f"f{i}.py": f"def name_{i}(): return name_{(i + 1) % 9}()\nclass C{i}: pass\n" for i in range(9)}


def answers(result: ScanResult) -> list[Any]:
    """Return tags and graph; the graph first, so that it is loaded without the tags."""
    graph = result.graph
    # An overlay numbers names in another order.
    edges = [[graph.name(i) for i in ids.tolist()] for ids in (graph.reference_names, graph.definer_names)]
    edges.append(graph.unreferenced_counts.tolist())
    return [*edges, list(result.tags), result.n_tags, result.status_counts()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    for path, source in SOURCES.items():
        (folder / path).write_text(source)
    return folder


def overlaid(root: Path, cache: Path | None) -> Index:
    """Return an index whose last refresh found one changed file."""
    index = Index.open(root, cache_dir=cache, cache=cache is not None)
    index.refresh()
    (root / "f3.py").write_text("def name_3(): return name_8()\ndef late(): pass\n")
    index.refresh()
    return index


def close(index: Index) -> None:
    index.close()


def prune(index: Index) -> None:
    index.prune(max_age_days=0, max_bytes=0)
    index.close()


def delete(index: Index) -> None:
    assert isinstance(index.store, SqliteStore)
    index.close()
    shutil.rmtree(index.store.folder)


def delete_while_open(index: Index) -> None:
    assert isinstance(index.store, SqliteStore)
    shutil.rmtree(index.store.folder)


def damage(index: Index) -> None:
    assert isinstance(index.store, SqliteStore)
    index.close()
    index.store.database_path.write_bytes(b"no database" * 1000)
    for path in index.store.folder.glob("columns/*/*"):
        path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("end", [close, prune, delete, delete_while_open, damage])
def test_a_result_outlives_its_index(end: Callable[[Index], None], root: Path, tmp_path: Path) -> None:
    index = overlaid(root, tmp_path / "cache")
    end(index)
    assert answers(index.result) == answers(repomap_fast.scan(root, cache=False))


def test_a_result_of_an_index_in_memory_outlives_it(root: Path) -> None:
    index = overlaid(root, None)
    index.close()
    assert index.stats.parsed == 1
    assert answers(index.result) == answers(repomap_fast.scan(root, cache=False))
    # All blocks were there.
    assert index.stats.parsed == 1


def test_a_late_join_of_a_closed_index_writes_nothing(root: Path, tmp_path: Path) -> None:
    index = overlaid(root, tmp_path / "cache")
    assert isinstance(index.store, SqliteStore)
    index.close()
    before = {path: path.read_bytes() for path in index.store.folder.rglob("*") if path.is_file()}
    assert [tag.name for tag in index.result.definitions("late")] == ["late"]
    found = {path for path in index.store.folder.rglob("*") if path.is_file()}
    # SQLite may put its empty log beside what it reads.
    assert {path: path.read_bytes() for path in before} == before
    assert {path.suffix for path in found - before.keys()} <= {".sqlite3-wal", ".sqlite3-shm"}
    with Index.open(root, cache_dir=tmp_path / "cache") as again:
        assert again._loaded.load() is not None
        assert again._loaded.kept is not None
        assert again._loaded.kept.overlay is not None


def test_a_late_join_of_an_open_index_becomes_its_base(root: Path, tmp_path: Path) -> None:
    with overlaid(root, tmp_path / "cache") as index:
        assert not index.stats.joined
        assert len(index.tags) == len(index.result.tag_table)
        assert index.stats.joined
        assert index._loaded.kept is not None
        assert index._loaded.kept.is_whole
    with Index.open(root, cache_dir=tmp_path / "cache") as again:
        again.refresh()
        assert again._loaded.kept is not None
        assert again._loaded.kept.is_whole
        assert not again.stats.joined


def test_a_result_of_before_leaves_the_index_as_it_is(root: Path, tmp_path: Path) -> None:
    with overlaid(root, tmp_path / "cache") as index:
        before, expected = index.result, answers(repomap_fast.scan(root, cache=False))
        (root / "f5.py").write_text("def later(): pass\n")
        index.refresh()
        kept = index._loaded.kept
        assert answers(before) == expected
        assert index._loaded.kept is kept


def test_files_whose_blocks_are_lost_are_as_they_are_now(root: Path, tmp_path: Path) -> None:
    index = overlaid(root, tmp_path / "cache")
    (root / "f1.py").write_bytes(b"\0binary")
    delete(index)
    names = {tag.name for tag in index.result.tags}
    assert "C1" not in names
    assert {"late", "C0", "C8"} <= names
    assert index.result.file("f1.py").status is FileStatus.BINARY
    assert index.result.n_tags == len(index.result.tag_table)


@pytest.mark.parametrize("way", [copy.deepcopy, copy.copy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copy_of_a_closed_index_s_result(way: Callable[[Any], Any], root: Path, tmp_path: Path) -> None:
    index = overlaid(root, tmp_path / "cache")
    index.close()
    copied = way(index.result)
    expected = answers(index.result)
    delete(index)
    assert answers(copied) == expected


def test_a_result_keeps_no_index_and_no_connection(root: Path, tmp_path: Path) -> None:
    index = overlaid(root, tmp_path / "cache")
    result, store, loaded = index.result, weakref.ref(index.store), weakref.ref(index._loaded)
    del index
    gc.collect()
    assert store() is None
    assert loaded() is None
    assert [tag.name for tag in result.definitions("late")] == ["late"]


def test_a_closed_index_stays_closed(root: Path, tmp_path: Path) -> None:
    for index in (overlaid(root, tmp_path / "cache"), overlaid(root, None)):
        index.close()
        index.close()
        uses: list[Callable[[], object]] = [
            index.refresh,
            lambda index=index: index.tag_files([b"f1.py"]),  # type: ignore[misc]
            lambda index=index: index.store.read_state("root"),  # type: ignore[misc]
            lambda index=index: index.store.read_blocks([b"k" * 32]),  # type: ignore[misc]
            lambda index=index: index.store.write_blocks([(b"k" * 32, b"")]),  # type: ignore[misc]
            index.store.new_columns,
            index.store.commit,
            index.prune,
        ]
        for use in uses:
            with pytest.raises(StoreError, match="was closed"):
                use()
        assert len(index.tags) == len(index.result.tag_table)
        with pytest.raises(StoreError, match="was closed"):
            index.refresh()


def test_a_map_of_a_closed_index_whose_columns_are_damaged(root: Path, tmp_path: Path) -> None:
    expected = repomap_fast.map(root, cache=False).text
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        assert index.graph is not None
    for path in (tmp_path / "cache").glob("v2/*/columns/*/rows"):
        path.write_bytes(bytes(path.stat().st_size))
    assert repomap_fast.map(index).text == expected
    assert any("damaged" in note for note in index.result.notes)
