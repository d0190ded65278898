"""cecli's ranks: PageRank of files over weighted references, which count less the further apart two files are.

A reference leads to each definer of its name that has the same suffix; in a file that defines the name itself, to that
file alone. With imports, it leads to those files that the referring file imports.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.compat.aider.ranking import Mentions, RankedTag, RankedTags, Table, bare_files
from repomap_fast.compat.cecli.imports import ImportedFiles
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, decide_traits
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE, StringTable

F64: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.intp]

IMPORT = "import"
"""Kind of the references that name another file."""
_FACTOR = 16.0
"""Of a name that was mentioned, and of a long compound that has nothing to do with tests."""
_FEW_DEFINERS = 4
_MAX_DEFINERS = 32
"""Of a name that more files define, a reference counts for its own file alone: elsewhere it would count a billionth.
Its definers are ranked as if nobody referred to it."""
_FAR = 256
"""Steps from file to file from which on all count the same: no weight becomes 0."""
_FROM_CHAT = 64.0
_WITHIN_FILE = 1 / 128
_UNREFERENCED = 2.0**-32
_DAMPING, _TOLERANCE, _MAX_ITERATIONS = 0.85, 1e-6, 100
_PAIRS_OF_CHUNK = 128


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of a file and a name, each once, by file, then name; and how often the file has the name."""

    files: Rows
    names: Rows
    counts: Rows

    @classmethod
    def of(cls, files: Rows, names: Rows, n_names: int) -> Pairs:
        """Return the pairs of these rows."""
        keys, counts = np.unique(files * n_names + names, return_counts=True)
        return cls(keys // n_names, keys % n_names, counts)


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """References from file to file: (n,) each."""

    sources: Rows
    targets: Rows
    names: Rows
    weights: F64


MakeTags: TypeAlias = Callable[[int, Sequence[int]], list[Tag]]
"""Makes tags of rows of the table's columns, all of one file, whose number comes first."""


def rank_tags(table: Table, mentions: Mentions, make: MakeTags, *, by_imports: bool) -> RankedTags:
    """Rank the definitions of a table's files for a chat.

    by_imports  whether references follow the imports of a file, if there are imports at all.
    """
    return RankedTags(_ranked_chunks(table, mentions, make, by_imports=by_imports))


def _ranked_chunks(table: Table, mentions: Mentions, make: MakeTags, *, by_imports: bool) -> Iterator[list[RankedTag]]:
    columns, n_files = table.columns, len(table.rel_fnames)
    if not n_files:
        yield bare_files(table, np.zeros(0), np.zeros(0, np.bool_), np.zeros(0, np.bool_), mentions)
        return
    n_names = max(1, len(columns.names))
    files = np.repeat(np.arange(n_files), np.diff(columns.offsets).astype(np.intp))
    names, is_definition = columns.name_ids.astype(np.intp), columns.roles == ROLE_DEFINITION
    defined = Pairs.of(files[is_definition], names[is_definition], n_names)
    is_reference = columns.roles == ROLE_REFERENCE
    used = Pairs.of(files[is_reference], names[is_reference], n_names)
    if not len(used.files):
        # A repository without any reference: each definition is one.
        used = Pairs(defined.files, defined.names, np.ones(len(defined.files), np.intp))
    in_chat = np.zeros(n_files, np.bool_)
    in_chat[[table.rows_by_fname[fname] for fname in mentions.chat_fnames if fname in table.rows_by_fname]] = True
    imports = _imported_pairs(table, files) if by_imports else None
    edges = _edges(table, mentions, defined, used, in_chat, imports)
    is_node = np.zeros(n_files, np.bool_)
    personalization = _personalization(table, mentions, in_chat)
    for column in (defined.files, used.files, np.flatnonzero(personalization)):
        is_node[column] = True
    scores = page_rank(edges, personalization, is_node)
    file_ids, name_ids = _best(edges, scores, in_chat, n_files, columns.names)
    for start in range(0, len(file_ids), _PAIRS_OF_CHUNK):
        here = slice(start, start + _PAIRS_OF_CHUNK)
        of_pairs = table.definitions_of(file_ids[here].astype(np.uint32), name_ids[here].astype(np.uint32))
        yield [tag for file, rows in zip(file_ids[here].tolist(), of_pairs, strict=True) for tag in make(file, rows)]
    is_listed = np.zeros(n_files, np.bool_)
    is_listed[file_ids] = True
    yield bare_files(table, scores, is_node, is_listed, mentions)


def _personalization(table: Table, mentions: Mentions, in_chat: NDArray[np.bool_]) -> F64:
    """Return where rank comes from: files of the chat, files that are mentioned, and files that a word means."""
    wanted = in_chat.astype(np.float64)
    wanted[[table.rows_by_rel_fname[name] for name in mentions.fnames if name in table.rows_by_rel_fname]] = 1.0
    wanted[list(table.rows_meant_by(mentions.idents))] += 1.0
    return wanted


def _imported_pairs(table: Table, files: Rows) -> Rows | None:
    """Return the pairs of files of which the first imports the second, each as one number; None without imports."""
    columns, n_files = table.columns, len(table.rel_fnames)
    if IMPORT not in columns.kinds:
        return None
    rows = np.flatnonzero((columns.kind_ids == columns.kinds.index(IMPORT)) & (columns.roles == ROLE_REFERENCE))
    if not len(rows):
        return None
    importable = ImportedFiles(table.rel_fnames)
    known: dict[int, set[int]] = {}
    pairs: set[int] = set()
    for file, name_id in zip(files[rows].tolist(), columns.name_ids[rows].tolist(), strict=True):
        if name_id not in known:
            known[name_id] = importable.meant_by([columns.name(name_id)])
        pairs.update(file * n_files + target for target in known[name_id])
    return np.array(sorted(pairs), np.intp)


def _edges(
    table: Table, mentions: Mentions, defined: Pairs, used: Pairs, in_chat: NDArray[np.bool_], imports: Rows | None
) -> Edges:
    n_names, n_files = max(1, len(table.columns.names)), len(table.rel_fnames)
    n_definers = np.bincount(defined.names, minlength=n_names)
    is_linked = n_definers[used.names] > 0
    sources, names, counts = used.files[is_linked], used.names[is_linked], used.counts[is_linked]
    is_own = np.isin(sources * n_names + names, defined.files * n_names + defined.names)
    # From a file that defines the name itself to that file; from others to all definers.
    leads = ~is_own & (n_definers[names] <= _MAX_DEFINERS)
    by_name = np.argsort(defined.names, kind="stable")
    first = np.concatenate(([0], np.cumsum(n_definers)))[names[leads]]
    n_targets = n_definers[names[leads]]
    steps = np.arange(n_targets.sum()) - np.repeat(np.cumsum(n_targets) - n_targets, n_targets)
    far = Edges(
        np.repeat(sources[leads], n_targets),
        defined.files[by_name[np.repeat(first, n_targets) + steps]],
        np.repeat(names[leads], n_targets),
        np.ones(len(steps)),
    )
    suffixes = np.unique([os.path.splitext(rel_fname)[1] for rel_fname in table.rel_fnames], return_inverse=True)[1]
    is_followed = suffixes[far.sources] == suffixes[far.targets]
    if imports is not None:
        is_followed &= np.isin(far.sources * n_files + far.targets, imports)
    far = Edges(far.sources[is_followed], far.targets[is_followed], far.names[is_followed], far.weights[is_followed])
    near = Edges(sources[is_own], sources[is_own], names[is_own], (counts[is_own] * _WITHIN_FILE).astype(np.float64))
    joined = _joined(near, far)
    from_chat = in_chat[joined.sources]
    weights = (
        np.where(from_chat, _FROM_CHAT, joined.weights) * _name_factors(table, mentions, used, n_definers)[joined.names]
    )
    weights *= 0.5 ** np.minimum(_distances(table.rel_fnames, joined.sources, joined.targets), _FAR)
    is_used, is_too_common = np.zeros(n_names, np.bool_), np.zeros(n_names, np.bool_)
    is_used[used.names] = True
    is_too_common[names[~is_own & ~leads]] = True
    alone = (~is_used | is_too_common)[defined.names]
    n_idents = int(np.count_nonzero((n_definers > 0) & is_used))
    return _joined(
        Edges(joined.sources, joined.targets, joined.names, weights),
        Edges(
            defined.files[alone],
            defined.files[alone],
            defined.names[alone],
            np.full(int(alone.sum()), _UNREFERENCED / (n_idents + 1)),
        ),
    )


def _joined(first: Edges, second: Edges) -> Edges:
    return Edges(
        np.concatenate((first.sources, second.sources)),
        np.concatenate((first.targets, second.targets)),
        np.concatenate((first.names, second.names)),
        np.concatenate((first.weights, second.weights)),
    )


def _name_factors(table: Table, mentions: Mentions, used: Pairs, n_definers: Rows) -> F64:
    """Return what a reference to each name counts: by its spelling, its definers, and how often it stands where."""
    columns, n_names = table.columns, len(n_definers)
    n_files = np.bincount(used.names, minlength=n_names).astype(np.float64)
    n_uses = np.bincount(used.names, weights=used.counts, minlength=n_names)
    factors = np.rint(np.log2(n_files * n_uses**2 + 1))
    many = n_definers > _FEW_DEFINERS
    factors[many] *= np.log2(_FEW_DEFINERS / 2.0 ** np.minimum(n_definers[many], _MAX_DEFINERS) + 1)
    for name_id in np.flatnonzero((n_definers > 0) & (n_files > 0)).tolist():
        name = columns.name(name_id)
        if decide_traits(name) & TRAIT_LONG_COMPOUND and "test" not in name.lower():
            factors[name_id] *= _FACTOR
    for name in mentions.idents:
        found = columns.find(name)
        if found is not None:
            factors[found] *= _FACTOR
    return factors


def _distances(rel_fnames: Sequence[str], sources: Rows, targets: Rows) -> F64:
    """Return how many steps lead from file to file in the tree of folders, up and down."""
    parts = [Path(rel_fname).parts for rel_fname in rel_fnames]
    depths = np.array([len(of_file) for of_file in parts])
    distances: F64 = (depths[sources] + depths[targets]).astype(np.float64)
    numbers: dict[tuple[int, str], int] = {}
    # Files whose paths begin with the same parts have the same number so far.
    so_far = np.zeros(len(parts), np.intp)
    alike = np.ones(len(sources), np.bool_)
    for level in range(int(depths.max(initial=0))):
        for file, of_file in enumerate(parts):
            place = (int(so_far[file]), of_file[level]) if level < len(of_file) else (-1, str(file))
            so_far[file] = numbers.setdefault(place, len(numbers) + 1)
        alike &= so_far[sources] == so_far[targets]
        alike &= (depths[sources] > level) & (depths[targets] > level)
        if not alike.any():
            break
        distances[alike] -= 2
    return distances


def page_rank(edges: Edges, personalization: F64, is_node: NDArray[np.bool_]) -> F64:
    """Return the rank of each file; those of the nodes add up to 1. Rank that leads nowhere goes where rank starts."""
    n_nodes, n_files = max(1, int(is_node.sum())), len(is_node)
    start = personalization.copy() if personalization.any() else is_node.astype(np.float64)
    start /= max(start.sum(), np.finfo(np.float64).tiny)
    out = np.bincount(edges.sources, weights=edges.weights, minlength=n_files)
    shares: F64 = edges.weights / out[edges.sources]
    leads_nowhere = is_node & (out == 0)
    scores: F64 = is_node.astype(np.float64) / n_nodes
    for _ in range(_MAX_ITERATIONS):
        flow = np.bincount(edges.targets, weights=scores[edges.sources] * shares, minlength=n_files)
        new: F64 = _DAMPING * (flow + scores[leads_nowhere].sum() * start) + (1 - _DAMPING) * start
        change = np.abs(new - scores).sum()
        scores = new
        if change < n_nodes * _TOLERANCE:
            break
    return scores


def _best(edges: Edges, scores: F64, in_chat: NDArray[np.bool_], n_files: int, names: StringTable) -> tuple[Rows, Rows]:
    """Return the pairs of a file outside the chat and a name, by the rank that references to it bring, best first."""
    out = np.bincount(edges.sources, weights=edges.weights, minlength=n_files)
    brought = scores[edges.sources] * edges.weights / out[edges.sources]
    n_names = max(1, len(names))
    keys, places = np.unique(edges.targets * n_names + edges.names, return_inverse=True)
    ranks = np.bincount(places, weights=brought, minlength=len(keys))
    file_ids, name_ids = keys // n_names, keys % n_names
    shown = ~in_chat[file_ids]
    file_ids, name_ids, ranks = file_ids[shown], name_ids[shown], ranks[shown]
    alphabet = np.zeros(n_names, np.intp)
    used = np.unique(name_ids)
    alphabet[sorted(used.tolist(), key=lambda name_id: names[name_id])] = np.arange(len(used))
    # Of those alike the last in the alphabet comes first.
    order = np.lexsort((-alphabet[name_ids], -file_ids, -ranks))
    return file_ids[order], name_ids[order]
