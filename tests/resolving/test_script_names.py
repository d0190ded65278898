"""What names of TypeScript and JavaScript mean: in scopes, through imports, as seen from other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.scopes import FileScopes
from support.resolved import resolved

POOL = "export class Base { close() {} }\nexport class Pool extends Base { open(): Pool { return this } }\n"


def targets(tmp_path: Path, files: dict[str, str], name: str) -> set[str]:
    return {one.partition(" ")[2] for one in resolved(tmp_path, files, name, path="use.ts")}


@pytest.mark.parametrize(
    ("imported", "used"),
    [
        ("import { Pool } from './pool'", "Pool"),
        ("import type { Pool } from './pool'", "Pool"),
        ("import * as ns from './pool'", "ns.Pool"),
        ("const { Pool } = require('./pool')", "Pool"),
        ("const ns = require('./pool')", "ns.Pool"),
        ("const ns = await import('./pool')", "ns.Pool"),
        ("import ns = require('./pool')", "ns.Pool"),
        ("import { Pool } from './all'", "Pool"),
        ("import { Pool } from './some'", "Pool"),
        ("import { ns } from './namespace'", "ns.Pool"),
        ("import { ns } from './passed'", "ns.Pool"),
        ("import { Pool } from './cycle'", "Pool"),
    ],
)
def test_an_import_leads_to_the_definition(tmp_path: Path, imported: str, used: str) -> None:
    files = {
        "pool.ts": POOL,
        "all.ts": "export * from './pool';\n",
        "some.ts": "export { Pool } from './all';\n",
        "namespace.ts": "export * as ns from './pool';\n",
        "passed.ts": "import * as ns from './pool';\nexport { ns };\n",
        "cycle.ts": "export * from './other';\nexport * from './pool';\n",
        "other.ts": "export * from './cycle';\n",
        "use.ts": f"{imported};\nnew {used}();\n",
    }
    assert resolved(tmp_path, files, "Pool", path="use.ts")[-1] == "import pool.ts:2"


@pytest.mark.parametrize(
    ("exported", "line"),
    [
        ("export default class Pool {}", 1),
        ("export default function make() {}", 1),
        ("class Pool {}\nexport default Pool;", 1),
        ("class Pool {}\nexport { Pool as default };", 1),
        ("export { Base as default } from './base';", 0),
    ],
)
def test_a_default_import_means_what_the_file_exports(tmp_path: Path, exported: str, line: int) -> None:
    files = {
        "pool.ts": f"{exported}\n",
        "base.ts": "export class Base {}\n",
        "use.ts": "import Any from './pool';\nAny;\n",
    }
    expected = f"import pool.ts:{line}" if line else "import base.ts:1"
    assert resolved(tmp_path, files, "Any", path="use.ts") == [expected, expected]


def test_another_name_of_an_import_or_an_export_leads_there_too(tmp_path: Path) -> None:
    files = {
        "pool.ts": POOL,
        "all.ts": "export { Pool as Q } from './pool';\n",
        "use.ts": "import { Q as R } from './all';\nR;\n",
    }
    assert targets(tmp_path, files, "R") == {"pool.ts:2"}
    assert targets(tmp_path, files, "Q") == {"pool.ts:2"}
    assert resolved(tmp_path, files, "Q", path="all.ts") == ["import pool.ts:2"]


def test_what_is_only_imported_is_not_exported(tmp_path: Path) -> None:
    files = {
        "pool.ts": POOL,
        "mid.ts": "import { Pool } from './pool';\nnew Pool();\n",
        "use.ts": "import * as m from './mid';\nm.Pool;\n",
    }
    assert resolved(tmp_path, files, "Pool", path="use.ts") == ["unknown"]


def test_a_module_of_commonjs_gives_names_or_one_thing(tmp_path: Path) -> None:
    files = {
        "one.js": "function make() { return { go() {} } }\nmodule.exports = make;\nmodule.exports.limit = 3;\n",
        "names.js": "exports.run = function run() {};\nfunction other() {}\nexports.other = other;\n",
        "use.js": "const make = require('./one'), names = require('./names');\n"
        "make().go();\nnames.run();\nnames.other();\nmake.limit;\n",
    }
    assert resolved(tmp_path, files, "go", path="use.js") == ["member one.js:1"]
    assert resolved(tmp_path, files, "run", path="use.js") == ["import names.js:1"]
    assert resolved(tmp_path, files, "other", path="use.js") == ["import names.js:2"]
    assert resolved(tmp_path, files, "limit", path="use.js") == ["import one.js:3"]


def test_names_of_a_namespace_are_seen_inside_of_it(tmp_path: Path) -> None:
    text = "namespace N { const a = 1; export function f() { return a } }\nenum E { a, b = 2 }\nN.f(); E.b; a;\n"
    assert resolved(tmp_path, {"use.ts": text}, "a", path="use.ts") == ["scope use.ts:1", "outside"]
    assert resolved(tmp_path, {"use.ts": text}, "b", path="use.ts") == ["member use.ts:2"]


def test_declarations_that_are_no_modules_are_seen_everywhere(tmp_path: Path) -> None:
    files = {"global.d.ts": "declare const VERSION: string;\n", "use.ts": "export const v = VERSION;\nwindow;\n"}
    assert resolved(tmp_path, files, "VERSION", path="use.ts") == ["scope global.d.ts:1"]
    assert resolved(tmp_path, files, "window", path="use.ts") == ["outside"]


def test_the_languages_of_scripts_see_each_other(tmp_path: Path) -> None:
    files = {"a.js": "export function f() {}\n", "b.tsx": "import { f } from './a';\nf();\n"}
    assert resolved(tmp_path, files, "f", path="b.tsx") == ["import a.js:1", "import a.js:1"]


def test_a_variable_that_holds_a_module_from_outside_is_a_variable(tmp_path: Path) -> None:
    files = {"use.js": "const fs = require('fs'), { join } = require('path');\nfs.read(join('a'));\n"}
    assert resolved(tmp_path, files, "fs", path="use.js") == ["scope use.js:1"] * 2
    assert resolved(tmp_path, files, "read", path="use.js") == ["outside"]
    assert resolved(tmp_path, files, "join", path="use.js")[-1] == "scope use.js:1"


def test_a_variable_that_holds_a_module_means_the_one_thing_that_it_gives(tmp_path: Path) -> None:
    files = {
        "view.js": "module.exports = View;\nfunction View() {}\n",
        "use.js": "var V = require('./view');\nnew V();\n",
    }
    assert resolved(tmp_path, files, "V", path="use.js")[-1] == "import view.js:2"


def test_modules_are_not_read_for_a_name_that_no_scope_binds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    read_scopes = FileSources._read

    def counted(sources: FileSources, file: int) -> FileScopes:
        read.append(sources.tree.paths[file])
        return read_scopes(sources, file)

    monkeypatch.setattr(FileSources, "_read", counted)
    modules = {f"module_{i}.ts": "import { a } from './a';\nconst pool = a;\npool();\n" for i in range(50)}
    used = {"a.ts": "export const a = 1;\n", "b.js": "var pool = 1;\n", "use.js": "pool;\npool;\npool;\n"}
    assert resolved(tmp_path, {**modules, **used}, "pool", path="use.js") == ["scope b.js:1"] * 3
    assert sorted(set(read)) == ["b.js", "use.js"]
