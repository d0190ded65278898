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
