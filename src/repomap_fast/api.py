"""The library's own calls: each reads as the steps of its work.

They print nothing, and keep nothing in memory between two calls; ``repository.Repository`` does the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import NoneType
from typing import TYPE_CHECKING, Any, Unpack, get_args

from repomap_fast.argument_types import one_of, one_text_of, path_text, several, text, whole_number
from repomap_fast.errors import IndexDamagedError, OptionError
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.options import Changed, MapFormat, Match, Opening, ScanKeywords, ScanOptions
from repomap_fast.progress import STAGE_DRAW, STAGE_RANK, CancelEvent, Progress, ProgressCallback

if TYPE_CHECKING:
    from repomap_fast.argument_types import Several, StrPath
    from repomap_fast.drawing.repo_map import RepoMap
    from repomap_fast.drawing.tokens import Counter
    from repomap_fast.ranking.explain import Explanation
    from repomap_fast.ranking.rerank import Reranker
    from repomap_fast.ranking.search import SearchResult
    from repomap_fast.weights import Weights


def scan(
    root: StrPath = ".",
    *,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> ScanResult:
    """Find every definition and reference below ``root``.

    cache      keep what is found for the next scan, which then parses only what has changed; False neither reads nor
               writes an index.
    cache_dir  where indexes are kept; None for the user's cache folder.
    progress   called as (stage, done, total) in this thread.
    cancel     an event that ends the scan when it is set.
    options    which files, and within what limits: the fields of ``ScanOptions``.

    The same tree gives the same tables, byte for byte, with any number of workers and any index. Raises RootError,
    OptionError, LanguageError, QueryError, ScanCancelled; TypeError for a wrong type or keyword. A file that cannot be
    read or parsed raises nothing: its status says so.
    """
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with _refreshed(scan, root, opening, options) as index:
        return index.result


def map(
    root: StrPath | Index = ".",
    *,
    focus: Several = (),
    mention: Several = (),
    query: str = "",
    changed: Changed = False,
    tokens: int | None = None,
    format: MapFormat = "text",
    show_focus: bool = False,
    tokenizer: str | Counter = "estimate",
    weights: Weights | None = None,
    rerank: Reranker | None = None,
    header: bool = False,
    ascii: bool = False,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> RepoMap:
    """Show the code below ``root`` that matters most for a task, in a budget of tokens.

    focus       files and folders that the user works on; they are left out of the text, unless ``show_focus``.
    mention     names and files that were mentioned.
    query       the task, in any words: the names and paths in it count as mentioned.
    changed     files that changed in git since the commit of that name; True: since the one that is checked out.
    tokens      the budget; None for that of the repository's settings (see ``settings``), or 1024.
    format      ``text``: a line for each definition; ``excerpts``: lines of the sources; ``markdown``, ``json`` or
                ``xml``.
    tokenizer   counts tokens: ``estimate``, ``tiktoken``, ``tiktoken:ENCODING``, or a function of a text.
    weights     how much each of these counts; None for the repository's settings, or the defaults.
    rerank      a function of the query and the best 200 definitions (``Candidate``) that returns a number for each, as
                a model may; the larger, the earlier a definition comes. None: the ranking decides alone.
    header      begin with the state of the index.
    ascii       mark gaps, lines and cuts with ASCII characters.

    Paths are below ``root``, or absolute. The map's ``notes`` list what was mentioned or queried and not found.

    An open Index in place of ``root`` is used as of its last refresh, and refreshed only if it never was. It has its
    own options and its own cache folder. The rest is as for ``scan``. The same files and arguments give the same text,
    with any index. Raises what ``scan`` raises, ConfigurationError and GitError.
    """
    from repomap_fast.drawing.repo_map import Style, check_tokens

    task = _task(focus, mention, query, changed)
    _check_weights(weights)
    check_tokens(tokens)
    one_text_of("format", format, get_args(MapFormat))
    style = Style.of(format, tokenizer=tokenizer, header=header, ascii_marks=ascii)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with _refreshed(map, root, opening, options) as index:
        try:
            return _draw(index, task, tokens, style, weights, show_focus=show_focus, rerank=rerank, cancel=cancel)
        except IndexDamagedError as error:
            # Columns are checked when they are read, a few pages at a time, so damage may show as late as here.
            index.repair(error)
            return _draw(index, task, tokens, style, weights, show_focus=show_focus, rerank=rerank, cancel=cancel)


def _draw(
    index: Index,
    keywords: dict[str, Any],
    tokens: int | None,
    style: Any,
    weights: Weights | None,
    *,
    show_focus: bool,
    rerank: Reranker | None,
    cancel: CancelEvent | None,
) -> RepoMap:
    from repomap_fast.drawing.draw import draw
    from repomap_fast.drawing.entries import list_entries, most_entries
    from repomap_fast.drawing.important_files import important_rows
    from repomap_fast.drawing.repo_map import token_budget
    from repomap_fast.ranking.rerank import reranked
    from repomap_fast.ranking.task import find_task, promised_rows
    from repomap_fast.ranking.task_rank import notes_on_text, rank_task
    from repomap_fast.settings import read_configuration

    result, metrics, settings = index.result, index.result.metrics.copy(), read_configuration(index.root)
    progress = Progress(None, cancel)
    budget, chosen = token_budget(tokens, settings.tokens), weights or settings.weights
    with metrics.stage(STAGE_RANK):
        graph = index.graph
        task = find_task(result, **keywords, watch=progress)
        limit = most_entries(budget)
        ranking = rank_task(
            task,
            result,
            graph,
            chosen,
            limit=limit,
            history=lambda: index.history(cancel=cancel),
            show_focus=show_focus,
        )
        if rerank is not None:
            ranking = reranked(ranking, graph, keywords["query"], rerank)
        files = result.file_table
        # A text says what matters; without one, a reader wants to know where to begin.
        important = () if ranking.has_text else important_rows(files.paths, settings.important)
        hidden = () if show_focus else task.focus_files
        entries = list_entries(
            files,
            graph,
            ranking,
            important=important,
            hidden=hidden,
            budget=budget,
            promised=promised_rows(task, files, ranking.promised),
            asked=(*task.focus_files, *task.mentioned_files, *task.changed_files),
        )
    with metrics.stage(STAGE_DRAW):
        notes = (*task.notes, *notes_on_text(task, ranking))
        return draw(result, graph, ranking, entries, style, budget=budget, notes=notes, watch=progress, metrics=metrics)


def explain(
    root: StrPath | Index,
    name: StrPath,
    *,
    focus: Several = (),
    mention: Several = (),
    query: str = "",
    changed: Changed = False,
    limit: int = 10,
    weights: Weights | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Explanation:
    """Return why a file, or the definitions of a name, have their positions in a map of ``root``.

    name   a file below ``root``, or a name that is defined there.
    limit  list no more referrers, nor definitions; 0 for all.

    The rest is as for ``map``, and must be the same as for the map in question. Raises what ``map`` raises, and
    OptionError, with similar names, if there is neither such a file nor such a name.
    """
    from repomap_fast.ranking.explain import explain_wanted
    from repomap_fast.ranking.task import find_task
    from repomap_fast.settings import read_configuration

    keywords = _task(focus, mention, query, changed)
    _check_weights(weights)
    wanted, limit = path_text("name", name), whole_number("limit", limit)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with _refreshed(explain, root, opening, options) as index:
        result, graph, settings = index.result, index.graph, read_configuration(index.root)
        task = find_task(result, **keywords, watch=Progress(None, cancel))
        explanation = explain_wanted(
            result,
            graph,
            wanted,
            task,
            weights or settings.weights,
            limit=limit,
            history=lambda: index.history(cancel=cancel),
        )
        return replace(explanation, notes=task.notes)


def search(
    root: StrPath | Index,
    name: str,
    *,
    match: Match = "fuzzy",
    limit: int = 0,
    references: bool = False,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> SearchResult:
    """Find the definitions below ``root`` of all names that are like ``name``, the best first.

    match       how far a name may differ: ``exact``, ``case``, ``prefix``, ``substring`` or ``fuzzy``.
    limit       return no more; 0 for all.
    references  return references too, after the definitions.

    The rest is as for ``map``. Raises what ``scan`` raises.
    """
    from repomap_fast.ranking.search import search_tags

    wanted, limit = text("name", name), whole_number("limit", limit)
    one_text_of("match", match, get_args(Match))
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with _refreshed(search, root, opening, options) as index:
        return search_tags(index.result, wanted, loosest=match, limit=limit, references=references)


def _task(focus: Several, mention: Several, query: str, changed: Changed) -> dict[str, Any]:
    """Return the keywords of the task as ``find_task`` takes them. Raises TypeError."""
    one_of("changed", changed, bool, str)
    return {
        "focus": tuple(path_text("focus", path) for path in several("focus", focus)),
        "mention": several("mention", mention),
        "query": text("query", query),
        "changed": changed,
    }


def _check_weights(weights: Weights | None) -> None:
    from repomap_fast.weights import Weights

    one_of("weights", weights, Weights, NoneType)


@contextmanager
def _refreshed(
    call: Callable[..., Any], root: StrPath | Index, opening: Opening, options: ScanKeywords
) -> Iterator[Index]:
    """Yield an index that has a result: the given one, as of its last refresh, or that of a folder, up to date."""
    chosen = ScanOptions.from_keywords(options, call=call)
    if isinstance(root, Index):
        if options:
            raise OptionError(f"{next(iter(options))} was given beside an Index, which has its own; expected a folder")
        if not root.is_refreshed:
            root.refresh(progress=opening.progress, cancel=opening.cancel)
        yield root
        return
    with Index.open_with(root, chosen, cache=opening.cache, cache_dir=opening.cache_dir) as index:
        index.refresh(progress=opening.progress, cancel=opening.cancel)
        yield index
