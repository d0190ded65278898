"""Declarations of modules: what they add, and what they say of modules from outside."""

from __future__ import annotations

from pathlib import Path

from support.resolved import resolved


def targets(tmp_path: Path, files: dict[str, str], name: str) -> set[str]:
    return {one.partition(" ")[2] for one in resolved(tmp_path, files, name, path="use.ts")}


def test_what_is_added_to_a_module_is_one_with_what_it_has(tmp_path: Path) -> None:
    files = {
        "lib.ts": "export interface Options {\n  own: 1\n}\n",
        "all.ts": "export * from './lib'\n",
        "add.ts": "import {} from './all'\ndeclare module './all' {\n  interface Options {\n    more: 1\n  }\n}\n",
        "other.ts": "export interface Options {\n  more: 2\n}\n",
        "use.ts": "import { Options } from './lib'\nlet o: Options;\no.own; o.more;\n",
    }
    assert targets(tmp_path, files, "Options") == {"lib.ts:1 add.ts:3"}
    assert targets(tmp_path, files, "more") == {"add.ts:4"}
    assert targets(tmp_path, files, "own") == {"lib.ts:2"}


def test_a_module_from_outside_gives_what_is_declared_of_it(tmp_path: Path) -> None:
    files = {
        "shims.d.ts": (
            "declare module 'merge-map' {\n  export default function merge(a: object): Merged\n}\n"
            "declare module 'other' {\n  export interface Merged {\n    at: 1\n  }\n}\n"
        ),
        "use.ts": "import merge from 'merge-map'\nimport { Merged } from 'other'\nimport { no } from 'other'\nmerge;\n",
    }
    assert targets(tmp_path, files, "merge") == {"shims.d.ts:2"}
    assert targets(tmp_path, files, "Merged") == {"shims.d.ts:5"}
    assert targets(tmp_path, files, "no") == {""}


def test_what_is_added_to_a_module_is_seen_there_alone(tmp_path: Path) -> None:
    files = {
        "lib.ts": "export interface Options {\n  own: 1\n}\n",
        "use.ts": (
            "interface Options {\n  mine: 1\n}\nlet o: Options;\no.mine;\n"
            "declare module './lib' {\n  interface Options {\n    more: 1\n  }\n}\n"
        ),
    }
    assert targets(tmp_path, files, "Options") == {"use.ts:1"}
    assert targets(tmp_path, files, "mine") == {"use.ts:2"}


def test_a_module_that_gives_one_thing_has_names_of_its_own(tmp_path: Path) -> None:
    files = {
        "reply.ts": "export interface Reply {\n  own: 1\n}\n",
        "lib.d.ts": (
            "import { Reply } from './reply'\ndeclare namespace lib {\n  export type { Reply }\n}\n"
            "declare function lib(): void\nexport = lib\n"
        ),
        "add.ts": "import './lib'\ndeclare module './lib' {\n  interface Reply {\n    more: 1\n  }\n}\n",
        "use.ts": "import { Reply } from './lib'\nlet r: Reply;\n",
        "direct.ts": "import { Reply } from './reply'\nlet r: Reply;\n",
    }
    assert targets(tmp_path, files, "Reply") == {"reply.ts:1 add.ts:3"}
    assert resolved(tmp_path, files, "Reply", path="direct.ts") == ["import reply.ts:1", "import reply.ts:1"]
