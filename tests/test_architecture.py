"""The rules of ARCHITECTURE.md that keep the way of the data visible."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.tagging import _tagger

PACKAGE = Path(repomap_fast.__file__).parent
TESTS = Path(__file__).parent
REPOSITORY = TESTS.parent
MODULES = sorted(PACKAGE.rglob("*.py"))

ORDER = """
    logs < resources
    < tables errors paths arrays argument_types unseen utf8 safe_files toml_bounds contents macros workers screens
    < compiled options progress metrics weights < deadline settings languages store arrow
    < discovery tagging < joining < indexing ranking < resolving drawing < symbols < first_answer < opened < api calls
    < reporting < repository
    < compat bench agents fleet < cli
"""
"""The folders and the top modules, lowest first. An import leads to a lower level, or from file to file."""
LEVELS = {name: level for level, names in enumerate(ORDER.split("<")) for name in names.split()}
FOLDERS = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")


KNOWN = {name_of(path) for path in [*MODULES, *PACKAGE.rglob("_*.pyi")]}


def room_of(name: str) -> str:
    return name.partition(".")[0]


def imports(path: Path, *, is_late_wanted: bool = True, is_for_types_wanted: bool = False) -> set[str]:
    """Return the full names that a module imports.

    Late imports are those within functions, those for types stand below ``if TYPE_CHECKING``.
    """
    tree = tree_of(path)
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_for_types = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        is_late = isinstance(node, ast.FunctionDef)
        if (is_for_types and not is_for_types_wanted) or (is_late and not is_late_wanted):
            left_out |= set(ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if node not in left_out and isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found |= {f"{prefix}{alias.name}" for alias in node.names}
    return found


def own_imports(path: Path, *, is_for_types_wanted: bool = False) -> set[str]:
    """Return the modules of the package that a module imports, by their names below the package."""
    found = set()
    for name in imports(path, is_for_types_wanted=is_for_types_wanted):
        parts = name.split(".")
        if parts[0] == "repomap_fast":
            found |= {".".join(parts[1:n]) for n in (2, 3, 4, 5)} & KNOWN
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_lead_downwards(path: Path) -> None:
    room = room_of(name_of(path))
    if room.startswith("__"):
        return
    for imported in {room_of(name) for name in own_imports(path, is_for_types_wanted=True)} - {room}:
        are_files = {room, imported}.isdisjoint(FOLDERS)
        assert LEVELS[imported] < LEVELS[room] + are_files, f"{room} must not import {imported}"


def test_no_folder_bears_the_name_of_a_public_function() -> None:
    """Importing the folder would replace the function: both are attributes of the package."""
    assert FOLDERS.isdisjoint({"map", "scan", "search", "explain", "open", "show", "refs", "outline", "imports"})


def test_there_is_no_circle() -> None:
    edges = {
        name_of(path): own_imports(path) - {name_of(path)}
        for path in MODULES
        if room_of(name_of(path)) not in ("cli", "__main__", "__init__")
    }
    done: set[str] = set()
    while ready := {name for name, imported in edges.items() if name not in done and imported & edges.keys() <= done}:
        done |= ready
    assert edges.keys() - done == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_compiled_module_is_imported_in_its_own_folder_alone(path: Path) -> None:
    folder = name_of(path).rpartition(".")[0]
    compiled = {name for name in own_imports(path) if name.rpartition(".")[2].startswith("_") and "__" not in name}
    assert {name.rpartition(".")[0] for name in compiled} <= {folder}
    # From the package: it says how to compile a module that is missing.
    assert not re.search(r"^ *from repomap_fast(\.\w+)*\._(?!_)\w+ import", path.read_text(), re.MULTILINE)


LIBRARY = [path for path in MODULES if room_of(name_of(path)) not in ("cli", "compat", "__main__")]
REPLACEMENTS = [path for path in MODULES if room_of(name_of(path)) == "compat"]
COMMAND_LINE = [path for path in MODULES if room_of(name_of(path)) == "cli"]
LOADED_LATE = {"progress_bar", "counts", "summary"}
"""Of the command line: imported when a bar or a table is drawn. So are the formats, when one is written."""


HAS_A_THREAD_OF_ITS_OWN = {
    *("discovery.git_run", "store.database", "resources.memory", "bench.bench", "workers", "agents.hook"),
    *("agents.parent", "agents.opening", "discovery.git_blobs"),
}
"""One thread beside the caller's: it reads a pipe, waits for a process or a statement, or samples memory."""


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_steps_start_threads_through_run_workers_alone(path: Path) -> None:
    starts = any(isinstance(node, ast.Attribute) and node.attr == "Thread" for node in ast.walk(tree_of(path)))
    starts_pool = any("concurrent.futures" in name for name in imports(path))
    assert not starts_pool
    assert not starts or name_of(path) in HAS_A_THREAD_OF_ITS_OWN


@pytest.mark.parametrize("path", LIBRARY, ids=name_of)
def test_the_library_is_silent(path: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(path)} & {"typer", "rich", "tree_sitter"}
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    assert "print" not in [call.id for call in calls if isinstance(call, ast.Name)]


@pytest.mark.parametrize("path", REPLACEMENTS, ids=name_of)
def test_replacements_draw_and_print_only_when_asked_to(path: Path) -> None:
    heavy = {"typer", "rich", "tree_sitter", *(() if path.stem == "models" else ("pydantic",))}
    assert not {name.partition(".")[0] for name in imports(path, is_late_wanted=False)} & heavy
    assert not {name.partition(".")[0] for name in imports(path)} & {"typer", "tree_sitter"}
    calls = [node.func for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
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
    tree = tree_of(path)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if is_public and node in tree.body:
            assert ast.get_docstring(node), f"{path.name}: {node.name} says nothing of itself"


CALLED_BY_USERS = [
    path
    for path in MODULES
    if name_of(path) in ("api", "calls") or name_of(path).startswith(("compat.", "cli.commands."))
]
"""Public calls, drop-in replacements and commands: others have decided how many parameters they have."""


@pytest.mark.parametrize("path", [path for path in MODULES if path not in CALLED_BY_USERS], ids=name_of)
def test_no_function_has_more_than_ten_parameters(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [parameter.arg for parameter in parameters if parameter.arg not in ("self", "cls")]
            assert len(names) <= 10, f"{node.name} has {len(names)} parameters"


def test_files_beside_the_package_are_one_idea_too() -> None:
    for path in [*TESTS.rglob("*.py"), *(REPOSITORY / "benchmarks").rglob("*.py")]:
        if "tags" not in path.relative_to(REPOSITORY).parts:
            assert len(path.read_text("utf-8").splitlines()) <= 600, path


def places_of_tests(name: str) -> list[Path]:
    """Return where the tests of a module may be; those of the command line are runs of commands too."""
    *folders, stem = name.split(".")
    places = [Path(*folders, f"test_{stem}.py")]
    if folders[:1] == ["cli"]:
        places += [Path("cli", f"test_{stem}.py"), Path("commands", f"test_{stem}.py")]
        places += [Path("commands", f"test_{stem}_command.py")]
    return places


@pytest.mark.parametrize("name", [name_of(path) for path in MODULES if not path.stem.startswith("__")])
def test_every_module_has_a_test_file_of_its_name(name: str) -> None:
    places = places_of_tests(name)
    assert any((TESTS / place).is_file() for place in places), f"expected tests in tests/{places[0]}"


needs_sources = pytest.mark.skipif(not (REPOSITORY / "cext").is_dir(), reason="there is no checkout around the tests")


@needs_sources
def test_every_compiled_half_has_a_python_half_and_a_stub() -> None:
    for source in (REPOSITORY / "cext").glob("*/_*.pyx"):
        assert (PACKAGE / source.parent.name / f"{source.stem[1:]}.py").is_file()
        assert (PACKAGE / source.parent.name / f"{source.stem}.pyi").is_file()


@needs_sources
def test_compiled_sources_are_of_a_readable_length() -> None:
    for source in (REPOSITORY / "cext").rglob("*.*"):
        assert len(source.read_text("utf-8").splitlines()) <= 600, source.name


@pytest.mark.skipif(shutil.which("nm") is None, reason="nm is not installed")
def test_the_core_is_hidden() -> None:
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", _tagger.__file__], capture_output=True, text=True, check=True
    )
    assert [line.split()[-1] for line in listing.stdout.splitlines()] == ["PyInit__tagger"]
