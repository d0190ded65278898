"""What one refresh is given, and where it counts what it does.

No function of a refresh keeps anything else between two calls but what is in ``LoadedIndex``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, Self

from repomap_fast.metrics import IndexStats, ScanMetrics
from repomap_fast.resources.governors import Limits
from repomap_fast.resources.memory import peak_memory_bytes
from repomap_fast.settings import read_configuration

if TYPE_CHECKING:
    from pathlib import Path

    from repomap_fast.options import ScanOptions
    from repomap_fast.progress import Progress

_PAUSE_S = 0.05
"""How long a caller who cancels waits at the most."""
_MARGIN_S = 0.02
"""For the processor time between the last wait and the caller: without it the mean ends on the limit."""


class Context(NamedTuple):
    """What one refresh is given: root, options, limits, and the caller that watches.

    macros          those of the repository's settings and of the options.
    stats, metrics  counted as the refresh goes on, and when tables are loaded later.
    start_s         when it began, by ``time.perf_counter``.
    is_for_answer   whether sizes and times of files that have no language may be those that were seen last: the
                    caller shows none of them.
    """

    root: Path
    options: ScanOptions
    macros: tuple[str, ...]
    limits: Limits
    watch: Progress
    stats: IndexStats
    metrics: ScanMetrics
    start_s: float
    is_for_answer: bool = False

    @classmethod
    def of(cls, root: Path, options: ScanOptions, watch: Progress, *, is_for_answer: bool = False) -> Self:
        """Return the context of a new refresh. Raises ConfigurationError."""
        limits = Limits.of(options.max_memory, options.max_cpu)
        macros = (*read_configuration(root).macros, *options.macros)
        start_s = time.perf_counter()
        return cls(root, options, macros, limits, watch, IndexStats(), ScanMetrics(), start_s, is_for_answer)

    def count_up(self) -> None:
        """Write into the metrics what was done until now."""
        stats, metrics = self.stats, self.metrics
        metrics.elapsed_s, metrics.peak_memory_bytes = time.perf_counter() - self.start_s, peak_memory_bytes()
        metrics.files_parsed, metrics.files_known = stats.parsed, stats.fresh + stats.from_store
        metrics.hit_rate = stats.hit_rate

    def memory_notes(self) -> list[str]:
        """Return what was done to stay below the memory limit, as a sentence for the user."""
        memory = self.limits.memory
        if memory is None or not memory.actions:
            return []
        return [f"memory came near the limit of {memory.max_memory_bytes // 10**6} MB: {', '.join(memory.actions)}"]

    def wait_for_cpu_budget(self) -> None:
        """Wait until the mean is below the limit: the last batches and the join have used processor time as well.

        Raises ScanCancelled.
        """
        cpu, has_waited = self.limits.cpu, False
        while cpu is not None and (pause_s := cpu.pause_s()) > 0:
            self.watch.raise_if_cancelled()
            time.sleep(min(pause_s, _PAUSE_S))
            has_waited = True
        if has_waited:
            time.sleep(_MARGIN_S)
