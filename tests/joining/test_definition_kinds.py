"""Results of scans: counts of definitions, without loading the tags."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.store.columns import KeptColumns
from support.repositories import write_files


def _counted(result: ScanResult) -> dict[str, int]:
    return dict(Counter(tag.kind for tag in result.tags if tag.role == "definition"))


def test_definition_kinds_are_those_of_the_tags_after_every_change(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    for i in range(30):
        (root / f"a{i}.py").write_text(f"class A{i}:\n    x = 1\ndef f{i}(): A{i}()\n")

    def scan() -> ScanResult:
        return repomap_fast.scan(root, cache_dir=cache)

    first = scan()
    assert first.definition_kinds == {"class": 30, "field": 30, "function": 30}
    (root / "a3.py").unlink()
    (root / "a4.py").write_text("def g(): pass\ndef h(): pass\n")
    (root / "b.c").write_text("#define M 1\nstruct s { int x; };\n")
    changed = scan()
    kinds = changed.definition_kinds
    assert "tag_table" not in changed.__dict__
    assert kinds == _counted(scan())
    assert kinds["function"] == 30
    assert kinds["macro"] == 1


def test_definition_kinds_of_a_result_without_an_index(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert result.definition_kinds == _counted(result) == {"function": 1}
    (tmp_path / "a.py").unlink()
    assert repomap_fast.scan(tmp_path, cache=False).definition_kinds == {}


def test_damaged_columns_do_not_change_the_counts(tmp_path: Path) -> None:
    root, cache = tmp_path / "root", tmp_path / "cache"
    root.mkdir()
    (root / "a.py").write_text("def f(): pass\nclass A: pass\n")
    expected = repomap_fast.scan(root, cache_dir=cache).definition_kinds
    for file in cache.rglob("kind_ids*"):
        file.write_bytes(b"\x07" * file.stat().st_size)
    assert repomap_fast.scan(root, cache_dir=cache).definition_kinds == expected == {"class": 1, "function": 1}


def test_a_warm_summary_reads_no_column_of_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, cache = write_files(tmp_path / "root", {f"a{i}.py": "class A: pass\n" for i in range(30)}), tmp_path / "cache"
    repomap_fast.scan(root, cache_dir=cache)
    (root / "a3.py").write_text("class A: pass\ndef f(): pass\n")
    for _ in range(2):
        result = repomap_fast.scan(root, cache_dir=cache)
        with monkeypatch.context() as patch:
            patch.setattr(KeptColumns, "array", lambda *_: pytest.fail("a column was read"))
            patch.setattr(KeptColumns, "paged", lambda *_: pytest.fail("a column was read"))
            assert result.definition_kinds == {"class": 30, "function": 1}
        assert not result.__dict__.keys() & {"tag_table", "graph"}


@pytest.mark.parametrize("wrong", [None, {}, {"class": 1}, {"class": 2, "function": 1}])
def test_counts_that_are_missing_or_do_not_fit_the_files_are_made_again(
    wrong: dict[str, int] | None, tmp_path: Path
) -> None:
    root = write_files(tmp_path / "root", {"a.py": "def f(): pass\nclass A: pass\n"})
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        name = f"base:{index._loaded.name}"
        record = index.store.read_state(name)
        assert record is not None
        assert record.pop("definition_kinds") == {"class": 1, "function": 1}
        index.store.write_state(name, record if wrong is None else {**record, "definition_kinds": wrong})
    result = repomap_fast.scan(root, cache_dir=tmp_path / "cache")
    assert result.definition_kinds == {"class": 1, "function": 1}
    notes = [note.partition("sqlite3 ")[2] for note in result.notes]
    assert notes == (["was written by another version and is made again"] if wrong is None else [])
