"""The rules of ARCHITECTURE.md that keep the way of the data visible."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.tagging import _tagger

PACKAGE = Path(repomap_fast.__file__).parent
REPOSITORY = Path(__file__).parent.parent
MODULES = sorted(PACKAGE.rglob("*.py"))

GROUND = {"arguments", "errors", "limits", "options", "progress", "tables"}
"""What every step may import, and what imports nothing above itself."""
TOP = {"api", "cli", "compat", "__main__", "__init__"}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")


def room_of(name: str) -> str:
    return name.partition(".")[0]


def imports(path: Path, *, is_late_wanted: bool = True) -> set[str]:
    """Return the full names that a module imports when it runs, not those for its types alone.

    Without ``is_late_wanted`` only those that it imports when it is imported itself.
    """
    tree = ast.parse(path.read_text("utf-8"))
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        is_late = isinstance(node, ast.FunctionDef)
        if is_for_types or (is_late and not is_late_wanted):
            left_out |= set(ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if node not in left_out and isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found |= {f"{prefix}{alias.name}" for alias in node.names}
    return found


def own_imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports."""
    known = {name_of(module) for module in MODULES} | {stub.stem for stub in PACKAGE.glob("_*.pyi")}
    found = set()
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "repomap_fast":
            found |= {".".join(parts[1:n]) for n in (2, 3, 4)} & known
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(name_of(path))
    imported = {room_of(name) for name in own_imports(path)} - {room, "__init__"}
    if room in GROUND:
        assert imported <= GROUND
    elif room not in TOP:
        assert not imported & TOP


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_stand_ins_are_asked_by_others_alone(path: Path) -> None:
    imported = {room_of(name) for name in own_imports(path)}
    if room_of(name_of(path)) == "compat":
        assert "cli" not in imported
    else:
        assert "compat" not in imported


def test_there_is_no_circle() -> None:
    edges = {
        name_of(path): own_imports(path) - {name_of(path)}
        for path in MODULES
        if room_of(name_of(path)) not in TOP - {"compat"}
    }
    done: set[str] = set()
    while ready := {name for name, imported in edges.items() if name not in done and imported & edges.keys() <= done}:
        done |= ready
    assert edges.keys() - done == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_its_python_half_imports_a_compiled_half(path: Path) -> None:
    compiled = {name for name in own_imports(path) if name.startswith("_") and not name.startswith("__")}
    assert compiled <= {f"_{name_of(path)}"}


LIBRARY = [path for path in MODULES if room_of(name_of(path)) not in ("cli", "compat", "__main__")]
STAND_INS = [path for path in MODULES if room_of(name_of(path)) == "compat"]
COMMAND_LINE = [path for path in MODULES if room_of(name_of(path)) == "cli"]
LOADED_LATE = {"bars", "counts", "summary"}
"""Of the command line: imported when a bar or a table is drawn. So are the formats, when one is written."""


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_the_library_is_silent(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(path)} & {"typer", "rich", "tree_sitter"}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert "print" not in [call.id for call in calls if isinstance(call, ast.Name)]


@pytest.mark.parametrize("path", STAND_INS, ids=name_of)
def test_stand_ins_draw_and_print_only_when_asked_to(path: Path) -> None:
    heavy = {"typer", "rich", "tree_sitter", *(() if path.stem == "models" else ("pydantic",))}
    assert not {name.partition(".")[0] for name in imports(path, is_late_wanted=False)} & heavy
    assert not {name.partition(".")[0] for name in imports(path)} & {"typer", "tree_sitter"}
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    if path.stem != "__main__":
        assert "print" not in [call.id for call in calls if isinstance(call, ast.Name)]


@pytest.mark.parametrize("path", COMMAND_LINE, ids=name_of)
def test_the_command_line_loads_late_what_is_heavy(path: Path) -> None:
    if path.stem not in LOADED_LATE and path.parent.name != "formats":
        assert not {name.partition(".")[0] for name in imports(path, is_late_wanted=False)} & {"rich", "numpy"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_is_one_idea(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 600
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if is_public and node in tree.body:
            assert ast.get_docstring(node), f"{path.name}: {node.name} says nothing of itself"


needs_sources = pytest.mark.skipif(not (REPOSITORY / "cext").is_dir(), reason="there is no checkout around the tests")


@needs_sources
def test_every_compiled_half_has_a_python_half_and_a_stub() -> None:
    for source in (REPOSITORY / "cext").glob("_*.pyx"):
        assert (PACKAGE / f"{source.stem[1:]}.py").is_file()
        assert (PACKAGE / f"{source.stem}.pyi").is_file()


@needs_sources
def test_compiled_sources_are_of_a_readable_length() -> None:
    for source in (REPOSITORY / "cext").iterdir():
        assert len(source.read_text("utf-8").splitlines()) <= 630, source.name


@pytest.mark.skipif(shutil.which("nm") is None, reason="nm is not installed")
def test_the_core_is_hidden() -> None:
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", _tagger.__file__], capture_output=True, text=True, check=True
    )
    assert [line.split()[-1] for line in listing.stdout.splitlines()] == ["PyInit__tagger"]
