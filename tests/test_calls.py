"""The public calls that follow references: what they refuse, and that they answer from an open index."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast import OptionError, SymbolError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("def f(): pass\ndef g(): f()\n")
    return tmp_path


@pytest.mark.parametrize("call", [repomap_fast.callers, repomap_fast.callees, repomap_fast.impact])
def test_what_is_out_of_range_is_refused(call: Callable[..., Any], root: Path) -> None:
    with pytest.raises(OptionError, match="limit is -1; expected 0 or more"):
        call(root, "f", limit=-1, cache=False)
    with pytest.raises(OptionError, match="tokens is 0"):
        call(root, "f", tokens=0, cache=False)
    with pytest.raises(TypeError, match="sure"):
        call(root, "f", sure="yes", cache=False)
    with pytest.raises(SymbolError, match="nothing"):
        call(root, "nothing_like_it", cache=False)


def test_unused_refuses_the_same(root: Path) -> None:
    with pytest.raises(OptionError, match="limit is -1; expected 0 or more"):
        repomap_fast.unused(root, limit=-1, cache=False)
    with pytest.raises(TypeError, match="tests"):
        repomap_fast.unused(root, tests=1, cache=False)  # type: ignore[arg-type]


def test_a_repository_gives_the_same(root: Path) -> None:
    with repomap_fast.open(root, cache=False) as repository:
        assert repository.callers("f") == repomap_fast.callers(root, "f", cache=False)
        assert repository.callees("g") == repomap_fast.callees(root, "g", cache=False)
        assert repository.impact("f") == repomap_fast.impact(root, "f", cache=False)
        assert repository.unused() == repomap_fast.unused(root, cache=False)
