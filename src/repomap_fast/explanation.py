"""Why a file or a definition stands where it stands in a map: who refers to it, and which weights applied.

Everything is taken from the same numbers as the map: the product of a file's factors is its score, and what its
referrers give is all that its rank comes of, but for what comes back to where rank starts.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import OptionError
from repomap_fast.lookup import nearest, nearest_paths, search_tags
from repomap_fast.order import ordered_names, place_of
from repomap_fast.path_kinds import PathKind, kinds_of_paths
from repomap_fast.places import path_below, row_of
from repomap_fast.rank import LEAST_RANK, Emphasis, Ranking, name_factors, rank
from repomap_fast.subject import emphasise, match_subject, query_of_subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.graph import Graph
    from repomap_fast.result import ScanResult, Tag
    from repomap_fast.subject import Subject
    from repomap_fast.tables import U32
    from repomap_fast.weights import Weights

    F64 = NDArray[np.float64]

DEFAULT_LIMIT = 10
"""Referrers that are told of, and definitions of one name or file."""
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
    n_definitions  distinct names that it defines; ``definitions`` the first of them, as the map would take them.
    n_referrers    files that refer to any of them; ``referrers`` those that give most.
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
    n_referrers: int
    referrers: tuple[Referrer, ...]


@dataclass(frozen=True, slots=True)
class DefinitionExplanation:
    """Why a definition stands where it stands.

    lines           one-based, on which the file defines that name.
    place           among all definitions, from 1; None in a file that is in focus, which a map leaves out.
    place_in_file   among the distinct names of its file, from 1; what its file's score is divided by for it.
    score           what it is ordered by.
    reference_rank  the rank that references bring each of its definers.
    n_definers      files that define the name.
    factors         what a reference to the name counts, by the names of the weights; those that are 1 are left out.
    """

    path: str
    name: str
    kind: str
    lines: tuple[int, ...]
    place: int | None
    place_in_file: int
    score: float
    reference_rank: float
    n_definers: int
    factors: dict[str, float]
    n_referrers: int
    referrers: tuple[Referrer, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked for, and why it stands where it stands.

    subject        the file or the name, as it was typed.
    definitions    of a name, the best first; none for a file.
    files          the file; or those of the definitions, each once.
    n_files        files that have a language; ``n_definitions`` distinct names of each of them, together.
    n_found        definitions of the name, of which the best are told of.
    notes          what of the work at hand was looked for in vain, in sentences.
    """

    subject: str
    files: tuple[FileExplanation, ...]
    definitions: tuple[DefinitionExplanation, ...]
    n_files: int
    n_definitions: int
    n_found: int
    notes: tuple[str, ...] = ()


def explain_subject(
    result: ScanResult, graph: Graph, wanted: str, subject: Subject, weights: Weights, *, limit: int = DEFAULT_LIMIT
) -> Explanation:
    """Explain the file ``wanted``, or all definitions of that name.

    limit  tell of no more referrers, nor definitions. Raises OptionError if there is neither such a file nor a name.
    """
    if limit < 1:
        raise OptionError(f"limit is {limit}; expected at least 1")
    explainer = _Explainer(result, graph, subject, weights, limit)
    if (file_id := row_of(graph.paths, path_below(result.root, wanted))) is not None:
        return explainer.explanation(wanted, [file_id], [], 0)
    tags = [found.tag for found in search_tags(result, wanted, loosest="exact").found]
    of_file: dict[str, list[Tag]] = {}
    for tag in tags:
        if tag.role == "definition":
            of_file.setdefault(tag.path, []).append(tag)
    if not of_file:
        raise OptionError(f"{wanted!r} is {_absence(result, graph, wanted, bool(tags))}")
    definitions = [explainer.definition(found) for found in of_file.values()]
    definitions.sort(key=lambda one: (-one.score, one.path))
    shown = definitions[:limit]
    files = [explainer.file_id(one.path) for one in shown]
    return explainer.explanation(wanted, files, shown, len(definitions))


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


class _Explainer:
    """A ranking, with what it was made of at hand."""

    def __init__(self, result: ScanResult, graph: Graph, subject: Subject, weights: Weights, limit: int) -> None:
        self.result, self.graph, self.subject, self.weights, self.limit = result, graph, subject, weights, limit
        self.emphasis: Emphasis = emphasise(subject, result, graph, weights)
        self.ranking: Ranking = rank(graph, self.emphasis, weights, limit=None if weights.definition_decay == 0 else 0)
        self.n_definers = graph.definer_counts()
        factors = self.emphasis.name_factors
        self.name_factors = name_factors(graph, self.n_definers, weights) * (1.0 if factors is None else factors)
        self.shares = self._shares()
        order = np.arange(len(graph))
        by_value = np.lexsort((order, -self.ranking.file_values))
        by_rank = np.lexsort((order, -self.ranking.file_scores))
        self.places, self.rank_places = np.empty_like(order), np.empty_like(order)
        self.places[by_value], self.rank_places[by_rank] = order + 1, order + 1
        self.counts = np.diff(graph.definer_offsets.astype(np.int64)) + graph.lone_counts
        self.is_listed = np.ones(len(graph), np.bool_)
        if self.emphasis.left_out is not None:
            self.is_listed = ~self.emphasis.left_out

    def _shares(self) -> F64:
        """Return what each row of the graph's references gives each definer of its name."""
        graph, emphasis, weights = self.graph, self.emphasis, self.weights
        files = np.repeat(np.arange(len(graph)), np.diff(graph.reference_offsets).astype(np.int64))
        given = self.name_factors[graph.reference_names] * np.sqrt(graph.reference_counts)
        if emphasis.reference_factors is not None:
            given *= emphasis.reference_factors[files]
        out = np.bincount(files, given * self.n_definers[graph.reference_names], minlength=len(graph))
        out = out + weights.unreferenced * graph.lone_counts
        self.reference_files = files
        shares: F64 = given * (self.ranking.file_scores / np.where(out > 0, out, 1.0))[files]
        return shares

    def explanation(
        self, wanted: str, file_ids: list[int], definitions: list[DefinitionExplanation], n_found: int
    ) -> Explanation:
        return Explanation(
            subject=wanted,
            files=tuple(self._file(file_id) for file_id in dict.fromkeys(file_ids)),
            definitions=tuple(definitions),
            n_files=len(self.graph),
            n_definitions=int(self.counts.sum()),
            n_found=n_found,
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

    def _file(self, file_id: int) -> FileExplanation:
        graph, ranking = self.graph, self.ranking
        start, stop = graph.definer_offsets[file_id : file_id + 2].tolist()
        n_referrers, referrers = self._referrers(graph.definer_names[start:stop])
        source = self.emphasis.personalization
        n_files = len(graph)
        names = self._ordered(file_id)[: self.limit].tolist()
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
            n_referrers=n_referrers,
            referrers=referrers,
        )

    def _factors(self, file_id: int) -> dict[str, float]:
        weights = self.weights
        if weights.definition_decay == 0:
            return {}
        page_rank = float(self.ranking.file_scores[file_id]) * len(self.graph) + LEAST_RANK
        factors = {"file_power": page_rank**weights.file_power}
        if "mentioned" in self._marks(file_id):
            factors["mentioned_file"] = weights.mentioned_file
        matches = match_subject(self.subject, self.graph, weights)
        if matches is not None:
            factors |= {name: math.exp(column[file_id]) for name, column in matches.parts(weights).items()}
        kinds = int(kinds_of_paths(self.graph.paths)[file_id])
        factors |= {kind.weight_name: getattr(weights, kind.weight_name) for kind in PathKind if kinds & kind}
        return {name: factor for name, factor in factors.items() if factor != 1 or name == "file_power"}

    def _words(self, file_id: int) -> dict[str, tuple[str, ...]]:
        matches = match_subject(self.subject, self.graph, self.weights)
        if matches is None:
            return {}
        spellings = query_of_subject(self.subject, self.weights).spellings
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
        subject = self.subject
        kinds = {
            "focus": subject.focus_files,
            "changed": subject.changed_files,
            "mentioned": subject.mentioned_files,
        }
        return tuple(mark for mark, rows in kinds.items() if row in rows)

    def _ordered(self, file_id: int) -> U32:
        """Return the names that a file defines, the best first."""
        ranking = self.ranking
        if self.weights.definition_decay == 0 and self.is_listed[file_id]:
            own: U32 = ranking.name_ids[ranking.file_ids == file_id]
            return own
        heads = np.zeros(len(self.graph), np.uint8)
        if self.emphasis.short_heads is not None:
            heads = self.emphasis.short_heads.astype(np.uint8)
        _, names = ordered_names(
            self.graph, np.array([file_id]), self.weights, words=self.emphasis.words, has_short_heads=heads
        )
        return names

    def definition(self, tags: list[Tag]) -> DefinitionExplanation:
        """Explain the definitions of one name in one file."""
        graph, ranking, decay = self.graph, self.ranking, self.weights.definition_decay
        file_id, name = self.file_id(tags[0].path), os.fsencode(tags[0].name)
        names = self._ordered(file_id)
        place = next(i for i, name_id in enumerate(names.tolist()) if graph.name(name_id) == name)
        name_id = int(names[place])
        is_linked = name_id < graph.n_linked
        brought = float(ranking.name_scores[name_id] if is_linked else ranking.lone_scores[file_id])
        score = float(ranking.file_values[file_id]) / (1 + place) ** decay if decay else brought
        standing: int | None = None
        if self.is_listed[file_id]:
            if decay:
                counts = np.where(self.is_listed, self.counts, 0)
                standing = place_of(ranking.file_values, counts, decay, file_id, place) + 1
            else:
                standing = int(np.flatnonzero((ranking.file_ids == file_id) & (ranking.name_ids == name_id))[0]) + 1
        n_referrers, referrers = self._referrers(np.array([name_id], np.uint32)) if is_linked else (0, ())
        return DefinitionExplanation(
            path=tags[0].path,
            name=tags[0].name,
            kind=tags[0].kind,
            lines=tuple(sorted({tag.line for tag in tags})),
            place=standing,
            place_in_file=place + 1,
            score=score,
            reference_rank=brought,
            n_definers=int(self.n_definers[name_id]) if is_linked else 1,
            factors=self._name_factors(name_id) if is_linked else {},
            n_referrers=n_referrers,
            referrers=referrers,
        )

    def _name_factors(self, name_id: int) -> dict[str, float]:
        from repomap_fast.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE

        weights, traits = self.weights, int(self.graph.name_traits[name_id])
        factors = {}
        if traits & TRAIT_LONG_COMPOUND:
            factors["long_compound"] = weights.long_compound
        if traits & TRAIT_PRIVATE:
            factors["private"] = weights.private
        if int(self.n_definers[name_id]) > weights.many_definers_above:
            factors["many_definers"] = weights.many_definers
        emphasised = self.emphasis.name_factors
        if emphasised is not None and emphasised[name_id] != 1:
            name = self.graph.name(name_id)
            factors["mentioned_name" if name in self.subject.names else "queried_name"] = float(emphasised[name_id])
        return factors
