"""Scopes and ids of tags as bytes, beside the texts that Python makes."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest

from repomap_fast.joining import _tag_texts
from repomap_fast.joining.identities import FileIds, are_repeated
from repomap_fast.joining.scopes import MAX_SCOPE_CHARACTERS, MAX_SCOPE_NAMES, scope_text
from repomap_fast.joining.tag_texts import as_utf8, have_dots, tag_texts
from repomap_fast.tables import I32, I64, ROLE_DEFINITION, U8, StringTable

MOST = 1 << 25, MAX_SCOPE_NAMES, MAX_SCOPE_CHARACTERS


def texts_of(names: list[str]) -> _tag_texts.TagTexts:
    return tag_texts(StringTable.from_strings([name.encode() for name in names]))


def scopes_of(
    names: list[str], name_numbers: list[int], scopes: list[int], most: tuple[int, int, int] = MOST
) -> tuple[list[str], list[int], int]:
    """Return the distinct texts of all tags as scopes, the number of each, and the bytes of all."""
    texts, n = texts_of(names), len(scopes)
    numbers: I32 = np.full(n, -2, np.int32)
    n_bytes = texts.write_scopes(np.array(name_numbers), np.array(scopes), np.arange(n), numbers, most)
    offsets, data = texts.scope_texts()
    return [text.decode() for text in StringTable(offsets, data)], numbers.tolist(), n_bytes


@pytest.mark.parametrize("seed", range(20))
def test_scopes_are_those_of_scope_text(seed: int) -> None:
    chance = random.Random(seed)
    names = ["", "a", "b.c", "größe", "n" * 3_000, "ä" * 2_000, "x" * 5_000, "🐍" * 90]
    n = 300
    # Deep ones, and some whose definition comes behind them.
    scopes = [chance.choice([-1, i - 1, i - 1, i - 1, chance.randrange(n)]) for i in range(n)]
    scopes = [-1 if scope == i or scope > i + 3 else scope for i, scope in enumerate(scopes)]
    numbers = [chance.choice([1, 1, 1, 1, chance.randrange(len(names))]) for _ in range(n)]
    texts, found, n_bytes = scopes_of(names, numbers, scopes)
    columns = np.array(numbers), np.array(scopes)
    assert [texts[number] for number in found] == [scope_text(i, *columns, names.__getitem__) for i in range(n)]
    assert len(set(texts)) == len(texts)
    assert n_bytes == sum(len(text.encode()) for text in texts)


def test_scopes_end_where_a_bound_is_reached() -> None:
    texts, numbers, _ = scopes_of(["aaaa", "bbbb"], [0, 1, 1], [-1, 0, 1], (6, *MOST[1:]))
    assert texts == ["aaaa", "aaaa.bbbb"]
    assert numbers == [0, 1, -2]


def test_many_equal_scopes_take_no_more_than_one() -> None:
    def n_bytes(n: int) -> int:
        return scopes_of(["f"], [0] * n, [-1] * n)[2]

    assert n_bytes(10) == n_bytes(100_000) == 1


def test_nested_scopes_are_bounded() -> None:
    started_s = time.process_time()
    texts, _, _ = scopes_of(["n" * 40], [0] * 20_000, [i - 1 for i in range(20_000)])
    assert max(map(len, texts)) <= MAX_SCOPE_CHARACTERS
    assert len(texts) == MAX_SCOPE_CHARACTERS // 41
    assert time.process_time() - started_s < 10


def ids_of(
    files: list[tuple[bytes, list[tuple[int, int, int, bool]]]], names: list[str], most_bytes: int = 1 << 25
) -> list[str]:
    """Return the ids of files of definitions and references, each a name, a kind, a scope among all, what it is."""
    kinds = [b"/function", b"/class"]
    tags = [tag for _, of_file in files for tag in of_file]
    name_numbers, kind_ids, scopes = (np.array([tag[i] for tag in tags], np.int64) for i in range(3))
    is_definition = np.array([tag[3] for tag in tags], np.bool_)
    lengths = np.array([len(of_file) for _, of_file in files])
    roles: U8 = np.where(is_definition, ROLE_DEFINITION, ROLE_DEFINITION + 1).astype(np.uint8)
    texts = texts_of(names)
    numbers: I32 = np.full(len(tags) + 1, -1, np.int32)
    texts.write_scopes(name_numbers, scopes, np.unique(scopes[scopes >= 0]), numbers, MOST)
    places: I64 = np.flatnonzero(is_definition)
    counted = are_repeated(roles, name_numbers, kind_ids.astype(np.uint8), lengths)
    ids: list[str] = []
    counts: dict[bytes, int] = {}
    bounds = np.concatenate(([0], np.cumsum(lengths)))
    first_file = 0
    while len(ids) < len(places):
        rest = places[len(ids) :]
        file = int(np.searchsorted(bounds, rest[0], "right")) - 1
        if file != first_file:
            counts = {}
        sizes, data = texts.write_ids(
            [path for path, _ in files[file:]],
            bounds[file:],
            rest,
            name_numbers,
            kind_ids.astype(np.uint8),
            numbers[scopes],
            counted.view(np.uint8),
            kinds,
            counts,
            most_bytes,
        )
        ends = np.cumsum(sizes).tolist()
        ids += [bytes(data[end - size : end]).decode() for end, size in zip(ends, sizes.tolist(), strict=True)]
        first_file = int(np.searchsorted(bounds, places[len(ids) - 1], "right")) - 1
    return ids


FILES: list[tuple[bytes, list[tuple[int, int, int, bool]]]] = [
    (b"a.py", [(0, 1, -1, True), (1, 0, 0, True), (1, 0, 0, True), (1, 0, -1, False), (1, 0, -1, True)]),
    ("b/ä.py".encode(), [(2, 0, -1, True), (2, 1, -1, True), (2, 0, -1, True), (0, 0, 5, True)]),
    (b"none.py", []),
    (b"c.py", [(1, 0, -1, True), (1, 0, -1, True), (1, 0, -1, True)]),
]


@pytest.mark.parametrize("most_bytes", [0, 1, 20, 1 << 25])
def test_ids_are_those_of_file_ids(most_bytes: int) -> None:
    names, kinds = ["A", "f", "größe"], ["/function", "/class"]
    expected = []
    flat = [tag for _, of_file in FILES for tag in of_file]
    for path, of_file in FILES:
        ids = FileIds(path.decode())
        for name, kind, scope, is_definition in of_file:
            if is_definition:
                around = names[flat[scope][0]] + "." if scope >= 0 else ""
                expected.append(ids.next_id(around, names[name], kinds[kind], True))
    assert ids_of(FILES, names, most_bytes) == expected
    assert expected[-1] == "c.py#f/function~3"


def test_what_does_not_fit_is_an_error() -> None:
    texts, numbers = texts_of(["a"]), np.zeros(1, np.int32)
    one, none = np.zeros(1, np.int64), np.full(1, -1)
    for names, scopes, wanted in (
        (one + 1, none, one),
        (one, one + 1, one),
        (one, none - 1, one),
        (one, none, one + 1),
    ):
        with pytest.raises(ValueError, match=r"of 1|is in"):
            texts.write_scopes(names, scopes, wanted, numbers, MOST)
    for most in ((1, 256, 10), (1, 10, 1 << 16)):
        with pytest.raises(ValueError, match="for 1 tags"):
            texts.write_scopes(one, none, one, numbers, most)

    def write(**changed: object) -> None:
        given = {
            "paths": [b"p"],
            "bounds": np.array([0, 1]),
            "places": one,
            "name_numbers": one,
            "kind_ids": np.zeros(1, np.uint8),
            "scope_numbers": np.full(1, -1, np.int32),
            "are_counted": np.zeros(1, np.uint8),
            "kinds": [b"/k"],
            "counts": {},
            "most_bytes": 1,
            **changed,
        }
        texts.write_ids(**given)  # type: ignore[arg-type]

    write()
    for changed in (
        {"paths": []},
        {"places": one + 1},
        {"bounds": np.array([0, 0])},
        {"name_numbers": one - 1},
        {"kind_ids": np.ones(1, np.uint8)},
        {"scope_numbers": np.zeros(1, np.int32)},
        {"are_counted": np.zeros(2, np.uint8)},
    ):
        with pytest.raises(ValueError, match=r"do not fit|of 1|of kind"):
            write(**changed)


def test_names_become_utf8_each_alone() -> None:
    # Together they are UTF-8.
    names, numbers = as_utf8(StringTable.from_strings([b"a.\xc3", b"\xa4", b"", b".", b"\xff"]))
    assert [name.decode() for name in names] == ["a.\ufffd", "\ufffd", "", "."]
    assert numbers is not None
    assert numbers.tolist() == [0, 1, 2, 3, 1]
    assert have_dots(names).tolist() == [True, False, False, True]
    for whole in (["ä".encode(), b""], []):
        table = StringTable.from_strings(whole)
        assert as_utf8(table) == (table, None)
    assert have_dots(StringTable.from_strings([])).tolist() == []


def test_bounds_that_do_not_fit_are_an_error() -> None:
    data = np.zeros(1, np.uint8)
    for bounds in ([0, 9], [2, 0], []):
        offsets = np.array(bounds, np.uint64)
        for read in (_tag_texts.are_utf8, _tag_texts.have_dots, lambda *of: _tag_texts.TagTexts(*of, 1)):
            with pytest.raises(ValueError, match="never fall"):
                read(offsets, data)
