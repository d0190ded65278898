"""Describes the machine and the programs that figures were measured on."""

from __future__ import annotations

import platform
import re
import subprocess

from repomap_fast.bench.machine import processor_name
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes


def describe_machine() -> dict[str, str]:
    """Return the machine in words; nothing in it names the machine or its owner."""
    try:
        system = platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        system = f"{platform.system()} {platform.release()}"
    return {
        "processor": processor_name(),
        "cores": str(available_cpus()),
        "memory": f"{(memory_limit_bytes() or 0) / 2**30:.0f} GiB",
        "system": system,
        # What a distribution adds after the version says nothing about speed.
        "kernel": platform.release().partition("-")[0],
    }


def machine_slug() -> str:
    """Return the machine as part of a folder's name: ``intel-xeon-2-cores``."""
    words = re.findall(r"[a-z0-9.]+", processor_name().lower())
    return "-".join([*[word for word in words if word != "processor"][:4], str(available_cpus()), "cores"])


def first_line(argv: list[str]) -> str:
    """Return the first line that a program prints, or ``?``: what ``--version`` gives."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return "?"
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines and not done.returncode else "?"


def package_version(python: str, *packages: str) -> dict[str, str]:
    """Return the versions of ``packages`` in the environment of ``python``; ``?`` where one is missing."""
    code = (
        "import importlib.metadata as m, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try: print(m.version(name))\n"
        "    except m.PackageNotFoundError: print('?')\n"
    )
    done = subprocess.run([python, "-c", code, *packages], capture_output=True, text=True)
    versions = done.stdout.split() if not done.returncode else ["?"] * len(packages)
    return dict(zip(packages, versions, strict=True))


def python_version(python: str) -> str:
    return first_line([python, "-c", "import platform; print(platform.python_version())"])
