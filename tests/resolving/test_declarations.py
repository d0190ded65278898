"""Which definitions a file of C means, by what it includes."""

from __future__ import annotations

from pathlib import Path

import repomap_fast
from repomap_fast.resolving.declarations import Declarations
from repomap_fast.resolving.file_sources import FileSources
from support.import_trees import write_files

FILES = {
    "a.h": '#include "b.h"\nint f(void);\nextern int n;\n',
    "b.h": '#include "a.h"\nstruct s { int x; };\nstatic inline int g(void) { return 1; }\n',
    "a.c": '#include "a.h"\nint n;\nint f(void) { return g(); }\n',
    "alone.c": "int h;\n",
}
A_C, A_H, ALONE_C, B_H = range(4)


def sources_of(root: Path) -> FileSources:
    return FileSources(repomap_fast.scan(write_files(root, FILES), cache=False))


def test_included_files_come_with_the_steps_to_them(tmp_path: Path) -> None:
    declarations = Declarations(sources_of(tmp_path))
    assert declarations.seen(A_C) == {A_C: 0, A_H: 1, B_H: 2}
    assert declarations.seen(ALONE_C) == {ALONE_C: 0}
    assert [declarations.is_header(file) for file in (A_C, A_H, ALONE_C, B_H)] == [False, True, False, True]


def test_a_declaration_is_none_where_something_is_defined(tmp_path: Path) -> None:
    sources = sources_of(tmp_path)
    declarations = Declarations(sources)
    declared = {
        (file, sources.scopes(file).names[number].decode())
        for file in range(4)
        for binding, number in enumerate(sources.scopes(file).binding_names)
        if declarations.is_declaration(file, binding)
    }
    assert declared == {(A_H, "f"), (A_H, "n")}


def test_what_includes_a_file_is_known(tmp_path: Path) -> None:
    sources = sources_of(tmp_path)
    assert [sources.including(file) for file in (A_C, A_H, ALONE_C, B_H)] == [[], [A_C, B_H], [], [A_H]]


def test_a_file_that_includes_one_from_outside_is_known(tmp_path: Path) -> None:
    others = {"c.c": '#include "a.h"\n#include <stdio.h>\n', "made.c": '#include "made.h"\n'}
    sources = FileSources(repomap_fast.scan(write_files(tmp_path, {**FILES, **others}), cache=False))
    assert [sources.includes_outside(file) for file in range(6)] == [False, False, False, False, True, True]


def test_structs_are_apart_from_other_names(tmp_path: Path) -> None:
    sources = sources_of(tmp_path)
    declarations = Declarations(sources)
    here = sources.scopes(B_H)
    assert [declarations.is_tag(B_H, here.bindings_named(name)[0]) for name in (b"s", b"g", b"x")] == [
        True,
        False,
        False,
    ]
