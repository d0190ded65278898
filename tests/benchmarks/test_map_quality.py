"""The benchmark of maps: which commits it asks about, what they changed, and what it takes a map to show."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

commits = pytest.importorskip("benchmarks.map_quality.commits", reason="the benchmarks are not beside the tests")
shown = pytest.importorskip("benchmarks.map_quality.shown", reason="the benchmarks are not beside the tests")

SOURCE = """\
class Box:
    def put(self):
        pass

    def take(self):
        pass


class Bag:
    def put(self):
        pass
"""
ROWS = SOURCE.split("\n")
BOX, BOX_PUT, TAKE, BAG, BAG_PUT = 0, 1, 2, 3, 4


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A repository of 51 source files, whose first file was then changed as the tests say."""
    git(tmp_path, "init", "-q")
    for i in range(commits.MIN_TREE_FILES):
        (tmp_path / f"other{i}.py").write_text(f"def other{i}(): pass\n")
    (tmp_path / "boxes.py").write_text(SOURCE)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Begin with some boxes")
    return tmp_path


def commit_as(root: Path, text: str, message: str = "Change what boxes do") -> list[commits.Commit]:
    change(root, text, message)
    return commits.choose_commits(root, "boxes", 10)


def change(root: Path, text: str, message: str) -> None:
    (root / "boxes.py").write_text(text)
    git(root, "commit", "-qam", message)


def changed_names(found: list[commits.Commit]) -> list[list[str]]:
    return [[file.definitions[place][0] for place in file.changed] for commit in found for file in commit.files]


def test_a_changed_row_is_its_innermost_definitions(history: Path) -> None:
    found = commit_as(history, SOURCE.replace("        pass\n\n    def take", "        return\n\n    def take"))
    assert changed_names(found) == [["put"]]
    assert found[0].files[0].changed == [BOX_PUT]
    assert found[0].message == "Change what boxes do"


def test_two_replaced_rows_are_no_insertion(history: Path) -> None:
    found = commit_as(history, SOURCE.replace("class Box:\n    def put", "class Case:\n    def push"))
    assert found[0].files[0].changed == [BOX, BOX_PUT]


@pytest.mark.parametrize(
    ("before", "changed"),
    [("    def take", [BOX]), ("        pass\n\n\nclass", [TAKE]), ("\nclass Bag", [])],
    ids=["between methods", "within a method", "between classes"],
)
def test_an_insertion_is_in_what_surrounds_both_its_ends(history: Path, before: str, changed: list[int]) -> None:
    assert SOURCE.count(before) == 1
    found = commit_as(history, SOURCE.replace(before, f"        # more\n{before}"))
    assert found[0].files[0].changed == changed


def test_commits_without_words_and_merges_are_not_asked_about(history: Path) -> None:
    assert commit_as(history, SOURCE + "\n", "Fix it") == []
    assert commit_as(history, SOURCE + "\n\n", "Merge all that was done") == []


def test_trailers_are_no_part_of_the_message(history: Path) -> None:
    message = "Change what boxes do\n\nThey hold more.\n\nSigned-off-by: Somebody Else <a@b>"
    assert commit_as(history, SOURCE + "\n", message)[0].message == "Change what boxes do\n\nThey hold more."


def test_the_same_commits_are_chosen_every_time(history: Path) -> None:
    for i in range(5):
        change(history, SOURCE + "# more\n" * (i + 1), "Change what boxes do")
    first = commits.choose_commits(history, "boxes", 3)
    assert [commit.sha for commit in first] == [commit.sha for commit in commits.choose_commits(history, "boxes", 3)]
    assert len(first) == 3


def judged(text: str, changed: list[int]) -> shown.Shown:
    definitions = [("Box", 0, 5, "class"), ("put", 1, 2, "method"), ("take", 4, 5, "method")]
    definitions += [("Bag", 8, 10, "class"), ("put", 9, 10, "method")]
    file = commits.ChangedFile("boxes.py", definitions, changed)
    return shown.judge(text, [file], {"boxes.py": ROWS}, {"boxes.py": [0, 1, 4, 8]})


def test_a_path_alone_shows_nothing() -> None:
    assert judged("\nboxes.py\n\nother.py:\n⋮\n│class Box:\n⋮\n", [BOX]).missed == ("boxes.py",)


def test_rows_that_are_no_definition_show_no_file() -> None:
    assert judged("\nboxes.py:\n⋮\n│        pass\n⋮\n", [BOX]).n_files == 0


def test_equal_rows_are_told_apart_by_those_before_them() -> None:
    text = "\nboxes.py:\n⋮\n│class Bag:\n│    def put(self):\n⋮\n"
    found = judged(text, [BOX_PUT, BAG_PUT])
    assert (found.n_files, found.n_definitions) == (1, 1)
    # Aider's tagger is said not to know the method of the second class.
    assert (found.n_known, found.n_known_shown) == (1, 0)


def test_runs_are_looked_for_in_order() -> None:
    runs = shown.runs_by_path("\nboxes.py:\n│class Box:\n⋮\n│    def put(self):\n⋮\n│    def put(self):\n⋮\n")
    assert shown.shown_rows(runs["boxes.py"], ROWS) == {0, 1, 9}


def test_cut_rows_are_found() -> None:
    long = "def " + "long_" * 40 + "(): pass"
    runs = shown.runs_by_path(f"a.py:\n{('│' + long)[:100]}\n")
    assert shown.shown_rows(runs["a.py"], ["", long]) == {1}


def test_a_line_for_each_definition_says_its_row() -> None:
    text = (
        "# Map\n\nboxes.py:\n1-6 class Box\n 2-3 put(self)\n\n9 odd.py:\n9 class Bag\n\nalso: README.md,\n 9 lives.py\n"
    )
    assert shown.numbered_rows_by_path(text) == {"boxes.py": {0, 1}, "9 odd.py": {8}}
    found = judged(text, [BOX, BOX_PUT, BAG_PUT])
    assert (found.n_files, found.n_definitions, found.n_known_shown) == (1, 2, 2)
    assert found.n_files_in_map == 2
