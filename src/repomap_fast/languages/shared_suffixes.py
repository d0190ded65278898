"""Suffixes that several languages share: the first bytes of a file tell which one it is written in.

A rule is a pattern and the language that it tells, or None where that is a language without a row. The first rule that
applies decides, then the default. No pattern is compiled before a file asks for it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

FIRST_BYTES = 1024
"""How much of a file is looked at: past the licence that most begin with."""


class _Shared(NamedTuple):
    rules: tuple[tuple[bytes, str | None], ...]
    default: str | None


def _at_line(pattern: bytes) -> bytes:
    """Return a pattern that applies at the beginning of a line, after blanks."""
    return rb"(?m)^[ \t]*(?:" + pattern + rb")"


SHARED_SUFFIXES: dict[bytes, _Shared] = {
    b"m": _Shared(
        (
            (
                _at_line(rb"@(?:interface|implementation|protocol|import|class)\b|#[ \t]*(?:import|include|define)\b"),
                "objc",
            ),
            (_at_line(rb"//|/\*"), "objc"),
            (rb"\A\s*\(\*", None),
            (_at_line(rb"%|function\b|classdef\b|clear\b|clc\b|end\s*$|disp\s*\("), "matlab"),
        ),
        None,
    ),
    # Perl, or Prolog.
    b"pl": _Shared(
        (
            (rb"(?m)^(?:#!.*\bperl|[ \t]*(?:use|package|sub|my|our)\b)", "perl"),
            (rb"(?m)^:-|:-[ \t]*$", None),
        ),
        "perl",
    ),
    # Tests of Perl, or of other languages.
    b"t": _Shared(((rb"(?m)\A#!.*\bperl|^[ \t]*(?:use|package|sub|my|our)[ \t]+[\w:$@%({]", "perl"),), None),
    # Puppet, or Pascal.
    b"pp": _Shared(((rb"(?mi)^[ \t]*(?:unit|program|library)[ \t]+[\w.]+[ \t]*;|^[ \t]*\{\$", "pascal"),), "puppet"),
    # F#, or shaders, or Forth, which is not in the table.
    b"fs": _Shared(
        (
            (rb"(?m)^[ \t]*#version\b|^[ \t]*(?:precision|varying|uniform)[ \t]+\w|\bvoid[ \t]+main[ \t]*\(", "glsl"),
            (rb"(?m)^:[ \t]+\S+|^\\[ \t]|\A\s*\(\s+[^*]*--", None),
        ),
        "fsharp",
    ),
    # Verilog, or V and Coq, which are not in the table.
    b"v": _Shared(
        (
            (rb"\b(?:endmodule|input|output|wire|reg|parameter)\b|(?m:^[ \t]*`)", "verilog"),
            (
                _at_line(
                    rb"(?:Require|Theorem|Lemma|Definition|Section|From|Inductive|Fixpoint|Module|Import|Export|Print|Check"
                    rb"|Axiom|Goal|Ltac|Notation|Fail)\b|\A\s*\(\*"
                ),
                None,
            ),
            (rb"(?m)^(?:pub[ \t]+)?fn[ \t]+|^(?:import[ \t]+\w+|module[ \t]+\w+)[ \t]*$", None),
        ),
        "verilog",
    ),
    # Sections and settings, or the Tcl that OpenOCD is set up by.
    b"cfg": _Shared(
        (
            (rb"\A(?:[ \t]*(?:[#;].*)?\r?\n)*[ \t]*\[", "ini"),
            (
                _at_line(rb"(?:source[ \t]+\[find|proc[ \t]+\w+[ \t]+\{|if[ \t]+\{|set[ \t]+_?[A-Z]+[ \t]+[^=\s])"),
                "tcl",
            ),
        ),
        "ini",
    ),
    # A class of LaTeX, or of Apex and Visual Basic, which are not in the table.
    b"cls": _Shared(((rb"\A\s*[\\%]", "latex"),), None),
    # Clojure that Babashka runs, or recipes of BitBake, which is not in the table.
    b"bb": _Shared(((rb"\A(?:#![^\n]*\n)?(?:\s|;[^\n]*\n)*\(", "clojure"),), None),
    # Common Lisp, or kernels of OpenCL, which is not in the table.
    b"cl": _Shared(((rb"\A(?:#![^\n]*\n)?\s*(?:[(;]|#[+|-])", "commonlisp"),), None),
    # D, or what make is told of files that depend on others.
    b"d": _Shared(((rb"(?m)\A\s*[^\s:;(){}]+(?:[ \t]+[^\s:;(){}]+)*[ \t]*:(?:[ \t]|\\?$)", None),), "d"),
}

_HEADER_RULES = (
    (_at_line(rb"@(?:interface|protocol|class)\b|#[ \t]*import\b"), "objc"),
    (
        _at_line(
            rb"#[ \t]*include[ \t]*<[a-z_]+>|(?:inline[ \t]+)?namespace[ \t]*(?:[A-Za-z_][\w:]*[ \t]*)?(?:\{|$)"
            rb"|template[ \t]*<|class[ \t]+\w+[^;]*$|(?:public|private|protected)[ \t]*:|using[ \t]+[\w:]+"
        ),
        "cpp",
    ),
)

_QT = rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE TS|TS)\b"


def is_translation(start: bytes) -> bool:
    """Return whether a file that ends in ``.ts`` is a translation of Qt, in XML, and no TypeScript."""
    return bool(re.match(_QT, start))


def told_by_headers(starts: list[bytes]) -> str:
    """Return the name of the language of headers that begin so, in a tree without a source: what a third of them tell.

    A header of C may have a part for C++, and one of C++ may have macros alone.
    """
    found = [next((name for pattern, name in _HEADER_RULES if re.search(pattern, start)), "c") for start in starts]
    told = max(("objc", "cpp"), key=found.count)
    return told if 3 * found.count(told) >= len(found) else "c"


def told_by_contents(suffix: bytes, start: bytes) -> str | None:
    """Return the name of the language of a file that begins with ``start``; None if it is of none."""
    shared = SHARED_SUFFIXES.get(suffix) or SHARED_SUFFIXES[suffix.lower()]
    return next((language for pattern, language in shared.rules if re.search(pattern, start)), shared.default)
