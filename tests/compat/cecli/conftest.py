"""What the tests of cecli's RepoMap share."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.aider import FILES
from support.repositories import write_files


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two files of Python, one of Go and one of no language."""
    return write_files(tmp_path / "repository", FILES)


@pytest.fixture
def files(repository: Path) -> list[str]:
    """The paths in the repository, sorted."""
    return sorted(str(path) for path in repository.rglob("*") if path.is_file())
