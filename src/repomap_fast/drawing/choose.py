"""Chooses how many of the ranked entries fit into a token budget. It never exceeds the budget.

The text of a map has one part for each file, and one more entry changes the part of its own file alone. So the tokens
of a map are the sum of the tokens of its parts, as far as the counter is additive. Each part is rendered and counted
once. A step of the search renders only the files that differ from the step before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from repomap_fast.drawing.largest_prefix import largest_prefix
from repomap_fast.drawing.tokens import Counter
from repomap_fast.tables import I64, U32

NO_ROW = -1
"""Row of an entry that shows the path of its file alone."""

LEAST = 0.9
"""Below this share of the budget, entries that do not fit are skipped, and later ones are tried."""
_FIRST_GUESS_TOKENS = 80
"""Assumed tokens of an entry before any is counted: more than most have, so that no file is parsed in vain."""
_LEAST_TOKENS = 3
"""Fewest tokens of an entry on average. Entries after the budget divided by this cannot fit."""
_MAX_SKIPPED = 48
"""Entries that are tried after the first one that does not fit."""
_FILL_BATCH = 4
"""Entries whose files are prepared together while entries are skipped."""
_MAX_CORRECTIONS = 8
"""How often the search runs again if the counter is not additive."""


class Parts(Protocol):
    """Makes the parts of a map."""

    def prepare(self, file_ids: Collection[int]) -> None:
        """Prepare to render lines of these files, all at once: their parts are needed next."""
        ...

    def part(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return the part of a file for these sorted rows; its path alone if there are none."""
        ...

    def least(self, file_id: int, rows: tuple[int, ...]) -> str:
        """Return about the smallest text that the part can be, without expensive work."""
        ...

    def join(self, parts: Mapping[int, str]) -> str:
        """Return the text of a map from the parts of its files."""
        ...

    def nothing(self) -> str:
        """Return the text of an empty map."""
        ...


@dataclass(frozen=True, slots=True)
class Fit:
    """The entries that fit, and their map.

    entries  positions of the entries, sorted; a prefix of all, unless entries that do not fit were skipped.
    rows     sorted rows of interest of each file that is shown; no rows for a file that is shown by its path.
    text     the text of the map.
    tokens   the counter's result for the whole text.
    """

    entries: tuple[int, ...]
    rows: Mapping[int, tuple[int, ...]]
    text: str
    tokens: int


def choose(file_ids: U32, rows: I64, parts: Parts, *, budget: int, count: Counter) -> Fit:
    """Return as many of the first entries as fit into ``budget`` tokens.

    file_ids  (n,) uint32: the file of each entry, best first. ``parts.join`` orders the files in the text.
    rows      (n,) int64: the row of each definition, or NO_ROW.

    At least nine tenths of the budget are used if there are enough entries: entries that are too large for the rest are
    then skipped. If nothing fits, the text is ``parts.nothing()``, whatever its tokens are.
    """
    n = min(len(file_ids), max(0, budget) // _LEAST_TOKENS + _MAX_SKIPPED)
    search = _Search(file_ids[:n], rows[:n], parts, count)
    frame = count(parts.join({}))
    limit = budget - frame
    best: Fit | None = None
    for _ in range(_MAX_CORRECTIONS):
        chosen, cost = search.entries_within(limit)
        if not chosen:
            break
        fit = search.fit(chosen)
        # If the counter is not additive, correct the limit of the parts by its error.
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
    """The search for the entries that fit, with every part that it has counted."""

    def __init__(self, file_ids: U32, rows: I64, parts: Parts, count: Counter) -> None:
        self._file_ids = file_ids
        self._rows = rows
        self._parts = parts
        self._count = count
        self._texts: dict[tuple[int, tuple[int, ...]], tuple[str, int]] = {}
        # The current prefix: its length, its cost, and its entries by file.
        self._n = 0
        self._cost = 0
        self._entries: dict[int, list[int]] = {}

    def fit(self, chosen: Sequence[int]) -> Fit:
        """Return the map of these entries."""
        entries: dict[int, list[int]] = {}
        for entry in chosen:
            entries.setdefault(int(self._file_ids[entry]), []).append(entry)
        rows = {file_id: self._shown_rows(of_file) for file_id, of_file in sorted(entries.items())}
        text = self._parts.join({file_id: self._part(file_id, of_file)[0] for file_id, of_file in rows.items()})
        return Fit(tuple(chosen), rows, text, self._count(text))

    def entries_within(self, limit: int) -> tuple[list[int], int]:
        """Return entries whose parts have at most ``limit`` tokens in sum, and that sum."""
        first_guess = limit // _FIRST_GUESS_TOKENS
        n_fitting = largest_prefix(len(self._file_ids), limit, lambda n: (n, self._go_to(n)), first_guess=first_guess)
        cost = self._go_to(n_fitting)
        chosen = list(range(n_fitting))
        if cost < LEAST * limit and n_fitting < len(self._file_ids):
            filling, added = self._fill(n_fitting, limit - cost, LEAST * limit - cost)
            chosen, cost = chosen + filling, cost + added
        return chosen, cost

    def _go_to(self, n: int) -> int:
        """Set the current prefix, and return the tokens of its parts."""
        step = slice(min(n, self._n), max(n, self._n))
        # numpy.unique would load the masked arrays, a fifth of numpy.
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
        """Return entries after ``start`` that fit into ``room``, and the tokens that they add.

        It ends when they add ``wanted`` tokens, or after _MAX_SKIPPED entries. The current prefix ends at ``start``.
        """
        entries = {file_id: list(of_file) for file_id, of_file in self._entries.items()}
        found = []
        room_before = room
        tried = range(start, min(len(self._file_ids), start + _MAX_SKIPPED))
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
                before = self._part(file_id, self._shown_rows(of_file))[1] if of_file else 0
                added = self._part(file_id, self._shown_rows([*of_file, entry]))[1] - before
                if added > room:
                    continue
                found.append(entry)
                entries[file_id] = [*of_file, entry]
                room -= added
                if room_before - room >= wanted:
                    return found, room_before - room
        return found, room_before - room

    def _prepare(self, entries: Iterable[int]) -> None:
        """Prepare the files of these entries, except those shown by their path alone, which may be of any size."""
        with_rows = {int(self._file_ids[entry]) for entry in entries if self._rows[entry] != NO_ROW}
        self._parts.prepare(sorted(with_rows))

    def _least_growth(self, entry: int, entries: Mapping[int, Sequence[int]]) -> int:
        """Return about the fewest tokens that the entry can add to the part of its file."""
        file_id = int(self._file_ids[entry])
        of_file = entries.get(file_id, [])
        least = [self._parts.least(file_id, self._shown_rows(of)) for of in (of_file, [*of_file, entry]) if of]
        counts = [self._count(text) for text in least]
        return counts[-1] - (counts[0] if of_file else 0)

    def _tokens(self, file_id: int) -> int:
        entries = self._entries.get(file_id)
        return self._part(file_id, self._shown_rows(entries))[1] if entries else 0

    def _shown_rows(self, entries: Sequence[int]) -> tuple[int, ...]:
        rows = {int(self._rows[entry]) for entry in entries}
        rows.discard(NO_ROW)
        return tuple(sorted(rows))

    def _part(self, file_id: int, rows: tuple[int, ...]) -> tuple[str, int]:
        key = file_id, rows
        if key not in self._texts:
            text = self._parts.part(file_id, rows)
            self._texts[key] = text, self._count(text)
        return self._texts[key]
