"""git's index: the paths of the tracked files, read where git itself cannot be asked.

Only what finding files needs is read: of each entry its path, and whether it is a submodule. The format is that of
git's Documentation/gitformat-index.txt, versions 2 to 4, with SHA-1 or SHA-256.
"""

from __future__ import annotations

import hashlib
import os
import struct
from itertools import chain
from typing import NamedTuple

from repomap_fast.discovery.git_run import MAX_PATH_BYTES
from repomap_fast.errors import GitError
from repomap_fast.safe_files import read_start

_HEADER = struct.Struct(">4sII")
_MODE_OFFSET = 24
_STATUS_BYTES = 40
"""The fields of an entry before its object id: two times, device, inode, mode, owner, group, size."""

_TYPE_MASK = 0xF000
_TYPE_SUBMODULE = 0xE000
_TYPE_FOLDER = 0x4000
"""A folder outside a sparse checkout, in place of all files below it, none of which exists."""

_MAX_INDEX_BYTES = 2**27
"""More than a million files."""
_MAX_NAMES_BYTES = 2**26
"""What paths and folders may take where an index is small; above that, some times the size of the index."""
_MAX_GROWTH = 8

_FLAG_EXTENDED = 0x4000
_NAME_LENGTH_MASK = 0x0FFF


class TrackedPaths(NamedTuple):
    """The paths in an index, below the top of its work tree.

    folders    those that hold any of the others.
    is_sparse  whether the index has a folder in place of the files below it, which it does not name then.
    """

    files: frozenset[bytes]
    submodules: frozenset[bytes]
    folders: frozenset[bytes]
    is_sparse: bool = False

    @classmethod
    def of(cls, files: frozenset[bytes], submodules: frozenset[bytes], *, is_sparse: bool = False) -> TrackedPaths:
        """Find the folders of ``files`` and ``submodules``. Raises GitError where these are nested too deeply."""
        folders: set[bytes] = set()
        room = _MAX_NAMES_BYTES + _MAX_GROWTH * sum(len(path) for path in chain(files, submodules))
        for path in chain(files, submodules):
            folder = path.rpartition(b"/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                room -= len(folder)
                if room < 0:
                    raise GitError("the files in the index are nested too deeply")
                folder = folder.rpartition(b"/")[0]
        return cls(files, submodules, frozenset(folders), is_sparse)

    def moved(self, *, from_folder: bytes, to_folder: bytes) -> TrackedPaths:
        """Return the paths below ``from_folder``, as paths below ``to_folder``; both empty or ending in a slash."""
        if from_folder == to_folder == b"":
            return self
        return TrackedPaths.of(
            _moved(self.files, from_folder=from_folder, to_folder=to_folder),
            _moved(self.submodules, from_folder=from_folder, to_folder=to_folder),
            is_sparse=self.is_sparse,
        )


NOTHING_TRACKED = TrackedPaths.of(frozenset(), frozenset())


def _moved(paths: frozenset[bytes], *, from_folder: bytes, to_folder: bytes) -> frozenset[bytes]:
    return frozenset(to_folder + path[len(from_folder) :] for path in paths if path.startswith(from_folder))


def read_index(path: bytes) -> TrackedPaths:
    """Read the index at ``path``; a repository without one tracks nothing yet.

    Raises GitError if it cannot be read, is damaged, or is of a kind that only git can put together.
    """
    try:
        index = read_start(path, _MAX_INDEX_BYTES + 1)
    except FileNotFoundError:
        return NOTHING_TRACKED
    except OSError as error:
        raise GitError(f"the index {os.fsdecode(path)!r} cannot be read: {error.strerror}") from error
    try:
        if len(index) > _MAX_INDEX_BYTES:
            raise ValueError(f"it has more than {_MAX_INDEX_BYTES >> 20} MiB")
        return _parse_index(index)
    except (ValueError, struct.error, IndexError, MemoryError) as error:
        raise GitError(f"the index {os.fsdecode(path)!r} cannot be used: {error}") from error


def _parse_index(index: bytes) -> TrackedPaths:
    signature, version, n_entries = _HEADER.unpack_from(index)
    if signature != b"DIRC" or version not in (2, 3, 4):
        raise ValueError(f"it starts with {index[:8]!r}; expected 'DIRC' and a version from 2 to 4")
    id_bytes = _object_id_bytes(index)
    files: set[bytes] = set()
    submodules: set[bytes] = set()
    offset = _HEADER.size
    room = _MAX_NAMES_BYTES + _MAX_GROWTH * len(index)
    name = b""
    is_sparse = False
    for _ in range(n_entries):
        (mode,) = struct.unpack_from(">I", index, offset + _MODE_OFFSET)
        flags_offset = offset + _STATUS_BYTES + id_bytes
        (flags,) = struct.unpack_from(">H", index, flags_offset)
        name_offset = flags_offset + (4 if flags & _FLAG_EXTENDED else 2)
        if version == 4:
            n_dropped, name_offset = _read_varint(index, name_offset)
            if n_dropped > len(name):
                raise ValueError(f"its entry at byte {offset} takes {n_dropped} bytes off a path of {len(name)}")
            name_end = index.index(b"\0", name_offset)
            name = name[: len(name) - n_dropped] + index[name_offset:name_end]
            offset = name_end + 1
        else:
            length = flags & _NAME_LENGTH_MASK
            name_end = index.index(b"\0", name_offset) if length == _NAME_LENGTH_MASK else name_offset + length
            name = index[name_offset:name_end]
            # One to eight NULs follow, so that the entry's length is a multiple of eight.
            offset += (name_end - offset + 8) // 8 * 8
        room -= len(name)
        if len(name) > MAX_PATH_BYTES or room < 0:
            raise ValueError(f"its paths are too long: the one before byte {offset} has {len(name)} bytes")
        if mode & _TYPE_MASK == _TYPE_SUBMODULE:
            submodules.add(name)
        elif mode & _TYPE_MASK == _TYPE_FOLDER:
            is_sparse = True
        else:
            files.add(name)
    _refuse_split_index(index, offset, end=len(index) - id_bytes)
    return TrackedPaths.of(frozenset(files), frozenset(submodules), is_sparse=is_sparse)


def _object_id_bytes(index: bytes) -> int:
    """Return how long object ids are, which the index does not say but the checksum at its end gives away."""
    for name in ("sha1", "sha256"):
        digest = hashlib.new(name, usedforsecurity=False)
        if index[-digest.digest_size :] == bytes(digest.digest_size):
            # index.skipHash is set: no checksum.
            return 32 if index.endswith(bytes(32)) else 20
        digest.update(memoryview(index)[: -digest.digest_size])
        if index.endswith(digest.digest()):
            return digest.digest_size
    raise ValueError("its checksum is wrong")


def _read_varint(index: bytes, offset: int) -> tuple[int, int]:
    byte = index[offset]
    value = byte & 0x7F
    while byte & 0x80:
        offset += 1
        byte = index[offset]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, offset + 1


def _refuse_split_index(index: bytes, offset: int, *, end: int) -> None:
    while offset + 8 <= end:
        name, n_bytes = struct.unpack_from(">4sI", index, offset)
        if name == b"link":
            raise ValueError("it is one half of a split index")
        offset += 8 + n_bytes
