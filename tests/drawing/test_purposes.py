"""purposes: the sentence that says what a package is for, in each place that it may stand."""

from __future__ import annotations

import time

import pytest

from repomap_fast.drawing.purposes import HEAD_BYTES, namesakes, of_code, of_manifest, of_readme


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("__init__.py", '# coding: utf-8\n"""Runs\n   tasks.  And more."""\nimport x\n', "Runs tasks."),
        ("__init__.py", 'import x\n"""no docstring"""\n', ""),
        ("__init__.py", '"""\nTitle\n=====\n\nWhat it **does** for :class:`x`.\n"""\n', "What it does for x."),
        ("doc.go", "// Copyright 2020.\n\n// Package a does\n// things. More.\npackage a\n", "Package a does things."),
        ("doc.go", "/*\nPackage a is one.\n\nMore.\n*/\npackage a\n", "Package a is one."),
        ("a.go", "// Copyright 2020.\n\npackage a\n// Package b is none.\n", ""),
        ("lib.rs", "// license\n#![no_std]\n//! Finds `x` in [y](z).\n//!\n//! More.\nfn a() {}\n", "Finds x in y."),
        ("main.rs", "/*!\nThe entry point.\n*/\nuse std;\n", "The entry point."),
        ("lib.rs", "/// Of a function.\nfn a() {}\n", ""),
        ("package-info.java", "/* Licensed */\n/**\n * Reads <p>{@code x}.\n */\n@A\npackage a.b;\n", "Reads x."),
        ("package-info.java", "/** Reads x. */ @A(b = 1) @C package a.b;\n", "Reads x."),
        ("package-info.java", "/** One. */\nclass A {}\n/** Two. */\npackage a;\n", "Two."),
        ("doc.go", "/* One. */\nimport a\n/* Two. */\npackage a\n", "Two."),
        ("index.ts", "/** Public calls. */\nexport * from './a';\n", "Public calls."),
        ("index.js", "// Copyright me. All that.\nmodule.exports = 1\n", ""),
        ("ring.h", "#pragma once\n", ""),
    ],
)
def test_code_says_what_its_package_is_for(name: str, text: str, expected: str) -> None:
    assert of_code(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[tool.x]\ndescription = "no"\n[project]\ndescription = "A tool. Fast."\n', "A tool."),
        ("Cargo.toml", "[package]\nname = 'a'\ndescription = 'A crate'\n", "A crate"),
        ("package.json", '{"scripts": {"description": "no"}, "description": "A module"}', "A module"),
        ("package.json", '{"description": 3}', ""),
        ("package.json", "[" * 100_000, ""),
        ("composer.json", '{"description"', ""),
    ],
)
def test_a_manifest_describes_its_package(name: str, text: str, expected: str) -> None:
    assert of_manifest(name, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Name\n\n[![ci](a)](b)\n\nName is a [tool](x) for\n_this_. Not that.\n", "Name is a tool for this."),
        ("Name\n====\n\n.. image:: a\n   :alt: b\n\n|ci|\n\nIt does `a <b>`_ things.\n", "It does a things."),
        (".. image:: a\n\nDonations\n=========\n\nCollective\n----------\n\nGive us money.\n", ""),
        ("# Name\n\n```sh\nrun it now\n```\n\n## What is it?\n\nA server.\n", "A server."),
        ("# Plug\n\nPlug is:\n\n1. A list\n\nIt serves.\n", "It serves."),
        ("Core API -----------------------------------------\nmore\n", "Core API"),
        ("<p align=center>\n\nName (a *b*) is snake_case.\n", "Name (a b) is snake_case."),
        ("# Name\n\n    name = run()\n\n\tname.stop()\n\nIt runs.\n", "It runs."),
        ("===\n\nTo do:\n\n  1. Set it, here\n\n       set = 1\n\n     or there.\n\n===\n", ""),
        ("# Name\n\n<br>\n<p>Name helps you <b>build</b>.</p>\n\nAsk for help.\n", "Name helps you build."),
        ("# Bolt\n\nA fork of [Ann's][ann] [Bolt][], _**fast**_ and small.\n", "A fork of Ann's Bolt, fast and small."),
        ("= Name\n:toc: left\n\nimage:a.svg[]\n\nName is a server. Fast.\n", "Name is a server."),
        ("#+TITLE: Name\n\n* Name\n\nName is a server. Fast.\n", "Name is a server."),
        ("h1. Name\n\nName is a server. Fast.\n", "Name is a server."),
        ("", ""),
    ],
)
def test_a_readme_says_it_before_the_second_heading(text: str, expected: str) -> None:
    assert of_readme(text) == expected


def test_files_named_for_their_folder_speak_for_it() -> None:
    assert "ring.h" in namesakes("ring")
    assert namesakes("") == []


_BEFORE = ("", "/** x */ ", "/** x */\n", "{@a", "`a", "[](")
_PIECES = (
    "<br ",
    "<br>\n",
    "[a][",
    "_*",
    "@a ",
    "@a  \n",
    " ",
    "/*",
    "/*\n",
    "//\n",
    "//! \n",
    "/** */",
    "/** x */ @a ",
    "[",
    "# \n",
    "`a <",
    "{@a ",
)
_MORE_PIECES = ("===\n", "'", "a\n\n", "<a", "//a\n", "\n", "#[a]\n")


@pytest.mark.parametrize("before", _BEFORE)
@pytest.mark.parametrize("piece", [*_PIECES, *_MORE_PIECES])
def test_odd_text_takes_little_time(before: str, piece: str) -> None:
    text = (before + piece * HEAD_BYTES)[:HEAD_BYTES]
    start = time.thread_time()
    for name in ("a.py", "a.go", "a.rs", "a.java", "a.ts"):
        of_code(name, text)
    of_readme(text)
    assert time.thread_time() - start < 0.5
