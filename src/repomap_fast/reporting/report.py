"""The report of a repository: what is in it, what matters, what is changed often, and who refers to whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, Unpack, get_args

import numpy as np

from repomap_fast import api
from repomap_fast.argument_types import check_choice, text
from repomap_fast.drawing.draw import index_state
from repomap_fast.drawing.file_definitions import MAX_NAME_BYTES
from repomap_fast.opened import refreshed
from repomap_fast.options import Opening, ScanKeywords
from repomap_fast.progress import Progress
from repomap_fast.ranking.history import FileHistory
from repomap_fast.ranking.task import find_task
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.reporting.files import ReportFile, describe_files
from repomap_fast.reporting.folders import FolderGraph, FolderTree, find_edges, make_graph, overview_folders
from repomap_fast.reporting.hot_spots import HotSpot, check_since, find_hot_spots, start_of
from repomap_fast.reporting.key_parts import (
    N_DEFINITIONS,
    KeyDefinition,
    KeyFile,
    find_key_definitions,
    find_key_files,
)
from repomap_fast.screens import OneScreen
from repomap_fast.settings import read_configuration
from repomap_fast.symbols.unused import Unused, find_unused

if TYPE_CHECKING:
    from repomap_fast.argument_types import StrPath
    from repomap_fast.discovery.git_history import History
    from repomap_fast.drawing.formats import IndexState
    from repomap_fast.indexing.index import Index
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import CancelEvent, ProgressCallback

ReportFormat: TypeAlias = Literal["html", "svg", "mermaid", "dot", "graphml", "json"]
BUDGETS = (256, 512, 1024, 2048, 4096, 8192)
"""Tokens of the maps that a report has."""
N_UNUSED = 200
"""Definitions without a reference that a report lists."""
MAX_TAGS_FOR_UNUSED = 4_000_000
"""Of a repository in which they are looked for."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a report counts.

    n_files         files that have a language; ``n_other_files`` are those that have none.
    n_lines         of files that have a language.
    n_commits       commits that count: the last ones without merges, at most 3,000, since ``since``. 0 where there is
                    no history that may be read.
    """

    n_files: int
    n_other_files: int
    n_lines: int
    n_bytes: int
    n_definitions: int
    n_references: int
    n_commits: int


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """How much of a repository is in a language."""

    name: str
    n_files: int
    n_lines: int


@dataclass(frozen=True, slots=True)
class MapText:
    """The map of the repository within a budget.

    budget  most tokens that were allowed; ``tokens`` of them are used.
    """

    budget: int
    tokens: int
    text: str


@dataclass(frozen=True, slots=True)
class Report(OneScreen):
    """A repository for somebody who looks at it.

    text             the report in the format that was asked for.
    root             the folder.
    state            of the index.
    since            from when on commits count, as it was asked for; None for all.
    languages        those of most lines first.
    files            those that have a language, sorted by path.
    folders          the folders and which of them refer to which; ``overview`` is the same with no more folders than a
                     screen has room for.
    key_files        that matter most, the best first; so are ``key_definitions``.
    hot_spots        files that are changed often, matter, and are large, the hottest first.
    unused           definitions that nothing refers to.
    maps             of several budgets, the smallest first.
    notes            sentences for the user.
    """

    text: str
    root: str
    state: IndexState
    since: str | None
    numbers: Numbers
    languages: tuple[LanguageShare, ...]
    files: tuple[ReportFile, ...]
    folders: FolderGraph
    overview: FolderGraph
    key_files: tuple[KeyFile, ...]
    key_definitions: tuple[KeyDefinition, ...]
    hot_spots: tuple[HotSpot, ...]
    unused: Unused
    maps: tuple[MapText, ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Report of {self.root!r}: {self.numbers.n_files:,} files, {len(self.text):,} characters>"


def report(
    root: StrPath | Index = ".",
    *,
    format: ReportFormat = "html",
    since: str | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Report:
    """Return the report of a repository, for people who look rather than read.

    format  ``html``: a page that loads nothing; ``svg``: a drawing; ``mermaid`` and ``dot``: the graph of the
            folders of the overview; ``graphml``: that of all folders; ``json``: all of it.
    since   count only commits from this day on, ``2026-01-31``, or of a span that ends with the newest commit: ``90d``,
            ``12w``, ``6m``, ``1y``. None for the last 3,000.

    The same files and commits give the same text. The rest is as for ``map``. Raises what ``scan`` raises,
    ConfigurationError and GitError.
    """
    from repomap_fast.reporting.texts import write_report

    check_choice("format", format, get_args(ReportFormat))
    check_since(None if since is None else text("since", since))
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(report, root, opening, options) as index:
        made = _report(index, since, Progress(progress, cancel), cancel)
        return replace(made, text=write_report(made, format))


def _report(index: Index, since: str | None, watch: Progress, cancel: CancelEvent | None) -> Report:
    result = index.result
    graph, settings = result.graph, read_configuration(index.root)
    history = index.history(cancel=cancel)
    task = find_task(result, watch=Progress(None, cancel))
    ranking = rank_task(
        task, result, graph, settings.weights_or_defaults(), limit=N_DEFINITIONS, history=lambda: history
    )
    start_s = start_of(since, history)
    n_changes = FileHistory.of(history, graph.paths).n_changes(start_s)
    files = describe_files(result, ranking.file_values, n_changes, watch)
    tree = FolderTree.of(file.path for file in files)
    basis, edges = find_edges(result, tree, watch)
    maps = (api.map(index, tokens=budget, cancel=cancel) for budget in BUDGETS)
    return Report(
        text="",
        root=str(index.root),
        state=index_state(result),
        since=since,
        numbers=_numbers(result, files, history, start_s),
        languages=_languages(files),
        files=files,
        folders=make_graph(tree, files, basis, edges),
        overview=make_graph(tree, files, basis, edges, overview_folders(tree, (file.n_lines for file in files))),
        key_files=find_key_files(graph, files),
        key_definitions=find_key_definitions(graph, ranking, files),
        hot_spots=find_hot_spots(files),
        unused=_unused(result, watch),
        maps=tuple(MapText(one.budget, one.tokens, one.text) for one in maps),
        notes=(*result.notes, *history.notes),
    )


def _unused(result: ScanResult, watch: Progress) -> Unused:
    if result.n_tags <= MAX_TAGS_FOR_UNUSED:
        found = find_unused(result, (), limit=N_UNUSED, tests=False, watch=watch)
        # A file chooses how long a name is: two hundred of a megabyte are no page.
        shown = tuple(replace(one, name=one.name[:MAX_NAME_BYTES]) for one in found.definitions)
        return replace(found, definitions=shown)
    note = (
        f"not looked for in a repository of more than {MAX_TAGS_FOR_UNUSED:,} tags, since that takes minutes; "
        "`repomap-fast unused --path FOLDER` looks in a part of it"
    )
    return Unused((), 0, 0, 0, notes=(note,))


def _numbers(result: ScanResult, files: tuple[ReportFile, ...], history: History, start_s: int) -> Numbers:
    table = result.file_table
    rows = table.rows_with_language()
    n_definitions = int(table.definition_counts.sum(dtype=np.int64))
    return Numbers(
        n_files=len(files),
        n_other_files=len(table) - len(files),
        n_lines=sum(file.n_lines for file in files),
        n_bytes=int(table.sizes_bytes[rows].sum()),
        n_definitions=n_definitions,
        n_references=result.n_tags - n_definitions,
        n_commits=int(np.count_nonzero(history.times_s >= start_s)),
    )


def _languages(files: tuple[ReportFile, ...]) -> tuple[LanguageShare, ...]:
    n_files, n_lines = Counter[str](), Counter[str]()
    for file in files:
        n_files[file.language] += 1
        n_lines[file.language] += file.n_lines
    order = sorted(n_files, key=lambda name: (-n_lines[name], name))
    return tuple(LanguageShare(name, n_files[name], n_lines[name]) for name in order)
