"""The library's own calls: each reads as the steps of its work.

They print nothing, and keep nothing in memory between two calls; ``repository.Repository`` does the latter.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any, Unpack, get_args

from repomap_fast.argument_types import check_choice, check_type, path_text, several, text, whole_number
from repomap_fast.deadline import Deadline
from repomap_fast.errors import IndexDamagedError, OptionError, SymbolError
from repomap_fast.indexing.index import Index, answers_of, refresh_until
from repomap_fast.joining.result import ScanResult
from repomap_fast.opened import answer_or_repair, opened, refreshed
from repomap_fast.options import Changed, MapFormat, Match, Opening, ScanKeywords, ScanOptions
from repomap_fast.progress import STAGE_DRAW, STAGE_RANK, CancelEvent, Progress, ProgressCallback

if TYPE_CHECKING:
    from repomap_fast.argument_types import Several, StrPath
    from repomap_fast.drawing.repo_map import RepoMap
    from repomap_fast.drawing.tokens import Counter
    from repomap_fast.first_answer import FirstResult
    from repomap_fast.ranking.explain import Explanation
    from repomap_fast.ranking.rerank import Reranker
    from repomap_fast.ranking.search import SearchResult
    from repomap_fast.resolving.imports import Imports
    from repomap_fast.symbols.names import Named
    from repomap_fast.symbols.outline import FileOutline
    from repomap_fast.symbols.refs import References
    from repomap_fast.symbols.show import Shown
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
    with refreshed(scan, root, opening, options) as index:
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
    deadline: float | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> RepoMap:
    """Show the code below ``root`` that matters most for a task, in a budget of tokens.

    focus       files and folders that the user works on; they are left out of the text, unless ``show_focus``.
    mention     names and files that were mentioned; the first 5,000 count.
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
    deadline    seconds from now in which an answer is wanted; None to parse all files. If these are too many, the words
                of the task are looked for first, and the files that fit best are parsed; a note says how much was
                read, and what was parsed is kept.

    Paths are below ``root``, or absolute. The map's ``notes`` list what was mentioned or queried and not found.

    An open Index in place of ``root`` is used as of its last refresh, and refreshed only if it never was, or with a
    deadline. It has its own options and its own cache folder. The rest is as for ``scan``. The same files, commits
    and arguments give the same text, with any index and without a deadline. Raises what ``scan`` raises,
    ConfigurationError and GitError.
    """
    from repomap_fast.drawing.repo_map import Style
    from repomap_fast.drawing.tokens import check_tokens

    until = Deadline.of(deadline)
    task = _task(focus, mention, query, changed)
    _check_weights(weights)
    check_tokens(tokens)
    check_choice("format", format, get_args(MapFormat))
    style = Style.of(format, tokenizer=tokenizer, header=header, ascii_marks=ascii)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with opened(map, root, opening, options) as index:
        first = _refresh(index, opening, task, weights, until)
        drawing = partial(
            _draw, index, task, tokens, style, weights, show_focus=show_focus, rerank=rerank, cancel=cancel
        )
        if first is not None:
            return drawing(first)
        try:
            with index.result.contents.held_open():
                return drawing()
        except IndexDamagedError as error:
            # Columns are checked when they are read, a few pages at a time, so damage may show as late as here.
            index.repair(error)
            return drawing()


def _draw(
    index: Index,
    keywords: dict[str, Any],
    tokens: int | None,
    style: Any,
    weights: Weights | None,
    first: FirstResult | None = None,
    *,
    show_focus: bool,
    rerank: Reranker | None,
    cancel: CancelEvent | None,
) -> RepoMap:
    """Return the map of a refreshed index, or of what was known of it in time."""
    from repomap_fast.drawing.draw import draw
    from repomap_fast.drawing.entries import list_entries, most_entries
    from repomap_fast.drawing.important_files import important_rows
    from repomap_fast.drawing.repo_map import token_budget
    from repomap_fast.ranking.task import find_task, promised_rows
    from repomap_fast.ranking.task_rank import notes_on_text, rank_task
    from repomap_fast.settings import read_configuration

    result, where = (index.result, "here") if first is None else (first.result, first.where)
    metrics, settings = result.metrics.copy(), read_configuration(index.root)
    progress = Progress(None, cancel)
    budget, chosen = token_budget(tokens, settings.tokens), weights or settings.weights_or_defaults()
    with metrics.stage(STAGE_RANK):
        graph = result.graph
        task = find_task(result, **keywords, watch=progress, where=where)
        limit = most_entries(budget)
        ranking = rank_task(
            task,
            result,
            graph,
            chosen,
            limit=limit,
            # To read a long history takes longer than to read the files.
            history=None if first is not None else lambda: index.history(cancel=cancel),
            show_focus=show_focus,
        )
        if rerank is not None:
            from repomap_fast.ranking.rerank import reranked

            ranking = reranked(ranking, graph, keywords["query"], rerank)
        files = result.file_table
        # A text says what matters; without one, a reader wants to know where to begin.
        important = () if ranking.has_text else important_rows(files.paths, settings.important)
        if first is not None and ranking.has_text:
            important = first.best_unparsed(ranking.file_values)
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
            asked_names=task.text.words,
        )
    with metrics.stage(STAGE_DRAW):
        of_time = () if first is None else (first.note,)
        notes = (*of_time, *task.notes, *notes_on_text(task, ranking, where=where))
        return draw(
            result,
            graph,
            ranking,
            entries,
            style,
            budget=budget,
            notes=notes,
            has_packages=task.is_empty,
            watch=progress,
            metrics=metrics,
        )


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

    name   a file below ``root``, or a symbol that is defined there: ``name``, ``Class.method``, ``path:line`` or
           ``path::Class.method``. Of each file the best definition that is meant is explained.
    limit  list no more referrers, nor definitions; 0 for all.

    The rest is as for ``map``, and must be the same as for the map in question. Raises what ``map`` raises, and
    SymbolError, with similar names, if there is neither such a file nor such a symbol.
    """
    from repomap_fast.ranking.explain import explain_wanted
    from repomap_fast.ranking.task import find_task
    from repomap_fast.settings import read_configuration

    keywords = _task(focus, mention, query, changed)
    _check_weights(weights)
    wanted, limit = path_text("name", name), whole_number("limit", limit)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(explain, root, opening, options) as index:
        result, graph, settings = index.result, index.graph, read_configuration(index.root)
        task = find_task(result, **keywords, watch=Progress(None, cancel))
        explain_one = partial(
            explain_wanted,
            result,
            graph,
            task=task,
            weights=weights or settings.weights_or_defaults(),
            limit=limit,
            history=lambda: index.history(cancel=cancel),
        )
        try:
            explanation = explain_one(wanted)
        except SymbolError:
            if (named := _named(result, wanted)) is None:
                raise
            places = {(tag.path, tag.line) for tag in (result.tag(row) for row in named.rows.tolist())}
            explanation = explain_one(named.name, places=places)
        return replace(explanation, subject=wanted, notes=task.notes)


def _named(result: ScanResult, symbol: str) -> Named | None:
    """Return the definitions of a symbol that has a scope, a path or a line; None for another, or if none has its name.

    Raises SymbolError where only others of its name are there.
    """
    from repomap_fast.ranking.search import search_tags
    from repomap_fast.symbols.names import find_symbol, split_path, split_scopes

    path, rest = split_path(symbol)
    scopes = split_scopes(symbol if rest is None else rest)
    if path is None and (len(scopes) == 1 or not search_tags(result, scopes[-1], loosest="exact").found):
        return None
    found = find_symbol(result, symbol)
    return found if len(found.rows) else None


def search(
    root: StrPath | Index,
    name: str,
    *,
    match: Match = "fuzzy",
    limit: int = 0,
    references: bool = False,
    kind: Several = (),
    path: Several = (),
    scope: str = "",
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> SearchResult:
    """Find the definitions below ``root`` of all names that are like ``name``, the best first.

    A symbol such as ``Class.method``, ``path:line`` or ``path::Class.method`` is found where no name is like it.

    match       how far a name may differ: ``exact``, ``case``, ``prefix``, ``substring`` or ``fuzzy``.
    limit       return no more; 0 for all.
    references  return references too, after the definitions.
    kind        return only tags of these kinds: class, function, call …
    path        return only those in these files and folders, or in files whose paths match: ``src/*.py``.
    scope       return only those within a definition of that name: ``Class`` or ``Class.method``.

    How often each is referred to is resolved, as ``refs`` does, for the names that few files have. It is counted by
    name for the others, in languages without rules, and where a search with a limit meets more than a million tags,
    there without uses as values; ``counted_by`` says so. The rest is as for ``map``. Raises what ``scan`` raises.
    """
    from repomap_fast.ranking.search import search_tags
    from repomap_fast.symbols.filters import TagFilter
    from repomap_fast.symbols.narrow import likely
    from repomap_fast.symbols.qualified_search import may_be_qualified, search_symbol
    from repomap_fast.symbols.use_counts import count_named, count_uses

    wanted, limit = text("name", name), whole_number("limit", limit)
    check_choice("match", match, get_args(Match))
    paths = tuple(path_text("path", one) for one in several("path", path))
    chosen = TagFilter(kinds=several("kind", kind), paths=paths, scope=text("scope", scope))
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(search, root, opening, options) as index:
        few, totals = (None, None) if references else likely(index, wanted, match, limit, chosen, cancel)
        result = index.result if few is None else few
        found = search_tags(
            result,
            wanted,
            loosest=match,
            limit=limit,
            references=references,
            is_wanted=chosen.bind(result),
            totals=totals,
            count_uses=partial(count_uses, result, answers=answers_of(index), watch=Progress(None, cancel))
            if few is None
            else None,
            count_named=partial(count_named, index),
        )
        # A name may have the characters that separate names, so the word is a name first.
        if may_be_qualified(found):
            search_again = partial(search_symbol, index, found, limit=limit, references=references, chosen=chosen)
            found = answer_or_repair(index, partial(search_again, cancel=cancel))
        return chosen.said(found)


def show(
    root: StrPath | Index,
    symbol: str,
    *,
    context: int = 0,
    tokens: int | None = None,
    tokenizer: str | Counter = "estimate",
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Shown:
    """Return the source of the definitions that ``symbol`` names, as it is now.

    symbol   ``name``, ``Class.method``, ``path:line`` or ``path::Class.method``.
    context  lines before and after each definition, at most 1,000.
    tokens   the budget for all of them; None for 8,192.

    The rest is as for ``map``. Raises what ``scan`` raises, and SymbolError, with the nearest names, where nothing has
    that name.
    """
    from repomap_fast.drawing.tokens import check_tokens, counter_for
    from repomap_fast.symbols.narrow import definers
    from repomap_fast.symbols.show import DEFAULT_TOKENS, MAX_CONTEXT, show_symbol

    wanted, context, count = text("symbol", symbol), whole_number("context", context), counter_for(tokenizer)
    check_tokens(tokens)
    if not 0 <= context <= MAX_CONTEXT:
        raise OptionError(f"context is {context}; expected 0 to {MAX_CONTEXT} lines")
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(show, root, opening, options) as index:
        watch, budget = Progress(None, cancel), tokens or DEFAULT_TOKENS
        few = definers(index, wanted, cancel)
        show_in = partial(show_symbol, symbol=wanted, context=context, budget=budget, count=count, watch=watch)
        if few is not None:
            # What is not found in the likely files is looked for in all of them.
            with suppress(SymbolError):
                return show_in(few)
        return answer_or_repair(index, lambda: show_in(index.result))


def refs(
    root: StrPath | Index,
    symbol: str,
    *,
    limit: int = 0,
    sure: bool = False,
    tests: bool | None = None,
    tokens: int | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> References:
    """Return what refers to ``symbol``.

    symbol  as for ``show``.
    limit   return no more references, and no more sites that are not resolved; 0 for all. With a limit, of a name that
            very many files have the best 700 files are looked at, and the places in the others are counted.
    sure    leave out what is guessed.
    tests   True: in tests alone; False: outside of tests.
    tokens  return so many that the text is within this budget; None for all.

    In C, Go, Java, JavaScript, Python and TypeScript, each site of the name is resolved by scopes, imports, classes and
    written types; in other languages references are found by name, and each says how it was found. The rest is as for
    ``map``. Raises as ``show`` does.
    """
    from repomap_fast.drawing.tokens import check_tokens
    from repomap_fast.symbols.kept_finder import kept_finder
    from repomap_fast.symbols.narrow import users
    from repomap_fast.symbols.refs import Wanted, find_references, fitted

    wanted, limit = text("symbol", symbol), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    check_tokens(tokens)
    check_type("sure", sure, bool)
    check_type("tests", tests, bool, NoneType)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    which = Wanted(sure=sure, tests=tests)
    with refreshed(refs, root, opening, options) as index:
        watch = Progress(None, cancel)

        def find() -> References:
            few, totals = users(index, wanted, limit, cancel) if tests is None else (None, None)
            find_in = partial(find_references, symbol=wanted, limit=limit, watch=watch, wanted=which)
            if few is not None:
                with suppress(SymbolError):
                    return find_in(few, whole=index.result, totals=totals)
            with kept_finder(index.result, answers_of(index), watch) as finder:
                return find_in(index.result, finder=finder)

        found = answer_or_repair(index, find)
        return found if tokens is None else fitted(found, tokens)


def imports(
    root: StrPath | Index,
    path: StrPath | None = None,
    *,
    limit: int = 0,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Imports:
    """Return what files import, which files of the repository that means, and cycles of imports.

    path   a file of the repository: what it imports and what imports it; None for all files.
    limit  return no more imports, and no more importers; 0 for all.

    No file of the repository is run, and no environment is asked. The rest is as for ``map``. Raises what ``scan``
    raises, and SymbolError, with the nearest paths, where there is no such file.
    """
    from repomap_fast.resolving.imports import find_imports

    wanted, limit = None if path is None else path_text("path", path), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(imports, root, opening, options) as index:
        return find_imports(index.result, wanted, limit=limit, watch=Progress(None, cancel))


def outline(
    path: StrPath | None = None,
    *,
    source: str | bytes | None = None,
    language: str | None = None,
    **options: Unpack[ScanKeywords],
) -> FileOutline:
    """Return the definitions of one file, nested, with lines and signatures. No repository is needed.

    path      the file; where ``source`` is given, only its name is used.
    source    the text itself.
    language  what it is written in; None to tell by the name of the file.

    With ``revision`` it is the file as that commit has it. Nothing is kept. Raises OptionError for a file that cannot
    be read, LanguageError, GitError where git cannot be asked for a commit, and TypeError for a wrong type.
    """
    from repomap_fast.symbols.outline import STANDARD_INPUT, outline_file, outline_text

    chosen = ScanOptions.from_keywords(options, call=outline)
    name = None if path is None else path_text("path", path)
    if language is not None:
        text("language", language)
    if source is None:
        if name is None:
            raise OptionError("path is None and source is None; expected a file or a text")
        return outline_file(name, chosen, language=language)
    check_type("source", source, str, bytes)
    if chosen.revision is not None:
        raise OptionError(f"revision is {chosen.revision!r} and source is given; expected one of them")
    if name is None and language is None:
        raise OptionError("language is None; expected the language of the source, or a path that tells it")
    contents = source if isinstance(source, bytes) else source.encode("utf-8", "surrogateescape")
    return outline_text(contents, chosen, path=name or STANDARD_INPUT, language=language)


def _task(focus: Several, mention: Several, query: str, changed: Changed) -> dict[str, Any]:
    """Return the keywords of the task as ``find_task`` takes them. Raises TypeError."""
    check_type("changed", changed, bool, str)
    return {
        "focus": tuple(path_text("focus", path) for path in several("focus", focus)),
        "mention": several("mention", mention),
        "query": text("query", query),
        "changed": changed,
    }


def _check_weights(weights: Weights | None) -> None:
    from repomap_fast.weights import Weights

    check_type("weights", weights, Weights, NoneType)


def _refresh(
    index: Index, opening: Opening, keywords: dict[str, Any], weights: Weights | None, until: Deadline | None
) -> FirstResult | None:
    """Refresh an index that never was; with a deadline any index, and return what is known if the time is too short."""
    # Of a commit all files are parsed: they do not change, so that is done once.
    if until is None or index.options.revision is not None:
        if until is not None or not index.is_refreshed:
            index.refresh(progress=opening.progress, cancel=opening.cancel)
        return None
    unfinished = refresh_until(index, until, progress=opening.progress, cancel=opening.cancel)
    if unfinished is None:
        return None
    from repomap_fast.first_answer import find_first_result
    from repomap_fast.settings import read_configuration

    chosen = weights or read_configuration(index.root).weights_or_defaults()
    return find_first_result(unfinished, index.root, keywords, chosen, until, Progress(None, opening.cancel))
