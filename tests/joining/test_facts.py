"""What files say of their names: scopes, bindings and chains."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import facts as f
from repomap_fast.joining.facts import Facts
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import FileStatus

OPS = (
    *("name", "member", "call", "item", "instance", "new", "literal", "self", "super", "one_of", "generic", "argument"),
    *("awaited", "entered", "element", "scope", "parameter", "result", "type_of", "tag", "raised"),
)
LITERALS = ("none", "string", "number", "boolean", "list", "mapping", "set", "tuple", "function", "other")
KINDS = ["definition", "parameter", "local", "import", "export", "attribute"]


def facts_of(result: ScanResult, file_id: int = 0) -> Facts:
    tags, files = result.tag_table, result.file_table
    row = files.rows_with_language()[file_id]
    of_file = slice(int(files.tag_offsets[row]), int(files.tag_offsets[row + 1]))
    return result.facts.of_file(file_id, tags.rows[of_file], tags.columns[of_file], tags.roles[of_file])


def scan_text(folder: Path, name: str, source: str) -> ScanResult:
    (folder / name).write_text(source)
    return repomap_fast.scan(folder, cache=False)


def chain_text(facts: Facts, chain: int) -> str:
    """Write a chain as one reads it: ``<T>`` is an instance of T, ``x[]`` an item of x."""
    if chain < 0:
        return "-" if chain == f.NO_CHAIN else "?"
    op, base, second = (int(column[chain]) for column in (facts.chain_ops, facts.chain_bases, facts.chain_names))
    if op == f.CHAIN_LITERAL:
        return f"'{LITERALS[base]}'"
    if op == f.CHAIN_SCOPE:
        return f"scope {base}"
    on = chain_text(facts, base)
    if op in (f.CHAIN_NAME, f.CHAIN_TAG):
        return facts.names[second].decode()
    if op == f.CHAIN_MEMBER:
        return f"{on}.{facts.names[second].decode()}"
    if op == f.CHAIN_ARGUMENT:
        return f"{chain_text(facts, second)}, {on}" if second >= 0 else on
    if op == f.CHAIN_GENERIC:
        return f"{on}[{chain_text(facts, second)}]"
    if op == f.CHAIN_ONE_OF:
        return f"{on} | {chain_text(facts, second)}"
    if op in (f.CHAIN_PARAMETER, f.CHAIN_RESULT):
        return f"{OPS[op]} {second} of {on}"
    shapes = {f.CHAIN_CALL: "{}()", f.CHAIN_ITEM: "{}[]", f.CHAIN_INSTANCE: "<{}>", f.CHAIN_SELF: "self"}
    return shapes.get(op, OPS[op] + " {}").format(on)


def bindings_in(result: ScanResult) -> list[str]:
    """List what is bound: its scope, kind, name and chain."""
    facts, tags = facts_of(result), result.tag_table
    found = []
    for i in range(len(facts.binding_scopes)):
        tag, name = facts.binding_tags[i], facts.binding_names[i]
        text = tags.names[int(tags.name_ids[tag])] if tag >= 0 else facts.names[name]
        text = text.decode() if isinstance(text, bytes) else text
        kind = KINDS[facts.binding_kinds[i]]
        found.append(f"{facts.binding_scopes[i]} {kind} {text} = {chain_text(facts, int(facts.binding_chains[i]))}")
    return found


def receivers_in(result: ScanResult) -> list[str]:
    """List the sites that stand behind a dot: row, name, receiver, scope."""
    facts, tags = facts_of(result), result.tag_table
    found = []
    for i in np.flatnonzero(facts.site_receivers != f.NO_CHAIN):
        tag = facts.site_tags[i]
        text = tags.names[int(tags.name_ids[tag])] if tag >= 0 else facts.names[facts.site_names[i]]
        text = text.decode() if isinstance(text, bytes) else text
        receiver = chain_text(facts, int(facts.site_receivers[i]))
        found.append(f"{facts.site_rows[i] + 1} {receiver} . {text} in {facts.site_scopes[i]}")
    return found


PYTHON_BINDINGS: dict[str, tuple[str, list[str]]] = {
    "values and types of a file": (
        "a = Foo()\nb: int = 3\nc = d = m.make(1)[0]\n",
        [
            "0 definition a = Foo()",
            "0 definition b = <int>",
            "0 definition c = m.make()[]",
            "0 definition d = m.make()[]",
        ],
    ),
    "the object of a method, and what is assigned of it": (
        "class A:\n    def f(this, q: Queue):\n        this.q = q\n        this.r = this.q.get()\n",
        [
            "0 definition A = -",
            "1 definition f = -",
            "1 attribute q = q",
            "1 attribute r = this.q.get()",
            "2 parameter this = self",
            "2 parameter q = <Queue>",
        ],
    ),
    "a static method has no object": (
        "class A:\n    @staticmethod\n    def f(x):\n        x.y\n",
        ["0 definition A = -", "1 definition f = -", "2 parameter x = -"],
    ),
    "locals that something asks for": (
        "def f(a):\n    x = Foo()\n    y = Bar()\n    with open() as z, l: z.w\n    for i in z: i.j\n    return x.k\n",
        [
            "0 definition f = -",
            "1 local x = Foo()",
            "1 local z = entered open()",
            "1 local i = element z",
        ],
    ),
    "a local that hides a name is said": (
        "def f():\n    g, h = 1, 2\n    g()\n",
        ["0 definition f = -", "1 local g = 'number'"],
    ),
    "what is global is no local": (
        "def f():\n    global g\n    g = Foo()\n    g()\n",
        ["0 definition f = -"],
    ),
    "imports within a function": (
        "from m import top\ndef f():\n    from n import g as h, i\n    import a.b\n    h(), i(), a.c()\n",
        ["0 definition f = -", "1 import h = -", "1 import i = -", "1 import a = -"],
    ),
    "types in strings": (
        "x: 'Queue[Item | None]' = 1\ny: Literal['Z']\n",
        ["0 definition x = <Queue[Item | 'none']>", "0 definition y = <Literal['string']>"],
    ),
    "functions without a name, and comprehensions": (
        "f = lambda a: a.b\ng = [x.y for x in f]\n",
        [
            "0 definition f = scope 1",
            "0 definition g = 'list'",
            "1 parameter a = -",
            "2 local x = element f",
        ],
    ),
    "one of several, awaited, cast": (
        "a = b or c\nd = e if f else g\nh = await i\nj = cast(K, l)\n",
        [
            "0 definition a = b | c",
            "0 definition d = e | g",
            "0 definition h = awaited i",
            "0 definition j = <K>",
        ],
    ),
}


@pytest.mark.parametrize("case", PYTHON_BINDINGS)
def test_bindings_of_python(case: str, tmp_path: Path) -> None:
    source, expected = PYTHON_BINDINGS[case]
    assert bindings_in(scan_text(tmp_path, "a.py", source)) == expected


def test_receivers_of_python(tmp_path: Path) -> None:
    source = (
        "import os\n@app.route\ndef f(a, b=x.y):\n    os.path.join(a).strip\n    (a or b).c = [1].d\n    f'{a.e}'.g\n"
        "    a[0].h(i.j)\n    (yield).k\n"
    )
    assert receivers_in(scan_text(tmp_path, "a.py", source)) == [
        "2 app . route in 0",
        "3 x . y in 0",
        "4 os . path in 1",
        "4 os.path . join in 1",
        "4 os.path.join() . strip in 1",
        "5 a | b . c in 1",
        "5 'list' . d in 1",
        "6 a . e in 1",
        "6 'string' . g in 1",
        "7 a[] . h in 1",
        "7 i . j in 1",
        "8 ? . k in 1",
    ]


def test_scopes_of_python(tmp_path: Path) -> None:
    source = (
        "class A(B, m.C[T], metaclass=M):\n    @property\n    def p(self) -> R: ...\n    @classmethod\n"
        "    def q(cls):\n        return x\n        return y\n    def r(self):\n        def s(): yield 1\n"
    )
    facts = facts_of(scan_text(tmp_path, "a.py", source))
    assert facts.scope_parents.tolist() == [-1, 0, 1, 1, 1, 4]
    assert facts.scope_kinds.tolist() == [f.SCOPE_FILE, f.SCOPE_CLASS, *[f.SCOPE_FUNCTION] * 4]
    assert [chain_text(facts, chain) for chain in facts.scope_results] == ["-", "-", "<R>", "x | y", "-", "-"]
    assert facts.scope_flags.tolist() == [0, 0, f.FLAG_PROPERTY, f.FLAG_CLASSMETHOD, 0, 0]
    assert [chain_text(facts, chain) for chain in facts.base_chains] == ["B", "m.C[]", "M"]
    assert facts.base_kinds.tolist() == [f.BASE_CLASS, f.BASE_CLASS, f.BASE_METACLASS]
    assert facts.base_scopes.tolist() == [1, 1, 1]


def test_each_reference_and_use_is_a_site_once(tmp_path: Path) -> None:
    source = "import m\nclass A(m.B):\n    x = m.y\n    def f(self, z): return A(self.x, z)\n"
    result = scan_text(tmp_path, "a.py", source)
    facts, tags = facts_of(result), result.tag_table
    assert sorted(facts.site_tags[facts.site_tags >= 0]) == np.flatnonzero(tags.roles).tolist()
    places = list(zip(facts.site_rows.tolist(), facts.site_columns.tolist(), strict=True))
    assert places == sorted(set(places))


def test_a_file_without_rules_has_no_facts(tmp_path: Path) -> None:
    facts = facts_of(scan_text(tmp_path, "a.lua", "local x = f()\n"))
    assert facts.n_scopes == 0
    assert len(facts.site_rows) == 0


def test_tags_that_are_not_those_of_the_file_are_found(tmp_path: Path) -> None:
    result = scan_text(tmp_path, "a.py", "class A:\n    def f(self):\n        self.g()\n")
    none = np.empty(0, np.uint32)
    with pytest.raises(IndexDamagedError, match="a tag that is not there"):
        result.facts.of_file(0, none, none, np.empty(0, np.uint8))
    with pytest.raises(IndexError):
        result.facts.of_file(1, none, none, np.empty(0, np.uint8))


def test_a_long_chain_is_known_to_its_bound(tmp_path: Path) -> None:
    n = 100_000
    facts = facts_of(scan_text(tmp_path, "a.py", "x" + ".m" * n + "\n"))
    assert len(facts.chain_ops) == 24
    assert (facts.site_receivers == f.UNKNOWN_RECEIVER).sum() == n - 24


def test_deep_nesting_is_walked_without_a_stack(tmp_path: Path) -> None:
    n = 500
    source = "".join(" " * i + f"def f{i}(self):\n" for i in range(n)) + " " * n + "self.x.y()\n"
    facts = facts_of(scan_text(tmp_path, "a.py", source))
    assert facts.n_scopes == n + 1
    assert facts.site_scopes[-1] == n


OTHERS: dict[str, tuple[str, str, list[str]]] = {
    "TypeScript: types, classes and members": (
        "a.ts",
        "class A extends B.C { private x: Foo = new Bar();\n  m(q: Q): R { return q.r } }\n"
        "const f = (u?: U): V => u.w;\n"
        "const o = { k: g, n: 1 };\nexport { o as p };\nexport default class { }\n",
        [
            "0 definition A = -",
            "0 definition f = scope 3",
            "0 definition o = scope 4",
            "0 export p = o",
            "0 export default = scope 5",
            "1 definition x = <Foo>",
            "1 definition m = -",
            "2 parameter q = <Q>",
            "3 parameter u = <U>",
            "4 definition k = g",
            "4 definition n = 'number'",
        ],
    ),
    "TypeScript: patterns": (
        "a.ts",
        "function f({a, b: {c}}: T) {\n  const [d, e = 1] = g.h();\n  for (const {i} of js) i.k();\n"
        "  return a.l + c.m + d.n + e.o;\n}\n",
        [
            "0 definition f = -",
            "1 parameter  = <T>",
            "1 local a = <T>.a",
            "1 local c = <T>.b.c",
            "1 local d = g.h()[]",
            "1 local e = g.h()[]",
            "1 local i = element js.i",
        ],
    ),
    "JavaScript: what a constructor assigns": (
        "a.js",
        "class A { constructor(b) { this.c = b || new D(); this.e = b + 1 } }\n",
        [
            "0 definition A = -",
            "1 attribute c = b | new D",
            "1 attribute e = -",
            "1 definition constructor = -",
            "2 parameter b = -",
        ],
    ),
    "Go: receivers, results, several values": (
        "a.go",
        "package p\ntype A struct { B; f, g pkg.C }\nfunc (a *A) M(x X) (Y, error) {\n\tb, err := a.f.G(x)\n"
        "\tfor _, v := range b.xs { v.q() }\n\tc, d := &E{}, make([]F, 1)\n\treturn c.h, d.i(err.j)\n}\n"
        "var X1, X2 = k(), l\n",
        [
            "0 definition A = -",
            "0 definition M = -",
            "0 definition X1 = k()",
            "0 definition X2 = l",
            "1 definition f = <pkg.C>",
            "1 definition g = <pkg.C>",
            "1 definition B = -",
            "2 parameter a = <A>",
            "2 local b = result 0 of a.f.G()",
            "2 local err = result 1 of a.f.G()",
            "2 local c = <E>",
            "2 local d = <-[F]>",
            "3 local _ = result 0 of element b.xs",
            "3 local v = result 1 of element b.xs",
        ],
    ),
    "Go: a switch over types, and names that end with their braces": (
        "a.go",
        "package p\nfunc f(x any) {\n\tswitch v := x.(type) {\n\tcase *A:\n\t\tv.a()\n\tcase B, C:\n\t\tv.b()\n\t}\n"
        "\tif y := g(); y.c { y.d() }\n\tfor y := range m { y.e() }\n}\nvar m map[K]V\n",
        [
            "0 definition f = -",
            "0 definition m = <-[K, V]>",
            "1 parameter x = <any>",
            "2 local v = x",
            "3 local v = <A>",
            "4 local y = g()",
            "5 local y = element m",
        ],
    ),
    "Java: anonymous classes, type parameters, patterns": (
        "A.java",
        "class A<T extends B> {\n  Object x = new C<D>() { E e; };\n  <U extends F & G> void m(U u, T t) {\n"
        "    u.a(); t.b();\n    switch (x) { case H h -> h.c(); case I(J j) -> j.d(); }\n  }\n}\n",
        [
            "0 definition A = -",
            "1 local T = <B>",
            "1 definition x = <Object>",
            "1 definition m = -",
            "2 definition e = <E>",
            "3 local U = <F | G>",
            "3 parameter u = <U>",
            "3 parameter t = <T>",
            "3 local h = <H>",
            "3 local j = <J>",
        ],
    ),
    "Java: declarations": (
        "A.java",
        "class A extends B<C> {\n  Foo x = new Bar(), y;\n  R m(S s, T... t) {\n    var v = this.g(s).h;\n"
        "    for (Z z : v.zs) z.q();\n    try (W w = o()) { w.q(); } catch (E1 | E2 e) { e.x(t.k); }\n"
        "    return f(s.a);\n  }\n}\n",
        [
            "0 definition A = -",
            "1 definition x = <Foo>",
            "1 definition y = <Foo>",
            "1 definition m = -",
            "2 parameter s = <S>",
            "2 parameter t = <T>",
            "2 local v = self.g().h",
            "2 local z = <Z>",
            "2 local w = <W>",
            "2 local e = <E1 | E2>",
        ],
    ),
    "C: structs, declarators and prototypes": (
        "a.c",
        "struct S { struct T *next; U u[3]; };\ntypedef struct S S_t;\nstatic int f(struct S *s, S_t *x) {\n"
        "  X *p = s->next, l;\n  p->y = x->z + l.k;\n}\nS_t *make(int a);\n",
        [
            "0 definition S = -",
            "0 definition S_t = S",
            "0 definition f = -",
            "0 definition make = <S_t>",
            "1 definition next = <T>",
            "1 definition u = <U>",
            "2 parameter s = <S>",
            "2 parameter x = <S_t>",
            "2 local p = <X>",
            "2 local l = <X>",
        ],
    ),
    "C++: classes, methods outside of them, names with several parts": (
        "a.cpp",
        "namespace n { class A : public B { Foo x; R m(); }; }\nn::R A::m() {\n  auto v = std::inner::make<Foo>(1);\n"
        "  v->go(this->x.z);\n  return n::g();\n}\n",
        [
            "0 definition n = -",
            "0 definition m = -",
            "1 definition A = -",
            "2 definition x = <Foo>",
            "2 definition m = <R>",
            "3 local v = std.inner.make[Foo]()",
        ],
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_bindings_of_other_languages(case: str, tmp_path: Path) -> None:
    name, source, expected = OTHERS[case]
    assert bindings_in(scan_text(tmp_path, name, source)) == expected


def test_keys_of_literals_are_members_of_their_types(tmp_path: Path) -> None:
    source = 'package p\nvar a = []*T{{k: 1}, {k: 2}}\nvar b = map[string]T{"x": {k: f(T{k: 3})}}\n'
    assert receivers_in(scan_text(tmp_path, "a.go", source)) == [
        "2 <-[T]>[] . k in 0",
        "2 <-[T]>[] . k in 0",
        "3 <-[string, T]>[] . k in 0",
        "3 <T> . k in 0",
    ]


def test_keys_of_annotations_are_members_of_their_types(tmp_path: Path) -> None:
    source = "@A(k = 1, l = @B(k = 2), m = 3)\nclass C { }\n"
    assert receivers_in(scan_text(tmp_path, "C.java", source)) == [
        "1 <A> . k in 1",
        "1 <A> . l in 1",
        "1 <B> . k in 1",
        "1 <A> . m in 1",
    ]


def test_a_class_without_a_name_has_a_base(tmp_path: Path) -> None:
    facts = facts_of(scan_text(tmp_path, "A.java", "class A { void f() { g(new B<C>() { int x; }); } }\n"))
    assert [chain_text(facts, chain) for chain in facts.base_chains.tolist()] == ["B[C]"]


def test_storage_of_c_says_who_sees_a_name(tmp_path: Path) -> None:
    source = (
        "static int f(void) { return 1; }\nstatic int a = 1, b;\nextern int c;\nint d;\nint g(void) { return 1; }\n"
    )
    result = scan_text(tmp_path, "a.c", source)
    facts = facts_of(result)
    tags = result.tag_table
    names = [tags.names[int(tags.name_ids[tag])].decode() for tag in facts.binding_tags]
    flags = dict(zip(names, facts.binding_flags.tolist(), strict=True))
    hidden, declared = f.FLAG_PRIVATE, f.FLAG_DECLARED
    assert {name: flag & (hidden | declared) for name, flag in flags.items()} == {
        **dict.fromkeys("fab", hidden),
        "c": declared,
        **dict.fromkeys("dg", 0),
    }
    assert facts.binding_rows.tolist() == [0, 1, 1, 2, 3, 4]


@pytest.mark.parametrize("is_read_first", [False, True])
def test_a_name_of_the_facts_is_found_as_its_list_has_it(tmp_path: Path, is_read_first: bool) -> None:
    result = scan_text(tmp_path, "a.py", "import b\nx = alpha.beta(gamma)\ndef f(y, é): return y.beta, é.delta\n")
    names, again = facts_of(result).names, list(facts_of(result).names)
    if is_read_first:
        assert list(names) == again
    assert len(again) > 4
    assert [names.find(name) for name in again] == [again.index(name) for name in again]
    assert [names.find(name) for name in (b"", b"bet", b"betas", b"nothing")] == [-1] * 4
    assert [names[i] for i in range(len(names))] == again


def test_bindings_and_sites_are_found_by_their_names(tmp_path: Path) -> None:
    source = "import b\ndef f(x, y):\n    y = x.f(b.y)\n    return g(y, x)\nclass C:\n    f = g\n    x = f\n"
    result = scan_text(tmp_path, "a.py", source)
    facts, tags = facts_of(result), result.tag_table
    for names, of_tags, find in (
        (facts.binding_names, facts.binding_tags, facts.bindings_named),
        (facts.site_names, facts.site_tags, facts.sites_named),
    ):
        texts = [
            tags.names[int(tags.name_ids[tag])] if tag >= 0 else facts.names[name]
            for name, tag in zip(names.tolist(), of_tags.tolist(), strict=True)
        ]
        ids = {tags.names[int(number)]: int(number) for number in tags.name_ids}
        for name in {*texts, b"nothing"}:
            expected = [i for i, text in enumerate(texts) if text == name]
            assert find(name, tags.name_ids, ids.get(name, -1)) == expected
        assert len(set(texts)) >= 3


def test_bindings_are_in_the_order_of_scopes_and_of_their_rows(tmp_path: Path) -> None:
    """Definitions that nothing is known of but where they stand come between those that are written."""
    source = (
        "int f(int a) {\n#define IN 1\n  int b;\n}\nint c;\n#define LAST\nstruct S { int d;\n#define X\n int e; };\n"
    )
    facts = facts_of(scan_text(tmp_path, "a.c", source))
    places = list(zip(facts.binding_scopes.tolist(), facts.binding_rows.tolist(), strict=True))
    assert places == sorted(places)
    assert len(facts.binding_tags[facts.binding_tags >= 0]) == len(set(facts.binding_tags.tolist()) - {-1})
    assert len(places) >= 8


@pytest.mark.parametrize("most_ahead", [0, 60, 1 << 20])
def test_facts_that_are_read_ahead_are_those_of_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_ahead: int
) -> None:
    monkeypatch.setattr(f, "_MOST_AHEAD", most_ahead)
    for i in range(5):
        (tmp_path / f"{i}.py").write_text(f"x{i} = {i}\ny = x{i}.a(b)\n" if i != 3 else "")
    result = repomap_fast.scan(tmp_path, cache=False)
    expected = [described(facts_of(result, i)) for i in range(5)]
    for asked in (range(5), [4, 1], [], [2]):
        result.facts.read_ahead(list(asked))
        assert (len(result.facts._ahead) == len(asked)) or most_ahead < 1 << 20
        assert [described(facts_of(result, i)) for i in (*asked, 0, 3, 0)] == [expected[i] for i in (*asked, 0, 3, 0)]
        assert set(result.facts._ahead).isdisjoint({*asked, 0, 3})
    assert len({str(one) for one in expected}) == 5


def described(facts: Facts) -> list[object]:
    return [list(facts.names), *(column.tolist() for column in facts[1:])]


def test_a_file_has_no_names_of_the_one_that_was_parsed_before(tmp_path: Path) -> None:
    """A definition with a tag has its name from there; the worker's table of names is then of another file."""
    (tmp_path / "large.c").write_text("extern one_t g; /* the larger file is the first */\n")
    (tmp_path / "small.c").write_text("static int f(void) { return 3; }\n")
    result = repomap_fast.scan(tmp_path, cache=False, workers=1)
    small = facts_of(result, 1)
    assert list(small.names) == []
    assert small.binding_flags.tolist() == [f.FLAG_PRIVATE]


def test_a_name_behind_struct_is_known_by_its_receiver(tmp_path: Path) -> None:
    source = "struct S *f(S *p) { enum E e; return p; }\n"
    assert receivers_in(scan_text(tmp_path, "a.c", source)) == ["1 S . S in 1", "1 E . E in 1"]


def test_a_comment_gives_a_type_the_name_that_is_behind_it_once(tmp_path: Path) -> None:
    source = (
        "/**\n * @typedef Shape\n * @typedef {Pool} Door\n */\n/** @typedef {Open */\n/** @typedef {A|B} Either */\n"
        "function f() {}\n"
    )
    assert bindings_in(scan_text(tmp_path, "a.js", source)) == [
        "0 definition Door = Pool",
        "0 definition Either = A | B",
        "0 definition f = -",
    ]


_VALUES = "/** @%s {" + "A|B|" * 1000 + "A} */ " + "a=1\n" * 48 + ";\n"


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("/*" + "*@typedef " * 200_000 + "*/\n", "/*" + "*@typed   " * 200_000 + "*/\n"),
        ("/*" + "*@typedef {" * 200_000 + "*/\n", "/*" + "*@typed   {" * 200_000 + "*/\n"),
        (_VALUES % "type" * 300, _VALUES % "typo" * 300),
    ],
    ids=["typedefs without a type", "types that do not end", "a long type of many values"],
)
def test_comments_with_types_take_little_more_time_than_others(source: str, plain: str, tmp_path: Path) -> None:
    times_s = []
    for text in (plain, source):
        start = time.process_time()
        result = scan_text(tmp_path, "a.js", text)
        times_s.append(time.process_time() - start)
        assert result.files[0].status in (FileStatus.TAGGED, FileStatus.NO_TAGS)
    assert times_s[1] < 3 * times_s[0] + 0.2
