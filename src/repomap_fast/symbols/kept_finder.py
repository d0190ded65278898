"""Keeps what finds references from one question to the next: the same files need not be read and followed again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from repomap_fast.joining.result import without_tag_table
from repomap_fast.resolving.source_tree import read_each_of_settings
from repomap_fast.symbols.sites import SiteFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repomap_fast.indexing.loaded_index import Answers
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress

_MOST_NUMBERS = 750_000
"""That a finder may hold of files which is kept: some eight megabytes."""


@contextmanager
def kept_finder(result: ScanResult, answers: Answers, watch: Progress) -> Iterator[SiteFinder]:
    """Yield what finds references in the files of a result: what an earlier question left, or a new one.

    answers  keeps it for the next question, unless this one raises, or read too much.
    """
    finder, answers.finder = answers.finder, None
    if not isinstance(finder, SiteFinder) or not _has_same_settings(finder, result):
        finder = SiteFinder(without_tag_table(result), watch)
    finder.watch = watch
    yield finder
    # The contents of a commit are read for one question alone.
    if finder.n_numbers <= _MOST_NUMBERS and not result.options.revision:
        answers.finder = finder


def _has_same_settings(finder: SiteFinder, result: ScanResult) -> bool:
    """Return whether the settings that it has read and the scan does not list are as they were."""
    known = finder.unlisted_settings
    return all(text == known[path] for path, text in read_each_of_settings(result.contents, known))
