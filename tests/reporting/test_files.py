"""files: lines, kinds and places of the files of a report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.errors import ScanCancelled
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.progress import Progress
from repomap_fast.reporting.files import count_lines, describe_files, kind_of
from support.repositories import write_files


def test_lines_are_counted_with_a_last_one_that_does_not_end(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "x = 1\n", "b.py": "x = 1\ny = 2", "c.py": "", "d.bin": "\0\n", "e.py": b"x\0\n\n"})
    result = repomap_fast.scan(tmp_path, cache=False)
    assert count_lines(result, Progress(None)).tolist() == [1, 2, 0, 0]


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "x = 1\n", "b.py": "y = 1\n"})
    result = repomap_fast.scan(tmp_path, cache=False)
    (tmp_path / "a.py").unlink()
    assert count_lines(result, Progress(None)).tolist() == [0, 1]


def test_counting_is_cancelled(tmp_path: Path) -> None:
    class Set:
        def is_set(self) -> bool:
            return True

    write_files(tmp_path, {"a.py": "x = 1\n"})
    result = repomap_fast.scan(tmp_path, cache=False)
    with pytest.raises(ScanCancelled):
        count_lines(result, Progress(None, Set()))


def test_files_have_places_by_importance(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "def a(): pass\n", "tests/b.py": "b = 1\n", "c.css": "p {}\n", "d.bin": ""})
    result = repomap_fast.scan(tmp_path, cache=False)
    files = describe_files(result, np.array([0.2, 0.5, 0.3]), np.array([1, 2, 3]), Progress(None))
    assert [(file.path, file.kind, file.place, file.n_changes) for file in files] == [
        ("a.py", "code", 3, 1),
        ("c.css", "style", 1, 2),
        ("tests/b.py", "tests", 2, 3),
    ]


@pytest.mark.parametrize(
    ("bits", "kind"),
    [
        (0, "code"),
        (PathKind.TESTS, "tests"),
        (PathKind.TESTS | PathKind.VENDORED, "vendored"),
        (PathKind.DATA | PathKind.GENERATED, "generated"),
        (PathKind.DATA, "data"),
    ],
)
def test_the_first_trait_says_the_kind(bits: int, kind: str) -> None:
    assert kind_of(bits, "code") == kind
