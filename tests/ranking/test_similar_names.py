"""similar_names: the names that are like a word, against a slow twin that compares one name after another."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.ranking import _similar_names, similar_names
from repomap_fast.ranking.similar_names import (
    MAX_EDITS,
    NO_LIKENESS,
    Likeness,
    likenesses_of,
    match_names,
    max_edits_for,
    nearest,
    nearest_paths,
)
from repomap_fast.tables import StringTable

letters = st.binary(min_size=1, max_size=8).map(lambda text: bytes(b"abABc_\xc3\xa9"[byte % 8] for byte in text))
tables = st.lists(letters, unique=True, max_size=30)


def edits_between(one: bytes, other: bytes) -> int:
    """Return the optimal string alignment distance, by its definition."""
    rows = [list(range(len(other) + 1))]
    for i, character in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            costs = [rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (character != theirs)]
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                costs.append(rows[-2][j - 2] + 1)
            row.append(min(costs))
        rows.append(row)
    return rows[-1][-1]


def twin(names: list[bytes], word: bytes) -> list[tuple[int, Likeness, int]]:
    found = []
    for name_id, name in enumerate(names):
        if name == word:
            found.append((name_id, Likeness.EXACT, 0))
        elif name.lower() == word.lower():
            found.append((name_id, Likeness.CASE, 0))
        elif name.lower().startswith(word.lower()):
            found.append((name_id, Likeness.PREFIX, 0))
        elif word.lower() in name.lower():
            found.append((name_id, Likeness.SUBSTRING, 0))
    if found:
        return found
    edits = [edits_between(name.lower(), word.lower()) for name in names]
    return [(i, Likeness.FUZZY, n) for i, n in enumerate(edits) if n <= max_edits_for(word)]


def rows_of(matches: similar_names.NameMatches) -> list[tuple[int, int, int]]:
    columns = (matches.name_ids.tolist(), matches.likenesses.tolist(), matches.edits.tolist())
    return list(zip(*columns, strict=True))


@given(tables, letters, st.sampled_from([1, 5, 1 << 16]))
def test_matches_are_those_of_the_twin(names: list[bytes], word: bytes, piece_names: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar_names, "_CHUNK_NAMES", piece_names)
        assert rows_of(match_names(StringTable.from_strings(names), word)) == twin(names, word)


long_tables = st.lists(st.tuples(letters, st.integers(0, 200), letters), max_size=12).map(
    lambda parts: list(dict.fromkeys(before + b"." * n + after for before, n, after in parts))
)


@given(long_tables, st.binary(max_size=2).map(lambda text: bytes(b"abB.\xc3"[byte % 5] for byte in text)))
def test_a_word_is_found_anywhere_in_long_names(names: list[bytes], word: bytes) -> None:
    found = match_names(StringTable.from_strings(names), word, loosest=Likeness.SUBSTRING)
    assert rows_of(found) == [row for row in twin(names, word) if row[1] <= Likeness.SUBSTRING and word]


@given(tables, letters | st.just(b""), st.sampled_from(Likeness), st.integers(1, 7))
def test_likenesses_of_all_names_are_those_of_the_matches(
    names: list[bytes], word: bytes, loosest: Likeness, at_a_time: int
) -> None:
    def some() -> list[StringTable]:
        whole = StringTable.from_strings(names)
        starts = range(0, len(names), at_a_time)
        return [StringTable(whole.offsets[start : start + at_a_time + 1], whole.data) for start in starts]

    likenesses, edits = likenesses_of(some, word, loosest=loosest)
    matches = match_names(StringTable.from_strings(names), word, loosest=loosest)
    assert len(likenesses) == len(edits) == len(names)
    assert np.flatnonzero(likenesses != NO_LIKENESS).tolist() == matches.name_ids.tolist()
    assert likenesses[matches.name_ids].tolist() == matches.likenesses.tolist()
    assert edits.sum() == edits[matches.name_ids].sum() == matches.edits.sum()


def test_offsets_beyond_the_names_are_no_table() -> None:
    for offsets in ([0, 9], [2, 1], [3, 1, 3]):
        with pytest.raises(ValueError, match="offsets"):
            _similar_names.likenesses_in(np.array(offsets, np.uint64), np.zeros(3, np.uint8), b"a")
    with pytest.raises(ValueError, match="not empty"):
        _similar_names.likenesses_in(np.array([0, 3], np.uint64), np.zeros(3, np.uint8), b"")


@given(tables, letters, st.sampled_from(Likeness))
def test_nothing_is_looser_than_is_asked_for(names: list[bytes], word: bytes, loosest: Likeness) -> None:
    matches = match_names(StringTable.from_strings(names), word, loosest=loosest)
    assert rows_of(matches) == [row for row in twin(names, word) if row[1] <= loosest]


@given(tables, letters, st.integers(0, 2**30 - 1))
def test_only_what_is_wanted_is_found(names: list[bytes], word: bytes, chosen: int) -> None:
    is_wanted = np.array([bool(chosen >> i & 1) for i in range(len(names))], np.bool_)
    kept = np.flatnonzero(is_wanted).tolist()
    matches = match_names(StringTable.from_strings(names), word, is_wanted=is_wanted)
    assert rows_of(matches) == [(kept[i], *rest) for i, *rest in twin([names[i] for i in kept], word)]


def test_a_word_is_not_found_across_two_names() -> None:
    assert len(match_names(StringTable.from_strings([b"ab", b"cd"]), b"bc")) == 0


def test_upper_and_lower_case_count_only_for_an_equal_name() -> None:
    names = StringTable.from_strings([b"atomic", b"Atomic", b"ATOMIC_READ"])
    assert match_names(names, b"Atomic").likenesses.tolist() == [Likeness.CASE, Likeness.EXACT, Likeness.PREFIX]


@pytest.mark.parametrize(
    ("word", "name"), [("colour", "color"), ("serach", "search"), ("get_quer_set", "get_queryset")]
)
def test_a_slip_of_the_pen_is_forgiven(word: str, name: str) -> None:
    names = StringTable.from_strings([b"unrelated", name.encode(), b"x"])
    assert match_names(names, word.encode()).name_ids.tolist() == [1]


def test_a_short_word_has_no_slips() -> None:
    assert len(match_names(StringTable.from_strings([b"abd", b"acb"]), b"abc")) == 0


@pytest.mark.parametrize("word", [b"", b"\xff\xfe" * 300])
def test_odd_words_are_like_nothing(word: bytes) -> None:
    assert len(match_names(StringTable.from_strings([b"a", b"", b"b" * 600]), word)) == 0


def test_no_name_is_no_match() -> None:
    assert len(match_names(StringTable.from_strings([]), b"word")) == 0


def test_the_limits_of_slips_rise_with_the_length() -> None:
    edits = [max_edits_for(b"x" * n) for n in range(40)]
    assert edits[3] == 0
    assert edits[4] == 1
    assert max(edits) == MAX_EDITS
    assert all(later >= earlier for earlier, later in pairwise(edits))


def test_nearest_begins_with_what_is_most_like_the_word() -> None:
    names = StringTable.from_strings([b"transactions_all", b"transaction", b"Transactional", b"other"])
    assert nearest(names, b"transaction") == [b"transaction", b"Transactional", b"transactions_all"]
    assert nearest(names, b"trasnaction") == [b"transaction"]
    assert nearest(names, b"zzzz") == []


def test_nearest_paths_are_found_by_their_last_part() -> None:
    paths = StringTable.from_strings([b"a/views.py", b"db/transaction.py", b"db/utils.py", b"web/views.py"])
    assert nearest_paths(paths, b"db/transactions.py") == [b"db/transaction.py"]
    assert nearest_paths(paths, b"core/trasnaction.py") == [b"db/transaction.py"]
    assert nearest_paths(paths, b"elsewhere/veiws.py") == [b"a/views.py", b"web/views.py"]
    assert nearest_paths(paths, b"nothing.c") == []


def test_rapidfuzz_is_loaded_only_for_a_misspelt_word() -> None:
    code = (
        "import sys\n"
        "from repomap_fast.ranking.similar_names import match_names\n"
        "from repomap_fast.tables import StringTable\n"
        "names = StringTable.from_strings([b'search'])\n"
        "for word in (b'search', b'serach'):\n"
        "    print(len(match_names(names, word)), 'rapidfuzz' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False", "1", "True"]
