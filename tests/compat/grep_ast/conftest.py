"""What the tests of grep-ast's names share."""

from __future__ import annotations

import pytest

from support.scoped_source import SOURCE


@pytest.fixture
def source() -> str:
    """Two functions in a class, and one behind it."""
    return SOURCE
