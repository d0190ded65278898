"""What a process holds after each of many refreshes and analyses: memory, open files and threads."""

from __future__ import annotations

import gc
import random
import threading
from pathlib import Path
from typing import NamedTuple

from repomap_fast.compat import repomap_tool
from repomap_fast.indexing.index import Index
from repomap_fast.joining.join import give_back_memory
from repomap_fast.resources.memory import resident_memory_bytes
from repomap_fast.store.sqlite_store import SqliteStore
from support.drop_ins import make_service
from support.repositories import edit, fresh, tables


class Held(NamedTuple):
    """What was held: after each round the resident bytes and the open files; at the end the threads that are left.

    sizes_bytes  without what caches hold that fill up to a bound: that of blocks counts its bytes, SQLite's is emptied.
    """

    sizes_bytes: list[int]
    n_files: list[int]
    threads: list[str]


def after_refreshes(root: Path, cache_dir: Path, n_refreshes: int) -> Held:
    """Refresh an index often, of a repository that changes."""
    rng = random.Random(n_refreshes)
    held = Held([], [], [])
    with Index.open(root, cache_dir=cache_dir) as index:
        assert isinstance(index.store, SqliteStore)
        for number in range(n_refreshes):
            edit(root, 90 if number % 5 == 0 else 3, rng)
            index.refresh()
            if number % 3 == 0:
                assert len(index.tags) == len(index.result.tag_table)
            gc.collect()
            index.store._database.execute("PRAGMA shrink_memory")
            _note(held, cached_bytes=index._loaded.blocks.stats().bytes)
        assert tables(index.result) == fresh(root)
        assert len(list((index.store.folder / "columns").iterdir())) == 1
    return _left(held)


def after_analyses(project: Path, n_analyses: int) -> Held:
    """Analyse a project often under the names of repomap-tool; one of its files changes."""
    analyst = make_service(project)
    extractor = repomap_tool.ParallelTagExtractor()
    cache = repomap_tool.AdvancedCacheManager(max_size=50, max_memory_mb=1)
    files = [path.name for path in sorted(project.glob("*.py"))]
    held = Held([], [], [])
    for number in range(n_analyses):
        (project / "m0.py").write_text(f"def changed_{number}(): pass\n")
        info = analyst.analyze_project_with_monitoring()
        assert (info.total_files, info.cache_stats["files_parsed"]) == (31, 1 if number else 31)
        tags = extractor.extract_tags_parallel(files, project)
        assert len(tags) == 1 + 3 * 29
        cache.put(str(number), tags)
        _note(held)
    return _left(held)


def _note(held: Held, *, cached_bytes: int = 0) -> None:
    give_back_memory()
    held.sizes_bytes.append(resident_memory_bytes() - cached_bytes)
    held.n_files.append(len(list(Path("/proc/self/fd").iterdir())))


def _left(held: Held) -> Held:
    names = [thread.name for thread in threading.enumerate()]
    return held._replace(threads=[name for name in names if name.startswith("repomap-fast")])
