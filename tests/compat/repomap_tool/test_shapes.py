"""Checks of the dictionaries that repomap-tool's parts hand each other."""

from __future__ import annotations

from typing import Any

import pytest

from repomap_fast.compat.named_files import CodeTag
from repomap_fast.compat.repomap_tool.shapes import (
    safe_validate_identifier_set,
    safe_validate_project_map,
    validate_cache_stats,
    validate_identifier_set,
    validate_match_result,
    validate_project_map,
)

EMPTY = {"tags": None, "identifiers": None, "files": None}


def test_a_project_map_gets_the_fields_that_it_has_to_have() -> None:
    tag = CodeTag("f", "name.definition.function", "a.py", 3)
    found = validate_project_map(
        {"tags": [{"name": "g"}, tag], "identifiers": {"f"}, "files": {"a.py": {"content": "x"}, "b.py": 3}}
    )
    assert found == {
        "tags": [
            {"name": "g", "type": None, "file": "", "line": 0},
            {"name": "f", "type": "name.definition.function", "file": "a.py", "line": 3},
        ],
        "identifiers": ["f"],
        "files": {"a.py": {"identifiers": None, "tags": None, "content": "x"}},
    }
    assert validate_project_map(None) == EMPTY


@pytest.mark.parametrize("data", [[], {"tags": "f"}, {"identifiers": "f"}, {"files": []}])
def test_a_malformed_project_map_is_an_error_or_an_empty_one(data: Any) -> None:
    with pytest.raises(ValueError, match=r"must be a .*; found"):
        validate_project_map(data)
    assert safe_validate_project_map(data) == EMPTY


def test_a_tag_without_a_name_is_malformed() -> None:
    assert safe_validate_project_map({"tags": [{"line": 3}]}) == EMPTY


def test_one_name_is_a_list_of_one() -> None:
    assert validate_identifier_set("name") == ["name"]
    assert validate_identifier_set(("a", 3)) == ["a", "3"]
    assert validate_identifier_set(None) == safe_validate_identifier_set(3) == []
    with pytest.raises(ValueError, match="found int"):
        validate_identifier_set(3)


def test_figures_of_a_cache_have_all_keys() -> None:
    stats = {"cache_size": 1, "hits": 2, "misses": 3, "hit_rate_percent": 40.0}
    assert validate_cache_stats(stats) == stats
    del stats["misses"]
    with pytest.raises(ValueError, match="misses"):
        validate_cache_stats(stats)


@pytest.mark.parametrize("match", ["ab", ("a",), (1, 2), ("a", "b")])
def test_a_match_is_a_name_and_a_number(match: Any) -> None:
    assert validate_match_result(["a", 90.7]) == ("a", 90)
    with pytest.raises(ValueError, match="Match"):
        validate_match_result(match)
