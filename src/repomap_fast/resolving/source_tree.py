"""The files of a repository, as the search for a module reads them: by path, by folder, by the end of a path.

Settings that name modules (``package.json``, ``go.mod`` …) are read from here too, each once, and never through a link.
"""

from __future__ import annotations

import json
import os
import posixpath
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repomap_fast.contents import FolderContents
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.tables import NO_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from repomap_fast.contents import Contents
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.tables import I64

INSIDE, OUTSIDE, UNKNOWN = range(3)
"""Where an import leads: to files of the repository; to what is known to be outside of it; no file was found."""

SCRIPTS = ("javascript", "typescript", "tsx")
"""Languages of the JavaScript family: their files use each other's names."""
_MOST_BYTES = 1 << 20
"""Of a file of settings."""
_MOST_TAILS = 20_000
"""Ends of paths of which the files are remembered."""
_END_BYTES = 8
"""Of a name, by which files are ordered."""
_MOST_SETTINGS = 10_000
"""Files of settings that are read."""


class Written(NamedTuple):
    """An import as it is written: what kind of record, of which module, and which name of it."""

    kind: int
    module: str
    name: str


class Found(NamedTuple):
    """What an import means: rows of the file table, rising, and where it leads."""

    files: tuple[int, ...]
    place: int


NOT_HERE = Found((), OUTSIDE)
NOT_FOUND = Found((), UNKNOWN)


def inside(*files: int) -> Found:
    """Return that an import means these files."""
    return Found(tuple(sorted(set(files))), INSIDE)


class SourceTree:
    """The files of a scan.

    root       the folder that they are below; None where only paths are known, and no settings can be read.
    paths      of all files, ``/``-separated, by row of the file table.
    languages  name of the language of each, or ""; of one with parts in another, that whose rules hold in it.
    """

    def __init__(
        self,
        root: Path | None,
        paths: Iterable[str],
        languages: Iterable[str],
        *,
        contents: Contents | None = None,
    ) -> None:
        """Take the files; ``contents`` says where they are read, None for the folder."""
        self.root = root
        self._contents = contents or (None if root is None else FolderContents(root))
        self.paths = list(paths)
        self.languages = list(languages)
        self._ending_in: dict[str, list[int]] = {}
        self._named_alike: dict[int, dict[str, list[int]]] = {}
        """The files of each name, by the number of its end."""
        self._names_around: dict[int, list[str]] = {}
        self._settings: dict[str, bytes | None] = {}
        self._n_read = 0

    @classmethod
    def of(cls, result: ScanResult) -> SourceTree:
        """Return the files of a scan."""
        table = result.file_table
        names = dict(enumerate(RULES_OF_LANGUAGE[language.name] for language in LANGUAGES)) | {NO_LANGUAGE: ""}
        languages = map(names.__getitem__, table.language_ids.tolist())
        # Decoded in one piece: no path has a null character.
        paths = os.fsdecode(b"\0".join(table.paths)).split("\0") if len(table.paths) else []
        return cls(result.root, paths, languages, contents=result.contents)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each path."""
        return dict(zip(self.paths, range(len(self.paths)), strict=True))

    @cached_property
    def folders(self) -> dict[str, list[int]]:
        """The files in each folder, rising; a folder that has only folders in it is here too."""
        folders: dict[str, list[int]] = {}
        for row in range(len(self.paths)):
            folders.setdefault(self.folder_of(row), []).append(row)
        for folder in list(folders):
            while folder:
                folder = _folder_around(folder)
                if folder in folders:
                    break
                folders[folder] = []
        return folders

    @cached_property
    def _by_end(self) -> tuple[memoryview, I64]:
        """The ends of the names of all files as numbers, rising, and the rows of these files; those of equal ends rise.

        A question is about few names: a dictionary of all would take longer than all else.
        """
        text = np.frombuffer(os.fsencode("\0".join(["", *self.paths, ""])), np.uint8)
        stops = np.flatnonzero(text == 0)[1:]
        ends = text[np.maximum(stops[:, np.newaxis] - np.arange(_END_BYTES, 0, -1), 0)]
        # What stands before the name is not of it.
        is_of_name = np.logical_and.accumulate(((ends != 0) & (ends != ord("/")))[:, ::-1], axis=1)[:, ::-1]
        numbers = np.where(is_of_name, ends, 0).astype(np.uint8).view(">u8").ravel().astype(np.uint64)
        order: I64 = np.argsort(numbers, kind="stable").astype(np.int64)
        # One number is found sooner by steps of the interpreter than by a call of numpy.
        return numbers[order].data, order

    def folder_of(self, row: int) -> str:
        """Return the folder of a file."""
        return _folder_around(self.paths[row])

    def named(self, name: str) -> list[int]:
        """Return the files of that name, in whatever folder, rising."""
        number = int.from_bytes(os.fsencode(name)[-_END_BYTES:], "big")
        alike = self._named_alike.get(number)
        if alike is None:
            ends, rows = self._by_end
            first = bisect_left(ends, number)
            stop = bisect_right(ends, number, first)
            alike = self._named_alike[number] = {}
            for row in rows[first:stop].tolist():
                alike.setdefault(posixpath.basename(self.paths[row]), []).append(row)
        return alike.get(name, [])

    def first_of(self, paths: Iterable[str]) -> int | None:
        """Return the first of these paths at which there is a file."""
        return next((self.row_of[path] for path in paths if path in self.row_of), None)

    def ending_in(self, tail: str) -> list[int]:
        """Return the files whose path is ``tail`` or ends in it, from a folder on; rising."""
        known = self._ending_in.get(tail)
        if known is None:
            after, named = f"/{tail}", self.named(posixpath.basename(tail))
            known = [row for row in named if self.paths[row] == tail or self.paths[row].endswith(after)]
            if len(self._ending_in) < _MOST_TAILS:
                self._ending_in[tail] = known
        return known

    def nearest(self, rows: list[int], folder: str) -> list[int]:
        """Return those of some files that are nearest to a folder: with the most folders in common, then the fewest."""
        if len(rows) < 2:
            return rows
        names = folder.split("/")
        folders = [self._folder_names(row) for row in rows]
        distances = [(-_n_common(one, names), len(one)) for one in folders]
        best = min(distances)
        return [row for row, one in zip(rows, distances, strict=True) if one == best]

    def _folder_names(self, row: int) -> list[str]:
        names = self._names_around.get(row)
        if names is None:
            names = self._names_around[row] = self.folder_of(row).split("/")
        return names

    def has_settings(self, path: str) -> bool:
        """Return whether a file of settings is there. A scan may not list it: what git ignores, or is of another
        language, counts for the tools that read it."""
        return path in self.row_of or self.read(path) is not None

    def folders_with(self, name: str, languages: Collection[str]) -> list[str]:
        """Return the folders around files of these languages that have settings of that name, sorted."""
        folders: set[str] = set()
        for row, language in enumerate(self.languages):
            if language in languages:
                for folder in ancestors(self.folder_of(row)):
                    if folder in folders:
                        break
                    folders.add(folder)
        return sorted(folder for folder in folders if self.has_settings(posixpath.join(folder, name)))

    def read(self, path: str) -> str | None:
        """Return the text of a file of settings; None where it cannot be read, or is too large to be one."""
        if path not in self._settings:
            self._settings[path] = self._read(path)
        contents = self._settings[path]
        return None if contents is None else contents.decode("utf-8", "replace")

    def read_json(self, path: str) -> dict[str, Any]:
        """Return the object in a file of JSON, with or without comments; an empty one where there is none."""
        text = self.read(path)
        if text is None:
            return {}
        for source in (text, without_comments):
            try:
                value = json.loads(source if isinstance(source, str) else source(text))
            except (ValueError, RecursionError):
                continue
            return value if isinstance(value, dict) else {}
        return {}

    @property
    def unlisted(self) -> dict[str, bytes | None]:
        """What ``read`` was asked for and has no language or is not listed, by path; None where it cannot be read."""
        return {path: contents for path, contents in self._settings.items() if not self._has_language(path)}

    def _has_language(self, path: str) -> bool:
        row = self.row_of.get(path)
        return row is not None and bool(self.languages[row])

    def _read(self, path: str) -> bytes | None:
        if self._contents is None or self._n_read >= _MOST_SETTINGS:
            return None
        contents = read_settings(self._contents, path)
        self._n_read += contents is not None
        return contents


def read_settings(contents: Contents, path: str) -> bytes | None:
    """Return a file of settings as it is now; None where it cannot be read, or is too large to be one."""
    try:
        return contents.read(os.fsencode(path), _MOST_BYTES)
    except (OSError, ValueError):
        return None


def read_each_of_settings(contents: Contents, paths: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """Yield files of settings with their contents as ``read_settings`` returns them, sorted by their paths.

    A folder is opened once for all files in it: most of these files are those that many folders do not have.
    """
    asked = []
    for path in sorted(paths):
        try:
            asked.append((path, os.fsencode(path)))
        except ValueError:
            yield path, None
    read = contents.read_each((encoded for _, encoded in asked), len(asked) * _MOST_BYTES, _MOST_BYTES)
    for (path, _), text in zip(asked, read, strict=True):
        yield path, text


def join(folder: str, path: str) -> str | None:
    """Return a path that is relative to a folder, below the root; None for one that leads out of it."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    if joined == ".":
        return ""
    return None if joined.startswith(("../", "/")) or joined == ".." else joined


def n_common_folders(one: str, other: str) -> int:
    """Return how many folders two folders have in common, from the root on."""
    return _n_common(one.split("/"), other.split("/"))


def _n_common(names: list[str], others: list[str]) -> int:
    n_common = 0
    for name, other_name in zip(names, others, strict=False):
        if name != other_name or not name:
            break
        n_common += 1
    return n_common


def ancestors(folder: str) -> Iterable[str]:
    """Yield a folder and those around it, the root (``""``) last."""
    yield folder
    while folder:
        folder = _folder_around(folder)
        yield folder


def _folder_around(path: str) -> str:
    """Return the folder that a path below the root is in."""
    return path[: max(path.rfind("/"), 0)]


def without_comments(text: str) -> str:
    """Return JSON without its comments and without commas before a closing bracket."""
    out: list[str] = []
    at, size = 0, len(text)
    while at < size:
        character = text[at]
        if character == '"':
            end = at + 1
            while end < size and text[end] != '"':
                end += 2 if text[end] == "\\" else 1
            out.append(text[at : end + 1])
            at = end + 1
        elif text.startswith("//", at):
            end = text.find("\n", at)
            at = size if end < 0 else end
        elif text.startswith("/*", at):
            end = text.find("*/", at + 2)
            at = size if end < 0 else end + 2
        else:
            if character in "]}":
                while out and out[-1].isspace():
                    out.pop()
                if out and out[-1] == ",":
                    out.pop()
            out.append(character)
            at += 1
    return "".join(out)
