"""The tag stage: threads that take batches of files, and the joining of what they found.

Python's share is small on purpose: one call for a batch of files, which holds no lock while it lasts.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast import _tagger
from repomap_fast.errors import LanguageError, QueryError
from repomap_fast.languages import LANGUAGES
from repomap_fast.predicates import Predicate, Regexes, find_failed_rows, read_predicate
from repomap_fast.progress import STAGE_TAG, Watch
from repomap_fast.tables import I64, NO_LANGUAGE, U16, U32, StringTable
from repomap_fast.tags_query import UNUSED, describe_position, read_tags_query, split_capture

if TYPE_CHECKING:
    from repomap_fast.options import ScanOptions

BATCH_BYTES = 1 << 20
"""Source bytes of a batch: some 80 ms of parsing, beside which a call from Python is nothing."""
BATCH_FILES = 64
"""Files of a batch at the most, so that progress moves among small files too."""
_POLL_S = 0.05
"""How often the caller's thread looks up: for its progress, its cancel event and Ctrl-C."""


def tag(
    root: Path, paths: StringTable, language_ids: U16, sizes_bytes: I64, options: ScanOptions, watch: Watch
) -> tuple[list[_tagger.TagWorker], tuple[str, ...]]:
    """Tag every file whose language has a tags query; return the workers with their columns, and the kinds.

    Raises QueryError, LanguageError, ScanCancelled; KeyboardInterrupt leaves no thread behind.
    """
    queries, kinds, regexes = compile_queries(np.unique(language_ids).tolist(), options.queries_dir)
    file_list = _tagger.FileList(
        os.fsencode(root),
        paths.offsets,
        paths.data,
        language_ids,
        queries,
        max_file_bytes=options.max_file_bytes,
        max_file_memory_bytes=options.max_file_memory_bytes,
        file_timeout_s=options.file_timeout_s,
    )
    batches = list(_batches(language_ids, sizes_bytes))
    workers = [_tagger.TagWorker(file_list) for _ in range(max(1, min(options.n_workers, len(batches))))]
    _run(workers, file_list, batches, watch)
    for worker in workers:
        conditions = worker.conditions_on_tags()
        if len(conditions[0]):
            worker.drop_tags(find_failed_rows(regexes, worker.text, conditions, worker.n_tags))
    return workers, kinds


def compile_queries(
    language_ids: list[int], queries_dir: Path | None
) -> tuple[list[_tagger.TagsQuery | None], tuple[str, ...], Regexes]:
    """Compile the tags queries of these languages; return them by language id, the kinds they speak of, the regexes.

    Raises QueryError, LanguageError.
    """
    queries: list[_tagger.TagsQuery | None] = [None] * len(LANGUAGES)
    origins: dict[int, str] = {}
    for language_id in language_ids:
        if language_id != NO_LANGUAGE:
            queries[language_id], origins[language_id] = _compile_query(language_id, queries_dir)
    captures = {i: [split_capture(name) for name in query.capture_names] for i, query in enumerate(queries) if query}
    kinds = tuple(sorted({kind for uses in captures.values() for use, _, kind in uses if use != UNUSED and kind}))
    if len(kinds) > 256:
        raise QueryError(f"the tags queries speak of {len(kinds)} kinds; expected at most 256")
    kind_ids = {kind: kind_id for kind_id, kind in enumerate(kinds)}
    regexes = Regexes()
    for language_id, uses in captures.items():
        query = queries[language_id]
        assert query is not None
        query.configure(
            [(use, role, kind_ids.get(kind, 0)) for use, role, kind in uses],
            _read_predicates(query, origins[language_id], regexes),
        )
    return queries, kinds, regexes


def _compile_query(language_id: int, queries_dir: Path | None) -> tuple[_tagger.TagsQuery, str]:
    language = LANGUAGES[language_id]
    origin, source, is_users = read_tags_query(language.name, queries_dir)
    try:
        grammar = _grammar(language.grammar)
        return _tagger.TagsQuery(grammar, source, is_proved=is_users, is_basic=language.is_basic), origin
    except ValueError as error:
        what, offset = error.args
        excerpt = source[offset : offset + 40].split(b"\n")[0].decode(errors="replace")
        raise QueryError(
            f"{origin}, {describe_position(source, offset)}: {what}, at {excerpt!r}; expected a tree-sitter query "
            f"for the grammar {language.grammar!r}"
        ) from None
    except LookupError as error:
        abi, oldest, newest = error.args
        raise LanguageError(
            f"the grammar {language.grammar!r} has ABI version {abi}; this build reads {oldest} to {newest}: "
            "install a release of tree-sitter-language-pack below 1.0"
        ) from None


def _grammar(name: str) -> Any:
    """Return the capsule of a grammar. Raises LanguageError."""
    from tree_sitter_language_pack import get_binding

    try:
        return get_binding(name)  # type: ignore[arg-type]
    except (LookupError, ImportError, OSError) as error:
        raise LanguageError(
            f"the grammar {name!r} cannot be loaded ({error}): install tree-sitter-language-pack, at least 0.13.0 "
            "and below 1.0"
        ) from error


def _read_predicates(query: _tagger.TagsQuery, origin: str, regexes: Regexes) -> list[list[Predicate]]:
    patterns = []
    for number, predicates in enumerate(query.predicates_by_pattern(), 1):
        try:
            read = [read_predicate(steps, regexes) for steps in predicates]
        except ValueError as error:
            raise QueryError(f"{origin}, pattern {number}: {error}") from None
        patterns.append([predicate for predicate in read if predicate is not None])
    return patterns


def _batches(language_ids: U16, sizes_bytes: I64) -> Iterator[U32]:
    """Yield the files that have a language, largest first: the last batches are small, and all workers end together."""
    rows = np.flatnonzero(language_ids != NO_LANGUAGE)
    file_ids: U32 = rows[np.argsort(-sizes_bytes[rows], kind="stable")].astype(np.uint32)
    start, n_bytes = 0, 0
    for position, size in enumerate(sizes_bytes[file_ids].tolist(), 1):
        n_bytes += size
        if n_bytes >= BATCH_BYTES or position - start == BATCH_FILES:
            yield file_ids[start:position]
            start, n_bytes = position, 0
    if start < len(file_ids):
        yield file_ids[start:]


def _run(workers: list[_tagger.TagWorker], file_list: _tagger.FileList, batches: list[U32], watch: Watch) -> None:
    """Have the workers do all batches, each in its thread; return when none of them runs any more."""
    n_files = sum(map(len, batches))
    waiting = iter(batches)
    lock = threading.Lock()
    errors: list[BaseException] = []
    ended = threading.Semaphore(0)

    def work(worker: _tagger.TagWorker) -> None:
        try:
            while True:
                with lock:
                    batch = next(waiting, None)
                if batch is None or errors:
                    return
                worker.tag_files(batch)
        except BaseException as error:
            errors.append(error)
            file_list.stop()
        finally:
            ended.release()

    threads = [
        threading.Thread(target=work, args=(worker,), name=f"repomap-fast-{i}", daemon=True)
        for i, worker in enumerate(workers)
    ]
    try:
        watch.report(STAGE_TAG, 0, n_files)
        for thread in threads:
            thread.start()
        n_running = len(threads)
        while n_running:
            if ended.acquire(timeout=_POLL_S):
                n_running -= 1
            watch.report(STAGE_TAG, sum(worker.n_files for worker in workers), n_files)
    except BaseException:
        file_list.stop()
        with lock:
            waiting = iter(())
        raise
    finally:
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    if errors:
        raise errors[0]
