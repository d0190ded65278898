"""How many of the ranked definitions fit into a token budget.

A map's text is made of one part for each file, and a definition more changes the part of its own file alone. So the
tokens of a map are the sum of its parts' tokens, as far as the counter adds up, and what has been counted once is not
rendered again. The search goes by what the definitions so far have cost, and needs three or four steps where halving
needs ten; each of them renders only the files that differ from the step before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from repomap_fast.drawing.largest_prefix import largest_prefix
from repomap_fast.drawing.tokens import Counter
from repomap_fast.tables import I64, U32

NO_ROW = -1
"""As an entry's row: the file is to be shown by its path alone."""

LEAST = 0.9
"""Share of the budget below which definitions are passed over that do not fit, for others behind them that do."""
_FIRST_GUESS_TOKENS = 80
"""Tokens of a definition before any has been counted: more than most have, so that no file is parsed in vain."""
_LEAST_TOKENS = 3
"""No line of a map has fewer on average: what is further behind in the ranking than that cannot fit."""
_MAX_PASSED_OVER = 48
"""Definitions that are tried behind the first one that does not fit."""
_FILL_BATCH = 4
"""Files that are prepared together while definitions are passed over."""
_MAX_CORRECTIONS = 8
"""How often the search is run again where the counter does not add up."""


class Parts(Protocol):
    """What the parts of a map are made by."""

    def prepare(self, file_ids: Collection[int]) -> None:
        """Get ready what rendering lines of these files will need, all at once: they are about to be asked for."""
        ...

    def part(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file for these rows, which rise; without any, for its path alone."""
        ...

    def least(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return about the least that the part will be, without what is costly to find out."""
        ...

    def join(self, parts: Mapping[int, str]) -> str:
        """Return the text of a map from the parts of its files."""
        ...

    def nothing(self) -> str:
        """Return the text of a map into which nothing fits."""
        ...


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits.

    entries  positions in the ranking of what is shown, rising; a prefix of it, but where definitions that do not fit
             were passed over.
    rows     of each file that is shown its rows of interest, rising; none for a file that is shown by its path.
    text     the map.
    tokens   of the whole text, as the counter says.
    """

    entries: tuple[int, ...]
    rows: Mapping[int, tuple[int, ...]]
    text: str
    tokens: int


def choose(file_ids: U32, rows: I64, parts: Parts, *, budget: int, count: Counter) -> Fit:
    """Return as much from the front of a ranking as fits into ``budget`` tokens, never more.

    file_ids  (n,) uint32: the files of the entries, best first; the text has them in the order that ``parts.join``
              gives them.
    rows      (n,) int64: the row of each definition, or NO_ROW.

    At least nine tenths of the budget are used where there is matter enough: entries that are too large for what is
    left are then passed over. Where nothing fits, the text is ``parts.nothing()``, whatever its tokens are.
    """
    n = min(len(file_ids), max(0, budget) // _LEAST_TOKENS + _MAX_PASSED_OVER)
    search = _Search(file_ids[:n], rows[:n], parts, count)
    frame = count(parts.join({}))
    limit = budget - frame
    best: Fit | None = None
    for _ in range(_MAX_CORRECTIONS):
        chosen, cost = search.entries_within(limit)
        if not chosen:
            break
        fit = search.fit(chosen)
        # Where the counter does not add up, the parts may have less together, or more, by as much as it is out.
        if fit.tokens > budget:
            limit -= fit.tokens - budget
            continue
        if best is None or fit.tokens > best.tokens:
            best = fit
        unused = frame + cost - fit.tokens
        if fit.tokens >= LEAST * budget or len(chosen) == n or unused <= 0:
            break
        limit += unused
    if best is None:
        nothing = parts.nothing()
        return Fit((), {}, nothing, count(nothing) if nothing else 0)
    return best


class _Search:
    """The entries that fit, and what has been counted on the way to them."""

    def __init__(self, file_ids: U32, rows: I64, parts: Parts, count: Counter) -> None:
        self._file_ids = file_ids
        self._rows = rows
        self._parts = parts
        self._count = count
        self._texts: dict[tuple[int, tuple[int, ...]], tuple[str, int]] = {}
        # The prefix whose cost is known, and of each of its files the entries in it.
        self._n = 0
        self._cost = 0
        self._entries: dict[int, list[int]] = {}

    def fit(self, chosen: Sequence[int]) -> Fit:
        """Return the map of these entries."""
        entries: dict[int, list[int]] = {}
        for entry in chosen:
            entries.setdefault(int(self._file_ids[entry]), []).append(entry)
        rows = {file_id: self._rows_of(of_file) for file_id, of_file in sorted(entries.items())}
        text = self._parts.join({file_id: self._part(file_id, of_file)[0] for file_id, of_file in rows.items()})
        return Fit(tuple(chosen), rows, text, self._count(text))

    def entries_within(self, limit: int) -> tuple[list[int], int]:
        """Return entries whose parts have at most ``limit`` tokens together, and how many these have."""
        first_guess = limit // _FIRST_GUESS_TOKENS
        n_fitting = largest_prefix(len(self._file_ids), limit, lambda n: (n, self._go_to(n)), first_guess=first_guess)
        cost = self._go_to(n_fitting)
        chosen = list(range(n_fitting))
        if cost < LEAST * limit and n_fitting < len(self._file_ids):
            filling, added = self._fill(n_fitting, limit - cost, LEAST * limit - cost)
            chosen, cost = chosen + filling, cost + added
        return chosen, cost

    def _go_to(self, n: int) -> int:
        """Return the tokens of the first ``n`` entries' parts."""
        step = slice(min(n, self._n), max(n, self._n))
        # numpy's own way to distinct values loads its masked arrays, a fifth of numpy.
        changed = sorted(set(self._file_ids[step].tolist()))
        if n > self._n:
            self._prepare(range(self._n, n))
        self._cost -= sum(self._tokens(file_id) for file_id in changed)
        if n > self._n:
            for entry in range(self._n, n):
                self._entries.setdefault(int(self._file_ids[entry]), []).append(entry)
        else:
            for entry in range(self._n - 1, n - 1, -1):
                self._entries[int(self._file_ids[entry])].pop()
        self._cost += sum(self._tokens(file_id) for file_id in changed)
        self._n = n
        return self._cost

    def _fill(self, start: int, room: int, wanted: float) -> tuple[list[int], int]:
        """Return entries behind ``start`` that fit into ``room``, and the tokens that they add.

        It ends when they have ``wanted``, or no try is left. The prefix that is set is the one that ends at ``start``.
        """
        entries = {file_id: list(of_file) for file_id, of_file in self._entries.items()}
        found = []
        room_before = room
        tried = range(start, min(len(self._file_ids), start + _MAX_PASSED_OVER))
        for first in range(tried.start, tried.stop, _FILL_BATCH):
            batch = [
                entry
                for entry in range(first, min(first + _FILL_BATCH, tried.stop))
                if self._least_growth(entry, entries) <= room
            ]
            self._prepare(batch)
            for entry in batch:
                file_id = int(self._file_ids[entry])
                of_file = entries.get(file_id, [])
                before = self._part(file_id, self._rows_of(of_file))[1] if of_file else 0
                added = self._part(file_id, self._rows_of([*of_file, entry]))[1] - before
                if added > room:
                    continue
                found.append(entry)
                entries[file_id] = [*of_file, entry]
                room -= added
                if room_before - room >= wanted:
                    return found, room_before - room
        return found, room_before - room

    def _prepare(self, entries: Iterable[int]) -> None:
        """Prepare the files of these entries of which lines are shown; the others may be of any size."""
        with_rows = {int(self._file_ids[entry]) for entry in entries if self._rows[entry] != NO_ROW}
        self._parts.prepare(sorted(with_rows))

    def _least_growth(self, entry: int, entries: Mapping[int, Sequence[int]]) -> int:
        """Return about how many tokens the entry will have at least, beside those of its file that are there."""
        file_id = int(self._file_ids[entry])
        of_file = entries.get(file_id, [])
        least = [self._parts.least(file_id, self._rows_of(of)) for of in (of_file, [*of_file, entry]) if of]
        counts = [self._count(text) for text in least]
        return counts[-1] - (counts[0] if of_file else 0)

    def _tokens(self, file_id: int) -> int:
        entries = self._entries.get(file_id)
        return self._part(file_id, self._rows_of(entries))[1] if entries else 0

    def _rows_of(self, entries: Sequence[int]) -> tuple[int, ...]:
        rows = {int(self._rows[entry]) for entry in entries}
        rows.discard(NO_ROW)
        return tuple(sorted(rows))

    def _part(self, file_id: int, rows: tuple[int, ...]) -> tuple[str, int]:
        key = file_id, rows
        if key not in self._texts:
            text = self._parts.part(file_id, rows)
            self._texts[key] = text, self._count(text)
        return self._texts[key]
