"""Questions in whatever form the caller gave them."""

from __future__ import annotations

from repomap_fast.compat.aider.question import Question


def test_names_may_be_gone_through_twice() -> None:
    question = Question.of((name for name in "ab"), {"c"}, None, iter(["d"]))
    assert question == (["a", "b"], {"c"}, set(), {"d"})
    assert question.with_budget(7) == (["a", "b"], {"c"}, 7, set(), {"d"})
