"""repomap-tool's models: bounds, paths and what is made of dictionaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repomap_fast.compat.repomap_tool.models import (
    PerformanceConfig,
    RepoMapConfig,
    config_to_dict,
    create_config_from_dict,
    create_error_response,
    validate_search_request,
)


def test_a_configuration_is_made_of_a_dictionary_and_back(tmp_path: Path) -> None:
    config = create_config_from_dict({"project_root": str(tmp_path), "log_level": "debug", "cache_dir": tmp_path})
    assert (config.project_root, config.cache_dir, config.log_level) == (tmp_path, tmp_path, "DEBUG")
    assert create_config_from_dict(config_to_dict(config)) == config


def test_the_root_is_absolute_and_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    monkeypatch.chdir(tmp_path)
    assert RepoMapConfig(project_root="link").project_root == tmp_path.resolve() / "project"


@pytest.mark.parametrize(
    ("root", "message"),
    [
        ("", "cannot be empty"),
        ("a\0b", "null bytes"),
        ("x" * 4097, "too long"),
        ("gone", "does not exist"),
        (__file__, "must be a directory"),
    ],
)
def test_a_root_that_is_no_folder_is_refused(root: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        RepoMapConfig(project_root=root)


@pytest.mark.parametrize(
    "fields", [{"max_workers": 0}, {"max_workers": 17}, {"cache_size": 99}, {"max_memory_mb": 9}, {"max_workers": "x"}]
)
def test_the_plans_bounds_hold(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(fields))):
        PerformanceConfig(**fields)


def test_a_query_is_stripped_and_not_empty() -> None:
    assert validate_search_request({"query": " a b "}).query == "a b"
    for data, message in (({"query": " "}, "cannot be empty"), (None, "must be a dictionary; found NoneType")):
        with pytest.raises(ValueError, match=message):
            validate_search_request(data)


def test_unknown_levels_and_strategies_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Invalid log level: LOUD"):
        RepoMapConfig(project_root=tmp_path, log_level="LOUD")
    with pytest.raises(ValueError, match="Invalid strategies: guess; expected some of levenshtein, prefix"):
        RepoMapConfig(project_root=tmp_path, fuzzy_match={"strategies": ["prefix", "guess"]})


def test_an_error_says_what_it_is_and_takes_no_other_field() -> None:
    response = create_error_response("gone", details={"path": "a"})
    assert (response.error, response.error_type, response.details) == ("gone", "ValidationError", {"path": "a"})
    with pytest.raises(ValueError, match="no attribute"):
        response.other = 1
