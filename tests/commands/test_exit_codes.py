"""How commands end: exit codes, closed pipes, full disks, and Ctrl-C."""

from __future__ import annotations

import io
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from repomap_fast import api
from repomap_fast.cli.app import app
from repomap_fast.cli.exit_codes import exit_codes, silence
from repomap_fast.errors import EXIT_FILES_FAILED, EXIT_FINE, EXIT_INTERRUPTED, EXIT_USAGE, OptionError, StoreError
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import FileStatus
from support.command_runs import COMMAND, environment, slow_scan

MAX_INTERRUPT_S = 0.25


@pytest.fixture
def large_repository(tmp_path: Path) -> Path:
    """A folder whose tags fill more than a pipe."""
    root = tmp_path / "large"
    root.mkdir()
    for i in range(20):
        (root / f"file{i}.py").write_text("".join(f"def function_{j}():\n    call_{j}()\n" for j in range(500)))
    return root


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


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shell")
def test_too_many_open_files_are_an_error_of_one_line(repository: Path, tmp_path: Path) -> None:
    """With few files allowed, some module or column is the first that cannot be opened; which one, the limit says."""
    map_it = [*COMMAND, "map", str(repository), "--cache-dir", str(tmp_path)]
    subprocess.run(map_it, stdout=subprocess.DEVNULL, check=True)
    codes = []
    for limit in (12, 16, 20):
        script = f"ulimit -n {limit} && exec {shlex.join(map_it)}"
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        assert done.returncode in (EXIT_FINE, EXIT_USAGE)
        assert (done.returncode == EXIT_USAGE) == (" error: " in done.stderr)
        codes.append(done.returncode)
    assert EXIT_USAGE in codes
    check = [*COMMAND, "cache", "check", str(repository), "--cache-dir", str(tmp_path)]
    assert b"no damage" in subprocess.run(check, capture_output=True, check=True).stdout


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


# Errors, one by one


@pytest.mark.parametrize(
    ("error", "code", "stderr"),
    [
        (KeyboardInterrupt(), EXIT_INTERRUPTED, "repomap-fast: interrupted\n"),
        (OptionError("x is 1; expected 2"), EXIT_USAGE, "repomap-fast: error: x is 1; expected 2\n"),
        (StoreError("no room"), EXIT_USAGE, "repomap-fast: error: no room\n"),
        (
            OptionError("there is no 'a'; did you mean 'b'?"),
            EXIT_USAGE,
            "repomap-fast: error: there is no 'a'\nrepomap-fast: hint: did you mean 'b'?\n",
        ),
        (
            OptionError("there is no '\x1b[31m'"),
            EXIT_USAGE,
            "repomap-fast: error: there is no '\\x1b[31m'\n",
        ),
    ],
)
def test_an_error_becomes_a_line_and_an_exit_code(
    error: BaseException, code: int, stderr: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left, exit_codes():
        raise error
    assert left.value.exit_code == code
    assert capsys.readouterr() == ("", stderr)


def test_an_error_that_nobody_foresaw_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), exit_codes():
        raise ZeroDivisionError


def test_what_ends_well_leaves_no_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with exit_codes():
        pass
    assert capsys.readouterr() == ("", "")


def test_a_silenced_stream_writes_to_nobody(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with file.open("w") as stream:
        silence(stream)
        stream.write("lost")
    assert file.read_text() == ""


def test_a_stream_without_a_descriptor_is_left_as_it_is() -> None:
    stream = io.StringIO()
    silence(stream)
    silence(None)
    stream.write("kept")
    assert stream.getvalue() == "kept"
    stream.close()
    silence(stream)


@pytest.mark.parametrize(
    "arguments", ["map {}", "imports {}", "map --focus {}", "scan --queries {}", "scan -o {}/a", "bench {}"]
)
def test_a_path_that_is_too_long_is_an_error(arguments: str, tmp_path: Path) -> None:
    command = [*COMMAND, *arguments.format("x" * 5000).split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == EXIT_USAGE
    assert done.stderr.startswith("repomap-fast: error: ")
    assert done.stderr.count("\n") == 1
