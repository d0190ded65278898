"""Makes the folder in which git reads a repository's configuration: objects, references, and a few harmless settings.

It never passes on a setting that is not in its list. Git reads configuration only in the folder that GIT_COMMON_DIR
names, so each run of git gets a folder of its own. A list of harmless settings stays right with new versions of git; a
list of harmful ones would not.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from repomap_fast.discovery.git_config import Setting, write_settings
from repomap_fast.discovery.git_folder import Repository, read_file_start, repository_settings

_MAX_EXCLUDE_BYTES = 2**22
_MAX_SHALLOW_BYTES = 2**24

_KEPT_SETTINGS = {
    *((b"core", False, name) for name in (b"filemode", b"ignorecase", b"precomposeunicode", b"symlinks")),
    *((b"core", False, name) for name in (b"autocrlf", b"eol", b"checkstat", b"trustctime")),
    *((b"extensions", False, name) for name in (b"objectformat", b"refstorage", b"compatobjectformat")),
    *((b"branch", True, name) for name in (b"remote", b"merge")),
    (b"remote", True, b"fetch"),
}
"""Section, whether there is a subsection, and name of the repository's settings that git is shown: what says how files
and objects are stored, and what ``main@{upstream}`` means."""
_MAX_VALUE_BYTES = 4096
_IN_MEMORY = "/dev/shm"
_PREFIX = "repomap-fast-git-"


@contextmanager
def common_dir_for(repository: Repository) -> Iterator[str]:
    """Give a folder for GIT_COMMON_DIR, where git reads configuration and references; it is removed afterwards.

    Raises OSError.
    """
    with temporary_folder() as folder:
        _fill(folder, repository)
        yield folder


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Give a new folder that only this user can enter, in memory if the system allows; it is removed afterwards.

    Raises OSError.
    """
    folder = _make_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def temporary_file() -> IO[bytes]:
    """Return a new file that has no name. Raises OSError."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("repomap-fast-git"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _fill(folder: str, repository: Repository) -> None:
    path = os.fsencode(folder)
    _write(os.path.join(path, b"config"), write_settings(_settings_for_git(repository)))
    excluded = read_file_start(os.path.join(repository.common_dir, b"info/exclude"), _MAX_EXCLUDE_BYTES) or b""
    # git gives each repository such a file, of comments alone.
    if any(line and not line.startswith(b"#") for line in excluded.split(b"\n")):
        os.mkdir(os.path.join(path, b"info"))
        _write(os.path.join(path, b"info/exclude"), excluded)
    shallow = read_file_start(os.path.join(repository.common_dir, b"shallow"), _MAX_SHALLOW_BYTES)
    if shallow is not None:
        _write(os.path.join(path, b"shallow"), shallow)
    # Newer gits find references by GIT_DIR, and want no more than a folder here.
    if sys.platform == "win32":
        os.mkdir(os.path.join(path, b"refs"))
        return
    for name in (b"refs", b"packed-refs"):
        os.symlink(os.path.join(os.path.abspath(repository.common_dir), name), os.path.join(path, name))


def _make_folder() -> str:
    """Return a new folder that only this user can enter, in memory if the system allows: a disk takes milliseconds."""
    if os.path.isdir(_IN_MEMORY) and os.access(_IN_MEMORY, os.W_OK | os.X_OK):
        # What tempfile does, without importing it: a scan needs it for nothing else.
        folder = os.path.join(_IN_MEMORY, _PREFIX + os.urandom(8).hex())
        os.mkdir(folder, 0o700)
        return folder
    import tempfile

    return tempfile.mkdtemp(prefix=_PREFIX)


def _write(path: bytes, text: bytes) -> None:
    with open(path, "xb") as file:
        file.write(text)


def _settings_for_git(repository: Repository) -> list[Setting]:
    kept = [
        setting
        for setting in repository_settings(repository)
        if (setting.section, setting.subsection is not None, setting.name) in _KEPT_SETTINGS
        and len(setting.value) <= _MAX_VALUE_BYTES
        and b"\0" not in (setting.subsection or b"")
    ]
    version = b"1" if any(setting.section == b"extensions" for setting in kept) else b"0"
    excludes = read_excludes(repository)
    return [
        Setting(b"core", None, b"repositoryformatversion", version),
        Setting(b"core", None, b"bare", b"false"),
        *([] if excludes is None else [Setting(b"core", None, b"excludesfile", excludes)]),
        *kept,
    ]


def read_excludes(repository: Repository) -> bytes | None:
    """Return the path that ``core.excludesFile`` has in the repository's own settings.

    Empty if it is set to nothing, or to what is no regular file of a bearable size; None if it is not set.
    """
    value = None
    for setting in repository_settings(repository):
        if setting.key == (b"core", None, b"excludesfile"):
            value = setting.value
    if not value:
        return value
    path = os.path.join(repository.top, os.path.expanduser(value))
    try:
        is_bearable = not os.path.exists(path) or (os.path.isfile(path) and os.path.getsize(path) <= _MAX_EXCLUDE_BYTES)
    except OSError:
        return b""
    return path if is_bearable else b""
