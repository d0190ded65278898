"""Opens the index that a public call answers from: the caller's own, or that of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from repomap_fast.errors import IndexDamagedError, OptionError
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import spare_tag_table
from repomap_fast.options import Opening, ScanKeywords, ScanOptions

if TYPE_CHECKING:
    from repomap_fast.argument_types import StrPath

_Answer = TypeVar("_Answer")


@contextmanager
def refreshed(
    call: Callable[..., Any], root: StrPath | Index, opening: Opening, options: ScanKeywords
) -> Iterator[Index]:
    """Yield an index that has a result: the given one, as of its last refresh, or that of a folder, up to date."""
    with opened(call, root, opening, options) as index:
        if not index.is_refreshed:
            index.refresh(progress=opening.progress, cancel=opening.cancel)
        with index.result.contents.held_open():
            yield index
        if isinstance(root, Index):
            # It stays open. A server would keep what one question in many has read.
            spare_tag_table(index.result)


def answer_or_repair(index: Index, question: Callable[[], _Answer]) -> _Answer:
    """Return what a question answers from an index; if a column is found damaged then, join all again and ask again.

    Columns are checked when they are read, a few pages at a time, so damage may show as late as in an answer.
    """
    try:
        return question()
    except IndexDamagedError as error:
        index.repair(error)
        return question()


@contextmanager
def opened(call: Callable[..., Any], root: StrPath | Index, opening: Opening, options: ScanKeywords) -> Iterator[Index]:
    """Yield the given index, or that of a folder, which was not refreshed yet."""
    chosen = ScanOptions.from_keywords(options, call=call)
    if isinstance(root, Index):
        if options:
            raise OptionError(f"{next(iter(options))} was given beside an Index, which has its own; expected a folder")
        yield root
        return
    with Index.open_with(root, chosen, cache=opening.cache, cache_dir=opening.cache_dir, once=True) as index:
        yield index
