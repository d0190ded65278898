"""What a hook of Claude Code prints when a session or a sub-agent starts: a map of the repository.

It never fails, and never takes long: a session must not wait for us. Of a repository that was never scanned, the map
has what could be parsed in time, which is kept, so that the next call goes on from there. Where there is no time for
that either, it is a list of folders.
"""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from repomap_fast import api
from repomap_fast.errors import ScanCancelled
from repomap_fast.unseen import shown_text

MAX_CHARACTERS = 9_000
"""Claude Code takes 10,000 characters from a hook."""
LIMIT_S = 1.8
"""How long all of it may take, from the start of the process on."""
DRAW_S = 0.35
"""What of that is left for the ranking and the drawing, after the deadline of the scan."""
LIST_S = 0.3
"""How long the list of folders may take, where there is no map by then."""
_LEAST_S = 0.1
MAX_INPUT_BYTES = 1 << 20
_START_S = 0.2
_CHARACTERS_PER_TOKEN = 3.5
_HEAD = (
    "A map of this repository, by repomap-fast: the files and definitions that matter most. For a task, ask the tools "
    "repo_map, search_symbols, read_symbol and find_references, or run `repomap-fast map --query TASK`.\n\n"
)
_NO_HEAD = "The map of this repository, by repomap-fast, was not ready in time. "
_MOST_FOLDERS = 40
_NOTE_CHARACTERS = 400
"""Room for the note on how much was read in time."""


def root_of(document: bytes) -> Path:
    """Return the project that the input of a hook names, or the working folder."""
    named = os.environ.get("CLAUDE_PROJECT_DIR")
    if not named:
        try:
            found = json.loads(document)
        except (ValueError, RecursionError):
            found = None
        named = found.get("cwd") if isinstance(found, dict) else None
    return Path(named) if isinstance(named, str) and named else Path.cwd()


def answer(event: str, text: str) -> str:
    """Return what is printed for an event: text for the start of a session, JSON for the start of a sub-agent."""
    if event == "SessionStart":
        return text
    output = {"hookSpecificOutput": {"hookEventName": event, "additionalContext": text}}
    return json.dumps(output) + "\n"


def text_for(root: Path, *, seconds: float = LIMIT_S, **options: Any) -> str:
    """Return the map of a repository, or what is known of it in time; no more than 9,000 characters.

    seconds  that are left for it.
    options  of ``api.map``. Raises RepoMapError.
    """
    try:
        deadline = max(_LEAST_S, seconds - DRAW_S - LIST_S)
        body = _within(deadline + DRAW_S, lambda cancel: _map(root, cancel, deadline, options))
    except ScanCancelled:
        body = _within(LIST_S, lambda cancel: _folders(root, cancel))
    return shown_text(f"{_HEAD}{body}")[:MAX_CHARACTERS]


def without_map() -> str:
    """Return what is said where there was no time for anything."""
    return f"{_NO_HEAD}{_HEAD.partition('. ')[2]}"


def _within(seconds: float, work: Callable[[threading.Event], str]) -> str:
    cancel = threading.Event()
    timer = threading.Timer(seconds, cancel.set)
    timer.daemon = True
    timer.start()
    try:
        return work(cancel)
    finally:
        timer.cancel()


def _map(root: Path, cancel: threading.Event, deadline: float, options: dict[str, Any]) -> str:
    room = MAX_CHARACTERS - len(_HEAD) - _NOTE_CHARACTERS
    found = api.map(
        root,
        tokens=int(room / _CHARACTERS_PER_TOKEN),
        tokenizer=lambda text: math.ceil(len(text) / _CHARACTERS_PER_TOKEN),
        deadline=deadline,
        cancel=cancel,
        **options,
    )
    body = found.text if found.files else "There are no source files that it knows.\n"
    notes = "".join(f"note: {note}\n" for note in found.notes)
    return f"{body}\n{notes}"[: room + _NOTE_CHARACTERS]


def _folders(root: Path, cancel: threading.Event) -> str:
    """Return the folders, those with the most files first: all that is known without a scan."""
    from repomap_fast.discovery.discover import discover
    from repomap_fast.options import ScanOptions
    from repomap_fast.progress import Progress

    lines = ["The first scan of this repository goes on; ask the tools for more. Its folders, by files:"]
    try:
        paths = discover(root.absolute(), ScanOptions(), Progress(None, cancel)).paths
    except ScanCancelled:
        return f"{lines[0].partition(';')[0]}; ask the tools for the map.\n"
    counts = Counter(b"/".join(path.split(b"/")[:2][: path.count(b"/")]) for path in paths)
    lines += [f"{os.fsdecode(folder) or '.'}/ {count:,}" for folder, count in counts.most_common(_MOST_FOLDERS)]
    return "\n".join(lines) + "\n"


def age_s() -> float:
    """Return for how long this process has run, where the system tells, or else about how long Python's start takes."""
    try:
        started = int(Path("/proc/self/stat").read_text("utf-8").rpartition(")")[2].split()[19])
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return _START_S


@contextmanager
def guard(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    """Call ``end``, and end the process with success, if the block takes longer, whatever it is in the middle of."""

    def leave() -> None:
        try:
            end()
        finally:
            os._exit(0)

    timer = threading.Timer(seconds, leave)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
