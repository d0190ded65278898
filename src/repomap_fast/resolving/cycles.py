"""Finds cycles in a directed graph: groups of nodes that all reach each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def find_cycles(edges: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Return the strongly connected components of more than one node, each rising, the largest first.

    edges  for each node the nodes that it leads to; an edge from a node to itself says nothing.

    Tarjan's algorithm (R. Tarjan, "Depth-first search and linear graph algorithms", 1972), without recursion: its time
    is linear in nodes and edges.
    """
    numbers: dict[int, int] = {}
    lowest: dict[int, int] = {}
    waiting: list[int] = []
    is_waiting: set[int] = set()
    found: list[list[int]] = []
    for start in sorted(edges):
        if start in numbers:
            continue
        path = [(start, iter(edges[start]))]
        numbers[start] = lowest[start] = len(numbers)
        waiting.append(start)
        is_waiting.add(start)
        while path:
            node, rest = path[-1]
            for other in rest:
                if other not in numbers:
                    numbers[other] = lowest[other] = len(numbers)
                    waiting.append(other)
                    is_waiting.add(other)
                    path.append((other, iter(edges.get(other, ()))))
                    break
                if other in is_waiting:
                    lowest[node] = min(lowest[node], numbers[other])
            else:
                path.pop()
                if path:
                    outer = path[-1][0]
                    lowest[outer] = min(lowest[outer], lowest[node])
                if lowest[node] == numbers[node]:
                    component: list[int] = []
                    while not component or component[-1] != node:
                        component.append(waiting.pop())
                        is_waiting.discard(component[-1])
                    if len(component) > 1:
                        found.append(sorted(component))
    return sorted(found, key=lambda component: (-len(component), component))


def shortest_cycle(edges: Mapping[int, Sequence[int]], component: Sequence[int]) -> list[int]:
    """Return the nodes of a shortest cycle through the first node of a component, that node first."""
    start, within = component[0], set(component)
    before: dict[int, int] = {}
    layer = [start]
    while layer:
        following = []
        for node in layer:
            for other in edges.get(node, ()):
                if other == start and node != start:
                    cycle = [node]
                    while cycle[-1] != start:
                        cycle.append(before[cycle[-1]])
                    return cycle[::-1]
                if other in within and other not in before and other != start:
                    before[other] = node
                    following.append(other)
        layer = following
    return [start]
