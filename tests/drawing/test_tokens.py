"""The estimate, beside the encoder that it was fitted to where that is there."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.tokens import counter_for, estimate_tokens, tiktoken_counter
from repomap_fast.errors import OptionError
from support.strategies import LANGUAGES_WITH_CASES, case_sources

COUNTED = (
    ("", 0),
    ("a", 1),
    ("\n", 1),
    ("def get_queryset(self):\n", 7),
    ("    return self._queryset_class(model=self.model, using=self._db)\n", 16),
    ("x = 123456\n", 6),
    ("│class BaseManager:\n", 5),
    ("⋮\n", 4),
    ("größe = '日本語'\n", 9),
)
"""Texts, and how many tokens cl100k_base makes of them."""


@pytest.mark.parametrize(("text", "n_tokens"), COUNTED)
def test_the_estimate_is_near(text: str, n_tokens: int) -> None:
    assert n_tokens - 2 <= estimate_tokens(text) <= n_tokens * 1.35 + 1


@given(st.text())
def test_any_text_has_an_estimate(text: str) -> None:
    n_tokens = estimate_tokens(text)
    assert n_tokens == estimate_tokens(text)
    assert (n_tokens == 0) == (text == "")


@given(st.text(), st.text())
def test_the_estimates_of_two_lines_add_up(first: str, second: str) -> None:
    together = estimate_tokens(f"{first}\n{second}")
    apart = estimate_tokens(f"{first}\n") + estimate_tokens(second)
    assert apart - 1 <= together <= apart


PIECES = (
    (r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", 677),
    (r"[0-9]{1,3}", 1609),
    (r"[!-/:-@\[-^`{-~]+", 925),
    (r"_", 487),
    (r"\n", 352),
    (r"(?s).", 67),
    (r"[^\0-\x7f│⋮]", 1504),
    (r"│", 1292),
    (r"⋮", 3278),
)
"""What the estimate counts, as regular expressions, and the weight of each in thousandths of a token."""


def estimate_by_expressions(text: str) -> int:
    return -(-sum(weight * len(re.findall(pattern, text)) for pattern, weight in PIECES) // 1000)


@given(
    st.one_of(
        st.text(),
        st.text("aAbZ09_.{\n │⋮é"),
        st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010, categories=("Cs", "Lo", "Co"))),
    )
)
def test_the_estimate_counts_what_expressions_find(text: str) -> None:
    assert estimate_tokens(text) == estimate_by_expressions(text)


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_the_estimate_counts_in_sources_what_expressions_find(language: str) -> None:
    for source in case_sources(language):
        text = source.decode("utf-8", "surrogateescape")
        assert estimate_tokens(text) == estimate_by_expressions(text)


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_the_estimate_is_not_too_low_for_sources(language: str) -> None:
    tiktoken = pytest.importorskip("tiktoken")
    try:
        encoder = tiktoken.get_encoding("cl100k_base")
    except Exception:
        pytest.skip("tiktoken cannot load its table here")
    text = "".join(source.decode() for source in case_sources(language))
    n_tokens = len(encoder.encode_ordinary(text))
    assert 0.95 * n_tokens <= estimate_tokens(text) <= 1.25 * n_tokens


@pytest.fixture
def fake_tiktoken(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A tiktoken with one encoding, which makes a token of each word."""

    class Encoder:
        def encode_ordinary(self, text: str) -> list[str]:
            text.encode()
            return text.split()

    module = ModuleType("tiktoken")

    def get_encoding(name: str) -> Encoder:
        if name == "unreachable":
            raise ConnectionError("no route to host")
        if name not in ("cl100k_base", "o200k_base"):
            raise ValueError(f"Unknown encoding {name}")
        return Encoder()

    module.get_encoding = get_encoding  # type: ignore[attr-defined]
    module.list_encoding_names = lambda: ["cl100k_base", "o200k_base"]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tiktoken", module)
    return module


def test_tiktoken_counts_where_it_is_asked_to(fake_tiktoken: ModuleType) -> None:
    for name in ("tiktoken", "tiktoken:cl100k_base", "tiktoken:o200k_base"):
        assert counter_for(name)("three words \udcff") == 3


def test_no_such_encoding(fake_tiktoken: ModuleType) -> None:
    with pytest.raises(OptionError, match="no encoding 'klingon'; expected one of cl100k_base, o200k_base"):
        counter_for("tiktoken:klingon")


def test_a_table_that_cannot_be_fetched(fake_tiktoken: ModuleType) -> None:
    with pytest.raises(OptionError, match=r"no route to host.*TIKTOKEN_CACHE_DIR"):
        tiktoken_counter("unreachable")


def test_without_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(OptionError, match="tiktoken is not installed"):
        counter_for("tiktoken")


def test_other_counters() -> None:
    assert counter_for("estimate") is estimate_tokens
    assert counter_for(len) is len
    for name in ("", "words", "estimate:x", "tiktokens"):
        with pytest.raises(OptionError, match="expected estimate, tiktoken or tiktoken:ENCODING"):
            counter_for(name)
