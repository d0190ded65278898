"""The outline of a file: its scopes, and so which header rows a map must show around a row.

A row on which a syntax node of several rows starts is the head of a scope. A map shows a row of interest with the head
of every scope around it. grep-ast's ``TreeContext`` computes these rows from the whole tree. An outline has the same in
three short columns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeAlias, TypeVar

import numpy as np

from repomap_fast.languages.grammars import is_missing
from repomap_fast.languages.table import LANGUAGES, Language, find_language
from repomap_fast.progress import Progress
from repomap_fast.tables import U8, U32, FileStatus
from repomap_fast.tagging.batches import MEMORY_OF_SOURCE
from repomap_fast.tagging.regions import find_regions

if TYPE_CHECKING:
    from repomap_fast.drawing.source_lines import SourceLines
    from repomap_fast.resources.governors import MemoryGovernor
    from repomap_fast.tagging.tagger import MacroWords, Outliner

T = TypeVar("T")

ALONE_BYTES = 4 << 20
"""A text of so many bytes may take a hundred megabytes to parse: it is parsed alone."""
_MOMENT_S = 0.1
"""Ctrl-C may wait so long."""
_LANGUAGES = {row.grammar: row for row in LANGUAGES if row.grammar}
"""By grammar. Grammars of the table are known to be thread-safe."""
_OTHER_GRAMMARS = threading.Lock()
"""Held while any other grammar parses: some of them keep their state in static variables."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The scopes of one file, by row; at most one starts on a row.

    rows       (n,) uint32: zero-based first row.
    end_rows   (n,) uint32: last row, above the first.
    head_rows  (n,) uint8: rows from the first that are its head, 1 to 10.
    """

    rows: U32
    end_rows: U32
    head_rows: U8

    def heads_around(self, rows: Sequence[int]) -> set[int]:
        """Return the rows of the heads of all scopes around any of the sorted ``rows``.

        A scope that starts on the file's first row is left out: its head would be shown everywhere.
        """
        if not rows or not len(self.rows):
            return set()
        wanted = np.array(rows, np.int64)
        # A scope contains a wanted row only if it contains the first one that is not before it.
        position = np.searchsorted(wanted, self.rows)
        nearest = np.append(wanted, np.iinfo(np.int64).max)[position]
        around = np.flatnonzero((nearest <= self.end_rows) & (self.rows > 0))
        heads: set[int] = set()
        for row, n_rows in zip(self.rows[around].tolist(), self.head_rows[around].tolist(), strict=True):
            heads.update(range(row, row + n_rows))
        return heads

    def without_root(self) -> Outline:
        """Return the scopes but for the one that starts where the text does: its head would be shown everywhere."""
        return Outline(self.rows[1:], self.end_rows[1:], self.head_rows[1:])

    def to_bytes(self) -> bytes:
        """Return the columns as one run of bytes, for ``from_bytes`` on the same machine."""
        return self.rows.tobytes() + self.end_rows.tobytes() + self.head_rows.tobytes()

    @classmethod
    def from_bytes(cls, kept: bytes) -> Outline:
        """Return the outline of ``to_bytes``. Raises ValueError for a length that it never gives."""
        n, rest = divmod(len(kept), 9)
        if rest:
            raise ValueError(f"an outline of {len(kept)} bytes; expected 9 for each scope")
        columns = np.frombuffer(kept, np.uint32, 2 * n)
        return cls(columns[:n], columns[n:], np.frombuffer(kept, np.uint8, n, offset=8 * n))


@dataclass(frozen=True, slots=True, eq=False)
class NodeRows:
    """The rows of all nodes of a syntax tree, in document order; neighbours on one and the same row are one node.

    rows      (n,) uint32: zero-based, on which the node starts; never falls.
    end_rows  (n,) uint32: its last row.
    stops     (n,) uint32: the node behind the last one below it.
    """

    rows: U32
    end_rows: U32
    stops: U32


@dataclass(frozen=True, slots=True)
class Text:
    """A text to outline.

    contents  UTF-8.
    grammar   its name in tree-sitter-language-pack.
    is_part   whether these are parts of a file, and blanks for the rest of it.
    """

    contents: bytes
    grammar: str
    is_part: bool = False

    @classmethod
    def of(cls, source: SourceLines, language: Language) -> Text | None:
        """Return what is parsed of a file: all, or of a file that only has parts in other languages these.

        None where there are none, or their grammar is not installed.
        """
        if language.grammar:
            return cls(source.text, language.grammar)
        regions = source.notebook or find_regions(source.text, language)
        if regions.guest is None or is_missing(find_language(regions.guest)):
            return None
        return cls(regions.parsed + b"\n", LANGUAGES[find_language(regions.guest)].grammar, is_part=True)


class Outliners:
    """Threads that outline texts. Each keeps its arena from one call to the next. Not thread-safe.

    With a memory governor, a text whose parse may need more than a thread's share is parsed alone. A text that needed
    more than its share is parsed again alone, after all others.

    macros  those of the user, where C and C++ are read as the tagger reads them, without their macros; None where they
            are parsed as they are written, as other programs do.
    """

    def __init__(
        self,
        *,
        n_workers: int,
        max_file_memory_bytes: int,
        file_timeout_s: float,
        memory: MemoryGovernor | None = None,
        macros: Sequence[str] | None = None,
    ) -> None:
        self.macros = macros
        self._n_workers = n_workers
        self._max_file_memory_bytes = max_file_memory_bytes
        self._file_timeout_s = file_timeout_s
        self._memory = memory
        self._outliners: list[Outliner] = []
        self._quick: Outliner | None = None
        self._grammars: dict[str, _Grammar] = {}

    def outline(self, texts: Sequence[Text], watch: Progress | None = None) -> list[Outline | None]:
        """Return the outline of each text; None for one that could not be parsed within its budget.

        Raises LanguageError, ScanCancelled. No thread is left running, even after KeyboardInterrupt.
        """
        work = _Work(texts, _outline, self._load(texts))
        watch = watch or Progress()
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i].contents), i))
        n_threads = max(1, min(self._worker_limit(), len(texts)))
        alone_bytes = min(ALONE_BYTES, self._share(n_threads) // MEMORY_OF_SOURCE)
        n_alone = sum(len(text.contents) >= alone_bytes for text in texts)
        self._run(order[:n_alone], 1, work, watch)
        self._run(order[n_alone:], n_threads, work, watch)
        if self._memory is not None:
            from repomap_fast.joining.join import give_back_memory

            # No other parse holds memory now: a text that is too large for a share may fit.
            self._run([i for i in order[n_alone:] if work.is_short[i]], 1, work, watch)
            if any(work.is_short):
                self._memory.note("showed rows without the scopes that they are in")
            self._outliners = []
            give_back_memory()
        return work.results

    def node_rows(self, text: Text) -> NodeRows | None:
        """Return the rows of the nodes of a text; None, and raises, as ``outline``.

        It is parsed in this thread if that is done in a moment: starting another takes as long as a short text.
        """
        work = _Work([text], _node_rows, self._load([text]))
        if self._quick is None:
            self._quick = self._new_outliner(file_timeout_s=_MOMENT_S)
        work.do(0, self._quick)
        if work.results[0] is None:
            self._run([0], 1, work, Progress())
        return work.results[0]

    def _worker_limit(self) -> int:
        return self._n_workers if self._memory is None else self._memory.worker_limit(self._n_workers)

    def _share(self, n_threads: int) -> int:
        """Return the bytes that each of several parses may allocate now."""
        if self._memory is None:
            return self._max_file_memory_bytes
        return self._memory.file_memory_bytes(self._max_file_memory_bytes, n_threads)

    def _new_outliner(self, *, file_timeout_s: float) -> Outliner:
        from repomap_fast.tagging.tagger import Outliner

        return Outliner(max_file_memory_bytes=self._max_file_memory_bytes, file_timeout_s=file_timeout_s)

    def _load(self, texts: Iterable[Text]) -> dict[str, _Grammar]:
        for name in sorted({text.grammar for text in texts} - self._grammars.keys()):
            self._grammars[name] = _Grammar.load(name, self.macros)
        return self._grammars

    def _run(self, todo: Sequence[int], n_threads: int, work: _Work[T], watch: Progress) -> None:
        if not todo:
            return
        while len(self._outliners) < n_threads:
            self._outliners.append(self._new_outliner(file_timeout_s=self._file_timeout_s))
        outliners = self._outliners[:n_threads]
        remaining = iter(todo)

        def outline_texts(outliner: Outliner) -> Iterator[None]:
            # The GIL makes next() of a list iterator safe across threads.
            for i in remaining:
                outliner.limit_file_memory(self._share(n_threads))
                work.do(i, outliner)
                yield

        def stop() -> None:
            for outliner in outliners:
                outliner.stop()
            self._outliners = []

        # It loads a queue, which a map without a parse does not need.
        from repomap_fast.workers import run_workers

        watch.raise_if_cancelled()
        run_workers(
            [outline_texts(outliner) for outliner in outliners],
            lambda _: None,
            poll=watch.raise_if_cancelled,
            stop=stop,
            name="repomap-fast-outline",
        )


class _Grammar(NamedTuple):
    """A grammar that texts are parsed by.

    capsule, bmp_only, reset_scanner  as the compiled half takes them.
    words           that texts are read with before the parse; None where they are parsed as they are.
    is_thread_safe  False for one that is not in the table of languages.
    """

    capsule: object
    bmp_only: bool
    reset_scanner: bool
    words: MacroWords | None
    is_thread_safe: bool

    @classmethod
    def load(cls, name: str, macros: Sequence[str] | None) -> _Grammar:
        """Load a grammar. Raises LanguageError."""
        from repomap_fast.languages.grammars import load_grammar

        capsule, row = load_grammar(name), _LANGUAGES.get(name)
        if row is None:
            return cls(capsule, False, False, None, False)
        words = None
        if macros is not None:
            from repomap_fast.languages.tags_query import read_tags_query
            from repomap_fast.tagging.tagger import macro_words

            words = macro_words(read_tags_query(LANGUAGES.index(row), None, macros))
        return cls(capsule, row.bmp_only, row.reset_scanner, words, True)


Parse: TypeAlias = Callable[["Outliner", U8, _Grammar], tuple[int, T]]
"""Parses a text by an outliner and a grammar; returns the status of the parse, and what is wanted of it."""


def _outline(outliner: Outliner, text: U8, grammar: _Grammar) -> tuple[int, Outline]:
    status, rows, end_rows, head_rows = outliner.outline_text(
        text,
        grammar.capsule,
        bmp_only=grammar.bmp_only,
        reset_scanner=grammar.reset_scanner,
        words=grammar.words,
    )
    return status, Outline(rows, end_rows, head_rows)


def _node_rows(outliner: Outliner, text: U8, grammar: _Grammar) -> tuple[int, NodeRows]:
    status, *columns = outliner.node_rows(
        text, grammar.capsule, bmp_only=grammar.bmp_only, reset_scanner=grammar.reset_scanner
    )
    return status, NodeRows(*columns)


class _Work(Generic[T]):
    """The texts of one call, and the result of each.

    results   None for a text that was not parsed to its end.
    is_short  whether the cause was a lack of memory.
    """

    def __init__(self, texts: Sequence[Text], parse: Parse[T], grammars: dict[str, _Grammar]) -> None:
        self.texts = texts
        self.results: list[T | None] = [None] * len(texts)
        self.is_short = [False] * len(texts)
        self._parse = parse
        self._grammars = grammars

    def do(self, i: int, outliner: Outliner) -> None:
        """Parse one of the texts."""
        from repomap_fast.tagging.tagger import grammar_misfit

        text = self.texts[i]
        grammar = self._grammars[text.grammar]
        try:
            with nullcontext() if grammar.is_thread_safe else _OTHER_GRAMMARS:
                status, result = self._parse(outliner, np.frombuffer(text.contents, np.uint8), grammar)
        except LookupError as error:
            raise grammar_misfit(text.grammar, error) from None
        self.results[i] = result if status == FileStatus.TAGGED else None
        self.is_short[i] = status == FileStatus.OUT_OF_MEMORY
