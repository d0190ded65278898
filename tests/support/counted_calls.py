"""Counts what a call costs: a measure that is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable


def count_calls(function: Callable[[], object]) -> int:
    """Return how many functions, Python's and C's, a call runs; numpy's loops count as one."""
    n_calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal n_calls
        n_calls += event in ("call", "c_call")

    function()  # what is loaded once counts for nothing
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return n_calls
