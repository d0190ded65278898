"""Go: which builds a file is part of, and what a package declares."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.go_packages import Build, GoPackages, meets
from support.import_trees import write_files

LINUX = Build("linux", "amd64", has_tags=False)


@pytest.mark.parametrize(
    ("constraint", "is_met"),
    [
        ("linux", True),
        ("!linux", False),
        ("windows || ( linux && amd64 )", True),
        ("windows || linux && !amd64", False),
        ("unix && go1.18", True),
        ("!go1.18", False),
        ("ignore", False),
        ("!integration", True),
        ("linux &&", True),
        ("linux )", True),
    ],
)
def test_a_constraint_is_met_or_cannot_be_read(constraint: str, is_met: bool) -> None:
    tokens = constraint.replace("!", "! ").split()
    assert meets(LINUX, tokens) == is_met


def test_tags_of_a_repository_may_be_set() -> None:
    assert meets(Build("linux", "amd64", has_tags=True), ["integration"])
    assert not meets(Build("linux", "amd64", has_tags=True), ["ignore"])


def packages_of(root: Path, files: dict[str, str]) -> tuple[GoPackages, list[str]]:
    sources = FileSources(repomap_fast.scan(write_files(root, files), cache=False))
    return GoPackages(sources), sources.tree.paths


def test_programs_and_tests_beside_a_package_are_apart(tmp_path: Path) -> None:
    files = {
        "a.go": "package a\nfunc F() {}\ntype T int\nfunc (T) M() {}\n",
        "a_test.go": "package a_test\nfunc G() {}\n",
        "b.go": "//go:build ignore\n\npackage main\nfunc main() {}\n",
    }
    packages, paths = packages_of(tmp_path, files)
    imported = packages.imported(paths.index("b.go"))
    assert [paths[file] for file in imported.files] == ["a.go"]
    assert (list(imported.names), imported.methods[b"T"].keys()) == ([b"F", b"T"], {b"M"})


def test_what_others_can_use(tmp_path: Path) -> None:
    files = {
        "a.go": "package a\n",
        "internal/b.go": "package b\n",
        "cmd/c.go": "package main\n",
        "d.go": "//go:build !go1.2\n\npackage a\n",
    }
    packages, paths = packages_of(tmp_path, files)
    seen = {path: [packages.may_be_used_elsewhere(paths.index(path), name) for name in ("F", "f")] for path in files}
    assert seen == {
        "a.go": [True, False],
        "internal/b.go": [False, False],
        "cmd/c.go": [False, False],
        "d.go": [True, True],
    }
