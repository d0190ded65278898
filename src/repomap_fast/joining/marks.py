"""Which rows of files the parser could not read: joined from blocks, and read from columns when they are asked for."""

from __future__ import annotations

from typing import NamedTuple

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.records import FileRecords


class LineRange(NamedTuple):
    """Lines of a file, from the first to the last, both included and counted from one."""

    first: int
    last: int


class FileMarks(FileRecords):
    """The marks of files, read when they are asked for; every call raises IndexDamagedError."""

    def unread(self, file: int) -> tuple[LineRange, ...]:
        """Return the lines of a file that the parser could not read, rising; at most 64 ranges."""
        return tuple(_ranges(self.records_of(file)))


def _ranges(records: bytes) -> list[LineRange]:
    numbers: list[int] = []
    value = shift = 0
    # The first byte has the marks themselves.
    for byte in records[1:]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    if shift or len(numbers) % 2:
        raise IndexDamagedError("the records of marks are damaged")
    ranges, line = [], 1
    for n_before, n_more in zip(numbers[::2], numbers[1::2], strict=True):
        ranges.append(LineRange(line + n_before, line + n_before + n_more))
        line = ranges[-1].last
    return ranges
