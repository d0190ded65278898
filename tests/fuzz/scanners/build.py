"""The scanner of a grammar, compiled from its source with the sanitizers, and linked with the loop that feeds it.

A wheel holds a scanner without the sanitizers, and these see what code of theirs does. So the tables of a grammar are
those of its wheel, and the scanner beside them is compiled here, from the source distribution of the same release.
"""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from repomap_fast.languages.grammars import best_package, grammar_release, load_grammar
from support.scanner_states import capsule_address

FUNCTIONS = ("create", "destroy", "scan", "serialize", "deserialize")
"""Of a scanner, in the order that a grammar has them."""
_SANITIZERS = ("-fsanitize=address,undefined", "-fsanitize-recover=address,undefined", "-fno-omit-frame-pointer")
_AS_IN_WHEELS = ("-std=c11", "-O1", "-DNDEBUG", "-include", "assert.h")
"""Asserts are left out in the wheels. One scanner asserts by a header of its grammar that its source lacks."""
_COUNTED = "-fsanitize-coverage=trace-pc,trace-cmp"
_WITHOUT_SOURCE = {"tree_sitter_c_sharp", "tree_sitter_yaml"}
"""Packages whose source distribution has no scanner: it is to be put beside ``parser.c`` by hand."""


class Scanner(NamedTuple):
    """A loaded library: the loop, the functions of its scanner, and the grammar that the loop is to parse with."""

    library: ctypes.CDLL
    functions: list[int]
    language: int


def fetch_sources(folder: Path, grammars: list[str]) -> None:
    """Have pip put the source distributions that are missing below ``folder``, and unpack them."""
    missing = sorted({release for name in grammars if not (folder / (release := _release(name))).exists()})
    for release in missing:
        module, _, version = release.rpartition("-")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*command, "--dest", str(folder), f"{module.replace('_', '-')}=={version}"], check=True)
        subprocess.run(["tar", "-xzf", str(folder / f"{release}.tar.gz"), "-C", str(folder)], check=True)


def build_loop(folder: Path) -> None:
    """Compile the loop and our build of the tree-sitter core."""
    source = Path(__file__).parent
    options = ["-G", "Ninja", f"-DPython_EXECUTABLE={sys.executable}", "-Wno-author", "--log-level=WARNING"]
    subprocess.run(["cmake", "-S", str(source), "-B", str(folder), *options], check=True)
    subprocess.run(["cmake", "--build", str(folder)], check=True, stdout=subprocess.DEVNULL)


def build_scanner(grammar: str, sources: Path, folder: Path) -> Path:
    """Compile the scanner of a grammar, and return the library. Raises FileNotFoundError without its source.

    sources  the folder of unpacked source distributions.
    folder   where the loop was compiled.
    """
    library = folder / f"{grammar}.so"
    source = scanner_source(grammar, sources)
    archive = folder / "libscanner_loop.a"
    newest = max(path.stat().st_mtime for path in (archive, source))
    if library.exists() and library.stat().st_mtime > newest:
        return library
    command = ["gcc", "-shared", "-fPIC", *_AS_IN_WHEELS, "-g", "-w", *_SANITIZERS, _COUNTED, f"-I{source.parent}"]
    command += [
        "-idirafter",
        str(folder / "headers"),
        str(source),
        "-Wl,-Bsymbolic",
        "-Wl,--whole-archive",
        str(archive),
        "-Wl,--no-whole-archive",
    ]
    subprocess.run([*command, "-o", str(library)], check=True)
    return library


def sanitizers_environment() -> dict[str, str]:
    """Return what must stand in the environment of a process that loads such a library."""
    names = ("libasan.so", "libubsan.so", "libstdc++.so")
    found = [subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True) for name in names]
    return {
        # The interpreter was not built with them, so they are loaded before it.
        "LD_PRELOAD": " ".join(str(Path(one.stdout.strip()).resolve()) for one in found),
        "ASAN_OPTIONS": "detect_leaks=0:halt_on_error=0:handle_abort=1:malloc_context_size=4:quarantine_size_mb=16",
        "UBSAN_OPTIONS": "print_stacktrace=1",
    }


def scanner_source(grammar: str, sources: Path) -> Path:
    """Return the C of a grammar's scanner. Raises FileNotFoundError."""
    distribution = sources / _release(grammar)
    folders = [distribution / "parsers" / grammar, distribution, distribution / grammar]
    found = next((path for folder in folders if (path := folder / "src" / "scanner.c").exists()), None)
    if found is None:
        by_hand = ": it has none, put it there" if best_package(grammar) in _WITHOUT_SOURCE else ""
        raise FileNotFoundError(f"there is no src/scanner.c for {grammar} in {distribution}{by_hand}")
    return found


def load_scanner(grammar: str, library: Path) -> Scanner:
    """Load what ``build_scanner`` returned."""
    loop = ctypes.CDLL(str(library))
    symbols = subprocess.run(["nm", "-D", str(library)], capture_output=True, text=True, check=True).stdout.split()
    (create,) = [symbol for symbol in symbols if symbol.endswith("_external_scanner_create")]
    names = [create.removesuffix("create") + function for function in FUNCTIONS]
    functions = [ctypes.cast(loop[name], ctypes.c_void_p).value or 0 for name in names]
    capsule = load_grammar(grammar, best_package(grammar))
    return Scanner(loop, functions, capsule_address(capsule))


def _release(grammar: str) -> str:
    return (grammar_release(grammar, best_package(grammar)) or "").removesuffix(".dist-info")
