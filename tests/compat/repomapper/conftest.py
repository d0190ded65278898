"""What the tests of RepoMapper share."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.drop_ins import CALLS
from support.repositories import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Four files that call each other."""
    return write_files(tmp_path / "project", CALLS)
