"""Suffixes of several languages: the table is sound, and what a file begins with decides."""

from __future__ import annotations

import pytest

from repomap_fast.languages.shared_suffixes import FIRST_BYTES, SHARED_SUFFIXES, told_by_contents
from repomap_fast.languages.table import LANGUAGES, find_language


def test_a_shared_suffix_stands_in_the_row_of_a_language_that_has_it() -> None:
    for suffix, shared in SHARED_SUFFIXES.items():
        told = {name for _, name in shared.rules} | {shared.default}
        assert {find_language(name) for name in told if name is not None}
        assert any(f".{suffix.decode()}" in row.suffixes for row in LANGUAGES), suffix


@pytest.mark.parametrize("suffix", SHARED_SUFFIXES)
@pytest.mark.parametrize("filler", [b"", b"\0", b" ", b"\n", b"a", b"/", b"#", b"@", b"\xff", b"(*", b"/*\n"])
def test_any_beginning_is_looked_at_in_little_time(suffix: bytes, filler: bytes) -> None:
    told = told_by_contents(suffix, (filler * FIRST_BYTES)[:FIRST_BYTES])
    assert told is None or find_language(told) >= 0
