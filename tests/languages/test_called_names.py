"""called_names: what programs begin with, and what languages and test runners call."""

from __future__ import annotations

import pytest

from repomap_fast.languages import called_names
from repomap_fast.languages.called_names import STARTS_IN_TYPES, is_called_by_itself, starts_of
from repomap_fast.languages.table import LANGUAGES


def test_the_languages_are_those_of_the_table() -> None:
    known = {language.name for language in LANGUAGES}
    assert {*called_names._STARTS, *called_names._CALLED, *STARTS_IN_TYPES} <= known


@pytest.mark.parametrize("language", [language.name for language in LANGUAGES])
def test_a_start_is_called_by_itself_and_another_name_is_not(language: str) -> None:
    assert all(is_called_by_itself(language, name.encode()) for name in starts_of(language))
    assert not is_called_by_itself(language, b"lonely")


@pytest.mark.parametrize(
    ("language", "name", "is_called"),
    [
        ("csharp", b"Main", True),
        ("python", b"Main", False),
        ("php", b"__get", True),
        ("python", b"__get", False),
        ("ruby", b"==", True),
        ("r", b"print.frame", True),
        ("r", b"[.frame", True),
        ("r", b"my.frame", False),
        ("go", b"TestAll", True),
    ],
)
def test_names_are_called_in_some_languages(language: str, name: bytes, is_called: bool) -> None:
    assert is_called_by_itself(language, name) is is_called
