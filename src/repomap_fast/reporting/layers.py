"""Places the nodes of a directed graph in layers, so that most edges lead from one layer to a later one.

The method is K. Sugiyama's ("Methods for Visual Understanding of Hierarchical System Structures", 1981): edges that
close a cycle are set aside (the heuristic of P. Eades, X. Lin and W. Smyth, 1993), a node comes after all that lead to
it, and within a layer nodes are ordered by the mean place of their neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

_SWEEPS = 6


def arrange(n: int, weights: Mapping[tuple[int, int], int]) -> list[list[int]]:
    """Return the nodes 0 to n - 1 in layers; the time is of order n² and linear in the edges.

    weights  of each edge, above 0; none leads from a node to itself.
    """
    place = {node: i for i, node in enumerate(_sequence(n, weights))}
    before: list[list[int]] = [[] for _ in range(n)]
    near: list[list[int]] = [[] for _ in range(n)]
    for source, target in weights:
        near[source].append(target)
        near[target].append(source)
        if place[source] < place[target]:
            before[target].append(source)
    layer_of = [0] * n
    for node in sorted(range(n), key=place.__getitem__):
        layer_of[node] = max((layer_of[other] + 1 for other in before[node]), default=0)
    layers: list[list[int]] = [[] for _ in range(max(layer_of, default=-1) + 1)]
    for node in sorted(range(n), key=place.__getitem__):
        layers[layer_of[node]].append(node)
    for sweep in range(_SWEEPS):
        _sort_by_neighbours(layers, near, is_backwards=bool(sweep % 2))
    return layers


def _sequence(n: int, weights: Mapping[tuple[int, int], int]) -> list[int]:
    """Return the nodes in an order in which edges of little weight lead backwards."""
    out, into = [0] * n, [0] * n
    leaving: list[list[int]] = [[] for _ in range(n)]
    entering: list[list[int]] = [[] for _ in range(n)]
    for (source, target), weight in weights.items():
        out[source] += weight
        into[target] += weight
        leaving[source].append(target)
        entering[target].append(source)
    first: list[int] = []
    last: list[int] = []
    rest = dict.fromkeys(range(n))
    while rest:
        node = next((one for one in rest if not out[one]), None)
        is_last = node is not None
        if node is None:
            node = next((one for one in rest if not into[one]), None)
        if node is None:
            node = max(rest, key=lambda one: (out[one] - into[one], -one))
        (last if is_last else first).append(node)
        del rest[node]
        for other in leaving[node]:
            into[other] -= weights[node, other]
        for other in entering[node]:
            out[other] -= weights[other, node]
    return first + last[::-1]


def _sort_by_neighbours(layers: list[list[int]], near: list[list[int]], *, is_backwards: bool) -> None:
    height = {node: (i + 0.5) / len(layer) for layer in layers for i, node in enumerate(layer)}
    for layer in reversed(layers) if is_backwards else layers:
        wanted = {
            node: sum(height[other] for other in near[node]) / len(near[node]) if near[node] else height[node]
            for node in layer
        }
        layer.sort(key=lambda node: (wanted[node], node))
        for i, node in enumerate(layer):
            height[node] = (i + 0.5) / len(layer)
