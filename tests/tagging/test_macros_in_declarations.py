"""Macros with arguments around a declaration, which are no names of variables or functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.made_scans import definitions, scan_source

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "a macro that makes a function with parameters behind it (c)": (
        "c",
        "MY_INIT(x)(T *p) { f(p); }\nstatic MY_INIT(y)(T *p, int n) { f(p); }\nint z;",
        "function x, function y, variable z",
    ),
    "a macro of the file that makes a function with parameters behind it (c)": (
        "c",
        "#define MY_INIT(n) static int n\nMY_INIT(x)(T *p) { f(p); }\nMY_INIT(y);",
        "macro MY_INIT, function x, variable y",
    ),
    "a macro that makes a function with parameters behind it (cpp)": (
        "cpp",
        "namespace a {\nMY_INIT(x)(T &p) { f(p); }\nEXPORT(void)(y) { }\nint z;\n}",
        "namespace a, function x in a, variable z in a",
    ),
    "a macro with a text behind an export macro (cpp)": (
        "cpp",
        'KIT_API KIT_OLD(5, "Use b") Box &make(Box &b);\nKIT_API KIT_OLD("x") Box top;',
        "prototype make, variable top",
    ),
    "a macro with a word behind an export macro (cpp)": (
        "cpp",
        "KIT_API KIT_OLD(REASON) Box *make(Box b) { return 0; }\nKIT_API KIT_OLD(REASON) void operator+(A a, B b);",
        "function make, prototype operator+",
    ),
    "a macro with a number before a storage class (cpp)": (
        "cpp",
        "KIT_API KIT_OLD(5) extern int total;\nint y;",
        "variable total, variable y",
    ),
    "a macro with a text behind an export macro (c)": (
        "c",
        'KIT_API KIT_OLD("x") struct box *make(struct box *b);\nint y;',
        "prototype make, variable y",
    ),
    "a function in capitals behind a type in capitals (cpp)": (
        "cpp",
        "BOOL FOO(int a) NOEXCEPT;\nBOOL BAR(int a) const noexcept(true);\n"
        "struct K { BOOL BAZ(A a) const noexcept(f(1)); };",
        "prototype FOO, prototype BAR, struct K, prototype BAZ in K",
    ),
    "a function in capitals behind an export macro and a type (c)": (
        "c",
        "KIT_API size_t SUM32 (const void *p, size_t n);\nKIT_API size_t SUM64(int n) { return n; }\nsize_t pad OF(n);",
        "prototype SUM32, function SUM64, variable pad",
    ),
    "a function of old in capitals (c)": (
        "c",
        "BOOL FOO(a, b) int a; char *b; { return a; }",
        "function FOO",
    ),
    "a macro behind parameters of a template (cpp)": (
        "cpp",
        "template <class T> DECLARE_INFO(List<T>, MOVABLE);\ntemplate <class T>\nlower_info(List<T>);\nint x;",
        "variable x",
    ),
    "what else is behind parameters of a template (cpp)": (
        "cpp",
        "template <class T> constexpr auto find(T t);\ntemplate <class T> Box(T) -> Box<T>;\n"
        "struct B { template <class U> B(U u); };",
        "prototype find, prototype Box, struct B, prototype B in B",
    ),
}
"""Language, source and definitions in their order."""


@pytest.mark.parametrize("case", CASES)
def test_macros_around_declarations_define_nothing(case: str, tmp_path: Path) -> None:
    language, source, defined = CASES[case]
    assert ", ".join(definitions(scan_source(tmp_path, source.encode(), language))) == defined
