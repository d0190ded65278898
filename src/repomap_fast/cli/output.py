"""Where a scan is written: stdout, or a file that appears as a whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from repomap_fast.errors import OptionError
from repomap_fast.unseen import shown_text

BUFFER_BYTES = 1 << 20


def check_output(file: Path) -> None:
    """Look, before the scan and not after it, whether ``file`` could be written.

    Raises OptionError.
    """
    folder = file.parent
    if file.is_dir():
        raise OptionError(f"cannot write {str(file)!r}: it is a folder; expected the name of a file")
    if not folder.is_dir():
        raise OptionError(f"cannot write {str(file)!r}: there is no folder {str(folder)!r}; make it first")
    if not os.access(file if _is_special(file) else folder, os.W_OK):
        raise OptionError(f"cannot write {str(file)!r}: the folder {str(folder)!r} is not writable")


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
