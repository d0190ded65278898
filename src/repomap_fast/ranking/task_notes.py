"""Notes on what a task names that is not there: names, code of a query, lines of files."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from repomap_fast.paths import encoded
from repomap_fast.ranking.qualified_names import SEPARATOR
from repomap_fast.ranking.query_text import looks_like_name
from repomap_fast.ranking.similar_names import nearest, nearest_paths
from repomap_fast.tagging.source_text import source_text

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.named import Named
    from repomap_fast.ranking.named_lines import LineOutside

_MOST_NOTES = 5
"""Most notes on names that nothing has."""
_MOST_GUESSED = 10
"""Most names of a query for which similar ones are looked for, in a repository of at most so many tags:"""
_MOST_TAGS_GUESSED = 1_000_000
_MOST_LINES = 10
"""Lines whose files are read to count theirs."""
_LONGEST_GUESSED = 100
"""Most bytes of a name in a note, and of a name that is compared with others."""


def notes_on(
    named: Named, mentioned: Container[bytes], lines: Iterable[LineOutside], result: ScanResult, where: str
) -> list[str]:
    """Return sentences on what a task names that is not there.

    mentioned  the mentions that are no files.
    lines      those that are in no definition.
    where      the place, as the sentences call it: "here".
    """
    missing = [encoded(one) for one in named.missing if encoded(one) in mentioned]
    return [
        *_notes_on_names(result, missing, where),
        *_notes_on_code(result, named.unknown, where),
        *_notes_on_lines(result, lines),
    ]


def _notes_on_names(result: ScanResult, names: Sequence[bytes], where: str) -> list[str]:
    """Return notes on the names that do not exist, with similar names that may have been meant."""
    if not names:
        return []
    tags = result.graph.tags
    unknown = [name for name, number in zip(names, tags.find(list(names)).tolist(), strict=True) if number < 0]
    notes = []
    for name in unknown[:_MOST_NOTES]:
        note = f"nothing {where} is called {_quoted(name)}"
        if meant := _names_near(result, name):
            note += f"; did you mean {' or '.join(map(_quoted, meant))}?"
        notes.append(note)
    if len(unknown) > _MOST_NOTES:
        notes.append(
            f"nothing {where} is called by {len(unknown) - _MOST_NOTES:,} more of the names that were mentioned"
        )
    return notes


def _notes_on_code(result: ScanResult, unknown: Sequence[str], where: str) -> list[str]:
    """Return notes on code of the query that looks like a name or file, does not exist, and is nearly one that does.

    Most names of an issue that do not exist here are those of other projects: of these it says nothing.
    """
    notes: list[str] = []
    tags = result.graph.tags
    if len(tags) > _MOST_TAGS_GUESSED:
        return notes
    candidates = [encoded(one.removesuffix("()")) for one in unknown if "/" in one or looks_like_name(encoded(one))]
    is_new = tags.find([one.rpartition(b".")[2] for one in candidates[:_MOST_GUESSED]]) < 0
    for name in (one for one, is_new_one in zip(candidates, is_new.tolist(), strict=False) if is_new_one):
        if len(notes) < _MOST_NOTES and (meant := _names_near(result, name)):
            suggestion = " or ".join(map(_quoted, meant))
            notes.append(f"nothing {where} is called {_quoted(name)}; did you mean {suggestion}?")
    return notes


def _names_near(result: ScanResult, name: bytes) -> list[bytes]:
    if len(name) > _LONGEST_GUESSED:
        return []
    tags = result.graph.tags
    meant = nearest(tags.all_names(), name)
    if not meant and (b"." in name or b"/" in name):
        meant = nearest_paths(result.file_table.paths, name)
    parts = [encoded(part) for part in SEPARATOR.split(os.fsdecode(name)) if part]
    if not meant and len(parts) > 1:
        # Of Class.method, the part that nothing has.
        unknown = [part for part, number in zip(parts, tags.find(parts).tolist(), strict=True) if number < 0]
        meant = nearest(tags.all_names(), unknown[0]) if unknown else []
    return [one for one in meant if len(one) <= _LONGEST_GUESSED]


def _quoted(name: bytes) -> str:
    return repr(os.fsdecode(name[:_LONGEST_GUESSED]))


def _notes_on_lines(result: ScanResult, lines: Iterable[LineOutside]) -> list[str]:
    """Return notes on lines that are in no definition, those that were mentioned first."""
    of_mentions_first = sorted(lines, key=lambda one: not one.is_mentioned)
    notes = [_note_on_line(result, one) for one in of_mentions_first[:_MOST_LINES]]
    shown = [note for note in notes if note is not None]
    n_more = sum(one.is_mentioned for one in of_mentions_first[_MOST_LINES:])
    if n_more:
        shown.append(f"{n_more:,} more of the lines that were mentioned are in no definition")
    return shown


def _note_on_line(result: ScanResult, one: LineOutside) -> str | None:
    """Return a note on a line that the file lacks, or that was mentioned and stands beside the definitions."""
    n_lines = _n_lines(result, one.path)
    if n_lines is not None and one.line > n_lines:
        count = "1 line" if n_lines == 1 else f"{n_lines:,} lines"
        return f"{_quoted(one.path)} has {count}: line {one.line:,} is not there"
    if not one.is_mentioned or one.nearest is None:
        return None
    name, first, last = one.nearest
    place = f"line {first:,}" if last == first else f"lines {first:,} to {last:,}"
    where = f"line {one.line:,} of {_quoted(one.path)}"
    return f"no definition is at {where}; the nearest is {_quoted(name)}, {place}"


def _n_lines(result: ScanResult, path: bytes) -> int | None:
    """Return how many lines a file has; None where that cannot be read."""
    try:
        text = source_text(result.contents.read(path, result.options.max_file_size))
    except (OSError, ValueError):
        return None
    return text.count(b"\n") + (text[-1:] not in (b"", b"\n"))
