"""Runs git, with bounds on memory, time and output.

It never lets git read a repository's own configuration, which can name programs, or files without end. Git reads a
folder of ours instead (``git_view``). An index or a reference can be without end too, hence the bounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, NamedTuple

from repomap_fast.discovery.git_folder import Repository, repository_around
from repomap_fast.discovery.git_view import common_dir_for, temporary_file
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress

_POLL_S = 0.05
"""Seconds between two checks for cancellation while git runs."""

_PATIENCE_S = 60.0
"""Time limit in seconds; git takes a few on the largest repositories."""

_MAX_SLEEP_S = 2.0
"""Longest sleep without processor time: git sleeps without end where a ``.gitignore`` is a FIFO."""

LIST_FILES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
LIST_FILES_TAGGED = (*LIST_FILES, "-t")
"""A letter and a blank before each path; the letter is ? where git does not track it."""

MAX_PATH_BYTES = 4096
"""No system opens a longer path; an index can be made to hold them all the same."""
_MAX_OUTPUT_BYTES = 2**28
_MAX_COMPLAINT_BYTES = 2**20
_MEMORY_BYTES = 3 * 2**26
"""What git may allocate besides what it makes of the index."""
_MEMORY_PER_INDEX_BYTE = 8
_CHUNK_BYTES = 2**16
_MAX_FILE_BYTES = 2**24

_KEPT_VARIABLES = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM")
"""Where the user's own configuration is. Any other GIT_* could lead git elsewhere, as those that a hook is run with."""


class GitBounds(NamedTuple):
    """What a git may take, and how far it may reach.

    patience_s    time limit in seconds.
    memory_bytes  what it may allocate besides what it makes of the index.
    file_bytes    length of any file that it writes.
    protocols     by which it may ask other machines; none: it asks nobody.
    """

    patience_s: float = _PATIENCE_S
    memory_bytes: int = _MEMORY_BYTES
    file_bytes: int = _MAX_FILE_BYTES
    protocols: tuple[str, ...] = ()

    @property
    def settings(self) -> list[str]:
        """What lets git reach other machines: it asks for no password, and no program but ssh is run."""
        if not self.protocols:
            return []
        return ["core.sshCommand=ssh -o BatchMode=yes", *(f"protocol.{name}.allow=always" for name in self.protocols)]

    @property
    def variables(self) -> dict[str, str]:
        """The same, as variables of the environment."""
        return {"GIT_ALLOW_PROTOCOL": ":".join(self.protocols)} if self.protocols else {}


_AT_HOME = GitBounds()
"""Of a git that reads what is on this machine: git writes to no file but the one for its warnings."""

_OVERRIDES = (
    # The repository's configuration is not read, and a user's own may name programs. None of them is needed.
    *("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.pager=cat", "core.editor=:", "core.askPass="),
    *(
        "core.sshCommand=false",
        "core.gitProxy=",
        "core.alternateRefsCommand=false",
        "diff.external=",
        "gpg.program=false",
    ),
    *("log.showSignature=false", "credential.helper=", "protocol.allow=never", "safe.bareRepository=explicit"),
    *("submodule.recurse=false", "log.mailmap=false"),
    # Packs are mapped a piece at a time, and one thread's stack more is all that the index takes.
    *("core.packedGitWindowSize=32m", "core.packedGitLimit=256m", "core.deltaBaseCacheLimit=32m", "index.threads=2"),
    *("core.warnAmbiguousRefs=false", "core.safecrlf=false"),
)


class GitAnswer(NamedTuple):
    """What a git that succeeded wrote; ``warnings`` in English."""

    output: bytes
    warnings: bytes


class PartOfAnswer(NamedTuple):
    """What a git wrote within a time; ``is_whole`` if it came to its end and succeeded."""

    output: bytes
    is_whole: bool


class GitRun:
    """A git that runs while its caller does something else.

    repository  the one that git sees; None: git sees no repository.
    folder      where it runs, in the work tree; None for the top.
    feed        what it reads from its standard input.
    settings    ``-c`` arguments besides those that every git gets.
    max_bytes   a git that writes more is ended; None for 256 MiB.
    bounds      of time, memory and reach.

    The caller must call ``answer``, ``part_of_answer`` or ``end`` in any case; the process is gone when any of them
    returns or raises. Raises GitError if git is not installed (see ``git_is_installed``), cannot be started, or must
    not read this repository.
    """

    __slots__ = ("_bounds", "_complaint", "_files", "_output", "_process")

    def __init__(
        self,
        repository: Repository | None,
        arguments: Sequence[str | bytes],
        *,
        folder: bytes | None = None,
        feed: bytes = b"",
        settings: Sequence[bytes] = (),
        max_bytes: int | None = None,
        bounds: GitBounds = _AT_HOME,
    ) -> None:
        self._bounds = bounds
        with ExitStack() as files:
            try:
                self._complaint = files.enter_context(temporary_file())
                stdin = files.enter_context(_standard_input(feed))
            except OSError as error:
                raise GitError(f"git cannot be run: {error}") from error
            self._process = start_git(
                files, repository, arguments, stdin, self._complaint, folder=folder, settings=settings, bounds=bounds
            )
            bound = _MAX_OUTPUT_BYTES if max_bytes is None else max_bytes
            self._output = _Reader(self._process, bound, paths_only=_are_paths_alone_written(arguments))
            self._files = files.pop_all()

    def answer(self, watch: Progress) -> GitAnswer:
        """Return what git wrote.

        Raises GitError if git fails, with git's error message; ScanCancelled within 50 ms of a cancellation.
        """
        try:
            self._wait(watch, self._bounds.patience_s)
            self._complaint.seek(0)
            complaint = self._complaint.read(_MAX_COMPLAINT_BYTES)
        finally:
            self.end()
        if self._output.refusal:
            raise GitError(self._output.refusal)
        if self._process.returncode != 0:
            lines = complaint.decode(errors="replace").strip().splitlines()
            raise GitError(lines[0] if lines else f"git ended with exit code {self._process.returncode}")
        return GitAnswer(self._output.text(), complaint)

    def part_of_answer(self, watch: Progress, patience_s: float) -> PartOfAnswer:
        """Return what git wrote within ``patience_s`` seconds and its bounds, whether or not it came to its end.

        Raises ScanCancelled within 50 ms of a cancellation.
        """
        is_whole = False
        try:
            with suppress(GitError):
                self._wait(watch, patience_s)
                is_whole = not self._output.refusal and self._process.returncode == 0
        finally:
            self.end()
        return PartOfAnswer(self._output.text(), is_whole)

    def end(self) -> None:
        """End git if it still runs; its answer is dropped."""
        self._files.close()
        self._output.wait(_POLL_S)

    def _wait(self, watch: Progress, patience_s: float) -> None:
        now = time.monotonic()
        deadline, awake = now + patience_s, now
        used_s: float | None = 0.0
        while now < deadline:
            if self._has_ended():
                return
            watch.raise_if_cancelled()
            if not _system_limits_memory():
                self._refuse_much_memory()
            now = time.monotonic()
            # What asks another machine sleeps until that answers.
            if now - awake > _MAX_SLEEP_S and not self._bounds.protocols:
                before_s, used_s = used_s, _time_of_sleeper_s(self._process.pid)
                if used_s is not None and used_s == before_s:
                    raise GitError(f"git slept for {_MAX_SLEEP_S:.0f} s, as it does where a file of its own is a FIFO")
                awake = now
        raise GitError(f"git did not answer within {patience_s:.0f} s")

    def _has_ended(self) -> bool:
        """Wait a moment; return whether git has written all and is gone."""
        if not self._output.wait(_POLL_S):
            return False
        try:
            self._process.wait(_POLL_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _refuse_much_memory(self) -> None:
        """End git if it holds too much memory."""
        import psutil

        with suppress(psutil.Error):
            if psutil.Process(self._process.pid).memory_info().rss > 4 * self._bounds.memory_bytes:
                raise GitError(f"git took more than {4 * self._bounds.memory_bytes >> 20} MiB of memory")


def start_git(
    files: ExitStack,
    repository: Repository | None,
    arguments: Sequence[str | bytes],
    stdin: IO[bytes] | int,
    complaint: IO[bytes] | int,
    *,
    folder: bytes | None = None,
    settings: Sequence[bytes] = (),
    bounds: GitBounds = _AT_HOME,
) -> subprocess.Popen[bytes]:
    """Start git, which ends with ``files``, and return it. Its standard output is a pipe.

    complaint  where its standard error goes.

    The rest is as for ``GitRun``. Raises GitError.
    """
    executable = git_executable()
    if executable is None:
        raise GitError("git is not installed")
    if repository is not None and repository.doubt:
        raise GitError(repository.doubt)
    command: list[str | bytes] = [executable, "--no-pager"]
    overrides: list[str | bytes] = [*_OVERRIDES, *bounds.settings, *settings]
    for setting in overrides:
        command += ["-c", setting]
    try:
        common_dir = None if repository is None else files.enter_context(common_dir_for(repository))
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=_working_folder(repository, folder),
            env=_environment(repository, common_dir) | bounds.variables,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=complaint,
        )
    except (OSError, ValueError) as error:
        raise GitError(f"{executable!r} cannot be run: {error}") from error
    files.callback(_end, process)
    _limit(process.pid, repository, bounds)
    return process


def run_git(
    repository: Repository | None,
    arguments: Sequence[str | bytes],
    watch: Progress,
    *,
    folder: bytes | None = None,
    feed: bytes = b"",
    settings: Sequence[bytes] = (),
) -> GitAnswer:
    """Run git and return what it wrote; takes what ``GitRun`` takes, raises what it and its ``answer`` raise."""
    return GitRun(repository, arguments, folder=folder, feed=feed, settings=settings).answer(watch)


def start_listing(folder: bytes) -> GitRun | None:
    """Have git list the files of the work tree that are below ``folder``.

    None outside a work tree, without git, and where git is not to be asked about the repository.

    Raises GitError.
    """
    real_folder = os.path.realpath(folder)
    repository = repository_around(real_folder)
    if repository is None or repository.doubt or not git_is_installed():
        return None
    return GitRun(repository, LIST_FILES_TAGGED, folder=real_folder)


def git_is_installed() -> bool:
    """Return whether there is a git on the PATH."""
    return git_executable() is not None


def git_executable() -> str | None:
    """Return the absolute path of git. Unlike ``shutil.which``, never one that is named relative to the working folder:
    that may be the repository, and a program in it is not git."""
    name = "git.exe" if sys.platform == "win32" else "git"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder.strip('"') if sys.platform == "win32" else folder, name)
        if os.path.isabs(path) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


class _Reader:
    """Reads what git writes to its end, in a thread, and ends a git that writes too much.

    max_bytes   how much that is.
    paths_only  git writes paths with a NUL after each; one that is too long ends it as well.
    refusal     why git was ended, as a sentence without its end; empty if it was not.
    """

    __slots__ = ("_chunks", "_max_bytes", "_paths_only", "_process", "_thread", "refusal")

    def __init__(self, process: subprocess.Popen[bytes], max_bytes: int, *, paths_only: bool) -> None:
        self._process = process
        self._max_bytes = max_bytes
        self._paths_only = paths_only
        self._chunks: list[bytes] = []
        self.refusal = ""
        self._thread = threading.Thread(target=self._read, name="repomap-fast-git", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait no longer than ``timeout_s``; return whether the output is at its end."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def text(self) -> bytes:
        """Return what was kept."""
        return b"".join(self._chunks)

    def _read(self) -> None:
        n_bytes = n_open = 0
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            while chunk := os.read(pipe.fileno(), _CHUNK_BYTES):
                self._chunks.append(chunk)
                n_bytes += len(chunk)
                n_open, is_too_long = _open_path(chunk, n_open)
                if self._paths_only and is_too_long:
                    self.refusal = f"git names a path of more than {MAX_PATH_BYTES} bytes"
                elif n_bytes > self._max_bytes:
                    self.refusal = f"git wrote more than {self._max_bytes >> 20} MiB"
                if self.refusal:
                    self._process.kill()
                    return


def _are_paths_alone_written(arguments: Sequence[str | bytes]) -> bool:
    formats = [item for item in arguments if isinstance(item, str) and item.startswith("--format=")]
    # A commit may name paths that no work tree can have: these are left out one by one.
    return "-z" in arguments and not {"config", "ls-tree"} & {*arguments} and not formats


def _open_path(chunk: bytes, n_open: int) -> tuple[int, bool]:
    """Return the bytes of the path that ``chunk`` leaves open, and whether a path in it is too long.

    n_open  bytes of that path before ``chunk``.
    """
    start = -n_open
    while start + MAX_PATH_BYTES < len(chunk):
        # The last NUL that ends a path soon enough is found from behind: a few looks for all of the chunk.
        end = chunk.rfind(b"\0", max(start, 0), start + MAX_PATH_BYTES + 1)
        if end < 0:
            return 0, True
        start = end + 1
    last = chunk.rfind(b"\0")
    return (n_open + len(chunk) if last < 0 else len(chunk) - last - 1), False


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def _working_folder(repository: Repository | None, folder: bytes | None) -> bytes:
    if repository is None:
        return os.path.abspath(os.fsencode(os.sep))
    return repository.top if folder is None else folder


@contextmanager
def _standard_input(feed: bytes) -> Iterator[IO[bytes]]:
    """Give a file, since git would have to be fed through a pipe by one more thread."""
    if not feed:
        with open(os.devnull, "rb") as nothing:
            yield nothing
        return
    with temporary_file() as file:
        file.write(feed)
        file.seek(0)
        yield file


def _environment(repository: Repository | None, common_dir: str | None) -> dict[str, str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT_VARIABLES
    }
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
    # What a partial clone lacks is not fetched.
    environment |= {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
    if repository is None or common_dir is None:
        return environment | {"GIT_DIR": os.devnull}
    return environment | {
        "GIT_DIR": os.fsdecode(repository.git_dir),
        "GIT_COMMON_DIR": common_dir,
        "GIT_WORK_TREE": os.fsdecode(repository.top),
        "GIT_OBJECT_DIRECTORY": os.fsdecode(os.path.join(repository.common_dir, b"objects")),
    }


def _system_limits_memory() -> bool:
    """Return whether ``_limit`` limits the memory of git. A library that the user has every program load, as a
    sanitizer, would count as git's own memory."""
    return sys.platform == "linux" and not os.environ.get("LD_PRELOAD")


def _limit(pid: int, repository: Repository | None, bounds: GitBounds) -> None:
    """Ask the system to end a git that takes too much; only Linux can say so of a process that runs already."""
    if sys.platform != "linux":
        return
    import resource

    n_bytes = bounds.memory_bytes
    if repository is not None:
        with suppress(OSError):
            n_bytes += _MEMORY_PER_INDEX_BYTE * os.stat(os.path.join(repository.git_dir, b"index")).st_size
    limits = [(resource.RLIMIT_CPU, max(1, int(bounds.patience_s))), (resource.RLIMIT_FSIZE, bounds.file_bytes)]
    if _system_limits_memory():
        limits.append((resource.RLIMIT_DATA, n_bytes))
    for name, limit in limits:
        with suppress(OSError, ValueError):
            _, hard = resource.prlimit(pid, name)
            if hard == resource.RLIM_INFINITY or limit < hard:
                resource.prlimit(pid, name, (limit, limit))


def _time_of_sleeper_s(pid: int) -> float | None:
    """Return the processor time that a process has used, if it waits for something that is not a disk; None if it
    runs, or if that is unknown."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_SLEEPING:
            return None
        times = process.cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)
