"""task_notes: what a task names that is not there is said, with what may have been meant."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import ScanResult
from repomap_fast.ranking.task import find_task
from support import small_shop
from support.repositories import write_files


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    root = write_files(tmp_path_factory.mktemp("repository"), small_shop.FILES)
    return repomap_fast.scan(root, cache=False)


def test_what_is_named_and_does_not_exist_is_said(result: ScanResult) -> None:
    assert find_task(result, mention=["Shop", "show_shop()", "views.show_shop", "app", "README.txt"]).notes == ()
    notes = find_task(result, mention=["show_shopp"], query="T\n\n`other_veiw` and `numpy.array` fail").notes
    assert notes == (
        "nothing here is called 'show_shopp'; did you mean 'show_shop'?",
        "nothing here is called 'other_veiw'; did you mean 'other_view'?",
    )


@pytest.mark.parametrize(
    ("mention", "notes"),
    [
        ("app/views.py:4", ()),
        ("app/views.py:900", ("'app/views.py' has 4 lines: line 900 is not there",)),
        ("models.py:3", ("'app/models.py' has 2 lines: line 3 is not there",)),
        (
            "app/views.py:1",
            ("no definition is at line 1 of 'app/views.py'; the nearest is 'show_shop', lines 3 to 4",),
        ),
        ("app/__init__.py:1", ("'app/__init__.py' has 0 lines: line 1 is not there",)),
        ("README.txt:1", ()),
        ("README.txt:2", ("'README.txt' has 1 line: line 2 is not there",)),
        ("views.py:4", ()),
        ("app/veiws.py:4", ("nothing here is called 'app/veiws.py:4'; did you mean 'app/views.py'?",)),
    ],
)
def test_a_mentioned_line_that_is_not_there_is_said(result: ScanResult, mention: str, notes: tuple[str, ...]) -> None:
    assert find_task(result, mention=[mention]).notes == notes


def test_a_line_past_the_end_is_said_of_a_query_and_a_line_beside_definitions_is_not(result: ScanResult) -> None:
    task = find_task(result, query="T\n\nSee app/views.py:1, and line 99 of app/models.py.")
    assert task.notes == ("'app/models.py' has 2 lines: line 99 is not there",)


def test_a_file_that_is_gone_has_no_lines_to_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    pass\n")
    scanned = repomap_fast.scan(tmp_path, cache=False)
    (tmp_path / "a.py").unlink()
    notes = find_task(scanned, mention=["a.py:99"]).notes
    assert notes == ("no definition is at line 99 of 'a.py'; the nearest is 'f', lines 1 to 2",)


def test_mentioned_lines_come_before_those_of_a_query_and_the_rest_is_counted(result: ScanResult) -> None:
    query = "T\n\n" + "\n".join(f"See app/models.py:{line}" for line in range(100, 120))
    notes = find_task(result, mention=["lib/views.py:50"], query=query).notes
    assert notes[0] == "'lib/views.py' has 2 lines: line 50 is not there"
    assert len(notes) == 10
    many = find_task(result, mention=[f"lib/views.py:{line}" for line in range(50, 75)]).notes
    assert (len(many), many[-1]) == (11, "15 more of the lines that were mentioned are in no definition")
