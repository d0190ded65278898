"""The slow twin of ranking: every edge in networkx's MultiDiGraph, one by one, by aider's published rules.

The square root of a count is taken once; aider takes it again for each further definer of a name.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

import networkx

LONG = 8


def factor_of(name: str, n_definers: int, mentioned: Collection[str]) -> float:
    """Return what a reference to the name counts."""
    factor = 1.0
    has_letter = any(character.isalpha() for character in name)
    is_camel = any(character.isupper() for character in name) and any(character.islower() for character in name)
    is_compound = is_camel or (has_letter and ("_" in name or "-" in name))
    if name in mentioned:
        factor *= 10
    if is_compound and len(name) >= LONG:
        factor *= 10
    if name.startswith("_"):
        factor *= 0.1
    if n_definers > 5:
        factor *= 0.1
    return factor


def edges_of(
    files: Mapping[str, Sequence[tuple[str, str]]], focus: Collection[str] = (), mentioned: Collection[str] = ()
) -> networkx.MultiDiGraph:
    """Return the graph of files, each given by the (role, name) of its tags."""
    definers: dict[str, set[str]] = defaultdict(set)
    references: dict[str, list[str]] = defaultdict(list)
    for path, tags in files.items():
        for role, name in tags:
            if role == "definition":
                definers[name].add(path)
            else:
                references[name].append(path)
    if not references:
        references = defaultdict(list, {name: sorted(paths) for name, paths in definers.items()})
    graph = networkx.MultiDiGraph()
    for name in sorted(definers):
        if name not in references:
            for definer in sorted(definers[name]):
                graph.add_edge(definer, definer, weight=0.1, name=name)
            continue
        factor = factor_of(name, len(definers[name]), mentioned)
        for referencer, count in sorted(Counter(references[name]).items()):
            weight = factor * (50 if referencer in focus else 1) * math.sqrt(count)
            for definer in sorted(definers[name]):
                graph.add_edge(referencer, definer, weight=weight, name=name)
    return graph


def rank_files(graph: networkx.MultiDiGraph, personalization: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return networkx's PageRank, without personalization where it falls on no file of the graph."""
    if not len(graph):
        return {}
    if personalization and sum(personalization.get(path, 0) for path in graph):
        return dict(networkx.pagerank(graph, personalization=personalization, dangling=personalization))
    return dict(networkx.pagerank(graph))


def rank_definitions(graph: networkx.MultiDiGraph, ranks: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Return the score of each file and name that it defines: the shares of rank that come to it for the name."""
    scores: dict[tuple[str, str], float] = defaultdict(float)
    for source in graph:
        edges = list(graph.out_edges(source, data=True))
        total = sum(edge["weight"] for _, _, edge in edges)
        for _, target, edge in edges:
            scores[target, edge["name"]] += ranks[source] * edge["weight"] / total
    return scores
