"""Arguments become values without pydantic, through public names of Typer."""

from __future__ import annotations

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from repomap_fast.cli.quick_types import QuickCommand
from repomap_fast.cli.usage import Misuse


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def call(*arguments: str) -> dict[str, Any]:
    """Return what a command is called with."""
    app, found = typer.Typer(rich_markup_mode=None), {}

    @app.command(cls=QuickCommand)
    def command(
        path: Annotated[Path, typer.Argument()] = Path(),
        number: Annotated[int, typer.Option("--number")] = 1,
        share: Annotated[float | None, typer.Option("--share")] = None,
        colour: Annotated[Colour, typer.Option("--colour")] = Colour.RED,
        names: Annotated[list[str] | None, typer.Option("--name")] = None,
    ) -> None:
        found.update(path=path, number=number, share=share, colour=colour, names=names)

    done = CliRunner().invoke(app, list(arguments), standalone_mode=False)
    if done.exception:
        raise done.exception
    return found


def test_values_have_the_types_of_the_annotations() -> None:
    arguments = ["a/b", "--number", "7", "--share", ".5", "--colour", "blue", "--name", "x", "--name", "y"]
    found = call(*arguments)
    assert found == {"path": Path("a/b"), "number": 7, "share": 0.5, "colour": Colour.BLUE, "names": ["x", "y"]}


def test_defaults_stay() -> None:
    found = call()
    assert (found["path"], found["number"], found["share"], found["colour"]) == (Path(), 1, None, Colour.RED)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--number", "many"], "--number is 'many'; expected a whole number"),
        (["--number", "9" * 19], "no more than 18 digits"),
        (["--share", "nan"], "--share is 'nan'; expected a number"),
        (["--colour", "bleu"], "--colour is 'bleu'; expected red or blue"),
        ([""], "expected a path"),
        (["a", "b"], "too many arguments: 'b'"),
    ],
)
def test_wrong_values_are_misuse(arguments: list[str], message: str) -> None:
    with pytest.raises(Misuse, match=message):
        call(*arguments)


def test_no_private_name_of_typer_is_used() -> None:
    import repomap_fast.cli.quick_types as module

    assert "option._" not in Path(module.__file__).read_text("utf-8")


def test_pydantic_is_not_loaded() -> None:
    code = "import sys; sys.argv[1:] = ['languages']\nfrom repomap_fast.cli import main\ntry: main()\n"
    code += "finally: print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
