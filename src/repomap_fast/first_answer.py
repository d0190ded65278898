"""The first answer: what can be known of a repository for a task until a deadline.

First the words of the task are looked for in as many files as there is time for. Then the files that fit best are
parsed. A task without words has the upper files parsed. The ranking knows of all files, and of the tags of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.indexing.state import STATUSES_OF_TEXT
from repomap_fast.ranking.first_files import FirstFiles

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.deadline import Deadline
    from repomap_fast.indexing.unfinished import Unfinished
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.weights import Weights

_SHARE_OF_LOOK = 0.5
_MOST_PARSED = 600
"""Files that are parsed for a text: the ranking reads the definitions of a hundred or so."""
_FILES_A_SECOND = 1_500
"""Files without a text: those that are known from calls before are joined too, which must not take all of the time."""
_MOST_UNPARSED = 50
"""Of so many of the best files, those that were not parsed are shown by their paths."""
_TIMES_OF_CHOICE = 9.0
"""The ranking, the drawing, and keeping what was parsed, take so many times as long as the choice of the files."""
_LEAST_S = 0.1
"""What each step gets even if the deadline is near or over: without any file that was parsed there is no map."""
_MOST_RESERVED = 0.5
"""Share of the time that is left which these may take."""


@dataclass(frozen=True, slots=True, eq=False)
class FirstResult:
    """What is known of a repository in time.

    result  all files, and the tags of some.
    note    how much was read, as a sentence.
    where   where something was looked for, in the words of a note.
    """

    result: ScanResult
    note: str
    where: str = "among the files that were parsed in time"

    def best_unparsed(self, file_values: NDArray[np.float64]) -> list[int]:
        """Return the rows of those of the best files that were not parsed: a map can show their paths alone.

        file_values  (n,) float64: of the files with a language, as the ranking gives them.
        """
        files = self.result.file_table
        order = np.lexsort((np.arange(len(file_values)), -file_values))[:_MOST_UNPARSED]
        best = files.rows_with_language()[order]
        unparsed: list[int] = best[~np.isin(files.statuses[best], STATUSES_OF_TEXT)].tolist()
        return unparsed


def find_first_result(
    unfinished: Unfinished, root: Path, task: Mapping[str, Any], weights: Weights, deadline: Deadline, watch: Progress
) -> FirstResult:
    """Read and parse the files that a task needs first, until a deadline.

    task  the keywords of ``find_task``.

    Raises OptionError, GitError, QueryError, ScanCancelled.
    """
    start_s = deadline.clock()
    first = FirstFiles(unfinished.paths, unfinished.sizes_bytes, root, task, weights, watch)
    if first.term_weights:
        unfinished.look_for(
            list(first.term_weights), first.to_look_in(), deadline.at_share(_SHARE_OF_LOOK).or_in(_LEAST_S)
        )
        start_s = deadline.clock()
        rows = first.best(unfinished.words())[:_MOST_PARSED]
    else:
        n_files = max(_MOST_PARSED, int(_FILES_A_SECOND * max(deadline.left_s, 0.0)))
        rows = first.without_text()[:n_files]
    reserved_s = _TIMES_OF_CHOICE * (deadline.clock() - start_s)
    reserved_s = min(reserved_s, _MOST_RESERVED * max(deadline.left_s, 0.0))
    unfinished.tag(rows, deadline.earlier(reserved_s).or_in(_LEAST_S))
    return FirstResult(unfinished.result(), _note(unfinished))


def _note(unfinished: Unfinished) -> str:
    n_seen, n_tagged, n_files = unfinished.n_seen, unfinished.n_tagged, len(unfinished.paths)
    return (
        f"until the deadline {n_seen:,} of {n_files:,} files were read, and {n_tagged:,} parsed; "
        "a call without a deadline parses the rest"
    )
