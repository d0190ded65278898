"""``repomap-fast bench`` as its users meet it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from repomap_fast.bench import bench as bench_module
from repomap_fast.bench.history import append_run, read_history
from repomap_fast.bench.runs import ALERT_CPU, ALERT_MEMORY, Alert, Run, from_json, to_json
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE
from support.command_runs import COMMAND, environment, invoke
from support.made_runs import make_case, make_run


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "one.py").write_text("def one():\n    return two()\n")
    return root


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, repository: Path) -> list[dict[str, object]]:
    """Have ``bench`` make runs up, one a day, and return with what it was called."""
    calls: list[dict[str, object]] = []

    def make(root: Path, **options: object) -> Run:
        calls.append({"root": root, **options})
        return make_run(len(calls), root=os.path.realpath(root))

    monkeypatch.setattr(bench_module, "bench", make)
    return calls


def runs_in(file: Path) -> tuple[Run, ...]:
    return read_history(file).runs


# bench, in whole processes


def test_bench_in_a_pipe(repository: Path, tmp_path: Path) -> None:
    history = tmp_path / "runs.jsonl"
    command = [*COMMAND, "bench", str(repository), "-n", "1", "--history", str(history)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment(), check=True)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for word in ("Scan, cold", "Scan, warm", "Time", "Processor share", "Peak memory", "Hit rate", "tag", "Machine"):
        assert word in done.stdout
    assert re.search(r"Hit rate +0 % +100 % +0 % +100 %", done.stdout)
    (kept,) = runs_in(history)
    assert kept.root == str(repository)
    assert [case.name for case in kept.cases] == ["scan, cold", "scan, warm", "map, cold", "map, warm"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize("arguments", [["bench", "-n", "1", "--no-history", "--no-progress"], ["dashboard"]])
def test_in_a_narrow_window_nothing_is_wider_than_it(repository: Path, tmp_path: Path, arguments: list[str]) -> None:
    import pty

    history = tmp_path / "runs.jsonl"
    for day in range(40):
        append_run(history, make_run(day, root=str(repository), cold=(10.0 ** (day % 7),)))
    more = ["--compare", str(history), str(repository)] if arguments[0] == "bench" else ["--history", str(history)]
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments, *more],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env=environment(COLUMNS="40", TERM="xterm", NO_COLOR="1"),
    )
    os.close(terminal)
    printed = b""
    try:
        while some := os.read(controller, 65536):
            printed += some
    except OSError:
        pass
    os.close(controller)
    assert process.wait(60) == EXIT_FINE
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode().replace("\r\n", "\n"))
    assert max(map(len, text.splitlines())) <= 40, text
    assert "█" in text or "Ratio" in text


def test_ctrl_c_ends_the_measured_process_too(repository: Path, tmp_path: Path) -> None:
    import signal

    cache = tmp_path / "cache"
    command = [*COMMAND, "bench", str(repository), "-n", "100", "--cache-dir", str(cache)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not list(cache.glob("bench-*/scan")):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (130, "repomap-fast: interrupted\n")
    assert [path.name for path in cache.iterdir()] == ["CACHEDIR.TAG"]


@pytest.mark.parametrize("arguments", [["bench", "--help"], ["dashboard", "--help"]])
def test_help_loads_nothing_large(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom repomap_fast.cli import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\nfinally:\n    print('MODULES', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    modules = set(done.stdout.partition("MODULES")[2].split())
    assert not modules & {"numpy", "rich", "statistics", "repomap_fast.bench.bench", "repomap_fast.bench.history"}


# bench, with runs that are made up


def test_a_run_whose_table_nobody_reads_to_the_end_is_kept(
    made: list[dict[str, object]], repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def close(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("repomap_fast.cli.reports.bench_report.print_run", close)
    assert invoke("bench", repository, "--history", tmp_path / "runs.jsonl").exit_code == EXIT_FINE
    assert len(runs_in(tmp_path / "runs.jsonl")) == 1


def test_options_reach_the_benchmark(made: list[dict[str, object]], repository: Path, tmp_path: Path) -> None:
    done = invoke(
        *("bench", repository, "-n", "7", "--operation", "scan", "--state", "warm", "-l", "python", "--workers", "3"),
        *("--max-cpu", "80", "--alert-memory", "50M", "--alert-cpu", "90", "--cache-dir", tmp_path / "cache"),
    )
    assert done.exit_code == EXIT_FINE
    (call,) = made
    assert (call["repeats"], call["operations"], call["states"], call["cache"]) == (7, ["scan"], ["warm"], True)
    assert (call["languages"], call["workers"], call["max_cpu"]) == (["python"], 3, 80)
    assert call["alerts"] == bench_module.AlertLimits(memory_bytes=50 * 2**20, cpu_percent=90)
    assert len(runs_in(tmp_path / "cache" / "runs.jsonl")) == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], bench_module.AlertLimits()),
        (["--alert-memory", "0"], bench_module.AlertLimits(memory_bytes=None)),
        (["--alert-memory", "1.5M"], bench_module.AlertLimits(memory_bytes=1_572_864)),
    ],
)
def test_alert_limits(made: list[dict[str, object]], repository: Path, arguments: list[str], expected: object) -> None:
    invoke("bench", repository, "--no-history", *arguments)
    assert made[0]["alerts"] == expected


def test_without_an_index_there_is_no_warm_state(made: list[dict[str, object]], repository: Path) -> None:
    invoke("bench", repository, "--no-history", "--no-cache")
    assert (made[0]["states"], made[0]["cache"]) == (("cold",), False)


def test_json_can_be_compared_with_later(made: list[dict[str, object]], repository: Path, tmp_path: Path) -> None:
    done = invoke("bench", repository, "--no-history", "-f", "json")
    document = json.loads(done.stdout)
    first = make_run(1, root=str(repository))
    assert from_json(document) == first
    assert document["comparison"] is None
    cold = document["medians"][0]
    assert (cold["operation"], cold["state"], cold["elapsed_s"], cold["range_s"]) == ("scan", "cold", 1.1, [1.0, 1.3])
    assert [stage["name"] for stage in cold["stages"]] == ["start", "tag"]
    (tmp_path / "before.json").write_text(done.stdout)
    again = invoke("bench", repository, "--no-history", "-f", "json", "--compare", tmp_path / "before.json")
    comparison = json.loads(again.stdout)["comparison"]
    assert comparison["before"]["started_s"] == first.started_s
    assert comparison["cases"][0]["figures"]["elapsed_s"] == {"before": 1.1, "after": 1.1, "ratio": 1.0}
    assert comparison["cases"][0]["is_within_spread"] is True
    assert comparison["differences"] == ["commit 001000000000 → 002000000000"]


def test_comparing_with_the_last_run(made: list[dict[str, object]], repository: Path, tmp_path: Path) -> None:
    history = tmp_path / "runs.jsonl"
    first = invoke("bench", repository, "--history", history, "--compare", "last")
    assert "there is no earlier run" in first.stderr
    second = invoke("bench", repository, "--history", history, "--compare", "last")
    assert second.stderr == ""
    assert "Beside the run of 2026-01-02" in second.stdout
    assert re.search(r"Time +1\.10 s +1\.10 s +1\.00 ×", second.stdout)  # noqa: RUF001
    assert "The times of the two overlap: what differs may be" in second.stdout
    assert "Differs: commit 001000000000 → 002000000000" in second.stdout
    assert len(runs_in(history)) == 2


def test_of_a_history_the_last_run_of_the_folder_is_compared(
    made: list[dict[str, object]], repository: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonl"
    for day, root in ((20, str(repository)), (21, "/code/other"), (22, "/code/third")):
        append_run(other, make_run(day, root=root))
    done = invoke("bench", repository, "--no-history", "--compare", other)
    assert "Beside the run of 2026-01-21" in done.stdout
    done = invoke("bench", tmp_path, "--no-history", "--compare", other)
    assert "Beside the run of 2026-01-23" in done.stdout
    assert "Differs: folder /code/third → " in done.stdout


def test_runs_that_have_nothing_in_common(made: list[dict[str, object]], repository: Path, tmp_path: Path) -> None:
    strange = replace(make_run(), cases=(replace(make_case(1.0), operation="map"),))
    (tmp_path / "strange.json").write_text(json.dumps(to_json(strange)))
    done = invoke("bench", repository, "--no-history", "--compare", tmp_path / "strange.json")
    assert "The two have no case in common." in done.stdout


def test_alerts_and_notes_are_printed(monkeypatch: pytest.MonkeyPatch, repository: Path) -> None:
    alerts = (
        Alert(kind=ALERT_MEMORY, limit=100e6, value=250e6, at_s=0.0123),
        Alert(kind=ALERT_CPU, limit=80.0, value=171.2),
        Alert(kind="hit rate", limit=0.7, value=0.5),
        Alert(kind="[red]mood", limit=1.0, value=2.0),
    )
    monkeypatch.setattr(bench_module, "bench", lambda root, **options: make_run(alerts=alerts))
    printed = invoke("bench", repository, "--no-history").stdout
    assert "scan, cold: memory rose to 250.0 MB, above the limit of 100.0 MB, first after 12 ms" in printed
    assert "scan, cold: processor share was 171 %, above the limit of 80 %" in printed
    assert "scan, cold: hit rate was 50 %, below the limit of 70 %" in printed
    assert "scan, cold: [red]mood was 2, limit 1" in printed
    assert "made up" in printed


def test_a_history_that_cannot_be_kept_is_a_warning(
    made: list[dict[str, object]], repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = invoke("bench", repository, "--cache-dir", tmp_path / "file")
    assert (done.exit_code, "warning: the run is not kept" in done.stderr) == (EXIT_FINE, True)
    assert "Scan, cold" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--compare", "none.json"], "--compare is 'none.json', and there is no such file"),
        (["--history", "none/runs.jsonl"], "there is no folder"),
        (["--history", "."], "is no ordinary file"),
        (["--history", "a", "--no-history"], "expected one of them"),
        (["--alert-memory", "much"], "--alert-memory is 'much'"),
        (["--language", "pyton"], "did you mean 'python'?"),
        (["--max-cpu", "0"], "--max-cpu is 0"),
        (["--compar", "last"], "--compare"),
    ],
)
def test_bench_of_nonsense(made: list[dict[str, object]], repository: Path, arguments: list[str], message: str) -> None:
    done = invoke("bench", repository, *arguments)
    assert (done.exit_code, message in done.stderr, made) == (EXIT_USAGE, True, []), done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "0"], "--repeats is 0; expected 1 to 100"),
        (["--operation", "scam"], "--operation is 'scam'; expected scan"),
        (["--state", "hot"], "--state is 'hot'; expected cold or warm"),
        (["--state", "warm", "--no-cache"], "--state is 'warm', which takes an index"),
        (["nowhere"], "there is no folder"),
    ],
)
def test_bench_refuses_before_it_runs(arguments: list[str], message: str) -> None:
    done = invoke("bench", *arguments)
    assert (done.exit_code, message in done.stderr) == (EXIT_USAGE, True), done.stderr


def test_a_file_without_runs_is_nothing_to_compare_with(repository: Path) -> None:
    done = invoke("bench", repository, "--compare", repository / "one.py")
    assert (done.exit_code, "no run is in" in done.stderr) == (EXIT_USAGE, True)


def test_a_mistyped_command_is_answered() -> None:
    done = invoke("dashbord")
    assert (done.exit_code, "dashboard" in done.stderr) == (EXIT_USAGE, True)
