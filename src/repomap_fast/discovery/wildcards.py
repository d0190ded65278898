"""The wildcard patterns of a rule file, matched as git's wildmatch matches them.

All patterns of a file are one automaton (``_wildcards``): a text costs its length times the states, 64 at a time, and
nothing is ever tried twice. So no pattern and no name can be slow; what bounds the cost is ``MAX_STATES``.

Where git's documentation is silent, this follows its code:

- bracket expressions are POSIX's, with escapes and ``[:classes:]``, and never match a slash;
- ``**`` spans folders only as a whole part of a path, else it is ``*``;
- but git compares the text before the first wildcard by itself, and then takes the rest for a pattern of its own:
  ``ab**/c`` matches ``abc`` and ``abx/c``;
- ``/**`` at the end matches what is below a folder, not the folder itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from repomap_fast.discovery import _wildcards

MAX_STATES = 2**16
"""States of the patterns of one rule file, about one for each byte of them. The longest path takes some milliseconds
then; the largest lists of patterns that people keep have a tenth of it."""

NO_RULE = -1

_SET_BYTES = 32
_SPECIAL = re.compile(rb"[*?\[\\]")
_MORE_FOLDERS = re.compile(rb"(?:\*\*+/)*")
_SLASH = 1 << ord("/")
_ANY_BUT_SLASH = (1 << 256) - 1 - _SLASH

_DIGITS, _LOWER, _UPPER = ("".join(map(chr, range(ord(a), ord(b) + 1))) for a, b in ("09", "az", "AZ"))
_PUNCTUATION = "".join(one for one in map(chr, range(33, 127)) if not one.isalnum())
_ASCII_CLASSES = {
    b"alnum": _LOWER + _UPPER + _DIGITS,
    b"alpha": _LOWER + _UPPER,
    b"blank": " \t",
    b"cntrl": "".join(map(chr, [*range(1, 32), 127])),
    b"digit": _DIGITS,
    b"graph": _LOWER + _UPPER + _DIGITS + _PUNCTUATION,
    b"lower": _LOWER,
    b"print": _LOWER + _UPPER + _DIGITS + _PUNCTUATION + " ",
    b"punct": _PUNCTUATION,
    b"space": " \t\n\r",
    b"upper": _UPPER,
    b"xdigit": _DIGITS + "abcdefABCDEF",
}
_CLASS_SETS = {name: sum(1 << ord(character) for character in set(members)) for name, members in _ASCII_CLASSES.items()}


class _MatchesNothing(Exception):
    """The pattern is malformed: git then matches nothing with it."""


def has_wildcard(pattern: bytes) -> bool:
    """Return whether ``pattern`` is more than a plain name or path: it holds a wildcard or an escape."""
    return _SPECIAL.search(pattern) is not None


class States:
    """The states of one pattern, as ``Automaton`` takes them; none if the pattern matches nothing.

    pattern  without the ``!`` and the slashes at its ends that a rule may have.
    is_path  the pattern is one for paths, in which ``**`` spans folders; else for names.
    """

    __slots__ = ("_flags", "_sets")

    def __init__(self, pattern: bytes, *, is_path: bool) -> None:
        self._flags = bytearray([_wildcards.IS_START])
        self._sets: list[int] = []
        try:
            self._read(pattern, is_path=is_path)
        except _MatchesNothing:
            self._flags.clear()
            self._sets.clear()
            return
        self._flags[-1] |= _wildcards.IS_FINAL
        self._sets.append(0)

    def __len__(self) -> int:
        return len(self._flags)

    @property
    def flags(self) -> bytes:
        """(n,) bytes."""
        return bytes(self._flags)

    @property
    def sets(self) -> bytes:
        """(n, 32) bytes."""
        return b"".join(members.to_bytes(_SET_BYTES, "little") for members in self._sets)

    def _read(self, pattern: bytes, *, is_path: bool) -> None:
        special = _SPECIAL.search(pattern)
        own_start = special.start() if special else len(pattern)
        i = 0
        while i < len(pattern):
            byte = pattern[i : i + 1]
            if byte == b"*":
                starts_part = i in (0, own_start) or pattern[i - 1 : i] == b"/"
                i = self._read_stars(pattern, i, may_span=is_path and starts_part)
            elif byte == b"[":
                members, i = _read_class(pattern, i + 1)
                self._move_on(members)
            elif byte == b"?":
                self._move_on(_ANY_BUT_SLASH)
                i += 1
            else:
                member, i = _read_member(pattern, i)
                self._move_on(1 << member)

    def _move_on(self, members: int) -> None:
        self._sets.append(members)
        self._flags.append(0)

    def _read_stars(self, pattern: bytes, start: int, *, may_span: bool) -> int:
        end = start
        while pattern[end : end + 1] == b"*":
            end += 1
        ends_part = pattern[end : end + 1] in (b"", b"/") or pattern[end : end + 2] == rb"\/"
        if not (may_span and ends_part and end - start > 1):
            self._flags[-1] |= _wildcards.KEEPS_WITHIN
            return end
        self._flags[-1] |= _wildcards.KEEPS_ANY
        if pattern[end : end + 1] != b"/":
            return end
        # No folder at all is enough, unless the slash is escaped.
        is_start = self._flags[-1] & _wildcards.IS_START
        self._flags[-1] |= _wildcards.SKIPS
        self._move_on(_SLASH)
        self._flags[-1] |= is_start
        more = _MORE_FOLDERS.match(pattern, end + 1)
        return more.end() if more else end + 1


class Wildcards:
    """Some patterns of one kind, for names or for paths, each with a number of the caller's; the numbers rise."""

    __slots__ = ("_automaton", "_number_by_state")

    def __init__(self, patterns: Iterable[tuple[int, States]]) -> None:
        flags: list[bytes] = []
        sets: list[bytes] = []
        self._number_by_state: dict[int, int] = {}
        n_states = 0
        for number, states in patterns:
            if states:
                flags.append(states.flags)
                sets.append(states.sets)
                n_states += len(states)
                self._number_by_state[n_states - 1] = number
        self._automaton = _wildcards.Automaton(b"".join(flags), b"".join(sets))

    def __bool__(self) -> bool:
        return bool(self._number_by_state)

    def last_match(self, text: bytes) -> int:
        """Return the highest number of a pattern that matches all of ``text``, or NO_RULE."""
        state = self._automaton.last_match(text)
        return NO_RULE if state < 0 else self._number_by_state[state]

    def matched_numbers(self) -> list[int]:
        """Return the numbers of the patterns that have matched any text so far."""
        return [self._number_by_state[state] for state in self._automaton.matched_states()]


def _read_class(pattern: bytes, i: int) -> tuple[int, int]:
    """Read the bracket expression whose ``[`` is just before ``i``, as git's wildmatch does.

    Returns the bits of the bytes that it matches, and where the pattern goes on.
    """
    negated = pattern[i : i + 1] in (b"!", b"^")
    if negated:
        i += 1
    members = 0
    range_start = 0
    is_first = True
    while is_first or pattern[i : i + 1] != b"]":
        is_first = False
        if pattern[i : i + 2] == b"[:" and (end := pattern.find(b"]", i + 2)) > 0 and pattern[end - 1 : end] == b":":
            name = pattern[i + 2 : end - 1]
            if end < i + 3 or name not in _CLASS_SETS:
                raise _MatchesNothing
            members |= _CLASS_SETS[name]
            range_start = 0
            i = end + 1
        elif pattern[i : i + 1] == b"-" and range_start and pattern[i + 1 : i + 2] not in (b"", b"]"):
            last, i = _read_member(pattern, i + 1)
            members |= sum(1 << member for member in range(range_start, last + 1))
            range_start = 0
        else:
            range_start, i = _read_member(pattern, i)
            members |= 1 << range_start
    matching = (~members if negated else members) & _ANY_BUT_SLASH
    if not matching:
        raise _MatchesNothing
    return matching, i + 1


def _read_member(pattern: bytes, i: int) -> tuple[int, int]:
    if pattern[i : i + 1] == b"\\":
        i += 1
    if i >= len(pattern):
        raise _MatchesNothing
    return pattern[i], i + 1
