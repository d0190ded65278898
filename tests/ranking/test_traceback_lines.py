"""traceback_lines: the frames of tracebacks in the forms of all languages."""

from __future__ import annotations

import pytest

from repomap_fast.ranking.traceback_lines import Frame, frame_in


@pytest.mark.parametrize(
    ("line", "path", "number", "function"),
    [
        ('  File "/a/b.py", line 3, in f', "/a/b.py", 3, "f"),
        ('> File "b.py", line 3', "b.py", 3, ""),
        ("~/lib/b.py in C.f(self, x)", "~/lib/b.py", 0, "f"),
        ("tests/b.py:3: in f", "tests/b.py", 3, "f"),
        ("tests/b.py:3: ValueError", "tests/b.py", 3, ""),
        ("    at org.a.B.run(B.java:3)", "org/a/B.java", 3, "run"),
        ("    at app//org.a.B$C.<init>(B.kt:3)", "org/a/B.kt", 3, "<init>"),
        ("   at A.B.Run(String s) in C:\\x\\B.cs:line 3", "C:/x/B.cs", 3, "Run"),
        ("    at Object.run (/app/lib/b.js:3:14)", "/app/lib/b.js", 3, "run"),
        ("    at async Promise.all (/app/b.ts:3:14)", "/app/b.ts", 3, "all"),
        ("    at /app/lib/b.js:3:14", "/app/lib/b.js", 3, ""),
        ("             at src/b.rs:3:14", "src/b.rs", 3, ""),
        ("thread 'main' panicked at src/b.rs:3:5:", "src/b.rs", 3, ""),
        ("lib/b.rb:3:in `run'", "lib/b.rb", 3, "run"),
        ("\tfrom lib/b.rb:3:in 'A::B#run!'", "lib/b.rb", 3, "run!"),
        ("#0 /app/b.php(3): App\\B->run()", "/app/b.php", 3, "run"),
        ("    #1 0x55d0 in ns::run(int) /src/b.cc:3:14", "/src/b.cc", 3, "run"),
        ("run@https://x.org/lib/b.js:3:14", "lib/b.js", 3, "run"),
        ("@lib/b.ts:3", "lib/b.ts", 3, ""),
        ("1 0x0000 in S.run(x:) at /src/b.swift:3:14", "/src/b.swift", 3, "run"),
        ("src/b.c:3:14: error: expected ';'", "src/b.c", 3, ""),
    ],
)
def test_frames_of_all_languages(line: str, path: str, number: int, function: str) -> None:
    assert frame_in(line, "") == Frame(path.encode(), number, function.encode())


def test_a_frame_of_go_has_its_function_on_the_line_before() -> None:
    assert frame_in("\t/src/b.go:3 +0x1d", "main.(*Server).Run(0xc000)") == Frame(b"/src/b.go", 3, b"Run")
    assert frame_in("\t/src/b.go:3 +0x1d", "main.run(...)") == Frame(b"/src/b.go", 3, b"run")


def test_a_frame_of_rust_has_its_function_on_the_line_before() -> None:
    assert frame_in("             at ./src/b.rs:3:5", "   3: app::b::run") == Frame(b"./src/b.rs", 3, b"run")
    before = "  11: 0x55d0 - app::b::run::{{closure}}::h0123456789abcdef"
    assert frame_in("             at ./src/b.rs:3:5", before) == Frame(b"./src/b.rs", 3, b"run")


@pytest.mark.parametrize("line", ["", "at noon", "in b.py, too", "a: b (c)", "see line 3", "x = f(y)", "12:30: lunch"])
def test_other_lines_are_no_frames(line: str) -> None:
    assert frame_in(line, "") is None
