"""qualified_names: the ways to read a name with what encloses it."""

from __future__ import annotations

import pytest

from repomap_fast.ranking.qualified_names import is_called, is_plain, is_word, owners, readings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", []),
        ("Class.method", [("Class", "method")]),
        ("a::b::c", [("a", "b::c"), ("a::b", "c")]),
        ("Pool.#size", [("Pool", "#size"), ("Pool.", "size")]),
        ("Ptr.operator->", [("Ptr", "operator->")]),
        ("Retry#last?", [("Retry", "last?")]),
        (".hidden", []),
        ("open.", []),
    ],
)
def test_a_name_is_read_at_each_separator_the_longest_first(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(readings(text)) == expected


def test_a_chain_has_a_bound() -> None:
    assert len(list(readings("a." * 5_000 + "b"))) == 20


def test_what_encloses_a_name_may_have_a_dotted_name_itself() -> None:
    assert owners("Shop.Stock.Item") == ["Shop.Stock.Item", "Stock.Item", "Item"]
    assert owners("Item") == ["Item"]


@pytest.mark.parametrize(
    ("name", "wanted", "expected"),
    [
        (b"Shop.Cart", b"Cart", True),
        (b"Shop.Cart", b"Shop.Cart", True),
        (b"Shop.Cart", b"art", False),
        (b"Cart", b"Shop.Cart", False),
        (b"", b"", True),
    ],
)
def test_a_dotted_name_is_called_by_its_last_parts(name: bytes, wanted: bytes, expected: bool) -> None:
    assert is_called(name, wanted) is expected


def test_words_and_plain_names() -> None:
    assert [is_word(text) for text in ("size_2", "größe", "last?", "#size", "a.b", "")] == [True, True, *[False] * 4]
    assert [is_plain(text) for text in ("a.b::c", "Pool.#size", "a b.c", "a..b")] == [True, False, False, False]
