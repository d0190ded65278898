"""colours: the words of a map stay what they are."""

from __future__ import annotations

import io
import re

import pytest

from repomap_fast.cli.colours import coloured_map, shows_colours

MAP = """# Map of 3 files, as of 2026-11-24T22:10:00Z

1 odd path.py:
1-9 class A(B)  # Holds it.
 12 f(a, b)
7

also: README.md, setup.py,
 docs/a.md
"""


def test_paths_are_bold_and_places_dim() -> None:
    assert coloured_map(MAP) == (
        "\x1b[2m# Map of 3 files, as of 2026-11-24T22:10:00Z\x1b[0m\n\n"
        "\x1b[1m1 odd path.py:\x1b[0m\n"
        "\x1b[2m1-9\x1b[0m class A(B)\x1b[2m  # Holds it.\x1b[0m\n"
        " \x1b[2m12\x1b[0m f(a, b)\n"
        "\x1b[2m7\x1b[0m\n\n"
        "\x1b[2malso:\x1b[0m README.md, setup.py,\n docs/a.md\n"
    )


def test_the_first_path_is_bold_where_there_is_no_header() -> None:
    assert coloured_map("a.py:\n1 f\n") == "\x1b[1ma.py:\x1b[0m\n\x1b[2m1\x1b[0m f\n"
    assert coloured_map("also: a\n").startswith("\x1b[2malso:\x1b[0m")


@pytest.mark.parametrize("text", [MAP, "", "\n", "\nalso: a\n", "x"])
def test_the_words_stay(text: str) -> None:
    assert re.sub(r"\x1b\[[0-2]m", "", coloured_map(text)) == text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_colours_unless_its_user_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert shows_colours(Terminal())
    assert not shows_colours(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not shows_colours(Terminal())
    monkeypatch.setenv("NO_COLOR", "")
    assert shows_colours(Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not shows_colours(Terminal())
