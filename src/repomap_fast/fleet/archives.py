"""Unpacks archives that others made: tar, plain or compressed, and zip, as sdists, wheels and packages of npm are.

It writes regular files and folders alone, below one folder: no link, no device, no ``.git``. Each byte is counted as it
is unpacked, whatever the archive says of its size. A name that leads out of the folder is no accident, so the archive
is refused.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from repomap_fast.errors import RepoMapError
from repomap_fast.fleet.bounds import BoundError
from repomap_fast.fleet.tar_stream import tar_members
from repomap_fast.safe_files import open_regular, read_start

if TYPE_CHECKING:
    from repomap_fast.fleet.bounds import Bounds, Watch

_PIECE_BYTES = 1 << 20
_MAX_DIRECTORY_BYTES = 1 << 25
"""Of the list of members of a zip archive: some three hundred thousand."""
_MAX_DICTIONARY_BYTES = 1 << 28
"""Of memory that a stream of xz may have its reader take."""
_ZIP_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of the others ``zipfile`` unpacks all that it has read at once: a thousand bytes may become gigabytes of memory."""
_ZIP = b"PK"
_ZIP_ENTRY = b"PK\1\2"
"""What each entry of the list of members begins with."""
_TAR_MAGIC = slice(257, 262), b"ustar"
_MAGIC_BYTES = 512


class ArchiveError(RepoMapError):
    """An archive cannot be unpacked; the message says why."""


_Opener = Callable[[IO[bytes]], Any]
_COMPRESSIONS: tuple[tuple[bytes, _Opener], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\0", lambda file: _Xz(file)),
)
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_DAMAGE = (
    *(zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError),
    *(NotImplementedError, RuntimeError, UnicodeError, ValueError),
)
"""What the readers raise for an archive that is damaged, encrypted, or compressed in a way that is not known."""


class _Member(NamedTuple):
    """A regular file of an archive."""

    name: str
    file: Any


def is_archive(path: Path) -> bool:
    """Return whether a file begins as an archive does. Raises OSError."""
    start = read_start(path, _MAGIC_BYTES)
    place, magic = _TAR_MAGIC
    return start.startswith((_ZIP, _ZSTANDARD, *(one for one, _ in _COMPRESSIONS))) or start[place] == magic


def unpack(archive: Path, folder: Path, bounds: Bounds, watch: Watch) -> Path:
    """Unpack an archive below ``folder``, which is empty; return the folder that has the files.

    That is the folder at the top of the archive, where nothing stands beside it. Raises ArchiveError, BoundError; and
    OSError where ``folder`` cannot be written to.
    """
    descriptor = open_regular(archive)
    with os.fdopen(descriptor, "rb") as file:
        if os.fstat(descriptor).st_size > bounds.max_bytes:
            raise BoundError(f"the archive has more than {bounds.max_bytes:,} bytes")
        read = _zip_members if file.read(len(_ZIP)) == _ZIP else _tar_members
        file.seek(0)
        _Unpacking(folder, bounds, watch).run(read, file)
    inner = [*folder.iterdir()]
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else folder


class _Unpacking:
    """Writes the members of one archive, and counts."""

    def __init__(self, folder: Path, bounds: Bounds, watch: Watch) -> None:
        self.bounds = bounds
        self.watch = watch
        self._folder = folder
        self._n_members = self._n_bytes = 0

    def run(self, read: Callable[[IO[bytes], _Unpacking], Iterator[_Member]], file: IO[bytes]) -> None:
        """Write all members. Raises ArchiveError, BoundError, OSError."""
        members = read(file, self)
        while True:
            with _damage_named():
                member = next(members, None)
            if member is None:
                return
            parts = self._parts(member.name)
            if parts:
                self._write(parts, member.file)

    def count_member(self) -> None:
        """Count a file, a folder or anything else. Raises BoundError."""
        self._n_members += 1
        self.watch.raise_if_cancelled()
        if self._n_members > self.bounds.max_files:
            raise BoundError(f"the archive has more than {self.bounds.max_files:,} files and folders")

    def _parts(self, name: str) -> list[str]:
        """Return the parts of a path; none for a file of ``.git``. Raises ArchiveError, BoundError."""
        below = name.replace(os.sep, "/")
        if "\0" in name or below.startswith("/") or PurePath(name).drive:
            raise ArchiveError(f"a member of the archive is named {name[:200]!r}; expected a path below a folder")
        parts = [part for part in below.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise ArchiveError(f"a member of the archive is named {name[:200]!r}, which leads out of its folder")
        if len(parts) > self.bounds.max_depth:
            raise BoundError(f"the archive has folders {len(parts) - 1:,} deep; expected {self.bounds.max_depth:,}")
        return [] if any(part.lower() == ".git" for part in parts) else parts

    def _write(self, parts: list[str], file: Any) -> None:
        path = self._folder.joinpath(*parts)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            out = path.open("wb")
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise ArchiveError(f"the archive has both a file and a folder at {'/'.join(parts)[:200]!r}") from error
        except UnicodeError as error:
            raise ArchiveError(f"a member of the archive is named {'/'.join(parts)[:200]!r}: {error}") from error
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            raise ArchiveError(f"a member of the archive has a name of {len('/'.join(parts)):,} characters") from error
        with out:
            while piece := self._piece(file):
                out.write(piece)

    def _piece(self, file: Any) -> bytes:
        with _damage_named():
            piece: bytes = file.read(_PIECE_BYTES)
        self._n_bytes += len(piece)
        self.watch.raise_if_cancelled()
        if self._n_bytes > self.bounds.max_bytes:
            raise BoundError(f"the archive unpacks to more than {self.bounds.max_bytes:,} bytes")
        return piece


@contextmanager
def _damage_named() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise ArchiveError(f"the archive is damaged, or of a kind that is not known: {error}") from error
    except OSError as error:
        # gzip and bz2 raise it for damage. What the system says has a number.
        if error.errno is not None:
            raise
        raise ArchiveError(f"the archive is damaged: {error}") from error


def _zip_members(file: IO[bytes], unpacking: _Unpacking) -> Iterator[_Member]:
    source = _ZipSource(file, unpacking.bounds)
    with zipfile.ZipFile(source) as archive:
        source.is_listed = True
        for info in archive.infolist():
            unpacking.count_member()
            if info.compress_type not in _ZIP_COMPRESSIONS:
                raise ArchiveError(
                    f"the archive compresses members by method {info.compress_type} of zip; expected 0 or 8, stored or "
                    "deflated: unpack it yourself and give the folder"
                )
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not info.is_dir() and kind in (0, stat.S_IFREG):
                with archive.open(info) as member:
                    yield _Member(info.filename, member)


def _tar_members(file: IO[bytes], unpacking: _Unpacking) -> Iterator[_Member]:
    for member in tar_members(_decompressed(file), unpacking.bounds):
        unpacking.count_member()
        if member.file is not None:
            yield _Member(member.name, member.file)


def _decompressed(file: IO[bytes]) -> Any:
    start = file.read(_MAGIC_BYTES)
    file.seek(0)
    for magic, opener in _COMPRESSIONS:
        if start.startswith(magic):
            return opener(file)
    if start.startswith(_ZSTANDARD):
        return _zstandard(file)
    return file


def _zstandard(file: IO[bytes]) -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found]
    except ImportError as error:
        raise ArchiveError("the archive is compressed with Zstandard, which Python reads from 3.14 on") from error
    return zstd.ZstdFile(file)


class _Xz:
    """A stream of xz whose dictionary is bounded: ``lzma.LZMAFile`` takes as much memory as the stream asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decompressor = lzma.LZMADecompressor(memlimit=_MAX_DICTIONARY_BYTES)

    def read(self, n_bytes: int) -> bytes:
        """Return the next bytes; none at the end of the stream."""
        while not self._decompressor.eof:
            pressed = self._file.read(_PIECE_BYTES) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not pressed:
                raise EOFError("it ends too soon")
            if piece := self._decompressor.decompress(pressed, n_bytes):
                return piece
        return b""


class _ZipSource:
    """A zip archive whose list of members is bounded: ``zipfile`` reads it in one piece, and makes objects of all."""

    def __init__(self, file: IO[bytes], bounds: Bounds) -> None:
        self._file = file
        self._bounds = bounds
        self.is_listed = False
        """Whether the list has been read."""

    def read(self, n_bytes: int = -1) -> bytes:
        """Return up to ``n_bytes``. Raises BoundError."""
        if n_bytes > _MAX_DIRECTORY_BYTES:
            raise BoundError(f"the archive lists its members in more than {_MAX_DIRECTORY_BYTES:,} bytes")
        piece = self._file.read(n_bytes)
        if not self.is_listed and piece.count(_ZIP_ENTRY) > self._bounds.max_files:
            raise BoundError(f"the archive has more than {self._bounds.max_files:,} files and folders")
        return piece

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Return whether ``seek`` works."""
        return True
