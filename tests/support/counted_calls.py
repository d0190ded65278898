"""Counts what a call costs: a measure that is the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


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


def count_lines(function: Callable[[], object]) -> int:
    """Return how many lines of Python a call runs, each as often as it is run."""
    n_lines = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal n_lines
        n_lines += event == "line"
        return count

    before = sys.gettrace()
    function()  # what is loaded once counts for nothing
    sys.settrace(count)
    try:
        function()
    finally:
        sys.settrace(before)
    return n_lines
