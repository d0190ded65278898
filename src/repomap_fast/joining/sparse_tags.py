"""The table of tags, of which only the pages are read that hold the rows asked for.

A question about one name needs few of the rows. The whole table of a large repository takes hundreds of megabytes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.joining.join import find_names
from repomap_fast.tables import I64, ROLE_DEFINITION, StringTable, TagTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.lazy_tags import PagedTags
    from repomap_fast.store.paged_column import PagedColumn

FEW_TAGS = 1_000_000
"""The table of fewer is loaded in less time than pages of it are read one by one."""
_MOST_NAMES = 4
"""Names whose rows are remembered: one question asks for the same rows several times."""


@dataclass(frozen=True, slots=True)
class SparseColumn:
    """A column that is read as an array is: by a row, by a slice, by rows. Every read raises IndexDamagedError."""

    column: PagedColumn

    def __len__(self) -> int:
        return len(self.column)

    def __getitem__(self, rows: Any) -> Any:
        """Return what an array would; of a row below 0 what stands so far before the end."""
        if isinstance(rows, slice):
            start, stop, step = rows.indices(len(self))
            return self.column.some(start, max(start, stop))[::step]
        if isinstance(rows, int | np.integer):
            row = int(rows) + len(self) if rows < 0 else int(rows)
            return self.column.some(row, row + 1)[0]
        wanted = np.asarray(rows)
        return self.column.at(np.where(wanted < 0, wanted + len(self), wanted))

    def item(self, row: int) -> int:
        """Return one row as a number."""
        return int(self[row])


@dataclass(frozen=True, slots=True)
class SparseNames:
    """The names by their numbers. Every read raises IndexDamagedError."""

    tags: PagedTags

    def __len__(self) -> int:
        return len(self.tags.names)

    def __getitem__(self, name_id: int) -> bytes:
        return self.tags.name(int(name_id))


@dataclass(frozen=True, slots=True, eq=False)
class SparseTags:
    """The tags of a scan: what ``TagTable`` has, read when it is asked for. Every read raises IndexDamagedError."""

    tags: PagedTags
    kinds: tuple[str, ...]
    _rows: OrderedDict[int, I64] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self.tags)

    @property
    def name_ids(self) -> SparseColumn:
        """Numbers of names."""
        return SparseColumn(self.tags.name_ids)

    @property
    def roles(self) -> SparseColumn:
        """ROLE_DEFINITION or ROLE_REFERENCE."""
        return SparseColumn(self.tags.roles)

    @property
    def kind_ids(self) -> SparseColumn:
        """Rows of ``kinds``."""
        return SparseColumn(self.tags.kind_ids)

    @property
    def rows(self) -> SparseColumn:
        """Zero-based rows on which the names start."""
        return SparseColumn(self.tags.rows)

    @property
    def columns(self) -> SparseColumn:
        """Where in their rows, in bytes."""
        return SparseColumn(self.tags.columns)

    @property
    def end_rows(self) -> SparseColumn:
        """Zero-based last rows."""
        return SparseColumn(self.tags.end_rows)

    @property
    def scope_tag_ids(self) -> SparseColumn:
        """The definition around each tag, a row of this table, or NO_SCOPE."""
        return SparseColumn(self.tags.scope_tag_ids)

    @property
    def names(self) -> SparseNames:
        """The names by their numbers."""
        return SparseNames(self.tags)

    def rows_of(self, name_id: int) -> I64:
        """Return the rows of the tags that have a name, rising."""
        found = self._rows.pop(name_id, None)
        if found is None:
            found = self.tags.rows_of(name_id)
            if len(self._rows) >= _MOST_NAMES:
                self._rows.popitem(last=False)
        self._rows[name_id] = found
        return found


AnyTags = TagTable | SparseTags


def number_of_name(tags: AnyTags, name: bytes) -> int:
    """Return the number of a name; -1 where no tag has it. Raises IndexDamagedError."""
    if isinstance(tags, SparseTags):
        return int(tags.tags.find([name])[0])
    (name_id,) = find_names([name], tags.name_slots, tags.name_seed, tags.names.offsets, tags.names.data)
    return int(name_id)


def rows_of_name(tags: AnyTags, name: bytes) -> I64:
    """Return the rows of the tags that have a name, (n,) int64, rising. Raises IndexDamagedError."""
    name_id = number_of_name(tags, name)
    if name_id < 0:
        return np.empty(0, np.int64)
    return tags.rows_of(name_id) if isinstance(tags, SparseTags) else np.flatnonzero(tags.name_ids == name_id)


def all_names_of(tags: AnyTags) -> StringTable:
    """Return all names, by their numbers. Raises IndexDamagedError."""
    return tags.tags.all_names() if isinstance(tags, SparseTags) else tags.names


def are_defined(tags: AnyTags) -> NDArray[np.bool_]:
    """Return for each name whether a tag defines it: (n_names,). Raises IndexDamagedError."""
    found = np.zeros(len(tags.names), np.bool_)
    if isinstance(tags, SparseTags):
        for name_ids in tags.tags.defined_names():
            found[name_ids] = True
    else:
        found[tags.name_ids[tags.roles == ROLE_DEFINITION]] = True
    return found
