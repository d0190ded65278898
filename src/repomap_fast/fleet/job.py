"""The work on one repository, as a worker does it: open, scan, write, commit."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from repomap_fast import __version__
from repomap_fast.discovery.git_folder import is_bare_repository
from repomap_fast.errors import FleetError, OptionError, RootError, ScanCancelled
from repomap_fast.fleet.archives import is_archive, unpack
from repomap_fast.fleet.bounds import BoundError, Watch
from repomap_fast.fleet.clones import fetch_commit
from repomap_fast.fleet.dataset import Dataset, Place
from repomap_fast.fleet.rows import Outcome, outcome_of, write_parts
from repomap_fast.fleet.scratch import Scratch
from repomap_fast.fleet.sources import SourceKind
from repomap_fast.indexing.index import Index

if TYPE_CHECKING:
    from repomap_fast.fleet.bounds import Bounds
    from repomap_fast.fleet.dataset import Part
    from repomap_fast.fleet.sources import Source
    from repomap_fast.options import ScanOptions

_OF_MACHINE = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM))
"""What the system says of the machine, whatever the repository is."""
_HEAD = "HEAD"
_ENOUGH_S = 1.0
"""Dask takes some milliseconds for a call, and progress is known when a call has ended."""


@dataclass(frozen=True, slots=True)
class Job:
    """One repository, and what to do with it.

    source   as the user named it.
    located  where it is, from any working folder.
    version  of this package where the fleet was started.
    """

    source: Source
    located: Source
    dataset: Dataset
    options: ScanOptions
    bounds: Bounds
    version: str

    @property
    def place(self) -> Place:
        """Where its parts of the dataset are."""
        return Place(self.source.key, self.source.shard)


def scan_some(jobs: list[Job]) -> list[Outcome]:
    """Scan the first of some repositories, as many as a second takes; return what became of them.

    Dask takes longer for a call than many a repository takes. Raises as ``scan_source``.
    """
    started_s = time.monotonic()
    found: list[Outcome] = []
    for job in jobs:
        found.append(scan_source(job))
        if time.monotonic() - started_s > _ENOUGH_S:
            break
    return found


def scan_source(job: Job) -> Outcome:
    """Scan a repository and commit it, or a row that says why it failed.

    Raises FleetError where the trouble is not the repository's.
    """
    if job.version != __version__:
        raise FleetError(f"a worker has repomap-fast {__version__}; expected {job.version}, as where the fleet started")
    try:
        with Scratch(_folder_of_worker()) as scratch:
            try:
                outcome, parts = _scanned(job, scratch)
            except FleetError:
                raise
            # Whatever a repository makes fail, a fault of ours too, costs its own row and not the fleet.
            except Exception as error:
                return commit_failure(job, _reason(error, scratch))
            job.dataset.commit(job.place, parts)
            return outcome
    except OSError as error:
        raise FleetError(f"a worker cannot use its temporary folder: {error}") from error


def commit_failure(job: Job, reason: str) -> Outcome:
    """Commit a row that says why a repository failed. Raises FleetError, OSError."""
    outcome = Outcome(job.source.name, reason)
    with Scratch(_folder_of_worker()) as scratch:
        parts = write_parts(job.source, outcome, None, scratch, Watch(job.bounds))
        job.dataset.commit(job.place, parts)
    return outcome


def _scanned(job: Job, scratch: Scratch) -> tuple[Outcome, dict[str, Part]]:
    watch = Watch(job.bounds)
    kind, root, revision = _opened(job, scratch, watch)
    options = replace(job.options, revision=revision)
    with Index.open_with(root, options, cache=False) as index:
        try:
            index.refresh(progress=watch.count, cancel=watch)
        except ScanCancelled as error:
            raise BoundError(watch.broken) from error
        result = index.result
        with result.contents.held_open():
            outcome = outcome_of(job.source, kind, result)
            return outcome, write_parts(job.source, outcome, result, scratch, watch)


def _opened(job: Job, scratch: Scratch, watch: Watch) -> tuple[SourceKind, Path, str | None]:
    """Return what a source is, the folder to scan, and the revision."""
    source = job.located
    if source.is_url:
        folder = scratch.new_folder()
        return SourceKind.GIT, folder, fetch_commit(source, folder, job.bounds, watch)
    path = Path(source.location)
    if not path.exists():
        raise RootError(f"there is no {source.location!r}; expected a folder, a git repository or an archive")
    if path.is_dir():
        is_bare = is_bare_repository(os.fsencode(path))
        revision = source.revision or (_HEAD if is_bare else None)
        return SourceKind.GIT if revision else SourceKind.FOLDER, path, revision
    if not is_archive(path):
        raise RootError(f"{source.location!r} is no folder, and does not begin as a tar or zip archive does")
    if source.revision is not None:
        raise OptionError(f"revision is {source.revision!r}, and {source.location!r} is an archive; expected none")
    folder = scratch.new_folder()
    return SourceKind.ARCHIVE, unpack(path, folder, job.bounds, watch), None


def _reason(error: Exception, scratch: Scratch) -> str:
    """Return why a repository failed, in the same words each time. Raises an error that is the machine's."""
    if isinstance(error, OSError) and error.errno in _OF_MACHINE:
        raise error
    if isinstance(error, MemoryError):
        return "it takes more memory than a worker has"
    said = str(error).replace(scratch.name or "\0", "").strip() or type(error).__name__
    return said if type(error).__module__.startswith("repomap_fast") else f"{type(error).__name__}: {said}"


def _folder_of_worker() -> str | None:
    """Return the folder of this worker, which dask removes when the worker has died; None outside of a worker."""
    from distributed import get_worker

    try:
        folder: str = get_worker().local_directory
    except ValueError:
        return None
    return folder
