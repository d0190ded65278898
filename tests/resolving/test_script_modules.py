"""JavaScript and TypeScript: from the text of an import to a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.import_trees import resolved

FILES = {
    "package.json": '{"name": "app", "imports": {"#db": "./src/db.ts", "#lib/*": "./src/lib/*.ts"}}',
    "tsconfig.base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["src/*"], '
    '"one": ["src/one.ts"]}}}',
    "tsconfig.json": '{\n  // comments, and a comma too many\n  "extends": "./tsconfig.base.json",\n}',
    "src/one.ts": "",
    "src/db.ts": "",
    "src/lib/index.ts": "",
    "src/lib/deep.ts": "",
    "src/view.tsx": "",
    "src/types.d.ts": "",
    "src/page.vue": "",
    "src/style.css": "",
    "packages/ui/package.json": '{"name": "@scope/ui", "main": "./dist/index.js", "exports": {".": {"types": '
    '"./dist/index.d.ts"}, "./theme": {"import": {"default": "./dist/esm/theme.mjs"}}, "./*": "./src/*.ts"}}',
    "packages/ui/src/index.ts": "",
    "packages/ui/src/theme.ts": "",
    "packages/ui/src/button.ts": "",
    "packages/core/package.json": '{"name": "core"}',
    "packages/core/index.js": "",
    "packages/core/lib/x.js": "",
}


@pytest.mark.parametrize(
    ("text", "leads", "target"),
    [
        ("./one", "inside", "src/one.ts"),
        ("./one.js", "inside", "src/one.ts"),
        ("./view.jsx", "inside", "src/view.tsx"),
        ("./types", "inside", "src/types.d.ts"),
        ("./page.vue", "inside", "src/page.vue"),
        ("./style.css", "inside", "src/style.css"),
        ("./one?raw", "inside", "src/one.ts"),
        ("./lib", "inside", "src/lib/index.ts"),
        ("./lib/", "inside", "src/lib/index.ts"),
        ("../packages/core", "inside", "packages/core/index.js"),
        ("./gone", "unknown", None),
        ("../../../../etc/passwd", "unknown", None),
        ("@app/lib/deep", "inside", "src/lib/deep.ts"),
        ("one", "inside", "src/one.ts"),
        ("#db", "inside", "src/db.ts"),
        ("#lib/deep", "inside", "src/lib/deep.ts"),
        ("#gone", "unknown", None),
        ("@scope/ui", "inside", "packages/ui/src/index.ts"),
        ("@scope/ui/theme", "inside", "packages/ui/src/theme.ts"),
        ("@scope/ui/button", "inside", "packages/ui/src/button.ts"),
        ("core", "inside", "packages/core/index.js"),
        ("core/lib/x", "inside", "packages/core/lib/x.js"),
        ("@/one", "inside", "src/one.ts"),
        ("$lib/deep", "inside", "src/lib/deep.ts"),
        ("$lib", "inside", "src/lib/index.ts"),
        ("$lib/gone", "unknown", None),
        ("react", "outside", None),
        ("@scope/other", "outside", None),
        ("node:fs", "outside", None),
    ],
)
def test_names_lead_where_bundlers_and_typescript_find_them(
    text: str, leads: str, target: str | None, tmp_path: Path
) -> None:
    found = resolved(tmp_path, {**FILES, "src/main.ts": f"import '{text}';\n"}, "src/main.ts")
    assert found == [(text, leads, [] if target is None else [target])]


def test_settings_are_read_where_a_scan_leaves_them_out(tmp_path: Path) -> None:
    import repomap_fast
    from support.import_trees import write_files

    write_files(tmp_path, {**FILES, "src/main.ts": "import '@app/one';\n"})
    found = repomap_fast.imports(tmp_path, "src/main.ts", languages="typescript", cache=False)
    assert found.imports[0].targets == ("src/one.ts",)


@pytest.mark.parametrize(
    "settings",
    ["", "[]", "{", "[" * 100_000, '{"exports": {"./a": ' + '{"default": ' * 50 + "1" + "}" * 52, '{"name": 1}'],
)
def test_settings_that_say_nothing_are_passed_by(settings: str, tmp_path: Path) -> None:
    files = {"package.json": settings, "tsconfig.json": settings, "a.ts": "import './b';\nimport 'x';\n", "b.ts": ""}
    assert [leads for _, leads, _ in resolved(tmp_path, files, "a.ts")] == ["inside", "outside"]


def test_settings_that_extend_each_other_have_an_end(tmp_path: Path) -> None:
    files = {"tsconfig.json": '{"extends": "./tsconfig.json"}', "a.ts": "import 'x';\n"}
    assert resolved(tmp_path, files, "a.ts") == [("x", "outside", [])]
