"""What ``__all__`` lists."""

from __future__ import annotations

import time

import pytest

from repomap_fast.resolving.exported_names import listed_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (b"__all__ = ['a', \"b\"]\n", {b"a", b"b"}),
        (b"x = 1\n__all__: list[str] = (\n    'a',\n    'b',  # kept\n)\n", {b"a", b"b"}),
        (b"__all__ = ['a']\n__all__ += ['b']  # more\n", {b"a", b"b"}),
        (b"__all__ = []\n", set()),
        (b"__all__ = ['a'] + other.__all__\n", None),
        (b"__all__ = ['a']\n__all__.append('b')\n", None),
        (b"__all__ = sorted(names)\n", None),
        (b"x = 1\n", None),
    ],
)
def test_lists_are_read_and_what_is_computed_is_not(source: bytes, names: set[bytes] | None) -> None:
    assert listed_names(source) == names


@pytest.mark.parametrize(
    "piece", [b"__all__ = [\n", b"__all__: ", b"__all__ = [", b"__all__ = []\n", b"\n", b"\n__all__"]
)
@pytest.mark.parametrize("end", [b"", b"]", b"__all__ = ['a']\n"])
def test_odd_lists_take_little_time(piece: bytes, end: bytes) -> None:
    source = b"__all__ = ['a']\n" + piece * (300_000 // len(piece)) + end
    start = time.process_time()
    listed_names(source)
    assert time.process_time() - start < 2
