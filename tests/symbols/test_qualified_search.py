"""qualified_search: a search for a symbol that is written with a scope, a path or a line."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.symbols.qualified_search import may_be_qualified
from support.import_trees import write_files

FILES = {
    "jobs/retry.py": "class RetryPolicy:\n    def delay_after(self, n):\n        return n\n\nclass Other:\n    pass\n",
    "jobs/run.py": "from jobs.retry import RetryPolicy\n\nclass Late:\n    def delay_after(self): pass\n\n"
    "RetryPolicy().delay_after(2)\n",
    "settings.toml": "[tool.black]\nline = 1\n\n[tool.black.more]\nline = 2\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path, FILES)


@pytest.mark.parametrize(
    "symbol",
    [
        "RetryPolicy.delay_after",
        "RetryPolicy::delay_after",
        "jobs.retry.RetryPolicy.delay_after",
        "jobs/retry.py:2",
        "jobs/retry.py::RetryPolicy.delay_after",
    ],
)
def test_a_symbol_is_found_as_other_verbs_find_it(root: Path, symbol: str) -> None:
    """``search RetryPolicy.delay_after`` said that nothing has such a name."""
    found = repomap_fast.search(root, symbol)
    assert [(one.tag.path, one.tag.line, one.n_references) for one in found.found] == [("jobs/retry.py", 2, 1)]
    assert (found.word, found.n_definitions, found.notes) == (symbol, 1, ())


def test_references_and_filters_count_for_a_symbol(root: Path) -> None:
    found = repomap_fast.search(root, "RetryPolicy.delay_after", references=True)
    assert [(one.tag.path, one.tag.line) for one in found.found] == [("jobs/retry.py", 2), ("jobs/run.py", 6)]
    assert repomap_fast.search(root, "RetryPolicy.delay_after", kind="class").found == ()
    assert repomap_fast.search(root, "RetryPolicy.delay_after", path="jobs/run.py").found == ()


def test_a_name_with_dots_is_a_name_first(root: Path) -> None:
    found = repomap_fast.search(root, "tool.black")
    assert {one.tag.name for one in found.found} == {"tool.black", "tool.black.more"}


def test_the_nearest_names_are_said_where_nothing_is_called_so(root: Path) -> None:
    found = repomap_fast.search(root, "RetryPolicy.delay_aftr")
    assert found.found == ()
    assert found.notes[0].startswith("nothing here is called 'RetryPolicy.delay_aftr'; did you mean 'delay_after'")
    (note,) = repomap_fast.search(root, "jobs/retri.py:3").notes
    assert note == f"no file 'jobs/retri.py' is below '{root}'; did you mean 'jobs/retry.py'?"


def test_a_plain_word_is_no_symbol(root: Path) -> None:
    assert not may_be_qualified(repomap_fast.search(root, "delay_aftr"))
    assert not may_be_qualified(repomap_fast.search(root, "nothing"))
    assert not may_be_qualified(repomap_fast.search(root, "tool.black"))
