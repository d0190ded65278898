"""Wrong usage of every option of every command: one style of error, exit code 2, and nothing of a library's words."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from repomap_fast.cli.app import app
from repomap_fast.errors import EXIT_USAGE

SIZES = ("SIZE",)
LINE = re.compile(r"repomap-fast: (error|hint): \S.*")
FOREIGN = re.compile(r"pydantic|Input should|Invalid value|Usage:|Traceback|No such|Try '|errors\.|Error\b")


def commands() -> Iterator[tuple[list[str], Any]]:
    """Yield each command as it is typed, with what Typer made of it."""
    group: Any = get_command(app)
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from (([name, below], command.get_command(None, below)) for below in command.list_commands(None))
        else:
            yield [name], command


# A hook takes any arguments, and never fails.
COMMANDS = {" ".join(words): command for words, command in commands() if words != ["hook"]}
REQUIRED = {
    "search": ["f"],
    "explain": ["f"],
    "show": ["f"],
    "refs": ["f"],
    "callers": ["f"],
    "callees": ["f"],
    "outline": ["f"],
    "init": ["zed"],
    "fleet": ["file.txt", "--out=mined"],
}
BEFORE_PATH = {**REQUIRED, "imports": ["f"], "impact": ["f"]}


def wrong_values(param: Any) -> list[str]:
    annotation = param.type_descriptor.annotation
    if annotation is int:
        return ["abc", "", "1.5", "nan", "9" * 5000, "0x10", "1_000"]
    if annotation is float:
        return ["abc", "", "nan", "inf", "1e999", "-"]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return ["xyz", "", "JSON", "x" * 5000]
    if annotation is Path or annotation == list[Path]:
        return [""]
    if param.metavar in SIZES:
        return ["abc", "", "-5", "nan", "1Q", "9" * 5000]
    return []


def options() -> Iterator[Any]:
    for name, command in COMMANDS.items():
        for param in command.params:
            if param.param_type_name == "option":
                yield pytest.param(name, param, id=f"{name} {param.opts[0]}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    (tmp_path / "file.txt").write_text("nothing\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPOMAP_FAST_CACHE_DIR", str(tmp_path / ".kept"))
    return tmp_path


def fail(arguments: list[str]) -> list[str]:
    """Run a command that is used wrongly, and return what it says."""
    done = CliRunner().invoke(app, arguments, prog_name="repomap-fast")
    said = done.stderr.splitlines()
    assert (done.exit_code, done.stdout) == (EXIT_USAGE, ""), (done.exit_code, done.output, done.exception)
    assert all(LINE.fullmatch(line) for line in said), said
    assert [line.split(": ")[1] for line in said] in (["error"], ["error", "hint"])
    assert not FOREIGN.search(done.stderr), done.stderr
    assert max(map(len, said)) < 400
    return said


@pytest.mark.parametrize(("command", "param"), list(options()))
def test_wrong_values_are_named_with_what_was_expected(command: str, param: Any, folder: Path) -> None:
    words, flag = [*command.split(), *REQUIRED.get(command, [])], max(param.opts, key=len)
    if param.is_flag or getattr(param, "count", False):
        assert fail([*words, f"{flag}=3"])[0] == f"repomap-fast: error: {flag} has a value; expected none"
        return
    for value in wrong_values(param):
        error = fail([*words, f"{flag}={value}"])[0]
        shown = re.escape(repr(value)) if len(value) < 78 else r"'.*… \(5,000 characters\)"
        assert re.match(f"repomap-fast: error: {flag} is {shown}; expected .", error), error
    if flag != "--changed":
        assert re.fullmatch(f"repomap-fast: error: {flag} has no value; expected .+", fail([*words, flag])[0])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_misspelt_option_is_answered_with_what_is_near(command: str, folder: Path) -> None:
    words = command.split()
    error, hint = fail([*words, "--hepl"])
    assert error == f"repomap-fast: error: `repomap-fast {command}` has no option '--hepl'"
    assert hint == "repomap-fast: hint: did you mean --help?"
    error, hint = fail([*words, "--qqqqq"])
    assert hint == f"repomap-fast: hint: see `repomap-fast {command} --help`"
    assert fail([*words, "-Z"])[0].endswith("has no option '-Z'")


def test_the_value_of_an_option_is_answered_with_the_option(folder: Path) -> None:
    assert fail(["show", "--json", "x"])[1] == "repomap-fast: hint: did you mean --format json?"
    assert fail(["search", "--prefix", "x"])[1] == "repomap-fast: hint: did you mean --match prefix?"


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("outline", "mcp", "init")])
def test_arguments_are_counted(command: str, folder: Path) -> None:
    words = command.split()
    error, hint = fail([*words, *"abcd", *(word for word in REQUIRED.get(command, []) if word.startswith("-"))])
    assert re.match("repomap-fast: error: too many arguments: ('b' )?('c' )?'d'; expected no ", error) or "'a'" in error
    assert hint == f"repomap-fast: hint: see `repomap-fast {command} --help`"
    if command in REQUIRED:
        assert re.match(r"repomap-fast: error: (NAME|(FILE\|)?SYMBOL|LIST) is not given; expected ", fail(words)[0])
        assert re.match(
            r"repomap-fast: error: (NAME|(FILE\|)?SYMBOL|LIST) is (empty|''); expected ", fail([*words, ""])[0]
        )
    if any(param.param_type_name == "argument" and param.name == "path" for param in COMMANDS[command].params):
        assert (
            fail([*words, *BEFORE_PATH.get(command, []), ""])[0] == "repomap-fast: error: PATH is ''; expected a path"
        )


@pytest.mark.parametrize(
    ("arguments", "near"), [(["mpa"], "map"), (["serach", "x"], "search"), (["cache", "inof"], "cache info")]
)
def test_a_misspelt_command_is_answered_with_what_is_near(arguments: list[str], near: str) -> None:
    error, hint = fail(arguments)
    assert error.startswith(f"repomap-fast: error: there is no command '{arguments[-1 if near != 'search' else 0]}'; ")
    assert hint == f"repomap-fast: hint: did you mean `repomap-fast {near}`?"
    assert fail(["zzzzz"])[1] == "repomap-fast: hint: see `repomap-fast --help`"


@pytest.mark.parametrize(
    "arguments",
    [
        *(["map", f"--tokens={value}"] for value in ("0", "-1", "99999999999")),
        *(["scan", f"--workers={value}"] for value in ("-1", "9999", "999999999999999999")),
        *(["scan", f"--timeout-per-file={value}"] for value in ("0", "-1")),
        *(["scan", f"--max-file-size={value}"] for value in ("0", "99999G")),
        *(["scan", f"--max-file-memory={value}"] for value in ("1", "999999999999999G")),
        *(["scan", f"--max-memory={value}"] for value in ("1", "1M", "0")),
        *(["scan", f"--max-cpu={value}"] for value in ("0", "-1", "999999")),
        *(["scan", f"{flag}="] for flag in ("--language", "--include", "--exclude")),
        ["scan", "--language=pyton"],
        *(["scan", f"--queries={value}"] for value in ("file.txt", "nowhere")),
        *(["map", f"--focus={value}"] for value in ("nowhere", "..", "/nowhere")),
        ["map", "--mention="],
        ["map", "--tokenizer=words"],
        ["map", "--changed=nowhere"],
        *([command, "nowhere"] for command in ("map", "scan", "bench")),
        *([command, "file.txt"] for command in ("map", "scan", "bench")),
        *([command, "f", path] for command in ("search", "explain") for path in ("nowhere", "file.txt")),
        ["explain", "f", "--limit=-1"],
        ["search", "f", "--limit=-1"],
        *(["scan", f"--output={value}"] for value in (".", "nowhere/x.json", "x.odd")),
        *(["map", f"--output={value}"] for value in (".", "nowhere/x.json")),
        *(["cache", "warm", f"--paths={value}"] for value in ("", "nowhere")),
        *(["cache", "warm", f"--changed-last={value}"] for value in ("0", "-1")),
        ["cache", "warm", "--paths=a.py", "--changed-last=1"],
        ["cache", "prune", "--older-than=-1"],
        *(["cache", command, "--all", "."] for command in ("info", "clear", "prune", "check")),
        *(["bench", f"--repeats={value}"] for value in ("0", "-1", "101")),
        ["bench", "--operation=none"],
        ["bench", "--state=luke"],
        ["bench", "--alert-cpu=-3"],
        *(["bench", f"--compare={value}"] for value in ("nowhere", "file.txt", ".")),
        ["bench", "--history=."],
        ["bench", "--history=h", "--no-history"],
        *(["dashboard", f"--last={value}"] for value in ("0", "-1")),
        *(["dashboard", f"--history={value}"] for value in ("nowhere", ".")),
        *(["dashboard", f"--html={value}"] for value in (".", "nowhere/x.html")),
        ["--show-completion=zhs"],
        ["--install-completion", "csh"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_said_in_the_same_style(arguments: list[str], folder: Path) -> None:
    if "--changed" in arguments[-1]:
        subprocess.run(["git", "init", "-q", "."], check=True)
    before = sorted(folder.rglob("*.json")) + sorted(folder.rglob("h"))
    error = fail(arguments)[0]
    option = re.match(r"(--[\w-]+)=(.*)", arguments[-1])
    assert not option or option[1] in error or repr(option[2]) in error, error
    assert sorted(folder.rglob("*.json")) + sorted(folder.rglob("h")) == before


def test_pydantic_is_not_loaded_for_an_error(folder: Path) -> None:
    code = (
        "import sys\nfrom repomap_fast.cli import main\nsys.argv[1:] = ['map', '--tokens', 'abc']\n"
        "try:\n    main()\nfinally:\n    print('pydantic' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == EXIT_USAGE
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["refs", ".", "f"], "the folder comes last: `repomap-fast refs f .`"),
        (["explain", ".", "a b"], "the folder comes last: `repomap-fast explain 'a b' .`"),
        (["impact", ".", "a.py"], "the folder comes last: `repomap-fast impact a.py .`"),
        (["imports", ".", "a.py"], "the folder comes last: `repomap-fast imports a.py .`"),
        (["map", "close idle"], "for a task: `repomap-fast map --query 'close idle'`"),
        (["map", "a.py"], "`repomap-fast outline a.py` prints what it defines; --focus a.py says that you work on it"),
        (["scan", "a.py"], "`repomap-fast outline a.py` prints what it defines"),
        (["unused", "a.py"], "for one file: --path a.py"),
        (["search", "f", "a.py"], "for one file: --path a.py"),
    ],
)
def test_what_is_no_folder_gets_a_hint(arguments: list[str], hint: str, folder: Path) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == EXIT_USAGE
    error, last = done.stderr.splitlines()
    assert re.fullmatch(
        r"repomap-fast: error: (there is no '.*'|'.*' is not a folder); expected a folder to scan", error
    )
    assert last == f"repomap-fast: hint: {hint}"


def test_what_is_no_folder_and_may_be_anything_gets_none(folder: Path) -> None:
    for arguments in (["map", "gone"], ["refs", "f", "gone"], ["map", "x" * 5000], ["scan", "a\0b"]):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == EXIT_USAGE
        assert "hint" not in done.stderr
