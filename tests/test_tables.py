"""Tables: what is taken out of them, what a damaged file may make of them, and that they are what is said of them."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.tables import FileTable, StringTable, TagTable

strings_and_rows = st.lists(st.binary(max_size=3), max_size=20).flatmap(
    lambda strings: st.tuples(
        st.just(strings),
        st.one_of(st.lists(st.sampled_from(range(len(strings)))), st.permutations(range(len(strings))))
        if strings
        else st.just([]),
    )
)


@given(strings_and_rows)
@example(([b"a", b"b"], [1, 0]))
def test_rows_are_those_strings_in_their_order(drawn: tuple[list[bytes], list[int]]) -> None:
    strings, rows = drawn
    table = StringTable.from_strings(strings).rows(np.array(rows, np.intp))
    assert table.is_well_formed()
    assert list(table) == [strings[row] for row in rows]
    assert table.offsets.dtype == np.uint64
    assert table.data.dtype == np.uint8


@given(st.lists(st.binary(max_size=2), max_size=4), st.lists(st.binary(max_size=2), max_size=4))
def test_tables_are_equal_when_their_strings_are(mine: list[bytes], others: list[bytes]) -> None:
    assert StringTable.from_strings(mine).equals(StringTable.from_strings(others)) == (mine == others)


@pytest.mark.parametrize("offsets", [[], [1, 3], [0, 2], [0, 4], [0, 2, 1, 3]])
def test_offsets_that_do_not_fit_are_seen(offsets: list[int]) -> None:
    assert not StringTable(np.array(offsets, np.uint64), np.zeros(3, np.uint8)).is_well_formed()
    assert StringTable(np.array([0, 0, 3], np.uint64), np.zeros(3, np.uint8)).is_well_formed()


# What the tables of real scans are

SOURCES = {"a.py": "class A:\n    def f(self): return g()\n", "b/c.c": "int g(void) { return 0; }\n", "n.unknown": "x"}


def documented(table: FileTable | TagTable | StringTable) -> dict[str, str]:
    """Return what the docstring says of each field, by its name."""
    docs = [kind.__doc__ or "" for kind in reversed(type(table).__mro__) if is_dataclass(kind)]
    lines = re.findall(r"^    (\w+(?:, \w+)*) {2,}(.+)$", "\n".join(docs), re.MULTILINE)
    return {name: text for names, text in lines for name in names.split(", ")}


def check_against_its_docstring(table: FileTable | TagTable | StringTable) -> None:
    said = documented(table)
    assert list(said) == [field.name for field in fields(table)]
    for name, text in said.items():
        column = getattr(table, name)
        if not isinstance(column, np.ndarray):
            continue
        shape, dtype = re.match(r"\((.+),\) (\w+)", text).groups()  # type: ignore[union-attr]
        assert (column.dtype, column.ndim) == (np.dtype(dtype), 1), name
        expected = {"n": len(table), "n + 1": len(table) + 1, "n_bytes": None, "n_slots": None}[shape]
        assert expected is None or len(column) == expected, name


def check_scan(result: repomap_fast.ScanResult, n_files: int) -> None:
    files, tags = result.file_table, result.tag_table
    assert (len(files), len(result.files), len(files.paths)) == (n_files, n_files, n_files)
    assert int(files.tag_offsets[0]) == 0
    assert int(files.tag_offsets[-1]) == len(tags) == len(result.tags)
    assert (np.diff(files.tag_offsets.astype(np.int64)) >= files.definition_counts).all()
    assert tags.name_ids.max(initial=0) < max(len(tags.names), 1)
    assert tags.kind_ids.max(initial=0) < max(len(tags.kinds), 1)
    n_slots = len(tags.name_slots)
    assert (n_slots & (n_slots - 1), n_slots > len(tags.names) or not len(tags.names)) == (0, True)
    assert 0 <= tags.name_seed < 2**64
    for table in (files, tags, files.paths, tags.names):
        check_against_its_docstring(table)
    for strings in (files.paths, tags.names):
        assert strings.is_well_formed()


@pytest.mark.parametrize("cache", [False, True], ids=["in memory", "kept"])
def test_tables_of_scans_are_what_is_said_of_them(cache: bool, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()

    def scan() -> repomap_fast.ScanResult:
        return repomap_fast.scan(root, cache=cache, cache_dir=tmp_path / "kept")

    for _ in range(2):
        check_scan(scan(), 0)
    (root / "n.unknown").write_text("x")
    (root / "empty.py").write_text("")
    for _ in range(2):
        check_scan(scan(), 2)
    for name, text in SOURCES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    for _ in range(2):
        check_scan(scan(), 4)
    (root / "a.py").write_text("class B: pass\nB()\n")
    changed = scan()
    changed.graph.shared_names()
    check_scan(changed, 4)
    (root / "empty.py").unlink()
    check_scan(scan(), 3)
    (root / "b" / "c.c").chmod(0)
    check_scan(scan(), 3)


@pytest.mark.parametrize("n", [0, 3])
def test_a_table_whose_columns_do_not_fit_is_not_made(n: int, tmp_path: Path) -> None:
    if n:
        (tmp_path / "a.py").write_text("def f(): return g()\n\ndef g(): pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    for table in (result.file_table, result.tag_table):
        for field in fields(table):
            column = getattr(table, field.name)
            if not isinstance(column, np.ndarray):
                continue
            with pytest.raises(ValueError, match=rf"^{field.name} is of float64, \({len(column)},\); expected "):
                replace(table, **{field.name: column.astype(np.float64)})
            if field.name != "name_slots":
                with pytest.raises(ValueError, match=r"has \d+ rows; expected "):
                    replace(table, **{field.name: np.append(column, column.dtype.type(0))})


def test_a_tag_is_found_in_its_file_by_its_row(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def a(): pass\ndef b(): a()\n")
    (tmp_path / "b.py").write_text("")
    (tmp_path / "c.py").write_text("a = 1\n")
    result = repomap_fast.scan(tmp_path)
    files = result.file_table
    expected = np.searchsorted(files.tag_offsets.astype(np.int64), np.arange(result.n_tags), side="right") - 1
    assert [files.file_of_tag(row) for row in range(result.n_tags)] == expected.tolist()
