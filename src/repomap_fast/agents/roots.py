"""The folders that a server answers about: each has one index, which is opened when it is first asked.

No path outside of a root is ever read, and nothing is written below one.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from repomap_fast.errors import RepoMapError, RootError, ScanCancelled

if TYPE_CHECKING:
    from repomap_fast.indexing.index import Index
    from repomap_fast.options import ScanOptions
    from repomap_fast.progress import CancelEvent, ProgressCallback

MAX_OPEN = 8
"""Indexes that are open at a time. The one that was not used for longest is closed for another."""
MAX_ROOTS = 32
"""Roots that a client may name."""
_POLL_S = 0.05

_T = TypeVar("_T")


class Root:
    """One folder, and its index. Calls from several threads run one after another."""

    def __init__(self, path: Path, options: ScanOptions, cache_dir: Path | None) -> None:
        self.path = path
        self._options = options
        self._cache_dir = cache_dir
        self._index: Index | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.name or str(self.path)

    def ask(self, work: Callable[[Index], _T], *, progress: ProgressCallback | None, cancel: CancelEvent) -> _T:
        """Look at the files, and return what ``work`` makes of the index. Raises RepoMapError."""
        with self._locked(cancel):
            if self._index is None:
                # Not loaded before the first call.
                from repomap_fast.indexing.index import Index

                self._index = Index.open_with(self.path, self._options, cache_dir=self._cache_dir)
            elif not self.path.is_dir():
                self._close()
                raise RootError(f"the folder {str(self.path)!r} is gone; expected a folder")
            self._index.refresh(progress=progress, cancel=cancel)
            return work(self._index)

    @contextmanager
    def _locked(self, cancel: CancelEvent) -> Iterator[None]:
        while not self._lock.acquire(timeout=_POLL_S):
            if cancel.is_set():
                raise ScanCancelled("the call was cancelled while it waited for another")
        try:
            yield
        finally:
            self._lock.release()

    def let_go(self) -> None:
        """Let go of the last result, after the call that another thread may be in; the next call makes another."""
        with self._lock:
            if self._index is not None:
                from repomap_fast.indexing.index import let_go

                let_go(self._index)

    def close(self) -> None:
        """Close the index, after the call that another thread may be in; the next call opens it again."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None


class Roots:
    """The roots of a server, by path. Safe in threads."""

    def __init__(self, options: ScanOptions, cache_dir: Path | None = None) -> None:
        self._options = options
        self._cache_dir = cache_dir
        self._open: OrderedDict[Path, Root] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, paths: Sequence[Path]) -> list[Root]:
        """Return the roots at these paths, each once. Those within another are part of it."""
        real = list(dict.fromkeys(Path(os.path.realpath(path)) for path in paths[:MAX_ROOTS]))
        return [self._root(path) for path in real if not any(other in path.parents for other in real)]

    def _root(self, path: Path) -> Root:
        with self._lock:
            root = self._open.get(path) or Root(path, self._options, self._cache_dir)
            self._open[path] = root
            self._open.move_to_end(path)
            closing = [self._open.popitem(last=False)[1] for _ in range(len(self._open) - MAX_OPEN)]
        for one in closing:
            one.close()
        return root

    def let_go(self) -> None:
        """Let go of the last result of each root."""
        with self._lock:
            roots = list(self._open.values())
        for root in roots:
            root.let_go()

    def close(self) -> None:
        """Close all indexes."""
        with self._lock:
            closing, self._open = list(self._open.values()), OrderedDict()
        for root in closing:
            root.close()


def path_of_uri(uri: str) -> Path | None:
    """Return the folder that a ``file:`` URI of a client names; None for anything else, and where there is none."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    if sys.platform == "win32":
        from urllib.request import url2pathname

        path = url2pathname(parts.path)
    else:
        path = unquote(parts.path, errors="surrogateescape")
    try:
        return Path(path) if os.path.isabs(path) and Path(path).is_dir() else None  # noqa: PTH117
    except (OSError, ValueError):
        return None


def working_folder() -> Path:
    """Return the folder in which the server was started, where neither the user nor the client named another.

    Raises RootError for a home folder and for the top of a file system: nobody means all of these.
    """
    try:
        folder = Path.cwd()
    except OSError as error:
        raise RootError("the working folder is gone; start the server with a folder: repomap-fast mcp ROOT") from error
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111
    if folder == folder.parent or os.path.realpath(folder) == home:
        raise RootError(
            f"the server was started in {str(folder)!r}, which is no repository; name one: repomap-fast mcp ROOT"
        )
    return folder


def check_folders(paths: Sequence[Path]) -> list[Path]:
    """Return the folders that a user has named, absolute. Raises RootError."""
    for path in paths:
        if not path.expanduser().is_dir():
            raise RootError(f"there is no folder {str(path)!r}; expected the root of a repository")
    return [Path(os.path.realpath(path.expanduser())) for path in paths]


class AnswerError(RepoMapError):
    """A call that cannot be answered; the message is for the model, and says what to try."""
