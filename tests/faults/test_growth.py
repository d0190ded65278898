"""An index that is refreshed for long holds no more than it did."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from support.growth import after_refreshes
from support.own_process import in_own_process
from support.repositories import make_repository


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted as on Linux")
@pytest.mark.parametrize("n_refreshes", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_refreshes_without_end_take_no_more(n_refreshes: int, tmp_path: Path) -> None:
    root, half = make_repository(tmp_path / "root", 200), n_refreshes // 2
    held = in_own_process(after_refreshes, root, tmp_path / "cache", n_refreshes)
    assert max(held.n_files[half:]) <= max(held.n_files[:half])
    assert held.threads == []
    if n_refreshes >= 100:
        assert max(held.sizes_bytes[half:]) - held.sizes_bytes[half] < 1 << 20


_LARGE_PIECES = """
import repomap_fast.joining.join as join
from repomap_fast.resources.memory import resident_memory_bytes

if {keeps_apart}:
    join.keep_large_memory_apart()
del bytearray(30 << 20)[:]
before, lasting = resident_memory_bytes(), []
large = []
for _ in range(16):
    large.append(b"x" * (2 << 20))
    lasting.append([bytes(600) for _ in range(50)])
large.clear()
print(resident_memory_bytes() - before)
"""


@pytest.mark.own_memory
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has bounds of its own")
def test_large_pieces_of_memory_are_given_back_although_small_ones_between_them_last() -> None:
    def left_bytes(*, keeps_apart: bool) -> int:
        command = [sys.executable, "-c", _LARGE_PIECES.format(keeps_apart=keeps_apart)]
        return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    assert left_bytes(keeps_apart=True) < 4 << 20
    assert left_bytes(keeps_apart=False) > 16 << 20
