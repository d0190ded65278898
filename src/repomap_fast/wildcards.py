"""One wildcard pattern of an ignore rule, as a matcher that agrees with git's.

pathspec turns patterns into regular expressions. It differs from git in what is rare, so what is rare is spelled in
such a way that both agree:

- bracket expressions: git's are POSIX's, with escapes and ``[:classes:]``, and never match a slash; pathspec copies
  them into the expression. They are hidden behind a NUL, which no pattern can hold, and put back as git reads them.
- ends: pathspec strips all that Python calls white space, which takes the last byte of ``voilà`` in UTF-8, and its
  ``$`` lets a newline follow. Patterns and paths are both given a slash at the end.
- ``ab**/c``: git compares ``ab`` first and then takes ``**/c`` for a pattern of its own.
- ``*a*b*c``: the expression would try every way to share a name out among the stars, which takes hours for a hostile
  name. The first place that fits is always as good as a later one, so nothing before it need be tried again.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable
from typing import TypeAlias

Matcher: TypeAlias = Callable[[bytes], object]
"""Takes a name or a path that ends in a slash; gives something true if all of it matches."""

_HIDDEN_CLASS = b"\0"
_STAR = b"[^/]*"
_INNER_FOLDERS = b"(?:/.+)?"
_OUTER_FOLDERS = b"^(?:.+/)?"

_SPECIAL = re.compile(rb"[*?\[\\]")

_ASCII_CLASSES = {
    b"alnum": string.ascii_letters + string.digits,
    b"alpha": string.ascii_letters,
    b"blank": " \t",
    b"cntrl": "".join(map(chr, [*range(1, 32), 127])),
    b"digit": string.digits,
    b"graph": string.ascii_letters + string.digits + string.punctuation,
    b"lower": string.ascii_lowercase,
    b"print": string.ascii_letters + string.digits + string.punctuation + " ",
    b"punct": string.punctuation,
    b"space": " \t\n\r",
    b"upper": string.ascii_uppercase,
    b"xdigit": string.hexdigits,
}


class _MatchesNothing(Exception):
    """The pattern is malformed: git then matches nothing with it."""


def has_wildcard(pattern: bytes) -> bool:
    """Return whether ``pattern`` must be compiled: it holds a wildcard or an escape."""
    return _SPECIAL.search(pattern) is not None


def compile_wildcard(pattern: bytes, *, is_path: bool) -> Matcher | None:
    """Return a matcher for ``pattern``, or None if the pattern matches nothing.

    pattern  without the ``!`` and the slashes at its ends that a rule may have.
    is_path  the pattern speaks of a path, in which ``**`` spans folders; else of a name.
    """
    try:
        regexes = [
            _build_regex(spelling, is_path=is_path) for spelling in _without_glued_stars(pattern, is_path=is_path)
        ]
    except _MatchesNothing:
        return None
    return re.compile(b"|".join(regexes), re.DOTALL).fullmatch


def _without_glued_stars(pattern: bytes, *, is_path: bool) -> list[bytes]:
    """Return patterns that together match what git matches with ``ab**/c``; any other pattern as it is."""
    special = _SPECIAL.search(pattern)
    start = special.start() if special else 0
    stars = re.compile(rb"\*\*+(?=/|$)").match(pattern, start)
    if not is_path or stars is None or start == 0 or pattern[start - 1 : start] == b"/":
        return [pattern]
    prefix, rest = pattern[:start], pattern[stars.end() :]
    if not rest:
        return [prefix + b"*", prefix + b"*/**"]
    return [*_without_glued_stars(prefix + rest[1:], is_path=True), prefix + b"*/**" + rest]


def _build_regex(pattern: bytes, *, is_path: bool) -> bytes:
    # Where git itself is asked, a scan has no pattern to compile and need not load it.
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    spelling, classes = _spell(pattern, is_path=is_path)
    regex, _ = GitIgnoreSpecPattern.pattern_to_regex(b"/" + spelling + b"/")
    if regex is None:
        raise _MatchesNothing
    if not regex.startswith(b"^"):
        # pathspec's short form of "everything", made to be searched for.
        return b".+/"
    hidden_parts = _keep_first_fit(regex).split(_HIDDEN_CLASS)
    # The name of pathspec's group may occur once only in an expression, and here there may be two of it.
    return b"".join(part + next_class for part, next_class in zip(hidden_parts, [*classes, b""], strict=True)).replace(
        b"(?P<ps_d>/)", b"/"
    )


def _spell(pattern: bytes, *, is_path: bool) -> tuple[bytes, list[bytes]]:
    """Return ``pattern`` for pathspec, and the regular expressions of the bracket expressions hidden in it."""
    spelling = bytearray()
    classes = []
    i = 0
    while i < len(pattern):
        byte = pattern[i : i + 1]
        i += 1
        if byte == b"\\":
            byte = pattern[i : i + 1]
            i += 1
            if not byte:
                raise _MatchesNothing
            spelling += b"\\" + byte if has_wildcard(byte) else byte
        elif byte == b"[":
            regex, i = _read_class(pattern, i)
            classes.append(regex)
            spelling += _HIDDEN_CLASS
        elif byte == b"*":
            start = i - 1
            while pattern[i : i + 1] == b"*":
                i += 1
            starts_segment = not spelling or spelling.endswith(b"/")
            ends_segment = pattern[i : i + 1] in (b"", b"/") or pattern[i : i + 2] == rb"\/"
            if not (is_path and starts_segment and ends_segment and i - start > 1):
                spelling += b"*"
            elif pattern[i : i + 1] == b"\\":
                # With the slash escaped, git wants one folder at least.
                spelling += b"*/**"
            elif i == len(pattern):
                # What is below a folder, not the folder itself, which pathspec's trailing "**" would match here.
                spelling += b"**/*"
            else:
                spelling += b"**"
        else:
            spelling += byte
    return bytes(spelling), classes


def _keep_first_fit(regex: bytes) -> bytes:
    """Return ``regex`` with atomic groups in place of what could only be tried again in vain."""
    first, *inner = regex.split(_INNER_FOLDERS)
    parts = [_keep_first_star_fit(part) for part in inner]
    has_outer = first.startswith(_OUTER_FOLDERS)
    first = _keep_first_star_fit(first.removeprefix(_OUTER_FOLDERS) if has_outer else first)
    if has_outer:
        first = _OUTER_FOLDERS + first if not parts else b"^(?>(?:.+?/)??" + first + b"(?=/))"
    inner_fits = [b"(?>(?:/.+?)??" + part + b"(?=/))" for part in parts[:-1]]
    return b"".join([first, *inner_fits, *(_INNER_FOLDERS + part for part in parts[-1:])])


def _keep_first_star_fit(regex: bytes) -> bytes:
    first, *parts = regex.split(_STAR)
    fits = [first]
    for part in parts[:-1]:
        ends_segment = b"/" in part.replace(b"[^/]", b"")
        fits.append(_STAR + part if ends_segment else b"(?>[^/]*?" + part + b")")
    return b"".join([*fits, *(_STAR + part for part in parts[-1:])])


def _read_class(pattern: bytes, i: int) -> tuple[bytes, int]:
    """Read the bracket expression whose ``[`` is just before ``i``, as git's wildmatch does.

    Returns a regular expression that matches one byte, and where the pattern goes on.
    """
    negated = pattern[i : i + 1] in (b"!", b"^")
    if negated:
        i += 1
    members: set[int] = set()
    range_start = 0
    is_first = True
    while is_first or pattern[i : i + 1] != b"]":
        is_first = False
        if pattern[i : i + 2] == b"[:" and (end := pattern.find(b"]", i + 2)) > 0 and pattern[end - 1 : end] == b":":
            name = pattern[i + 2 : end - 1]
            if end < i + 3 or name not in _ASCII_CLASSES:
                raise _MatchesNothing
            members.update(_ASCII_CLASSES[name].encode())
            range_start = 0
            i = end + 1
        elif pattern[i : i + 1] == b"-" and range_start and pattern[i + 1 : i + 2] not in (b"", b"]"):
            last, i = _read_member(pattern, i + 1)
            members.update(range(range_start, last + 1))
            range_start = 0
        else:
            range_start, i = _read_member(pattern, i)
            members.add(range_start)
    matching = (set(range(256)) - members if negated else members) - {ord("/")}
    if not matching:
        raise _MatchesNothing
    return b"[" + b"".join(b"\\x%02x" % byte for byte in sorted(matching)) + b"]", i + 1


def _read_member(pattern: bytes, i: int) -> tuple[int, int]:
    if pattern[i : i + 1] == b"\\":
        i += 1
    if i >= len(pattern):
        raise _MatchesNothing
    return pattern[i], i + 1
