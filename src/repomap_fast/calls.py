"""The public calls that follow references: callers, callees, what a change reaches, and what nobody uses."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING, Unpack

from repomap_fast.argument_types import check_type, path_text, several, text, whole_number
from repomap_fast.errors import OptionError
from repomap_fast.opened import answer_or_repair, refreshed
from repomap_fast.options import Changed, Opening, ScanKeywords
from repomap_fast.progress import CancelEvent, Progress, ProgressCallback

if TYPE_CHECKING:
    from repomap_fast.argument_types import Several, StrPath
    from repomap_fast.indexing.index import Index
    from repomap_fast.symbols.calls import Calls, Direction
    from repomap_fast.symbols.impact import Impact
    from repomap_fast.symbols.unused import Unused


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


def impact(
    root: StrPath | Index,
    target: StrPath | None = None,
    *,
    changed: Changed = False,
    depth: int = 3,
    limit: int = 0,
    sure: bool = False,
    tests: bool | None = None,
    tokens: int | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Impact:
    """Return what a change can reach: the definitions that refer to what changes, over some steps, and the tests.

    target   a symbol as for ``show``, or a file or folder; None for what changed in git.
    changed  True for what changed since the commit that is checked out; a text for what changed since that commit.
    depth    steps, 1 to 10.
    limit    return no more definitions, and no more of tests; 0 for all.
    tests    True: return tests alone; False: what is in no test; what leads to them is followed anyway.

    The rest is as for ``refs``. Raises as ``refs`` does, and GitError where git cannot say what changed.
    """
    from repomap_fast.drawing.tokens import check_tokens
    from repomap_fast.symbols.impact import find_impact, fitted_impact
    from repomap_fast.symbols.refs import Wanted

    wanted = None if target is None else path_text("target", target)
    depth, limit = whole_number("depth", depth), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    check_type("sure", sure, bool)
    check_type("tests", tests, bool, NoneType)
    check_type("changed", changed, bool, str)
    check_tokens(tokens)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(impact, root, opening, options) as index:
        found = answer_or_repair(
            index,
            lambda: find_impact(
                index.result,
                wanted,
                changed,
                depth=depth,
                limit=limit,
                watch=Progress(None, cancel),
                wanted=Wanted(sure=sure, tests=tests),
            ),
        )
        return found if tokens is None else fitted_impact(found, tokens)


def unused(
    root: StrPath | Index,
    *,
    path: Several = (),
    limit: int = 0,
    tests: bool = False,
    tokens: int | None = None,
    cache: bool = True,
    cache_dir: StrPath | None = None,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Unused:
    """Return the functions, methods, classes, types and macros that nothing in the repository refers to.

    path   files, folders or patterns in which they are looked for; references count wherever they are.
    limit  return no more; 0 for all.
    tests  look in tests too.

    It is said only of a definition whose name no unresolved reference has. What is decorated, exported or overrides a
    member, entry points and tests are left out. The rest is as for ``refs``.
    """
    from repomap_fast.drawing.tokens import check_tokens
    from repomap_fast.symbols.unused import find_unused, fitted_unused

    paths, limit = several("path", path), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    check_type("tests", tests, bool)
    check_tokens(tokens)
    opening = Opening(cache=cache, cache_dir=cache_dir, progress=progress, cancel=cancel)
    with refreshed(unused, root, opening, options) as index:
        found = find_unused(index.result, paths, limit=limit, tests=tests, watch=Progress(progress, cancel))
        return found if tokens is None else fitted_unused(found, tokens)


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
    from repomap_fast.drawing.tokens import check_tokens
    from repomap_fast.symbols.calls import find_calls, fitted_calls
    from repomap_fast.symbols.refs import Wanted

    symbol, depth, limit = text("symbol", symbol), whole_number("depth", depth), whole_number("limit", limit)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    check_type("sure", sure, bool)
    check_type("tests", tests, bool, NoneType)
    check_tokens(tokens)
    found = answer_or_repair(
        index,
        lambda: find_calls(
            index.result,
            symbol,
            direction,
            depth=depth,
            limit=limit,
            watch=Progress(None, cancel),
            wanted=Wanted(sure=sure, tests=tests),
        ),
    )
    return found if tokens is None else fitted_calls(found, tokens)
