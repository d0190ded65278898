"""Search: the tags whose names are like a word, the best first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from repomap_fast.argument_types import text
from repomap_fast.arrays import are_among
from repomap_fast.errors import OptionError
from repomap_fast.joining.sparse_tags import all_names_of
from repomap_fast.joining.unread import unread_with
from repomap_fast.paths import encoded
from repomap_fast.ranking.definition_order import is_remote, ranks_of_tags
from repomap_fast.ranking.similar_names import Likeness, match_names
from repomap_fast.screens import Screen
from repomap_fast.tables import I64, ROLE_REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult, Tag
    from repomap_fast.joining.sparse_tags import SparseColumn

_CHUNK_TAGS = 1 << 20
"""Tags that are searched at a time."""
_MANY_TAGS = 20_000
"""Tags that are found for which the whole table is loaded: to read a row of each column takes longer then."""
COUNTED_BY_RULES, COUNTED_BY_NAME, COUNTED_BY_TAGS = "rules", "name", "tags"


@dataclass(frozen=True, slots=True)
class Found:
    """A tag that was found.

    likeness      of its name to the word: ``exact``, ``case``, ``prefix``, ``substring`` or ``fuzzy``.
    n_references  number of references to this definition, uses as values included; where they are counted by name, to
                  anything of that name.
    n_unresolved  sites of that name that may be more references to it, but are not resolved.
    counted_by    ``rules`` that resolve references, or ``name``; ``tags``: by name without uses as values.
    """

    tag: Tag
    likeness: str
    n_references: int
    n_unresolved: int = 0
    counted_by: str = COUNTED_BY_NAME

    @property
    def text(self) -> str:
        """Where it is, what it is, and how often it is referred to, in one line."""
        tag = self.tag
        lines = f"{tag.line}-{tag.end_line}" if tag.end_line not in (None, tag.line) else f"{tag.line}"
        name = f"{tag.scope}.{tag.name}" if tag.scope else tag.name
        if tag.role != "definition":
            return f"{tag.path}:{lines} {tag.kind} (reference) {name}"
        noun = "reference" if self.n_references == 1 else "references"
        return f"{tag.path}:{lines} {tag.kind} {name}, {self.n_references:,} {noun}{how_counted(self)}"


@dataclass(frozen=True, slots=True, repr=False)
class SearchResult(Screen):
    """What a search found.

    word           the word that was searched for.
    found          the first tags, ordered by: definitions before references; likeness; types before functions, and
                   functions before fields and variables; number of references to the name; code before tests and
                   vendored code; length of the name; of one name, number of references to the definition itself where
                   all are counted by rules; path and line.
    n_definitions  number of definitions in all.
    n_references   number of references, if they were searched for.
    notes          sentences for the user: where nothing was found, which files were not read whole.
    n_left_out     number of tags with such names that are of another kind, path or scope, where nothing was found.
    """

    word: str
    found: tuple[Found, ...]
    n_definitions: int
    n_references: int
    notes: tuple[str, ...] = ()
    n_left_out: int = 0

    @property
    def text(self) -> str:
        """All of it as text, one tag a line."""
        more = self.n_definitions + self.n_references - len(self.found)
        lines = [one.text for one in self.found] or [self.nothing]
        return "".join(f"{line}\n" for line in (*lines, *([f"… and {more:,} more"] if more else [])))

    @property
    def nothing(self) -> str:
        """What is said where nothing was found."""
        if not self.n_left_out:
            return f"nothing here has a name like {self.word!r}"
        tags = "tag has" if self.n_left_out == 1 else "tags have"
        others = f"{self.n_left_out:,} {tags} such a name, but not that kind, path or scope"
        return f"nothing that is wanted has a name like {self.word!r}; {others}"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class SearchTotals:
    """What a search would find in all files, where only some of them were read.

    n_definitions  that are wanted.
    n_references   to each of the names.
    """

    n_definitions: int
    n_references: Mapping[bytes, int]


RowFilter: TypeAlias = "Callable[[I64], NDArray[np.bool_]]"
"""Returns of rows of the table of tags which are wanted."""
RowCounter: TypeAlias = "Callable[[I64], Mapping[int, tuple[int, int]]]"
"""Takes rows of definitions; gives for some of them the number of references and of unresolved sites."""

NameCounter: TypeAlias = "Callable[[list[bytes]], list[int]]"
"""Returns how often names, of which none stands twice, are used as values."""


def how_counted(found: Found) -> str:
    """Return what is to be said of a number of references: that it is by name, or how many sites are not resolved."""
    if found.counted_by != COUNTED_BY_RULES:
        return " by name" if found.counted_by == COUNTED_BY_NAME else " by name, uses as values left out"
    return f", {found.n_unresolved:,} unresolved" if found.n_unresolved else ""


def search_tags(
    result: ScanResult,
    word: str,
    *,
    loosest: str = "fuzzy",
    limit: int = 0,
    references: bool = False,
    is_wanted: RowFilter | None = None,
    totals: SearchTotals | None = None,
    count_uses: RowCounter | None = None,
    count_named: NameCounter | None = None,
) -> SearchResult:
    """Return the definitions of the names that are like ``word``, the best first.

    loosest     label of the loosest likeness that counts.
    limit       most tags that are returned; 0 for all.
    references  return references too, after the definitions. They are also returned if there is no definition.
    is_wanted   says which tags may be returned; all if None.
    totals      of a scan that has only the best definitions.
    count_uses  counts the references to the definitions that are returned; None to count by name.
    count_named  counts how often files use names as values; None for what the result says. With ``totals`` none are.

    Raises OptionError, IndexDamagedError.
    """
    labels = [likeness.label for likeness in Likeness]
    loosest_likeness = likeness_called(loosest)
    if limit < 0:
        raise OptionError(f"limit is {limit}; expected 0 or more")
    table = result.sparse_tags
    all_names = all_names_of(table)
    matches = match_names(all_names, encoded(word), loosest=loosest_likeness)
    match_ids: NDArray[np.int32] = np.full(len(all_names), -1, np.int32)
    match_ids[matches.name_ids] = np.arange(len(matches), dtype=np.int32)
    rows = _find_tags(table.name_ids, match_ids) if len(matches) else np.empty(0, np.int64)
    row_matches, roles = match_ids[table.name_ids[rows]], table.roles[rows]
    is_reference = roles == ROLE_REFERENCE
    n_references = np.bincount(row_matches[is_reference], minlength=len(matches))
    if totals is not None:
        names = (all_names[name_id] for name_id in matches.name_ids.tolist())
        n_references = np.array([totals.n_references.get(name, 0) for name in names], np.int64)
    n_like = int(np.count_nonzero(~is_reference)) or len(rows)
    if is_wanted is not None:
        is_kept = is_wanted(rows)
        rows, row_matches = rows[is_kept], row_matches[is_kept]
        roles, is_reference = roles[is_kept], is_reference[is_kept]
    n_definitions = len(rows) - int(np.count_nonzero(is_reference))
    if n_definitions and not references:
        rows, row_matches, roles = (column[~is_reference] for column in (rows, row_matches, roles))
    ranks, are_remote = ranks_of_tags(result, rows), is_remote(result, rows)
    order = np.lexsort(
        (
            rows,
            np.diff(all_names.offsets)[matches.name_ids][row_matches],
            are_remote,
            -n_references[row_matches],
            ranks,
            matches.edits[row_matches],
            matches.likenesses[row_matches],
            roles,
        )
    )
    n_found, runs = limit or len(order), _runs(order, row_matches, ranks, are_remote, roles)
    # Which of a run are found depends on the counts of all of it.
    asked = order[: runs[np.searchsorted(runs, n_found)] if n_found < len(order) else len(order)]
    counts = {} if count_uses is None else count_uses(rows[asked][roles[asked] != ROLE_REFERENCE])
    best = _by_own_counts(order, rows, runs, counts)[:n_found]
    best_rows = rows[best]
    if len(best) > _MANY_TAGS:
        table = result.tag_table
    # In the order of the table, so that what lies together is read once.
    tags = {row: result.tag(row) for row in np.sort(best_rows).tolist()}
    found = [
        Found(tags[row], labels[matches.likenesses[match]], int(n_references[match]))
        for row, match in zip(best_rows.tolist(), row_matches[best].tolist(), strict=True)
    ]
    # All uses of a large repository take longer than the rest of a search.
    is_counted = totals is None
    by_name = [row for row in best_rows.tolist() if row not in counts and is_counted]
    n_uses = _n_uses(result, by_name, count_named)
    if not is_counted:
        found = [replace(one, counted_by=COUNTED_BY_TAGS) for one in found]
    found = [
        _counted(one, counts.get(row), n_uses.get(name_id, 0))
        for one, row, name_id in zip(found, best_rows.tolist(), table.name_ids[best_rows].tolist(), strict=True)
    ]
    return SearchResult(
        word=word,
        found=tuple(found),
        n_definitions=n_definitions if totals is None else totals.n_definitions,
        n_references=len(rows) - n_definitions,
        notes=() if found else tuple(filter(None, [unread_with(result, word)])),
        n_left_out=0 if found else n_like,
    )


def _runs(order: NDArray[np.intp], *columns: NDArray[np.generic]) -> NDArray[np.intp]:
    """Return where the runs of an order begin in which all columns stay the same, and its length: rising."""
    is_new = np.zeros(len(order), np.bool_)
    is_new[:1] = True
    for column in columns:
        ordered = column[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    return np.append(np.flatnonzero(is_new), len(order))


def _by_own_counts(
    order: NDArray[np.intp], rows: I64, runs: NDArray[np.intp], counts: Mapping[int, tuple[int, int]]
) -> NDArray[np.intp]:
    """Return an order with the definitions of each run, which have one name, by the references to each itself.

    A run of which not all are counted stays as it is.
    """
    if not counts:
        return order
    starts, stops = runs[:-1], runs[1:]
    is_counted = are_among(rows[order], np.array([*counts], np.int64))
    is_whole = np.logical_and.reduceat(is_counted, starts) & (stops - starts > 1)
    ordered = order.copy()
    for start, stop in zip(starts[is_whole].tolist(), stops[is_whole].tolist(), strict=True):
        own = np.array([counts[row][0] for row in rows[order[start:stop]].tolist()], np.int64)
        ordered[start:stop] = order[start:stop][np.argsort(-own, kind="stable")]
    return ordered


def _n_uses(result: ScanResult, rows: list[int], count: NameCounter | None) -> dict[int, int]:
    """Return how often the names of some tags are used as values, by the numbers of the names."""
    table = result.sparse_tags
    names = {name_id: table.names[name_id] for name_id in table.name_ids[rows].tolist()} if rows else {}
    return dict(zip(names, (count or result.uses.counts)([*names.values()]), strict=True)) if names else {}


def _counted(found: Found, count: tuple[int, int] | None, n_uses: int) -> Found:
    if count is None:
        return replace(found, n_references=found.n_references + n_uses) if n_uses else found
    n_references, n_unresolved = count
    return replace(found, n_references=n_references, n_unresolved=n_unresolved, counted_by=COUNTED_BY_RULES)


def likeness_called(label: str) -> Likeness:
    """Return the likeness of that label. Raises OptionError."""
    labels = [likeness.label for likeness in Likeness]
    if text("loosest", label) not in labels:
        raise OptionError(f"loosest is {label!r}; expected {', '.join(labels[:-1])} or {labels[-1]}")
    return Likeness(labels.index(label))


def _find_tags(name_ids: NDArray[np.uint32] | SparseColumn, match_ids: NDArray[np.int32]) -> I64:
    """Return the rows of the tags whose names match, sorted."""
    starts = range(0, len(name_ids), _CHUNK_TAGS)
    found = [np.flatnonzero(match_ids[name_ids[start : start + _CHUNK_TAGS]] >= 0) + start for start in starts]
    return np.concatenate(found) if found else np.empty(0, np.int64)
