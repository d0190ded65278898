"""Every check as one session: ``nox`` runs lint, types and tests; ``nox --list`` shows the rest.

Each session makes its own environment and compiles the package in it, so that nothing depends on what lies about.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nox

nox.options.sessions = ["lint", "types", "tests"]

GROUPS = nox.project.load_toml("pyproject.toml")
CEXT = Path(__file__).parent / "cext"
COMPILED = sorted(f"repomap_fast.{source.parent.name}.{source.stem}" for source in CEXT.glob("*/_*.pyx"))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after -- go to pytest."""
    session.install(".[test]")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Run the linters and the check of the format."""
    session.install(*nox.project.dependency_groups(GROUPS, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("cython-lint", "cext")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types, and the stubs against the compiled modules."""
    session.install(".", *nox.project.dependency_groups(GROUPS, "types"))
    session.run("mypy")
    # From a folder without the sources: what is compared is what was installed.
    allowed = Path("tests/stubtest.txt").resolve()
    session.chdir(session.create_tmp())
    session.run("python", "-m", "mypy.stubtest", "--ignore-disjoint-bases", "--allowlist", str(allowed), *COMPILED)


@nox.session
def debug(session: nox.Session) -> None:
    """Run the tests with bounds and asserts checked."""
    session.install(".[test]", env={"REPOMAP_BUILD_MODE": "debug"})
    session.run("pytest", *session.posargs)


@nox.session
def sanitize(session: nox.Session) -> None:
    """Run the tests under AddressSanitizer and UndefinedBehaviorSanitizer (Linux, gcc)."""
    environment = _install_sanitized(session)
    session.run("pytest", "-p", "no:cacheprovider", *session.posargs, env=environment)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Feed what is broken to the sanitized build: nox -s fuzz -- --targets git store --seconds 3600 --seed 1."""
    environment = _install_sanitized(session)
    session.run("python", "tests/fuzz/fuzz.py", *session.posargs, env=environment)


@nox.session
def fuzz_scanners(session: nox.Session) -> None:
    """Feed broken texts to the scanners of grammars, compiled with the sanitizers: -- python ruby --seconds 3600."""
    session.install(".[test]", "cmake", "ninja")
    session.run("python", "tests/fuzz/scanners/run.py", *session.posargs)


def _install_sanitized(session: nox.Session) -> dict[str, str]:
    """Build with the sanitizers, and return what must stand in the environment of whatever runs it."""
    if sys.platform != "linux":
        session.skip("the sanitizers' libraries are found as gcc on Linux has them")
    session.install(".[test]", env={"REPOMAP_BUILD_MODE": "sanitize", "CC": "gcc"})
    # The interpreter was not built with them, so they are loaded before it; libstdc++ too, or a grammar's C++ scanner
    # finds no __cxa_throw to wrap.
    libraries = [_gcc_library("libasan.so"), _gcc_library("libubsan.so"), _gcc_library("libstdc++.so")]
    return {
        "LD_PRELOAD": " ".join(libraries),
        # Python itself frees little at its end.
        "ASAN_OPTIONS": "detect_leaks=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        # So that a block of Python's is a block of malloc's, which the sanitizer watches.
        "PYTHONMALLOC": "malloc",
    }


def _gcc_library(name: str) -> str:
    found = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return str(Path(found.stdout.strip()).resolve())


@nox.session
def bench(session: nox.Session) -> None:
    """Compare with the other tools; arguments after -- are those of benchmarks.speed.compare, as CORPORA django."""
    session.install(".")
    session.run("python", "-m", "benchmarks.speed.compare", *session.posargs)
