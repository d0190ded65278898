"""Which repository a folder belongs to, and what a store knows of its work trees.

All work trees and clones of a repository have one store. A repository is named for where it was cloned from, else for
the folder of its first work tree. The name is no more than a name: nothing is looked up under it, and no state of one
work tree is used for another by it. Blocks are found by contents, so a repository that takes the name of another one
gains nothing but a common store.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from repomap_fast.discovery.git_folder import Repository, repository_around, repository_settings
from repomap_fast.store.cache_folder import NOT_A_PATH, store_folder
from repomap_fast.store.sqlite_store import FRESH_DAYS, today
from repomap_fast.store.state_schema import AHEAD_STATE, WALK_STATE
from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS

if TYPE_CHECKING:
    from repomap_fast.store.sqlite_store import SqliteStore

REPOSITORY_STATE = "repository"
_OF_TREES = ("tree", "base", "overlay", AHEAD_STATE, WALK_STATE)
"""Kinds of states that belong to one work tree."""
_MAX_URL_BYTES = 4096


class WorkTree(NamedTuple):
    """A folder that is scanned, and its repository.

    root        the real path of the folder.
    repository  the name of its repository: a path, or what begins with ``NOT_A_PATH``; outside of one the folder's own.
    of_commit   whether its files are those of a commit, whatever is in the folder: such a scan has a state of its own.
    """

    root: str
    repository: str
    of_commit: bool = False

    @classmethod
    def at(cls, root: str | os.PathLike[str]) -> Self:
        """Return the work tree of a folder. Git is not run, and a repository that is in doubt has no name."""
        real = os.path.realpath(root)
        repository = repository_around(os.fsencode(real))
        if repository is None or repository.doubt:
            return cls(real, real)
        return cls(real, _origin_of(repository) or _without_git(os.fsdecode(os.path.realpath(repository.common_dir))))

    @property
    def key(self) -> str:
        """What the states of the folder are named for."""
        return self.key_of(self.root, of_commit=self.of_commit)

    @staticmethod
    def key_of(root: str | os.PathLike[str], *, of_commit: bool = False) -> str:
        """Return what the states of a folder are named for."""
        name = os.fsencode(os.path.realpath(root)) + (b"\0commit" if of_commit else b"")
        return hashlib.blake2b(name, digest_size=8).hexdigest()

    def store_folder(self, cache_dir: str | os.PathLike[str] | None = None) -> Path:
        """Return the folder of its store, whether or not there is one."""
        return store_folder(self.repository, cache_dir)


def _origin_of(repository: Repository) -> str | None:
    """Return the name of what a repository was cloned from; None if it does not say so in a way that others share."""
    for setting in repository_settings(repository):
        if setting.key == (b"remote", b"origin", b"url"):
            value = setting.value or b""
            return _name_of_url(os.fsdecode(value)) if len(value) <= _MAX_URL_BYTES else None
    return None


def _name_of_url(url: str) -> str | None:
    """Return the same name for all addresses of a repository, without user, password and port."""
    scheme, is_url, rest = url.partition("://")
    if is_url and scheme.lower() == "file":
        is_url, url = "", "/" + rest.partition("/")[2]
    if not is_url and Path(url).is_absolute():
        # It is not looked at: it may be anywhere, and asking for it may have a price.
        return _without_git(os.path.normpath(url))
    if is_url:
        server, _, path = rest.partition("/")
        server = server.rpartition("@")[2]
        host = server.partition("]")[0] if server.startswith("[") else server.partition(":")[0]
    else:
        # host:path or user@host:path; one letter before the colon is a drive of Windows.
        server, _, path = url.partition(":")
        host = "" if "/" in server else server.rpartition("@")[2]
        host = host if len(host) > 1 else ""
    path = path.strip("/").removesuffix(".git").rstrip("/")
    return f"{NOT_A_PATH}{host.lower()}/{path}" if host and path else None


def _without_git(path: str) -> str:
    folder, name = os.path.split(path)
    return folder if name == ".git" else path


def register(store: SqliteStore, tree: WorkTree) -> None:
    """Register a work tree in the store. If it is new, forget those that were not scanned for long."""
    name = f"tree:{tree.key}"
    known = store.read_state(name)
    if known is not None and (store.is_read_only or today() - known["day"] <= FRESH_DAYS):
        return
    store.write_states(
        {
            name: {"path": tree.root, "of_commit": tree.of_commit, "day": today()},
            REPOSITORY_STATE: {"path": tree.repository},
        }
    )
    if known is None:
        trees = {key: store.read_state(f"tree:{key}") for key in tree_keys(store.state_names())}
        oldest = today() - DEFAULT_MAX_AGE_DAYS
        forget(store, [key for key, state in trees.items() if state is not None and state["day"] < oldest])


def tree_keys(state_names: Iterable[str]) -> list[str]:
    """Return the keys of all work trees that have states of these names, sorted."""
    return sorted({_tree_of(name) for name in state_names} - {""})


def forget(store: SqliteStore, keys: Iterable[str]) -> None:
    """Remove all states of these work trees, and the columns that no other one uses. Their blocks stay."""
    forgotten = set(keys)
    if not forgotten:
        return
    names = [name for name in store.state_names() if _tree_of(name) in forgotten]
    bases = [store.read_state(name) for name in names if name.startswith("base:")]
    store.drop_states(names)
    for token in {base["token"] for base in bases if base is not None}:
        store.drop_columns(token)


def _tree_of(state_name: str) -> str:
    """Return the key of the work tree that a state belongs to; empty if it belongs to none."""
    kind, _, rest = state_name.partition(":")
    return rest.partition("-")[0] if kind in _OF_TREES else ""
