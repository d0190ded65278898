"""The summary of a scan, in a pipe and in a terminal."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from repomap_fast import api
from repomap_fast.cli.reports import summary
from repomap_fast.cli.reports.summary import failures_sentence, is_narrow, print_calmly, print_summary, window_columns
from repomap_fast.errors import EXIT_FINE
from repomap_fast.joining.result import ScanResult
from repomap_fast.metrics import ScanMetrics
from repomap_fast.tables import NO_SCOPE, FileStatus
from support.command_runs import run
from support.made_results import DEFINITION, make_result
from support.made_scans import scan_files


def test_the_summary_says_what_was_found(repository: Path) -> None:
    done = run("scan", repository)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert re.search(r"^python +3 +4 +2 ", done.stdout, re.MULTILINE)
    assert "1 file: 1 unknown language" in done.stdout
    for what in ("Definitions", "Skipped", "Time", "MB/s", "files/s", "Memory"):
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
    for name in ("more.unknown", "Kconfig", "package/Kconfig", ".hidden", "dot."):
        (repository / name).touch()
    lines = run("scan", repository, "-v").stdout.splitlines()
    shown = lines[lines.index("Skipped for their unknown language; -vv names them") + 1 :]
    assert shown[:4] == ["  *.unknown: 2 files", "  Kconfig: 2 files", "  *.of00: 1 file", "  *.of01: 1 file"]
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


def test_the_summary_says_what_came_from_the_index(repository: Path, tmp_path: Path) -> None:
    keep = ("--cache-dir", tmp_path / "cache")
    assert "Index " not in run("scan", repository, *keep).stdout
    (repository / "measure.py").write_text("def changed(shape):\n    return 1\n")
    done = run("scan", repository, *keep)
    assert "Index        2 of 3 files known · 1 parsed · hit rate 66.6 %\n" in done.stdout
    metrics = json.loads(run("scan", repository, *keep, "-f", "json").stdout)["metrics"]
    assert (metrics["files_parsed"], metrics["files_known"], metrics["hit_rate"], metrics["workers"]) == (0, 3, 1.0, 0)


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


def test_definitions_are_counted_by_kind(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("LIMIT = 1\nclass A:\n    def f(self): pass\n    def g(self): pass\ndef h(): pass\n")
    (tmp_path / "b.java").write_text("class B {\n  int x;\n  B() {}\n  int y() { return 1; }\n}\n")
    line = next(line for line in run("scan", tmp_path).stdout.splitlines() if line.startswith("Definitions "))
    assert line.split("  ")[-1] == "9: 5 functions and methods · 2 classes · 1 field · 1 variable"


# Of results made by hand


def facts(result: ScanResult) -> dict[str, str]:
    """Return the lines below the table, by their label."""
    out = io.StringIO()
    print_summary(result, out)
    lines = out.getvalue().partition("\n\n")[2].splitlines()
    return dict(line.split("  ", 1) for line in lines)


def text_of(result: ScanResult, name: str) -> str:
    return facts(result)[name].strip()


def test_rare_kinds_are_added_up(tmp_path: Path) -> None:
    kinds = tuple(f"kind{i}" for i in range(summary.MAX_KINDS + 2))
    tags = [(b"n", DEFINITION, i, 0, 0, NO_SCOPE) for i in range(len(kinds)) for _ in range(len(kinds) - i)]
    result = make_result(tmp_path, {b"a.py": tags})
    result.tag_table = replace(result.tag_table, kinds=kinds)
    text = text_of(result, "Definitions")
    assert text.startswith("36: 8 kind0s · 7 kind1s · ")
    assert text.endswith(" · 3 kind5s · 3 of other kinds")


def test_one_kind_more_than_is_listed_takes_the_place_of_the_others(tmp_path: Path) -> None:
    kinds = tuple(f"kind{i}" for i in range(summary.MAX_KINDS + 1))
    result = make_result(tmp_path, {b"a.py": [(b"n", DEFINITION, i, 0, 0, NO_SCOPE) for i in range(len(kinds))]})
    result.tag_table = replace(result.tag_table, kinds=kinds)
    assert text_of(result, "Definitions") == "7: " + " · ".join(f"1 {kind}" for kind in kinds)


@pytest.mark.parametrize(("hit_rate", "text"), [(0.5, "50 %"), (0.9999, "99.9 %"), (1.0, "100 %")])
def test_a_hit_rate_is_rounded_down(tmp_path: Path, hit_rate: float, text: str) -> None:
    result = make_result(tmp_path, {b"a.py": []})
    assert "Index" not in facts(result)
    result.metrics = ScanMetrics(elapsed_s=1.0, files_known=1, files_parsed=1, hit_rate=hit_rate)
    assert text_of(result, "Index") == f"1 of 1 file known · 1 parsed · hit rate {text}"


def test_a_total_is_there_for_two_languages_and_not_for_one(tmp_path: Path) -> None:
    def rows(sources: dict[bytes, bytes], languages: dict[bytes, str | None]) -> list[list[str]]:
        out = io.StringIO()
        print_summary(scan_files(tmp_path, sources, languages), out)
        return [line.split() for line in out.getvalue().partition("\n\n")[0].splitlines()]

    one = rows({b"a.py": b"def f(): g()\n"}, {b"a.py": "python"})
    assert [row[:4] for row in one if "─" not in row[0]] == [
        ["Language", "Files", "Definitions", "References"],
        ["python", "1", "1", "1"],
    ]
    two = rows({b"a.py": b"def f(): g()\n", b"b.go": b"package b\n"}, {b"a.py": "python", b"b.go": "go"})
    assert two[-1][:4] == ["Total", "2", "1", "1"]


def test_notes_and_skipped_files_are_told(tmp_path: Path) -> None:
    result = make_result(tmp_path, {b"a.py": []}, {b"b.py": FileStatus.BINARY, b"c": FileStatus.UNKNOWN_LANGUAGE})
    assert text_of(result, "Skipped") == "2 files: 1 unknown language · 1 binary"
    assert text_of(result, "Note") == "A note."
    assert text_of(make_result(tmp_path, {b"a.py": []}), "Skipped") == "nothing"
    failed = make_result(tmp_path, {b"a.py": []}, {b"b.py": FileStatus.OUT_OF_MEMORY})
    assert text_of(failed, "Skipped") == "1 file: 1 out of memory; -v says which, and why"


def test_a_sentence_counts_the_failed_files(tmp_path: Path) -> None:
    fine = make_result(tmp_path, {b"a.py": []}, {b"b.py": FileStatus.BINARY})
    assert failures_sentence(fine) is None
    failed = make_result(tmp_path, {b"a.py": []}, {b"b.py": FileStatus.OUT_OF_TIME, b"c.py": FileStatus.UNREADABLE})
    assert failures_sentence(failed) == "2 files of 3 could not be read or parsed; -v names them"


def test_output_that_is_no_terminal_has_no_width() -> None:
    assert window_columns(io.StringIO()) == summary.ENDLESS_COLUMNS
    assert not is_narrow(io.StringIO())


def test_what_rich_draws_is_plain_in_a_pipe_and_ascii_on_demand() -> None:
    out, plain = io.StringIO(), io.StringIO()
    print_calmly("a → b · [bold]c[/bold]   ", out)
    assert out.getvalue() == "a → b · [bold]c[/bold]\n"
    print_calmly("a → b …", plain, is_ascii=True)
    assert plain.getvalue() == "a > b ...\n"
