"""The tags, the graph, the terms, the imports, the uses and the facts of a result, loaded when first asked for.

They never depend on an open index: a result of a closed one reads blocks by itself, and joins in memory.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.blocks import BLOCK_CACHE_BYTES, Blocks
from repomap_fast.indexing.files import contents_of
from repomap_fast.indexing.keep import join_base, join_files
from repomap_fast.indexing.overlay import records_over, words_over
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.lazy_tags import PagedTags
from repomap_fast.joining.marks import FileMarks
from repomap_fast.joining.records import Kind, RecordColumns
from repomap_fast.joining.result import LateColumns, ScanResult
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.store.lru import LruCache
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, U8

if TYPE_CHECKING:
    from repomap_fast.indexing.base import Kept
    from repomap_fast.indexing.context import Context
    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.loaded_index import LoadedIndex
    from repomap_fast.joining.facts import FileFacts
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.imports import FileImports
    from repomap_fast.joining.join import Joined
    from repomap_fast.joining.tag_rows import PagedSource
    from repomap_fast.joining.uses import FileUses
    from repomap_fast.tables import FileTable, TagTable

_Table = TypeVar("_Table")
_Records = list[tuple[RecordColumns, I64]]


class LateTables:
    """Loads the tags, the graph, the terms, the imports, the uses and the facts of the files of one refresh.

    The index is held weakly: a result does not keep it open. While it is open and has not gone on, what must be joined
    again becomes its new base.
    """

    def __init__(
        self, index: LoadedIndex, context: Context, files: Files, kept: Kept, file_table: FileTable | None = None
    ) -> None:
        """Begin with nothing loaded; ``file_table`` is that of these files in this state, if it was made already."""
        self.context = context
        self.files = files
        self.file_table = files.table(kept.state) if file_table is None else file_table
        self._index = weakref.ref(index)
        self._reader = index.store.reader()
        self._newest = deque([kept], maxlen=1)

    @property
    def kept(self) -> Kept:
        """The state of the files, and the base that has their tags; another one after they were joined again."""
        return self._newest[0]

    def tags(self) -> TagTable:
        """Return the tags of all files."""
        return self._load(self._read_tags)

    def graph(self) -> Graph:
        """Return the graph of all files; no tag is loaded for it."""
        return self._load(self._read_graph)

    def words(self) -> FileWords:
        """Return the terms of all files; no tag is loaded for it."""
        return self._load(self._read_words)

    def imports(self) -> FileImports:
        """Return the imports of all files; no tag is loaded for it."""
        from repomap_fast.joining.imports import FileImports

        return FileImports(self._load(lambda: self._read_records("import")), len(self.kept.state))

    def uses(self) -> FileUses:
        """Return the uses of all files; no tag is loaded for it."""
        from repomap_fast.joining.uses import FileUses

        return FileUses(self._load(lambda: self._read_records("use")), len(self.kept.state))

    def facts(self) -> FileFacts:
        """Return the facts of all files; no tag is loaded for it."""
        from repomap_fast.joining.facts import FileFacts

        return FileFacts(*self._load(self._read_facts), len(self.kept.state))

    def marks(self) -> FileMarks:
        """Return the marks of all files; no tag is loaded for it."""
        return FileMarks(self._load(lambda: self._read_records("mark")), len(self.kept.state))

    def digests(self) -> U8:
        """Return the digests of the contents of all files; zeros where they were not read. No tag is loaded for it."""
        digests: U8 = np.zeros((len(self.file_table), 16), np.uint8)
        digests[self.file_table.rows_with_language()] = self.kept.state.digests
        return digests

    def tag_source(self) -> PagedSource:
        """Return what reads the tags of all files, a page at a time. What is in no base is joined first."""
        return self._load(self._read_tag_source)

    def _read_tag_source(self) -> PagedSource | None:
        """Return what reads the tags of the base; None if it does not have those of all files, or is damaged."""
        from repomap_fast.joining.tag_rows import PagedSource

        base, state = self.kept.base, self.kept.state
        if not self.kept.is_whole:
            return None
        try:
            tags = PagedTags.of(base.columns, offsets_from(state.tag_counts), base.record["seed"])
        except IndexDamagedError as error:
            self.report_damage(error)
            return None
        return PagedSource(tags, tuple(base.record["kinds"]))

    def _load(self, read: Callable[[], _Table | None]) -> _Table:
        table = read()
        # What was joined for the index may be lost at once; what is joined in memory is not.
        for in_memory in (False, True):
            if table is None:
                self.join_again(in_memory=in_memory)
                table = read()
        if table is None:
            raise IndexDamagedError("the tags that were joined in memory are not sound")
        # A file whose block was lost was parsed again, and is described as it is now.
        self.files.fill(self.file_table, self.kept.state)
        return table

    def _read_tags(self) -> TagTable | None:
        """Return the tags of the base; None if it does not have those of all files, or is damaged."""
        base = self.kept.base
        if not self.kept.is_whole:
            return None
        try:
            return base.tags()
        except IndexDamagedError as error:
            self.report_damage(error)
            return None

    def _read_graph(self) -> Graph | None:
        """Return the graph of base and overlay; None if it takes the tags of all files, or the base is damaged."""
        base, state = self.kept.base, self.kept.state
        try:
            if self.kept.is_whole:
                return base.graph()
            out, joined = self._join_changed()
            # Not loaded for a base.
            from repomap_fast.indexing.overlay_graph import graph_over

            return graph_over(base, state, out, joined)
        except (IndexDamagedError, LookupError, ValueError) as error:
            self.report_damage(error)
            return None

    def _read_words(self) -> FileWords | None:
        """Return the terms of base and overlay; None if the base is damaged."""
        base, state = self.kept.base, self.kept.state
        try:
            if self.kept.is_whole:
                return FileWords.of(base.words())
            out, _ = self._join_changed()
            return words_over(base, state, WordColumns.of(out))
        except (IndexDamagedError, LookupError, ValueError) as error:
            self.report_damage(error)
            return None

    def _read_records(self, kind: Kind) -> _Records | None:
        """Return the records of base and overlay, with the file of each row; None if the base is damaged."""
        base, state = self.kept.base, self.kept.state
        try:
            if self.kept.is_whole:
                return [(base.records(kind), np.arange(len(state), dtype=np.int64))]
            out, _ = self._join_changed()
            return records_over(base, state, RecordColumns.of(out, kind), kind)
        except (IndexDamagedError, LookupError, ValueError) as error:
            self.report_damage(error)
            return None

    def _read_facts(self) -> tuple[_Records, _Records] | None:
        facts = self._read_records("fact")
        uses = self._read_records("use") if facts is not None else None
        return (facts, uses) if facts is not None and uses is not None else None

    def _join_changed(self) -> tuple[MemoryColumns, Joined]:
        """Return the columns of the files that are not in the base."""
        out, index, state = MemoryColumns(), self._current_index(), self.kept.state
        rows = np.flatnonzero(state.base_rows == NOT_IN_BASE)
        if index is not None:
            return out, join_files(out, Blocks(self.context, self.files, index.blocks, index.store), state, rows)
        with closing(self._reader.open()) as store:
            return out, join_files(out, Blocks(self.context, self.files, _new_cache(), store), state, rows)

    def report_damage(self, error: Exception) -> None:
        """Report damage in the base, if there is still an index that can be told."""
        index = self._index()
        if index is not None:
            index.report_damage(error, self.kept.base.record["token"])

    def join_again(self, *, in_memory: bool = False) -> None:
        """Join the tags of all files: into a new base of the index if it is open and at this state, else in memory."""
        context, files, state = self.context, self.files, self.kept.state
        index = None if in_memory else self._current_index()
        if index is not None:
            blocks = Blocks(context, files, index.blocks, index.store)
            kept = index.kept = join_base(context, files, blocks, index.store, index.name, state)
            index.store.commit()
        else:
            with closing(self._reader.open()) as store:
                blocks = Blocks(context, files, _new_cache(), store)
                kept = join_base(context, files, blocks, store, "", state)
        self._newest.append(kept)

    def _current_index(self) -> LoadedIndex | None:
        """Return the index, if it is open and has this state."""
        index = self._index()
        return index if index is not None and index.store.is_open and index.kept is self.kept else None


def _new_cache() -> LruCache:
    return LruCache(BLOCK_CACHE_BYTES)


def make_result(index: LoadedIndex, tables: LateTables, *, words: Callable[[], FileWords] | None = None) -> ScanResult:
    """Return the result of a refresh, which loads its tags, its graph, its terms and its records late.

    words  returns the terms; None for those of the tables.
    """
    context, store = tables.context, index.store
    record = tables.kept.record
    kinds = record["definition_kinds"]
    # A record that does not fit the files is not believed: the tags are counted.
    is_right = sum(kinds.values()) == tables.file_table.definition_counts.sum(dtype=np.int64)
    result = ScanResult(
        root=context.root,
        file_table=tables.file_table,
        tag_table=tables.tags,
        late=LateColumns(
            tables.graph,
            words or tables.words,
            tables.imports,
            tables.uses,
            tables.facts,
            tables.marks,
            tables.digests,
            tables.tag_source,
        ),
        notes=tuple(dict.fromkeys((*tables.files.found.notes, *store.notes, *context.memory_notes()))),
        metrics=context.metrics,
        options=context.options,
        identifier_classes=dict(zip(IDENTIFIER_CLASSES, record["identifier_classes"], strict=True)),
        definition_kinds=kinds if is_right else None,
    )
    result.contents = contents_of(tables.files.found, context.root)
    return result
