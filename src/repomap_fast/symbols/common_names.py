"""A name that very many files have: which of them are looked at, where an answer lists some of what refers to it.

To say what each place of such a name means takes minutes, and the answer shows the first fifty. So the best files are
looked at, and what has the name in the others is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.arrays import are_among, distinct
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.symbols.families import families_of_files
from repomap_fast.symbols.narrow import count_references
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.symbols.sites import Definition, SiteFinder

FEW_FILES = 400
"""Files that have a name which is not common: nothing is left out."""
MOST_FILES = 700
"""Files that are looked at."""
MOST_SITES = 4_000
"""Places of the name in them, unless the caller wants to see more."""
_FEW_DEFINITIONS = 16
"""Definitions whose own files come first, and then those that name what they are members of."""


class Looked(NamedTuple):
    """Which files are looked at.

    files     (n,) int64: rows of the file table, rising.
    n_others  places that have the name, by tags and uses, in files that are not looked at; and
    n_files   how many these files are.
    """

    files: I64
    n_others: int
    n_files: int


def looked_at(
    whole: ScanResult,
    finder: SiteFinder,
    definitions: Sequence[Definition],
    name: bytes,
    limit: int,
    are_wanted: Callable[[I64], NDArray[np.bool_]],
) -> Looked | None:
    """Return which files are looked at for what refers to some definitions of a name; None for all that have it.

    limit       so many references are wanted; 0 for all.
    are_wanted  says of rows of the file table whether what they have is wanted.

    Raises IndexDamagedError.
    """
    if not limit or not definitions or len(finder.files_naming([name])[name]) <= FEW_FILES:
        return None
    name_id = int(whole.graph.tags.find([name])[0])
    if name_id < 0:
        return None
    of_graph = whole.file_table.rows_with_language()
    referring, counts = count_references(whole, whole.graph, name_id)
    own = distinct(np.array([one.file for one in definitions], np.int64))
    files = of_graph[referring].astype(np.int64)
    is_meant = are_among(families_of_files(whole, files), families_of_files(whole, own)) & are_wanted(files)
    files, counts = files[is_meant], counts[is_meant]
    most_sites = max(MOST_SITES, 2 * limit)
    if len(files) <= MOST_FILES and int(counts.sum()) <= most_sites:
        return None
    keys = [files, -counts, classify_files(whole.file_table, files) != 0]
    if len(definitions) <= _FEW_DEFINITIONS:
        keys += [~are_among(files, _naming_owners(finder, definitions)), ~are_among(files, own)]
    order = np.lexsort(keys)
    n_looked = min(int(np.searchsorted(np.cumsum(counts[order]), most_sites)) + 1, MOST_FILES)
    others = order[n_looked:]
    return Looked(np.sort(files[order[:n_looked]]), int(counts[others].sum()), len(others))


def _naming_owners(finder: SiteFinder, definitions: Sequence[Definition]) -> I64:
    """Return the files that name what definitions are members of: there these are met more often than elsewhere."""
    owners = {owner for one in definitions if (owner := finder.owner_of(one)) is not None}
    named = finder.files_naming(owners)
    return distinct(np.array([file for owner in owners for file in named[owner]], np.int64))
