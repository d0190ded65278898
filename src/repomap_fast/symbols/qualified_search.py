"""Searches for a symbol that is written with a scope, a path or a line, of which no name is made."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import are_among
from repomap_fast.errors import OptionError, SymbolError
from repomap_fast.indexing.index import answers_of
from repomap_fast.progress import Progress
from repomap_fast.ranking.search import search_tags
from repomap_fast.symbols.names import find_symbol, split_path, split_scopes
from repomap_fast.symbols.narrow import definers
from repomap_fast.symbols.use_counts import count_named, count_uses
from repomap_fast.tables import ROLE_REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.index import Index
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import CancelEvent
    from repomap_fast.ranking.search import SearchResult
    from repomap_fast.symbols.filters import TagFilter
    from repomap_fast.symbols.names import Named
    from repomap_fast.tables import I64

_FUZZY = "fuzzy"


def may_be_qualified(found: SearchResult) -> bool:
    """Return whether a search found no more than names that are a little like its word, and the word has parts."""
    is_like = bool(found.found) and found.found[0].likeness != _FUZZY
    return not is_like and (split_path(found.word) != (None, None) or len(split_scopes(found.word)) > 1)


def search_symbol(
    index: Index, before: SearchResult, *, limit: int, references: bool, chosen: TagFilter, cancel: CancelEvent | None
) -> SearchResult:
    """Return the definitions that a symbol names, and the references to its name if these are asked for.

    before  what a search of the symbol as a name found; returned where nothing is called so, if need be with a note.

    Raises IndexDamagedError.
    """
    symbol = before.word
    few = None if references else definers(index, symbol, cancel)
    if few is not None:
        # What is not found in the likely files is looked for in all of them.
        with suppress(SymbolError, OptionError):
            return _found(index, few, find_symbol(few, symbol), before, limit, references=False, chosen=chosen)
    try:
        named = find_symbol(index.result, symbol)
    except OptionError:
        return before
    except SymbolError as error:
        return before if before.found else replace(before, notes=(str(error),))
    return _found(index, index.result, named, before, limit, references=references, chosen=chosen, cancel=cancel)


def _found(
    index: Index,
    result: ScanResult,
    named: Named,
    before: SearchResult,
    limit: int,
    *,
    references: bool,
    chosen: TagFilter,
    cancel: CancelEvent | None = None,
) -> SearchResult:
    count = partial(count_uses, result, answers=answers_of(index), watch=Progress(None, cancel))
    found = search_tags(
        result,
        named.name,
        loosest="exact",
        limit=limit,
        references=references,
        is_wanted=partial(_are_wanted, result, named, chosen, references),
        count_uses=count if result is index.result else None,
        count_named=partial(count_named, index),
    )
    return replace(found, word=before.word)


def _are_wanted(result: ScanResult, named: Named, chosen: TagFilter, references: bool, rows: I64) -> NDArray[np.bool_]:
    is_wanted = chosen.bind(result)
    are_named: NDArray[np.bool_] = are_among(rows, named.rows)
    if references:
        are_named |= result.tag_table.roles[rows] == ROLE_REFERENCE
    return are_named if is_wanted is None else are_named & is_wanted(rows)
