"""The words for what became of a file."""

from __future__ import annotations

import errno

import pytest

from repomap_fast.joining.reasons import reason_of
from repomap_fast.options import ScanOptions
from repomap_fast.tables import FileStatus


@pytest.mark.parametrize(
    ("status", "number", "expected"),
    [
        (FileStatus.TOO_LARGE, 0, "too large: 1.5 KiB, limit 700 bytes"),
        (FileStatus.OUT_OF_MEMORY, 0, "out of memory: 64 MiB"),
        (FileStatus.UNREADABLE, errno.EACCES, "unreadable: Permission denied"),
        (FileStatus.UNREADABLE, 0, "unreadable"),
    ],
)
def test_a_reason_has_the_limit_or_the_error(status: FileStatus, number: int, expected: str) -> None:
    options = ScanOptions(max_file_size=700, max_file_memory=64 << 20)
    assert reason_of(status, number, 1536, options) == expected


def test_the_limit_of_all_files_is_named_where_it_is_the_smaller() -> None:
    options = ScanOptions(max_memory=64_000_000, max_file_memory=64 << 20)
    assert reason_of(FileStatus.OUT_OF_MEMORY, 0, 1, options).endswith("the limit of 64 MB for all")
