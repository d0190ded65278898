"""What the work at hand is about, found in a scan: the files in focus, and what was mentioned or has changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.errors import OptionError
from repomap_fast.languages.identify import LANGUAGES
from repomap_fast.paths import encoded, path_below, row_of, rows_at, rows_ending_in
from repomap_fast.progress import Progress
from repomap_fast.ranking.path_kinds import factors_of_kinds, kinds_of_paths
from repomap_fast.ranking.query_text import first_distinct, paths_in, words_in
from repomap_fast.ranking.query_words import match_query, query_of
from repomap_fast.ranking.rank import Emphasis
from repomap_fast.ranking.search import nearest_paths
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.query_words import Query, WordMatches
    from repomap_fast.weights import Weights

_MOST_WORDS = 2_000
"""Distinct words of a text that are looked up, and of what could be a path ``_MOST_PATHS``: the first of each. An issue
may have a dump of a megabyte."""
_MOST_PATHS = 500
_MOST_NOTES = 5
"""Names of which it is said that nothing is called so."""
_LONGEST_GUESSED = 100
"""Bytes of a name that is said, or guessed at."""
_HAS_SHORT_HEADS = np.array([language.name in ("lua", "python", "ruby") for language in LANGUAGES])
"""Languages in which the body of a definition does not begin a block: a map shows no more than its first row."""
_LARGEST_POWER = 100.0
"""Of e, that a file counts by: far above what any query comes to, and what a float64 can hold whatever the weights."""
_MOST_POWER = 6.0
"""Of e: rank does not come from a few files alone, however well words fit them."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The work at hand. Files are rows of the scan's table of files; none stands twice.

    focus_files      are worked on.
    mentioned_files  were spoken of.
    changed_files    have changed in git.
    names            were spoken of, as they are written; those that nothing is called by too.
    query            the text that says what is to be done.
    query_words      of it, in its order.
    notes            what of all that was looked for in vain, in sentences.
    """

    focus_files: tuple[int, ...] = ()
    mentioned_files: tuple[int, ...] = ()
    changed_files: tuple[int, ...] = ()
    names: tuple[bytes, ...] = ()
    query: bytes = b""
    query_words: tuple[bytes, ...] = ()
    notes: tuple[str, ...] = ()


def find_subject(
    result: ScanResult,
    *,
    focus: Sequence[str | os.PathLike[str]] = (),
    mention: Sequence[str] = (),
    query: str = "",
    changed: bool | str = False,
    watch: Progress | None = None,
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
            raise OptionError("mention is ''; expected a name or a file")
        rows = _files_called(result, word)
        mentioned.update(dict.fromkeys(rows))
        if not rows:
            names.append(encoded(word))
    for path in first_distinct(paths_in(query), _MOST_PATHS):
        mentioned.update(dict.fromkeys(_files_called(result, path)))
    rows_changed = []
    notes = _notes_on_names(result, names)
    if changed is not False:
        revision = None if changed is True else changed
        found = changed_paths(os.fsencode(result.root), revision, watch or Progress())
        rows_changed = [row for path in found if (row := row_of(paths, path)) is not None]
        if not rows_changed:
            notes.append(f"no file {'of the scan ' if found else ''}changed since {revision or 'HEAD'}")
    return Subject(
        focus_files=tuple(files_at(paths, result.root, focus, "focus")),
        mentioned_files=tuple(mentioned),
        changed_files=tuple(rows_changed),
        names=tuple(dict.fromkeys(names)),
        query=encoded(query),
        query_words=tuple(map(encoded, first_distinct(words_in(query), _MOST_WORDS))),
        notes=tuple(notes),
    )


def _notes_on_names(result: ScanResult, names: Sequence[bytes]) -> list[str]:
    """Say which of these names nothing is called by, and what may have been meant."""
    if not names:
        return []
    tags = result.graph.tags
    unknown = [name for name, number in zip(names, tags.find(list(names)).tolist(), strict=True) if number < 0]
    notes = []
    for name in unknown[:_MOST_NOTES]:
        note = f"nothing here is called {_quoted(name)}"
        if meant := _names_near(result, name):
            note += f"; did you mean {' or '.join(map(_quoted, meant))}?"
        notes.append(note)
    if len(unknown) > _MOST_NOTES:
        notes.append(f"nothing here is called by {len(unknown) - _MOST_NOTES:,} more of the names that were mentioned")
    return notes


def _names_near(result: ScanResult, name: bytes) -> list[bytes]:
    from repomap_fast.ranking.search import nearest, nearest_paths

    if len(name) > _LONGEST_GUESSED:
        return []
    meant = nearest(result.graph.tags.all_names(), name)
    if not meant and (b"." in name or b"/" in name):
        meant = nearest_paths(result.file_table.paths, name)
    return [one for one in meant if len(one) <= _LONGEST_GUESSED]


def _quoted(name: bytes) -> str:
    return repr(os.fsdecode(name[:_LONGEST_GUESSED]))


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
    namesakes = rows_ending_in(paths, b"/" + encoded(text).lstrip(b"./"))
    return namesakes.tolist() if len(namesakes) <= _MOST_NAMESAKES else []


def notes_on_query(subject: Subject, emphasis: Emphasis) -> tuple[str, ...]:
    """Say if a query was given, and no word of it stands in any path or name."""
    found_files = subject.mentioned_files or (emphasis.words is not None and emphasis.words.is_found)
    if not subject.query.strip() or found_files or emphasis.name_factors is not None:
        return ()
    return ("no word of the query stands in a path or a name here",)


def emphasise(
    subject: Subject, result: ScanResult, graph: Graph, weights: Weights, *, show_focus: bool = False
) -> Emphasis:
    """Return what ranking makes of the work at hand.

    Rank comes from the files in focus, those that have changed, and those that the words of the query stand in; what
    files in focus and changed ones refer to counts more, and so do names that were spoken of. Files count by the words
    too, and by the kind of code that they are by their paths. Raises IndexDamagedError.
    """
    n_files = len(graph)
    graph_ids = np.full(len(result.file_table), -1, np.int64)
    table_rows = result.file_table.rows_with_language()
    graph_ids[table_rows] = np.arange(len(table_rows))

    def marked(rows: Sequence[int]) -> NDArray[np.bool_]:
        marks = np.zeros(n_files, np.bool_)
        ids = graph_ids[list(rows)]
        marks[ids[ids >= 0]] = True
        return marks

    is_focus, is_changed = marked(subject.focus_files), marked(subject.changed_files)
    is_mentioned = marked(subject.mentioned_files)
    powers = np.where(is_mentioned, np.log(weights.mentioned_file), 0.0)
    matches = match_subject(subject, graph, weights)
    if matches is not None:
        powers = np.minimum(powers + matches.weighed(weights), _LARGEST_POWER)
    source = np.maximum.reduce(
        [is_focus * weights.focus_source, is_changed * weights.changed_source, is_mentioned * weights.mentioned_source]
    )
    language_ids = result.file_table.language_ids[table_rows]
    return Emphasis(
        personalization=_source(source, powers, weights),
        reference_factors=np.maximum(
            np.where(is_focus, weights.focus_references, 1.0), np.where(is_changed, weights.changed_references, 1.0)
        ),
        name_factors=_name_factors(subject, graph, weights),
        file_factors=np.exp(powers) * factors_of_kinds(kinds_of_paths(graph.paths), weights),
        left_out=None if show_focus else is_focus,
        short_heads=_HAS_SHORT_HEADS[language_ids],
        words=None if matches is None else matches.words,
    )


def match_subject(subject: Subject, graph: Graph, weights: Weights) -> WordMatches | None:
    """Return where the words of the query and of the names that were mentioned stand; None if none count."""
    if not weights.uses_words or not (subject.query or subject.names):
        return None
    return match_query(query_of_subject(subject, weights), graph)


def query_of_subject(subject: Subject, weights: Weights) -> Query:
    """Return the words of the query and of the names that were mentioned."""
    return query_of(subject.query, subject.names, weights)


def _source(source: NDArray[np.float64], powers: NDArray[np.float64], weights: Weights) -> NDArray[np.float64] | None:
    """Return where rank comes from: the files that were named, and those that words speak of."""
    total = source.sum()
    parts = source / total if total else source
    if weights.words_source and powers.any():
        of_words = np.exp(np.minimum(powers, _MOST_POWER)) - 1
        parts = parts + of_words * (weights.words_source / of_words.sum())
    return parts if parts.any() else None


def _name_factors(subject: Subject, graph: Graph, weights: Weights) -> NDArray[np.float64] | None:
    """Return what references to each linked name are multiplied by; None if all are alike."""
    factors = None
    for words, factor in ((subject.query_words, weights.queried_name), (subject.names, weights.mentioned_name)):
        if words and factor != 1:
            factors = np.ones(graph.n_linked) if factors is None else factors
            factors[graph.find_linked(list(words))] = factor
    return factors


def files_at(paths: StringTable, root: Path, given: Sequence[str | os.PathLike[str]], option: str) -> list[int]:
    """Return the rows of all files that are at the given paths, or in the folders there, each once.

    Raises OptionError, with the name of ``option``, for a path at which no file of the scan is; it says which paths may
    have been meant. Raises it for ``root`` itself too: what everything is in is no choice.
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
    """Say in half a sentence why no file of the scan is at ``path``."""
    if path == b".." or path.startswith(b"../"):
        return f"which is not below {str(root)!r}; expected a file or folder there"
    if os.path.lexists(root / os.fsdecode(path)):
        return f"which is there, but is left out of the scan of {str(root)!r}, by an ignore file or an option"
    nearest = [os.fsdecode(one) for one in nearest_paths(paths, path)]
    if not nearest:
        return f"and nothing like it is below {str(root)!r}; expected a file or folder there"
    return f"and no file of {str(root)!r} is there; did you mean {' or '.join(repr(one) for one in nearest)}?"
