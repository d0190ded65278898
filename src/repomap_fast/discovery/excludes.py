"""``core.excludesFile``: the ignore rules that users have for all their repositories, or one repository for itself."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from repomap_fast.discovery import stamps
from repomap_fast.discovery.git_config import Setting, read_settings
from repomap_fast.discovery.git_folder import Repository, read_file_start
from repomap_fast.discovery.git_run import git_executable, git_is_installed, run_git
from repomap_fast.discovery.git_view import read_excludes
from repomap_fast.discovery.stamps import Stamp, are_current, settled_stamp
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress

_MAX_CONFIG_BYTES = 2**20


class UserExcludes(NamedTuple):
    """The ignore rules that a user has for all repositories.

    path     of the file that has them; None if ``core.excludesFile`` is set to nothing.
    sources  the files that make the rules what they are, whether they are there or not; None if others decide too: git
             has included some, or has a system-wide file elsewhere.
    """

    path: bytes | None
    sources: list[bytes] | None


class _Asked(NamedTuple):
    """What git said of the user's settings, and what it depends on."""

    settings: object
    stamps: dict[bytes, Stamp | None]
    excludes: UserExcludes


_last: _Asked | None = None
"""Of this process. A git takes longer than the scan of a small folder, and each scan outside a work tree asks."""


def excludes_file(repository: Repository | None, watch: Progress) -> bytes | None:
    """Return the path that ``core.excludesFile`` has in the repository, or the default; None if it is set to nothing.

    repository  None, or one in doubt: only the user's own setting counts.
    """
    of_repository = repository_excludes(repository)
    if of_repository is not None:
        return of_repository or None
    trusted = _trusted(repository)
    return user_excludes(watch).path if trusted is None else _asked_of_git(trusted, watch)


def user_excludes(watch: Progress, settings: object = None) -> UserExcludes:
    """Return the user's rules for what is in no repository. Git is asked again when a file that decides has changed.

    settings  those of the user, where the caller has just asked for them.
    """
    global _last
    settings = settings_of_user() if settings is None else settings
    read_ns, last = time.time_ns(), _last
    if last is not None and last.settings == settings and are_current(last.stamps):
        return last.excludes
    path = _asked_of_git(None, watch)
    found = UserExcludes(path, _sources_of_user(path))
    if found.sources is not None and stamps.CAN_TELL:
        _last = _Asked(settings, {at: settled_stamp(at, read_ns) for at in found.sources}, found)
    return found


def _asked_of_git(repository: Repository | None, watch: Progress) -> bytes | None:
    if git_is_installed():
        # git fails where the setting is unset, too.
        with suppress(GitError):
            # "--path" is what git before 2.18 calls "--type=path"; without a value git fails and says nothing.
            answer = run_git(repository, ["config", "-z", "--path", "--get", "core.excludesFile"], watch)
            return answer.output.rstrip(b"\0") or None
    configured = configured_excludes_file(_user_config_paths())
    if configured is None:
        return os.path.join(_user_config_folder(), b"ignore")
    return configured or None


def repository_excludes(repository: Repository | None) -> bytes | None:
    """Return what the repository's own configuration says; empty if it is set to nothing, None if it is not set."""
    trusted = _trusted(repository)
    return None if trusted is None else read_excludes(trusted)


def configured_excludes_file(config_paths: Iterable[bytes]) -> bytes | None:
    """Return ``core.excludesFile`` of the last of the files that has it; empty if it is set to nothing."""
    value = None
    for path in config_paths:
        for setting in read_settings(read_file_start(path, _MAX_CONFIG_BYTES) or b""):
            if setting.key == (b"core", None, b"excludesfile"):
                value = os.path.expanduser(setting.value)
    return value


def settings_of_user() -> object:
    """Return the settings outside of files that decide on the user's ignore rules."""
    return (*_user_config_paths(), _user_config_folder(), git_executable())


def expected_excludes() -> UserExcludes:
    """Return what the files of the user's settings say, without git; ``sources`` has them, whatever they include."""
    paths = _user_config_paths()
    configured = configured_excludes_file(paths)
    expected = os.path.join(_user_config_folder(), b"ignore") if configured is None else configured or None
    return UserExcludes(expected, paths if expected is None else [*paths, expected])


def settings_in_files() -> Iterator[Setting]:
    """Yield the settings of the user's files, without those that they include."""
    for path in _user_config_paths():
        yield from read_settings(read_file_start(path, _MAX_CONFIG_BYTES) or b"")


def _sources_of_user(excludes: bytes | None) -> list[bytes] | None:
    """Return ``excludes``, and the files that say it is the file of the user's rules; None if others decide too."""
    if any(setting.section in (b"include", b"includeif") for setting in settings_in_files()):
        return None
    expected = expected_excludes()
    return expected.sources if excludes == expected.path else None


def _trusted(repository: Repository | None) -> Repository | None:
    return None if repository is None or repository.doubt else repository


def _user_config_paths() -> list[bytes]:
    paths = []
    if os.environ.get("GIT_CONFIG_NOSYSTEM", "0").lower() in ("", "0", "false", "no", "off"):
        paths.append(os.fsencode(os.environ.get("GIT_CONFIG_SYSTEM", "/etc/gitconfig")))
    if (of_user := os.environ.get("GIT_CONFIG_GLOBAL")) is not None:
        return [*paths, os.fsencode(of_user)]
    return [*paths, os.path.join(_user_config_folder(), b"config"), os.path.expanduser(b"~/.gitconfig")]


def _user_config_folder() -> bytes:
    config_home = os.environ.get("XDG_CONFIG_HOME")
    return os.path.join(os.fsencode(config_home) if config_home else os.path.expanduser(b"~/.config"), b"git")
