"""Identifier classes beside their slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.identifiers import classify_identifier
from repomap_fast.joining import _identifiers
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.tables import IDENTIFIER_CLASSES, StringTable

N_POINTS = 0x110000


def classes(names: list[bytes]) -> list[str]:
    return [IDENTIFIER_CLASSES[i] for i in classify_identifiers(StringTable.from_strings(names)).tolist()]


@given(st.lists(st.text() | st.sampled_from(["", "f()", "F()", "()", "MAX_X", "ǅx", "xǅ", "ǅ", "ß", "İ", "ª"])))
def test_any_text(names: list[str]) -> None:
    encoded = [name.encode("utf-8", "replace") for name in names]
    assert classes(encoded) == [classify_identifier(name.decode()) for name in encoded]


@given(st.lists(st.binary()))
def test_any_bytes(names: list[bytes]) -> None:
    assert classes(names) == [classify_identifier(name.decode(errors="replace")) for name in names]


def test_every_code_point_alone_and_behind_a_letter() -> None:
    points = [chr(point) for point in range(N_POINTS) if not 0xD800 <= point < 0xE000]
    for names in (points, [f"a{character}" for character in points]):
        assert classes([name.encode() for name in names]) == [classify_identifier(name) for name in names]


def test_no_code_point_above_the_table_has_a_case() -> None:
    assert not any(
        character.islower() or character.isupper() or character.istitle()
        for character in map(chr, range(0x20000, N_POINTS))
    )


@pytest.mark.parametrize("offsets", [[], [1, 1], [0, 2, 1], [0, 4]])
def test_offsets_that_do_not_fit_are_refused(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="offsets"):
        _identifiers.classify_identifiers(np.array(offsets, np.uint64), np.zeros(3, np.uint8), np.zeros(128, np.uint8))
