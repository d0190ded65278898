"""Options: what is refused is told with what was expected. What a scan refuses is in ``test_api``."""

from __future__ import annotations

import subprocess
import sys

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.options import MIN_MAX_MEMORY_MB, ScanOptions


@pytest.mark.parametrize("megabytes", [-1, 0, 1, 63])
def test_less_memory_than_the_interpreter_needs_is_refused(megabytes: int) -> None:
    with pytest.raises(OptionError, match=f"max_memory_mb is {megabytes} MB; expected at least 64: .* about 40"):
        ScanOptions(max_memory_mb=megabytes)


@pytest.mark.parametrize("percent", [-100, 0, 25_601])
def test_a_share_of_no_processor_or_of_too_many_is_refused(percent: int) -> None:
    with pytest.raises(OptionError, match=f"max_cpu_percent is {percent}; expected 1 to 25600"):
        ScanOptions(max_cpu_percent=percent)


def test_limits_are_off_unless_they_are_set() -> None:
    options = ScanOptions()
    assert (options.max_memory_mb, options.max_memory_bytes, options.max_cpu_percent) == (None, None, None)
    options = ScanOptions(max_memory_mb=256, max_cpu_percent=150)
    assert (options.max_memory_bytes, options.max_cpu_percent) == (256_000_000, 150)


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count other pages")
def test_the_least_limit_leaves_room_beside_the_interpreter_and_all_modules() -> None:
    program = """
import repomap_fast.api
from repomap_fast.resources.memory import peak_memory_bytes
print(peak_memory_bytes())
"""
    output = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert int(output) < 0.85 * MIN_MAX_MEMORY_MB * 10**6
