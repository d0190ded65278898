"""The library's own calls; each reads as the way of the data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from repomap_fast import options as defaults
from repomap_fast.index import Index
from repomap_fast.options import ScanOptions
from repomap_fast.progress import CancelEvent, ProgressCallback
from repomap_fast.result import ScanResult


def scan(
    root: str | os.PathLike[str] = ".",
    *,
    workers: int = 0,
    languages: Sequence[str] = (),
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    follow_ignore_files: bool = True,
    queries_dir: str | os.PathLike[str] | None = None,
    max_file_bytes: int = defaults.DEFAULT_MAX_FILE_BYTES,
    file_timeout_s: float = defaults.DEFAULT_FILE_TIMEOUT_S,
    max_file_memory_bytes: int = defaults.DEFAULT_MAX_FILE_MEMORY_BYTES,
    max_memory_mb: int | None = None,
    max_cpu_percent: int | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> ScanResult:
    """Find every definition and reference below ``root``.

    The options are those of ``ScanOptions``. What is found is kept in ``cache_dir``, or the user's cache folder, for
    the next scan, which then parses only what has changed; with ``cache`` false nothing is read from there or written
    to it. ``progress`` is called as (stage, done, total) in this thread; ``cancel`` is an event that ends the scan when
    it is set. The same tree gives the same tables, byte for byte, with any number of workers, whatever was kept.

    Raises RootError, OptionError, LanguageError, QueryError, ScanCancelled. Trouble with a single file raises
    nothing: it is the file's status.
    """
    options = ScanOptions(
        workers=workers,
        languages=tuple(languages),
        include=tuple(include),
        exclude=tuple(exclude),
        follow_ignore_files=follow_ignore_files,
        queries_dir=None if queries_dir is None else Path(queries_dir),
        max_file_bytes=max_file_bytes,
        file_timeout_s=file_timeout_s,
        max_file_memory_bytes=max_file_memory_bytes,
        max_memory_mb=max_memory_mb,
        max_cpu_percent=max_cpu_percent,
    )
    with Index.open(root, options, cache_dir=cache_dir, keep=cache) as index:
        index.refresh(progress=progress, cancel=cancel)
        return index.result
