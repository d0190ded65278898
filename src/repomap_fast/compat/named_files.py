"""Tags of files that a caller names, as ``CodeTag``; one parallel pass over all of them.

It never asks which files a scan would find: what the caller names is tagged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.metrics import ScanMetrics
from repomap_fast.options import ScanOptions
from repomap_fast.progress import CancelEvent, ProgressCallback
from repomap_fast.tables import ROLES, FileStatus


@dataclass
class CodeTag:
    """One named place in a file.

    kind     ``name.ROLE.KIND``, as a tags query would capture it: ``name.definition.class``, ``name.reference.call``.
    file     the path as it was asked for.
    line     one-based; ``column`` zero-based, in bytes. ``end_line`` and ``end_column`` are those of the name.
    comment  what the last comment that begins in the five lines before it says.
    """

    name: str
    kind: str
    file: str
    line: int
    column: int = 0
    end_line: int | None = None
    end_column: int | None = None
    rel_fname: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that was asked for by name.

    given       as it was asked for.
    relative    below the root; as it was given where it is not below it.
    tags        of the result, from ``start`` to ``end``.
    size_bytes  of the file; 0 where there is none.
    error       why it has no tags; None where all is well.
    """

    given: str
    relative: str
    result: TagsByFile
    start: int
    end: int
    size_bytes: int
    error: str | None

    def names(self) -> list[str]:
        """Return the names of its tags, in the order in which they start."""
        return self.result.names_between(self.start, self.end)

    def code_tags(self) -> list[CodeTag]:
        """Return its tags."""
        return self.result.code_tags_between(self.start, self.end, self.given, self.relative)


class TagsByFile:
    """A result, its columns as lists: each is made once, for all files."""

    def __init__(self, result: ScanResult) -> None:
        self.result = result

    @cached_property
    def _names(self) -> list[str]:
        return [name.decode(errors="replace") for name in self.result.tag_table.names]

    @cached_property
    def _name_ids(self) -> list[int]:
        name_ids: list[int] = self.result.tag_table.name_ids.tolist()
        return name_ids

    @cached_property
    def _columns(self) -> tuple[list[str], list[int], list[int], list[int]]:
        table = self.result.tag_table
        captures = np.array([f"name.{role}.{kind}" for role in ROLES for kind in table.kinds] or [""], object)
        kinds = captures[table.roles.astype(np.intp) * len(table.kinds) + table.kind_ids]
        lengths = np.diff(table.names.offsets)[table.name_ids]
        ends = table.columns + lengths.astype(np.uint32)
        return kinds.tolist(), table.rows.tolist(), table.columns.tolist(), ends.tolist()

    def names_between(self, start: int, end: int) -> list[str]:
        """Return the names of these tags."""
        names = self._names
        return [names[name_id] for name_id in self._name_ids[start:end]]

    def code_tags_between(self, start: int, end: int, file: str, relative: str) -> list[CodeTag]:
        """Return these tags, which are of one file."""
        names, name_ids = self._names, self._name_ids
        kinds, rows, columns, ends = self._columns
        return [
            CodeTag(names[name_ids[i]], kinds[i], file, rows[i] + 1, columns[i], rows[i] + 1, ends[i], relative)
            for i in range(start, end)
        ]


def tag_named_files(
    files: Sequence[str],
    root: str | os.PathLike[str],
    options: ScanOptions,
    *,
    keep: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    metrics: list[ScanMetrics] | None = None,
) -> Iterator[NamedFile]:
    """Tag files, each given below ``root`` or absolute, and yield them in their order; links are followed.

    The passes are over before the first file is yielded; what they took is added to ``metrics``. Nothing is kept of
    files that are not below the root. Raises RootError, QueryError, ScanCancelled.
    """
    top = os.path.realpath(root)
    real_paths = [os.path.realpath(os.path.join(root, path)) for path in files]
    is_below = [path.startswith(os.path.join(top, "")) for path in real_paths]
    tagged: dict[str, NamedFile] = {}
    for group in (True, False):
        paths = dict.fromkeys(path for path, below in zip(real_paths, is_below, strict=True) if below is group)
        by_root: dict[str, list[str]] = {}
        for path in paths:
            by_root.setdefault(top if group else Path(path).anchor, []).append(path)
        for base, below_base in by_root.items():
            relative = {os.fsencode(os.path.relpath(path, base).replace(os.sep, "/")): path for path in below_base}
            with Index.open_with(base, options, cache_dir=cache_dir, cache=keep and group) as index:
                result = index.tag_files(relative, progress=progress, cancel=cancel)
            if metrics is not None:
                metrics.append(result.metrics)
            tagged |= dict(_files_of(result, relative))
    for given, path, below in zip(files, real_paths, is_below, strict=True):
        file = tagged.get(path)
        relative_path = os.path.relpath(path, top) if below else given
        if file is None:
            yield NamedFile(given, relative_path, _NOTHING, 0, 0, 0, f"{given!r} is no regular file")
        else:
            yield NamedFile(given, relative_path, file.result, file.start, file.end, file.size_bytes, file.error)


def _files_of(result: ScanResult, path_of: dict[bytes, str]) -> Iterator[tuple[str, NamedFile]]:
    tags = TagsByFile(result)
    table = result.file_table
    offsets, sizes, statuses = table.tag_offsets.tolist(), table.sizes_bytes.tolist(), table.statuses.tolist()
    for row, name in enumerate(table.paths):
        error = result.file_at(row).reason if FileStatus(statuses[row]).is_failure else None
        path = path_of[name]
        yield path, NamedFile(path, path, tags, offsets[row], offsets[row + 1], sizes[row], error)


class _Nothing(TagsByFile):
    """The tags of a file that is not there."""

    def __init__(self) -> None:
        pass

    def names_between(self, start: int, end: int) -> list[str]:
        return []

    def code_tags_between(self, start: int, end: int, file: str, relative: str) -> list[CodeTag]:
        return []


_NOTHING = _Nothing()
