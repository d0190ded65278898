"""The task: files in focus, mentions, query and changed files, found in a scan; and what they boost.

It runs git only to list what has changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.errors import OptionError
from repomap_fast.paths import encoded, path_below, row_of, rows_at, rows_ending_in
from repomap_fast.progress import Progress
from repomap_fast.ranking.named import FILE_ALONE, Named, find_named
from repomap_fast.ranking.named_lines import LineOutside
from repomap_fast.ranking.query_text import (
    QueryText,
    Zone,
    first_distinct,
    paths_in,
    read_text,
    words_in,
)
from repomap_fast.ranking.rank import Boosts
from repomap_fast.ranking.task_notes import notes_on
from repomap_fast.tables import I64, NO_LANGUAGE, FileTable, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.weights import Weights

_WITH_LINE = re.compile(r"(.+):(\d{1,9})", re.DOTALL)
_MOST_WORDS = 2_000
"""Most distinct words of a query that are looked up, the first ones: an issue may contain a dump of a megabyte."""
MOST_PATHS = 500
"""The same for possible paths."""


@dataclass(frozen=True, slots=True)
class Task:
    """What the user is working on. Files are rows of the scan's table of files, each at most once.

    focus_files      files that are worked on.
    mentioned_files  files that were mentioned.
    changed_files    files that have changed in git.
    names            names that were mentioned, as typed, including names that do not exist.
    query            the text that describes the task.
    query_words      its words, in its order.
    notes            sentences on what was not found.
    text             what the query and the mentions say.
    named            what they name in the repository; None without any.
    """

    focus_files: tuple[int, ...] = ()
    mentioned_files: tuple[int, ...] = ()
    changed_files: tuple[int, ...] = ()
    names: tuple[bytes, ...] = ()
    query: bytes = b""
    query_words: tuple[bytes, ...] = ()
    notes: tuple[str, ...] = ()
    text: QueryText = field(default_factory=QueryText)
    named: Named | None = None

    def term_weights(self, weights: Weights) -> dict[bytes, float]:
        """Return the weights of the terms of the text."""
        return self.text.term_weights([getattr(weights, f"zone_{zone.name.lower()}") for zone in Zone])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked for: the reader wants to know what there is."""
        return not (self.focus_files or self.mentioned_files or self.changed_files or self.names or self.query)

    @property
    def asks_for_tests(self) -> bool:
        """Whether the title names tests."""
        return any(self.text.words.get(word, _NOWHERE)[Zone.TITLE] for word in (b"test", b"tests", b"Test", b"Tests"))


_NOWHERE = [0] * len(Zone)


def find_task(
    result: ScanResult,
    *,
    focus: Sequence[str | os.PathLike[str]] = (),
    mention: Sequence[str] = (),
    query: str = "",
    changed: bool | str = False,
    watch: Progress | None = None,
    where: str = "here",
) -> Task:
    """Find the files and names of a task in a scan; the arguments are those of ``api.map``.

    Notes say of what is not found that nothing ``where`` is called so. A mention is a file if there is one at that
    path, or of that name, if few files have it. Otherwise it is a name.
    Raises OptionError for a file in focus that does not exist, and for a revision that git does not know; GitError if
    git cannot list what has changed.
    """
    paths = result.file_table.paths
    mentioned: dict[int, None] = {}
    names = []
    lines: list[LineOutside] = []
    for word in mention:
        if not word:
            raise OptionError("mention is ''; expected a name or a file")
        rows = files_called(paths, result.root, word)
        if not rows and (with_line := _WITH_LINE.fullmatch(word)) is not None:
            rows = files_called(paths, result.root, with_line[1])
            texts = [row for row in rows if result.file_table.language_ids[row] == NO_LANGUAGE]
            lines += [LineOutside(paths[row], int(with_line[2]), None, is_mentioned=True) for row in texts[:1]]
        mentioned.update(dict.fromkeys(rows))
        if not rows:
            names.append(encoded(word))
    for path in first_distinct(paths_in(query), MOST_PATHS):
        mentioned.update(dict.fromkeys(files_called(paths, result.root, path)))
    text = read_text(query, mention)
    named = find_named(text, mention, result) if query.strip() or mention else None
    rows_changed = []
    notes = [] if named is None else notes_on(named, names, [*named.outside, *lines], result, where)
    if changed is not False:
        revision = None if changed is True else changed
        if result.options.revision:
            raise OptionError("changed and revision are both given; what changed is known of the work tree alone")
        found = changed_paths(os.fsencode(result.root), revision, watch or Progress())
        rows_changed = [row for path in found if (row := row_of(paths, path)) is not None]
        if not rows_changed:
            notes.append(f"no file {'of the scan ' if found else ''}changed since {revision or 'HEAD'}")
    return Task(
        focus_files=tuple(files_at(paths, result.root, focus, "focus")),
        mentioned_files=tuple(mentioned),
        changed_files=tuple(rows_changed),
        names=tuple(dict.fromkeys(names)),
        query=encoded(query),
        query_words=tuple(map(encoded, first_distinct(words_in(query), _MOST_WORDS))),
        notes=tuple(notes),
        text=text,
        named=named,
    )


def promised_rows(task: Task, files: FileTable, promised: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what a map must show, by rows of the table of files: what a ranking promises, then files as mentioned.

    promised  ids of files in the graph, and rows.

    Files without a language are not in the graph; of a mentioned folder none is promised.
    """
    of_files = files.rows_with_language()
    rows = [(int(of_files[file_id]), row) for file_id, row in promised]
    others = [row for row in task.mentioned_files if files.language_ids[row] == NO_LANGUAGE]
    return rows + [(row, FILE_ALONE) for row in others if len(others) <= _MOST_NAMESAKES]


_MOST_NAMESAKES = 5
"""Most files of one name, such as ``__init__.py``, that a mention of it means: with more, it is not clear which."""


def files_called(paths: StringTable, root: Path, text: str) -> list[int]:
    """Return the rows of the file or the folder's files at a path; otherwise of the few files of that name."""
    below = path_below(root, text)
    if below and (found := list(rows_at(paths, below))):
        return found
    if "/" not in text and "." not in text:
        return []
    namesakes = rows_ending_in(paths, b"/" + encoded(text).lstrip(b"./"))
    return namesakes.tolist() if len(namesakes) <= _MOST_NAMESAKES else []


def boosts_for(
    task: Task,
    result: ScanResult,
    graph: Graph,
    weights: Weights,
    *,
    show_focus: bool = False,
    keep_parts: bool = False,
) -> Boosts:
    """Return what a task multiplies in the ranking by the graph.

    show_focus  do not hide the files in focus.
    keep_parts  return what the boosts are made of, too.

    Rank starts from the files in focus and changed files. References from these count more, and so do references to
    mentioned names. Raises IndexDamagedError.
    """
    n_files, graph_ids = len(graph), graph_ids_of(result)

    def marked(rows: Sequence[int]) -> NDArray[np.bool_]:
        marks = np.zeros(n_files, np.bool_)
        ids = graph_ids[list(rows)]
        marks[ids[ids >= 0]] = True
        return marks

    is_focus, is_changed = marked(task.focus_files), marked(task.changed_files)
    is_mentioned = marked(task.mentioned_files)
    source = np.maximum.reduce(
        [is_focus * weights.focus_source, is_changed * weights.changed_source, is_mentioned * weights.mentioned_source]
    )
    return Boosts(
        personalization=source / source.sum() if source.any() else None,
        reference_factors=np.maximum(
            np.where(is_focus, weights.focus_references, 1.0), np.where(is_changed, weights.changed_references, 1.0)
        ),
        name_factors=_name_factors(task, graph, weights),
        hidden=None if show_focus else is_focus,
        name_parts=_name_parts(task, graph, weights) if keep_parts else None,
    )


def graph_ids_of(result: ScanResult) -> I64:
    """Return the number in the graph of each row of the table of files; -1 for a file without a language."""
    graph_ids: I64 = np.full(len(result.file_table), -1, np.int64)
    table_rows = result.file_table.rows_with_language()
    graph_ids[table_rows] = np.arange(len(table_rows))
    return graph_ids


def _named(task: Task, graph: Graph, weights: Weights) -> Iterator[tuple[str, I64, float]]:
    """Yield the weights of names in the task: the weight's name, the names, the weight. A later one replaces others."""
    for weight_name, words in (("queried_name", task.query_words), ("mentioned_name", task.names)):
        factor = getattr(weights, weight_name)
        if words and factor != 1:
            yield weight_name, graph.find_shared(list(words)), factor


def _name_factors(task: Task, graph: Graph, weights: Weights) -> NDArray[np.float64] | None:
    """Return what references to each shared name are multiplied by; None if all are alike."""
    factors = None
    for _, names, factor in _named(task, graph, weights):
        factors = np.ones(graph.n_shared) if factors is None else factors
        factors[names] = factor
    return factors


def _name_parts(task: Task, graph: Graph, weights: Weights) -> dict[str, NDArray[np.float64]]:
    """Return what ``_name_factors`` is the product of, by the names of the weights."""
    parts: dict[str, NDArray[np.float64]] = {}
    for weight_name, names, factor in _named(task, graph, weights):
        for earlier in parts.values():
            earlier[names] = 1.0
        parts[weight_name] = np.ones(graph.n_shared)
        parts[weight_name][names] = factor
    return parts


def files_at(paths: StringTable, root: Path, given: Sequence[str | os.PathLike[str]], option: str) -> list[int]:
    """Return the rows of all files at the given paths, or in the folders there, each once.

    Raises OptionError, with the name of ``option`` and similar paths, for a path without a file of the scan; and for
    ``root`` itself, which would be everything.
    """
    rows: dict[int, None] = {}
    for path in given:
        if not os.fspath(path):
            raise OptionError(f"{option} is empty; expected a file or folder below {str(root)!r}")
        below = path_below(root, path)
        if not below:
            raise OptionError(
                f"{option} is {os.fspath(path)!r}, which is all of {str(root)!r}; expected a file or folder below it"
            )
        found = rows_at(paths, below)
        if not found:
            raise OptionError(f"{option} is {os.fspath(path)!r}, {_absence(paths, root, below)}")
        rows.update(dict.fromkeys(found))
    return list(rows)


def _absence(paths: StringTable, root: Path, path: bytes) -> str:
    """Return a clause that says why no file of the scan is at ``path``."""
    if path == b".." or path.startswith(b"../"):
        return f"which is not below {str(root)!r}; expected a file or folder there"
    if os.path.lexists(root / os.fsdecode(path)):
        return f"which is there, but is left out of the scan of {str(root)!r}, by an ignore file or an option"
    from repomap_fast.ranking.similar_names import nearest_paths

    nearest = [os.fsdecode(one) for one in nearest_paths(paths, path)]
    if not nearest:
        return f"and nothing like it is below {str(root)!r}; expected a file or folder there"
    return f"and no file of {str(root)!r} is there; did you mean {' or '.join(repr(one) for one in nearest)}?"
