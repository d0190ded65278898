"""The text of a file as the tagger reads it: UTF-8, with the rows that tags have."""

from __future__ import annotations

import codecs
import io
import re

_UTF16_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PIECE_BYTES = 1 << 16
_DECLARED = re.compile(rb"(?:<\?xml [^>]{0,80}encoding=[\"']|coding[:=][ \t]*)([-\w.]{1,40})")
_FIRST_BYTES = 1024
"""Of a file: what it declares stands in its first two lines."""
_ENCODING = re.compile(
    r"iso8859-\d+|cp\d+|koi8-[rtu]|mac-[a-z]+|tis-620|kz1048|ptcp154"
    r"|gb\w*|big5\w*|hz|shift_jis\w*|euc_\w+|johab"
)
"""Names of Python's codecs that are character sets; others (``zlib``, ``unicode_escape``) are none."""


def source_text(contents: bytes) -> bytes:
    """Return the contents of a file as UTF-8 without a byte order mark, decoded as the tagger does it."""
    encoding = _UTF16_ENCODINGS.get(contents[:2])
    if encoding is not None and b"\0" in contents:
        text = _transcoded(contents[2:], encoding)
    elif contents.isascii() or b"\0" in contents:
        text = contents
    else:
        declared = declared_text(contents)
        text = _mixed_text(contents) if declared is None else declared
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    return text.removeprefix(codecs.BOM_UTF8)


def declared_text(contents: bytes) -> bytes | None:
    """Return contents as UTF-8 by the encoding that a comment or the head of XML declares, in the first two lines.

    None where none is declared, or UTF-8, or one that is not known.
    """
    first_lines = b"\n".join(contents[:_FIRST_BYTES].split(b"\n", 2)[:2])
    declared = _DECLARED.search(first_lines)
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared[1].decode("ascii", "replace")).name
    except LookupError:
        return None
    return _transcoded(contents, name) if _ENCODING.fullmatch(name) else None


def _mixed_text(contents: bytes) -> bytes:
    """Return contents whose bytes that are no UTF-8 are read as Windows-1252, as browsers do."""
    try:
        contents.decode()
    except UnicodeDecodeError:
        return contents.decode("utf-8", _READ_AS_WINDOWS).encode("utf-8", "surrogatepass")
    return contents


def _read_as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start : error.start + 1]
    try:
        return byte.decode("cp1252"), error.start + 1
    except UnicodeDecodeError:
        return byte.decode("latin-1"), error.start + 1


_READ_AS_WINDOWS = "repomap_fast.windows"
codecs.register_error(_READ_AS_WINDOWS, _read_as_windows)


def _transcoded(contents: bytes, encoding: str) -> bytes:
    """Return contents as UTF-8, block by block: a str of all may take twice the memory."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = io.BytesIO()
    for at in range(0, len(contents), _PIECE_BYTES):
        text.write(decoder.decode(contents[at : at + _PIECE_BYTES]).encode())
    text.write(decoder.decode(b"", True).encode())
    return text.getvalue()
