"""The first answer: a map by a deadline, of a repository that cannot be parsed in time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import Index, RepoMap, ScanCancelled, Weights, first_answer
from repomap_fast.deadline import Deadline
from repomap_fast.indexing import refresh
from repomap_fast.indexing.index import refresh_until
from repomap_fast.indexing.state import CLOCK_GRAIN_NS
from repomap_fast.indexing.unfinished import Unfinished
from repomap_fast.progress import STAGE_LOOK, Progress

N_OTHERS = 40
_NO_TASK = {"focus": (), "mention": (), "query": "", "changed": False}


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A repository in which three files are about hubs."""
    root = tmp_path / "large"
    for number in range(N_OTHERS):
        folder = root / f"part{number % 4}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"other{number}.py").write_text(f"def work{number}(one):\n    return one + {number}\n")
    (root / "usb").mkdir()
    (root / "usb" / "hub.py").write_text("def disconnect(port):\n    release(port.memory)\n")
    (root / "part0" / "lost.py").write_text("def release(block):\n    '''The memory leaks when a hub is gone.'''\n")
    (root / "tests").mkdir()
    (root / "tests" / "test_hub.py").write_text("def test_memory():\n    assert hub()\n")
    return root


@pytest.fixture
def _too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every parse of all files estimated to take too long."""
    monkeypatch.setattr(refresh, "_BYTES_A_SECOND", 1e-3)


def hurried(root: Path, cache_dir: Path, query: str = "memory leak in a usb hub", **keywords: object) -> RepoMap:
    return repomap_fast.map(root, query=query, deadline=60, cache_dir=cache_dir, tokens=400, **keywords)  # type: ignore[arg-type]


def wait_for_a_newer_time() -> None:
    """Wait until files that have just changed need not be read again: they could change without a newer time."""
    time.sleep(2 * CLOCK_GRAIN_NS / 1e9)


def shown(repo_map: RepoMap) -> list[str]:
    return [file.path for file in repo_map.files if file.definitions]


@pytest.mark.usefixtures("_too_large")
def test_files_that_fit_the_query_are_parsed_and_a_note_says_how_many(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.first_answer._MOST_PARSED", 3)
    repo_map = hurried(large, tmp_path / "cache")
    assert set(shown(repo_map)) <= {"usb/hub.py", "part0/lost.py", "tests/test_hub.py"}
    assert {"usb/hub.py", "part0/lost.py"} <= set(shown(repo_map))
    assert repo_map.notes[0].startswith("until the deadline 43 of 43 files were read, and 3 parsed")
    assert repo_map.state.n_files == 43


@pytest.mark.usefixtures("_too_large")
def test_all_files_parsed_give_nearly_the_map_without_a_deadline(large: Path, tmp_path: Path) -> None:
    first = hurried(large, tmp_path / "cache")
    full = repomap_fast.map(large, query="memory leak in a usb hub", cache=False, tokens=400)
    assert [one.name for one in first.definitions[:3]] == [one.name for one in full.definitions[:3]]


@pytest.mark.usefixtures("_too_large")
def test_the_next_scan_uses_what_was_parsed(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repomap_fast.first_answer._MOST_PARSED", 3)
    hurried(large, tmp_path / "cache")
    with Index.open(large, cache_dir=tmp_path / "cache") as index:
        stats = index.refresh()
        assert (stats.from_store, stats.parsed) == (3, 40)
        expected = repomap_fast.scan(large, cache=False)
        assert list(index.result.tags) == list(expected.tags)


@pytest.mark.usefixtures("_too_large")
def test_a_second_first_answer_parses_nothing_again(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.first_answer._MOST_PARSED", 3)
    first, second = (hurried(large, tmp_path / "cache") for _ in range(2))
    assert (first.metrics.files_parsed, second.metrics.files_parsed) == (3, 0)
    assert first == second


@pytest.mark.usefixtures("_too_large")
def test_without_a_query_the_upper_files_are_parsed_first(large: Path, tmp_path: Path) -> None:
    (large / "main.py").write_text("def main(): pass\n")
    assert "main.py" in shown(hurried(large, tmp_path / "cache", query=""))


@pytest.mark.usefixtures("_too_large")
def test_files_that_were_asked_for_are_parsed_first(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.first_answer._MOST_PARSED", 1)
    repo_map = hurried(large, tmp_path / "cache", mention=["part3/other3.py"])
    assert shown(repo_map) == ["part3/other3.py"]
    focused = hurried(large, tmp_path / "cache", focus=["part2"], show_focus=True)
    assert all(path.startswith("part2/") for path in shown(focused))


@pytest.mark.usefixtures("_too_large")
def test_the_best_files_that_were_not_parsed_are_shown_by_their_paths(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.first_answer._MOST_PARSED", 1)
    (large / "usb" / "hub.py").write_text("def disconnect_hub(): pass\n" * 500)
    repo_map = hurried(large, tmp_path / "cache", mention=["usb/hub.py"])
    assert shown(repo_map) == ["usb/hub.py"]
    assert "part0/lost.py" in [file.path for file in repo_map.files]


@pytest.mark.usefixtures("_too_large")
def test_notes_say_where_a_name_was_not_found(large: Path, tmp_path: Path) -> None:
    notes = hurried(large, tmp_path / "cache", mention=["nowhere_at_all"]).notes
    assert any("nothing among the files that were parsed in time is called 'nowhere_at_all'" in note for note in notes)


def test_a_repository_that_is_parsed_in_time_has_the_same_map(large: Path, tmp_path: Path) -> None:
    full = repomap_fast.map(large, query="memory leak in a usb hub", cache=False, tokens=400)
    first = hurried(large, tmp_path / "cache")
    assert first == full
    with Index.open(large, cache_dir=tmp_path / "cache") as index:
        assert index.refresh().parsed == 0


def test_a_deadline_does_not_matter_once_all_is_known(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_a_newer_time()
    full = repomap_fast.map(large, query="memory leak", cache_dir=tmp_path / "cache")
    monkeypatch.setattr(refresh, "_BYTES_A_SECOND", 1e-3)
    assert repomap_fast.map(large, query="memory leak", cache_dir=tmp_path / "cache", deadline=1e-6) == full


@pytest.mark.usefixtures("_too_large")
def test_an_open_repository_answers_in_time_and_later_from_all(large: Path, tmp_path: Path) -> None:
    with repomap_fast.open(large, cache_dir=tmp_path / "cache") as repository:
        first = repository.map(query="memory leak", deadline=60)
        assert first.notes[0].startswith("until the deadline")
        wait_for_a_newer_time()
        assert repository.map(query="memory leak").notes == ()
        assert repository.map(query="memory leak", deadline=60).notes == ()


@pytest.mark.usefixtures("_too_large", "no_thread_left")
def test_a_deadline_that_is_over_at_once_still_gives_a_map(large: Path, tmp_path: Path) -> None:
    repo_map = repomap_fast.map(large, query="usb hub", cache_dir=tmp_path / "cache", deadline=1e-6)
    assert repo_map.files


@pytest.mark.usefixtures("no_thread_left")
@pytest.mark.parametrize("bytes_a_second", [1e12, 1e-3], ids=["estimated as fast", "estimated as slow"])
def test_a_file_that_is_not_parsed_in_time_does_not_hold_up_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bytes_a_second: float
) -> None:
    monkeypatch.setattr(refresh, "_BYTES_A_SECOND", bytes_a_second)
    root = tmp_path / "slow"
    root.mkdir()
    (root / "good.py").write_text("def disconnect(hub): pass\n")
    (root / "hub_disconnect.py").write_bytes(b"def g(): pass\n" * 600_000)
    with Index.open(root, cache_dir=tmp_path / "cache", timeout_per_file=1_000, workers=1) as index:
        repo_map = repomap_fast.map(index, query="disconnect a hub", deadline=0.2)
        assert repo_map.notes[0].startswith("until the deadline")
        assert repo_map.state.n_files == 2
        # That the file had no time is not known of its contents: a refresh parses it.
        assert not index.is_refreshed


@pytest.mark.usefixtures("_too_large", "no_thread_left")
def test_a_first_answer_is_cancelled(large: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        hurried(large, tmp_path / "cache", cancel=cancel)


@pytest.mark.usefixtures("_too_large")
def test_progress_reports_the_look_for_words(large: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    hurried(large, tmp_path / "cache", progress=lambda stage, *_: stages.append(stage))
    assert STAGE_LOOK in stages


def test_the_more_time_there_is_the_more_files_are_read_without_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files known from calls before are joined for each answer, which takes time too."""
    monkeypatch.setattr(first_answer, "_MOST_PARSED", 5)
    monkeypatch.setattr(first_answer, "_FILES_A_SECOND", 1)
    root = tmp_path / "many"
    root.mkdir()
    for number in range(60):
        (root / f"m{number:02}.py").write_text(f"def f{number}(): pass\n")
    asked = []
    monkeypatch.setattr(Unfinished, "tag", lambda self, rows, until: asked.append(len(rows)))
    for seconds in (1, 20.5, 400):
        with Index.open(root, cache=False) as index:
            unfinished = refresh_until(index, Deadline(float("-inf")))
            assert unfinished is not None
            end = Deadline(seconds, lambda: 0.0)
            first_answer.find_first_result(unfinished, root, _NO_TASK, Weights(), end, Progress())
    assert asked == [5, 20, 60]
