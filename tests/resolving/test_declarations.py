"""Which definitions a file of C means, by what it includes."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving.declarations import Declarations
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.meanings import HOWS
from repomap_fast.resolving.site_resolver import SiteResolver
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


def test_the_files_that_define_a_name_are_not_read_again_for_each_file_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read up to 200 of them for each file that includes one: 40,000 of Linux 385,000 times in all."""
    asked, true_scopes = [], FileSources.scopes
    monkeypatch.setattr(FileSources, "scopes", lambda self, file: asked.append(file) or true_scopes(self, file))
    counts = []
    for n in (20, 40):
        root = tmp_path / str(n)
        headers = {f"h{i:02}.h": "extern int shared;\n" for i in range(n)}
        write_files(
            root, headers | {f"u{i:02}.c": '#include "h00.h"\nint f(void) { return shared; }\n' for i in range(n)}
        )
        result = repomap_fast.scan(root, cache=False)
        resolver = SiteResolver(result)
        asked.clear()
        for file in range(n, 2 * n):
            (site,) = resolver.sources.scopes(file).sites_named(b"shared")
            assert HOWS[resolver.resolve(file, site).how] == "import"
        counts.append(len(asked))
    assert counts[1] <= 2.2 * counts[0]
