"""Figures of answers: how often all that a fix changed stands within the first k, and what maps show of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.localisation.instances import Instance

FILES_AT = (1, 3, 5, 10, 20)
FUNCTIONS_AT = (1, 5, 10, 20, 50)
N_KEPT = 200
"""Places of a ranking that a file of results keeps; what stands below counts as not found."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How one contender did on one instance.

    files, functions  the places of the gold ones, from 0, or None where it is not found.
    shown_files, shown_functions  by budget, the share of the gold ones that the map shows.
    """

    instance_id: str
    files: tuple[int | None, ...]
    functions: tuple[int | None, ...]
    shown_files: dict[int, float]
    shown_functions: dict[int, float]


def mark(instance: Instance, record: Mapping[str, Any]) -> Mark:
    """Compare a record of the results with what the fix changed."""
    return Mark(
        instance.instance_id,
        _places(instance.gold_files, record["files"]),
        _places(instance.gold_functions, record["functions"]),
        {int(budget): _share(instance.gold_files, found) for budget, found in record["shown_files"].items()},
        {int(budget): _share(instance.gold_functions, found) for budget, found in record["shown_functions"].items()}
        if instance.gold_functions
        else {},
    )


def _places(gold: Sequence[str], ranking: Sequence[str]) -> tuple[int | None, ...]:
    places = {key: place for place, key in reversed(list(enumerate(ranking)))}
    return tuple(places.get(key) for key in gold)


def _share(gold: Sequence[str], found: Sequence[str]) -> float:
    return len(set(gold) & set(found)) / len(set(gold))


def within(places: Sequence[int | None], k: int) -> bool:
    """Tell whether all places are among the first k."""
    return all(place is not None and place < k for place in places)


def accuracy(rows: Sequence[Sequence[int | None]], k: int) -> float:
    """Return the share in percent of rows whose places are all among the first k; rows without a place do not count."""
    counted = [within(places, k) for places in rows if places]
    return 100 * sum(counted) / len(counted) if counted else math.nan


def mean_reciprocal_rank(rows: Sequence[Sequence[int | None]]) -> float:
    """Return the mean in percent of 1 / place, places from 1, of the best place of each row; 0 where none is found."""
    best = [min((place for place in places if place is not None), default=None) for places in rows if places]
    return 100 * sum(0 if place is None else 1 / (place + 1) for place in best) / len(best) if best else math.nan


def tables(instances: Sequence[Instance], marks: Mapping[str, Mapping[str, Mark]]) -> str:
    """Return the tables of some instances in Markdown.

    marks  by contender, then by instance. A contender is compared on the instances that all of them have.
    """
    common = [i.instance_id for i in instances if all(i.instance_id in of_one for of_one in marks.values())]
    rows = {name: [of_one[key] for key in common] for name, of_one in marks.items()}
    lines = _table(
        f"files, % of {len(common)}",
        [*(f"@{k}" for k in FILES_AT), "MRR"],
        rows,
        _files_found,
    )
    of_one_file = {name: [m for m in own if len(m.files) == 1] for name, own in rows.items()}
    n_of_one_file = len(next(iter(of_one_file.values()), []))
    if 0 < n_of_one_file < len(common):
        heads = [*(f"@{k}" for k in FILES_AT), "MRR"]
        lines += _table(f"files, % of {n_of_one_file} whose fix changes one file", heads, of_one_file, _files_found)
    functions = {name: [m for m in own if m.functions] for name, own in rows.items() if any(map(any_found, own))}
    n_functions = len(next(iter(functions.values()), []))
    lines += _table(
        f"functions, % of {n_functions}",
        [f"@{k}" for k in FUNCTIONS_AT],
        functions,
        lambda own: [accuracy([m.functions for m in own], k) for k in FUNCTIONS_AT],
    )
    budgets = sorted({budget for own in rows.values() for m in own for budget in m.shown_files})
    for title, field in (("gold files shown, %", "shown_files"), ("gold functions shown, %", "shown_functions")):
        drawn = {name: [m for m in own if getattr(m, field)] for name, own in rows.items()}
        lines += _table(
            title,
            [f"{budget:,}" for budget in budgets],
            {name: own for name, own in drawn.items() if own},
            lambda own, field=field: [
                100 * sum(getattr(m, field)[budget] for m in own) / len(own) for budget in budgets
            ],
        )
    return "\n".join(lines)


def _files_found(own: Sequence[Mark]) -> list[float]:
    rows = [mark.files for mark in own]
    return [*(accuracy(rows, k) for k in FILES_AT), mean_reciprocal_rank(rows)]


def any_found(mark: Mark) -> bool:
    """Tell whether a contender found any gold function: one that ranks files alone never does."""
    return any(place is not None for place in mark.functions)


def _table(
    title: str,
    heads: Sequence[str],
    rows: Mapping[str, Sequence[Mark]],
    figures: Callable[[Sequence[Mark]], list[float]],
) -> list[str]:
    if not rows or not heads:
        return []
    lines = [f"| {title} | " + " | ".join(heads) + " |", "|---|" + "---|" * len(heads)]
    for name, own in rows.items():
        lines.append(f"| {name} | " + " | ".join(f"{value:.1f}" for value in figures(own)) + " |")
    return [*lines, ""]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contenders on the same instances.

    wins, losses  instances on which the first alone, or the second alone, has all within the first k.
    p             how probable so uneven a split is if both are alike: the exact sign test, both sides.
    """

    wins: int
    losses: int
    p: float


def compare(first: Sequence[bool], second: Sequence[bool]) -> Comparison:
    """Compare success and failure pair by pair."""
    wins = sum(a and not b for a, b in zip(first, second, strict=True))
    losses = sum(b and not a for a, b in zip(first, second, strict=True))
    n = wins + losses
    tail = sum(math.comb(n, i) for i in range(min(wins, losses) + 1)) / 2**n
    return Comparison(wins, losses, min(1.0, 2 * tail))


def comparison_table(
    instances: Sequence[Instance], first: Mapping[str, Mark], second: Mapping[str, Mark], names: tuple[str, str]
) -> str:
    """Return a table of wins and losses of one contender against another, in Markdown."""
    common = [i.instance_id for i in instances if i.instance_id in first and i.instance_id in second]
    lines = [f"| {names[0]} against {names[1]} | wins | losses | p |", "|---|---|---|---|"]
    for what, field, ks in (("files", "files", FILES_AT), ("functions", "functions", FUNCTIONS_AT)):
        asked = [key for key in common if getattr(first[key], field)]
        for k in ks:
            found = compare(*([within(getattr(marks[key], field), k) for key in asked] for marks in (first, second)))
            lines.append(f"| {what} @{k} | {found.wins} | {found.losses} | {found.p:.3f} |")
    return "\n".join(lines) + "\n"
