"""Where files use names as values, and are not bound in a function around them."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import Index
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.records import RecordColumns
from repomap_fast.joining.uses import USE_KINDS, FileUses
from repomap_fast.store.columns import MemoryColumns

PYTHON: dict[str, tuple[str, list[str]]] = {
    "arguments, lists and members": (
        "Thread(target=worker, args=[handler])\nf(*rest, **more)\nx = {key: on_save}\n",
        ["1 worker read", "1 handler read", "2 rest read", "2 more read", "3 key read", "3 on_save read"],
    ),
    "members": (
        "def f(self, node):\n    self.queue = node.next.item\n    self.items[0].size += 1\n    del node.gone\n",
        [
            "2 queue write",
            "2 next member",
            "2 item member",
            "3 items member",
            "3 size write",
            "4 gone member",
        ],
    ),
    "parameters": (
        "def f(a, b=DEFAULT, *c, d: int = OTHER, **e):\n    return [a, b, c, d, e, g]\nh = lambda i, j=K: (i, j, l)\n",
        ["1 DEFAULT read", "1 OTHER read", "2 g read", "3 K read", "3 l read"],
    ),
    "locals": (
        "def f():\n    a = b = 1\n    c, (d, *e) = 1, (2, 3)\n    for i in RANGE:\n        pass\n"
        "    with open(P) as g:\n        pass\n    try:\n        pass\n"
        "    except Error as h:\n        pass\n    if (k := 1):\n        pass\n"
        "    return a, b, c, d, e, i, g, h, k, free\n",
        ["4 RANGE read", "6 P read", "14 free read"],
    ),
    "a name that is assigned anywhere in the function is a local": (
        "def f():\n    print(late)\n    late = 1\n",
        [],
    ),
    "comprehensions": (
        "[x for x in XS if x in YS]\n{k: v for k, v in items}\n(x for x in ZS)\nprint(x)\n",
        ["1 XS read", "1 YS read", "2 items read", "3 ZS read", "4 x read"],
    ),
    "functions in functions": (
        "def outer(a):\n    def inner(b):\n        return a, b, c\n    return inner\nprint(a)\n",
        ["3 c read", "4 inner read", "5 a read"],
    ),
    "functions in functions whose names are assigned": (
        "def f():\n    def inner(): pass\n    inner = wrap(inner)\n    if (inner := OTHER):\n        return inner\n",
        ["3 inner write", "3 inner read", "4 inner write", "4 OTHER read", "5 inner read"],
    ),
    "classes in functions whose names are bound around them": (
        "def outer(Inner):\n    def g():\n        class Inner: pass\n        return Inner\n    return Inner, g\n",
        ["4 Inner read", "5 g read"],
    ),
    "global and nonlocal": (
        "def f():\n    global total\n    total = 1\n    n = 0\n    def g():\n        nonlocal n\n        n = total\n",
        ["3 total write", "7 total read"],
    ),
    "imports bind nothing": (
        "def f():\n    from m import handler\n    return handler\n",
        ["3 handler read"],
    ),
    "classes": (
        "class A(B):\n    x = LIMIT\n    def f(self):\n        return x\n",
        ["2 LIMIT read", "4 x read"],
    ),
    "classes in functions bind nothing": (
        "def f():\n    class A:\n        x = 1\n    return A, x\n",
        ["4 A read", "4 x read"],
    ),
    "keywords name parameters": ("f(key=value)\n", ["1 value read"]),
    "strings that are computed": (
        "f'{name} {obj.attr!r:>{width}}'\n",
        ["1 name read", "1 obj read", "1 attr member", "1 width read"],
    ),
    "patterns": (
        "def f(s):\n    match s:\n        case Kind.SMALL:\n            pass\n        case Point(x=a) | [b, *c]:\n"
        "            return a, b, c, d\n",
        ["3 Kind read", "3 SMALL member", "6 d read"],
    ),
    "decorators and annotations are tags": ("@app.route\ndef f(a: int) -> str: ...\n", ["1 app read"]),
}


OTHERS: dict[str, tuple[str, str, list[str]]] = {
    "TypeScript: values and members": (
        "a.ts",
        "app.get('/', index);\nexport default memo(Card);\n[f, g].map(h);\nobj.size = Kind.SMALL;\nx++;\n",
        [
            *("1 app read", "1 index read", "2 Card read", "3 f read", "3 g read", "3 h read"),
            *("4 obj read", "4 size write", "4 Kind read", "4 SMALL member", "5 x write"),
        ],
    ),
    "TypeScript: what is bound in a function": (
        "a.ts",
        "function f(a: T, {b, c: d = D, ...e}: U, ...g: V[]) {\n  const h = a, [i, j] = k;\n  for (const l of m) l;\n"
        "  try {} catch (n) { n; }\n  return [a, b, d, e, g, h, i, j, ((o) => o + p)];\n"
        "}\nconst q = async r => [r, s];\n",
        ["1 b member", "1 c member", "1 D read", "2 k read", "3 m read", "5 p read", "7 s read"],
    ),
    "TypeScript: objects and classes": (
        "a.ts",
        "class A { z = W; m(v) { this.u = v; } }\nconst o = {t, k: w, [cc]: dd};\n"
        "enum E { A, B = X }\nexport {local as ext};\n",
        [
            *("1 W read", "1 u write", "2 t read", "2 k member", "2 w read", "2 cc read", "2 dd read"),
            *("3 X read", "4 local read", "4 ext read"),
        ],
    ),
    "tsx": (
        "a.tsx",
        "const x = <Foo onClick={save} {...rest}>{child}</Foo>;\n",
        ["1 onClick member", "1 save read", "1 rest read", "1 child read", "1 Foo read"],
    ),
    "JavaScript: functions that variables of functions hold": (
        "a.js",
        "function f(g) {\n  const a = () => 1, b = a;\n  var c, d;\n  if (g) c = function () {}; else d = 1;\n"
        "  function e() {}\n  e = g(e);\n  return [a, b, c, d, e];\n}\n",
        ["2 a read", "6 e write", "6 e read", "7 a read", "7 c read", "7 e read"],
    ),
    "Rust: functions in functions": (
        "a.rs",
        "fn f() {\n  fn g() {}\n  let g = h(g);\n  let k = 1;\n  take(g, k);\n}\n",
        ["3 g read", "5 g read"],
    ),
    "JavaScript": ("a.js", "run(worker);\nfunction f(worker) { run(worker); }\n", ["1 worker read"]),
    "Java": (
        "A.java",
        "class A {\n  int f = MAX;\n  void m(int a, String... b) {\n    int c = a;\n"
        "    for (int d : xs) use(d, b, c);\n"
        "    run(this::cb);\n    run(i -> i + j);\n    o.p = q.r;\n    n++;\n  }\n}\n",
        [
            *("2 MAX read", "5 xs read", "7 j read"),
            *("8 o read", "8 p write", "8 q read", "8 r member", "9 n write"),
        ],
    ),
    "Go": (
        "a.go",
        "package p\nfunc (r *T) f(a, b int, c ...string) (d error) {\n\te := a\n"
        "\tfor i, j := range xs {\n\t\tk.l = i + j\n\t}\n"
        "\tuse(e, b, c, d, r, handler, S{F: o})\n\tg := func(t int) int { return t + u }\n\treturn g\n}\n",
        [
            *("4 xs read", "5 k read", "5 l write", "7 handler read", "7 F member", "7 o read", "8 u read"),
        ],
    ),
    "C": (
        "a.c",
        "struct ops o = {.open = demo_open};\nstatic void (*tab[])(void) = {fa, &fb};\nint g(int a, char *b[N]) {\n"
        "  int c = a, *d = &e;\n  p->next = q.r;\n"
        "  for (int i = 0; i < LIMIT; i++) arr[i] = h;\n  return f(cb, b, c, d);\n}\n"
        "int prototype(int x);\n#ifdef FLAG\n#endif\n",
        [
            *("1 open member", "1 demo_open read", "2 fa read", "2 fb read", "3 N read", "4 e read", "5 p read"),
            *("5 next write", "5 q read", "5 r member", "6 LIMIT read", "6 arr read", "6 h read", "7 cb read"),
            "10 FLAG read",
        ],
    ),
    "conditionals of C": (
        "a.c",
        "int g = a;\n#if LIMIT > 3 && defined(FLAG)\nint h = b;\n#elif OTHER\n#endif\nint i = c;\n",
        ["1 a read", "2 LIMIT read", "2 FLAG read", "3 b read", "4 OTHER read", "6 c read"],
    ),
    "C++": (
        "a.cpp",
        "int A::f(int a, int b = D) {\n  auto g = [&](int c) { return a + b + c + e; };\n"
        "  for (auto &d : xs) use(d, g);\n"
        "  return Kind::SMALL;\n}\n",
        ["1 D read", "2 e read", "3 xs read", "4 Kind read", "4 SMALL member"],
    ),
    "C#": (
        "A.cs",
        "class A {\n  int f = MAX;\n  void M(int a, int b = D) {\n    var c = a;\n"
        "    foreach (var d in xs) { use(b, c, d); }\n"
        "    btn.Click += OnClick;\n    o.P = q.R;\n    run(h => h + i);\n    var k = Kind.Small;\n  }\n}\n",
        [
            *("2 MAX read", "3 D read", "5 xs read", "6 btn read", "6 Click write", "6 OnClick read"),
            *("7 o read", "7 P write", "7 q read", "7 R member", "8 i read", "9 Kind read", "9 Small member"),
        ],
    ),
    "Kotlin": (
        "a.kt",
        "fun f(a: Int): Int {\n  val c = a\n  run(::cb)\n  xs.map { h -> h + j }\n"
        "  val k = Kind.SMALL\n  return c\n}\n",
        ["4 xs read", "4 j read", "5 Kind read", "5 SMALL member"],
    ),
    "PHP": (
        "a.php",
        "<?php\nfunction f($a) {\n  $c = $a->size;\n  return [MAX, Kind::Small, $c];\n}\n",
        ["3 size member", "4 MAX read", "4 Small member"],
    ),
    "the word behind a class of PHP that means the class itself": (
        "a.php",
        "<?php\n$a = [A::class, \\B\\C::class, static::class, $d::class, self::LIMIT, g(E::CLASSES), F::h(...)];\n",
        ["2 B read", "2 LIMIT member", "2 CLASSES member"],
    ),
    "names that patterns of Rust bind, and constants in them": (
        "a.rs",
        "fn f() {\n  match k { MAX => b, n @ LOW..=HIGH => n, Point { x, y: z } => use_it(x, z), Some(m) => m,"
        " None => c }\n"
        "  if let None = d {} while let Ok(e) = g { h(e); }\n  x\n}\n",
        [
            *("2 k read", "2 MAX read", "2 b read", "2 LOW read", "2 HIGH read", "2 x member", "2 y member"),
            *("2 None read", "2 c read", "3 None read", "3 d read", "3 g read"),
        ],
    ),
    "names that patterns of Scala bind, and constants in them": (
        "a.scala",
        'object O { def f(k: K) = k match { case Max => a; case x @ Foo(y, Bar) => x + y; case 1 | Two => s"$b"\n'
        "  case h :: t => g(h, t); case n: N => n } }\n",
        ["1 Max read", "1 a read", "1 Bar read", "1 Two read", "1 b read"],
    ),
    "names that patterns of Ruby bind, and constants in them": (
        "a.rb",
        "def f(v)\n  case v\n  in {name: String => n, age:} if g then [n, age]\n"
        "  in [first, *rest, A] then [first, rest]\n"
        "  in Point(x:, y: z) | ^pin | B::C then [x, z, y]\n  end\n  v => {k:}\n  k\nend\n",
        ["3 g read", "4 A read", "5 pin read", "5 C member"],
    ),
    "names that patterns of C# bind, and members in them": (
        "a.cs",
        "class A { void f(object o) {\n  var (m, n) = pair; if (o is Foo { P: Val, Q: { R: > Low } } g) use(g, m, n);\n"
        "  switch (o) { case Circle { S: 1 } c: use(c); break; case Bar(One, var d): use(d); break; }\n} }\n",
        [
            *("2 pair read", "2 P member", "2 Val read", "2 Q member", "2 R member", "2 Low read", "3 S member"),
            *("3 One read",),
        ],
    ),
    "names of attributes of C#": (
        "a.cs",
        "[A(Max, Name = Named)] class B { }\n",
        ["1 Max read", "1 Name member", "1 Named read"],
    ),
    "names that patterns of Swift bind": (
        "a.swift",
        "func f() {\n  switch k {\n  case let .pair(u, (v, w)): use(u, v, w)\n  case .one(let x), .two(X): use(x)\n"
        "  case let (y, z): use(y, z)\n  default: break\n  }\n}\n",
        ["2 k read", "3 pair read", "4 one read", "4 two read", "4 X read"],
    ),
    "errors that Kotlin catches, names in its texts, and what its lambdas are given": (
        "a.kt",
        'fun f() {\n  try { } catch (e: E) { g(e, h) }\n  xs.map { it.size + n }\n}\nval z = "${a} $b"\n',
        ["2 h read", "3 xs read", "3 size member", "3 n read", "5 a read", "5 b read"],
    ),
    "what a pattern of Python leaves": (
        "a.py",
        "def f(x):\n    match x:\n        case {'k': v, 'l': [w, *ws], **rest}: return v, w, ws, rest, y\n",
        ["3 y read"],
    ),
    "the object of a method of Lua": (
        "a.lua",
        "function M:f() self.a = self.b + c end\n",
        ["1 M read", "1 a write", "1 b member", "1 c read"],
    ),
    "words of Scala that mean the object around": (
        "a.scala",
        "object O { val x = Outer.this.y }\n",
        ["1 Outer read", "1 y member"],
    ),
    "words of Swift that mean the type itself": (
        "a.swift",
        "let c = Foo.self\nlet d = e.self.f\n",
        ["1 Foo read", "2 e read", "2 f member"],
    ),
    "names of C# behind an alias": ("a.cs", "class A { object a = global::B.C; }\n", ["1 B read", "1 C member"]),
    "variables of PowerShell that are said to be the script's": (
        "a.ps1",
        "function f($a) {\n  $script:B = $a + $Script:C.d; $q = ${script:Ef}\n"
        "  $global:G++; $script:H['i'] = $script:J[$k]\n"
        "  $l = $local:M + $env:N; Use-It $script:B\n  ($o, $script:P) = 1, 2\n}\n"
        "function g { $script:B += 1 }\n",
        [
            *("2 C read", "2 Ef read", "3 G read", "3 H read", "3 J read", "4 B read", "5 P write", "7 B write"),
        ],
    ),
    "members of classes in PHP": (
        "a.php",
        "<?php\nfunction f($a) {\n  static::$s = self::$t['k'] + parent::$u;\n  A::$v[] = \\B\\A::$w->x;\n"
        "  $a->y = $a::$z; $$a = $a::$$b; static::${'c'} = 1;\n  A::$d++; self::$e .= 'g'; [self::$h] = $a;\n}\n",
        [
            *("3 s write", "3 t member", "3 u member", "4 v member", "4 B read", "4 w member", "4 x member"),
            *("5 y write", "5 z member", "6 d write", "6 e write", "6 h write"),
        ],
    ),
    "Ruby": (
        "a.rb",
        "def m(a, b = D, *c)\n  x = a\n  xs.each { |i| i + y }\n  run(method(:cb), x, b, c)\nend\nX = [Worker]\n",
        ["1 D read", "3 xs read", "3 y read", "4 cb read", "6 Worker read"],
    ),
    "Swift": (
        "a.swift",
        "func f(_ a: Int, by b: Int = D) {\n  let c = a; self.q = p.r\n  for i in xs { use(i, c, b) }\n"
        "  if let u = opt { run(u, at: cb) }\n  xs.map { h in h + j }\n  button.add(#selector(A.m))\n}\n"
        "let k = Kind.small\n",
        [
            *("1 D read", "2 q write", "2 p read", "2 r member", "3 xs read", "4 opt read", "4 cb read", "5 xs read"),
            *("5 j read", "6 button read", "6 A read", "6 m member", "8 Kind read", "8 small member"),
        ],
    ),
    "Scala": (
        "a.scala",
        "object O {\n  def f(a: Int, b: Int = D) = { val c = a; g(b, c, cb) }\n  def h = xs.map(i => i + j)\n"
        "  def k = for { x <- ys.all } yield x\n  def m(q: Q) = q match { case Some(n) => n; case _ => Kind.Small }\n"
        "  def s() = { o.size = LIMIT }\n}\n",
        [
            *("2 D read", "2 cb read", "3 xs read", "3 j read", "4 ys read", "4 all member", "5 Kind read"),
            *("5 Small member", "6 o read", "6 size write", "6 LIMIT read"),
        ],
    ),
    "Lua": (
        "a.lua",
        "local M = {}\nfunction M.f(a, b)\n  local c = a\n  M.size = LIMIT\n  run(b, c, work)\n"
        "  for i, v in pairs(xs) do total = v end\n  return { on_save = M.save, i }\nend\n",
        [
            *("2 M read", "4 M read", "4 size write", "4 LIMIT read", "5 work read", "6 xs read", "6 total write"),
            *("7 on_save member", "7 M read", "7 save member"),
        ],
    ),
    "Julia: what is bound in a function": (
        "a.jl",
        "function h(a::T, b...; kw=DEFAULT, other::U=g) where {T<:Real}\n  local q = 3\n"
        "  for i in 1:n, (j, k) in pairs(items)\n    c = run(worker, a, b, kw, other, q, i, j, k)\n  end\n"
        "  s.field = handler\n  [w(t) for t in coll if pred]\n  map(xs) do el\n    el.name + LIMIT\n  end\n"
        "  try\n  catch err\n    show(err)\n  end\n  (x -> x + off, (y, z=D) -> y)\n  opts(; key=value, extra)\n"
        "  key\nend\n",
        [
            *("1 DEFAULT read", "1 g read", "1 Real read", "3 n read", "3 items read", "4 worker read"),
            *(
                "6 s read",
                "6 field write",
                "6 handler read",
                "7 coll read",
                "7 pred read",
                "8 xs read",
                "9 name member",
            ),
            *("9 LIMIT read", "15 off read", "15 D read", "16 value read", "16 extra read", "17 key read"),
        ],
    ),
    "Julia: short functions, types and modules": (
        "a.jl",
        "using Other: thing\nf(x, y=K) = map(z -> x + y + z, base)\ng(x::T)::U where {T} = x\n"
        "struct S{T} <: Abs\n  a::Int\n  b\nend\nconst C = f\nhandlers = [f, M.g, :sym]\n"
        "function outer()\n  inner(o) = o\n  t = (k=v, l=w)\n  return [inner, t, k]\nend\nexport f\n",
        [
            *("2 K read", "2 base read", "4 Abs read", "8 f read", "9 f read", "9 M read", "9 g member"),
            *("12 v read", "12 w read", "13 inner read", "13 k read", "15 f read"),
        ],
    ),
    "R": (
        "a.R",
        "f <- function(x, y = g, ...) {\n  z <- x + other\n  w = lapply(x, handler)\n  for (i in items) print(i)\n"
        "  a$b <- val\n  x[[idx]] <- y\n  pkg::fun\n  sapply(xs, \\(t) t + LIMIT)\n  run(arg = value, z, w)\n"
        "  inner <- function(u) u\n  list(inner, x == z)\n}\nk <- f\ndo.call(f, list(k))\n",
        [
            *("1 g read", "2 other read", "3 handler read", "4 items read", "5 a read", "5 b write", "5 val read"),
            *("6 idx read", "7 fun member", "8 xs read", "8 LIMIT read", "9 value read", "11 inner read", "13 f read"),
            *("14 f read", "14 k read"),
        ],
    ),
    "Bash": (
        "a.sh",
        'f() {\n  local a=$LIMIT b\n  c=$1\n  echo "$a ${D:-$E} $((N + a)) $?"\n'
        "  for i in $LIST; do echo $i; done\n}\n",
        ["2 LIMIT read", "3 c write", "4 D read", "4 E read", "4 N read", "5 LIST read"],
    ),
    "Rust": (
        "a.rs",
        "fn f(a: T, (b, c): U) -> V {\n    let d = a;\n    for e in xs { use_it(e); }\n    run(worker, |g| g + h);\n"
        "    self.q = p.r;\n    match k { Kind::Small => LIMIT, Some(n) => n }\n}\n",
        [
            *("3 xs read", "4 worker read", "4 h read", "5 q write", "5 p read", "5 r member", "6 k read"),
            *("6 Kind read", "6 Small member", "6 LIMIT read"),
        ],
    ),
    "cpp parameters of templates": (
        "a.cpp",
        "template <int N, class T, auto... V> struct A {\n    T N;\n    int a[N];\n"
        "    int f() { return this->N + N + M; }\n};\nint g() { return N; }\n"
        "template <int K = LIMIT, class... Ts> void h() { call(K, sizeof...(Ts), W); }\n"
        "template <template <class> class C> int A<int>::h() { return OTHER; }\n"
        "auto l = []<int J>() { return J + X; };\n",
        ["4 N member", "4 M read", "6 N read", "7 LIMIT read", "7 W read", "8 OTHER read", "9 X read"],
    ),
    "cpp what is called in parameters of templates": (
        "a.cpp",
        "template <class T, ENABLE(detail::is_small<T>())> T f() { return detail::g(T()) + LIMIT; }\n",
        ["1 detail read", "1 detail read", "1 LIMIT read"],
    ),
    "rust const parameters of types": (
        "a.rs",
        "impl<const J: usize> S<J> {\n    fn g(&self) -> usize { J + L }\n}\nfn h() -> usize { J }\n"
        "struct S<const K: usize = LEAST> { a: [u8; K] }\nenum E<const N: usize> { A([u8; N]) }\n",
        ["2 L read", "4 J read", "5 LEAST read"],
    ),
    "r assignments to the right and outwards": (
        "a.R",
        "f <- function() {\n    x <<- v\n    w -> y\n    y\n    u ->> z\n    p := q\n}\n"
        "n -> m\nprint({ total <<- n })\n",
        [
            *("2 x write", "2 v read", "3 w read", "5 u read", "5 z write", "6 p read", "6 q read"),
            *("8 n read", "8 m write", "9 total write", "9 n read"),
        ],
    ),
    "csharp what accessors are given": (
        "a.cs",
        "class A {\n    int value;\n    int P {\n        get { return value; }\n"
        "        set { this.value = value; X = other; }\n    }\n    int Q { get => field; init => field = value; }\n"
        "    event E Ev { add { List.Add(value); } remove { } }\n    int F() { return field; }\n}\n",
        ["4 value read", "5 value write", "5 X write", "5 other read", "8 List read", "9 field read"],
    ),
    "csharp keys of initializers": (
        "a.cs",
        "class A { D d = new D { [KEY] = v, Name = w }; }\n",
        ["1 KEY read", "1 v read", "1 Name write", "1 w read"],
    ),
    "swift what closures capture": (
        "a.swift",
        "func f() {\n    run { [cap = x, weak self, y, z = a.b] in cap.go(z, y, w) }\n}\n",
        ["2 x read", "2 y read", "2 a read", "2 b member", "2 y read", "2 w read"],
    ),
    "swift what accessors are given": (
        "a.swift",
        "class C {\n    var p: Int {\n        get { return newValue }\n        set { q = newValue }\n    }\n"
        "    var r: Int = 0 {\n        willSet { log(newValue) }\n        didSet { log(oldValue) }\n    }\n"
        "    var s: Int {\n        get { return q }\n        set(given) { q = given }\n    }\n}\n"
        "do { try g() } catch { log(error) }\ndo { try g() } catch let e { log(e, error) }\n",
        ["3 newValue read", "4 q write", "11 q read", "12 q write", "16 error read"],
    ),
    "kotlin accessors": (
        "a.kt",
        "class A {\n    var p: Int = 0\n        get() = field + q\n        set(value) { field = value; log(other) }\n"
        "    fun f() = field\n}\n",
        ["3 q read", "4 other read", "5 field read"],
    ),
    "ruby parameters without a name": (
        "a.rb",
        "xs.map { _1 + k }\nxs.map { it + k }\n",
        ["1 xs read", "1 k read", "2 xs read", "2 k read"],
    ),
    "lua keys in brackets": (
        "a.lua",
        "local t = { [KEY] = v, name = w, [f(x)] = y }\n",
        ["1 KEY read", "1 v read", "1 name member", "1 w read", "1 x read", "1 y read"],
    ),
    "typescript mapped types": ("a.ts", "type M = { [P in Keys]: string };\n", ["1 Keys read"]),
}


@pytest.mark.parametrize("case", OTHERS)
def test_uses_of_other_languages(case: str, tmp_path: Path) -> None:
    name, source, expected = OTHERS[case]
    (tmp_path / name).write_text(source)
    assert uses_in(tmp_path) == expected


def uses_in(root: Path, *, line_kind: str = "{line} {name} {kind}") -> list[str]:
    result = repomap_fast.scan(root, cache=False)
    names = {name for path in root.iterdir() for name in re.findall(r"\w+", path.read_text())}
    found = []
    for name in names:
        table = result.uses.of_name(name.encode())
        columns = (table.file_ids.tolist(), table.rows.tolist(), table.columns.tolist(), table.kinds.tolist())
        for file, row, column, kind in zip(*columns, strict=True):
            found.append((file, row, column, line_kind.format(line=row + 1, name=name, kind=USE_KINDS[kind])))
    return [text for *_, text in sorted(found)]


@pytest.mark.parametrize("case", PYTHON)
def test_uses_of_python(case: str, tmp_path: Path) -> None:
    source, expected = PYTHON[case]
    (tmp_path / "a.py").write_text(source)
    builtin = {"print", "int", "str", "open"}
    assert [use for use in uses_in(tmp_path) if use.split()[1] not in builtin] == expected


def test_they_are_no_tags(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("Thread(target=worker)\n")
    assert [tag.name for tag in repomap_fast.scan(tmp_path, cache=False).tags] == ["Thread"]


def test_the_uses_after_edits_are_those_of_a_fresh_scan(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for i in range(6):
        (root / f"m{i}.py").write_text(f"run(worker)\nx.queue = {i}\n")
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        for edit in (
            lambda: (root / "m3.py").write_text("run(other)\nrun(worker)\n"),
            lambda: (root / "m1.py").unlink(),
            lambda: (root / "m00.py").write_text("run([worker, worker])\n"),
        ):
            edit()
            index.refresh()
            fresh = repomap_fast.scan(root, cache=False)
            for name in (b"worker", b"queue", b"other", b"nobody"):
                kept, wanted = index.result.uses.of_name(name), fresh.uses.of_name(name)
                for column in ("file_ids", "rows", "columns", "kinds"):
                    assert np.array_equal(getattr(kept, column), getattr(wanted, column))


@pytest.mark.parametrize("records", [[2, 1, 97], [255, 255], [1, 9, 97]])
def test_damaged_records_are_found(records: list[int]) -> None:
    out = MemoryColumns()
    out.append("use_offsets", np.array([0, len(records)], np.uint64))
    out.append("use_records", np.array(records, np.uint8))
    with pytest.raises(IndexDamagedError):
        FileUses.of(RecordColumns.of(out, "use")).of_name(b"a")


def test_functions_within_functions_take_time_in_line_with_the_text(tmp_path: Path) -> None:
    depth = 80
    lines = ["  " * i + f"def f{i}(a{i}):" for i in range(depth)]
    (tmp_path / "a.py").write_text("\n".join([*lines, "  " * depth + "return a79, a70, free"]) + "\n")
    assert [use for use in uses_in(tmp_path) if " a7" in use or "free" in use] == [f"{depth + 1} free read"]


def test_files_that_use_one_of_several_names_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("f(worker)\nx.size\n")
    (tmp_path / "b.py").write_text("f(other, worker)\n")
    (tmp_path / "c.py").write_text("f(rest)\n")
    uses = repomap_fast.scan(tmp_path, cache=False).uses
    files, numbers = uses.files_using([b"worker", b"nothing", b"size"])
    assert list(zip(files.tolist(), numbers.tolist(), strict=True)) == [(0, 0), (0, 2), (1, 0)]
    assert [len(column) for column in uses.files_using([])] == [0, 0]
    many = [f"name_{i}".encode() for i in range(1_000)]
    assert uses.files_using([*many, b"rest"])[1].tolist() == [1_000]


def test_damaged_records_are_an_error_for_several_names_too() -> None:
    records = np.array([5, 200, 200], np.uint8)
    out = MemoryColumns()
    out.append("use_offsets", np.array([0, 3], np.uint64))
    out.append("use_records", records)
    with pytest.raises(IndexDamagedError):
        FileUses.of(RecordColumns.of(out, "use")).files_using([b"a"])


def test_names_are_found_in_pieces_as_in_all_records_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        (tmp_path / f"f{number:02}.py").write_text(
            f"x = [one, two, {'one' if number % 3 else 'three'}]\n" * (number + 1)
        )
    found = repomap_fast.scan(tmp_path, cache=False).uses

    def answers(n_threads: int = 1) -> tuple[object, ...]:
        of_name = found.of_name(b"one")
        files, numbers = found.files_using([b"two", b"three"], n_threads)
        return of_name.file_ids.tolist(), of_name.rows.tolist(), files.tolist(), numbers.tolist()

    whole = answers()
    assert len(whole[0]) > 200  # type: ignore[arg-type]
    for size in (1, 100, 1_000):
        monkeypatch.setattr("repomap_fast.joining.uses._PIECE_BYTES", size)
        assert answers() == whole
        for n_threads in (2, 3, 40):
            assert answers(n_threads) == whole


def test_damage_in_one_piece_ends_a_search_in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is raised in the caller's thread, and no other is left behind."""
    monkeypatch.setattr("repomap_fast.joining.uses._PIECE_BYTES", 1)
    out, n_before = MemoryColumns(), threading.active_count()
    out.append("use_offsets", np.arange(0, 303, 3, dtype=np.uint64))
    out.append("use_records", np.array([1, 1, 97] * 60 + [5, 200, 200] + [1, 1, 97] * 39, np.uint8))
    uses = FileUses.of(RecordColumns.of(out, "use"))
    with pytest.raises(IndexDamagedError):
        uses.files_using([b"a"], 2)
    assert threading.active_count() == n_before


def test_names_of_every_length_are_found(tmp_path: Path) -> None:
    """Those that are long are told apart by more than their length."""
    names = [b"x" * n for n in (1, 2, 62, 63, 64, 65, 127, 128, 300)]
    for i, name in enumerate(names):
        (tmp_path / f"{i}.py").write_text(f"f({name.decode()})\n")
    uses = repomap_fast.scan(tmp_path, cache=False).uses
    for asked in (names, *([name] for name in names), [b"x" * 66, b"x" * 301, *names[2:4]]):
        found = zip(*(column.tolist() for column in uses.files_using(asked)), strict=True)
        assert sorted(found) == [(names.index(name), i) for i, name in enumerate(asked) if name in names]
