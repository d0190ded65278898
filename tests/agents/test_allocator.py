"""Threads that come one after another take memory where those before them have freed it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

N_PLACES = """
import ctypes
import sys
import threading
from repomap_fast.agents.allocator import share_memory_among_threads

shares = "share" not in sys.argv or share_memory_among_threads()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
all_have_memory = threading.Barrier(4)

def take() -> None:
    library.malloc(1000)
    all_have_memory.wait()

threads = [threading.Thread(target=take) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(shares, flush=True)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


def count_places(*arguments: str) -> int:
    environment = {name: text for name, text in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    command = [sys.executable, "-c", N_PLACES, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.startswith("True\n")
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_threads_share_memory_once_they_are_told_to() -> None:
    assert count_places() == 5
    assert count_places("share") == 1
