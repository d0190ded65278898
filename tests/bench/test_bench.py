"""The benchmark: real processes on small folders."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.bench import bench as bench_module
from repomap_fast.bench.bench import AlertLimits, bench, find_commit, known_operations, run_process
from repomap_fast.bench.machine import describe_machine, processor_name, versions
from repomap_fast.bench.runs import COLD, MAP, SCAN, STAGE_REST, STAGE_START, WARM, Run, from_json, to_json
from repomap_fast.errors import BenchError, OptionError, RootError, ScanCancelled
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.store.cache_folder import store_folder

COUNTED_LATE_BYTES = 1 << 20
"""How far the system's count of resident pages may be behind."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    for name in ("one.py", "two.py", "package/three.py", "four.c"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(
            "int four(void) { return 4; }\n" if name == "four.c" else "def f():\n    return g()\n" * 9
        )
    (root / "notes.txt").write_text("nothing\n")
    return root


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench-cache")


@pytest.fixture(scope="module")
def run(repository: Path, cache: Path) -> Run:
    """One run for all that only look at it."""
    return bench(repository, repeats=2, cache_dir=cache)


def test_cold_runs_parse_everything_and_warm_ones_nothing(run: Run) -> None:
    cold, warm = run.case(SCAN, COLD), run.case(SCAN, WARM)
    assert cold is not None
    assert warm is not None
    assert [len(case.samples) for case in (cold, warm)] == [2, 2]
    for sample in cold.samples:
        assert (sample.files, sample.files_parsed, sample.hit_rate) == (4, 4, 0.0)
        assert sample.workers >= 1
    for sample in warm.samples:
        assert (sample.files, sample.files_parsed, sample.hit_rate, sample.workers) == (4, 0, 1.0, 0)
        assert sample.files_failed == 0


def test_bytes_are_those_of_the_files_with_a_language(run: Run, repository: Path) -> None:
    expected = sum(path.stat().st_size for path in repository.rglob("*") if path.suffix in (".py", ".c"))
    assert {sample.source_bytes for case in run.cases for sample in case.samples} == {expected}


def test_the_stages_of_a_process_add_up_to_it(run: Run) -> None:
    for case in run.cases:
        for sample in case.samples:
            assert sum(stage.elapsed_s for stage in sample.stages) == pytest.approx(sample.elapsed_s)
            assert sample.stages[0].elapsed_s == pytest.approx(sample.elapsed_s - sample.call_elapsed_s)
            assert 0 < sample.call_elapsed_s < sample.elapsed_s
            assert 0 < sample.call_cpu_s < sample.cpu_s
            assert sum(stage.cpu_s for stage in sample.stages) <= sample.cpu_s * 1.001
    stages = {(case.operation, case.state): [stage.name for stage in case.stages] for case in run.cases}
    assert stages == {
        (SCAN, COLD): [STAGE_START, "discover", "check", "tag", "join", STAGE_REST],
        (SCAN, WARM): [STAGE_START, "discover", "check", "join", STAGE_REST],
        (MAP, COLD): [STAGE_START, "discover", "check", "tag", "join", "rank", "draw", STAGE_REST],
        (MAP, WARM): [STAGE_START, "discover", "check", "join", "rank", "draw", STAGE_REST],
    }


def test_memory_only_rises_from_stage_to_stage(run: Run) -> None:
    for case in run.cases:
        for sample in case.samples:
            peaks = [*(stage.peak_memory_bytes for stage in sample.stages), sample.peak_memory_bytes]
            # Linux counts pages by processor, and may take a peak for some pages less when it is asked again.
            assert all(later > earlier - COUNTED_LATE_BYTES for earlier, later in pairwise(peaks))
            assert peaks[0] > 10_000_000
            assert peaks[-1] < 500_000_000


def test_the_peak_is_that_of_a_fresh_process(run: Run, repository: Path, cache: Path) -> None:
    block = bytearray(400_000_000)
    block[::4096] = b"x" * len(block[::4096])
    again = bench(repository, repeats=1, states=[COLD], cache_dir=cache)
    del block
    assert again.cases[0].peak_memory_bytes < 1.3 * run.cases[0].peak_memory_bytes


def test_nothing_is_left_behind_and_no_index_is_touched(run: Run, repository: Path, cache: Path) -> None:
    assert [path.name for path in cache.iterdir()] == ["CACHEDIR.TAG"]
    assert not store_folder(repository, cache).exists()
    assert sorted(path.name for path in repository.iterdir()) == ["four.c", "notes.txt", "one.py", "package", "two.py"]


def test_a_run_says_on_what_it_was_made(run: Run, repository: Path) -> None:
    assert run.root == str(repository)
    assert run.versions["repomap-fast"] == repomap_fast.__version__
    assert run.versions["numpy"]
    assert (run.machine.processor, run.machine.processors) == (processor_name(), describe_machine().processors)
    assert abs(run.started_s - time.time()) < 600
    assert run.options == {"repeats": "2"}
    assert run.commit is None
    assert from_json(to_json(run)) == run


def test_options_reach_the_scan_and_the_record_and_a_link_is_followed(
    repository: Path, cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(repository)
    again = bench(
        tmp_path / "link",
        repeats=1,
        states=[COLD],
        cache_dir=cache,
        languages="python",
        exclude=("package",),
        workers=1,
        max_memory="300M",
    )
    assert again.root == str(repository)
    assert again.cases[0].samples[0].files == 2
    assert again.cases[0].samples[0].workers == 1
    assert again.options == {
        "repeats": "1",
        "languages": "python",
        "exclude": "package",
        "workers": "1",
        "max_memory": str(300 * 2**20),
    }


def test_what_is_above_a_limit_is_an_alert(repository: Path, cache: Path) -> None:
    limits = AlertLimits(memory_bytes=20_000_000, cpu_percent=0.01)
    (cold,) = bench(repository, repeats=1, operations=[SCAN], states=[COLD], alerts=limits, cache_dir=cache).cases
    memory, cpu = cold.alerts
    assert (memory.kind, memory.limit, memory.value) == ("memory", 20_000_000, cold.peak_memory_bytes)
    assert memory.at_s is not None
    assert memory.at_s < cold.samples[0].call_elapsed_s
    assert (cpu.kind, cpu.limit, cpu.at_s) == ("cpu", 0.01, None)
    assert cpu.value > 0.01


@pytest.mark.own_memory
def test_what_is_as_wished_is_no_alert(run: Run) -> None:
    assert not any(case.alerts for case in run.cases)


def test_a_limit_to_the_processor_is_a_wish() -> None:
    limited = ScanOptions(max_cpu=40)
    assert bench_module._with_options(AlertLimits(), limited).cpu_percent == 40
    assert bench_module._with_options(AlertLimits(cpu_percent=10), limited).cpu_percent == 10
    assert bench_module._with_options(AlertLimits(), ScanOptions()).cpu_percent is None


def test_few_hits_are_an_alert_of_warm_runs_alone() -> None:
    measuring = bench_module._Measuring(Path(), {}, Path(), AlertLimits(hit_rate=0.7), Progress())
    answer = {"call_cpu_s": 1.0, "call_elapsed_s": 1.0, "hit_rate": 0.5}
    assert [(alert.kind, alert.value) for alert in measuring._alerts(answer, WARM)] == [("hit rate", 0.5)]
    assert not list(measuring._alerts(answer, COLD))
    assert not list(measuring._alerts({**answer, "hit_rate": 0.7}, WARM))


def test_without_an_index_every_run_parses(repository: Path, cache: Path) -> None:
    again = bench(repository, repeats=1, states=[COLD], cache=False, cache_dir=cache)
    assert again.cases[0].samples[0].files_parsed == 4
    assert again.options["cache"] == "no"
    with pytest.raises(OptionError, match="takes an index"):
        bench(repository, cache=False, cache_dir=cache)


def test_an_empty_folder_can_be_measured_and_progress_is_told(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "empty").mkdir()
    told: list[tuple[str, int, int]] = []
    no_limits = AlertLimits(memory_bytes=None, hit_rate=None)
    again = bench(
        tmp_path / "empty",
        repeats=1,
        alerts=no_limits,
        cache_dir=cache,
        progress=lambda what, done, total: told.append((what, done, total)),
    )
    assert [(case.samples[0].files, case.files_per_s, case.bytes_per_s) for case in again.cases] == [(0, 0.0, 0.0)] * 4
    whats = ["reading the files", "scan, cold", "scan, warm", "map, cold", "map, warm", ""]
    assert told == [(what, done, 5) for done, what in enumerate(whats)]


def test_cases_take_turns() -> None:
    assert list(bench_module._order(("scan", "map"), (COLD, WARM), 2)) == [
        (SCAN, COLD),
        *[("scan", COLD), ("scan", WARM), ("map", COLD), ("map", WARM)] * 2,
    ]
    assert list(bench_module._order(("scan",), (WARM,), 2)) == [(SCAN, COLD), (SCAN, WARM), (SCAN, WARM)]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"repeats": 0}, "repeats is 0; expected 1 to 100"),
        ({"repeats": 101}, "repeats is 101"),
        ({"operations": ["scam"]}, "operation is 'scam'; expected scan"),
        ({"states": []}, "states are none; expected cold, warm or both"),
        ({"states": ["hot"]}, "state is 'hot'; expected cold or warm"),
    ],
)
def test_what_cannot_be_measured_is_refused(repository: Path, wrong: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        bench(repository, **wrong)  # type: ignore[arg-type]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(RootError, match="there is no folder"):
            bench(path)


def test_a_process_that_fails_is_told_with_its_last_words(repository: Path, cache: Path) -> None:
    measuring = bench_module._Measuring(repository, {"wrong_option": 3}, cache, AlertLimits(), Progress())
    with pytest.raises(BenchError, match=r"ended with exit code 1: TypeError: .*wrong_option"):
        measuring.sample(SCAN, COLD)


def test_a_caller_who_cancels_does_not_wait(repository: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = threading.Event()
    started: list[subprocess.Popen[bytes]] = []
    true_popen = subprocess.Popen

    def slow_popen(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        process = true_popen([sys.executable, "-c", "import time; time.sleep(60)"], **options)  # type: ignore[call-overload]
        started.append(process)
        cancel.set()
        return process  # type: ignore[no-any-return]

    monkeypatch.setattr(bench_module.subprocess, "Popen", slow_popen)
    with pytest.raises(ScanCancelled):
        run_process("{}", Progress(None, cancel))
    assert started[0].returncode is not None
    assert started[0].returncode != 0


def test_the_waiting_thread_is_gone_afterwards(no_thread_left: None) -> None:
    elapsed_s, code, complaint = run_process("this is no task", Progress())
    assert (elapsed_s > 0, code, b"JSONDecodeError" in complaint) == (True, 1, True)


def test_a_module_in_the_present_folder_is_not_taken_for_ours(
    repository: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy.py", "json.py", "repomap_fast.py"):
        (tmp_path / name).write_text("raise SystemExit('taken in')\n")
    monkeypatch.chdir(tmp_path)
    assert bench(repository, repeats=1, states=[COLD], cache_dir=cache).cases


def test_where_the_cache_folder_cannot_be_written_another_one_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    notes: list[str] = []
    with bench_module._scratch_folder(tmp_path / "file", notes) as scratch:
        assert scratch.is_dir()
    assert not scratch.exists()
    assert f"{tmp_path / 'file'} cannot be written" in notes[0]


def test_what_a_killed_benchmark_left_is_deleted_after_a_day(tmp_path: Path) -> None:
    for name in ("bench-old", "bench-new", "other-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index").write_text("")
    for name in ("bench-old", "other-old"):
        os.utime(tmp_path / name, (1_000_000_000, 1_000_000_000))
    with bench_module._scratch_folder(tmp_path, []) as scratch:
        assert scratch.parent == tmp_path
        assert not (tmp_path / "bench-old").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CACHEDIR.TAG", "bench-new", "other-old"]


def test_what_a_reader_should_know_is_noted() -> None:
    from support.made_runs import make_case

    steady, shaky = make_case(1.0, 1.1), make_case(1.0, 1.5, state=WARM)
    assert list(bench_module._list_notes([steady], 0.4, 2)) == []
    assert list(bench_module._list_notes([steady, shaky], 3.0, 2)) == [
        "the machine was busy: a load of 3.0 on 2 processors before the first run",
        "scan, warm: the times differ by 50 %; more repeats tell more",
    ]


def test_the_commit_is_the_one_that_is_checked_out(tmp_path: Path) -> None:
    assert find_commit(tmp_path) is None
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert find_commit(tmp_path) is None
    identity = ["-c", "user.name=x", "-c", "user.email=x"]
    subprocess.run(["git", *identity, "commit", "-q", "--allow-empty", "-m", "x"], cwd=tmp_path, check=True)
    commit = find_commit(tmp_path)
    assert commit is not None
    assert len(commit) == 40


def test_only_operations_that_are_there_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    class WithMetrics:
        metrics = None

    monkeypatch.setattr(repomap_fast, "map", lambda: None, raising=False)
    monkeypatch.setattr(repomap_fast, "RepoMap", object, raising=False)
    assert known_operations() == ("scan",)
    monkeypatch.setattr(repomap_fast, "RepoMap", WithMetrics, raising=False)
    assert known_operations() == ("scan", "map")


def test_versions_name_what_takes_part() -> None:
    assert list(versions()) == [
        "repomap-fast",
        "build",
        "tree-sitter",
        "python",
        "numpy",
        "tree-sitter-language-pack",
    ]
