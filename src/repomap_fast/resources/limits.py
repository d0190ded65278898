"""Limits of this process: processors and memory, which in a container are fewer than the machine has.

It never measures what is in use, or free.

Linux has three sources: the affinity mask, the control groups of the process, and its resource limits. A limit of a
control group applies to all groups below it, so the tightest on the path to the root counts. Version 2 has one tree of
groups; version 1 has one for each controller; a machine may have both.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_ROOT = Path("/")
_ASK_EVERY_S = 1.0
"""The answer takes longer than to look up a thousand files, and a call needs it several times."""
_last_cpus = float("-inf"), 1
_VERSION_2 = ""
"""Stands in ``/proc/self/cgroup`` for the tree of version 2, in place of controllers of version 1."""


def n_cpus() -> int:
    """Return ``available_cpus()``, as it was at most a second ago."""
    global _last_cpus
    now_s = time.monotonic()
    asked_s, n = _last_cpus
    if now_s - asked_s > _ASK_EVERY_S:
        n = available_cpus()
        _last_cpus = now_s, n
    return n


def available_cpus(*, root: Path = _ROOT) -> int:
    """Return how many processors this process may keep busy, at least 1.

    The least of the system's processors (from Python 3.13 on ``-X cpu_count`` and PYTHON_CPU_COUNT replace them), of
    the affinity mask, and of the control groups' quotas, rounded up: one thread can use half a processor. ``root`` is
    the folder of ``proc`` and ``sys``.
    """
    n_cpus = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        n_cpus = min(n_cpus, len(os.sched_getaffinity(0)))
    for quota, period in _cpu_quotas(root):
        n_cpus = min(n_cpus, -(-quota // period))
    return n_cpus


def memory_limit_bytes(*, root: Path = _ROOT) -> int:
    """Return the most memory that this process may have, in bytes.

    The least of the machine's memory, of the control groups' limits, and of the limit on the address space, which is
    always larger than resident memory. Other processes share this memory: it is a limit, not what is free. ``root`` is
    the folder of ``proc`` and ``sys``.
    """
    # Version 1 writes "no limit" as more than any machine's memory, so it is never the least.
    limits = [_physical_memory_bytes(root), *_memory_limits(root)]
    if sys.platform != "win32":
        import resource

        address_space, _ = resource.getrlimit(resource.RLIMIT_AS)
        if address_space != resource.RLIM_INFINITY:
            limits.append(address_space)
    return min(limits)


def _physical_memory_bytes(root: Path) -> int:
    # The file before sysconf(): some containers have a file of their own.
    for line in _lines(root / "proc/meminfo"):
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    import psutil

    return int(psutil.virtual_memory().total)


def _cpu_quotas(root: Path) -> Iterator[tuple[int, int]]:
    """Yield microseconds of processor time and the period, in microseconds, that they are for."""
    for group in _groups(root, _VERSION_2):
        numbers = _numbers(group / "cpu.max")
        if len(numbers) == 2 and min(numbers) > 0:
            yield numbers[0], numbers[1]
    for group in _groups(root, "cpu"):
        numbers = _numbers(group / "cpu.cfs_quota_us") + _numbers(group / "cpu.cfs_period_us")
        if len(numbers) == 2 and min(numbers) > 0:
            yield numbers[0], numbers[1]


def _memory_limits(root: Path) -> Iterator[int]:
    for group in _groups(root, _VERSION_2):
        # From ``high`` on the kernel slows processes down; at ``max`` it kills one.
        yield from _numbers(group / "memory.max") + _numbers(group / "memory.high")
    for group in _groups(root, "memory"):
        yield from _numbers(group / "memory.limit_in_bytes")


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of this process's control group and of all visible groups above it."""
    group = _own_group(root, controller)
    mount = _mount(root, controller)
    if group is None or mount is None:
        return
    mounted_group, mount_point = mount
    # In a container the mount often shows only a part of the tree, while the process has a path in the whole tree. A
    # group outside of the visible part ("/../other") is limited by the groups above both.
    below = group.relative_to(mounted_group) if group.is_relative_to(mounted_group) else PurePosixPath()
    if ".." in below.parts:
        below = PurePosixPath()
    for part in (below, *below.parents):
        yield mount_point / part


def _own_group(root: Path, controller: str) -> PurePosixPath | None:
    """Return this process's path in the tree of ``controller``, or None. Lines are ``NUMBER:CONTROLLERS:PATH``."""
    for line in _lines(root / "proc/self/cgroup"):
        parts = line.split(":", 2)
        if len(parts) == 3 and controller in parts[1].split(","):
            return PurePosixPath(parts[2])
    return None


def _mount(root: Path, controller: str) -> tuple[PurePosixPath, Path] | None:
    """Return the part of the tree of ``controller`` that is mounted, and the mount point; or None.

    Lines are ``ID PARENT DEVICE PART POINT OPTIONS [TAGS …] - TYPE SOURCE OPTIONS``.
    """
    for line in _lines(root / "proc/self/mountinfo"):
        fields, _, of_type = line.partition(" - ")
        where, what = fields.split(" "), of_type.split(" ")
        if len(where) < 5 or len(what) < 3:
            continue
        is_wanted = (
            what[0] == "cgroup2"
            if controller == _VERSION_2
            else what[0] == "cgroup" and controller in what[2].split(",")
        )
        if is_wanted:
            return PurePosixPath(_unescaped(where[3])), root / _unescaped(where[4]).lstrip("/")
    return None


def _unescaped(text: str) -> str:
    for code in ("\\040", "\\011", "\\012", "\\134"):
        text = text.replace(code, chr(int(code[1:], 8)))
    return text


def _numbers(path: Path) -> list[int]:
    """Return the numbers in a file; none if there is no limit ("max", -1) or no file."""
    words = " ".join(_lines(path)).split()
    return [int(word) for word in words] if all(word.isascii() and word.isdigit() for word in words) else []


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").split("\n")
    except OSError:
        return []
