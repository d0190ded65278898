"""One refresh of an index: from the files as they are to the tags of all of them.

Every file is looked at; what may have changed is read and hashed; contents that were never seen are parsed; the blocks
of all are joined into columns, unless so little has changed that an overlay tells it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.discovery.discover import Discovery, discover, look_up_files
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.base import BLOCK_CACHE_BYTES, Base, Memory, language_names
from repomap_fast.indexing.blocks import LOOKUP_FILES, Blocks
from repomap_fast.indexing.overlay import classes_over, graph_over
from repomap_fast.indexing.state import (
    NOT_IN_BASE,
    State,
    as_base,
    describe_overlay,
    overlay_limit,
    slices_of,
    write_base,
)
from repomap_fast.joining.graph import read_graph, write_graph
from repomap_fast.joining.join import (
    CHUNK_BYTES,
    Joined,
    give_back_memory,
    join,
    names_of_block,
    tag_table,
)
from repomap_fast.joining.result import ScanResult
from repomap_fast.languages.identify import LANGUAGES, find_language, identify_languages
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.progress import STAGE_CHECK, STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG
from repomap_fast.resources.governors import CpuGovernor, MemoryGovernor
from repomap_fast.store.columns import ColumnFolder, Columns, KeptColumns, MemoryColumns
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, NO_LANGUAGE, U16, FileStatus, FileTable, TagTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.metrics import IndexStats, ScanMetrics
    from repomap_fast.options import ScanOptions
    from repomap_fast.progress import Progress
    from repomap_fast.store.columns import ColumnWriter
    from repomap_fast.tagging.tagger import SourceFiles, TaggedBatch, TagsQueries

Choice: TypeAlias = "Callable[[Discovery, U16], NDArray[np.intp]]"
"""Tells, of all files and their languages, the rows of some, rising."""

_PAUSE_S = 0.05
"""How long a caller who cancels waits at the most."""
_LOOKUP_BYTES = 4 << 20
"""Source bytes of files whose blocks are asked for before it is known how many tags they hold."""
_PAID_AHEAD_S = 0.02
"""For what is used after the last wait, until the caller has its result: without it the mean ends on the limit."""


class Refresh:
    """One refresh of an index: from what is on the disk to its new state and result."""

    def __init__(
        self, root: Path, options: ScanOptions, memory: Memory, stats: IndexStats, metrics: ScanMetrics, watch: Progress
    ) -> None:
        self.root = root
        self.options = options
        self.memory = memory
        self.store = memory.store
        self.stats = stats
        self.metrics = metrics
        self.watch = watch
        self.base: Base | None = None
        limit_bytes, limit_percent = options.max_memory, options.max_cpu
        self.governor = None if limit_bytes is None else MemoryGovernor(limit_bytes)
        self.cpu = None if limit_percent is None else CpuGovernor(limit_percent)

    def run(self) -> ScanResult:
        """Do it all; the caller sees to it that what was parsed is kept if this raises."""
        looked_ns = time.time_ns()
        with self.metrics.stage(STAGE_DISCOVER):
            found, language_ids = self._discover()
        self._tag_what_is_new(found, language_ids)
        self.state.mark_racy(looked_ns)
        with self.metrics.stage(STAGE_JOIN):
            self._keep()
        self._pay()
        return self._result(self._load_tags, self._load_graph)

    def mend(self, error: IndexDamagedError) -> ScanResult:
        """Join all anew, since a part of the columns was found to be damaged when it was used; return the result."""
        if self.base is not None:
            self.memory.note_damage(error, self.base.record["token"])
        self._join_again()
        return self._result(self._load_tags, self._load_graph)

    def run_on(self, paths: Iterable[bytes]) -> ScanResult:
        """Tag these files alone; of what they give the blocks are kept, and the state stays as it is."""
        with self.metrics.stage(STAGE_DISCOVER):
            found = look_up_files(self.root, paths, self.options, self.watch)
            language_ids = identify_languages(self.root, found.paths)
        self._tag_what_is_new(found, language_ids)
        self.stats.removed = 0
        with self.metrics.stage(STAGE_JOIN):
            out = MemoryColumns()
            joined, _ = self._write_columns_to(out)
        self._pay()
        self.classes = joined.identifier_classes
        state = self.state
        return self._result(
            tag_table(out, joined.kinds, joined.seed),
            lambda: read_graph(out, state.paths, state.tag_counts, joined.kinds, joined.seed),
        )

    def warm(self, choose: Choice) -> None:
        """Keep the tags of some files, so that a scan to come need not parse them; the state stays as it is."""
        with self.metrics.stage(STAGE_DISCOVER):
            found, language_ids = self._discover()
            rows = choose(found, language_ids)
        self._tag_what_is_new(found.rows(rows), language_ids[rows])
        self._pay()
        self.stats.removed = 0

    def _pay(self) -> None:
        """Wait until the mean is what it may be: the last batches and the join have used processor time as well."""
        has_waited = False
        while self.cpu is not None and (pause_s := self.cpu.pause_s()) > 0:
            self.watch.raise_if_cancelled()
            time.sleep(min(pause_s, _PAUSE_S))
            has_waited = True
        if has_waited:
            time.sleep(_PAID_AHEAD_S)

    def _tag_what_is_new(self, found: Discovery, language_ids: U16) -> None:
        """Find out what gives which tags, from the last state, the store, or by parsing it."""
        self.found, self.language_ids = found, language_ids
        with self.metrics.stage(STAGE_DISCOVER):
            self.rows = np.flatnonzero(self.language_ids != NO_LANGUAGE)
            self.texts = {
                language_id: read_tags_query(language_id, self.options.queries)
                for language_id in distinct(self.language_ids[self.rows]).tolist()
            }
            self.query_keys = {language_id: text.key for language_id, text in self.texts.items()}
            self.blocks = Blocks(self.memory, self.query_keys)
        self.state = State.unread(
            self.found.paths.rows(self.rows),
            self.language_ids[self.rows],
            self.found.sizes_bytes[self.rows],
            self.found.mtimes_ns[self.rows],
            self.found.ctimes_ns[self.rows],
            self.found.inodes[self.rows],
        )
        self.stats.files = len(self.state)
        with self.metrics.stage(STAGE_CHECK):
            self.memory.load()
            open_rows, unread_rows = self._settle()
            if len(open_rows) and self.store.has_blocks():
                self._read(unread_rows)
                open_rows = self._take_from_store(open_rows)
        if len(open_rows):
            with self.metrics.stage(STAGE_TAG):
                self._tag(open_rows)

    def _discover(self) -> tuple[Discovery, U16]:
        wanted = [find_language(name) for name in self.options.languages]
        found = discover(self.root, self.options, self.watch)
        language_ids = identify_languages(self.root, found.paths)
        if wanted:
            rows = np.flatnonzero(np.isin(language_ids, wanted))
            found, language_ids = found.rows(rows), language_ids[rows]
        return found, language_ids

    def _settle(self) -> tuple[I64, I64]:
        """Take over what is still known; return the rows whose tags are not, and those of them that are to be read."""
        state, last = self.state, self.memory.state
        is_open = np.ones(len(state), np.bool_)
        is_unread = np.ones(len(state), np.bool_)
        if last is not None and self.memory.base is not None:
            rows = state.rows_in(last)
            same = state.has_contents_of(last, rows)
            here = np.flatnonzero(same)
            there = rows[here]
            state.take_over(here, last, there)
            is_unread[here] = ~state.has_block()[here]
            is_open[here] = ~self._is_settled(here, last, there)
            self.stats.fresh = int(np.count_nonzero(~is_open))
            self.stats.removed = len(last) - int(np.count_nonzero(rows >= 0))
        is_too_large = state.sizes_bytes > self.options.max_file_size
        state.forget_tags(np.flatnonzero(is_too_large & (state.statuses != FileStatus.TOO_LARGE)))
        state.statuses[is_too_large] = FileStatus.TOO_LARGE
        is_open &= ~is_too_large
        return np.flatnonzero(is_open), np.flatnonzero(is_open & is_unread)

    def _is_settled(self, here: I64, last: State, there: I64) -> NDArray[np.bool_]:
        """Return which of these files, whose contents are as they were, would give what they gave."""
        record = self.memory.record
        language_ids = self.state.language_ids[here]
        settled: NDArray[np.bool_] = language_ids == last.language_ids[there]
        settled &= self._has_query_of(record)[language_ids]
        statuses = last.statuses[there]
        budgets = record["budgets"]
        settled &= statuses != FileStatus.UNREADABLE
        settled &= statuses != FileStatus.TOO_LARGE
        if self.options.timeout_per_file > budgets["file_timeout_s"]:
            settled &= statuses != FileStatus.OUT_OF_TIME
        if self.options.max_file_memory > budgets["max_file_memory_bytes"]:
            settled &= statuses != FileStatus.OUT_OF_MEMORY
        return settled

    def _has_query_of(self, record: Mapping[str, Any]) -> NDArray[np.bool_]:
        """Return for each language whether its query is the one that a base was made with."""
        is_same = np.zeros(len(LANGUAGES), np.bool_)
        for language_id, key in self.query_keys.items():
            is_same[language_id] = record["query_keys"].get(str(language_id)) == key.hex()
        return is_same

    def _read(self, rows: I64) -> None:
        """Hash the files, so that the store can be asked for their tags."""

        def take(batch: TaggedBatch) -> None:
            self.state.digests[batch.file_ids] = batch.digests

        from repomap_fast.tagging.tagger import digest

        self.stats.read = len(rows)
        digest(self._sources(), rows.astype(np.uint32), self.options, self.watch, take)

    def _sources(self) -> SourceFiles:
        # The tagger, with the core and what it needs, is not loaded where nothing has changed.
        from repomap_fast.tagging.tagger import SourceFiles

        return SourceFiles(self.root, self.state.paths, self.state.language_ids, self.state.sizes_bytes)

    def _take_from_store(self, rows: I64) -> I64:
        """Take the tags that are kept from another time; return the rows whose tags are not."""
        is_known = self.state.digests[rows].any(axis=1)
        known, missing = rows[is_known], rows[~is_known].tolist()
        for start, end in slices_of(self.state.sizes_bytes[known], LOOKUP_FILES, _LOOKUP_BYTES):
            self.watch.report(STAGE_CHECK, start, len(known))
            some = known[start:end].tolist()
            found = self.blocks.find(self.state, some)
            for row, (_, n_tags, n_definitions, status) in found.items():
                self.state.note_block(row, status, n_tags, n_definitions)
            self.stats.from_store += len(found)
            missing += [row for row in some if row not in found]
        return np.array(sorted(missing), np.int64)

    def _compile(self, language_ids: list[int]) -> TagsQueries:
        """Compile the queries of these languages, and remember the kinds that they speak of."""
        from repomap_fast.tagging.tagger import compile_queries

        queries = compile_queries([self.texts[language_id] for language_id in language_ids])
        self.blocks.keep_kinds(queries.kinds)
        return queries

    def _tag(self, rows: I64) -> None:
        """Parse the files and keep their blocks."""
        from repomap_fast.tagging.tagger import tag

        state = self.state
        queries = self._compile(distinct(state.language_ids[rows]).tolist())

        def take(batch: TaggedBatch) -> None:
            self.blocks.keep(state, batch)
            self._shrink()

        n_bytes, n_workers = tag(
            self._sources(),
            rows.astype(np.uint32),
            queries,
            self.options,
            self.watch,
            take,
            memory=self.governor,
            cpu=self.cpu,
        )
        give_back_memory()
        self.metrics.source_bytes += n_bytes
        self.metrics.workers = max(self.metrics.workers, n_workers)
        self.stats.parsed += len(rows)

    def _shrink(self) -> None:
        """Give up what is only there to save time, where memory is short."""
        if self.governor is None:
            return
        room = self.governor.cache_bytes(BLOCK_CACHE_BYTES)
        self.memory.blocks.resize(max_bytes=room)
        if room < BLOCK_CACHE_BYTES:
            self.governor.note("kept fewer blocks in memory")
            self.store.commit()
            give_back_memory()

    def _keep(self) -> None:
        """Keep the new state: as an overlay while it is small, else as a new base."""
        base = self.base = self.memory.base
        if base is None:
            self._join()
            return
        has_same_query = self._has_query_of(base.record)
        self.state.find_in_base(base.state, has_same_query)
        overlay = describe_overlay(self.state, base.state)
        n_differing = len(overlay["rows"]) + len(overlay["gone"])
        # An overlay says of no file which query it was tagged by, so base and overlay have the same ones.
        kept = set(distinct(base.state.language_ids).tolist()).intersection(distinct(self.state.language_ids).tolist())
        if not has_same_query[list(kept)].all() or n_differing > overlay_limit(len(base.state)):
            self._join()
        else:
            self._keep_overlay(base, {**self._circumstances(), **overlay})

    def _circumstances(self) -> dict[str, Any]:
        """Return by what queries and within what budgets the files are tagged now."""
        return {
            "query_keys": {str(language_id): key.hex() for language_id, key in self.query_keys.items()},
            "budgets": {
                "file_timeout_s": self.options.timeout_per_file,
                "max_file_memory_bytes": self.options.max_file_memory,
            },
        }

    def _keep_overlay(self, base: Base, overlay: dict[str, Any]) -> None:
        """Keep what differs from the base; nothing is written where that is what it was."""
        memory, last = self.memory, self.memory.record
        memory.state = self.state
        if all(last.get(name, []) == value for name, value in overlay.items()):
            self.classes = last["identifier_classes"]
            return
        try:
            came = np.flatnonzero(self.state.base_rows == NOT_IN_BASE)
            self.classes = classes_over(
                base, self.state, map(names_of_block, self.blocks.in_order(self.state, came, self._tag))
            )
        except (IndexDamagedError, LookupError, ValueError) as error:
            self.memory.note_damage(error, base.record["token"])
            self._join()
            return
        memory.overlay = {"token": base.record["token"], "identifier_classes": self.classes, **overlay}
        self.store.write_state(f"overlay:{memory.name}", memory.overlay)

    def _chunks(self, rows: I64) -> Iterator[tuple[list[bytes], U16]]:
        """Yield the blocks of those of these files that have tags, in their order, some megabytes at a time."""
        rows = rows[self.state.tag_counts[rows] > 0]
        chunk_bytes = CHUNK_BYTES if self.governor is None else CHUNK_BYTES // 8
        blocks: list[bytes] = []
        start = n_bytes = 0
        self.watch.report(STAGE_JOIN, 0, len(rows))
        for position, block in enumerate(self.blocks.in_order(self.state, rows, self._tag), 1):
            blocks.append(block)
            n_bytes += len(block)
            if n_bytes >= chunk_bytes:
                yield blocks, self.state.language_ids[rows[start:position]]
                blocks, start, n_bytes = [], position, 0
                if self.governor is not None:
                    give_back_memory()
                self.watch.report(STAGE_JOIN, position, len(rows))
        yield blocks, self.state.language_ids[rows[start:]]
        self.watch.report(STAGE_JOIN, len(rows), len(rows))

    def _join(self) -> None:
        """Join the tags of all files into a new base."""
        memory, state = self.memory, self.state
        base_name = f"base:{memory.name}"
        joined, n_linked, out = self._write_columns()
        self.stats.joined = True
        record: dict[str, Any] = {
            "token": "",
            "languages": language_names(),
            **self._circumstances(),
            "kinds": joined.kinds,
            "seed": joined.seed,
            "identifier_classes": joined.identifier_classes,
            "n_files": len(state),
            "n_linked": n_linked,
        }
        columns: Columns = out
        if not isinstance(out, MemoryColumns):
            record["token"], record["columns"] = out.folder.name, out.manifest
            # What is there may be another process's by now.
            old = self.store.read_state(base_name)
            if not self.store.write_state(base_name, record):
                out.drop()
                self._join()
                return
            if old is not None:
                self.store.drop_columns(old["token"])
        self.classes = joined.identifier_classes
        memory.base, memory.overlay = Base(record, columns, as_base(state)), None
        self.base = memory.base
        memory.state = self.state = memory.base.state

    def _write_columns(self) -> tuple[Joined, int, KeptColumns | MemoryColumns]:
        """Write all columns, into memory if there is no room for them elsewhere."""
        out = self.store.new_columns()
        try:
            joined, n_linked = self._write_columns_to(out)
            if isinstance(out, MemoryColumns):
                return joined, n_linked, out
            return joined, n_linked, self.store.open_columns(out.folder.name, out.finish())
        except BaseException as error:
            if not isinstance(out, ColumnFolder):
                raise
            out.abandon()
            if not isinstance(error, OSError | IndexDamagedError):
                raise
            self.store.notes.append(f"the columns of the index are in memory only: {out.folder}: {error}")
        in_memory = MemoryColumns()
        return *self._write_columns_to(in_memory), in_memory

    def _write_columns_to(self, out: ColumnWriter) -> tuple[Joined, int]:
        joined = self._join_files(np.arange(len(self.state)), out, memory=self.governor)
        write_base(self.state, out)
        give_back_memory()
        return joined, write_graph(out, self.state.tag_counts, sum(joined.identifier_classes))

    def _join_files(self, rows: I64, out: ColumnWriter, memory: MemoryGovernor | None = None) -> Joined:
        """Write the columns of tags and names of some files."""
        # A language counts when a file of it was parsed, whatever else the store happens to know.
        parsed = distinct(self.state.language_ids[rows[self.state.has_block()[rows]]]).tolist()
        known = {language_id: self.blocks.kinds(language_id) for language_id in parsed}
        kinds = {language_id: of_query for language_id, of_query in known.items() if of_query is not None}
        if unknown := sorted(known.keys() - kinds.keys()):
            kinds |= self._compile(unknown).kinds
        return join(self._chunks(rows), kinds, out, memory=memory)

    def _result(self, tags: TagTable | Callable[[], TagTable], graph: Callable[[], Graph]) -> ScanResult:
        """Make the result: all files, and tags and graph, which may be loaded when they are asked for."""
        found = self.found
        n_files = len(found.paths)
        statuses = np.full(n_files, FileStatus.UNKNOWN_LANGUAGE, np.uint8)
        self.files = FileTable(
            paths=found.paths,
            language_ids=self.language_ids,
            sizes_bytes=found.sizes_bytes,
            mtimes_ns=found.mtimes_ns,
            ctimes_ns=found.ctimes_ns,
            inodes=found.inodes,
            statuses=statuses,
            errnos=np.zeros(n_files, np.int32),
            tag_offsets=np.zeros(n_files + 1, np.uint64),
            definition_counts=np.zeros(n_files, np.uint32),
        )
        self._fill_files()
        return ScanResult(
            root=self.root,
            file_table=self.files,
            tag_table=tags,
            graph=graph,
            notes=tuple(dict.fromkeys((*found.notes, *self.store.notes, *self._memory_notes()))),
            metrics=self.metrics,
            options=self.options,
            identifier_classes=dict(zip(IDENTIFIER_CLASSES, self.classes, strict=True)),
        )

    def _memory_notes(self) -> list[str]:
        if self.governor is None or not self.governor.actions:
            return []
        done = ", ".join(self.governor.actions)
        return [f"memory came near the limit of {self.governor.max_memory_bytes // 10**6} MB: {done}"]

    def _fill_files(self) -> None:
        """Say of each file what the state says of it."""
        files, state, rows = self.files, self.state, self.rows
        files.statuses[rows], files.errnos[rows] = state.statuses, state.errnos
        files.definition_counts[rows] = state.definition_counts
        tag_counts = np.zeros(len(files), np.uint64)
        tag_counts[rows] = state.tag_counts
        np.cumsum(tag_counts, out=files.tag_offsets[1:])

    def _load_tags(self) -> TagTable:
        """Return the tags when somebody asks for them: those of the base, or what is joined of base and overlay."""
        table = self._tags_of_base()
        if table is None:
            self._join_again()
            table = self._tags_of_base()
        if table is None:
            # The index went on, and this result keeps to what it was; or its columns are lost at once.
            out = MemoryColumns()
            joined, _ = self._write_columns_to(out)
            table = tag_table(out, joined.kinds, joined.seed)
        # A file whose block was lost is as it is now.
        self._fill_files()
        return table

    def _load_graph(self) -> Graph:
        """Return the graph when somebody asks for it; no tag is loaded for it."""
        graph = self._graph_of_base()
        if graph is None:
            self._join_again()
            graph = self._graph_of_base()
        if graph is None:
            out = MemoryColumns()
            joined, _ = self._write_columns_to(out)
            graph = read_graph(out, self.state.paths, self.state.tag_counts, joined.kinds, joined.seed)
        self._fill_files()
        return graph

    def _join_again(self) -> None:
        """Join all files into a new base, if the index did not go on meanwhile; else there is none for this state."""
        self.base = None
        if self.memory.state is self.state:
            self._join()
            self.store.commit()

    def _tags_of_base(self) -> TagTable | None:
        """Return the tags of the base; None if it has not those of the state, or something is damaged."""
        base = self.base
        return self.memory.tags_of(base) if base is not None and self.state.is_base(len(base.state)) else None

    def _graph_of_base(self) -> Graph | None:
        """Return the graph of base and overlay; None if there is none without all tags, or something is damaged."""
        base, state = self.base, self.state
        if base is None:
            return None
        try:
            if state.is_base(len(base.state)):
                return base.graph()
            out = MemoryColumns()
            joined = self._join_files(np.flatnonzero(state.base_rows == NOT_IN_BASE), out)
            return graph_over(base, state, out, joined)
        except (IndexDamagedError, LookupError, ValueError) as error:
            self.memory.note_damage(error, base.record["token"])
            return None
