"""Copies of an index that a module makes once, for tests that damage it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from repomap_fast.store.cache_folder import store_folder


@pytest.fixture
def cache(root: Path, folder: Path, tmp_path: Path) -> Path:
    """A copy of the cache folder that the fixture ``root`` of the module filled."""
    return Path(shutil.copytree(folder / "cache", tmp_path / "cache"))


@pytest.fixture
def store(root: Path, cache: Path) -> Path:
    """The folder of the index in that copy."""
    return store_folder(root, cache)
