"""Keeps the history of runs: a file of JSON beside the indexes, one run a line, the newest last.

It never loses a line to another process: a line is added by one write at the end, under a lock where the system has
one. A line that is no run (cut off by a full disk, edited, or of a later version) is skipped and counted. The file is
bounded: past ``MAX_RUNS`` lines or ``MAX_BYTES`` the oldest quarter is dropped.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from repomap_fast.bench.runs import Run, from_json, to_json
from repomap_fast.errors import StoreError
from repomap_fast.safe_files import open_regular
from repomap_fast.store.cache_folder import cache_folder

HISTORY_FILE = "runs.jsonl"
MAX_RUNS = 2000
"""A run a day for five years."""
MAX_BYTES = 16 << 20
"""A run of three samples is some 5 kB."""
MAX_LINE_BYTES = 1 << 20
"""A longer line is none of ours."""
_LOCK_PATIENCE_S = 5.0
"""A line takes a millisecond; a process that holds the lock for longer was stopped."""
_LOCK_POLL_S = 0.01
# Without O_NONBLOCK, a pipe with a name would wait for its other end.
_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""What is written beside the indexes must not lead out of their folder."""


@dataclass(frozen=True, slots=True)
class History:
    """What is in a history file: its runs, the newest last, and how many of its lines were none."""

    runs: tuple[Run, ...] = ()
    n_damaged: int = 0


def history_file(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return where the history of this user is kept, whether or not there is one."""
    return cache_folder(cache_dir) / HISTORY_FILE


def read_history(file: Path) -> History:
    """Read the history in ``file``; one that is not there is empty. Raises StoreError where it cannot be read."""
    try:
        lines = _read_lines(file)
    except FileNotFoundError:
        return History()
    except OSError as error:
        raise StoreError(
            f"the history {str(file)!r} cannot be read: {error.strerror or error}; expected a file of runs"
        ) from error
    runs, n_damaged = [], 0
    for line in lines:
        try:
            runs.append(read_run(line))
        except ValueError:
            n_damaged += 1
    return History(tuple(sorted(runs, key=lambda run: run.started_s)), n_damaged)


def read_runs(file: Path) -> History:
    """Read a file that holds runs in either way: one JSON document that is a run, or a history. Raises StoreError."""
    try:
        lines = _read_lines(file)
        return History((read_run(b"\n".join(lines), max_bytes=2 * MAX_BYTES),))
    except FileNotFoundError:
        return History()
    except OSError as error:
        raise StoreError(f"{str(file)!r} cannot be read: {error.strerror or error}; expected a file of runs") from error
    except ValueError:
        return read_history(file)


def check_history(file: Path) -> None:
    """Look, before anything is measured, whether ``file`` can be a history. Raises StoreError."""
    if file.exists() and not file.is_file():
        raise StoreError(f"--history: {str(file)!r} is no ordinary file; expected the name of one, new or old")
    folder = file.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"the history {str(file)!r} cannot be kept: there is no folder {str(folder)!r}")
    if not os.access(file if file.exists() else folder, os.W_OK):
        raise StoreError(f"the history {str(file)!r} cannot be written: permission denied")


def read_run(text: bytes, *, max_bytes: int = MAX_LINE_BYTES) -> Run:
    """Return the run that is written in ``text``. Raises ValueError where there is none."""
    if len(text) > max_bytes:
        raise ValueError(f"a run of {len(text):,} bytes; expected at most {max_bytes:,}")
    try:
        return from_json(json.loads(text))
    except RecursionError as error:
        raise ValueError("nested too deeply for a run") from error


def append_run(file: Path, run: Run) -> None:
    """Add ``run`` to the history in ``file``, which is made if there is none. Raises StoreError.

    Where that fails, the file is as it was.
    """
    # ASCII alone, so that no character can be cut in two and no name can break a line.
    line = json.dumps(to_json(run), separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"
    if len(line) > MAX_LINE_BYTES:
        raise StoreError(f"the run takes {len(line):,} bytes in a history; expected at most {MAX_LINE_BYTES:,}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(file):
            _append_line(file, line)
            _bound(file)
    except OSError as error:
        raise StoreError(f"the history {str(file)!r} cannot be written: {error.strerror or error}") from error


def _read_lines(file: Path) -> list[bytes]:
    """Return the lines that are not empty, of the end of a file that is too long."""
    with os.fdopen(open_regular(file), "rb") as stream:
        is_cut = os.fstat(stream.fileno()).st_size > 2 * MAX_BYTES
        if is_cut:
            stream.seek(-2 * MAX_BYTES, os.SEEK_END)
        lines = stream.read(2 * MAX_BYTES).split(b"\n")
    return [line for line in lines[is_cut:] if line.strip()]


def _append_line(file: Path, line: bytes) -> None:
    # A history names folders, so it is private.
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | _FLAGS | _NO_LINK, 0o600)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("not a regular file")
        if status.st_size:
            os.lseek(descriptor, -1, os.SEEK_END)
            if os.read(descriptor, 1) != b"\n":
                line = b"\n" + line
        if os.write(descriptor, line) != len(line):
            os.ftruncate(descriptor, status.st_size)
            raise OSError("there is no room for another line")
    finally:
        os.close(descriptor)


def _bound(file: Path) -> None:
    """Drop the oldest quarter of a file that has grown too long. The caller holds the lock."""
    if file.stat().st_size <= MAX_BYTES:
        with file.open("rb") as stream:
            if stream.read().count(b"\n") <= MAX_RUNS:
                return
    lines = _read_lines(file)[-(MAX_RUNS - MAX_RUNS // 4) :]
    room = MAX_BYTES - MAX_BYTES // 4
    n_kept = n_bytes = 0
    for line in reversed(lines):
        n_bytes += len(line) + 1
        if n_bytes > room:
            break
        n_kept += 1
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, 0o600), "wb") as stream:
            stream.writelines(line + b"\n" for line in lines[len(lines) - n_kept :])
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the lock beside ``file``; where there can be none, a single write at the end is still one piece.

    It is a file of its own, since the history itself is replaced now and then.
    """
    try:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _FLAGS | _NO_LINK
        lock = os.fdopen(os.open(file.with_name(f".{file.name}.lock"), flags, 0o600), "ab")
    except OSError:
        # A folder in which only the history may be written.
        yield
        return
    with lock:
        deadline = time.monotonic() + _LOCK_PATIENCE_S
        while not _try_lock(lock) and time.monotonic() < deadline:
            time.sleep(_LOCK_POLL_S)
        try:
            yield
        finally:
            _unlock(lock)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(lock: BinaryIO) -> bool:
        try:
            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(lock: BinaryIO) -> None:
        with suppress(OSError):
            lock.seek(0)
            msvcrt.locking(lock.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(lock: BinaryIO) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # A file system without locks: nothing will come of waiting.
            return True
        return True

    def _unlock(lock: BinaryIO) -> None:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_UN)
