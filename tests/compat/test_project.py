"""The analysis of a project under the plan's and repomap-tool's names, its memory and its measurements."""

from __future__ import annotations

import dataclasses
import io
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.compat import repomap_tool
from repomap_fast.compat.repomap_tool import (
    AdvancedCacheManager,
    MemoryMetrics,
    MemoryMonitor,
    PerformanceBenchmark,
    PerformanceConfig,
    PerformanceDashboard,
    PerformanceMetrics,
    ProjectInfo,
    RepoMapConfig,
    RepoMapService,
    SearchRequest,
    analyze_project_with_monitoring,
    analyze_project_with_progress,
    get_service_factory,
)
from repomap_fast.joining.join import give_back_memory
from repomap_fast.resources.memory import resident_memory_bytes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for number in range(30):
        source = f"class Thing{number}:\n    def get_thing(self): return LIMIT_{number % 3} + other{number}()\n"
        (folder / f"m{number}.py").write_text(source)
    (folder / "notes.md").write_text("no language\n")
    return folder


def service(root: Path, **performance: object) -> RepoMapService:
    return RepoMapService(RepoMapConfig(project_root=root, performance=PerformanceConfig(**performance)))


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


def test_an_analysis_says_what_a_scan_says(root: Path) -> None:
    info = service(root).analyze_project()
    scan = repomap_fast.scan(root, cache=False)
    assert isinstance(info, ProjectInfo)
    assert (info.total_files, info.total_identifiers) == (31, len(scan.tag_table.names))
    assert info.file_types == {"py": 30, "md": 1}
    assert info.identifier_types == {"functions": 1, "classes": 30, "variables": 30, "constants": 0, "other": 0}
    assert info.cache_stats["files_parsed"] == 30
    assert info.cache_size_bytes > 0
    assert service(root).analyze_project().cache_stats["hit_rate"] == 1.0
    config = RepoMapConfig(project_root=root, refresh_cache=True)
    again = RepoMapService(config).analyze_project()
    assert (again.cache_stats["hit_rate"], again.cache_size_bytes) == (0.0, None)


def test_a_factory_makes_services_that_share_the_index_alone(root: Path) -> None:
    config = RepoMapConfig(project_root=root, dependencies={"max_graph_size": 200})
    assert (config.dependencies.max_graph_size, config.trees.max_depth, config.embedding.enabled) == (200, 10, True)
    first, second = (get_service_factory().create_repomap_service(config) for _ in range(2))
    assert first is not second
    assert first.analyze_project().cache_stats["files_parsed"] == 30
    assert second.analyze_project().cache_stats["hit_rate"] == 1.0
    found = second.search_identifiers(SearchRequest(query="Thing2", match_type="fuzzy", max_results=3))
    assert [match.identifier for match in found.results] == ["Thing2", "Thing20", "Thing21"]


class Screen(io.StringIO):
    """A terminal as far as rich can tell."""

    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_with_the_time_left_and_told_to_a_callback(root: Path) -> None:
    from rich.console import Console

    told = []
    drawn = Screen()
    analyst = service(root)
    analyst.console = Console(file=drawn, force_terminal=True, width=100)
    info = analyze_project_with_progress(analyst, lambda *event: told.append(event))
    assert info.total_files == 31
    assert list(dict.fromkeys(stage for stage, *_ in told)) == ["discover", "tag", "join"]
    assert ("tag", 30, 30) in told
    text = drawn.getvalue()
    for description in ("Scanning project files...", "Extracting identifiers...", "Analyzing results..."):
        assert description in text
    assert "100%" in text.split("\n")[-2]
    # Elapsed, then what is left.
    assert "0:00:00" in text


def test_progress_can_be_switched_off_and_an_analysis_cancelled(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    analyst = service(root, enable_progress=False)
    assert analyst.analyze_project_with_progress().total_files == 31
    assert capfd.readouterr() == ("", "")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(repomap_fast.ScanCancelled):
        analyst.analyze_project_with_progress(cancel=cancel)
    assert analyze_project_with_progress(str(root)).total_files == 31
    assert "Scanning project files..." in capfd.readouterr().err


def test_monitoring_measures_the_analysis(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    analyst = service(root)
    with caplog.at_level(logging.INFO, "repomap_fast"):
        info = analyze_project_with_monitoring(analyst)
    assert isinstance(analyst.memory_metrics, MemoryMetrics)
    assert info.cache_stats["memory"] == dataclasses.asdict(analyst.memory_metrics)
    assert "Analysis completed in" in caplog.text
    assert "Memory usage" in caplog.text


@pytest.mark.parametrize(("n_files", "expected"), [(5, 1), (20, 3)])
def test_few_files_are_one_workers_work(root: Path, n_files: int, expected: int) -> None:
    for number in range(n_files, 30):
        (root / f"m{number}.py").unlink()
    analyst = service(root, max_workers=3, parallel_threshold=10)
    assert analyst._refresh(None, None).metrics.workers == expected


def test_the_limit_to_memory_is_the_plans_unless_the_process_is_there_already(monkeypatch: pytest.MonkeyPatch) -> None:
    from repomap_fast.compat.repomap_tool import project

    for in_use_mb, expected in ((40, 104), (300, 486)):
        monkeypatch.setattr(project, "resident_memory_bytes", lambda in_use_mb=in_use_mb: in_use_mb << 20)
        assert project._limit_bytes(100) // 10**6 == expected
    monkeypatch.setattr(project, "resident_memory_bytes", lambda: 1 << 20)
    assert project._limit_bytes(10) == 64_000_000


def test_searches_find_names_with_their_places(root: Path) -> None:
    analyst = service(root)
    response = analyst.search_identifiers(SearchRequest(query="thing7", match_type="fuzzy"))
    (found,) = response.results
    assert (found.identifier, found.file_path, found.line_number) == ("Thing7", str(root / "m7.py"), 1)

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


def test_a_map_of_some_files_shows_what_is_referred_to_most(root: Path) -> None:
    (root / "used.py").write_text("def other1():\n    pass\n\n\ndef never():\n    pass\n")
    analyst = service(root)
    files = ["m1.py", str(root / "used.py"), "gone.py", str(root.parent / "outside.py")]
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


@pytest.mark.own_memory
def test_a_monitor_samples_the_peak_that_nobody_asks_for(caplog: pytest.LogCaptureFixture) -> None:
    alerts: list[float] = []
    above_mb = resident_memory_bytes() / 2**20 + 40
    with (
        caplog.at_level(logging.INFO, "repomap_fast"),
        MemoryMonitor(alert_mb=above_mb, on_alert=alerts.append) as monitor,
    ):
        held = bytearray(b"x" * (80 << 20))
        time.sleep(0.1)
        del held
        give_back_memory()
        assert monitor.check_memory() > 0
    metrics = monitor.metrics
    assert monitor.start_memory == metrics.start_memory_mb
    assert monitor.peak_memory == metrics.peak_memory_mb >= metrics.start_memory_mb + 70
    assert metrics.memory_increase_mb == metrics.end_memory_mb - metrics.start_memory_mb < 60
    assert len(alerts) == 1
    assert alerts[0] >= above_mb
    assert "Memory usage: MemoryMetrics(" in caplog.text
    with caplog.at_level(logging.WARNING, "repomap_fast"), MemoryMonitor(alert_mb=1):
        time.sleep(0.1)
    assert "MB of 1 MB" in caplog.text


@pytest.mark.own_memory
def test_a_benchmark_measures_time_memory_processor_and_hits() -> None:
    cache = AdvancedCacheManager()
    cache.put("key", 1)
    cache.get("gone before")

    def work(seconds: float, *, n_bytes: int) -> str:
        held = bytearray(b"x" * n_bytes)
        end_s = time.perf_counter() + seconds
        while time.perf_counter() < end_s:
            pass
        for key in ("key", "key", "key", "gone"):
            cache.get(key)
        return f"held {len(held)}"

    benchmark = PerformanceBenchmark(cache)
    metrics = benchmark.benchmark(work, 0.2, n_bytes=80 << 20)
    assert benchmark.result == f"held {80 << 20}"
    assert metrics.execution_time >= 0.2
    assert metrics.memory_usage_mb >= 70
    assert metrics.cpu_usage_percent > 5
    assert metrics.cache_hit_rate == 0.75
    asleep = PerformanceBenchmark().benchmark(time.sleep, 0.2)
    assert asleep.cpu_usage_percent < 50
    assert asleep.cache_hit_rate == 0
    with pytest.raises(ZeroDivisionError):
        benchmark.benchmark(lambda: 1 / 0)


def test_a_benchmark_reads_the_hit_rate_of_what_is_returned(root: Path, tmp_path: Path) -> None:
    benchmark = PerformanceBenchmark()
    rates = [
        benchmark.benchmark(repomap_fast.scan, root, cache_dir=tmp_path / "cache").cache_hit_rate for _ in range(2)
    ]
    assert rates == [0.0, 1.0]
    assert benchmark.benchmark(service(root).analyze_project).cache_hit_rate == 0.0
    assert benchmark.benchmark(service(root).analyze_project).cache_hit_rate == 1.0


def test_a_dashboard_sums_up_the_last_ten() -> None:
    dashboard = PerformanceDashboard()
    assert dashboard.get_summary() == {}
    for number in range(12):
        dashboard.record_metrics(PerformanceMetrics(number, 10.0 * number, 50.0, 0.1 * number))
    summary = dashboard.get_summary()
    assert summary == {
        "avg_execution_time": pytest.approx(6.5),
        "avg_memory_usage": pytest.approx(65.0),
        "avg_cache_hit_rate": pytest.approx(0.65),
        "total_runs": 12,
    }
    assert dashboard.metrics_history[0]["timestamp"] <= time.time()


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted as on Linux")
@pytest.mark.parametrize("n_scans", [30, pytest.param(600, marks=pytest.mark.slow)])
def test_scans_without_end_leave_nothing_behind(n_scans: int, root: Path) -> None:
    analyst = service(root)
    extractor = repomap_tool.ParallelTagExtractor()
    cache = AdvancedCacheManager(max_size=50, max_memory_mb=1)
    files = [path.name for path in sorted(root.glob("*.py"))]
    in_use, n_open = [], []
    for number in range(n_scans):
        (root / "m0.py").write_text(f"def changed_{number}(): pass\n")
        info = analyst.analyze_project_with_monitoring()
        assert (info.total_files, info.cache_stats["files_parsed"]) == (31, 1 if number else 30)
        tags = extractor.extract_tags_parallel(files, root)
        assert len(tags) == 1 + 3 * 29
        cache.put(str(number), tags)
        give_back_memory()
        in_use.append(resident_memory_bytes())
        n_open.append(len(list(Path("/proc/self/fd").iterdir())))
    assert max(n_open[5:]) <= max(n_open[:5])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("repomap-fast")]
    if n_scans >= 500:
        half = n_scans // 2
        assert max(in_use[half:]) - max(in_use[: half // 2]) < 2 << 20
