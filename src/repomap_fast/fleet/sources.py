"""The sources of a fleet: folders, git repositories and archives, and the names that they have in the dataset."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from repomap_fast.argument_types import text
from repomap_fast.errors import OptionError
from repomap_fast.safe_files import read_regular
from repomap_fast.utf8 import utf8_text

MAX_LIST_BYTES = 1 << 30
"""Of a list of sources: some ten million lines."""
PROTOCOLS = ("https", "http", "ssh", "git")
"""By which git may fetch a repository."""
_OF_HOSTS = frozenset(PROTOCOLS)
"""Whose URLs begin with a host; that of a local file has none."""
_MAX_CHARACTERS = 1 << 13
"""Of a location, and of a revision: twice what the system takes as a path."""
_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<user>[^/@]*)@)?(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"[^/?#:-][^/?#]*")
"""Git would take a host that begins with ``-`` for an option of ssh."""
_CONTROL = re.compile(r"[\0-\x1f\x7f]")
"""What no address and no revision has; a path may have all but NUL."""
_SSH_ADDRESS = re.compile(r"[\w.-]+@[\w.-]+:(?!//).+")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""No reader takes such a text for a number."""


class SourceKind(StrEnum):
    """What a source is."""

    FOLDER = "folder"
    GIT = "git"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Source:
    """One repository to scan.

    location  a folder, a git repository (bare or not), an archive, or a URL of a git repository.
    revision  a commit, a branch or a tag of a git repository; None for the files of a folder, and for HEAD of a bare
              repository and of a URL.

    The constructor raises OptionError, and TypeError for a value of a wrong type.
    """

    location: str
    revision: str | None = None

    def __post_init__(self) -> None:
        location = text("location", self.location)
        for name, said in (("location", location), ("revision", self.revision)):
            if isinstance(said, str) and len(said) > _MAX_CHARACTERS:
                raise OptionError(
                    f"{name} has {len(said):,} characters, {said[:60]!r} …; expected at most {_MAX_CHARACTERS:,}"
                )
        if not location.strip() or "\0" in location or "\n" in location:
            raise OptionError(f"location is {location!r}; expected a folder, an archive or a URL")
        if self.revision is not None:
            revision = text("revision", self.revision)
            if not revision.strip() or _CONTROL.search(revision):
                raise OptionError(f"revision of {self.shown!r} is {revision!r}; expected a commit, a branch or a tag")
        match = _URL.fullmatch(location)
        if match and match["scheme"].lower() not in PROTOCOLS:
            raise OptionError(
                f"location is {self.shown!r}; expected a path, or a URL of {', '.join(PROTOCOLS[:-1])} or "
                f"{PROTOCOLS[-1]}"
            )
        if match and match["scheme"].lower() in _OF_HOSTS and not _HOST.match(match["rest"]):
            raise OptionError(f"location is {self.shown!r}; expected a host behind {match['scheme']}://")
        if self.is_url and _CONTROL.search(location):
            raise OptionError(f"location is {self.shown!r}; expected a URL without control characters")

    @property
    def is_url(self) -> bool:
        """Whether git must fetch it."""
        return bool(_URL.fullmatch(self.location) or _SSH_ADDRESS.fullmatch(self.location))

    @property
    def shown(self) -> str:
        """The location without a password."""
        match = _URL.fullmatch(self.location)
        if not match or match["user"] is None:
            return utf8_text(self.location)
        user = match["user"].partition(":")[0]
        # What https takes for a user's name is often a secret.
        is_secret = match["scheme"].lower() in ("http", "https")
        return utf8_text(f"{match['scheme']}://{'' if is_secret else f'{user}@'}{match['rest']}")

    @property
    def name(self) -> str:
        """What the repository is called in the dataset: the location, and ``@`` and the revision if there is one."""
        return self.shown if self.revision is None else f"{self.shown}@{utf8_text(self.revision)}"

    @property
    def key(self) -> str:
        """32 hexadecimal digits that stand for the name."""
        return hashlib.blake2b(self.name.encode(), digest_size=16).hexdigest()

    @property
    def shard(self) -> str:
        """The part of the dataset that it is in: two letters, one of 256."""
        return self.key[:2].translate(_LETTERS)

    def absolute(self) -> Source:
        """Return the same with a location that does not depend on the working folder. The name is another one."""
        if self.is_url:
            return self
        path = Path(self.location)
        # What names no user of this machine is a folder of that name.
        with suppress(RuntimeError):
            path = path.expanduser()
        return Source(str(path.absolute()), self.revision)


def read_list(path: str | os.PathLike[str]) -> list[Source]:
    """Return the sources that a file lists, one a line; a revision may stand behind a tab.

    Empty lines, and those that begin with ``#``, are passed over. A path is below the folder that is worked in. Raises
    OptionError.
    """
    try:
        contents = read_regular(path, MAX_LIST_BYTES)
    except OSError as error:
        raise OptionError(f"cannot read the list {os.fspath(path)!r}: {error.strerror or error}") from error
    return parse_list(contents, os.fspath(path))


def parse_list(contents: bytes, name: str) -> list[Source]:
    """Return the sources that the contents of a list name. Raises OptionError, which says the line."""
    found = []
    lines = os.fsdecode(contents.removeprefix(codecs.BOM_UTF8)).split("\n")
    for number, line in enumerate(lines, 1):
        location, _, revision = line.rstrip("\r").partition("\t")
        if not location.strip() or location.startswith("#"):
            continue
        try:
            found.append(Source(location.strip(), revision.strip() or None))
        except OptionError as error:
            raise OptionError(f"line {number} of {name!r}: {error}") from error
    return found


def distinct(sources: Iterable[Source | str | os.PathLike[str]]) -> Iterator[Source]:
    """Yield each source once, in the order of the first times. Raises as ``Source``."""
    seen: set[str] = set()
    for given in sources:
        source = given if isinstance(given, Source) else Source(os.fspath(given))
        if source.name not in seen:
            seen.add(source.name)
            yield source
