"""Inheritance: what each language's classes are made from, and members that a base has."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import ScanResult, SymbolError
from repomap_fast.ranking.inheritance import Inheritance
from repomap_fast.ranking.named import find_named
from repomap_fast.ranking.query_text import read_text
from repomap_fast.symbols.names import find_symbol, qualified

_BASES = {
    "a.py": ("class A(\n    Generic[T], B, metaclass=C,\n):\n    x: D = D()\n    def m(self) -> D: pass\n", "B C"),
    "A.java": ("class A<T extends D> extends B<D> implements p.C<D> {\n  static { new D(); }\n  D f;\n}\n", "B C"),
    "S.java": ("sealed interface A extends B permits D {}\n", "B"),
    "a.ts": ("class A<T extends D> extends n.B<D> implements C<D> { f: D = new D(); }\n", "B C"),
    "a.js": ("class A extends B { f = new D(); static { new D() } }\n", "B"),
    "a.cpp": ("class A : public B, private ns::C<D> { D f; };\n", "B C"),
    "a.cs": ("class A<T> : B<D>, N.C where T : D { D f = new D(); }\n", "B C"),
    "a.kt": ("class A(val x: D) : B<D>(x), C by d { val f = D() }\n", "B C"),
    "a.php": ("<?php\nclass A extends \\N\\B {\n  use C;\n  const X = D::Y;\n}\n", "B C"),
    "a.rb": ("class A < D::B\n  include C\n  has_many :x, of: D\n  D.run\nend\n", "B C"),
    "a.rs": ("struct A { d: D }\nimpl<D> B<D> for A { }\nimpl n::C for A where D: D { }\n", "B C"),
    "a.go": ("package a\ntype A struct { B; *C; d D }\n", "B C"),
    "a.scala": ("class A(x: D) extends B(x) with C[D] { val f = new D }\n", "B C"),
    "a.swift": ("class A: B { var f: D = D() }\nextension A: C { }\n", "B C"),
}
_DEFINITIONS = {
    ".py": "class {0}: pass\n",
    ".rb": "class {0}\nend\n",
    ".php": "<?php\nclass {0} {{}}\n",
    ".rs": "trait {0} {{}}\n",
    ".go": "package a\ntype {0} struct {{}}\n",
    ".cpp": "class {0} {{}};\n",
}


@pytest.mark.parametrize("name", _BASES)
def test_bases_are_found_in_every_language_and_type_arguments_are_none(tmp_path: Path, name: str) -> None:
    source, expected = _BASES[name]
    (tmp_path / name).write_text(source)
    suffix = Path(name).suffix
    for one in "BCD":
        (tmp_path / f"{one}_{suffix}").write_text(_DEFINITIONS.get(suffix, "class {0} {{}}\n").format(one))
    inheritance = Inheritance(repomap_fast.scan(tmp_path, cache=False))
    assert [base.decode() for base in inheritance.above(b"A")] == expected.split()


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("inheritance")
    files = {
        "app/leaf.py": "from app.base import Mid\n\nclass Leaf(Mid):\n    x = 1\n",
        "app/base.py": (
            "class Root:\n    def run(self):\n        return 1\n\n    def mid(self):\n        return 1\n\n"
            "class Mid(Root):\n    def mid(self):\n        return 2\n"
        ),
        "app/other.py": "class Other:\n    def run(self):\n        return 3\n",
        "app/circle.py": "class One(Two): pass\nclass Two(Three): pass\nclass Three(One):\n    def turn(self): pass\n",
        "net/conn.go": "package net\n\ntype Conn struct{ base }\n",
        "net/base.go": "package net\n\ntype base struct{}\n\nfunc (b *base) Close() int {\n\treturn 1\n}\n",
        **{f"many/m{number}.py": "class Many:\n    def run(self): pass\n" for number in range(70)},
    }
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return repomap_fast.scan(root, cache=False)


@pytest.mark.parametrize(
    ("symbol", "place", "name"),
    [
        ("Leaf.run", ("app/base.py", 1), "Root.run"),
        ("Leaf.mid", ("app/base.py", 8), "Mid.mid"),
        ("One.turn", ("app/circle.py", 3), "Three.turn"),
        ("Conn.Close", ("net/base.go", 4), "Close"),
    ],
)
def test_a_member_of_a_base_is_found_by_symbols_and_by_mentions(
    result: ScanResult, symbol: str, place: tuple[str, int], name: str
) -> None:
    found = [result.tag(row) for row in find_symbol(result, symbol).rows.tolist()]
    assert [(tag.path, tag.line - 1, qualified(tag)) for tag in found] == [(*place, name)]
    for query, mention in (("", [symbol]), (f"`{symbol}` fails", [])):
        named = find_named(read_text(query, mention), mention, result)
        assert [(result.graph.paths[file].decode(), row) for file, row in named.promised][:1] == [place]
        assert not named.missing


@pytest.mark.parametrize("symbol", ["Leaf.nothing", "One.run", "Other.mid", "Root.x"])
def test_what_no_base_has_is_missing(result: ScanResult, symbol: str) -> None:
    assert find_named(read_text("", [symbol]), [symbol], result).missing == (symbol,)
    with pytest.raises(SymbolError):
        find_symbol(result, symbol)


def test_a_note_on_a_missing_member_has_the_names_near_the_part_that_is_unknown(result: ScanResult) -> None:
    notes = repomap_fast.map(result.root, mention=["Other.trun"], cache=False).notes
    assert notes == ("nothing here is called 'Other.trun'; did you mean 'run' or 'turn'?",)
