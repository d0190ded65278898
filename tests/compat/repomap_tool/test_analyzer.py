"""The analysis of a project, beside a scan."""

from __future__ import annotations

from pathlib import Path

import repomap_fast
from repomap_fast.compat.repomap_tool import (
    ProjectInfo,
    RepoMapConfig,
    RepoMapService,
)
from repomap_fast.compat.repomap_tool.analyzer import analyze_file_types, analyze_identifier_types
from support.drop_ins import make_service


def test_an_analysis_says_what_a_scan_says(project: Path) -> None:
    info = make_service(project).analyze_project()
    scan = repomap_fast.scan(project, cache=False)
    assert isinstance(info, ProjectInfo)
    assert (info.total_files, info.total_identifiers) == (31, len(scan.tag_table.names))
    assert info.file_types == {"py": 30, "md": 1}
    assert info.identifier_types == {"functions": 1, "classes": 30, "variables": 30, "constants": 0, "other": 0}
    assert info.cache_stats["files_parsed"] == 31
    assert info.cache_size_bytes > 0
    assert make_service(project).analyze_project().cache_stats["hit_rate"] == 1.0
    config = RepoMapConfig(project_root=project, refresh_cache=True)
    again = RepoMapService(config).analyze_project()
    assert (again.cache_stats["hit_rate"], again.cache_size_bytes) == (0.0, None)


def test_files_are_counted_by_their_ending_in_lower_case() -> None:
    assert analyze_file_types(["a.py", "b.PY", "c.tar.gz", "Makefile"]) == {"py": 2, "gz": 1}


def test_names_are_counted_by_their_spelling() -> None:
    names = ["A_B", "_A", "AB", "Name", "get_x", "getx", "set_x", "a_b", "name", "camelCase", ""]
    assert analyze_identifier_types(names) == {
        "constants": 2, "classes": 2, "functions": 3, "variables": 2, "other": 2,
    }  # fmt: skip
