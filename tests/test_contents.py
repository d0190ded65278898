"""Contents of the files of a folder: read below it, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repomap_fast.contents import FolderContents
from repomap_fast.tables import StringTable
from support.repositories import write_files


@pytest.fixture
def contents(tmp_path: Path) -> FolderContents:
    return FolderContents(write_files(tmp_path / "root", {"a.py": "x = 1\n", "b/c.py": "y = 2\n"}))


def test_files_are_read_and_laid_out_as_they_are(contents: FolderContents) -> None:
    paths = StringTable.from_strings([b"a.py", b"b/c.py"])
    with contents.held_open():
        assert contents.read(b"b/c.py", 6) == b"y = 2\n"
        assert contents.start(b"a.py", 1) == b"x"
    ((root, names, rows),) = contents.lay_out(paths, np.array([6, 6]), np.array([1]))
    assert (root, list(names), rows.tolist()) == (contents.root, list(paths), [1])


def test_what_is_too_large_or_elsewhere_is_an_error(contents: FolderContents) -> None:
    (contents.root / "link.py").symlink_to(contents.root / "a.py")
    for path, n_bytes in ((b"a.py", 5), (b"link.py", 99), (b"../x", 99), (b"gone.py", 99)):
        with pytest.raises(OSError, match=r"."):
            contents.read(path, n_bytes)
    with pytest.raises(OSError, match=r"."):
        contents.start(b"link.py", 9)
