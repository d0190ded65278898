"""The sources of a map: read once while there is room, and never beyond the limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.contents import FolderContents
from repomap_fast.drawing import sources
from repomap_fast.drawing.sources import Sources

PATHS = [b"a.py", b"b.py", b"gone.py"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "b.py").write_text("b = 1\nc = 2\n")
    return tmp_path


def test_a_file_is_read_once(root: Path) -> None:
    read: list[tuple[int, bytes | None]] = []
    made = Sources(FolderContents(root), PATHS, on_read=lambda file_id, contents: read.append((file_id, contents)))
    for _ in range(2):
        assert [len(made.lines(file_id)) for file_id in range(2)] == [1, 2]
    assert read == [(0, b"a = 1\n"), (1, b"b = 1\nc = 2\n")]


def test_a_file_that_is_gone_or_too_large_has_no_text(root: Path) -> None:
    assert Sources(FolderContents(root), PATHS).lines(2).text == b"\n"
    made = Sources(FolderContents(root), PATHS, max_file_bytes=6)
    assert [made.lines(file_id).text for file_id in range(2)] == [b"a = 1\n", b"\n"]


def test_the_least_recently_used_is_dropped(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SOURCES_BYTES", 13)
    read: list[int] = []
    made = Sources(FolderContents(root), PATHS, on_read=lambda file_id, _: read.append(file_id))
    for file_id in (0, 1, 0, 1):
        made.lines(file_id)
    assert read == [0, 1, 0, 1]
