"""Sources that are made to hang, crash or bloat a parser, by the name of what is bad about them.

Each is a function without arguments: some are of megabytes, and live only while a test uses them. ``ANY`` are for
every language; ``OWN`` are for one, or for some that share the construct. Faults that people have met say where.
"""

from __future__ import annotations

from collections.abc import Iterator

from support.hostile_blocks import BLOCKS
from support.made_sources import DEEP, LONG, Source, indented, nested, repeated, soup

OPENERS = b"([{<\"'`"
WORDS = b"if else while for class def fn func function return import new match case try catch do end".split()


ANY: dict[str, Source] = {
    # Depth: https://github.com/tree-sitter/tree-sitter/issues/5807, codegraph 1581, helix-wasm 92
    "open parentheses": repeated(b"("),
    "open brackets": repeated(b"["),
    "open braces": repeated(b"{"),
    "closed brackets only": repeated(b")]}"),
    "nested parentheses": nested(b"(", b"a", b")"),
    "nested brackets": nested(b"[", b"a", b"]"),
    "nested braces": nested(b"{", b"a", b"}"),
    "nested calls": nested(b"f(", b"a", b")"),
    "mixed brackets": nested(b"([{", b"a", b"}])"),
    "brackets that do not match": repeated(b"([)]"),
    "angles": repeated(b"a<"),
    "nested angles": nested(b"A<", b"B", b">"),
    "closed angles": repeated(b"a>"),
    # Width
    "operators": repeated(b"a", b"+a", times=LONG),
    "minus signs": repeated(b"", b"-", b"a"),
    "exclamation marks": repeated(b"", b"!", b"a"),
    "dots": repeated(b"a", b".a", times=LONG),
    "calls in a chain": repeated(b"a", b".b(c)"),
    "conditions in a chain": repeated(b"a?b:", times=LONG // 2),
    "commas in a call": repeated(b"f(a", b",a", b")", times=LONG),
    "bare commas": repeated(b"f(", b","),
    "assignments": repeated(b"a=", times=LONG),
    "arrows": repeated(b"a=>"),
    "colons": repeated(b"a:"),
    "at signs": repeated(b"@a "),
    "semicolons": repeated(b";", times=LONG),
    "a million siblings": repeated(b"f();\n", times=LONG),
    "a huge array": repeated(b"a = [", b"(1, 'x', NULL),\n", b"]", times=LONG // 4),
    # Text
    "quotes": lambda: b'"' * DEEP + b"'" * DEEP,
    "backticks": repeated(b"`"),
    "backslashes": repeated(b"\\"),
    "escapes in a string": repeated(b'"', b"\\x", b'"'),
    "dollars and braces": repeated(b'"${'),
    "hashes and braces": repeated(b'"#{'),
    "parentheses in strings": repeated(b'"\\('),
    "open comments": repeated(b"/*"),
    "closed comments": repeated(b"*/"),
    "nested comments": nested(b"/* ", b"", b" */"),
    "hashes": repeated(b"#"),
    "slashes": repeated(b"a /"),
    "one identifier": repeated(b"a", times=30 * LONG),
    "one number": repeated(b"1", times=LONG),
    "one string": repeated(b'"', b"a", b'"', times=10 * LONG),
    "one comment": repeated(b"/*", b"a", b"*/", times=10 * LONG),
    "one line": repeated(b"f(a); ", times=LONG // 2),
    "short lines": repeated(b"a\n", times=LONG),
    "blanks": repeated(b"a", b" ", b"a", times=10 * LONG),
    "empty lines": repeated(b"a", b"\n", b"a", times=10 * LONG),
    "tabs and blanks": repeated(b"\t "),
    # Encodings
    "carriage returns": repeated(b"f(a)\r"),
    "ends of line of all kinds": repeated(b"f(a)\r\nf(b)\rf(c)\n\r"),
    "invalid UTF-8": repeated(b"a\xff\xfe\x80\xc3 "),
    "cut characters": repeated(b"\xf0\x9f\x98"),
    "long encodings": repeated(b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80"),
    "surrogates": repeated(b"\xed\xa0\x80\xed\xb0\x80"),
    "characters beyond the basic plane": repeated("{\U0010ffff}\U00060000 ".encode()),
    "marks of byte order": repeated(b"\xef\xbb\xbf"),
    "letters of two directions": repeated("f(\u202e\u2066a\u200b)".encode()),
    "ideographs": repeated("変数 = 関数(引数)\n".encode(), times=DEEP // 2),
    "NUL at the end": lambda: b"f(a)\n" * 100 + b"\0" * DEEP,
    "UTF-16 of odd length": lambda: b"\xff\xfe" + "f(a)\n".encode("utf-16-le") * 1000 + b"a",
    "UTF-16 surrogates alone": lambda: b"\xfe\xff" + b"\xd8\x00\x00a" * DEEP,
    # Disorder
    "words": soup(WORDS, DEEP, 1),
    "openers": soup(OPENERS, DEEP, 2),
    "punctuation": soup(bytes(range(33, 48)) + bytes(range(58, 65)) + b"a ", DEEP, 3),
    "printable bytes": soup(bytes(range(32, 127)) + b"\n", DEEP, 4),
    "any bytes but NUL": soup(bytes(range(1, 256)), DEEP, 5),
    "indents": indented(b"if x:\n", 2000),
    # https://github.com/tree-sitter/tree-sitter/issues/3393
    "a try that is never closed": repeated(b"{ try { } catch { (, e", times=DEEP // 10),
    # https://github.com/tree-sitter/tree-sitter/issues/1957: values, not code
    "a dictionary": lambda: (
        b"x = {\n"
        + b"\n".join(b",".join(b"%d" % (i * j % 256) for j in range(24)) + b"," for i in range(5000))
        + b"\n};\n"
    ),
    # https://github.com/intuit/infigraph/issues/39
    "one INSERT": repeated(b"INSERT INTO t VALUES ", b"(1, 'a''b', \"c\", NULL), ", b";"),
}

_CURLY = ("c", "cpp", "csharp", "java", "javascript", "kotlin", "php", "scala", "swift", "tsx", "typescript")
_C = ("c", "cpp")
_SCRIPT = ("javascript", "tsx", "typescript")

_MARKUP = ("html", "vue", "svelte", "astro")
_CELL = b'{"cells":[{"cell_type":"code","source":["'

_OWN: list[tuple[str, tuple[str, ...], Source]] = [
    # The preprocessor, and what it leaves behind
    ("nested #if", _C, nested(b"#if A\n", b"int a;\n", b"#endif\n", 20_000)),
    ("#if without end", _C, repeated(b"#ifdef A\nint f() {\n", times=20_000)),
    ("#else that splits blocks", _C, repeated(b"#if A\nif (a) {\n#else\nif (b) {\n#endif\n", times=10_000)),
    ("macros of macros", _C, repeated(b"#define A(x) B(x) \\\n C(x) \\\n", times=DEEP)),
    ("calls that are macros", _C, repeated(b"DECLARE(a) STATIC(b) EXPORT __init ", times=30_000)),
    (
        "a dictionary in C",
        _C,
        repeated(b"static const uint8_t a[] = {\n", b"0x74,0x69,'\\'',0,", b"};", times=200_000),
    ),
    # https://github.com/tree-sitter/tree-sitter-c/issues/196, made by a generator of protocol decoders
    (
        "a decoder of packets",
        _C,
        lambda: b"".join(
            b"static int dissect_%d(tvbuff_t *tvb _U_, int offset _U_, asn1_ctx_t *actx _U_) {\n"
            b"  offset = dissect_per_sequence(tvb, offset, actx, tree, hf_index, ett_%d, sequence_%d);\n"
            b"  return offset;\n}\nstatic const per_sequence_t sequence_%d[] = {\n"
            b"  { &hf_%d, ASN1_EXTENSION_ROOT, ASN1_NOT_OPTIONAL, dissect_%d },\n  { NULL, 0, 0, NULL }\n};\n"
            % (i, i, i, i, i, i)
            for i in range(15_000)
        ),
    ),
    ("declarators", _C, nested(b"int (*", b"a", b")(int)", 20_000)),
    ("pointers", _C, repeated(b"int ", b"*", b" a;")),
    ("casts", ("c", "cpp", "csharp", "java", "php"), repeated(b"int a = ", b"(A)", b"b;", times=50_000)),
    ("products or pointers", _C, repeated(b"f(a * b, c & d, (e) * g); ", times=30_000)),
    # CBM 424: templates as in json.hpp
    ("templates", ("cpp",), repeated(b"template<typename A = B<", times=30_000)),
    ("nested templates", ("cpp",), nested(b"std::map<int, ", b"int", b" >", 20_000)),
    (
        "templates with conditions",
        ("cpp",),
        repeated(
            b"template<typename T, enable_if_t<not is_same<U<T>, V>::value and (a<b>(c)), int> = 0>\n"
            b"auto f(T&& t) noexcept(noexcept(g(t))) -> decltype(h<T>(t)) { return a < b > (c); }\n",
            times=5_000,
        ),
    ),
    (
        "less or template",
        ("cpp", "csharp", "java", "kotlin", "typescript", "tsx"),
        repeated(b"f(a<b, c>(d)); ", times=20_000),
    ),
    ("raw strings", ("cpp",), repeated(b'R"abcdefghijklmnop(', times=50_000)),
    ("lambdas", ("cpp",), nested(b"[&](auto a) { return ", b"a", b"; }", 10_000)),
    ("attributes", ("cpp",), repeated(b"[[a]] ")),
    # Strings within strings: each of these is a state of a scanner
    ("strings in strings", ("kotlin",), repeated(b'val a = "${', times=3_000)),
    ("closed strings in strings", ("kotlin",), nested(b'"${', b"a", b'}"', 900)),
    ("triple strings in strings", ("kotlin",), repeated(b'"""${')),
    ("f-strings", ("python",), nested(b"f'{", b"a", b"}'", 1000)),
    ("f-strings without end", ("python",), repeated(b'f"""{f\'{')),
    ("a string behind 511 indents", ("python",), lambda: indented(b"if x:\n", 511)() + b" " * 511 + b"f(f'{a}')\n"),
    ("strings in strings of C#", ("csharp",), repeated(b'$"{')),
    ("raw strings of C#", ("csharp",), repeated(b'$$"""{{')),
    ("long quotes of C#", ("csharp",), repeated(b'"', times=LONG)),
    ("templates of scripts", _SCRIPT, repeated(b"`${")),
    ("closed templates of scripts", _SCRIPT, nested(b"`${", b"a", b"}`", 20_000)),
    ("strings in strings of Swift", ("swift",), repeated(b'"\\(')),
    ("raw strings of Swift", ("swift",), lambda: b"#" * DEEP + b'"a"' + b"#" * DEEP),
    ("raw strings of Rust", ("rust",), lambda: b"r" + b"#" * DEEP + b'"a"' + b"#" * DEEP),
    ("strings in strings of Ruby", ("ruby",), repeated(b'"#{')),
    ("literals of Ruby", ("ruby",), repeated(b"%w[%i(%q{")),
    ("strings in strings of Scala", ("scala",), repeated(b's"${')),
    ("expansions of bash", ("bash",), repeated(b'"${a:-')),
    ("substitutions of bash", ("bash",), repeated(b"$(")),
    ("arithmetic of bash", ("bash",), repeated(b"$((")),
    ("backticks of bash", ("bash",), repeated(b"`a \\")),
    ("braces of bash", ("bash",), repeated("{\U0010ffff..\U0010ffff} ".encode())),
    ("patterns of bash", ("bash",), repeated(b"case a in @(", times=50_000)),
    ("strings of PHP", ("php",), repeated(b'<?php "{$a[', times=30_000)),
    ("openings of PHP", ("php",), repeated(b"<?php ?>a")),
    ("long brackets of Lua", ("lua",), lambda: b"[" + b"=" * DEEP + b"[" + b"a" * DEEP),
    ("open long brackets of Lua", ("lua",), repeated(b"[==[ ]=]")),
    # Here documents
    ("heredocs", ("bash",), lambda: b"cat " + b" ".join(b"<<A%d" % i for i in range(20_000)) + b"\n"),
    ("one long heredoc word", ("bash", "ruby", "php"), lambda: b"<?php\n$a = <<<A\n<<" + b"W" * LONG + b"\n"),
    ("heredocs without end", ("bash",), repeated(b"cat <<E\n$(", times=20_000)),
    ("heredocs of Ruby", ("ruby",), lambda: b"f(" + b", ".join(b"<<~A%d" % i for i in range(20_000)) + b")\n"),
    (
        "long heredoc words of Ruby",
        ("ruby",),
        lambda: b"f(<<" + b"A" * 300 + b"".join(b", <<%c" % (65 + i % 26) for i in range(140)) + b")\n" + b"x\n" * DEEP,
    ),
    ("heredocs in heredocs of Ruby", ("ruby",), repeated(b"<<A\n#{", times=20_000)),
    ("heredocs of PHP", ("php",), repeated(b"<?php\n", b"$a = <<<A\n{$b}\n", times=20_000)),
    ("words of heredocs of D", ("d",), repeated(b'q"' + b"x" * 2000 + b"\n", times=300)),
    ("strings of SQL in dollars", ("sql",), repeated(b"$" + b"a" * 900 + b"$ x := $b$ + $$;\n", times=300)),
    (
        "sections of Elm that are closed",
        ("elm",),
        repeated(b"a =\n  let\n    b =\n     [ c\n  d =\n in in\n", times=3000),
    ),
    # Comments that nest
    ("comments that meet", ("swift",), lambda: b"/*/\n* " + b"/* " * 300 + "\u3020*\n".encode()),
    ("comments that nest", ("swift", "kotlin", "scala", "rust"), repeated(b"/*", times=LONG)),
    ("comments that are closed", ("swift", "kotlin", "scala", "rust"), nested(b"/*", b"", b"*/", LONG)),
    # https://github.com/Aider-AI/aider/issues/3465
    ("elements", ("javascript", "tsx"), nested(b"<a b={", b"c", b"}></a>", 5_000)),
    ("open elements", ("javascript", "tsx"), repeated(b"<A<B>>{", times=30_000)),
    ("elements or generics", ("tsx",), repeated(b"const f = <T,>(a: T) => <A<T> b={<C/>}>{c}</A>;\n", times=10_000)),
    ("arrows or parentheses", _SCRIPT, nested(b"((a = ", b"b", b") => c)", 3_000)),
    ("patterns or objects", _SCRIPT, nested(b"({a: ", b"b", b"} = c)", 3_000)),
    (
        "types or expressions",
        ("tsx", "typescript"),
        repeated(b"type A = B extends (infer C)[] ? D<C> : ", times=10_000),
    ),
    ("generics that are asked", ("tsx", "typescript"), repeated(b"a<b>(c)<d>?.(e)<f>")),
    ("regular expressions", (*_SCRIPT, "ruby"), repeated(b"a = /b[/]/ / ")),
    ("lines without semicolons", _SCRIPT, repeated(b"a\n(b)\n[c]\n`d`\n++e\n", times=20_000)),
    # https://github.com/cq27-dev/rag-rat/pull/211: a file of Exposed, of 480 lines
    (
        "overrides of Kotlin",
        ("kotlin",),
        repeated(
            b"internal object A : B() { override fun C<*>.d(e: F<G>): H = if (i < j && k > (l)) m as? N<O> else "
            b"with(p) { q is R<S> } ?: t<U> { v }\n",
            times=2_000,
        ),
    ),
    ("generics or less", ("kotlin",), repeated(b"a < b < c > d ( ", times=20_000)),
    ("lambdas of Kotlin", ("kotlin",), repeated(b"a { b -> c { ", times=20_000)),
    ("when of Kotlin", ("kotlin",), repeated(b"when (a) { is B -> ", times=20_000)),
    # https://github.com/tree-sitter/py-tree-sitter/issues/226
    ("matches of Scala", ("scala",), repeated(b"a match { case B(c) if d => ", times=20_000)),
    ("indents of Scala", ("scala",), indented(b"if x then\n", 2000)),
    ("words as operators of Scala", ("scala",), repeated(b"a b c d ", times=50_000)),
    ("types of Scala", ("scala",), repeated(b"type A = [B] =>> C[B] match { case D[e] => ", times=5_000)),
    ("closures of Swift", ("swift",), repeated(b"a { b in c { ", times=20_000)),
    ("operators of Swift", ("swift",), repeated(b"a ", b"&+^|~<>", b" b")),
    ("#if of Swift", ("swift",), repeated(b"#if A\nlet a = b\n", times=20_000)),
    ("macros of Rust", ("rust",), nested(b"a!(", b"b", b")", 20_000)),
    ("rules of Rust", ("rust",), repeated(b"macro_rules! a { ($b:expr) => { $b ", times=20_000)),
    ("turbofish", ("rust",), repeated(b"a::<b>::", times=DEEP)),
    ("lifetimes", ("rust",), repeated(b"'a: 'b + ")),
    ("types of Go", ("go",), repeated(b"func f[T any](a map[string]func(", times=20_000)),
    ("composites of Go", ("go",), nested(b"A{B: ", b"c", b"}", 20_000)),
    ("commands of Ruby", ("ruby",), repeated(b"a b c d ", times=50_000)),
    ("blocks of Ruby", ("ruby",), repeated(b"a do |b| ", times=20_000)),
    ("hashes of Ruby", ("ruby",), repeated(b"a b: c, **d, &e ", times=30_000)),
    ("decorators", ("python", "typescript", "java"), repeated(b"@a(b)\n", times=50_000)),
    ("lambdas of Python", ("python",), repeated(b"lambda a=", times=50_000)),
    ("comprehensions", ("python",), nested(b"[", b"a", b" for b in c if d]", 5_000)),
    ("matches of Python", ("python",), repeated(b"match a:\n case b:\n  ", times=20_000)),
    ("dedents", ("python",), lambda: (indented(b"if x:\n", 400)() + b"y\n") * 10),
    ("joined lines", ("python",), repeated(b"a + \\\n", times=DEEP)),
    ("queries of C#", ("csharp",), repeated(b"from a in b select ", times=20_000)),
    ("patterns of C#", ("csharp",), repeated(b"a is B { c: ", times=10_000)),
    ("#if of C#", ("csharp",), repeated(b"#if A\nclass B {\n", times=20_000)),
    ("generic methods of Java", ("java",), repeated(b"a.<B<C>>d(e -> f::g, ", times=10_000)),
    ("switches of Java", ("java",), repeated(b"switch (a) { case B c when d -> ", times=10_000)),
    ("functions of Lua", ("lua",), repeated(b"function() return ", times=20_000)),
    ("functions in functions", _CURLY, repeated(b"class A { void f() { ", times=20_000)),
    ("else if", _CURLY, repeated(b"if (a) { b(); } else ", times=50_000)),
    ("cases", _CURLY, repeated(b"switch (a) {", b"case 1: b();\n", b"}", times=DEEP)),
    # Parts in another language
    ("scripts that are not closed", _MARKUP, repeated(b"<script>", times=DEEP)),
    ("scripts", _MARKUP, repeated(b"<script>function a() {</script>\n", times=30_000)),
    ("components", _MARKUP, repeated(b"<A-b c='>'>", times=DEEP)),
    ("code that is not closed", ("erb", "ejs"), repeated(b"<% a(", times=DEEP)),
    ("code in templates", ("erb", "ejs"), repeated(b"<%= a { %> <% } %>\n", times=20_000)),
    ("a line of a cell", ("jupyter",), repeated(_CELL, b"x = [1, 2], ", b'"]}]}', times=500_000)),
    ("lines of a cell", ("jupyter",), repeated(_CELL, b'x(\\n",\n"', b'"]}]}', times=DEEP)),
    ("deep JSON", ("jupyter",), repeated(b'{"cells":[{"source":[{"a":', times=DEEP)),
]


def sources(language: str) -> Iterator[tuple[str, Source]]:
    """Yield the hostile sources for ``language``, with their names."""
    yield from ANY.items()
    for name, languages, source in (*_OWN, *BLOCKS):
        if language in languages:
            yield name, source


N_SOURCES = len(ANY) + len(_OWN) + len(BLOCKS)
