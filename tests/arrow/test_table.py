"""Results that data frames and databases read as they are."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import MissingPackageError
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import FILE_ROWS, IDENTIFIER_ROWS, TAG_ROWS

SOURCES = {
    "a.py": "class A:\n    def f(self): return g()\n    def f(self): return g()\n",
    "b.py": "def g(): pass\n",
    "c.txt": "words\n",
    "d.js": "function g() {}\n",
}
NAMES = {"tags": TAG_ROWS, "files": FILE_ROWS, "identifiers": IDENTIFIER_ROWS}


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = tmp_path_factory.mktemp("root")
    for path, source in SOURCES.items():
        (root / path).write_text(source)
    return repomap_fast.scan(root, cache=False)


def tag_rows(result: ScanResult) -> list[dict[str, Any]]:
    """Return the rows of the tags without Arrow."""
    found: list[dict[str, Any]] = []
    digests = {path: hashlib.blake2b(source.encode(), digest_size=16).hexdigest() for path, source in SOURCES.items()}
    seen: set[str] = set()
    for tag in result.tags:
        row = {name: getattr(tag, name) for name in tag.__slots__}
        wanted = f"{tag.path}#{f'{tag.scope}.' if tag.scope else ''}{tag.name}/{tag.kind}"
        one = wanted if wanted not in seen else f"{wanted}~2"
        seen.add(wanted)
        found.append(
            {**row, "path_bytes": None, "id": one if tag.role == "definition" else None, "digest": digests[tag.path]}
        )
    return found


def test_pyarrow_reads_the_columns_of_the_tables(result: ScanResult) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    for name, columns in NAMES.items():
        found = pyarrow.table(getattr(result, name))
        found.validate(full=True)
        assert found.column_names == [column.name for column in columns]
        assert found.schema.metadata == {b"repomap_fast.schema": b"1"}
        for column, field in zip(columns, found.schema, strict=True):
            assert field.nullable == column.is_nullable
            assert pyarrow.types.is_dictionary(field.type) == (column.is_text and column.dtype is not None)
            assert field.metadata == {b"meaning": column.meaning.encode()}
        assert found.equals(getattr(result, name).to_arrow())
    assert pyarrow.table(result.tags).to_pylist() == tag_rows(result)
    assert len(tag_rows(result)) == result.n_tags > 5


def test_a_requested_schema_of_plain_texts_is_given(result: ScanResult) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    wanted = pyarrow.schema(
        [
            field.with_type(pyarrow.string()) if pyarrow.types.is_dictionary(field.type) else field
            for field in pyarrow.schema(result.tags)
        ]
    )
    found = pyarrow.table(result.tags, schema=wanted)
    assert found.schema.equals(wanted)
    assert found.to_pylist() == tag_rows(result)


def test_polars_reads_the_table_and_not_the_objects(result: ScanResult) -> None:
    polars = pytest.importorskip("polars")
    for name, columns in NAMES.items():
        found = polars.DataFrame(getattr(result, name))
        assert found.columns == [column.name for column in columns]
        assert found.equals(getattr(result, name).to_polars())
    assert polars.DataFrame(result.tags).to_dicts() == tag_rows(result)


def test_pandas_reads_the_table(result: ScanResult) -> None:
    pandas = pytest.importorskip("pandas", minversion="3")
    pytest.importorskip("pyarrow")
    found = result.tags.to_pandas()
    assert list(found.columns) == [column.name for column in TAG_ROWS]
    assert isinstance(found["name"].dtype, pandas.CategoricalDtype)
    wanted = tag_rows(result)
    assert found["name"].tolist() == [row["name"] for row in wanted]
    assert found["line"].tolist() == [row["line"] for row in wanted]
    assert found["id"].dropna().tolist() == [row["id"] for row in wanted if row["id"]]


def test_duckdb_asks_the_table(result: ScanResult) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    tags = result.tags
    found = duckdb.sql("select name, count(*) from tags where role = 'definition' group by name order by name")
    assert found.fetchall() == [("A", 1), ("f", 2), ("g", 2)]
    assert len(tags) == result.n_tags


@pytest.mark.parametrize("name", ["arrow", "polars", "pandas"])
def test_a_missing_package_is_named(result: ScanResult, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    package = "pyarrow" if name == "arrow" else name
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackageError, match=rf"to_{name} needs {package}.*pip install 'repomap-fast\[{name}\]'"):
        getattr(result.tags, f"to_{name}")()


def test_rows_are_a_sequence_in_all_but_name(result: ScanResult) -> None:
    tags, files, identifiers = result.tags, result.files, result.identifiers
    assert list(reversed(tags)) == list(tags)[::-1]
    assert tags[1] in tags
    assert "x" not in tags
    assert tags.index(tags[3]) == 3
    assert tags.count(tags[0]) == 1
    with pytest.raises(ValueError, match="is not among these rows"):
        tags.index(tags[0], 1)
    assert [file.path for file in files] == sorted(SOURCES)
    assert [one.name for one in identifiers[:2]] == ["A", "f"]
    assert identifiers[-1].name == "g"


def test_a_table_outlives_its_index(tmp_path: Path) -> None:
    """What was given to Arrow, and a result whose tags are loaded later, stay after the index was closed."""
    pyarrow = pytest.importorskip("pyarrow")
    (tmp_path / "a.py").write_text(SOURCES["a.py"])
    with repomap_fast.Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        early, late = pyarrow.table(index.result.tags), index.result
        (tmp_path / "a.py").write_text("x = 1\n")
        index.refresh()
        newer = pyarrow.table(index.result.tags)
    assert pyarrow.table(late.tags).equals(early)
    assert early.column("name").to_pylist()[:2] == ["A", "f"]
    assert newer.column("id").to_pylist() == ["a.py#x/variable"]
