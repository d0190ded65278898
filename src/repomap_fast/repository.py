"""A repository that answers from an index it keeps up to date: for processes that ask more than once.

No answer is older than the call: each looks at the files first.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self, TypedDict, Unpack

from repomap_fast import api, calls
from repomap_fast.argument_types import path_text
from repomap_fast.errors import StoreError
from repomap_fast.indexing.index import Index, refresh_for_answer
from repomap_fast.options import ScanKeywords, ScanOptions, TaskKeywords

if TYPE_CHECKING:
    from pathlib import Path

    from repomap_fast.argument_types import Several, StrPath
    from repomap_fast.drawing.repo_map import RepoMap
    from repomap_fast.drawing.tokens import Counter
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.options import Changed, MapFormat, Match
    from repomap_fast.progress import CancelEvent, ProgressCallback
    from repomap_fast.ranking.explain import Explanation
    from repomap_fast.ranking.search import SearchResult
    from repomap_fast.reporting.report import Report, ReportFormat
    from repomap_fast.resolving.imports import Imports
    from repomap_fast.symbols.calls import Calls
    from repomap_fast.symbols.impact import Impact
    from repomap_fast.symbols.outline import FileOutline
    from repomap_fast.symbols.refs import References
    from repomap_fast.symbols.show import Shown
    from repomap_fast.symbols.unused import Unused
    from repomap_fast.weights import Weights


class MapKeywords(TaskKeywords, total=False):
    """The keywords of ``map``, but for those that open an index."""

    tokens: int | None
    format: MapFormat
    show_focus: bool
    tokenizer: str | Counter
    weights: Weights | None
    header: bool
    ascii: bool
    deadline: float | None


class ExplainKeywords(TaskKeywords, total=False):
    """The keywords of ``explain``, but for those that open an index."""

    limit: int
    weights: Weights | None


class SearchKeywords(TypedDict, total=False):
    """The keywords of ``search``, but for those that open an index."""

    match: Match
    limit: int
    references: bool
    kind: Several
    path: Several
    scope: str


class RefsKeywords(TypedDict, total=False):
    """The keywords of ``refs``, but for those that open an index."""

    limit: int
    sure: bool
    tests: bool | None
    tokens: int | None


class CallsKeywords(RefsKeywords, total=False):
    """The keywords of ``callers`` and ``callees``, but for those that open an index."""

    depth: int


class ImpactKeywords(TypedDict, total=False):
    """The keywords of ``impact``, but for those that open an index."""

    changed: Changed
    depth: int
    limit: int
    sure: bool
    tests: bool | None
    tokens: int | None


class UnusedKeywords(TypedDict, total=False):
    """The keywords of ``unused``, but for those that open an index."""

    path: Several
    limit: int
    tests: bool
    tokens: int | None


class ReportKeywords(TypedDict, total=False):
    """The keywords of ``report``, but for those that open an index."""

    format: ReportFormat
    since: str | None


class ShowKeywords(TypedDict, total=False):
    """The keywords of ``show``, but for those that open an index."""

    context: int
    tokens: int | None
    tokenizer: str | Counter


def open(
    root: StrPath = ".",
    *,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    **options: Unpack[ScanKeywords],
) -> Repository:
    """Open the folder ``root`` for many questions; its files are read at the first one.

    The keywords are those of ``scan``. Raises RootError, OptionError, and TypeError for a wrong type or keyword.
    """
    chosen = ScanOptions.from_keywords(options, call=open)
    return Repository(Index.open_with(root, chosen, cache=cache, cache_dir=cache_dir))


class Repository:
    """A folder and its index; ``open`` makes one.

    Each call first looks at the files, and parses only what has changed since the last. Threads may share a repository:
    their calls run one after another. Use it in a ``with`` block, or call ``close``. ``Index`` is for callers who
    decide themselves when to look at the files.

    Every call takes ``progress`` and ``cancel`` as ``scan`` does, and raises what the function of its name raises, or
    StoreError after ``close``.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._is_closed = False

    def __repr__(self) -> str:
        return f"<Repository {str(self.root)!r}{', closed' if self._is_closed else ''}>"

    def __getstate__(self) -> object:
        raise TypeError("a Repository cannot be pickled or copied, since it holds open files; its results can be")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def root(self) -> Path:
        """The folder, absolute."""
        return self._index.root

    @property
    def options(self) -> ScanOptions:
        """What is scanned and how."""
        return self._index.options

    def scan(self, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> ScanResult:
        """Return every definition and reference; see ``repomap_fast.scan``. The result needs no open repository."""
        with self._locked() as index:
            index.refresh(progress=progress, cancel=cancel)
            # A copy holds all columns, so another thread may refresh the index while the caller reads them.
            return copy.copy(index.result)

    def map(
        self,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[MapKeywords],
    ) -> RepoMap:
        """Show the code that matters most for a task, in a budget of tokens; see ``repomap_fast.map``."""
        if keywords.get("deadline") is not None:
            with self._locked() as index:
                return api.map(index, progress=progress, cancel=cancel, **keywords)
        with self._refreshed(progress, cancel) as index:
            return api.map(index, cancel=cancel, **keywords)

    def explain(
        self,
        name: StrPath,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[ExplainKeywords],
    ) -> Explanation:
        """Return why a file or a name has its position in a map; see ``repomap_fast.explain``."""
        with self._refreshed(progress, cancel) as index:
            return api.explain(index, name, cancel=cancel, **keywords)

    def search(
        self,
        name: str,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[SearchKeywords],
    ) -> SearchResult:
        """Find the definitions of all names that are like ``name``; see ``repomap_fast.search``."""
        with self._refreshed(progress, cancel) as index:
            return api.search(index, name, **keywords)

    def show(
        self,
        symbol: str,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[ShowKeywords],
    ) -> Shown:
        """Return the source of the definitions that ``symbol`` names, as it is now; see ``repomap_fast.show``."""
        with self._refreshed(progress, cancel) as index:
            return api.show(index, symbol, cancel=cancel, **keywords)

    def refs(
        self,
        symbol: str,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[RefsKeywords],
    ) -> References:
        """Return what refers to ``symbol``; see ``repomap_fast.refs``."""
        with self._refreshed(progress, cancel) as index:
            return api.refs(index, symbol, cancel=cancel, **keywords)

    def callers(
        self,
        symbol: str,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[CallsKeywords],
    ) -> Calls:
        """Return the definitions that refer to ``symbol``; see ``repomap_fast.callers``."""
        with self._refreshed(progress, cancel) as index:
            return calls.callers(index, symbol, cancel=cancel, **keywords)

    def callees(
        self,
        symbol: str,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[CallsKeywords],
    ) -> Calls:
        """Return the definitions that ``symbol`` refers to; see ``repomap_fast.callees``."""
        with self._refreshed(progress, cancel) as index:
            return calls.callees(index, symbol, cancel=cancel, **keywords)

    def impact(
        self,
        target: StrPath | None = None,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[ImpactKeywords],
    ) -> Impact:
        """Return what a change can reach, and which tests; see ``repomap_fast.impact``."""
        with self._refreshed(progress, cancel) as index:
            return calls.impact(index, target, cancel=cancel, **keywords)

    def unused(
        self,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[UnusedKeywords],
    ) -> Unused:
        """Return the definitions that nothing refers to; see ``repomap_fast.unused``."""
        with self._refreshed(progress, cancel) as index:
            return calls.unused(index, cancel=cancel, **keywords)

    def report(
        self,
        *,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
        **keywords: Unpack[ReportKeywords],
    ) -> Report:
        """Return a report for people who look rather than read; see ``repomap_fast.report``."""
        from repomap_fast.reporting.report import report

        with self._refreshed(progress, cancel) as index:
            return report(index, cancel=cancel, **keywords)

    def imports(
        self,
        path: StrPath | None = None,
        *,
        limit: int = 0,
        progress: ProgressCallback | None = None,
        cancel: CancelEvent | None = None,
    ) -> Imports:
        """Return what files import, and cycles of imports; see ``repomap_fast.imports``."""
        with self._refreshed(progress, cancel) as index:
            return api.imports(index, path, limit=limit, cancel=cancel)

    def outline(
        self, path: StrPath, *, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> FileOutline:
        """Return the definitions of a file of the repository, nested; see ``repomap_fast.outline``.

        path  below the root, or absolute.

        Raises SymbolError, with the nearest paths, where the scan has no such file.
        """
        wanted = path_text("path", path)
        with self._refreshed(progress, cancel) as index:
            from repomap_fast.symbols.outline import outline_of

            return outline_of(index.result, wanted)

    def close(self) -> None:
        """Close all files, after the call that another thread may be in. Results stay usable."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._index.close()

    @contextmanager
    def _refreshed(self, progress: ProgressCallback | None, cancel: CancelEvent | None) -> Iterator[Index]:
        with self._locked() as index:
            refresh_for_answer(index, progress=progress, cancel=cancel)
            yield index

    @contextmanager
    def _locked(self) -> Iterator[Index]:
        with self._lock:
            if self._is_closed:
                raise StoreError(f"the repository {str(self.root)!r} is closed; expected a call before close()")
            yield self._index
