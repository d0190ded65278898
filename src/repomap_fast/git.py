"""git: where its repositories are, how it is asked, and what its settings say.

git is asked where it is installed. What it is asked must also be known where it is not, so the layout of a repository
and its settings are read here as well, as far as finding files needs them.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from repomap_fast.errors import GitError
from repomap_fast.progress import Watch

_POLL_S = 0.05
"""How long a caller who cancels waits for a running git."""

_PATIENCE_S = 60.0
"""On the largest of repositories git takes a few seconds."""

_MAX_SLEEP_S = 2.0
"""git waits for ever where a ``.gitignore`` or its own ``config`` is a FIFO, and sleeps meanwhile."""

LIST_FILES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
LIST_FILES_TAGGED = (*LIST_FILES, "-t")
"""A letter and a blank before each path; the letter is ? where git does not track it."""

_MAX_POINTER_BYTES = 2**16
"""A .git file holds one path; more than this is some other file."""
_MAX_PACKED_BYTES = 2**26
"""Some 900,000 references: no repository that is worked in comes near it."""
_IN_TABLES = b"refs/heads/.invalid"
"""What HEAD names where git keeps its references in tables, which only git reads."""

_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)
"""Set while git runs a hook; they would make it answer for the hook's repository in place of the folder's."""

_log = logging.getLogger("repomap_fast")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with a work tree.

    top      absolute path of the work tree.
    git_dir  its own files (index); in a linked work tree or submodule not ``top/.git``.
    common_dir  the files that all its work trees share (config, info/exclude).
    """

    top: bytes
    git_dir: bytes
    common_dir: bytes


def repository_at(folder: bytes) -> Repository | None:
    """Return the repository whose work tree has its top at ``folder``."""
    dot_git = os.path.join(folder, b".git")
    try:
        mode = os.stat(dot_git).st_mode
    except OSError:
        return None
    git_dir: bytes | None = dot_git
    if not stat.S_ISDIR(mode):
        git_dir = _read_pointer(dot_git, prefix=b"gitdir: ")
    if git_dir is None or not os.path.lexists(os.path.join(git_dir, b"HEAD")):
        return None
    common_dir = _read_pointer(os.path.join(git_dir, b"commondir")) or git_dir
    if not all(os.path.isdir(os.path.join(common_dir, name)) for name in (b"objects", b"refs")):
        return None
    return Repository(top=folder, git_dir=git_dir, common_dir=common_dir)


def repository_around(folder: bytes) -> Repository | None:
    """Return the repository whose work tree ``folder`` is in or at the top of; ``folder`` has no symbolic links."""
    while True:
        parent, name = os.path.split(folder)
        if name == b".git":
            return None
        repository = repository_at(folder)
        if repository is not None or parent == folder:
            return repository
        folder = parent


def head_commit(repository: Repository) -> str | None:
    """Return the hash of the commit that is checked out, as hexadecimal digits; None if there is none.

    It is read without git, which would take longer to start than a map of a small repository takes.
    """
    head = _read_start(os.path.join(repository.git_dir, b"HEAD"), _MAX_POINTER_BYTES) or b""
    reference = head.removeprefix(b"ref: ").strip()
    if not head.startswith(b"ref: "):
        return _hash_in(head)
    if not reference.startswith(b"refs/") or b".." in reference:
        return None
    if reference == _IN_TABLES:
        try:
            return _hash_in(run_git(["rev-parse", "--verify", "--quiet", "HEAD"], repository.top, Watch()).output)
        except GitError:
            return None
    for git_dir in (repository.git_dir, repository.common_dir):
        if text := _read_start(os.path.join(git_dir, reference), _MAX_POINTER_BYTES):
            return _hash_in(text)
    packed = _read_start(os.path.join(repository.common_dir, b"packed-refs"), _MAX_PACKED_BYTES) or b""
    line = re.search(rb"^([0-9a-f]+) " + re.escape(reference) + rb"$", packed, re.MULTILINE)
    return _hash_in(line[1]) if line else None


def _hash_in(text: bytes) -> str | None:
    match = re.fullmatch(rb"([0-9a-f]{40}|[0-9a-f]{64})\s*", text)
    return match[1].decode() if match else None


def _read_start(path: bytes, n_bytes: int) -> bytes | None:
    """Return the first bytes of a file; None if there is none, or it is a FIFO or the like."""
    try:
        return read_regular_file(path, n_bytes)
    except OSError:
        return None


def _read_pointer(path: bytes, *, prefix: bytes = b"") -> bytes | None:
    text = _read_start(path, _MAX_POINTER_BYTES)
    if text is None:
        return None
    if not text.startswith(prefix):
        return None
    target = text.removeprefix(prefix).rstrip(b"\r\n")
    return os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else None


def read_regular_file(path: bytes, max_bytes: int = -1, *, follow_link: bool = True) -> bytes:
    """Return what is in the file at ``path``. Raises OSError, also where it is a FIFO, a device or a folder, for which
    one would wait for ever, or a symbolic link that is not to be followed."""
    descriptor = os.open(path, _OPEN_FLAGS if follow_link else _OPEN_FLAGS | getattr(os, "O_NOFOLLOW", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", os.fsdecode(path))
    except BaseException:
        os.close(descriptor)
        raise
    with open(descriptor, "rb") as file:
        return file.read(max_bytes)


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """What a git that succeeded wrote; ``warnings`` in English."""

    output: bytes
    warnings: bytes


class GitRun:
    """A git that runs in a folder while its caller does something else.

    Raises GitError if git is not installed (``git_is_installed`` tells) or cannot be started. It has to be asked for
    its ``answer`` or ended, whatever happens; git is gone when either returns or raises.
    """

    __slots__ = ("_process",)

    def __init__(self, arguments: Sequence[str | bytes], folder: bytes) -> None:
        executable = shutil.which("git")
        if executable is None:
            raise GitError("git is not installed")
        # A repository may name a program that git is to run for it, and nobody vouches for the ones that are scanned.
        command = [executable, "-c", "core.fsmonitor=false", *arguments]
        try:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise GitError(f"{executable!r} cannot be run: {error}") from error

    def answer(self, watch: Watch) -> GitAnswer:
        """Return what git wrote.

        Raises GitError if git fails, with git's own words; ScanCancelled within 50 ms of the caller's wish.
        """
        with self._process as process:
            try:
                output, complaint = _wait(process, watch)
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            lines = complaint.decode(errors="replace").strip().splitlines()
            raise GitError(lines[0] if lines else f"git ended with exit code {process.returncode}")
        return GitAnswer(output, complaint)

    def end(self) -> None:
        """End git, if it has not ended yet: nobody wants its answer any more."""
        with self._process as process:
            process.kill()


def run_git(arguments: Sequence[str | bytes], folder: bytes, watch: Watch) -> GitAnswer:
    """Run git in ``folder`` and return what it wrote; raises what ``GitRun`` and its ``answer`` raise."""
    return GitRun(arguments, folder).answer(watch)


def start_listing(folder: bytes) -> GitRun | None:
    """Have git list the files of the work tree that are below ``folder``; None outside a work tree or without git.

    The listing is that of LIST_FILES_TAGGED.

    Raises GitError.
    """
    if not git_is_installed() or repository_around(os.path.realpath(folder)) is None:
        return None
    return GitRun(LIST_FILES_TAGGED, folder)


def git_is_installed() -> bool:
    """Return whether there is a git on the PATH."""
    return shutil.which("git") is not None


def _wait(process: subprocess.Popen[bytes], watch: Watch) -> tuple[bytes, bytes]:
    now = time.monotonic()
    deadline, awake = now + _PATIENCE_S, now
    used_s: float | None = 0.0
    while now < deadline:
        try:
            return process.communicate(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            watch.check()
        now = time.monotonic()
        if now - awake > _MAX_SLEEP_S:
            before_s, used_s = used_s, _time_of_sleeper_s(process.pid)
            if used_s is not None and used_s == before_s:
                raise GitError(f"git slept for {_MAX_SLEEP_S:.0f} s, as it does where a file of its own is a FIFO")
            awake = now
    raise GitError(f"git did not answer within {_PATIENCE_S:.0f} s")


def _time_of_sleeper_s(pid: int) -> float | None:
    """Return the processor time that a process has used, if it waits for something that is not a disk; None if it
    runs, or nobody can say."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_SLEEPING:
            return None
        times = process.cpu_times()
    except psutil.Error:
        return None
    return float(times.user + times.system)


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    # What a partial clone lacks is not fetched: by which program, the repository would say.
    nothing_fetched = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
    return environment | nothing_fetched | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def excludes_file(folder: bytes, watch: Watch) -> bytes | None:
    """Return the path that ``core.excludesFile`` has in ``folder``, or the default; None if it is set to nothing."""
    if git_is_installed():
        try:
            # "--path" is what git before 2.18 calls "--type=path"; without a value git fails and says nothing.
            answer = run_git(["config", "-z", "--path", "--get", "core.excludesFile"], folder, watch)
            return answer.output.rstrip(b"\0") or None
        except GitError as error:
            _log.debug("no core.excludesFile from git: %s", error)
    repository = repository_around(folder)
    own_config = [os.path.join(repository.common_dir, b"config")] if repository else []
    configured = configured_excludes_file([*_shared_config_paths(), *own_config])
    if configured is None:
        return os.path.join(_user_config_folder(), b"ignore")
    return configured or None


def configured_excludes_file(config_paths: Iterable[bytes]) -> bytes | None:
    """Return ``core.excludesFile`` of the last of the files that has it; empty if it is set to nothing."""
    value = None
    for path in config_paths:
        try:
            text = read_regular_file(path)
        except OSError:
            continue
        for name, setting in _read_core_settings(text):
            if name == b"excludesfile":
                value = os.path.expanduser(setting)
    return value


def _shared_config_paths() -> list[bytes]:
    paths = []
    if os.environ.get("GIT_CONFIG_NOSYSTEM", "0").lower() in ("", "0", "false", "no", "off"):
        paths.append(os.fsencode(os.environ.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig")))
    if (of_user := os.environ.get("GIT_CONFIG_GLOBAL")) is not None:
        return [*paths, os.fsencode(of_user)]
    return [*paths, os.path.join(_user_config_folder(), b"config"), os.path.expanduser(b"~/.gitconfig")]


def _user_config_folder() -> bytes:
    config_home = os.environ.get("XDG_CONFIG_HOME")
    return os.path.join(os.fsencode(config_home) if config_home else os.path.expanduser(b"~/.config"), b"git")


_SECTION = re.compile(rb'\s*\[\s*([^\]\s"]*)\s*("(?:[^"\\]|\\.)*")?\s*\]')
_SETTING = re.compile(rb"\s*([A-Za-z][A-Za-z0-9-]*)[ \t]*=[ \t]*(.*)", re.DOTALL)
_VALUE_PART = re.compile(rb'\\(.)|(")|([#;])|([^\\"#;]+)', re.DOTALL)
_ESCAPES = {b"n": b"\n", b"t": b"\t", b"b": b"\b"}


def _read_core_settings(text: bytes) -> Iterable[tuple[bytes, bytes]]:
    """Yield name and value of the settings in the section ``[core]``; what git would call malformed is skipped."""
    is_core = False
    text = text.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    for line in re.findall(rb"(?:[^\\\n]|\\.|\\\n)+", text, re.DOTALL):
        setting = line
        if section := _SECTION.match(line):
            is_core = section[1].lower() == b"core" and section[2] is None
            setting = line[section.end() :]
        if is_core and (parts := _SETTING.fullmatch(setting)):
            yield parts[1].lower(), _read_value(parts[2])


def _read_value(text: bytes) -> bytes:
    value = bytearray()
    is_quoted = False
    n_kept = 0
    for escaped, quote, comment, plain in _VALUE_PART.findall(text):
        if comment and not is_quoted:
            break
        if quote:
            is_quoted = not is_quoted
        elif escaped:
            value += b"" if escaped == b"\n" else _ESCAPES.get(escaped, escaped)
        else:
            value += comment or plain
        # White space at the end counts only within quotes.
        if is_quoted or escaped or quote:
            n_kept = len(value)
    return bytes(value[:n_kept]) + bytes(value[n_kept:]).rstrip()
