"""``repomap-fast scan``: its summary, and what it writes."""

from __future__ import annotations

import csv
import json
import os
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from repomap_fast import api
from repomap_fast.errors import EXIT_FINE, EXIT_NOTHING_FOUND, EXIT_USAGE
from support.command_runs import COMMAND, environment, loaded_modules, run

MAX_EMPTY_SCAN_S = 0.3


# The summary


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    done = run("scan", tmp_path)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert "No source files" in done.stdout


def test_an_empty_folder_takes_no_time(tmp_path: Path) -> None:
    def processor_s(command: list[str | Path]) -> float:
        took = []
        for _ in range(5):
            before = os.times()
            subprocess.run(command, stdout=subprocess.DEVNULL, env=environment(), check=True)
            after = os.times()
            took.append(sum(after[2:4]) - sum(before[2:4]))
        return min(took)

    # What numpy alone takes says how fast the machine is: 0.08 s where it is not slow.
    allowed_s = max(MAX_EMPTY_SCAN_S, 4 * processor_s([sys.executable, "-c", "import numpy"]))
    assert processor_s([*COMMAND, "scan", tmp_path]) < allowed_s


def test_a_scan_for_a_pipe_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    modules = loaded_modules(["scan", str(tmp_path), "--format", "jsonl", "--workers", "1", "--language", "python"])
    assert "numpy" in modules
    assert not modules & {"rich", "pydantic"}


def test_a_scan_of_what_is_known_loads_no_parser(repository: Path) -> None:
    # A file is looked at again that was changed within the clock's grain of the scan.
    time.sleep(0.2)
    run("scan", repository)
    modules = loaded_modules(["scan", str(repository)])
    assert "repomap_fast.indexing.index" in modules
    too_much = {"rich", "pathspec", "importlib.metadata", "tree_sitter_language_pack", "numpy.ma", "pydantic"}
    assert not modules & {*too_much, "repomap_fast.tagging._tagger", "repomap_fast.tagging.predicates"}


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--max-memory", "1M"], "--max-memory is 1048576 bytes; expected at least 64000000, such as 256M"),
        (["--max-memory", "256"], "--max-memory is 256 bytes; expected at least 64000000, such as 256M"),
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


def test_languages_leaves_out_what_is_no_code(repository: Path) -> None:
    (repository / "look.css").write_text(".wide { width: 9px }\n")

    def paths(*arguments: str) -> set[str]:
        lines = run("scan", repository, "--format", "jsonl", *arguments).stdout.splitlines()
        return {json.loads(line)["path"] for line in lines}

    everything = paths()
    assert "look.css" in everything
    assert paths("--languages", "code") == everything - {"look.css"} == paths("--language", "code")


def test_include_and_exclude(repository: Path) -> None:
    def paths(*arguments: str) -> set[str]:
        lines = run("scan", repository, "--format", "jsonl", *arguments).stdout.splitlines()
        return {json.loads(line)["path"] for line in lines}

    assert paths("--include", "package/") == {"package/shapes.py"}
    assert paths("--exclude", "package/", "--exclude", "na*") == {"measure.py"}
    assert paths("--include", "./*.{py,js}", "--exclude", "./na*") == {"measure.py"}
    assert paths("--include", str(repository / "package")) == {"package/shapes.py"}


@pytest.mark.parametrize("command", ["scan", "map"])
def test_an_include_that_leaves_nothing_is_said_and_is_no_success(command: str, repository: Path) -> None:
    done = run(command, repository, "--include", "*.zig")
    assert done.returncode == EXIT_NOTHING_FOUND
    assert "nothing matches --include '*.zig'; expected patterns as in .gitignore" in done.stdout + done.stderr
    assert run(command, repository, "--include", "*.py").returncode == EXIT_FINE


def test_braces_beyond_the_bound_name_the_flag(repository: Path) -> None:
    done = run("scan", repository, "--exclude", "{a,b}" * 20)
    assert done.returncode == EXIT_USAGE
    assert "error: --exclude is '{a,b}" in done.stderr


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
            assert "Definitions" in out.read_text("utf-8")
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
