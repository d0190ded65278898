"""What packages of scripts give to those who use them."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.script_exports import ScriptExports
from support.import_trees import write_files

FILES = {
    "package.json": '{"name": "p", "exports": {".": {"import": "./dist/index.js"}}, "bin": {"p": "cli.js"}}',
    "src/index.ts": "export * from './all';\nexport { one as uno } from './some';\nexport * as ns from './space';\n",
    "src/all.ts": "export function all() {}\nfunction inner() {}\nfunction late() {}\nexport { late };\n",
    "src/some.ts": "export function one() {}\nexport function two() {}\n",
    "src/space.ts": "export function far() {}\n",
    "src/page.tsx": "export default function Page() {}\nexport function helper() {}\n",
    "cli.js": "exports.run = function () {};\n",
}


@pytest.mark.parametrize(
    ("path", "name", "is_exported", "expected"),
    [
        ("src/all.ts", "all", True, True),
        ("src/all.ts", "inner", False, False),
        ("src/all.ts", "late", False, True),
        ("src/some.ts", "one", True, True),
        ("src/some.ts", "two", True, False),
        ("src/space.ts", "far", True, True),
        ("src/page.tsx", "Page", True, True),
        ("src/page.tsx", "helper", True, True),
        ("src/page.tsx", "helper", False, False),
        ("cli.js", "run", True, True),
    ],
)
def test_a_package_gives_what_its_entries_pass_on(
    tmp_path: Path, path: str, name: str, *, is_exported: bool, expected: bool
) -> None:
    write_files(tmp_path, FILES)
    result = repomap_fast.scan(tmp_path, cache=False)
    file = list(result.file_table.paths).index(path.encode())
    exports = ScriptExports(FileSources(result))
    assert exports.gives(file, name.encode(), is_exported=is_exported) is expected


def test_files_that_pass_on_each_other_end(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"index.js": "export * from './b';\n", "b.js": "export * from './index';\n", "package.json": "{}"}
    )
    result = repomap_fast.scan(tmp_path, cache=False)
    assert not ScriptExports(FileSources(result)).gives(0, b"f", is_exported=False)


def test_unused_leaves_out_what_a_package_gives(tmp_path: Path) -> None:
    found = repomap_fast.unused(write_files(tmp_path, FILES), cache=False)
    assert [one.name for one in found.definitions] == ["inner", "two"]
