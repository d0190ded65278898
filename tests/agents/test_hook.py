"""Hooks: a map in time, or what is known by then; never more than fits."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from repomap_fast import RepoMapError
from repomap_fast.agents import hook


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPOMAP_FAST_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("CLAUDE_PROJECT_DIR", raising=False)
    root = tmp_path / "root"
    (root / "src").mkdir(parents=True)
    for i in range(200):
        (root / "src" / f"file{i}.py").write_text("".join(f"def name_{i}_{j}(): name_{j}_{i}()\n" for j in range(50)))
    return root


def test_a_map_has_at_most_9000_characters(root: Path) -> None:
    # However busy the machine is.
    text = hook.text_for(root, seconds=120.0)
    assert "src/file" in text
    assert "\n\n\n" not in text
    assert 2_000 < len(text) <= 9_000


def test_a_repository_that_was_never_scanned_gives_a_map_of_what_is_known_in_time(root: Path) -> None:
    text = hook.text_for(root, seconds=hook.DRAW_S + hook.LIST_S, workers=1, max_cpu=1)
    assert "def name" not in text
    assert "src/file" in text
    assert "note: until the deadline " in text
    assert len(text) <= hook.MAX_CHARACTERS


def test_without_time_for_a_map_the_folders_are_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "DRAW_S", -hook._LEAST_S)
    text = hook.text_for(root, seconds=0.2, workers=1, max_cpu=1)
    assert "The first scan of this repository goes on" in text
    assert "src/ 200\n" in text


def test_without_time_for_anything_the_tools_are_named() -> None:
    assert hook.without_map().startswith("The map of this repository, by repomap-fast, was not ready in time. ")
    assert "repo_map" in hook.without_map()


def test_each_event_has_its_form() -> None:
    assert hook.answer("SessionStart", "a map\n") == "a map\n"
    document = json.loads(hook.answer("SubagentStart", "a map\n"))
    assert document == {"hookSpecificOutput": {"hookEventName": "SubagentStart", "additionalContext": "a map\n"}}


def test_the_project_is_the_one_that_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hook.root_of(json.dumps({"cwd": str(root)}).encode()) == root
    for document in (b"", b"nonsense", b"[]", b'{"cwd": 3}', b"[" * 100_000, b"\xff"):
        assert hook.root_of(document) == Path.cwd()
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(root))
    assert hook.root_of(b'{"cwd": "/elsewhere"}') == root


def test_what_cannot_be_mapped_raises(tmp_path: Path) -> None:
    with pytest.raises(RepoMapError):
        hook.text_for(tmp_path / "none")


def test_the_age_of_the_process_is_known() -> None:
    before = hook.age_s()
    time.sleep(0.1)
    assert 0 < before <= hook.age_s()
