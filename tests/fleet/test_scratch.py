"""The temporary folder of the work on a repository is there when it is needed, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.fleet.scratch import Scratch


def test_the_folder_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    with Scratch(str(tmp_path)) as scratch:
        assert (scratch.name, list(tmp_path.iterdir())) == ("", [])
        path = scratch.path
        assert path.parent == tmp_path
        assert (scratch.name, scratch.path, path.is_dir()) == (str(path), path, True)
        (scratch.new_folder() / "a.py").write_text("")
    assert list(tmp_path.iterdir()) == []


def test_a_second_folder_is_refused_and_all_is_gone_afterwards(tmp_path: Path) -> None:
    with Scratch(str(tmp_path)) as scratch:
        scratch.new_folder()
        with pytest.raises(FileExistsError):
            scratch.new_folder()
    assert list(tmp_path.iterdir()) == []
