"""The text of a stub."""

from __future__ import annotations

from repomap_fast.compat.cecli.stub import StubContext

CODE = "x = 1\n\n\ndef f():\n    a\n    b\n\n\ndef g():\n    c\n"


def test_gaps_say_how_many_lines_are_left_out() -> None:
    context = StubContext("a.py", CODE)
    assert context.text([3, 8], False, None, None) == "⋮ [3 lines omitted]\n│def f():\n⋮ [4 lines omitted]\n│def g():\n"
    assert context.text([8], True, None, None) == "...⋮... [8 lines omitted (L1\N{EN DASH}L8)]\n  9│def g():\n"
    assert context.text([3, 8], False, 4, None) == "⋮ [8 lines omitted]\n│def g():\n"
    assert context.text([3, 8], False, None, 3) == "⋮ [3 lines omitted]\n│def f():\n"
    assert context.text([], False, None, None) == ""
