"""What mentions say, each by itself: names, pairs of a class and its member, paths."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import cached_property

from repomap_fast.paths import encoded
from repomap_fast.ranking.qualified_names import is_plain, is_word, owners, readings
from repomap_fast.ranking.query_text import NamedPath, QueryText, read_text


class Mentions:
    """The mentions of a question, in their order."""

    def __init__(self, mentions: Sequence[str]) -> None:
        self._read = {one: read_text("", [one]) for one in mentions}

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __getitem__(self, mention: str) -> QueryText:
        """Return what a mention says."""
        return self._read[mention]

    @cached_property
    def names(self) -> dict[bytes, None]:
        """Names that a mention is, or has as its parts: all names that are mentioned, before all parts."""
        names = dict.fromkeys(verbatim(one) for one in self)
        for one, read in self._read.items():
            names.update(dict.fromkeys(part for parts in read.dotted for part in parts[-2:]))
            names.update(dict.fromkeys(part for pair in odd_pairs(one) for part in pair))
            names.update(dict.fromkeys(read.identifiers))
        return names

    @cached_property
    def pairs(self) -> dict[tuple[bytes, bytes], None]:
        """What may be a class and its member."""
        pairs: dict[tuple[bytes, bytes], None] = {}
        for one, read in self._read.items():
            pairs.update(dict.fromkeys(pair for parts in read.dotted for pair in itertools.pairwise(parts)))
            pairs.update(dict.fromkeys(odd_pairs(one)))
        return pairs

    @cached_property
    def dotted(self) -> dict[tuple[bytes, ...], None]:
        """Names of several parts."""
        return dict.fromkeys(parts for read in self._read.values() for parts in read.dotted)

    @cached_property
    def paths(self) -> dict[NamedPath, None]:
        """What may be a path, with a line or without."""
        return dict.fromkeys(path for read in self._read.values() for path in read.paths)


def verbatim(mention: str) -> bytes:
    """Return a mention as the name of a definition, which may have characters that no word has."""
    return encoded(mention.strip().removesuffix("()"))


def odd_pairs(code: str) -> list[tuple[bytes, bytes]]:
    """Return the pairs of a name and a member that code may mean, one of which is more than a word."""
    code, text = code.strip(), code.strip().removesuffix("()")
    pairs = itertools.chain(readings(text), readings(code) if code != text else ())
    both = ((owner, name) for outer, name in pairs for owner in owners(outer))
    has_words = is_plain(text)
    odd = (pair for pair in both if not (has_words and all(map(is_word, pair))))
    return [(encoded(owner), encoded(name)) for owner, name in odd]
