"""What references of Java mean, rule by rule."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from support.import_trees import write_files
from support.resolved import all_sites, resolved, sites_of

POOL = (
    "package p.q;\n"
    "public class Pool<T> extends Base {\n"
    "  public static final int MAX = 1;\n"
    "  public static void help() {}\n"
    "  public Pool() {}\n"
    "  public static class Inner { public void go() {} }\n"
    "}\n"
)
BASE = "package p.q;\nclass Base {\n  public void close() {}\n  Pool<String> next() { return null; }\n}\n"
FILES = {"p/q/Pool.java": POOL, "p/q/Base.java": BASE}


def in_class(body: str, imports: str = "import p.q.Pool;") -> dict[str, str]:
    return {**FILES, "Use.java": f"package u;\n{imports}\nclass Use {{\n{body}\n}}\n"}


@pytest.mark.parametrize("imported", ["import p.q.Pool;", "import p.q.*;"])
def test_an_import_leads_to_the_definition(tmp_path: Path, imported: str) -> None:
    assert resolved(tmp_path, in_class("Pool x;", imported), "Pool", path="Use.java")[-1] == "import p/q/Pool.java:2"


def test_types_of_a_package_need_no_import(tmp_path: Path) -> None:
    files = {
        **FILES,
        "x/q/Other.java": "package p.q;\nclass Other { Base b; }\nclass Second {}\n",
        "Use.java": "class Use { Base b; }\n",
    }
    assert resolved(tmp_path, files, "Base", path="x/q/Other.java") == ["scope p/q/Base.java:2"]
    assert sites_of(tmp_path, "Base", "Use.java") == ["outside"]
    write_files(tmp_path, {"p/q/Third.java": "package p.q;\nclass Third { Second s; }\n"})
    assert sites_of(tmp_path, "Second", "p/q/Third.java") == ["scope x/q/Other.java:3"]


@pytest.mark.parametrize(
    ("imported", "used", "name", "line"),
    [
        ("import static p.q.Pool.help;", "help();", "help", 4),
        ("import static p.q.Pool.*;", "help();", "help", 4),
        ("import static p.q.Pool.MAX;", "int x = MAX;", "MAX", 3),
        ("import static p.q.Pool.*;", "int x = MAX;", "MAX", 3),
        ("import p.q.Pool.Inner;", "Inner x;", "Inner", 6),
        ("import p.q.Pool.*;", "Inner x;", "Inner", 6),
    ],
)
def test_an_import_may_name_a_member(tmp_path: Path, imported: str, used: str, name: str, line: int) -> None:
    files = in_class(f"void f() {{ {used} }}", imported)
    assert set(resolved(tmp_path, files, name, path="Use.java")) == {f"import p/q/Pool.java:{line}"}


@pytest.mark.parametrize(
    "body",
    [
        "void f(Pool p) { p.close(); }",
        "Pool<String> p; void f() { this.p.close(); }",
        "void f() { var p = new Pool<String>(); p.close(); }",
        "void f() { new Pool().next().close(); }",
        "void f(Pool[] ps) { ps[0].close(); }",
        "void f(Pool[] ps) { for (Pool p : ps) p.close(); }",
        "void f(java.util.List<Pool<?>> ps) { ps.get(0).close(); }",
        "void f(java.util.List<Pool> ps) { ps.stream().filter(x -> true).findFirst().get().close(); }",
        "void f(Object o) { ((Pool) o).close(); }",
        "void f(Object o) { if (o instanceof Pool p) { p.close(); } }",
        "void f(Object o) { switch (o) { case Pool p -> p.close(); default -> {} } }",
        "void f() { try (Pool p = g()) { p.close(); } }",
        "Pool g() { return null; } void f() { g().close(); }",
        "void f() { p.q.Pool x = null; x.close(); }",
        "void f() { new Pool() { void h() { close(); } }; }",
        "class Sub extends Pool { void h() { super.close(); } }",
        "class Sub extends Pool { class Deep { void h() { close(); } } }",
        "<T extends Pool> void f(T t) { t.close(); }",
        "void f() { Runnable r = Pool::close; }",
    ],
)
def test_a_method_is_found_along_the_bases(tmp_path: Path, body: str) -> None:
    found = resolved(tmp_path, in_class(body), "close", path="Use.java")
    assert [one.split(" ", 1)[1] for one in found] == ["p/q/Base.java:3"]


def test_a_new_object_calls_the_constructors(tmp_path: Path) -> None:
    files = in_class("Pool p = new Pool();\nclass Sub extends Pool {}\nPool q = new Pool() { };")
    assert resolved(tmp_path, files, "Pool", path="Use.java")[1:] == [
        "import p/q/Pool.java:2",
        "import p/q/Pool.java:2 p/q/Pool.java:5",
        "import p/q/Pool.java:2",
        "import p/q/Pool.java:2",
        "import p/q/Pool.java:2 p/q/Pool.java:5",
    ]


def test_overloads_are_one_and_a_field_of_their_name_is_another(tmp_path: Path) -> None:
    text = (
        "class A {\n  int size;\n  int size() { return size; }\n  int size(int n) { return this.size + size(); }\n}\n"
    )
    root = write_files(tmp_path, {"A.java": text})
    assert sites_of(root, "size", "A.java") == ["scope A.java:2", "member A.java:2", "scope A.java:3 A.java:4"]
    lines = {
        kind: repomap_fast.refs(root, f"A.java:{line}", cache=False).references
        for kind, line in (("field", 2), ("method", 3))
    }
    assert {kind: [one.line for one in found] for kind, found in lines.items()} == {"field": [3, 4], "method": [4]}


def test_constants_of_enums(tmp_path: Path) -> None:
    text = (
        "enum Color {\n  RED, GREEN { int n() { return v; } };\n  int v;\n  int n() { return 0; }\n}\n"
        "class Use {\n  int f(Color c) {\n"
        "    switch (c) { case RED: return Color.GREEN.n(); }\n    return c.ordinal();\n  }\n}\n"
    )
    write_files(tmp_path, {"Use.java": text})
    assert sites_of(tmp_path, "RED", "Use.java") == ["guess Use.java:2"]
    assert sites_of(tmp_path, "GREEN", "Use.java") == ["member Use.java:2"]
    assert sites_of(tmp_path, "n", "Use.java") == ["member Use.java:4"]
    assert sites_of(tmp_path, "v", "Use.java") == ["scope Use.java:3"]
    assert sites_of(tmp_path, "ordinal", "Use.java") == ["outside"]


def test_elements_of_annotations(tmp_path: Path) -> None:
    text = "@interface A { int size(); }\n@A(size = 1)\nclass Use {\n  int size;\n  @interface B {}\n  @B int x;\n}\n"
    assert resolved(tmp_path, {"Use.java": text}, "size", path="Use.java") == ["member Use.java:1"]
    assert sites_of(tmp_path, "A", "Use.java") == ["scope Use.java:1"]
    assert sites_of(tmp_path, "B", "Use.java") == ["scope Use.java:5"]


def test_components_of_records_are_called(tmp_path: Path) -> None:
    text = "record Point(int x) { int twice() { return x + x(); } }\nclass Use { int f(Point p) { return p.x(); } }\n"
    assert resolved(tmp_path, {"Use.java": text}, "x", path="Use.java") == ["scope Use.java:1"] * 2 + [
        "member Use.java:1"
    ]


def test_the_class_is_searched_outwards_before_imports(tmp_path: Path) -> None:
    body = "void help() {}\nclass In { void f() { help(); } }\nclass Out extends Object { void g() { equals(null); } }"
    assert (
        resolved(tmp_path, in_class(body, "import static p.q.Pool.help;"), "help", path="Use.java")[-1]
        == "scope Use.java:4"
    )
    assert sites_of(tmp_path, "equals", "Use.java") == ["outside"]


def test_type_parameters_hide_types(tmp_path: Path) -> None:
    files = {"T.java": "class T { void go() {} }\n", "Use.java": "class Use<T> { T t; void f() { t.go(); } }\n"}
    assert resolved(tmp_path, files, "T", path="Use.java") == ["scope Use.java:1"]
    assert sites_of(tmp_path, "go", "Use.java") == ["unknown"]


def test_overridden_methods_are_those_of_bases(tmp_path: Path) -> None:
    text = (
        "interface I { void go(); }\nclass A implements I {\n  public void go() {}\n  void own() {}\n  A() {}\n}\n"
        "class Use { void f(I i) { i.go(); } }\n"
    )
    root = write_files(tmp_path, {"Use.java": text})
    assert [one.name for one in repomap_fast.callers(root, "I.go", cache=False).linked] == ["f"]
    assert [one.name for one in repomap_fast.unused(root, cache=False).definitions] == ["A", "own", "Use", "f"]


def test_circles_of_bases_end(tmp_path: Path) -> None:
    text = (
        "class A extends B { void f() { g(); this.h(); } }\nclass B extends C {}\nclass C extends A {}\n"
        "class D extends D.E { class E extends D { void k() { m(); } } }\n"
        "class F<T extends T> { T t; void f() { t.x(); } }\n"
    )
    write_files(tmp_path, {"A.java": text})
    assert "A.java:1:20 f" not in all_sites(tmp_path)


def test_thousands_of_imports_and_bases_are_bounded(tmp_path: Path) -> None:
    n = 2_000
    classes = "".join(f"class C{i} extends C{i + 1} {{}}\n" for i in range(n))
    imports = "".join(f"import static p.q.C{i}.*;\n" for i in range(n))
    use = "class Use { void f() { x(); new C0().x(); y(); z(); } }\n"
    text = f"package p.q;\n{imports}{classes}class C{n} {{ static void x() {{}} }}\n{use}"
    found = resolved(tmp_path, {"Use.java": text}, "x", path="Use.java")
    assert len(found) == 2


BOX = (
    "package p;\n"
    "class Box<T> { T value; T get() { return value; }\n"
    "  int own() { return value.hashCode(); } }\n"
    "class Foo { void once() {} }\n"
)


@pytest.mark.parametrize("receiver", ["box.get()", "box.value", "new Box<Foo>().get()"])
def test_what_a_type_parameter_stands_for_is_not_known(tmp_path: Path, receiver: str) -> None:
    files = {
        "Box.java": BOX,
        "Use.java": f"package p;\nclass Use {{\n  Box<Foo> box;\n  void f() {{ {receiver}.once(); }}\n}}\n",
    }
    assert resolved(tmp_path, files, "once", path="Use.java") == ["unknown"]
    # All types have these.
    assert sites_of(tmp_path, "hashCode", "Box.java") == ["outside"]
    (definition,) = repomap_fast.refs(tmp_path, "Foo.once").definitions
    assert definition.path == "Box.java"
    assert repomap_fast.refs(tmp_path, "Foo.once").n_unresolved == 1
