"""Columns with bytes changed that nobody looks at until a map is drawn: the map is right, and a note says what was."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.drawing.file_definitions import FileDefinitions
from repomap_fast.errors import IndexDamagedError, StoreError
from repomap_fast.indexing.audit import StoredIndex, _column_problems
from repomap_fast.indexing.index import Index
from repomap_fast.store.columns import KeptColumns
from repomap_fast.store.paged_column import PAGE_BYTES
from support.repositories import make_overlaid, make_repository

OF_TAGS = [
    *("name_ids", "roles", "kind_ids", "rows", "end_rows", "columns", "scope_tag_ids"),
    *("name_offsets", "name_bytes", "name_slots"),
]


@pytest.fixture(scope="module")
def repository(folder: Path) -> Path:
    """A repository whose index is an overlay over a base."""
    return make_overlaid(folder / "root", folder / "cache", n_files=40, n_changed=4, seed=3)


def damage(cache: Path, name: str) -> None:
    """Change one byte in each piece of a column."""
    (path,) = cache.glob(f"v2/*/columns/*/{name}")
    data = bytearray(path.read_bytes())
    for start in range(0, len(data), PAGE_BYTES):
        data[start] ^= 1
    path.write_bytes(data)


ASKED: dict[str, Any] = {"tokens": 3000, "query": "name_1 name_2 name_3", "mention": ["name_4"]}
"""Of a map that reads columns of all kinds."""


@pytest.mark.parametrize("name", [*OF_TAGS, "graph_name_roles", "name_file_counts"])
def test_a_map_over_damaged_columns(repository: Path, tmp_path: Path, name: str) -> None:
    expected = repomap_fast.map(repository, cache=False, **ASKED)
    cache = tmp_path / "cache"
    with Index.open(repository, cache_dir=cache) as index:
        index.refresh()
        assert repomap_fast.map(index, tokens=3000).text
    damage(cache, name)
    with Index.open(repository, cache_dir=cache) as index:
        assert index.refresh().parsed == 0
        found = repomap_fast.map(index, **ASKED)
        assert found.text == expected.text
        is_read = name not in ("graph_name_roles", "name_file_counts")
        assert any("damaged" in note for note in index.result.notes) == is_read
    if is_read:
        # It was made anew, and is kept so.
        with Index.open(repository, cache_dir=cache) as index:
            assert index.refresh().parsed == 0
            assert repomap_fast.map(index, **ASKED).text == expected.text
            assert not index.result.notes


ASKED: dict[str, Any] = {"tokens": 3000, "query": "name_1 name_2 name_3", "mention": ["name_4"]}
"""Of a map that reads columns of all kinds."""


@pytest.mark.parametrize("name", [*OF_TAGS, "graph_name_roles", "name_file_counts"])
def test_a_map_over_an_overlay_and_damaged_columns(tmp_path: Path, name: str) -> None:
    root = make_repository(tmp_path / "root", 20)
    cache = tmp_path / "cache"
    repomap_fast.scan(root, cache_dir=cache)
    path = sorted(root.rglob("*.py"))[0]
    path.write_text("def name_1(): return name_2() + name_3()\ndef name_4(): pass\n" * 2)
    repomap_fast.scan(root, cache_dir=cache)
    damage(cache, name)
    expected = repomap_fast.map(root, cache=False, **ASKED)
    with Index.open(root, cache_dir=cache) as index:
        assert index.refresh().parsed == 0
        assert repomap_fast.map(index, **ASKED).text == expected.text
        assert any("damaged" in note for note in index.store.notes)


def test_damage_that_comes_back_is_an_error(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n_calls = 0

    def fail(*_: object, **__: object) -> None:
        nonlocal n_calls
        n_calls += 1
        raise IndexDamagedError("the disk is worn out")

    monkeypatch.setattr(FileDefinitions, "of", fail)
    with pytest.raises(IndexDamagedError, match="worn out"):
        repomap_fast.map(repository, cache_dir=tmp_path / "cache")
    assert n_calls == 2
    with pytest.raises(StoreError, match="expected a call of refresh"), Index.open(repository, cache=False) as index:
        index.repair(IndexDamagedError("of another"))


@pytest.mark.parametrize(
    ("name", "dtype"),
    [
        ("graph_reference_names", np.uint32),
        ("graph_reference_counts", np.uint32),
        ("graph_definer_names", np.uint32),
        ("graph_unreferenced_counts", np.uint32),
        ("graph_name_ids", np.uint32),
        ("graph_name_traits", np.uint8),
        ("graph_name_roles", np.uint8),
    ],
)
def test_a_check_finds_a_graph_that_says_something_else(
    repository: Path, tmp_path: Path, name: str, dtype: type[np.generic]
) -> None:
    repomap_fast.scan(repository, cache_dir=tmp_path / "cache")
    (folder,) = (tmp_path / "cache").glob("v2/*")
    with StoredIndex(folder) as kept:
        assert list(kept.problems()) == []
        stored = kept.stored_state(kept.choices()[0])
    path = stored.columns.folder / name
    items = np.fromfile(path, dtype)
    items[len(items) // 2] ^= 1  # type: ignore[operator]
    path.write_bytes(items.tobytes())
    # Its checksum fits: it was not damaged, but made wrong.
    manifest = {**stored.columns.manifest, name: (items.nbytes, zlib.crc32(items.tobytes()))}
    made_wrong = replace(stored, columns=KeptColumns(stored.columns.folder, manifest))
    assert list(_column_problems(made_wrong)) == [f"{path} is not what the tags give"]
