"""What references of Go mean, rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from support.import_trees import write_files
from support.resolved import all_sites, resolved, sites_of

MODULE = {"go.mod": "module example.com/m\n\ngo 1.20\n"}
POOL = (
    "package pool\n\ntype Base struct{ Size int }\n\nfunc (b *Base) Close() {}\n\ntype Pool struct{ *Base }\n\n"
    "func New() (*Pool, error) { return nil, nil }\n"
)


def test_files_of_a_package_share_their_names(tmp_path: Path) -> None:
    files = {
        "a.go": "package a\nfunc f() {}\n",
        "b.go": "package a\nfunc g() { f() }\n",
        "c.go": "package b\nfunc h() { f() }\n",
    }
    assert resolved(tmp_path, files, "f", path="b.go") == ["scope a.go:2"]
    assert sites_of(tmp_path, "f", "c.go") == ["unknown"]


@pytest.mark.parametrize(
    ("imported", "used"),
    [
        ('import "example.com/m/pool"', "pool.New"),
        ('import p "example.com/m/pool"', "p.New"),
        ('import . "example.com/m/pool"', "New"),
    ],
)
def test_an_import_leads_to_the_definition(tmp_path: Path, imported: str, used: str) -> None:
    files = {**MODULE, "pool/pool.go": POOL, "use.go": f"package m\n\n{imported}\n\nvar x, err = {used}()\n"}
    assert resolved(tmp_path, files, "New", path="use.go") == ["import pool/pool.go:9"]


def test_a_package_has_the_name_that_it_gives_itself(tmp_path: Path) -> None:
    files = {
        **MODULE,
        "go-pool/pool.go": POOL,
        "use.go": 'package m\n\nimport "example.com/m/go-pool"\n\nvar x, _ = pool.New()\n',
    }
    assert resolved(tmp_path, files, "New", path="use.go") == ["import go-pool/pool.go:9"]


def test_what_is_imported_from_elsewhere_is_outside(tmp_path: Path) -> None:
    text = 'package m\n\nimport "gopkg.in/yaml.v3"\n\nvar x = yaml.New()\nvar y = len(x.New)\n'
    assert resolved(tmp_path, {**MODULE, "pool/pool.go": POOL, "use.go": text}, "New", path="use.go") == [
        "outside",
        "outside",
    ]
    assert sites_of(tmp_path, "len", "use.go") == ["outside"]


@pytest.mark.parametrize(
    "body",
    [
        "p, err := pool.New(); _ = err; p.Close()",
        "var p *pool.Pool\n\tp.Close()",
        "p := &pool.Pool{}\n\tp.Base.Close()",
        "ps := []*pool.Pool{}\n\tfor _, p := range ps { p.Close() }",
        "ps := map[string]pool.Pool{}\n\tps[0].Close()",
        "ps := map[pool.Pool]int{}\n\tfor p := range ps { p.Close() }",
        "ps := make(chan *pool.Pool)\n\tfor p := range ps { p.Close() }",
        "ps := make(chan *pool.Pool)\n\t(<-ps).Close()",
        "var x any\n\tswitch p := x.(type) {\n\tcase *pool.Pool:\n\t\tp.Close()\n\t}",
        "var x any\n\tif p, ok := x.(*pool.Pool); ok { p.Close() }",
        "f := func() *pool.Pool { return nil }\n\tf().Close()",
        "type local struct{ p *pool.Pool }\n\tvar l local\n\tl.p.Close()",
        "tests := []struct{ p pool.Pool }{}\n\tfor _, tt := range tests {\n\t\ttt := tt\n\t\ttt.p.Close()\n\t}",
        "opts := func(ps ...pool.Pool) { for _, p := range ps { p.Close() } }\n\topts()",
        "type list []pool.Pool\n\tfor _, p := range (list{}) { p.Close() }",
        "pool.Pool.Close(pool.Pool{})",
    ],
)
def test_a_method_is_found_by_the_type_before_the_dot(tmp_path: Path, body: str) -> None:
    text = f'package m\n\nimport "example.com/m/pool"\n\nfunc f() {{\n\t{body}\n}}\n'
    assert resolved(tmp_path, {**MODULE, "pool/pool.go": POOL, "use.go": text}, "Close", path="use.go") == [
        "member pool/pool.go:5"
    ]


def test_the_nearest_of_embedded_members_is_meant(tmp_path: Path) -> None:
    text = (
        "package m\ntype A struct{ x int }\ntype B struct{ A }\ntype C struct{ x int }\ntype D struct {\n\tB\n\tC\n}\n"
        "func f(d D) { _ = d.x; _ = d.B.x }\n"
    )
    assert resolved(tmp_path, {"use.go": text}, "x", path="use.go") == ["member use.go:4", "member use.go:2"]


def test_interfaces_embed_methods(tmp_path: Path) -> None:
    text = "package m\ntype R interface{ Read() }\ntype RW interface {\n\tR\n\tWrite()\n}\nfunc f(x RW) { x.Read() }\n"
    assert resolved(tmp_path, {"use.go": text}, "Read", path="use.go") == ["member use.go:2"]


def test_keys_of_literals_are_fields_or_names(tmp_path: Path) -> None:
    text = (
        "package m\nconst k = 1\ntype T struct{ k int }\n"
        "var a = []T{{k: 1}}\nvar b = map[int]T{k: {k: 2}}\n"
        "var c = [...]int{k: 3}\ntype M map[int]int\nvar d = M{k: 4}\n"
    )
    assert resolved(tmp_path, {"use.go": text}, "k", path="use.go") == [
        "member use.go:3",
        "scope use.go:2",
        "member use.go:3",
        "scope use.go:2",
        "scope use.go:2",
    ]


def test_a_name_of_braces_ends_with_them(tmp_path: Path) -> None:
    text = (
        "package m\ntype A struct{}\nfunc (A) Go() {}\ntype B struct{}\nfunc (B) Go() {}\nfunc b() B { return B{} }\n"
        "func f(x A) {\n\tif x := b(); true {\n\t\tx.Go()\n\t}\n\tx.Go()\n}\n"
    )
    assert resolved(tmp_path, {"use.go": text}, "Go", path="use.go") == ["member use.go:5", "member use.go:3"]


def test_a_variable_may_have_the_name_of_its_type(tmp_path: Path) -> None:
    text = "package m\ntype node struct{ next *node }\nfunc f(node *node) *node {\n\treturn node.next.next\n}\n"
    assert resolved(tmp_path, {"use.go": text}, "node", path="use.go") == ["scope use.go:2"] * 3
    assert sites_of(tmp_path, "next", "use.go") == ["member use.go:2"] * 2


def test_methods_of_one_name_in_a_file_are_apart(tmp_path: Path) -> None:
    text = "package m\ntype A struct{}\nfunc (A) Go() {}\ntype B struct{}\nfunc (B) Go() {}\n"
    text += "func f(a A, b B) {\n\ta.Go()\n\tb.Go()\n}\n"
    root = write_files(tmp_path, {"use.go": text})
    for name, line in (("A.Go", 7), ("B.Go", 8)):
        assert [one.line for one in repomap_fast.refs(root, name, cache=False).references] == [line]


def test_a_build_has_the_definitions_of_its_files(tmp_path: Path) -> None:
    files = {
        "a_linux.go": "package m\nfunc open() {}\n",
        "a_windows.go": "package m\nfunc open() {}\n",
        "any.go": "//go:build !go1.18\n\npackage m\n\ntype any = interface{}\n",
        "use.go": "package m\nfunc f(x any) { open() }\n",
        "use_windows.go": "package m\nfunc g() { open() }\n",
    }
    assert resolved(tmp_path, files, "open", path="use.go") == ["scope a_linux.go:2"]
    assert sites_of(tmp_path, "open", "use_windows.go") == ["scope a_windows.go:2"]
    assert sites_of(tmp_path, "any", "use.go") == ["outside"]
    for path in ("a_linux.go", "a_windows.go"):
        found = repomap_fast.refs(tmp_path, f"{path}::open", cache=False)
        assert [one.path for one in found.references] == ["use.go", "use_windows.go"]


def test_circles_of_types_end(tmp_path: Path) -> None:
    text = "package m\ntype A struct{ *B }\ntype B struct{ *C }\ntype C struct{ A }\ntype D D\n"
    text += "func f(a A, d D) { a.b.c(); d.e() }\n"
    write_files(tmp_path, {"use.go": text})
    assert set(all_sites(tmp_path).values()) >= {"unknown", "scope use.go:2"}


def test_thousands_of_embedded_types_are_bounded(tmp_path: Path) -> None:
    n = 3_000
    types = "".join(f"type T{i} struct{{ T{i + 1} }}\n" for i in range(n))
    text = f"package m\n{types}type T{n} struct{{ x int }}\nfunc f(t T0) {{ _ = t.x; _ = t.x.x }}\n"
    assert resolved(tmp_path, {"use.go": text}, "x", path="use.go") == ["unknown"] * 3


@pytest.mark.parametrize("constraint", ["any", "comparable", "interface{}"])
@pytest.mark.parametrize("receiver", ["b.Get()", "b.Value", "h.Value", "Map(&Foo{})", "new(Short[*Foo]).Value"])
def test_what_a_type_parameter_stands_for_is_not_known(tmp_path: Path, constraint: str, receiver: str) -> None:
    box = (
        f"package x\n\ntype Box[T {constraint}, S any] struct {{\n\tValue T\n\tOther S\n}}\n\n"
        f"func (b *Box[T, S]) Get() T {{\n\treturn b.Value\n}}\n\nfunc Map[U {constraint}](u U) U {{\n\treturn u\n}}\n"
        "type Foo struct{}\n\nfunc (f *Foo) Once() {}\n\ntype Held struct {\n\tBox[*Foo, int]\n}\n"
        f"type Short[T {constraint}] struct {{ Value T }}\n"
    )
    use = f"package x\n\nfunc use(b *Box[*Foo, int], h Held) {{\n\t{receiver}.Once()\n}}\n"
    assert resolved(tmp_path, {"go.mod": "module x\n", "box.go": box, "use.go": use}, "Once", path="use.go") == [
        "unknown"
    ]
