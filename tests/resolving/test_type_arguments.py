"""Arguments of type parameters, as numbers."""

from __future__ import annotations

from repomap_fast.resolving.meanings import BOUND, CLASS, GENERIC_OUT, MODULE
from repomap_fast.resolving.type_arguments import TypeArguments, arguments_of, with_arguments


def test_equal_arguments_have_one_number() -> None:
    known = TypeArguments()
    first = known.number({(0, 1): ((CLASS, 0, 2),), (0, 3): ()})
    assert first == known.number({(0, 3): (), (0, 1): ((CLASS, 0, 2),)})
    assert first != known.number({(0, 1): ((CLASS, 0, 2),)})
    assert known.number({}) == 0
    assert known.given(first)[0, 1] == ((CLASS, 0, 2),)


def test_a_meaning_has_its_arguments_at_its_end() -> None:
    for bare in ((CLASS, 0, 2), (BOUND, 0, 2), (GENERIC_OUT, 0, 2, 5)):
        assert arguments_of(bare) == 0
        assert arguments_of(with_arguments(bare, 7)) == 7
        assert with_arguments(with_arguments(bare, 7), 0) == bare
    assert with_arguments((MODULE, 3), 7) == (MODULE, 3)


def test_arguments_of_arguments_end_somewhere() -> None:
    known = TypeArguments()
    number, seen = 0, set[int]()
    while number not in seen:
        seen.add(number)
        number = known.number({(0, 1): (with_arguments((CLASS, 0, 2), number),)})
    assert len(seen) < 10


def test_what_is_forgotten_has_no_number() -> None:
    known = TypeArguments()
    number = known.number({(0, 1): ((CLASS, 0, 2),)})
    known.clear()
    assert known.number({(0, 9): ((CLASS, 0, 2),)}) == number
