"""Which files to read first, and which to parse first, while nothing of a repository is known but paths and sizes.

Files are those that have a language, in the order of their paths, as in a graph.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.joining.path_kinds import classify_paths
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.paths import path_below, row_of, rows_at
from repomap_fast.progress import Progress
from repomap_fast.ranking.file_signals import folder_support, scaled
from repomap_fast.ranking.full_text import MOST_TERMS, TextQuery, file_texts
from repomap_fast.ranking.query_text import first_distinct, paths_in, read_text
from repomap_fast.ranking.task import MOST_PATHS, Task, files_called
from repomap_fast.ranking.task_rank import penalties_of_kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from repomap_fast.tables import I64, StringTable
    from repomap_fast.weights import Weights

_PATH_IN_FOLDER = 0.5
"""Share of the path in what a file says about the others in its folder, as in ``fuse``."""
_BEFORE_ALL = 1_000.0
"""Score of a file that was asked for."""


class FirstFiles:
    """The order in which files are read and parsed for a task.

    term_weights  of the terms to look for; none if the task has no text.
    """

    def __init__(
        self,
        paths: StringTable,
        sizes_bytes: I64,
        root: Path,
        task: Mapping[str, Any],
        weights: Weights,
        watch: Progress,
    ) -> None:
        """Take the files, and the keywords of ``find_task``. Raises OptionError, GitError."""
        self._paths, self._sizes_bytes, self._weights = paths, sizes_bytes, weights
        self._kinds = classify_paths(paths)
        self._is_asked = _asked(paths, root, watch, **task)
        self._task = Task(text=read_text(task["query"], task["mention"]))
        all_weights = self._task.term_weights(weights)
        # Names of several parts and long words are rarer, of words that weigh the same.
        terms = sorted(all_weights, key=lambda term: (-all_weights[term], -len(term), term))[:MOST_TERMS]
        self.term_weights = {term: all_weights[term] for term in terms}

    def to_look_in(self) -> I64:
        """Return all rows: files asked for, paths with terms, plain code before tests and vendored code, small ones."""
        unread = FileWords.of(WordColumns.empty(len(self._paths)))
        of_paths = TextQuery.of(self.term_weights, unread, self._paths).paths
        return np.lexsort((self._sizes_bytes, self._kinds != 0, -of_paths, ~self._is_asked))

    def best(self, words: FileWords) -> I64:
        """Return all rows, those first that fit the text best by their words and paths. Raises IndexDamagedError."""
        weights, is_plain = self._weights, self._kinds == 0
        query = TextQuery.of(self.term_weights, words, self._paths)
        texts, paths = scaled(file_texts(query, words, weights), is_plain), scaled(query.paths, is_plain)
        support = folder_support(scaled(texts + _PATH_IN_FOLDER * paths, is_plain), self._paths)
        scores = weights.file_text * texts + weights.file_path * paths
        scores += weights.file_folder * scaled(support, is_plain) + _BEFORE_ALL * self._is_asked
        penalties = penalties_of_kinds(self._kinds, self._is_asked, weights, asks_for_tests=self._task.asks_for_tests)
        scores += sum(penalties.values())
        return np.lexsort((np.arange(len(scores)), -scores))

    def without_text(self) -> I64:
        """Return all rows: files asked for, then plain code, the files of upper folders and short paths first."""
        lengths = np.diff(self._paths.offsets.astype(np.int64))
        depths = np.array([path.count(b"/") for path in self._paths], np.int64)
        return np.lexsort((lengths, depths, self._kinds != 0, ~self._is_asked))


def _asked(
    paths: StringTable,
    root: Path,
    watch: Progress,
    *,
    focus: Sequence[str],
    mention: Sequence[str],
    query: str,
    changed: bool | str,
) -> NDArray[np.bool_]:
    """Return which files a task names by their paths, or changed."""
    is_asked = np.zeros(len(paths), np.bool_)
    for path in focus:
        rows = rows_at(paths, path_below(root, path))
        is_asked[rows.start : rows.stop] = True
    for text in (*mention, *first_distinct(paths_in(query), MOST_PATHS)):
        is_asked[files_called(paths, root, text)] = True
    if changed is not False:
        found = changed_paths(os.fsencode(root), None if changed is True else changed, watch)
        is_asked[[row for path in found if (row := row_of(paths, path)) is not None]] = True
    return is_asked
