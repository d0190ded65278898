"""Names that are alike."""

from __future__ import annotations

import pytest

from repomap_fast.compat.cecli.likeness import LikeNames, cosine, letter_pairs


def test_pairs_of_letters_are_counted() -> None:
    assert letter_pairs(["AbAb", "x", "a_b1", "öab"]) == {"ab": 3, "ba": 1}
    assert cosine(letter_pairs(["abc"]), letter_pairs(["abc"])) == pytest.approx(1)
    assert cosine(letter_pairs(["abab"]), letter_pairs(["abc"])) == pytest.approx(2 / (5 * 2) ** 0.5)
    assert cosine(letter_pairs(["abc"]), letter_pairs([])) == 0


def test_names_that_are_alike_stand_for_each_other() -> None:
    like = LikeNames()
    assert like.represent([]) is None
    first = like.represent({"total_area", "shape"})
    assert first == ("shape", "total_area")
    assert like.represent({"total_area", "shapes"}) == first
    assert like.represent({"other"}) == ("other",)
    assert like.represent({"total_area", "shape"}) == first
    assert like.represent(()) is None
    assert like.represent({"total_areas", "shape"}) == ("shape", "total_areas")


def test_the_threshold_follows_what_comes() -> None:
    # The cosine of these is 0.82: enough at first, and not after two questions that were alike.
    near = ["abcdefgh"], ["abcdefxgh"]
    like = LikeNames()
    like.represent(near[0])
    assert 0.8 <= cosine(*map(letter_pairs, near)) < 0.85
    assert like.represent(near[1]) == ("abcdefgh",)
    assert like.represent(near[0]) == ("abcdefgh",)
    assert like.represent(near[1]) == ("abcdefxgh",)
