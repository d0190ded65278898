"""Ignore rules: read as git reads a .gitignore, asked folder by folder.

Most rules are a plain name, a plain path or ``*.end``: those are looked up in tables, so that a file costs a few
look-ups for each rule file that applies to it; only the others are compiled (``wildcards``).

A rule speaks of one entry, never of what lies below it: whoever walks tests a folder once and leaves out all of it.
Names and paths are bytes, as the file system has them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from repomap_fast.git import read_regular_file
from repomap_fast.wildcards import Matcher, compile_wildcard, has_wildcard

_UTF8_BOM = b"\xef\xbb\xbf"
_NO_RULE = -1
_MAX_RULE_FILE_BYTES = 2**24
"""What is beyond is not read: some hundred thousand rules are in it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a rule file.

    pattern      without the ``!`` and the slashes at its ends.
    line         one-based.
    text         the line as it was written, without its end.
    origin       the file, as a person would name it.
    is_path      the pattern speaks of the path below the rule file's folder; else of the name alone.
    folder_only  the pattern ends in a slash: files do not match it.
    """

    pattern: bytes
    line: int
    text: bytes
    origin: str
    ignores: bool
    is_path: bool
    folder_only: bool


class Rules:
    """The rules of one file; the last one that matches an entry decides.

    Raises nothing: git skips what it cannot read as a pattern, and so does this.
    """

    __slots__ = ("_of_files", "_of_folders", "_rules")

    def __init__(self, text: bytes, origin: str) -> None:
        self._rules = list(_read_rules(text, origin))
        self._of_folders = _RuleTables(self._rules, for_folders=True)
        self._of_files = _RuleTables(self._rules, for_folders=False)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def deciding_rule(self, folder: bytes, name: bytes, *, is_folder: bool) -> Rule | None:
        """Return the last rule that matches the entry ``folder + name``.

        folder  below the folder that the rules are relative to: empty, or with a slash at its end.
        """
        tables = self._of_folders if is_folder else self._of_files
        position = tables.last_match(folder, name)
        return None if position == _NO_RULE else self._rules[position]


Chain: TypeAlias = tuple[tuple[Rules, bytes], ...]
"""The rules that apply in a folder, those that win first; each with the folder's path below the one they speak of."""


def deciding_rule(chain: Chain, name: bytes, *, is_folder: bool) -> Rule | None:
    """Return the rule that decides about the entry ``name`` of the folder that ``chain`` is for."""
    for rules, folder in chain:
        rule = rules.deciding_rule(folder, name, is_folder=is_folder)
        if rule is not None:
            return rule
    return None


def is_ignored(chain: Chain, name: bytes, *, is_folder: bool) -> bool:
    """Return whether the rules leave out the entry ``name`` of the folder that ``chain`` is for."""
    rule = deciding_rule(chain, name, is_folder=is_folder)
    return rule is not None and rule.ignores


def chain_below(chain: Chain, name: bytes) -> Chain:
    """Return the chain of the folder ``name`` in the folder of ``chain``, without rules of its own."""
    return tuple((rules, folder + name + b"/") for rules, folder in chain)


def chain_with_own(chain: Chain, folder: bytes, name: bytes, origin: str) -> Chain:
    """Return ``chain`` with the rules in the file ``name`` of ``folder`` put first, if there is such a file."""
    rules = read_rule_file(os.path.join(folder, name), origin)
    return ((rules, b""), *chain) if rules else chain


def read_rule_file(path: bytes, origin: str, *, follow_link: bool = False) -> Rules | None:
    """Return the rules in the file at ``path``; None if there are none, or it is no regular file.

    follow_link  git follows a symbolic link to a rule file outside the work tree, but not one within it.
    """
    try:
        status = os.stat(path) if follow_link else os.lstat(path)
        if not stat.S_ISREG(status.st_mode):
            return None
        text = read_regular_file(path, _MAX_RULE_FILE_BYTES)
    except (OSError, ValueError):
        # ValueError: the path has a NUL.
        return None
    return Rules(text, origin) or None


def _read_rules(text: bytes, origin: str) -> Iterable[Rule]:
    for i, line in enumerate(text.removeprefix(_UTF8_BOM).split(b"\n")):
        rule = _read_rule(line.removesuffix(b"\r").partition(b"\0")[0], line=i + 1, origin=origin)
        if rule is not None:
            yield rule


def _read_rule(text: bytes, *, line: int, origin: str) -> Rule | None:
    if text.startswith(b"#"):
        return None
    text = _strip_spaces(text)
    ignores = not text.startswith(b"!")
    pattern = text if ignores else text[1:]
    folder_only = pattern.endswith(b"/")
    pattern = pattern.removesuffix(b"/")
    is_path = b"/" in pattern
    pattern = pattern.removeprefix(b"/")
    if not pattern:
        return None
    return Rule(pattern, line, text, origin, ignores, is_path, folder_only)


def _strip_spaces(text: bytes) -> bytes:
    stripped = text.rstrip(b" ")
    n_backslashes = len(stripped) - len(stripped.rstrip(b"\\"))
    is_escaped = n_backslashes % 2 == 1 and len(stripped) < len(text)
    return stripped + b" " if is_escaped else stripped


class _RuleTables:
    """The rules that can match a file, or those that can match a folder, by the way in which they are tested.

    The tables hold positions in the list of rules; of two rules with one pattern only the last can decide.
    """

    __slots__ = ("_ending_lengths", "_endings", "_names", "_paths", "_positions_by_ending", "_wildcards")

    def __init__(self, rules: list[Rule], *, for_folders: bool) -> None:
        self._names: dict[bytes, int] = {}
        self._paths: dict[bytes, int] = {}
        self._positions_by_ending: dict[bytes, int] = {}
        wildcards: list[tuple[int, Matcher, bool]] = []
        for position, rule in enumerate(rules):
            if rule.folder_only and not for_folders:
                continue
            if not has_wildcard(rule.pattern):
                (self._paths if rule.is_path else self._names)[rule.pattern] = position
            elif not rule.is_path and rule.pattern.startswith(b"*") and not has_wildcard(rule.pattern[1:]):
                self._positions_by_ending[rule.pattern[1:]] = position
            elif (matcher := compile_wildcard(rule.pattern, is_path=rule.is_path)) is not None:
                wildcards.append((position, matcher, rule.is_path))
        self._endings = tuple(self._positions_by_ending)
        self._ending_lengths = sorted({len(ending) for ending in self._endings})
        self._wildcards = wildcards[::-1]

    def last_match(self, folder: bytes, name: bytes) -> int:
        """Return the position of the last rule that matches ``folder + name``, or _NO_RULE."""
        last = self._names.get(name, _NO_RULE)
        if self._endings and name.endswith(self._endings):
            for length in self._ending_lengths:
                if length <= len(name):
                    last = max(last, self._positions_by_ending.get(name[len(name) - length :], _NO_RULE))
        if self._paths:
            last = max(last, self._paths.get(folder + name, _NO_RULE))
        for position, matches, is_path in self._wildcards:
            if position < last:
                break
            if matches(folder + name + b"/" if is_path else name + b"/"):
                return position
        return last
