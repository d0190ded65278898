"""What comes over the standard input: a text, or a field of a JSON document as the hooks of agents send it."""

from __future__ import annotations

import json
import sys
from typing import Any

from repomap_fast.cli.text import shown
from repomap_fast.errors import OptionError

MAX_BYTES = 64 << 20
"""Of the standard input. A source file may have no more either."""


def read_standard_input() -> bytes:
    """Return all that comes over the standard input. Raises OptionError where it does not end."""
    contents = sys.stdin.buffer.read(MAX_BYTES + 1)
    if len(contents) > MAX_BYTES:
        raise OptionError(f"the standard input has more than {MAX_BYTES >> 20} MiB; expected no more")
    return contents


def read_query(field: str | None) -> str:
    """Return the text on the standard input; of a JSON document, the text of ``field``. Raises OptionError.

    field  names of members, joined by dots: ``prompt``, ``tool_input.description``.
    """
    text = read_standard_input().decode("utf-8", "replace")
    return text if field is None else _member(text, field)


def _member(text: str, field: str) -> str:
    given = f"--query-json is {shown(field)}"
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise OptionError(f"{given}, and the standard input is not JSON ({error}); expected a document") from None
    for name in field.split("."):
        if not isinstance(found, dict) or name not in found:
            has = (
                f"it has {', '.join(map(shown, list(found)[:20]))}" if isinstance(found, dict) else "expected an object"
            )
            raise OptionError(f"{given}, and the document on the standard input has no {shown(name)}; {has}")
        found = found[name]
    if not isinstance(found, str):
        raise OptionError(f"{given}, which is of type {type(found).__name__} there; expected a text")
    return found
