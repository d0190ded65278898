"""The parts that ``choose`` asks for, in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repomap_fast.drawing.formats import TEXT, Format, IndexState, ShownFile
from repomap_fast.drawing.render import MARKS, Marks

if TYPE_CHECKING:
    from repomap_fast.drawing.excerpts import Excerpts
    from repomap_fast.drawing.render import Excerpt

Describe = Callable[[int, tuple[int, ...], "Excerpt | None"], ShownFile]
"""What is said of a file, by its id, for these rows of interest and what is shown of them."""


@dataclass(frozen=True, slots=True)
class MapParts:
    """The parts of one map's files: what ``choose.Parts`` promises.

    notes  sentences that the map tells, where its format has a place for them.
    """

    excerpts: Excerpts
    describe: Describe
    format: Format = TEXT
    state: IndexState | None = None
    marks: Marks = MARKS
    notes: tuple[str, ...] = ()

    def prepare(self, file_ids: Collection[int]) -> None:
        """Read and outline these files, several at a time: lines of them are to be shown."""
        self.excerpts.prepare(file_ids)

    def part(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file for these rows; without any, or where it is gone, for its path alone."""
        shown = self.excerpts.excerpt(file_id, rows) if rows else None
        return self.format.part(self.describe(file_id, rows, shown), self.marks)

    def least(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file as if nothing were around these rows: it is read, but not parsed."""
        shown = self.excerpts.bare_excerpt(file_id, rows) if rows else None
        return self.format.part(self.describe(file_id, rows, shown), self.marks)

    def join(self, parts: Mapping[int, str]) -> str:
        """Return the map of these parts, in the order of their files' ids."""
        return self.format.whole(self.state, [parts[file_id] for file_id in sorted(parts)], self.notes)

    def nothing(self) -> str:
        """Return the text of an empty map: none, but where a format is no document without its frame."""
        return self.join({}) if self.format.is_document else ""
