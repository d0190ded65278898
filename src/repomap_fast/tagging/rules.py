"""Reads the rules of a pattern: what it says of the place and the names of its tags, which a pattern cannot ask.

    (#set! not-in function)         no tag where the innermost type or function around it is a function
    (#set! kind-in-type field)      where it is a type, the tag is of that kind
    (#set! once-in type)            a member of the innermost type around; of one name there, the first alone
    (#set! member-of type)          belongs to the innermost type around, if there is one
    (#set! once-in file)            of one name and kind in the file, the first alone; with `unless`, others go first
    (#set! unless defined)          no tag where the same name is that of a definition without this rule; for a
                                    reference, of any definition

    (#set! trim ":")                the characters of a node's two ends that are none of the name
    (#set! after ":")               the character of a node that the name begins behind, where it is behind a word of
                                    letters, and before one
    (#set! after-word "script global")  no tag where that word is none of these, in any case, or there is none
    (#set! until "=")               the character of a node, or blank, that the name ends before
    (#set! close "#")               the character that is none of the name where it ends the node behind a blank
    (#set! suffix "=")              the character that the name has at its end, and its node has not

A type or a function is a definition of one of the kinds below. The compiled loop carries the rules out (``rules.pxd``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from repomap_fast.tagging.predicates import Step

NOT_IN_FUNCTION, ONCE_IN_TYPE, KIND_IN_TYPE, ONCE_IN_FILE = 1, 2, 4, 8
UNLESS_DEFINED, MEMBER_OF_TYPE = 16, 32
"""Rules, as the compiled loop numbers them."""

NOWHERE, TYPE, FUNCTION = range(3)
"""Places, as the compiled loop numbers them."""

TYPE_KINDS = frozenset(
    (
        *("annotation", "class", "enum", "extension", "implementation", "interface", "module", "namespace", "object"),
        *("protocol", "record", "struct", "trait", "type", "union"),
    )
)
FUNCTION_KINDS = frozenset(("constructor", "function", "macro", "method"))

_EXPECTED = {
    "not-in": (re.compile(rb"function"), "function"),
    "once-in": (re.compile(rb"type|file"), "type or file"),
    "unless": (re.compile(rb"defined"), "defined"),
    "member-of": (re.compile(rb"type"), "type"),
    "kind-in-type": (re.compile(rb"[\x21-\x7e]+"), "a kind"),
    "trim": (re.compile(rb"[\x21-\x7e]{1,4}"), "up to four characters of ASCII"),
    "after": (re.compile(rb"[\x21-\x7e]"), "one character of ASCII"),
    "after-word": (re.compile(rb"(?=.{1,31}$)[a-z]+( [a-z]+)*"), "words of small letters, of 31 characters at most"),
    "until": (re.compile(rb"[\x20-\x7e]"), "one character of ASCII"),
    "close": (re.compile(rb"[\x21-\x7e]"), "one character of ASCII"),
    "suffix": (re.compile(rb"[\x21-\x7e]"), "one character of ASCII"),
}
"""What each rule may say."""


_FLAGS = {"not-in": NOT_IN_FUNCTION, "unless": UNLESS_DEFINED, "member-of": MEMBER_OF_TYPE}
"""Rules that say one thing alone."""


class PatternRules(NamedTuple):
    """The rules of one pattern.

    flags         NOT_IN_FUNCTION and the other numbers above, added.
    kind_in_type  the kind in a type; empty where that is no other.
    trimmed       up to four characters of ASCII.
    suffix, until, after, close  one character of ASCII, or nothing.
    after_words   words between blanks, or nothing.
    """

    flags: int
    kind_in_type: str
    trimmed: bytes
    suffix: bytes
    until: bytes
    after: bytes
    close: bytes
    after_words: bytes


def place_of(role: str, kind: str) -> int:
    """Return what a tag is to those within it."""
    if role != "definition":
        return NOWHERE
    return TYPE if kind in TYPE_KINDS else FUNCTION if kind in FUNCTION_KINDS else NOWHERE


def read_rules(of_pattern: Sequence[Sequence[Step]]) -> PatternRules:
    """Return the rules among the predicates of a pattern. Raises ValueError for a rule that says something else."""
    flags, kind_in_type = 0, ""
    texts = {"trim": b"", "suffix": b"", "until": b"", "after": b"", "close": b"", "after-word": b""}
    for operator, *arguments in of_pattern:
        if operator != b"set!" or not arguments or not isinstance(arguments[0], bytes):
            continue
        key = arguments[0].decode(errors="replace")
        value = b"".join(part for part in arguments[1:] if isinstance(part, bytes))
        if key not in _EXPECTED:
            continue
        if not _EXPECTED[key][0].fullmatch(value):
            raise ValueError(f"#set! {key} says {value.decode(errors='replace')!r}; expected {_EXPECTED[key][1]}")
        if key in _FLAGS:
            flags |= _FLAGS[key]
        elif key == "once-in":
            flags |= ONCE_IN_TYPE if value == b"type" else ONCE_IN_FILE
        elif key == "kind-in-type":
            flags, kind_in_type = flags | KIND_IN_TYPE, value.decode()
        else:
            texts[key] = value
    return PatternRules(flags, kind_in_type, *texts.values())
