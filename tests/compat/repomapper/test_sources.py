"""RepoMapper's ways to read files and count tokens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repomap_fast.compat.repomapper import count_tokens
from repomap_fast.compat.repomapper.sources import read_text
from repomap_fast.drawing.tokens import estimate_tokens


def test_tokens_are_estimated_where_nothing_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repomap_fast.compat.repomapper.sources.find_spec", lambda name: None)
    assert count_tokens("def f(): pass", "a model of its own") == estimate_tokens("def f(): pass")
    assert count_tokens("") == 0


def test_a_file_without_end_is_no_text(tmp_path: Path) -> None:
    pipe, huge, plain = tmp_path / "pipe", tmp_path / "huge", tmp_path / "plain"
    os.mkfifo(pipe)
    huge.touch()
    os.truncate(huge, 1 << 40)
    plain.write_bytes(b"a\xff\r\nb\n")
    assert [read_text(path) for path in (pipe, "/dev/zero", huge, plain)] == [None, None, None, "a\nb\n"]
