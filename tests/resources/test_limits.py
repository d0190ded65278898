"""Limits, in made-up systems: folders with a ``proc`` and a ``sys`` of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.options import ScanOptions
from repomap_fast.resources import limits
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes

GIB = 2**30
NO_LIMIT_V1 = 9223372036854771712
MOUNT_V2 = "31 23 0:41 {shown} /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate"
MOUNT_V1 = "35 31 0:32 {shown} /sys/fs/cgroup/{folder} rw,relatime - cgroup cgroup rw,{folder}"


@pytest.fixture(autouse=True)
def a_machine_of_64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(48)), raising=False)
    if sys.platform != "win32":
        import resource

        infinity = resource.RLIM_INFINITY
        monkeypatch.setattr(resource, "getrlimit", lambda _: (infinity, infinity))


def make_system(root: Path, cgroup: list[str], mounts: list[str], files: dict[str, str]) -> Path:
    """Write a system with 32 GiB of memory; ``files`` are below /sys/fs/cgroup."""
    texts = {
        "proc/self/cgroup": "".join(f"{line}\n" for line in cgroup),
        "proc/self/mountinfo": "".join(
            f"{line}\n" for line in ["22 1 254:0 / / rw,relatime - ext4 /dev/vda rw", *mounts]
        ),
        "proc/meminfo": f"MemTotal:       {32 * GIB // 1024} kB\nMemFree:        1024 kB\n",
        **{f"sys/fs/cgroup/{path}": f"{text}\n" for path, text in files.items()},
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root


def version_2(root: Path, place: str, files: dict[str, str], *, shown: str = "/") -> Path:
    return make_system(root, [f"0::{place}"], [MOUNT_V2.format(shown=shown)], files)


def version_1(root: Path, place: str, files: dict[str, str], *, shown: str = "/") -> Path:
    return make_system(
        root,
        ["9:name=systemd:/", f"5:cpu,cpuacct:{place}", f"4:memory:{place}", "0::/"],
        [MOUNT_V1.format(shown=shown, folder=folder) for folder in ("cpu,cpuacct", "memory", "pids")],
        files,
    )


def test_without_any_proc_the_mask_counts(tmp_path: Path) -> None:
    assert available_cpus(root=tmp_path) == 48
    assert memory_limit_bytes(root=tmp_path) > 2**26


def test_without_a_mask_the_processors_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    assert available_cpus(root=tmp_path) == 64
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert available_cpus(root=tmp_path) == 1


def test_python_may_be_told_of_fewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert available_cpus(root=tmp_path) == 3


def test_groups_without_limits(tmp_path: Path) -> None:
    unlimited = {"a/cpu.max": "max 100000", "a/memory.max": "max", "a/memory.high": "max"}
    root = version_2(tmp_path, "/a", unlimited)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (48, 32 * GIB)


def test_version_1_without_limits(tmp_path: Path) -> None:
    unlimited = {
        "cpu,cpuacct/a/cpu.cfs_quota_us": "-1",
        "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
        "memory/a/memory.limit_in_bytes": f"{NO_LIMIT_V1}",
    }
    root = version_1(tmp_path, "/a", unlimited)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (48, 32 * GIB)


@pytest.mark.parametrize(
    ("quota", "n_cpus"),
    [("50000 100000", 1), ("100000 100000", 1), ("100001 100000", 2), ("250000 100000", 3), ("9900000 100000", 48)],
)
def test_a_quota_is_rounded_up(tmp_path: Path, quota: str, n_cpus: int) -> None:
    assert available_cpus(root=version_2(tmp_path / "2", "/a", {"a/cpu.max": quota})) == n_cpus
    microseconds, period = quota.split()
    folder = "cpu,cpuacct/a/cpu.cfs"
    files = {f"{folder}_quota_us": microseconds, f"{folder}_period_us": period}
    assert available_cpus(root=version_1(tmp_path / "1", "/a", files)) == n_cpus


@pytest.mark.parametrize("level", ["", "a/", "a/b/", "a/b/c/"])
def test_the_tightest_group_on_the_way_up_counts(tmp_path: Path, level: str) -> None:
    files = {f"{group}cpu.max": "800000 100000" for group in ("a/", "a/b/", "a/b/c/")}
    files |= {f"{group}memory.max": f"{8 * GIB}" for group in ("a/", "a/b/", "a/b/c/")}
    files |= {f"{level}cpu.max": "200000 100000", f"{level}memory.max": f"{2 * GIB}"}
    # What is beside the way, or below the process's own group, holds others.
    files |= {f"{group}/cpu.max": "100000 100000" for group in ("other", "a/other", "a/b/c/below")}
    files |= {f"{group}/memory.max": f"{GIB}" for group in ("other", "a/other", "a/b/c/below")}
    root = version_2(tmp_path, "/a/b/c", files)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (2, 2 * GIB)


def test_version_1_has_a_tree_for_each_controller(tmp_path: Path) -> None:
    files = {
        "cpu,cpuacct/cpu.cfs_quota_us": "400000",
        "cpu,cpuacct/cpu.cfs_period_us": "100000",
        "cpu,cpuacct/a/cpu.cfs_quota_us": "600000",
        "cpu,cpuacct/a/cpu.cfs_period_us": "100000",
        "memory/memory.limit_in_bytes": f"{NO_LIMIT_V1}",
        "memory/a/memory.limit_in_bytes": f"{3 * GIB}",
        # No tree of ours: a limit in it counts for nothing.
        "pids/a/memory.limit_in_bytes": f"{GIB}",
    }
    root = version_1(tmp_path, "/a", files)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (4, 3 * GIB)


def test_the_mark_from_which_the_kernel_slows_down_is_a_limit(tmp_path: Path) -> None:
    files = {"a/memory.max": f"{4 * GIB}", "a/memory.high": f"{3 * GIB}"}
    assert memory_limit_bytes(root=version_2(tmp_path, "/a", files)) == 3 * GIB


@pytest.mark.parametrize("place", ["/docker/1f/inner", "/docker/1f"])
def test_a_container_that_sees_its_own_part_of_the_tree(tmp_path: Path, place: str) -> None:
    files = {"cpu.max": "300000 100000", "memory.max": f"{GIB}", "inner/memory.max": "max"}
    root = version_2(tmp_path, place, files, shown="/docker/1f")
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (3, GIB)


@pytest.mark.parametrize(("place", "shown"), [("/../other", "/"), ("/elsewhere", "/docker/1f"), ("/", "/docker/1f")])
def test_a_process_outside_of_what_is_shown_is_held_by_what_is(tmp_path: Path, place: str, shown: str) -> None:
    files = {"cpu.max": "300000 100000", "memory.max": f"{GIB}", "../other/memory.max": "5"}
    root = version_2(tmp_path, place, files, shown=shown)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (3, GIB)


def test_a_mount_point_with_spaces(tmp_path: Path) -> None:
    mount = "31 23 0:41 / /sys/fs/cgroup/my\\040groups rw - cgroup2 cgroup2 rw"
    root = make_system(tmp_path, ["0::/a b"], [mount], {"my groups/a b/memory.max": f"{GIB}"})
    assert memory_limit_bytes(root=root) == GIB


def test_files_that_are_gone_or_make_no_sense(tmp_path: Path) -> None:
    files = {"a/cpu.max": "0 0", "a/memory.max": "12 apples of 5", "cpu.max": "many", "memory.max": "-5"}
    root = version_2(tmp_path, "/a/gone", files)
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (48, 32 * GIB)
    (root / "proc/self/mountinfo").write_text("nonsense\n\n1 2 3 - cgroup2\n", "utf-8")
    assert (available_cpus(root=root), memory_limit_bytes(root=root)) == (48, 32 * GIB)


@given(st.lists(st.text(alphabet="0:/a. -cgroup2memory,\\\t", max_size=60), max_size=6))
def test_any_text_in_the_place_of_mounts(folder: Path, lines: list[str]) -> None:
    root = make_system(folder, [*lines, "0::/a"], lines, {"a/cpu.max": "100000 100000"})
    assert 1 <= available_cpus(root=root) <= 48
    assert 0 <= memory_limit_bytes(root=root) <= 32 * GIB


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_limit_on_the_address_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    limits = {resource.RLIMIT_AS: (5 * GIB, resource.RLIM_INFINITY)}
    monkeypatch.setattr(resource, "getrlimit", limits.__getitem__)
    root = version_2(tmp_path, "/a", {"a/memory.max": f"{6 * GIB}"})
    assert memory_limit_bytes(root=root) == 5 * GIB
    (root / "sys/fs/cgroup/a/memory.max").write_text(f"{4 * GIB}", "utf-8")
    assert memory_limit_bytes(root=root) == 4 * GIB


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="a system that has all of it")
def test_this_system() -> None:
    program = """
import os, resource
from repomap_fast.resources.limits import available_cpus, memory_limit_bytes
assert 1 <= available_cpus() <= len(os.sched_getaffinity(0))
before = memory_limit_bytes()
assert 2**26 < before <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
assert available_cpus() == 1
hard = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (before - 4096, hard))
assert memory_limit_bytes() == before - 4096
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_it_is_what_a_scan_starts_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing is remembered of what this machine has.
    monkeypatch.setattr(limits, "_last_cpus", (float("-inf"), 1))
    assert ScanOptions().n_workers == available_cpus()
    assert ScanOptions(workers=7).n_workers == 7
