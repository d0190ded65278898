"""One line about a known macro of C or C++: what a user writes, and what ``languages/known_macros.txt`` has.

``MY_API attribute`` and ``DEFINE_THING variable 1`` are such lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from repomap_fast.errors import OptionError

USES = ("attribute", "anywhere", "line", "access", "variable", "function", "type", "members", "property")
"""What a macro is for, in the order of the compiled tagger's numbers."""
MOST_MACROS = 1_000
"""Most macros that a user may add."""
_DEFINING = frozenset(("variable", "function", "type", "members"))
_LINE = re.compile(r"([A-Za-z_]\w{0,253})(\*?)[ \t]+([a-z]+)(?:[ \t]+([1-9]))?", re.ASCII)


class Macro(NamedTuple):
    """One known macro.

    name       of the macro, or how its name begins.
    is_prefix  whether it is a beginning.
    use        one of USES.
    argument   which argument has the name that it defines, from 1; 0 if it defines nothing.
    """

    name: str
    is_prefix: bool
    use: str
    argument: int


def read_macro(text: str) -> Macro:
    """Return the macro of a line, ``NAME USE [ARGUMENT]``. Raises OptionError."""
    found = _LINE.fullmatch(text.strip())
    if found is None or found[3] not in USES:
        raise OptionError(
            f"the macro {text[:80]!r} cannot be read; expected NAME USE [ARGUMENT], such as 'MY_API attribute' or "
            f"'DEFINE_THING variable 1', where USE is one of {', '.join(USES)}"
        )
    name, star, use, argument = found.groups()
    if use in _DEFINING and argument is None:
        raise OptionError(
            f"the macro {text[:80]!r} has no number; expected that of the argument with the name, such as '{use} 1'"
        )
    if argument is not None and use not in (*_DEFINING, "anywhere"):
        raise OptionError(f"the macro {text[:80]!r} has a number; expected none behind {use!r}")
    return Macro(name, bool(star), use, int(argument or 0))
