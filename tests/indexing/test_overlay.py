"""What an overlay changes of the counts of its base, beside a join of all files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.overlay import gone_files
from support.repositories import edit, make_repository


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_a_join(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    root = make_repository(tmp_path / "root", 12, seed)
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        for _ in range(3):
            edit(root, 2, rng)
            index.refresh()
            assert not index.stats.joined
            fresh = repomap_fast.scan(root, cache=False)
            assert index.result.identifier_classes == fresh.identifier_classes
            assert index.result.definition_kinds == fresh.definition_kinds


def test_gone_files_have_the_bounds_of_their_tags(small_index: Index) -> None:
    (small_index.root / "lib/b.c").unlink()
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    kept = small_index._loaded.kept
    assert kept is not None
    assert list(gone_files(kept.base.state, kept.state)) == [(0, 0, 2), (1, 2, 4)]
