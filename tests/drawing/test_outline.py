"""The outline: what it says of every row, within its budgets, in several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import tree_context
from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.errors import LanguageError, ScanCancelled
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.progress import Progress
from repomap_fast.resources.governors import MemoryGovernor
from support.strategies import LANGUAGES_WITH_CASES, LANGUAGES_WITH_TWIN, broken_sources, case_sources

BUDGET = {"max_file_memory_bytes": 1 << 30, "file_timeout_s": 20.0}
SOURCES = [
    Text(source, LANGUAGES[find_language(language)].grammar)
    for language in LANGUAGES_WITH_CASES
    for source in case_sources(language)
]


def outline(source: bytes, grammar: str = "python", **budget: float) -> Outline | None:
    outliners = Outliners(n_workers=1, **{**BUDGET, **budget})  # type: ignore[arg-type]
    return outliners.outline([Text(source, grammar)])[0]


def scopes(found: Outline | None) -> list[tuple[int, int, int]]:
    assert found is not None
    return list(zip(found.rows.tolist(), found.end_rows.tolist(), found.head_rows.tolist(), strict=True))


def expected_scopes(source: str, grammar: str) -> list[tuple[int, int, int]]:
    nodes = tree_context.all_nodes(source, grammar)
    starts = sorted({first for first, last in nodes if last > first})
    return [
        (start, max(last for first, last in nodes if first == start), len(tree_context.head(nodes, start)))
        for start in starts
    ]


def test_a_scope_is_what_has_several_rows() -> None:
    source = b"import os\n\n\nclass A:\n    def f(self):\n        return 1\n"
    # The module ends behind the last line feed; of class A there are the statement, and nothing smaller.
    assert scopes(outline(source)) == [(0, 6, 1), (3, 5, 1), (4, 5, 1)]


def test_a_head_goes_as_far_as_the_smallest_of_what_starts_there() -> None:
    source = b"x = 1\ndef f(\n    a,\n    b,\n):\n    return a\n"
    # The function starts in row 1, and the parameters, which end in row 4, where the body goes on.
    assert (1, 5, 3) in scopes(outline(source))
    source = b"x = 1\n@decorated(\n    1,\n)\ndef f():\n    pass\n"
    # The decorated definition, the decorator and its call start in row 1: the two last end in row 3.
    assert (1, 5, 2) in scopes(outline(source))


def test_a_head_has_ten_rows_at_the_most() -> None:
    arguments = b"".join(b"    %d,\n" % i for i in range(30))
    source = b"x = 1\n@decorated(\n" + arguments + b")\ndef f():\n    pass\n"
    assert (1, 34, 10) in scopes(outline(source))


@pytest.mark.parametrize(
    "text", [text for text in SOURCES if text.grammar in LANGUAGES_WITH_TWIN], ids=lambda text: text.grammar
)
def test_the_scopes_are_those_of_the_whole_tree(text: Text) -> None:
    assert scopes(outline(text.contents, text.grammar)) == expected_scopes(text.contents.decode(), text.grammar)


@pytest.mark.parametrize("language", LANGUAGES_WITH_TWIN)
def test_the_scopes_of_broken_sources_are_those_of_the_whole_tree(language: str) -> None:
    row = LANGUAGES[find_language(language)]

    @settings(max_examples=20)
    @given(broken_sources(language))
    def check(source: bytes) -> None:
        # The stock binding shows bash every character, which its scanner does not survive.
        text = source.decode(errors="ignore") if not row.bmp_only else source.decode("ascii", "ignore")
        assert scopes(outline(text.encode(), row.grammar)) == expected_scopes(text, row.grammar)

    check()


def test_a_grammar_that_is_not_in_the_table() -> None:
    source = "a:\n  b: 1\n  c:\n    - 2\n    - 3\n"
    assert scopes(outline(source.encode(), "yaml")) == expected_scopes(source, "yaml")


@pytest.mark.parametrize("source", [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe\x00", b"a\x00b\n"])
def test_next_to_nothing(source: bytes) -> None:
    found = outline(source)
    assert found is not None
    assert len(found.rows) <= 1


def test_no_such_grammar() -> None:
    with pytest.raises(LanguageError, match="'klingon' cannot be loaded"):
        outline(b"", "klingon")


HOSTILE = b"(" * 1_000_000


def test_a_text_that_takes_too_long_has_none() -> None:
    assert outline(HOSTILE, file_timeout_s=0.05) is None


def test_a_text_that_takes_too_much_memory_has_none() -> None:
    assert outline(HOSTILE, max_file_memory_bytes=16 << 20) is None


def test_one_text_without_an_outline_takes_no_other_with_it() -> None:
    outliners = Outliners(n_workers=2, max_file_memory_bytes=16 << 20, file_timeout_s=20.0)
    good = Text(b"class A:\n    x = 1\n", "python")
    for _ in range(2):
        none, *others = outliners.outline([Text(HOSTILE, "python"), good, good])
        assert none is None
        assert [scopes(other) for other in others] == [scopes(outline(good.contents))] * 2


def columns(outlines: list[Outline | None]) -> list[bytes]:
    return [outline.to_bytes() for outline in outlines if outline is not None]


def test_any_number_of_threads_gives_the_same(no_thread_left: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repomap_fast.drawing.outline.ALONE_BYTES", sorted(len(text.contents) for text in SOURCES)[-5])
    texts = [*SOURCES, Text(b"<a>\n<b>\n</b>\n</a>\n", "xml"), *SOURCES]
    alone = columns(Outliners(n_workers=1, **BUDGET).outline(texts))  # type: ignore[arg-type]
    several = Outliners(n_workers=5, **BUDGET)  # type: ignore[arg-type]
    assert columns(several.outline(texts)) == alone
    assert columns(several.outline(texts)) == alone
    assert len(alone) == len(texts)


def governor(resident_bytes: int, limit_bytes: int = 1 << 30) -> MemoryGovernor:
    return MemoryGovernor(limit_bytes, read_resident=lambda: resident_bytes)


def test_a_limit_of_memory_changes_no_outline_for_which_there_is_room() -> None:
    free = columns(Outliners(n_workers=2, **BUDGET).outline(SOURCES))  # type: ignore[arg-type]
    for resident_bytes in (0, 1 << 29, 1 << 30):
        # At the limit a parse gets 8 MiB.
        limited = Outliners(n_workers=2, memory=governor(resident_bytes), **BUDGET)  # type: ignore[arg-type]
        assert columns(limited.outline(SOURCES)) == free


def test_a_text_for_which_memory_has_no_room_has_no_outline() -> None:
    text = Text(b"x = (\n" + b"1,\n" * 200_000 + b")\n", "python")
    for resident_bytes, has_outline in ((0, True), (1 << 30, False)):
        outliners = Outliners(n_workers=1, memory=governor(resident_bytes), **BUDGET)  # type: ignore[arg-type]
        assert [one is not None for one in outliners.outline([text])] == [has_outline]


def test_what_needs_more_than_its_share_is_parsed_alone_at_last() -> None:
    text = Text(b"x = (\n" + b"1,\n" * 60_000 + b")\n", "python")
    memory = governor(0, 40 << 20)
    assert outline(text.contents, max_file_memory_bytes=memory.file_memory_bytes(1 << 30, 4)) is None
    outliners = Outliners(n_workers=4, memory=memory, **BUDGET)  # type: ignore[arg-type]
    assert len(columns(outliners.outline([text] * 4))) == 4


class SetLater:
    """A cancel event that is set from the n-th look on."""

    def __init__(self, n: int) -> None:
        self.n_left = n

    def is_set(self) -> bool:
        self.n_left -= 1
        return self.n_left < 0


@pytest.mark.parametrize("n_workers", [1, 2])
def test_cancelled(no_thread_left: None, n_workers: int) -> None:
    outliners = Outliners(n_workers=n_workers, **BUDGET)  # type: ignore[arg-type]
    texts = [Text(b"(" * 1_000_000, "python")] * 4
    with pytest.raises(ScanCancelled):
        outliners.outline(texts, Progress(cancel=SetLater(1)))
    # Who goes on afterwards can.
    assert columns(outliners.outline(SOURCES[:2])) == columns([outline(s.contents, s.grammar) for s in SOURCES[:2]])


def test_outlining_holds_no_lock() -> None:
    """Python goes on while a text is parsed."""
    outliners = Outliners(n_workers=1, **BUDGET)  # type: ignore[arg-type]
    done = threading.Event()
    thread = threading.Thread(target=lambda: (outliners.outline([Text(HOSTILE, "python")]), done.set()))
    thread.start()
    n_turns = 0
    while not done.wait(0.001):
        n_turns += 1
    thread.join()
    assert n_turns > 1


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(1, 10)), max_size=20), st.data())
def test_heads_around_rows(spans: list[tuple[int, int, int]], data: st.DataObject) -> None:
    by_row = {row: (row, row + size, min(n_head, size)) for row, size, n_head in spans}
    ordered = [by_row[row] for row in sorted(by_row)]
    dtypes: tuple[Callable[[list[int]], np.ndarray], ...] = (np.uint32, np.uint32, np.uint8)  # type: ignore[assignment]
    columns = zip(*ordered, strict=True) if ordered else ((), (), ())
    made = Outline(*(np.array(column, dtype) for column, dtype in zip(columns, dtypes, strict=True)))
    rows = sorted(data.draw(st.sets(st.integers(0, 100))))
    expected = set()
    for start, end, n_head in ordered:
        if start > 0 and any(start <= row <= end for row in rows):
            expected |= set(range(start, start + n_head))
    assert made.heads_around(rows) == expected
    again = Outline.from_bytes(made.to_bytes())
    assert again.heads_around(rows) == expected
    assert scopes(again) == scopes(made)


def test_bytes_that_are_no_outline() -> None:
    with pytest.raises(ValueError, match="expected 9 for each scope"):
        Outline.from_bytes(b"12345")


def test_a_single_small_text_can_be_left(no_thread_left: None) -> None:
    outliners = Outliners(n_workers=1, **BUDGET)  # type: ignore[arg-type]
    with pytest.raises(ScanCancelled):
        outliners.outline([Text(b"(" * 100_000, "python")], Progress(cancel=SetLater(1)))


def test_c_and_cpp_are_read_without_their_macros() -> None:
    source = b"class KIT_API A : public B {\n  Q_OBJECT\n  void f()\n  {\n    g();\n  }\n};\nMAKE(a)\nint h()\n{\n}\n"
    blanked = source.replace(b"KIT_API", b" " * 7).replace(b"Q_OBJECT", b" " * 8).replace(b"MAKE(a)", b" " * 7)
    read = Outliners(n_workers=1, macros=(), **BUDGET).outline([Text(source, "cpp")])[0]  # type: ignore[arg-type]
    assert scopes(read) == scopes(outline(blanked, "cpp")) != scopes(outline(source, "cpp"))


def test_a_user_s_macros_are_read_too() -> None:
    source = b"struct my_thing a\n{\n  int b;\n};\nint f()\n{\n}\n"
    outliners = Outliners(n_workers=1, macros=("my_thing attribute",), **BUDGET)  # type: ignore[arg-type]
    expected = outline(source.replace(b"my_thing", b" " * 8), "c")
    assert scopes(outliners.outline([Text(source, "c")])[0]) == scopes(expected)
