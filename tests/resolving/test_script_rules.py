"""What references of TypeScript and JavaScript mean, rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.import_trees import write_files
from support.resolved import all_sites, resolved

POOL = "export class Base { close() {} }\nexport class Pool extends Base { open(): Pool { return this } }\n"


@pytest.mark.parametrize(
    "before",
    [
        "new Pool()",
        "made",
        "annotated",
        "make()",
        "later()",
        "(await promised)",
        "new Pool().open()",
        "new Holder().pool",
        "new Holder().given",
        "new Holder().current",
        "holder.pool",
        "holder?.pool!",
        "(x as Pool)",
        "list[0]",
        "typed.pool",
        "(a ? made : annotated)",
        "aliased",
        "copied",
        "spread.pool",
        "one",
    ],
)
def test_members_follow_types_and_values(tmp_path: Path, before: str) -> None:
    text = (
        "import { Pool } from './pool';\n"
        "const made = new Pool(); let annotated: Pool; declare const x: any;\n"
        "function make() { return new Pool(); } const later = () => made; let promised: Promise<Pool>;\n"
        "class Holder { pool = new Pool(); constructor(private given: Pool) {}\n"
        "  get current(): Pool { return this.pool } }\n"
        "const holder = { pool: made }, list: Pool[] = []; let typed: { pool: Pool }; type Alias = Readonly<Pool>;\n"
        "let aliased: Alias, copied: typeof made; const spread = { ...holder }; const { pool: one } = holder;\n"
        f"{before}.close();\n"
    )
    assert resolved(tmp_path, {"pool.ts": POOL, "use.ts": text}, "close", path="use.ts") == ["member pool.ts:1"]


def test_this_and_super_mean_the_class_around(tmp_path: Path) -> None:
    text = (
        "class A { m() {} n() { [1].map(() => this.m()); } }\n"
        "class B extends A { m() { super.m(); this.m(); } f = () => this.m(); }\n"
        "const o = { m() {}, n() { this.m(); } };\n"
    )
    found = resolved(tmp_path, {"use.ts": text}, "m", path="use.ts")
    assert found == ["member use.ts:1", "member use.ts:1", "member use.ts:2", "member use.ts:2", "member use.ts:3"]


def test_keys_of_an_object_are_members_of_what_it_has_to_be(tmp_path: Path) -> None:
    text = (
        "interface O { a: number; cb: (e: E) => void }\ninterface E { b: string }\ndeclare function run(o: O): void;\n"
        "const o: O = { a: 1, cb(e) { e.b } };\nrun({ a: 1, cb: e => e.b });\n"
        "function f(): O { return { a: 1, cb: null } }\n"
        "declare const os: O[]; os.map(({ a }) => a); os.forEach(o => o.a);\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "a", path="use.ts")[:3] == ["member use.ts:1"] * 3
    assert resolved(tmp_path, {"use.ts": text}, "a", path="use.ts")[-1] == "member use.ts:1"
    assert resolved(tmp_path, {"use.ts": text}, "cb", path="use.ts") == ["member use.ts:1"] * 3
    assert resolved(tmp_path, {"use.ts": text}, "b", path="use.ts") == ["member use.ts:2"] * 2


def test_the_body_of_an_overloaded_function_is_not_seen(tmp_path: Path) -> None:
    text = "interface R { v: 1 }\nclass I { v = 1 }\nfunction f(): R;\nfunction f() { return new I() }\nf().v;\n"
    assert resolved(tmp_path, {"use.ts": text}, "v", path="use.ts") == ["member use.ts:1"]


def test_a_member_that_one_class_alone_has_is_guessed(tmp_path: Path) -> None:
    text = "class A { unheardOf() {} push() {} }\nfunction f(x) { x.unheardOf(); x.push(); }\n"
    assert resolved(tmp_path, {"use.ts": text}, "unheardOf", path="use.ts") == ["guess use.ts:1"]
    assert resolved(tmp_path, {"use.ts": text}, "push", path="use.ts") == ["unknown"]


def test_a_member_is_not_guessed_where_an_object_in_the_file_has_a_key_of_that_name(tmp_path: Path) -> None:
    route = "export interface Route { unheardOf: number }\n"
    use = "const made = list().map((one) => ({ unheardOf: one }))\nmade[0].unheardOf\n"
    assert resolved(tmp_path / "other", {"route.ts": route, "use.ts": use}, "unheardOf", path="use.ts")[-1] == "unknown"
    apart = {"route.ts": route, "use.ts": "declare const made: any\nmade[0].unheardOf\n"}
    assert resolved(tmp_path / "apart", apart, "unheardOf", path="use.ts")[-1] == "guess route.ts:1"
    assert resolved(tmp_path / "same", {"use.ts": route + use}, "unheardOf", path="use.ts")[-1] == "guess use.ts:1"


APART = {
    "use.ts": "import { start } from './own';\nstart().unheardOf();\n",
    "own.ts": "import { more } from './more';\nexport const start: any = more;\n",
    "more.ts": "export const more: any = 1;\n",
    "other/class.ts": "import { x } from './x';\nexport class Other { unheardOf() { return x } }\n",
    "other/x.ts": "export const x = 1;\n",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "unknown"),
        ({"more.ts": "import './other/class';\nexport const more: any = 1;\n"}, "guess other/class.ts:2"),
        ({"other/x.ts": "import '../use';\nexport const x = 1;\n"}, "guess other/class.ts:2"),
        (
            {"other/class.ts": "", "class.d.ts": "import './x';\nexport class O { unheardOf(): 1 }\n"},
            "guess class.d.ts:2",
        ),
        (
            {"other/class.ts": "import './x';\ndeclare module 'm' {}\ninterface O { unheardOf(): 1 }\n"},
            "guess other/class.ts:3",
        ),
        ({"other/class.ts": "class Other { unheardOf() {} }\n"}, "guess other/class.ts:1"),
    ],
    ids=[
        "apart",
        "imported by what is imported",
        "it imports",
        "a declaration",
        "added to a module",
        "seen everywhere",
    ],
)
def test_a_member_is_guessed_of_a_class_that_imports_lead_to(
    tmp_path: Path, changes: dict[str, str], expected: str
) -> None:
    assert resolved(tmp_path, {**APART, **changes}, "unheardOf", path="use.ts") == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "class A extends B {}\nclass B extends A {}\nnew A().m();\n",
        "interface A extends A {}\nlet a: A;\na.m;\n",
        "type A = B;\ntype B = A;\nlet a: A;\na.m;\n",
        "const a = a.b;\na.m;\n",
        "module.exports = require('./use');\nmodule.exports.m;\n",
        "export * from './use';\nexport { m } from './use';\n",
        "function f(x = f) { return f(f) }\nf().m;\n",
        "const o = { ...o };\no.m;\n",
    ],
)
def test_circles_end(tmp_path: Path, text: str) -> None:
    assert set(resolved(tmp_path, {"use.ts": text}, "m", path="use.ts")) <= {"unknown", "outside"}


def test_hostile_files_take_bounded_steps(tmp_path: Path) -> None:
    n = 60
    files = {f"m{i}.ts": "".join(f"export * from './m{j}';\n" for j in range(0, n, 7)) for i in range(n)}
    chain = "a" + ".b" * 5_000
    files["use.ts"] = "import * as a from './m0';\n" + "".join(f"a.x{i};\n" for i in range(20)) + f"{chain};\n"
    files["deep.ts"] = "".join(f"class C{i} extends C{i + 1} {{}}\n" for i in range(300)) + "new C0().m();\n"
    write_files(tmp_path, files)
    found = all_sites(tmp_path)
    assert {one for site, one in found.items() if site.endswith(" x19")} == {"unknown"}


def test_attributes_of_an_element_are_members_of_what_the_component_takes(tmp_path: Path) -> None:
    text = (
        "interface Props {\n  size: number\n  onPick?: (one: Item) => void\n}\ninterface Item {\n  id: string\n}\n"
        "function Box(props: Props) { return null }\nconst Boxed: React.FC<Props> = Box\n"
        "const a = <Box size={1} onPick={(it) => it.id} />\nconst b = <Boxed size={1}></Boxed>\n"
    )
    files = {"use.tsx": text}
    assert resolved(tmp_path, files, "size", path="use.tsx") == ["member use.tsx:2", "member use.tsx:2"]
    assert resolved(tmp_path, files, "onPick", path="use.tsx") == ["member use.tsx:3"]
    assert resolved(tmp_path, files, "id", path="use.tsx") == ["member use.tsx:6"]


def test_elements_of_html_are_members_of_the_namespace_that_says_what_they_are(tmp_path: Path) -> None:
    files = {
        "jsx.ts": (
            "export namespace JSX {\n  interface Div {\n    title: string\n  }\n"
            "  interface IntrinsicElements {\n    div: Div\n  }\n}\n"
        ),
        "use.tsx": "import { f } from './f'\nconst a = <div title='x' data-y='1'></div>\n",
    }
    assert resolved(tmp_path, files, "div", path="use.tsx") == ["member jsx.ts:6", "member jsx.ts:6"]
    assert resolved(tmp_path, files, "title", path="use.tsx") == ["member jsx.ts:3"]
    alone = {"use.tsx": files["use.tsx"]}
    assert resolved(tmp_path / "alone", alone, "div", path="use.tsx") == ["outside", "outside"]


def test_where_a_value_stands_a_type_is_not_meant(tmp_path: Path) -> None:
    files = {
        "types.ts": "export type Response = {\n  own: 1\n};\nexport interface Both {}\nexport const Both = 1;\n",
        "global.d.ts": "declare interface String {\n  more: 1\n}\n",
        "use.ts": (
            "import type { Response } from './types';\nimport { Both } from './types';\ntype Error = { more: 1 };\n"
            "class Own extends Error {}\nconst r: Response = new Response(1);\nlet e: Error;\nBoth();\nString(1);\n"
        ),
    }
    assert resolved(tmp_path, files, "Error", path="use.ts") == ["outside", "scope use.ts:3"]
    assert resolved(tmp_path, files, "Response", path="use.ts") == ["import types.ts:1", "import types.ts:1", "outside"]
    assert resolved(tmp_path, files, "Both", path="use.ts")[1] == "import types.ts:4 types.ts:5"
    assert resolved(tmp_path, files, "String", path="use.ts") == ["scope global.d.ts:1"]


def test_the_constructor_of_an_object_is_its_class_and_no_method(tmp_path: Path) -> None:
    text = "class A {\n  constructor() {\n    this.constructor;\n    this.own;\n  }\n  own() {}\n}\n"
    assert resolved(tmp_path, {"use.js": text}, "own", path="use.js") == ["member use.js:6"]
    assert "member use.js:2" not in resolved(tmp_path, {"use.js": text}, "constructor", path="use.js")


@pytest.mark.parametrize(
    ("types", "found"),
    [
        ("type A = { solely(): void };\n", "guess types.ts:1"),
        ("type A = { solely(): void } & { other: 1 };\n", "guess types.ts:1"),
        ("interface A { solely(): void }\n", "guess types.ts:1"),
        ("interface A { solely(): void }\ntype B = { solely: 1 };\n", "unknown"),
        ("type A = { inner: { solely(): void } };\n", "unknown"),
        ("const a = { solely() {} };\n", "unknown"),
        ("interface A { solely(): void }\nconst a = { solely() {} };\n", "unknown"),
        ("function f() { interface A { solely(): void } }\n", "unknown"),
        ("function f() { type A = { solely: 1 } }\n", "unknown"),
    ],
)
def test_a_member_of_the_only_type_that_has_a_name_is_guessed(tmp_path: Path, types: str, found: str) -> None:
    files = {"types.ts": types + "export const x = 1;\n", "use.ts": "import { x } from './types';\nget(x).solely();\n"}
    files["use.ts"] += "function g(one: any) { one.solely() }\n"
    assert resolved(tmp_path, files, "solely", path="use.ts")[-1] == found


def test_a_member_of_a_type_in_a_function_is_guessed_in_that_function_alone(tmp_path: Path) -> None:
    text = "function f(one: any) {\n  type A = { solely: 1 };\n  one.solely;\n}\nfunction g(one: any) { one.solely }\n"
    assert resolved(tmp_path, {"use.ts": text}, "solely", path="use.ts") == ["guess use.ts:2", "unknown"]
