"""Code as people write it: what each file defines, and the words that are no definitions.

Each text is short, and about one kind of form that tags queries miss or take for another.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult


class Written(NamedTuple):
    """A file, its text, the definitions that it has at least, and the names that it does not define."""

    path: str
    text: str
    defines: str
    not_defined: str = ""


CASES = [
    # Words beside a class or a struct that a macro is
    Written(
        "a1.hpp",
        "class API_EXPORT Panel final : public Base {\npublic:\n  API_DEPRECATED void draw();\n};\n",
        "Panel Panel.draw",
        "API_EXPORT Base API_DEPRECATED",
    ),
    Written(
        "a2.h",
        "struct __attribute__((packed)) wire {\n  u8 a;\n} __aligned(4);\n",
        "wire wire.a",
        "__aligned packed",
    ),
    Written(
        "a3.h",
        "struct list {\n  int n;\n} ____cacheline_aligned_in_smp;\nint after(void);\n",
        "list list.n after",
        "____cacheline_aligned_in_smp",
    ),
    Written(
        "a4.h",
        "enum mode {\n  M_ONE,\n  M_TWO,\n} __packed;\n",
        "mode mode.M_ONE mode.M_TWO",
        "__packed",
    ),
    Written(
        "a5.hpp",
        "template <class T> class LIB_API(2) Vec { T *p; };\nclass LIB_LOCAL Fwd;\n",
        "Vec Vec.p",
        "LIB_API LIB_LOCAL",
    ),
    Written(
        "a6.h",
        "union __randomize u { int a; } __randomize_layout;\nextern struct u one __read_mostly;\n",
        "u u.a",
        "__randomize_layout __read_mostly",
    ),
    Written(
        "a7.c",
        "static int __init start(void) { return 0; }\nstatic noinline __cold int slow(void) { return 1; }\n",
        "start slow",
        "__init __cold noinline",
    ),
    Written(
        "a8.hpp",
        "class Q_CORE_EXPORT QThing : public QObject {\n  Q_OBJECT\n"
        "  Q_PROPERTY(int size READ size NOTIFY changed)\npublic slots:\n  void go();\nsignals:\n"
        "  void changed();\n};\n",
        "QThing QThing.go QThing.changed",
        "QObject Q_OBJECT",
    ),
    Written(
        "a9.c",
        "int f(int a) __attribute__((nonnull)) ;\nvoid g(void) __must_check;\nint h __maybe_unused = 3;\n",
        "h",
        "__must_check __maybe_unused nonnull",
    ),
    Written(
        "a10.hpp",
        "struct [[nodiscard]] Res { int code; };\nclass alignas(16) Al { };\n",
        "Res Res.code Al",
        "nodiscard alignas",
    ),
    Written(
        "a11.h",
        "extern void *real_dup(const void *src) __RENAME(dup);\n"
        "struct queue __STRUCT_KFIFO_PTR(char, 0, void);\nint a;\n",
        "real_dup a",
        "__RENAME __STRUCT_KFIFO_PTR",
    ),
    # Macros in rows of their own
    Written(
        "b1.c",
        'MODULE_LICENSE("GPL")\nint one(void) { return 1; }\nEXPORT_SYMBOL(one)\nint two(void) { return 2; }\n',
        "one two",
        "MODULE_LICENSE EXPORT_SYMBOL",
    ),
    Written(
        "b2.cpp",
        "QT_BEGIN_NAMESPACE\nvoid one() {}\nQT_END_NAMESPACE\nvoid two() {}\n",
        "one two",
        "QT_BEGIN_NAMESPACE QT_END_NAMESPACE",
    ),
    Written(
        "b3.c",
        "G_BEGIN_DECLS\nint one(void);\nint two(void) { return 1; }\nG_END_DECLS\n",
        "two",
        "G_BEGIN_DECLS G_END_DECLS",
    ),
    Written(
        "b4.cpp",
        "namespace n {\nFMT_BEGIN_EXPORT\nclass A {};\nFMT_END_EXPORT\nclass B {};\n}\n",
        "n n.A n.B",
        "FMT_BEGIN_EXPORT FMT_END_EXPORT",
    ),
    Written(
        "b5.c",
        "static void f(void)\n{\n  list_for_each_entry(a, b, c)\n    use(a);\n  for_each_cpu(i) {\n"
        "    go(i);\n  }\n}\nvoid g(void) {}\n",
        "f g",
        "list_for_each_entry for_each_cpu",
    ),
    # Conditionals that cut through code
    Written(
        "c1.c",
        "#ifdef A\nint f(int a) {\n#else\nint f(long a) {\n#endif\n  return 1;\n}\nint g(void) { return 2; }\n",
        "f g",
    ),
    Written(
        "c2.c",
        "int f(void) {\n  if (a) {\n#ifdef X\n  } else if (b) {\n#endif\n    go();\n  }\n  return 1;\n}\n"
        "int g(void) { return 2; }\n",
        "f g",
    ),
    Written(
        "c3.c",
        "#if A\nint x;\n#elif B\nint y;\n#else\nint z;\n#endif\n",
        "x y z",
    ),
    Written(
        "c4.c",
        '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void) { return 1; }\n#ifdef __cplusplus\n}\n'
        "#endif\nint g(void) { return 1; }\n",
        "f g",
    ),
    Written(
        "c5.c",
        "struct s {\n#if A\n  int a;\n#else\n  long a2;\n#endif\n  int b;\n};\n",
        "s s.a s.a2 s.b",
    ),
    Written(
        "c6.c",
        "static const struct ops o = {\n#ifdef A\n  .open = f,\n#endif\n  .close = g,\n};\nint h(void) { return 1; }\n",
        "o h",
    ),
    # Macros that define
    Written(
        "e1.c",
        "SYSCALL_DEFINE3(readx, int, fd, char *, buf, int, n)\n{\n  return 1;\n}\nint g(void) { return 2; }\n",
        "readx g",
        "SYSCALL_DEFINE3",
    ),
    Written(
        "e2.c",
        "static DEFINE_SPINLOCK(my_lock);\nDEFINE_MUTEX(my_mutex);\nLIST_HEAD(my_list);\n"
        "DEFINE_PER_CPU(int, my_cpu);\n",
        "my_lock my_mutex my_list my_cpu",
        "DEFINE_SPINLOCK DEFINE_MUTEX",
    ),
    Written(
        "e3.cpp",
        "TEST(Suite, Name) {\n  run();\n}\nTEST_F(Fix, Other) { run(); }\nvoid g() {}\n",
        "g",
        "TEST TEST_F",
    ),
    Written(
        "e4.c",
        "DECLARE_BITMAP(bits, 64);\nstatic DECLARE_WAIT_QUEUE_HEAD(wq);\nstatic DEFINE_IDA(my_ida);\n",
        "bits wq my_ida",
        "DECLARE_BITMAP",
    ),
    # Keywords that are names too
    Written(
        "f1.ts",
        "class A { get = 1; set(x) {} static static() {} async() {} of = 2; type: string; }\n",
        "A A.get A.set A.static A.async A.of A.type",
    ),
    Written(
        "f2.ts",
        "const type = 1;\nlet declare = 2;\nfunction namespace() {}\nvar abstract = 1;\n",
        "type declare namespace abstract",
    ),
    Written(
        "f3.kt",
        "class A {\n  fun value() = 1\n  val data = 2\n  fun inner() {}\n  val open = 1\n}\n",
        "A A.value A.data A.inner A.open",
    ),
    # Owners of methods and members
    Written(
        "h1.go",
        "package a\ntype P struct { n int }\nfunc (p *P) Close() {}\nfunc (p P) Open() {}\n"
        "type G[T any] struct{}\nfunc (g *G[T]) Do() {}\n",
        "P P.n P.Close P.Open G G.Do",
    ),
    Written(
        "h2.cpp",
        "struct Panel { int attach(); int n; };\nint Panel::attach() { return 1; }\nPanel::~Panel() {}\n"
        "int ns::Deep::go() { return 1; }\n",
        "Panel Panel.n Panel.attach",
    ),
    Written(
        "h3.c",
        "typedef struct {\n  int a;\n} Pt;\ntypedef enum { E_A, E_B } En;\n",
        "Pt Pt.a En En.E_A En.E_B",
    ),
    # Names that Python binds
    Written(
        "i1.py",
        "class A:\n    def __init__(self):\n        self.x, self.y = 1, 2\n        self.z: int = 3\n"
        "        self.w = self.v = 4\n",
        "A A.__init__ A.x A.y A.z A.w A.v",
    ),
    Written(
        "i2.py",
        "if a:\n    one = 1\nelse:\n    two = 2\ntry:\n    three = 3\nexcept E as err:\n    four = 4\n"
        "for five in x:\n    pass\nwith o() as six:\n    pass\n",
        "one two three four",
    ),
    Written(
        "i3.py",
        "a = b = 1\n(c, d), *e = f()\nif (g := 1): pass\nh, i = 1, 2\n[j, k] = 1, 2\n",
        "a b c d e g h i j k",
    ),
    Written(
        "i4.py",
        "class A:\n    if x:\n        def m(self): pass\n        n = 1\n    o, p = 1, 2\n",
        "A A.m A.n A.o A.p",
    ),
    # Methods that calls of Ruby make
    Written(
        "j1.rb",
        'class A\n  attr_reader :one, :two\n  attr_accessor "three"\n  alias_method :four, :one\n'
        "  alias five one\n  define_method(:six) { 1 }\n  delegate :seven, to: :x\nend\n",
        "A A.one A.two A.three A.four A.five A.six A.seven",
    ),
    Written(
        "j2.rb",
        "Pt = Struct.new(:x, :y) do\n  def len; 1; end\nend\nmodule M\n  A::B = 1\n  C = 2\nend\nD, E = 1, 2\n",
        "Pt Pt.x Pt.y Pt.len M M.C D E",
    ),
    # Items that macros of Rust are given
    Written(
        "k1.rs",
        "bitflags! {\n  pub struct Flags: u32 {\n    const A = 1;\n  }\n}\nlazy_static! {\n"
        "  static ref CACHE: X = y();\n}\nthread_local! { static TL: u8 = 1; }\n",
        "Flags CACHE TL",
    ),
    Written(
        "k2.rs",
        "cfg_if! {\n  if #[cfg(x)] {\n    fn one() {}\n  } else {\n    fn two() {}\n  }\n}\n",
        "one two",
    ),
    # Exports and patterns of JavaScript
    Written(
        "l1.js",
        "const { a, b: c, ...d } = x;\nlet [e, f = 1] = y;\nmodule.exports.G = class {};\nexports.H = 10;\n"
        "exports.i = function () {};\n",
        "a c d e f G H i",
    ),
    Written(
        "l2.js",
        "module.exports = { one() {}, two: function () {}, three: () => 1 };\nA.prototype.four = function () {};\n",
        "one two three four",
    ),
    # Declarators
    Written(
        "m1.cpp",
        "int (*fp)(int);\nint (&ref)[3] = a;\nchar **pp[2];\n"
        "struct S { operator bool() const; static int n; };\nint S::n = 1;\n"
        "S::operator bool() const { return 1; }\n",
        "fp pp S S.n",
    ),
    Written(
        "m2.c",
        "int *a, b[2], (*c)(void);\nint (*f(int x))(void) { return 0; }\ntypedef int (*cb_t)(int);\n",
        "a b c f cb_t",
    ),
    # Kotlin
    Written(
        "n1.kt",
        "context(A)\nfun one() {}\nval String.two: Int get() = 1\nfun interface Three { fun go() }\n"
        "typealias Four = Int\nval (five, six) = p()\n",
        "one two Three Three.go Four",
    ),
    # Swift
    Written(
        "o1.swift",
        "#if os(iOS)\nfunc one() {}\n#else\nfunc two() {}\n#endif\nprefix func +++ (a: X) -> X { a }\n"
        "extension A { static func == (l: A, r: A) -> Bool { true } }\n",
        "one two",
    ),
    # Shell scripts
    Written(
        "p1.sh",
        "A=1 B=2\nalias ll='ls -l' la='ls -a'\nreadonly C=3\nexport D\ncat <<EOF\n  EOF\nno() { :; }\nEOF\n"
        "last() { :; }\n",
        "A B ll la C last",
        "no",
    ),
    # The other languages
    Written(
        "q1.php",
        "<?php\nenum E: string { case A = 'a'; const B = 1; public static function of() {} }\n"
        "readonly class R { public function __construct(private int $x) {} }\ndefine('LIM', 1);\n"
        "const Z = 1, Y = 2;\n",
        "E E.A E.B E.of R R.__construct LIM Z Y",
    ),
    Written(
        "q2.cs",
        "record P(int X, int Y);\n"
        "file class F { public int this[int i] => 1; public static F operator +(F a, F b) => "
        "a; event Action Ev; }\ndelegate int D(int a);\n",
        "P F F.Ev D",
    ),
    Written(
        "q3.scala",
        "enum Color:\n  case Red, Green\nextension (s: String) def twice = s + s\n"
        "given ord: Ordering[Int] = x\nobject O { val (a, b) = (1, 2) }\n",
        "Color twice O",
    ),
    Written(
        "q4.lua",
        "local M = {}\nfunction M.a() end\nfunction M:b() end\nM.c = function() end\n"
        "local function d() end\nlocal e, f = 1, 2\n",
        "M d e f",
    ),
    Written(
        "q5.java",
        "record P(int x) { P { } static int N = 1; }\nsealed interface S permits A {}\n"
        "@interface An { int v() default 1; }\nclass B { int a, b[]; { int c; } static { } }\n",
        "P P.N S An An.v B B.a B.b",
    ),
    Written(
        "r1.ts",
        "class A { constructor(private a: B, readonly b?: B, override c = 1, d = 2) {} }\n"
        "type T = { e: 1 } & U & V & W;\ninterface I { 'f-g': 1 }\n",
        "A A.a A.b A.c T.e I.f-g",
        "d",
    ),
    Written(
        "r2.js",
        "const { a: { b: { c, ...d } = {}, e: [f] } } = x;\nexports.g = exports.h = function () {};\n",
        "c d f g g.h",
        "a b e",
    ),
    Written("r3.php", '<?php class A { function __construct(private int $b) {} }\ndefine("C", 1);\n', "A.b C"),
    Written(
        "r4.rb",
        'class A\n  alias :b :c\n  define_method("#{d}_e") { }\n'
        "  def_delegator :@x, :f\n  def_delegator :@x, :g, :h\nend\n",
        "A.b A.f A.h",
        "_e c g @x",
    ),
    Written("r5.go", "package p\ntype _ struct{}\ntype S int\nfunc (S) _() {}\nfunc (S) f() {}\n", "S S.f", "_"),
    Written("r6.kt", "val (a, b) = pair\n", "a b"),
    # Names that are bound by other statements than assignments, and members that patterns set
    Written(
        "y1.py",
        "for a, (b, *c) in x: pass\nwith p as d, q as (e, f): pass\n"
        "def g():\n    global h\n    for i in x: pass\n"
        "class A:\n    for j in x: pass\n"
        "    def m(self, v):\n        [self.k, self.l] = v\n        self.n, *self.o = v\n",
        "a b c d e f g A A.j A.m A.k A.l A.n A.o",
        "h i x",
    ),
    # Pointers to members, structured bindings, attributes behind names
    Written(
        "y2.cpp",
        "int A::*a;\nint (A::*b)(int) = &A::f;\nauto [c, d] = p;\nint e [[maybe_unused]];\n"
        "struct S { int A<B>::*f; void (N::A::*g)(); };\ntypedef int (A::*h)(int);\nint (*i)[4];\n"
        "T Holder<T, P<int>>::*j;\n",
        "a b c d e S S.f S.g h i j",
        "A Holder N T maybe_unused",
    ),
    Written(
        "y3.c",
        "_Atomic(int) a;\n_Atomic(struct s *) b;\nstruct t { _Atomic(int) c; };\ntypedef int (d);\n",
        "a b t t.c d",
    ),
    # Whose a function is
    Written(
        "y4.js",
        "function A() { this.b = function() {}; }\nA.prototype.c = function() {};\nA.d = () => 1;\n"
        "class E { constructor() { this.f = () => 1; } }\nmodule.exports.g = function() {};\n",
        "A A.c A.d E E.f g",
    ),
    Written(
        "y4.lua",
        "function F(A) A.b = function() end\nfunction A.c() end\nfunction A:d() end\nA['e'] = F end\n"
        "function M.A.f() end\nM.A.g = function() end\nfunction M.A:h() end\n"
        "local A = {}\nfunction A.i() end\nfunction A:j() end\nA.k = function() end\nA['l'] = function() end\n",
        "F F.b F.c F.d f g h A A.i A.j A.k A.l",
    ),
    Written(
        "y4.luau",
        "function F(A) A.b = function() end\nfunction A.c() end\nfunction A:d() end end\n"
        "function M.A.f() end\nM.A.g = function() end\nfunction M.A:h() end\n"
        "local A = {}\nfunction A.i() end\nfunction A:j() end\nA.k = function() end\nlocal l = function() end\n",
        "F F.b F.c F.d f g h A A.i A.j A.k l",
    ),
    Written(
        "y6.js",
        "function f(A) { A.b = function() {}; A.prototype.c = () => 1; }\n(function(A) { A.d = () => 1; })(x);\n"
        "lib.A.prototype.e = function() {};\nconst A = {};\n",
        "f f.b f.c d e A",
    ),
    Written("y5.rs", "impl F for dyn M { fn n() {} }\nbitflags! { struct B: u8 { const C = 1; } }\n", "M.n B B.C"),
]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("written")
    for written in CASES:
        (root / written.path).write_text(written.text)
    return repomap_fast.scan(root, cache=False)


@pytest.mark.parametrize("written", CASES, ids=[written.path for written in CASES])
def test_a_file_defines_what_its_language_says(written: Written, result: ScanResult) -> None:
    tags = [tag for tag in result.file(written.path).tags if tag.role == "definition"]
    found = {f"{tag.scope}.{tag.name}" if tag.scope else tag.name for tag in tags}
    assert set(written.defines.split()) <= found
    assert not {tag.name for tag in tags} & set(written.not_defined.split())
