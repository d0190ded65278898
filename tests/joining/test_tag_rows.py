"""The tags of a scan as batches of a table."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.arrow.fields import table_field
from repomap_fast.arrow.stream import TableStream
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import tag_rows
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import TAG_ROWS, StringTable
from support.made_scans import scan_files

nanoarrow = pytest.importorskip("nanoarrow")

SOURCES: dict[bytes, bytes | None] = {
    b"a.py": b"class A:\n    def f(self): return g()\n    x = 1\n",
    b"b/none.py": b"\n",
    b"b/\xc3\xa4.py": "def größe(): return größe\n".encode(),
    b"c.py": b"def g(): pass\ndef g(): pass\ng = 1\nclass g:\n    def g(): g()\n" * 3,
}


@pytest.fixture
def made(tmp_path: Path) -> ScanResult:
    return scan_files(tmp_path, SOURCES, "python")


def rows_of(table: Any) -> list[dict[str, Any]]:
    return [row for array in nanoarrow.ArrayStream(table) for row in array.iter_py()]


def test_rows_say_what_the_objects_say(made: ScanResult) -> None:
    found = rows_of(made.tags)
    assert len(found) == len(made.tags) > 20
    for row, tag in zip(found, made.tags, strict=True):
        assert {name: row[name] for name in tag.__slots__} == {name: getattr(tag, name) for name in tag.__slots__}


def test_ids_are_path_scope_name_kind_and_ordinal(made: ScanResult) -> None:
    ids = [row["id"] for row in rows_of(made.tags) if row["id"]]
    assert ids[:3] == ["a.py#A/class", "a.py#A.f/function", "a.py#A.x/field"]
    of_g = [one for one in ids if one.startswith("c.py#g/function")]
    assert of_g == ["c.py#g/function", *(f"c.py#g/function~{n}" for n in range(2, 7))]
    assert [one for one in ids if "g.g/" in one] == ["c.py#g.g/function", "c.py#g.g/function~2", "c.py#g.g/function~3"]
    assert len(set(ids)) == len(ids)
    assert all((row["id"] is None) == (row["role"] == "reference") for row in rows_of(made.tags))


def test_ids_differ_where_a_name_looks_like_a_scope_and_a_name(tmp_path: Path) -> None:
    source = b"a <- function() {\n  b <- function() 1\n}\na.b <- function() 2\nc <- function() 3\n"
    ids = [row["id"] for row in rows_of(scan_files(tmp_path, {b"x.R": source}, "r").tags) if row["id"]]
    assert ids == ["x.R#a/function", "x.R#a.b/function", "x.R#a.b/function~2", "x.R#c/function"]


def test_an_id_stays_where_lines_move(made: ScanResult, tmp_path: Path) -> None:
    moved = scan_files(
        tmp_path / "moved", {path: b"\n\n" + (source or b"") for path, source in SOURCES.items()}, "python"
    )
    before, after = ([row["id"] for row in rows_of(one.tags)] for one in (made, moved))
    assert before == after


@pytest.mark.parametrize("n", [1, 2, 7])
def test_batches_of_any_size_have_the_same_rows(made: ScanResult, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(made.tags)
    monkeypatch.setattr(tag_rows, "ONE_BATCH_TAGS", n)
    monkeypatch.setattr(tag_rows, "MAX_BATCH_TAGS", n)
    assert rows_of(made.tags) == whole
    assert max(batch.n_rows for batch in made.tags.arrow_batches()) == n


def test_few_tags_are_one_batch_and_many_are_not(made: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    n = len(made.tags)
    monkeypatch.setattr(tag_rows, "MAX_BATCH_TAGS", 3)
    for one_batch, n_batches in ((n, 1), (n - 1, -(-n // 3))):
        monkeypatch.setattr(tag_rows, "ONE_BATCH_TAGS", one_batch)
        assert len(list(made.tags.arrow_batches())) == n_batches


def test_a_batch_has_no_more_text_than_a_bound(made: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(made.tags)
    monkeypatch.setattr(tag_rows, "MAX_BATCH_BYTES", 30)
    batches = list(made.tags.arrow_batches())
    assert len(batches) > 5
    assert rows_of(made.tags) == whole


@pytest.mark.parametrize(
    "rows", [slice(5, 20), slice(4, None, 3), slice(None, None, -1), slice(20, 5, -4), slice(3, 3)]
)
def test_any_slice_has_its_rows(made: ScanResult, rows: slice, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(made.tags)
    assert rows_of(made.tags[rows]) == whole[rows]
    monkeypatch.setattr(tag_rows, "ONE_BATCH_TAGS", 4)
    monkeypatch.setattr(tag_rows, "MAX_BATCH_TAGS", 4)
    assert rows_of(made.tags[rows]) == whole[rows]
    assert rows_of(made.file("c.py").tags) == [row for row in whole if row["path"] == "c.py"]


def test_columns_of_numbers_are_those_of_the_table(made: ScanResult) -> None:
    (batch,) = made.tags.arrow_batches()
    assert np.shares_memory(batch.children[7].buffers[1], made.tag_table.columns)
    assert np.shares_memory(batch.children[4].buffers[1], made.tag_table.roles)


def test_a_batch_has_the_texts_of_its_rows_alone(made: ScanResult) -> None:
    (batch,) = made.file("a.py").tags.arrow_batches()
    names = batch.children[3].dictionary
    assert names is not None
    assert names.n_rows == len({tag.name for tag in made.file("a.py").tags})


def test_names_that_come_often_have_the_least_numbers(tmp_path: Path) -> None:
    source = b"rare = seldom()\n" + b"some()\n" * tag_rows._OFTEN + b"most()\n" * (tag_rows._OFTEN + 1)
    result = scan_files(tmp_path, {b"a.py": source}, "python")
    (batch,) = result.tags.arrow_batches()
    names = batch.children[3]
    assert names.dictionary is not None
    _, offsets, data = names.dictionary.buffers
    assert offsets is not None
    assert data is not None
    texts = [data[start:stop].tobytes() for start, stop in pairwise(offsets.tolist())]
    assert texts[:2] == [b"most", b"some"]
    assert set(texts[2:]) == {b"rare", b"seldom"}
    assert [row["name"] for row in rows_of(result.tags)] == [tag.name for tag in result.tags]


def test_what_is_not_utf8_is_replaced_and_paths_are_told_apart(tmp_path: Path) -> None:
    if os.name != "posix" or os.uname().sysname == "Darwin":
        pytest.skip("the file system takes no such names")
    sources: dict[bytes, bytes | None] = {
        b"\xfe.c": b"int a\xff;",
        b"\xff.c": b"int a\xfe, \xc3\xa9;",
        b"a.c": b"int b;",
    }
    found = rows_of(scan_files(tmp_path, sources, "c").tags)
    paths = [(row["path"], row["path_bytes"]) for row in found]
    assert ("\ufffd.c", b"\xfe.c") in paths
    assert ("\ufffd.c", b"\xff.c") in paths
    assert ("a.c", None) in paths


def test_names_that_become_equal_are_one_text_and_have_ids_of_their_own(made: ScanResult) -> None:
    table = made.tag_table
    names = [b"g\xff" if name == b"g" else b"g\xfe" if name == b"A" else name for name in table.names]
    columns = {name: getattr(table, name) for name in type(table).__slots__}
    source = tag_rows.TableSource(type(table)(**{**columns, "names": StringTable.from_strings(names)}))
    batches = tag_rows.tag_batches(made.file_table, made.digests, source, range(len(table)))
    rows = rows_of(TableStream(table_field(TAG_ROWS), batches))
    assert [row["name"] for row in rows] == ["g\ufffd" if tag.name in ("g", "A") else tag.name for tag in made.tags]
    ids = [row["id"] for row in rows if row["id"]]
    assert "a.py#g\ufffd.f/function" in ids
    assert "c.py#g\ufffd.g\ufffd/function~3" in ids
    assert len(set(ids)) == len(ids)
    (batch,) = tag_rows.tag_batches(made.file_table, made.digests, source, range(len(table)))
    assert batch.children[3].dictionary is not None
    assert batch.children[3].dictionary.n_rows == len(set(names)) - 1


def test_a_scan_without_tags_has_no_rows(tmp_path: Path) -> None:
    made = scan_files(tmp_path, {b"a.py": b""}, "python")
    assert rows_of(made.tags) == rows_of(scan_files(tmp_path, {}, "python").tags) == []


def test_kept_columns_give_the_same_rows_as_the_table(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    scan_files(root, SOURCES, "python")
    repomap_fast.scan(root, cache_dir=cache)
    result = repomap_fast.scan(root, cache_dir=cache)
    streamed = [batch.n_rows for batch in result.tag_batches()]
    assert "tag_table" not in vars(result)

    rows = rows_of(TableStream(table_field(TAG_ROWS), result.tag_batches()))
    assert rows == rows_of(result.tags)
    assert sum(streamed) == len(rows) > 20


def test_names_that_were_read_are_not_kept_without_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    scan_files(
        root, {f"f{i}.py".encode(): b"".join(b"n%d_%d = 1\n" % (i, k) for k in range(2000)) for i in range(4)}, "python"
    )
    repomap_fast.scan(root, cache_dir=cache)
    result = repomap_fast.scan(root, cache_dir=cache)
    assert result._tag_source is not None
    source = result._tag_source()
    assert isinstance(source, tag_rows.PagedSource)
    digests = result.digests

    def rows(source: tag_rows.TagSource) -> list[dict[str, Any]]:
        batches = tag_rows.tag_batches(result.file_table, digests, source, range(result.n_tags))
        return rows_of(TableStream(table_field(TAG_ROWS), batches))

    monkeypatch.setattr(tag_rows, "ONE_BATCH_TAGS", 1000)
    monkeypatch.setattr(tag_rows, "MAX_BATCH_TAGS", 1000)
    wanted = rows(source)
    assert source.lightened() is source
    monkeypatch.setattr(tag_rows, "MAX_NAME_BYTES", 0)
    assert source.tags.names.n_read_bytes > 0
    assert source.lightened().tags.names.n_read_bytes == 0
    assert rows(source) == wanted


def test_a_changed_file_is_in_the_rows(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    scan_files(root, SOURCES, "python")
    repomap_fast.scan(root, cache_dir=cache)
    (root / "a.py").write_text("changed = 1\n")
    result = repomap_fast.scan(root, cache_dir=cache)
    assert sum(batch.n_rows for batch in result.tag_batches()) == result.n_tags
    assert rows_of(result.tags)[0]["id"] == "a.py#changed/variable"


def test_a_scope_in_another_file_is_damage(made: ScanResult) -> None:
    table = made.tag_table
    scopes = table.scope_tag_ids.copy()
    scopes[1] = len(table) - 1
    columns = {name: getattr(table, name) for name in type(table).__slots__}
    source = tag_rows.TableSource(type(table)(**{**columns, "scope_tag_ids": scopes}))
    with pytest.raises(IndexDamagedError, match="in another file"):
        list(tag_rows.tag_batches(made.file_table, made.digests, source, range(len(table))))
    source = tag_rows.TableSource(type(table)(**{**columns, "kinds": ("call",)}))
    with pytest.raises(IndexDamagedError, match="more than 1 kinds"):
        list(tag_rows.tag_batches(made.file_table, made.digests, source, range(len(table))))
