"""Runs that nobody measured, for the tests of what is made of runs."""

from __future__ import annotations

from dataclasses import replace

from repomap_fast.bench.runs import COLD, SCAN, WARM, Alert, Case, Machine, Run, Sample, Stage

MACHINE = Machine(system="Linux 6.1", processor="Some Processor", processors=2, memory_bytes=16 << 30, load=0.25)
START_S = 1_767_225_600.0


def make_sample(elapsed_s: float = 1.0, *, hit_rate: float = 0.0, memory_bytes: int = 60_000_000) -> Sample:
    """Return what a process took, a fifth of it to start and the rest to tag."""
    return Sample(
        elapsed_s=elapsed_s,
        cpu_s=1.5 * elapsed_s,
        peak_memory_bytes=memory_bytes,
        call_elapsed_s=0.8 * elapsed_s,
        call_cpu_s=1.3 * elapsed_s,
        files=1000,
        files_parsed=round(1000 * (1 - hit_rate)),
        files_failed=0,
        source_bytes=8_000_000,
        hit_rate=hit_rate,
        workers=2,
        stages=(
            Stage(name="start", elapsed_s=0.2 * elapsed_s, cpu_s=0.2 * elapsed_s, peak_memory_bytes=30_000_000),
            Stage(name="tag", elapsed_s=0.8 * elapsed_s, cpu_s=1.3 * elapsed_s, peak_memory_bytes=memory_bytes),
        ),
    )


def make_case(*seconds: float, state: str = COLD, hit_rate: float = 0.0, alerts: tuple[Alert, ...] = ()) -> Case:
    """Return a case of a scan whose processes took so long; the alerts are those of each."""
    samples = [replace(make_sample(elapsed_s, hit_rate=hit_rate), alerts=alerts) for elapsed_s in seconds]
    return Case(operation=SCAN, state=state, samples=tuple(samples))


def make_run(
    day: float = 0.0,
    *,
    cold: tuple[float, ...] = (1.0, 1.1, 1.3),
    warm: tuple[float, ...] = (0.2, 0.21, 0.25),
    root: str = "/code/project",
    options: dict[str, str] | None = None,
    alerts: tuple[Alert, ...] = (),
) -> Run:
    """Return a run that was made so many days after the first of January 2026."""
    return Run(
        started_s=START_S + day * 86_400,
        root=root,
        commit=f"{int(day):03x}".ljust(40, "0"),
        versions={"repomap-fast": "0.1.0", "python": "3.11.7"},
        machine=MACHINE,
        cases=(make_case(*cold, alerts=alerts), make_case(*warm, state=WARM, hit_rate=1.0)),
        options={"repeats": str(len(cold)), **(options or {})},
        notes=("made up",),
    )
