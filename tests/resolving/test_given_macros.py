"""Macros that files define before they include another."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving import declarations, given_macros
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.meanings import HOWS
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files
from support.resolved import resolved

ASKED = "#ifdef WITH_ALL\n#define ALL 1\n#endif\n"
SET = '#define WITH_ALL\n#include "own.h"\n'


def setting(n_files: int) -> dict[str, str]:
    """Return files that set a macro and include a header, which includes another that asks for the macro."""
    return {"own.h": '#include "all.h"\n', "all.h": ASKED} | {f"f{i:03}.c": SET for i in range(n_files)}


def meant(n_files: int, line: int = 1) -> list[str]:
    return [f"f{i:03}.c:{line}" for i in range(n_files)]


def test_each_of_many_files_that_set_a_macro_is_meant(tmp_path: Path) -> None:
    (found,) = resolved(tmp_path, setting(60), "WITH_ALL", path="all.h")
    assert found == " ".join(["import", *meant(60)])


def test_each_of_many_files_that_set_a_value_of_their_own_is_meant(tmp_path: Path) -> None:
    files = {**setting(60), "all.h": "#ifndef WITH_ALL\n#define WITH_ALL 0\n#endif\n"}
    (found,) = resolved(tmp_path, files, "WITH_ALL", path="all.h")
    assert found == " ".join(["scope", "all.h:2", *meant(60)])


def test_what_sets_a_macro_below_its_includes_or_includes_another_file_is_not_meant(tmp_path: Path) -> None:
    others = {
        "below.c": '#include "own.h"\n#define WITH_ALL\n',
        "other.c": '#define WITH_ALL\n#include "other.h"\n',
        "other.h": ASKED,
    }
    (found,) = resolved(tmp_path, {**setting(60), **others}, "WITH_ALL", path="all.h")
    assert found == " ".join(["import", *meant(60)])


def test_a_function_of_that_name_is_given_to_nobody(tmp_path: Path) -> None:
    files = {**setting(2), "all.h": f"{ASKED}static int level(void) {{ return LEVEL; }}\n"}
    files |= {f"g{i:03}.c": f'static int LEVEL;\n#include "own{"" if i else "n"}.h"\n' for i in range(60)}
    assert resolved(tmp_path, files, "WITH_ALL", path="all.h") == ["import f000.c:1 f001.c:1"]


def test_a_macro_is_found_among_hundreds_of_functions_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(declarations, "_MOST_DEFINERS", 10)
    files = setting(3) | {f"a{i:03}.c": "int WITH_ALL(void) { return 1; }\n" for i in range(30)}
    assert resolved(tmp_path, files, "WITH_ALL", path="all.h") == [" ".join(["import", *meant(3)])]


def test_of_more_macros_than_are_looked_at_the_first_are_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given_macros, "MOST_GIVEN", 2)
    files = setting(60) | {"own.h": "\n"} | {f"f{i:03}.c": f'{SET}#include "f.h"\n' for i in range(60)}
    files["f.h"] = '#include "all.h"\n'
    answer = resolved(tmp_path, files, "WITH_ALL", path="all.h")
    assert answer == ["import f000.c:1 f001.c:1"]


def test_what_was_found_for_one_file_is_not_looked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each header that asks would else cost a step for each file that sets the macro and all that this includes."""
    asked, true_included_at = [], FileSources.included_at
    monkeypatch.setattr(
        FileSources, "included_at", lambda self, file: asked.append(file) or true_included_at(self, file)
    )
    headers = {f"h{i:03}.h": ASKED for i in range(30)}
    all_h = "".join(f'#include "{path}"\n' for path in headers)
    result = repomap_fast.scan(write_files(tmp_path, {**setting(60), **headers, "all.h": all_h}), cache=False)
    resolver = SiteResolver(result)
    paths = resolver.sources.tree.paths
    for file in (file for file, path in enumerate(paths) if path in headers):
        for site in resolver.sources.scopes(file).sites_named(b"WITH_ALL"):
            answer = resolver.resolve(file, site)
            assert HOWS[answer.how] == "import"
            assert len(answer.targets) == 60
    assert len(asked) == 60
