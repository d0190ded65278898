"""Makes, reads and removes files in folders that only this user may change.

It never follows a link and never leaves the folder. Another user may have prepared a cache folder: in an archive, in a
repository, or in a shared folder. So each step below it uses the descriptor of an open folder. Windows has neither
descriptors of folders nor these modes: there paths are used, and only links are refused.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

from repomap_fast.errors import StoreError

_BY_DESCRIPTOR = {os.open, os.mkdir, os.stat, os.unlink} <= os.supports_dir_fd
_OF_FILES = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
# Opening a named pipe would wait for its other end.
_OF_FILES |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_OF_FOLDERS = _OF_FILES | getattr(os, "O_DIRECTORY", 0)
_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_ROOT = 0


class PrivateFolder:
    """An open folder that only this user, or root, may change."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def open(cls, path: Path, *, may_be_shared: bool = False) -> Self:
        """Open the folder at ``path``. Raises OSError, and StoreError if it is a link or others may change it.

        may_be_shared  others may make files in it, but not rename or remove ours: it may be sticky, as /tmp is.
        """
        check_private(path, os.lstat(path), may_be_shared=may_be_shared)
        if not _BY_DESCRIPTOR:
            return cls(path, None)
        descriptor = os.open(path, os.O_RDONLY | _OF_FOLDERS)
        try:
            # It may have been replaced before it was opened.
            check_private(path, os.fstat(descriptor), may_be_shared=may_be_shared)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, descriptor)

    @classmethod
    def make(cls, path: Path, *, may_be_shared: bool = False) -> Self:
        """Make the folder if it is missing, for this user alone, and open it. Raises as ``open``."""
        with suppress(FileExistsError):
            path.mkdir(parents=True, mode=0o700)
        return cls.open(path, may_be_shared=may_be_shared)

    def folder(self, name: str) -> PrivateFolder:
        """Open a folder in this one. Raises OSError and StoreError."""
        if self._descriptor is None:
            return PrivateFolder.open(self.path / name)
        descriptor = os.open(name, os.O_RDONLY | _OF_FOLDERS, dir_fd=self._descriptor)
        try:
            check_private(self.path / name, os.fstat(descriptor))
        except BaseException:
            os.close(descriptor)
            raise
        return PrivateFolder(self.path / name, descriptor)

    def make_folder(self, name: str) -> PrivateFolder:
        """Make a new folder in this one and open it. Raises OSError."""
        if self._descriptor is None:
            (self.path / name).mkdir(mode=0o700)
        else:
            os.mkdir(name, 0o700, dir_fd=self._descriptor)
        return self.folder(name)

    def open_file(self, name: str, flags: int) -> int:
        """Return the descriptor of a file in this folder; a new file is for this user alone. Raises OSError."""
        if self._descriptor is None:
            _refuse_link(self.path / name)
            return os.open(self.path / name, flags | _OF_FILES, 0o600)
        return os.open(name, flags | _OF_FILES, 0o600, dir_fd=self._descriptor)

    def status(self, name: str) -> os.stat_result:
        """Return the status of that name in this folder; of a link the link's own. Raises OSError."""
        if self._descriptor is None:
            return os.lstat(self.path / name)
        return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)

    def names(self) -> list[str]:
        """Return all names in this folder. Raises OSError."""
        return os.listdir(self.path if self._descriptor is None else self._descriptor)  # noqa: PTH208

    def check_file(self, name: str) -> bool:
        """Return whether there is a file of that name. Raises OSError.

        Raises StoreError if it is no regular file, or others may change it.
        """
        try:
            status = self.status(name)
        except FileNotFoundError:
            return False
        path = self.path / name
        check_private(path, status)
        if not stat.S_ISREG(status.st_mode):
            raise StoreError(f"{path} is no regular file; remove it, and it is made again")
        return True

    def is_writable(self, *names: str) -> bool:
        """Return whether new files and the files of these names can be written in this folder."""
        return os.access(self.path, os.W_OK | os.X_OK) and all(os.access(self.path / name, os.W_OK) for name in names)

    def remove(self, name: str) -> None:
        """Remove a file, or a link itself. Raises OSError."""
        if self._descriptor is None:
            (self.path / name).unlink()
        else:
            os.unlink(name, dir_fd=self._descriptor)

    def remove_folder(self, name: str) -> None:
        """Remove a folder and everything in it that can be removed. Of a link, the link itself is removed."""
        # Python recurses; folders that are nested too deep for it are none of ours.
        with suppress(RecursionError):
            if self._descriptor is None:
                shutil.rmtree(self.path / name, ignore_errors=True)
            else:
                shutil.rmtree(name, ignore_errors=True, dir_fd=self._descriptor)

    def files(self, *, depth: int) -> Iterator[os.stat_result]:
        """Yield the status of every readable file in this folder and ``depth`` levels of folders below it."""
        for name in self.names():
            with suppress(OSError, StoreError):
                status = self.status(name)
                if not stat.S_ISDIR(status.st_mode):
                    yield status
                elif depth:
                    with self.folder(name) as below:
                        yield from below.files(depth=depth - 1)

    def close(self) -> None:
        """Close the folder."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


def check_private(path: Path, status: os.stat_result, *, may_be_shared: bool = False) -> None:
    """Raise StoreError if ``path``, of that status, is a link, or others than this user and root may write to it.

    may_be_shared  a folder with the sticky bit may be writable by others.
    """
    if stat.S_ISLNK(status.st_mode):
        raise StoreError(f"{path} is a symbolic link; expected what it leads to, or remove it")
    _refuse_link(path, is_checked=_BY_DESCRIPTOR)
    if not hasattr(os, "geteuid"):
        return
    user = os.geteuid()
    if status.st_uid not in (user, _ROOT):
        raise StoreError(
            f"{path} belongs to user {status.st_uid}, who may change it at any time; expected one of user {user}: "
            f"choose another folder with --cache-dir"
        )
    others = status.st_mode & _MAY_WRITE
    is_sticky = may_be_shared and stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    if others and not is_sticky and not (others == stat.S_IWGRP and _is_own_group(status.st_gid)):
        raise StoreError(
            f"{path} may be changed by other users (mode {stat.S_IMODE(status.st_mode):04o}); "
            f"`chmod go-w` it, or choose another folder with --cache-dir"
        )


def _refuse_link(path: Path, *, is_checked: bool = False) -> None:
    """Raise StoreError for a link, unless a descriptor shows that. On Windows a junction is a link too."""
    if is_checked:
        return
    is_junction = getattr(os.path, "isjunction", lambda _: False)
    if path.is_symlink() or is_junction(path):
        raise StoreError(f"{path} is a link; expected what it leads to, or remove it")


def _is_own_group(group: int) -> bool:
    """Return whether this user is the only one in the group. Many systems give each user such a group."""
    import grp
    import pwd

    try:
        user, entry = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return entry.gr_gid == user.pw_gid and entry.gr_name == user.pw_name and set(entry.gr_mem) <= {user.pw_name}
