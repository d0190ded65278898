"""Folders and results that the tests of several commands read."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.joining.result import ScanResult
from support.command_runs import make_repository
from support.made_results import make_odd_result
from support.repositories import write_files

SHOP = {
    "README.md": "# A shop\n",
    "till.py": "class Till:\n    def count_money(self):\n        return 1\n",
    "counter.py": "from till import Till\n\ndef open_counter():\n    return Till().count_money()\n",
    "street.py": "from counter import open_counter\n\ndef walk():\n    open_counter()\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repository")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Files that refer to each other in a row: street, counter, till."""
    return write_files(tmp_path / "shop", SHOP)


@pytest.fixture
def made_result(tmp_path: Path) -> ScanResult:
    return make_odd_result(tmp_path)
