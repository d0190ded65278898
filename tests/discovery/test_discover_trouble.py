"""Discovery where something is wrong: git or folders that refuse, and rules or patterns that leave nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from repomap_fast.discovery.discover import discover
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from support.repositories import Discover, git, make_work_tree, needs_git, write_files


@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_a_root_whose_rules_ignore_nearly_all_is_explained(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    if is_repository:
        git(tmp_path, "init", "-q")
    write_files(tmp_path, {f"folder{i}/a.c": "" for i in range(29)} | {".gitignore": "# own\n*.o\n/*\n!/folder1/\n"})
    found = find(tmp_path)
    assert list(found.paths) == [b"folder1/a.c"]
    assert found.notes == (
        "the rules in .gitignore ignore nearly everything here (29 of 30 entries at the top; "
        "the pattern '/*' on line 3): use --no-ignore to scan all",
    )
    assert len(find(tmp_path, no_ignore=True).paths) == 30


def test_repomapignore_may_ignore_nearly_all_too(find: Discover, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.c": "", "b.c": "", ".repomapignore": "*\n"})
    found = find(tmp_path)
    assert list(found.paths) == []
    assert "the rules in .repomapignore ignore nearly everything here (3 of 3" in found.notes[0]


@needs_git
def test_few_files_for_other_reasons_are_not_explained_by_rules(find: Discover, tmp_path: Path) -> None:
    root = make_work_tree(
        tmp_path, dict.fromkeys([f"{i}.c" for i in range(20)], "") | {"a.py": "", ".gitignore": "*.o\n"}
    )
    assert list(find(root, include=("*.py",)).paths) == [b"a.py"]
    assert find(root, include=("*.py",)).notes == ()


@needs_git
def test_without_an_index_that_can_be_read_the_walk_still_answers(tmp_path: Path) -> None:
    root = make_work_tree(tmp_path, {"a.c": "", "a.o": "", ".gitignore": "*.o\n"}, "a.c", "a.o")
    (root / ".git/index").write_bytes(b"DIRC garbage")
    found = discover(root, ScanOptions(), Progress())
    assert list(found.paths) == [b".gitignore", b"a.c"]
    assert len(found.notes) == 2
    assert "git did not list the files" in found.notes[0]
    assert "index file smaller than expected" in found.notes[0] or "bad" in found.notes[0]
    assert "tracked and ignored are missing" in found.notes[1]


@needs_git
def test_a_git_that_refuses_is_quoted_and_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_work_tree(tmp_path / "root", {"a.c": "", "a.o": "", "kept.o": "", ".gitignore": "*.o\n"}, "kept.o")
    write_files(tmp_path, {"bin/git": "#!/bin/sh\necho 'fatal: detected dubious ownership' >&2\nexit 128\n"})
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    found = discover(root, ScanOptions(), Progress())
    assert list(found.paths) == [b".gitignore", b"a.c", b"kept.o"]
    assert len(found.notes) == 1
    assert found.notes[0].endswith("without it: fatal: detected dubious ownership")


@needs_git
def test_git_is_not_asked_again_and_again_where_it_fails(tmp_path: Path) -> None:
    library = make_work_tree(tmp_path / "library", {"lib.c": ""}, "lib.c")
    root = make_work_tree(tmp_path / "root", {"main.c": ""}, "main.c")
    for i in range(5):
        git(root, "submodule", "--quiet", "add", str(library), f"lib{i}")
        (root / f".git/modules/lib{i}/index").write_bytes(b"DIRC garbage")
    found = discover(root, ScanOptions(), Progress())
    assert list(found.paths) == [b".gitmodules", *(b"lib%d/lib.c" % i for i in range(5)), b"main.c"]
    assert sum("failed in 3 submodules before" in note for note in found.notes) == 2


@needs_git
def test_a_submodule_that_git_cannot_read_is_walked(tmp_path: Path) -> None:
    library = make_work_tree(tmp_path / "library", {"lib.c": "", ".gitignore": "*.o\n"}, "lib.c", ".gitignore")
    root = make_work_tree(tmp_path / "root", {"main.c": ""}, "main.c")
    git(root, "submodule", "--quiet", "add", str(library), "lib")
    write_files(root / "lib", {"new.o": ""})
    (root / ".git/modules/lib/index").write_bytes(b"DIRC garbage")
    found = discover(root, ScanOptions(), Progress())
    assert list(found.paths) == [b".gitmodules", b"lib/.gitignore", b"lib/lib.c", b"main.c"]
    assert "of the submodule lib" in found.notes[0]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root can read every folder")
@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_folders_that_cannot_be_read_are_named(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    if is_repository:
        git(tmp_path, "init", "-q")
    write_files(tmp_path, {"a.c": ""} | {f"closed{i}/a.c": "" for i in range(4)})
    for i in range(4):
        (tmp_path / f"closed{i}").chmod(0)
    found = find(tmp_path)
    assert list(found.paths) == [b"a.c"]
    assert found.notes == ("skipped 4 folders that cannot be read (closed0, closed1, closed2, …)",)


def test_a_folder_that_the_system_refuses_to_list_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"a.c": "", "closed/a.c": ""})
    list_folder = os.scandir

    def refuse_closed(path: bytes) -> object:
        if path.rstrip(b"/").endswith(b"closed"):
            raise PermissionError(13, "Permission denied")
        return list_folder(path)

    monkeypatch.setattr(os, "scandir", refuse_closed)
    found = discover(tmp_path, ScanOptions(), Progress())
    assert list(found.paths) == [b"a.c"]
    assert found.notes == ("skipped 1 folder that cannot be read (closed)",)


@pytest.mark.parametrize("is_git", [True, False])
def test_folders_may_be_nested_as_deep_as_the_system_allows(is_git: bool, tmp_path: Path) -> None:
    if is_git:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".repomapignore").write_text("*.x\n")
    here = os.open(tmp_path, os.O_RDONLY)
    # More levels than Python calls itself.
    n_folders = (4000 - len(os.fsencode(tmp_path))) // 3
    for _ in range(n_folders):
        os.mkdir("dd", dir_fd=here)
        below = os.open("dd", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    for name in ("a.py", "a.x"):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    try:
        found = discover(tmp_path, ScanOptions(exclude=("zzz",)), Progress())
    finally:
        # Python's own rmtree, which pytest clears up with, calls itself for each level.
        subprocess.run(["rm", "-rf", tmp_path / "dd"], check=True)
    assert list(found.paths) == [b".repomapignore", b"dd/" * n_folders + b"a.py"]


def test_a_rule_file_that_is_not_wholly_applied_is_named(tmp_path: Path) -> None:
    write_files(tmp_path, {".repomapignore": "x" * 5000, "sub/.gitignore": "*a" * 3000, "a.py": ""})
    (note,) = discover(tmp_path, ScanOptions(), Progress()).notes
    assert note.startswith("did not apply all rules of 2 files (.repomapignore, sub/.gitignore): expected at most 4 MB")
    assert not discover(tmp_path, ScanOptions(no_ignore=True), Progress()).notes


@pytest.mark.parametrize("is_git", [True, False])
def test_an_include_that_matches_nothing_is_named(is_git: bool, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "", "sub/b.c": ""})
    if is_git:
        subprocess.run(["git", "init", "-q", tmp_path], check=True)
    found = discover(tmp_path, ScanOptions(include=("a.py", "*.py", "sub/", "*.{rs,go}", "!nothing", "x*")), Progress())
    assert list(found.paths) == [b"a.py", b"sub/b.c"]
    (note,) = found.notes
    assert note.startswith("nothing matches --include '*.{rs,go}', 'x*'; expected patterns as in .gitignore")
