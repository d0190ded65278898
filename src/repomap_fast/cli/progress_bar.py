"""The progress bar: on stderr, while a scan runs, and gone when it has ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from repomap_fast.progress import (
    STAGE_CHECK,
    STAGE_DISCOVER,
    STAGE_JOIN,
    STAGE_LINES,
    STAGE_LOOK,
    STAGE_REPOSITORIES,
    STAGE_TAG,
    STAGE_USES,
)

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, Task

    from repomap_fast.progress import ProgressCallback

MIN_INTERVAL_S = 0.05
"""Reports that follow faster are dropped: the bar is drawn ten times a second."""
NARROW_COLUMNS = 80
"""Terminals below this get a bar with fewer figures beside it."""

_STAGE_TEXTS = {
    STAGE_DISCOVER: "Finding files",
    STAGE_CHECK: "Checking",
    STAGE_LOOK: "Looking for words",
    STAGE_TAG: "Parsing",
    STAGE_JOIN: "Joining",
    STAGE_LINES: "Counting lines",
    STAGE_USES: "Looking for uses",
    STAGE_REPOSITORIES: "Scanning repositories",
}


@contextmanager
def progress_bar(*, wanted: bool) -> Iterator[ProgressCallback | None]:
    """Show a bar during the block and yield what moves it; None if it is not ``wanted``, or stderr no terminal."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    progress = _build_progress()
    if progress.console.is_dumb_terminal:
        yield None
        return
    with progress:
        yield _BarMover(progress)


class _BarMover:
    """Take the stages' reports to the bar: one task, which starts again with every stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task(_STAGE_TEXTS[STAGE_DISCOVER], total=None)
        self._stage = STAGE_DISCOVER
        self._next_s = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if stage != self._stage:
            self._stage = stage
            text = _STAGE_TEXTS.get(stage, stage.capitalize())
            self._progress.reset(self._task, total=total or None, description=text)
        elif now < self._next_s and done != total:
            return
        self._next_s = now + MIN_INTERVAL_S
        self._progress.update(self._task, completed=done, total=total or None)


def _build_progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class FilesPerSecondColumn(ProgressColumn):
        """Files a second of the stage at hand."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f} files/s", style="progress.data.speed", no_wrap=True)

    console = Console(stderr=True)
    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.description}")]
    if console.width >= NARROW_COLUMNS:
        columns += [BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TimeRemainingColumn()]
        columns.append(FilesPerSecondColumn())
    else:
        columns += [BarColumn(bar_width=None), TaskProgressColumn(), TimeRemainingColumn(compact=True)]
    return Progress(
        *columns,
        console=console,
        transient=True,
        expand=console.width < NARROW_COLUMNS,
        # Nothing is printed beside the bar; and what is written later depends on what the standard output really is.
        redirect_stdout=False,
    )
