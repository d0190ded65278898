"""Sources that are made to hang, crash or bloat a parser, by the name of what is bad about them.

Each is a function without arguments: some are of megabytes, and live only while a test uses them. ``ANY`` are for
every language; ``OWN`` are for one, or for some that share the construct. Faults that people have met say where.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Source = Callable[[], bytes]

DEEP = 100_000
LONG = 1_000_000

OPENERS = b"([{<\"'`"
WORDS = b"if else while for class def fn func function return import new match case try catch do end".split()


def _repeated(*parts: bytes, times: int = DEEP) -> Source:
    """A start (where two or more are given), a part many times, and an end (where three are)."""
    start, part, end = parts if len(parts) == 3 else (*parts, b"") if len(parts) == 2 else (b"", parts[0], b"")
    return lambda: start + part * times + end


def _nested(opening: bytes, inner: bytes, closing: bytes, depth: int = DEEP) -> Source:
    return lambda: opening * depth + inner + closing * depth


def _soup(words: list[bytes] | bytes, size: int, seed: int) -> Source:
    """Random words, or bytes: nothing that a grammar foresees."""

    def make() -> bytes:
        draw = random.Random(seed)
        if isinstance(words, bytes):
            return bytes(draw.choices(words, k=size))
        return b" ".join(draw.choices(words, k=size))

    return make


def _indented(line: bytes, depth: int) -> Source:
    return lambda: b"".join(b" " * i + line for i in range(depth))


ANY: dict[str, Source] = {
    # Depth: https://github.com/tree-sitter/tree-sitter/issues/5807, codegraph 1581, helix-wasm 92
    "open parentheses": _repeated(b"("),
    "open brackets": _repeated(b"["),
    "open braces": _repeated(b"{"),
    "closed brackets only": _repeated(b")]}"),
    "nested parentheses": _nested(b"(", b"a", b")"),
    "nested brackets": _nested(b"[", b"a", b"]"),
    "nested braces": _nested(b"{", b"a", b"}"),
    "nested calls": _nested(b"f(", b"a", b")"),
    "mixed brackets": _nested(b"([{", b"a", b"}])"),
    "brackets that do not match": _repeated(b"([)]"),
    "angles": _repeated(b"a<"),
    "nested angles": _nested(b"A<", b"B", b">"),
    "closed angles": _repeated(b"a>"),
    # Width
    "operators": _repeated(b"a", b"+a", times=LONG),
    "minus signs": _repeated(b"", b"-", b"a"),
    "exclamation marks": _repeated(b"", b"!", b"a"),
    "dots": _repeated(b"a", b".a", times=LONG),
    "calls in a chain": _repeated(b"a", b".b(c)"),
    "conditions in a chain": _repeated(b"a?b:", times=LONG // 2),
    "commas in a call": _repeated(b"f(a", b",a", b")", times=LONG),
    "bare commas": _repeated(b"f(", b","),
    "assignments": _repeated(b"a=", times=LONG),
    "arrows": _repeated(b"a=>"),
    "colons": _repeated(b"a:"),
    "at signs": _repeated(b"@a "),
    "semicolons": _repeated(b";", times=LONG),
    "a million siblings": _repeated(b"f();\n", times=LONG),
    "a huge array": _repeated(b"a = [", b"(1, 'x', NULL),\n", b"]", times=LONG // 4),
    # Text
    "quotes": lambda: b'"' * DEEP + b"'" * DEEP,
    "backticks": _repeated(b"`"),
    "backslashes": _repeated(b"\\"),
    "escapes in a string": _repeated(b'"', b"\\x", b'"'),
    "dollars and braces": _repeated(b'"${'),
    "hashes and braces": _repeated(b'"#{'),
    "parentheses in strings": _repeated(b'"\\('),
    "open comments": _repeated(b"/*"),
    "closed comments": _repeated(b"*/"),
    "nested comments": _nested(b"/* ", b"", b" */"),
    "hashes": _repeated(b"#"),
    "slashes": _repeated(b"a /"),
    "one identifier": _repeated(b"a", times=30 * LONG),
    "one number": _repeated(b"1", times=LONG),
    "one string": _repeated(b'"', b"a", b'"', times=10 * LONG),
    "one comment": _repeated(b"/*", b"a", b"*/", times=10 * LONG),
    "one line": _repeated(b"f(a); ", times=LONG // 2),
    "short lines": _repeated(b"a\n", times=LONG),
    "blanks": _repeated(b"a", b" ", b"a", times=10 * LONG),
    "empty lines": _repeated(b"a", b"\n", b"a", times=10 * LONG),
    "tabs and blanks": _repeated(b"\t "),
    # Encodings
    "carriage returns": _repeated(b"f(a)\r"),
    "ends of line of all kinds": _repeated(b"f(a)\r\nf(b)\rf(c)\n\r"),
    "invalid UTF-8": _repeated(b"a\xff\xfe\x80\xc3 "),
    "cut characters": _repeated(b"\xf0\x9f\x98"),
    "long encodings": _repeated(b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80"),
    "surrogates": _repeated(b"\xed\xa0\x80\xed\xb0\x80"),
    "characters beyond the basic plane": _repeated("{\U0010ffff}\U00060000 ".encode()),
    "marks of byte order": _repeated(b"\xef\xbb\xbf"),
    "letters of two directions": _repeated("f(\u202e\u2066a\u200b)".encode()),
    "ideographs": _repeated("変数 = 関数(引数)\n".encode(), times=DEEP // 2),
    "NUL at the end": lambda: b"f(a)\n" * 100 + b"\0" * DEEP,
    "UTF-16 of odd length": lambda: b"\xff\xfe" + "f(a)\n".encode("utf-16-le") * 1000 + b"a",
    "UTF-16 surrogates alone": lambda: b"\xfe\xff" + b"\xd8\x00\x00a" * DEEP,
    # Disorder
    "words": _soup(WORDS, DEEP, 1),
    "openers": _soup(OPENERS, DEEP, 2),
    "punctuation": _soup(bytes(range(33, 48)) + bytes(range(58, 65)) + b"a ", DEEP, 3),
    "printable bytes": _soup(bytes(range(32, 127)) + b"\n", DEEP, 4),
    "any bytes but NUL": _soup(bytes(range(1, 256)), DEEP, 5),
    "indents": _indented(b"if x:\n", 2000),
    # https://github.com/tree-sitter/tree-sitter/issues/3393
    "a try that is never closed": _repeated(b"{ try { } catch { (, e", times=DEEP // 10),
    # https://github.com/tree-sitter/tree-sitter/issues/1957: values, not code
    "a dictionary": lambda: (
        b"x = {\n"
        + b"\n".join(b",".join(b"%d" % (i * j % 256) for j in range(24)) + b"," for i in range(5000))
        + b"\n};\n"
    ),
    # https://github.com/intuit/infigraph/issues/39
    "one INSERT": _repeated(b"INSERT INTO t VALUES ", b"(1, 'a''b', \"c\", NULL), ", b";"),
}

_CURLY = ("c", "cpp", "csharp", "java", "javascript", "kotlin", "php", "scala", "swift", "tsx", "typescript")
_C = ("c", "cpp")
_SCRIPT = ("javascript", "tsx", "typescript")

_MARKUP = ("html", "vue", "svelte", "astro")
_CELL = b'{"cells":[{"cell_type":"code","source":["'

_OWN: list[tuple[str, tuple[str, ...], Source]] = [
    # The preprocessor, and what it leaves behind
    ("nested #if", _C, _nested(b"#if A\n", b"int a;\n", b"#endif\n", 20_000)),
    ("#if without end", _C, _repeated(b"#ifdef A\nint f() {\n", times=20_000)),
    ("#else that splits blocks", _C, _repeated(b"#if A\nif (a) {\n#else\nif (b) {\n#endif\n", times=10_000)),
    ("macros of macros", _C, _repeated(b"#define A(x) B(x) \\\n C(x) \\\n", times=DEEP)),
    ("calls that are macros", _C, _repeated(b"DECLARE(a) STATIC(b) EXPORT __init ", times=30_000)),
    (
        "a dictionary in C",
        _C,
        _repeated(b"static const uint8_t a[] = {\n", b"0x74,0x69,'\\'',0,", b"};", times=200_000),
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
    ("declarators", _C, _nested(b"int (*", b"a", b")(int)", 20_000)),
    ("pointers", _C, _repeated(b"int ", b"*", b" a;")),
    ("casts", ("c", "cpp", "csharp", "java", "php"), _repeated(b"int a = ", b"(A)", b"b;", times=50_000)),
    ("products or pointers", _C, _repeated(b"f(a * b, c & d, (e) * g); ", times=30_000)),
    # CBM 424: templates as in json.hpp
    ("templates", ("cpp",), _repeated(b"template<typename A = B<", times=30_000)),
    ("nested templates", ("cpp",), _nested(b"std::map<int, ", b"int", b" >", 20_000)),
    (
        "templates with conditions",
        ("cpp",),
        _repeated(
            b"template<typename T, enable_if_t<not is_same<U<T>, V>::value and (a<b>(c)), int> = 0>\n"
            b"auto f(T&& t) noexcept(noexcept(g(t))) -> decltype(h<T>(t)) { return a < b > (c); }\n",
            times=5_000,
        ),
    ),
    (
        "less or template",
        ("cpp", "csharp", "java", "kotlin", "typescript", "tsx"),
        _repeated(b"f(a<b, c>(d)); ", times=20_000),
    ),
    ("raw strings", ("cpp",), _repeated(b'R"abcdefghijklmnop(', times=50_000)),
    ("lambdas", ("cpp",), _nested(b"[&](auto a) { return ", b"a", b"; }", 10_000)),
    ("attributes", ("cpp",), _repeated(b"[[a]] ")),
    # Strings within strings: each of these is a state of a scanner
    ("strings in strings", ("kotlin",), _repeated(b'val a = "${', times=3_000)),
    ("closed strings in strings", ("kotlin",), _nested(b'"${', b"a", b'}"', 900)),
    ("triple strings in strings", ("kotlin",), _repeated(b'"""${')),
    ("f-strings", ("python",), _nested(b"f'{", b"a", b"}'", 1000)),
    ("f-strings without end", ("python",), _repeated(b'f"""{f\'{')),
    ("a string behind 511 indents", ("python",), lambda: _indented(b"if x:\n", 511)() + b" " * 511 + b"f(f'{a}')\n"),
    ("strings in strings of C#", ("csharp",), _repeated(b'$"{')),
    ("raw strings of C#", ("csharp",), _repeated(b'$$"""{{')),
    ("long quotes of C#", ("csharp",), _repeated(b'"', times=LONG)),
    ("templates of scripts", _SCRIPT, _repeated(b"`${")),
    ("closed templates of scripts", _SCRIPT, _nested(b"`${", b"a", b"}`", 20_000)),
    ("strings in strings of Swift", ("swift",), _repeated(b'"\\(')),
    ("raw strings of Swift", ("swift",), lambda: b"#" * DEEP + b'"a"' + b"#" * DEEP),
    ("raw strings of Rust", ("rust",), lambda: b"r" + b"#" * DEEP + b'"a"' + b"#" * DEEP),
    ("strings in strings of Ruby", ("ruby",), _repeated(b'"#{')),
    ("literals of Ruby", ("ruby",), _repeated(b"%w[%i(%q{")),
    ("strings in strings of Scala", ("scala",), _repeated(b's"${')),
    ("expansions of bash", ("bash",), _repeated(b'"${a:-')),
    ("substitutions of bash", ("bash",), _repeated(b"$(")),
    ("arithmetic of bash", ("bash",), _repeated(b"$((")),
    ("backticks of bash", ("bash",), _repeated(b"`a \\")),
    ("braces of bash", ("bash",), _repeated("{\U0010ffff..\U0010ffff} ".encode())),
    ("patterns of bash", ("bash",), _repeated(b"case a in @(", times=50_000)),
    ("strings of PHP", ("php",), _repeated(b'<?php "{$a[', times=30_000)),
    ("openings of PHP", ("php",), _repeated(b"<?php ?>a")),
    ("long brackets of Lua", ("lua",), lambda: b"[" + b"=" * DEEP + b"[" + b"a" * DEEP),
    ("open long brackets of Lua", ("lua",), _repeated(b"[==[ ]=]")),
    # Here documents
    ("heredocs", ("bash",), lambda: b"cat " + b" ".join(b"<<A%d" % i for i in range(20_000)) + b"\n"),
    ("one long heredoc word", ("bash", "ruby", "php"), lambda: b"<?php\n$a = <<<A\n<<" + b"W" * LONG + b"\n"),
    ("heredocs without end", ("bash",), _repeated(b"cat <<E\n$(", times=20_000)),
    ("heredocs of Ruby", ("ruby",), lambda: b"f(" + b", ".join(b"<<~A%d" % i for i in range(20_000)) + b")\n"),
    (
        "long heredoc words of Ruby",
        ("ruby",),
        lambda: b"f(<<" + b"A" * 300 + b"".join(b", <<%c" % (65 + i % 26) for i in range(140)) + b")\n" + b"x\n" * DEEP,
    ),
    ("heredocs in heredocs of Ruby", ("ruby",), _repeated(b"<<A\n#{", times=20_000)),
    ("heredocs of PHP", ("php",), _repeated(b"<?php\n", b"$a = <<<A\n{$b}\n", times=20_000)),
    # Comments that nest
    ("comments that nest", ("swift", "kotlin", "scala", "rust"), _repeated(b"/*", times=LONG)),
    ("comments that are closed", ("swift", "kotlin", "scala", "rust"), _nested(b"/*", b"", b"*/", LONG)),
    # https://github.com/Aider-AI/aider/issues/3465
    ("elements", ("javascript", "tsx"), _nested(b"<a b={", b"c", b"}></a>", 5_000)),
    ("open elements", ("javascript", "tsx"), _repeated(b"<A<B>>{", times=30_000)),
    ("elements or generics", ("tsx",), _repeated(b"const f = <T,>(a: T) => <A<T> b={<C/>}>{c}</A>;\n", times=10_000)),
    ("arrows or parentheses", _SCRIPT, _nested(b"((a = ", b"b", b") => c)", 3_000)),
    ("patterns or objects", _SCRIPT, _nested(b"({a: ", b"b", b"} = c)", 3_000)),
    (
        "types or expressions",
        ("tsx", "typescript"),
        _repeated(b"type A = B extends (infer C)[] ? D<C> : ", times=10_000),
    ),
    ("generics that are asked", ("tsx", "typescript"), _repeated(b"a<b>(c)<d>?.(e)<f>")),
    ("regular expressions", (*_SCRIPT, "ruby"), _repeated(b"a = /b[/]/ / ")),
    ("lines without semicolons", _SCRIPT, _repeated(b"a\n(b)\n[c]\n`d`\n++e\n", times=20_000)),
    # https://github.com/cq27-dev/rag-rat/pull/211: a file of Exposed, of 480 lines
    (
        "overrides of Kotlin",
        ("kotlin",),
        _repeated(
            b"internal object A : B() { override fun C<*>.d(e: F<G>): H = if (i < j && k > (l)) m as? N<O> else "
            b"with(p) { q is R<S> } ?: t<U> { v }\n",
            times=2_000,
        ),
    ),
    ("generics or less", ("kotlin",), _repeated(b"a < b < c > d ( ", times=20_000)),
    ("lambdas of Kotlin", ("kotlin",), _repeated(b"a { b -> c { ", times=20_000)),
    ("when of Kotlin", ("kotlin",), _repeated(b"when (a) { is B -> ", times=20_000)),
    # https://github.com/tree-sitter/py-tree-sitter/issues/226
    ("matches of Scala", ("scala",), _repeated(b"a match { case B(c) if d => ", times=20_000)),
    ("indents of Scala", ("scala",), _indented(b"if x then\n", 2000)),
    ("words as operators of Scala", ("scala",), _repeated(b"a b c d ", times=50_000)),
    ("types of Scala", ("scala",), _repeated(b"type A = [B] =>> C[B] match { case D[e] => ", times=5_000)),
    ("closures of Swift", ("swift",), _repeated(b"a { b in c { ", times=20_000)),
    ("operators of Swift", ("swift",), _repeated(b"a ", b"&+^|~<>", b" b")),
    ("#if of Swift", ("swift",), _repeated(b"#if A\nlet a = b\n", times=20_000)),
    ("macros of Rust", ("rust",), _nested(b"a!(", b"b", b")", 20_000)),
    ("rules of Rust", ("rust",), _repeated(b"macro_rules! a { ($b:expr) => { $b ", times=20_000)),
    ("turbofish", ("rust",), _repeated(b"a::<b>::", times=DEEP)),
    ("lifetimes", ("rust",), _repeated(b"'a: 'b + ")),
    ("types of Go", ("go",), _repeated(b"func f[T any](a map[string]func(", times=20_000)),
    ("composites of Go", ("go",), _nested(b"A{B: ", b"c", b"}", 20_000)),
    ("commands of Ruby", ("ruby",), _repeated(b"a b c d ", times=50_000)),
    ("blocks of Ruby", ("ruby",), _repeated(b"a do |b| ", times=20_000)),
    ("hashes of Ruby", ("ruby",), _repeated(b"a b: c, **d, &e ", times=30_000)),
    ("decorators", ("python", "typescript", "java"), _repeated(b"@a(b)\n", times=50_000)),
    ("lambdas of Python", ("python",), _repeated(b"lambda a=", times=50_000)),
    ("comprehensions", ("python",), _nested(b"[", b"a", b" for b in c if d]", 5_000)),
    ("matches of Python", ("python",), _repeated(b"match a:\n case b:\n  ", times=20_000)),
    ("dedents", ("python",), lambda: (_indented(b"if x:\n", 400)() + b"y\n") * 10),
    ("joined lines", ("python",), _repeated(b"a + \\\n", times=DEEP)),
    ("queries of C#", ("csharp",), _repeated(b"from a in b select ", times=20_000)),
    ("patterns of C#", ("csharp",), _repeated(b"a is B { c: ", times=10_000)),
    ("#if of C#", ("csharp",), _repeated(b"#if A\nclass B {\n", times=20_000)),
    ("generic methods of Java", ("java",), _repeated(b"a.<B<C>>d(e -> f::g, ", times=10_000)),
    ("switches of Java", ("java",), _repeated(b"switch (a) { case B c when d -> ", times=10_000)),
    ("functions of Lua", ("lua",), _repeated(b"function() return ", times=20_000)),
    ("functions in functions", _CURLY, _repeated(b"class A { void f() { ", times=20_000)),
    ("else if", _CURLY, _repeated(b"if (a) { b(); } else ", times=50_000)),
    ("cases", _CURLY, _repeated(b"switch (a) {", b"case 1: b();\n", b"}", times=DEEP)),
    # Parts in another language
    ("scripts that are not closed", _MARKUP, _repeated(b"<script>", times=DEEP)),
    ("scripts", _MARKUP, _repeated(b"<script>function a() {</script>\n", times=30_000)),
    ("components", _MARKUP, _repeated(b"<A-b c='>'>", times=DEEP)),
    ("code that is not closed", ("erb", "ejs"), _repeated(b"<% a(", times=DEEP)),
    ("code in templates", ("erb", "ejs"), _repeated(b"<%= a { %> <% } %>\n", times=20_000)),
    ("a line of a cell", ("jupyter",), _repeated(_CELL, b"x = [1, 2], ", b'"]}]}', times=500_000)),
    ("lines of a cell", ("jupyter",), _repeated(_CELL, b'x(\\n",\n"', b'"]}]}', times=DEEP)),
    ("deep JSON", ("jupyter",), _repeated(b'{"cells":[{"source":[{"a":', times=DEEP)),
]


def sources(language: str) -> Iterator[tuple[str, Source]]:
    """Yield the hostile sources for ``language``, with their names."""
    yield from ANY.items()
    for name, languages, source in _OWN:
        if language in languages:
            yield name, source


N_SOURCES = len(ANY) + len(_OWN)
