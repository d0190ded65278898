"""impact: what a change can reach."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import GitError, OptionError
from support.import_trees import write_files

FILES = {
    "core.py": "def low():\n    return 1\n\ndef other():\n    return 2\n",
    "mid.py": "from core import low\n\ndef middle():\n    return low()\n",
    "top.py": "from mid import middle\n\ndef high():\n    return middle()\n",
    "tests/test_mid.py": "from mid import middle\n\ndef test_middle():\n    assert middle()\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path, FILES)


def test_what_a_symbol_reaches_and_which_tests(root: Path) -> None:
    found = repomap_fast.impact(root, "low", cache=False)
    assert [(one.depth, one.name) for one in found.reached] == [(1, "middle"), (2, "high")]
    assert [(one.depth, one.path, one.name) for one in found.tests] == [(2, "tests/test_mid.py", "test_middle")]
    assert (found.n_reached, found.n_tests, found.n_files) == (2, 1, 3)


def test_a_file_means_all_that_it_defines(root: Path) -> None:
    found = repomap_fast.impact(root, "mid.py", depth=1, cache=False)
    assert [one.name for one in found.definitions] == ["middle"]
    assert [one.name for one in found.reached] == ["high"]


def test_who_calls_what_is_overridden_is_reached(tmp_path: Path) -> None:
    files = {
        "a.py": "class A:\n    def m(self): pass\n\ndef use(a: A):\n    a.m()\n",
        "b.py": "from a import A\nclass B(A):\n    def m(self): pass\n",
    }
    found = repomap_fast.impact(write_files(tmp_path, files), "B.m", cache=False)
    assert [one.name for one in found.reached] == ["use"]
    assert repomap_fast.refs(tmp_path, "B.m", cache=False).notes == (
        "it overrides a.py::A.m: what refers to that may reach it too",
    )


def git(root: Path, *arguments: str) -> None:
    subprocess.run(
        ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True, capture_output=True
    )


def test_what_changed_in_git_is_followed_by_its_rows(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "all")
    assert repomap_fast.impact(root, changed=True, cache=False).text == "nothing that is defined changed since HEAD\n"
    (root / "core.py").write_text("def low():\n    return 3\n\ndef other():\n    return 2\n")
    found = repomap_fast.impact(root, changed=True, cache=False)
    assert [one.name for one in found.definitions] == ["low"]
    assert [one.name for one in found.reached] == ["middle", "high"]
    assert repomap_fast.impact(root, changed="HEAD", cache=False).definitions == found.definitions


def test_a_new_file_counts_as_a_whole(root: Path) -> None:
    git(root, "init", "-q")
    git(root, "add", "core.py", "mid.py")
    git(root, "commit", "-qm", "some")
    found = repomap_fast.impact(root, changed=True, cache=False)
    assert {one.name for one in found.definitions} == {"high", "test_middle"}


def test_errors(root: Path) -> None:
    with pytest.raises(GitError, match="no git work tree"):
        repomap_fast.impact(root, changed=True, cache=False)
    with pytest.raises(OptionError, match="not both"):
        repomap_fast.impact(root, "low", changed=True, cache=False)
