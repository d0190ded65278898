"""What calls of generic functions of TypeScript give, by their arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving.given_types import told_by_parameters
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files
from support.resolved import all_sites, resolved

TYPES = (
    "interface Point { px: number }\n"
    "declare function same<T>(one: T): T;\n"
    "declare function held<T extends { other: 1 }>(one: T, name?: string): { one: T };\n"
    "declare function first<T>(list: T[]): T;\n"
    "declare function second<T>(name: string, list: ReadonlyArray<T> | undefined): T;\n"
    "declare function made<T>(make: () => T): T;\n"
    "declare function waited<T>(one: Promise<T>): T;\n"
    "declare function either<T>(one: T | (() => T)): T;\n"
    "declare function all<T>(name: string, ...rest: T[]): T[];\n"
    "function wrap<T>(one: T) { const found = { one, list: [one] }; return found }\n"
    "class Box<T> { constructor(readonly value: T) {} get(): T { return this.value } }\n"
    "interface Maker { <T>(one: T): T; new <T>(one: T): Box<T> }\n"
    "declare const maker: Maker, point: Point, points: Point[], coming: Promise<Point>;\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "same(point).px",
        "same(same(point)).px",
        "held(point).one.px",
        "held(point, 'a').one.px",
        "first(points).px",
        "first([point, ...points].concat(points), point) ?? first(points).px",
        "second('a', points).px",
        "made(() => point).px",
        "made(function () { return point }).px",
        "waited(coming).px",
        "either(point).px",
        "all('a', point, point)[0].px",
        "wrap(point).one.px",
        "new Box(point).value.px",
        "new Box(point).get().px",
        "maker(point).px",
        "new maker(point).value.px",
        "const { one: { px: a } } = wrap(point)",
        "same({ point }).point.px",
    ],
)
def test_type_parameters_stand_for_what_is_given(tmp_path: Path, text: str) -> None:
    assert resolved(tmp_path, {"use.ts": TYPES + text + ";\n"}, "px", path="use.ts") == ["member use.ts:1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("same<Point>(other).px", "member use.ts:1"),
        ("new Box<Point>(other).value.px", "member use.ts:1"),
        ("same('a').px", "unknown"),
        ("same('a', point).px", "outside"),
        ("same(1, 2, 3, 4, point).px", "unknown"),
        ("same(...points).px", "unknown"),
    ],
)
def test_arguments_of_types_that_are_written_come_first(tmp_path: Path, text: str, found: str) -> None:
    written = TYPES + "declare const other: any;\nclass Second { px = 1 }\n" + text + ";\n"
    assert resolved(tmp_path, {"use.ts": written}, "px", path="use.ts") == [found]


def test_what_is_given_and_unknown_is_as_its_parameter_says(tmp_path: Path) -> None:
    text = "interface Base { base: 1 }\ndeclare function f<T extends Base>(one: T): T;\nf(unknownThing()).base;\n"
    assert resolved(tmp_path, {"use.ts": text}, "base", path="use.ts") == ["member use.ts:1"]


def test_calls_within_calls_end(tmp_path: Path) -> None:
    calls = "same(" * 200 + "point" + ")" * 200
    text = TYPES + f"({calls}).px;\nfunction round<T>(one: T): T {{ return round(round(one)) }}\nround(point).px;\n"
    write_files(tmp_path, {"use.ts": text})
    found = all_sites(tmp_path)
    assert found[f"use.ts:{TYPES.count(chr(10)) + 1}:{len(calls) + 3} px"] == "guess use.ts:1"
    assert found[f"use.ts:{TYPES.count(chr(10)) + 3}:13 px"] == "member use.ts:1"


def test_a_function_says_no_more_than_calls_can_ask(tmp_path: Path) -> None:
    names = [f"T{i}" for i in range(40)]
    parameters = ", ".join(f"p{i}: {' | '.join(names[i : i + 6])}" for i in range(30))
    write_files(tmp_path, {"use.ts": f"declare function f<{', '.join(names)}>({parameters}): T0;\n"})
    here = SiteResolver(repomap_fast.scan(tmp_path, cache=False)).sources.scopes(0)
    told = told_by_parameters(here, 1, here.type_parameters(1))
    assert len(told) == 16
    assert {one.parameter for one in told} <= {0, 1, 2, 3}
