"""unused: definitions that nothing refers to."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.resolving import given_macros
from repomap_fast.symbols import unused
from support.import_trees import write_files


def names(root: Path, **keywords: object) -> list[str]:
    found = repomap_fast.unused(root, cache=False, **keywords)  # type: ignore[arg-type]
    return [one.name for one in found.definitions]


def test_what_nothing_refers_to_is_said(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "def used(): pass\ndef lonely(): pass\nclass Lonely: pass\nused()\n"})
    found = repomap_fast.unused(tmp_path, cache=False)
    assert [one.name for one in found.definitions] == ["lonely", "Lonely"]
    assert found.text == (
        "2 definitions without a known reference, of 3\nfound by: rules 2; unresolved: 0\n"
        "\na.py:2-2 function lonely\na.py:3-3 class Lonely\n"
    )


def test_the_same_name_elsewhere_does_not_save_it(tmp_path: Path) -> None:
    files = {"a.py": "def close(): pass\nclose()\n", "b.py": "def close(): pass\n"}
    found = repomap_fast.unused(write_files(tmp_path, files), cache=False)
    assert [one.path for one in found.definitions] == ["b.py"]


@pytest.mark.parametrize("n_files", [3, 60])
def test_a_macro_that_a_header_asks_for_is_used_by_however_many_files_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_files: int
) -> None:
    # Of more it is not said.
    monkeypatch.setattr(given_macros, "MOST_GIVEN", 50)
    monkeypatch.setattr(unused, "MOST_GIVEN", 50)
    files = {
        f"f{i}.c": f'#define USE_ALL\n#include "all.h"\nint f{i}(void) {{ return ALL; }}\n' for i in range(n_files)
    }
    files["all.h"] = "#ifdef USE_ALL\n#define ALL 1\n#else\n#define ALL 0\n#endif\n"
    found = repomap_fast.unused(write_files(tmp_path, {**files, "g.c": "#define OTHER 1\n"}), cache=False)
    assert {one.name for one in found.definitions if one.kind == "macro"} == {"OTHER"}
    assert found.n_unsure == (0 if n_files == 3 else n_files)


@pytest.mark.parametrize(
    "text",
    [
        "def f(): pass\nhandlers = [f]\n",
        "class A:\n    def f(self): pass\n    def g(self): self.f()\nA().g()\n",
        "@route('/')\ndef f(): pass\n",
        "__all__ = ['f']\ndef f(): pass\n",
        "def test_f(): pass\n",
        "def main(): pass\n",
        "class A:\n    def __len__(self): return 1\nA()\n",
        "class A:\n    def f(self): pass\nclass B(A):\n    def f(self): pass\nB().f()\nA().f()\n",
        "import http\nclass A(http.Handler):\n    def f(self): pass\nA()\n",
        "def f(): pass\nx: 'f'\n",
    ],
)
def test_what_is_reached_in_another_way_is_left_out(tmp_path: Path, text: str) -> None:
    assert names(write_files(tmp_path, {"a.py": text})) == []


@pytest.mark.parametrize(
    "body",
    [
        "    def f(): pass\n    f = wrap(f)\n    return f\n",
        "    class F: pass\n    F = wrap(F)\n    return F\n",
        "    try:\n        f = a.f\n    except AttributeError:\n        def f(): pass\n    return [f]\n",
        "    def f(): pass\n    if a is None:\n        f = a\n    return [f]\n",
        "    if a is None:\n        def a(): pass\n    return [a]\n",
        "    def f(): pass\n    if (f := wrap(f)):\n        return [f]\n",
        "    def f(): pass\n    return lambda: [f]\n    f += 1\n",
    ],
)
def test_a_function_whose_name_is_assigned_again_is_used(tmp_path: Path, body: str) -> None:
    text = f"def wrap(x): return x\ndef g(a=None):\n{body}g(wrap)\n"
    assert names(write_files(tmp_path, {"a.py": text})) == []


def test_a_function_whose_name_is_assigned_and_not_read_again_is_unused(tmp_path: Path) -> None:
    text = "def g():\n    def f(): pass\n    h = 1\n    return h\ndef other(f):\n    return f\ng(); other(1)\n"
    assert names(write_files(tmp_path, {"a.py": text})) == ["f"]


def test_a_reference_that_is_not_resolved_makes_it_unsure(tmp_path: Path) -> None:
    text = "class A:\n    def append(self): pass\nA()\ndef g(x):\n    x.append()\ng(1)\n"
    found = repomap_fast.unused(write_files(tmp_path, {"a.py": text}), cache=False)
    assert (found.definitions, found.n_unsure) == ((), 1)


def test_an_entry_point_is_used(tmp_path: Path) -> None:
    files = {"a.py": "def run(): pass\n", "pyproject.toml": "[project.scripts]\nx = 'a:run'\n"}
    assert names(write_files(tmp_path, files)) == []


def test_tests_are_looked_at_when_they_are_asked_for(tmp_path: Path) -> None:
    write_files(tmp_path, {"tests/test_a.py": "def helper(): pass\ndef test_a(): pass\n", "b.py": "def f(): pass\n"})
    assert names(tmp_path) == ["f"]
    assert names(tmp_path, tests=True) == ["f", "helper"]
    assert names(tmp_path, path="tests", tests=True) == ["helper"]


def test_in_a_language_without_rules_it_is_said_by_name(tmp_path: Path) -> None:
    found = repomap_fast.unused(
        write_files(tmp_path, {"a.rb": "def used; end\ndef lonely; end\nused()\n", "b.bin": ""}), cache=False
    )
    assert [one.name for one in found.definitions] == ["lonely"]
    assert found.notes[0].startswith("by name")


def test_in_go_what_others_or_interfaces_need_is_left_out(tmp_path: Path) -> None:
    text = (
        "package m\n\nfunc Exported() {}\nfunc lonely() {}\nfunc used() {}\nfunc init() { used() }\n"
        "type shape interface{ area() int }\ntype square struct{}\n"
        'func (square) area() int { return 1 }\nfunc (square) lone() {}\nfunc (square) String() string { return "" }\n'
        "var _ shape = square{}\n"
    )
    files = {
        "m.go": text,
        "internal/i/i.go": "package i\n\nfunc Hidden() {}\n",
        "cmd/main.go": "package main\n\nfunc Command() {}\nfunc main() {}\n",
    }
    assert names(write_files(tmp_path, files)) == ["Command", "Hidden", "lonely", "lone"]


@pytest.mark.parametrize("piece", ["__all__ = [", "__all__: ", "__all__ "])
def test_odd_lists_of_exports_take_little_time(piece: str, tmp_path: Path) -> None:
    text = "def f(): pass\n# " + piece * (200_000 // len(piece)) + "\n__all__ = ['f']\n"
    write_files(tmp_path, {"a.py": text})
    start = time.process_time()
    assert names(tmp_path) == []
    assert time.process_time() - start < 3


def test_no_pattern_is_made_of_a_long_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile one of 60 kB takes the better part of a second, and there was one for each definition."""
    write_files(tmp_path, {"a.py": "".join(f"def f{at}{'x' * 60_000}():\n    pass\n" for at in range(5))})
    lengths: list[int] = []
    search = re.search

    def seen(pattern: str | re.Pattern[str], *more: Any) -> re.Match[str] | None:
        lengths.append(len(pattern) if isinstance(pattern, str) else 0)
        return search(pattern, *more)

    monkeypatch.setattr(re, "search", seen)
    assert len(names(tmp_path)) == 5
    assert max(lengths, default=0) < 1_000


def test_what_documents_describe_is_no_definition_of_code(tmp_path: Path) -> None:
    files = {"a.py": "def lonely(): pass\n", "api.rst": ".. py:function:: f\n\n   Text.\n", "b.rb": "class A\nend\n"}
    assert names(write_files(tmp_path, files)) == ["lonely", "A"]


@pytest.mark.parametrize(
    ("path", "text", "left"),
    [
        (
            "a.cs",
            "class P {\n  static void Main() {}\n  static void Lone() {}\n}\nclass Lonely {}\n",
            ["Lone", "Lonely"],
        ),
        (
            "A.scala",
            "object P extends App {\n}\nobject Q { def main(a: Array[String]) = {} }\nobject Lonely\n",
            ["Lonely"],
        ),
        (
            "b.scala",
            "class A {\n  def +(b: A) = b\n  implicit def text(x: Int): A = null\n  def lonely = 1\n}\n",
            ["lonely"],
        ),
        ("a.kt", "object P {\n  fun main() {}\n}\nclass Lonely\n", ["Lonely"]),
        ("a.fs", "[<EntryPoint>]\nlet start argv = 0\nlet lonely x = 1\n", ["lonely"]),
        ("a.c", "int WinMain(int a) { return 0; }\nstatic int lonely(void) { return 1; }\n", ["lonely"]),
        ("a.php", "<?php\nfunction __autoload($x) {}\nfunction lonely() {}\n", ["lonely"]),
        (
            "a.rb",
            "class A\n  def <=>(b); end\n  def size=(n); end\n  def lonely; end\nend\nA.new.size = 1\n",
            ["lonely"],
        ),
        ("a.R", "print.foo <- function(x) 1\n.onLoad <- function(l, p) 1\nlonely <- function() 1\n", ["lonely"]),
        ("a.jl", "Base.show(io, x) = 1\nfunction M.N.run(x)\nend\nlonely(x) = 1\n", ["lonely"]),
        ("a.lua", "local mt = {}\nfunction mt.__index(t) end\nlocal function lonely() end\n", ["lonely"]),
        ("a.dart", "void main() {}\nvoid lonely() {}\n", ["lonely"]),
        ("a.swift", "@main struct P {\n}\nstruct Lonely {\n}\n", ["Lonely"]),
        ("a.py", "def pytest_configure(config): pass\ndef Main(): pass\n", ["Main"]),
    ],
)
def test_what_programs_begin_with_or_a_language_calls_is_left_out(
    path: str, text: str, left: list[str], tmp_path: Path
) -> None:
    if path == "a.fs":
        pytest.importorskip("tree_sitter_fsharp")
    assert names(write_files(tmp_path, {path: text})) == left


def test_what_a_package_of_r_exports_is_used(tmp_path: Path) -> None:
    files = {
        "NAMESPACE": "export(given)\nS3method(as_mapper, numeric)\n",
        "R/a.R": "given <- function() 1\nas_mapper.numeric <- function(x) 1\nlonely <- function() 1\n",
    }
    assert names(write_files(tmp_path, files)) == ["lonely"]


def test_a_function_in_an_exported_function_is_not_exported(tmp_path: Path) -> None:
    text = (
        "export function outer() {\n  function inner() {}\n  function used() {}\n"
        "  return { used, member() {} };\n}\nexport class A { method() {} }\n"
    )
    files = {"package.json": '{"exports": "./a.js"}', "a.js": text}
    assert names(write_files(tmp_path, files)) == ["inner"]
