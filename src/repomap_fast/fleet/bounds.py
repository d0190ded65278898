"""What one repository of a fleet may cost, and the watch that ends its work when it costs more."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields

from repomap_fast.argument_types import number, size, whole_number
from repomap_fast.errors import OptionError, RepoMapError
from repomap_fast.progress import STAGE_DISCOVER, Progress

DEFAULT_MAX_BYTES = 2 * 2**30
"""Twice what the sources of the Linux kernel take."""
DEFAULT_MAX_FILES = 200_000
"""Twice the files of the Linux kernel."""
DEFAULT_MAX_DEPTH = 100
DEFAULT_TIMEOUT_S = 900.0
"""A processor needs 100 s for the Linux kernel, and 20 s to write its tags."""


class BoundError(RepoMapError):
    """A repository costs more than it may, or has what no repository should have; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one repository may cost. Sizes are bytes, or a text such as ``"256M"``.

    max_bytes  of an archive, of all that is unpacked of it, and of what is fetched of a git repository.
    max_files  files and folders of an archive; files that a scan finds.
    max_depth  folders around a file of an archive.
    timeout    seconds for all of it: fetching, unpacking, scanning, writing.

    The constructor raises OptionError, and TypeError for a value of a wrong type.
    """

    max_bytes: int = DEFAULT_MAX_BYTES
    max_files: int = DEFAULT_MAX_FILES
    max_depth: int = DEFAULT_MAX_DEPTH
    timeout: float = DEFAULT_TIMEOUT_S

    def __post_init__(self) -> None:
        object.__setattr__(self, "max_bytes", size("max_bytes", self.max_bytes))
        object.__setattr__(self, "max_files", whole_number("max_files", self.max_files))
        object.__setattr__(self, "max_depth", whole_number("max_depth", self.max_depth))
        object.__setattr__(self, "timeout", number("timeout", self.timeout))
        for one in fields(self):
            if not getattr(self, one.name) > 0:
                raise OptionError(f"{one.name} is {getattr(self, one.name)}; expected more than 0")


class Watch(Progress):
    """Ends the work on one repository at its bounds.

    It is a ``Progress`` for our own steps; for a scan ``is_set`` is its cancel event and ``count`` its progress.
    """

    __slots__ = ("_bounds", "_end_s", "broken")

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()
        self._bounds = bounds
        self._end_s = time.monotonic() + bounds.timeout
        self.broken = ""
        """Which bound was broken, as a sentence without its end."""

    @property
    def left_s(self) -> float:
        """Seconds that are left, above 0."""
        return max(self._end_s - time.monotonic(), 0.001)

    def is_set(self) -> bool:
        """Return whether a bound was broken."""
        if not self.broken and time.monotonic() > self._end_s:
            self.broken = f"it takes more than {self._bounds.timeout:g} s"
        return bool(self.broken)

    def count(self, stage: str, done: int, total: int) -> None:
        """Take what a scan reports."""
        if stage == STAGE_DISCOVER and done > self._bounds.max_files:
            self.broken = f"it has more than {self._bounds.max_files:,} files"

    def raise_if_cancelled(self) -> None:
        """Raise BoundError if a bound was broken."""
        if self.is_set():
            raise BoundError(self.broken)
