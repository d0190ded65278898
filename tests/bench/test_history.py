"""The history of runs: damaged, cut off, written by many, and bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast.bench import history
from repomap_fast.bench.history import History, append_run, check_history, history_file, read_history, read_runs
from repomap_fast.bench.runs import to_json
from repomap_fast.errors import StoreError
from support.made_runs import make_run

APPENDER = """
import sys
from pathlib import Path
from support.made_runs import make_run
from repomap_fast.bench.history import append_run
for i in range(int(sys.argv[2])):
    append_run(Path(sys.argv[1]), make_run(root=f"/{sys.argv[3]}/{i}/" + "x" * 5000))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "runs.jsonl"


def days_in(file: Path) -> list[int]:
    return [round((run.started_s - make_run().started_s) / 86_400) for run in read_history(file).runs]


def test_runs_come_back_in_the_order_of_their_times(file: Path) -> None:
    for day in (3, 1, 2):
        append_run(file, make_run(day))
    found = read_history(file)
    assert (found.runs, found.n_damaged) == ((make_run(1), make_run(2), make_run(3)), 0)
    assert len(file.read_bytes().splitlines()) == 3


def test_no_file_is_an_empty_history(file: Path) -> None:
    assert read_history(file) == History()
    assert not file.exists()


def test_it_lies_beside_the_indexes(tmp_path: Path, cache_dir: Path) -> None:
    assert history_file(tmp_path) == tmp_path / "runs.jsonl"
    assert history_file() == cache_dir / "runs.jsonl"


def test_its_folder_is_made(tmp_path: Path) -> None:
    append_run(tmp_path / "new" / "folder" / "runs.jsonl", make_run())
    assert days_in(tmp_path / "new" / "folder" / "runs.jsonl") == [0]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
def test_it_is_the_users_own(file: Path) -> None:
    append_run(file, make_run())
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "damage",
    [
        b"nonsense",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b'{"format": 1}',
        b"[" * 100_000,
        b'{"format": ' + b"9" * 10_000 + b"}",
        b'{"format": 1, "root": "' + b"x" * (history.MAX_LINE_BYTES + 1) + b'"}',
        json.dumps({**to_json(make_run()), "format": 7}).encode(),
        json.dumps(to_json(make_run())).encode()[:-30],
    ],
    ids=lambda damage: repr(damage[:14]),
)
def test_a_damaged_line_costs_itself_alone(file: Path, damage: bytes) -> None:
    append_run(file, make_run(1))
    with file.open("ab") as stream:
        stream.write(damage + b"\n")
    append_run(file, make_run(2))
    assert days_in(file) == [1, 2]
    assert read_history(file).n_damaged == 1


def test_empty_lines_are_no_damage(file: Path) -> None:
    append_run(file, make_run(1))
    file.write_bytes(b"\n\r\n" + file.read_bytes().replace(b"\n", b"\r\n") + b"\n \n")
    append_run(file, make_run(2))
    assert (days_in(file), read_history(file).n_damaged) == ([1, 2], 0)


def test_a_line_that_was_cut_off_does_not_take_the_next_with_it(file: Path) -> None:
    for day in range(3):
        append_run(file, make_run(day))
    whole = file.read_bytes()
    lengths = [len(line) for line in whole.splitlines(keepends=True)]
    for cut in (1, 2, lengths[2] // 2, lengths[2] - 1, lengths[2], lengths[2] + 1, len(whole) - 1):
        file.write_bytes(whole[:-cut])
        before = read_history(file)
        append_run(file, make_run(9))
        after = read_history(file)
        assert after.runs == (*before.runs, make_run(9))
        assert after.n_damaged == before.n_damaged
        # A line that lacks nothing more than its end is whole.
        n_left = len(whole) - cut
        assert len(before.runs) == sum(n_left >= sum(lengths[: n + 1]) - 1 for n in range(3))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10**9), byte=st.integers(0, 255))
def test_any_byte_may_be_another(folder: Path, position: int, byte: int) -> None:
    file = folder / "flipped.jsonl"
    file.unlink(missing_ok=True)
    for day in range(3):
        append_run(file, make_run(day))
    content = bytearray(file.read_bytes())
    content[position % len(content)] = byte
    file.write_bytes(bytes(content))
    assert len(read_history(file).runs) >= 1
    append_run(file, make_run(7))
    assert read_history(file).runs[-1].root == make_run(7).root


def test_it_is_bounded_in_runs(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MAX_RUNS", 20)
    for day in range(21):
        append_run(file, make_run(day))
    assert days_in(file) == list(range(6, 21))
    for day in range(21, 27):
        append_run(file, make_run(day))
    assert days_in(file) == [*range(12, 27)]
    assert sorted(path.name for path in file.parent.iterdir()) == [".runs.jsonl.lock", "runs.jsonl"]


def test_it_is_bounded_in_bytes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_run(file, make_run())
    length = file.stat().st_size
    monkeypatch.setattr(history, "MAX_BYTES", 10 * length)
    for day in range(1, 12):
        append_run(file, make_run(day))
        assert file.stat().st_size <= 10 * length + 20
    assert days_in(file)[-1] == 11
    assert len(days_in(file)) >= 7


def test_of_a_file_that_is_far_too_long_the_end_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(8):
        append_run(file, make_run(day))
    monkeypatch.setattr(history, "MAX_BYTES", file.stat().st_size // 4)
    assert days_in(file) == [4, 5, 6, 7][-len(days_in(file)) :]
    assert len(days_in(file)) >= 3
    append_run(file, make_run(8))
    assert days_in(file)[-1] == 8
    assert file.stat().st_size <= history.MAX_BYTES


def test_a_run_that_is_too_long_is_refused(file: Path) -> None:
    with pytest.raises(StoreError, match="expected at most"):
        append_run(file, make_run(root="x" * history.MAX_LINE_BYTES))
    assert not file.exists()


def test_processes_that_write_at_once_lose_nothing(file: Path) -> None:
    n_processes, n_runs = 3, 20
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(file), str(n_runs), f"{number}"],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
        for number in range(n_processes)
    ]
    assert [process.wait(60) for process in processes] == [0] * n_processes
    found = read_history(file)
    assert found.n_damaged == 0
    assert sorted(run.root.rpartition("/")[0] for run in found.runs) == sorted(
        f"/{number}/{i}" for number in range(n_processes) for i in range(n_runs)
    )


def test_a_process_that_holds_the_lock_for_ever_is_not_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_LOCK_PATIENCE_S", 0.05)
    monkeypatch.setattr(history, "_try_lock", lambda lock: False)
    append_run(file, make_run())
    assert days_in(file) == [0]


def test_a_full_disk_leaves_the_file_as_it_was(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_run(file, make_run(1))
    before = file.read_bytes()
    true_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: true_write(descriptor, data[:100]))
    with pytest.raises(StoreError, match="no room for another line"):
        append_run(file, make_run(2))
    assert file.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_file_is_neither_read_nor_written(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, Path(os.devnull)):
        with pytest.raises(StoreError, match=r"ordinary file|cannot be written"):
            append_run(path, make_run())
        with pytest.raises(StoreError):
            check_history(path)
    for path in (tmp_path, Path(os.devnull)):
        with pytest.raises(StoreError, match="cannot be read"):
            read_history(path)


def test_a_place_without_a_folder_is_refused_beforehand(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        check_history(tmp_path / "none" / "runs.jsonl")
    check_history(tmp_path / "runs.jsonl")
    assert not list(tmp_path.iterdir())


def test_a_document_is_as_good_as_a_history(file: Path) -> None:
    file.write_text(json.dumps({**to_json(make_run(4)), "comparison": None}, indent=2))
    assert read_runs(file) == History((make_run(4),))
    file.unlink()
    append_run(file, make_run(1))
    append_run(file, make_run(2))
    assert read_runs(file) == read_history(file)
