"""The slow twin of taking tags away: what a tag was within is within what was around that."""

from __future__ import annotations

from collections.abc import Sequence


def drop(scopes: Sequence[int], is_dropped: Sequence[bool]) -> list[int]:
    """Return the scopes of the tags that are kept, as positions among them, -1 for none."""
    kept = [i for i in range(len(scopes)) if not is_dropped[i]]
    dropped_scopes = []
    for i in kept:
        around = scopes[i]
        while around != -1 and around not in kept:
            around = scopes[around]
        dropped_scopes.append(-1 if around == -1 else kept.index(around))
    return dropped_scopes
