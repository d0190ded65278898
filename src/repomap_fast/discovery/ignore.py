"""Ignore rules: read as git reads a .gitignore, asked folder by folder.

Most rules are a plain name or a plain path: those are looked up in tables. All others of a file are one automaton
(``wildcards``). So an entry costs each rule file that applies to it a few look-ups and one pass over the entry's name
and path, however many rules there are.

A rule is about one entry, never about what is below it: the walk tests a folder once and leaves out all of it.
Names and paths are bytes, as the file system has them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from repomap_fast.discovery.wildcards import MAX_STATES, NO_RULE, States, Wildcards, has_wildcard
from repomap_fast.safe_files import read_start

MAX_RULE_FILE_BYTES = 4 * 2**20
MAX_RULES = 50_000
MAX_RULE_BYTES = 4096
"""No path is longer on any system that we know."""

BOUNDS = (
    f"expected at most {MAX_RULE_FILE_BYTES // 2**20} MB and {MAX_RULES:,} patterns a file, {MAX_RULE_BYTES:,} bytes a "
    f"pattern, and {MAX_STATES:,} bytes of patterns with wildcards"
)
"""What a rule file may hold, as the end of a sentence. All else in it is not applied."""

FOLDS_CASE = sys.platform in ("darwin", "win32")
"""Whether a file may be found under a name that is written otherwise."""
_UTF8_BOM = b"\xef\xbb\xbf"


class Rule(NamedTuple):
    """One line of a rule file.

    pattern      without the ``!`` and the slashes at its ends.
    line         one-based.
    text         the line as it was written, without its end.
    origin       the file, as a person would name it.
    is_path      the pattern matches the path below the rule file's folder; else of the name alone.
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

    n_not_applied  how many rules are known to be beyond the bounds, see BOUNDS; there may be more.

    Raises nothing: git skips what it cannot read as a pattern, and so does this.
    """

    __slots__ = ("_of_files", "_of_folders", "_rules", "n_not_applied")

    def __init__(self, text: bytes, origin: str) -> None:
        self._rules: list[Rule] = []
        self.n_not_applied = 0
        states: dict[int, States] = {}
        n_wildcard_bytes = 0
        if len(text) > MAX_RULE_FILE_BYTES:
            # The last line may have been cut.
            text = text[:MAX_RULE_FILE_BYTES].rpartition(b"\n")[0]
            self.n_not_applied += 1
        for rule in _read_rules(text, origin):
            if len(self._rules) == MAX_RULES:
                self.n_not_applied += 1
                break
            if len(rule.pattern) > MAX_RULE_BYTES:
                self.n_not_applied += 1
                continue
            if has_wildcard(rule.pattern):
                # A pattern has at most one state more than bytes.
                n_wildcard_bytes += len(rule.pattern) + 1
                if n_wildcard_bytes > MAX_STATES:
                    self.n_not_applied += 1
                    continue
                states[len(self._rules)] = States(rule.pattern, is_path=rule.is_path)
            self._rules.append(rule)
        self._of_folders = _RuleTables(self._rules, states)
        is_for_both = not any(rule.folder_only for rule in self._rules)
        self._of_files = self._of_folders if is_for_both else _RuleTables(self._rules, states, for_folders=False)

    def __bool__(self) -> bool:
        return bool(self._rules) or self.n_not_applied > 0

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def deciding_rule(self, folder: bytes, name: bytes, *, is_folder: bool) -> Rule | None:
        """Return the last rule that matches the entry ``folder + name``.

        folder  below the folder that the rules are relative to: empty, or with a slash at its end.
        """
        tables = self._of_folders if is_folder else self._of_files
        position = tables.last_match(folder, name)
        return None if position == NO_RULE else self._rules[position]

    def ignores(self, folder: bytes, name: bytes, *, is_folder: bool) -> bool:
        """Return whether the rule that decides about the entry ``folder + name`` leaves it out."""
        rule = self.deciding_rule(folder, name, is_folder=is_folder)
        return rule is not None and rule.ignores

    def matched_patterns(self) -> set[bytes]:
        """Return the patterns that have matched any entry so far, whether they decided or not."""
        positions = self._of_files.matched_positions() | self._of_folders.matched_positions()
        return {self._rules[position].pattern for position in positions}


Chain: TypeAlias = tuple[tuple[Rules, bytes, int], ...]
"""The rules that apply in a folder, those that win first.

With each set of rules, how a folder's path becomes one below the folder that they are relative to: what is to be put
before it, and how many bytes are to be taken off its start. So a chain holds for all folders below its own.
"""


def deciding_rule(chain: Chain, folder: bytes, name: bytes, *, is_folder: bool) -> Rule | None:
    """Return the rule of ``chain`` that decides about the entry ``folder + name``."""
    for rules, before, n_off in chain:
        rule = rules.deciding_rule(before + folder[n_off:], name, is_folder=is_folder)
        if rule is not None:
            return rule
    return None


def is_ignored(chain: Chain, folder: bytes, name: bytes, *, is_folder: bool) -> bool:
    """Return whether the rules of ``chain`` leave out the entry ``folder + name``."""
    rule = deciding_rule(chain, folder, name, is_folder=is_folder)
    return rule is not None and rule.ignores


def chain_from(chain: Chain, folder: bytes) -> Chain:
    """Return ``chain`` for paths below ``folder``, which is empty or has a slash at its end."""
    return tuple((rules, before + folder[n_off:], max(0, n_off - len(folder))) for rules, before, n_off in chain)


def chain_within(chain: Chain, folder: bytes) -> Chain:
    """Return ``chain``, whose rules are relative to the root, as one whose rules are relative to ``folder``."""
    return tuple((rules, before, n_off + len(folder)) for rules, before, n_off in chain)


def chain_with_own(chain: Chain, root: bytes, folder: bytes, name: bytes, *, origin: str = "") -> Chain:
    """Return ``chain`` with the rules in the file ``root/folder/name`` put first, if there is such a file.

    folder  below the root, as all paths that the chain is asked about: empty, or with a slash at its end.
    origin  the file, as a person would name it; the path below the root if empty.
    """
    rules = read_rule_file(os.path.join(root, folder, name), origin or os.fsdecode(folder + name))
    return chain_with_rules(chain, rules, folder)


def chain_with_rules(chain: Chain, rules: Rules | None, folder: bytes) -> Chain:
    """Return ``chain`` with the rules of ``folder`` put first, if there are any."""
    return ((rules, b"", len(folder)), *chain) if rules else chain


def may_have(names: Collection[bytes], name: bytes) -> bool:
    """Return whether a folder with these names in it may have a file of that name."""
    return name in names or (FOLDS_CASE and any(one.lower() == name for one in names))


def read_rule_file(path: bytes, origin: str, *, follow_link: bool = False) -> Rules | None:
    """Return the rules in the file at ``path``; None if there are none, or it is no regular file.

    follow_link  git follows a symbolic link to a rule file outside the work tree, but not one within it.
    """
    try:
        text = read_start(path, MAX_RULE_FILE_BYTES + 1, follow_link=follow_link)
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

    __slots__ = ("_literals_matched", "_name_wildcards", "_names", "_path_wildcards", "_paths")

    def __init__(self, rules: list[Rule], states: dict[int, States], *, for_folders: bool = True) -> None:
        self._names: dict[bytes, int] = {}
        self._paths: dict[bytes, int] = {}
        self._literals_matched: set[int] = set()
        of_names: list[tuple[int, States]] = []
        of_paths: list[tuple[int, States]] = []
        for position, rule in enumerate(rules):
            if rule.folder_only and not for_folders:
                continue
            if position in states:
                (of_paths if rule.is_path else of_names).append((position, states[position]))
            else:
                (self._paths if rule.is_path else self._names)[rule.pattern] = position
        self._name_wildcards = Wildcards(of_names) if of_names else None
        self._path_wildcards = Wildcards(of_paths) if of_paths else None

    def last_match(self, folder: bytes, name: bytes) -> int:
        """Return the position of the last rule that matches ``folder + name``, or NO_RULE."""
        last = NO_RULE
        if (position := self._names.get(name)) is not None:
            last = position
            self._literals_matched.add(position)
        if self._name_wildcards is not None:
            last = max(last, self._name_wildcards.last_match(name))
        if self._paths and (position := self._paths.get(folder + name)) is not None:
            last = max(last, position)
            self._literals_matched.add(position)
        if self._path_wildcards is not None:
            last = max(last, self._path_wildcards.last_match(folder + name))
        return last

    def matched_positions(self) -> set[int]:
        """Return the positions of the rules that have matched any entry so far."""
        wildcards = [table for table in (self._name_wildcards, self._path_wildcards) if table is not None]
        return self._literals_matched.union(*(table.matched_numbers() for table in wildcards))
