"""Fetches one commit of a git repository from another machine, into a folder of its own.

Git runs as it does for all else, without the settings of a repository. Nothing is checked out, no submodule is fetched,
and no password is asked for.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from repomap_fast.discovery.git_folder import bare_repository_at
from repomap_fast.discovery.git_run import GitBounds, GitRun
from repomap_fast.errors import GitError
from repomap_fast.fleet.bounds import BoundError
from repomap_fast.fleet.sources import PROTOCOLS

if TYPE_CHECKING:
    from repomap_fast.fleet.bounds import Bounds, Watch
    from repomap_fast.fleet.sources import Source

_MEMORY_BYTES = 1 << 30
"""Git unpacks each object to learn its name, and the largest ones as a whole."""
_FETCH = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-auto-maintenance", "--no-recurse-submodules", "--")
_SETTINGS = (
    # What comes stays one pack, however many objects it has.
    b"fetch.unpackLimit=1",
    b"pack.threads=1",
    b"http.lowSpeedLimit=1000",
    b"http.lowSpeedTime=60",
)


def fetch_commit(source: Source, folder: Path, bounds: Bounds, watch: Watch) -> str:
    """Make ``folder`` a bare repository that has one commit of ``source``; return the commit's id.

    Raises GitError, with git's own words; BoundError.
    """
    for name in ("objects", "refs"):
        (folder / name).mkdir()
    (folder / "HEAD").write_text("ref: refs/heads/main\n")
    repository = bare_repository_at(os.fsencode(folder))
    assert repository is not None
    reach = GitBounds(watch.left_s, _MEMORY_BYTES, bounds.max_bytes, PROTOCOLS)
    arguments = [*_FETCH, source.location, source.revision or "HEAD"]
    try:
        GitRun(repository, arguments, settings=_SETTINGS, bounds=reach).answer(watch)
    except GitError as error:
        watch.raise_if_cancelled()
        if any(path.stat().st_size >= bounds.max_bytes for path in (folder / "objects").rglob("*")):
            raise BoundError(f"it has more than {bounds.max_bytes:,} bytes") from error
        raise GitError(f"git cannot fetch it: {str(error).replace(source.location, source.shown)}") from error
    found = re.match("[0-9a-f]{40,64}", (folder / "FETCH_HEAD").read_text())
    if found is None:
        raise GitError("git fetched nothing; expected a commit")
    return found[0]
