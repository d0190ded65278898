"""Why a file or a definition stands where it stands in a map: who refers to it, and which weights applied.

Everything is taken from the same numbers as the map: the product of a file's factors is its score, and what its
referrers give is all that its rank comes of, but for what comes back to where rank starts.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.errors import OptionError
from repomap_fast.paths import path_below, row_of
from repomap_fast.ranking.order import definition_position, ordered_names
from repomap_fast.ranking.path_kinds import PathKind, classify_paths
from repomap_fast.ranking.rank import LEAST_RANK, Boosts, Ranking, name_factors, rank
from repomap_fast.ranking.search import search_tags
from repomap_fast.ranking.similar_names import nearest, nearest_paths
from repomap_fast.ranking.task import boosts_for, match_task, task_query

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.ranking.query_words import WordMatches
    from repomap_fast.ranking.task import Task
    from repomap_fast.tables import U8, U32
    from repomap_fast.weights import Weights

    F64 = NDArray[np.float64]

DEFAULT_LIMIT = 10
"""Referrers that are listed, and definitions of one name or file."""
_WORD_PLACES = ("words_file_name", "words_folder", "words_definitions", "words_references")


@dataclass(frozen=True, slots=True)
class Referrer:
    """A file that refers to what is explained.

    n_references  how often.
    share         of all that comes of references, from 0 to 1.
    """

    path: str
    n_references: int
    share: float


@dataclass(frozen=True, slots=True)
class FileExplanation:
    """Why a file stands where it stands.

    place          among all files that have a language, from 1.
    score          what it counts; those of all files add up to 1.
    page_rank      its rank; those of all files add up to 1. ``page_rank_place`` where it would stand by that alone.
    factors        what its score is the product of, by the names of the weights (``file_power`` is its rank to that
                   power), but for a number that is the same for all files; those that are 1 are left out.
    words          of the query that stand in it: by the name of the weight, which words.
    marks          ``focus``, ``changed`` and ``mentioned``, if it is.
    source_share   share of all rank that starts from this file, and comes back to it.
    n_definitions  distinct names that it defines; ``definitions`` the first of them, as the map would take them: ten
                   where a name is explained.
    """

    path: str
    place: int
    score: float
    page_rank: float
    page_rank_place: int
    factors: dict[str, float]
    words: dict[str, tuple[str, ...]]
    marks: tuple[str, ...]
    source_share: float
    n_definitions: int
    definitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionExplanation:
    """Why a definition stands where it stands.

    lines           one-based, on which the file defines that name.
    place           among all definitions, from 1; None in a file that is in focus, which a map leaves out.
    place_in_file   among the distinct names of its file, from 1; what its file's score is divided by for it.
    score           what it is ordered by.
    reference_rank  the rank that references bring each of its definers.
    """

    path: str
    name: str
    kind: str
    lines: tuple[int, ...]
    place: int | None
    place_in_file: int
    score: float
    reference_rank: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked for, and why it stands where it stands.

    subject            the file or the name, as it was typed.
    files              the file; or those of the definitions, each once.
    definitions        of a name, one for each file, the best first; none for a file.
    n_files            files that have a language; ``n_definitions`` distinct names of each of them, together.
    n_found            files that define the name, of which ``definitions`` has the best.
    reference_factors  what a reference to the name counts, by the names of the weights; those that are 1 are left out.
    n_referrers        files that refer to the name, or to any name that the file defines.
    referrers          those of them that give most.
    notes              what of the work at hand was looked for in vain, in sentences.
    """

    subject: str
    files: tuple[FileExplanation, ...]
    definitions: tuple[DefinitionExplanation, ...]
    n_files: int
    n_definitions: int
    n_found: int
    reference_factors: dict[str, float]
    n_referrers: int
    referrers: tuple[Referrer, ...]
    notes: tuple[str, ...] = ()


def explain_wanted(
    result: ScanResult, graph: Graph, wanted: str, task: Task, weights: Weights, *, limit: int = DEFAULT_LIMIT
) -> Explanation:
    """Explain the file ``wanted``, or all definitions of that name.

    limit  list no more referrers, nor definitions; 0 for all.

    Raises OptionError if there is neither such a file nor a name.
    """
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    explainer = _Explainer(result, graph, task, weights, limit or None)
    if (file_id := row_of(graph.paths, path_below(result.root, wanted))) is not None:
        return explainer.explain_file(wanted, file_id)
    tags = [found.tag for found in search_tags(result, wanted, loosest="exact").found]
    of_file: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.role == "definition":
            of_file.setdefault(tag.path, []).append(tag)
    if not of_file:
        raise OptionError(f"{wanted!r} is {_absence(result, graph, wanted, bool(tags))}")
    return explainer.explain_name(wanted, of_file)


def _absence(result: ScanResult, graph: Graph, wanted: str, is_referred_to: bool) -> str:
    """Say in half a sentence why there is nothing to explain."""
    text = os.fsencode(wanted)
    if is_referred_to:
        return "referred to, but defined nowhere here; expected a file, or a name that is defined"
    if row_of(result.file_table.paths, path_below(result.root, wanted)) is not None:
        return "a file of no language that is known, so that nothing refers to it; expected a source file"
    near = [*nearest_paths(graph.paths, text, limit=2), *nearest(result.tag_table.names, text, limit=3)]
    if not near:
        return f"neither a file nor a name below {str(result.root)!r}, and nothing there is like it"
    meant = " or ".join(repr(os.fsdecode(one)) for one in dict.fromkeys(near))
    return f"neither a file nor a name below {str(result.root)!r}; did you mean {meant}?"


class _Standing(NamedTuple):
    """Where the definitions of a name in a file stand.

    place           among the names of the file, from 0.
    reference_rank  the rank that references bring.
    """

    file_id: int
    name_id: int
    place: int
    score: float
    reference_rank: float


class _Explainer:
    """A ranking, with what it was made of at hand."""

    def __init__(self, result: ScanResult, graph: Graph, task: Task, weights: Weights, limit: int | None) -> None:
        self.result, self.graph, self.task, self.weights, self.limit = result, graph, task, weights, limit
        self.boosts: Boosts = boosts_for(task, result, graph, weights)
        self.ranking: Ranking = rank(graph, self.boosts, weights, limit=None if weights.definition_decay == 0 else 0)
        self.n_definers = graph.definer_counts()
        factors = self.boosts.name_factors
        self.name_factors = name_factors(graph, self.n_definers, weights) * (1.0 if factors is None else factors)
        self.shares = self._shares()
        order = np.arange(len(graph))
        by_value = np.lexsort((order, -self.ranking.file_values))
        by_rank = np.lexsort((order, -self.ranking.file_scores))
        self.places, self.rank_places = np.empty_like(order), np.empty_like(order)
        self.places[by_value], self.rank_places[by_rank] = order + 1, order + 1
        self.counts = np.diff(graph.definer_offsets.astype(np.int64)) + graph.lone_counts
        self.places_of_name: NDArray[np.intp] | None = None
        self.is_listed = np.ones(len(graph), np.bool_)
        if self.boosts.hidden is not None:
            self.is_listed = ~self.boosts.hidden

    def _shares(self) -> F64:
        """Return what each row of the graph's references gives each definer of its name."""
        graph, boosts, weights = self.graph, self.boosts, self.weights
        files = np.repeat(np.arange(len(graph)), np.diff(graph.reference_offsets).astype(np.int64))
        given = self.name_factors[graph.reference_names] * np.sqrt(graph.reference_counts)
        if boosts.reference_factors is not None:
            given *= boosts.reference_factors[files]
        out = np.bincount(files, given * self.n_definers[graph.reference_names], minlength=len(graph))
        out = out + weights.unreferenced * graph.lone_counts
        self.reference_files = files
        shares: F64 = given * (self.ranking.file_scores / np.where(out > 0, out, 1.0))[files]
        return shares

    def explain_file(self, wanted: str, file_id: int) -> Explanation:
        start, stop = self.graph.definer_offsets[file_id : file_id + 2].tolist()
        n_referrers, referrers = self._referrers(self.graph.definer_names[start:stop])
        return Explanation(
            subject=wanted,
            files=(self._file(file_id, self.limit),),
            definitions=(),
            n_files=len(self.graph),
            n_definitions=int(self.counts.sum()),
            n_found=0,
            reference_factors={},
            n_referrers=n_referrers,
            referrers=referrers,
        )

    def explain_name(self, wanted: str, of_file: dict[str, list[Tag]]) -> Explanation:
        graph = self.graph
        name_id = int(
            graph.numbers_of(graph.tags.find([wanted.encode("utf-8", "surrogateescape")]).astype(np.uint32))[0]
        )
        is_linked = name_id < graph.n_linked
        n_referrers, referrers = self._referrers(np.array([name_id], np.uint32)) if is_linked else (0, ())
        standings = sorted(
            (self._standing(self.file_id(path), name_id) for path in of_file), key=lambda one: (-one.score, one.file_id)
        )
        shown = standings[: self.limit]
        return Explanation(
            subject=wanted,
            files=tuple(self._file(one.file_id, DEFAULT_LIMIT) for one in shown),
            definitions=tuple(self._definition(of_file[self._path(one.file_id)], one) for one in shown),
            n_files=len(graph),
            n_definitions=int(self.counts.sum()),
            n_found=len(of_file),
            reference_factors=self._name_factors(name_id) if is_linked else {},
            n_referrers=n_referrers,
            referrers=referrers,
        )

    def file_id(self, path: str) -> int:
        file_id = row_of(self.graph.paths, os.fsencode(path))
        assert file_id is not None
        return file_id

    def _path(self, file_id: int) -> str:
        return os.fsdecode(self.graph.paths[file_id])

    def _referrers(self, names: U32) -> tuple[int, tuple[Referrer, ...]]:
        """Return how many files refer to any of these linked names, and those that give most."""
        marks = np.zeros(self.graph.n_linked, np.bool_)
        marks[names] = True
        rows = np.flatnonzero(marks[self.graph.reference_names])
        files, place = np.unique(self.reference_files[rows], return_inverse=True)
        given = np.bincount(place, self.shares[rows], minlength=len(files))
        counts = np.bincount(place, self.graph.reference_counts[rows], minlength=len(files))
        total = float(given.sum()) or 1.0
        best = np.lexsort((files, -given))[: self.limit]
        return len(files), tuple(
            Referrer(self._path(int(files[i])), int(counts[i]), float(given[i]) / total) for i in best.tolist()
        )

    def _file(self, file_id: int, n_names: int | None) -> FileExplanation:
        graph, ranking = self.graph, self.ranking
        source = self.boosts.personalization
        n_files = len(graph)
        names = self._ordered(file_id)[:n_names].tolist()
        return FileExplanation(
            path=self._path(file_id),
            place=int(self.places[file_id]),
            score=float(ranking.file_values[file_id]),
            page_rank=float(ranking.file_scores[file_id]),
            page_rank_place=int(self.rank_places[file_id]),
            factors=self._factors(file_id),
            words=self._words(file_id),
            marks=self._marks(file_id),
            source_share=1 / n_files if source is None else float(source[file_id] / source.sum()),
            n_definitions=int(self.counts[file_id]),
            definitions=tuple(graph.name(name_id).decode(errors="replace") for name_id in names),
        )

    def _factors(self, file_id: int) -> dict[str, float]:
        weights = self.weights
        if weights.definition_decay == 0:
            return {}
        page_rank = float(self.ranking.file_scores[file_id]) * len(self.graph) + LEAST_RANK
        factors = {"file_power": page_rank**weights.file_power}
        if "mentioned" in self._marks(file_id):
            factors["mentioned_file"] = weights.mentioned_file
        factors |= {name: math.exp(column[file_id]) for name, column in self.word_powers.items()}
        kinds = int(self.path_kinds[file_id])
        factors |= {kind.weight_name: getattr(weights, kind.weight_name) for kind in PathKind if kinds & kind}
        return {name: factor for name, factor in factors.items() if factor != 1 or name == "file_power"}

    @cached_property
    def matches(self) -> WordMatches | None:
        return match_task(self.task, self.graph, self.weights)

    @cached_property
    def word_powers(self) -> Mapping[str, F64]:
        return {} if self.matches is None else self.matches.parts(self.weights)

    @cached_property
    def spellings(self) -> Mapping[bytes, bytes]:
        return task_query(self.task, self.weights).spellings

    @cached_property
    def path_kinds(self) -> U8:
        return classify_paths(self.graph.paths)

    def _words(self, file_id: int) -> dict[str, tuple[str, ...]]:
        matches = self.matches
        if matches is None:
            return {}
        spellings = self.spellings
        found = {
            place: tuple(
                spellings[term].decode(errors="replace")
                for bit, term in enumerate(matches.words.terms)
                if int(mask[file_id]) >> bit & 1
            )
            for place, mask in zip(_WORD_PLACES, matches.masks, strict=True)
        }
        return {place: words for place, words in found.items() if words}

    def _marks(self, file_id: int) -> tuple[str, ...]:
        row = row_of(self.result.file_table.paths, self.graph.paths[file_id])
        return tuple(mark for mark, rows in self.marked.items() if row in rows)

    @cached_property
    def marked(self) -> dict[str, frozenset[int]]:
        task = self.task
        return {
            "focus": frozenset(task.focus_files),
            "changed": frozenset(task.changed_files),
            "mentioned": frozenset(task.mentioned_files),
        }

    def _ordered(self, file_id: int) -> U32:
        """Return the names that a file defines, the best first."""
        ranking = self.ranking
        if self.weights.definition_decay == 0 and self.is_listed[file_id]:
            own: U32 = ranking.name_ids[ranking.file_ids == file_id]
            return own
        heads = np.zeros(len(self.graph), np.uint8)
        if self.boosts.one_row_heads is not None:
            heads = self.boosts.one_row_heads.astype(np.uint8)
        _, names = ordered_names(
            self.graph, np.array([file_id]), self.weights, words=self.boosts.words, one_row_heads=heads
        )
        return names

    def _standing(self, file_id: int, name_id: int) -> _Standing:
        """Return where the definitions of a name in a file stand in that file, and what they are ordered by."""
        ranking, decay = self.ranking, self.weights.definition_decay
        place = int(np.flatnonzero(self._ordered(file_id) == name_id)[0])
        is_linked = name_id < self.graph.n_linked
        brought = float(ranking.name_scores[name_id] if is_linked else ranking.unreferenced_scores[file_id])
        score = float(ranking.file_values[file_id]) / (1 + place) ** decay if decay else brought
        return _Standing(file_id, name_id, place, score, brought)

    def _definition(self, tags: list[Tag], standing: _Standing) -> DefinitionExplanation:
        """Explain the definitions of one name in one file."""
        return DefinitionExplanation(
            path=tags[0].path,
            name=tags[0].name,
            kind=tags[0].kind,
            lines=tuple(sorted({tag.line for tag in tags})),
            place=self._place(standing),
            place_in_file=standing.place + 1,
            score=standing.score,
            reference_rank=standing.reference_rank,
        )

    def _place(self, standing: _Standing) -> int | None:
        """Return the place among all definitions; None in a file that a map leaves out."""
        ranking, decay, file_id = self.ranking, self.weights.definition_decay, standing.file_id
        if not self.is_listed[file_id]:
            return None
        if decay:
            counts = np.where(self.is_listed, self.counts, 0)
            return definition_position(ranking.file_values, counts, decay, file_id, standing.place) + 1
        if self.places_of_name is None:
            self.places_of_name = np.flatnonzero(ranking.name_ids == standing.name_id)
        places = self.places_of_name
        return int(places[ranking.file_ids[places] == file_id][0]) + 1

    def _name_factors(self, name_id: int) -> dict[str, float]:
        from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE

        weights, traits = self.weights, int(self.graph.name_traits[name_id])
        factors = {}
        if traits & TRAIT_LONG_COMPOUND:
            factors["long_compound"] = weights.long_compound
        if traits & TRAIT_PRIVATE:
            factors["private"] = weights.private
        if int(self.n_definers[name_id]) > weights.many_definers_above:
            factors["many_definers"] = weights.many_definers
        boosted = self.boosts.name_factors
        if boosted is not None and boosted[name_id] != 1:
            name = self.graph.name(name_id)
            factors["mentioned_name" if name in self.task.names else "queried_name"] = float(boosted[name_id])
        return factors
