"""cecli's tags out of columns: the bytes of names are counted in the text that was parsed."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from repomap_fast.compat.aider.sources import ReadText, read_source
from repomap_fast.compat.aider.tag import KINDS, NO_LINE, TagColumns
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.tables import I64

_LINE_FEED = 0x0A


def make_tags(
    columns: TagColumns, rows: Iterable[int], fname: str, rel_fname: str, read: ReadText, *, is_plain: bool
) -> list[Tag]:
    """Return these rows of ``columns``, all of one file, as tags. ``read`` and ``is_plain``: see ``text_reader``."""
    line_starts = _line_starts(fname, read, is_plain=is_plain)
    tags = []
    for row in rows:
        name_id, role, kind_id = int(columns.name_ids[row]), int(columns.roles[row]), int(columns.kind_ids[row])
        name, kind = columns.name(name_id), KINDS[role]
        line = int(columns.rows[row])
        if columns.is_name[row]:
            tags.append(Tag(rel_fname, fname, NO_LINE, name, kind, "name", NO_LINE, NO_LINE, NO_LINE, NO_LINE))
            continue
        start = int(line_starts[min(line, len(line_starts) - 1)]) + int(columns.columns[row])
        end_line, end = line + name.count("\n"), start + len(columns.names[name_id])
        tags.append(Tag(rel_fname, fname, line, name, kind, columns.kinds[kind_id], line, end_line, start, end))
    return tags


def _line_starts(fname: str, read: ReadText, *, is_plain: bool) -> I64:
    source = read_source(fname, read, is_plain=is_plain)
    text = np.frombuffer(b"" if source is None else source.raw, np.uint8)
    return np.append(0, np.flatnonzero(text == _LINE_FEED) + 1)
