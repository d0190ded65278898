"""Folders that cecli leaves out."""

from __future__ import annotations

import pytest

from repomap_fast.compat.cecli import _is_excluded_rel_path
from repomap_fast.compat.cecli.excluded import is_excluded_rel_path


@pytest.mark.parametrize(
    ("path", "is_excluded"),
    [
        (".venv/lib/mod.py", True),
        ("a/node_modules/b/c.js", True),
        ("pkg.egg-info/requires.txt", True),
        (".venv\\lib\\mod.py", True),
        ("src/build.py", False),
        ("src/vendor", False),
        ("mod.py", False),
        ("rebuild/a.py", False),
    ],
)
def test_folders_count_and_files_do_not(path: str, is_excluded: bool) -> None:
    assert is_excluded_rel_path(path) is is_excluded
    assert _is_excluded_rel_path is is_excluded_rel_path
