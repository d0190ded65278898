"""Words of a query, and where they occur in a repository: in paths, and in names that files define or refer to.

The fewer files have a word, the more it counts. Nothing is kept between queries: each one reads every path and name
once.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.ranking import _query_words
from repomap_fast.ranking.query_text import is_compound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.tables import I64, U32, U64, StringTable
    from repomap_fast.weights import Weights

    F64 = NDArray[np.float64]

MOST_TERMS = 64
"""Most terms of a query, the first ones: each is one bit of a mask."""
_LONGEST_TERM = 40
_MOST_TAGS = 1_000_000
"""A repository with more tags has millions of unreferenced names. They are not searched."""
_LEAST_RARITY = 0.1
"""Share of the logarithm for a term that every file has."""

_MOST_IDENTIFIERS = 1_000
"""Most identifiers of a text, the first ones: each costs a lookup."""
_IDENTIFIER = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")
_STOP_WORDS = frozenset(
    b"""a about add added adding adds after all allow also an and any are as at be because been before between bug bugs
    but by can change changed changes close closed closes commit could did do does don done for from had has have he
    here how if in instead into is issue it its just like made make makes may merge might more most must new no not now
    of off on only or out over pull ref refs remove removed removes removing request s see should so some support t
    than that the their then there these they this those to up update updated updates updating use used uses using via
    was we were what when where which while who will with would you your fix fixed fixes fixing i re""".split()
)
"""Words that do not locate the task in a repository: of grammar, and of all commit messages."""


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a query.

    terms        stems of its words, each once, in their order, with their weights; at most MOST_TERMS.
    identifiers  possible names, each once, with their weights; at most a thousand, besides those that were mentioned.
    spellings    the first word of each stem, in lower case.
    """

    terms: dict[bytes, float]
    identifiers: dict[bytes, float]
    spellings: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a query, as the order of definitions uses them.

    terms, values         stems, and the value of each in the repository: (n,) float64.
    exact_ids, exact_values  ids of the names that are identifiers of the query, sorted, and the value of each.
    is_found              whether any of these occurs anywhere.
    spellings             the first word of each term, in lower case.
    """

    terms: tuple[bytes, ...]
    values: F64
    exact_ids: I64
    exact_values: F64
    is_found: bool = True
    spellings: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class WordMatches:
    """What a query has in common with each file: (n_files,) float64 each, sums of the values of its words.

    file_names, folders, definitions, references, exact   see ``Weights``.
    masks   which terms, for the first four of these: (n_files,) uint64 each.
    """

    words: Words
    file_names: F64
    folders: F64
    definitions: F64
    references: F64
    exact: F64
    masks: tuple[U64, U64, U64, U64]

    def weighed(self, weights: Weights) -> F64:
        """Return the exponent x of each file; its factor is e**x."""
        total: F64 = np.zeros(len(self.exact))
        for column in self.parts(weights).values():
            total += column
        return total

    def parts(self, weights: Weights) -> dict[str, F64]:
        """Return the summands of that exponent, by the names of the weights."""
        columns = {
            "words_file_name": self.file_names,
            "words_folder": self.folders,
            "words_definitions": self.definitions,
            "words_references": self.references,
            "words_exact": self.exact,
        }
        most = weights.words_most
        return {name: getattr(weights, name) * np.minimum(column, most) for name, column in columns.items()}


def read_query(text: bytes, names: tuple[bytes, ...], weights: Weights) -> Query:
    """Return the query of a text and of mentioned names. The first line of the text has the largest weight."""
    first, _, rest = text.strip().partition(b"\n")
    terms: dict[bytes, float] = {}
    identifiers: dict[bytes, float] = {}
    spellings: dict[bytes, bytes] = {}
    for piece, weight in ((b" ".join(names), 1.0), (first, 1.0), (rest, weights.words_body)):
        if weight == 0:
            continue
        for word in _query_words.split(piece):
            if len(terms) == MOST_TERMS:
                break
            if len(word) > 1 and word not in _STOP_WORDS and len(stem := _query_words.stem(word)) <= _LONGEST_TERM:
                terms.setdefault(stem, weight)
                spellings.setdefault(stem, word)
        for found in _IDENTIFIER.findall(piece):
            if len(identifiers) == _MOST_IDENTIFIERS:
                break
            if found not in identifiers and found.lower() not in _STOP_WORDS:
                identifiers[found] = weight * (1.0 if is_compound(found) else weights.plain_word)
    # A mentioned name has full weight, however it is spelled.
    identifiers.update(dict.fromkeys(names, 1.0))
    return Query(
        terms,
        {name: weight for name, weight in identifiers.items() if weight > 0},
        spellings,
    )


def match_query(query: Query, graph: Graph) -> WordMatches:
    """Find a query in the paths and names of a repository. Raises IndexDamagedError."""
    terms, n_files = list(query.terms), len(graph)
    weights = np.array([*query.terms.values()], np.float64)
    of_names, of_folders = _query_words.match_paths(terms, graph.paths.offsets, graph.paths.data)
    known = _known_names(graph)
    offsets, defined = known.offsets, known.defined
    masks, n_words = _query_words.match_names(
        terms, known.names.offsets, known.names.data, np.arange(len(known.ids), dtype=np.uint32)
    )
    linked = masks if known.ids is graph.name_ids else masks[graph.name_ids]
    of_definitions = _query_words.any_of(offsets, defined, masks)
    of_references = _query_words.any_of(graph.reference_offsets, graph.reference_names, linked)

    def values(mask: U64) -> F64:
        """Return the values of terms: the fewer files have one, the larger."""
        n_having = _query_words.count_terms(mask)[: len(terms)]
        rarity = np.log((n_files + 1) / (n_having + 0.5))
        return weights * np.maximum(rarity, _LEAST_RARITY) / math.log(max(n_files, 1) + 1)

    of_name = values(of_names | of_definitions)
    exact_ids, exact_values, exact = _exact(query, graph, known)
    spellings = tuple(query.spellings.get(term, term) for term in terms)
    is_found = bool(len(exact_ids)) or any(mask.any() for mask in (of_names, of_folders, masks, linked))
    return WordMatches(
        Words(tuple(terms), of_name, exact_ids, exact_values, is_found, spellings),
        _query_words.sum_terms(of_names, of_name),
        _query_words.sum_terms(of_folders, values(of_folders)),
        _query_words.sum_shares(offsets, defined, masks, n_words, of_name),
        _query_words.sum_terms(of_references, values(of_references)),
        exact,
        (of_names, of_folders, of_definitions, of_references),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _KnownNames:
    """The names that are searched, and the files that define them.

    names    StringTable; ids (n,) uint32: their rows in the names of the tags, sorted.
    offsets  (n_files + 1,) uint64: file f defines ``defined[offsets[f]:offsets[f + 1]]``, rows of ``names``.
    """

    names: StringTable
    ids: U32
    offsets: U64
    defined: U32


def _known_names(graph: Graph) -> _KnownNames:
    if len(graph.tags) > _MOST_TAGS:
        return _KnownNames(graph.linked_names(), graph.name_ids, graph.definer_offsets, graph.definer_names)
    names = graph.tags.all_names()
    return _KnownNames(names, np.arange(len(names), dtype=np.uint32), *graph.tags.all_definitions())


def _exact(query: Query, graph: Graph, known: _KnownNames) -> tuple[I64, F64, F64]:
    """Return the names that are identifiers of the query, their values, and the sum of these for each file."""
    n_files = len(known.offsets) - 1
    ids = graph.tags.find(list(query.identifiers))
    weights = np.array([*query.identifiers.values()], np.float64)
    # In the order of the query. Rows of names depend on the order of joins, and so would sums in that order.
    rows = np.searchsorted(known.ids, ids)
    is_there = (ids >= 0) & (rows < len(known.ids))
    is_there[is_there] = known.ids[rows[is_there]] == ids[is_there]
    rows, weights = rows[is_there], weights[is_there]
    marks = np.zeros(len(known.ids), np.int32)
    marks[rows] = np.arange(1, len(rows) + 1)
    rows_found = np.flatnonzero(marks[known.defined])
    files = np.searchsorted(known.offsets, rows_found.astype(np.uint64), side="right") - 1
    # A file may define a name several times.
    pairs = distinct(files * (len(rows) + 1) + marks[known.defined[rows_found]])
    files, which = np.divmod(pairs, len(rows) + 1)
    n_definers = np.bincount(which, minlength=len(rows) + 1)
    exact = np.bincount(files, weights[which - 1] / np.sqrt(n_definers[which]), minlength=n_files)
    order = np.argsort(rows)
    return known.ids[rows[order]].astype(np.int64), weights[order], exact.astype(np.float64)


def match_definitions(words: Words, graph: Graph, name_ids: U32) -> tuple[F64, F64]:
    """Return the values of a query for names: by its words and their share of the name, and as a whole."""
    names, rows = graph.tags.names_of(name_ids), np.arange(len(name_ids), dtype=np.uint32)
    masks, n_words = _query_words.match_names(list(words.terms), names.offsets, names.data, rows)
    sums = _query_words.sum_terms(masks, words.values) / np.maximum(n_words, 1)
    exact = np.zeros(len(name_ids))
    if len(words.exact_ids):
        positions = np.minimum(np.searchsorted(words.exact_ids, name_ids), len(words.exact_ids) - 1)
        exact = np.where(words.exact_ids[positions] == name_ids, words.exact_values[positions], 0.0)
    return sums, exact
