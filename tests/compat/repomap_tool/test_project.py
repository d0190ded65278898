"""The analysis of a project under the plan's and repomap-tool's names."""

from __future__ import annotations

import dataclasses
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.compat import repomap_tool
from repomap_fast.compat.repomap_tool import (
    MemoryMetrics,
    RepoMapConfig,
    SearchRequest,
    analyze_project_with_monitoring,
    get_service_factory,
)
from support.drop_ins import make_service
from support.growth import after_analyses
from support.own_process import in_own_process


def test_every_name_of_the_plan_is_there_and_nothing_is_imported_before_it_is_asked_for() -> None:
    for name in repomap_tool.__all__:
        assert getattr(repomap_tool, name) is not None
    assert set(repomap_tool.__all__) <= set(dir(repomap_tool))
    with pytest.raises(AttributeError):
        _ = repomap_tool.nothing
    run = (
        "import sys; from repomap_fast.compat.repomap_tool import AdvancedCacheManager, ParallelTagExtractor; "
        "print(sorted({'pydantic', 'rich', 'typer', 'psutil'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_factory_makes_services_that_share_the_index_alone(project: Path) -> None:
    config = RepoMapConfig(project_root=project, dependencies={"max_graph_size": 200})
    assert (config.dependencies.max_graph_size, config.trees.max_depth, config.embedding.enabled) == (200, 10, True)
    first, second = (get_service_factory().create_repomap_service(config) for _ in range(2))
    assert first is not second
    assert first.analyze_project().cache_stats["files_parsed"] == 31
    assert second.analyze_project().cache_stats["hit_rate"] == 1.0
    found = second.search_identifiers(SearchRequest(query="Thing2", match_type="fuzzy", max_results=3))
    assert [match.identifier for match in found.results] == ["Thing2", "Thing20", "Thing21"]


def test_monitoring_measures_the_analysis(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    analyst = make_service(project)
    with caplog.at_level(logging.INFO, "repomap_fast"):
        info = analyze_project_with_monitoring(analyst)
    assert isinstance(analyst.memory_metrics, MemoryMetrics)
    assert info.cache_stats["memory"] == dataclasses.asdict(analyst.memory_metrics)
    assert "Analysis completed in" in caplog.text
    assert "Memory usage" in caplog.text


@pytest.mark.parametrize(("n_files", "expected"), [(5, 1), (20, 3)])
def test_few_files_are_one_workers_work(project: Path, n_files: int, expected: int) -> None:
    for number in range(n_files, 30):
        (project / f"m{number}.py").unlink()
    analyst = make_service(project, max_workers=3, parallel_threshold=10)
    assert analyst._refresh(None, None).metrics.workers == expected


def test_the_limit_to_memory_is_the_plans_unless_the_process_is_there_already(monkeypatch: pytest.MonkeyPatch) -> None:
    from repomap_fast.compat.repomap_tool import project

    for in_use_mb, expected in ((40, 104), (300, 486)):
        monkeypatch.setattr(project, "resident_memory_bytes", lambda in_use_mb=in_use_mb: in_use_mb << 20)
        assert project._limit_bytes(100) // 10**6 == expected
    monkeypatch.setattr(project, "resident_memory_bytes", lambda: 1 << 20)
    assert project._limit_bytes(10) == 64_000_000


def test_searches_find_names_with_their_places(project: Path) -> None:
    analyst = make_service(project)
    response = analyst.search_identifiers(SearchRequest(query="thing7", match_type="fuzzy"))
    (found,) = response.results
    assert (found.identifier, found.file_path, found.line_number) == ("Thing7", str(project / "m7.py"), 1)

    class Matcher:
        def match_identifiers(self, query: str, names: set[str]) -> list[tuple[str, int]]:
            return [("get_thing", 90), ("nowhere", 80)]

    analyst.fuzzy_matcher = Matcher()
    response = analyst.search_identifiers(SearchRequest(query="x", match_type="fuzzy"))
    assert [(result.identifier, result.score, result.line_number) for result in response.results] == [
        ("get_thing", 0.9, 2), ("nowhere", 0.8, None),
    ]  # fmt: skip
    assert response.cache_hit
    names = analyst.get_tags()
    assert names == sorted(set(names))
    assert "LIMIT_2" not in names
    assert "Thing29" in names


def test_a_map_of_some_files_shows_what_is_referred_to_most(project: Path) -> None:
    (project / "used.py").write_text("def other1():\n    pass\n\n\ndef never():\n    pass\n")
    analyst = make_service(project)
    files = ["m1.py", str(project / "used.py"), "gone.py", str(project.parent / "outside.py")]
    text = analyst.get_ranked_tags_map(files, 1000)
    assert text.index("m1.py:") < text.index("used.py:")
    assert "│def other1():" in text
    assert "│class Thing1:" in text
    assert "m2.py" not in text
    small = analyst.get_ranked_tags_map(files, 25)
    assert "def other1():" in small
    assert "Thing1" not in small
    assert analyst.get_ranked_tags_map(files, 2) is None
    assert analyst.get_ranked_tags_map([], 1000) is None


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted as on Linux")
@pytest.mark.parametrize("n_scans", [30, pytest.param(600, marks=pytest.mark.slow)])
def test_scans_without_end_leave_nothing_behind(n_scans: int, project: Path) -> None:
    held = in_own_process(after_analyses, project, n_scans)
    assert max(held.n_files[5:]) <= max(held.n_files[:5])
    assert held.threads == []
    if n_scans >= 500:
        half = n_scans // 2
        assert max(held.sizes_bytes[half:]) - max(held.sizes_bytes[: half // 2]) < 2 << 20
