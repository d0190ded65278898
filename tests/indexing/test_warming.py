"""Filters of files to warm, without an index."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.files import FileFilter, find_all
from repomap_fast.indexing.warming import at_paths, changed_last
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress


def chosen(root: Path, choose: FileFilter) -> list[str]:
    found, language_ids = find_all(Context.of(root, ScanOptions(), Progress()))
    return [os.fsdecode(found.paths[row]) for row in choose(found, language_ids).tolist()]


def test_paths_are_files_and_folders(small: Path) -> None:
    assert chosen(small, at_paths(small, "lib")) == ["lib/b.c", "lib/c.js"]
    assert chosen(small, at_paths(small, [small / "notes.txt", "a.py", "a.py"])) == ["a.py", "notes.txt"]


@pytest.mark.parametrize("path", ["gone.py", "li", "", "../small/a.py/b"])
def test_a_path_without_a_file_is_an_error(small: Path, path: str) -> None:
    with pytest.raises(OptionError, match="expected files or folders"):
        chosen(small, at_paths(small, [path]))


def test_the_newest_files_with_a_language(small: Path) -> None:
    for second, path in enumerate(("lib/b.c", "a.py", "notes.txt", "lib/c.js")):
        os.utime(small / path, (second, second))
    assert chosen(small, changed_last(small, 1)) == ["lib/c.js"]
    assert chosen(small, changed_last(small, 2)) == ["a.py", "lib/c.js"]
    assert chosen(small, changed_last(small, 9)) == ["a.py", "lib/b.c", "lib/c.js"]
    with pytest.raises(OptionError, match="at least 1"):
        changed_last(small, 0)
