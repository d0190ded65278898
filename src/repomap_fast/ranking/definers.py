"""Which files define a name, and which of many such files a reader most likely means."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.joining.file_traits import kinds_with_language
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

DefinersOfNames: TypeAlias = dict[bytes, I64]
"""The files that define each name, rising."""

MOST_FILES_OF_NAME = 50
"""A name that more files define says little about each of them; of one that must be shown, these are looked at."""
_MOST_COMPARED = 5_000
"""Files of one name of which the most likely are chosen, the first ones."""
_MOST_FILES = 400
"""Files whose definitions are read for the names of a text."""
_MOST_DEFINITIONS = 300_000
"""Definitions of these files, together."""
NO_FILES = np.empty(0, np.int64)


class Definers:
    """The files of a scan, by the names that they define."""

    def __init__(self, result: ScanResult) -> None:
        self._graph = result.graph
        self._file_table = result.file_table

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """The kind of each file, as ``kinds_with_language`` gives them, (n_files,) uint8."""
        return kinds_with_language(self._file_table)

    def of(self, names: list[bytes]) -> DefinersOfNames:
        """Return the files that define each name; no entry for a name that no file defines."""
        graph = self._graph
        ids = graph.tags.find(names)
        of_ids = {number: name for number, name in zip(ids.tolist(), names, strict=True) if number >= 0}
        files, found = graph.definers_of(np.array(sorted(of_ids), np.int64))
        bounds = [*np.flatnonzero(np.diff(found, prepend=-1)).tolist(), len(found)]
        return {of_ids[int(found[start])]: files[start:stop] for start, stop in itertools.pairwise(bounds)}

    def likely(self, files: I64, most: int = MOST_FILES_OF_NAME) -> list[int]:
        """Return those files of many that a reader most likely means: no tests, not vendored, not deep in folders."""
        return list(files.tolist()) if len(files) <= most else self.in_order(files[:_MOST_COMPARED])[:most]

    def in_order(self, files: I64) -> list[int]:
        """Return files, those first that a reader most likely means."""
        depths = [self._graph.paths[file_id].count(b"/") for file_id in files.tolist()]
        order = np.lexsort((depths, self.kinds[files] != 0))
        return list(files[order].tolist())

    def beside(self, first: I64, second: I64) -> I64:
        """Return those of two sets of files that are in folders which have files of both."""
        both_sets = [one.tolist() for one in (first, second)]
        in_first, in_second = ({self.folder_of(file) for file in files} for files in both_sets)
        both = in_first & in_second
        files = dict.fromkeys(itertools.chain(*both_sets))
        return np.array([file for file in files if self.folder_of(file) in both], np.int64)

    def folder_of(self, file_id: int) -> bytes:
        """Return the path of the folder that a file is in."""
        return self._graph.paths[file_id].rpartition(b"/")[0]

    def first(self, files: list[int], n_needed: int = 0) -> I64:
        """Return the first of some files, as many as may be read, rising; always one.

        Of files with very many definitions, the later ones are left out, and smaller ones after them are not.

        n_needed  how many of the first are wanted, if they are more than are read otherwise.
        """
        first = np.array(files[: max(_MOST_FILES, n_needed)], np.int64)
        bounds = self._graph.definer_offsets.astype(np.int64)
        counts = bounds[first + 1] - bounds[first] + self._graph.unreferenced_counts[first]
        taken, n_left = [], max(_MOST_DEFINITIONS, int(counts[0]) if len(counts) else 0)
        for file, count in zip(first.tolist(), counts.tolist(), strict=True):
            if count <= n_left:
                taken.append(file)
                n_left -= count
        return np.sort(np.array(taken, np.int64))
