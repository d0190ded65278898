"""Hot spots: files that are changed often, matter, and are large."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.discovery.git_history import History
    from repomap_fast.reporting.files import ReportFile

N_HOT_SPOTS = 30
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_SPAN = re.compile(r"([0-9]{1,5})([dwmy])")
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A file that is changed often, matters, and is large.

    heat  the product of changes, importance and lines, as a share of that of the first.
    """

    path: str
    n_changes: int
    place: int
    n_lines: int
    heat: float


def find_hot_spots(files: tuple[ReportFile, ...]) -> tuple[HotSpot, ...]:
    """Return the files of the largest product of changes, importance and lines, the largest first."""
    heats = [(file.n_changes * file.importance * file.n_lines, file) for file in files if file.kind == "code"]
    heats = [one for one in heats if one[0] > 0]
    heats.sort(key=lambda one: (-one[0], one[1].path))
    return tuple(
        HotSpot(file.path, file.n_changes, file.place, file.n_lines, heat / heats[0][0])
        for heat, file in heats[:N_HOT_SPOTS]
    )


def check_since(since: str | None) -> None:
    """Raise OptionError for what ``start_of`` does not understand."""
    if since is not None and _SPAN.fullmatch(since) is None and _day(since) is None:
        raise OptionError(
            f"since is {since!r}; expected a day such as 2026-01-31, or a span such as 90d, 12w, 6m or 1y"
        )


def start_of(since: str | None, history: History) -> int:
    """Return from when on commits count, in seconds since 1970; 0 where ``since`` is None.

    A span ends with the newest commit, so that the same commits give the same report on any day.
    """
    if since is None or not len(history):
        return 0
    span = _SPAN.fullmatch(since)
    if span is not None:
        return int(history.times_s.max()) - int(span[1]) * _DAYS[span[2]] * _DAY_S
    day = _day(since)
    return 0 if day is None else int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _day(text: str) -> date | None:
    try:
        return date(*time.strptime(text, "%Y-%m-%d")[:3])
    except ValueError:
        return None
