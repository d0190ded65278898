"""Finds and makes the user's cache folder, which has one folder for each repository.

It never uses a folder that another user may change.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from repomap_fast.errors import StoreError
from repomap_fast.store.database import FORMAT
from repomap_fast.store.private_folder import PrivateFolder

ENVIRONMENT_VARIABLE = "REPOMAP_FAST_CACHE_DIR"

NOT_A_PATH = "remote://"
"""How the name of a repository begins that is none of a folder."""

_FORMAT_FOLDER = f"v{FORMAT}"
_TAG_FILE = "CACHEDIR.TAG"
_TAG = b"""Signature: 8a477f597d28d172789f06886806bc55
# This folder was made by repomap-fast; it can be deleted at any time, and backups may leave it out.
# See https://bford.info/cachedir/
"""


def cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of all indexes: ``cache_dir``, else that of the environment, else the system's own."""
    chosen = os.fspath(cache_dir) if cache_dir is not None else os.environ.get(ENVIRONMENT_VARIABLE, "")
    if chosen:
        return Path(chosen).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("repomap-fast", appauthor=False)


def make_cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> None:
    """Make the folder of all indexes, and mark it as one that backups leave out.

    Raises StoreError if it cannot be made, or if another user may change what is in it.
    """
    path = cache_folder(cache_dir)
    try:
        with PrivateFolder.make(path, may_be_shared=True) as folder, suppress(OSError):
            _write_tag(folder)
    except OSError as error:
        raise StoreError(f"no place to keep the index: {path}: {error.strerror or error}") from error


def make_store_folder(repository: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Make the parent folder of the store of a repository, and return the folder of the store. Raises StoreError."""
    make_cache_folder(cache_dir)
    folder = store_folder(repository, cache_dir)
    try:
        PrivateFolder.make(folder.parent).close()
    except OSError as error:
        raise StoreError(f"no place to keep the index: {folder.parent}: {error.strerror or error}") from error
    return folder


def check_cache_folder(cache_dir: str | os.PathLike[str] | None = None) -> bool:
    """Return whether there is a folder of indexes. Raises StoreError if others may change what is in it."""
    path = cache_folder(cache_dir)
    try:
        with PrivateFolder.open(path, may_be_shared=True) as folder, folder.folder(_FORMAT_FOLDER):
            return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"the cache folder {path} cannot be read: {error.strerror or error}") from error


def _write_tag(folder: PrivateFolder) -> None:
    """Write the tag if it is missing, or empty as a full disk leaves it. Raises OSError."""
    with suppress(FileNotFoundError):
        status = folder.status(_TAG_FILE)
        if not stat.S_ISREG(status.st_mode) or status.st_size:
            return
        folder.remove(_TAG_FILE)
    with os.fdopen(folder.open_file(_TAG_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(_TAG)


def is_cache_folder(path: Path) -> bool:
    """Return whether we made the folder at ``path`` for indexes."""
    try:
        with (
            PrivateFolder.open(path, may_be_shared=True) as folder,
            os.fdopen(folder.open_file(_TAG_FILE, os.O_RDONLY), "rb") as file,
        ):
            return file.read(len(_TAG) + 1) == _TAG
    except (OSError, StoreError):
        return False


def store_folder(repository: str | os.PathLike[str], cache_dir: str | os.PathLike[str] | None = None) -> Path:
    """Return the folder of the store of a repository, whether or not there is one.

    repository  the path of a folder, or a name that begins with ``NOT_A_PATH``.
    """
    name = os.fspath(repository)
    if not name.startswith(NOT_A_PATH):
        name = os.path.realpath(name)
    digest = hashlib.blake2b(os.fsencode(name), digest_size=8).hexdigest()
    readable = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in Path(name).name)
    return cache_folder(cache_dir) / _FORMAT_FOLDER / f"{readable[:40] or 'root'}-{digest}"
