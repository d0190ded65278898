"""Whether a walk may stand for git's listing: what decides that listing is as it was, and both have agreed before.

To start git takes longer than a walk over folders that did not change. But git's listing depends on more than folders:
on its index, on settings, and on rules from outside. Each of these files has a stamp. While all stamps are the same,
and the walk has once found just the files that git listed, the walk goes on alone. Where anything is in doubt, git is
asked.
"""

from __future__ import annotations

import os
import time
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.discovery import stamps
from repomap_fast.discovery.excludes import expected_excludes, settings_in_files, settings_of_user, user_excludes
from repomap_fast.discovery.git_folder import Repository, repository_settings
from repomap_fast.discovery.git_view import read_excludes
from repomap_fast.discovery.ignore import FOLDS_CASE
from repomap_fast.discovery.stamps import are_current, settled_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.discovery.git_config import Setting
    from repomap_fast.discovery.stamps import Stamp
    from repomap_fast.progress import Progress

_MAX_WAIT = 2**10
"""Looks at most from a comparison in vain to the next. They double each time, so that all cost little in the end."""

_FILES_A_LOOK = 5_000
"""A comparison of so many files takes as long as one look more with git than without."""

_IGNORE_CASE = (b"core", None, b"ignorecase")
_NO = (b"", b"0", b"false", b"no", b"off")


class _Place(NamedTuple):
    """Where git is asked: ``root`` without links, the repository and the inode of its folder, the user's settings."""

    root: bytes
    repository: Repository
    inode: tuple[int, int]
    settings: object


class State(NamedTuple):
    """What decides git's listing, beside the folders and rule files below the root.

    stamps    of files outside of the root, and of those that git keeps.
    excludes  the file that ``core.excludesFile`` names, if any.
    """

    place: _Place
    stamps: dict[bytes, Stamp | None]
    excludes: bytes | None


class GitMemory:
    """What is known of git's listings of one root, in this process. ``look`` comes before all else.

    has_agreed  whether the walk and git have found the same files, in the state that ``look`` found.
    """

    def __init__(self) -> None:
        self.has_agreed = False
        self._state: State | None = None
        self._n_looks = 0
        self._is_plain = True
        self._wait = self._n_left = 0

    @property
    def state(self) -> State | None:
        """The state that ``look`` found; None where git has to be asked whatever it is."""
        return self._state

    def look(self, root: bytes, repository: Repository | None) -> None:
        """Find out whether what decides git's listing is as it was at the last look.

        root        without symbolic links.
        repository  that it is in, as it is now.
        """
        place = _place_of(root, repository)
        last = self._state
        if last is not None and last.place == place and are_current(last.stamps):
            self._n_looks += 1
        else:
            self._n_looks = 0
            self._state = None if place is None else _state_of(place)
            self.has_agreed, self._is_plain = False, True
            self._wait = self._n_left = 0

    def may_compare(self, n_files: int, watch: Progress) -> bool:
        """Return whether it is worth a walk over ``n_files`` to find out if it agrees with git.

        A state that few looks have found may be another one soon.
        """
        if self.has_agreed or not self._is_plain or self._n_looks <= n_files // _FILES_A_LOOK:
            return False
        if self._n_left:
            self._n_left -= 1
            return False
        assert self._state is not None
        self._is_plain = _is_plain(self._state, watch)
        return self._is_plain

    def compared(self, *, is_same: bool) -> None:
        """Note whether the walk has found just the files that git listed."""
        self.has_agreed = is_same
        if not is_same:
            self.doubt()

    def doubt(self) -> None:
        """Note that a walk met what git may see otherwise, or new rules: both have to agree again."""
        self.has_agreed = False
        self._n_left = self._wait
        self._wait = min(_MAX_WAIT, 2 * self._wait + 1)

    def held(self) -> None:
        """Note that a walk stood for git's listing."""
        self._wait = 0


def _place_of(root: bytes, repository: Repository | None) -> _Place | None:
    """Return where git is asked; None where it is not, or where names that are not written alike can be the same."""
    if not stamps.CAN_TELL or FOLDS_CASE or repository is None or repository.doubt:
        return None
    try:
        found = os.stat(repository.git_dir)
    except OSError:
        return None
    return _Place(root, repository, (found.st_dev, found.st_ino), settings_of_user())


def _state_of(place: _Place) -> State | None:
    """Return the state as it is now; None if a file of it has just changed, so that its stamp may not tell."""
    read_ns = time.time_ns()
    repository = place.repository
    of_user = expected_excludes()
    own = read_excludes(repository)
    excludes = of_user.path if own is None else own or None
    files = [
        *(os.path.join(repository.git_dir, name) for name in (b"HEAD", b"index")),
        os.path.join(repository.common_dir, b"config"),
        os.path.join(repository.common_dir, b"info/exclude"),
        *(of_user.sources or []),
        *([] if excludes is None else [excludes]),
        *_rule_files_above(place),
    ]
    # One that is not absolute, git and we would look for in different folders.
    if not all(map(os.path.isabs, files)):
        return None
    found = {path: settled_stamp(path, read_ns) for path in files}
    return None if () in found.values() else State(place, found, excludes)


def _rule_files_above(place: _Place) -> list[bytes]:
    """Return the paths of .gitignore files from the top of the work tree down to the folder that the root is in."""
    folder, paths = place.root, []
    while folder != place.repository.top:
        folder = os.path.dirname(folder)
        paths.append(os.path.join(folder, b".gitignore"))
    return paths


def _is_plain(state: State, watch: Progress) -> bool:
    """Return whether the stamped files are all that decides, and no setting makes git compare names in its own way."""
    if user_excludes(watch, state.place.settings).sources is None:
        return False
    of_repository = list(repository_settings(state.place.repository))
    return not (
        any(setting.section in (b"include", b"includeif") for setting in of_repository)
        or _folds_case(chain(settings_in_files(), of_repository))
    )


def _folds_case(settings: Iterable[Setting]) -> bool:
    return any(setting.key == _IGNORE_CASE and setting.value.lower() not in _NO for setting in settings)
