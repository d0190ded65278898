"""The dataset of a fleet: three tables of Parquet below one folder, each repository a part of each.

    _dataset.json                       how it was made
    tags/shard=dp/KEY.parquet           the tags of a repository
    files/shard=dp/KEY.parquet          its files
    repositories/shard=dp/KEY.parquet   one row: what became of it

The row is written last, and says that a repository is done. What else is there without a row is written again. One
that failed has its row alone. Each part appears as a whole or not at all, and its bytes are those of the repository and
the options alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from repomap_fast.errors import FleetError, OptionError, RepoMapError

if TYPE_CHECKING:
    from collections.abc import Mapping

Part: TypeAlias = Path | bytes
"""A part of a table: a file of this machine, or what would be in it."""
TABLES = ("tags", "files", "repositories")
_ROWS = "repositories"
"""The table that is written last."""
_SUFFIX = ".parquet"
_UNFINISHED = ".unfinished"
_HOW = "_dataset.json"
"""Readers of Parquet pass over what begins so."""
_LOCAL = frozenset(("file", "local"))
"""Protocols of this machine's files, which say of a folder that is missing that it is."""
_REPLACING = _LOCAL | frozenset(("memory", "sftp", "ssh", "smb", "hdfs", "arrow_hdfs", "webhdfs"))
"""Protocols of file systems where half of a file can be seen, and where a file can be renamed. Elsewhere, as in S3, a
file appears when it is complete."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of one repository are."""

    key: str
    shard: str

    def path(self, table: str) -> str:
        """Return the path of its part of a table, below the dataset."""
        return f"{table}/shard={self.shard}/{self.key}{_SUFFIX}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset at a URL of fsspec, or at a path. It can be sent to other machines.

    storage  options for the file system of fsspec: addresses, keys.
    """

    url: str
    storage: Mapping[str, Any]

    def prepare(self, how: Mapping[str, Any]) -> tuple[set[str], set[str]]:
        """Make the dataset ready to be written; return the keys of the repositories that are done, and have failed.

        how  what the bytes of a part depend on beside its repository.

        Raises OptionError where it was made otherwise, FleetError.
        """
        system, root = self._system()
        with self._named("read"):
            system.makedirs(root, exist_ok=True)
            found = system.find(root)
            paths = [path[len(root) :].lstrip("/") for path in found]
        with self._named("write"):
            left = {path for path in paths if _is_unfinished(path)}
            self._check_how(system, root, how, is_new=_HOW not in paths, is_empty=left.issuperset(paths))
            for path, full in zip(paths, found, strict=True):
                if path in left:
                    system.rm_file(full)
        done = _keys(paths, _ROWS)
        return done, done - _keys(paths, TABLES[0])

    def _check_how(self, system: Any, root: str, how: Mapping[str, Any], *, is_new: bool, is_empty: bool) -> None:
        path = f"{root}/{_HOW}"
        wanted = json.dumps(how, indent=1, sort_keys=True).encode() + b"\n"
        if not is_new:
            if (found := system.cat_file(path)) == wanted:
                return
            raise OptionError(
                f"the dataset {self.url!r} was made {_difference(found, how)}; expected the same, or another folder"
            )
        if not is_empty:
            raise OptionError(
                f"{self.url!r} has files, and is no dataset of a fleet; expected an empty or a new folder"
            )
        _put(system, wanted, path)

    def forget(self, places: Iterable[Place]) -> None:
        """Remove the rows of these repositories, so that they are not done. Raises FleetError."""
        system, root = self._system()
        with self._named("write"):
            for place in places:
                system.rm_file(f"{root}/{place.path(_ROWS)}")

    def commit(self, place: Place, parts: Mapping[str, Part]) -> None:
        """Put the parts of a repository in their places, its row last; parts of before that it has not any more go.

        parts  by table.

        Raises FleetError.
        """
        system, root = self._system()
        with self._named("write"):
            for table in TABLES:
                target = f"{root}/{place.path(table)}"
                if table in parts:
                    _put(system, parts[table], target)
                elif system.exists(target):
                    system.rm_file(target)

    def _system(self) -> tuple[Any, str]:
        import fsspec

        try:
            system, root = fsspec.core.url_to_fs(self.url, **self.storage)
        except (ImportError, ValueError, TypeError, OSError) as error:
            raise FleetError(f"cannot reach {self.url!r}: {error}") from error
        return system, root.rstrip("/")

    @contextmanager
    def _named(self, what: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            if isinstance(error, RepoMapError):
                raise
            raise FleetError(
                f"cannot {what} the dataset {self.url!r}: {error}; what is complete stays, and a new start goes on"
            ) from error


def _is_unfinished(path: str) -> bool:
    """Return whether a path of a dataset is of a file that one who was killed began to write."""
    return path.endswith(_UNFINISHED) and (path.partition("/")[0] in TABLES or path.startswith(f".{_HOW}."))


def _keys(paths: Iterable[str], table: str) -> set[str]:
    """Return the keys of the repositories that have a part of a table."""
    return {
        path.rpartition("/")[2].removesuffix(_SUFFIX)
        for path in paths
        if path.startswith(f"{table}/") and path.endswith(_SUFFIX)
    }


def _put(system: Any, part: Part, target: str) -> None:
    protocol = system.protocol if isinstance(system.protocol, str) else system.protocol[0]
    folder, _, name = target.rpartition("/")
    if protocol not in _LOCAL:
        system.makedirs(folder, exist_ok=True)
    if protocol not in _REPLACING:
        _write(system, part, target)
        return
    import uuid

    # Of its own name: a worker that was given up may still write the same part.
    unfinished = f"{folder}/.{name}.{uuid.uuid4().hex}{_UNFINISHED}"
    try:
        try:
            _write(system, part, unfinished)
        except FileNotFoundError:
            # Most folders are there already: to ask for each takes as long as to write a small part.
            system.makedirs(folder, exist_ok=True)
            _write(system, part, unfinished)
        system.mv(unfinished, target)
    except BaseException:
        if system.exists(unfinished):
            system.rm_file(unfinished)
        raise


def _write(system: Any, part: Part, target: str) -> None:
    if isinstance(part, bytes):
        system.pipe_file(target, part)
    else:
        system.put_file(str(part), target)


def _difference(found: bytes, wanted: Mapping[str, Any]) -> str:
    """Return how a dataset was made otherwise, in words."""
    try:
        before = json.loads(found)
        names = sorted(name for name in {*before, *wanted} if before.get(name) != wanted.get(name))
    except (ValueError, AttributeError, TypeError):
        return f"in a way that {_HOW} does not tell"
    return "with " + ", ".join(f"{name} {before.get(name)!r} and not {wanted.get(name)!r}" for name in names)
