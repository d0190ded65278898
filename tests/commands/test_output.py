"""Where output is written: what a repository has a link for is not written, what the user has one for is."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from repomap_fast.bench.history import append_run
from repomap_fast.cli.app import app
from repomap_fast.cli.output import check_output, open_output
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE, OptionError, StoreError
from support.made_runs import make_run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own there")

COMMANDS = [
    "scan . -o OUT",
    "scan . -f json -o OUT",
    "scan . -f npz -o OUT",
    "scan . -f ctags -o OUT",
    "map . -o OUT",
    "dashboard . --html OUT",
    "bench . -n 1 --history OUT",
]


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "profile").write_text("alias x=y\n")
    return tmp_path / "home"


@pytest.fixture
def root(tmp_path: Path, precious: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, which is the working folder, with links to a file, into a folder, and to nothing yet."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("def f(): f()\n")
    (root / "file").symlink_to(precious / "profile")
    (root / "folder").symlink_to(precious)
    (root / "new").symlink_to("../home/new")
    (root / "twice").symlink_to("folder/profile")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("out", ["file", "folder/profile", "folder/new", "new", "twice"])
def test_a_link_of_the_repository_is_not_written_through(command: str, out: str, root: Path, precious: Path) -> None:
    done = CliRunner().invoke(app, command.replace("OUT", out).split(), prog_name="repomap-fast")
    assert done.exit_code == EXIT_USAGE
    assert "is a symbolic link of the repository" in done.output
    assert {path.name: path.read_text() for path in precious.iterdir()} == {"profile": "alias x=y\n"}


def test_the_repository_around_a_folder_counts_as_well(root: Path) -> None:
    (root / ".git").mkdir()
    (root / "below").mkdir()
    for file in (Path("file"), root / "file", root / "below" / ".." / "file"):
        with pytest.raises(OptionError, match="symbolic link"):
            check_output(file, root / "below")
        with pytest.raises(OptionError, match="symbolic link"):
            check_output(file)


def test_a_link_of_the_users_own_is_followed(root: Path, precious: Path, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(precious)
    done = CliRunner().invoke(app, ["map", ".", "-o", str(tmp_path / "out" / "map.txt")])
    assert done.exit_code == EXIT_FINE
    assert "1 f()" in (precious / "map.txt").read_text()


def test_a_link_of_the_users_own_that_leads_on_over_the_repository_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(root / "folder")
    with pytest.raises(OptionError, match=r"root/folder' is a symbolic link of the repository"):
        check_output(tmp_path / "out" / "map.txt", root)


def test_links_that_go_round_are_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OptionError, match="cannot write"):
        check_output(tmp_path / "a" / "map.txt", root)


def test_another_name_of_a_file_stays_as_it_was(root: Path, precious: Path) -> None:
    os.link(precious / "profile", root / "map.txt")
    check_output(Path("map.txt"), root)
    with open_output(Path("map.txt")) as out:
        out.write(b"map")
    assert (root / "map.txt").read_text() == "map"
    assert (precious / "profile").read_text() == "alias x=y\n"


@pytest.mark.parametrize(
    "name", ["runs.jsonl", ".runs.jsonl.lock", f".runs.jsonl.{os.getpid()}.partial"], ids=["history", "lock", "partial"]
)
def test_no_link_beside_a_history_is_written_through(
    name: str, precious: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.bench.history.MAX_RUNS", 1)
    cache = tmp_path / "cache"
    append_run(cache / "runs.jsonl", make_run())
    append_run(cache / "runs.jsonl", make_run())
    for target in ("profile", "new"):
        (cache / name).unlink(missing_ok=True)
        (cache / name).symlink_to(precious / target)
        with suppress(StoreError):
            append_run(cache / "runs.jsonl", make_run())
    assert {path.name: path.read_text() for path in precious.iterdir()} == {"profile": "alias x=y\n"}
