"""Calls of tools, whatever protocol they come by."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from repomap_fast.agents import calls
from repomap_fast.agents.calls import Calls, Progress
from repomap_fast.agents.roots import AnswerError
from repomap_fast.options import ScanOptions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("def first(): pass\n")
    return root


def test_progress_rises_and_is_not_sent_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_PROGRESS_S", 0.0)
    sent: list[tuple[float, str]] = []
    progress = Progress(lambda percent, message: sent.append((percent, message)))
    for stage, done in (("discover", 5), ("tag", 0), ("discover", 9), ("tag", 1_000), ("tag", 1_000), ("join", 10)):
        progress(stage, done, 2_000 if stage == "tag" else 0)
    assert [percent for percent, _ in sent] == sorted({percent for percent, _ in sent})
    assert (50.0, "tag: 1,000 of 2,000 files") in sent
    monkeypatch.setattr(calls, "_PROGRESS_S", 60.0)
    slow = Progress(lambda percent, _: sent.append((percent, "")))
    before = len(sent)
    for done in range(100):
        slow("tag", done, 100)
    assert len(sent) == before + 1


def test_a_client_that_is_gone_is_told_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "_PROGRESS_S", 0.0)
    tries: list[float] = []

    def gone(percent: float, _: str) -> None:
        tries.append(percent)
        raise BrokenPipeError

    progress = Progress(gone)
    progress("tag", 1, 3)
    progress("tag", 2, 3)
    assert len(tries) == 1


def test_an_answer_is_fresh_also_after_results_were_let_go(root: Path, tmp_path: Path) -> None:
    some = Calls(ScanOptions(), tmp_path / "cache")

    def found(name: str) -> str:
        arguments = {"name": name}
        return some.run("search_symbols", arguments, [root], progress=Progress(None), cancel=threading.Event())

    assert "a.py:1" in found("first")
    some.freeze()
    (root / "b.py").write_text("def second(): pass\n")
    assert "b.py:1" in found("second")
    with pytest.raises(AnswerError, match="needs name"):
        found("")
    some.end()


def test_the_end_cancels_what_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from repomap_fast.agents import tools

    def wait(*_: object, cancel: threading.Event, **__: object) -> str:
        assert cancel.wait(10)
        return ""

    monkeypatch.setattr(tools, "call", wait)
    some = Calls(ScanOptions(), tmp_path / "cache")
    work = {"progress": Progress(None), "cancel": threading.Event()}
    thread = threading.Thread(target=some.run, args=("repo_map", {}, [root]), kwargs=work)
    thread.start()
    while not some._running:
        time.sleep(0.001)
    some.end()
    thread.join(10)
    assert not thread.is_alive()
