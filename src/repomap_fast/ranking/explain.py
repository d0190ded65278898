"""Explains why a file or a definition has its position in a map: its referrers, and the weights that applied.

It computes nothing that the ranking computes: it reads the factors that the ranking multiplied. The product of a file's
factors is its score. What its referrers give is all of its PageRank, but for what returns to where rank starts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import OptionError, SymbolError
from repomap_fast.joining.file_traits import FileTrait, traits_of
from repomap_fast.joining.marks import LineRange
from repomap_fast.joining.unread import unread_with
from repomap_fast.paths import path_below, row_of
from repomap_fast.ranking.orders import GraphOrder, Order, Position, TextOrder, at_row
from repomap_fast.ranking.rank import Boosts, Ranking, rank, reference_files
from repomap_fast.ranking.search import search_tags
from repomap_fast.ranking.similar_names import nearest, nearest_paths
from repomap_fast.ranking.task import boosts_for
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.screens import Screen
from repomap_fast.tagging.words import terms_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.discovery.git_history import History
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.ranking.task import Task
    from repomap_fast.tables import U32
    from repomap_fast.weights import Weights

    F64 = NDArray[np.float64]

DEFAULT_LIMIT = 10
"""Most referrers that are listed, and most definitions of a name or file."""


@dataclass(frozen=True, slots=True)
class Referrer:
    """A file that refers to the explained file or name.

    n_references  how often it does.
    share         share of all rank that references bring, from 0 to 1.
    """

    path: str
    n_references: int
    share: float


@dataclass(frozen=True, slots=True)
class FileExplanation:
    """Why a file has its position.

    place            position among all files that have a language, from 1.
    score            its value; the values of all files add up to 1.
    page_rank        its PageRank; those of all files add up to 1.
    page_rank_place  position by PageRank alone, from 1.
    factors          the score is their product, but for a constant that is the same for all files. The keys are names
                     of weights; ``file_power`` is PageRank to that power. Factors of 1 are left out.
    words            words of the task that occur in the file, by the name of the weight: in its text, in its path.
    marks            which of ``focus``, ``changed`` and ``mentioned`` apply.
    traits           whether it is for tests, vendored, generated or an example, each with what says so.
    unread           lines that the parser could not read, as ``File.unread`` has them.
    source_share     share of all rank that starts from this file, and returns to it.
    n_definitions    distinct names that it defines.
    definitions      the first of them, in the order of the map; ten where a name is explained.
    """

    path: str
    place: int
    score: float
    page_rank: float
    page_rank_place: int
    factors: dict[str, float]
    words: dict[str, tuple[str, ...]]
    marks: tuple[str, ...]
    traits: tuple[FileTrait, ...]
    unread: tuple[LineRange, ...]
    source_share: float
    n_definitions: int
    definitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionExplanation:
    """Why a definition has its position.

    lines           one-based lines on which the file defines that name, or those of them that were asked for.
    place           position among all definitions, from 1; None in a file in focus, which a map hides, and in a file
                    that a text ranks so low that its definitions are not read.
    place_in_file   position among the distinct names of its file, from 1.
    score           definitions are ordered by it.
    reference_rank  the rank that references bring to each definer of the name.
    factors         for a task with a text: the score is their product, but for a constant. The keys are names of
                    weights. Otherwise empty: the score is that of the file, divided by a power of the place in it.
    """

    path: str
    name: str
    kind: str
    lines: tuple[int, ...]
    place: int | None
    place_in_file: int
    score: float
    reference_rank: float
    factors: dict[str, float]


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Screen):
    """Why a file, or the definitions of a name, have their positions.

    subject            the file or the name, as typed.
    files              the file; or the files of the definitions, each once.
    definitions        of a name, one for each file, the best first; none for a file.
    n_files            files that have a language.
    n_definitions      distinct names that each of them defines, summed.
    n_found            files that define the name; ``definitions`` has the best of them.
    reference_factors  what a reference to the name counts is their product. The keys are names of weights. Factors of 1
                       are left out.
    n_referrers        files that refer to the name, or to any name that the file defines.
    referrers          those of them that give most.
    notes              sentences on what of the task was not found.
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

    @property
    def text(self) -> str:
        """The positions and the referrers as text; the command line prints more of each."""
        places = [
            f"{one.kind} {one.name}, {one.path}:{one.lines[0]}: place {one.place or 'in focus'}, score {one.score:.3g}"
            for one in self.definitions
        ] or [f"{one.path}: place {one.place:,} of {self.n_files:,} files, score {one.score:.3g}" for one in self.files]
        referrers = [f"{one.share:6.1%} {one.n_references:,} references from {one.path}" for one in self.referrers]
        return "".join(f"{line}\n" for line in (*places, f"{self.n_referrers:,} files refer to it", *referrers))

    def __str__(self) -> str:
        return self.text


def explain_wanted(
    result: ScanResult,
    graph: Graph,
    wanted: str,
    task: Task,
    weights: Weights,
    *,
    places: Container[tuple[str, int]] | None = None,
    limit: int = DEFAULT_LIMIT,
    history: Callable[[], History] | None = None,
) -> Explanation:
    """Explain the file ``wanted``, or the definitions of that name.

    places   paths and one-based lines of the definitions that are meant; None for all.
    limit    most referrers, and most definitions, that are listed; 0 for all.
    history  as for ``rank_task``.

    Raises SymbolError if there is neither such a file nor a name.
    """
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    file_id = row_of(graph.paths, path_below(result.root, wanted)) if places is None else None
    of_file: dict[str, list[Tag]] = {}
    if file_id is None:
        tags = [found.tag for found in search_tags(result, wanted, loosest="exact").found]
        for tag in tags:
            if tag.role == "definition" and (places is None or (tag.path, tag.line) in places):
                of_file.setdefault(tag.path, []).append(tag)
        if not of_file:
            raise SymbolError(f"{wanted!r} is {_absence(result, graph, wanted, bool(tags))}")
    explainer = _Explainer(result, graph, task, weights, limit or None, history)
    return explainer.explain_name(wanted, of_file) if file_id is None else explainer.explain_file(wanted, file_id)


def _absence(result: ScanResult, graph: Graph, wanted: str, is_referred_to: bool) -> str:
    """Return a clause that says why there is nothing to explain."""
    text = os.fsencode(wanted)
    if is_referred_to:
        return "referred to, but defined nowhere here; expected a file, or a name that is defined"
    if row_of(result.file_table.paths, path_below(result.root, wanted)) is not None:
        return "a file of no language that is known, so that nothing refers to it; expected a source file"
    near = [*nearest_paths(graph.paths, text, limit=2), *nearest(result.tag_table.names, text, limit=3)]
    unread = unread_with(result, wanted)
    if not near:
        where = f"neither a file nor a name below {str(result.root)!r}, and nothing there is like it"
        return f"{where}; {unread}" if unread else where
    meant = " or ".join(repr(os.fsdecode(one)) for one in dict.fromkeys(near))
    where = f"neither a file nor a name below {str(result.root)!r}; did you mean {meant}?"
    return f"{where} {unread}" if unread else where


class _Explainer:
    """Reads explanations from a ranking and its factors."""

    def __init__(
        self,
        result: ScanResult,
        graph: Graph,
        task: Task,
        weights: Weights,
        limit: int | None,
        history: Callable[[], History] | None,
    ) -> None:
        self.result, self.graph, self.task, self.limit = result, graph, task, limit
        self.boosts: Boosts = boosts_for(task, result, graph, weights, keep_parts=True)
        # By rank alone, slots within files come from the order of all definitions.
        n_ranked = None if weights.by_rank_alone else 0
        self.ranking: Ranking = rank(graph, self.boosts, weights, limit=n_ranked, keep_factors=True)
        assert self.ranking.factors is not None
        self.factors = self.ranking.factors
        self.by_graph = GraphOrder(graph, self.ranking, self.boosts)
        self.rows = result.file_table.rows_with_language()
        self.by_text: TextOrder | None = None
        if not weights.by_rank_alone:
            is_listed = np.ones(len(graph), np.bool_) if self.boosts.hidden is None else ~self.boosts.hidden
            ranked = rank_task(task, result, graph, weights, limit=0, history=history, keep_factors=True)
            self.by_text = TextOrder(graph, ranked, is_listed)
        self.order: Order = self.by_text or self.by_graph
        self.reference_files = reference_files(graph)
        self.shares: F64 = self.factors.sent * self.factors.name_factors[graph.reference_names]
        self.file_positions = _positions(self.order.file_values)
        self.page_rank_positions = _positions(self.ranking.file_scores)
        self.counts = np.diff(graph.definer_offsets.astype(np.int64)) + graph.unreferenced_counts

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
        is_shared = name_id < graph.n_shared
        n_referrers, referrers = self._referrers(np.array([name_id], np.uint32)) if is_shared else (0, ())
        found = [
            (file_id := self._file_id(path), self.order.position(file_id, name_id, {tag.line - 1 for tag in tags}))
            for path, tags in of_file.items()
        ]
        found.sort(key=lambda one: (-one[1].score, one[0]))
        shown = found[: self.limit]
        return Explanation(
            subject=wanted,
            files=tuple(self._file(file_id, DEFAULT_LIMIT) for file_id, _ in shown),
            definitions=tuple(
                self._definition(of_file[self._path(file_id)], file_id, name_id, position)
                for file_id, position in shown
            ),
            n_files=len(graph),
            n_definitions=int(self.counts.sum()),
            n_found=len(of_file),
            reference_factors=at_row(self.factors.names, name_id) if is_shared else {},
            n_referrers=n_referrers,
            referrers=referrers,
        )

    def _file_id(self, path: str) -> int:
        file_id = row_of(self.graph.paths, os.fsencode(path))
        assert file_id is not None
        return file_id

    def _path(self, file_id: int) -> str:
        return os.fsdecode(self.graph.paths[file_id])

    def _referrers(self, names: U32) -> tuple[int, tuple[Referrer, ...]]:
        """Return how many files refer to any of these shared names, and those that give most."""
        marks = np.zeros(self.graph.n_shared, np.bool_)
        marks[names] = True
        rows = np.flatnonzero(marks[self.graph.reference_names])
        files, which = np.unique(self.reference_files[rows], return_inverse=True)
        given = np.bincount(which, self.shares[rows], minlength=len(files))
        counts = np.bincount(which, self.graph.reference_counts[rows], minlength=len(files))
        total = float(given.sum()) or 1.0
        best = np.lexsort((files, -given))[: self.limit]
        return len(files), tuple(
            Referrer(self._path(int(files[i])), int(counts[i]), float(given[i]) / total) for i in best.tolist()
        )

    def _file(self, file_id: int, n_names: int | None) -> FileExplanation:
        graph, ranking = self.graph, self.ranking
        source = self.boosts.personalization
        names = self.order.names(file_id)[:n_names].tolist()
        return FileExplanation(
            path=self._path(file_id),
            place=int(self.file_positions[file_id]),
            score=float(self.order.file_values[file_id]),
            page_rank=float(ranking.file_scores[file_id]),
            page_rank_place=int(self.page_rank_positions[file_id]),
            factors=self.order.file_factors(file_id),
            words=self._words(file_id),
            marks=self._marks(file_id),
            traits=traits_of(self.result.file_table, row := int(self.rows[file_id])),
            unread=self.result.unread_lines(row),
            source_share=1 / len(graph) if source is None else float(source[file_id] / source.sum()),
            n_definitions=int(self.counts[file_id]),
            definitions=tuple(graph.name(name_id).decode(errors="replace") for name_id in names),
        )

    def _words(self, file_id: int) -> dict[str, tuple[str, ...]]:
        """Return the words of the task that occur in a file, by the weight of the occurrence."""
        if self.by_text is None or self.task.named is None:
            return {}
        query = self.by_text.fused.query
        in_names, in_rest = self.result.words.counts_in(file_id, query.hashes)
        in_path = set(terms_in(self.graph.paths[file_id]))
        found = {
            "file_text": tuple(_word(term) for term, n in zip(query.terms, in_names + in_rest, strict=True) if n),
            "file_path": tuple(_word(term) for term in query.terms if term in in_path),
        }
        return {weight_name: words for weight_name, words in found.items() if words}

    def _marks(self, file_id: int) -> tuple[str, ...]:
        row = row_of(self.result.file_table.paths, self.graph.paths[file_id])
        return tuple(mark for mark, rows in self._marked.items() if row in rows)

    @cached_property
    def _marked(self) -> dict[str, frozenset[int]]:
        task = self.task
        return {
            "focus": frozenset(task.focus_files),
            "changed": frozenset(task.changed_files),
            "mentioned": frozenset(task.mentioned_files),
        }

    def _definition(self, tags: list[Tag], file_id: int, name_id: int, position: Position) -> DefinitionExplanation:
        """Explain the definitions of one name in one file."""
        return DefinitionExplanation(
            path=tags[0].path,
            name=tags[0].name,
            kind=tags[0].kind,
            lines=tuple(sorted({tag.line for tag in tags})),
            place=position.place,
            place_in_file=position.slot + 1,
            score=position.score,
            reference_rank=self.by_graph.brought(file_id, name_id),
            factors=position.factors,
        )


def _word(term: bytes) -> str:
    """Return a term as a word; that of a whole identifier has a mark before it."""
    return term.removeprefix(b"=").decode(errors="replace")


def _positions(values: F64) -> NDArray[np.intp]:
    """Return the position of each file, from 1, the largest value first; those alike in their order."""
    order = np.arange(len(values))
    positions = np.empty_like(order)
    positions[np.lexsort((order, -values))] = order + 1
    return positions
