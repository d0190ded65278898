"""Loads what hashes without OpenSSL, for a process that encrypts nothing: it takes four megabytes of memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

_SHA_2 = ("_sha2",) if sys.version_info >= (3, 12) else ("_sha256", "_sha512")
_OF_PYTHON = ("_md5", "_sha1", *_SHA_2, "_sha3", "_blake2")
"""The hashes that Python has itself. Some builds leave these to OpenSSL."""


def hash_without_openssl() -> bool:
    """Load ``hashlib`` with the hashes of Python itself. Return whether it can be, and was not loaded before.

    BLAKE2, by which all that is kept is checked, is Python's in any case.
    """
    if "hashlib" in sys.modules or not all(map(find_spec, _OF_PYTHON)):
        return False
    with without("_hashlib"):
        import hashlib  # noqa: F401
    return True


@contextmanager
def without(name: str) -> Iterator[None]:
    """Have a module that is not loaded be absent for those that are loaded meanwhile; later ones are given it."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
