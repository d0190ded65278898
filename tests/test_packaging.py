"""What is built, what is in it, and what is said when it cannot be built."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Mapping
from importlib import import_module, metadata
from pathlib import Path, PurePosixPath

import pytest

import repomap_fast
from repomap_fast.store.sqlite_store import SqliteStore

PACKAGE = Path(repomap_fast.__file__).parent
REPOSITORY = Path(__file__).parent.parent

needs_checkout = pytest.mark.skipif(
    not (REPOSITORY / ".git").exists() or shutil.which("git") is None, reason="there is no checkout around the tests"
)

AIDER_PINS = {
    "numpy": "1.26.4",
    "platformdirs": "4.5.1",
    "psutil": "7.2.2",
    "pydantic": "2.12.5",
    "rich": "14.3.2",
    "tree-sitter-language-pack": "0.13.0",
    "typer": "0.23.0",
}
"""What aider 0.86.2 pins of our dependencies."""
NOT_PINNED = {"rapidfuzz", "tree-sitter-scala"}
"""Dependencies that aider does not have."""


def test_the_version_is_said_once() -> None:
    assert metadata.version("repomap-fast") == repomap_fast.__version__


def test_the_dependencies_admit_what_aider_pins_and_the_newest() -> None:
    requirements = pytest.importorskip("packaging.requirements")
    own = [requirements.Requirement(text) for text in metadata.requires("repomap-fast") or ()]
    needed = {requirement.name: requirement.specifier for requirement in own if not requirement.marker}
    assert needed.keys() == AIDER_PINS.keys() | NOT_PINNED
    for name, specifier in needed.items():
        assert name in NOT_PINNED or AIDER_PINS[name] in specifier, name
        # From 1.0 on the pack downloads its parsers when they are first used.
        assert ("999.0" in specifier) == (name != "tree-sitter-language-pack"), name


def test_every_package_knows_its_compiled_modules_by_name() -> None:
    stubs = list(PACKAGE.rglob("_*.pyi"))
    assert len(stubs) > 8
    for stub in stubs:
        module = import_module(f"repomap_fast.{stub.parent.name}").__getattr__(stub.stem)
        assert module.__name__ == f"repomap_fast.{stub.parent.name}.{stub.stem}"


@needs_checkout
def test_the_workflow_of_the_wheels_stands_twice() -> None:
    assert (REPOSITORY / "wheels.yml").read_bytes() == (REPOSITORY / ".github/workflows/wheels.yml").read_bytes()


@pytest.fixture(scope="module")
def source_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as the checkout has it: without the compiled modules."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copytree(
        PACKAGE, folder / "repomap_fast", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__", "*.dylib")
    )
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("-c", "import repomap_fast; repomap_fast.scan('.')"),
        ("-m", "repomap_fast", "scan"),
        ("-m", "repomap_fast", "map"),
    ],
    ids=["import", "scan", "map"],
)
def test_a_source_tree_says_that_it_is_not_compiled(
    arguments: tuple[str, ...], source_tree: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(source_tree)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    *before, last = done.stderr.splitlines()
    assert "is not compiled for this Python" in last
    assert str(source_tree / "repomap_fast") in last
    assert "pip install ." in last
    if arguments[0] == "-m":
        assert (done.returncode, before) == (2, [])


def test_a_connection_of_a_store_that_nobody_closed_is_closed(tmp_path: Path) -> None:
    """From Python 3.13 on, one that is not is a ResourceWarning."""
    store = SqliteStore(tmp_path)
    connection = store._database
    del store
    with pytest.raises(Exception, match="closed database"):
        connection.execute("SELECT 1")


def run(folder: Path, *command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command; its words come back with every row of white space as one space, for CMake wraps lines."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=1200
    )
    done.stdout = " ".join((done.stdout + done.stderr).split())
    return done


NOTHING_TO_FETCH = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_NO_INDEX": "1",
    "REPOMAP_TREE_SITTER_DIR": "",
}
"""An environment in which pip reaches no package."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has all that the build needs."""
    if shutil.which("cc") is None and "CC" not in os.environ:
        pytest.skip("there is no C compiler")
    folder = tmp_path_factory.mktemp("tools")
    assert run(folder, sys.executable, "-m", "venv", "venv").returncode == 0
    python = folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    build_system = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["build-system"]
    done = run(folder, python, "-m", "pip", "install", "cmake", "ninja", *build_system["requires"])
    if done.returncode != 0:
        pytest.skip("no package index can be reached")
    return python


@pytest.fixture(scope="module")
def tracked() -> set[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, check=True)
    return {path for path in os.fsdecode(listing.stdout).split("\0") if path}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory, tracked: set[str]) -> Path:
    """A copy of the checkout, with what builds leave in one."""
    folder = tmp_path_factory.mktemp("checkout")
    left_behind = {
        "build/CMakeCache.txt",
        "dist/repomap_fast-0.0.1.tar.gz",
        "src/repomap_fast/_tagger.abi3.so",
        "src/repomap_fast/__pycache__/api.cpython-311.pyc",
        "tests/__pycache__/conftest.cpython-311.pyc",
        ".venv/lib/site.py",
    }
    for path in tracked | left_behind:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if path in tracked:
            shutil.copyfile(REPOSITORY / path, folder / path)
        else:
            (folder / path).write_bytes(b"left behind")
    return folder


def build(python: Path, source: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Build a wheel with the tools that ``python`` has, from a folder or a source distribution."""
    path = os.pathsep.join([str(python.parent), os.environ["PATH"]])
    options = ("--no-deps", "--no-build-isolation", "--no-cache-dir")
    return run(out, python, "-m", "pip", "wheel", "-v", *options, "-w", out, source, PATH=path, **environment)


@pytest.fixture(scope="module")
def sdist(python: Path, checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    # A copy: it puts the core into the folder, where builds from the checkout would find it.
    folder = tmp_path_factory.mktemp("packed") / "checkout"
    shutil.copytree(checkout, folder)
    hook = f"import scikit_build_core.build as backend; backend.build_sdist({str(out)!r})"
    done = run(folder, python, "-c", hook, PATH=os.pathsep.join([str(python.parent), os.environ["PATH"]]))
    assert done.returncode == 0, done.stdout
    (archive,) = out.iterdir()
    return archive


@needs_checkout
@pytest.mark.slow
def test_the_source_distribution_is_the_checkout_and_the_core(sdist: Path, tracked: set[str]) -> None:
    with tarfile.open(sdist) as archive:
        names = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in archive.getnames()}
    core = {name for name in names if name.startswith("third_party/tree-sitter/")}
    assert names - core == tracked | {"PKG-INFO"}
    own = {"include/tree_sitter/api.h", "src/lib.c", "src/unicode/LICENSE", "LICENSE", "VERSION"}
    assert {f"third_party/tree-sitter/{name}" for name in own} <= core
    assert {PurePosixPath(name).suffix for name in core} <= {"", ".c", ".h", ".md"}


@needs_checkout
@pytest.mark.slow
def test_a_wheel_of_the_source_distribution_needs_no_second_download(
    python: Path, sdist: Path, tracked: set[str], tmp_path: Path
) -> None:
    done = build(python, sdist, tmp_path, **NOTHING_TO_FETCH)
    assert done.returncode == 0, done.stdout
    has_pgo = "PGO: counting branches of the core" in done.stdout
    assert has_pgo == (os.name == "posix" and "The C compiler identification is GNU" in done.stdout)
    (wheel,) = tmp_path.glob("*.whl")
    assert "-cp311-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    compiled = {name for name in names if name.endswith((".so", ".pyd"))}
    modules = {re.sub(r"^cext/(.*)\.pyx$", r"repomap_fast/\1", path) for path in tracked if path.endswith(".pyx")}
    assert {name.partition(".")[0] for name in compiled} == modules
    metadata_dir = f"repomap_fast-{repomap_fast.__version__}.dist-info"
    sources = {path.removeprefix("src/") for path in tracked if path.startswith("src/")}
    assert {name for name in names - compiled if not name.startswith(metadata_dir)} == sources
    assert {
        "repomap_fast/py.typed",
        "repomap_fast/tagging/_tagger.pyi",
        "repomap_fast/languages/queries/c.scm",
    } <= sources
    licences = {f"{metadata_dir}/licenses/{name}LICENSE" for name in ("", "tree-sitter/", "tree-sitter/unicode/")}
    licences |= {
        f"{metadata_dir}/licenses/src/repomap_fast/reporting/page/licenses/{name}.txt"
        for name in ("echarts", "echarts-notice", "zrender", "tslib", "d3")
    }
    assert licences <= names


def assert_says(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0
    for text in words:
        assert text in done.stdout


@needs_checkout
@pytest.mark.slow
def test_a_build_without_what_it_needs_says_what_to_do(python: Path, checkout: Path, tmp_path: Path) -> None:
    done = build(python, checkout, tmp_path, CC=str(tmp_path / "cc"))
    assert_says(done, "There is no C compiler that works", f"'{tmp_path / 'cc'}'", "apt install gcc")
    done = build(python, checkout, tmp_path, **NOTHING_TO_FETCH)
    assert_says(
        done, "The tree-sitter core", "is missing", "No matching distribution", "REPOMAP_TREE_SITTER_DIR=FOLDER"
    )
    done = build(python, checkout, tmp_path, **{**NOTHING_TO_FETCH, "REPOMAP_TREE_SITTER_DIR": str(tmp_path)})
    assert_says(done, f"There is no include/tree_sitter/api.h in {tmp_path}", "leave it empty")


def assert_no_pgo(done: subprocess.CompletedProcess[str], why: str) -> None:
    assert done.returncode == 0, done.stdout
    assert f"No PGO: {why}" in done.stdout
    assert "PGO: counting branches" not in done.stdout


@needs_checkout
@pytest.mark.slow
def test_a_core_without_pgo_is_built(python: Path, sdist: Path, tmp_path: Path) -> None:
    done = build(python, sdist, tmp_path, CMAKE_ARGS="-DREPOMAP_PGO=OFF", **NOTHING_TO_FETCH)
    assert_no_pgo(done, "REPOMAP_PGO is OFF")


@needs_checkout
@pytest.mark.slow
def test_a_core_is_built_beside_a_language_pack_that_has_no_such_grammars(
    python: Path, sdist: Path, tmp_path: Path
) -> None:
    """Loading the pack was taken for loading the grammars, since CMake split the program at its semicolon."""
    (tmp_path / "other" / "tree_sitter_language_pack").mkdir(parents=True)
    (tmp_path / "other" / "tree_sitter_language_pack" / "__init__.py").touch()
    done = build(python, sdist, tmp_path, PYTHONPATH=str(tmp_path / "other"), **NOTHING_TO_FETCH)
    if "The C compiler identification is GNU" not in done.stdout:
        pytest.skip("only GCC has PGO here")
    assert_no_pgo(done, "there is no tree-sitter-language-pack below 1.0")


@needs_checkout
@pytest.mark.slow
def test_a_core_that_is_not_ours_is_not_used(python: Path, checkout: Path, tmp_path: Path) -> None:
    pinned = re.findall(
        r"set\(TREE_SITTER_(?:VERSION|SHA256) (\S+)\)", (checkout / "cmake/TreeSitter.cmake").read_text()
    )
    version, sha256 = pinned
    links = tmp_path / "links"
    links.mkdir()
    (links / f"tree_sitter-{version}.tar.gz").write_bytes(b"another")
    environment: Mapping[str, str] = {**NOTHING_TO_FETCH, "PIP_FIND_LINKS": str(links)}
    done = build(python, checkout, tmp_path, **environment)
    assert_says(
        done,
        f"another tree_sitter-{version}.tar.gz",
        sha256,
        "Nothing of it was used",
        "REPOMAP_TREE_SITTER_DIR=FOLDER",
    )
