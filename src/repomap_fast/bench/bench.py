"""The benchmark of a folder: each run in a fresh process, cold with an empty index and warm with the one it left.

A process that has scanned before has its imports, its memory and its high-water mark behind it, so nothing is measured
in this one. What counts is the whole process, from its start to its end, as a user at a shell waits for it; within it
the call and the stages. The machine's own cache of files is warm in both: one run beforehand, which is not counted,
reads them all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, Unpack

import repomap_fast
from repomap_fast.argument_types import path_text, several
from repomap_fast.bench.machine import describe_machine, versions
from repomap_fast.bench.runs import (
    ALERT_CPU,
    ALERT_HIT_RATE,
    COLD,
    MAP,
    SCAN,
    STAGE_START,
    WARM,
    Alert,
    Case,
    Run,
    Sample,
    Stage,
)
from repomap_fast.discovery.commits import commit_around
from repomap_fast.errors import BenchError, OptionError, RootError, StoreError
from repomap_fast.options import (
    DEFAULT_ALERT_MEMORY_BYTES,
    DEFAULT_REPEATS,
    IndexBefore,
    Operation,
    ScanKeywords,
    ScanOptions,
)
from repomap_fast.progress import Progress
from repomap_fast.store.cache_folder import cache_folder, make_cache_folder
from repomap_fast.store.private_folder import PrivateFolder, check_private

if TYPE_CHECKING:
    from repomap_fast.progress import CancelEvent

BenchProgress: TypeAlias = Callable[[str, int, int], None]
"""Called as ``(what, done, total)`` before each process and after the last."""

MAX_REPEATS = 100
MIN_WARM_HIT_RATE = 0.7
"""What a scan after a scan should at least find."""

_POLL_S = 0.05
"""Seconds between two checks for cancellation while a process runs."""
_FOLDER_PREFIX = "bench-"
_LEFT_OVER_S = 86400
"""Folders that are older were left by a benchmark that was killed."""
_SPREAD = 0.2
"""Slowest over quickest, less 1: past it, a note says that the times differ."""
_ERROR_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLimits:
    """The limits past which a run gets an alert; None for no limit.

    memory_bytes  most resident memory.
    cpu_percent   most processor time of the call in percent, 100 for one processor that is always busy.
    hit_rate      least share of the files whose tags a warm run finds in the index.
    """

    memory_bytes: int | None = DEFAULT_ALERT_MEMORY_BYTES
    cpu_percent: float | None = None
    hit_rate: float | None = MIN_WARM_HIT_RATE


def known_operations() -> tuple[str, ...]:
    """Return what can be measured: ``scan``, and ``map`` where this version has one whose results have ``metrics``."""
    has_map = hasattr(repomap_fast, MAP) and hasattr(getattr(repomap_fast, "RepoMap", None), "metrics")
    return (SCAN, MAP) if has_map else (SCAN,)


def bench(
    root: str | os.PathLike[str] = ".",
    *,
    repeats: int = DEFAULT_REPEATS,
    operations: Operation | Iterable[Operation] = (),
    states: IndexBefore | Iterable[IndexBefore] = ("cold", "warm"),
    alerts: AlertLimits | None = None,
    cache: bool = True,
    cache_dir: str | os.PathLike[str] | None = None,
    progress: BenchProgress | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> Run:
    """Measure operations on the folder ``root``, each ``repeats`` times in each of the ``states``, by turns.

    operations what is measured; all that there are if empty.
    alerts     the limits past which a run gets an alert; ``cpu_percent`` is ``max_cpu`` if it is None.
    cache      without, the scans keep and read no index; there is then no warm state.
    cache_dir  where indexes are kept, on whose disk the ones of the benchmark are made and deleted; the user's own
               indexes are neither read nor changed.

    Raises OptionError, RootError, BenchError where a process fails, ScanCancelled when ``cancel`` is set.
    """
    measured, state_names = several("operations", operations), several("states", states)
    try:
        top = Path(os.path.realpath(path_text("root", root)))
    except FileNotFoundError as error:
        raise RootError("the working folder is gone; expected the absolute path of a folder") from error
    if not top.is_dir():
        raise RootError(f"there is no folder {str(top)!r}; expected a folder to measure a scan of")
    _check(repeats, measured, state_names, cache=cache)
    chosen, limits = ScanOptions.from_keywords(options, call=bench), alerts or AlertLimits()
    watch = Progress(None, cancel)
    names = measured or known_operations()
    samples: dict[tuple[str, str], list[Sample]] = {
        (name, state): [] for name in names for state in (COLD, WARM) if state in state_names
    }
    machine, started_s = describe_machine(), time.time()
    notes: list[str] = []
    total = 1 + len(samples) * repeats
    with _scratch_folder(None if cache_dir is None else path_text("cache_dir", cache_dir), notes) as scratch:
        measuring = _Measuring(
            top, {**_call_options(chosen), "cache": cache}, scratch, _with_options(limits, chosen), watch
        )
        for step, (name, state) in enumerate(_order(names, state_names, repeats)):
            watch.raise_if_cancelled()
            if progress is not None:
                progress(f"{name}, {state}" if step else "reading the files", step, total)
            sample = measuring.sample(name, state)
            if step:
                samples[name, state].append(sample)
        if progress is not None:
            progress("", total, total)
    cases = tuple(Case(operation=name, state=state, samples=tuple(taken)) for (name, state), taken in samples.items())
    return Run(
        started_s=started_s,
        root=str(top),
        commit=find_commit(top, watch),
        versions=versions(),
        machine=machine,
        cases=cases,
        options=_named_options(chosen, repeats, cache=cache),
        notes=tuple(dict.fromkeys([*notes, *measuring.notes, *_list_notes(cases, machine.load, machine.processors)])),
    )


def find_commit(root: Path, watch: Progress | None = None) -> str | None:
    """Return the commit that the work tree around ``root`` has checked out; None where there is none."""
    return commit_around(os.fsencode(root), watch)


def _check(repeats: int, measured: Sequence[str], states: Sequence[str], *, cache: bool) -> None:
    if not 1 <= repeats <= MAX_REPEATS:
        raise OptionError(f"repeats is {repeats}; expected 1 to {MAX_REPEATS}")
    for name in measured:
        if name not in known_operations():
            raise OptionError(f"operation is {name!r}; expected {' or '.join(known_operations())}")
    if not states:
        raise OptionError(f"states are none; expected {COLD}, {WARM} or both")
    for name in states:
        if name not in (COLD, WARM):
            raise OptionError(f"state is {name!r}; expected {COLD} or {WARM}")
    if WARM in states and not cache:
        raise OptionError(f"state is {WARM!r}, which takes an index; expected {COLD} where none is kept")


def _order(names: Sequence[str], states: Sequence[str], repeats: int) -> Iterator[tuple[str, str]]:
    """Yield what is run, by turns, so that what slows the machine down for a while slows all cases down.

    The first is not counted: it reads the files into memory, and leaves an index for those that are warm.
    """
    yield SCAN, COLD
    for _ in range(repeats):
        for name in names:
            if COLD in states:
                yield name, COLD
            if WARM in states:
                yield name, WARM


class _Measuring:
    """Runs processes one after another, each on an index that is new or was left by the one before of its kind."""

    def __init__(
        self, root: Path, options: dict[str, Any], scratch: Path, limits: AlertLimits, watch: Progress
    ) -> None:
        self.notes: list[str] = []
        self._root = root
        self._options = options
        self._scratch = scratch
        self._limits = limits
        self._watch = watch
        self._folder: dict[str, int] = {}

    def sample(self, operation: str, state: str) -> Sample:
        """Run one process and return what it took."""
        # What one operation leaves need not be all that another would find.
        index = self._scratch / operation
        if state == COLD:
            shutil.rmtree(index, ignore_errors=True)
        elif not index.exists():
            self._process(operation, index)
        elapsed_s, answer = self._process(operation, index)
        self.notes += answer["notes"]
        self._folder = {**self._folder, **answer["folder"]}
        start = Stage(
            name=STAGE_START,
            elapsed_s=max(0.0, elapsed_s - answer["call_elapsed_s"]),
            cpu_s=answer["start_cpu_s"],
            peak_memory_bytes=answer["start_peak_bytes"],
        )
        return Sample(
            elapsed_s=elapsed_s,
            cpu_s=answer["cpu_s"],
            peak_memory_bytes=answer["peak_memory_bytes"],
            call_elapsed_s=answer["call_elapsed_s"],
            call_cpu_s=answer["call_cpu_s"],
            files_parsed=answer["files_parsed"],
            **self._folder,
            hit_rate=answer["hit_rate"],
            workers=answer["workers"],
            stages=(start, *(Stage(**stage) for stage in answer["stages"])),
            alerts=(*(Alert(**alert) for alert in answer["alerts"]), *self._alerts(answer, state)),
        )

    def _alerts(self, answer: dict[str, Any], state: str) -> Iterator[Alert]:
        wished, share = self._limits.cpu_percent, 100 * answer["call_cpu_s"] / (answer["call_elapsed_s"] or 1.0)
        if wished is not None and share > wished:
            yield Alert(kind=ALERT_CPU, limit=wished, value=share)
        least, found = self._limits.hit_rate, answer["hit_rate"]
        if least is not None and state == WARM and found < least:
            yield Alert(kind=ALERT_HIT_RATE, limit=least, value=found)

    def _process(self, operation: str, index: Path) -> tuple[float, dict[str, Any]]:
        """Run one process to its end; return its wall seconds and its answer. Raises BenchError, ScanCancelled."""
        answer = self._scratch / "answer.json"
        answer.unlink(missing_ok=True)
        task = {
            "operation": operation,
            "root": str(self._root),
            "options": {**self._options, "cache_dir": str(index)},
            "alert_memory_bytes": self._limits.memory_bytes,
            "answer": str(answer),
        }
        elapsed_s, code, complaint = run_process(json.dumps(task), self._watch)
        try:
            return elapsed_s, json.loads(answer.read_bytes())
        except (OSError, ValueError):
            lines = complaint.decode("utf-8", "replace").strip().splitlines()[-_ERROR_LINES:]
            said = lines[-1] if lines else "it said nothing"
            raise BenchError(f"the {operation} of {str(self._root)!r} ended with exit code {code}: {said}") from None


def run_process(task: str, watch: Progress) -> tuple[float, int, bytes]:
    """Run ``bench_process`` with a task; return wall seconds, exit code, and what it wrote to the standard error.

    Raises ScanCancelled within 50 ms of a cancellation; the process is gone by then.
    """
    # -P: a module in the working folder must not be taken for one of ours.
    command = [sys.executable, "-P", "-m", "repomap_fast.bench.process"]
    start_s = time.perf_counter()
    # numpy's linear algebra, which is not used here, starts threads that spin: 50 ms of processor time.
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    ended: list[tuple[float, bytes]] = []

    def wait() -> None:
        # A wait with a timeout looks again and again, with pauses that would count as the process's time.
        _, complaint = process.communicate(task.encode("ascii"))
        ended.append((time.perf_counter(), complaint))

    waiting = threading.Thread(target=wait, name="repomap-fast-bench")
    waiting.start()
    try:
        while waiting.is_alive():
            waiting.join(_POLL_S)
            watch.raise_if_cancelled()
    except BaseException:
        process.kill()
        waiting.join()
        raise
    end_s, complaint = ended[0]
    return end_s - start_s, process.returncode, complaint


@contextmanager
def _scratch_folder(cache_dir: str | os.PathLike[str] | None, notes: list[str]) -> Iterator[Path]:
    """Make a folder on the disk on which indexes are kept, and delete it at the end."""
    parent: Path | None = cache_folder(cache_dir)
    try:
        make_cache_folder(cache_dir)
        _delete_left_overs(cache_folder(cache_dir))
        folder = tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=parent)
    except (OSError, StoreError) as error:
        folder = tempfile.mkdtemp(prefix=f"repomap-fast-{_FOLDER_PREFIX}")
        why = error.strerror if isinstance(error, OSError) else error
        notes.append(f"the indexes were made in {folder}, since {parent} cannot be written: {why}")
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _delete_left_overs(parent: Path) -> None:
    """Delete the folders of benchmarks that were killed, but none of another user's. Raises OSError, StoreError."""
    with PrivateFolder.open(parent, may_be_shared=True) as folder:
        for name in folder.names():
            with suppress(OSError, StoreError):
                status = folder.status(name)
                check_private(parent / name, status)
                if name.startswith(_FOLDER_PREFIX) and time.time() - status.st_mtime > _LEFT_OVER_S:
                    folder.remove_folder(name)


def _call_options(options: ScanOptions) -> dict[str, Any]:
    """Return the options as keywords of ``repomap_fast.scan`` that JSON can hold."""
    queries = None if options.queries is None else str(options.queries.absolute())
    return {**asdict(options), "queries": queries}


def _named_options(options: ScanOptions, repeats: int, *, cache: bool) -> dict[str, str]:
    """Return the options that differ from the defaults, as text."""
    default, chosen = _call_options(ScanOptions()), _call_options(options)
    named = {name: chosen[name] for name in chosen if chosen[name] != default[name]}
    texts = {name: ", ".join(value) if isinstance(value, tuple) else str(value) for name, value in named.items()}
    return {"repeats": str(repeats), **texts, **({} if cache else {"cache": "no"})}


def _with_options(alerts: AlertLimits, options: ScanOptions) -> AlertLimits:
    """Return the limits; the CPU limit of a scan is that of its alert too, if the alert has none."""
    return alerts if alerts.cpu_percent is not None else replace(alerts, cpu_percent=options.max_cpu)


def _list_notes(cases: Sequence[Case], load: float | None, processors: int) -> Iterator[str]:
    """Say what a reader of the figures should know."""
    if load is not None and load > processors / 2:
        yield f"the machine was busy: a load of {load:.1f} on {processors} processors before the first run"
    for case in cases:
        quickest, slowest = case.range_s
        if len(case.samples) > 1 and quickest and slowest / quickest - 1 > _SPREAD:
            yield f"{case.name}: the times differ by {100 * (slowest / quickest - 1):.0f} %; more repeats tell more"
        failed = max(sample.files_failed for sample in case.samples)
        if failed:
            yield f"{case.name}: {failed:,} files could not be read or parsed"
