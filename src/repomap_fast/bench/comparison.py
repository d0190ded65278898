"""Two runs beside each other: how much of one figure is in the other, and what else was different."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from repomap_fast.bench.runs import Case, Run


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure of an earlier run and of a later one; ``ratio`` is the later one in units of the earlier."""

    name: str
    before: float
    after: float

    @property
    def ratio(self) -> float | None:
        """``after / before``; None where there was nothing before."""
        return self.after / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class CaseComparison:
    """One case of two runs.

    is_within_spread  whether the wall times of the two overlap: the difference may be chance.
    """

    operation: str
    state: str
    ratios: tuple[Ratio, ...]
    stages: tuple[Ratio, ...]
    is_within_spread: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs: the cases that both have, and what differs between them besides their figures, a sentence each."""

    before: Run
    after: Run
    cases: tuple[CaseComparison, ...]
    differences: tuple[str, ...]


FIGURES: dict[str, Callable[[Case], float]] = {
    "elapsed_s": lambda case: case.elapsed_s,
    "cpu_s": lambda case: case.cpu_s,
    "cpu_percent": lambda case: case.cpu_percent,
    "peak_memory_bytes": lambda case: case.peak_memory_bytes,
    "hit_rate": lambda case: case.hit_rate,
    "files_per_s": lambda case: case.files_per_s,
    "bytes_per_s": lambda case: case.bytes_per_s,
}
"""The figures of a case that are compared, by name."""


def compare(before: Run, after: Run) -> Comparison:
    """Put an earlier and a later run beside each other, case by case."""
    cases = []
    for case in after.cases:
        earlier = before.case(case.operation, case.state)
        if earlier is not None:
            cases.append(_compare_cases(earlier, case))
    return Comparison(before, after, tuple(cases), tuple(_differences(before, after)))


def last_comparable(runs: tuple[Run, ...], run: Run) -> Run | None:
    """Return the last of ``runs`` that is of the same folder and has a case that ``run`` has too."""
    names = {case.name for case in run.cases}
    same = [earlier for earlier in runs if earlier.root == run.root and names & {case.name for case in earlier.cases}]
    return same[-1] if same else None


def _compare_cases(before: Case, after: Case) -> CaseComparison:
    stages_before = {stage.name: stage.elapsed_s for stage in before.stages}
    stages_after = {stage.name: stage.elapsed_s for stage in after.stages}
    (quickest_before, slowest_before), (quickest, slowest) = before.range_s, after.range_s
    return CaseComparison(
        operation=after.operation,
        state=after.state,
        ratios=tuple(Ratio(name, figure(before), figure(after)) for name, figure in FIGURES.items()),
        stages=tuple(
            Ratio(name, stages_before.get(name, 0.0), stages_after.get(name, 0.0))
            for name in dict.fromkeys([*stages_after, *stages_before])
        ),
        is_within_spread=quickest <= slowest_before and quickest_before <= slowest,
    )


def _differences(before: Run, after: Run) -> list[str]:
    """Say what else may be the reason for other figures."""
    found = [
        _changed("folder", before.root, after.root),
        "" if before.commit == after.commit else f"commit {_short(before.commit)} → {_short(after.commit)}",
        _changed("processor", before.machine.processor, after.machine.processor),
        _changed("processors", str(before.machine.processors), str(after.machine.processors)),
        _changed("system", before.machine.system, after.machine.system),
    ]
    files_before, files_after = _n_files(before), _n_files(after)
    if files_before != files_after:
        found.append(f"files {files_before:,} → {files_after:,}")
    for name in dict.fromkeys([*before.versions, *after.versions]):
        found.append(_changed(name, before.versions.get(name, "none"), after.versions.get(name, "none")))
    for name in dict.fromkeys([*before.options, *after.options]):
        found.append(_changed(name, before.options.get(name, "default"), after.options.get(name, "default")))
    return [sentence for sentence in found if sentence]


def _changed(name: str, before: str, after: str) -> str:
    return "" if before == after else f"{name} {before} → {after}"


def _short(commit: str | None) -> str:
    return "none" if commit is None else commit[:12]


def _n_files(run: Run) -> int:
    return run.cases[0].samples[-1].files
