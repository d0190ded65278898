"""What the work at hand is about, found in a scan: the files in focus, and what was mentioned or has changed."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.changed import changed_paths
from repomap_fast.entries import files_with_language
from repomap_fast.errors import OptionError
from repomap_fast.places import files_at, path_below, row_of, rows_at
from repomap_fast.progress import Watch
from repomap_fast.rank import Emphasis

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.graph import Graph
    from repomap_fast.result import ScanResult
    from repomap_fast.weights import Weights

_WORD = re.compile(r"[^\W\d]\w*")
_PATH = re.compile(r"[\w.@+-]+(?:/[\w.@+-]+)+|[\w@+-]+(?:\.[\w@+-]+)+")
"""What could be a path in a text: with a slash within it, or a dot."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The work at hand. Files are rows of the scan's table of files; none stands twice.

    focus_files      are worked on.
    mentioned_files  were spoken of.
    changed_files    have changed in git.
    names            were spoken of, as they are written; those that nothing is called by too.
    query_words      of the text that says what is to be done, in its order.
    """

    focus_files: tuple[int, ...] = ()
    mentioned_files: tuple[int, ...] = ()
    changed_files: tuple[int, ...] = ()
    names: tuple[bytes, ...] = ()
    query_words: tuple[bytes, ...] = ()


def find_subject(
    result: ScanResult,
    *,
    focus: Sequence[str | os.PathLike[str]] = (),
    mention: Sequence[str] = (),
    query: str = "",
    changed: bool | str = False,
    watch: Watch | None = None,
) -> Subject:
    """Find in a scan what a caller says of the work at hand; the arguments are as for ``api.map``.

    What is mentioned is a file where there is one of that path, or of that name where the name is not a common one;
    else it is a name. Raises OptionError for a file in focus that is not there, and for a revision that git does not
    know; GitError where git cannot say what has changed.
    """
    paths = result.file_table.paths
    mentioned: dict[int, None] = {}
    names = []
    for word in mention:
        if not word:
            raise OptionError("a mention is empty; expected a name or a file")
        rows = _files_called(result, word)
        mentioned.update(dict.fromkeys(rows))
        if not rows:
            names.append(os.fsencode(word))
    for path in dict.fromkeys(_PATH.findall(query)):
        mentioned.update(dict.fromkeys(_files_called(result, path)))
    rows_changed = []
    if changed is not False:
        revision = None if changed is True else changed
        found = changed_paths(os.fsencode(result.root), revision, watch or Watch())
        rows_changed = [row for path in found if (row := row_of(paths, path)) is not None]
    return Subject(
        focus_files=tuple(files_at(paths, result.root, focus, "focus")),
        mentioned_files=tuple(mentioned),
        changed_files=tuple(rows_changed),
        names=tuple(dict.fromkeys(names)),
        query_words=tuple(dict.fromkeys(os.fsencode(word) for word in _WORD.findall(query))),
    )


_MOST_NAMESAKES = 5
"""Files of one name, such as ``__init__.py``: with more of them it is not clear which is meant."""


def _files_called(result: ScanResult, text: str) -> list[int]:
    """Return the rows of the file or of the files in the folder at a path; else of the few files of that name."""
    paths = result.file_table.paths
    below = path_below(result.root, text)
    if below and (found := list(rows_at(paths, below))):
        return found
    if "/" not in text and "." not in text:
        return []
    ending = b"/" + os.fsencode(text).lstrip(b"./")
    namesakes = _rows_ending_in(result, ending)
    return namesakes if len(namesakes) <= _MOST_NAMESAKES else []


def _rows_ending_in(result: ScanResult, ending: bytes) -> list[int]:
    """Return the rows of the paths with that ending; only where it occurs does a path become a Python object."""
    paths = result.file_table.paths
    text = paths.data.tobytes()
    found = []
    place = text.find(ending)
    while place >= 0:
        end = place + len(ending)
        row = int(paths.offsets.searchsorted(np.uint64(end)))
        if int(paths.offsets[row]) == end and int(paths.offsets[row - 1]) <= place:
            found.append(row - 1)
        place = text.find(ending, place + 1)
    return found


def emphasise(
    subject: Subject, result: ScanResult, graph: Graph, weights: Weights, *, show_focus: bool = False
) -> Emphasis:
    """Return what ranking makes of the work at hand.

    Rank comes from the files in focus, those that were mentioned and those that have changed, all alike; what files in
    focus and changed ones refer to counts more, and so do names that were spoken of. Raises IndexDamagedError.
    """
    n_files = len(graph)
    graph_ids = np.full(len(result.file_table), -1, np.int64)
    table_rows = files_with_language(result.file_table)
    graph_ids[table_rows] = np.arange(len(table_rows))

    def marked(rows: Sequence[int]) -> NDArray[np.bool_]:
        marks = np.zeros(n_files, np.bool_)
        ids = graph_ids[list(rows)]
        marks[ids[ids >= 0]] = True
        return marks

    is_focus, is_changed = marked(subject.focus_files), marked(subject.changed_files)
    is_source = is_focus | is_changed | marked(subject.mentioned_files)
    name_factors = None
    if words := [*subject.names, *subject.query_words]:
        name_factors = np.ones(graph.n_linked)
        name_factors[graph.find_linked(words)] = weights.mentioned_name
    return Emphasis(
        personalization=is_source.astype(np.float64) if is_source.any() else None,
        reference_factors=np.where(is_focus | is_changed, weights.focus_references, 1.0),
        name_factors=name_factors,
        left_out=None if show_focus else is_focus,
    )
