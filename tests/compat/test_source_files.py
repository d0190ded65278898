"""The files below a folder that a caller names."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat.source_files import find_src_files
from support.drop_ins import CALLS
from support.repositories import write_files


def test_files_are_found_as_git_has_them(tmp_path: Path) -> None:
    root = write_files(tmp_path / "root", {**CALLS, ".gitignore": "sub/\n", ".hidden.py": ""})
    assert find_src_files(root) == [str(root / path) for path in ("app.py", "core.py", "lone.py")]
    assert find_src_files(root, no_ignore=True) == [str(root / path) for path in sorted(CALLS)]
    assert find_src_files(root / "app.py") == [str(root / "app.py")]
    assert find_src_files(root / "gone") == []
