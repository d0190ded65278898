"""Reads what a repository keeps in ``.git``: where its work tree is, its settings, and whether it can be trusted.

It never runs git (``git_run`` does): git takes longer to start than a map of a small repository, may not be installed,
and must not see a repository that is a trap.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from repomap_fast.discovery.git_config import Setting, read_settings
from repomap_fast.safe_files import read_start

_MAX_POINTER_BYTES = 2**16
"""A .git file holds one path; more than this is some other file."""
_MAX_CONFIG_BYTES = 2**19
"""Room for some five thousand branches."""
MAX_PACKED_BYTES = 2**27
"""Nearly two million references."""

_OWN_FILES = (b"HEAD", b"index", b"config.worktree")
_SHARED_FILES = (b"config", b"packed-refs", b"shallow", b"info/exclude", b"objects/info/alternates")
_SIZES = ((b"packed-refs", MAX_PACKED_BYTES), (b"shallow", 2**24), (b"objects/info/alternates", 2**16))
"""What git reads to the end, and how long it may be."""
_SHARED_FOLDERS = (b"info", b"objects", b"objects/info", b"objects/pack", b"refs", b"refs/heads", b"reftable")


class Repository(NamedTuple):
    """A repository.

    top         absolute path of the work tree; of a bare repository, of its own folder.
    git_dir     its own files (index); in a linked work tree or submodule not ``top/.git``.
    common_dir  the files that all its work trees share (config, info/exclude).
    doubt       why neither git nor these files are to be used, as a sentence without its end; empty if they are.
    """

    top: bytes
    git_dir: bytes
    common_dir: bytes
    doubt: str = ""


def repository_at(folder: bytes) -> Repository | None:
    """Return the repository whose work tree has its top at ``folder``, be it in doubt or not."""
    dot_git = os.path.join(folder, b".git")
    try:
        mode = os.stat(dot_git).st_mode
    except OSError:
        return None
    is_folder = stat.S_ISDIR(mode)
    git_dir = dot_git if is_folder else _read_pointer(dot_git, prefix=b"gitdir: ")
    if git_dir is None or not os.path.lexists(os.path.join(git_dir, b"HEAD")):
        return None
    common_dir = _read_pointer(os.path.join(git_dir, b"commondir")) or git_dir
    if not all(os.path.isdir(os.path.join(common_dir, name)) for name in (b"objects", b"refs")):
        return None
    found = Repository(top=folder, git_dir=git_dir, common_dir=common_dir)
    return Repository(folder, git_dir, common_dir, doubt=_doubt_about(found))


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


def is_bare_repository(folder: bytes) -> bool:
    """Return whether ``folder`` is laid out as a repository without a work tree, by git's own rules."""
    head = read_file_start(os.path.join(folder, b"HEAD"), _MAX_POINTER_BYTES) or b""
    is_head = head.startswith(b"ref: refs/") or len(head.strip()) in (40, 64)
    return is_head and all(os.path.isdir(os.path.join(folder, name)) for name in (b"objects", b"refs"))


def bare_repository_at(folder: bytes) -> Repository | None:
    """Return the repository without a work tree that ``folder`` is, be it in doubt or not."""
    if not is_bare_repository(folder):
        return None
    found = Repository(top=folder, git_dir=folder, common_dir=folder)
    return found._replace(doubt=_doubt_about_parts(found))


def repository_settings(repository: Repository) -> Iterator[Setting]:
    """Yield the settings of the repository's own configuration file, without those that it includes."""
    return _read_settings_file(os.path.join(repository.common_dir, b"config"))


def read_file_start(path: bytes, n_bytes: int) -> bytes | None:
    """Return the first bytes of a file; None if it is missing, not a regular file, or cannot be read."""
    try:
        return read_start(path, n_bytes)
    except (OSError, ValueError):
        # ValueError: the path has a NUL.
        return None


def _read_pointer(path: bytes, *, prefix: bytes = b"") -> bytes | None:
    text = read_file_start(path, _MAX_POINTER_BYTES)
    if text is None or b"\0" in text or not text.startswith(prefix):
        return None
    target = text.removeprefix(prefix).rstrip(b"\r\n")
    return os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else None


def _read_settings_file(path: bytes) -> Iterator[Setting]:
    text = read_file_start(path, _MAX_CONFIG_BYTES + 1) or b""
    if len(text) <= _MAX_CONFIG_BYTES:
        yield from read_settings(text)


def _doubt_about(repository: Repository) -> str:
    """Return why the repository may be a trap: it leads out of its folder, or to files that git would wait for."""
    git_dir, common_dir = repository.git_dir, repository.common_dir
    dot_git = os.path.join(repository.top, b".git")
    if os.path.islink(dot_git):
        return f"{_name(dot_git)} is a symbolic link"
    if not _belongs_to(repository, dot_git):
        return f"{_name(dot_git)} names {_name(git_dir)}, which does not name it in return"
    if common_dir != git_dir and os.path.realpath(os.path.dirname(git_dir)) != os.path.join(
        os.path.realpath(common_dir), b"worktrees"
    ):
        return f"{_name(os.path.join(git_dir, b'commondir'))} names {_name(common_dir)}, which has no such work tree"
    return _doubt_about_parts(repository)


def _doubt_about_parts(repository: Repository) -> str:
    """Return which file of a repository leads out of it, or is what git would wait for."""
    git_dir, common_dir = repository.git_dir, repository.common_dir
    parts = [(git_dir, name, False) for name in _OWN_FILES]
    parts += [(common_dir, name, False) for name in _SHARED_FILES]
    parts += [(common_dir, name, True) for name in _SHARED_FOLDERS]
    for folder, name, is_folder in parts:
        if doubt := _doubt_about_part(folder, name, is_folder=is_folder):
            return doubt
    for name, max_bytes in _SIZES:
        path = os.path.join(common_dir, name)
        if os.path.exists(path) and os.path.getsize(path) > max_bytes:
            return f"{_name(path)} has more than {max_bytes:,} bytes"
    return ""


def _belongs_to(repository: Repository, dot_git: bytes) -> bool:
    """Return whether the repository's files are below the work tree, or name it: those of a linked work tree do so in
    ``gitdir``, those of a submodule by ``core.worktree``."""
    git_dir = os.path.realpath(repository.git_dir)
    top = os.path.realpath(repository.top)
    if _is_below(git_dir, top):
        return True
    named = _read_pointer(os.path.join(git_dir, b"gitdir"))
    if named is not None and os.path.realpath(named) == os.path.join(top, b".git"):
        return True
    work_tree = None
    for name in (b"config", b"config.worktree"):
        for setting in _read_settings_file(os.path.join(git_dir, name)):
            if setting.key == (b"core", None, b"worktree"):
                work_tree = setting.value
    return work_tree is not None and os.path.realpath(os.path.join(git_dir, work_tree)) == top


def _doubt_about_part(folder: bytes, name: bytes, *, is_folder: bool) -> str:
    path = os.path.join(folder, name)
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            if not _is_below(os.path.realpath(path), os.path.realpath(folder)):
                return f"{_name(path)} is a symbolic link that leads out of the repository"
            mode = os.stat(path).st_mode
    except OSError:
        # It is not there: most parts need not be.
        return ""
    is_right = stat.S_ISDIR(mode) if is_folder else stat.S_ISREG(mode)
    return "" if is_right else f"{_name(path)} is no {'folder' if is_folder else 'regular file'}"


def _is_below(path: bytes, folder: bytes) -> bool:
    return path.startswith(os.path.join(folder, b""))


def _name(path: bytes) -> str:
    return repr(os.fsdecode(path))
