"""Reads a tar archive as it comes: each byte once, and no more of what stands before a member than it may have.

``tarfile`` of Python before 3.11.10 and 3.12.6 takes the square of the records before a member: 16 kB of digits take it
0.4 s of processor time, and 16 kB of short records 60 MB, four times as much for each doubling.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from repomap_fast.fleet.bounds import BoundError

if TYPE_CHECKING:
    from repomap_fast.fleet.bounds import Bounds

MAX_HEAD_BYTES = 1 << 20
"""Of what stands before a member: its name, and what else is said of it."""
_BLOCK = 512
_PIECE_BYTES = 1 << 20
_NAME, _SIZE, _SUM, _MAGIC, _PREFIX = slice(100), slice(124, 136), slice(148, 156), slice(257, 263), slice(345, 500)
_KIND, _HAS_MORE, _HAS_STILL_MORE = 156, 482, 504
_POSIX = b"ustar\0"
"""Of archives whose heads have a prefix of the name; GNU keeps times in its place."""
_REGULAR = b"0\x007"
_WITHOUT_CONTENTS = b"123456"
"""Links, devices, folders and FIFOs: what their heads say of a size counts nothing."""
_SPARSE, _LONG_NAME, _LONG_LINK = ord("S"), ord("L"), ord("K")
_RECORDS, _RECORDS_OF_ALL = b"xX", ord("g")
_MAX_LENGTH_DIGITS = 7
"""Of the length of a record."""


class Member(NamedTuple):
    """A member of an archive.

    name  a path, in which bytes that are no UTF-8 are surrogates.
    file  what ``read`` gives the contents of, until the next member is asked for; None for all but regular files.
    """

    name: str
    file: Any


class _Said(NamedTuple):
    """What stands before the head of a member, and holds in place of what the head says."""

    name: bytes | None = None
    size: int | None = None
    is_sparse: bool = False


def tar_members(stream: Any, bounds: Bounds) -> Iterator[Member]:
    """Yield the members of a tar archive, whose bytes ``stream.read`` gives.

    Raises BoundError; EOFError and ValueError where it is damaged; and what the stream raises.
    """
    source = _Source(stream, bounds)
    said = _Said()
    while (head := source.head()) is not None:
        kind, size = head[_KIND], _number(head[_SIZE])
        if kind == _LONG_NAME:
            said = said._replace(name=source.all(size).partition(b"\0")[0])
        elif kind in _RECORDS:
            said = _read_records(source.all(size), said)
        elif kind in (_LONG_LINK, _RECORDS_OF_ALL):
            source.all(size)
        else:
            if said.size is not None:
                size = said.size
            if kind == _SPARSE:
                _skip_map(source, head)
            name = os.fsdecode(_name(head) if said.name is None else said.name)
            is_folder = kind == 0 and name.endswith("/")
            source.begin(0 if kind in _WITHOUT_CONTENTS or is_folder else size)
            is_regular = kind in _REGULAR and not said.is_sparse and not is_folder
            yield Member(name, source if is_regular else None)
            source.end()
            said = _Said()


def _name(head: bytes) -> bytes:
    name = head[_NAME].partition(b"\0")[0]
    prefix = head[_PREFIX].partition(b"\0")[0] if head[_MAGIC] == _POSIX else b""
    return prefix + b"/" + name if prefix else name


def _number(field: bytes) -> int:
    """Return a number of a head: octal digits, or bytes behind one that no digit is. Raises ValueError."""
    if field[0] & 0x80:
        if field[0] != 0x80:
            raise ValueError("a number in it is below 0")
        return int.from_bytes(field[1:])
    digits = field.partition(b"\0")[0].strip()
    if digits.strip(b"01234567"):
        raise ValueError("a number in it is written as something else")
    return int(digits or b"0", 8)


def _read_records(body: bytes, said: _Said) -> _Said:
    """Read ``length key=value`` and a line feed, again and again. Raises ValueError."""
    at = 0
    while at < len(body) and body[at]:
        space = body.find(b" ", at, at + _MAX_LENGTH_DIGITS + 1)
        if space < 0 or not body[at:space].isdigit():
            raise ValueError("a record in it has no length")
        end = at + int(body[at:space])
        if end <= space + 1 or body[end - 1 : end] != b"\n":
            raise ValueError("a record in it has another length than it says")
        key, _, value = body[space + 1 : end - 1].partition(b"=")
        if key == b"path":
            said = said._replace(name=value)
        elif key == b"size":
            if not value.isdigit() or len(value) > _BLOCK:
                raise ValueError("a number in it is written as something else")
            said = said._replace(size=int(value))
        elif key.startswith(b"GNU.sparse."):
            said = said._replace(is_sparse=True)
        at = end
    return said


def _skip_map(source: _Source, head: bytes) -> None:
    """Pass over the blocks that say where the pieces of a sparse file belong."""
    has_more = head[_HAS_MORE]
    while has_more:
        has_more = source.all(_BLOCK)[_HAS_STILL_MORE]


class _Source:
    """The bytes of an archive. Reads as the file that is the member at hand."""

    def __init__(self, stream: Any, bounds: Bounds) -> None:
        self._stream = stream
        self._bounds = bounds
        self._n_bytes = 0
        self._has_begun = False
        self._head_left = MAX_HEAD_BYTES
        self._left = self._padding = 0

    def head(self) -> bytes | None:
        """Return the next block; None at the end of the archive. Raises ValueError for one that is no head."""
        block = self._some(_BLOCK)
        if not block and not self._has_begun:
            raise EOFError("it is empty")
        self._has_begun = True
        if not any(block):
            return None
        if len(block) < _BLOCK:
            raise EOFError("it ends too soon")
        self._count_head(_BLOCK)
        field = block[_SUM]
        expected = _number(field)
        # Some have summed the bytes as numbers with a sign.
        unsigned = sum(block) - sum(field) + len(field) * ord(" ")
        signed = unsigned - 256 * sum(byte >> 7 for byte in block[: _SUM.start] + block[_SUM.stop :])
        if expected not in (unsigned, signed):
            raise ValueError("the head of a member is no head")
        return block

    def all(self, size: int) -> bytes:
        """Return the contents of what stands before a member. Raises BoundError."""
        self._count_head(size)
        body = self._exactly(size)
        self._exactly(-size % _BLOCK)
        return body

    def begin(self, size: int) -> None:
        """Begin with the contents of a member. Raises BoundError."""
        self._n_bytes += size
        if self._n_bytes > self._bounds.max_bytes:
            raise BoundError(f"the archive unpacks to more than {self._bounds.max_bytes:,} bytes")
        self._left, self._padding = size, -size % _BLOCK

    def read(self, n_bytes: int) -> bytes:
        """Return up to ``n_bytes`` of the member, at least one unless it has ended. Raises EOFError."""
        if not self._left:
            return b""
        piece = self._some(min(n_bytes, self._left))
        if not piece:
            raise EOFError("it ends too soon")
        self._left -= len(piece)
        return piece

    def end(self) -> None:
        """Pass over what is left of the member."""
        while self.read(_PIECE_BYTES):
            pass
        # At its end an archive may have been cut.
        self._some(self._padding)
        self._head_left = MAX_HEAD_BYTES

    def _count_head(self, size: int) -> None:
        self._head_left -= size
        if self._head_left < 0:
            raise BoundError(f"the archive says more than {MAX_HEAD_BYTES:,} bytes of one member")

    def _exactly(self, size: int) -> bytes:
        piece = self._some(size)
        if len(piece) < size:
            raise EOFError("it ends too soon")
        return piece

    def _some(self, size: int) -> bytes:
        """Return so many bytes, fewer only at the end of the stream."""
        pieces: list[bytes] = []
        while size and (piece := self._stream.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
