"""A small repository, and a refreshed index of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from repomap_fast.indexing.index import Index
from repomap_fast.store.sqlite_store import SqliteStore
from support.repositories import settle, write_files

FILES = {
    "a.py": "def alpha(x):\n    return beta(x)\n",
    "lib/b.c": "int beta(int x) { return alpha(x); }\n",
    "lib/c.js": "export function gamma() { return alpha(); }\n",
    "notes.txt": "no language\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Files of three languages, old enough to be known by their times."""
    root = write_files(tmp_path / "small", FILES)
    settle(root)
    return root


@pytest.fixture
def small_index(small: Path, tmp_path: Path) -> Iterator[Index]:
    with Index.open(small, cache_dir=tmp_path / "kept") as index:
        index.refresh()
        yield index


@pytest.fixture
def overlaid_folder(small_index: Index) -> Path:
    """The folder of a closed index with an overlay."""
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    small_index.close()
    assert isinstance(small_index.store, SqliteStore)
    return small_index.store.folder
