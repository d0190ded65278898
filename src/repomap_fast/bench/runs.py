"""What a benchmark found, as values that can be written as JSON and read again from a file that is not trusted.

Run      one call of the benchmark: a folder, a machine, versions, options
└─ Case  one operation in one state of the index, such as a cold scan
   └─ Sample  one process
      └─ Stage  one part of what it did
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from functools import cache
from statistics import median
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from repomap_fast.bench.figures import Figures

FORMAT = 1
"""Of the JSON; what has a higher number is not read."""

MAX_NUMBER = 2**53
"""No figure of a run is above it, or below zero: every reader of JSON reads numbers up to here exactly."""

SHORTEST_S = 1e-9
"""No clock tells less; nothing has a speed in no time."""

COLD, WARM = "cold", "warm"
"""States of the index: an empty folder; as an equal run has left it, with nothing changed since."""
SCAN, MAP = "scan", "map"
"""Operations."""

STAGE_START = "start"
"""From the start of the process to the call, and from its return to the end: Python, imports, taking leave."""
STAGE_REST = "rest"
"""What the call did between its own stages: opening and closing the index."""

ALERT_MEMORY, ALERT_CPU, ALERT_HIT_RATE = "memory", "cpu", "hit rate"
"""What is watched: bytes, hundredths of a processor, a share."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A limit that was passed.

    kind      one of ALERT_MEMORY, ALERT_CPU, ALERT_HIT_RATE.
    limit     most bytes or percent, or least share.
    value     the worst that was seen.
    at_s      seconds from the start of the call to when a sample first saw it; None where it is known only at the end.
    """

    kind: str
    limit: float
    value: float
    at_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One part of a process's work: wall seconds, processor seconds, resident memory at its highest up to its end."""

    name: str
    elapsed_s: float
    cpu_s: float
    peak_memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one process took, from its start to its end.

    cpu_s              processor seconds, those of the programs that it started (git) among them.
    peak_memory_bytes  its own resident memory at its highest.
    call_elapsed_s     wall seconds of the call alone; ``call_cpu_s``: of this process alone.
    files              files with a language; ``files_parsed`` of these were parsed, ``files_failed`` gave nothing.
    source_bytes       of the files with a language.
    hit_rate           share of the files that did not have to be parsed.
    workers            threads that parsed.
    """

    elapsed_s: float
    cpu_s: float
    peak_memory_bytes: int
    call_elapsed_s: float
    call_cpu_s: float
    files: int
    files_parsed: int
    files_failed: int
    source_bytes: int
    hit_rate: float
    workers: int
    stages: tuple[Stage, ...] = ()
    alerts: tuple[Alert, ...] = ()

    @property
    def cpu_percent(self) -> float:
        """Processor seconds for a hundred wall seconds: 100 is one processor that was always busy."""
        return 100 * self.cpu_s / self.elapsed_s if self.elapsed_s >= SHORTEST_S else 0.0

    @property
    def files_per_s(self) -> float:
        """Files with a language, parsed or known, for each second of the process."""
        return self.files / self.elapsed_s if self.elapsed_s >= SHORTEST_S else 0.0

    @property
    def bytes_per_s(self) -> float:
        """Bytes of source, parsed or known, for each second of the process."""
        return self.source_bytes / self.elapsed_s if self.elapsed_s >= SHORTEST_S else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One operation in one state of the index, run once or several times: ``samples`` in the order in which they ran.

    Every figure below is the median over the samples, each for itself.
    """

    operation: str
    state: str
    samples: tuple[Sample, ...]

    @property
    def name(self) -> str:
        """Operation and state: ``scan, cold``."""
        return f"{self.operation}, {self.state}"

    def middle(self, figure: Callable[[Sample], float]) -> float:
        """Return the median of a figure of the samples."""
        return median(map(figure, self.samples))

    @property
    def elapsed_s(self) -> float:
        """Wall seconds of the whole process."""
        return self.middle(lambda sample: sample.elapsed_s)

    @property
    def range_s(self) -> tuple[float, float]:
        """Wall seconds of the quickest and of the slowest process."""
        seconds = [sample.elapsed_s for sample in self.samples]
        return min(seconds), max(seconds)

    @property
    def cpu_s(self) -> float:
        """Processor seconds of the whole process."""
        return self.middle(lambda sample: sample.cpu_s)

    @property
    def cpu_percent(self) -> float:
        """Share of a processor, 100 for one that was always busy."""
        return self.middle(lambda sample: sample.cpu_percent)

    @property
    def peak_memory_bytes(self) -> float:
        """Resident memory at its highest."""
        return self.middle(lambda sample: sample.peak_memory_bytes)

    @property
    def hit_rate(self) -> float:
        """Share of the files that did not have to be parsed."""
        return self.middle(lambda sample: sample.hit_rate)

    @property
    def files_per_s(self) -> float:
        """Files with a language, parsed or known, for each second."""
        return self.middle(lambda sample: sample.files_per_s)

    @property
    def bytes_per_s(self) -> float:
        """Bytes of source, parsed or known, for each second."""
        return self.middle(lambda sample: sample.bytes_per_s)

    @property
    def stages(self) -> list[Stage]:
        """Return the stages, in the order in which they ran; one that a sample did not have counts there as nothing."""
        names = dict.fromkeys(stage.name for sample in self.samples for stage in sample.stages)
        return [self._stage(name) for name in names]

    def _stage(self, name: str) -> Stage:
        nothing = Stage(name=name, elapsed_s=0.0, cpu_s=0.0, peak_memory_bytes=0)
        found = [next((stage for stage in sample.stages if stage.name == name), nothing) for sample in self.samples]
        return Stage(
            name=name,
            elapsed_s=median(stage.elapsed_s for stage in found),
            cpu_s=median(stage.cpu_s for stage in found),
            peak_memory_bytes=round(median(stage.peak_memory_bytes for stage in found)),
        )

    @property
    def alerts(self) -> list[Alert]:
        """Return for each kind of limit the alert of the sample that passed it by most."""
        worst: dict[str, Alert] = {}
        for alert in (alert for sample in self.samples for alert in sample.alerts):
            known = worst.get(alert.kind)
            if known is None or abs(alert.value - alert.limit) > abs(known.value - known.limit):
                worst[alert.kind] = alert
        return list(worst.values())

    @property
    def figures(self) -> Figures:
        """Return the medians that summaries and trends are made of; memory is its peak."""
        return Figures(self.elapsed_s, self.peak_memory_bytes, self.cpu_percent, self.hit_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """On what a run was measured; nothing here names the machine or its owner.

    processors    that the process may use; ``memory_bytes`` likewise.
    load          mean number of processes that wanted a processor in the minute before the run; None if not known.
    """

    system: str
    processor: str
    processors: int
    memory_bytes: int
    load: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call of the benchmark.

    started_s  seconds since 1970.
    root       absolute path of the folder, without symbolic links.
    commit     of the git work tree that the folder is in; None without one. Uncommitted changes are not recorded.
    versions   of repomap-fast and its dependencies, by name.
    options    those that were given and may change figures, by name, as text.
    notes      what a reader should know of these figures, a sentence each.
    """

    started_s: float
    root: str
    commit: str | None
    versions: dict[str, str]
    machine: Machine
    cases: tuple[Case, ...]
    options: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def case(self, operation: str, state: str) -> Case | None:
        """Return the case of that name, if it was run."""
        return next((case for case in self.cases if (case.operation, case.state) == (operation, state)), None)


def to_json(run: Run) -> dict[str, Any]:
    """Return ``run`` as what ``json.dumps`` takes; ``from_json`` makes it the same again."""
    return {"format": FORMAT, **asdict(run)}


def from_json(document: object) -> Run:
    """Return the run in a JSON document. Raises ValueError where there is none."""
    if not isinstance(document, dict):
        raise ValueError(f"a run is an object; found {_shown(document)}")
    if document.get("format") != FORMAT:
        raise ValueError(f"format is {_shown(document.get('format'))}; expected {FORMAT}")
    run: Run = _read(Run, document, "run")
    if not run.cases or not all(case.samples for case in run.cases):
        raise ValueError("a run has at least one case, and each case at least one sample")
    return run


def _read(expected: Any, value: object, name: str) -> Any:
    """Return ``value`` as what the annotation ``expected`` says; raise ValueError if it is something else.

    Unknown fields are dropped and fields with a default may be missing, so that later versions can add fields.
    """
    origin = get_origin(expected)
    if origin in (Union, types.UnionType):
        if value is None:
            return None
        expected = next(choice for choice in get_args(expected) if choice is not type(None))
        return _read(expected, value, name)
    if origin is tuple and isinstance(value, list | tuple):
        return tuple(_read(get_args(expected)[0], part, name) for part in value)
    if origin is dict and isinstance(value, dict):
        return {key: _read(get_args(expected)[1], part, f"{name}.{key}") for key, part in value.items()}
    if is_dataclass(expected) and isinstance(value, dict):
        return _read_fields(expected, value, name)
    if expected is str and isinstance(value, str):
        return value
    # True is a number to Python alone. NaN fails both comparisons.
    is_number = expected in (int, float) and isinstance(value, expected | int) and not isinstance(value, bool)
    if is_number and 0 <= value <= MAX_NUMBER:  # type: ignore[operator]
        return expected(value)
    raise ValueError(f"{name} is {_shown(value)}; expected {getattr(expected, '__name__', expected)}")


def _read_fields(expected: Any, value: Mapping[str, object], name: str) -> Any:
    known = {}
    for part in fields(expected):
        if part.name in value:
            known[part.name] = _read(_hints(expected)[part.name], value[part.name], f"{name}.{part.name}")
        elif part.default is MISSING and part.default_factory is MISSING:
            raise ValueError(f"{name} has no {part.name}")
    return expected(**known)


@cache
def _hints(expected: Any) -> dict[str, Any]:
    return get_type_hints(expected)


def _shown(value: object) -> str:
    text = repr(value) if isinstance(value, str | int | float | None) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
