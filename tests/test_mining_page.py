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
