"""The history of an index: read from git when it is first asked for, kept in the store, and read on from there.

It never asks git for anything while the commit that is checked out is the one of the history that is kept. Damaged or
foreign data counts as no history.

The work trees of one repository share a history. A tree whose commits differ from it keeps the difference. Clones share
none: what a commit says is believed to the repository that it was read from, and to its work trees alone.
"""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.discovery.git_history import (
    MAX_COMMITS,
    MAX_FILES,
    NO_HISTORY,
    PATIENCE_S,
    UNREAD,
    Commit,
    History,
    has_history,
    read_history,
)
from repomap_fast.errors import GitError
from repomap_fast.indexing.packed_columns import pack_columns, unpack_columns
from repomap_fast.store.state_schema import AHEAD_STATE, HISTORY_STATE
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.discovery.git_folder import Repository
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.progress import Progress

_FORMAT = b"history1"
_MAX_AHEAD = 256
"""Commits that the work tree that made the shared history may keep beside it, before it writes it anew."""
_PARTS_OF_PATIENCE = 4
"""Of the time for a history, how many a call has for what the one before had no time for."""
_COMPRESSION = 3
"""Nine tenths of what the highest level saves, in half the time."""
_COLUMNS: tuple[tuple[str, str], ...] = (
    ("ids", "u1"),
    ("times_s", "<i8"),
    ("knowledge", "u1"),
    ("path_counts", "u1"),
    ("path_ids", "<u4"),
    ("path_lengths", "<u2"),
    ("paths", "u1"),
    ("message_lengths", "<u2"),
    ("messages", "u1"),
)
"""What is packed."""


class KeptHistory(NamedTuple):
    """A history, the commit that it ends with, and which folder of which repository it is of.

    is_final  whether it was read on in vain: what is missing of it is not to be had now.
    """

    commit: str
    place: str
    history: History
    is_final: bool = False

    @property
    def n_unread(self) -> int:
        """Commits that there was no time to read."""
        return int(np.count_nonzero(self.history.knowledge == UNREAD))


def load_history(
    index: LoadedIndex, root: Path, watch: Progress, patience_s: float = PATIENCE_S, *, commit: str | None = None
) -> History:
    """Return the last commits of the files below ``root``; NO_HISTORY where there is none that may be read.

    commit  the id of the last one; None for the one that is checked out.

    After ``patience_s`` seconds of reading, what was read counts, and the next call reads on, for a part of that time.
    Raises ScanCancelled, StoreError.
    """
    folder = os.path.realpath(os.fsencode(root))
    repository = repository_around(folder)
    if repository is None or not has_history(repository):
        return NO_HISTORY
    commit = commit or head_commit(repository, watch)
    if commit is None:
        return NO_HISTORY
    place = _place(repository, folder)
    last = index.history if index.history is not None and index.history.place == place else None
    if last is None or last.commit != commit:
        stored = _read(index, place, commit)
        if stored is not None and (last is None or stored.commit == commit):
            last = stored
    if last is None or last.commit != commit:
        known = NO_HISTORY if last is None else last.history
        try:
            history = read_history(repository, folder, commit, watch, known=known, patience_s=patience_s)
        except GitError:
            return NO_HISTORY
        last = KeptHistory(commit, place, history)
        _write(index, last)
    elif last.n_unread and not last.is_final:
        patience_s /= _PARTS_OF_PATIENCE
        try:
            more = read_history(repository, folder, commit, watch, known=last.history, patience_s=patience_s)
        except GitError:
            more = NO_HISTORY
        found = KeptHistory(commit, place, more)
        # There may not even be time to list the commits.
        if len(more) == len(last.history) and found.n_unread < last.n_unread:
            last = found
            _write(index, last)
        else:
            last = last._replace(is_final=True)
    index.history = last
    return last.history


def _place(repository: Repository, folder: bytes) -> str:
    """Return which folder of which repository this is. Its work trees have the same; a clone has another one."""
    below = os.path.relpath(folder, os.path.realpath(repository.top))
    common_dir = os.path.realpath(repository.common_dir)
    return hashlib.blake2b(common_dir + b"\0" + below, digest_size=8).hexdigest()


def _read(index: LoadedIndex, place: str, commit: str) -> KeptHistory | None:
    """Return the history that is kept for a place, of that commit if there is one of it."""
    shared = index.store.read_state(_shared_name(place))
    history = None if shared is None or shared["place"] != place else unpack(shared["packed"])
    if history is None or shared["commit"] == commit:
        return None if history is None else KeptHistory(commit, place, history)
    own = index.store.read_state(_own_name(index))
    ahead = None
    if own is not None and (own["place"], own["shared"]) == (place, _digest(shared["packed"])):
        ahead = _over(history, own)
    return KeptHistory(shared["commit"], place, history) if ahead is None else KeptHistory(own["commit"], place, ahead)


def _write(index: LoadedIndex, kept: KeptHistory) -> None:
    """Keep a history: its difference from the shared one, or in place of that."""
    if isinstance(index.store, MemoryStore):
        return
    name, tree = _shared_name(kept.place), _tree(index)
    shared = index.store.read_state(name)
    history = None if shared is None or shared["place"] != kept.place else unpack(shared["packed"])
    if history is not None and not bool((history.knowledge == UNREAD).any()):
        rows, new = _difference(history, kept.history)
        packed = pack(new)
        if packed is not None and (shared["tree"] != tree or len(new) <= _MAX_AHEAD):
            state = {"shared": _digest(shared["packed"]), "rows": _pack_rows(rows), "packed": packed}
            index.store.write_state(_own_name(index), {"commit": kept.commit, "place": kept.place, **state})
            return
    packed = pack(kept.history)
    if packed is not None:
        index.store.write_state(name, {"commit": kept.commit, "place": kept.place, "tree": tree, "packed": packed})


def _difference(shared: History, history: History) -> tuple[list[int], History]:
    """Return of each commit its row in the shared history, or after it in the history of the others, and that."""
    rows = {commit.id: row for row, commit in enumerate(shared.commits()) if commit.knowledge != UNREAD}
    others: list[Commit] = []
    for commit in history.commits():
        if commit.id not in rows:
            rows[commit.id] = len(shared) + len(others)
            others.append(commit)
    return [rows[commit.id] for commit in history.commits()], History.of(others)


def _over(shared: History, own: dict[str, Any]) -> History | None:
    """Return the history whose difference from the shared one was kept; None if they do not fit."""
    new = unpack(own["packed"])
    rows = None if new is None else _unpack_rows(own["rows"])
    if new is None or rows is None or (len(new) and len(shared) and new.ids.shape[1] != shared.ids.shape[1]):
        return None
    commits = [*shared.commits(), *new.commits()]
    return History.of([commits[row] for row in rows]) if all(row < len(commits) for row in rows) else None


def _pack_rows(rows: list[int]) -> str:
    # Most rows follow the one before.
    steps = np.diff(np.array(rows, np.int32), prepend=np.int32(0)).astype("<i4")
    return base64.b64encode(zlib.compress(steps.tobytes(), _COMPRESSION)).decode()


def _unpack_rows(packed: str) -> list[int] | None:
    most = 4 * MAX_COMMITS
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(packed, validate=True), most + 1)
    except (ValueError, zlib.error):
        return None
    if len(data) % 4 or len(data) > most or not unpacker.eof:
        return None
    rows: list[int] = np.cumsum(np.frombuffer(data, "<i4"), dtype=np.int64).tolist()
    return rows if min(rows, default=0) >= 0 else None


def _digest(packed: str) -> str:
    return hashlib.blake2b(packed.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _tree(index: LoadedIndex) -> str:
    return index.name.partition("-")[0]


def _own_name(index: LoadedIndex) -> str:
    return f"{AHEAD_STATE}:{_tree(index)}"


def _shared_name(place: str) -> str:
    return f"{HISTORY_STATE}:{place}"


def pack(history: History) -> str | None:
    """Return a history as compressed text; None if it is too large to be kept."""
    columns: dict[str, NDArray[Any]] = {
        "ids": history.ids,
        "times_s": history.times_s,
        "knowledge": history.knowledge,
        "path_counts": np.diff(history.path_offsets),
        "path_ids": history.path_ids,
        "path_lengths": np.diff(history.paths.offsets),
        "paths": history.paths.data,
        "message_lengths": np.diff(history.messages.offsets),
        "messages": history.messages.data,
    }
    packed = pack_columns(columns, _COLUMNS, _COMPRESSION)
    return None if packed is None else base64.b64encode(_FORMAT + packed).decode()


def unpack(packed: str) -> History | None:
    """Return the history that ``pack`` packed; None for any other text."""
    try:
        data = base64.b64decode(packed, validate=True)
        if not data.startswith(_FORMAT):
            return None
        return _history_of(unpack_columns(data[len(_FORMAT) :], _COLUMNS))
    except ValueError:
        return None


def _history_of(columns: dict[str, NDArray[Any]]) -> History:
    """Return the history of its columns. Raises ValueError if they do not fit each other."""
    n = len(columns["times_s"])
    # A column of lengths is a fourth of its bounds.
    n_paths, n_messages = len(columns["path_lengths"]), len(columns["message_lengths"])
    if n > MAX_COMMITS or n != n_messages or n != len(columns["path_counts"]) or n_paths > n * MAX_FILES:
        raise ValueError(f"{n} commits with {n_messages} messages and {n_paths} paths")
    path_offsets = offsets_from(columns["path_counts"])
    paths = StringTable(offsets_from(columns["path_lengths"]), columns["paths"])
    messages = StringTable(offsets_from(columns["message_lengths"]), columns["messages"])
    path_ids = columns["path_ids"].astype(np.uint32)
    is_sound = (
        n == len(columns["knowledge"])
        and len(columns["ids"]) in (20 * n, 32 * n)
        and bool((columns["knowledge"] <= UNREAD).all() and (columns["path_counts"] <= MAX_FILES).all())
        and int(path_offsets[-1]) == len(path_ids)
        and bool((path_ids < len(paths)).all())
        and paths.is_well_formed()
        and messages.is_well_formed()
    )
    if not is_sound:
        raise ValueError("the columns of a history do not fit each other")
    return History(
        ids=columns["ids"].reshape(n, -1 if n else 20),
        times_s=columns["times_s"].astype(np.int64),
        knowledge=columns["knowledge"],
        path_offsets=path_offsets,
        path_ids=path_ids,
        paths=paths,
        messages=messages,
    )
