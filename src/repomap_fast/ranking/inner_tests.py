"""Tests within files of code: modules for tests, as Rust has them, and classes that hold tests.

Tests in files of their own are told by their paths (``path_kinds``). Most names of methods say no more than that they
speak of tests, as ``test_client`` does. So a class holds tests where most of its functions are called so, or where it
is within another and has the name of tests.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.ranking.definition_order import MODULE_KINDS, TEST_MODULE
from repomap_fast.ranking.definitions import NO_PARENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.ranking.definitions import DefinitionTable
    from repomap_fast.tables import StringTable

_PREFIX = b"test"
_FUNCTION_NAME = re.compile(rb"test(?:_.*|[A-Z0-9].*)?", re.DOTALL)
_CLASS_NAME = re.compile(rb"Tests?|[A-Za-z0-9_]*[a-z0-9_](?:Tests?|TestCase)")


def inner_tests(table: DefinitionTable, names: StringTable) -> NDArray[np.bool_]:
    """Return which definitions are tests, or hold tests, or are within what does: (n,) bool.

    names  of the definitions, in their order.
    """
    parents, has_parent = table.parents, table.parents != NO_PARENT
    owners = np.where(has_parent, parents, 0)
    is_test = np.zeros(len(table), np.bool_)
    if not len(table):
        return is_test
    named = _named(names, table.are_functions & _start_with_test(names), _FUNCTION_NAME)
    n_functions = np.bincount(parents[table.are_functions & has_parent], minlength=len(table))
    n_tests = np.bincount(parents[named & has_parent], minlength=len(table))
    is_module = table.are_of(MODULE_KINDS)
    is_class = table.are_classes & ~is_module
    is_inner = is_class & has_parent & is_class[owners]
    is_test |= is_class & (2 * n_tests > n_functions)
    is_test |= _named(names, is_inner, _CLASS_NAME)
    is_test |= _named(names, is_module, TEST_MODULE)
    return is_test | within(table, is_test)


def within(table: DefinitionTable, marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which definitions are within a marked one, at any depth: (n,) bool."""
    none = len(table)
    if not np.count_nonzero(table.parents != NO_PARENT):
        return np.zeros(none, np.bool_)
    above = np.append(np.where(table.parents != NO_PARENT, table.parents, none), none)
    inside: NDArray[np.bool_] = np.append(marks, False)[above]
    # The length of the way up doubles each time. Definitions may be nested as deep as there are many, but no deeper, so
    # that a circle of a damaged index ends too.
    for _ in range(none.bit_length()):
        if not np.count_nonzero(above != none):
            break
        inside |= inside[above]
        above = above[above]
    return inside[:none]


def _start_with_test(names: StringTable) -> NDArray[np.bool_]:
    """Return which names start with ``test``: few, so that only these are looked at one by one."""
    offsets, data = names.offsets.view(np.int64), names.data
    is_long = np.diff(offsets) >= len(_PREFIX)
    starts = offsets[:-1][is_long]
    found = np.zeros(len(names), np.bool_)
    found[is_long] = np.logical_and.reduce([data[starts + place] == byte for place, byte in enumerate(_PREFIX)])
    return found


def _named(names: StringTable, marks: NDArray[np.bool_], pattern: re.Pattern[bytes]) -> NDArray[np.bool_]:
    """Return which of the marked definitions have a name of this pattern."""
    found = np.zeros(len(names), np.bool_)
    for row in np.flatnonzero(marks).tolist():
        found[row] = pattern.fullmatch(names[row]) is not None
    return found
