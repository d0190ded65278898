"""The language of each file, by its name, its neighbours or its first line."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repomap_fast.contents import FolderContents
from repomap_fast.languages import _identify
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.shared_suffixes import SHARED_SUFFIXES
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tables import NO_LANGUAGE, StringTable


def names(root: Path, *paths: str) -> list[str | None]:
    rows = identify_languages(FolderContents(root), StringTable.from_strings([os.fsencode(path) for path in paths]))
    assert rows.dtype == np.uint16
    return [None if row == NO_LANGUAGE else LANGUAGES[row].name for row in rows.tolist()]


def name_of_script(root: Path, first_line: bytes) -> str | None:
    (root / "script").write_bytes(first_line + b"\nthe rest\n")
    return names(root, "script")[0]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("src/a.py", "python"),
        ("a.pyi", "python"),
        ("a.PY", "python"),
        ("a.c", "c"),
        ("a.C", "cpp"),
        ("a.H", "cpp"),
        ("a.hpp", "cpp"),
        ("a.cu", "cpp"),
        ("sketch.ino", "cpp"),
        ("a.cs", "csharp"),
        ("a.min.js", "javascript"),
        ("a.mjs", "javascript"),
        ("a.jsx", "javascript"),
        ("types.d.ts", "typescript"),
        ("a.mts", "typescript"),
        ("a.tsx", "tsx"),
        ("build.gradle.kts", "kotlin"),
        ("build.sbt", "scala"),
        ("a.phtml", "php"),
        ("Rakefile", "ruby"),
        ("deep/er/Gemfile", "ruby"),
        ("x.gemspec", "ruby"),
        ("SConstruct", "python"),
        ("PKGBUILD", "bash"),
        (".bashrc", "bash"),
        ("test.bats", "bash"),
        ("Dockerfile", "dockerfile"),
        ("app/Dockerfile.dev", "dockerfile"),
        ("Dockerfile.d/a.py", "python"),
        ("Dockerfile.d/a.png", None),
        ("myDockerfile.dev", None),
        ("Dockerfile.md", "markdown"),
        ("GNUmakefile", "make"),
        ("Makefile.am", "make"),
        ("src/CMakeLists.txt", "cmake"),
        ("notes.txt", None),
        ("package.json", "json"),
        ("data.json", None),
        ("a.mm", "objc"),
        ("a.rs", "rust"),
        ("a.swift", "swift"),
        ("a.lua", "lua"),
        ("a.go", "go"),
        ("A.java", "java"),
        ("a.inc", None),
        ("a.zsh", None),
        ("config.h.in", None),
        ("a.", None),
        ("folder.py/README", None),
        ("a.py/file.txt", None),
        ("gemfile", None),
        ("Makefile", "make"),
    ],
)
def test_a_name_tells(tmp_path: Path, path: str, name: str | None) -> None:
    assert names(tmp_path, path) == [name]


def test_a_name_need_not_be_utf8(tmp_path: Path) -> None:
    rows = identify_languages(FolderContents(tmp_path), StringTable.from_strings([b"\xff\xfe/\xff.py", b"\xff"]))
    assert rows.tolist() == [find_language("python"), NO_LANGUAGE]


def test_no_files_no_rows(tmp_path: Path) -> None:
    assert identify_languages(FolderContents(tmp_path), StringTable.from_strings([])).tolist() == []


class TestHeaders:
    def test_goes_with_its_folder(self, tmp_path: Path) -> None:
        found = names(tmp_path, "c/a.c", "c/a.h", "cc/a.cc", "cc/a.h", "hpp/a.hpp", "hpp/b.h", "a.h", "c/deep/b.h")
        # Two C++ files against one of C settle the headers that have no neighbour.
        assert found == ["c", "c", "cpp", "cpp", "cpp", "cpp", "cpp", "cpp"]

    def test_goes_with_the_scan_where_its_folder_has_both(self, tmp_path: Path) -> None:
        assert names(tmp_path, "x/a.c", "x/b.cc", "x/a.h", "y/c.c") == ["c", "cpp", "c", "c"]
        assert names(tmp_path, "x/a.c", "x/b.cc", "x/a.h", "y/c.cc") == ["c", "cpp", "cpp", "cpp"]

    def test_is_c_when_nothing_tells(self, tmp_path: Path) -> None:
        assert names(tmp_path, "a.h", "include/b.h") == ["c", "c"]
        assert names(tmp_path, "x/a.c", "y/a.cc", "z/a.h") == ["c", "cpp", "c"]

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (b"// L\n#include <vector>\nint f();\n", "cpp"),
            (b"#pragma once\nnamespace a {\nint b();\n}\n", "cpp"),
            (b"template <typename T>\nT f(T a);\n", "cpp"),
            (b"class A : public B\n{\n};\n", "cpp"),
            (b"@interface A : NSObject\n@end\n", "objc"),
            (b"#include <stdio.h>\nstruct a;\nint class_of(struct a *);\n", "c"),
            (b"/* using a class; */\nint f(int template_size);\n", "c"),
        ],
    )
    def test_tells_by_itself_where_there_is_no_source(self, text: bytes, name: str, tmp_path: Path) -> None:
        (tmp_path / "include").mkdir()
        for path in ("a.h", "include/b.h"):
            (tmp_path / path).write_bytes(text)
        assert names(tmp_path, "a.h", "include/b.h", "c.py") == [name, name, "python"]

    def test_tables_that_sources_include_go_with_these(self, tmp_path: Path) -> None:
        assert names(tmp_path, "a.cc", "table.def", "deep/b.h") == ["cpp", "cpp", "cpp"]
        assert names(tmp_path, "a.c", "table.def") == ["c", "c"]
        assert names(tmp_path, "table.def") == ["c"]

    def test_tables_beside_headers_are_no_source(self, tmp_path: Path) -> None:
        for path in ("a.h", "b.h"):
            (tmp_path / path).write_bytes(b"namespace a {\n}\n")
        (tmp_path / "table.def").write_bytes(b"OPCODE(add, 1)\n")
        assert names(tmp_path, "a.h", "b.h", "table.def") == ["cpp", "cpp", "cpp"]

    def test_of_many_without_a_source_a_third_tells(self, tmp_path: Path) -> None:
        paths = [f"{i:02}.h" for i in range(40)]
        for i, path in enumerate(paths):
            (tmp_path / path).write_bytes(b"namespace a {}\n" if i < 4 else b"int b;\n")
        assert set(names(tmp_path, *paths)) == {"c"}
        for i, path in enumerate(paths):
            (tmp_path / path).write_bytes(b"int b;\n" if i % 2 else b"namespace a {}\n")
        assert set(names(tmp_path, *paths)) == {"cpp"}

    def test_does_not_depend_on_the_order(self, tmp_path: Path) -> None:
        paths = ["a.h", "x/a.h", "x/a.cc", "y/a.c", "y/a.h", "z/a.cc"]
        forwards = dict(zip(paths, names(tmp_path, *paths), strict=True))
        backwards = dict(zip(reversed(paths), names(tmp_path, *reversed(paths)), strict=True))
        assert forwards == backwards


class TestFirstLine:
    @pytest.mark.parametrize(
        ("first_line", "name"),
        [
            (b"#!/bin/sh", "bash"),
            (b"#! /bin/bash -e", "bash"),
            (b"#!/usr/bin/python3", "python"),
            (b"#!/usr/local/bin/python3.11 -I", "python"),
            (b"#!/usr/bin/env python", "python"),
            (b"#!/usr/bin/env -S python3 -u", "python"),
            (b"#!/usr/bin/env -Sruby --yjit", "ruby"),
            (b"#!/usr/bin/env --split-string=/usr/bin/ruby -w", "ruby"),
            (b"#!/usr/bin/env -i -u HOME PATH=/bin node", "javascript"),
            (b"#!/usr/bin/env -S uv run --script", "python"),
            (b"#!/usr/bin/env deno run", "typescript"),
            (b"#!/usr/bin/lua5.4", "lua"),
            (b"#!/usr/bin/php8.2\r", "php"),
            (b"#!/bin/bash-5.1", "bash"),
            (b"#!/usr/bin/perl", "perl"),
            (b"#!/usr/bin/awk -f", None),
            (b"#!/usr/bin/env", None),
            (b"#!/usr/bin/env -u", None),
            (b"#!", None),
            (b"", None),
            (b"\xff#!/bin/sh", None),
            (b"# /bin/sh", None),
            (b"#!/usr/bin/\xff", None),
            (b"#!/bin/" + b"x" * 10_000, None),
        ],
    )
    def test_tells_of_a_file_without_suffix(self, tmp_path: Path, first_line: bytes, name: str | None) -> None:
        assert name_of_script(tmp_path, first_line) == name

    def test_is_not_asked_of_a_file_with_a_suffix(self, tmp_path: Path) -> None:
        (tmp_path / "data.txt").write_text("#!/bin/sh\n")
        assert names(tmp_path, "data.txt") == [None]

    def test_what_cannot_be_read_is_unknown(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "script").write_text("#!/bin/sh\n")
        (tmp_path / "link").symlink_to("script")
        assert names(tmp_path, "folder", "gone", "link", "script/below") == [None, None, None, None]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_pipe_does_not_hold_it_up(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert names(tmp_path, "pipe") == [None]


@pytest.mark.parametrize(
    ("path", "start", "name"),
    [
        ("a.m", b"#import <A.h>\n", "objc"),
        ("a.m", b"\n\n@implementation A\n", "objc"),
        ("a.M", b"// a comment\n", "objc"),
        ("a.m", b"/* a\n comment */\n", "objc"),
        ("a.m", b"(* Mathematica *)\n", None),
        ("a.m", b"", None),
    ],
)
def test_the_beginning_of_a_file_tells_what_its_suffix_does_not(
    tmp_path: Path, path: str, start: bytes, name: str | None
) -> None:
    (tmp_path / path).write_bytes(start)
    assert names(tmp_path, path) == [name]


@pytest.mark.parametrize("name", ["app_de.ts", "de.ts", "app-ast.ts", "i18n/app_de_AT.ts"])
def test_a_translation_of_qt_is_no_typescript(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text('<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="de">')
    assert names(tmp_path, name) == [None]
    path.write_text("export const de = { hello: 'Hallo' };\n")
    assert names(tmp_path, name, "_.ts", "a.ts") == ["typescript"] * 3


def test_a_header_goes_with_the_objective_c_beside_it(tmp_path: Path) -> None:
    for folder in ("app", "lib"):
        (tmp_path / folder).mkdir()
    (tmp_path / "app" / "a.m").write_bytes(b"#import <A.h>\n")
    found = names(tmp_path, "app/a.m", "app/a.h", "lib/b.c", "lib/b.h", "lib/c.c", "other/d.h")
    assert found == ["objc", "objc", "c", "c", "c", "c"]


def told_by_its_name(name: str) -> int:
    """Return what the table says of a file's name; what only its neighbours or its contents tell is C, or nothing."""
    for row, language in enumerate(LANGUAGES):
        if name in language.file_names:
            return row
    for suffix in ("." + name.rpartition(".")[2], "." + name.rpartition(".")[2].lower()) if "." in name else ():
        for row, language in enumerate(LANGUAGES):
            if suffix in language.suffixes:
                return NO_LANGUAGE if suffix[1:].encode() in SHARED_SUFFIXES else row
    for row, language in enumerate(LANGUAGES):
        if name.startswith(language.beginnings or ("/",)):
            return row
    return NO_LANGUAGE


KNOWN_NAMES = [
    name for language in LANGUAGES for name in (*language.file_names, *language.suffixes, *language.beginnings)
]
known_names = st.sampled_from([*KNOWN_NAMES, "Makefile", ".", "c", "py", "bashrc", ".d"])
made_names = st.lists(known_names, min_size=1, max_size=3).map("".join) | known_names.map(str.upper)


@given(st.lists(made_names, max_size=2), made_names)
@example(["rc.d"], "Rakefile")
@example(["rc.d"], ".bashrc")
def test_a_name_alone_tells_whatever_the_folders_are_called(folders: list[str], name: str) -> None:
    paths = StringTable.from_strings(["/".join([*folders, name]).encode()])
    assert identify_languages(FolderContents(Path("nowhere")), paths).tolist() == [told_by_its_name(name)]


split_names = st.lists(st.sampled_from(["a", "b.c", ".c", "c", "a.b.c", "x.", ".", "..", ""]), min_size=1, max_size=3)


@given(st.lists(split_names.map("/".join).map(str.encode), max_size=12), st.integers(0, 2**64 - 1))
def test_paths_are_taken_apart_by_folder_and_ending(paths: list[bytes], seed: int) -> None:
    table = StringTable.from_strings(paths)
    folder_ids, n_folders, ending_ids, offsets, data = _identify.split_paths(table.offsets, table.data, seed)
    folders = [path[: path.rfind(b"/") + 1] for path in paths]
    names = [path[path.rfind(b"/") + 1 :] for path in paths]
    endings = StringTable(offsets, data)
    assert [endings[i] for i in ending_ids.tolist()] == [name[max(name.rfind(b"."), 0) :] for name in names]
    assert len(set(endings)) == len(endings)
    assert n_folders == len(set(folders))
    assert len(set(zip(folders, folder_ids.tolist(), strict=True))) == n_folders
    assert all(folder_id < n_folders for folder_id in folder_ids.tolist())


@pytest.mark.parametrize("offsets", [[], [1, 0], [0, 4]])
def test_offsets_that_do_not_fit_are_refused(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="offsets"):
        _identify.split_paths(np.array(offsets, np.uint64), np.zeros(3, np.uint8), 0)
