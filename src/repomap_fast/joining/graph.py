"""The graph of a repository: which file refers to which names, and which files define them.

It is made when the tags are joined, and kept beside them in columns of its own, so ranking does not read the tags.
Only names that are both defined and referred to make edges; they are numbered first. All other names that a file
defines are unreferenced: they add weight but make no edge.

The definitions of a file are read from the columns of tags, a few pages at a time (``lazy_tags``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.arrays import distinct, distinct_places, offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _graph
from repomap_fast.joining.lazy_tags import LAZY_TAG_COLUMNS, PLACE_COLUMNS, PagedTags, TagReader, bits_of
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import I32, I64, NO_SCOPE, ROLE_DEFINITION, U8, U32, U64, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.store.columns import Columns, ColumnWriter
    from repomap_fast.store.paged_column import PagedColumn

TRAIT_LONG_COMPOUND = 1
"""``name_traits``: snake_case, kebab-case or camelCase, of eight characters or more."""
TRAIT_PRIVATE = 2
"""``name_traits``: starts with an underscore."""

_TRAIT_UNDECIDED = 128
_LONG_NAME = 8
NOT_SHARED = 0xFFFFFFFF
"""Stands for a number in the graph where a name has none."""
_SHARED = 3
NAME_DEFINED, NAME_REFERRED = 1, 2
"""``graph_name_roles``, a column of all names: defined by some file, referred to by some file."""
_TAGS_AT_A_TIME = 1 << 20
_NAMES_AT_A_TIME = 1 << 16

_COLUMNS: dict[str, type[np.generic]] = {
    "reference_lengths": np.uint32,
    "reference_names": np.uint32,
    "reference_counts": np.uint32,
    "definer_lengths": np.uint32,
    "definer_names": np.uint32,
    "unreferenced_counts": np.uint32,
    "name_ids": np.uint32,
    "name_traits": np.uint8,
}


@dataclass(frozen=True, slots=True, eq=False)
class Definitions:
    """All definitions of one file, in the order in which their names start. A name may occur several times.

    name_ids  (n,) uint32: numbers of names in the graph.
    rows      (n,) uint32: zero-based row on which the name starts.
    end_rows  (n,) uint32: zero-based last row of the definition.
    kind_ids  (n,) uint8: rows of the graph's ``kinds``.
    """

    name_ids: U32
    rows: U32
    end_rows: U32
    kind_ids: U8

    def __len__(self) -> int:
        return len(self.name_ids)


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Which files refer to which names, and which files define them.

    A name that is both defined and referred to is shared: its number is below ``n_shared``. Any other defined name is
    unreferenced: its number is ``n_shared`` plus its number among the names of the tags.

    paths                StringTable: every file that has a language, sorted.
    reference_offsets    (n_files + 1,) uint64: bounds of each file in the next two columns.
    reference_names      (n,) uint32: the distinct shared names that the file refers to, in order of first use.
    reference_counts     (n,) uint32: how often the file refers to each.
    definer_offsets      (n_files + 1,) uint64: bounds of each file in the next column.
    definer_names        (n,) uint32: the distinct shared names that the file defines, in order.
    unreferenced_counts  (n_files,) uint32: how many distinct unreferenced names the file defines.
    name_ids             (n_shared,) uint32: number of each shared name among the names of the tags; rising.
    name_traits          (n_shared,) uint8: TRAIT_LONG_COMPOUND and TRAIT_PRIVATE.
    name_lengths         paged (n_shared,) uint32: bytes of each shared name.
    name_bytes           paged uint8: the shared names, one after another, so that few pages hold them.
    kinds                names of the kinds of definitions.
    tags                 reads definitions and names.
    """

    paths: StringTable
    reference_offsets: U64
    reference_names: U32
    reference_counts: U32
    definer_offsets: U64
    definer_names: U32
    unreferenced_counts: U32
    name_ids: U32
    name_traits: U8
    name_lengths: PagedColumn
    name_bytes: PagedColumn
    kinds: tuple[str, ...]
    tags: TagReader

    def __len__(self) -> int:
        return len(self.unreferenced_counts)

    @property
    def n_shared(self) -> int:
        """How many names are both defined and referred to."""
        return len(self.name_ids)

    @classmethod
    def from_tags(
        cls,
        paths: Sequence[bytes],
        tag_offsets: U64,
        name_ids: U32,
        roles: U8,
        rows: U32,
        names: Sequence[bytes],
        *,
        end_rows: U32 | None = None,
        kind_ids: U8 | None = None,
        kinds: Sequence[str] = ("",),
        places: tuple[U32, I32] | None = None,
    ) -> Self:
        """Make the graph of any tags.

        paths        of all files, sorted: where nothing else tells two apart, the earlier comes first.
        tag_offsets  (n_files + 1,): the tags of file f are rows ``tag_offsets[f]:tag_offsets[f + 1]`` of the others.
        name_ids     rows of ``names``, in which none stands twice.
        roles        ROLE_DEFINITION or ROLE_REFERENCE.
        rows         zero-based, where the name starts; ``end_rows`` where a definition ends, the same if not given.
        places       bytes before the name in its row, and the definition around each tag: two columns; all 0, and none
                     around any, if not given.

        Raises ValueError for columns that do not fit each other.
        """
        table = StringTable.from_strings(names)
        n_tags = len(rows)
        by_name: dict[str, U8 | U32 | I32] = {
            "name_ids": name_ids,
            "roles": roles,
            "rows": rows,
            "end_rows": rows if end_rows is None else end_rows,
            "kind_ids": np.zeros(n_tags, np.uint8) if kind_ids is None else kind_ids,
            "columns": np.zeros(n_tags, np.uint32) if places is None else places[0],
            "scope_tag_ids": np.full(n_tags, NO_SCOPE, np.int32) if places is None else places[1],
        }
        out = MemoryColumns()
        for name, dtype in (LAZY_TAG_COLUMNS | PLACE_COLUMNS).items():
            if len(by_name[name]) != len(name_ids):
                raise ValueError(f"{len(by_name[name])} {name} of {len(name_ids)} tags")
            out.append(name, np.array(by_name[name], dtype))
        out.append("name_offsets", table.offsets)
        out.append("name_bytes", table.data.copy())
        tag_counts = np.diff(tag_offsets.astype(np.int64)).astype(np.uint32)
        write_graph(out, tag_counts, len(names))
        graph = read_graph(out, StringTable.from_strings(paths), tag_counts, kinds, 0)
        return cls(**{name: getattr(graph, name) for name in cls.__slots__})

    def definitions(self, file_id: int) -> Definitions:
        """Return all definitions of a file. Raises IndexDamagedError."""
        tags = self.tags.of_file(file_id)
        rows = np.flatnonzero(tags.roles == ROLE_DEFINITION)
        return Definitions(
            self.numbers_of(tags.name_ids[rows]), tags.rows[rows], tags.end_rows[rows], tags.kind_ids[rows]
        )

    def definitions_of(self, file_ids: I64) -> tuple[U64, Definitions]:
        """Return all definitions of some files, one after another, and their bounds. Raises IndexDamagedError."""
        bounds, tags = self.tags.definitions_of(file_ids)
        found = Definitions(self.numbers_of(tags.name_ids), tags.rows, tags.end_rows, tags.kind_ids)
        return bounds.astype(np.uint64), found

    def rows_of_names(self, name_ids: U32) -> U32:
        """Return the rows of these names, numbers in the graph, among the names of the tags."""
        n_shared = np.uint32(self.n_shared)
        if not n_shared:
            return name_ids
        of_shared = self.name_ids[np.minimum(name_ids, n_shared - np.uint32(1))]
        return np.where(name_ids < n_shared, of_shared, name_ids - n_shared)

    def tags_with(self, tag_names: U32, name_ids: U32) -> U32:
        """Return the positions of those tags that have one of some names, numbers in the graph.

        tag_names  (n_tags,) uint32: rows of the names of the tags.
        """
        return _graph.rows_with(tag_names, bits_of(self.rows_of_names(name_ids).astype(np.int64)))

    def definition_rows(self, file_ids: U32, name_ids: U32) -> list[list[int]]:
        """Return for each pair of file and name the rows on which that file defines that name, rising."""
        first, positions = distinct_places(file_ids)
        bounds, definitions = self.definitions_of(file_ids[first].astype(np.int64))
        of_files = np.repeat(np.arange(len(first), dtype=np.uint64), np.diff(bounds).astype(np.int64))
        keys = of_files << np.uint64(32) | definitions.name_ids
        order = np.lexsort((definitions.rows, keys))
        keys, rows = keys[order], definitions.rows[order]
        wanted = positions.astype(np.uint64) << np.uint64(32) | name_ids
        starts, ends = (np.searchsorted(keys, wanted, side).tolist() for side in ("left", "right"))
        return [list(dict.fromkeys(rows[start:end].tolist())) for start, end in zip(starts, ends, strict=True)]

    def name(self, name_id: int) -> bytes:
        """Return the name of that number. Raises IndexDamagedError."""
        n_shared = self.n_shared
        return self.tags.name(int(self.name_ids[name_id]) if name_id < n_shared else name_id - n_shared)

    def find_shared(self, names: list[bytes]) -> I64:
        """Return the numbers of those of these names that are shared, in their order. Raises IndexDamagedError."""
        found = self.tags.find(names)
        numbers = self.numbers_of(found[found >= 0].astype(np.uint32)).astype(np.int64)
        return numbers[numbers < self.n_shared]

    def definers_of(self, name_ids: I64) -> tuple[I64, I64]:
        """Return which files define some names: pairs of file and name, each once, by name, then by file.

        name_ids  distinct rows in the names of the tags.

        Unreferenced names cost a pass over the column of names. Raises IndexDamagedError.
        """
        numbers = self.numbers_of(name_ids.astype(np.uint32))
        shared = numbers[numbers < self.n_shared].astype(np.int64)
        rows = _rows_with(self.definer_names, shared)
        files = np.searchsorted(self.definer_offsets, rows.astype(np.uint64), side="right") - 1
        unreferenced_files, unreferenced = self.tags.definers(name_ids[numbers >= self.n_shared])
        names = np.concatenate((self.name_ids[self.definer_names[rows]].astype(np.int64), unreferenced))
        pairs = distinct(names << 32 | np.concatenate((files, unreferenced_files)))
        return pairs & 0xFFFFFFFF, pairs >> 32

    def files_naming(self, name_ids: I64, n_threads: int = 1) -> tuple[I64, I64]:
        """Return which files define some names or refer to them: pairs of file and name, in any order.

        name_ids   distinct rows in the names of the tags.
        n_threads  that may look for names that are not shared: these cost a pass over the column of names.

        Raises IndexDamagedError.
        """
        numbers = self.numbers_of(name_ids.astype(np.uint32))
        shared = numbers[numbers < self.n_shared].astype(np.int64)
        others = self.tags.named(name_ids[numbers >= self.n_shared], n_threads)
        files, names = [others.files.astype(np.int64)], [others.name_ids.astype(np.int64)]
        columns = (self.reference_offsets, self.reference_names), (self.definer_offsets, self.definer_names)
        for offsets, of_files in columns if len(shared) else ():
            rows = _rows_with(of_files, shared)
            files.append(np.searchsorted(offsets, rows.astype(np.uint64), side="right") - 1)
            names.append(self.name_ids[of_files[rows]].astype(np.int64))
        return np.concatenate(files), np.concatenate(names)

    def shared_names(self) -> StringTable:
        """Return the shared names, by their numbers. Raises IndexDamagedError."""
        offsets = offsets_from(self.name_lengths.whole())
        return StringTable(offsets, self.name_bytes.whole())

    def unreferenced_names(self, file_id: int) -> U32:
        """Return the distinct unreferenced names that a file defines, by number, in the order of their definitions."""
        name_ids = self.definitions(file_id).name_ids
        unreferenced = name_ids[name_ids >= self.n_shared]
        return np.array(list(dict.fromkeys(unreferenced.tolist())), np.uint32)

    def definer_counts(self) -> U32:
        """Return how many files define each shared name: (n_shared,) uint32."""
        return np.bincount(self.definer_names, minlength=self.n_shared).astype(np.uint32)

    def numbers_of(self, name_ids: U32) -> U32:
        """Return the numbers in the graph of these rows of the names of the tags."""
        n_shared = np.uint32(self.n_shared)
        positions = np.searchsorted(self.name_ids, name_ids).astype(np.uint32)
        if not n_shared:
            return name_ids
        is_shared = self.name_ids[np.minimum(positions, n_shared - np.uint32(1))] == name_ids
        return np.where(is_shared, positions, name_ids + n_shared)


def _rows_with(column: U32, numbers: I64) -> U32:
    """Return the rows of a column that have one of some numbers, rising."""
    if len(numbers) < 2:
        # Most questions are about one name: to compare a column is five times as fast as to look up each number of it.
        return np.flatnonzero(column == numbers[0]).astype(np.uint32) if len(numbers) else np.empty(0, np.uint32)
    return _graph.rows_with(column, bits_of(numbers))


link_files = _graph.link_files


def write_graph(out: ColumnWriter, tag_counts: U32, n_names: int) -> int:
    """Write the columns of the graph beside those of the tags and names, which are written to their end.

    tag_counts  (n_files,) uint32: the tags of each file, in their order.

    Returns how many names are both defined and referred to. Raises OSError of ``out``, ValueError for tags that do not
    fit each other.
    """
    marks: U8 = np.zeros(n_names, np.uint8)
    chunks = list(file_chunks(tag_counts))
    for _, _, start, stop in chunks:
        _graph.mark_names(out.read("name_ids", np.uint32, start, stop), out.read("roles", np.uint8, start, stop), marks)
    out.append("graph_name_roles", marks.copy())
    # Without any reference, each definition counts as a reference to itself.
    definitions_refer = not (marks & NAME_REFERRED).any()
    if definitions_refer:
        marks[marks == NAME_DEFINED] = _SHARED
    shared = np.flatnonzero(marks == _SHARED)
    graph_ids: U32 = np.full(n_names, NOT_SHARED, np.uint32)
    graph_ids[shared] = np.arange(len(shared), dtype=np.uint32)
    defined_in: U32 = np.zeros(n_names, np.uint32)
    used_in, positions = np.zeros(len(shared), np.uint32), np.zeros(len(shared), np.uint32)
    for first, end, start, stop in chunks:
        name_ids, roles = out.read("name_ids", np.uint32, start, stop), out.read("roles", np.uint8, start, stop)
        made = _graph.link_files(
            tag_counts[first:end], name_ids, roles, graph_ids, defined_in, used_in, positions, first, definitions_refer
        )
        for name, column in zip(_COLUMNS, made, strict=False):
            out.append(f"graph_{name}", column)
    out.append("graph_name_ids", shared.astype(np.uint32))
    # By all names, since shared ones may be few among many: what is between them is read with them.
    for some in np.split(shared, np.searchsorted(shared, np.arange(_NAMES_AT_A_TIME, n_names, _NAMES_AT_A_TIME))):
        if len(some):
            names = _names(out, some)
            out.append("graph_name_traits", _traits(names))
            out.append("graph_name_lengths", np.diff(names.offsets).astype(np.uint32))
            out.append("graph_name_bytes", names.data)
    return len(shared)


def file_chunks(tag_counts: U32) -> Iterator[tuple[int, int, int, int]]:
    """Yield first and end of some files, start and stop of their tags; a file is never divided."""
    offsets = offsets_from(tag_counts).astype(np.int64)
    first = 0
    while first < len(tag_counts):
        end = int(np.searchsorted(offsets, offsets[first] + _TAGS_AT_A_TIME, side="right")) - 1
        end = min(max(end, first + 1), len(tag_counts))
        yield first, end, int(offsets[first]), int(offsets[end])
        first = end


def _names(out: ColumnWriter, name_ids: NDArray[np.intp]) -> StringTable:
    """Return these names, whose numbers rise."""
    start, stop = int(name_ids[0]), int(name_ids[-1]) + 1
    offsets = out.read("name_offsets", np.uint64, start, stop + 1)
    data = out.read("name_bytes", np.uint8, int(offsets[0]), int(offsets[-1]))
    return StringTable(offsets - offsets[0], data).rows(name_ids - start)


def _traits(names: StringTable) -> U8:
    """Return the traits of these names."""
    traits = _graph.name_traits(names.offsets, names.data)
    for position in np.flatnonzero(traits == _TRAIT_UNDECIDED).tolist():
        traits[position] = decide_traits(names[position].decode(errors="replace"))
    return traits


def decide_traits(name: str) -> int:
    """Return TRAIT_LONG_COMPOUND and TRAIT_PRIVATE of a name, by what Python knows of its characters."""
    has_upper, has_lower = any(map(str.isupper, name)), any(map(str.islower, name))
    is_compound = (has_upper and has_lower) or (("_" in name or "-" in name) and any(map(str.isalpha, name)))
    is_long = is_compound and len(name) >= _LONG_NAME
    return (TRAIT_LONG_COMPOUND if is_long else 0) | (TRAIT_PRIVATE if name.startswith("_") else 0)


def read_graph(columns: Columns, paths: StringTable, tag_counts: U32, kinds: Sequence[str], seed: int) -> Graph:
    """Return the graph that ``write_graph`` wrote beside what ``join`` wrote. Raises IndexDamagedError."""
    read: dict[str, NDArray[np.generic]] = {
        name: columns.array(f"graph_{name}", dtype) for name, dtype in _COLUMNS.items()
    }
    for name in ("reference_offsets", "definer_offsets"):
        lengths = read.pop(name.replace("offsets", "lengths"))
        if len(lengths) != len(tag_counts):
            raise IndexDamagedError(f"the graph has {len(lengths)} files; expected {len(tag_counts)}")
        read[name] = offsets_from(lengths)
    tag_offsets = offsets_from(tag_counts)
    tags = PagedTags.of(columns, tag_offsets, seed)
    graph = Graph(
        paths=paths,
        kinds=tuple(kinds),
        tags=tags,
        name_lengths=columns.paged("graph_name_lengths", np.uint32),
        name_bytes=columns.paged("graph_name_bytes", np.uint8),
        **read,  # type: ignore[arg-type]
    )
    if not _is_sound(graph, len(tags.names)):
        raise IndexDamagedError("the columns of the graph do not fit each other")
    return graph


def _is_sound(graph: Graph, n_names: int) -> bool:
    """Return whether every number in the graph is one that its readers can follow."""
    n_files, n_shared = len(graph.paths), graph.n_shared
    return (
        len(graph.unreferenced_counts) == n_files
        and int(graph.reference_offsets[-1]) == len(graph.reference_names) == len(graph.reference_counts)
        and int(graph.definer_offsets[-1]) == len(graph.definer_names)
        and int(graph.reference_names.max(initial=0)) < max(n_shared, 1)
        and int(graph.definer_names.max(initial=0)) < max(n_shared, 1)
        and (n_shared > 0 or len(graph.reference_names) == len(graph.definer_names) == 0)
        and len(graph.name_traits) == len(graph.name_lengths) == n_shared
        and bool((graph.name_ids[1:] > graph.name_ids[:-1]).all())
        and (n_shared == 0 or int(graph.name_ids[-1]) < n_names)
    )
