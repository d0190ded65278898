"""The command line as its users meet it: whole processes, in pipes and in terminals."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import repomap_fast
from repomap_fast import api
from repomap_fast.cli.app import app
from repomap_fast.cli.summary import print_summary
from repomap_fast.errors import EXIT_FILES_FAILED, EXIT_FINE, EXIT_INTERRUPTED, EXIT_USAGE, OptionError
from repomap_fast.result import ScanResult
from repomap_fast.tables import FileStatus

COMMAND = [sys.executable, "-m", "repomap_fast"]
MAX_INTERRUPT_S = 0.25
MAX_EMPTY_SCAN_S = 0.3

SLOW_SCAN = """
import sys, time
from repomap_fast import api
from repomap_fast.cli import main

true_scan = api.scan

def slow_scan(root, *, progress=None, **options):
    if progress is not None:
        progress("discover", 100, 0)
    for done in range(SECONDS * 20):
        if progress is not None:
            progress("tag", done, SECONDS * 20)
        time.sleep(0.05)
    return true_scan(root, **options)

api.scan = slow_scan
sys.argv[0] = "repomap-fast"
main()
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder of three Python files, one of them in a folder, and one file of no language."""
    root = tmp_path / "repository"
    (root / "package").mkdir(parents=True)
    (root / "package" / "shapes.py").write_text("class Shape:\n    def area(self):\n        return measure(self)\n")
    (root / "measure.py").write_text("def measure(shape):\n    return 1\n")
    (root / "naïve name.py").write_text("def naïve():\n    measure(None)\n")
    (root / "notes.unknown").write_text("nothing\n")
    return root


@pytest.fixture
def large_repository(tmp_path: Path) -> Path:
    """A folder whose tags fill more than a pipe."""
    root = tmp_path / "large"
    root.mkdir()
    for i in range(20):
        (root / f"file{i}.py").write_text("".join(f"def function_{j}():\n    call_{j}()\n" for j in range(500)))
    return root


def environment(**variables: str) -> dict[str, str]:
    colours = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"}
    return {**{name: value for name, value in os.environ.items() if name not in colours}, **variables}


def run(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment(**variables),
        timeout=60,
        check=False,
    )


def loaded_modules(arguments: list[str]) -> set[str]:
    code = (
        "import sys\n"
        "from repomap_fast.cli import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\n"
        "finally:\n    print('MODULES', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    return set(done.stdout.partition("MODULES")[2].split())


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
    rows = {row["name"]: row for row in json.loads(run("languages", "--format", "json").stdout)}
    assert set(rows["python"]) == {"name", "suffixes", "file_names", "interpreters", "grammar"}
    assert ".py" in rows["python"]["suffixes"]


# The summary


def test_the_summary_says_what_was_found(repository: Path) -> None:
    done = run("scan", repository)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert re.search(r"^python +3 +4 +2 ", done.stdout, re.MULTILINE)
    assert "1 file: 1 unknown language" in done.stdout
    for what in ("Identifiers", "Skipped", "Time", "MB/s", "files/s", "Memory"):
        assert what in done.stdout
    assert "notes.unknown" not in done.stdout


def test_verbose_names_what_was_skipped(repository: Path) -> None:
    (repository / "binary.py").write_bytes(b"x = 1\0")
    output = run("scan", repository, "-v").stdout
    assert "  binary.py: binary" in output
    assert "notes.unknown" not in output
    output = run("scan", repository, "-vv").stdout
    assert "  notes.unknown: unknown language\n" in output
    assert "  binary.py: binary" in output
    done = run("scan", repository, "-vv", "--format", "csv")
    assert "skipped notes.unknown: unknown language\n" in done.stderr
    assert "notes.unknown" not in done.stdout


def test_verbose_counts_files_of_unknown_language_by_what_they_are(repository: Path) -> None:
    for i in range(30):
        (repository / f"one.of{i:02}").touch()
    for name in ("more.unknown", "Kbuild", "package/Kbuild", ".hidden", "dot."):
        (repository / name).touch()
    lines = run("scan", repository, "-v").stdout.splitlines()
    shown = lines[lines.index("Skipped for their unknown language; -vv names them") + 1 :]
    assert shown[:4] == ["  *.unknown: 2 files", "  Kbuild: 2 files", "  *.of00: 1 file", "  *.of01: 1 file"]
    assert (len(shown), shown[-1]) == (21, "  14 other names: 14 files")
    done = run("scan", repository, "-v", "--format", "csv")
    assert "skipped for unknown language (-vv names them) *.unknown: 2 files\n" in done.stderr


def test_a_pipe_gets_no_colours_and_whole_lines(repository: Path) -> None:
    deep = repository / Path(*["a-folder-with-a-long-name"] * 8)
    deep.mkdir(parents=True)
    (deep / "file.unknown").write_text("")
    output = run("scan", repository, "-vv", COLUMNS="40").stdout
    assert "\x1b" not in output
    assert f"{(deep / 'file.unknown').relative_to(repository).as_posix()}: unknown language\n" in output
    assert not [line for line in output.splitlines() if line != line.rstrip()]


def test_names_of_files_cannot_steer_the_terminal(repository: Path) -> None:
    (repository / "red\x1b[31m\nfile.unknown").write_text("")
    output = run("scan", repository, "-vv").stdout
    assert "\x1b" not in output
    assert "\x1b" not in run("scan", repository, "-v").stdout
    assert r"red\x1b[31m\nfile.unknown" in output


def test_an_encoding_without_lines_gets_other_ones(repository: Path) -> None:
    done = run("scan", repository, "-v", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == EXIT_FINE
    assert done.stdout.isascii()
    assert "-----" in done.stdout
    assert "\\u" not in done.stdout


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    done = run("scan", tmp_path)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert "No source files" in done.stdout


def test_an_empty_folder_takes_no_time(tmp_path: Path) -> None:
    def quickest_s(command: list[str | Path]) -> float:
        took = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
            took.append(time.perf_counter() - start)
        return min(took)

    # What numpy alone takes says how busy the machine is: 0.08 s if it is not.
    allowed_s = max(MAX_EMPTY_SCAN_S, 4 * quickest_s([sys.executable, "-c", "import numpy"]))
    assert quickest_s([*COMMAND, "scan", tmp_path]) < allowed_s


def test_a_scan_for_a_pipe_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    modules = loaded_modules(["scan", str(tmp_path), "--format", "jsonl", "--workers", "1", "--language", "python"])
    assert "numpy" in modules
    assert not modules & {"rich", "pydantic"}


def test_a_scan_of_what_is_known_loads_no_parser(repository: Path) -> None:
    # A file is looked at again that was changed within the clock's grain of the scan.
    time.sleep(0.2)
    run("scan", repository)
    modules = loaded_modules(["scan", str(repository)])
    assert "repomap_fast.index" in modules
    too_much = {"rich", "pathspec", "importlib.metadata", "tree_sitter_language_pack", "numpy.ma", "pydantic"}
    assert not modules & {*too_much, "repomap_fast._tagger", "repomap_fast.predicates"}


def test_the_summary_says_what_came_from_the_index(repository: Path, tmp_path: Path) -> None:
    keep = ("--cache-dir", tmp_path / "cache")
    assert "Index " not in run("scan", repository, *keep).stdout
    (repository / "measure.py").write_text("def changed(shape):\n    return 1\n")
    done = run("scan", repository, *keep)
    assert "Index        2 of 3 files known · 1 parsed · hit rate 66.6 %\n" in done.stdout
    metrics = json.loads(run("scan", repository, *keep, "-f", "json").stdout)["metrics"]
    assert (metrics["files_parsed"], metrics["files_known"], metrics["hit_rate"], metrics["workers"]) == (0, 3, 1.0, 0)


def test_a_damaged_index_is_a_note_and_nothing_when_quiet(repository: Path, tmp_path: Path) -> None:
    keep = ("--cache-dir", tmp_path / "cache")
    run("scan", repository, *keep)
    (database,) = (tmp_path / "cache").rglob("*.sqlite3")
    database.write_bytes(b"garbage")
    done = run("scan", repository, *keep)
    assert "was damaged" in done.stdout
    assert done.stderr == ""
    database.write_bytes(b"garbage")
    done = run("scan", repository, *keep, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_FINE, "", "")


def test_no_cache_keeps_and_reads_nothing(repository: Path, tmp_path: Path) -> None:
    keep = ("--cache-dir", tmp_path / "cache")
    assert run("scan", repository, *keep, "--no-cache").returncode == EXIT_FINE
    assert not (tmp_path / "cache").exists()
    run("scan", repository, *keep)
    assert "Index " not in run("scan", repository, *keep, "--no-cache").stdout


def test_the_environment_says_where_the_index_is(repository: Path, tmp_path: Path) -> None:
    run("scan", repository, REPOMAP_FAST_CACHE_DIR=str(tmp_path / "there"))
    assert (tmp_path / "there" / "CACHEDIR.TAG").is_file()
    assert not any(path.name.startswith(".") for path in repository.iterdir())


def test_a_pipe_and_a_terminal_get_the_same_summary(repository: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    result = api.scan(repository, cache=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        patch.setenv("TERM", "dumb")
        pipe, terminal = io.StringIO(), Terminal()
        print_summary(result, pipe)
        print_summary(result, terminal)
    assert [line.rstrip() for line in terminal.getvalue().splitlines()] == pipe.getvalue().splitlines()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--max-memory", "1M"], "--max-memory is 1 MB; expected at least 64"),
        (["--max-memory", "256"], "--max-memory is '256', 256 bytes; expected a number with M or G"),
        (["--max-memory", "much"], "--max-memory is 'much'; expected bytes"),
        (["--max-cpu", "0"], "--max-cpu is 0; expected 1 to"),
    ],
)
def test_limits_that_cannot_be_held(repository: Path, arguments: list[str], message: str) -> None:
    done = run("scan", repository, *arguments)
    assert (done.returncode, message in done.stderr) == (EXIT_USAGE, True)


def test_limits_that_can_be_held(repository: Path) -> None:
    done = run("scan", repository, "--no-cache", "--max-memory", "256M", "--max-cpu", "150")
    assert (done.returncode, "python" in done.stdout) == (EXIT_FINE, True)


def test_quiet_says_nothing_but_writes_what_was_asked_for(repository: Path) -> None:
    done = run("scan", repository, "-q")
    assert (done.returncode, done.stdout, done.stderr) == (EXIT_FINE, "", "")
    done = run("scan", repository, "-q", "--format", "jsonl")
    assert len(done.stdout.splitlines()) == 6
    assert done.stderr == ""


# Other formats


def test_jsonl_is_what_the_library_finds(repository: Path) -> None:
    entries = [json.loads(line) for line in run("scan", repository, "--format", "jsonl").stdout.splitlines()]
    tags = api.scan(repository).tags
    assert [(e["path"], e["name"], e["role"], e["line"], e["column"]) for e in entries] == [
        (tag.path, tag.name, tag.role, tag.line, tag.column) for tag in tags
    ]
    (area,) = (entry for entry in entries if entry["name"] == "area")
    assert (area["path"], area["scope"], area["line"]) == ("package/shapes.py", "Shape", 2)


def test_only_the_languages_that_are_asked_for(repository: Path) -> None:
    (repository / "main.c").write_text("int main(void) { return 0; }\n")
    lines = run("scan", repository, "--format", "jsonl", "--language", "c", "--workers", "1").stdout.splitlines()
    assert {json.loads(line)["language"] for line in lines} <= {"c"}


def test_include_and_exclude(repository: Path) -> None:
    def paths(*arguments: str) -> set[str]:
        lines = run("scan", repository, "--format", "jsonl", *arguments).stdout.splitlines()
        return {json.loads(line)["path"] for line in lines}

    assert paths("--include", "package/") == {"package/shapes.py"}
    assert paths("--exclude", "package/", "--exclude", "na*") == {"measure.py"}


@pytest.mark.parametrize("name", ["out.json", "out.jsonl", "out.csv", "out.npz", "tags", "out.txt"])
def test_a_file_gets_the_format_that_its_name_says(repository: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    done = run("scan", repository, "-o", out)
    assert (done.returncode, done.stdout) == (EXIT_FINE, "")
    assert re.fullmatch(rf"repomap-fast: wrote .* to {re.escape(str(out))}\n", done.stderr)
    match name:
        case "out.json":
            assert len(json.loads(out.read_text("utf-8"))["tags"]) == 6
        case "out.jsonl":
            assert len(out.read_text("utf-8").splitlines()) == 6
        case "out.csv":
            with out.open(encoding="utf-8", newline="") as file:
                assert len(list(csv.DictReader(file))) == 6
        case "out.npz":
            with np.load(out, allow_pickle=False) as columns:
                assert len(columns["tag_rows"]) == 6
        case "tags":
            assert '\nmeasure\trepository/measure.py\t1;"\t' in out.read_text("utf-8")
        case _:
            assert "Identifiers" in out.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".partial")] == []


def test_a_file_that_is_replaced_keeps_its_mode(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    out.chmod(0o640)
    assert run("scan", repository, "-q", "-o", out).stderr == ""
    assert out.read_text("utf-8").startswith("path,")
    assert stat.S_IMODE(out.stat().st_mode) == 0o640


def test_a_link_is_written_through(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    run("scan", repository, "-o", tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text("utf-8").startswith("path,")


def test_a_minus_is_the_standard_output(repository: Path) -> None:
    assert len(run("scan", repository, "--format", "jsonl", "-o", "-").stdout.splitlines()) == 6


# How it leaves


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing-folder"], "missing-folder"),
        ([__file__], "test_cli.py"),
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
        raise OptionError("max_file_bytes is 0; expected 1 or more")

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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["scan", "."], ["scan", ".", "--format", "json"], ["languages"]])
def test_a_full_disk_is_an_error(arguments: list[str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False)
    assert done.returncode == EXIT_USAGE
    assert done.stderr == b"repomap-fast: error: cannot write to the standard output: No space left on device\n"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_that_are_closed_from_the_start(repository: Path, closed: str) -> None:
    command = f'"$0" -m repomap_fast scan "$1" {closed}'
    assert subprocess.run(["sh", "-c", command, sys.executable, repository], check=False).returncode == EXIT_FINE


def interrupt(arguments: list[str | Path], *, after_s: float) -> tuple[int, bytes, float]:
    """Start a slow scan, interrupt it, and return its exit code, its stderr and how long it took to leave."""
    code = SLOW_SCAN.replace("SECONDS", "20")
    scan = subprocess.Popen(
        [sys.executable, "-c", code, "scan", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(after_s)
    start = time.perf_counter()
    scan.send_signal(signal.SIGINT)
    _, errors = scan.communicate(timeout=30)
    return scan.returncode, errors, time.perf_counter() - start


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_stops_at_once(repository: Path) -> None:
    left = [interrupt([repository], after_s=1.0) for _ in range(3)]
    assert {(code, errors) for code, errors, _ in left} == {(EXIT_INTERRUPTED, b"repomap-fast: interrupted\n")}
    assert min(took_s for _, _, took_s in left) < MAX_INTERRUPT_S


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_the_old_file(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("old")
    code, _, _ = interrupt([repository, "-o", out], after_s=1.0)
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


# In a terminal


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The two ends of a pseudo-terminal of 100 columns: ours, and the one for a process."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    set_width(theirs, 100)
    yield ours, theirs
    for end in (ours, theirs):
        os.close(end)


def set_width(terminal: int, columns: int) -> None:
    import fcntl
    import struct
    import termios

    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))


def read_terminal(end: int) -> str:
    """Return what has come; what a process wrote before it left is there already."""
    os.set_blocking(end, False)
    text = b""
    try:
        while part := os.read(end, 1 << 16):
            text += part
    except (BlockingIOError, OSError):
        pass
    return text.decode()


def run_in_terminal(
    terminal: tuple[int, int], command: list[str | Path], *, stdout: bool, stderr: bool, **variables: str
) -> tuple[str, str, str]:
    """Run with stdout or stderr in the terminal; return the terminal's text, and that of the pipes."""
    ours, theirs = terminal
    done = subprocess.run(
        command,
        stdout=theirs if stdout else subprocess.PIPE,
        stderr=theirs if stderr else subprocess.PIPE,
        env=environment(TERM="xterm-256color", **variables),
        timeout=60,
        check=True,
    )
    return read_terminal(ours), (done.stdout or b"").decode(), (done.stderr or b"").decode()


def slow(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-c", SLOW_SCAN.replace("SECONDS", "1"), "scan", *arguments]


def test_the_bar_is_on_stderr(terminal: tuple[int, int], repository: Path) -> None:
    shown, output, _ = run_in_terminal(terminal, slow(repository), stdout=False, stderr=True)
    plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown)
    assert re.search(r"Tagging [━╸╺ ]+ +\d+% 0:00:\d\d (0:00:\d\d|-:--:--) \d+ files/s", plain)
    assert output.startswith("Language")
    assert "\x1b" not in output
    assert shown.rstrip().endswith("\x1b[2K"), "the bar is not wiped away"


@pytest.mark.parametrize("option", ["--no-progress", "-q"])
def test_no_bar_if_none_is_wanted(terminal: tuple[int, int], repository: Path, option: str) -> None:
    shown, _, _ = run_in_terminal(terminal, slow(repository, option), stdout=False, stderr=True)
    assert shown == ""


def test_no_bar_in_a_pipe(terminal: tuple[int, int], repository: Path) -> None:
    shown, _, errors = run_in_terminal(terminal, slow(repository), stdout=True, stderr=False)
    assert errors == ""
    assert "Tagging" not in shown
    assert "\x1b[1m" in shown, "a terminal's summary is not styled"


def test_no_colour_is_obeyed(terminal: tuple[int, int], repository: Path) -> None:
    shown, _, _ = run_in_terminal(terminal, [*COMMAND, "scan", repository], stdout=True, stderr=False, NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*3\dm", shown)


def test_forty_columns_are_enough(terminal: tuple[int, int], repository: Path) -> None:
    set_width(terminal[1], 40)
    shown, _, _ = run_in_terminal(terminal, [*COMMAND, "scan", repository], stdout=True, stderr=False)
    lines = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown).splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[0].split() == ["Language", "Files", "Defs", "Refs", "MB"]


def test_npz_is_not_written_to_a_terminal(terminal: tuple[int, int], repository: Path) -> None:
    ours, theirs = terminal
    command = [*COMMAND, "scan", str(repository), "--format", "npz"]
    done = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)
    assert done.returncode == EXIT_USAGE
    assert b"expected -o FILE" in done.stderr
    assert read_terminal(ours) == ""
