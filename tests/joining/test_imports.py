"""What files import, as it is written: from the syntax tree to the table of a scan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference.blocks import Block, Import, write_block
from repomap_fast import Index
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.imports import (
    IMPORT_ALL,
    IMPORT_EXPORTED,
    IMPORT_LOCAL_PATH,
    IMPORT_MODULE,
    IMPORT_NAME,
    IMPORT_PACKAGE,
    IMPORT_PATH,
    IMPORT_STATIC,
    FileImports,
)
from repomap_fast.joining.records import RecordColumns, RecordWriter
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tagging.block import check_block

M, N, A, PACKAGE, P, L = IMPORT_MODULE, IMPORT_NAME, IMPORT_ALL, IMPORT_PACKAGE, IMPORT_PATH, IMPORT_LOCAL_PATH
S, E = IMPORT_STATIC, IMPORT_EXPORTED

CASES: dict[str, tuple[str, str, list[tuple[int, int, str, str, str]]]] = {
    "python": (
        "a.py",
        "import a.b as c, d\nfrom . import x\nfrom .. p import (y as z,\n    w)\nfrom m import *\n"
        "from __future__ import annotations\ndef f():\n    import late\n",
        [
            (1, M, "a.b", "", "c"),
            (1, M, "d", "", ""),
            (2, N, ".", "x", ""),
            (3, N, "..p", "y", "z"),
            (4, N, "..p", "w", ""),
            (5, A, "m", "", ""),
            (8, M, "late", "", ""),
        ],
    ),
    "typescript": (
        "a.ts",
        "import d, {a as b, type T} from './m';\nimport * as ns from \"x\";\nimport 'side';\n"
        "export {q as r} from 'y';\nexport * from 'z';\nexport * as k from 'w';\nimport fs = require('fs');\n"
        "const p = require('path');\nawait import('./lazy');\nexport {local};\nrequire(name);\nrequired('no');\n"
        "require.resolve('no');\nimport(`./${no}`);\n",
        [
            (1, N, "./m", "default", "d"),
            (1, N, "./m", "a", "b"),
            (1, N, "./m", "T", ""),
            (2, M, "x", "", "ns"),
            (3, M, "side", "", ""),
            (4, N | E, "y", "q", "r"),
            (5, A | E, "z", "", ""),
            (6, M | E, "w", "", "k"),
            (7, M, "fs", "", "fs"),
            (8, M, "path", "", ""),
            (9, M, "./lazy", "", ""),
        ],
    ),
    "jsx": ("a.jsx", "import React from 'react';\n", [(1, N, "react", "default", "React")]),
    "tsx": ("a.tsx", "export { Card } from './card';\n", [(1, N | E, "./card", "Card", "")]),
    "go": (
        "a.go",
        'package main\n\nimport (\n\tf "fmt"\n\t. "a/b"\n\t_ `c`\n)\nimport "os"\n',
        [
            (1, PACKAGE, "main", "", ""),
            (4, M, "fmt", "", "f"),
            (5, A, "a/b", "", ""),
            (6, M, "c", "", "_"),
            (8, M, "os", "", ""),
        ],
    ),
    "java": (
        "A.java",
        "package a.b;\nimport a.b.C;\nimport static a.b.C.m;\nimport a.b.*;\nimport static a.C.*;\n",
        [
            (1, PACKAGE, "a.b", "", ""),
            (2, M, "a.b.C", "", ""),
            (3, M | S, "a.b.C.m", "", ""),
            (4, A, "a.b", "", ""),
            (5, A | S, "a.C", "", ""),
        ],
    ),
    "kotlin": (
        "a.kt",
        "package a.b\nimport a.b.C\nimport a.b.D as E\nimport a.*\n",
        [(1, PACKAGE, "a.b", "", ""), (2, M, "a.b.C", "", ""), (3, M, "a.b.D", "", "E"), (4, A, "a", "", "")],
    ),
    "csharp": (
        "a.cs",
        "using System;\nusing A = X.Y;\nusing static X.Z;\nglobal using G;\n"
        "namespace N.M { using Q; namespace R { } }\nnamespace O { }\n",
        [
            (1, A, "System", "", ""),
            (2, M, "X.Y", "", "A"),
            (3, A | S, "X.Z", "", ""),
            (4, A, "G", "", ""),
            (5, PACKAGE, "N.M", "", ""),
            (5, A, "Q", "", ""),
            (5, PACKAGE, "N.M.R", "", ""),
            (6, PACKAGE, "O", "", ""),
        ],
    ),
    "csharp of a whole file": ("a.cs", "namespace F.G;\n", [(1, PACKAGE, "F.G", "", "")]),
    "c": (
        "a.c",
        '#include "a/b.h"\n#include <stdio.h>\n#include MACRO\n#ifdef X\n#include <sys/x.h>\n#endif\n',
        [(1, L, "a/b.h", "", ""), (2, P, "stdio.h", "", ""), (5, P, "sys/x.h", "", "")],
    ),
    "cpp": ("a.cpp", "#include <vector>\nimport std;\n", [(1, P, "vector", "", ""), (2, M, "std", "", "")]),
    "rust": (
        "lib.rs",
        'use a::b::{self, c as d, e::*, f::{g, h::i}};\npub use crate::x::Y;\npub mod m;\n#[path = "o.rs"]\nmod n;\n'
        "mod inl {\n    use super::z;\n    use self::w;\n    use super::super::up;\n    mod q;\n}\nuse std::io;\n"
        "use {p::r, s};\nuse ::t::u;\nuse v::*;\n",
        [
            (1, M, "a::b", "", ""),
            (1, N, "a::b", "c", "d"),
            (1, A, "a::b", "e", ""),
            (1, N, "a::b::f", "g", ""),
            (1, N, "a::b::f", "h::i", ""),
            (2, N | E, "crate::x", "Y", ""),
            (3, M | E, "self::m", "", ""),
            (5, L, "o.rs", "", "n"),
            (7, N, "self", "z", ""),
            (8, N, "self::inl", "w", ""),
            (9, N, "super", "up", ""),
            (10, M, "self::inl::q", "", ""),
            (12, N, "std", "io", ""),
            (13, N, "p", "r", ""),
            (13, M, "s", "", ""),
            (14, N, "t", "u", ""),
            (15, A, "v", "", ""),
        ],
    ),
    "php": (
        "a.php",
        "<?php\nnamespace A\\B;\nuse X\\Y;\nuse X\\Z as W, Q\\R;\nuse G\\{C, D\\E as F};\nuse function k\\f;\n"
        "use \\L\\M;\nrequire 'x.php';\nrequire_once __DIR__ . '/y.php';\ninclude('z.php');\nrequire $no;\n"
        "class C { use T; }\n",
        [
            (2, PACKAGE, "A\\B", "", ""),
            (3, M, "X\\Y", "", ""),
            (4, M, "X\\Z", "", "W"),
            (4, M, "Q\\R", "", ""),
            (5, N, "G", "C", ""),
            (5, N, "G", "D\\E", "F"),
            (6, M | S, "k\\f", "", ""),
            (7, M, "L\\M", "", ""),
            (8, P, "x.php", "", ""),
            (9, L, "y.php", "", ""),
            (10, P, "z.php", "", ""),
        ],
    ),
    "ruby": (
        "a.rb",
        "require 'a/b'\nrequire_relative '../c'\nload \"d.rb\"\nautoload :Foo, 'foo/bar'\nrequire File.join(x)\n"
        'required \'no\'\nrequire("q")\nrequire "#{no}"\n',
        [
            (1, P, "a/b", "", ""),
            (2, L, "../c", "", ""),
            (3, P, "d.rb", "", ""),
            (4, P, "foo/bar", "Foo", ""),
            (7, P, "q", "", ""),
        ],
    ),
}


def imports_of(root: Path) -> list[tuple[int, int, str, str, str]]:
    table = repomap_fast.scan(root, cache=False).imports.table()
    columns = ([text.decode() for text in column] for column in (table.modules, table.names, table.aliases))
    return list(zip((table.rows + 1).tolist(), table.kinds.tolist(), *columns, strict=True))


@pytest.mark.parametrize("case", CASES)
def test_imports_are_found_as_they_are_written(case: str, tmp_path: Path) -> None:
    name, source, expected = CASES[case]
    (tmp_path / name).write_text(source)
    assert imports_of(tmp_path) == expected


def test_what_is_longer_than_any_path_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"import {'a' * 1025}\nimport {'b' * 1024}\n")
    assert [module for _, _, module, _, _ in imports_of(tmp_path)] == ["b" * 1024]


def test_rust_lists_in_lists_have_an_end(tmp_path: Path) -> None:
    (tmp_path / "a.rs").write_text("use " + "a::{" * 500 + "b" + "}" * 500 + ";\nuse c;\n")
    assert [module for _, _, module, _, _ in imports_of(tmp_path)] == ["c"]


def test_a_file_of_many_imports_takes_time_in_line_with_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from m import (" + ", ".join(f"n{i}" for i in range(20_000)) + ")\n")
    found = imports_of(tmp_path)
    assert (len(found), found[-1][3]) == (20_000, "n19999")


def test_the_imports_after_edits_are_those_of_a_fresh_scan(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for i in range(8):
        (root / f"m{i}.py").write_text(f"import m{i + 1}\nimport os\n")
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        for edit in (
            lambda: (root / "m3.py").write_text("from m5 import x\n"),
            lambda: (root / "m1.py").unlink(),
            lambda: (root / "m00.py").write_text("import m2 as n\n"),
            lambda: (root / "m6.py").rename(root / "a6.py"),
        ):
            edit()
            index.refresh()
            kept, fresh = index.result.imports.table(), repomap_fast.scan(root, cache=False).imports.table()
            for column in ("file_ids", "rows", "kinds"):
                assert np.array_equal(getattr(kept, column), getattr(fresh, column))
            assert (kept.modules, kept.names, kept.aliases) == (fresh.modules, fresh.names, fresh.aliases)


texts = st.binary(max_size=200)
records = st.tuples(
    st.sampled_from([M, N, A, PACKAGE, P, L, M | S, A | E | S]), st.integers(0, 10**6), texts, texts, texts
)


@given(st.lists(st.lists(records, max_size=5), max_size=4))
def test_records_are_read_as_they_were_written(files: list[list[Import]]) -> None:
    ordered = [sorted(of_file, key=lambda one: one[1]) for of_file in files]
    out = MemoryColumns()
    writer = RecordWriter(out, "import")
    for of_file in ordered:
        block = write_block(bytes(32), Block(1, [], [], imports=of_file))
        assert check_block(bytes(32), block, 1) == (0, 0, 1)
        writer.add([block, b""])
    table = FileImports.of(RecordColumns.of(out, "import")).table()
    columns = (table.kinds.tolist(), table.rows.tolist(), table.modules, table.names, table.aliases)
    assert list(zip(*columns, strict=True)) == [one for of_file in ordered for one in of_file]
    assert table.file_ids.tolist() == [2 * i for i, of_file in enumerate(ordered) for _ in of_file]


def test_a_block_whose_imports_are_damaged_is_refused() -> None:
    for kind in (6, 7, 8, 128):
        block = write_block(bytes(32), Block(1, [], [], imports=[(kind, 0, b"m", b"", b"")]))
        assert check_block(bytes(32), block, 1) is None


@pytest.mark.parametrize(
    ("offsets", "records"), [([0, 3], [0, 0, 9]), ([0, 9], [0, 0, 0]), ([1, 3], [0, 0, 0]), ([0, 3], [255, 0, 0])]
)
def test_damaged_records_are_found(offsets: list[int], records: list[int]) -> None:
    out = MemoryColumns()
    out.append("import_offsets", np.array(offsets, np.uint64))
    out.append("import_records", np.array(records, np.uint8))
    with pytest.raises(IndexDamagedError):
        FileImports.of(RecordColumns.of(out, "import")).table()


def test_the_imports_of_one_file_are_read_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nfrom b import c\n")
    (tmp_path / "b.py").write_text("x = 1\n")
    imports = repomap_fast.scan(tmp_path, cache=False).imports
    assert imports.of_file(0).modules == [b"os", b"b"]
    assert [len(imports.of_file(file)) for file in (1, 2, -1)] == [0, 0, 0]
