"""The words for what was found."""

from __future__ import annotations

from repomap_fast.resolving import meanings


def test_ways_of_finding_are_rows_of_their_names() -> None:
    ways = ("BY_SCOPE", "BY_IMPORT", "BY_MEMBER", "BY_GUESS", "BY_NAME", "IS_OUTSIDE", "IS_UNKNOWN")
    assert [meanings.HOWS[getattr(meanings, way)] for way in ways] == [way.split("_")[1].lower() for way in ways]


def test_each_meaning_has_a_number_of_its_own() -> None:
    inside = (meanings.BOUND, meanings.MODULE, meanings.CLASS, meanings.OF_CLASS, meanings.FUNCTION, meanings.ABOVE)
    others = (meanings.OUT, meanings.GENERIC_OUT, meanings.CLASS_AS_VALUE, meanings.UNKNOWN)
    assert len({*inside, *others}) == 10


def test_a_member_is_guessed_where_one_class_alone_has_it() -> None:
    assert meanings.only_member({3: {1: [7, 9]}}) == (meanings.BY_GUESS, ((3, 7), (3, 9)))
    for members in ({}, {3: {1: [7], 2: [8]}}, {3: {1: [7]}, 4: {1: [7]}}):
        assert meanings.only_member(members) == meanings.UNRESOLVED
