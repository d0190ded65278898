"""A small file of Python with a class, two methods and a function."""

from __future__ import annotations

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
