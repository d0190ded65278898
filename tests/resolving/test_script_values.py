"""What expressions and types of TypeScript and JavaScript mean, above all generic ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.import_trees import write_files
from support.resolved import all_sites, resolved

TYPES = (
    "export interface P { x: number }\n"
    "export interface Box<T> { item: T; items: T[]; get(): T }\n"
    "export interface Pair<A, B = A> extends Box<B> { first: A }\n"
    "export type Same<T> = T;\n"
    "export type Made<T extends object = P> = T;\n"
    "export type Keyed<T> = { [K in keyof T]?: T[K] };\n"
    "export type Either<T> = T extends string ? P : T;\n"
    "export type Inner = { p: P; list: P[] };\n"
    "export class Store<T> { constructor(readonly value: T) {} read(): T { return this.value } }\n"
    "export declare function make<T>(): T;\n"
)


@pytest.mark.parametrize(
    "written",
    [
        "Box<P>['item']",
        "Pair<string, P>['item']",
        "Pair<P>['item']",
        "Same<P>",
        "Same<Same<P>>",
        "Made",
        "Made<P>",
        "Keyed<P>",
        "Either<{}>",
        "Inner['p']",
        "Inner['list'][number]",
        "Box<Same<P>>['item']",
        "Partial<Same<P>>",
    ],
)
def test_types_keep_their_arguments(tmp_path: Path, written: str) -> None:
    text = f"import {{ P, Box, Pair, Same, Made, Keyed, Either, Inner }} from './types';\nlet v: {written};\nv.x;\n"
    assert resolved(tmp_path, {"types.ts": TYPES, "use.ts": text}, "x", path="use.ts") == ["member types.ts:1"]


@pytest.mark.parametrize(
    "written",
    [
        "box.item",
        "box.get()",
        "box.items[0]",
        "box.items.find(one => one)!",
        "box.items.filter(Boolean)[0]",
        "pair.item",
        "pair.first",
        "new Store<P>(made).read()",
        "make<P>()",
        "map.get('a')!",
    ],
)
def test_values_keep_the_arguments_of_their_types(tmp_path: Path, written: str) -> None:
    text = (
        "import { P, Box, Pair, Store, make } from './types';\n"
        "declare const box: Box<P>, pair: Pair<P>, made: P, map: Map<string, P>;\n"
        f"({written}).x;\n"
    )
    assert resolved(tmp_path, {"types.ts": TYPES, "use.ts": text}, "x", path="use.ts") == ["member types.ts:1"]


def test_a_member_that_a_type_names_by_a_text_is_a_reference(tmp_path: Path) -> None:
    text = "interface A { b: { c: 1 } }\ntype F<T extends A> = T['b'][\"c\"];\nlet n: A[0], m: A['b\\n'];\n"
    assert resolved(tmp_path, {"use.ts": text}, "b", path="use.ts") == ["member use.ts:1"]
    assert resolved(tmp_path, {"use.ts": text}, "c", path="use.ts") == ["member use.ts:1"]


def test_type_parameters_hide_types_of_their_name(tmp_path: Path) -> None:
    text = "interface T { a: 1 }\ntype F<T> = T | G<infer T>;\ninterface I<T> { t: T; f<T>(t: T): T }\nlet t: T;\n"
    found = resolved(tmp_path, {"use.ts": text}, "T", path="use.ts")
    assert found[-1] == "scope use.ts:1"
    assert "scope use.ts:1" not in found[:-1]


def test_keys_are_members_of_a_mapped_type(tmp_path: Path) -> None:
    text = (
        "interface A { run(n: number): void }\ntype Methods<T> = { [K in keyof T]: T[K] };\n"
        "function make(): Methods<A> {\n  return { run(n) {} };\n}\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "run", path="use.ts") == ["member use.ts:1"]


@pytest.mark.parametrize(
    ("gives", "takes"),
    [
        ("function f() {}\nmodule.exports = f;\n", "const f = require('./m');\nf();\n"),
        ("function f() {}\nmodule.exports = f;\nf.g = 1;\n", "var f = require('./m');\nf();\n"),
        ("function f() {}\nexports = module.exports = {};\nexports.f = f;\n", "var f = require('./m').f;\nf();\n"),
        ("function f() {}\nmodule.exports = { f };\n", "const { f } = require('./m');\nf();\n"),
    ],
)
def test_a_variable_that_holds_what_a_module_gives_means_it(tmp_path: Path, gives: str, takes: str) -> None:
    found = resolved(tmp_path, {"m.js": gives, "use.js": takes}, "f", path="use.js")
    assert found[-1] in ("import m.js:1", "import m.js:2")


def test_a_variable_that_holds_a_module_is_a_variable(tmp_path: Path) -> None:
    files = {"m.js": "exports.f = function () {};\n", "use.js": "const m = require('./m');\nm.f();\n"}
    assert resolved(tmp_path, files, "m", path="use.js")[-1] == "scope use.js:1"
    assert resolved(tmp_path, files, "f", path="use.js") == ["import m.js:1"]


def test_export_equals_gives_all_of_a_module(tmp_path: Path) -> None:
    files = {
        "m.js": "module.exports = function () {};\n",
        "m.d.ts": "declare function make(): make.Made;\ndeclare namespace make { interface Made { a: 1 } }\n"
        "export = make;\n",
        "use.js": "const make = require('./m.js');\nmake().a;\n",
    }
    assert resolved(tmp_path, files, "make", path="use.js")[-1] == "import m.d.ts:1 m.d.ts:2"
    assert resolved(tmp_path, files, "a", path="use.js") == ["member m.d.ts:2"]


@pytest.mark.parametrize(
    "text",
    [
        "type A<T> = A<T[]>;\nlet a: A<string>;\na.m;\n",
        "type A<T> = A<A<T>> | { x: A<{ t: T }> };\nlet a: A<string>;\na.x.x.x.x.m;\n",
        "interface I<T> extends I<I<T>> {}\nlet a: I<string>;\na.m;\n",
        "type A<T = A> = T;\nlet a: A;\na.m;\n",
        "type A<T extends A<T>> = T['m'];\nlet a: A<A>;\na.m;\n",
    ],
)
def test_types_that_go_round_in_circles_end(tmp_path: Path, text: str) -> None:
    assert set(resolved(tmp_path, {"use.ts": text}, "m", path="use.ts")) <= {"unknown", "outside"}


def test_many_arguments_take_bounded_steps(tmp_path: Path) -> None:
    names = [f"T{i}" for i in range(9)]
    turned = ", ".join([*names[1:], names[0]])
    swapped = ", ".join([names[1], names[0], *names[2:]])
    classes = "".join(f"interface C{i} {{ c{i}: 1 }}\n" for i in range(9))
    text = (
        f"{classes}type A<{', '.join(names)}> = A<{turned}> | A<{swapped}> | T0;\n"
        f"let a: A<{', '.join(f'C{i}' for i in range(9))}>;\na.c0;\na.none;\n"
    )
    write_files(tmp_path, {"use.ts": text})
    found = all_sites(tmp_path)
    assert found["use.ts:13:2 none"] == "unknown"


@pytest.mark.parametrize("type_", ["Pool", "!Pool", "Pool=", "?Pool", "(Pool|null)", "Pool | undefined"])
def test_comments_of_javascript_say_of_what_types_parameters_are(tmp_path: Path, type_: str) -> None:
    text = (
        "class Pool { open() {} }\n/**\n * Takes one.\n * @param {string} name - first\n"
        f" * @param {{{type_}}} [pool] - the one\n */\nfunction f(name, pool) {{ pool.open() }}\n"
    )
    assert resolved(tmp_path, {"use.js": text}, "open", path="use.js") == ["member use.js:1"]


def test_comments_of_javascript_say_what_functions_and_members_are(tmp_path: Path) -> None:
    text = (
        "class Pool { open() {} }\nclass Holder {\n  constructor() {\n    /** @type {Pool[]} */\n    this.pools = [];\n"
        "    /** @type {Map<string, Pool>} */\n    this.known = make();\n  }\n"
        "  /** @returns {Promise<Pool>} */\n  async next() { return wait() }\n}\n"
        "const holder = new Holder();\nholder.pools[0].open();\nholder.known.get('a').open();\n"
        "async function g() { (await holder.next()).open() }\nholder.pools.forEach((one) => one.open());\n"
    )
    assert resolved(tmp_path, {"use.js": text}, "open", path="use.js") == ["member use.js:1"] * 4


def test_a_comment_of_javascript_gives_a_type_of_another_file_a_name(tmp_path: Path) -> None:
    files = {
        "pool.js": "class Pool { open() {} }\nmodule.exports = { Pool };\n",
        "other.js": "class Other { open() {} }\n",
        "use.js": (
            "/** @typedef { import('./pool.js').Pool } P */\n\n/** @param {P} one */\nfunction f(one) { one.open() }\n"
            "/**\n * @param {import('./pool').Pool} two\n * @param {Nothing} three */\n"
            "function g(two, three) { two.open(); three.open() }\n"
        ),
    }
    assert resolved(tmp_path, files, "open", path="use.js") == ["member pool.js:1", "member pool.js:1", "unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "/** @param {Pool} pool */\nconst other = 1; function f(pool) { pool.open() }\n",
        "/* @param {Pool} pool */\nfunction f(pool) { pool.open() }\n",
        "/** @param {Pool} pools */\nfunction f(pool) { pool.open() }\n",
        "/** @param {{Pool} pool */\nfunction f(pool) { pool.open() }\n",
    ],
)
def test_other_comments_say_nothing(tmp_path: Path, text: str) -> None:
    files = {"use.js": "class Pool { open() {} }\nclass Other { open() {} }\n" + text}
    assert resolved(tmp_path, files, "open", path="use.js") == ["unknown"]


def test_a_member_without_a_name_is_what_its_type_says_of_all(tmp_path: Path) -> None:
    text = (
        "interface Item { m(): void }\ninterface Known { [key: string]: Item }\n"
        "type Mapped<T> = { [K in keyof T]: Item }\ndeclare const core: unique symbol\n"
        "interface Parts { [core]: Part }\ninterface Part { item: Item }\n"
        "declare const a: Known, b: Mapped<{}>, c: Parts[string]\n"
        "a.one.m(); a['two'].m(); b.three.m(); c.item.m();\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "m", path="use.ts") == ["member use.ts:1"] * 4
