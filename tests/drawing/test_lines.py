"""The lines of a map: one for each definition, below those that it belongs to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.drawing.choose import BARE, NO_ROW, NOTED, SIGNED
from repomap_fast.drawing.draw import draw
from repomap_fast.drawing.entries import Entries
from repomap_fast.drawing.repo_map import RepoMap, Style
from repomap_fast.indexing.index import Index

Entry = tuple[str, int, int]
Drawn = Callable[..., RepoMap]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    """Return what draws a map of given entries (path, row, detail), none of which is ranked."""

    def made(
        files: dict[str, str | bytes], entries: list[Entry], *, budget: int = 10_000, n_promised: int = 0
    ) -> RepoMap:
        for path, source in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(source.encode() if isinstance(source, str) else source)
        # The longest text takes a stalled machine more than the usual time for a file.
        with Index.open(tmp_path, cache=False, timeout_per_file=600) as index:
            index.refresh()
            rows = {path.decode(): row for row, path in enumerate(index.result.file_table.paths)}
            columns = Entries(
                np.array([rows[path] for path, _, _ in entries], np.uint32),
                np.array([row for _, row, _ in entries], np.int64),
                np.full(len(entries), -1, np.int64),
                np.array([detail for _, _, detail in entries], np.uint8),
                n_promised,
            )
            style = Style.of("text", tokenizer="estimate", header=False, ascii_marks=False)
            return draw(index.result, index.graph, None, columns, style, budget=budget)

    return made


SHOP = '''
class Till(Base):
    """Holds the money. It is small."""

    class Drawer:
        coins = []

    def count(self, coin: "Coin", *, twice=False):
        """Count one
        coin.

        Details."""

        def inner(): pass


def helper(): pass
'''


def lines_of(repo_map: RepoMap) -> list[str]:
    return repo_map.text.splitlines()


def test_a_definition_stands_below_those_that_it_belongs_to(drawn: Drawn) -> None:
    assert lines_of(drawn({"a.py": SHOP}, [("a.py", 5, BARE), ("a.py", 13, BARE), ("a.py", 16, BARE)])) == [
        *("a.py:", "2 class Till", " 5 class Drawer", "  6 coins", " 8 count", "  14 inner", "17 helper")
    ]


def test_a_line_says_as_much_as_its_detail(drawn: Drawn) -> None:
    entries = [("a.py", 1, NOTED), ("a.py", 4, SIGNED), ("a.py", 7, NOTED), ("a.py", 16, SIGNED)]
    assert lines_of(drawn({"a.py": SHOP}, entries))[1:] == [
        *("2-14 class Till(Base)  # Holds the money.", " 5-6 class Drawer"),
        *(' 8-14 count(coin: "Coin", *, twice=False)  # Count one coin.', "17 helper()"),
    ]


def test_all_definitions_of_a_row_are_named(drawn: Drawn) -> None:
    entries = [("a.c", 0, BARE), ("a.c", 1, SIGNED)]
    assert lines_of(drawn({"a.c": "int a, b;\nint c = 1, d;\n"}, entries))[1:] == ["1 a, b", "2 c = 1, d"]


def test_a_row_without_a_definition_is_shown_as_it_is(drawn: Drawn) -> None:
    entries = [("a.py", 0, BARE), ("a.py", 1, SIGNED), ("a.py", 5, BARE), ("b.txt", 0, BARE)]
    shown = drawn({"a.py": "if x:\n    print(\x1b\t1)\n", "b.txt": "text\n"}, entries)
    assert lines_of(shown) == ["a.py:", "1 if x:", "2 print(\\x1b\\t1)", "6", "", "b.txt:", "1 text"]


def test_members_before_the_name_of_their_type_are_not_below_it(drawn: Drawn) -> None:
    source = "typedef struct {\n  int first;\n} pair_t;\n"
    assert lines_of(drawn({"a.c": source}, [("a.c", 1, BARE), ("a.c", 2, BARE)]))[1:] == ["2 first", "3 type pair_t"]


def test_names_and_signatures_cannot_steer_a_terminal_or_break_a_line(drawn: Drawn) -> None:
    source = "class A { 'x\x1b[2J\u202e\\n y'(a = '\x07\x9b', b) {} }\nfunction f(a\r\n, b /*\x1b*/) {}\n"
    shown = drawn({"a.js": source}, [("a.js", 0, SIGNED), ("a.js", 1, SIGNED)])
    assert all(line.isprintable() for line in lines_of(shown))
    assert lines_of(shown)[1].startswith("1 class A")
    assert lines_of(shown)[2] == "2-3 f(a, b)"


def test_a_row_of_zeros(drawn: Drawn) -> None:
    source = b"def f(a):\n    pass\ndef g(" + b"\0" * 5000 + b"): pass\n"
    shown = drawn({"a.py": source}, [("a.py", 0, SIGNED), ("a.py", 2, SIGNED)])
    assert all(line.isprintable() for line in lines_of(shown))
    # It is binary, and so has no definitions.
    assert lines_of(shown)[1] == "1 def f(a):"
    assert lines_of(shown)[2].startswith("3 def g(\\x00\\x00")
    assert len(lines_of(shown)[2]) < 70


def test_a_signature_of_ten_megabytes(drawn: Drawn) -> None:
    source = f"def f({', '.join(f'a{i}' for i in range(1_200_000))}): pass\n\n\ndef {'g' * 100_000}(): pass\n"
    assert len(source) > 10_000_000
    started_s = time.process_time()
    shown = drawn({"a.py": source}, [("a.py", 0, NOTED), ("a.py", 3, SIGNED), ("a.py", 3, BARE)])
    assert time.process_time() - started_s < 30
    first, second = lines_of(shown)[1:]
    assert first == "1 f(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, …)"
    assert len(second) < 70


def test_a_minified_file(drawn: Drawn) -> None:
    source = "".join(f"function f{i}(a,b){{return a}};" for i in range(500)) + "\n"
    (line,) = lines_of(drawn({"a.js": source}, [("a.js", 0, SIGNED)]))[1:]
    assert line.startswith("1 f0(a, b), f1, f2, ")
    assert len(line) < 100


# Promises


MANY = {f"d{i}/f{i}.py": "".join(f"def g{i}_{k}(a, b): pass\n\n" for k in range(6)) for i in range(6)}
ENTRIES = st.lists(
    st.tuples(st.sampled_from(sorted(MANY)), st.sampled_from([NO_ROW, 0, 2, 4, 6, 8]), st.integers(BARE, NOTED)),
    max_size=25,
    unique_by=lambda entry: entry[:2],
)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for path, source in MANY.items():
        (folder / path).parent.mkdir()
        (folder / path).write_text(source)
    return folder


@pytest.fixture(scope="module")
def index(many: Path) -> Index:
    opened = Index.open(many, cache=False)
    opened.refresh()
    return opened


@given(ENTRIES, st.integers(0, 25), st.integers(1, 160), st.sampled_from(["estimate", len]))
def test_each_promised_entry_is_shown_if_its_line_fits(
    index: Index, entries: list[Entry], n_promised: int, budget: int, tokenizer: object
) -> None:
    rows = {path.decode(): row for row, path in enumerate(index.result.file_table.paths)}
    style = Style.of("text", tokenizer=tokenizer, header=False, ascii_marks=False)  # type: ignore[arg-type]

    def made(some: list[Entry], n_promised: int, budget: int) -> RepoMap:
        columns = Entries(
            np.array([rows[path] for path, _, _ in some], np.uint32),
            np.array([row for _, row, _ in some], np.int64),
            np.full(len(some), -1, np.int64),
            np.array([detail for _, _, detail in some], np.uint8),
            min(n_promised, len(some)),
        )
        return draw(index.result, index.graph, None, columns, style, budget=budget)

    shown = made(entries, n_promised, budget)
    assert shown.tokens == style.count(shown.text) <= budget
    assert made(entries, n_promised, budget) == shown
    kept: list[Entry] = []
    for path, row, _ in entries[:n_promised]:
        if made([*kept, (path, row, BARE)], 0, 10**6).tokens <= budget:
            kept.append((path, row, BARE))
    for path, row, _ in kept:
        assert is_shown(shown.text, path, row), (shown.text, path, row)


def is_shown(text: str, path: str, row: int) -> bool:
    of_file = {part.partition(":\n")[0]: part for part in text.split("\n\n")}
    if row == NO_ROW:
        return path in of_file or any(path in line for line in text.splitlines() if line.startswith(("also:", " ")))
    lines = of_file.get(path, "").splitlines()
    return any(line.startswith((f"{row + 1} ", f"{row + 1}-")) for line in lines)


def test_a_promised_definition_gives_up_what_is_around_it_before_it_is_left_out(drawn: Drawn) -> None:
    entries = [("a.py", 13, SIGNED), ("a.py", 5, SIGNED)]
    found = [lines_of(drawn({"a.py": SHOP}, entries, budget=budget, n_promised=2)) for budget in (8, 11, 19, 60)]
    assert found == [
        ["a.py:", "14 inner"],
        ["a.py:", "6 coins", "14 inner"],
        ["a.py:", "2 class Till", " 6 coins", " 8 count", "  14 inner"],
        ["a.py:", "2 class Till", " 5 class Drawer", "  6 coins = []", " 8 count", "  14 inner()"],
    ]


def test_a_map_is_the_same_from_memory_and_from_an_overlay(tmp_path: Path) -> None:
    root, cache_dir = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    (root / "a.go").write_text(
        "package a\n\ntype Ring struct{}\n\nfunc (r *Ring) Push(n int) {}\n\nfunc use() { Push() }\n"
    )
    for i in range(300):
        (root / f"b{i}.py").write_text(f"class B{i}:\n    def m(self, x): return use(Push)\n")
    repomap_fast.map(root, cache_dir=cache_dir)
    (root / "b7.py").write_text(
        "class Changed:\n    class Inner:\n        def m(self, other): pass\n\n\nuse(Inner.m)\n"
    )
    os.utime(root / "b7.py", (1, 1))
    for form in ("text", "json"):
        over = repomap_fast.map(root, tokens=8000, query="Push Inner", cache_dir=cache_dir, format=form)
        assert over.text == repomap_fast.map(root, tokens=8000, query="Push Inner", cache=False, format=form).text
        assert "Ring.Push" in over.text or form == "json"
    scopes = {one.name: one.scope for one in over.definitions}
    assert (scopes["Push"], scopes["Inner"]) == ("Ring", "Changed")


def test_a_name_that_is_part_of_another_word_of_its_line_is_shown(drawn: Drawn) -> None:
    found = drawn({"a.js": "function helper(other) { } function e() { } function other() { }\n"}, [("a.js", 0, SIGNED)])
    assert "1 helper(other), e\n" in found.text + "\n"
