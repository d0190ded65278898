"""Ranks of files and tags, and what a mentioned word means."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.aider.ranking import Table
from repomap_fast.compat.aider.tag import columns_of_tags

words = st.sampled_from(["a", "b.py", ".c", "..d", "e.f.g", "h.", ""])


@given(st.lists(st.lists(words, min_size=1, max_size=4), max_size=6), st.sets(words | st.sampled_from(["b", "e.f"])))
def test_words_mean_the_files_that_aider_takes_them_for(parts: list[list[str]], mentioned: set[str]) -> None:
    rel_fnames = ["/".join(part for part in path if part) for path in parts]
    table = Table("", {}, rel_fnames, rel_fnames, columns_of_tags([[] for _ in rel_fnames]))
    expected = {
        row
        for row, rel_fname in enumerate(rel_fnames)
        if mentioned & {*Path(rel_fname).parts, Path(rel_fname).name, os.path.splitext(Path(rel_fname).name)[0]}  # noqa: PTH122
    }
    assert table.rows_meant_by(mentioned - {""}) == expected - {
        row for row, rel_fname in enumerate(rel_fnames) if not rel_fname
    }
