"""The search for the tags that fit into the budget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.aider.map_text import MapText
from repomap_fast.compat.aider.ranking import RankedTags

lines = st.lists(st.integers(1, 40), min_size=0, max_size=120)


class TestChoose:
    def choose(self, costs: Sequence[int], budget: int) -> tuple[str | None, int]:
        """Choose among tags, each of which adds its cost; return the tree, and how often one was counted."""
        tags = [(str(position),) for position in range(len(costs))]
        n_counted = 0

        def token_count(tree: str) -> int:
            nonlocal n_counted
            n_counted += 1
            return sum(costs[: int(tree)])

        text = MapText().choose(
            RankedTags([tags[start : start + 7] for start in range(0, len(tags), 7)]),
            budget,
            to_tree=lambda tags: str(len(tags)),
            token_count=token_count,
            step=lambda: None,
        )
        return text, n_counted

    @given(lines, st.integers(1, 3000))
    def test_it_never_passes_the_budget_and_leaves_little(self, costs: list[int], budget: int) -> None:
        text, n_counted = self.choose(costs, budget)
        n = int(text or 0)
        used = sum(costs[:n])
        assert used <= budget
        # Either it is nearly full, or all is in, or what comes next does not fit.
        assert used >= 0.95 * budget or n == len(costs) or used + costs[n] > budget
        assert n_counted <= 20

    def test_it_looks_a_few_times_only(self) -> None:
        assert self.choose([7, 9, 12, 8] * 500, 1024)[1] <= 4

    def test_no_more_is_made_than_is_looked_at(self) -> None:
        made = []

        def chunks() -> Any:
            for number in range(100):
                made.append(number)
                yield [(f"{number}-{position}",) for position in range(10)]

        ranked = RankedTags(chunks())
        assert len(ranked.first(25)) == 25
        assert len(made) == 3
        assert len(ranked.all()) == 1000
