"""The lines of a map: one for each definition, with its place, its name or signature, and its depth.

    812-840 class QuerySet(AltersData)
     1500 filter

A definition has a line of its own below those of the definitions around it. Files are read for signatures alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from repomap_fast.drawing.choose import ALONE, BARE, NOTED, SIGNED, Shown
from repomap_fast.drawing.file_definitions import FileDefinitions
from repomap_fast.drawing.signatures import (
    LENGTH,
    SOURCE_LENGTH,
    WORDS,
    Header,
    comment_note,
    cut,
    docstring_note,
    signature_of,
)
from repomap_fast.unseen import shown_line

if TYPE_CHECKING:
    from repomap_fast.drawing.sources import Sources

_BEFORE_BYTES = 400
_ROWS_ABOVE = 30
_QUOTES = ("'", '"', "`")
_ROW_LENGTH = 200


class DefinitionLines:
    """The lines of the files that one map may show.

    definitions_of  returns the definitions of a file.
    language_of     returns the name of a file's language.
    best_in_row     returns the definitions of a row that the map is to show, the best first.
    """

    def __init__(
        self,
        sources: Sources,
        definitions_of: Callable[[int], FileDefinitions],
        language_of: Callable[[int], str | None],
        best_in_row: Callable[[int, int], Sequence[int]],
        *,
        cut_mark: str,
    ) -> None:
        self._sources = sources
        self._definitions_of = definitions_of
        self._language_of = language_of
        self._best_in_row = best_in_row
        self._cut_mark = cut_mark
        self._signatures: dict[tuple[int, int], str | None] = {}
        # By file: lines without their indents by row and detail, and the rows around each row.
        self._lines: dict[int, dict[tuple[int, int], str]] = {}
        self._around: dict[int, dict[int, list[int]]] = {}

    def lines(self, file_id: int, rows: Sequence[Shown]) -> tuple[str, ...]:
        """Return a line for each of these sorted rows, and for those of the definitions around them."""
        shown, around, known = dict(rows), self._around.setdefault(file_id, {}), self._lines.setdefault(file_id, {})
        for row, detail in rows:
            if row not in around:
                around[row] = self._find_rows_around(file_id, row)
            if detail != ALONE:
                for above in around[row]:
                    shown.setdefault(above, BARE)
        lines = []
        for key in sorted(shown.items()):
            row, detail = key
            if row not in around:
                around[row] = self._find_rows_around(file_id, row)
            if key not in known:
                known[key] = self._made_line(file_id, row, detail)
            depth = sum([above in shown for above in around[row]]) if around[row] else 0
            lines.append(" " * depth + known[key])
        return tuple(lines)

    def signature(self, file_id: int, definition: int) -> str | None:
        """Return the signature of a definition; None if its file does not have its name where it was scanned."""
        key = file_id, definition
        if key not in self._signatures:
            header = self._header(file_id, definition)
            self._signatures[key] = None if header is None else signature_of(header, cut_mark=self._cut_mark)
        return self._signatures[key]

    def note(self, file_id: int, definition: int) -> str:
        """Return the first sentence of a definition's docstring or comment; nothing if it has none."""
        header = self._header(file_id, definition)
        if header is None:
            return ""
        if header.language == "python" and (note := docstring_note(header, cut_mark=self._cut_mark)):
            return note
        row, source = self._definitions_of(file_id).row(definition), self._sources.lines(file_id)
        above = [source.line(one, _ROW_LENGTH) for one in range(row - 1, max(-1, row - 1 - _ROWS_ABOVE), -1)]
        return comment_note(above, header.language, cut_mark=self._cut_mark)

    def _made_line(self, file_id: int, row: int, detail: int) -> str:
        """Return a line without its indent."""
        here = self._best_in_row(file_id, row)
        if not here:
            return f"{row + 1} {self._source_row(file_id, row)}".rstrip()
        file, best = self._definitions_of(file_id), here[0]
        text = self.signature(file_id, best) if detail >= SIGNED else None
        names = [self._name(file_id, one) for one in here]
        if text is None:
            text = names[0]
        text += "".join(f", {name}" for name in dict.fromkeys(names[1:]) if not _has_word(text, name))
        text = cut(text, LENGTH if detail < SIGNED else LENGTH + LENGTH // 2, self._cut_mark)
        end_row = file.end_row(best)
        place = f"{row + 1}-{end_row + 1}" if detail >= SIGNED and end_row > row else f"{row + 1}"
        note = self.note(file_id, best) if detail >= NOTED else ""
        return f"{place} {text}{f'  # {note}' if note else ''}"

    def _name(self, file_id: int, definition: int) -> str:
        """Return the name of a definition, with the word for its kind if that has one."""
        file = self._definitions_of(file_id)
        word = WORDS.get(file.kind(definition))
        owner = file.owner(definition)
        name = file.name(definition).decode(errors="replace")
        name = cut(shown_line(name if owner is None else f"{owner}.{name}"), LENGTH, self._cut_mark)
        return name if word is None else f"{word} {name}"

    def _find_rows_around(self, file_id: int, row: int) -> list[int]:
        """Return the rows of the definitions around those of a row, outermost first."""
        here = self._best_in_row(file_id, row)
        if not here:
            return []
        file = self._definitions_of(file_id)
        around = file.around(here[0])
        # A type in C may have its name after its members.
        return sorted({above for one in around if (above := file.row(one)) < row}) if around else []

    def _header(self, file_id: int, definition: int) -> Header | None:
        file, source = self._definitions_of(file_id), self._sources.lines(file_id)
        name, row = file.name(definition), file.row(definition)
        if row >= len(source):
            return None
        before, after = source.around(row, file.column(definition), _BEFORE_BYTES, len(name) + SOURCE_LENGTH)
        text = name.decode(errors="replace")
        if not after.startswith(text):
            return None
        after = after[len(text) :]
        if before[-1:] in _QUOTES and after[:1] == before[-1:]:
            before, after = before[:-1], after[1:]
        return Header(
            name=text,
            kind=file.kind(definition),
            language=self._language_of(file_id) or "",
            owner=file.owner(definition),
            before=before.rpartition("\n")[2],
            after=after,
        )

    def _source_row(self, file_id: int, row: int) -> str:
        source = self._sources.lines(file_id)
        return (
            "" if row >= len(source) else cut(shown_line(source.line(row, LENGTH * 2).strip()), LENGTH, self._cut_mark)
        )


def _has_word(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
