"""Budgets of time and memory, cancelling and Ctrl-C: a file is left at once, and what comes after it is fine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

import repomap_fast
from repomap_fast import ScanCancelled
from repomap_fast.progress import Progress
from repomap_fast.tables import FileStatus
from support.made_scans import names, scan_files, scan_source, status


def test_a_file_that_takes_too_long_is_left_and_the_next_one_is_fine(tmp_path: Path) -> None:
    sources = {b"a": b"f()", b"b": b"def g(): pass\n" * 200_000, b"c": b"h()"}
    result = scan_files(tmp_path, sources, "python", timeout_per_file=0.05)
    assert [file.status for file in result.files] == [FileStatus.TAGGED, FileStatus.OUT_OF_TIME, FileStatus.TAGGED]
    assert result.file("b").reason == "out of time: 0.05 s"
    assert names(result) == ["f", "h"]


def test_a_file_that_takes_too_much_memory_is_left_and_the_next_one_is_fine(tmp_path: Path) -> None:
    sources = {b"a": b"f()", b"b": b"def g(): pass\n" * 200_000, b"c": b"h()"}
    result = scan_files(tmp_path, sources, "python", max_file_memory=16 * 2**20)
    assert [file.status for file in result.files] == [FileStatus.TAGGED, FileStatus.OUT_OF_MEMORY, FileStatus.TAGGED]
    assert result.file("b").reason == "out of memory: 16 MiB"
    assert names(result) == ["f", "h"]


def test_a_file_of_many_definitions_is_given_up_and_says_so(tmp_path: Path) -> None:
    source = b"".join(b"def f%d(): pass\n" % i for i in range(200_000))
    result = scan_files(tmp_path, {b"a": source, b"b": b"h()"}, "python", max_file_memory="64M")
    assert result.file("a").reason == "out of memory: 64 MiB"
    assert names(result) == ["h"]


def test_what_other_files_left_behind_does_not_decide_whether_a_file_has_room(tmp_path: Path) -> None:
    large, larger = (b"".join(b"def f%d(): g()\n" % i for i in range(n)) for n in (7_000, 9_000))
    for megabytes in range(4, 14):
        alone = scan_files(tmp_path, {b"a": large}, "python", max_file_memory=megabytes << 20)
        behind = scan_files(tmp_path, {b"a": large, b"b": larger}, "python", max_file_memory=megabytes << 20)
        assert alone.file("a").status == behind.file("a").status, megabytes


def test_a_scanner_that_was_left_in_the_middle_is_fine_again(tmp_path: Path) -> None:
    # Python's external scanner keeps a stack of indents of its own.
    deep = b"".join(b" " * depth + b"if x:\n" for depth in range(2000)) + b" " * 2000 + b"f()\n"
    for _ in range(5):
        assert status(scan_source(tmp_path, deep, "python", timeout_per_file=0.001)) == FileStatus.OUT_OF_TIME
    assert names(scan_source(tmp_path, b"if x:\n  f()\ng()\n", "python")) == ["f", "g"]


@pytest.mark.usefixtures("no_thread_left")
def test_cancel_leaves_in_the_middle_of_a_file(tmp_path: Path) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    source = b"def g(): pass\n" * 2_000_000
    with pytest.raises(ScanCancelled):
        scan_source(tmp_path, source, "python", watch=Progress(None, cancel), max_file_memory="2G")


def busy_s(process: psutil.Process) -> float:
    """Return the processor time of a process so far."""
    times = process.cpu_times()
    return times.user + times.system


def ended_children_s() -> float:
    """Return the processor time of the children of this process that ended and were waited for."""
    times = psutil.Process().cpu_times()
    return times.children_user + times.children_system


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_leaves_in_the_middle_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_bytes(b"def g(): pass\n" * 3_000_000)
    script = (
        "import signal, sys, repomap_fast\n"
        # A shell has what it runs in the background ignore it.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "def tell(stage, done, total):\n"
        "    if stage == 'tag': print('tagging', flush=True)\n"
        "repomap_fast.scan(sys.argv[1], progress=tell, max_file_memory=2**31)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    ended_before_s = ended_children_s()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"tagging\n"
        time.sleep(0.3)
        before_s = busy_s(psutil.Process(process.pid))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    # A quarter of a second is the aim. Processor time, as another process may stall a shared machine.
    assert ended_children_s() - ended_before_s - before_s < 2
    assert said.rstrip().endswith(b"KeyboardInterrupt")


@pytest.mark.slow
def test_many_scans_in_one_process_do_not_grow(tmp_path: Path) -> None:
    status_file = Path("/proc/self/statm")
    if not status_file.exists():
        pytest.skip("resident memory is read from /proc")
    if "ASAN_OPTIONS" in os.environ:
        pytest.skip("the sanitizer keeps what was freed for a while")
    for i in range(20):
        (tmp_path / f"{i}.py").write_text("class A:\n    def b(self): return c(d, e)\n" * 200)

    def resident_pages() -> int:
        return int(status_file.read_text().split()[1])

    for _ in range(50):
        repomap_fast.scan(tmp_path)
    before = resident_pages()
    for _ in range(150):
        repomap_fast.scan(tmp_path)
    assert (resident_pages() - before) * os.sysconf("SC_PAGESIZE") < 4 * 2**20
