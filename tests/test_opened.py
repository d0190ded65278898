"""The index that a public call answers from."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import Index, OptionError


def test_an_index_that_was_never_refreshed_is(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    with Index.open(tmp_path, cache=False) as index:
        assert repomap_fast.search(index, "f").found
        assert index.is_refreshed


def test_an_index_has_its_own_options(tmp_path: Path) -> None:
    with (
        Index.open(tmp_path, cache=False) as index,
        pytest.raises(OptionError, match="languages was given beside an Index"),
    ):
        repomap_fast.refs(index, "f", languages=["python"])


def test_an_open_index_lets_go_of_a_very_large_table_of_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It kept the whole table of the Linux kernel, 500 MB, once one name had needed all of it."""
    (tmp_path / "a.py").write_text("def f(): pass\n\n\nf()\n")
    with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        before = repomap_fast.search(index, "f")
        assert "tag_table" in vars(index.result)
        monkeypatch.setattr("repomap_fast.joining.result._VERY_MANY_TAGS", 1)
        assert repomap_fast.search(index, "f") == before
        assert "tag_table" not in vars(index.result)
        assert [tag.name for tag in index.result.tags] == ["f", "f"]
