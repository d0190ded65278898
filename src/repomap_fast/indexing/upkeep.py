"""Upkeep of indexes on disk: reports sizes, finds problems, prunes and deletes.

It never deletes a file that is not ours.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError, StoreError
from repomap_fast.indexing.audit import StoredIndex
from repomap_fast.indexing.state import block_keys
from repomap_fast.indexing.work_tree import REPOSITORY_STATE, WorkTree, forget, tree_keys
from repomap_fast.store.cache_folder import cache_folder, check_cache_folder, is_cache_folder
from repomap_fast.store.database import DATABASE, FILES, FORMAT
from repomap_fast.store.private_folder import PrivateFolder
from repomap_fast.store.sqlite_store import COLUMNS, SqliteStore
from repomap_fast.store.store import DEFAULT_MAX_AGE_DAYS, DEFAULT_MAX_BYTES

if TYPE_CHECKING:
    from repomap_fast.indexing.audit import StoredState

_DEPTH = 2
"""Levels of folders in the folder of an index: columns, and in it one for each state."""
_MOST_ATTEMPTS = 5
"""To delete an index that other processes write to."""


@dataclass(frozen=True, slots=True)
class TreeReport:
    """What an index has of one work tree.

    root      path of the folder that was scanned; None if it is not known.
    of_commit whether its files are those of the commit that was scanned last, and not those of the folder.
    choices   how many choices of its files there are; each has a state of its own.
    files     files with a language in the largest choice.
    tags      tags of these.
    """

    root: str | None
    of_commit: bool
    choices: int
    files: int
    tags: int


@dataclass(frozen=True, slots=True)
class IndexReport:
    """The size of an index.

    root          the repository: the path of its first work tree, or the address it was cloned from, after
                  ``remote://``; None if it is not known.
    disk_bytes    bytes of all files.
    blocks        how many blocks there are, of present and former contents of files.
    block_bytes   bytes of these.
    trees         the work trees and clones that share the blocks, sorted by their paths.
    written_s     when the index was last written, in seconds since 1970.
    damage        why the other figures are missing; None if no damage was seen.
    """

    folder: Path
    root: str | None
    disk_bytes: int
    blocks: int
    block_bytes: int
    trees: tuple[TreeReport, ...]
    written_s: float
    damage: str | None

    @property
    def choices(self) -> int:
        """How many choices of files there are in all work trees."""
        return sum(tree.choices for tree in self.trees)

    @property
    def files(self) -> int:
        """Files with a language in the largest work tree."""
        return max((tree.files for tree in self.trees), default=0)

    @property
    def tags(self) -> int:
        """Tags of the work tree that has the most."""
        return max((tree.tags for tree in self.trees), default=0)

    @property
    def bytes_per_tag(self) -> float:
        """Bytes on disk for each tag; 0 if there are none."""
        return self.disk_bytes / self.tags if self.tags else 0.0


def index_folders(cache_dir: str | os.PathLike[str] | None = None) -> list[Path]:
    """Return the folders of all indexes, sorted. Raises StoreError if another user may change them."""
    if not check_cache_folder(cache_dir):
        return []
    try:
        with os.scandir(cache_folder(cache_dir) / f"v{FORMAT}") as scan:
            return sorted(Path(entry.path) for entry in scan if has_index(Path(entry.path)))
    except OSError as error:
        raise StoreError(f"the cache folder cannot be read: {error}") from error


def has_index(folder: Path) -> bool:
    """Return whether there is an index in ``folder``: a database, even if damaged, a link, or another user's."""
    try:
        return not folder.is_symlink() and (folder / DATABASE).lstat() is not None
    except OSError:
        return False


def report_index(folder: Path) -> IndexReport:
    """Return the size of the index in ``folder``. Raises StoreError if it must not or cannot be read."""
    files = _file_statuses(folder)
    root, blocks, block_bytes, damage = None, 0, 0, None
    trees: tuple[TreeReport, ...] = ()
    try:
        with StoredIndex(folder) as stored:
            known = stored.state(REPOSITORY_STATE)
            root = str(known["path"]) if known is not None else None
            blocks, block_bytes = stored.counts()
            trees = _report_trees(stored)
    except IndexUnreadableError:
        raise
    except IndexDamagedError as error:
        damage = str(error)
    return IndexReport(
        folder=folder,
        root=root,
        disk_bytes=sum(status.st_size for status in files),
        blocks=blocks,
        block_bytes=block_bytes,
        trees=trees,
        written_s=max((status.st_mtime for status in files), default=0.0),
        damage=damage,
    )


def _report_trees(stored: StoredIndex) -> tuple[TreeReport, ...]:
    """Return what the index has of each work tree that a scan has ended in. Raises IndexDamagedError."""
    reports = []
    for key in tree_keys(stored.state_names()):
        states = [stored.stored_state(choice).state for choice in stored.choices() if choice.startswith(f"{key}-")]
        if not states:
            continue
        tree = stored.state(f"tree:{key}")
        n_files, n_tags = max((len(s), int(s.tag_counts.sum(dtype=np.int64))) for s in states)
        root, of_commit = (None, False) if tree is None else (str(tree["path"]), bool(tree["of_commit"]))
        reports.append(TreeReport(root, of_commit, len(states), n_files, n_tags))
    return tuple(sorted(reports, key=lambda report: (report.root or "", report.of_commit)))


def _file_statuses(folder: Path) -> list[os.stat_result]:
    """Return the status of every file of an index. Raises StoreError."""
    with _opened(folder) as private:
        return list(private.files(depth=_DEPTH))


def _disk_bytes(folder: Path) -> int:
    return sum(status.st_size for status in _file_statuses(folder))


def _opened(folder: Path) -> PrivateFolder:
    try:
        return PrivateFolder.open(folder)
    except OSError as error:
        raise StoreError(f"the index {folder} cannot be read: {error.strerror or error}") from error


def index_problems(folder: Path) -> Iterator[str]:
    """Read everything in an index, and yield a sentence for each problem; nothing is repaired.

    Raises StoreError if it must not or cannot be read.
    """
    try:
        with StoredIndex(folder) as stored:
            yield from stored.problems()
    except IndexUnreadableError:
        raise
    except IndexDamagedError as error:
        yield str(error)


def prune_index(folder: Path, *, max_age_days: float = DEFAULT_MAX_AGE_DAYS, max_bytes: int = DEFAULT_MAX_BYTES) -> int:
    """Remove blocks that were not used for long, or are too many; return how many bytes of disk were freed.

    Work trees whose folders are gone are forgotten. Blocks of the files of the last scans of the others count as used
    today. Raises StoreError.
    """
    before = _disk_bytes(folder)
    store = SqliteStore(folder)
    try:
        forget(store, _gone_trees(store))
        _forget_unreadable(store)
        for _, stored in _readable_states(folder):
            store.touch(_keys_of(stored), fresh_days=0)
        store.prune(max_age_days=max_age_days, max_bytes=max_bytes)
        if store.write_trouble is not None:
            raise StoreError(f"the index cannot be changed: {store.write_trouble}")
        store.drop_orphans()
    finally:
        store.close()
    return max(0, before - _disk_bytes(folder))


def _gone_trees(store: SqliteStore) -> list[str]:
    """Return the keys of the work trees whose folders are no longer there, or are not known."""
    trees = {key: store.read_state(f"tree:{key}") for key in tree_keys(store.state_names())}
    return [key for key, tree in trees.items() if tree is None or not Path(tree["path"]).is_dir()]


def _forget_unreadable(store: SqliteStore) -> None:
    """Remove the states of files that cannot be read, so that their columns go as well."""
    names = [name for name in store.state_names() if name.startswith("base:")]
    store.drop_states([name for name in names if store.read_state(name) is None])


def _keys_of(stored: StoredState) -> list[bytes]:
    """Return the keys of the blocks of a state."""
    state = stored.state
    rows = np.flatnonzero(state.has_block() & state.digests.any(axis=1))
    known = [row for row in rows.tolist() if int(state.language_ids[row]) in stored.query_keys]
    return block_keys(state, known, stored.query_keys)


def _readable_states(folder: Path) -> Iterator[tuple[str, StoredState]]:
    """Yield the states that are not damaged. Raises IndexUnreadableError: what a state needs must not go meanwhile."""
    with StoredIndex(folder) as stored:
        for choice in stored.choices():
            try:
                yield choice, stored.stored_state(choice)
            except IndexUnreadableError:
                raise
            except IndexDamagedError:
                continue


def clear_tree(folder: Path, root: str | os.PathLike[str]) -> int:
    """Delete what an index has of one work tree, and the blocks that no other one needs; return the freed bytes.

    The index goes with its last work tree. Raises as ``clear_index``.
    """
    _check_was_made_by_us(folder)
    keys = {WorkTree.key_of(root, of_commit=of_commit) for of_commit in (False, True)}
    try:
        with StoredIndex(folder) as stored:
            has_others = bool(set(tree_keys(stored.state_names())) - keys)
    except IndexUnreadableError:
        raise
    except IndexDamagedError:
        has_others = False
    return _clear_tree(folder, keys) if has_others else clear_index(folder)


def _clear_tree(folder: Path, keys: set[str]) -> int:
    before = _disk_bytes(folder)
    own: set[bytes] = set()
    others: set[bytes] = set()
    for choice, stored in _readable_states(folder):
        needed = own if choice.partition("-")[0] in keys else others
        needed.update(_keys_of(stored))
    store = SqliteStore(folder)
    try:
        forget(store, keys)
        store.drop_blocks(own - others)
        if store.write_trouble is not None:
            raise StoreError(f"the index cannot be changed: {store.write_trouble}")
    finally:
        store.close()
    return max(0, before - _disk_bytes(folder))


def clear_index(folder: Path) -> int:
    """Delete an index; return the bytes that were freed.

    Raises StoreError, before anything is deleted, if the folder or anything in it is not ours.
    """
    _check_was_made_by_us(folder)
    try:
        with PrivateFolder.open(folder.parent) as above, above.folder(folder.name) as private:
            n_bytes = sum(status.st_size for status in private.files(depth=_DEPTH))
            _check_is_all_ours(private)
            _delete_with_contents(folder, private)
    except OSError as error:
        raise StoreError(f"{folder} could not be deleted: {error.strerror or error}") from error
    return n_bytes


def _delete_with_contents(folder: Path, private: PrivateFolder) -> None:
    """Delete a folder. Raises OSError, also if other processes go on to write into it."""
    for n_left in reversed(range(_MOST_ATTEMPTS)):
        _delete_all(private)
        try:
            folder.rmdir()
            return
        except OSError as error:
            # Another process has written into it since.
            if n_left == 0 or error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise


def _check_was_made_by_us(folder: Path) -> None:
    if not is_cache_folder(folder.parent.parent) or folder.parent.name != f"v{FORMAT}":
        raise StoreError(f"{folder} is not deleted: {folder.parent.parent} was not made by repomap-fast")


def _check_is_all_ours(folder: PrivateFolder) -> None:
    for name in folder.names():
        is_ours = name in FILES or (name == COLUMNS and stat.S_ISDIR(folder.status(name).st_mode))
        if not is_ours:
            raise StoreError(f"{folder.path} is not deleted: {name!r} in it is not ours; remove it first")
        if name in FILES:
            folder.check_file(name)
    # A database that is damaged may be deleted; another program's may not. One that cannot be read may be either.
    try:
        with StoredIndex(folder.path):
            pass
    except IndexUnreadableError:
        raise
    except IndexDamagedError:
        pass


def _delete_all(folder: PrivateFolder) -> None:
    """Delete the files and folders that have our names. Raises OSError."""
    folder.remove_folder(COLUMNS)
    for name in FILES:
        with suppress(FileNotFoundError):
            folder.remove(name)
