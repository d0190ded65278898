"""The text of a file as the tagger reads it: UTF-8, with the rows that tags have."""

from __future__ import annotations

import codecs
import io

_UTF16_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_PIECE_BYTES = 1 << 16


def source_text(contents: bytes) -> bytes:
    """Return the contents of a file as UTF-8 without a byte order mark; UTF-16 is decoded as the tagger does it."""
    encoding = _UTF16_ENCODINGS.get(contents[:2])
    if encoding is not None and b"\0" in contents:
        return _transcoded(contents, encoding)
    return contents.removeprefix(codecs.BOM_UTF8)


def _transcoded(contents: bytes, encoding: str) -> bytes:
    """Return the UTF-16 after the byte order mark as UTF-8, block by block: a str of all may take twice the memory."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = io.BytesIO()
    for at in range(2, len(contents), _PIECE_BYTES):
        text.write(decoder.decode(contents[at : at + _PIECE_BYTES]).encode())
    text.write(decoder.decode(b"", True).encode())
    return text.getvalue()
