"""What --include and --exclude understand beside the patterns of .gitignore."""

from __future__ import annotations

import time

import pytest

from repomap_fast.discovery.user_patterns import MAX_EXPANSIONS, expand
from repomap_fast.errors import OptionError


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.py", ["*.py"]),
        ("*.{py,js}", ["*.py", "*.js"]),
        ("{a,b{c,d}}x", ["ax", "bcx", "bdx"]),
        ("a{,.bak}", ["a", "a.bak"]),
        ("{a,b}{c,d}", ["ac", "ad", "bc", "bd"]),
        ("{{name}}/*.py", ["{{name}}/*.py"]),
        (r"\{a,b}", [r"\{a,b}"]),
        (r"{a\,b,c}", [r"a\,b", "c"]),
        ("{a,b", ["{a,b"]),
        ("a,b}", ["a,b}"]),
        ("{a,a}", ["a"]),
        ("./a.py", ["/a.py"]),
        ("!./a.py", ["!/a.py"]),
        ("././/a.py", ["/a.py"]),
        ("./{a,b}", ["/a", "/b"]),
        ("{./a,b}", ["/a", "b"]),
        (".", ["*"]),
        ("./", ["*"]),
        ("/home/me/code/src/*.py", ["/src/*.py"]),
        ("/home/me/code", ["*"]),
        ("/home/me/code/", ["*"]),
        ("/home/me/codes", ["/home/me/codes"]),
        ("../a", ["../a"]),
        (".hidden", [".hidden"]),
    ],
)
def test_patterns_stand_for_those_of_gitignore(pattern: str, expected: list[str]) -> None:
    assert expand(pattern, "/home/me/code", option="include") == expected


def test_the_root_of_the_file_system_is_no_prefix() -> None:
    assert expand("/a", "/", option="include") == ["/a"]


def test_braces_have_a_bound() -> None:
    assert len(expand("{a,b}" * 9, "/r", option="include")) == 2**9
    with pytest.raises(OptionError, match=r"include is '\{a,b\}.*more than 1,000 patterns"):
        expand("{a,b}" * 20, "/r", option="include")
    assert MAX_EXPANSIONS < 2**20


@pytest.mark.parametrize("pattern", ["{" * 5000, "{a," * 900, "}" * 5000, "{,}" * 300])
def test_hostile_braces_take_no_time(pattern: str) -> None:
    start = time.thread_time()
    try:
        expand(pattern, "/r", option="include")
    except OptionError:
        assert pattern == "{,}" * 300
    assert time.thread_time() - start < 1
