"""The library's own calls; each reads as the way of the data."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from repomap_fast import options as defaults
from repomap_fast.argument_types import one_of, several, text, whole_number
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DRAW, STAGE_RANK, CancelEvent, ProgressCallback, Watch

if TYPE_CHECKING:
    from repomap_fast.drawing.repo_map import RepoMap
    from repomap_fast.drawing.tokens import Counter
    from repomap_fast.ranking.explain import Explanation
    from repomap_fast.ranking.search import SearchResult
    from repomap_fast.weights import Weights

Several: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"
"""Names or paths; a single text or path is one of them."""


def scan(
    root: str | os.PathLike[str] = ".",
    *,
    workers: int = 0,
    languages: str | Iterable[str] = (),
    include: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    follow_ignore_files: bool = True,
    queries_dir: str | os.PathLike[str] | None = None,
    max_file_bytes: int = defaults.DEFAULT_MAX_FILE_BYTES,
    file_timeout_s: float = defaults.DEFAULT_FILE_TIMEOUT_S,
    max_file_memory_bytes: int = defaults.DEFAULT_MAX_FILE_MEMORY_BYTES,
    max_memory_mb: int | None = None,
    max_cpu_percent: int | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> ScanResult:
    """Find every definition and reference below ``root``.

    The options are those of ``ScanOptions``. What is found is kept in ``cache_dir``, or the user's cache folder, for
    the next scan, which then parses only what has changed; with ``cache`` false nothing is read from there or written
    to it. ``progress`` is called as (stage, done, total) in this thread; ``cancel`` is an event that ends the scan when
    it is set. The same tree gives the same tables, byte for byte, with any number of workers, whatever was kept.

    Raises RootError, OptionError, LanguageError, QueryError, ScanCancelled; TypeError for an argument of a wrong type.
    Trouble with a single file raises nothing: it is the file's status.
    """
    options = ScanOptions(
        workers=workers,
        languages=several("languages", languages),
        include=several("include", include),
        exclude=several("exclude", exclude),
        follow_ignore_files=follow_ignore_files,
        queries_dir=None if queries_dir is None else Path(text("queries_dir", queries_dir)),
        max_file_bytes=max_file_bytes,
        file_timeout_s=file_timeout_s,
        max_file_memory_bytes=max_file_memory_bytes,
        max_memory_mb=max_memory_mb,
        max_cpu_percent=max_cpu_percent,
    )
    with Index.open(root, options, cache_dir=cache_dir, keep=cache) as index:
        index.refresh(progress=progress, cancel=cancel)
        return index.result


def map(
    root: str | os.PathLike[str] | Index = ".",
    *,
    tokens: int | None = None,
    focus: Several = (),
    mention: Several = (),
    query: str = "",
    changed: bool | str = False,
    show_focus: bool = False,
    weights: Weights | None = None,
    tokenizer: str | Counter = "estimate",
    format: str = "text",
    header: bool = False,
    ascii_marks: bool = False,
    options: ScanOptions | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> RepoMap:
    """Show what matters most of the code below ``root`` for the work at hand, in no more than so many tokens.

    tokens       the budget; None for what the repository's settings say (see ``configuration``), or 1024.
    focus        files and folders that are worked on; they are left out of the text, unless ``show_focus``.
    mention      names and files that were spoken of. Of these two, a single text or path is one of them.
    query        what is to be done, in any words: the names and paths in it count as mentioned.
    changed      files that changed in git since the commit of that name; True: since the one that is checked out.
    weights      how much all of these count; None for what the settings say, or the defaults.
    tokenizer    counts tokens: ``estimate``, ``tiktoken``, ``tiktoken:ENCODING``, or a function of a text.
    format       ``text``, ``markdown``, ``json`` or ``xml``.
    header       begin with the state of the index.
    ascii_marks  mark gaps and lines with characters that every terminal has.

    Paths are below ``root``, or absolute. What was mentioned or asked for in vain is said in the map's ``notes``.

    An open Index in place of ``root`` is taken as of its last refresh: call ``refresh`` to see what has changed since.
    One that was never refreshed is refreshed first. Its own options and store count then, not those of this call; else
    they are as for ``scan``, with the options in one object. The same files and arguments give the same text, whatever
    was kept. Raises what ``scan`` raises, ConfigurationError and GitError.
    """
    about = _about(focus, mention, query, changed, weights)
    from repomap_fast.drawing.draw import draw
    from repomap_fast.drawing.entries import list_entries, most_entries
    from repomap_fast.drawing.important_files import important_rows
    from repomap_fast.drawing.repo_map import Style, check_tokens, token_budget
    from repomap_fast.ranking.rank import rank
    from repomap_fast.ranking.task import boosts_for, find_task, notes_on_query
    from repomap_fast.settings import read_configuration

    check_tokens(tokens)
    style = Style.of(format, tokenizer=tokenizer, header=header, ascii_marks=ascii_marks)

    def drawn(index: Index) -> RepoMap:
        result, metrics, settings = index.result, index.result.metrics.copy(), read_configuration(index.root)
        files, watch = result.file_table, Watch(None, cancel)
        budget, chosen = token_budget(tokens, settings.tokens), weights or settings.weights
        with metrics.stage(STAGE_RANK):
            graph = index.graph
            task = find_task(result, **about, watch=watch)
            boosts = boosts_for(task, result, graph, chosen, show_focus=show_focus)
            ranking = rank(graph, boosts, chosen, limit=most_entries(budget))
            important = important_rows(files.paths, settings.important)
            hidden = () if show_focus else task.focus_files
            entries = list_entries(files, graph, ranking, important=important, hidden=hidden, budget=budget)
        with metrics.stage(STAGE_DRAW):
            notes = (*task.notes, *notes_on_query(task, boosts))
            return draw(
                result, graph, ranking, entries, style, budget=budget, notes=notes, watch=watch, metrics=metrics
            )

    with _refreshed(root, options, cache, cache_dir, progress, cancel) as index:
        try:
            return drawn(index)
        except IndexDamagedError as error:
            # Columns are checked when they are read, a few pieces at a time, so damage may show as late as here.
            index.mend(error)
            return drawn(index)


def explain(
    root: str | os.PathLike[str] | Index,
    wanted: str | os.PathLike[str],
    *,
    focus: Several = (),
    mention: Several = (),
    query: str = "",
    changed: bool | str = False,
    weights: Weights | None = None,
    limit: int = 10,
    options: ScanOptions | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> Explanation:
    """Say why a file, or the definitions of a name, stand where they stand in a map of ``root``.

    wanted  a file below ``root``, or a name that is defined there.
    limit   tell of no more referrers, nor definitions; 0 for all.

    The rest is as for ``map``, and has to be the same as for the map in question. Raises what ``map`` raises, and
    OptionError, which says what may have been meant, if there is neither such a file nor such a name.
    """
    from repomap_fast.ranking.explain import explain_wanted
    from repomap_fast.ranking.task import find_task
    from repomap_fast.settings import read_configuration

    about = _about(focus, mention, query, changed, weights)
    wanted, limit = text("wanted", wanted), whole_number("limit", limit)
    with _refreshed(root, options, cache, cache_dir, progress, cancel) as index:
        result, graph, settings = index.result, index.graph, read_configuration(index.root)
        task = find_task(result, **about, watch=Watch(None, cancel))
        explanation = explain_wanted(result, graph, wanted, task, weights or settings.weights, limit=limit)
        return replace(explanation, notes=task.notes)


def search(
    root: str | os.PathLike[str] | Index,
    name: str,
    *,
    loosest: str = "fuzzy",
    limit: int = 0,
    references: bool = False,
    options: ScanOptions | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> SearchResult:
    """Find the definitions below ``root`` of all names that are like ``name``, the best first.

    loosest     how far a name may be: ``exact``, ``case``, ``prefix``, ``substring`` or ``fuzzy``.
    limit       return no more; 0 for all.
    references  return references too, after the definitions.

    The rest is as for ``map``. Raises what ``scan`` raises.
    """
    from repomap_fast.ranking.search import search_tags

    name, limit = text("name", name), whole_number("limit", limit)
    with _refreshed(root, options, cache, cache_dir, progress, cancel) as index:
        return search_tags(index.result, name, loosest=loosest, limit=limit, references=references)


class _About(TypedDict):
    """What ``find_task`` is told of the work at hand."""

    focus: tuple[str, ...]
    mention: tuple[str, ...]
    query: str
    changed: bool | str


def _about(focus: Several, mention: Several, query: str, changed: bool | str, weights: Weights | None) -> _About:
    """Return what was said of the work at hand, each in its type. Raises TypeError."""
    from repomap_fast.weights import Weights

    one_of("changed", changed, bool, str)
    one_of("weights", weights, Weights, NoneType)
    return {
        "focus": several("focus", focus),
        "mention": several("mention", mention),
        "query": text("query", query),
        "changed": changed,
    }


@contextmanager
def _refreshed(
    root: str | os.PathLike[str] | Index,
    options: ScanOptions | None,
    cache: bool,
    cache_dir: str | os.PathLike[str] | None,
    progress: ProgressCallback | None,
    cancel: CancelEvent | None,
) -> Iterator[Index]:
    """Yield the index that is given, as of its last refresh if there was one, or that of a folder, up to date."""
    if isinstance(root, Index):
        if not root.is_refreshed:
            root.refresh(progress=progress, cancel=cancel)
        yield root
        return
    one_of("options", options, ScanOptions, NoneType)
    with Index.open(root, options, cache_dir=cache_dir, keep=cache) as index:
        index.refresh(progress=progress, cancel=cancel)
        yield index
