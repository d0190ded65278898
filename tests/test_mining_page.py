"""The recipes of docs/mining.md, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.cli.formats import Format
from support.made_results import written

duckdb = pytest.importorskip("duckdb")
pytest.importorskip("pyarrow")

PAGE = (Path(__file__).parent.parent / "docs" / "mining.md").read_text("utf-8")
RECIPES = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SOURCES = {
    "flask": {
        "app.py": "def app(): pass\n",
        "a.py": "class App:\n    def run(self):\n        return get(1)\ndef get(x):\n    return x\n",
    },
    "requests": {
        "copy.py": "def app(): pass\n",
        "b.py": "def get(url):\n    return send(url)\ndef send(url): get(url); get(url)\n",
        "c.js": "function f() {}\n",
    },
}


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mining")
    (folder / "mined").mkdir()
    for name, files in SOURCES.items():
        (folder / name).mkdir()
        for path, source in files.items():
            (folder / name / path).write_text(source)
        result = repomap_fast.scan(folder / name, cache=False)
        (folder / "mined" / f"{name}.parquet").write_bytes(written(result, Format.PARQUET))
    return folder


def test_recipes_give_rows(mined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mined)
    found = [duckdb.sql(recipe).fetchall() for recipe in RECIPES]
    assert len(found) == 8
    callers, caller_ids, names, single, kinds, lengths, changes, copies = found
    assert callers == [("a.py", 3, "App.run"), ("b.py", 3, "send"), ("b.py", 3, "send")]
    assert caller_ids == [("b.py#send/function", 2), ("a.py#App.run/function", 1)]
    assert names[0] == ("get", 3, 2)
    assert single == [("send", "b.py#send/function", 1)]
    assert ("requests", "javascript", "function", 1) in kinds
    assert lengths[0] == ("python", 6, 1.5, 2)
    assert ("a.py#App/class", "removed") in changes
    assert [row[1:] for row in copies] == [(2, "app.py")]


def test_the_python_of_the_page_runs(mined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mined)
    monkeypatch.setenv("REPOMAP_FAST_CACHE_DIR", str(mined / "cache"))
    code, *_ = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(compile(code, "docs/mining.md", "exec"), {})


def python_block(words: str) -> str:
    (found,) = [code for code in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) if words in code]
    return found


def test_a_table_for_spark_has_no_unsigned_numbers(mined: Path) -> None:
    import pyarrow

    result = repomap_fast.scan(mined / "flask", cache=False)
    names = {"result": result}
    exec(python_block("def for_spark"), names)
    table = names["tags"]
    assert not any(pyarrow.types.is_unsigned_integer(field.type) for field in table.schema)
    assert table.to_pylist() == pyarrow.table(result.tags).to_pylist()


@pytest.mark.slow
def test_recipes_give_the_same_rows_with_spark(mined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = pytest.importorskip("pyspark.sql")
    monkeypatch.chdir(mined)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    builder = sessions.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    spark = builder.config("spark.sql.warehouse.dir", str(mined / "warehouse")).getOrCreate()
    try:
        exec(python_block("input_file_name"), {"spark": spark})
        for recipe in RECIPES:
            words = re.sub(r"read_parquet\('mined/\*\.parquet'(, filename = true)?\)", "mined", recipe).replace(";", "")
            words = words.replace("parse_filename(filename, true)", "regexp_extract(filename, '([^/]*)[.]parquet$', 1)")
            words = re.sub(r"filter \(role", "filter (where role", words)
            words = re.sub(r"read_parquet\('(mined/\w+\.parquet)'\)", r"parquet.`\1`", words)
            found = [tuple(row) for row in spark.sql(words).collect()]
            assert sorted(map(repr, found)) == sorted(map(repr, duckdb.sql(recipe).fetchall()))
        names = {"result": repomap_fast.scan(mined / "flask", cache=False)}
        exec(python_block("def for_spark"), names)
        of_arrow, of_file = spark.createDataFrame(names["tags"]), spark.read.parquet("mined/flask.parquet")
        assert of_arrow.collect() == of_file.collect()
    finally:
        spark.stop()
