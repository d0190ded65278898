"""Names that imports bind in a file, and which of them come from outside of the repository."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining import sparse_tags
from repomap_fast.joining.imports import IMPORT_ALL, IMPORT_MODULE, IMPORT_NAME, FileImports, ImportTable
from repomap_fast.resolving.bindings import bound_names, files_with_foreign
from support.import_trees import write_files


@pytest.mark.parametrize(
    ("language", "kind", "module", "name", "alias", "bound"),
    [
        ("python", IMPORT_MODULE, b"a.b", b"", b"", b"a"),
        ("python", IMPORT_MODULE, b"a.b", b"", b"c", b"c"),
        ("python", IMPORT_NAME, b"a", b"b", b"", b"b"),
        ("python", IMPORT_ALL, b"a", b"", b"", b""),
        ("typescript", IMPORT_MODULE, b"./a", b"", b"", b""),
        ("typescript", IMPORT_NAME, b"./a", b"default", b"A", b"A"),
        ("java", IMPORT_MODULE, b"a.b.C", b"", b"", b"C"),
        ("php", IMPORT_MODULE, b"A\\B", b"", b"", b"B"),
        ("rust", IMPORT_NAME, b"a", b"b::C", b"", b"C"),
        ("rust", IMPORT_MODULE, b"self::m", b"", b"", b"m"),
    ],
)
def test_imports_bind_names(language: str, kind: int, module: bytes, name: bytes, alias: bytes, bound: bytes) -> None:
    table = ImportTable(
        np.zeros(1, np.uint32), np.zeros(1, np.uint32), np.array([kind], np.uint8), [module], [name], [alias]
    )
    assert bound_names(table, language) == [bound]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(
        tmp_path,
        {
            "pool.py": "def close(): pass\n",
            "ours.py": "from pool import close\nclose()\n",
            "theirs.py": "from os import close\nclose()\npool.close()\n",
            "either.py": "try:\n    from pool import close\nexcept ImportError:\n    from os import close\nclose()\n",
            "other.py": "close()\n",
        },
    )


def test_files_that_import_the_name_from_outside_are_found(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    rows = np.arange(len(result.file_table))
    files = files_with_foreign(result, b"close", result, rows)
    assert [result.files[file].path for file in files] == ["theirs.py"]
    assert files_with_foreign(result, b"close", result, rows[:2]) == set()
    assert files_with_foreign(result, b"pause", result, rows) == set()


def test_imports_are_read_of_those_files_alone_that_are_asked_about(root: Path) -> None:
    """References to ``i`` in Linux read and compared the imports of all 65,000 files."""
    result = repomap_fast.scan(root, cache=False)
    with (
        patch.object(FileImports, "table", side_effect=AssertionError),
        patch.object(FileImports, "of_file", autospec=True, side_effect=FileImports.of_file) as read,
    ):
        files_with_foreign(result, b"close", result, np.array([4, 1, 1]))
    assert read.call_count == 1


@pytest.mark.parametrize("few_tags", [0, 1_000_000])
def test_references_to_what_is_imported_from_outside_are_none(
    tmp_path: Path, few_tags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a language without rules, where references are found by name."""
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", few_tags)
    files = {
        "pool.kt": "package pool\nfun close() {}\n",
        "ours.kt": "import pool.close\nfun f() { close() }\n",
        "theirs.kt": "import java.io.close\nfun g() { close() }\nfun h(p: Pool) { p.close() }\n",
        "other.kt": "fun i() { close() }\n",
    }
    found = repomap_fast.refs(write_files(tmp_path, files), "close", limit=20, cache=False)
    assert sorted({(one.path, one.line) for one in found.references}) == [
        ("other.kt", 1),
        ("ours.kt", 1),
        ("ours.kt", 2),
        ("theirs.kt", 1),
        ("theirs.kt", 3),
    ]
    assert (found.n_references, found.n_files) == (5, 3)
