"""Slow twins of the words of a query: how names are split, what is in them, what files count for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

_WORD = re.compile("[A-Z]?[a-z\x80-\xff]+|[A-Z]+(?![a-z\x80-\xff])|[A-Z]|[0-9]+")
"""Of text in Latin-1, so that a byte is a character."""


def split(text: bytes) -> list[bytes]:
    return [word.encode("latin-1").lower() for word in _WORD.findall(text.decode("latin-1"))]


def stem(word: bytes) -> bytes:
    text = word.decode("latin-1")
    if not 0 < len(text) <= 40:
        return word
    if len(text) > 4 and text.endswith("ies"):
        return (text[:-3] + "y").encode("latin-1")
    for ending in ("ing", "ed", "es"):
        if len(text) > len(ending) + 3 and text.endswith(ending):
            text = text[: -len(ending)]
            break
    else:
        if len(text) > 3 and text.endswith("s") and not text.endswith("ss"):
            text = text[:-1]
    if len(text) > 4 and text.endswith("e"):
        text = text[:-1]
    return text.encode("latin-1")


def terms_in(terms: Sequence[bytes], text: bytes) -> set[bytes]:
    return {stem(word) for word in split(text) if len(word) <= 40} & set(terms)


def powers_of_files(
    terms: Mapping[bytes, float],
    files: Mapping[bytes, tuple[Sequence[bytes], Sequence[bytes]]],
    weights: Mapping[str, float],
) -> list[float]:
    """Return the power of e of each file: path -> the names that it defines, and the defined ones it refers to."""
    n = len(files)

    def rarity(n_having: int) -> float:
        return max(math.log((n + 1) / (n_having + 0.5)), 0.1) / math.log(n + 1)

    of_name = {path: terms_in([*terms], path.rpartition(b"/")[2]) for path in files}
    of_folder = {path: terms_in([*terms], path.rpartition(b"/")[0]) for path in files}
    of_references = {
        path: set().union(*(terms_in([*terms], name) for name in used)) for path, (_, used) in files.items()
    }
    shares: dict[bytes, dict[bytes, float]] = {}
    for path, (defined, _) in files.items():
        shares[path] = {}
        for name in defined:
            for term in terms_in([*terms], name):
                shares[path][term] = max(shares[path].get(term, 0), 1 / len(split(name)))
    powers = []
    for path in files:
        sums = dict.fromkeys(("words_file_name", "words_folder", "words_definitions", "words_references"), 0.0)
        for term, weight in terms.items():
            value = weight * rarity(sum(term in of_name[p] or term in shares[p] for p in files))
            sums["words_file_name"] += value * (term in of_name[path])
            sums["words_definitions"] += value * shares[path].get(term, 0)
            value = weight * rarity(sum(term in found for found in of_folder.values()))
            sums["words_folder"] += value * (term in of_folder[path])
            value = weight * rarity(sum(term in found for found in of_references.values()))
            sums["words_references"] += value * (term in of_references[path])
        powers.append(sum(weights[name] * min(total, weights["words_most"]) for name, total in sums.items()))
    return powers
