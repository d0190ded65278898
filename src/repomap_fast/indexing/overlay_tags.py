"""The tags of a base and of the files that changed since, read as if they were one table.

No tag of an unchanged file is copied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.join import names_in
from repomap_fast.joining.lazy_tags import FilePlaces, FileTags, NamedTags, PagedTags
from repomap_fast.tables import I64, ROLE_DEFINITION, ROLE_REFERENCE, U8, U32, StringTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from repomap_fast.indexing.state import State
    from repomap_fast.joining.join import Joined
    from repomap_fast.store.columns import Columns


@dataclass(frozen=True, slots=True, eq=False)
class OverlayTags:
    """The tags of a base and of the changed files, which are not in it.

    Names have the numbers of the base. A name that is not in the base has a number after all of these.

    base          the tags of the base.
    changed       those of the changed files.
    base_rows     (n_files,) int64: the file's row in the base, or NOT_IN_BASE; where it is that,
    changed_rows  (n_files,) int64: its row among the changed files.
    name_ids      (n_names,) uint32: the number here of each name of the changed files.
    new_names     (n_new,) int64: which of these names are not in the base.
    kind_ids      (n_kinds,) uint8: the number here of each kind of the changed files.
    """

    base: PagedTags
    changed: PagedTags
    base_rows: I64
    changed_rows: I64
    name_ids: U32
    new_names: I64
    kind_ids: U8

    @classmethod
    def of(cls, base: PagedTags, state: State, columns: Columns, joined: Joined, kinds: Sequence[str]) -> Self:
        """Take the tags of a base, and the columns that a join of the changed files wrote.

        kinds  of base and changed files: ``kind_ids`` are rows of it.

        Raises IndexDamagedError.
        """
        rows = np.flatnonzero(state.base_rows == NOT_IN_BASE)
        changed = PagedTags.of(columns, offsets_from(state.tag_counts[rows]), joined.seed)
        name_ids = base.find(list(names_in(columns)))
        new_names = np.flatnonzero(name_ids < 0)
        name_ids[new_names] = len(base.names) + np.arange(len(new_names))
        changed_rows: I64 = np.full(len(state), -1, np.int64)
        changed_rows[rows] = np.arange(len(rows))
        kind_ids = np.array([kinds.index(kind) for kind in joined.kinds], np.uint8)
        return cls(base, changed, state.base_rows, changed_rows, name_ids.astype(np.uint32), new_names, kind_ids)

    def __len__(self) -> int:
        base_counts, changed_counts = np.diff(self.base.offsets), np.diff(self.changed.offsets)
        kept = self.base_rows[self.base_rows != NOT_IN_BASE]
        return int(base_counts[kept].sum()) + int(changed_counts.sum())

    def of_file(self, file_id: int) -> FileTags:
        """Return the tags of a file. Raises IndexDamagedError."""
        row = int(self.base_rows[file_id])
        if row != NOT_IN_BASE:
            return self.base.of_file(row)
        tags = self.changed.of_file(int(self.changed_rows[file_id]))
        return tags._replace(name_ids=self.name_ids[tags.name_ids], kind_ids=self.kind_ids[tags.kind_ids])

    def definitions_of(self, file_ids: I64) -> tuple[I64, FileTags]:
        """Return the definitions of some files, one after another, and their bounds. Raises IndexDamagedError."""
        return self._with_role(file_ids, ROLE_DEFINITION)

    def references_of(self, file_ids: I64) -> tuple[I64, U32, U32]:
        """Return the references of some files, one after another: their bounds, names and rows.

        Raises IndexDamagedError.
        """
        bounds, tags = self._with_role(file_ids, ROLE_REFERENCE)
        return bounds, tags.name_ids, tags.rows

    def _with_role(self, file_ids: I64, role: int) -> tuple[I64, FileTags]:
        found = [_NO_TAGS, *(self.of_file(file_id) for file_id in file_ids.tolist())]
        bounds = np.cumsum([len(tags.roles) for tags in found])
        tags = FileTags(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
        is_one = tags.roles == role
        return offsets_from(is_one).astype(np.int64)[bounds], FileTags(*(column[is_one] for column in tags))

    def places_of_file(self, file_id: int) -> FilePlaces:
        """Return where the tags of a file stand. Raises IndexDamagedError."""
        row = int(self.base_rows[file_id])
        if row != NOT_IN_BASE:
            return self.base.places_of_file(row)
        return self.changed.places_of_file(int(self.changed_rows[file_id]))

    def read_ahead(self, file_ids: I64) -> None:
        """Read the tags of files and their places. Raises IndexDamagedError."""
        rows, changed = self.base_rows[file_ids], self.changed_rows[file_ids]
        self.base.read_ahead(rows[rows != NOT_IN_BASE])
        self.changed.read_ahead(changed[rows == NOT_IN_BASE])

    def name(self, name_id: int) -> bytes:
        """Return a name. Raises IndexDamagedError."""
        n_in_base = len(self.base.names)
        if name_id < n_in_base:
            return self.base.name(name_id)
        return self.changed.name(int(self.new_names[name_id - n_in_base]))

    def find(self, names: list[bytes]) -> I64:
        """Return the numbers of names, -1 for a name that no tag has. Raises IndexDamagedError."""
        found = self.base.find(names)
        others = np.flatnonzero(found < 0)
        found_changed = self.changed.find([names[i] for i in others.tolist()])
        is_found = found_changed >= 0
        found[others[is_found]] = self.name_ids[found_changed[is_found]]
        return found

    def all_names(self) -> StringTable:
        """Return every name, those that are not in the base last. Raises IndexDamagedError."""
        in_base, new = self.base.all_names(), self._names_not_in_base()
        offsets = np.concatenate((in_base.offsets, new.offsets[1:] + in_base.offsets[-1]))
        return StringTable(offsets, np.concatenate((in_base.data, new.data)))

    def tables_of_names(self) -> Iterator[StringTable]:
        """Yield every name, those of the base first, none of which is copied. Raises IndexDamagedError."""
        yield from self.base.tables_of_names()
        yield self._names_not_in_base()

    def _names_not_in_base(self) -> StringTable:
        return StringTable.from_strings([self.changed.name(number) for number in self.new_names.tolist()])

    def names_of(self, name_ids: U32) -> StringTable:
        """Return the names with these numbers, in this order. Raises IndexDamagedError."""
        return StringTable.from_strings([self.name(name_id) for name_id in name_ids.tolist()])

    def definers(self, name_ids: I64) -> tuple[I64, I64]:
        """Return which files define some names: pairs of file and name, each once, by name, then by file.

        Raises IndexDamagedError.
        """
        in_base, in_changed = self._in_each(name_ids)
        base_files, base_names = self.base.definers(in_base)
        base_files = self._files_here[base_files]
        changed_files, changed_names = self.changed.definers(in_changed)
        pairs = np.concatenate(
            (
                base_names[base_files != NOT_IN_BASE] << 32 | base_files[base_files != NOT_IN_BASE],
                self.name_ids[changed_names].astype(np.int64) << 32 | self._files_changed[changed_files],
            )
        )
        pairs = distinct(pairs)
        return pairs & 0xFFFFFFFF, pairs >> 32

    def named(self, name_ids: I64, n_threads: int = 1) -> NamedTags:
        """Return the tags of some names, by file; so many threads may look for them at once.

        Raises IndexDamagedError.
        """
        in_base, in_changed = self._in_each(name_ids)
        of_base = self.base.named(in_base, n_threads)
        here, new = self._here(of_base), self._from_changed(self.changed.named(in_changed))
        found = NamedTags(
            np.concatenate((here.files, new.files)),
            np.concatenate((here.name_ids, new.name_ids)),
            np.concatenate((here.roles, new.roles)),
            np.concatenate((here.kind_ids, new.kind_ids)),
        )
        order = np.argsort(found.files, kind="stable")
        return NamedTags(found.files[order], found.name_ids[order], found.roles[order], found.kind_ids[order])

    def pieces_with(self, is_wanted: NDArray[np.bool_]) -> Iterator[NamedTags]:
        """Yield the tags of the names that are marked: those of the changed files last. Raises IndexDamagedError."""
        yield from map(self._here, self.base.pieces_with(is_wanted[: len(self.base.names)]))
        yield from map(self._from_changed, self.changed.pieces_with(is_wanted[self.name_ids]))

    def _here(self, of_base: NamedTags) -> NamedTags:
        """Return those tags of the base whose files did not change."""
        files = self._files_here[of_base.files]
        is_here = files != NOT_IN_BASE
        return NamedTags(files[is_here], of_base.name_ids[is_here], of_base.roles[is_here], of_base.kind_ids[is_here])

    def _from_changed(self, of_changed: NamedTags) -> NamedTags:
        """Return tags of the changed files by the numbers that files, names and kinds have here."""
        return NamedTags(
            self._files_changed[of_changed.files],
            self.name_ids[of_changed.name_ids].astype(np.int64),
            of_changed.roles,
            self.kind_ids[of_changed.kind_ids],
        )

    def _in_each(self, name_ids: I64) -> tuple[I64, I64]:
        """Return the numbers of some names in the base, and among the changed files."""
        is_wanted = np.zeros(len(self.base.names) + len(self.new_names), np.bool_)
        is_wanted[name_ids] = True
        return name_ids[name_ids < len(self.base.names)], np.flatnonzero(is_wanted[self.name_ids])

    @property
    def _files_here(self) -> I64:
        """The file here of each row in the base; NOT_IN_BASE for one that is gone or changed."""
        files: I64 = np.full(len(self.base.offsets) - 1, NOT_IN_BASE, np.int64)
        is_kept = self.base_rows != NOT_IN_BASE
        files[self.base_rows[is_kept]] = np.flatnonzero(is_kept)
        return files

    @property
    def _files_changed(self) -> NDArray[np.intp]:
        """The changed files, in the order of their rows among them."""
        return np.flatnonzero(self.base_rows == NOT_IN_BASE)


_NOTHING = np.empty(0, np.uint32)
_NO_TAGS = FileTags(_NOTHING, np.empty(0, np.uint8), np.empty(0, np.uint8), _NOTHING, _NOTHING)
