"""The search for what fits: never above the budget, most of it used, nothing rendered twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.choose import BARE, LEAST, NO_ROW, NOTED, SIGNED, Fit, Shown, choose
from repomap_fast.drawing.tokens import Counter as TokenCounter

Entry = tuple[int, int]


class MadeParts:
    """Parts of words, one token each: two for a file, and for each row as many as its number says, to nine.

    A row in detail has three more for each step. Where there are files by their paths alone, a label says so.
    """

    def __init__(self, *, frame: str = "", words_of_row: Mapping[int, int] | None = None, label: str = "") -> None:
        self.frame = frame
        self.words_of_row = words_of_row
        self.label = label
        self.asked: Counter[tuple[int, tuple[Shown, ...]]] = Counter()
        self.prepared: list[int] = []

    def prepare(self, file_ids: Collection[int]) -> None:
        self.prepared += file_ids

    def words(self, row: int) -> int:
        return row % 10 if self.words_of_row is None else self.words_of_row[row]

    def part(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        assert list(rows) == sorted(set(rows))
        self.asked[file_id, rows] += 1
        lines = (f"{row} " * self.words(row) + "more " * 3 * detail for row, detail in rows)
        return f"file {file_id}\n" + "".join(f"{line}\n" for line in lines)

    def least(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        return f"file {file_id}\n" + "".join(f"{row}\n" for row, _ in rows)

    def join(self, parts: Mapping[int, str], bare: Collection[int]) -> str:
        assert list(parts) == sorted(parts)
        return self.frame + (self.label if bare else "") + "".join(parts.values())

    def nothing(self) -> str:
        return ""


def n_words(text: str) -> int:
    return len(text.split())


def fit_of(
    entries: Sequence[Entry],
    parts: MadeParts,
    budget: int,
    count: TokenCounter = n_words,
    *,
    details: Sequence[int] = (),
    n_promised: int = 0,
) -> Fit:
    files = np.array([file_id for file_id, _ in entries], np.uint32)
    rows = np.array([row for _, row in entries], np.int64)
    wanted = np.array(details, np.uint8) if details else None
    fit = choose(files, rows, parts, budget=budget, count=count, details=wanted, n_promised=n_promised)
    check(fit, entries, parts, budget, count)
    return fit


def rows_of(fit: Fit) -> dict[int, tuple[int, ...]]:
    return {file_id: tuple(row for row, _ in rows) for file_id, rows in fit.rows.items()}


def check(fit: Fit, entries: Sequence[Entry], parts: MadeParts, budget: int, count: TokenCounter) -> None:
    assert max(parts.asked.values(), default=0) <= 1
    assert not fit.entries or fit.tokens <= budget
    assert list(fit.entries) == sorted(set(fit.entries))
    expected: dict[int, set[int]] = {}
    for entry in fit.entries:
        file_id, row = entries[entry]
        expected.setdefault(file_id, set()).update({row} - {NO_ROW})
    assert rows_of(fit) == {file_id: tuple(sorted(expected[file_id])) for file_id in sorted(expected)}
    if fit.entries:
        again = MadeParts(frame=parts.frame, words_of_row=parts.words_of_row, label=parts.label)
        texts = {file_id: again.part(file_id, rows) for file_id, rows in fit.rows.items()}
        assert fit.text == again.join(texts, [file_id for file_id, rows in fit.rows.items() if not rows])
        assert fit.tokens == count(fit.text)
    else:
        assert (fit.text, fit.tokens) == ("", 0)


@pytest.mark.parametrize("budget", [4, 9, 30])
def test_a_file_that_is_shown_by_its_path_alone_is_not_prepared(budget: int) -> None:
    parts = MadeParts()
    fit = fit_of([(0, NO_ROW), (1, 3), (2, NO_ROW), (3, 2), *((i, NO_ROW) for i in range(4, 60))], parts, budget)
    assert fit.entries
    assert set(parts.prepared) <= {1, 3}


RANKINGS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 40) | st.just(NO_ROW)), max_size=60)


@given(RANKINGS, st.integers(-1, 300), st.sampled_from(["", "head of three words\n"]))
def test_what_fits_is_within_the_budget_and_uses_it(entries: list[Entry], budget: int, frame: str) -> None:
    parts = MadeParts(frame=frame)
    fit = fit_of(entries, parts, budget)
    whole = fit_of(entries, MadeParts(frame=frame), 10**6)
    assert len(whole.entries) == len(entries)
    # The largest step is a file's two words and a row's nine: where a tenth of the budget has room for it, that much is
    # used; and all that there is where it fits.
    if budget >= 110 + n_words(frame):
        assert fit.tokens >= min(LEAST * budget - n_words(frame), whole.tokens)
    if whole.tokens <= budget:
        assert (fit.text, fit.rows) == (whole.text, whole.rows)


def test_a_budget_that_is_too_small_for_anything() -> None:
    assert fit_of([(0, 9), (1, 9)], MadeParts(), 3) == Fit((), {}, "", 0)
    assert fit_of([], MadeParts(), 100) == Fit((), {}, "", 0)
    assert fit_of([(0, 1)], MadeParts(frame="a b c "), 3) == Fit((), {}, "", 0)


def test_a_large_ranking() -> None:
    draw = Random(26)
    entries = [(min(int(draw.expovariate(0.004)), 3_000), draw.randrange(2_000)) for _ in range(20_000)]
    n_all = fit_of(entries, MadeParts(), 10**9).tokens
    for budget in (3, 10, 1_000, 50_000, 1_000_000):
        parts = MadeParts()
        fit = fit_of(entries, parts, budget)
        if budget >= 110:
            assert fit.tokens >= LEAST * min(budget, n_all)
        # Of each file that is shown there are a few parts, and few files are looked at in vain.
        assert len(parts.asked) <= 8 * len(fit.rows) + 100
        assert len(set(parts.prepared)) <= 2 * len(fit.rows) + 60


def test_what_does_not_fit_is_passed_over() -> None:
    parts = MadeParts(words_of_row={0: 5, 1: 500, 2: 6})
    fit = fit_of([(0, 0), (1, 1), (2, 0), (3, 1), (4, 2)], parts, 25)
    assert fit.entries == (0, 2, 4)


def test_files_that_cannot_fit_are_not_prepared() -> None:
    parts = MadeParts(words_of_row={0: 10, 1: 500})
    fit = fit_of([(0, 0), (1, 1), *((file_id, 0) for file_id in range(2, 40))], parts, 14)
    assert fit.entries == (0,)
    assert set(parts.prepared) <= {0, 1}


def test_a_prefix_is_kept_where_it_uses_enough() -> None:
    fit = fit_of([(0, 9), (0, 9 + 10), (0, 19 + 10), (1, 9), (2, 1)], MadeParts(), 31)
    assert fit.entries == (0, 1, 2)


def test_a_file_by_its_path_and_by_rows() -> None:
    fit = fit_of([(0, NO_ROW), (1, NO_ROW), (0, 4)], MadeParts(), 1_000)
    assert rows_of(fit) == {0: (4,), 1: ()}


@pytest.mark.parametrize(
    "count",
    [
        lambda text: n_words(text) + 7,
        lambda text: int(n_words(text) ** 0.9),
        lambda text: int(n_words(text) ** 1.1),
        lambda text: 0,
        lambda text: 10**6,
        lambda text: len(text) % 5 + 1,
    ],
)
def test_counters_that_do_not_add_up(count: TokenCounter) -> None:
    entries = [(i % 20, i) for i in range(400)]
    fit_of(entries, MadeParts(), 300, count)


DETAILED = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 40) | st.just(NO_ROW), st.integers(BARE, NOTED)), max_size=30
)


@given(DETAILED, st.integers(0, 12), st.integers(0, 200), st.sampled_from(["", "also: these files here\n"]))
def test_a_promised_entry_is_shown_if_a_line_of_it_fits(
    given: list[tuple[int, int, int]], n_promised: int, budget: int, label: str
) -> None:
    entries, details = [(file_id, row) for file_id, row, _ in given], [detail for _, _, detail in given]
    n_promised = min(n_promised, len(entries))
    fit = fit_of(entries, MadeParts(label=label), budget, details=details, n_promised=n_promised)
    # Each takes what those before it leave, in as few words as it can.
    shown: list[int] = []
    for entry in range(n_promised):
        alone = fit_of([entries[i] for i in [*shown, entry]], MadeParts(label=label), 10**6)
        if alone.tokens <= budget:
            shown.append(entry)
    assert [entry for entry in fit.entries if entry < n_promised] == shown
    assert fit.tokens <= budget or not fit.entries


def test_promised_entries_have_fewer_details_before_one_is_left_out() -> None:
    entries, details = [(0, 1), (1, 1), (2, 1), (3, 1)], [SIGNED, SIGNED, NOTED, SIGNED]
    kept = [
        fit_of(entries, MadeParts(), budget, details=details, n_promised=3).rows.values()
        for budget in (9, 12, 15, 21, 25)
    ]
    found = [[[detail for _, detail in rows] for rows in of_budget] for of_budget in kept]
    assert found[0] == [[BARE], [BARE], [BARE]]
    assert found[1] == [[SIGNED], [BARE], [BARE]]
    assert found[2] == [[SIGNED], [SIGNED], [BARE]]
    assert found[3] == [[SIGNED], [SIGNED], [NOTED]]
    assert found[4] == [[SIGNED], [SIGNED], [NOTED]]


def test_an_entry_that_is_too_large_gives_way_unless_it_is_promised() -> None:
    words = {0: 50, 1: 1}
    assert fit_of([(0, 0), (1, 1), (2, 1)], MadeParts(words_of_row=words), 54).entries == (0,)
    assert fit_of([(2, 1), (0, 0), (1, 1)], MadeParts(words_of_row=words), 54).entries == (0, 2)
    assert fit_of([(2, 1), (1, 1), (0, 0)], MadeParts(words_of_row=words), 54, n_promised=3).entries == (0, 1)
    assert fit_of([(0, 0), (2, 1), (1, 1)], MadeParts(words_of_row=words), 54, n_promised=1).entries == (0,)


class CountedLeast(MadeParts):
    """Parts that count how often the least text of each row is asked for."""

    def __init__(self) -> None:
        super().__init__(words_of_row={0: 1, 1: 90})
        self.n_least: Counter[int] = Counter()

    def least(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        self.n_least[max(row for row, _ in rows)] += 1
        return "word " * sum(self.words(row) for row, _ in rows)


def test_a_row_that_does_not_fit_is_tried_once_however_many_definitions_it_has() -> None:
    parts = CountedLeast()
    fit = fit_of([(0, 0)] + [(1, 1)] * 40, parts, budget=50)
    assert rows_of(fit) == {0: (0,)}
    assert parts.n_least[1] == 1
