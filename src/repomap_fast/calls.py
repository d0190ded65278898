"""The public calls that follow references: callers, callees, what a change reaches, and what nobody uses."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Unpack

from repomap_fast.argument_types import check_type, text, whole_number
from repomap_fast.errors import OptionError
from repomap_fast.opened import refreshed
from repomap_fast.options import Opening, ScanKeywords
from repomap_fast.progress import CancelEvent, Progress, ProgressCallback

if TYPE_CHECKING:
    from repomap_fast.argument_types import StrPath
    from repomap_fast.indexing.index import Index
    from repomap_fast.symbols.calls import Calls, Direction


def callers(
    root: StrPath | Index,
    symbol: str,
    *,
    depth: int = 1,
    limit: int = 0,
    sure: bool = False,
    tests: bool | None = None,
    tokens: int | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Calls:
    """Return the definitions that refer to ``symbol``: that call it, hand it on, or use it as a type.

    symbol  as for ``show``.
    depth   1 for these alone, up to 10: those that refer to these, and so on.
    limit   return no more definitions; 0 for all.

    The rest is as for ``refs``. Raises as ``refs`` does.
    """
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(callers, root, opening, options) as index:
        return _calls(index, symbol, "callers", depth, limit, sure, tests, tokens, cancel)


def callees(
    root: StrPath | Index,
    symbol: str,
    *,
    depth: int = 1,
    limit: int = 0,
    sure: bool = False,
    tests: bool | None = None,
    tokens: int | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Calls:
    """Return the definitions of the repository that ``symbol`` refers to in its text.

    The rest is as for ``callers``.
    """
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(callees, root, opening, options) as index:
        return _calls(index, symbol, "callees", depth, limit, sure, tests, tokens, cancel)


def _calls(
    index: Index,
    symbol: str,
    direction: Direction,
    depth: int,
    limit: int,
    sure: bool,
    tests: bool | None,
    tokens: int | None,
    cancel: CancelEvent | None,
) -> Calls:
    from repomap_fast.drawing.repo_map import check_tokens
    from repomap_fast.symbols.calls import find_calls, fitted_calls
    from repomap_fast.symbols.refs import Wanted

    symbol, depth, limit = text("symbol", symbol), whole_number("depth", depth), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    check_type("sure", sure, bool)
    check_type("tests", tests, bool, NoneType)
    check_tokens(tokens)
    found = find_calls(
        index.result,
        symbol,
        direction,
        depth=depth,
        limit=limit,
        watch=Progress(None, cancel),
        wanted=Wanted(sure=sure, tests=tests),
    )
    return found if tokens is None else fitted_calls(found, tokens)
