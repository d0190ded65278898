"""Links, edges of files, answers of ``refs`` and of ``unused`` beside the truth.

    python -m benchmarks.references python:FOLDER:TRUTH.tsv ts:FOLDER:TRUTH.tsv …

``truth`` says what the rows of TRUTH.tsv are. Prints a table; each figure in per cent.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.references.links import Links, find_links
from benchmarks.references.truth import Truth, read_truth

GOALS = {
    "sites": "≥ 97 (ts 95)",
    "links true": "≥ 97",
    "links found": "≥ 96 (c 94, ts 88)",
    "edges true": "≥ 95",
    "edges found": "≥ 95",
    "refs right": "≥ 93",
    "by name": "-",
    "unused right": "≥ 95",
    "unused said": "-",
}


@dataclass
class Figures:
    """What came out for one repository: per cents, in the order of GOALS; and how each way of finding did."""

    name: str
    columns: list[str]
    ways: dict[str, tuple[int, float]]


def measure(name: str, truth: Truth, links: Links) -> Figures:
    """Compare our links with the truth."""
    true, said = Counter[str](), Counter[str]()
    found = set()
    edges = set()
    for place, (how, groups) in links.groups.items():
        if place in truth.at_definitions or not groups or not truth.says(place) or _is_local(truth, place, groups):
            continue
        meant = truth.references.get(place, set())
        right = [group for group in groups if any(truth.definitions.get(line, set()) & meant for line in group)]
        said[how] += len(groups)
        true[how] += len(right)
        if right:
            found.add(place)
        edges |= {(place[0], line[0]) for group in groups for line in group if line[0] != place[0]}
    true_edges = _edges(truth, is_alike=False)
    possible_edges = true_edges | _edges(truth, is_alike=True)
    n_right, n_by_name, n_asked = _answers(truth, links)
    n_unused, n_unused_right = _unused(truth, links)
    references = truth.references
    columns = [
        _per_cent(sum(place in links.groups for place in references), len(references)),
        _per_cent(sum(true.values()), sum(said.values())),
        _per_cent(len(found & references.keys()), len(references)),
        _per_cent(len(edges & possible_edges), len(edges)),
        _per_cent(len(edges & true_edges), len(true_edges)),
        _per_cent(n_right, n_asked),
        _per_cent(n_by_name, n_asked),
        _per_cent(n_unused_right, n_unused),
        str(n_unused),
    ]
    return Figures(name, columns, {how: (said[how], 100 * true[how] / said[how]) for how in said})


def _edges(truth: Truth, *, is_alike: bool) -> set[tuple[str, str]]:
    """Return the pairs of different files, one of which refers to the other, by symbols that are alike or are not."""
    return {
        (place[0], line[0])
        for place, symbols in truth.references.items()
        for symbol in symbols
        if (symbol in truth.alike) == is_alike
        for line in truth.sites[symbol]
        if line[0] != place[0]
    }


def _is_local(truth: Truth, place: tuple[str, int, int], groups: list[set[tuple[str, int, str]]]) -> bool:
    """Return whether a place means what the truth calls a local and we a definition."""
    meant = truth.meant.get(place)
    if not meant or place in truth.references:
        return False
    return any(meant & truth.locals.get(line, set()) for group in groups for line in group)


def _answers(truth: Truth, links: Links) -> tuple[int, int, int]:
    """Return for how many symbols the references are exactly right: ours, by name; and how many were asked for."""
    ours: dict[str, set[tuple[str, int, int]]] = {}
    for place, (_, groups) in links.groups.items():
        if truth.says(place) and place not in truth.at_definitions:
            for group in groups:
                for line in group:
                    for symbol in truth.definitions.get(line, ()):
                        ours.setdefault(symbol, set()).add(place)
    true: dict[str, set[tuple[str, int, int]]] = {}
    for place, symbols in truth.references.items():
        for symbol in symbols:
            true.setdefault(symbol, set()).add(place)
    asked = {symbol: line[2] for line in links.symbols for symbol in truth.definitions.get(line, ()) if symbol in true}
    known = {name: {place for place in places if truth.says(place)} for name, places in links.by_name.items()}
    n_right = sum(ours.get(symbol, set()) == true[symbol] for symbol in asked)
    n_by_name = sum(known.get(name, set()) == true[symbol] for symbol, name in asked.items())
    return n_right, n_by_name, len(asked)


def _unused(truth: Truth, links: Links) -> tuple[int, int]:
    """Return of how many symbols we say that nobody refers to them, and how many of these are right."""
    referred = {symbol for symbols in truth.references.values() for symbol in symbols}
    ours = {
        symbol
        for _, groups in links.groups.values()
        for group in groups
        for line in group
        for symbol in truth.definitions.get(line, ())
    }
    said = {
        symbol
        for line in links.symbols
        for symbol in truth.definitions.get(line, ())
        if symbol not in ours and line[2] not in links.unknown and not _runs_by_itself(line[2])
    }
    return len(said), len(said - referred)


def _runs_by_itself(name: str) -> bool:
    return name.startswith(("__", "test", "Test")) or name in ("main", "init")


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def main(arguments: list[str]) -> None:
    """Measure each repository and print the table."""
    print("| repository |", " | ".join(GOALS), "|")
    print("|", " | ".join("---" for _ in range(len(GOALS) + 1)), "|")
    print("| goal |", " | ".join(GOALS.values()), "|")
    ways = []
    for argument in arguments:
        language, folder, path = argument.split(":")
        truth = read_truth(Path(path), language)
        figures = measure(Path(folder).name, truth, find_links(Path(folder), truth))
        print(f"| {figures.name} |", " | ".join(figures.columns), "|", flush=True)
        ways.append(figures)
    for figures in ways:
        counts = ", ".join(f"{how} {count:,} links, {share:.1f} % true" for how, (count, share) in figures.ways.items())
        print(f"\n{figures.name}: {counts}")


if __name__ == "__main__":
    main(sys.argv[1:])
