"""aider's tag, and tags out of blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.compat.aider.languages import IDENTIFIER
from repomap_fast.compat.aider.tagging import FileBlock
from repomap_fast.joining.join import find_names, join, tag_table
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import ROLE_REFERENCE, U8, U32, U64, StringTable

NO_LINE = -1
"""Line of a reference that is only known to be somewhere in its file."""
KINDS = ("def", "ref")
"""aider's words for the roles, by their number."""


class Tag(NamedTuple):
    """One definition of a name, or one reference to it, in a file.

    rel_fname  the file, from the root of the map on.
    fname      the same, as it was asked for.
    line       zero-based; -1 of a reference whose line is not known.
    name       as it is in the file.
    kind       ``def`` or ``ref``.
    """

    rel_fname: str
    fname: str
    line: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class TagColumns:
    """The tags of some files, file by file, each file's in the order of its text; identifiers come last.

    offsets   (n_files + 1,) uint64: the tags of file f are rows ``offsets[f]:offsets[f + 1]``.
    name_ids  (n,) uint32: rows of ``names``.
    roles     (n,) uint8: tables.ROLE_DEFINITION or ROLE_REFERENCE.
    kind_ids  (n,) uint8: rows of ``kinds``.
    rows      (n,) uint32: zero-based.
    columns   (n,) uint32: zero-based, in bytes.
    is_name   (n,) bool: a reference that is an identifier and no more.
    kinds     function, class, call …
    """

    offsets: U64
    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    columns: U32
    is_name: np.ndarray[tuple[int], np.dtype[np.bool_]]
    kinds: Sequence[str]
    names: StringTable
    find: Callable[[str], int | None]
    """Return the row of a name, or None if no tag has it."""

    def tags_of(self, file: int, fname: str, rel_fname: str) -> list[Tag]:
        """Return the tags of one file."""
        here = slice(int(self.offsets[file]), int(self.offsets[file + 1]))
        name_ids, roles = self.name_ids[here].tolist(), self.roles[here].tolist()
        lines = np.where(self.is_name[here], NO_LINE, self.rows[here].astype(np.int64)).tolist()
        texts: dict[int, str] = {}
        for name_id in name_ids:
            if name_id not in texts:
                texts[name_id] = self.name(name_id)
        return [
            Tag(rel_fname, fname, line, texts[name_id], KINDS[role])
            for name_id, role, line in zip(name_ids, roles, lines, strict=True)
        ]

    def name(self, name_id: int) -> str:
        """Return the text of a name."""
        return self.names[name_id].decode(errors="replace")


def columns_of_blocks(files: Sequence[Sequence[FileBlock]], kinds: Mapping[int, tuple[str, ...]]) -> TagColumns:
    """Join the blocks of files, in their order.

    kinds  the kinds that each query names, see ``Tagger.kinds``.
    """
    blocks = [block for of_file in files for block in of_file]
    query_ids = np.array([block.query_id for block in blocks], np.uint16)
    out = MemoryColumns()
    joined = join([([block.data for block in blocks], query_ids)], kinds, out)
    table = tag_table(out, joined.kinds, joined.seed)
    counts = [sum(block.n_tags for block in of_file) for of_file in files]
    offsets = offsets_from(np.array(counts, np.uint64))
    kind_id = joined.kinds.index(IDENTIFIER) if IDENTIFIER in joined.kinds else -1
    is_name = (table.kind_ids == kind_id) & (table.roles == ROLE_REFERENCE)

    def find(name: str) -> int | None:
        wanted = [name.encode("utf-8", "surrogatepass")]
        (name_id,) = find_names(wanted, table.name_slots, table.name_seed, table.names.offsets, table.names.data)
        return None if name_id < 0 else int(name_id)

    return TagColumns(
        offsets,
        table.name_ids,
        table.roles,
        table.kind_ids,
        table.rows,
        table.columns,
        is_name,
        joined.kinds,
        table.names,
        find,
    )


def columns_of_tags(files: Sequence[Sequence[Any]]) -> TagColumns:
    """Put tags of other origin into columns; what is neither a definition nor a reference is dropped."""
    tags = [tag for of_file in files for tag in of_file if tag.kind in KINDS]
    kinds: dict[str, int] = {}
    kind_ids = [kinds.setdefault(getattr(tag, "specific_kind", None) or tag.kind, len(kinds)) for tag in tags]
    counts = [sum(tag.kind in KINDS for tag in of_file) for of_file in files]
    offsets = offsets_from(np.array(counts, np.uint64))
    ids: dict[str, int] = {}
    name_ids = np.array([ids.setdefault(tag.name, len(ids)) for tag in tags], np.uint32)
    lines = np.array([tag.line for tag in tags], np.int64)
    return TagColumns(
        offsets,
        name_ids,
        np.array([KINDS.index(tag.kind) for tag in tags], np.uint8),
        np.array(kind_ids, np.uint8),
        np.maximum(lines, 0).astype(np.uint32),
        np.zeros(len(tags), np.uint32),
        lines < 0,
        tuple(kinds),
        StringTable.from_strings([name.encode("utf-8", "surrogatepass") for name in ids]),
        ids.get,
    )
