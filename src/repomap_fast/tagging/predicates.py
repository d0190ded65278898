"""Reads the predicates of tags queries, and applies those that need a regex.

No regex runs in the compiled loop, which has no GIL. The loop compares bytes, and records which matches need a regex on
which text. After the loop, each regex runs once on each distinct text; ``regexes`` bounds its time.

Predicates mean what they mean in py-tree-sitter: ``#match?`` is ``re.search`` on the text up to its first NUL. One
differs: ``#not-any-of?`` passes a text that is none of the strings, as tree-sitter describes it. py-tree-sitter passes
every text where there are two strings. ``#set!`` is read by ``rules``; ``#is?``, ``#is-not?`` and unknown operators
have no effect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from repomap_fast.arrays import are_among, distinct_places
from repomap_fast.tables import U8, U32, U64

if TYPE_CHECKING:
    from repomap_fast.tagging.regexes import SafeRegex

EQUALS_CAPTURE, EQUALS_STRING, ANY_OF, MATCHES = range(4)
"""Operators, as the compiled loop numbers them."""

Step: TypeAlias = "bytes | int"
"""One part of a predicate in a query: text, or the id of a capture."""
Predicate: TypeAlias = "tuple[int, int, int, bool, bool, list[bytes]]"
"""(operator, capture, the other capture or the number of a regex, is any, is positive, texts to compare with)."""

_COMPARISON = re.compile(rb"(any-)?(not-)?(eq|match)\?")


class Regexes:
    """The regexes of one scan's queries, by number, each with the rule that combines its answers."""

    def __init__(self) -> None:
        self._regexes: list[tuple[SafeRegex, bool, bool]] = []

    def add(self, pattern: str, *, is_any: bool, is_positive: bool) -> int:
        """Return the number of a new regex. Raises re.error, TooComplexError."""
        # Most maps parse a few files without any query.
        from repomap_fast.tagging.regexes import SafeRegex

        self._regexes.append((SafeRegex(pattern), is_any, is_positive))
        return len(self._regexes) - 1

    def is_any(self, regex_id: int) -> bool:
        """Return whether one passing text is enough. If not, all must pass."""
        return self._regexes[regex_id][1]

    def is_passed(self, regex_id: int, text: bytes, check_time: Callable[[], None] = lambda: None) -> bool:
        """Return whether a text passes a regex. A long search calls ``check_time``. Raises TooLongError."""
        regex, _, is_positive = self._regexes[regex_id]
        try:
            found = regex.is_found_in(text.partition(b"\0")[0].decode(), check_time)
        except UnicodeDecodeError:
            found = False
        return found == is_positive


def read_predicate(steps: Sequence[Step], regexes: Regexes) -> Predicate | None:
    """Return the predicate of ``steps`` (operator, arguments …), or None if it has no effect.

    Raises ValueError for arguments that the operator does not take. The message is for the query's author.
    """
    operator, *arguments = steps
    assert isinstance(operator, bytes)
    if operator in (b"any-of?", b"not-any-of?"):
        capture = _capture(operator, arguments)
        texts = [argument for argument in arguments[1:] if isinstance(argument, bytes)]
        if len(texts) != len(arguments) - 1:
            raise ValueError(f"#{operator.decode()} compares with strings, not with captures")
        return ANY_OF, capture, 0, False, operator == b"any-of?", texts
    comparison = _COMPARISON.fullmatch(operator)
    if not comparison:
        return None
    capture = _capture(operator, arguments)
    if len(arguments) != 2:
        raise ValueError(f"#{operator.decode()} takes two arguments, not {len(arguments)}")
    is_any, is_positive, other = comparison[1] is not None, comparison[2] is None, arguments[1]
    if comparison[3] == b"eq":
        if isinstance(other, int):
            return EQUALS_CAPTURE, capture, other, is_any, is_positive, []
        return EQUALS_STRING, capture, 0, is_any, is_positive, [other]
    if isinstance(other, int):
        raise ValueError(f"#{operator.decode()} takes a regex as a string, not a capture")
    from repomap_fast.tagging.regexes import TooComplexError

    try:
        regex_id = regexes.add(other.decode(), is_any=is_any, is_positive=is_positive)
    except re.error as error:
        raise ValueError(f"#{operator.decode()} has a regex that Python's re does not take: {error}") from None
    except TooComplexError as error:
        raise ValueError(f"#{operator.decode()} has a regex with {error}") from None
    return MATCHES, capture, regex_id, is_any, is_positive, []


def _capture(operator: bytes, arguments: Sequence[Step]) -> int:
    if not arguments or not isinstance(arguments[0], int):
        raise ValueError(f"#{operator.decode()} takes a capture first")
    return arguments[0]


KEPT, FAILED, UNDECIDED = range(3)
"""Verdicts on a tag. ``TagWorker.drop_tags`` drops FAILED tags, and gives up files with UNDECIDED ones."""


class OutOfTimeError(Exception):
    """The time for regexes is over, or the scan was cancelled."""


def find_failed_rows(
    regexes: Regexes,
    text: Callable[[int], bytes],
    pending: tuple[U32, U32, U32, U64, U32],
    n_tags: int,
    check_time: Callable[[], None] = lambda: None,
) -> U8:
    """Return a verdict for each tag, (n_tags,) uint8: KEPT, FAILED if a regex of its match fails, or UNDECIDED.

    text        returns the text of a text id.
    pending     the columns of ``TagWorker.pending_regexes``.
    check_time  called between two regexes, and within a long one. It may raise OutOfTimeError.
    """
    matches, regex_ids, text_ids, rows, row_matches = pending
    pairs = regex_ids.astype(np.uint64) << np.uint64(32) | text_ids
    firsts, which = distinct_places(pairs)
    answers = _answers(regexes, text, pairs[firsts], check_time)[which]
    # One row for each (match, regex). A regex on several nodes of a match needs all of them to pass, or any.
    firsts, group_of = distinct_places(matches.astype(np.uint64) << np.uint64(32) | regex_ids)
    n_pairs = np.bincount(group_of, minlength=len(firsts))
    n_passed = np.bincount(group_of, weights=answers == KEPT, minlength=len(firsts))
    needs_any = np.array([regexes.is_any(regex_id) for regex_id in regex_ids[firsts].tolist()], np.bool_)
    is_failed_group = np.where(needs_any, n_passed == 0, n_passed < n_pairs)
    verdicts = np.full(n_tags, KEPT, np.uint8)
    verdicts[rows[are_among(row_matches, matches[firsts[is_failed_group]])]] = FAILED
    verdicts[rows[are_among(row_matches, matches[answers == UNDECIDED])]] = UNDECIDED
    return verdicts


def settle_contested(verdicts: U8, rows: U64, groups: U32, ranks: U32, is_of_names: U8) -> None:
    """Let tags give way to others that passed: change ``verdicts`` of ``find_failed_rows`` to FAILED for those that do.

    rows, groups, ranks, is_of_names  the columns of ``TagWorker.contested_tags``.
    """
    for chosen in (is_of_names == 0, is_of_names == 1):
        is_left = chosen & (verdicts[rows] != FAILED)
        left_rows, left_ranks = rows[is_left], ranks[is_left]
        if not len(left_rows):
            continue
        starts = np.flatnonzero(np.diff(groups[is_left], prepend=0))
        lowest = np.minimum.reduceat(left_ranks, starts)
        n_left = np.diff(starts, append=len(left_rows))
        verdicts[left_rows[left_ranks > np.repeat(lowest, n_left)]] = FAILED


def _answers(regexes: Regexes, text: Callable[[int], bytes], pairs: U64, check_time: Callable[[], None]) -> U8:
    """Return the verdict of each pair of regex and text: KEPT, FAILED, or UNDECIDED if it would take too long."""
    from repomap_fast.tagging.regexes import TooLongError

    answers = np.full(len(pairs), UNDECIDED, np.uint8)
    for i, pair in enumerate(pairs.tolist()):
        try:
            check_time()
            is_passed = regexes.is_passed(pair >> 32, text(pair & 0xFFFFFFFF), check_time)
            answers[i] = KEPT if is_passed else FAILED
        except TooLongError:
            continue
        except OutOfTimeError:
            break
    return answers
