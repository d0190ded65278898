"""The index of a repository: definitions and references, kept up to date file by file.

It answers as of its last refresh, never in between. ``sqlite_store`` describes what is kept, ``refresh`` how it is
brought up to date.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from repomap_fast.argument_types import path_text, several_paths
from repomap_fast.discovery.git_folder import is_bare_repository, repository_around
from repomap_fast.errors import IndexDamagedError, RootError, StoreError
from repomap_fast.indexing import refresh as refreshes
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.loaded_index import Answers, LoadedIndex
from repomap_fast.indexing.work_tree import WorkTree, register
from repomap_fast.languages.table import find_languages
from repomap_fast.metrics import IndexStats
from repomap_fast.options import ScanKeywords, ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.store.cache_folder import make_store_folder
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES, MemoryStore, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repomap_fast.argument_types import StrPath
    from repomap_fast.deadline import Deadline
    from repomap_fast.discovery.git_history import History
    from repomap_fast.indexing.files import FileFilter
    from repomap_fast.indexing.loaded_index import Refreshed
    from repomap_fast.indexing.unfinished import Unfinished
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import Files, ScanResult, Tag, Tags
    from repomap_fast.progress import CancelEvent, ProgressCallback


class Index:
    """An index of one folder and one choice of its files.

    ``open`` makes one. ``refresh`` brings it up to date, and must be called before anything else is asked.
    ``api.map``, ``api.explain`` and ``api.search`` call it if it was never called.

    Its calls run one after another. What it says is as of the last refresh, from whatever thread that was, so an index
    belongs to one thread at a time.
    """

    def __init__(self, root: Path, options: ScanOptions, store: Store, *, once: bool = False) -> None:
        self.root = root
        self.options = options
        name = f"{WorkTree.key_of(root, of_commit=bool(options.revision))}-{_choice_key(options)}"
        self._loaded = LoadedIndex(name, store, once=once)
        self._turn = threading.RLock()
        """Held while the store is used: two threads in one connection of SQLite wait for each other for ever."""

    @classmethod
    def open(
        cls,
        root: StrPath = ".",
        *,
        cache: bool = True,
        cache_dir: StrPath | None = None,
        **options: Unpack[ScanKeywords],
    ) -> Self:
        """Open the index of the folder ``root``; no file is read yet.

        cache      False neither reads nor writes an index on disk.
        cache_dir  where indexes are kept; None for the user's cache folder.
        options    the fields of ``ScanOptions``.

        Raises RootError, OptionError, and TypeError for a wrong type or keyword. If nothing can be kept on disk, the
        index is kept in memory, and a note of the result says so.
        """
        return cls.open_with(root, ScanOptions.from_keywords(options, call=cls.open), cache=cache, cache_dir=cache_dir)

    @classmethod
    def open_with(
        cls,
        root: StrPath,
        options: ScanOptions,
        *,
        cache: bool = True,
        cache_dir: StrPath | None = None,
        once: bool = False,
    ) -> Self:
        """Open the index as ``open`` does, with options that are checked already.

        once  it will be refreshed once: then nothing is remembered that makes the next refresh faster.
        """
        if cache_dir is not None:
            cache_dir = path_text("cache_dir", cache_dir)
        top = _check_root(root, of_commit=bool(options.revision))
        store = open_store(top, cache_dir, of_commit=bool(options.revision)) if cache else MemoryStore()
        return cls(top, options, store, once=once)

    def __getstate__(self) -> object:
        raise TypeError("an Index cannot be pickled or copied, since it holds open files; its result can be")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all files. Results stay usable; a refresh raises StoreError from now on."""
        with self._turn:
            self._loaded.store.close()

    @property
    def store(self) -> Store:
        """Where the index is kept."""
        return self._loaded.store

    @property
    def is_refreshed(self) -> bool:
        """Whether there is a result: ``refresh`` was called, and came to its end."""
        return self._loaded.refreshed is not None

    @property
    def stats(self) -> IndexStats:
        """What the last refresh found and did; all zeros before the first."""
        return IndexStats() if self._loaded.refreshed is None else self._loaded.refreshed.stats

    @property
    def result(self) -> ScanResult:
        """The tables, as of the last refresh. Raises StoreError before the first."""
        return self._last().result

    def _last(self) -> Refreshed:
        if self._loaded.refreshed is None:
            raise StoreError("the index was not refreshed yet; expected a call of refresh() first")
        return self._loaded.refreshed

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
        """Which file refers to which names, as of the last refresh; no tag is loaded for it."""
        return self.result.graph

    def history(self, *, cancel: CancelEvent | None = None) -> History:
        """Return the last commits of the repository that the root is in, as of now, with the files below the root.

        They are read from git when they are asked for and kept in the index; those that are kept are not read again.
        There are none outside a repository, without git, and in a repository that is in doubt, shallow or partial.
        ``cancel`` is an event that ends the reading. Raises ScanCancelled; StoreError if the index was closed.
        """
        from repomap_fast.discovery.commit_contents import CommitContents
        from repomap_fast.indexing.kept_history import load_history

        contents = self.result.contents if self.options.revision else None
        commit = contents.commit if isinstance(contents, CommitContents) else None
        with self._turn:
            return load_history(self._loaded, self.root, Progress(None, cancel), commit=commit)

    def find(self, name: str | bytes) -> list[Tag]:
        """Return every tag of ``name``, definitions first."""
        return [*self.result.definitions(name), *self.result.references(name)]

    def refresh(self, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> IndexStats:
        """Bring the index up to date with the files; return what that took.

        ``progress`` is called as (stage, done, total) in this thread; ``cancel`` is an event that ends the refresh when
        it is set: what was parsed until then stays. Raises QueryError, LanguageError, ScanCancelled; StoreError if the
        index was closed.
        """
        with self._counting(progress, cancel) as context:
            refreshes.refresh(self._loaded, context)
        return context.stats

    def repair(self, error: IndexDamagedError) -> None:
        """Join all columns again, after a part of them was found damaged when it was used.

        error  what was raised then; a note of the new result says it.

        The blocks stay: no file is looked at again, and none parsed whose block is not lost as well. Earlier results
        stay damaged. A closed index is joined in memory. Raises StoreError before the first refresh.
        """
        with self._turn:
            refreshes.repair(self._loaded, self._last(), error)

    def tag_files(
        self,
        paths: bytes | str | os.PathLike[str] | Iterable[bytes | str | os.PathLike[str]],
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
    ) -> ScanResult:
        """Return the tags of these files alone, even of ignored ones; the index stays as it is.

        paths  below the root, ``/``-separated; a single one is one path. Those at which there is no regular file are
               not in the result.

        Their blocks are read from and kept in the store, as those of a refresh are; the rest is as for ``refresh``.
        """
        wanted = several_paths("paths", paths)
        with self._counting(progress, cancel) as context:
            return refreshes.tag_files(self._loaded, context, wanted)

    def warm(
        self, choose: FileFilter, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> IndexStats:
        """Keep the tags of some files for a later scan, and return what that took; the index stays as it is.

        ``choose`` says which, see ``warming``; the rest is as for ``refresh``.
        """
        with self._counting(progress, cancel) as context:
            refreshes.warm(self._loaded, context, choose)
        return context.stats

    @contextmanager
    def _counting(
        self, progress: ProgressCallback | None, cancel: CancelEvent | None, *, is_for_answer: bool = False
    ) -> Iterator[Context]:
        """Yield the context of a refresh; commit what was parsed, and fill in the metrics. Raises StoreError."""
        context = Context.of(self.root, self.options, Progress(progress, cancel), is_for_answer=is_for_answer)
        with self._turn:
            self._loaded.store.commit()
            try:
                yield context
            finally:
                self._loaded.store.commit()
                context.count_up()

    def prune(self, *, max_age_days: float = DEFAULT_MAX_AGE_DAYS, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
        """Remove blocks that no scan used for so long, then the oldest until the rest fits; return their bytes."""
        with self._turn:
            return self._loaded.store.prune(max_age_days=max_age_days, max_bytes=max_bytes)


def refresh_until(
    index: Index, deadline: Deadline, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None
) -> Unfinished | None:
    """Refresh an index if there is time for it until a deadline, and return None; else return what is unfinished.

    The state of an unfinished index is as before, and ``result`` is that of the last refresh. The rest is as for
    ``Index.refresh``.
    """
    with index._counting(progress, cancel) as context:
        return refreshes.refresh(index._loaded, context, deadline)


def refresh_for_answer(
    index: Index, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None
) -> IndexStats:
    """Refresh an index for a question that no size and no time of a file without a language can change.

    The table of files has those as they were last seen; all else is as for ``Index.refresh``. Most files of some
    repositories are translations and pictures: not to ask the system about each saves a third of a look.
    """
    with index._counting(progress, cancel, is_for_answer=True) as context:
        refreshes.refresh(index._loaded, context)
    return context.stats


def answers_of(index: Index) -> Answers:
    """Return results that callers computed from the files, by question. They are dropped when a file changes.

    Raises StoreError before the first refresh.
    """
    loaded, last = index._loaded, index._last()
    state, files = last.tables.kept.state, last.result.file_table
    if loaded.answers is None or not loaded.answers.hold_for(state, files):
        loaded.answers = Answers(state, files)
    return loaded.answers


def let_go(index: Index) -> None:
    """Let go of the result of the last refresh, which takes most of the memory; another refresh makes a new one."""
    index._loaded.refreshed = None
    if index._loaded.answers is not None:
        index._loaded.answers.finder = None


def open_store(
    root: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None, *, of_commit: bool = False
) -> Store:
    """Open the store of the repository of ``root``; in memory, with a note, if nothing can be kept on disk.

    of_commit  whether the files of a commit are scanned, and not those of the folder.
    """
    tree = WorkTree.at(root)._replace(of_commit=of_commit)
    try:
        store = SqliteStore(make_store_folder(tree.repository, cache_dir))
        register(store, tree)
    except StoreError as error:
        return MemoryStore(f"{error}; nothing is kept for the next scan")
    return store


def _choice_key(options: ScanOptions) -> str:
    """Return a key of the choice of files that the options make; each choice has a state of its own."""
    languages = sorted({row for name in options.languages for row in find_languages(name)})
    chosen = repr((languages, options.include, options.exclude, not options.no_ignore))
    return hashlib.blake2b(chosen.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


_EXPECTED_ABSOLUTE = "expected an absolute path, or to be started in a folder that is there"


def _check_root(root: str | os.PathLike[str], *, of_commit: bool) -> Path:
    """Return the absolute path of a folder that can be read. Raises RootError.

    of_commit  whether the files of a commit are wanted, which a repository without a work tree has too.
    """
    try:
        path = Path(path_text("root", root)).absolute()
    except FileNotFoundError as error:
        raise RootError(
            f"there is no {os.fspath(root)!r}, since the working folder is gone; {_EXPECTED_ABSOLUTE}"
        ) from error
    # Path raises for a text that is too long for a path.
    if not os.path.exists(path):  # noqa: PTH110
        raise RootError(f"there is no {str(path)!r}; expected a folder to scan")
    if not path.is_dir():
        raise RootError(f"{str(path)!r} is not a folder; expected a folder to scan")
    if not os.access(path, os.R_OK | os.X_OK):
        raise RootError(f"the folder {str(path)!r} cannot be read: permission denied")
    folder = os.fsencode(os.path.realpath(path))
    if not of_commit and is_bare_repository(folder) and repository_around(folder) is None:
        raise RootError(
            f"{str(path)!r} is a bare git repository, which has no work tree; check one out (git clone {path} FOLDER) "
            "and give that folder, or give a revision, such as HEAD"
        )
    return path
