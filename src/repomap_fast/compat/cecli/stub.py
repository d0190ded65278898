"""The text of a file's stub, as cecli shows it: gaps say how many lines are left out."""

from __future__ import annotations

import os
from collections.abc import Iterable

from repomap_fast.compat.grep_ast import TreeContext
from repomap_fast.drawing.render import MARKS

_EN_DASH = "\N{EN DASH}"


class StubContext(TreeContext):
    """A file whose lines of interest are shown with the heads of the scopes around them, and nothing else."""

    def __init__(self, filename: str | os.PathLike[str], code: str) -> None:
        super().__init__(
            filename,
            code,
            child_context=False,
            last_line=False,
            margin=0,
            mark_lois=False,
            loi_pad=0,
            show_top_of_file_parent_scope=False,
        )

    def text(self, lois: Iterable[int], line_numbers: bool, start_line: int | None, end_line: int | None) -> str:
        """Return the text for these lines of interest; with a first and a last line, of those between them."""
        self.line_number = line_numbers
        self.lines_of_interest, self.show_lines = set(lois), set()
        self.add_context()
        first, last = start_line or 0, self.num_lines - 1 if end_line is None else end_line
        self.show_lines = {row for row in self.show_lines if first <= row <= last}
        return self.format()

    def gap_text(self, hidden: range) -> str:
        """Return the line for lines that are left out; none at the end of the file."""
        if hidden.stop == len(self.lines):
            return ""
        if self.line_number:
            place = f"L{hidden.start + 1}{_EN_DASH}L{hidden.stop}"
            return f"...{MARKS.gap}... [{len(hidden)} lines omitted ({place})]\n"
        return f"{MARKS.gap} [{len(hidden)} lines omitted]\n"
