"""toml_bounds: TOML that would take long to parse, told from all other."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from typing import NamedTuple

import pytest

from repomap_fast import toml_bounds
from repomap_fast.toml_bounds import MOST_DEPTH, MOST_KEY_PARTS, CostlyTomlError, check_toml

KEY = "a" + ".a" * MOST_KEY_PARTS
DEEP = "[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1)


@pytest.mark.parametrize(
    "text",
    [
        f"{KEY} = 1",
        f"[{KEY}]",
        f"[[{KEY}]]",
        "'a'" + ' . "a"' * MOST_KEY_PARTS + " = 1",
        f"x = {{{KEY} = 1}}",
        f"x = {DEEP}",
        "x = " + "{a = " * (MOST_DEPTH + 1) + "1" + "}" * (MOST_DEPTH + 1),
        f"x = '{KEY}'\n{KEY} = 1",
        f"x = 1 # it's\n{KEY} = 1",
        f'x = "\\""\n{KEY} = 1',
        f"x = '''\n'''\n{KEY} = 1",
        f"x = [1,\n2]\ny = {DEEP}",
    ],
)
def test_costly_text_is_refused(text: str) -> None:
    tomllib.loads(text)
    with pytest.raises(CostlyTomlError, match=f"line {text.count(chr(10)) + 1}: "):
        check_toml(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" + ".a" * (MOST_KEY_PARTS - 1) + " = 1",
        f"x = '{KEY}{DEEP}'",
        f'x = "{KEY}{DEEP}"',
        f"x = '''\n{KEY}{DEEP}\n'''",
        f'x = """\n\\"""{KEY}{DEEP}"""',
        f"# {KEY}{DEEP}",
        f"x = 1 # {KEY}",
        "x = [" + "1.5, " * 100 + "]",
        "x = [" + "[1]," * 100 + "]",
        "\n".join(f"a.b{i} = 1.5" for i in range(100)),
    ],
)
def test_other_text_is_not(text: str) -> None:
    tomllib.loads(text)
    check_toml(text)


@pytest.mark.parametrize("piece", ["'", '"', '"""', "'''", "\\", '"\\', "#", ".", "[", "]", "'a'.", "\n", "x"])
def test_one_pass_is_enough(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    n_searched = 0

    class Counting(NamedTuple):
        pattern: re.Pattern[str]

        def search(self, text: str, at: int) -> re.Match[str] | None:
            nonlocal n_searched
            found = self.pattern.search(text, at)
            n_searched += (found.end() if found else len(text)) - at
            return found

    monkeypatch.setattr(toml_bounds, "_STRUCTURE", Counting(toml_bounds._STRUCTURE))
    quotes = {quote: Counting(pattern) for quote, pattern in toml_bounds._QUOTE_OR_ESCAPE.items()}
    monkeypatch.setattr(toml_bounds, "_QUOTE_OR_ESCAPE", quotes)
    text = piece * 10_000
    with suppress(CostlyTomlError):
        check_toml(text)
    assert 0 < n_searched <= 2 * len(text)
