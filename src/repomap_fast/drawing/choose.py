"""Chooses how many of the ranked entries fit into a token budget. It never exceeds the budget.

The text of a map has one part for each file, and one more entry changes the part of its own file alone. So the tokens
of a map are the sum of the tokens of its parts, as far as the counter is additive. Each part is rendered and counted
once. A step of the search renders only the files that differ from the step before.

Promised entries are chosen first, by the tokens of the whole text: none of them gives way to another entry, and each is
shown in fewer words before one of them is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from repomap_fast.drawing.largest_prefix import largest_prefix
from repomap_fast.drawing.tokens import Counter
from repomap_fast.tables import I64, U8, U32

NO_ROW = -1
"""Row of an entry that shows the path of its file alone."""
BARE, SIGNED, NOTED = 0, 1, 2
"""Details of an entry: its name; its signature, too; the first sentence of its docstring or comment, too."""
ALONE = -1
"""The detail of a promised entry for which there is little room: its name, and nothing of what is around it."""

LEAST = 0.9
"""Share of the budget that is used, if the caller asks for no other."""
TOKENS_OF_EXCERPT = 80
"""Assumed tokens of an entry before any is counted: more than most have, so that no file is parsed in vain."""
_LEAST_TOKENS = 3
"""Fewest tokens of an entry on average. Entries after the budget divided by this cannot fit."""
_MAX_SKIPPED = 48
"""Entries that are tried after the first one that does not fit."""
_FILL_BATCH = 4
"""Entries whose files are prepared together while entries are skipped."""
_MAX_CORRECTIONS = 8
"""How often the search runs again if the counter is not additive."""


class Shown(NamedTuple):
    """A row that is shown, and in what detail."""

    row: int
    detail: int


class Parts(Protocol):
    """Makes the parts of a map."""

    def prepare(self, file_ids: Collection[int]) -> None:
        """Prepare to render lines of these files, all at once: their parts are needed next."""
        ...

    def part(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return the part of a file for these sorted rows; its path alone if there are none."""
        ...

    def least(self, file_id: int, rows: tuple[Shown, ...]) -> str:
        """Return about the smallest text that the part can be, without expensive work."""
        ...

    def join(self, parts: Mapping[int, str], bare: Collection[int]) -> str:
        """Return the text of a map from the parts of its files; those of ``bare`` are paths alone."""
        ...

    def nothing(self) -> str:
        """Return the text of an empty map."""
        ...


class Fit(NamedTuple):
    """The entries that fit, and their map.

    entries  positions of the entries, sorted; a prefix of all, unless entries that do not fit were skipped.
    rows     sorted rows of interest of each file that is shown; no rows for a file that is shown by its path.
    text     the text of the map.
    tokens   the counter's result for the whole text.
    """

    entries: tuple[int, ...]
    rows: Mapping[int, tuple[Shown, ...]]
    text: str
    tokens: int


def choose(
    file_ids: U32,
    rows: I64,
    parts: Parts,
    *,
    budget: int,
    count: Counter,
    details: U8 | None = None,
    n_promised: int = 0,
    tokens_of_entry: int = TOKENS_OF_EXCERPT,
    least: float = LEAST,
) -> Fit:
    """Return as many of the first entries as fit into ``budget`` tokens.

    file_ids    (n,) uint32: the file of each entry, best first. ``parts.join`` orders the files in the text.
    rows        (n,) int64: the row of each definition, or NO_ROW.
    details     (n,) uint8: BARE, SIGNED or NOTED; None for BARE.
    n_promised  so many of the first entries are promised.
    tokens_of_entry  about as many tokens as an entry has, rather too many.
    least       share of the budget that is used if there are enough entries: entries that are too large for the rest
                are then skipped, and later ones tried.

    If nothing fits, the text is ``parts.nothing()``, whatever its tokens are.
    """
    n = min(len(file_ids), max(n_promised, max(0, budget) // _LEAST_TOKENS + _MAX_SKIPPED))
    chosen_details = np.zeros(n, np.uint8) if details is None else details[:n]
    search = _Search(file_ids[:n], rows[:n], chosen_details, parts, count, tokens_of_entry, least)
    best = search.keep_promises(min(n, n_promised), budget)
    frame = count(parts.join({}, ()))
    limit = budget - frame
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
        if fit.tokens >= least * budget or len(chosen) == n or unused <= 0:
            break
        limit += unused
    if best is None:
        nothing = parts.nothing()
        return Fit((), {}, nothing, count(nothing) if nothing else 0)
    return best


class _Search:
    """The search for the entries that fit, with every part that it has counted."""

    def __init__(
        self,
        file_ids: U32,
        rows: I64,
        details: U8,
        parts: Parts,
        count: Counter,
        tokens_of_entry: int,
        least: float,
    ) -> None:
        self._file_ids: list[int] = file_ids.tolist()
        self._rows: list[int] = rows.tolist()
        self._details: list[int] = details.tolist()
        self._parts = parts
        self._count = count
        self._tokens_of_entry = tokens_of_entry
        self._least = least
        self._texts: dict[tuple[int, tuple[Shown, ...]], tuple[str, int]] = {}
        # The entries that are in every map, and the number of those that the search is not about.
        self._kept: list[int] = []
        self._first = 0
        # The current prefix of the others: its end, the cost of all, that of each file, and all entries by file.
        self._n = 0
        self._cost = 0
        self._costs: dict[int, int] = {}
        self._entries: dict[int, list[int]] = {}

    def keep_promises(self, n: int, budget: int) -> Fit | None:
        """Choose of the first ``n`` entries those that every map shows; return the map of them, None if none fits.

        All in full detail; if these are too many tokens, in as much detail as there is room for, the first ones first.
        """
        self._first = self._n = n
        if n == 0:
            return None
        self._prepare(range(n))
        wanted = self._details[:n]
        self._kept = list(range(n))
        for most in (NOTED, BARE, ALONE):
            self._details[:n] = [min(detail, most) for detail in wanted]
            if (fit := self.fit(self._kept)).tokens <= budget:
                break
        else:
            self._kept = self._first_that_fit(n, budget)
            fit = self.fit(self._kept)
        for most in (BARE, NOTED):
            fit = self._with_details([min(detail, most) for detail in wanted], fit, budget)
        for entry in self._kept:
            self._entries.setdefault(self._file_ids[entry], []).append(entry)
        self._costs = {file_id: self._tokens(file_id) for file_id in self._entries}
        self._cost = sum(self._costs.values())
        return fit if self._kept else None

    def _first_that_fit(self, n: int, budget: int) -> list[int]:
        """Return those of the first ``n`` entries that fit if each takes what those before it leave."""
        found: list[int] = []
        n_skipped = 0
        for entry in range(n):
            if self.fit([*found, entry]).tokens <= budget:
                found.append(entry)
                n_skipped = 0
            elif (n_skipped := n_skipped + 1) > _MAX_SKIPPED:
                break
        return found

    def _with_details(self, wanted: Sequence[int], fit: Fit, budget: int) -> Fit:
        """Give the kept entries these details, the first ones first, as far as there is room; return their map."""
        n_skipped = 0
        for entry in self._kept:
            before = self._details[entry]
            if wanted[entry] <= before:
                continue
            self._details[entry] = wanted[entry]
            fuller = self.fit(self._kept)
            if fuller.tokens <= budget:
                fit, n_skipped = fuller, 0
                continue
            self._details[entry] = before
            if (n_skipped := n_skipped + 1) > _MAX_SKIPPED:
                break
        return fit

    def fit(self, chosen: Sequence[int]) -> Fit:
        """Return the map of these entries."""
        entries: dict[int, list[int]] = {}
        for entry in chosen:
            entries.setdefault(self._file_ids[entry], []).append(entry)
        rows = {file_id: self._shown_rows(of_file) for file_id, of_file in sorted(entries.items())}
        parts = {file_id: self._part(file_id, of_file)[0] for file_id, of_file in rows.items()}
        text = self._parts.join(parts, [file_id for file_id, of_file in rows.items() if not of_file])
        return Fit(tuple(chosen), rows, text, self._count(text))

    def entries_within(self, limit: int) -> tuple[list[int], int]:
        """Return entries whose parts have at most ``limit`` tokens in sum, and that sum; the promised ones always."""
        n_others = len(self._file_ids) - self._first
        kept_cost = self._go_to(0)
        room = limit - kept_cost
        n_fitting = largest_prefix(
            n_others,
            room,
            lambda n: (n, self._go_to(n) - kept_cost),
            first_guess=room // self._tokens_of_entry,
            enough=(1 + self._least) / 2,
        )
        cost = self._go_to(n_fitting)
        chosen = [*self._kept, *range(self._first, self._first + n_fitting)]
        if cost < self._least * limit and n_fitting < n_others:
            filling, added = self._fill(self._first + n_fitting, limit - cost, self._least * limit - cost)
            chosen, cost = chosen + filling, cost + added
        return chosen, cost

    def _go_to(self, n_others: int) -> int:
        """Set the current prefix of the entries that are not promised, and return the tokens of all parts."""
        n = self._first + n_others
        step = slice(min(n, self._n), max(n, self._n))
        # numpy.unique would load the masked arrays, a fifth of numpy.
        changed = sorted(set(self._file_ids[step]))
        if n > self._n:
            self._prepare(range(self._n, n))
        self._cost -= sum(self._costs.get(file_id, 0) for file_id in changed)
        if n > self._n:
            for entry in range(self._n, n):
                self._entries.setdefault(self._file_ids[entry], []).append(entry)
        else:
            for entry in range(self._n - 1, n - 1, -1):
                self._entries[self._file_ids[entry]].pop()
        self._costs.update({file_id: self._tokens(file_id) for file_id in changed})
        self._cost += sum(self._costs[file_id] for file_id in changed)
        self._n = n
        return self._cost

    def _fill(self, start: int, room: int, wanted: float) -> tuple[list[int], int]:
        """Return entries after ``start`` that fit into ``room``, and the tokens that they add.

        It ends when they add ``wanted`` tokens, or after _MAX_SKIPPED entries. The current prefix ends at ``start``.
        """
        entries = {file_id: list(of_file) for file_id, of_file in self._entries.items()}
        found = []
        refused: set[tuple[int, int]] = set()
        room_before = room
        tried = range(start, min(len(self._file_ids), start + _MAX_SKIPPED))
        for first in range(tried.start, tried.stop, _FILL_BATCH):
            batch = []
            for entry in range(first, min(first + _FILL_BATCH, tried.stop)):
                # A row may have many definitions, which formats show together.
                place = self._file_ids[entry], self._rows[entry]
                if place in refused:
                    continue
                if self._least_growth(entry, entries) <= room:
                    batch.append(entry)
                else:
                    refused.add(place)
            self._prepare(batch)
            for entry in batch:
                file_id = self._file_ids[entry]
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
        with_rows = {self._file_ids[entry] for entry in entries if self._rows[entry] != NO_ROW}
        self._parts.prepare(sorted(with_rows))

    def _least_growth(self, entry: int, entries: Mapping[int, Sequence[int]]) -> int:
        """Return about the fewest tokens that the entry can add to the part of its file."""
        file_id = self._file_ids[entry]
        of_file = entries.get(file_id, [])
        least = [self._parts.least(file_id, self._shown_rows(of)) for of in (of_file, [*of_file, entry]) if of]
        counts = [self._count(text) for text in least]
        return counts[-1] - (counts[0] if of_file else 0)

    def _tokens(self, file_id: int) -> int:
        entries = self._entries.get(file_id)
        return self._part(file_id, self._shown_rows(entries))[1] if entries else 0

    def _shown_rows(self, entries: Sequence[int]) -> tuple[Shown, ...]:
        """Return the rows of some entries, each in the most detail that one of them has."""
        details: dict[int, int] = {}
        for entry in entries:
            row, detail = self._rows[entry], self._details[entry]
            details[row] = max(details.get(row, ALONE), detail)
        details.pop(NO_ROW, None)
        return tuple(Shown(*one) for one in sorted(details.items()))

    def _part(self, file_id: int, rows: tuple[Shown, ...]) -> tuple[str, int]:
        key = file_id, rows
        if key not in self._texts:
            text = self._parts.part(file_id, rows)
            self._texts[key] = text, self._count(text)
        return self._texts[key]
