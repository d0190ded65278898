"""Suffixes of several languages: the table is sound, and what a file begins with decides."""

from __future__ import annotations

import pytest

from repomap_fast.languages.shared_suffixes import FIRST_BYTES, SHARED_SUFFIXES, told_by_contents
from repomap_fast.languages.table import LANGUAGES, find_language


def test_a_shared_suffix_stands_in_the_row_of_a_language_that_has_it() -> None:
    for suffix, shared in SHARED_SUFFIXES.items():
        told = {name for _, name in shared.rules} | {shared.default}
        assert {find_language(name) for name in told if name is not None}
        assert any(f".{suffix.decode()}" in row.suffixes for row in LANGUAGES), suffix


@pytest.mark.parametrize("suffix", SHARED_SUFFIXES)
@pytest.mark.parametrize(
    "filler", [b"", b"\0", b" ", b"\n", b"a", b"/", b"#", b"@", b"\xff", b"(*", b"/*\n", b";", b";\n"]
)
def test_any_beginning_is_looked_at_in_little_time(suffix: bytes, filler: bytes) -> None:
    told = told_by_contents(suffix, (filler * FIRST_BYTES)[:FIRST_BYTES])
    assert told is None or find_language(told) >= 0


@pytest.mark.parametrize(
    ("suffix", "start", "language"),
    [
        ("m", "function r = f(x)\n  r = x;\nend\n", "matlab"),
        ("m", "% A script.\nx = 1;\n", "matlab"),
        ("m", "classdef Shop < handle\n", "matlab"),
        ("m", "#import <Foundation/Foundation.h>\n", "objc"),
        ("pl", "use strict;\nsub f { 1 }\n", "perl"),
        ("pl", ":- module(shop, [total/2]).\ntotal(X, Y) :-\n", None),
        ("t", "#!/usr/bin/perl\nuse Test::More;\n", "perl"),
        ("t", "Just a text about the use of tests.\n", None),
        ("pp", "# A class.\nclass shop ($name) {\n", "puppet"),
        ("pp", "{$mode objfpc}\nunit Shop;\n", "pascal"),
        ("v", "`timescale 1ns/1ps\nmodule counter (input clk);\n", "verilog"),
        ("v", "module main\n\nfn main() {\n", None),
        ("v", "Require Import List.\nTheorem a : b.\n", None),
        ("v", "Inductive a : Set := b.\n", None),
        ("v", "Import Foo.\nFail Check x.\n", None),
        ("fs", "module Shop\nlet f x = x\n", "fsharp"),
        ("fs", "#version 330\nout vec4 c;\n", "glsl"),
        ("fs", "precision mediump float;\nvoid main() {}\n", "glsl"),
        ("fs", "\\\\ words\n: square dup * ;\n", None),
        ("cfg", "[metadata]\nname = shop\n", "ini"),
        ("cfg", "# A comment.\nroot = true\nset = 1\n", "ini"),
        ("cfg", "# A board.\nsource [find interface/jlink.cfg]\nset _CHIPNAME riscv\n", "tcl"),
        ("cls", "\\NeedsTeXFormat{LaTeX2e}\n", "latex"),
        ("cls", "public class Shop {\n", None),
        ("bb", "#!/usr/bin/env bb\n; What is sold.\n(ns shop)\n", "clojure"),
        ("bb", 'SUMMARY = "A shop"\ninherit autotools\n', None),
        ("cl", ";;; What is sold.\n(defun total () 1)\n", "commonlisp"),
        ("cl", "#| What is sold. |#\n(in-package :shop)\n", "commonlisp"),
        ("cl", "__kernel void total(__global int *a) {}\n", None),
        ("cl", "#define A (1)\n/* (a) */\nkernel void total() {}\n", None),
        ("d", "module shop.stock;\nimport std.stdio;\n", "d"),
        ("d", "build/a.o: src/a.c \\\n  src/a.h\n", None),
    ],
)
def test_what_a_file_begins_with_tells_its_language(suffix: str, start: str, language: str | None) -> None:
    assert told_by_contents(suffix.encode(), start.encode()) == language
