"""A result: objects of single rows, and tables that are loaded when they are first asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import TagTable
from support.made_scans import scan_files

SOURCES: dict[bytes, bytes | None] = {
    b"a.py": b"class A:\n    def f(self): return g()\n",
    b"b.py": b"def g(): pass\n",
    b"c.py": b"",
}


@pytest.fixture
def made(tmp_path: Path) -> ScanResult:
    return scan_files(tmp_path, SOURCES, "python")


def late(made: ScanResult) -> tuple[ScanResult, list[str]]:
    """Return the same result, whose tags are loaded late, and what was loaded."""
    loaded: list[str] = []

    def load() -> TagTable:
        loaded.append("tags")
        return made.tag_table

    return ScanResult(made.root, made.file_table, load), loaded


def test_nothing_is_loaded_before_it_is_asked_for(made: ScanResult) -> None:
    result, loaded = late(made)
    assert (result.n_tags, len(result.tags), len(result.files[0].tags)) == (4, 4, 3)
    assert "4 tags" in repr(result)
    assert result.file("b.py").path == "b.py"
    assert loaded == []
    assert [tag.name for tag in result.tags] == ["A", "f", "g", "g"]
    assert [tag.name for tag in result.files[1].tags] == ["g"]
    assert loaded == ["tags"]


def test_tags_are_a_sequence(made: ScanResult) -> None:
    tags = made.tags
    assert [tag.name for tag in tags[1:3]] == ["f", "g"]
    assert [tag.name for tag in tags[::-1][:2]] == ["g", "g"]
    assert tags[-1].path == "b.py"
    assert list(made.files[2].tags) == []
    with pytest.raises(IndexError):
        tags[4]
    with pytest.raises(IndexError):
        made.files[1].tags[1]


def test_tags_that_change_while_they_are_loaded(made: ScanResult) -> None:
    """A file whose tags were lost is parsed again when they are loaded, and may have fewer by then."""
    files = replace(made.file_table, tag_offsets=made.file_table.tag_offsets.copy())
    table = made.tag_table
    shorter = TagTable(
        **{
            name: getattr(table, name)[:3] if isinstance(getattr(table, name), np.ndarray) else getattr(table, name)
            for name in TagTable.__slots__
            if name != "name_slots"
        },
        name_slots=table.name_slots,
    )

    def load() -> TagTable:
        files.tag_offsets[2:] = 3
        return shorter

    result = ScanResult(made.root, files, load)
    every, of_b = result.tags, result.file("b.py").tags
    assert [tag.name for tag in every] == ["A", "f", "g"]
    assert list(of_b) == []


def test_names_are_found_by_text_and_bytes(made: ScanResult) -> None:
    assert [tag.path for tag in made.definitions("g")] == ["b.py"]
    assert [(tag.path, tag.scope) for tag in made.references(b"g")] == [("a.py", "A.f")]
    assert made.definitions("nobody") == []
    with pytest.raises(KeyError):
        made.file("gone.py")
