"""What the tests of grep-ast's names share."""

from __future__ import annotations

import pytest

SOURCE = '''\
"""What this is."""

import os


class A:
    """A class."""

    def first(self):
        return 1

    def second(self, a,
               b):
        if a:
            return b

        return os


def last():
    return A()
'''


@pytest.fixture
def source() -> str:
    """Two functions in a class, and one behind it."""
    return SOURCE
