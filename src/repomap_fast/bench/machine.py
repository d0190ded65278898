"""Describes the machine of a benchmark: processor, system, memory, versions; nothing that names it or its owner."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

from repomap_fast import __version__, build_info
from repomap_fast.bench.runs import Machine
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes

_PACKAGES = ("numpy", "tree-sitter-language-pack")
"""Packages that may make a scan slower or faster."""


def describe_machine() -> Machine:
    """Return the facts about this machine that figures depend on."""
    return Machine(
        # What a distribution adds after the version says nothing about speed.
        system=f"{platform.system()} {platform.release().partition('-')[0]}".strip(),
        processor=processor_name(),
        processors=available_cpus(),
        memory_bytes=memory_limit_bytes(),
        load=load(),
    )


def processor_name() -> str:
    """Return the name of the processor, without trade marks; its architecture where it has none."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                named = re.sub(r"\((R|TM)\)|\bCPU\b", "", line.partition(":")[2])
                return " ".join(named.split())
    except OSError:
        pass
    return os.environ.get("PROCESSOR_IDENTIFIER") or platform.machine() or "unknown"


def load() -> float | None:
    """Return the mean number of runnable processes in the last minute; None where the system does not count them."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def versions() -> dict[str, str]:
    """Return the versions of repomap-fast, its build, its core, Python, and the packages that take part in a scan."""
    build = build_info()
    found = {"repomap-fast": __version__, "build": build.flavour, "tree-sitter": build.core}
    found["python"] = platform.python_version()
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
