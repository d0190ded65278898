"""Searches a text for a regex of a user's query, in a time that the length of the text bounds.

It never runs ``re`` on a text that could take it long: ``re`` holds the GIL while it searches, and cannot be stopped.

``re`` backtracks. One repetition may take it the square of the text, a repetition within a repetition a power of 2.
Where that is too long, a state machine searches instead, one character at a time. It is slower, but takes a bounded
number of steps for each character, and Python handles signals between them.

``re`` still decides whether a single character matches (``\\w``, ``[a-z]``, with or without case).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

MAX_STEPS = 1_000_000
"""Steps that ``re`` may take for one text: some ten milliseconds."""
MAX_STATES = 2_000
"""States of one regex. Counted repetitions multiply them."""
_CHARACTERS_BETWEEN_CHECKS = 1_024
_MAX_KEPT_SETS = 1_000

_UNBOUNDED = -1
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|0[0-7]{0,2}|[0-3][0-7]{2}|.)", re.DOTALL)
_COUNTS = re.compile(r"\{(\d*)(,?)(\d*)\}")
_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")
_OPENING = re.compile(r"\((?:\?:|\?P<\w+>|(\?(?:=|!|<=|<!|>)))?(?!\?)")
_ASSERTIONS = {"b", "B", "A", "Z"}


class TooComplexError(ValueError):
    """The cost of a regex has no bound. The message says why."""


class TooLongError(Exception):
    """The text is too long: the search might take more than ``MAX_STEPS``."""


@dataclass(frozen=True, slots=True)
class _Character:
    source: str


@dataclass(frozen=True, slots=True)
class _Assertion:
    source: str


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Repetition:
    part: _Node
    least: int
    most: int


_Node: TypeAlias = "_Character | _Assertion | _Sequence | _Choice | _Repetition"


class _Reader:
    """Reads a regex that ``re`` has compiled. Raises TooComplexError for syntax that it cannot read.

    unfollowed  the part that no state machine can match, in words; "" if there is none.
    """

    def __init__(self, pattern: str, flags: int) -> None:
        self.text = pattern
        self.position = 0
        self.unfollowed = ""
        self.is_verbose = bool(flags & re.VERBOSE)

    def read(self) -> _Node:
        while flags := _FLAGS.match(self.text, self.position):
            self.position = flags.end()
        node = self._choice()
        if self.position != len(self.text):
            raise TooComplexError("a part that could not be read")
        return node

    def _choice(self) -> _Node:
        branches = [self._sequence()]
        while self.text.startswith("|", self.position):
            self.position += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _Choice(tuple(branches))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self.position < len(self.text) and self.text[self.position] not in "|)":
            if self.is_verbose and self._skipped():
                continue
            parts.append(self._repeated(self._atom()))
        return parts[0] if len(parts) == 1 else _Sequence(tuple(parts))

    def _skipped(self) -> bool:
        character = self.text[self.position]
        if character == "#":
            end = self.text.find("\n", self.position)
            self.position = len(self.text) if end < 0 else end
            return True
        self.position += character.isspace()
        return character.isspace()

    def _atom(self) -> _Node:
        start, character = self.position, self.text[self.position]
        if character == "(":
            return self._group()
        if character == "[":
            self.position = _class_end(self.text, start)
        elif character == "\\":
            escape = _ESCAPE.match(self.text, start)
            if escape is None or escape[1] == "N":
                raise TooComplexError("a character by its name")
            self.position = escape.end()
            if escape[1][0] in "123456789":
                self.unfollowed = "a reference to a group"
                return _Sequence(())
            if escape[1] in _ASSERTIONS:
                return _Assertion(escape[0])
        else:
            self.position += 1
            if character in "^$":
                return _Assertion(character)
        return _Character(self.text[start : self.position])

    def _group(self) -> _Node:
        if self.text.startswith("(?#", self.position):
            self.position = self.text.index(")", self.position) + 1
            return _Sequence(())
        opening = _OPENING.match(self.text, self.position)
        if opening is None:
            raise TooComplexError("a condition, a reference by name, or flags within the regex")
        if opening[1]:
            self.unfollowed = "a lookahead, a lookbehind or an atomic group"
        self.position = opening.end()
        node = self._choice()
        self.position += 1
        return node

    def _repeated(self, node: _Node) -> _Node:
        while self.position < len(self.text):
            character, counts = self.text[self.position], _COUNTS.match(self.text, self.position)
            if character in "*+?":
                least, most = {"*": (0, _UNBOUNDED), "+": (1, _UNBOUNDED), "?": (0, 1)}[character]
                self.position += 1
            elif counts is not None and (counts[1] or counts[3]):
                least = int(counts[1] or 0)
                most = int(counts[3]) if counts[3] else _UNBOUNDED if counts[2] else least
                self.position = counts.end()
            else:
                return node
            if self.text.startswith("+", self.position):
                self.unfollowed = "a possessive repetition"
            # Lazy or greedy makes no difference to whether there is a match.
            self.position += self.text.startswith(("?", "+"), self.position)
            node = _Repetition(node, least, most)
        return node


def _class_end(text: str, start: int) -> int:
    position = start + 1 + text.startswith("^", start + 1)
    position += text.startswith("]", position)
    while text[position] != "]":
        position += 2 if text[position] == "\\" else 1
    return position + 1


def _is_repeated_within(node: _Node) -> bool:
    """Return whether a repeated part can match in several ways: ``re`` may take a power of 2 for it."""
    if isinstance(node, _Repetition):
        return (node.most not in (0, 1) and _n_choices(node.part) > 0) or _is_repeated_within(node.part)
    return any(_is_repeated_within(part) for part in _parts(node))


def _n_choices(node: _Node) -> int:
    """Return the number of repetitions and alternatives: where ``re`` may come back and try another way."""
    own = isinstance(node, _Repetition | _Choice)
    return own + sum(_n_choices(part) for part in _parts(node))


def _parts(node: _Node) -> tuple[_Node, ...]:
    if isinstance(node, _Repetition):
        return (node.part,)
    return node.parts if isinstance(node, _Sequence) else node.branches if isinstance(node, _Choice) else ()


@dataclass(slots=True)
class _States:
    """The states of a machine, one row each. A state tests a character, asserts something of a position, or neither.

    tests       (n,) number of the character test, or -1.
    assertions  (n,) the assertion on the position, or None.
    nexts       (n,) the states that follow.
    sources     number of each character test, by its regex.
    """

    tests: list[int] = field(default_factory=list)
    assertions: list[str | None] = field(default_factory=list)
    nexts: list[list[int]] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)

    def add(self, *, test: str | None = None, assertion: str | None = None, nexts: list[int] | None = None) -> int:
        if len(self.tests) >= MAX_STATES:
            raise TooComplexError(f"more than {MAX_STATES} states, once its counted repetitions are written out")
        self.tests.append(-1 if test is None else self.sources.setdefault(test, len(self.sources)))
        self.assertions.append(assertion)
        self.nexts.append(nexts or [])
        return len(self.tests) - 1

    def build(self, node: _Node, behind: int) -> int:
        """Add the states of a node; return its first state."""
        if isinstance(node, _Character):
            return self.add(test=node.source, nexts=[behind])
        if isinstance(node, _Assertion):
            return self.add(assertion=node.source, nexts=[behind])
        if isinstance(node, _Choice):
            return self.add(nexts=[self.build(branch, behind) for branch in node.branches])
        if isinstance(node, _Sequence):
            for part in reversed(node.parts):
                behind = self.build(part, behind)
            return behind
        if node.most == _UNBOUNDED:
            loop = self.add(nexts=[behind])
            self.nexts[loop].append(self.build(node.part, loop))
            behind = loop
        else:
            after = behind
            for _ in range(node.most - node.least):
                behind = self.add(nexts=[after, self.build(node.part, behind)])
        for _ in range(node.least):
            behind = self.build(node.part, behind)
        return behind


class _Machine:
    """Searches a text for a regex, one character at a time."""

    def __init__(self, node: _Node, flags: int) -> None:
        self._states = _States()
        self._end = self._states.add()
        self._start = self._states.build(node, self._end)
        sources = list(self._states.sources)
        self._tests = [re.compile(source, flags & ~re.VERBOSE).fullmatch for source in sources]
        self._flags = flags
        self._kinds: dict[str, frozenset[int]] = {}

    def search(self, text: str, check_time: Callable[[], None]) -> bool:
        """Return whether the regex matches somewhere. ``check_time`` is called now and then, and may raise."""
        states, passed_to = self._states, frozenset[int]()
        kept: dict[tuple[frozenset[int], str, str], frozenset[int]] = {}
        for position in range(len(text) + 1):
            if position % _CHARACTERS_BETWEEN_CHECKS == 0:
                check_time()
            before, after = text[position - 1 : position] if position else "", text[position : position + 1]
            key = passed_to, before, after if position + 1 < len(text) else after + "\0end"
            reached = kept.get(key)
            if reached is None:
                if len(kept) >= _MAX_KEPT_SETS:
                    kept.clear()
                reached = kept[key] = self._closure(passed_to | {self._start}, text, position)
            if self._end in reached:
                return True
            passed = self._passed(after)
            passed_to = frozenset(n for state in reached if states.tests[state] in passed for n in states.nexts[state])
        return False

    def _passed(self, character: str) -> frozenset[int]:
        if not character:
            return frozenset()
        passed = self._kinds.get(character)
        if passed is None:
            passed = frozenset(i for i, test in enumerate(self._tests) if test(character) is not None)
            self._kinds[character] = passed
        return passed

    def _closure(self, from_: frozenset[int], text: str, position: int) -> frozenset[int]:
        """Return the states that can be reached at a position without a character."""
        states, seen, left = self._states, set(from_), list(from_)
        while left:
            state = left.pop()
            assertion = states.assertions[state]
            if states.tests[state] >= 0 or (assertion is not None and not self._holds(assertion, text, position)):
                continue
            fresh = [following for following in states.nexts[state] if following not in seen]
            seen.update(fresh)
            left.extend(fresh)
        return frozenset(seen)

    def _holds(self, assertion: str, text: str, position: int) -> bool:
        """Return whether an assertion holds at a position. ``re`` decides, given the characters around it."""
        is_at_start = position == 0
        near = text[max(position - 1, 0) : position + 2]
        regex = re.compile(assertion, self._flags & ~re.VERBOSE)
        if is_at_start:
            return regex.match(near) is not None
        if assertion == "\\A" or (assertion == "^" and not self._flags & re.MULTILINE):
            return False
        return regex.match(near, 1) is not None


class SafeRegex:
    """A regex whose search takes a time that the length of the text bounds.

    Raises re.error for an invalid regex, and TooComplexError where the cost has no bound: a repeated part can match in
    several ways, and another part only ``re`` can match; or where ``re`` itself gives up.
    """

    def __init__(self, pattern: str) -> None:
        try:
            self._regex = re.compile(pattern)
        except (RecursionError, OverflowError) as error:
            reason = str(error) if isinstance(error, OverflowError) else "it is nested too deeply"
            raise TooComplexError(f"too much for Python's re: {reason}; expected a simpler regex") from None
        self._machine: _Machine | None = None
        reader = _Reader(pattern, self._regex.flags)
        try:
            node = reader.read()
        except (IndexError, ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, TooComplexError) else "nested too deeply"
            raise TooComplexError(f"{reason}: its cost cannot be bounded; expected a regex without it") from None
        if not reader.unfollowed:
            self._machine = _Machine(node, self._regex.flags)
        elif _is_repeated_within(node):
            raise TooComplexError(
                f"a repetition of what can be matched in several ways, and {reader.unfollowed}: its cost cannot be "
                "bounded; expected a regex with one of them at most"
            )
        self._power = MAX_STEPS if _is_repeated_within(node) else _n_choices(node) + 1

    def is_found_in(self, text: str, check_time: Callable[[], None]) -> bool:
        """Return whether ``re.search`` would find it. A long search calls ``check_time`` now and then, which may raise.

        Raises TooLongError where only ``re`` can decide, and might take too long.
        """
        if (len(text) + 2) ** min(self._power, 20) <= MAX_STEPS:
            return self._regex.search(text) is not None
        if self._machine is None:
            raise TooLongError
        return self._machine.search(text, check_time)
