"""The history of an index: read from git when it is first asked for, kept in the store, and read on from there.

It never asks git for anything while the commit that is checked out is the one of the history that is kept. Damaged or
foreign data counts as no history.
"""

from __future__ import annotations

import base64
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    History,
    has_history,
    read_history,
)
from repomap_fast.errors import GitError
from repomap_fast.store.state_schema import HISTORY_STATE
from repomap_fast.store.store import MemoryStore
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.progress import Progress

_FORMAT = b"history1"
_MAX_PACKED_BYTES = 2**27
"""Of a history before it is compressed; one that takes more is not kept."""
_COMPRESSION = 3
"""Nine tenths of what the highest level saves, in half the time."""
_SIZES = np.dtype("<u4")
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
"""What is packed, one after another, each with its number of bytes before it."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptHistory:
    """A history, the commit that it ends with, and where in its repository the folder is."""

    commit: str
    place: str
    history: History


def load_history(index: LoadedIndex, root: Path, watch: Progress, patience_s: float = PATIENCE_S) -> History:
    """Return the last commits of the files below ``root``; NO_HISTORY where there is none that may be read.

    After ``patience_s`` seconds of reading, what was read counts. Raises ScanCancelled, StoreError.
    """
    folder = os.path.realpath(os.fsencode(root))
    repository = repository_around(folder)
    commit = head_commit(repository, watch) if repository is not None and has_history(repository) else None
    if repository is None or commit is None:
        return NO_HISTORY
    place = os.fsdecode(os.path.relpath(folder, os.path.realpath(repository.top)))
    last = index.history or _read(index)
    if last is not None and last.place != place:
        last = None
    if last is None or last.commit != commit:
        known = NO_HISTORY if last is None else last.history
        try:
            history = read_history(repository, folder, commit, watch, known=known, patience_s=patience_s)
        except GitError:
            return NO_HISTORY
        last = KeptHistory(commit, place, history)
        _write(index, last)
    index.history = last
    return last.history


def _read(index: LoadedIndex) -> KeptHistory | None:
    state = index.store.read_state(HISTORY_STATE)
    history = None if state is None else unpack(state["packed"])
    return None if history is None else KeptHistory(state["commit"], state["place"], history)


def _write(index: LoadedIndex, kept: KeptHistory) -> None:
    packed = None if isinstance(index.store, MemoryStore) else pack(kept.history)
    if packed is not None:
        index.store.write_state(HISTORY_STATE, {"commit": kept.commit, "place": kept.place, "packed": packed})


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
    parts = [columns[name].astype(dtype).tobytes() for name, dtype in _COLUMNS]
    sizes = np.array(list(map(len, parts)), _SIZES).tobytes()
    if sum(map(len, parts)) > _MAX_PACKED_BYTES:
        return None
    return base64.b64encode(_FORMAT + zlib.compress(sizes + b"".join(parts), _COMPRESSION)).decode()


def unpack(packed: str) -> History | None:
    """Return the history that ``pack`` packed; None for any other text."""
    try:
        data = base64.b64decode(packed, validate=True)
        if not data.startswith(_FORMAT):
            return None
        unpacked = zlib.decompressobj().decompress(data[len(_FORMAT) :], _MAX_PACKED_BYTES + 2**10)
        return _history_of(_split(unpacked))
    except (ValueError, zlib.error):
        return None


def _split(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the packed columns. Raises ValueError."""
    start = len(_COLUMNS) * _SIZES.itemsize
    columns = {}
    for (name, dtype), size in zip(_COLUMNS, np.frombuffer(data[:start], _SIZES).tolist(), strict=True):
        columns[name] = np.frombuffer(data[start : start + size], dtype)
        start += size
    if start != len(data):
        raise ValueError(f"{len(data)} bytes of a history; expected {start}")
    return columns


def _history_of(columns: dict[str, NDArray[Any]]) -> History:
    """Return the history of its columns. Raises ValueError if they do not fit each other."""
    n = len(columns["times_s"])
    path_offsets = offsets_from(columns["path_counts"])
    paths = StringTable(offsets_from(columns["path_lengths"]), columns["paths"])
    messages = StringTable(offsets_from(columns["message_lengths"]), columns["messages"])
    path_ids = columns["path_ids"].astype(np.uint32)
    is_sound = (
        n <= MAX_COMMITS
        and n == len(columns["knowledge"]) == len(path_offsets) - 1 == len(messages)
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
