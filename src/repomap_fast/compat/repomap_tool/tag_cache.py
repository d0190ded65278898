"""repomap-tool's tags, and its cache of them: lists of tags by file, in a store of ours."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from repomap_fast.compat.named_files import CodeTag
from repomap_fast.options import DEFAULT_MAX_FILE_BYTES
from repomap_fast.safe_files import read_regular
from repomap_fast.store.sqlite_store import SqliteStore

DISABLING_VARIABLE = "REPOMAP_DISABLE_CACHE"
_STATE = "tags:"


def is_cache_disabled() -> bool:
    """Return whether the user has switched caches off, by repomap-tool's environment variable."""
    return os.environ.get(DISABLING_VARIABLE, "0").lower() in ("1", "true", "yes")


def default_cache_folder() -> Path:
    """Return the folder where repomap-tool keeps its cache."""
    return Path.home() / ".repomap-tool" / "cache"


class TreeSitterTagCache:
    """Tags of files, kept for as long as their contents stay what they were; any number of threads may share it.

    The database is our store's (``tags.sqlite3`` in ``cache_dir``): one connection, one transaction a call, sealed
    rows. A file's contents alone decide; one that was only touched is still known.
    """

    def __init__(self, cache_dir: str | os.PathLike[str] | None = None) -> None:
        """Open or make the cache. Raises StoreError where there can be none."""
        self.cache_dir = default_cache_folder() if cache_dir is None else Path(cache_dir)
        self._lock = threading.Lock()
        self._store = None if is_cache_disabled() else SqliteStore(self.cache_dir)

    @property
    def db_path(self) -> Path:
        """The path of the database."""
        return self.cache_dir / "tags.sqlite3" if self._store is None else self._store.database_path

    def get_tags(self, file_path: str | os.PathLike[str]) -> list[CodeTag] | None:
        """Return the tags that were set for the file; None where there are none, or it has changed since."""
        digest = _digest(file_path) if self._store is not None else None
        if self._store is None or digest is None:
            return None
        with self._lock:
            state = self._store.read_state(_name(file_path))
        return None if state is None or _field(state, "digest") != digest else _read_tags(state)

    def set_tags(self, file_path: str | os.PathLike[str], tags: Sequence[CodeTag]) -> None:
        """Keep the tags of the file as it is now. Raises OSError where it cannot be read."""
        self.set_tags_of_files({os.fspath(file_path): tags})

    def set_tags_of_files(self, tags_by_file: Mapping[str, Sequence[CodeTag]]) -> None:
        """Keep the tags of many files in one transaction. Raises OSError where one cannot be read."""
        if self._store is None:
            return
        states = {}
        for path, tags in tags_by_file.items():
            digest = _digest(path)
            if digest is None:
                raise FileNotFoundError(f"{path!r} cannot be read; expected the file that these tags are of")
            states[_name(path)] = {"digest": digest, "tags": [astuple(tag) for tag in tags]}
        with self._lock:
            self._store.write_states(states)

    def invalidate_file(self, file_path: str | os.PathLike[str]) -> None:
        """Forget a file."""
        self._drop([_name(file_path)])

    def clear(self) -> None:
        """Forget all files."""
        self._drop(self._names())

    def get_cache_stats(self) -> dict[str, Any]:
        """Return counts of files and tags, the bytes of their names and kinds, and the path of the database."""
        lists = []
        for name in self._names():
            with self._lock:
                state = None if self._store is None else self._store.read_state(name)
            lists.append(_read_tags(state) or [])
        return {
            "cached_files": len(lists),
            "total_tags": sum(map(len, lists)),
            "approx_size_bytes": sum(len(tag.name) + len(tag.kind) for tags in lists for tag in tags),
            "cache_location": str(self.db_path),
        }

    def close(self) -> None:
        """Let go of the database; it is opened again when it is needed."""
        if self._store is not None:
            self._store.close()

    def _names(self) -> list[str]:
        if self._store is None:
            return []
        with self._lock:
            return [name for name in self._store.state_names() if name.startswith(_STATE)]

    def _drop(self, names: Iterable[str]) -> None:
        if self._store is not None:
            with self._lock:
                self._store.drop_states(names)


def _name(file_path: str | os.PathLike[str]) -> str:
    # Any bytes may be in a path, and a state's name is text.
    return _STATE + os.fsencode(file_path).decode("latin-1")


def _digest(file_path: str | os.PathLike[str]) -> str | None:
    try:
        return hashlib.blake2b(read_regular(file_path, DEFAULT_MAX_FILE_BYTES)).hexdigest()
    except OSError:
        return None


def _field(state: Any, name: str) -> Any:
    return state.get(name) if isinstance(state, dict) else None


def _read_tags(state: Any) -> list[CodeTag] | None:
    """Return the tags in a state; None where it is not what was written."""
    rows = _field(state, "tags")
    if not isinstance(rows, list):
        return None
    try:
        return [CodeTag(*row) for row in rows]
    except TypeError:
        return None
