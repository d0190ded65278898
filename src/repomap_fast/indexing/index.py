"""The index of a repository: what is defined where and who refers to it, kept up to date file by file.

What it keeps, and where, is said in ``sqlite_store``; how it is brought up to date, in ``refresh``.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Self

from repomap_fast.argument_types import one_of, several_paths, text
from repomap_fast.discovery.git_folder import is_bare_repository, repository_around
from repomap_fast.errors import IndexDamagedError, RootError, StoreError
from repomap_fast.indexing.base import Memory
from repomap_fast.indexing.refresh import Refresh
from repomap_fast.languages.identify import find_language
from repomap_fast.metrics import IndexStats, ScanMetrics
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Watch
from repomap_fast.resources.memory import peak_memory_bytes
from repomap_fast.store.cache_folder import make_store_folder
from repomap_fast.store.sqlite_store import ROOT_STATE, SqliteStore
from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES, MemoryStore, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repomap_fast.indexing.refresh import Choice
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import Files, ScanResult, Tag, Tags
    from repomap_fast.progress import CancelEvent, ProgressCallback


class Index:
    """An index of one folder, by one choice of its files. Not thread-safe: one thread at a time.

    ``open`` makes one; ``refresh`` brings it up to date, and must have been called before anything is asked of it.
    ``api.map``, ``api.explain`` and ``api.search`` call it themselves where it never was.
    """

    def __init__(self, root: Path, options: ScanOptions, store: Store) -> None:
        self.root = root
        self.options = options
        self.stats = IndexStats()
        self._memory = Memory(_state_name(options), store)
        self._refresh: Refresh | None = None
        self._result: ScanResult | None = None

    @classmethod
    def open(
        cls,
        root: str | os.PathLike[str] = ".",
        options: ScanOptions | None = None,
        *,
        cache_dir: str | os.PathLike[str] | None = None,
        keep: bool = True,
    ) -> Self:
        """Open the index of the folder ``root``; nothing is read of it yet.

        cache_dir  where to keep it; the user's cache folder if None.
        keep       without, nothing is read from there or written to it.

        Raises RootError, and TypeError for an argument of a wrong type. Where nothing can be kept, memory serves, and a
        note of the result says so.
        """
        if cache_dir is not None:
            cache_dir = text("cache_dir", cache_dir)
        one_of("options", options, ScanOptions, NoneType)
        top = _check_root(root)
        store = open_store(top, cache_dir) if keep else MemoryStore()
        return cls(top, options or ScanOptions(), store)

    def __getstate__(self) -> object:
        raise TypeError("an Index cannot be pickled or copied, since it holds open files; its result can be")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all files; results stay usable."""
        self._memory.store.close()

    @property
    def store(self) -> Store:
        """Where the index is kept."""
        return self._memory.store

    @property
    def is_refreshed(self) -> bool:
        """Whether there is a result: ``refresh`` was called, and came to its end."""
        return self._result is not None

    @property
    def result(self) -> ScanResult:
        """The tables, as of the last refresh. Raises StoreError before the first."""
        if self._result is None:
            raise StoreError("the index was not refreshed yet; expected a call of refresh() first")
        return self._result

    @property
    def tags(self) -> Tags:
        """Every tag, file by file."""
        return self.result.tags

    @property
    def files(self) -> Files:
        """Every file, sorted by path."""
        return self.result.files

    @property
    def graph(self) -> Graph:
        """Who refers to what, as of the last refresh; loaded without the tags."""
        return self.result.graph

    def find(self, name: str | bytes) -> list[Tag]:
        """Return every tag of ``name``, definitions first."""
        return [*self.result.definitions(name), *self.result.references(name)]

    def refresh(self, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> IndexStats:
        """Bring the index up to date with the files; return what that took.

        ``progress`` is called as (stage, done, total) in this thread; ``cancel`` is an event that ends the refresh when
        it is set: what was parsed until then stays. Raises QueryError, LanguageError, ScanCancelled.
        """

        def run(refresh: Refresh) -> ScanResult:
            result = refresh.run()
            self._refresh = refresh
            return result

        self.stats, self._result = self._run(run, Watch(progress, cancel))
        return self.stats

    def mend(self, error: IndexDamagedError) -> None:
        """Have all columns joined anew, after a part of them was found to be damaged when it was used.

        error  what was raised then; a note of the new result says it.

        What is kept of the files stays: none is looked at again, and none parsed whose tags are not lost as well. The
        results from before stay damaged. Raises StoreError before the first refresh.
        """
        if self._refresh is None:
            raise StoreError("the index was not refreshed yet; expected a call of refresh() first")
        try:
            self._result = self._refresh.mend(error)
        finally:
            self._memory.store.commit()

    def tag_files(
        self,
        paths: bytes | str | os.PathLike[str] | Iterable[bytes | str | os.PathLike[str]],
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
    ) -> ScanResult:
        """Return the tags of these files alone, whatever the rules say of them; the index stays as it is.

        paths  below the root, ``/``-separated; a single one is one path. Those at which there is no regular file are
               not in the result.

        Their tags are taken from where the index keeps them, and kept there, as those of a refresh are; the rest is as
        for ``refresh``.
        """
        wanted = several_paths("paths", paths)
        _, result = self._run(lambda refresh: refresh.run_on(wanted), Watch(progress, cancel))
        return result

    def _run(self, run: Callable[[Refresh], ScanResult], watch: Watch) -> tuple[IndexStats, ScanResult]:
        start = time.perf_counter()
        stats, metrics = IndexStats(), ScanMetrics()
        try:
            result = run(Refresh(self.root, self.options, self._memory, stats, metrics, watch))
        finally:
            self._memory.store.commit()
        metrics.elapsed_s, metrics.peak_memory_bytes = time.perf_counter() - start, peak_memory_bytes()
        metrics.files_parsed, metrics.files_known = stats.parsed, stats.fresh + stats.from_store
        metrics.hit_rate = stats.hit_rate
        return stats, result

    def warm(
        self, choose: Choice, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> IndexStats:
        """Keep the tags of some files for a scan to come, and say what that took; the index stays as it is.

        ``choose`` says which, see ``warming``; the rest is as for ``refresh``.
        """
        stats = IndexStats()
        try:
            Refresh(self.root, self.options, self._memory, stats, ScanMetrics(), Watch(progress, cancel)).warm(choose)
        finally:
            self._memory.store.commit()
        return stats

    def prune(self, *, max_age_days: float = DEFAULT_MAX_AGE_DAYS, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
        """Remove blocks that no scan needed for so long, then the oldest until the rest fits; return their bytes."""
        return self._memory.store.prune(max_age_days=max_age_days, max_bytes=max_bytes)


def open_store(root: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> Store:
    """Open the store of the folder ``root``; where nothing can be kept, memory serves, with a note that says so."""
    try:
        store = SqliteStore(make_store_folder(root, cache_dir))
        if store.read_state(ROOT_STATE) is None:
            store.write_state(ROOT_STATE, {"path": os.path.realpath(root)})
    except StoreError as error:
        return MemoryStore(f"{error}; nothing is kept for the next scan")
    return store


def _state_name(options: ScanOptions) -> str:
    """Return a name for the choice of files that the options make: each choice has a state of its own."""
    languages = sorted({find_language(name) for name in options.languages})
    chosen = repr((languages, options.include, options.exclude, options.follow_ignore_files))
    return hashlib.blake2b(chosen.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


_EXPECTED_ABSOLUTE = "expected an absolute path, or to be started in a folder that is there"


def _check_root(root: str | os.PathLike[str]) -> Path:
    """Return the absolute path of a folder that can be read. Raises RootError."""
    try:
        path = Path(text("root", root)).absolute()
    except FileNotFoundError as error:
        raise RootError(
            f"there is no {os.fspath(root)!r}, since the working folder is gone; {_EXPECTED_ABSOLUTE}"
        ) from error
    if not path.exists():
        raise RootError(f"there is no {str(path)!r}; expected a folder to scan")
    if not path.is_dir():
        raise RootError(f"{str(path)!r} is not a folder; expected a folder to scan")
    if not os.access(path, os.R_OK | os.X_OK):
        raise RootError(f"the folder {str(path)!r} cannot be read: permission denied")
    folder = os.fsencode(os.path.realpath(path))
    if is_bare_repository(folder) and repository_around(folder) is None:
        raise RootError(
            f"{str(path)!r} is a bare git repository, which has no work tree; check one out (git clone {path} FOLDER) "
            "and give that folder"
        )
    return path
