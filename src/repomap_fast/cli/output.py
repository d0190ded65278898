"""Where a scan is written: stdout, or a file that appears as a whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, cast

from repomap_fast.errors import OptionError
from repomap_fast.unseen import shown_text

BUFFER_BYTES = 1 << 20


_MAX_LINKS = 40
"""No system follows more of them."""


class TextFormat(StrEnum):
    """What ``--format`` takes where a command prints source or lines of it."""

    TEXT = "text"
    JSON = "json"


class RowsFormat(StrEnum):
    """What ``--format`` takes where a command prints what could be rows of a table."""

    TEXT = "text"
    TABLE = "table"
    JSON = "json"


def print_text(text: str) -> None:
    """Print source, or text with source in it, which may hold what moves the cursor of a terminal, or worse."""
    sys.stdout.write(shown_text(text) if sys.stdout.isatty() else text)
    sys.stdout.flush()


def check_output(file: Path, root: Path | None = None) -> None:
    """Look, before the scan of ``root`` and not after it, whether ``file`` could be written.

    Raises OptionError.
    """
    refuse_links_of_repositories(file, root)
    folder = file.parent
    if file.is_dir():
        raise OptionError(f"cannot write {str(file)!r}: it is a folder; expected the name of a file")
    if not folder.is_dir():
        raise OptionError(f"cannot write {str(file)!r}: there is no folder {str(folder)!r}; make it first")
    if not os.access(file if _is_special(file) else folder, os.W_OK):
        raise OptionError(f"cannot write {str(file)!r}: the folder {str(folder)!r} is not writable")


def refuse_links_of_repositories(file: Path, root: Path | None) -> None:
    """Raise OptionError if the way to ``file`` goes over a symbolic link that ``root`` or another repository holds.

    Somebody else has chosen where such a link leads. A link of the user's own is followed.
    """
    top = None if root is None else Path(os.path.realpath(root))
    for link in _links_on_the_way(file):
        folders = (link.parent, *link.parents)
        if top in folders or any(os.path.lexists(folder / ".git") for folder in folders):
            raise OptionError(
                f"cannot write {str(file)!r}: {str(link)!r} is a symbolic link of the repository, to "
                f"{str(link.readlink())!r}; expected a file or folder of its own"
            )


def _links_on_the_way(file: Path) -> Iterator[Path]:
    """Yield each link that the system follows on its way to ``file``; the folder that holds it is a real path."""
    path = file.absolute()
    folder, rest = Path(path.anchor), [*path.parts[1:]]
    n_links = 0
    while rest and n_links <= _MAX_LINKS:
        part = rest.pop(0)
        if part == os.pardir:
            folder = folder.parent
        elif (folder / part).is_symlink():
            n_links += 1
            yield folder / part
            target = (folder / part).readlink()
            rest[:0] = target.parts[1:] if target.is_absolute() else target.parts
            folder = Path(target.anchor) if target.is_absolute() else folder
        else:
            folder = folder / part


class _TerminalText(io.RawIOBase):
    """Stdout as a stream of lines in UTF-8, where it is a terminal: what would steer it is escaped."""

    def writable(self) -> bool:
        return True

    def write(self, lines: Any) -> int:
        text = bytes(lines).decode("utf-8", "backslashreplace")
        # Of CSV, the line ends; any other carriage return would have what follows overwrite the line.
        sys.stdout.write(shown_text(text.replace("\r\n", "\n")))
        return len(lines)


@contextmanager
def open_output(file: Path | None) -> Iterator[BinaryIO]:
    """Open ``file``, or stdout for None, as a stream of bytes; each call that writes has whole lines.

    A file is written beside its place and put there at the end of the block, with the mode of the one it replaces;
    if the block is left by an exception, nothing has happened. Devices and pipes are written as they are.

    Raises OptionError where the file system refuses.
    """
    if file is None:
        sys.stdout.flush()
        yield cast(BinaryIO, _TerminalText()) if sys.stdout.isatty() else sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        with _open_special(file) if _is_special(file) else _replace(file.resolve()) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OptionError(f"cannot write {str(file)!r}: {error.strerror or error}") from error


def _is_special(file: Path) -> bool:
    return file.exists() and not file.is_file()


@contextmanager
def _open_special(file: Path) -> Iterator[BinaryIO]:
    with file.open("wb") as out:
        yield out


@contextmanager
def _replace(file: Path) -> Iterator[BinaryIO]:
    # Opened by us and not by tempfile, for the mode that the user's umask gives.
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        with partial.open("xb", buffering=BUFFER_BYTES) as out:
            yield out
        with suppress(FileNotFoundError):
            shutil.copymode(file, partial)
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
