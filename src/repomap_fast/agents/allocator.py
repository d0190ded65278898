"""Has the C library keep the memory of all threads in one place, for a process whose calls run one after another."""

from __future__ import annotations

import sys

_ARENA_MAX = -8
"""The number of this setting of ``mallopt``, as malloc.h has it."""


def share_memory_among_threads() -> bool:
    """From now on let new threads take memory where others have freed some. Return whether the C library can.

    The GNU C library gives each thread a place of its own, and what one has freed no other takes. Each call of a server
    runs in another thread, so it would keep what the largest call of each thread took. To be called before there are
    threads.
    """
    if sys.platform != "linux":
        return False
    try:
        # It is loaded with numpy anyway.
        import ctypes

        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, 1))
    except (ImportError, OSError, AttributeError):
        # Another C library, or a Python without ctypes.
        return False
