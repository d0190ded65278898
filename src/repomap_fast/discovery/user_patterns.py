"""Patterns of ``--include`` and ``--exclude``: those of .gitignore, with braces and ``./`` as in shells."""

from __future__ import annotations

import os
from itertools import pairwise

from repomap_fast.errors import OptionError

MAX_EXPANSIONS = 1000
"""Patterns that braces may make of one."""

_EVERYTHING = "*"


def expand(pattern: str, root: str, *, option: str) -> list[str]:
    """Return the .gitignore patterns that ``pattern`` means.

    ``*.{py,js}`` is one for each alternative. ``./a.py`` is the one at the top, as ``/a.py`` is; so is an absolute path
    below ``root``, an absolute path itself. ``.`` and the root are everything.

    Raises OptionError, which names ``option``, for braces that make too many.
    """
    return [_below_root(one, root) for one in _expand_braces(pattern, option)]


def _below_root(pattern: str, root: str) -> str:
    negation, pattern = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    if (below := _part_below(pattern, root)) is not None:
        pattern = "/" + below
    elif pattern == "." or pattern.startswith("./"):
        pattern = "/" + _without_dots(pattern)
    return negation + (_EVERYTHING if pattern == "/" else pattern)


def _part_below(pattern: str, root: str) -> str | None:
    inside = root.rstrip("/") + "/"
    if pattern == root:
        return ""
    return pattern[len(inside) :] if pattern.startswith(inside) and inside != "/" else None


def _without_dots(pattern: str) -> str:
    parts = pattern.split("/")
    while parts and parts[0] in (".", ""):
        parts.pop(0)
    return "/".join(parts)


def _expand_braces(pattern: str, option: str) -> list[str]:
    expanded: list[str] = []
    pending = [pattern]
    while pending:
        one = pending.pop()
        group = _first_group(one)
        if group is None:
            expanded.append(one)
        else:
            start, end, choices = group
            pending += [one[:start] + choice + one[end:] for choice in reversed(choices)]
        if len(expanded) + len(pending) > MAX_EXPANSIONS:
            raise OptionError(
                f"{option} is {pattern!r}, whose braces make more than {MAX_EXPANSIONS:,} patterns; "
                "expected fewer alternatives, or * in place of some"
            )
    return list(dict.fromkeys(expanded))


def _first_group(pattern: str) -> tuple[int, int, list[str]] | None:
    """Return where the first braces with a comma start and end, and the texts between the commas."""
    open_groups: list[tuple[int, list[int]]] = []
    found: tuple[int, int, list[int]] | None = None
    i = 0
    while i < len(pattern):
        character = pattern[i]
        if character == "\\":
            i += 1
        elif character == "{":
            open_groups.append((i, []))
        elif character == "," and open_groups:
            open_groups[-1][1].append(i)
        elif character == "}" and open_groups:
            start, commas = open_groups.pop()
            if commas and (found is None or start < found[0]):
                found = start, i + 1, commas
        i += 1
    if found is None:
        return None
    start, end, commas = found
    edges = [start, *commas, end - 1]
    return start, end, [pattern[left + 1 : right] for left, right in pairwise(edges)]


def as_rule_text(patterns: list[str]) -> bytes:
    """Return the patterns as the text of a rule file, a line each."""
    return b"\n".join(os.fsencode(pattern) for pattern in patterns)
