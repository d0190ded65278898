"""Numbers, sizes and paths as people write and read them."""

from __future__ import annotations

import os
import re
import sys
from typing import TextIO

from repomap_fast.errors import OptionError

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([KMG]?)(?:I?B)?\s*", re.IGNORECASE)
_ASCII = str.maketrans(
    dict(zip("─·→│└▲▁▂▃▄▅▆▇█\N{EN DASH}\N{MULTIPLICATION SIGN}", "-,>||^_.:-=+*#-x", strict=True)) | {"…": "..."}
)
"""For encodings that lack what tables and trends are drawn with."""


def is_unicode(out: TextIO) -> bool:
    """Return whether the encoding of ``out`` has every character."""
    return (out.encoding or "utf-8").lower().startswith("utf")


def in_ascii(text: str) -> str:
    """Return ``text`` with what tables, trends and sentences are drawn with in ASCII."""
    return text.translate(_ASCII)


def print_line(text: str = "", out: TextIO | None = None) -> None:
    """Print a line of our own words, in characters that the encoding of ``out``, or of stdout, has."""
    out = out or sys.stdout
    out.write((text if is_unicode(out) else in_ascii(text)) + "\n")


def parse_size(text: str, option: str) -> int:
    """Return the bytes that ``text`` means: ``1000``, ``64M``, ``1.5 GB`` (K, M and G are powers of 1024).

    Raises OptionError, with the name of ``option``.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise OptionError(f"{option} is {shown(text)}; expected bytes, or a number with K, M or G, such as 64M")
    return round(float(match[1]) * _UNITS[match[2].upper()])


def size_argument(n_bytes: int) -> str:
    """Return ``n_bytes`` as ``parse_size`` takes it, as short as it is exact."""
    for unit in "GMK":
        if n_bytes % _UNITS[unit] == 0:
            return f"{n_bytes // _UNITS[unit]}{unit}"
    return str(n_bytes)


def megabytes(n_bytes: float) -> str:
    """Return ``n_bytes`` in MB, millions of bytes: three figures or more."""
    return f"{n_bytes / 1e6:,.{1 if n_bytes >= 10e6 else 2}f}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Return ``1 file``, ``2,000 files``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


_STAGES = {"tag": "parse"}


def stage_name(name: str) -> str:
    """Return what a stage is called for people."""
    return printable(_STAGES.get(name, name))


def duration(seconds: float) -> str:
    """Return ``12 ms``, ``3.42 s``, ``2 min 05 s``, ``1 h 05 min``."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60:,} h {minutes % 60:02} min"


def printable(text: str | bytes | os.PathLike[str]) -> str:
    """Return ``text`` with whatever could not be printed, or would move a terminal's cursor, escaped."""
    decoded = os.fsdecode(text)
    if decoded.isprintable():
        return decoded
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in decoded)


def shown(value: str) -> str:
    """Return a value that was typed, quoted, and no longer than a line."""
    quoted = repr(printable(value)) if value.isprintable() else f"'{printable(value)}'"
    return quoted if len(quoted) <= 80 else f"{quoted[:60]}… ({len(value):,} characters)"
