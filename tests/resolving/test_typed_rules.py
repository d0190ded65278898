"""What languages with written types have in common."""

from __future__ import annotations

from pathlib import Path

from support.resolved import resolved

TYPES = (
    "package m\ntype A struct{}\nfunc (A) Go() {}\ntype B struct{}\nfunc (B) Go() {}\nfunc b(a A) B { return B{} }\n"
)


def test_of_names_that_are_bound_again_the_last_above_is_meant(tmp_path: Path) -> None:
    text = TYPES + "func f() {\n\tx := A{}\n\tx.Go()\n\t{\n\t\tx := b(x)\n\t\tx.Go()\n\t}\n}\n"
    assert resolved(tmp_path, {"use.go": text}, "Go", path="use.go") == ["member use.go:3", "member use.go:5"]


def test_a_function_that_is_called_where_its_name_is_bound_is_the_outer_one(tmp_path: Path) -> None:
    text = TYPES + "func f(a A) {\n\tb := b(a)\n\tb.Go()\n}\n"
    assert resolved(tmp_path, {"use.go": text}, "b", path="use.go") == ["scope use.go:6"]
    assert resolved(tmp_path, {"use.go": text}, "Go", path="use.go") == ["member use.go:5"]


def test_a_long_chain_is_followed_within_bounds(tmp_path: Path) -> None:
    n = 5_000
    variables = "".join(f"var v{i} = v{i + 1}\n" for i in range(n))
    text = f"{TYPES}{variables}var v{n} = A{{}}\nfunc f() {{ v0.Go(); v{n}.Go() }}\n"
    assert resolved(tmp_path, {"use.go": text}, "Go", path="use.go") == ["unknown", "member use.go:3"]
