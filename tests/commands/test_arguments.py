"""Options that several commands share: parsing, completion, and errors that name a flag."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from repomap_fast import api
from repomap_fast.cli.app import app
from repomap_fast.cli.arguments import Focusing, FocusingCommand, Scanning, naming_flags, takes_groups
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE, OptionError
from repomap_fast.joining.result import ScanResult
from repomap_fast.options import ScanOptions
from support.command_runs import run
from support.repositories import write_files


def test_completion_knows_the_languages() -> None:
    words = "repomap-fast scan --language pyth"
    done = run(_REPOMAP_FAST_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD="3")
    assert "python" in done.stdout.split()


def test_errors_of_options_name_the_option_as_it_was_given(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(root: Path, **options: object) -> ScanResult:
        raise OptionError("max_file_size is 0; expected 1 or more")

    monkeypatch.setattr(api, "scan", refuse)
    done = CliRunner().invoke(app, ["scan"])
    assert done.exit_code == EXIT_USAGE
    assert done.stderr == "repomap-fast: error: --max-file-size is 0; expected 1 or more\n"


@takes_groups
def record(
    path: Annotated[Path, typer.Argument()] = Path(),
    limit: Annotated[int, typer.Option("--limit")] = 3,
    *,
    focusing: Focusing,
    scanning: Scanning,
) -> None:
    """Keep what the groups were given."""
    RECORDED.update(path=path, limit=limit, focusing=focusing, scanning=scanning)


RECORDED: dict[str, Any] = {}


def parse(*arguments: str | Path) -> dict[str, Any]:
    """Run a command that has both groups of options, and return what it was called with."""
    group = typer.Typer()
    group.command(cls=FocusingCommand)(record)
    RECORDED.clear()
    done = CliRunner().invoke(group, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == EXIT_FINE, done.stderr
    return dict(RECORDED)


def test_groups_become_their_parameters_in_their_place() -> None:
    names = list(inspect.signature(record).parameters)
    assert names[:3] == ["path", "limit", "focus"]
    assert "focusing" not in names
    assert names[7:] == [*(one.name for one in fields(ScanOptions)), "no_cache", "cache_dir"]


def test_options_that_are_not_given_are_left_to_the_library() -> None:
    given = parse()
    assert (given["path"], given["limit"], given["focusing"]) == (Path(), 3, Focusing())
    assert given["scanning"].checked() == ScanOptions()
    assert (given["scanning"].no_cache, given["scanning"].cache_dir) == (False, None)


def test_every_option_of_a_scan_reaches_the_library(tmp_path: Path) -> None:
    scanning = parse(
        *("--workers", "2", "--language", "go", "--language", "c", "--include", "a/**", "--exclude", "b"),
        *("--no-ignore", "--queries", tmp_path, "--fences", "--timeout-per-file", "1.5", "--max-file-size", "2M"),
        *("--max-file-memory", "64M", "--max-memory", "1G", "--max-cpu", "50", "--no-cache", "--cache-dir", tmp_path),
    )["scanning"]
    assert (scanning.no_cache, scanning.cache_dir) == (True, tmp_path)
    assert scanning.checked() == ScanOptions(
        workers=2,
        languages=("go", "c"),
        include=("a/**",),
        exclude=("b",),
        no_ignore=True,
        queries=tmp_path,
        fences=True,
        timeout_per_file=1.5,
        max_file_size="2M",
        max_file_memory="64M",
        max_memory="1G",
        max_cpu=50,
    )


def test_languages_is_another_name_of_language() -> None:
    assert parse("--languages", "code", "--language", "json")["scanning"].checked().languages == ("code", "json")


def test_a_wrong_option_is_named_by_its_flag() -> None:
    scanning = Scanning(no_cache=False, cache_dir=None, max_memory="much")
    with pytest.raises(OptionError, match=r"^--max-memory is 'much'"):
        scanning.checked()


@pytest.mark.parametrize("name", [one.name for one in fields(ScanOptions)])
def test_errors_about_any_option_of_a_scan_name_its_flag(name: str) -> None:
    with pytest.raises(OptionError) as caught, naming_flags():
        raise OptionError(f"{name} is wrong; expected right")
    flag, _, rest = str(caught.value).partition(" ")
    assert flag in {option for one in fields(ScanOptions) for option in one.metadata["flag"].names}
    assert rest == "is wrong; expected right"


def test_an_error_that_begins_with_another_word_stays_as_it_is() -> None:
    with pytest.raises(OptionError, match=r"^there is no folder$"), naming_flags():
        raise OptionError("there is no folder")


@pytest.mark.parametrize(
    ("arguments", "changed", "path"),
    [
        ([], False, "."),
        (["--changed"], True, "."),
        (["--changed", "HEAD~2"], "HEAD~2", "."),
        (["--changed=HEAD~2"], "HEAD~2", "."),
        (["--changed", "--limit", "5"], True, "."),
        (["--changed", "folder"], True, "folder"),
        (["--changed", "HEAD", "folder"], "HEAD", "folder"),
        (["--", "--changed"], False, "--changed"),
    ],
)
def test_the_revision_of_changed_is_optional(
    arguments: list[str], changed: bool | str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    given = parse(*arguments)
    assert (given["focusing"].keywords(given["path"])["changed"], given["path"]) == (changed, Path(path))


def test_files_are_meant_below_the_root_and_else_below_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    write_files(root, {"both.py": "", "a/in.py": ""})
    write_files(tmp_path / "here", {"both.py": "", "b/here.py": ""})
    monkeypatch.chdir(tmp_path / "here")
    focusing = Focusing(
        focus=[Path("both.py"), Path("b/here.py"), Path("none.py")], mention=["a/in.py", "b/here.py", "name"], query="q"
    )
    assert focusing.keywords(root) == {
        "focus": [Path("both.py"), tmp_path / "here/b/here.py", Path("none.py")],
        "mention": ["a/in.py", str(tmp_path / "here/b/here.py"), "name"],
        "query": "q",
        "changed": False,
    }
