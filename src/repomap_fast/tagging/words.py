"""Words of a text, and the terms that they are cut into: what full-text search counts.

``cext/native/words.h`` has the rules. It never loads the tree-sitter core.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from repomap_fast.arrays import distinct_places
from repomap_fast.tables import U8, U32, U64
from repomap_fast.tagging import _words


class TermHits(NamedTuple):
    """Where wanted terms occur in some texts.

    texts    (n_hits,) uint32: for each occurrence, in order, the number of its text,
    terms    (n_hits,) uint32: and which of the wanted terms it is.
    lengths  (n_texts,) uint32: how many terms each text has, wanted or not.
    """

    texts: U32
    terms: U32
    lengths: U32


def terms_in(text: bytes) -> list[bytes]:
    """Return the terms of a text in order; a compound of several parts begins with ``=``, and follows its parts."""
    return _words.terms_in(text)


def hash_terms(terms: Sequence[bytes]) -> U32:
    """Return the hashes of terms, (n,) uint32: the same on every machine. Two terms with the same hash are one."""
    return _words.hash_terms(list(terms))


def count_terms(data: U8, offsets: U64, wanted: Sequence[bytes]) -> TermHits:
    """Find the occurrences of terms in texts.

    data     (n_bytes,) uint8: text t is ``data[offsets[t]:offsets[t + 1]]``.
    offsets  (n_texts + 1,) uint64.
    wanted   terms as ``terms_in`` gives them. Of equal ones the first counts.

    Raises ValueError for malformed offsets.
    """
    hashes = hash_terms(wanted)
    firsts, _ = distinct_places(hashes)
    terms = [wanted[place] for place in firsts.tolist()]
    texts, rows, lengths = _words.count_terms(data, offsets, terms, np.ascontiguousarray(hashes[firsts]))
    return TermHits(texts, firsts.astype(np.uint32)[rows], lengths)
