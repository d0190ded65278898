"""``repomap-fast dashboard``: the history of runs as a table, as JSON, and as a page."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import pytest

from repomap_fast.bench.history import append_run
from repomap_fast.bench.runs import ALERT_MEMORY, Alert
from repomap_fast.cli.commands.dashboard import _lacks_blocks as lacks_blocks
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE
from support.command_runs import COMMAND, environment, invoke
from support.made_runs import make_run


@pytest.fixture
def history(tmp_path: Path) -> Path:
    file = tmp_path / "runs.jsonl"
    for day in range(12):
        append_run(file, make_run(day, cold=(1.0 + day / 10,)))
    append_run(file, make_run(20, options={"workers": "1"}))
    return file


def test_figures_for_people(history: Path) -> None:
    printed = invoke("dashboard", "--history", history).stdout
    first, second = printed.split("\n\n/code/project\n")
    assert first.startswith("/code/project (workers 1)\n1 run · last 2026-01-21")
    assert second.startswith("12 runs · first 2026-01-01")
    # The mean of the last ten of 1.0, 1.1 … 2.1.
    assert re.search(r"Time +2\.10 s +1\.65 s +1\.00 s +2\.10 s +▁", second)
    assert "2.10 s │" in second
    assert "2026-01-01 00:00 – 2026-01-12 00:00" in second  # noqa: RUF001


def test_the_table_in_ascii(history: Path) -> None:
    printed = invoke("dashboard", "--history", history, "--ascii").stdout
    assert printed.isascii()
    assert re.search(r"Time +2\.10 s .* [_.:=+*#-]{12}\n", printed)


def test_an_encoding_without_blocks_gets_ascii(history: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "dashboard", "--history", str(history)],
        capture_output=True,
        env=environment(PYTHONIOENCODING="ascii"),
        check=True,
    )
    assert done.stdout.isascii()
    assert b"\\u" not in done.stdout


def test_json_has_the_summary_of_the_last_ten(history: Path) -> None:
    document = json.loads(invoke("dashboard", "--history", history, "-f", "json").stdout)
    assert (document["n_damaged"], document["last"], len(document["series"])) == (0, 10, 2)
    series = document["series"][1]
    assert (series["root"], series["options"], series["n_runs"]) == ("/code/project", {}, 12)
    cold, warm = series["cases"]
    assert cold["summary"] == pytest.approx(
        {
            "avg_execution_time": 1.65,
            "avg_memory_usage": 60.0,
            "avg_cpu_usage": 150.0,
            "avg_cache_hit_rate": 0.0,
            "total_runs": 12,
        }
    )
    assert warm["summary"]["avg_cache_hit_rate"] == 1.0
    assert [round(entry["elapsed_s"], 1) for entry in cold["runs"]] == [1 + day / 10 for day in range(12)]
    assert cold["runs"][3]["commit"].startswith("003")


def test_the_runs_of_one_folder(history: Path, repository: Path) -> None:
    append_run(history, make_run(30, root=str(repository)))
    document = json.loads(invoke("dashboard", repository, "--history", history, "-f", "json", "--last", "3").stdout)
    assert [series["root"] for series in document["series"]] == [str(repository)]
    assert document["last"] == 3


def test_where_there_is_no_run_that_is_said(tmp_path: Path, repository: Path) -> None:
    done = invoke("dashboard", "--cache-dir", tmp_path / "none")
    assert (done.exit_code, "There is no run in" in done.stdout) == (EXIT_FINE, True)
    done = invoke("dashboard", repository, "--cache-dir", tmp_path / "none")
    assert f"There is no run of {repository}" in done.stdout
    assert json.loads(invoke("dashboard", "--cache-dir", tmp_path / "none", "-f", "json").stdout)["series"] == []
    assert not (tmp_path / "none").exists()


def test_damaged_lines_are_counted(history: Path) -> None:
    with history.open("ab") as stream:
        stream.write(b"\xff\n{}\n")
    done = invoke("dashboard", "--history", history)
    assert "2 lines" in done.stderr
    assert "hold no run" in done.stderr


def test_the_last_alerts_are_named_and_the_others_counted(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    for day in range(12):
        append_run(file, make_run(day, alerts=(Alert(kind=ALERT_MEMORY, limit=1e6, value=2e6),)))
    printed = invoke("dashboard", "--history", file).stdout
    assert "10 alerts in the last 10 runs" in printed
    assert printed.count("Alert of 2026-01-") == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--last", "0"], "--last is 0; expected at least 1"),
        (["--history", "none.jsonl"], "there is no history 'none.jsonl'"),
        (["--html", "none/page.html"], "there is no folder"),
        (["--html", "-", "-f", "json"], "expected one of them"),
    ],
)
def test_wrong_options_are_refused(arguments: list[str], message: str) -> None:
    done = invoke("dashboard", *arguments)
    assert (done.exit_code, message in done.stderr) == (EXIT_USAGE, True)


def test_the_page_is_written_whole_or_not_at_all(history: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = invoke("dashboard", "--history", history, "--html", page)
    assert (done.exit_code, done.stdout, "wrote the page" in done.stderr) == (EXIT_FINE, "", True)
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert invoke("dashboard", "--history", history, "--html", "-").stdout == page.read_text("utf-8")


@pytest.mark.parametrize(("kind", "is_ascii"), [("dumb", True), ("linux", True), ("", True), ("xterm-256color", False)])
def test_a_terminal_without_blocks_gets_ascii(kind: str, is_ascii: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr("sys.stdout", Terminal())
    assert lacks_blocks() is is_ascii
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert not lacks_blocks()


def test_a_page_to_a_pipe_leaves_stderr_alone(history: Path) -> None:
    done = invoke("dashboard", "--history", history, "--html", "-")
    assert (done.exit_code, done.stderr) == (EXIT_FINE, "")
