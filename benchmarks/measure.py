"""Runs one program to its end and returns what it took, as the kernel counts it (``wait4``)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PIPE_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one program, with all the children that it waited for.

    peak_bytes is the largest resident set of any one process of the run. The kernel counts the resident set of the
    starting process in (about 20 MB here), so a smaller program shows that instead of its own.
    report is the JSON object on the last line of the standard output, if there is one; n_lines counts its lines.
    """

    user_s: float
    system_s: float
    wall_s: float
    peak_bytes: int
    exit_code: int
    n_lines: int
    report: Mapping[str, float]

    @property
    def cpu_s(self) -> float:
        return self.user_s + self.system_s


class RunFailed(Exception):
    """A program ended with an unexpected exit code; the message has the end of its error output."""


def run_measured(argv: list[str], *, fine_exit_codes: tuple[int, ...] = (0,), folder: Path | None = None) -> Run:
    """Run ``argv`` and wait for it.

    Its output goes to a file in the temporary folder, not through a pipe: reading a pipe would take processor time
    from a program that uses every core.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in fine_exit_codes:
            errors.seek(0)
            words = errors.read().decode(errors="replace").strip()[-2000:]
            raise RunFailed(f"{argv[0]} ended with {process.returncode}: {words}")
        n_lines, last_line = count_lines(output)
    return Run(
        user_s=usage.ru_utime,
        system_s=usage.ru_stime,
        wall_s=wall_s,
        peak_bytes=usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        exit_code=process.returncode,
        n_lines=n_lines,
        report=parse_report(last_line),
    )


def count_lines(output: IO[bytes]) -> tuple[int, bytes]:
    """Return how many lines the file has, and the last of them."""
    n_lines, tail = 0, b""
    output.seek(0)
    while block := output.read(PIPE_BLOCK):
        n_lines += block.count(b"\n")
        tail = (tail + block)[-4096:]
    return n_lines, tail.rstrip(b"\n").rpartition(b"\n")[2]


def parse_report(line: bytes) -> Mapping[str, float]:
    if not line.startswith(b"{"):
        return {}
    try:
        report = json.loads(line)
    except ValueError:
        return {}
    return {key: value for key, value in report.items() if isinstance(value, int | float)}
