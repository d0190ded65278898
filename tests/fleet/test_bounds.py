"""What a repository may cost."""

from __future__ import annotations

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.fleet.bounds import BoundError, Bounds, Watch
from repomap_fast.progress import STAGE_DISCOVER, STAGE_TAG


def test_sizes_are_bytes_or_texts() -> None:
    assert Bounds(max_bytes="2M").max_bytes == 2 * 2**20  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["max_bytes", "max_files", "max_depth", "timeout"])
def test_a_bound_is_above_zero(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name} is 0"):
        Bounds(**{name: 0})
    with pytest.raises(TypeError, match=name):
        Bounds(**{name: []})  # type: ignore[arg-type]


def test_a_watch_ends_what_takes_too_long() -> None:
    watch = Watch(Bounds(timeout=1e-9))
    assert watch.is_set()
    with pytest.raises(BoundError, match="more than 1e-09 s"):
        watch.raise_if_cancelled()
    assert watch.left_s > 0


def test_a_watch_counts_the_files_that_are_found() -> None:
    watch = Watch(Bounds(max_files=10))
    watch.count(STAGE_DISCOVER, 10, 0)
    watch.count(STAGE_TAG, 20, 20)
    assert not watch.is_set()
    watch.count(STAGE_DISCOVER, 11, 0)
    assert watch.is_set()
    assert watch.broken == "it has more than 10 files"
