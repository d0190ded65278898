"""A temporary folder for the work on one repository, which is made when something is first put there."""

from __future__ import annotations

import tempfile
from pathlib import Path


class Scratch:
    """A folder that is removed with all that is in it at the end of a ``with`` block, if it was made.

    above  the folder that it is in; None for the one of the system.
    """

    def __init__(self, above: str | None = None) -> None:
        self._above = above
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def name(self) -> str:
        """Where it is; empty if it was not made."""
        return "" if self._folder is None else self._folder.name

    @property
    def path(self) -> Path:
        """Where it is. The first time it is made, which raises OSError."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(
                prefix="repomap-fast-", dir=self._above, ignore_cleanup_errors=True
            )
        return Path(self._folder.name)

    def new_folder(self) -> Path:
        """Make a folder in it, for the contents of a repository. Raises OSError."""
        folder = self.path / "contents"
        folder.mkdir()
        return folder
