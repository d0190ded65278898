"""Full-text search, and how lists are made one: what every baseline is built of."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_WORD = re.compile(r"[^\W\d]\w*|\d+")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\dA-Za-z_]+")
_STOP_WORDS = frozenset(
    """a about after all also an and any are as at be been before both but by can could did do does for from had has
    have how i if in into is it its just like me more most must my no not now of on only or other our out over should
    so some such than that the their then there these they this those to too up us use used using very was we were
    what when where which while who why will with would you your""".split()  # noqa: SIM905
)


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without those of grammar."""
    return [word for word in (found.lower() for found in _WORD.findall(text)) if word not in _STOP_WORDS]


def code_words(text: str) -> list[str]:
    """Return the words of a text and, after each that is a compound, its parts: ``getItem`` is also get and item."""
    words = []
    for word in _WORD.findall(text):
        lower = word.lower()
        if lower not in _STOP_WORDS:
            words.append(lower)
        parts = [part.lower() for part in _PART.findall(word)]
        if len(parts) > 1:
            words += [part for part in parts if len(part) > 1 and part not in _STOP_WORDS]
    return words


class Bm25:
    """BM25 over documents that are bags of words."""

    def __init__(self, documents: Sequence[Iterable[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self._postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        lengths = []
        for number, document in enumerate(documents):
            counts = document if isinstance(document, Counter) else Counter(document)
            lengths.append(sum(counts.values()))
            for word, count in counts.items():
                self._postings[word].append((number, count))
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._norms = [k1 * (1 - b + b * length / (mean or 1.0)) for length in lengths]
        self._k1 = k1

    def scores(self, query: Iterable[str]) -> list[float]:
        """Return what each document counts for the words of a query; each word counts once."""
        scores = [0.0] * len(self._norms)
        for word in sorted(set(query)):
            postings = self._postings.get(word, [])
            rarity = math.log(1 + (len(scores) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                scores[number] += rarity * count * (self._k1 + 1) / (count + self._norms[number])
        return scores


def best_first(keys: Sequence[T], scores: Sequence[float]) -> list[T]:
    """Return each key that has a score once, by its best one; those alike stay in their order."""
    scored = [place for place, score in enumerate(scores) if score > 0]
    order = sorted(scored, key=lambda place: (-scores[place], place))
    return list(dict.fromkeys(keys[place] for place in order))


def fuse(rankings: Sequence[Sequence[T]], *, k: int = 60) -> list[T]:
    """Return all that the rankings have by the sum of 1 / (k + place), places from 1: reciprocal rank fusion."""
    values: defaultdict[T, float] = defaultdict(float)
    for ranking in rankings:
        for place, key in enumerate(ranking, 1):
            values[key] += 1 / (k + place)
    return sorted(values, key=lambda key: -values[key])
