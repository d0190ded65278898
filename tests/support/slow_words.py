"""Words and terms, found slowly: the twin of ``cext/native/words.h``, and of what is counted of a file."""

from __future__ import annotations

import re
from collections import Counter

MOST_TERMS = 20_000
LONGEST_WORD = 64

_WORD = re.compile(rb"[A-Za-z_\xc3-\xe1\xe3-\xee][A-Za-z0-9_\x80-\xbf\xc3-\xe1\xe3-\xee]*|[0-9]+", re.DOTALL)
_PART = re.compile(rb"[A-Z]+(?=[A-Z][a-z\x80-\xff])|[A-Z]?[a-z\x80-\xff]+|[A-Z]+|[0-9]+")


def words_in(text: bytes) -> list[bytes]:
    """Return the words of a text, in order."""
    return [word for word in _WORD.findall(text) if len(word) <= LONGEST_WORD]


def terms_of(word: bytes) -> list[bytes]:
    """Return the terms of a word: its parts, and the compound."""
    parts = [part.lower() for part in _PART.findall(word)]
    terms = [singular(part) for part in parts if len(part) > 1 or (len(parts) == 1 and part.isdigit())]
    whole = word.lower().strip(b"_")
    return [*terms, b"=" + whole] if len(parts) > 1 and len(whole) > 2 else terms


def singular(part: bytes) -> bytes:
    """Return a part without the ending of a plural."""
    if len(part) < 4 or not part.endswith(b"s") or part.endswith((b"ss", b"us", b"is")):
        return part
    return part[:-3] + b"y" if part.endswith(b"ies") else part[:-1]


def terms_in(text: bytes) -> list[bytes]:
    """Return the terms of a text, in order."""
    return [term for word in words_in(text) for term in terms_of(word)]


def hash_of(term: bytes) -> int:
    """Return the 32 bits that a term is known by."""
    mask, hashed = 0xFFFFFFFF, 0x811C9DC5
    for byte in term:
        hashed = ((hashed ^ byte) * 0x01000193) & mask
    hashed = ((hashed ^ hashed >> 16) * 0x85EBCA6B) & mask
    hashed = ((hashed ^ hashed >> 13) * 0xC2B2AE35) & mask
    return hashed ^ hashed >> 16


def count_file(text: bytes, names: list[bytes], keywords: set[bytes]) -> dict[int, tuple[int, int]]:
    """Return how often each term is in the names of the definitions and in the rest of a file, by hash.

    names  of all definitions, each as often as it is there.
    """
    in_names = _counted([term for name in names for term in terms_in(name)])
    in_all = _counted([term for word in words_in(text) if word not in keywords for term in terms_of(word)])
    hashes = in_names.keys() | in_all.keys()
    counts = {term: (in_names[term], max(0, in_all[term] - in_names[term])) for term in hashes}
    return {term: both for term, both in counts.items() if any(both)}


def _counted(terms: list[bytes]) -> Counter[int]:
    """Count the terms, but no more than the first so many."""
    counts: Counter[int] = Counter()
    for term in map(hash_of, terms):
        if term in counts or len(counts) < MOST_TERMS:
            counts[term] += 1
    return counts
