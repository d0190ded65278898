"""Tests of the signals of files: their scale, and what the others in a folder say."""

from __future__ import annotations

import numpy as np
import pytest

from repomap_fast.ranking.file_signals import folder_support, folders_of, scaled
from repomap_fast.tables import StringTable

_PATHS = StringTable.from_strings([b"a/b/x.py", b"a/b/y.py", b"a/z.py", b"top.py"])


def test_the_largest_of_the_counted_files_is_one() -> None:
    values = np.array([2.0, 4.0, 5.0])
    assert scaled(values, np.array([True, True, False])).tolist() == [0.5, 1.0, 1.0]


def test_without_a_counted_file_all_count() -> None:
    assert scaled(np.array([1.0, 2.0]), np.zeros(2, np.bool_)).tolist() == [0.5, 1.0]
    assert scaled(np.zeros(2), np.ones(2, np.bool_)).tolist() == [0.0, 0.0]
    assert len(scaled(np.zeros(0), np.ones(0, np.bool_))) == 0


def test_the_others_in_a_folder_support_a_file() -> None:
    found = folder_support(np.array([0.3, 0.4, 1.0, 1.0]), _PATHS)
    assert found.tolist() == pytest.approx([0.4, 0.3, 0.0, 0.0])


def test_folders_are_numbered_by_their_first_file() -> None:
    assert folders_of(_PATHS).tolist() == [0, 0, 1, 2]
    assert len(folder_support(np.zeros(0), StringTable.from_strings([]))) == 0
