"""Where indexes are kept: the user's cache folder, and in it one folder for each repository."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from repomap_fast.sqlite_store import FORMAT

ENVIRONMENT_VARIABLE = "REPOMAP_FAST_CACHE_DIR"

_TAG_FILE = "CACHEDIR.TAG"
_TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# This folder was made by repomap-fast; it can be deleted at any time, and backups may leave it out.
# See https://bford.info/cachedir/
"""


def cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder that holds all indexes: ``cache_dir``, else that of the environment, else the system's own."""
    chosen = os.fspath(cache_dir) if cache_dir is not None else os.environ.get(ENVIRONMENT_VARIABLE, "")
    if chosen:
        return Path(chosen).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("repomap-fast", appauthor=False)


def make_cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> None:
    """Make the folder that holds all indexes, and mark it as one that backups leave out."""
    folder = cache_folder(cache_dir)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        tag = folder / _TAG_FILE
        # A disk that was full may have left an empty one.
        if not tag.exists() or tag.stat().st_size < len(_TAG):
            tag.write_bytes(_TAG)


def is_cache_folder(folder: Path) -> bool:
    """Return whether ``folder`` was made by us, to hold indexes."""
    try:
        with (folder / _TAG_FILE).open("rb") as file:
            return file.read(len(_TAG) + 1) == _TAG
    except OSError:
        return False


def store_folder(root: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of the index of ``root``, whether or not there is one."""
    real = Path(os.path.realpath(root))
    digest = hashlib.blake2b(os.fsencode(real), digest_size=8).hexdigest()
    readable = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in real.name)
    return cache_folder(cache_dir) / f"v{FORMAT}" / f"{readable[:40] or 'root'}-{digest}"
