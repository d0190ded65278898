"""Resolving all imports of a scan."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast import ScanCancelled
from repomap_fast.progress import Progress
from repomap_fast.resolving.resolve import resolve_imports
from repomap_fast.resolving.source_tree import INSIDE, OUTSIDE
from support.import_trees import write_files


def test_each_language_is_resolved_by_its_own_rules(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "util.py": "import main\n",
            "main.py": "import util\n",
            "util.js": "import './main';\nimport 'util';\n",
            "main.ts": "",
            "A.java": "package a;\nimport a.B;\n",
            "B.kt": "package a\n",
            "main.scala": "import a.B\n",
        },
    )
    resolved = resolve_imports(repomap_fast.scan(tmp_path, cache=False), Progress())
    paths = [resolved.tree.paths[row] for row in resolved.rows.tolist()]
    targets = [tuple(resolved.tree.paths[row] for row in found.files) for found in resolved.found]
    assert list(zip(paths, targets, strict=True)) == [
        ("A.java", ("B.kt",)),
        ("main.py", ("util.py",)),
        ("util.js", ("main.ts",)),
        ("util.js", ()),
        ("util.py", ("main.py",)),
    ]
    assert [found.place for found in resolved.found] == [INSIDE, INSIDE, INSIDE, OUTSIDE, INSIDE]


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    from threading import Event

    write_files(tmp_path, {"a.py": "import os\n"})
    result, cancel = repomap_fast.scan(tmp_path, cache=False), Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        resolve_imports(result, Progress(None, cancel))
