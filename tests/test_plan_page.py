"""The page about the performance plan names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import repomap_fast

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs" / "plan.md"
PACKAGE = Path(repomap_fast.__file__).parent

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="there is no checkout around the tests")


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"[\w/]+\.(?:py|h|md)\b", PAGE.read_text("utf-8")))
    assert len(named) > 30
    missing = [
        name
        for name in sorted(named)
        if not any((top / name).is_file() for top in (REPOSITORY, REPOSITORY / "cext", PACKAGE))
    ]
    assert missing == []


def test_every_choice_of_tests_chooses_some() -> None:
    chosen = re.findall(r"pytest (?:-m slow )?([\w/. ]+\.py)(?: -k (\w+))?`", PAGE.read_text("utf-8"))
    assert len(chosen) > 30
    for paths, word in chosen:
        names = [
            name
            for path in paths.split()
            for name in re.findall(r"def (test_\w+)", (REPOSITORY / path).read_text("utf-8"))
        ]
        assert any(word in name for name in names), (paths, word)
