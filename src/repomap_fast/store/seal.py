"""States of a store as sealed bytes: UTF-8 JSON, and a digest of name and JSON.

A seal finds damage. It does not prove who wrote a state: ``state_schema`` checks what is in it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

MAX_STATE_BYTES = 64 << 20
"""Of a state: that of a tree of four million files. Larger ones are not read."""
_SEAL_BYTES = 8


def seal(name: str, state: Any) -> bytes:
    """Return a state as bytes that only this name opens."""
    text = json.dumps(state, separators=(",", ":")).encode()
    return text + _digest(name, text)


def unseal(name: str, data: Any) -> Any:
    """Return the state that was sealed under that name; None for any other bytes."""
    if not isinstance(data, bytes) or len(data) > MAX_STATE_BYTES:
        return None
    if data[-_SEAL_BYTES:] != _digest(name, data[:-_SEAL_BYTES]):
        return None
    try:
        return json.loads(data[:-_SEAL_BYTES])
    except (ValueError, RecursionError):
        return None


def _digest(name: str, text: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + text, digest_size=_SEAL_BYTES).digest()
