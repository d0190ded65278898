"""The files below a folder that a caller names: what a scan would find, without hidden ones."""

from __future__ import annotations

import os
from pathlib import Path

from repomap_fast.discovery.discover import discover
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress


def find_src_files(directory: str | os.PathLike[str], *, no_ignore: bool = False) -> list[str]:
    """Return the files below a folder that git does not ignore, but for hidden ones; a file for itself.

    With ``no_ignore``, ignored files too.
    """
    if not os.path.isdir(directory):
        return [os.fspath(directory)] if os.path.isfile(directory) else []
    options = ScanOptions(exclude=(".*",), no_ignore=no_ignore)
    found = discover(Path(os.path.abspath(directory)), options, Progress())
    return [os.path.join(directory, os.fsdecode(path)) for path in found.paths]
