"""Groups runs that can be compared: of the same folder, with the same options, on the same machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from repomap_fast.bench.figures import LAST_RUNS, Summary, summarize
from repomap_fast.bench.runs import Alert, Case, Machine, Run


@dataclass(frozen=True, slots=True)
class Point:
    """One case of one run."""

    run: Run
    case: Case


@dataclass(frozen=True, slots=True)
class CaseSeries:
    """One case over all runs that had it, the oldest first."""

    operation: str
    state: str
    points: tuple[Point, ...]

    @property
    def name(self) -> str:
        """Operation and state: ``scan, cold``."""
        return f"{self.operation}, {self.state}"

    @property
    def last(self) -> Case:
        """What was measured last."""
        return self.points[-1].case

    def summary(self, *, last: int = LAST_RUNS) -> Summary:
        """Return the means over the last runs; memory is the peak."""
        summary = summarize([point.case.figures for point in self.points], last=last)
        assert summary is not None
        return summary

    def alerts(self, *, last: int = LAST_RUNS) -> list[tuple[Run, Alert]]:
        """Return the alerts of the last runs."""
        return [(point.run, alert) for point in self.points[-last:] for alert in point.case.alerts]


@dataclass(frozen=True, slots=True)
class Series:
    """Runs that can be compared, the oldest first."""

    root: str
    options: tuple[tuple[str, str], ...]
    machine: Machine
    runs: tuple[Run, ...]

    @property
    def cases(self) -> list[CaseSeries]:
        """Return each case that any run had, in the order in which the last run has them."""
        names = dict.fromkeys((case.operation, case.state) for run in reversed(self.runs) for case in run.cases)
        return [CaseSeries(operation, state, self._points(operation, state)) for operation, state in names]

    def _points(self, operation: str, state: str) -> tuple[Point, ...]:
        found = ((run, run.case(operation, state)) for run in self.runs)
        return tuple(Point(run, case) for run, case in found if case is not None)


def group_runs(runs: Iterable[Run]) -> list[Series]:
    """Return the series that ``runs`` make up, the one that was added to last first.

    Runs with other repeat counts, versions or commits belong to the same series.
    """
    groups: dict[tuple[object, ...], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.root, _options(run), run.machine.processor, run.machine.processors), []).append(run)
    series = [Series(group[-1].root, _options(group[-1]), group[-1].machine, tuple(group)) for group in groups.values()]
    return sorted(series, key=lambda one: -one.runs[-1].started_s)


def _options(run: Run) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in run.options.items() if name != "repeats"))
