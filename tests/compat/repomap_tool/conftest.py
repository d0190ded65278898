"""What the tests of repomap-tool share."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.drop_ins import COMMENTED, THINGS
from support.repositories import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three files of three languages with comments, and two of none."""
    return write_files(tmp_path / "project", COMMENTED)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Thirty files of Python and one of no language."""
    return write_files(tmp_path / "project", THINGS)
