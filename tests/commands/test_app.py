"""What all commands have in common: help, names, and how they leave."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import repomap_fast
from repomap_fast import api
from repomap_fast.cli.app import app
from repomap_fast.errors import EXIT_FILES_FAILED, EXIT_FINE, EXIT_INTERRUPTED, EXIT_USAGE, OptionError
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import FileStatus
from support.command_runs import COMMAND, environment, loaded_modules, make_repository, run, slow_scan

MAX_INTERRUPT_S = 0.25


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def large_repository(tmp_path: Path) -> Path:
    """A folder whose tags fill more than a pipe."""
    root = tmp_path / "large"
    root.mkdir()
    for i in range(20):
        (root / f"file{i}.py").write_text("".join(f"def function_{j}():\n    call_{j}()\n" for j in range(500)))
    return root


# What everything prints


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (EXIT_FINE, f"repomap-fast {repomap_fast.__version__}\n")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["scan", "--help"], ["languages", "--help"]])
def test_help_and_version_load_nothing_large(arguments: list[str]) -> None:
    modules = loaded_modules(arguments)
    assert "typer" in modules
    assert not modules & {"numpy", "rich", "tree_sitter", "tree_sitter_language_pack", "repomap_fast.api"}
    assert not [name for name in modules if name.startswith("repomap_fast._")]


@pytest.mark.parametrize("command", ["scan", "languages"])
def test_every_option_has_help(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == EXIT_FINE
    options = re.findall(r"^ +(?:-\w, )?--[\w-]+.*\n", done.stdout, re.MULTILINE)
    assert options
    for option in options:
        assert re.search(r"(  \S)|(>|[A-Z])\n$", option), option


def test_help_names_every_option_of_a_scan() -> None:
    text = run("scan", "--help").stdout
    scanning = {"--language", "--include", "--exclude", "--no-ignore", "--workers", "--queries"}
    bounds = {"--timeout-per-file", "--max-file-size", "--max-file-memory"}
    printing = {"--format", "--output", "--no-progress", "--quiet", "--verbose"}
    assert {option for option in scanning | bounds | printing if option not in text} == set()


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [(["scna"], "scan"), (["scan", "--fromat", "json"], "--format"), (["langages"], "languages")],
)
def test_typing_errors_are_answered_with_what_is_near(arguments: list[str], suggestion: str) -> None:
    done = run(*arguments)
    assert done.returncode == EXIT_USAGE
    assert suggestion in done.stderr
    assert done.stdout == ""


def test_completion_knows_the_commands() -> None:
    done = run(_REPOMAP_FAST_COMPLETE="complete_bash", COMP_WORDS="repomap-fast sc", COMP_CWORD="1")
    assert done.stdout.split() == ["scan"]


def test_completion_knows_the_languages() -> None:
    words = "repomap-fast scan --language pyth"
    done = run(_REPOMAP_FAST_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="3")
    assert "python" in done.stdout.split()


def test_languages_are_listed() -> None:
    lines = run("languages").stdout.splitlines()
    assert lines[0].split()[0] == "Language"
    assert any(line.startswith("python ") and ".py" in line for line in lines)


def test_languages_as_json() -> None:
    rows = {row["name"]: row for row in json.loads(run("languages", "--format", "json").stdout)["languages"]}
    assert set(rows["python"]) == {"name", "suffixes", "file_names", "interpreters", "grammar"}
    assert ".py" in rows["python"]["suffixes"]


# How it leaves


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing-folder"], "missing-folder"),
        ([__file__], "test_app.py"),
        ([".", "-o", "missing-folder/out.json"], "no folder 'missing-folder'"),
        ([".", "-o", "."], "it is a folder"),
        ([".", "-o", "out.xyz"], "--format"),
        ([".", "--workers", "9999"], "--workers"),
        ([".", "--workers", "many"], "--workers"),
        ([".", "--workers", "-1"], "--workers"),
        ([".", "--timeout-per-file", "0"], "--timeout-per-file is 0.0"),
        ([".", "--max-file-size", "12 parsecs"], "--max-file-size is '12 parsecs'"),
        ([".", "--max-file-memory", "1"], "--max-file-memory is 1"),
        ([".", "--language", "klingon"], "klingon"),
        ([".", "--queries", "missing-folder"], "missing-folder"),
        ([".", "--format", "xml"], "jsonl"),
    ],
)
def test_what_cannot_be_used_is_said(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("scan", *arguments)
    assert done.returncode == EXIT_USAGE
    assert message in done.stderr
    assert "rror: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def run_in_process(monkeypatch: pytest.MonkeyPatch, result: ScanResult, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(api, "scan", lambda root, **options: result)
    done = CliRunner().invoke(app, ["scan", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_failed_files_are_told_by_the_exit_code(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = api.scan(repository)
    statuses = result.file_table.statuses.copy()
    statuses[0] = FileStatus.OUT_OF_TIME
    files = replace(result.file_table, statuses=statuses)
    failed = ScanResult(result.root, files, result.tag_table, notes=("Mind this.",))

    code, output, errors = run_in_process(monkeypatch, failed, "-v")
    assert code == EXIT_FILES_FAILED
    assert "1 out of time" in output
    assert "  measure.py: out of time: 20 s\n" in output
    assert "Mind this." in output
    assert errors == ""

    code, output, errors = run_in_process(monkeypatch, failed, "--format", "jsonl")
    assert code == EXIT_FILES_FAILED
    assert len(output.splitlines()) == 6
    assert "note: Mind this." in errors
    assert "1 file of 3 could not be read or parsed" in errors

    code, output, errors = run_in_process(monkeypatch, failed, "-q")
    assert (code, output, errors) == (EXIT_FILES_FAILED, "", "")


def test_errors_of_options_name_the_option_as_it_was_given(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(root: Path, **options: object) -> ScanResult:
        raise OptionError("max_file_size is 0; expected 1 or more")

    monkeypatch.setattr(api, "scan", refuse)
    done = CliRunner().invoke(app, ["scan"])
    assert done.exit_code == EXIT_USAGE
    assert done.stderr == "repomap-fast: error: --max-file-size is 0; expected 1 or more\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
@pytest.mark.parametrize("format", ["table", "json", "jsonl", "csv", "ctags", "npz"])
def test_a_pipe_that_closes_early_is_fine(large_repository: Path, format: str) -> None:
    scan = subprocess.Popen(
        [*COMMAND, "scan", large_repository, "--format", format, "-v"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert scan.stdout is not None
    assert scan.stderr is not None
    scan.stdout.read(10)
    scan.stdout.close()
    assert (scan.wait(30), scan.stderr.read()) == (EXIT_FINE, b"")
    scan.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scan", "."], ["languages"]])
def test_a_pipe_that_nobody_reads_is_fine(arguments: list[str], tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (EXIT_FINE, b"")


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["scan", "{root}", "-f", "csv"], ""),
        (["scan", "{root}", "-f", "ctags"], ""),
        (["map", "{root}"], ""),
        (["scan"], "there is no '.', since the working folder is gone"),
        (["scan", "below"], "there is no 'below', since the working folder is gone"),
        (["cache", "info"], "the working folder is gone"),
        (["bench", "--repeats", "1"], "the working folder is gone"),
    ],
)
def test_a_working_folder_that_is_gone_is_called_that(arguments: list[str], expected: str, tmp_path: Path) -> None:
    root, gone = tmp_path / "root", tmp_path / "gone"
    for folder in (root, gone):
        folder.mkdir()
    (root / "a.py").write_text("def f(): pass\n")
    command = [*COMMAND, *(argument.format(root=root) for argument in arguments)]
    script = f"cd {gone} && rmdir {gone} && exec {shlex.join(command)}"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert expected in done.stderr
    assert (done.returncode, "error" in done.stderr) == ((2, True) if expected else (0, False))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["scan", "."], ["scan", ".", "--format", "json"], ["languages"]])
def test_a_full_disk_is_an_error(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert done.returncode == EXIT_USAGE
    assert done.stderr == b"repomap-fast: error: cannot write to the standard output: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shell")
@pytest.mark.parametrize("arguments", ["--help", "scan .", "map .", "languages", "cache path", "dashboard"])
def test_a_standard_output_that_is_closed_is_an_error(repository: Path, arguments: str) -> None:
    command = f'"$0" -m repomap_fast {arguments} <&- >&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], cwd=repository, capture_output=True, check=False)
    assert done.returncode == EXIT_USAGE
    assert done.stderr == b"repomap-fast: error: cannot write to the standard output: Bad file descriptor\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shell")
@pytest.mark.parametrize("arguments", ["scan . 2>&-", "scan . -o all.json >&-", "map . -o map.txt <&- >&- 2>&-"])
def test_a_stream_that_is_not_needed_may_be_closed(repository: Path, arguments: str) -> None:
    command = f'"$0" -m repomap_fast {arguments}'
    done = subprocess.run(["sh", "-c", command, sys.executable], cwd=repository, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == EXIT_FINE


@pytest.mark.skipif(sys.platform == "win32", reason="a working folder cannot be deleted there")
@pytest.mark.parametrize("arguments", ["scan", "scan --format json", "scan --format ctags", "map"])
def test_a_working_folder_that_was_deleted_is_needed_by_relative_paths_alone(
    repository: Path, tmp_path: Path, arguments: str
) -> None:
    (tmp_path / "gone").mkdir()
    command = f'rmdir "$PWD" && "$0" -m repomap_fast {arguments}'
    shell = ["sh", "-c", f'{command} "$1"', sys.executable]
    done = subprocess.run([*shell, repository], cwd=tmp_path / "gone", capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (EXIT_FINE, b"")
    (tmp_path / "gone").mkdir()
    done = subprocess.run([*shell, "."], cwd=tmp_path / "gone", capture_output=True, check=False)
    assert done.returncode == EXIT_USAGE
    assert b"the working folder is gone" in done.stderr


def interrupt(arguments: list[str | Path], begins: Path) -> tuple[int, bytes, float]:
    """Start a slow scan, interrupt it, and return its exit code, its stderr and how long it took to leave.

    begins  a file that the scan makes when it is busy.
    """
    command = slow_scan(*arguments, seconds=20)
    variables = environment(SLOW_SCAN_BEGINS=str(begins))
    scan = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables)
    while scan.poll() is None and not begins.exists():
        time.sleep(0.01)
    start = time.perf_counter()
    scan.send_signal(signal.SIGINT)
    _, errors = scan.communicate(timeout=30)
    return scan.returncode, errors, time.perf_counter() - start


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_stops_at_once(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("begins")
    left = [interrupt([repository], folder / str(number)) for number in range(3)]
    assert {(code, errors) for code, errors, _ in left} == {(EXIT_INTERRUPTED, b"repomap-fast: interrupted\n")}
    assert min(took_s for _, _, took_s in left) < MAX_INTERRUPT_S


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_the_old_file(repository: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    code, _, _ = interrupt([repository, "-o", out], tmp_path_factory.mktemp("begins") / "file")
    assert code == EXIT_INTERRUPTED
    assert out.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {"repository", "out.jsonl"}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_while_a_reader_is_slow(large_repository: Path) -> None:
    scan = subprocess.Popen(
        [*COMMAND, "scan", large_repository, "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert scan.stdout is not None
    assert scan.stderr is not None
    scan.stdout.read(1)
    scan.send_signal(signal.SIGINT)
    assert scan.wait(30) == EXIT_INTERRUPTED
    assert scan.stderr.read() == b"repomap-fast: interrupted\n"
    scan.stdout.close()
    scan.stderr.close()
