"""Where definitions begin, and how they are declared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.contents import FolderContents
from repomap_fast.drawing.source_lines import SourceLines
from repomap_fast.symbols import source
from repomap_fast.symbols.source import MAX_LINE_CHARACTERS, first_row, read_source, row_texts, signature


def lines(text: str) -> SourceLines:
    return SourceLines(text.encode())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "x = 1\ndef f(): pass", 1),
        ("python", "x = 1\n# why\n@a\ndef f(): pass", 1),
        ("python", "x()\n\n@a(\n  1,\n)\ndef f(): pass", 2),
        ("python", "x(\n  1,\n)\ndef f(): pass", 3),
        ("python", "# apart\n\ndef f(): pass", 2),
        ("c", "int x;\nstatic int\nf(void) {}", 1),
        ("c", "int x;\n/* why\n * so */\nstatic int\nf(void) {}", 1),
        ("c", "#include <a.h>\nf(void) {}", 1),
        ("c", "}\nf(void) {}", 1),
        ("cpp", "public:\ntemplate <typename T>\nT f(T t) {}", 1),
        ("java", "int a;\n  /** Doc.\n   */\n  @Override\n  public\n  void f() {}", 1),
        ("csharp", "int a;\n[Fact]\nvoid f() {}", 1),
        ("rust", "use a;\n/// Doc.\n#[derive(Debug)]\nstruct F;", 1),
        ("go", "var x int\n// F does.\nfunc F() {}", 1),
        ("javascript", "a();\n/** Doc. */\nfunction f() {}", 1),
        ("lua", "x()\n-- why\nfunction f() end", 1),
        ("ruby", "x\n# why\ndef f; end", 1),
        ("typescript", "let a;\n@Component({\n  a: 1,\n})\nclass F {}", 1),
    ],
)
def test_comments_annotations_and_types_belong_to_a_definition(language: str, text: str, expected: int) -> None:
    assert first_row(lines(text), language, text.count("\n")) == expected


def test_what_belongs_to_an_earlier_definition_is_left_to_it() -> None:
    assert first_row(lines("# a\n# b\n# c\ndef f(): pass"), "python", 3, floor=2) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a, b=(1, 2)): return {}", "def f(a, b=(1, 2)): return"),
        ("def f(\n    a: int,\n    b: str = 'x{',\n) -> int:\n    pass", "def f(a: int, b: str = 'x{') -> int:"),
        ("int f(int a) {\n  return a;\n}", "int f(int a)"),
        ("fn f<'a>(x: &'a str) -> &'a str {\n x }", "fn f<'a>(x: &'a str) -> &'a str"),
        ("class A(B):\n    x = 1", "class A(B):"),
        ("LIMIT = {", "LIMIT ="),
        ("x = [\n 1,\n 2]\n", "x = [ 1, 2]"),
        ('const char *t = R"(\nint f() { return 1; }\n)";', 'const char *t = R"('),
        ('run(A, """\ndef f(x):\n""")', 'run(A, """'),
        ("local t = [==[\nfunction f() end\n]==]", "local t = [==["),
        ("sql(`\ncreate table t (\n`)", "sql(`"),
        ("fn f<'a>(\n  x: &'a str)", "fn f<'a>(x: &'a str)"),
    ],
)
def test_a_signature_is_one_line(text: str, expected: str) -> None:
    assert signature(lines(text), "python", 0, text.count("\n")) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "python",
            "def f(  # type: ignore[override]\n    self, a='#',  # don't {\n    b: int\n): pass",
            "def f(self, a='#', b: int): pass",
        ),
        ("c", "int f(int a, // first\n      int b) {", "int f(int a, int b)"),
        ("rust", "fn f(#[cfg(unix)] a: u8, // why\n b: u8) {", "fn f(#[cfg(unix)] a: u8, b: u8)"),
        ("php", "function f(#[Pure] $a, # one\n $b, // two\n $c) {", "function f(#[Pure] $a, $b, $c)"),
        ("lua", "function f(a, -- one\n b) end", "function f(a, b) end"),
        ("ruby", "def f(a = '#{b}', # one\n c)", "def f(a = '#{b}', c)"),
        ("typescript", "f(a = 'http://x', // one\n b) {", "f(a = 'http://x', b)"),
        ("python", "LIMIT = 1  # seconds", "LIMIT = 1 # seconds"),
    ],
)
def test_a_comment_within_a_signature_is_left_out(language: str, text: str, expected: str) -> None:
    assert signature(lines(text), language, 0, text.count("\n")) == expected


def test_a_signature_on_a_row_with_another_begins_behind_it() -> None:
    text = "class A { void f(int a) {} int b; }"
    assert signature(lines(text), "java", 0, 0, text.index("f(")) == "void f(int a)"
    assert signature(lines(text), "java", 0, 0, text.index("b;")) == "int b;"


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet="ab (){}[]<>;:,@#/*\"'\n\t\\{", max_size=300),
    language=st.sampled_from(["python", "c", "cpp", "rust", "csharp", "lua", "php", "swift"]),
    row=st.integers(0, 40),
)
def test_any_text_has_a_first_row_and_a_short_signature(text: str, language: str, row: int) -> None:
    found = lines(text)
    row = min(row, len(found) - 1)
    assert 0 <= first_row(found, language, row) <= row
    assert len(signature(found, language, row, len(found) + 5)) <= 201
    assert "\n" not in signature(found, language, row, row)


def test_a_long_line_is_cut() -> None:
    for n_characters in (10**6, 10**7):
        (text,) = row_texts(lines("x" * n_characters), 0, 0)
        assert len(text) == MAX_LINE_CHARACTERS + 1


@pytest.mark.parametrize("split_bytes", [0, 1 << 20])
def test_rows_are_those_of_the_source(split_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_SPLIT_BYTES", split_bytes)
    found = SourceLines("\ufeffa\r\nb\r\r\n\n\x0cc\u2028d\nlast".encode())
    assert list(row_texts(found, 0, len(found) - 1)) == [found.line(row, 99) for row in range(len(found))]
    assert list(row_texts(found, 1, 2)) == ["b", ""]


def test_only_regular_files_below_the_root_are_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "link.py").symlink_to(tmp_path / "secret")
    os.mkfifo(root / "pipe.py")
    (root / "large.py").write_text("x" * 100)
    assert [
        read_source(FolderContents(root), path, 99)
        for path in (b"link.py", b"pipe.py", b"../secret", b"large.py", b"a\0")
    ] == [None] * 5
    assert read_source(FolderContents(root), b"large.py", 100) is not None
