"""weights: bounds of what a repository may set, and aider's numbers."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.weights import Weights

NAMES = [field.name for field in fields(Weights)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 1e300, "2", None])
def test_a_weight_that_cannot_be_used_is_named(name: str, value: Any) -> None:
    with pytest.raises((OptionError, TypeError), match=name):
        replace(Weights(), **{name: value})


@pytest.mark.parametrize(("name", "value"), [("damping", 1.0), ("tolerance", 1e-13), ("max_iterations", 1001)])
def test_what_would_take_for_ever_is_refused(name: str, value: float) -> None:
    with pytest.raises(OptionError, match=name):
        Weights(**{name: value})


def test_aiders_weights_order_definitions_by_rank_alone() -> None:
    assert not Weights().by_rank_alone
    assert Weights.aider().by_rank_alone
    assert Weights.aider().damping == Weights().damping


@pytest.mark.parametrize("value", [0, 1.5, 1001])
def test_files_with_scored_definitions_are_a_bounded_whole_number(value: float) -> None:
    with pytest.raises(OptionError, match="text_files"):
        Weights(text_files=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["file_tests", "definition_near", "zone_code", "text_b", "constructor"])
def test_a_signal_may_count_nothing(name: str) -> None:
    assert getattr(replace(Weights(), **{name: 0}), name) == 0
