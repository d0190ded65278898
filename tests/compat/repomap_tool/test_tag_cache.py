"""Lists of tags by file, kept in a store."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from repomap_fast.compat.repomap_tool import (
    CodeTag,
    TreeSitterTagCache,
)


def test_tags_are_kept_across_caches_threads_and_odd_names(root: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xff\xfe odd\n.py")
    (root / odd).write_text("x = 1\n")
    tag = CodeTag("naïve", "name.definition.x", "f", 1, comment="why")
    cache = TreeSitterTagCache(tmp_path / "cache")
    cache.set_tags_of_files({str(root / odd): [tag], str(root / "a.py"): [tag, tag]})
    found = []
    thread = threading.Thread(target=lambda: found.append(TreeSitterTagCache(tmp_path / "cache").get_tags(root / odd)))
    thread.start()
    thread.join()
    assert found == [[tag]]
    stats = cache.get_cache_stats()
    assert (stats["cached_files"], stats["total_tags"]) == (2, 3)
    assert stats["cache_location"] == str(cache.db_path)
    os.utime(root / odd, ns=(1, 1))
    assert cache.get_tags(root / odd) == [tag]
    (root / odd).write_text("y = 1\n")
    assert cache.get_tags(root / odd) is None
    cache.invalidate_file(root / "a.py")
    assert cache.get_tags(root / "a.py") is None
    cache.clear()
    assert cache.get_cache_stats()["cached_files"] == 0
    with pytest.raises(FileNotFoundError):
        cache.set_tags(root / "gone", [tag])
    cache.close()


def test_a_state_that_somebody_else_wrote_is_not_believed(root: Path, tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    path = str(root / "a.py")
    cache.set_tags(path, [])
    name = cache._names()[0]
    digest = cache._store.read_state(name)["digest"]
    for state in ([], {"digest": digest}, {"digest": digest, "tags": 3}, {"digest": digest, "tags": [3]}):
        cache._store.write_state(name, state)
        assert cache.get_tags(path) is None
        assert cache.get_cache_stats()["total_tags"] == 0


def test_caches_can_be_switched_off(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPOMAP_DISABLE_CACHE", "1")
    cache = TreeSitterTagCache(tmp_path / "cache")
    cache.set_tags(root / "a.py", [])
    assert cache.get_tags(root / "a.py") is None
    assert cache.get_cache_stats()["cached_files"] == 0
    assert not cache.db_path.exists()


def test_a_file_without_end_has_no_kept_tags(tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    os.mkfifo(tmp_path / "pipe")
    assert [cache.get_tags(path) for path in (tmp_path / "pipe", "/dev/zero")] == [None, None]
    cache.close()
