"""The benchmark of localisation: what is ranked, how answers are judged, and one whole run on a made-up repository."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

REASON = "the benchmarks are not beside the tests"
bm25 = pytest.importorskip("benchmarks.localisation.bm25", reason=REASON)
instances = pytest.importorskip("benchmarks.localisation.instances", reason=REASON)
marks = pytest.importorskip("benchmarks.localisation.marks", reason=REASON)
snapshots = pytest.importorskip("benchmarks.localisation.snapshots", reason=REASON)

SOURCE = b"""\
import os

@decorator
def open_box(box):
    def helper():
        pass
    return helper


class Box:
    size = 1

    def put(self):
        pass

    class Lid:
        def lift(self):
            pass


if os.name == "nt":
    def on_windows():
        pass
"""


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(root), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def commits(tmp_path: Path) -> tuple[Path, list[str]]:
    """A bare repository ``boxes+boxes`` in a folder, and its two commits: the second removes a file and changes one."""
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    Path(work, "boxes").mkdir()
    Path(work, "boxes", "lids.py").write_bytes(SOURCE)
    Path(work, "boxes", "hinges.py").write_text("def oil_hinge(hinge):\n    return hinge\n")
    Path(work, "boxes", "large [1].py").write_text("def large(): pass\n")
    Path(work, "tests").mkdir()
    Path(work, "tests", "test_lids.py").write_text("def test_open_box(): pass\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "Begin with boxes")
    Path(work, "boxes", "hinges.py").write_text("def oil_hinge(hinge):\n    return None\n")
    git(work, "rm", "-q", "boxes/lids.py")
    git(work, "commit", "-qam", "Take the lids away")
    folder = tmp_path / "bare"
    folder.mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(work), str(folder / "boxes+boxes"))
    return folder, git(work, "rev-list", "--reverse", "HEAD").split()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("boxes/lids.py", True),
        ("boxes/lids.pyi", False),
        ("tests/lids.py", False),
        ("boxes/Testing/lids.py", False),
        ("boxes/my_test.py", False),
        ("boxes/latest.py", True),
        ("boxes/contest.py", True),
    ],
)
def test_what_begins_with_test_and_what_is_no_python_is_not_ranked(path: str, expected: bool) -> None:
    assert instances.is_ranked(path) is expected


def test_functions_are_named_from_the_top_and_nested_ones_belong_to_the_outer() -> None:
    found = {function.name: function for function in instances.functions_of(SOURCE)}
    assert list(found) == ["open_box", "Box", "Box.put", "Box.Lid", "Box.Lid.lift", "on_windows"]
    assert (found["open_box"].first, found["open_box"].line, found["open_box"].last) == (3, 4, 7)
    assert found["Box"].is_class
    assert not found["Box.put"].is_class


def test_a_file_that_does_not_parse_has_no_functions() -> None:
    assert instances.functions_of(b"print 'old'\n") == []


def test_compounds_are_also_their_parts() -> None:
    assert bm25.code_words("the HTTPServer of get_item") == ["httpserver", "http", "server", "get_item", "get", "item"]
    assert bm25.plain_words("the HTTPServer") == ["httpserver"]


def test_a_rare_word_counts_more_and_a_long_document_less() -> None:
    scores = bm25.Bm25([["lid", "box"], ["box"], ["box", *["nail"] * 50]]).scores(["lid", "box", "box"])
    assert scores[0] > scores[1] > scores[2] > 0


def test_bm25_has_the_value_of_its_formula() -> None:
    # rarity ln(1 + 1.5 / 1.5), count 2, length 3 of a mean of 2, so that the norm is 1.2 * (0.25 + 0.75 * 1.5).
    scores = bm25.Bm25([["lid", "lid", "box"], ["nail"]]).scores(["lid"])
    assert scores == pytest.approx([0.6931472 * 2 * 2.2 / (2 + 1.2 * 1.375), 0.0])


def test_a_key_stands_once_by_its_best_score() -> None:
    assert bm25.best_first(["a", "b", "a", "c"], [1.0, 2.0, 3.0, 0.0]) == ["a", "b"]


def test_fusion_prefers_what_both_have() -> None:
    assert bm25.fuse([["a", "b"], ["c", "b"]]) == ["b", "a", "c"]


def test_all_gold_files_must_be_within_the_first() -> None:
    rows = [(0,), (0, 4), (2, None), ()]
    assert marks.accuracy(rows, 1) == pytest.approx(100 / 3)
    assert marks.accuracy(rows, 5) == pytest.approx(200 / 3)
    assert marks.mean_reciprocal_rank(rows) == pytest.approx(100 * (1 + 1 + 1 / 3) / 3)


def test_instances_of_one_file_have_a_table_of_their_own() -> None:
    """A fix of two files can not be found @1: a set that has such fixes does not compare with one that has none."""

    def instance(key: str, files: tuple[str, ...]) -> instances.Instance:
        return instances.Instance(key, "boxes/boxes", "0" * 40, ("small",), files, (), "lids")

    def found(one: instances.Instance, ranking: list[str]) -> marks.Mark:
        answer = {"files": ranking, "functions": [], "shown_files": {}, "shown_functions": {}}
        return marks.mark(one, answer)

    one, two = instance("one", ("lids.py",)), instance("two", ("lids.py", "hinges.py"))
    ours = {"one": found(one, ["lids.py"]), "two": found(two, ["lids.py", "hinges.py"])}
    both = marks.tables([one, two], {"ours": ours})
    assert "| ours | 50.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 |" in both
    assert "files, % of 1 whose fix changes one file |" in both
    assert "| ours | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 |" in both
    assert "whose fix changes one file" not in marks.tables([one], {"ours": ours})


def test_the_sign_test_is_exact() -> None:
    assert marks.compare([True] * 5 + [False], [False] * 5 + [True]) == marks.Comparison(5, 1, 14 / 64)
    assert marks.compare([True], [True]) == marks.Comparison(0, 0, 1.0)


def test_a_tree_shows_one_commit_after_another(commits: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, second) = commits
    repository = snapshots.find_repository(folder, "mine/boxes", {"mine/boxes": "boxes/boxes"})
    assert repository is not None
    tree = snapshots.Snapshots(repository, tmp_path / "tree")
    assert tree.visit(first) == []
    assert Path(tree.tree, "boxes", "lids.py").read_bytes() == SOURCE
    tree.visit(second)
    assert not Path(tree.tree, "boxes", "lids.py").exists()
    tree.visit(first)
    assert Path(tree.tree, "boxes", "lids.py").exists()
    with pytest.raises(snapshots.CommitMissing):
        tree.visit("0" * 40)


def test_contents_that_the_repository_lacks_are_left_out(commits: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, _) = commits
    repository = folder / "boxes+boxes"
    digest = git(repository, "rev-parse", f"{first}:boxes/large [1].py")
    Path(repository, "objects", digest[:2], digest[2:]).unlink()
    tree = snapshots.Snapshots(repository, tmp_path / "tree")
    assert tree.visit(first) == ["boxes/large [1].py"]
    assert sorted(path.name for path in Path(tree.tree, "boxes").iterdir()) == ["hinges.py", "lids.py"]


def test_a_run_answers_every_instance_once(commits: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, (first, second) = commits
    asked = tmp_path / "instances.jsonl"
    common = {"repo": "boxes/boxes", "sets": ["small"]}
    records = [
        {
            "instance_id": "lids",
            "base_commit": first,
            "gold_files": ["boxes/lids.py"],
            "gold_functions": ["boxes/lids.py:open_box"],
            "problem_statement": "open_box does not open the box",
        },
        {
            "instance_id": "hinges",
            "base_commit": second,
            "gold_files": ["boxes/hinges.py"],
            "gold_functions": [],
            "problem_statement": "oil the hinge",
        },
        {
            "instance_id": "lost",
            "base_commit": "0" * 40,
            "gold_files": ["lost.py"],
            "gold_functions": [],
            "problem_statement": "lost",
        },
        *(
            {
                "instance_id": f"nails-{number}",
                "repo": "boxes/a-nails",
                "base_commit": first,
                "gold_files": ["nails.py"],
                "gold_functions": [],
                "problem_statement": "nails",
            }
            for number in range(2)
        ),
    ]
    asked.write_text("".join(json.dumps(common | record) + "\n" for record in records))
    results = tmp_path / "results"
    command = [
        sys.executable,
        "-m",
        "benchmarks.localisation",
        str(asked),
        "--repositories",
        str(folder),
        "--results",
        str(results),
    ]
    run = subprocess.run([*command, "--compare", "ours", "bm25-contents"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr.splitlines()[-2:] == [
        f"left out 2 of 5 instances: {folder} has no bare repository boxes/a-nails: --alias names a fork",
        "left out 1 of 5 instances: the repository boxes/boxes lacks their base commits",
    ]
    assert "| files, % of 2 | @1 |" in run.stdout
    assert "| ours | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 | 100.0 |" in run.stdout
    assert "| functions, % of 1 |" in run.stdout
    assert "| files @1 | 0 | 0 | 1.000 |" in run.stdout
    answers = (results / "answers.jsonl").read_text()
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert (results / "answers.jsonl").read_text() == answers
