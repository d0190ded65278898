"""Values of which one is meant that is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.resolving.alternatives import Alternatives, OneOf
from repomap_fast.resolving.meanings import OF_CLASS, SEVERAL, Meaning
from support.resolved import resolved

A: Meaning = (OF_CLASS, 0, 1)
B: Meaning = (OF_CLASS, 0, 2)
C: Meaning = (OF_CLASS, 1, 1)

TYPES = (
    "export interface Query {\n  start: 1\n  ask: 1\n}\nexport interface Change {\n  start: 1\n  alter: 1\n}\n"
    "export type Made<D> = { [K in keyof D]: D[K] extends string ? Query : D[K] extends number ? Change : never };\n"
)


def test_one_value_is_itself() -> None:
    known = Alternatives()
    assert known.either((A,), ()) == known.either((), (A, A)) == (A,)
    assert known.either((), ()) == ()
    assert known.of(A) == OneOf((A,), ())


def test_several_values_have_a_number_and_are_those_of_all() -> None:
    known = Alternatives()
    (both,) = known.either((A, B), ())
    assert (both[0], known.of(both)) == (SEVERAL, OneOf((), (A, B)))
    (more,) = known.either((A,), (both, C))
    assert known.of(more) == OneOf((A,), (B, C))
    assert known.either((more,), ()) == (more,)
    assert known.either((), tuple((OF_CLASS, 0, scope) for scope in range(100))) == ()


@pytest.mark.parametrize(("member", "line"), [("ask", 3), ("alter", 7), ("start", None)])
def test_a_member_that_one_alone_has_is_meant(member: str, line: int | None, tmp_path: Path) -> None:
    text = f"import {{ Made }} from './types';\ndeclare const made: Made<{{}}>;\nmade.one.{member};\n"
    expected = "unknown" if line is None else f"member types.ts:{line}"
    assert resolved(tmp_path, {"types.ts": TYPES, "use.ts": text}, member, path="use.ts") == [expected]


def test_a_member_that_types_have_from_a_shared_base_is_meant(tmp_path: Path) -> None:
    files = {
        "types.ts": (
            "interface Base<P> {\n  match: (given: P) => void\n}\n"
            "interface Plain extends Base<void> {\n  payload: 1\n}\n"
            "interface Given<P> extends Base<P> {\n  payload: P\n}\n"
            "export type Made<D> = { [K in keyof D]: D[K] extends string ? Plain : Given<D[K]> };\n"
        ),
        "use.ts": (
            "import { Made } from './types';\ndeclare const made: Made<{}>;\nmade.one.match;\nmade.one.payload;\n"
        ),
    }
    found = {name: resolved(tmp_path, files, name, path="use.ts") for name in ("match", "payload")}
    assert found == {"match": ["member types.ts:2"], "payload": ["unknown"]}


def test_what_other_files_add_under_computed_names_is_looked_at_too(tmp_path: Path) -> None:
    files = {
        "types.ts": (
            "declare const a: unique symbol;\nexport interface Parts {\n  [a]: {\n    own: 1\n    both: 1\n  }\n}\n"
        ),
        "add.ts": (
            "declare const b: unique symbol;\n"
            "declare module './types' {\n  interface Parts {\n    [b]: {\n      more: 1\n      both: 1\n    }\n  }\n}\n"
        ),
        "use.ts": (
            "import { Parts } from './types';\nimport './add';\n"
            "function f<K extends keyof Parts>(made: Parts[K]) {\n  made.own; made.more; made.both;\n}\n"
        ),
    }
    found = {name: resolved(tmp_path, files, name, path="use.ts") for name in ("own", "more", "both")}
    assert found == {"own": ["member types.ts:4"], "more": ["member add.ts:5"], "both": ["member types.ts:5"]}
