"""The functions beside RepoMap in aider's module."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat import aider


def test_functions_of_the_module(repository: Path, files: list[str]) -> None:
    assert sorted(aider.find_src_files(str(repository))) == files
    assert aider.find_src_files(files[0]) == files[:1]
    assert aider.get_scm_fname("python").is_file()
    assert not aider.get_scm_fname("no such language").exists()
    assert "| python " in aider.get_supported_languages_md()
    assert aider.get_random_color().startswith("#")
