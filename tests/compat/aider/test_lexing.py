"""The names that pygments sees, which aider installs; a small stand-in takes its place."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from repomap_fast.compat.aider.lexing import names_of_lexer


class Kind(tuple[str, ...]):
    """A kind of token, which holds those that are more exact, as pygments has it."""

    def __contains__(self, other: object) -> bool:
        return isinstance(other, Kind) and other[: len(self)] == tuple(self)


class Lexer:
    def get_tokens(self, text: str) -> list[tuple[Kind, str]]:
        kinds = {"class": Kind(("Keyword",)), "A": Kind(("Name", "Class")), "b": Kind(("Name",))}
        return [(kinds[word], word) for word in text.split()]


def guess_lexer(fname: str, text: str) -> Lexer:
    if fname.endswith(".none"):
        raise ValueError("no lexer for it")
    return Lexer()


@pytest.fixture(autouse=True)
def pygments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygments", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "pygments.lexers", SimpleNamespace(guess_lexer_for_filename=guess_lexer))
    monkeypatch.setitem(sys.modules, "pygments.token", SimpleNamespace(Token=SimpleNamespace(Name=Kind(("Name",)))))


def test_names_of_all_kinds_come_in_order_and_each_time() -> None:
    assert names_of_lexer("a.py", "class A b A") == ["A", "b", "A"]


def test_a_file_without_a_lexer_has_no_names() -> None:
    assert names_of_lexer("a.none", "class A") == []
