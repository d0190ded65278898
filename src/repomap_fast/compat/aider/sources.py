"""The text that aider would parse of a file, and where the tagger finds it.

aider decodes a file as UTF-8, turns each CRLF and CR into a line feed, and parses what comes of it; a file that is not
UTF-8 has no tags. Nearly every file is that text already, byte for byte, and the tagger reads the file itself. Of
the others the text is written to a folder of its own for as long as the tagger needs it.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from repomap_fast.options import DEFAULT_MAX_FILE_BYTES
from repomap_fast.safe_files import open_regular, read_regular

ReadText: TypeAlias = Callable[[str], "str | None"]

_UTF8 = frozenset(("utf-8", "utf8", "utf_8"))


def text_reader(io: Any) -> tuple[ReadText, bool]:
    """Return what reads the text of a file, and whether it does so as aider's own InputOutput would for UTF-8.

    Then a file that is plain UTF-8 need not be read through it.
    """
    read = getattr(io, "read_text", None)
    if read is None:
        return read_text, True
    of_aider = getattr(type(io), "read_text", None)
    is_plain = (
        getattr(of_aider, "__module__", "") == "aider.io"
        and getattr(of_aider, "__qualname__", "") == "InputOutput.read_text"
        and "read_text" not in getattr(io, "__dict__", {})
        and str(getattr(io, "encoding", "")).lower() in _UTF8
    )
    return read, is_plain


def read_text(fname: str) -> str | None:
    """Return the text of a file as aider's InputOutput reads it, without its messages; None if it has none."""
    try:
        with open(open_regular(fname), encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeError):
        return None


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text: what the tagger is to parse, and whether the file has just that in it."""

    raw: bytes
    is_on_disk: bool


def read_source(fname: str, read: ReadText, *, is_plain: bool) -> Source | None:
    """Return the text that aider would parse of a file, or None if there is none.

    aider reads whatever is there; a file that is not regular, or larger than a scan reads, has no text here.
    """
    raw: bytes | None = None
    try:
        raw = read_regular(fname, DEFAULT_MAX_FILE_BYTES)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.EFBIG):
            return None
    if is_plain and raw is not None and b"\r" not in raw and _is_utf8(raw):
        return Source(raw, is_on_disk=True) if raw else None
    text = read(fname)
    if not text or not isinstance(text, str):
        # A stand-in for tests may return anything.
        return None
    decoded = text.encode("utf-8", "surrogatepass")
    return Source(decoded, is_on_disk=decoded == raw)


def _is_utf8(raw: bytes) -> bool:
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def split_anchors(paths: Sequence[str]) -> dict[str, list[int]]:
    """Return the positions of the paths by what they start from: ``/``, or a drive."""
    by_anchor: dict[str, list[int]] = {}
    for position, path in enumerate(paths):
        anchor = "/" if path.startswith("/") else Path(path).anchor
        by_anchor.setdefault(anchor, []).append(position)
    return by_anchor
