"""The places that refer to a symbol: tags, and uses as a value."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.joining import sparse_tags
from support.import_trees import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(
        tmp_path,
        {
            "jobs.py": "def worker(): pass\nLIMIT = 3\nclass Queue:\n    def put(self): return LIMIT\n",
            "main.py": "from jobs import worker\ndef start():\n    Thread(target=worker).start()\n    worker()\n",
            "local.py": "def start(worker):\n    run(worker)\n",
            "other.js": "run(worker);\n",
        },
    )


@pytest.mark.parametrize("few_tags", [0, 1_000_000])
def test_uses_as_values_are_references(root: Path, few_tags: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", few_tags)
    found = repomap_fast.refs(root, "worker", limit=10, cache=False)
    assert [(one.path, one.line, one.kind, one.scope) for one in found.references] == [
        ("main.py", 1, "import", None),
        ("main.py", 3, "read", "start"),
        ("main.py", 4, "call", "start"),
    ]
    assert (found.n_references, found.n_files) == (3, 1)
    (limit,) = repomap_fast.refs(root, "LIMIT", limit=10, cache=False).references
    assert (limit.path, limit.line, limit.kind, limit.scope) == ("jobs.py", 4, "read", "Queue.put")


def test_what_is_imported_from_outside_is_left_out_but_for_members(root: Path) -> None:
    write_files(root, {"theirs.py": "import jobs\nfrom celery import worker\nrun(worker)\nrun(jobs.worker)\n"})
    found = repomap_fast.refs(root, "worker", cache=False)
    assert [(one.line, one.kind) for one in found.references if one.path == "theirs.py"] == [(4, "member")]
