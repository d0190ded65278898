"""``repomap-fast fleet``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from repomap_fast import fleet as package
from repomap_fast.cli.app import app
from repomap_fast.cli.commands import fleet as command
from support.fleets import InlineClient, make_sources, rows_of

pytest.importorskip("distributed")
pytest.importorskip("pyarrow")


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done in this process."""
    true_scan = package.scan_repositories

    def scan(*arguments: Any, **keywords: Any) -> Any:
        return true_scan(*arguments, **{**keywords, "client": InlineClient()})

    monkeypatch.setattr(package, "scan_repositories", scan)


def invoke(*arguments: str | Path, input: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["fleet", *map(str, arguments)], input=input)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.usefixtures("inline")
def test_a_list_becomes_a_dataset(tmp_path: Path) -> None:
    sources = make_sources(tmp_path)
    (tmp_path / "list").write_text("".join(f"{source}\n" for source in sources))
    code, out, err = invoke(tmp_path / "list", "--out", tmp_path / "out", "--language", "python")
    assert (code, err) == (0, "")
    assert out.startswith("4 repositories scanned: 4 files, 0.0 MB, 8 tags, in ")
    assert out.endswith(f"the dataset is in {tmp_path / 'out'}\n")
    assert {row["language"] for row in rows_of(tmp_path / "out", "tags")} == {"python"}
    code, out, _ = invoke(tmp_path / "list", "--out", tmp_path / "out", "--language", "python")
    assert (code, out.splitlines()[1]) == (0, "4 repositories passed over: done before")


@pytest.mark.usefixtures("inline")
def test_what_failed_is_named_and_said_by_the_exit_code(tmp_path: Path) -> None:
    lines = "".join(f"/none/{n}\n" for n in range(12))
    code, out, _ = invoke("-", "--out", tmp_path / "out", input=lines)
    assert code == 1
    assert "12 repositories failed:\n  /none/0: there is no '/none/0'; expected a folder" in out
    assert "  … all are in the table repositories, where status = 'failed'\n" in out
    code, out, _ = invoke("-", "--out", tmp_path / "out", input=lines)
    said = "12 repositories passed over: done before; 12 of them had failed: --retry-failed scans these again"
    assert (code, out.splitlines()[1]) == (0, said)
    assert invoke("-", "--out", tmp_path / "out2", "-q", input=lines)[:2] == (1, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--max-size", "x"], "--max-size is 'x'"),
        (["--timeout", "0"], "--timeout is 0"),
        (["--workers", "-1"], "--workers is -1"),
        (["--language", "klingon"], "klingon"),
    ],
)
def test_wrong_options_are_named_as_they_are_typed(tmp_path: Path, arguments: list[str], said: str) -> None:
    code, _, err = invoke("-", "--out", tmp_path / "out", *arguments, input="x\n")
    assert code == 2
    assert said in err


def test_where_there_is_no_bar_it_says_how_long_it_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now_s = 0.0
    monkeypatch.setattr(command.time, "monotonic", lambda: now_s)
    progress = command._SaidProgress()
    for passed_s, done in ((0.0, 1000), (10.0, 1100), (40.0, 1400), (60.0, 1600), (80.0, 1800)):
        now_s = passed_s
        progress("repositories", done, 10_000)
    assert capsys.readouterr().err == (
        "repomap-fast: 1,400 of 10,000 repositories done, about 14 min left\n"
        "repomap-fast: 1,800 of 10,000 repositories done, about 14 min left\n"
    )
    assert command._duration(30_000) == "8.3 h"
