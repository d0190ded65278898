"""The scopes of a file, as a ``TreeContext`` asks for them: those around a row, and the largest below one."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from repomap_fast.drawing.outline import NodeRows


class Scopes:
    """The rows on which nodes start, and how far these go; and which of them a ``TreeContext`` has shown.

    A row lies in a scope from its first row to the last row of the longest node that starts there. Without that last
    row scopes lie within each other, or apart: each has at most one parent.

    starts     first rows, rising.
    head_ends  the row behind the head of each.
    """

    def __init__(self, nodes: NodeRows, header_max: int) -> None:
        self._nodes = nodes
        first_nodes = np.flatnonzero(np.diff(nodes.rows, prepend=nodes.rows[0] + 1))
        starts = nodes.rows[first_nodes].astype(np.int64)
        sizes = (nodes.end_rows - nodes.rows).astype(np.int64)
        is_long = sizes > 0
        smallest = np.minimum.reduceat(np.where(is_long, sizes, np.iinfo(np.int64).max), first_nodes)
        n_long = np.add.reduceat(is_long.astype(np.int64), first_nodes)
        self.starts: list[int] = starts.tolist()
        self.head_ends: list[int] = (starts + np.where(n_long > 1, np.minimum(smallest, header_max), 1)).tolist()
        self._last_rows: list[int] = np.maximum.reduceat(nodes.end_rows, first_nodes).tolist()
        self._first_nodes: list[int] = first_nodes.tolist()
        self.begin()

    def begin(self) -> None:
        """Forget what was shown."""
        self._shown: set[int] = set()
        self._finished: list[tuple[int, int]] = []

    def starts_on(self, row: int) -> bool:
        """Return whether a node starts on a row."""
        return self._scope(row) is not None

    def last_row(self, row: int) -> int:
        """Return the last row of the scope that starts on a row."""
        return self._last_rows[bisect_left(self.starts, row)]

    def new_around(self, row: int) -> Iterator[tuple[int, int, int]]:
        """Yield the first row, the row behind the head, and the last row of each scope around a row, once for all."""
        scope: int | None = bisect_right(self.starts, row) - 1
        # All scopes around one that was shown were shown with it.
        while scope is not None and scope >= 0 and scope not in self._shown:
            if self._last_rows[scope] > row:
                yield self._show(scope)
            scope = self._parents[scope]
        for scope in self._ending_on.get(row, ()):
            if scope not in self._shown:
                yield self._show(scope)

    def _show(self, scope: int) -> tuple[int, int, int]:
        self._shown.add(scope)
        return self.starts[scope], self.head_ends[scope], self._last_rows[scope]

    def largest_below(self, row: int) -> Iterator[int]:
        """Yield the first row of each node that starts on a row, and of each below one, largest first.

        Of two that are alike the first in the text comes first. No node is larger than the one that it is in, so that
        each is looked at only after that one.
        """
        rows, end_rows, stops = self._lists
        scope = self._scope(row)
        if scope is None or self._is_finished(scope):
            return
        node = self._first_nodes[scope]
        waiting: list[tuple[int, int]] = []
        while node < len(rows) and rows[node] == row:
            waiting.append((row - end_rows[node], node))
            node = stops[node]
        heapq.heapify(waiting)
        while waiting:
            _, node = heapq.heappop(waiting)
            yield rows[node]
            child, stop = node + 1, stops[node]
            while child < stop:
                heapq.heappush(waiting, (rows[child] - end_rows[child], child))
                child = stops[child]

    def finish(self, row: int) -> None:
        """Note that all below a row were shown: nothing below one of them can be new."""
        scope = self._scope(row)
        if scope is not None and not self._is_finished(scope):
            self._finished.append(self._bounds(scope))
            self._finished.sort()

    def _is_finished(self, scope: int) -> bool:
        first, stop = self._bounds(scope)
        place = bisect_right(self._finished, (first, len(self._lists[0]) + 1)) - 1
        return place >= 0 and stop <= self._finished[place][1]

    def _bounds(self, scope: int) -> tuple[int, int]:
        """Return the first node that starts on the scope's first row, and the one behind all below such a node."""
        rows, _, stops = self._lists
        first = stop = self._first_nodes[scope]
        while stop < len(rows) and rows[stop] == self.starts[scope]:
            stop = stops[stop]
        return first, stop

    def _scope(self, row: int) -> int | None:
        place = bisect_left(self.starts, row)
        return place if place < len(self.starts) and self.starts[place] == row else None

    @cached_property
    def _parents(self) -> list[int | None]:
        """For each scope the nearest one around it that goes on behind its first row."""
        parents: list[int | None] = []
        around: list[int] = []
        for scope, start in enumerate(self.starts):
            while around and self._last_rows[around[-1]] <= start:
                around.pop()
            parents.append(around[-1] if around else None)
            around.append(scope)
        return parents

    @cached_property
    def _ending_on(self) -> dict[int, list[int]]:
        """The scopes by their last row."""
        scopes: dict[int, list[int]] = {}
        for scope, last_row in enumerate(self._last_rows):
            scopes.setdefault(last_row, []).append(scope)
        return scopes

    @cached_property
    def _lists(self) -> tuple[list[int], list[int], list[int]]:
        nodes = self._nodes
        return nodes.rows.tolist(), nodes.end_rows.tolist(), nodes.stops.tolist()

    def sets(self, n_rows: int) -> list[set[int]]:
        """Return for each row the first rows of the scopes around it."""
        around: list[set[int]] = [set() for _ in range(n_rows)]
        for start, last_row in zip(self.starts, self._last_rows, strict=True):
            for row in range(start, last_row + 1):
                around[row].add(start)
        return around
