"""grep-ast's ``dump``: shows values with the words that stand for them in the caller's source."""

from __future__ import annotations

import json
import sys
import traceback


def cvt(s: object) -> str:
    """Return a text as it is, and anything else as JSON, or as ``str`` gives it."""
    if isinstance(s, str):
        return s
    try:
        return json.dumps(s, indent=4)
    except TypeError:
        return str(s)


def dump(*vals: object) -> None:
    """Write the arguments as the caller wrote them, and the value of each; below, if one of them has several lines."""
    call = traceback.extract_stack(limit=2)[0].line or ""
    written = call.partition("(")[2].rpartition(")")[0]
    texts = [cvt(value) for value in vals]
    between = "\n" if any("\n" in text for text in texts) else " "
    sys.stdout.write(f"{written}:{between}{', '.join(texts)}\n")
