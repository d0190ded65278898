"""The benchmark of references sees what `refs` says."""

from __future__ import annotations

from pathlib import Path

import pytest

if not (Path(__file__).parents[2] / "benchmarks").is_dir():
    pytest.skip("the benchmarks are not beside the tests", allow_module_level=True)

from benchmarks.references.links import find_links
from benchmarks.references.truth import Truth


def test_a_type_that_a_function_defines_is_a_target_and_its_variables_are_none(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text(
        "int f(int n) {\n  typedef struct { int c; } pair;\n  pair p = {n};\n  return sizeof(pair) + p.c;\n}\n"
    )
    links = find_links(tmp_path, Truth(files={"a.c"}))
    pair = ("a.c", 1, "pair")
    assert pair in links.symbols
    assert {place[1:]: groups for place, (_, groups) in links.groups.items() if {pair} in groups} == {
        (2, 2): [{pair}],
        (3, 16): [{pair}],
    }
    assert not any(line[2] in "np" for _, groups in links.groups.values() for group in groups for line in group)
