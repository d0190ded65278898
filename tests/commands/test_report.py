"""``repomap-fast report``."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from repomap_fast.cli.app import app
from repomap_fast.cli.commands import report as command
from support.command_runs import make_repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "root")


def invoke(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["report", *map(str, arguments), "--no-cache"])
    return done.exit_code, done.stdout, done.stderr


def test_a_page_is_written_to_a_file(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    code, out, err = invoke(root, "-o", file)
    assert (code, out) == (0, "")
    assert err.endswith(f"wrote the report to {file}\n")
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.svg", "<svg"),
        ("a.mmd", "flowchart"),
        ("a.gv", "digraph"),
        ("a.graphml", "<?xml"),
        ("a.json", "{"),
        ("a", "<!"),
    ],
)
def test_the_suffix_says_the_format(root: Path, tmp_path: Path, name: str, start: str) -> None:
    assert invoke(root, "-o", tmp_path / name)[0] == 0
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_without_a_file_it_is_printed_into_a_pipe(root: Path) -> None:
    code, out, _ = invoke(root)
    assert code == 0
    assert out.startswith("<!DOCTYPE html>")
    assert invoke(root, "-f", "mermaid")[1].startswith("flowchart TB")


def test_in_a_terminal_a_page_is_written_to_a_file_that_is_not_there(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command.sys, "stdout", Terminal())
    assert command._chosen(None, None) == (command.ReportFormat.HTML, Path("report.html"))
    assert command._chosen(command.ReportFormat.DOT, None) == (command.ReportFormat.DOT, None)
    (tmp_path / "report.html").touch()
    with pytest.raises(Exception, match=r"'report.html' is there already; expected -o FILE"):
        command._chosen(None, None)


def test_no_link_of_the_repository_is_written_through(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine")
    (root / "link.html").symlink_to(target)
    code, _, err = invoke(root, "-o", root / "link.html")
    assert code == 2
    assert "symbolic link" in err
    assert target.read_text() == "mine"


def test_a_wrong_since_names_its_flag(root: Path) -> None:
    code, _, err = invoke(root, "--since", "soon")
    assert code == 2
    assert "--since is 'soon'; expected a day such as 2026-01-31" in err


def test_quiet_says_nothing(root: Path, tmp_path: Path) -> None:
    assert invoke(root, "-q", "-o", tmp_path / "page.html") == (0, "", "")
