"""More names than the memory that a scan was given could hold: it stays within, and gives the same columns."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LIMIT_MB = 128
N_FILES, N_NAMES = 1500, 1000
NAME = "a_name_that_is_as_long_as_those_of_registers_{:04}_{:04}_of_many"

SCAN = """
import hashlib, sys
import repomap_fast
limit_mb = int(sys.argv[3]) or None
result = repomap_fast.scan(sys.argv[1], cache_dir=sys.argv[2], workers=2, max_memory=limit_mb and limit_mb * 10**6)
peak_mb = result.metrics.peak_memory_bytes // 10**6
table = result.tag_table
columns = (table.name_ids, table.roles, table.rows, table.columns, table.names.offsets, table.names.data)
digest = hashlib.sha256()
for column in columns:
    digest.update(column)
print(peak_mb, len(table.names), digest.hexdigest(), "read names where they were written" in "".join(result.notes))
"""


@pytest.mark.slow
@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is counted as on Linux")
def test_more_names_than_memory(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for file in range(N_FILES):
        lines = [f"#define {NAME.format(file, number)} 1\n" for number in range(N_NAMES)]
        (root / f"{file:04}.h").write_text("".join(lines), "utf-8")
    found = []
    for limit_mb in (LIMIT_MB, 0):
        command = [sys.executable, "-c", SCAN, root, tmp_path / f"cache{limit_mb}", str(limit_mb)]
        run = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
        found.append(run.stdout.split())
    (peak_mb, *limited), (free_peak_mb, *free) = found
    assert limited[:2] == free[:2]
    assert (limited[2], free[2]) == ("True", "False")
    assert int(limited[0]) == N_FILES * N_NAMES
    # The same names in memory take more than there is.
    assert int(peak_mb) <= LIMIT_MB < int(free_peak_mb)


ONE_FILE = """
import sys
import repomap_fast
from repomap_fast.resources.memory import peak_memory_bytes
result = repomap_fast.scan(sys.argv[1], max_memory=int(sys.argv[2]) * 10**6, timeout_per_file=300, cache=False)
print(peak_memory_bytes() // 10**6, result.files[0].reason)
"""

MAP = """
import sys
import repomap_fast
from repomap_fast.resources.memory import peak_memory_bytes
limit_bytes = int(sys.argv[2]) * 10**6
repo_map = repomap_fast.map(sys.argv[1], workers=4, max_memory=limit_bytes, cache=False)
print(peak_memory_bytes() // 10**6, len(repo_map.definitions))
"""


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is counted as on Linux")
@pytest.mark.parametrize(
    ("source", "n_shown"),
    [
        # Its rows as numbers of Python's would take 700 MB.
        (b"def f(): pass\nf()\n" + b"\n" * 20_000_000, 1),
        # The scan gives it up for want of memory, and so does not the map take it up again.
        (b"x = " + b"(" * 1_500_000, 0),
        # A class is one statement, which no window ends.
        (b"class A:\n" + b"".join(b"    def f%d(self): pass\n" % i for i in range(300_000)), 0),
        # Whether a row is blank is told a block of it at a time.
        (b"def f(): pass\nf()\n" + b" " * 20_000_000 + b"\n", 1),
    ],
    ids=["line feeds", "parentheses", "one class", "blanks"],
)
def test_a_map_stays_within_its_memory(tmp_path: Path, source: bytes, n_shown: int) -> None:
    (tmp_path / "a.py").write_bytes(source)
    run = subprocess.run([sys.executable, "-c", MAP, str(tmp_path), "200"], capture_output=True, text=True, check=True)
    peak_mb, n_definitions = map(int, run.stdout.split())
    assert n_definitions == n_shown
    assert peak_mb <= 200


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is counted as on Linux")
@pytest.mark.parametrize(
    ("name", "head", "member", "tail"),
    [
        ("a.py", "class A:\n", "    def f{}(self): pass\n", ""),
        ("A.java", "class A {\n", "  void f{}() {}\n", "}\n"),
        ("a.cpp", "class A {\n", "  void f{}() {}\n", "};\n"),
        ("a.ts", "class A {\n", "  f{}() {}\n", "}\n"),
        ("a.go", "package a\n\ntype A struct {\n", "\tF{} int\n", "}\n"),
    ],
    ids=lambda part: part if isinstance(part, str) and "." in part else "",
)
def test_a_class_that_has_no_room_is_given_up_and_named(
    tmp_path: Path, name: str, head: str, member: str, tail: str
) -> None:
    members = "".join(member.replace("{}", str(number), 1) for number in range(300_000))
    (tmp_path / name).write_text(head + members + tail)
    run = subprocess.run([sys.executable, "-c", ONE_FILE, tmp_path, "150"], capture_output=True, text=True, check=True)
    peak_mb, reason = run.stdout.strip().split(" ", 1)
    assert reason == "out of memory: the limit of 150 MB for all"
    assert int(peak_mb) <= 150
