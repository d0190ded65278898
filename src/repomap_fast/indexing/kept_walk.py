"""The last walk of a folder, kept for the next process: it lists no folder if none has changed.

Most of a question about a large tree without git would be the listing of its folders. To ask for the times of all
folders takes a tenth of that.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.discovery.file_stats import FOLDER, Inodes
from repomap_fast.discovery.walk_memory import KeptWalk, Tree
from repomap_fast.indexing.packed_columns import pack_columns, unpack_columns
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.state_schema import WALK_STATE
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.discovery.stamps import Stamp
    from repomap_fast.store.store import Store

WORTH_KEEPING = 256
"""Folders of a walk that takes longer than to read what is kept of it."""
MAX_PATHS = 1 << 21
"""Folders, rule files and files of a walk that is kept."""
_MAX_OUTSIDE = 1000
"""Files outside of the root, on which the rules of a walk that is kept depend."""
_FORMAT = 2
"""Another number for each change of what is kept, and of the rules by which a walk chooses files."""
_COMPRESSION = 1
_COLUMNS = (
    ("path_lengths", "<u4"),
    ("paths", "u1"),
    ("of_folders", "<u4"),
    ("kinds", "u1"),
    ("sizes_bytes", "<i8"),
    ("mtimes_ns", "<i8"),
    ("ctimes_ns", "<i8"),
    ("inodes", "<u8"),
)
"""What is packed."""
_OF_INODES = ("kinds", "sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes")


def read_walk(store: Store, name: str) -> KeptWalk | None:
    """Return the walk that the store has under the name of an index; None if there is none of this format."""
    state = store.read_state(_state_name(name)) if isinstance(store, SqliteStore) else None
    if state is None or state["format"] != _FORMAT or len(state["outside"]) > _MAX_OUTSIDE:
        return None
    try:
        columns = unpack_columns(base64.b64decode(state["packed"]), _COLUMNS)
        outside = {_path(path): _stamp(stamp) for path, stamp in state["outside"]}
        root = _stamp(state["root"])
    except (ValueError, TypeError):
        return None
    tree = _tree_of(columns)
    n = len(columns["of_folders"])
    if tree is None or root is None or any(len(columns[column]) != n for column in _OF_INODES):
        return None
    kinds, sizes_bytes, mtimes_ns, ctimes_ns, numbers = (columns[column] for column in _OF_INODES)
    inodes = Inodes(kinds, sizes_bytes, mtimes_ns, ctimes_ns, numbers, has_rule_files=False)
    return KeptWalk(state["environment"], root, outside, tree, inodes)


def write_walk(store: Store, name: str, walk: KeptWalk) -> None:
    """Keep a walk under the name of an index, in place of the one before, if it took long enough."""
    if not isinstance(store, SqliteStore) or int((walk.inodes.kinds == FOLDER).sum()) < WORTH_KEEPING:
        return
    if len(walk.tree.paths) > MAX_PATHS or len(walk.outside) > _MAX_OUTSIDE:
        return
    columns: dict[str, NDArray[Any]] = {
        "path_lengths": np.diff(walk.tree.paths.offsets),
        "paths": walk.tree.paths.data,
        "of_folders": walk.tree.of_folders,
        **{column: getattr(walk.inodes, column) for column in _OF_INODES},
    }
    packed = pack_columns(columns, _COLUMNS, _COMPRESSION)
    if packed is not None:
        outside = [[base64.b64encode(path).decode(), stamp] for path, stamp in walk.outside.items()]
        state = {"format": _FORMAT, "environment": walk.environment, "root": walk.root, "outside": outside}
        store.write_state(_state_name(name), {**state, "packed": base64.b64encode(packed).decode()})


def _tree_of(columns: dict[str, NDArray[Any]]) -> Tree | None:
    """Return the tree of these columns; None if they do not fit each other, or a path leads out of the root."""
    if len(columns["path_lengths"]) > MAX_PATHS:
        return None
    paths = StringTable(offsets_from(columns["path_lengths"]), columns["paths"])
    of_folders, n = columns["of_folders"].astype(np.intp), len(paths)
    if not paths.is_well_formed() or not bool((columns["path_lengths"] > 0).all()):
        return None
    if bool((paths.data[paths.offsets[:-1]] == ord("/")).any()) or _leads_up(paths):
        return None
    if len(of_folders) and not (int(of_folders[-1]) < n and bool((np.diff(of_folders) > 0).all())):
        return None
    is_file = np.ones(n, np.bool_)
    is_file[of_folders] = False
    return Tree(paths, of_folders, np.flatnonzero(is_file))


def _leads_up(paths: StringTable) -> bool:
    return b".." in paths.data.tobytes() and any(b".." in path.split(b"/") for path in paths if b".." in path)


def _path(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError
    return base64.b64decode(text)


def _stamp(value: object) -> Stamp | None:
    if value is not None and not (isinstance(value, list) and all(type(number) is int for number in value)):
        raise TypeError
    return None if value is None else tuple(value)


def _state_name(name: str) -> str:
    return f"{WALK_STATE}:{name}"
