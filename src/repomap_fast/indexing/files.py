"""The files of one refresh: which there are, their languages, and the tags queries of these.

Made once, then passed on: no later stage changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.contents import FolderContents
from repomap_fast.discovery.attributes import attribute_marks
from repomap_fast.discovery.discover import Discovery, discover_commit, look_up_files
from repomap_fast.indexing.seen_files import SeenFiles
from repomap_fast.indexing.state import State
from repomap_fast.languages.grammars import without_missing
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.table import LANGUAGES, find_languages
from repomap_fast.languages.tags_query import TagsQueryText, read_tags_query
from repomap_fast.paths import row_of
from repomap_fast.tables import NO_LANGUAGE, U8, U16, FileStatus, FileTable

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.contents import Contents
    from repomap_fast.indexing.context import Context

FileFilter: TypeAlias = "Callable[[Discovery, U16], NDArray[np.intp]]"
"""Returns, of all files and their languages, the rows of some, rising."""


class Files(NamedTuple):
    """The files of one refresh.

    found         all files, with or without a language.
    language_ids  (n_found,) uint16: rows of LANGUAGES, or NO_LANGUAGE.
    rows          (n,) intp, rising: the files with a language. Row i of a state is file ``rows[i]``.
    queries       the tags query of each language that a file has.
    marks         (n_found,) uint8: bits of FileMark by ``.gitattributes``.
    """

    found: Discovery
    language_ids: U16
    rows: NDArray[np.intp]
    queries: Mapping[int, TagsQueryText]
    marks: U8

    @classmethod
    def of(cls, found: Discovery, language_ids: U16, context: Context) -> Self:
        """Read the tags queries of the languages of these files. Raises QueryError, ScanCancelled."""
        options = context.options
        language_ids, notes = without_missing(language_ids)
        found = found._replace(notes=(*found.notes, *notes))
        rows = np.flatnonzero(language_ids != NO_LANGUAGE)
        present = distinct(language_ids[rows]).tolist()
        queries = {
            language_id: read_tags_query(language_id, options.queries, context.macros, fences=options.fences)
            for language_id in present
        }
        contents = contents_of(found, context.root)
        marks = attribute_marks(context.root, found.paths, rows, contents, context.watch)
        return cls(found, language_ids, rows, queries, marks)

    def unread_state(self) -> State:
        """Return a state that knows of the files with a language how they are, and nothing of their contents."""
        found, rows = self.found, self.rows
        return State.unread(
            found.paths.rows(rows),
            self.language_ids[rows],
            found.sizes_bytes[rows],
            found.mtimes_ns[rows],
            found.ctimes_ns[rows],
            found.inodes[rows],
        )

    def are_those_of(self, other: Files, state: State) -> bool:
        """Return whether these are the files of another refresh, as ``state``, which it gave, has them.

        Of files without a language it is enough that they are there.
        """
        found, rows = self.found, self.rows
        return (
            found.paths.equals(other.found.paths)
            and np.array_equal(self.language_ids, other.language_ids)
            and np.array_equal(self.marks, other.marks)
            and {number: query.key for number, query in self.queries.items()}
            == {number: query.key for number, query in other.queries.items()}
            and np.array_equal(found.sizes_bytes[rows], state.sizes_bytes)
            and np.array_equal(found.mtimes_ns[rows], state.mtimes_ns)
            and np.array_equal(found.ctimes_ns[rows], state.ctimes_ns)
            and np.array_equal(found.inodes[rows], state.inodes)
        )

    def find_same_queries(self, record: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Return for each language of LANGUAGES whether a base was made with the same tags query."""
        is_same = np.zeros(len(LANGUAGES), np.bool_)
        for language_id, query in self.queries.items():
            is_same[language_id] = record["query_keys"].get(str(language_id)) == query.key.hex()
        return is_same

    def table(self, state: State) -> FileTable:
        """Return the table of all files, as the state describes those with a language."""
        found, n = self.found, len(self.found.paths)
        has_times = found.commit is None
        table = FileTable(
            paths=found.paths,
            language_ids=self.language_ids,
            sizes_bytes=found.sizes_bytes,
            mtimes_ns=found.mtimes_ns if has_times else np.zeros(n, np.int64),
            ctimes_ns=found.ctimes_ns if has_times else np.zeros(n, np.int64),
            inodes=found.inodes if has_times else np.zeros(n, np.uint64),
            statuses=np.full(n, FileStatus.UNKNOWN_LANGUAGE, np.uint8),
            errnos=np.zeros(n, np.int32),
            tag_offsets=np.zeros(n + 1, np.uint64),
            definition_counts=np.zeros(n, np.uint32),
            marks=self.marks.copy(),
        )
        self.fill(table, state)
        return table

    def fill(self, table: FileTable, state: State) -> None:
        """Write into the table what the state says of each file with a language."""
        rows = self.rows
        table.statuses[rows], table.errnos[rows] = state.statuses, state.errnos
        table.definition_counts[rows] = state.definition_counts
        table.marks[rows] = self.marks[rows] | state.marks
        tag_counts = np.zeros(len(table), np.uint64)
        tag_counts[rows] = state.tag_counts
        np.cumsum(tag_counts, out=table.tag_offsets[1:])


def find_all(context: Context, seen: SeenFiles | None = None, *, has_time: bool = True) -> tuple[Discovery, U16]:
    """Return all files below the root that the options choose, and their languages. Raises ScanCancelled.

    seen      the files as they were last seen in this process; None to remember nothing.
    has_time  as for ``discover``.
    """
    wanted = [row for name in context.options.languages for row in find_languages(name)]
    if context.options.revision:
        found = discover_commit(context.root, context.options, context.watch)
        language_ids = identify_languages(contents_of(found, context.root), found.paths)
    else:
        seen = seen or SeenFiles(remembers=False)
        found = seen.find(context, has_time=has_time)
        language_ids = seen.languages(found, contents_of(found, context.root))
    if context.options.languages:
        rows = np.flatnonzero(np.isin(language_ids, wanted))
        found, language_ids = found.rows(rows), language_ids[rows]
    return found, language_ids


def find_named(context: Context, paths: Iterable[bytes]) -> tuple[Discovery, U16]:
    """Return the files at these paths below the root, and their languages; no rule leaves one out but in a commit."""
    if context.options.revision:
        every = discover_commit(context.root, context.options, context.watch)
        rows = {row for path in paths if (row := row_of(every.paths, path)) is not None}
        found = every.rows(np.array(sorted(rows), np.intp))
    else:
        found = look_up_files(context.root, paths, context.options, context.watch)
    return found, identify_languages(contents_of(found, context.root), found.paths)


def contents_of(found: Discovery, root: Path) -> Contents:
    """Return where the contents of these files are read."""
    return FolderContents(root) if found.commit is None else found.commit
