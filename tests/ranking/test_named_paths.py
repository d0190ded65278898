"""named_paths: the files that paths and dotted names mean, by the last parts of their paths."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.named_paths import NamedPaths
from repomap_fast.tables import U8, U32, U64

PATHS = sorted(
    [
        *(b"app/__init__.py", b"app/models/__init__.py", b"app/models/query.py", b"lib/__init__.py", b"app/main.py"),
        *(b"crates/my-app/src/lib.rs", b"crates/my-app/src/work.rs", b"crates/my-app/src/deep/mod.rs"),
        *(b"src/main/java/org/a/Store.java", b"web/save/index.ts", b"src/Models/User.php", b"tests/models/query.py"),
    ]
)


def graph_of(paths: list[bytes]) -> Graph:
    none32, none8, offsets = np.empty(0, np.uint32), np.empty(0, np.uint8), np.zeros(len(paths) + 1, np.uint64)
    rows: U32 = none32
    roles: U8 = none8
    bounds: U64 = offsets
    return Graph.from_tags(paths, bounds, none32, roles, rows, [])


GRAPH = graph_of(PATHS)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"models/query.py", [b"app/models/query.py", b"tests/models/query.py"]),
        (b"/usr/lib/python3/app/models/query.py", [b"app/models/query.py"]),
        (b"./app/main.py", [b"app/main.py"]),
        (b"other/__init__.py", []),
        (b"query.py", [b"app/models/query.py", b"tests/models/query.py"]),
        (b"save/index.ts", [b"web/save/index.ts"]),
        (b"web/save", [b"web/save/index.ts"]),
        (b"App/Models/User", [b"src/Models/User.php"]),
        (b"nothing.py", []),
        (b"../..", []),
        (b"", []),
    ],
)
def test_paths_fit_by_most_of_their_last_parts(path: bytes, expected: list[bytes]) -> None:
    assert [PATHS[file_id] for file_id in NamedPaths.of(GRAPH, [path], []).fitting(path)] == expected


@pytest.mark.parametrize(
    ("name", "expected", "n_parts"),
    [
        ("app.models.query.QuerySet.all", [b"app/models/query.py"], 3),
        ("app.models.QuerySet", [b"app/models/__init__.py"], 2),
        ("app.main.run", [b"app/main.py"], 2),
        ("org.a.Store.load", [b"src/main/java/org/a/Store.java"], 3),
        ("my_app.work.Job", [b"crates/my-app/src/work.rs"], 2),
        ("crate.work.Job", [b"crates/my-app/src/work.rs"], 2),
        ("my_app.deep.Job", [b"crates/my-app/src/deep/mod.rs"], 2),
        ("app.Job", [b"app/__init__.py"], 1),
        ("self.models", [], 0),
        ("numpy.array", [], 0),
    ],
)
def test_modules_are_the_longest_beginning(name: str, expected: list[bytes], n_parts: int) -> None:
    parts = tuple(name.encode().split(b"."))
    found, n_found = NamedPaths.of(GRAPH, [], [parts]).modules(parts)
    assert ([PATHS[file_id] for file_id in found], n_found) == (expected, n_parts)


@pytest.mark.parametrize(
    ("folder", "n_files"), [(b"app", 4), (b"app/models/", 2), (b"ap", 0), (b"", 0), (b"app/main.py", 0)]
)
def test_files_below_a_folder(folder: bytes, n_files: int) -> None:
    found = NamedPaths.of(GRAPH, [], []).below(folder)
    assert len(found) == n_files
    assert all(PATHS[file_id].startswith(folder.rstrip(b"/") + b"/") for file_id in found)


@given(
    st.lists(st.from_regex(rb"\A[ab.]{1,3}(/[ab.]{1,3}){0,3}\Z"), max_size=8, unique=True),
    st.from_regex(rb"\A[ab.]{1,3}(/[ab.]{1,3}){0,2}\Z"),
)
def test_a_file_that_fits_has_the_last_part(paths: list[bytes], path: bytes) -> None:
    """What is meant: among the files of the same last part, those that share the most last parts."""
    paths = sorted(paths)

    def n_shared(one: bytes) -> int:
        own = [part for part in path.split(b"/") if part not in (b".", b"..")]
        pairs = zip(reversed(own), reversed(one.split(b"/")), strict=False)
        return len(re.match("1*", "".join(str(int(a == b)) for a, b in pairs))[0])  # type: ignore[index]

    shared = [n_shared(one) for one in paths]
    most = max(shared, default=0)
    expected = [i for i, n in enumerate(shared) if n == most] if most else []
    found, n_parts = NamedPaths.of(graph_of(paths), [path], []).fitting_parts(path)
    if most:
        assert (found, n_parts) == (expected, most)
