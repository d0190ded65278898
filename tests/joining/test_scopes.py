"""Scopes of tags as text: which names they hold, and where they are cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.joining.scopes import MAX_SCOPE_CHARACTERS, MAX_SCOPE_NAMES, scope_text
from repomap_fast.tables import NO_SCOPE


def text_of_nested(names: list[str]) -> str:
    """Return the scope inside all definitions of these names, each of them inside the one before."""
    name_ids = np.arange(len(names), dtype=np.uint32)
    scope_ids = np.arange(-1, len(names) - 1, dtype=np.int32)
    return scope_text(len(names) - 1, name_ids, scope_ids, names.__getitem__)


def test_outside_of_any_definition_the_scope_is_empty() -> None:
    assert NO_SCOPE == -1
    assert text_of_nested([]) == ""


def test_the_outermost_name_comes_first() -> None:
    assert text_of_nested(["module", "Class", "method"]) == "module.Class.method"


def test_the_outermost_names_are_cut_by_number() -> None:
    names = [str(i) for i in range(MAX_SCOPE_NAMES + 3)]
    assert text_of_nested(names) == ".".join(names[3:])


def test_a_name_that_does_not_fit_is_left_out_with_all_around_it() -> None:
    assert text_of_nested(["a", "b" * MAX_SCOPE_CHARACTERS, "c"]) == "c"
    fits = "b" * (MAX_SCOPE_CHARACTERS - len(".c"))
    assert text_of_nested(["a", fits, "c"]) == f"{fits}.c"


def test_the_innermost_name_is_cut_and_never_left_out() -> None:
    assert text_of_nested(["a", "b" * (MAX_SCOPE_CHARACTERS + 1)]) == "b" * MAX_SCOPE_CHARACTERS


@given(st.lists(st.text(min_size=1, max_size=MAX_SCOPE_CHARACTERS // 20), max_size=2 * MAX_SCOPE_NAMES))
def test_a_scope_is_the_longest_tail_within_its_bounds(names: list[str]) -> None:
    tails = [names[i:] for i in range(len(names) + 1)]
    fitting = [tail for tail in tails if len(tail) <= MAX_SCOPE_NAMES and len(".".join(tail)) <= MAX_SCOPE_CHARACTERS]
    assert text_of_nested(names) == ".".join(fitting[0])
