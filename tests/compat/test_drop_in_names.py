"""What callers of another package may use of it is there in ours: each name, each parameter, each attribute."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from support.drop_in_names import MODULES, make, parameters

NAMES = Path(__file__).with_name("names")
OURS = {"aider.repomap": "repomap_fast.compat.aider", "cecli.repomap": "repomap_fast.compat.cecli"}
FIELDS = "rel_fname fname line name kind specific_kind start_line end_line start_byte end_byte"
OTHERWISE = {
    f"{name}(*args, {', '.join(f'{field}=None' for field in FIELDS.split())})": "ours names what it takes by position"
    for name in ("Tag", "TagBase")
}
"""Names with parameters that are written otherwise in ours, and take all the same calls; each with the reason."""
_MISSING = object()


def recorded(package: str) -> dict[str, list[str]]:
    """Return the names of each module of a package, as they are on record."""
    found: dict[str, list[str]] = {}
    for line in (NAMES / f"{package}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            names = found[line[1:-1]] = []
        else:
            names.append(line)
    return found


def takes_all(ours: str, theirs: str) -> bool:
    """Return whether each call that these parameters admit is admitted by ours too, with the same defaults."""
    if ours == theirs:
        return True
    (more, n_needed), (less, _) = _named(ours), _named(theirs)
    return more[: len(less)] == less and n_needed <= len(less)


def _named(text: str) -> tuple[list[tuple[str, str]], int]:
    """Return the parameters with their defaults, and how many of them must be given."""
    function = ast.parse(f"def f{text}: pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    assert [arguments.vararg, arguments.kwarg, arguments.kwonlyargs] == [None, None, []], text
    given = [*arguments.posonlyargs, *arguments.args]
    defaults = [ast.unparse(default) for default in arguments.defaults]
    n_needed = len(given) - len(defaults)
    return list(zip((one.arg for one in given), [""] * n_needed + defaults, strict=True)), n_needed


def missing(names: list[str], ours: str, folder: Path) -> Iterator[str]:
    """Yield those of the names that a module of ours does not have, or not for the same calls."""
    module = import_module(ours)
    made: dict[str, Any] = {}
    for line in names:
        path, bracket, rest = line.partition("(")
        found: Any = module
        if rest.startswith(")."):
            if path not in made:
                made[path] = make(path, getattr(module, path), ours, str(folder))
            found, path, bracket = made[path], rest[2:], ""
        for part in path.split("."):
            found = getattr(found, part, _MISSING)
        if found is _MISSING or (bracket and line not in OTHERWISE and not takes_all(parameters(found), f"({rest}")):
            yield line


@pytest.mark.parametrize("package", MODULES)
def test_ours_has_all_that_callers_may_use(package: str, tmp_path: Path) -> None:
    names = recorded(package)
    assert tuple(names) == MODULES[package]
    for module, lines in names.items():
        assert len(lines) == len(set(lines)) > 0
        assert list(missing(lines, OURS.get(module, f"repomap_fast.compat.{module}"), tmp_path)) == []


def test_what_is_not_there_is_found(tmp_path: Path) -> None:
    """The comparison above can fail."""
    lines = [
        "Gone",
        "RepoMap.gone",
        "RepoMap().gone",
        "RepoMap.get_mtime(self)",
        "RepoMap.get_mtime(self, path)",
        "RepoMap.get_mtime(self, fname, more=None)",
        "RepoMap.to_tree(self, tags, chat_rel_fnames=())",
    ]
    assert list(missing([*lines, "RepoMap.get_mtime(self, fname)"], OURS["aider.repomap"], tmp_path)) == lines
    assert takes_all("(a, b=1, c=2)", "(a, b=1)")
    assert not takes_all("(a, b, c)", "(a, b)")
    assert not takes_all("(a, b=2)", "(a, b=1)")


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("package", MODULES)
def test_the_record_is_that_of_the_package(package: str, tmp_path: Path) -> None:
    variable = f"REPOMAP_FAST_{'CECLI' if package == 'cecli' else 'AIDER'}_PYTHON"
    python = os.environ.get(variable)
    if not python:
        pytest.skip(f"{variable} does not say where {package} is installed")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "HOME": str(tmp_path)}
    command = [python, "-m", "support.drop_in_names", package]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == (NAMES / f"{package}.txt").read_text("utf-8")
