"""regexes: the same answers as Python's ``re``, in a time that the text bounds."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.tagging.regexes import SafeRegex, TooComplexError, TooLongError

PATTERNS = [
    r"^(a+)+$", r"^[A-Z]", r"^_*[A-Z][A-Z\d_]+$", r"^(foo|bar)$", r"(a|b)*c", r"a{2,3}b?", r"\bfoo\b", r"(?i)^ABC$",
    r"^([a-z]+_)*[a-z]+$", r"a.c$", r"[^\]a-c]+x", r"a{,2}b{2}", r"(?m)^b", r"a\Z", r"\Aa", r"(?P<n>a|b)+c",
    r"(?:ab)*?c", r"x*", r"", r"a||b", r"\x61+\u0062", r"[]a]+b", r"{a}", r"a{", "(?x) a b #c", r"$", r"\Bb", "(?s)a.b",
    r"\.(js|ts)$", r"(a?){3}b", r"(?#note)a+", r"\w+\s\d", r"(?i)[a-c]+X",
]  # fmt: skip


def look() -> None:
    """Let a search go on."""


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("abcABC_ x1\n]{foo.js", max_size=9))
def test_a_machine_finds_what_re_finds(pattern: str, text: str) -> None:
    machine = SafeRegex(pattern)._machine
    assert machine is not None
    assert machine.search(text, look) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    "pattern", [r"^(a+)+$", r"^(a|a)*$", r"^(a|aa)+$", r"^(a?){50}a{50}$", r"^(\w*a)*b", "a*" * 20 + "b"]
)
def test_no_regex_takes_a_power_of_its_text(pattern: str) -> None:
    before = time.thread_time()
    assert not SafeRegex(pattern).is_found_in("a" * 2_000 + "1", look)
    assert time.thread_time() - before < 5


def test_what_only_re_can_follow_is_refused_where_it_may_take_a_power_of_2() -> None:
    with pytest.raises(TooComplexError, match="a reference to a group"):
        SafeRegex(r"^(a+)+\1$")
    with pytest.raises(TooComplexError, match="a lookahead"):
        SafeRegex(r"^(?=x)(a|a)*$")
    with pytest.raises(TooComplexError, match="states"):
        SafeRegex(r"(a{100}){100}")


@pytest.mark.parametrize("pattern", ["(" * 2_000 + ")" * 2_000, "(?:" * 2_000, "a{99999999999}"])
def test_what_re_itself_gives_up_is_refused(pattern: str) -> None:
    """The fuzzer found a nested regex in a query, which ended a scan with a RecursionError."""
    with pytest.raises(TooComplexError, match="too much for Python's re"):
        SafeRegex(pattern)


def test_what_only_re_can_follow_is_asked_of_short_texts() -> None:
    regex = SafeRegex(r"^(?!if|for)\w+$")
    assert regex.is_found_in("name", look)
    assert not regex.is_found_in("for", look)
    with pytest.raises(TooLongError):
        regex.is_found_in("a" * 10_000, look)


def test_a_long_search_asks_whether_to_go_on() -> None:
    class LeaveError(Exception):
        pass

    def leave() -> None:
        raise LeaveError

    with pytest.raises(LeaveError):
        SafeRegex(r"^(a+)+$").is_found_in("a" * 2_000, leave)
