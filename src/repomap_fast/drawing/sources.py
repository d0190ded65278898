"""The sources of the files that a map shows: read within the limits of the scan, each about once."""

from __future__ import annotations

import errno
from collections import OrderedDict
from typing import TYPE_CHECKING

from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.options import DEFAULT_MAX_FILE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repomap_fast.contents import Contents
    from repomap_fast.resources.governors import MemoryGovernor

SOURCES_BYTES = 32 << 20
"""Most bytes of sources held at a time. A file whose rows of interest change later is read again."""
_MEMORY_OF_SOURCE = 3
"""Multiple of its size that reading a file may take: as it is, as UTF-8, and with other line ends."""


class Sources:
    """The files of a scan.

    contents        where they are read.
    paths           of all files, by file id.
    memory          limits what is read. A file for which there is no room counts as one that cannot be read.
    max_file_bytes  larger files are not read.
    on_read         gets the id and the contents of each file that is read; None for one that cannot be read.
    without         what a map does without a source, in words.
    """

    def __init__(
        self,
        contents: Contents,
        paths: Sequence[bytes],
        *,
        rule: LineRule = LineRule.ROWS,
        memory: MemoryGovernor | None = None,
        max_file_bytes: int = DEFAULT_MAX_FILE_BYTES,
        on_read: Callable[[int, bytes | None], None] | None = None,
        without: str = "showed files by their paths alone",
    ) -> None:
        self._where = contents
        self._paths = paths
        self._rule = rule
        self._memory = memory
        self._max_file_bytes = max_file_bytes
        self._on_read = on_read
        self._without = without
        self._held: OrderedDict[int, SourceLines] = OrderedDict()
        self._held_bytes = 0

    def lines(self, file_id: int) -> SourceLines:
        """Return the lines of a file; none if it is gone or cannot be read."""
        if file_id not in self._held:
            self._read(file_id)
        self._held.move_to_end(file_id)
        return self._held[file_id]

    def room_bytes(self) -> int:
        """Return how many bytes of sources may be held now."""
        return SOURCES_BYTES if self._memory is None else self._memory.cache_bytes(SOURCES_BYTES)

    def _read(self, file_id: int) -> None:
        contents = self._contents(file_id)
        if self._on_read is not None:
            self._on_read(file_id, contents)
        source = self._held[file_id] = SourceLines(contents or b"", self._rule, self._paths[file_id])
        self._held_bytes += len(source.text)
        room_bytes = self.room_bytes()
        while self._held_bytes > room_bytes and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            self._held_bytes -= len(oldest.text)

    def _contents(self, file_id: int) -> bytes | None:
        most_bytes = self._most_to_read()
        try:
            return self._where.read(self._paths[file_id], most_bytes)
        except OSError as error:
            if self._memory is not None and error.errno == errno.EFBIG and most_bytes < self._max_file_bytes:
                self._memory.note(self._without)
            return None

    def _most_to_read(self) -> int:
        """Return the size of the largest file that may be read now."""
        if self._memory is None:
            return self._max_file_bytes
        return min(self._max_file_bytes, self._memory.headroom_bytes() // _MEMORY_OF_SOURCE)
