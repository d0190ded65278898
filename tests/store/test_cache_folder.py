"""Where indexes are kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repomap_fast.errors import StoreError
from repomap_fast.store.cache_folder import (
    ENVIRONMENT_VARIABLE,
    cache_folder,
    check_cache_folder,
    is_cache_folder,
    make_store_folder,
    store_folder,
)


def test_an_argument_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path / "environment"))
    assert cache_folder(tmp_path / "argument") == tmp_path / "argument"
    assert cache_folder() == tmp_path / "environment"
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    assert cache_folder().name == "repomap-fast"


def test_each_root_has_a_folder_named_for_it(tmp_path: Path) -> None:
    roots = [tmp_path / "a" / "project", tmp_path / "b" / "project", tmp_path / "a b:c"]
    names = [store_folder(root, tmp_path).name for root in roots]
    assert len(set(names)) == 3
    assert [name.rpartition("-")[0] for name in names] == ["project", "project", "a_b_c"]
    roots[0].mkdir(parents=True)
    (tmp_path / "link").symlink_to(roots[0])
    assert store_folder(tmp_path / "link", tmp_path) == store_folder(roots[0], tmp_path)


def test_a_made_folder_is_known_as_ours(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert not check_cache_folder(cache)
    assert not is_cache_folder(cache)
    folder = make_store_folder(tmp_path, cache)
    assert folder.parent.is_dir()
    assert check_cache_folder(cache)
    assert is_cache_folder(cache)
    assert (cache / "CACHEDIR.TAG").stat().st_size > 40


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_folder_that_others_may_change_is_refused(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    make_store_folder(tmp_path, cache)
    (cache / "v2").chmod(0o777)
    with pytest.raises(StoreError, match="other users"):
        check_cache_folder(cache)
    with pytest.raises(StoreError, match="other users"):
        make_store_folder(tmp_path, cache)
