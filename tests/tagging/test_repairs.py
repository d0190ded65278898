"""Texts that are right in their language and wrong for its grammar: they are parsed again, with other words."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from repomap_fast.languages.table import LANGUAGES, REPAIRS
from support.made_scans import rows, scan_source

CASES = {
    "typescript": [
        ("class A { static accessor shared = 1; }\nfunction end() {}", "A A.shared end"),
        ("class A { @dec accessor grid: Grid; last() {} }", "A A.grid A.last"),
        ("class A { accessor #own = 1; }", "A A.#own"),
        ("class A { accessor() {} other() {} }", "A A.accessor A.other"),
        ("class A { accessor = 1; static accessor b = 2 }", "A A.accessor A.b"),
        ("class A { abstract: string = ''; foo = 0; }", "A A.abstract A.foo"),
        ("class A { declare?: number; override() {} accessor x = 1 }", "A A.declare A.override A.x"),
        ("class A { static accessor x = 1 }\nconst s = 'accessor y';", "A A.x s"),
        ("class A { static accessor x = 1 }\nconst s = a.abstract;", "A A.x s"),
        ("class A { static accessor ['k'] = 1; b() {} }", "A A.b"),
        ("class A<in out T, in out U> { b: T }", "A A.b"),
        ("interface A {\n  <T>(a: T): T | B\n  <U>(a: U): void\n  c: string\n}", "A A.c"),
        ("const a: {\n  /** x */\n  <T>(b: T): C\n  /** y */\n  <U>(b: U): C\n} = f\nconst d = 1", "a d"),
        ("type A<B> = `no \\`C\\`: ${D<B>}`\nfunction e() { return `\\`${f}` }\nclass G {}", "A e G"),
        ("type A = `\\\\${B}\\``\nclass C {}", "A C"),
    ],
    "tsx": [("class A { static accessor shared = 1; }\nconst a = <b/>;", "A A.shared a")],
    "javascript": [
        ("class A { static accessor shared = 1; }\nconst a = <b/>;", "A A.shared a"),
        *(
            (f"// @flow\n{source}\nfunction last() {{}}", f"{names} last".strip())
            for source, names in (
                (
                    "type P = {| a: number |};\nexport type Q<T> =\n  | 'a'\n  | { b: T };\nopaque type R = string;",
                    "P Q R",
                ),
                ("import type { A } from './a';\nimport typeof B from './b';\nexport type { A };", ""),
                (
                    "declare function ext(x: number): string;\ndeclare class C { m(): void }\ninterface I { m(): T }",
                    "ext C C.m I I.m",
                ),
                (
                    "declare var a: number;\ndeclare export function b<T>(x: T): Array<T>;\ndeclare opaque type C = D;"
                    "\ndeclare export class D extends E<F> {\n  +g: H, i?: () => J, static j(k: L): M;\n  [k: L]: N\n}",
                    "a b C D D.g D.i D.j",
                ),
                (
                    "export interface A {\n  (x: number): string;\n  b: { c: number };\n  d<T>(e: T): void,\n}\n"
                    "type F = {\n  g: number,\n};\nlabel: for (;;) { break label; }\nconst type = 1, declare = 2;",
                    "A A.b A.d F type declare",
                ),
                ("declare function a\nfunction b(c: D): E { return 1 }\ndeclare function f<T\n>(g: T): H", "b f"),
                ("declare class A { m() : }\nclass B {}", "A A.m B"),
                ("class C<T> extends D.E<P, S> implements F {\n  +state: S;\n  n: ?number = 1;\n}", "C C.state C.n"),
                (
                    "class C {\n  cb: (e: E) => void = (e) => { go(e); };\n  prop: T\n  size(): M<T> { }\n}",
                    "C C.cb C.prop C.size",
                ),
                (
                    "class C {\n  r = a ? b : c;\n  async load<U>(id: I, ...more: Array<U>): P<?U> { }\n}",
                    "C C.r C.load",
                ),
                ("export function f<T: O>(a: number, b?: string = 'x', { c, d }: P): void {}", "f"),
                (
                    "const g = (a: number, h: (x: S) => void): ?string => a;\nconst k = async <T>(x: T): P<T> => x;",
                    "g k",
                ),
                ("const v: number = ((x: any): string);\nfor (const k: string of ks) { use(k); }", "v"),
                ("const o = { key: 1, m(a: number): S { return a ? b : c; } };\nswitch (x) { case 1: go(); }", "o o.m"),
                ("function g(x: mixed): boolean %checks { return typeof x === 'string'; }", "g"),
                (
                    "declare var of: number, from: string;\n"
                    "var get: number, set: Array<T> = [1, 2],\n  async: (a: T) => U;",
                    "of from get set async",
                ),
                ("const { a, b }: P = c, [d, e]: Q = f;\nlet g = h(1, i ? j : k), l: m;", "a b d e g l"),
                ("for (let a: number = 0, b: T = c; a < 1; a++) {}\nvar of: number = 1\n, d: e", "of d"),
                # Enums, components and hooks
                (
                    "export enum A {B, C}\nenum D of string {\n  E = 'e',\n  F = 'f',\n}\nenum G {}\n"
                    "export default enum H of boolean { I = true, J = false, ... }\nenum K{ L }\ndeclare enum M { N }",
                    "A A.B A.C D D.E D.F G H H.I H.J M M.N",
                ),
                ("const enumeration = 1;\nwith (a) { b; c = 1; }\nenum.b(c);\nenum = { d };", "enumeration"),
                (
                    "component A(b: string, 'data-c' as d: number, e as { f, g }: H = as, ...i: J) renders? K {\n"
                    "  return <K b={d} />;\n}\nexport default component B<T: U = V>(w: T) { const x = 1; }\n"
                    "export component C() renders D {}\nexport hook useE(f: G): void { return h(f); }",
                    "A B C useE",
                ),
                (
                    "declare component A(b: string);\ndeclare export component C<T>(d: T) renders D;\n"
                    "declare hook useE(f: G): H;\ndeclare component I();\nconst component = 1;\ncomponent(a);\n"
                    "hook = component;",
                    "A C useE component",
                ),
            )
        ),
    ],
    "kotlin": [
        (
            "class A {\n    fun <S : Any> suspend(a: B<S>): S {\n        return 1\n    }\n    fun b() {}\n}",
            "A A.suspend A.b",
        ),
        ("class A {\n    fun open(): Int = 1\n    fun <T> inner(x: T) {}\n    fun b() {}\n}", "A A.open A.inner A.b"),
        ("fun <T> List<T>.infix(x: T) {}\nfun b() {}", "infix b"),
        ("context(Logger, Other<A>)\nprivate fun logged() { }\nclass B", "logged B"),
        ("class A {\n    context(Log)\n    val x: Int get() = 1\n    fun b() {}\n}", "A A.x A.b"),
        ("class A { companion object { fun a() = 1 } }\nfun b() {}", "A A.a b"),
        ("enum class A(val x: Int) { B(1) { override fun c() = 1 }; abstract fun c(): Int }", "A A.x A.B A.B.c A.c"),
        ("fun f() {\n    context(1)\n}\nfun b() {}", "f b"),
        ("class A(b: B) : C by b {\n    val d = 1\n    companion object { fun e() = 2 }\n}\nfun f() {}", "A A.d A.e f"),
        ("class A : B(), C<D> by e.f(g) { val h by lazy { 1 } }\nval i = object : B by j { val k = 1 }", "A A.h i i.k"),
        ("class A : B by C(1)\nclass D(val e: F) : G by lazy({ e }) { val h = 1 }", "A D D.e D.h"),
        # Words that are modifiers before a declaration, and names elsewhere
        ("class A { fun inline() {} }\nobject B { fun value(x: C) { } }\nfun d() {}", "A A.inline B B.value d"),
        (
            "val suspend = 1\nvar dynamic: A = 2\nval (suspend, b) = c\nfun dynamic() {}",
            "suspend dynamic suspend b dynamic",
        ),
        (
            "enum class A { open, inline }\nenum class B {\n    const,\n    final\n}\nfun c() {}",
            "A A.open A.inline B B.const B.final c",
        ),
        (
            "fun a(vararg: Int, operator: Int) {\n    operator.b()\n    open(1)\n    inner = 2\n"
            "    final += 3\n    enum[4] = 5\n}\nfun c() {}",
            "a c",
        ),
        ("val a = b { open -> open + 1 }\nfun c() {\n    internal { d() }\n    external as E\n}\nval f = 1", "a c f"),
        (
            "class A(private val open: suspend (B) -> C, val inner: suspend () -> D) { fun open() {} }\nfun e() {}",
            "A A.open A.inner A.open e",
        ),
        # Members in one row
        ("class A { fun b() {} fun c() { } private val d = 1 }\nfun e() {}", "A A.b A.c A.d e"),
        ("class A { init { b() } override fun c() {}}\ninterface D { fun e() }\nval f = 1", "A A.c D D.e f"),
        ("class A { val b: Int get() { return 1 } companion object { fun c() {} } }\nfun d() {}", "A A.b A.c d"),
        ("fun a() { when (b) { 1 -> { c() } else -> { d { e } } } }\nclass F { fun g() {} }", "a F F.g"),
        # The brace of a class behind those of its last member
        (
            "class A { fun b() { c() }}\nclass D { fun e() { if (f) { g() }}}\nobject H { val i = j { 1 }}\nfun k() {}",
            "A A.b D D.e H H.i k",
        ),
        ("class A {\n    fun b() {\n        c() }}\nclass D { class E {}}\nfun f() {}", "A A.b D D.E f"),
        (
            "val a = b(object : C { override fun d() { e { f -> } }})\n"
            "enum class G(val h: Int) { I(1) { override fun j() { k() }}, L(2) }\nfun m() {}",
            "a a.d G G.h G.I G.I.j G.L m",
        ),
        (
            "class A(val b: C) : D(b), E { val f = g { h -> } }\nval i = A::class.let { it }\nfun j() {}",
            "A A.b A.f i j",
        ),
    ],
    "make": [
        ("obj-$(CONFIG_A) += a.o b.o\nlast = 1\n", "last"),
        ("obj-$(if $(A),y,n) := a.o\nall: obj\n", "all"),
        ("obj-$(A) += a.o \\\n\tb.o\n\nB = 1\nall:\n\techo a=b $(C)=d\n", "B all"),
        ("$(A): b\n\tc\nd = $(E)\n", "d"),
        ("ifdef A\n\tB = 1\n\texport C := 2\nelse\n\tD ?= 3\nendif\n", "B C D"),
        ("all: x\n\tE = 1\n\n# c\n\tF = 2\nifdef A\n\tG = 3\nendif\nH = 4\n\tI = 5\n", "all H I"),
        ("define J\n\tK = 1\nall: y\nendef\n\tL = 2\n$(A)/b: c\n\tM = 3\n", "J L"),
        ("a: b\nc:\n\t$(info )\n\t$(info d)\ne:\n\tf\n", "a c e"),
        ("a:\n\t@$(info )\n\t-$(error b [c] = 'd)\r\n\t$(info $(e))\nf:\n\tg\nh = 1\n", "a f h"),
        ("if X\na = 1\nifdef Y\nb = 2\nendif\nelse !X\nc = 3\nd: e\nendif # X\nf = 4\n", "a b c d f"),
    ],
    "sql": [
        ("CREATE PROCEDURE a.b(int) AS 'SELECT 1' LANGUAGE SQL;\nCREATE TABLE c (d int);", "b c c.d"),
        (
            "CREATE FUNCTION f(a int) RETURNS int AS $b$\nBEGIN\n  x := a[1:2] :: ? ;\nEND $b$;\n"
            "CREATE TABLE c (z int);",
            "f c c.z",
        ),
        (
            "DELIMITER //\nCREATE DEFINER=`a`@`b` PROCEDURE `s`.`p`()\nBEGIN\n SELECT 'it\\'s'; END//\n"
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN\nSET @x = 1;\nEND//\n"
            "DELIMITER ;\nCREATE TABLE u (z int);",
            "p t u u.z",
        ),
        (
            "CREATE TABLE [dbo].[A] ([b] int)\nGO\nCREATE OR ALTER PROC [dbo].[c] @a int AS\nBEGIN\n"
            "  SELECT 1;\nEND\nGO\n"
            "CREATE PROCEDURE IF NOT EXISTS d AS SELECT 1; SELECT 2;\ngo\nCREATE TABLE e (z int);",
            "A A.b c d e e.z",
        ),
        (
            "CREATE FUNCTION @extschema@.f() RETURNS int AS $$ ?? $$ LANGUAGE plpgsql;\nCREATE TABLE @x@.t (a int);",
            "f t t.a",
        ),
        (
            "CREATE ALGORITHM = MERGE DEFINER = 'r'@'h' SQL SECURITY INVOKER VIEW x$v (a) AS SELECT 1;\n"
            "CREATE TABLE e (z int);",
            "x$v e e.z",
        ),
        ("CREATE OR REPLACE PROCEDURE p IS\nBEGIN\n  NULL;\nEND p;\n/\nCREATE TABLE e (z int);", "p e e.z"),
        ("CREATE PROC", ""),
        (
            "create tYPE a as enum ('b');\ncREATE pROCEDURE c AS SELECT 1;\nGO\nCreate fUnction d() ?? ;\n"
            "cREATE tRIGGER e BEFORE INSERT ON u FOR EACH ROW ?? ;",
            "a c d e",
        ),
        ("CREATE FUNCTION 'x", ""),
        ("DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END$$", "p"),
    ],
    "swift": [
        ("class A {\n  #if DEBUG\n  func a() {}\n  #endif\n  func b() {}\n  var c = 0\n}", "A A.a A.b A.c"),
        ("class A {\n#if X\n  func a() {}\n#elseif Y\n  func b() {}\n#else\n  func c() {}\n#endif\n}", "A A.a A.b A.c"),
        ("enum A {\n  #if X\n  case one\n  #endif\n  case two\n}", "A A.one A.two"),
        ("struct A {\n  #if X\n  let a = 1\n  #endif\n}\nfunc b() {}", "A A.a b"),
        # Branches that open the same brackets
        (
            "struct A {\n#if X\n  init(a: B) {\n#else\n  init(c: B) {\n#endif\n    d = 1\n  }\n"
            "  func e() {}\n}\nfunc f() {}",
            "A A.init A.init A.e f",
        ),
        (
            "struct A {\n#if X\n  init(a: B,\n#else\n  init(\n#endif\n       c: D) { }\n  func e() {}\n}",
            "A A.init A.init A.e",
        ),
        (
            "#if X\nclass A {\n#elseif Y\nclass A: B {\n#else\nstruct A {\n#endif\n  func c() {}\n}\nfunc d() {}",
            "A A A A.c d",
        ),
        (
            "class A {\n#if X\n  func a()\n#else\n  func b() throws\n#endif\n  {\n    c()\n  }\n  func d() {}\n}",
            "A A.a A.b A.d",
        ),
        # Branches that close them
        (
            "class A {\n  func b() {\n#if X\n    c()\n  }\n#else\n    d()\n  }\n#endif\n  func e() {}\n}\nfunc f() {}",
            "A A.b A.e f",
        ),
        (
            "func a() {\n#if X\n  if b {\n#else\n  if c {\n#endif\n#if Y\n  d() }\n#else\n  }\n#endif\n}\nfunc e() {}",
            "a e",
        ),
        # Branches within others, and brackets in strings and comments
        (
            "class A {\n#if X\n#if Y\n  func a() { // }\n#else\n  func b() {\n#endif\n#else\n  func c() {\n#endif\n"
            '    d("}")\n  }\n  func e() {}\n}',
            "A A.a A.b A.c A.e",
        ),
    ],
    "csharp": [
        (
            "static class E { extension(string s) { public bool A => true; public int B() => 1; } }\nclass C { }",
            "E E.A E.B C",
        ),
        ("static class E {\n  extension<T>(List<T> s)\n  {\n    public int B() { return 1; }\n  }\n}", "E E.B"),
        ("class E { void extension(int a) { } void F() { } }", "E E.extension E.F"),
    ],
    "rust": [
        (
            "pub macro one($x:expr) { $x }\nmod m { macro two { ($a:ident) => { $a }, } }\nfn last() {}",
            "one m m.two last",
        ),
        (
            "macro one($x:expr) { $x }\nfn f() { let r#macro = 1; g!(macro x); }\n// macro no(a) {}\nfn last() {}",
            "one f last",
        ),
        (
            "pub macro one {\n}\nmacro two($a:expr)\n{ $a }\nmacro m\r\n{\r\n  () => {}\r\n}\nfn last() {}",
            "one two m last",
        ),
        ("{ macro m(a }\nfn first() { 1 }\n" + "macro n($x:expr) { $x }\n" * 6, "first" + " n" * 6),
    ],
    "objc": [
        (
            "@interface A : B\n@property (copy) C *d API_NO(macos);\n- (void)e NS_SWIFT_NAME(f(g:)) API_X;\n@end",
            "A A.d A.e",
        ),
        ("API_AVAILABLE(ios(10))\n@interface A\n- (int)b:(int)c\n  d:(int)e NS_REQUIRES_SUPER;\n@end", "A A.b"),
        ("@implementation A\n- (id)init NS_X {\n  return B_C;\n}\n- (void) D_E {}\n@end", "A A.init A.D_E"),
        ("typedef NS_OPTIONS(NSUInteger, A) { B_C, D_E } NS_X(1);\n@interface F\n@end", "A A.B_C A.D_E F"),
        ("@interface A\n@property B *C_D, *E_F;\n- (void)g X_Y;\n@end", "A A.C_D A.E_F A.g"),
        ("@implementation A\n@end\nint B_C f(void) { return 1; }\nD *E_F g(int a);\nint H_I j = 1;", "A f g j"),
        ("@implementation A\n@end\nint B_C f(void) { return D_E g(1); }\nstatic H_I j(void) {}", "A f j"),
    ],
    "bash": [
        ('f() { [ "$a" \\< b ]; }\ng() { :; }', "f g"),
        ("while case $x in a) true ;; esac do :; done\ng() { :; }", "g"),
        ("cat <<EOF\n  EOF x\nno() { :; }\n  EOF\nno2() { :; }\nEOF\nlast() { :; }", "last"),
        ("cat <<-EOF\n\tno() { :; }\n\tEOF\nlast() { :; }", "last"),
        ("cat <<'EOF' | sh\n EOF\nno() { :; }\nEOF\nlast() { :; }", "last"),
        ('cat <<"END"\nEND of it\nno() { :; }\nEND\nlast() { :; }', "last"),
        ("cat <<< EOF\nyes() { :; }\n", "yes"),
        ("x=$((1 << 2))\nyes() { :; }\n", "x yes"),
        ("if cat <<A; then\nno() { :; }\nA\nf() { :; }\nfi\nlast() { :; }", "f last"),
        ('cat <<A|sh\nno() { :; }\nA\ncat <<"B C" >f\nno2() { :; }\nB C\nlast() { :; }', "last"),
        ("cat <<A <<-'B' | sh\nno() { :; }\nA\n\tno2() { :; }\n\tB\nlast() { :; }", "last"),
        # What asks for no here-document
        ("mask=$((1 << shift))\nfoo() { :; }\nshift", "mask foo"),
        ('echo "cat <<EOF"\nfoo() { :; }\ncat <<EOF\nno() { :; }\nEOF\nlast() { :; }', "foo last"),
        ("# cat <<EOF; x\nfoo() { :; }\ncat <<EOF\nno() { :; }\nEOF\nlast() { :; }", "foo last"),
        ("echo 'a\n<<B;'\nfoo() { :; }\nB", "foo"),
        ("(( a = (b) << c )); d\nfoo() { :; }\nc", "foo"),
        ("e[1<<c]=2; d\nfoo() { :; }\nc", "foo"),
        ('echo "${a:-"b"} <<B;"\nfoo() { :; }\nB', "foo"),
        # What does, in a string or behind words that look like one
        ('a="$(cat <<B; c)"\nno() { :; }\nB\nlast() { :; }', "a last"),
        ("a=$'it\\'s' b=$# # it's\ncat <<B; c\nno() { :; }\nB\nlast() { :; }", "a b last"),
        ('a="$(case b in c) d <<E; f ;; esac)"\nno() { :; }\nE\nlast() { :; }', "a last"),
        ("if cat \\\n<<A; then\nno() { :; }\nA\nf() { :; }\nfi\nlast() { :; }", "f last"),
        # Assignments that are all of a line are none of the command in the next
        *(
            (f"A=1 B=2\n{command}\nlast() {{ :; }}", "A B last")
            for command in (
                *("IFS=, read x", "cmd > file", "IFS= cmd | cat", "a && b", "[[ -n x ]] && foo", "[ -n x ] || foo"),
                *("! cmd", "( cmd )", "while IFS= read -r x; do :; done", "# c\n\ncmd", "$cmd y", "./x.sh"),
            )
        ),
        ("A=1 B=2 # c\nC=3\nD=4\tE=(5 6) F[7]=8 G+=9\ncmd", "A B C D E G"),
        ('A="b\nc" D=`e` F=$(g=1 h=2\n i j=3\n)\nK=$(l) cmd', "A D F"),
        ("A=1 \\\n  B=2\ncmd", "A B"),
        # Those of a command are none of the script
        ("a=1 IFS=, read x\nIFS=, read y\na=1 b=2 cmd\na=1 b=2 \\\n  cmd\na=1 b=2 $cmd\nlast=1", "last"),
        ("make a \\\n  b=1 c=2\nD=(\n e=1 f=2\n)\ncat <<G\nh=1 i=2\nG\necho 'j\nk=1 l=2'\nlast=1", "D last"),
    ],
    "prisma": [
        (
            'enum A {\n  B @map("c d")\n  E\n F @x(y: "// }") // g\n  @@map("h")\n}\nmodel I {\n j Int\n}',
            "A A.B A.E A.F I I.j",
        ),
        (
            'enum A { B }\nmodel C {\n  d E @map("f")\n  enum String @map("g")\n  h I @default(J)\n}',
            "A A.B C C.d C.enum C.h",
        ),
        ('enum A {\n  B @map("c\n  D @map("e")\n  F', "A A.B A.D A.F"),
    ],
    "hlsl": [
        ("cbuffer A : register(b0) { float4 b; float c[3] : packoffset(c1); };\nfloat d;", "A A.b A.c d"),
        ("tbuffer A\n  : register (t0, space1) // of all\n{ int b, c; }\nvoid d() {}", "A A.b A.c d"),
        ("cbuffer A : register(b0) {\n#ifdef B\n int c;\n#endif\n int d; }\nstruct E { int f; };", "A A.d E E.f"),
        ("// cbuffer A : x {\ncbuffer B : register(b0) { int c; }\nint d = e ? f : g;", "B B.c d"),
        ('uniform float A < string ui = "x"; min = 0.0; > = 0.5;\nuniform float2 B < a = 1; >;\nint C = 1;', "A B C"),
        ('texture A < source = "a.png"; > { Width = 64; };\nsampler B { Texture = A; };\nint C;', "A B C"),
        ("bool f(int a) { for (int i = 0; i < a; i++) { } return a < 1; }\nint B = 1 < 2; int C = 3 > = 2;", "f B C"),
        ("cbuffer A : register(b0) { int b; }\nbool c = d < e; int f = g > h;", "A A.b c f"),
    ],
}


@pytest.mark.parametrize(
    ("language", "source", "names"), [(language, *case) for language, cases in CASES.items() for case in cases]
)
def test_a_text_has_the_definitions_that_its_language_says(
    language: str, source: str, names: str, tmp_path: Path
) -> None:
    tags = scan_source(tmp_path, source.encode(), language).tags
    found = [tag for tag in tags if tag.role == "definition"]
    assert " ".join(f"{tag.scope}.{tag.name}" if tag.scope else tag.name for tag in found) == names


@pytest.mark.parametrize("language", CASES)
def test_a_repair_moves_no_row(language: str, tmp_path: Path) -> None:
    """Each blank by turns ends a row. Whatever is read then, a tag stands where its name is."""
    sources = [source for source, _ in CASES[language] if len(source) < 200]
    for source in sources:
        for i in (i for i, character in enumerate(source) if character == " "):
            broken = (source[:i] + "\n" + source[i + 1 :]).encode()
            lines = broken.split(b"\n")
            for tag in scan_source(tmp_path, broken, language).tags:
                assert lines[tag.line - 1][tag.column :].startswith(tag.name.encode()), (broken, tag)


def test_every_repair_has_a_language() -> None:
    assert {row.repair for row in LANGUAGES} == set(REPAIRS)
    assert set(CASES) == {row.name for row in LANGUAGES if row.repair}


@pytest.mark.parametrize("n_lines", [0, 3000])
def test_a_repair_far_from_another_error_is_made_too(n_lines: int, tmp_path: Path) -> None:
    far = "// far\n" * n_lines
    source = (
        f"class A {{ static accessor one = 1; }}\n{far}const b = = 1;\n{far}class C {{ static accessor two = 1; }}\n"
    )
    found = {(tag.scope, tag.name) for tag in scan_source(tmp_path, source.encode(), "typescript").tags}
    assert {(None, "A"), ("A", "one"), (None, "C"), ("C", "two")} <= found


def test_far_from_all_errors_a_text_is_read_as_it_is(tmp_path: Path) -> None:
    """A repair would take the second line for a member that begins with its type parameters, and end the call."""
    far = "// far\n" * 300
    source = f"f\n  <T>(1);\n{far}class A {{ static accessor one = 1; }}\n"
    found = {(tag.role, tag.name) for tag in scan_source(tmp_path, source.encode(), "typescript").tags}
    assert {("reference", "f"), ("definition", "one")} <= found


# Parts of a text, the repairs that are made in them, and an error that stays.
MENDED = {
    "typescript": (
        "/* é */ namespace N%d {\n  export class A<in out T> { é(b: T) { return `${f(b)}` } }\n"
        "  const c: {\n  (d: E): F\n  <G>(h: G): I\n  } = j\n  k(1)\n}\n",
        {"in out": "      ", "  <G>": " ;<G>"},
        "interface Left<out L> { m: L }\n",
    ),
    "csharp": (
        'static class A%d { extension(string é) { public bool B => c("é"); }//\n  int D() { return E(1); }\n}\n',
        {"extension(string é) {": " " * len("extension(string é) {".encode()), "}//": " //"},
        "class F { int = ; }\n",
    ),
}


@pytest.mark.parametrize("n", [1, 40, 300])
@pytest.mark.parametrize("language", MENDED)
def test_a_text_that_is_parsed_again_is_read_as_if_it_were_written_so(language: str, n: int, tmp_path: Path) -> None:
    """What was not changed is taken from the first tree. Of many changes, the last are told as one."""
    part, mends, error = MENDED[language]
    source = "".join(part % i for i in range(n)) + error + "".join(part % i for i in range(n, 2 * n))
    mended = source
    for written, repaired in mends.items():
        assert mended.count(written) == 2 * n
        mended = mended.replace(written, repaired)
    found, expected = scan_source(tmp_path, source.encode(), language), scan_source(tmp_path, mended.encode(), language)
    assert rows(found) == rows(expected)
    assert found.file(b"source").unread == expected.file(b"source").unread != []


def test_a_routine_that_was_read_keeps_what_it_refers_to(tmp_path: Path) -> None:
    """Only the one that cannot be read is repaired."""
    source = (
        "CREATE FUNCTION a() RETURNS int AS $$ SELECT b FROM kept $$ LANGUAGE sql;\n"
        "CREATE PROCEDURE c() AS $$ SELECT 1 $$;\n"
    )
    found = {(tag.role, tag.kind, tag.name) for tag in scan_source(tmp_path, source.encode(), "sql").tags}
    assert {("definition", "function", "a"), ("reference", "table", "kept"), ("definition", "function", "c")} <= found


COSTLY: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "routines": ("sql", lambda n: b"CREATE FUNCTION f() RETURNS int BEGIN x; END;\n" * (80 * n)),
    "declared functions without parameters": (
        "javascript",
        lambda n: b"// @flow\n" + b"declare function a\n" * (320 * n),
    ),
    "declarations in one line": ("javascript", lambda n: b"// @flow\n" + b"declare x;" * (320 * n)),
    "types behind parentheses that are none": (
        "javascript",
        lambda n: b"// @flow\nx = " + b"a?(b):" * (40 * n) + b"d" + b"|d" * (3000 * n) + b";\n%)\n",
    ),
    "annotations that do not end": ("hlsl", lambda n: b"a < b; " * (1000 * n) + b"{ ( }"),
    "buffers without a brace": ("hlsl", lambda n: b"cbuffer a : " * (500 * n) + b"{ ( }"),
    "delegates": ("kotlin", lambda n: b"class X : A by by" + b".by" * (4000 * n)),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_repair_does_not_cost_the_square_of_a_text(name: str, tmp_path: Path) -> None:
    """Four times the text takes four times as long; it took more than ten times."""
    language, source = COSTLY[name]
    times_s = []
    for n in (25, 100):
        text, folder = source(n), tmp_path / str(n)
        folder.mkdir()
        start = time.process_time()
        scan_source(folder, text, language)
        times_s.append(time.process_time() - start)
    assert times_s[1] < 8 * times_s[0], "cost is not linear"
