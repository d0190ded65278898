"""Ids of definitions and digests of files, as text."""

from __future__ import annotations

import numpy as np

from repomap_fast.joining.identities import FileIds, are_repeated, digest_text
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE


def test_the_second_of_an_id_has_an_ordinal() -> None:
    ids = FileIds("a/b.py")
    wanted = [("", "f", True), ("C.", "f", False), ("", "f", True), ("", "C.f", False), ("", "g", False)]
    assert [ids.next_id(scope, name, "/function", is_repeated) for scope, name, is_repeated in wanted] == [
        "a/b.py#f/function",
        "a/b.py#C.f/function",
        "a/b.py#f/function~2",
        "a/b.py#C.f/function~2",
        "a/b.py#g/function",
    ]


def test_an_id_that_cannot_come_again_is_not_kept() -> None:
    ids = FileIds("a.h")
    for i in range(1000):
        ids.next_id("", f"M{i}", "/macro", False)
    assert ids._counts == {}


def test_only_definitions_of_one_name_and_kind_of_a_file_are_repeated() -> None:
    # file 0: f/0, f/0, f/1, and a reference to g; file 1: f/0, g/0, g/0.
    names = np.array([7, 7, 7, 8, 7, 8, 8], np.uint32)
    kinds = np.array([0, 0, 1, 0, 0, 0, 0], np.uint8)
    roles = np.full(7, ROLE_DEFINITION, np.uint8)
    roles[3] = ROLE_REFERENCE
    found = are_repeated(roles, names, kinds, np.array([4, 3]))
    assert found.tolist() == [True, True, False, False, False, True, True]
    assert are_repeated(roles[:0], names[:0], kinds[:0], np.array([0])).tolist() == []


def test_a_digest_that_is_not_known_is_none() -> None:
    assert digest_text(np.zeros(16, np.uint8)) is None
    assert digest_text(np.arange(16, dtype=np.uint8)) == "000102030405060708090a0b0c0d0e0f"
