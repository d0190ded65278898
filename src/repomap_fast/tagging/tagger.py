"""The tag stage: threads that take batches of files and give a block of tags for each file.

Python's share is small on purpose: one call for a batch of files, which holds no lock while it lasts. What a batch gave
is handed over in the caller's own thread, while the others parse on.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import LanguageError, QueryError
from repomap_fast.languages.grammars import how_to_install, load_grammar
from repomap_fast.languages.known_macros import FIRST_USE, read_macros
from repomap_fast.languages.repetition import source_offset
from repomap_fast.languages.table import COMPONENT, REGIONS, REPAIRS
from repomap_fast.languages.tags_query import UNUSED, TagsQueryText, describe_position, split_capture
from repomap_fast.macros import USES
from repomap_fast.progress import STAGE_CHECK, STAGE_LOOK, STAGE_TAG, Progress
from repomap_fast.tables import I32, I64, ROLES, U8, U16, U32, FileStatus, StringTable
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.batches import BATCH_FILES, Batch, BatchQueue
from repomap_fast.tagging.block import KINDS_OF_QUERY
from repomap_fast.tagging.predicates import (
    OutOfTimeError,
    Predicate,
    Regexes,
    Step,
    find_failed_rows,
    read_predicate,
    settle_contested,
)
from repomap_fast.tagging.rules import PatternRules, place_of, read_rules
from repomap_fast.tagging.words import hash_terms
from repomap_fast.workers import run_workers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.deadline import Deadline
    from repomap_fast.options import ScanOptions
    from repomap_fast.resources.governors import CpuGovernor, MemoryGovernor

_Read = TypeVar("_Read")

Outliner = _tagger.Outliner
"""One thread's parser of the texts whose outline is asked for: ``outline`` runs several."""
MacroWords = _tagger.MacroWords
"""The words that texts of C or C++ are read with before they are outlined."""

MACRO_KINDS = ("call", "macro", "type", "operator", "prototype")
"""Kinds of what macros say, in the order of the compiled loop's numbers;"""
NO_KIND = 255
"""where the query does not name one, nothing is said."""
MAX_KINDS = 256
"""Kinds of one scan: the column has one byte."""
_FILES_UNTIL = 8
"""Files of a batch that is parsed against a deadline: what is unfinished then is lost."""
_FILES_AT_A_LOOK = 256
_MOST_BYTES_OF_A_LOOK = 8 << 20
"""Larger files are not looked into: they are generated, and each worker would hold one in memory."""
_GRACE_S = 0.1
"""How long the batches that were begun before a deadline may go on,"""
_FIRST_GRACE_S = 1.0
"""and while none has ended: without the tags of any file there is no answer."""


class SourceFiles(NamedTuple):
    """The files that a run of the tagger may be asked for.

    paths         below ``root``.
    language_ids  (n,) uint16: rows of the language table.
    sizes_bytes   (n,) int64: expected sizes; they decide only the order of the work.
    names         the paths of the files where ``paths`` are others; None where they are these.
    """

    root: Path
    paths: StringTable
    language_ids: U16
    sizes_bytes: I64
    names: StringTable | None = None


class TagsQueries(NamedTuple):
    """The compiled tags queries of some languages.

    by_language  for each row of the language table its query, or None.
    keys         16 bytes for each row of the language table, see ``TagsQueryText.key``.
    kinds        the kinds that the query of each language names, sorted; blocks number their kinds so.
    """

    by_language: list[_tagger.TagsQuery | None]
    keys: bytes
    kinds: dict[int, tuple[str, ...]]
    regexes: Regexes


class TaggedBatch(NamedTuple):
    """What became of some files, in any order.

    file_ids  (n,) uint32: rows of SourceFiles.
    statuses  (n,) uint8: FileStatus.
    errnos    (n,) int32: the system's error number of an unreadable file, else 0.
    digests   (n, 16) uint8: BLAKE2b of the contents; zeros for a file that could not be read.
    blocks    the sealed tags of each file; empty for one that was not parsed to its end.
    """

    file_ids: U32
    statuses: U8
    errnos: I32
    digests: U8
    blocks: list[bytes]

    def rows(self, rows: NDArray[np.intp]) -> TaggedBatch:
        """Return these files and no others."""
        blocks = [self.blocks[row] for row in rows.tolist()]
        return TaggedBatch(self.file_ids[rows], self.statuses[rows], self.errnos[rows], self.digests[rows], blocks)


class CountedBatch(NamedTuple):
    """How often wanted terms are in some files.

    file_ids  (n,) uint32: rows of SourceFiles.
    counts    (n, n_terms) uint8: by the rising hashes of the terms; 255 for more.
    errnos    (n,) int32: the system's error number of a file that was not read, else 0.
    """

    file_ids: U32
    counts: U8
    errnos: I32


class _OfFiles(Protocol):
    @property
    def file_ids(self) -> U32: ...


_Batch = TypeVar("_Batch", bound=_OfFiles)


class Pause(NamedTuple):
    """When to begin no other batch.

    is_due       asked after each batch.
    keeps_order  tag the files as they come, a few at a time; otherwise the largest first.
    """

    is_due: Callable[[], bool]
    keeps_order: bool = False


def tag(
    files: SourceFiles,
    file_ids: U32,
    queries: TagsQueries,
    options: ScanOptions,
    watch: Progress,
    take: Callable[[TaggedBatch], None],
    *,
    memory: MemoryGovernor | None = None,
    cpu: CpuGovernor | None = None,
    until: Deadline | None = None,
    pause: Pause | None = None,
) -> tuple[int, int]:
    """Tag the files ``file_ids``, rows of ``files``; return the source bytes that were parsed, and the threads.

    ``take`` is called in this thread with one batch after another. The governors say how much may be done at once.
    With a deadline, files are tagged in the order of ``file_ids``, and those that are left then are not; nor are those
    that are left at a pause.
    Raises ScanCancelled and whatever ``take`` raises; leaves no thread behind, KeyboardInterrupt included.
    """
    file_list = _file_list(files, queries, options)
    workers = _workers(file_list, file_ids, options, cpu)
    keeps_order = until is not None or (pause is not None and pause.keeps_order)
    batches = BatchQueue(
        file_ids,
        files.sizes_bytes,
        n_workers=len(workers),
        max_file_memory_bytes=options.max_file_memory,
        memory=memory,
        cpu=cpu,
        keeps_order=keeps_order,
        most_files=_FILES_UNTIL if keeps_order else BATCH_FILES,
    )

    def tag_batch(worker: _tagger.TagWorker, batch: Batch) -> TaggedBatch:
        if memory is not None:
            worker.limit_file_memory(batch.max_file_memory_bytes)
        worker.tag_files(batch.file_ids)
        pending = worker.pending_regexes()
        if len(pending[0]):
            end = time.monotonic() + options.timeout_per_file

            def check_time() -> None:
                if file_list.is_stopped or time.monotonic() > end:
                    raise OutOfTimeError

            verdicts = find_failed_rows(queries.regexes, worker.text, pending, worker.n_tags, check_time)
            settle_contested(verdicts, *worker.contested_tags())
            worker.drop_tags(verdicts)
        tagged_ids, statuses, errnos, digests, blocks = worker.take_blocks()
        tagged = TaggedBatch(tagged_ids, statuses, errnos, digests, blocks)
        if file_list.is_stopped:
            # A worker that was stopped writes no more blocks.
            return tagged.rows(np.flatnonzero([len(block) for block in blocks]))
        if batch.is_last_try or batch.max_file_memory_bytes >= options.max_file_memory:
            return tagged
        is_short = statuses == FileStatus.OUT_OF_MEMORY
        batches.retry_alone(tagged_ids[is_short])
        return tagged.rows(np.flatnonzero(~is_short))

    def take_batch(tagged: TaggedBatch) -> None:
        take(tagged)
        if pause is not None and pause.is_due():
            batches.close()

    _run(STAGE_TAG, workers, file_list, batches, len(file_ids), tag_batch, take_batch, watch, until)
    return sum(worker.source_bytes for worker in workers), len(workers)


def _workers(
    file_list: _tagger.FileList, file_ids: U32, options: ScanOptions, cpu: CpuGovernor | None
) -> list[_tagger.TagWorker]:
    n_workers = options.n_workers if cpu is None else cpu.worker_limit(options.n_workers)
    return [_tagger.TagWorker(file_list) for _ in range(max(1, min(n_workers, len(file_ids))))]


def digest(
    files: SourceFiles,
    file_ids: U32,
    options: ScanOptions,
    watch: Progress,
    take: Callable[[TaggedBatch], None],
) -> None:
    """Read and hash the files ``file_ids`` without parsing them; batches have no blocks, a status only of failures.

    Raises as ``tag`` does.
    """
    file_list = _file_list(files, TagsQueries([], b"", {}, Regexes()), options)
    workers = _workers(file_list, file_ids, options, None)
    batches = BatchQueue(file_ids, files.sizes_bytes, n_workers=len(workers), max_file_memory_bytes=0)

    def digest_batch(worker: _tagger.TagWorker, batch: Batch) -> TaggedBatch:
        digests, errnos = worker.digest_files(batch.file_ids)
        statuses = np.where(errnos == 0, FileStatus.TAGGED, FileStatus.UNREADABLE).astype(np.uint8)
        return TaggedBatch(batch.file_ids, statuses, errnos, digests, [b""] * len(batch.file_ids))

    _run(STAGE_CHECK, workers, file_list, batches, len(file_ids), digest_batch, take, watch)


def count_terms(
    files: SourceFiles,
    file_ids: U32,
    terms: Sequence[bytes],
    options: ScanOptions,
    watch: Progress,
    take: Callable[[CountedBatch], None],
    *,
    until: Deadline,
) -> None:
    """Count terms in the files ``file_ids`` without parsing them, in that order, until a deadline.

    Raises as ``tag`` does.
    """
    smaller = replace(options, max_file_size=min(options.max_file_size, _MOST_BYTES_OF_A_LOOK))
    file_list = _file_list(files, TagsQueries([], b"", {}, Regexes()), smaller)
    workers = _workers(file_list, file_ids, options, None)
    batches = BatchQueue(
        file_ids,
        files.sizes_bytes,
        n_workers=len(workers),
        max_file_memory_bytes=0,
        keeps_order=True,
        most_files=_FILES_AT_A_LOOK,
    )
    wanted = _tagger.WantedTerms(list(terms), distinct(hash_terms(terms)))

    def count_batch(worker: _tagger.TagWorker, batch: Batch) -> CountedBatch:
        return CountedBatch(batch.file_ids, *worker.count_terms(batch.file_ids, wanted))

    _run(STAGE_LOOK, workers, file_list, batches, len(file_ids), count_batch, take, watch, until)


def _file_list(files: SourceFiles, queries: TagsQueries, options: ScanOptions) -> _tagger.FileList:
    return _tagger.FileList(
        os.fsencode(files.root),
        files.paths.offsets,
        files.paths.data,
        files.language_ids,
        queries.by_language,
        queries.keys,
        max_file_bytes=options.max_file_size,
        max_file_memory_bytes=options.max_file_memory,
        file_timeout_s=options.timeout_per_file,
        name_offsets=None if files.names is None else files.names.offsets,
        name_bytes=None if files.names is None else files.names.data,
    )


def compile_queries(texts: Sequence[TagsQueryText]) -> TagsQueries:
    """Compile these tags queries, each of another language. Raises QueryError, LanguageError."""
    n_languages = max((text.language_id for text in texts), default=-1) + 1
    queries: list[_tagger.TagsQuery | None] = [None] * n_languages
    keys = [bytes(16)] * n_languages
    kinds: dict[int, tuple[str, ...]] = {}
    regexes = Regexes()
    for text in texts:
        query, of_query = _compile_host(text, regexes) if text.guests else _compile_one(text, regexes)
        queries[text.language_id], keys[text.language_id], kinds[text.language_id] = query, text.key, of_query
    if len({kind for of_query in kinds.values() for kind in of_query}) > MAX_KINDS:
        raise QueryError(f"the tags queries name more than {MAX_KINDS} kinds; expected that at most")
    return TagsQueries(queries, b"".join(keys), kinds, regexes)


def _compile_one(text: TagsQueryText, regexes: Regexes) -> tuple[_tagger.TagsQuery, tuple[str, ...]]:
    """Compile the query of a language; return it with the kinds that it names."""
    compiled = _Compiled.of(text)
    of_query = _kinds_in_order(text, compiled.kinds)
    compiled.configure(of_query, regexes)
    return compiled.query, of_query


def _compile_host(text: TagsQueryText, regexes: Regexes) -> tuple[_tagger.TagsQuery, tuple[str, ...]]:
    """Compile the queries for a language and for those of its parts: they number their kinds alike."""
    guests = {number: _Compiled.of(guest) for number, guest in text.guests}
    host = _Compiled.of(text) if text.grammar else next(iter(guests.values()))
    every = list(dict.fromkeys((host, *guests.values())))
    of_query = _kinds_in_order(text, {COMPONENT}.union(*(one.kinds for one in every)))
    for one in every:
        one.configure(of_query, regexes)
    host.query.take_guests(
        [(number, guest.query) for number, guest in guests.items()],
        regions=REGIONS.index(text.regions),
        reads_host=bool(text.grammar),
        is_component=text.is_component,
        component_kind=of_query.index(COMPONENT),
    )
    return host.query, of_query


def _kinds_in_order(text: TagsQueryText, kinds: Iterable[str]) -> tuple[str, ...]:
    of_query = tuple(sorted(kinds))
    if len(of_query) > KINDS_OF_QUERY:
        raise QueryError(f"{text.origin} names {len(of_query)} kinds; expected at most {KINDS_OF_QUERY}")
    return of_query


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    """A query that was compiled, and is to be configured once the numbers of its kinds are known."""

    text: TagsQueryText
    query: _tagger.TagsQuery
    uses: list[tuple[int, int, str]]
    rules: list[PatternRules]

    @classmethod
    def of(cls, text: TagsQueryText) -> _Compiled:
        """Compile a text. Raises QueryError, LanguageError."""
        query = _compile_query(text)
        uses = [split_capture(name) for name in query.capture_names]
        return cls(text, query, uses, _each_pattern(text.origin, query.predicates_by_pattern(), read_rules))

    @property
    def kinds(self) -> set[str]:
        """The kinds that it names."""
        named = {kind for use, _, kind in self.uses if use != UNUSED and kind}
        return named | {rule.kind_in_type for rule in self.rules if rule.kind_in_type}

    def configure(self, of_query: tuple[str, ...], regexes: Regexes) -> None:
        """Number its kinds by ``of_query``. Raises QueryError."""
        text, query = self.text, self.query
        steps = query.predicates_by_pattern()
        query.configure(
            [
                (use, role, of_query.index(kind) if use != UNUSED and kind else 0, place_of(ROLES[role], kind))
                for use, role, kind in self.uses
            ],
            _each_pattern(text.origin, steps, partial(_read_predicates, regexes=regexes)),
            [
                (rules.flags, of_query.index(rules.kind_in_type) if rules.kind_in_type else 0, *rules[2:])
                for rules in self.rules
            ],
        )
        if text.macros:
            kinds_of_macros = [of_query.index(kind) if kind in of_query else NO_KIND for kind in MACRO_KINDS]
            query.know_macros(_known_words(text), kinds_of_macros, is_cpp=_is_cpp(text))


def macro_words(text: TagsQueryText) -> MacroWords | None:
    """Return the words that files of a query's language are read with before the parse; None where there are none."""
    return MacroWords(_known_words(text), is_cpp=_is_cpp(text)) if text.macros else None


def _known_words(text: TagsQueryText) -> list[tuple[bytes, bool, int, int]]:
    return [
        (macro.name.encode(), macro.is_prefix, FIRST_USE + USES.index(macro.use), macro.argument)
        for macro in read_macros(text.macros)
    ]


def _is_cpp(text: TagsQueryText) -> bool:
    return text.grammar == "cpp"


def _compile_query(text: TagsQueryText) -> _tagger.TagsQuery:
    origin, source = text.origin, text.source
    try:
        grammar = load_grammar(text.grammar, text.package)
        return _tagger.TagsQuery(
            grammar,
            source,
            check_patterns=text.is_users,
            bmp_only=text.bmp_only,
            reset_scanner=text.reset_scanner,
            repair=REPAIRS.index(text.repair),
            grammar=text.grammar.encode(),
        )
    except ValueError as error:
        what, offset = error.args
        if offset < text.own_start:
            origin = f"{origin}, in what it inherits"
        else:
            source = text.own_text or source[text.own_start :]
            offset = source_offset(source, offset - text.own_start)
        excerpt = source[offset : offset + 40].split(b"\n")[0].decode(errors="replace")
        raise QueryError(
            f"{origin}, {describe_position(source, offset)}: {what}, at {excerpt!r}; expected a tree-sitter query "
            f"for the grammar {text.grammar!r}"
        ) from None
    except LookupError as error:
        raise grammar_misfit(text.grammar, error) from None


def grammar_misfit(name: str, error: LookupError) -> LanguageError:
    """Return the error to raise for the grammar ``name`` when the core refuses it with ``error``."""
    abi, oldest, newest = error.args
    return LanguageError(
        f"the grammar {name!r} has ABI version {abi}; this build reads {oldest} to {newest}: {how_to_install(name)}"
    )


def _each_pattern(origin: str, steps: list[list[list[Step]]], read: Callable[[list[list[Step]]], _Read]) -> list[_Read]:
    """Return what is read from the predicates of each pattern. Raises QueryError, which names the pattern."""
    found = []
    for number, of_pattern in enumerate(steps, 1):
        try:
            found.append(read(of_pattern))
        except ValueError as error:
            raise QueryError(f"{origin}, pattern {number}: {error}") from None
    return found


def _read_predicates(of_pattern: list[list[Step]], regexes: Regexes) -> list[Predicate]:
    read = (read_predicate(steps, regexes) for steps in of_pattern)
    return [predicate for predicate in read if predicate is not None]


def _run(
    stage: str,
    workers: list[_tagger.TagWorker],
    file_list: _tagger.FileList,
    batches: BatchQueue,
    n_files: int,
    work: Callable[[_tagger.TagWorker, Batch], _Batch],
    take: Callable[[_Batch], None],
    watch: Progress,
    until: Deadline | None = None,
) -> None:
    """Do all files, or those that can be done until a deadline; return when no worker runs any more."""
    n_taken = 0

    def tag_batches(worker: _tagger.TagWorker) -> Iterator[_Batch]:
        while (batch := batches.next()) is not None:
            result = work(worker, batch)
            batches.end(batch)
            yield result

    def take_result(result: _Batch) -> None:
        nonlocal n_taken
        n_taken += len(result.file_ids)
        take(result)

    def report() -> None:
        watch.report(stage, min(n_files, n_taken + sum(worker.n_files for worker in workers)), n_files)
        if until is not None and until.is_over:
            batches.close()
            if until.left_s < -(_GRACE_S if n_taken else _FIRST_GRACE_S):
                file_list.stop()

    def stop() -> None:
        batches.close()
        file_list.stop()

    report()
    run_workers([tag_batches(worker) for worker in workers], take_result, poll=report, stop=stop, name="repomap-fast")
