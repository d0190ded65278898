"""Turns names and texts that need not be UTF-8 into UTF-8 for outputs.

In all outputs bytes that are not UTF-8 are U+FFFD, in paths as in names and lines of source. As that does not tell two
paths apart, an object of JSON whose path is not UTF-8 also has ``path_bytes``, the path's bytes in base64.
A tags file of ctags has an escape for any byte of a path, and uses that.

In Python such paths are as ``os.fsdecode`` gives them, so that files can be opened by them.
"""

from __future__ import annotations

import os
import re
from typing import Any

from repomap_fast.unseen import json_string

_SURROGATE = re.compile("[\ud800-\udfff]")
_NAMES_OF_PATHS = ("path", "root", "folder", "file")


def utf8_text(text: str | bytes | os.PathLike[str]) -> str:
    """Return ``text`` with U+FFFD in place of what is not UTF-8."""
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    text = os.fspath(text)
    if _SURROGATE.search(text) is None:
        return text
    return _original_bytes(text).decode("utf-8", "replace") if _encodes_bytes(text) else _SURROGATE.sub("\ufffd", text)


def utf8_document(value: Any) -> Any:
    """Return a document of JSON with texts as ``utf8_text`` gives them, and ``..._bytes`` beside paths that differ."""
    if isinstance(value, str | os.PathLike):
        return utf8_text(value)
    if isinstance(value, list | tuple):
        return [utf8_document(one) for one in value]
    if isinstance(value, dict):
        document = {}
        for name, member in value.items():
            document[utf8_text(name) if isinstance(name, str) else name] = utf8_document(member)
            if name in _NAMES_OF_PATHS and (path_bytes := path_in_base64(member)) is not None:
                document[f"{name}_bytes"] = path_bytes
        return document
    return value


def json_path_members(path: bytes | str | os.PathLike[str], *, name: str = "path", separator: str = ":") -> str:
    """Return the members of an object of JSON that say ``path``: itself, and ``path_bytes`` if it is not UTF-8."""
    members = f'"{name}"{separator}{json_string(utf8_text(path))}'
    path_bytes = path_in_base64(path)
    return members if path_bytes is None else f'{members},"{name}_bytes"{separator}"{path_bytes}"'


def path_in_base64(path: object) -> str | None:
    """Return the bytes of ``path`` in base64; None if it is UTF-8, or no path."""
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    text = os.fsdecode(path)
    if _SURROGATE.search(text) is None or not _encodes_bytes(text):
        return None
    from base64 import b64encode

    return b64encode(_original_bytes(text)).decode()


def _encodes_bytes(text: str) -> bool:
    """Return whether all surrogates in ``text`` encode bytes."""
    return all("\udc80" <= surrogate <= "\udcff" for surrogate in _SURROGATE.findall(text))


def _original_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
