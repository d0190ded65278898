"""Functions, types and blocks of C and C++ whose braces are macros of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from support.made_scans import definitions, scan_source

CASES = [
    (
        "c",
        "the braces of functions, blocks and types by macros of the file",
        "#define BEGIN {\n#define END }\n#define DONE return 0; }\n#define LOOP do {\n#define POOL } while (0)\n"
        "int a(void) BEGIN\n  int b = 1;\n  LOOP b--; POOL;\n  return b;\nEND\nint c(int d)\nBEGIN\n"
        "  if (d) BEGIN d++; END\nDONE\nstruct e BEGIN int f; END;\nenum g BEGIN H, I END;\n"
        "int j[] = BEGIN 1 END;\nint k;",
        "macro BEGIN, macro END, macro DONE, macro LOOP, macro POOL, function a, function c, struct e, field f in e, "
        "enum g, enumerator H in g, enumerator I in g, variable j, variable k",
    ),
    (
        "c",
        "braces by macros with arguments, and those that turn a block",
        "#define EACH(i, n) for (int i = 0; i < n; i++) {\n#define DONE(i) (void)i; }\n#define ELSE } else {\n"
        "#define BEGIN_FN(name) int name(int x) {\n#define END_FN }\n"
        "int a(int n) {\n  EACH(b, n) if (b) { n--; ELSE n++; } DONE(b)\n}\n"
        "static BEGIN_FN(c) return x; END_FN\nBEGIN_FN(d)\n  if (x) { return 1; }\nEND_FN\nint e;",
        "macro EACH, macro DONE, macro ELSE, macro BEGIN_FN, macro END_FN, function a, function c, function d, "
        "variable e",
    ),
    (
        "cpp",
        "namespaces and linkage by macros of the file",
        '#define OPEN(n) namespace n {\n#define CLOSE }\n#define DECLS extern "C" {\n'
        "DECLS\nint a();\nCLOSE\nOPEN(b)\nclass c { void d(); };\nint e() { return 1; }\nCLOSE\nint f;",
        "macro OPEN, macro CLOSE, macro DECLS, prototype a, class c, prototype d in c, function e, variable f",
    ),
    (
        "c",
        "braces that macros do not stand for",
        "#define WHOLE do { } while (0)\n#define TEXT \"{\"\n#define SIGN '{' /* { */\n#define TWO { {\n"
        "#define WRAP(x) x\n#define OPEN {\n#define CALLED(x) }\n"
        "int a(void) { WHOLE; puts(TEXT); put(SIGN); WRAP(OPEN); return CALLED; }\nint b(void) { return 1; }\nint c;",
        "macro WHOLE, macro TEXT, macro SIGN, macro TWO, macro WRAP, macro OPEN, macro CALLED, "
        "function a, function b, variable c",
    ),
    (
        "c",
        "a brace that a macro of the file closes, and none is open",
        "#define END }\nEND\nint a(void) { return 1; }\nEND\nint b;",
        "macro END, function a, variable b",
    ),
    (
        "c",
        "a macro that defines what braces follow",
        "#define STRUCT(name) struct name {\n#define ENDS };\nSTRUCT(a)\n  int b;\nENDS\nint c;",
        "macro STRUCT, macro ENDS, struct a, field b in a, variable c",
    ),
]


@pytest.mark.parametrize(("language", "id", "source", "defined"), CASES, ids=[case[1] for case in CASES])
def test_what_braces_of_macros_hold_is_defined(
    language: str, id: str, source: str, defined: str, tmp_path: Path
) -> None:
    result = scan_source(tmp_path, source.encode(), language)
    assert definitions(result) == defined.split(", ")


def test_what_a_macro_with_a_brace_is_given_is_used_as_the_function_binds_it(tmp_path: Path) -> None:
    source = b"#define EACH(i, n) for (i = 0; i < n; i++) {\n#define END(i) (void)i; }\nvoid a(void) {\n  int i;\n"
    source += b"  EACH(i, LIMIT)\n    use(i);\n  END(i)\n  EACH(struct b *c, d(1))\n  END(c)\n}\nint e;\n"
    result = scan_source(tmp_path, source, "c")
    assert definitions(result) == ["macro EACH", "macro END", "function a", "variable e"]
    (tmp_path / "a.c").write_bytes(source)
    uses = repomap_fast.scan(tmp_path, cache=False).uses
    found = {name: uses.of_name(name).rows.tolist() for name in (b"LIMIT", b"i", b"c")}
    assert found == {b"LIMIT": [4], b"i": [], b"c": []}


def test_a_macro_for_a_brace_is_referred_to(tmp_path: Path) -> None:
    result = scan_source(tmp_path, b"#define BEGIN {\n#define END }\nint a(void) BEGIN return 1; END\n", "c")
    references = [(tag.name, tag.kind, tag.scope) for tag in result.tags if tag.role == "reference"]
    assert references == [("BEGIN", "macro", "a"), ("END", "macro", None)]
