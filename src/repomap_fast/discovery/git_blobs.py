"""Reads blobs of a repository, one after another, from a git that stays open.

It never runs a filter, never fetches, and never waits without a limit: a blob that git does not give soon, or at all,
is one that cannot be read.
"""

from __future__ import annotations

import errno
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from repomap_fast.discovery.git_run import start_git
from repomap_fast.errors import GitError

if TYPE_CHECKING:
    from repomap_fast.discovery.git_folder import Repository

_PATIENCE_S = 10.0
"""How long git may take for one blob; most take less than a millisecond."""
_POLL_S = 0.25
_MAX_FAILURES = 8
"""How often git may fail before it is not started again."""
_MAX_HEADER_BYTES = 256


class BlobReader:
    """Reads blobs by their ids. Git runs between ``__enter__`` and ``__exit__``, or for one blob alone.

    It can be pickled; the copy starts a git of its own.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.RLock()
        self._n_users = self._n_failures = 0
        self._git: _OpenGit | None = None

    def __getstate__(self) -> Any:
        return self._repository

    def __setstate__(self, repository: Repository) -> None:
        self.__init__(repository)  # type: ignore[misc]

    def __enter__(self) -> Self:
        with self._lock:
            self._n_users += 1
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._n_users -= 1
            if not self._n_users:
                self._end()

    def read(self, blob_id: bytes, max_bytes: int) -> bytes:
        """Return the contents of a blob. Raises OSError: ENOENT, EFBIG for more than ``max_bytes``, EIO."""
        with self, self._lock:
            if self._n_failures == _MAX_FAILURES:
                raise OSError(errno.EIO, f"git failed {_MAX_FAILURES} times and is not asked again")
            try:
                self._git = self._git or _OpenGit(self._repository)
                return self._git.read(blob_id.hex(), max_bytes)
            except FileNotFoundError:
                raise
            except BaseException as error:
                # What it would write next is no answer to the next question.
                self._end()
                is_failure = isinstance(error, GitError) or (isinstance(error, OSError) and error.errno == errno.EIO)
                self._n_failures += is_failure
                if isinstance(error, GitError):
                    raise OSError(errno.EIO, str(error)) from error
                raise

    def _end(self) -> None:
        git, self._git = self._git, None
        if git is not None:
            git.end()


class _OpenGit:
    """One ``git cat-file --batch``, and a thread that ends it when it takes too long."""

    def __init__(self, repository: Repository) -> None:
        with ExitStack() as files:
            self._process = start_git(files, repository, ["cat-file", "--batch"], subprocess.PIPE, subprocess.DEVNULL)
            self._files = files.pop_all()
        self._deadline_s: float | None = None
        self._has_ended = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="repomap-fast-git", daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        while not self._has_ended.wait(_POLL_S):
            deadline_s = self._deadline_s
            if deadline_s is not None and time.monotonic() > deadline_s:
                self._process.kill()
                return

    def read(self, name: str, max_bytes: int) -> bytes:
        """Return the contents of a blob. Raises OSError; this git is of no use then, but after FileNotFoundError."""
        asked, answer = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answer is not None
        self._deadline_s = time.monotonic() + _PATIENCE_S
        try:
            asked.write(name.encode() + b"\n")
            asked.flush()
            header = answer.readline(_MAX_HEADER_BYTES).split()
            if header[1:] == [b"missing"]:
                raise FileNotFoundError(errno.ENOENT, "not in the repository", name)
            if len(header) != 3 or header[1] != b"blob":
                raise OSError(errno.EIO, f"git does not give the blob {name}")
            n_bytes = int(header[2])
            if n_bytes > max_bytes:
                raise OSError(errno.EFBIG, f"more than {max_bytes:,} bytes", name)
            contents = answer.read(n_bytes + 1)
        except BrokenPipeError as error:
            raise OSError(errno.EIO, f"git does not give the blob {name}") from error
        finally:
            self._deadline_s = None
        if len(contents) != n_bytes + 1:
            raise OSError(errno.EIO, f"git gives {len(contents):,} bytes of the blob {name}; expected {n_bytes:,}")
        return contents[:-1]

    def end(self) -> None:
        """End git."""
        self._has_ended.set()
        self._files.close()
        self._watcher.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
