"""What the keys of object literals of TypeScript mean, by what the objects are given to."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.resolved import resolved

TYPES = (
    "interface Point { px: number }\n"
    "interface Holder { one: Point; list: Point[]; named: Record<string, Point>; make(): Point }\n"
    "declare function take(one: Point, two?: Point): void;\n"
    "declare function takeAll(first: string, ...rest: Point[]): void;\n"
    "declare function takeList(list: Point[], pair: [string, Point]): void;\n"
    "declare function takeSome(some: [...Point[]], more: [...{ [I in keyof string[]]: Point }]): void;\n"
    "declare function takeMaker(make: () => Point, later: () => Promise<Point>): void;\n"
    "declare let points: Point[], known: Map<string, Point>, seen: Set<Point>, holder: Holder;\n"
    "class Sink { constructor(list: Point[]) {} feed(holder: Holder) {} }\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "take({ px: 1 });",
        "take(({ px: 1 }));",
        "take(is ? { px: 1 } : undefined);",
        "take(undefined || { px: 1 });",
        "take(is ? other : other ?? ({ px: 1 }));",
        "take({ px: 1 } as const);",
        "takeAll('a', { px: 1 });",
        "takeAll('a', other, { px: 1 });",
        "takeList([{ px: 1 }]);",
        "takeList([is ? { px: 1 } : other]);",
        "takeList([], ['a', { px: 1 }]);",
        "takeSome([{ px: 1 }]);",
        "takeSome([], [{ px: 1 }]);",
        "takeMaker(() => ({ px: 1 }));",
        "takeMaker(() => { return { px: 1 } });",
        "takeMaker(make, async () => ({ px: 1 }));",
        "new Sink([{ px: 1 }]);",
        "new Sink([]).feed({ list: [{ px: 1 }] });",
        "new Sink([]).feed({ named: { a: { px: 1 } } });",
        "new Sink([]).feed({ make: () => ({ px: 1 }) });",
        "points.push({ px: 1 });",
        "points.unshift(other, { px: 1 });",
        "points = [{ px: 1 }];",
        "known.set('a', { px: 1 });",
        "seen.add({ px: 1 });",
        "holder.one = is ? { px: 1 } : other;",
        "const a = { px: 1 } as Point;",
        "const a = { px: 1 } satisfies Point;",
        "const a = [{ px: 1 }] satisfies Point[];",
        "const a = { list: [{ px: 1 }] } as Partial<Holder>;",
        "const a = { one: { px: 1 } as Point } as unknown;",
        "const a = { px: 1 } as Point as unknown;",
        "const a: Point[][] = [[{ px: 1 }]];",
        "const a: [string, Point] = ['a', { px: 1 }];",
        "const a: Record<string, Point> = { a: { px: 1 } };",
        "const a: Point = { px: 1 } as const;",
        "const f = (): Point => ({ px: 1 });",
        "const f = (): Point[] => [{ px: 1 }];",
        "const f = async (): Promise<Point> => ({ px: 1 });",
        "async function f(): Promise<Point[]> { return [{ px: 1 }] }",
        "function f(): Point { return is ? { px: 1 } : other }",
        "function f() { return { px: 1 } satisfies Point }",
        "export default { px: 1 } satisfies Point;",
    ],
)
def test_a_key_is_a_member_of_what_its_object_has_to_be(tmp_path: Path, text: str) -> None:
    written = TYPES + "declare const is: boolean, other: Point, make: () => Point;\n" + text + "\n"
    assert resolved(tmp_path, {"use.ts": written}, "px", path="use.ts") == ["member use.ts:1"]


@pytest.mark.parametrize(
    "text",
    [
        "takeAll({ px: 1 });",
        "take([{ px: 1 }]);",
        "takeList({ px: 1 });",
        "const a = { px: 1 } as any;",
        "const a = { px: 1 } as string;",
        "const a = { px: 1 };",
        "const a = take({ one: { px: 1 } });",
        "known.set({ px: 1 }, other);",
        "other([{ px: 1 }]);",
    ],
)
def test_a_key_of_another_object_is_none(tmp_path: Path, text: str) -> None:
    written = TYPES + "declare const other: any;\n" + text + "\n"
    assert "member use.ts:1" not in resolved(tmp_path, {"use.ts": written}, "px", path="use.ts")


def test_a_parameter_that_takes_all_others_is_an_array_of_its_type(tmp_path: Path) -> None:
    text = (
        "interface Point { px: number }\n"
        "function f(a: string, ...all: Point[]) { all[0].px; for (const one of all) one.px; all.map((p) => p.px) }\n"
        "const g = (...all: Point[]) => all.find((p) => p.px);\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "px", path="use.ts") == ["member use.ts:1"] * 4


def test_the_items_of_a_tuple_are_of_its_types(tmp_path: Path) -> None:
    text = (
        "interface A { a: 1 }\ninterface B { b: 2 }\ndeclare const pair: [A, B], some: [first: A, ...rest: B[]];\n"
        "pair[0].a; pair[1].b; for (const one of pair) one.a; const [x, y] = pair; x.a; some[1].b;\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "a", path="use.ts") == ["member use.ts:1"] * 3
    assert resolved(tmp_path, {"use.ts": text}, "b", path="use.ts") == ["member use.ts:2"] * 2


def test_the_names_in_a_tuple_are_no_parameters(tmp_path: Path) -> None:
    text = (
        "interface Point { px: number }\ndeclare function f(pair: [x: string, y: string], one: Point): void;\n"
        "f(['a', 'b'], { px: 1 });\n"
    )
    assert resolved(tmp_path, {"use.ts": text}, "px", path="use.ts") == ["member use.ts:1"]


def test_a_cast_within_many_casts_is_of_no_type(tmp_path: Path) -> None:
    text = "interface Point { px: Point }\nlet a = " + "{ px: " * 40 + "1" + " } as Point" * 40 + ";\n"
    found = resolved(tmp_path, {"use.ts": text}, "px", path="use.ts")
    assert found[:8] == ["member use.ts:1"] * 8
    assert len(found) == 40


@pytest.mark.parametrize("use", ["use.ts", "use.js"])
@pytest.mark.parametrize(
    "call", ["take({ name });", "other.take({ name });", "take({ a: { name } });", "take([{ name }]);"]
)
def test_a_key_that_is_its_own_value_refers_to_the_value_too(tmp_path: Path, use: str, call: str) -> None:
    files = {
        "m.ts": "export function name() {}\ninterface Names { name: 1 }\nexport declare function take(n: Names): 1;\n",
        use: f"import {{ name, take }} from './m';\n{call}\n",
    }
    assert "m.ts:1" in resolved(tmp_path, files, "name", path=use)[-1].split()
