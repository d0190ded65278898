"""Discovery in work trees of git: rules, submodules, links, and the same answer by all ways."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast.discovery.discover import discover
from repomap_fast.discovery.git_run import start_listing
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from support.repositories import Discover, git, make_work_tree, needs_git, write_files


@needs_git
def test_all_sources_of_rules_count_in_a_work_tree(find: Discover, tmp_path: Path, home: Path) -> None:
    write_files(home, {".gitconfig": "[core]\n\texcludesFile = ~/mine\n", "mine": "*.swp\n*.bak\n"})
    files = {".gitignore": "*.o\n!keep.o\n", "sub/.gitignore": "!sub.bak\n*.tmp\n"}
    files |= dict.fromkeys(
        ["a.c", "a.o", "keep.o", "kept.o", "a.swp", "a.bak", "local", "sub/sub.bak", "sub/a.tmp"], ""
    )
    root = make_work_tree(tmp_path, files, "kept.o")
    (root / ".git/info/exclude").write_text("local\n")

    assert list(find(root).paths) == [b".gitignore", b"a.c", b"keep.o", b"kept.o", b"sub/.gitignore", b"sub/sub.bak"]
    assert list(find(root / "sub").paths) == [b".gitignore", b"sub.bak"]


@needs_git
def test_tracked_files_that_are_gone_or_changed_their_type_vanish(find: Discover, tmp_path: Path) -> None:
    files = {"gone": "", "link": "", "folder": "", "via/a.c": "", "real/a.c": ""}
    root = make_work_tree(tmp_path, files, *files)
    for name in ("gone", "link", "folder"):
        (root / name).unlink()
    (root / "link").symlink_to("real/a.c")
    (root / "folder").mkdir()
    shutil.rmtree(root / "via")
    (root / "via").symlink_to("real")
    assert list(find(root).paths) == [b"real/a.c"]


@needs_git
def test_a_file_with_a_conflict_is_found_once(find: Discover, tmp_path: Path) -> None:
    root = make_work_tree(tmp_path, {"a": "1"}, "a")
    git(root, "checkout", "-q", "-b", "other")
    (root / "a").write_text("2")
    git(root, "commit", "-qam", "2")
    git(root, "checkout", "-q", "-")
    (root / "a").write_text("3")
    git(root, "commit", "-qam", "3")
    with pytest.raises(subprocess.CalledProcessError):
        git(root, "merge", "-q", "other")
    assert list(find(root).paths) == [b"a"]


@needs_git
def test_submodules_are_part_of_the_work_tree_and_other_repositories_are_not(find: Discover, tmp_path: Path) -> None:
    leaf = make_work_tree(tmp_path / "leaf", {"leaf.c": "", ".gitignore": "*.o\n"}, "leaf.c", ".gitignore")
    library = make_work_tree(tmp_path / "library", {"lib.c": ""}, "lib.c")
    git(library, "submodule", "--quiet", "add", str(leaf), "leaf")
    git(library, "commit", "-qm", "second")
    root = make_work_tree(tmp_path / "root", {"main.c": "", ".gitignore": "ignored/\n"}, "main.c", ".gitignore")
    git(root, "submodule", "--quiet", "add", str(library), "deps/library")
    git(root, "submodule", "--quiet", "add", str(leaf), "unused")
    git(root, "commit", "-qm", "second")
    git(root, "submodule", "--quiet", "update", "--init", "--recursive", "deps/library")
    git(root, "submodule", "--quiet", "deinit", "--force", "unused")
    git(root, "worktree", "add", "-q", str(root / "linked"))
    make_work_tree(root / "embedded" / "one", {"a.c": ""})
    make_work_tree(root / "ignored", {"a.c": ""})
    write_files(root / "deps/library/leaf", {"new.c": "", "new.o": ""})

    found = find(root)
    assert list(found.paths) == [
        b".gitignore",
        b".gitmodules",
        b"deps/library/.gitmodules",
        b"deps/library/leaf/.gitignore",
        b"deps/library/leaf/leaf.c",
        b"deps/library/leaf/new.c",
        b"deps/library/lib.c",
        b"main.c",
    ]
    assert len(found.notes) == 1
    assert "2 repositories inside the work tree" in found.notes[0]
    assert "embedded/one, linked" in found.notes[0]
    assert find(root, exclude=("linked", "embedded/")).notes == ()
    assert list(find(root / "deps/library").paths) == [
        path[13:] for path in found.paths if path.startswith(b"deps/library/")
    ]
    assert list(find(root / "linked").paths) == [b".gitignore", b".gitmodules", b"main.c"]


@needs_git
def test_repositories_side_by_side_are_walked_by_their_own_rules(find: Discover, tmp_path: Path, home: Path) -> None:
    write_files(home, {".config/git/ignore": "*.swp\n"})
    files = dict.fromkeys(["a.c", "a.o", "a.log", "a.swp", "kept.o"], "")
    one = make_work_tree(tmp_path / "x/one", files | {".gitignore": "*.o\n"}, "kept.o")
    (one / ".git/info/exclude").write_text("*.log\n")
    make_work_tree(tmp_path / "two", files)
    make_work_tree(one / "embedded", files)
    git(tmp_path / "two", "config", "core.excludesFile", str(home / "other"))
    write_files(home, {"other": "*.c\n"})

    found = find(tmp_path)
    of_one = [path for path in found.paths if path.startswith(b"x/one/")]
    assert of_one == [b"x/one/.gitignore", b"x/one/a.c", b"x/one/kept.o"]
    assert list(found.paths)[: -len(of_one)] == [b"two/a.log", b"two/a.o", b"two/a.swp", b"two/kept.o"]
    assert len(found.notes) == 1
    assert "x/one/embedded" in found.notes[0]


@needs_git
def test_an_ignored_root_is_scanned_all_the_same(find: Discover, tmp_path: Path) -> None:
    files = {
        ".gitignore": "build/\n*.o\n",
        "build/.gitignore": "*.tmp\n",
        "build/a.o": "",
        "build/a.tmp": "",
        "build/x/b.c": "",
    }
    root = make_work_tree(tmp_path, files)
    found = find(root / "build")
    assert list(found.paths) == [b".gitignore", b"a.o", b"x/b.c"]
    assert len(found.notes) == 1
    assert "is ignored by the repository" in found.notes[0]
    assert list(find(root / "build" / "x").paths) == [b"b.c"]


@needs_git
def test_options_take_away_in_a_work_tree_too(find: Discover, tmp_path: Path) -> None:
    files = {".repomapignore": "docs/\n", "sub/.repomapignore": "*.md\n"}
    files |= dict.fromkeys(["docs/a.c", "sub/a.md", "sub/a.c", "a.md", "a.c", "a.o"], "") | {".gitignore": "*.o\n"}
    root = make_work_tree(tmp_path, files, "docs/a.c", "a.c")
    assert list(find(root, exclude=(".*",)).paths) == [b"a.c", b"a.md", b"sub/a.c"]
    assert list(find(root, include=("*.c", "*.o")).paths) == [b"a.c", b"sub/a.c"]
    assert list(find(root, include=("*.c",), exclude=("/sub",)).paths) == [b"a.c"]
    assert list(find(root, include=("*.c", "*.o"), no_ignore=True).paths) == [
        b"a.c",
        b"a.o",
        b"docs/a.c",
        b"sub/a.c",
    ]


@needs_git
def test_no_ignore_walks_all_but_the_folders_of_git(find: Discover, tmp_path: Path) -> None:
    root = make_work_tree(tmp_path, {".gitignore": "*\n", "a": ""})
    make_work_tree(root / "embedded", {"b": ""})
    found = find(root, no_ignore=True)
    assert list(found.paths) == [b".gitignore", b"a", b"embedded/b"]
    assert found.notes == ()


names = st.sampled_from(["a", "b", "ab", "a-b", "a.o"])
made_paths = st.lists(names, min_size=1, max_size=3).map("/".join)
changes = st.sampled_from(["remove", "link", "folder", "link folder", "conflict", "repository", "submodule"])
rule_texts = st.sampled_from(["", "*.o\n", "a/\n", "!a.o\n", "/a\n", "a*\n!ab\n", "b/a\n"])


def change(root: Path, path: str, how: str) -> None:
    """Do to the work tree what people do to theirs between two commits; nothing where it does not apply."""
    target = root / path
    if how == "conflict" and target.is_file() and not target.is_symlink():
        blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
        lines = "".join(f"100644 {blob} {stage}\t{path}\n" for stage in (1, 2, 3))
        subprocess.run(["git", "update-index", "--index-info"], cwd=root, input=lines.encode(), capture_output=True)
    elif how in ("repository", "submodule"):
        if target.is_dir() and not target.is_symlink():
            git(target, "init", "-q")
            git(target, "commit", "-q", "--allow-empty", "-m", "first")
            if how == "submodule":
                subprocess.run(["git", "add", "-f", "--", path], cwd=root, capture_output=True)
    elif target.is_file() and not target.is_symlink():
        target.unlink()
        if how == "link":
            target.symlink_to("a")
        elif how == "folder":
            target.mkdir()
            (target / "b").touch()
    elif target.is_dir() and not target.is_symlink() and how == "link folder":
        moved = root / f"moved {path.replace('/', ' ')}"
        target.rename(moved)
        target.symlink_to(moved)


@needs_git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.dictionaries(made_paths, st.booleans(), min_size=3, max_size=15),
    rules=st.dictionaries(
        st.sampled_from([".gitignore", "a/.gitignore", ".repomapignore", "b/.repomapignore"]), rule_texts
    ),
    all_changes=st.lists(st.tuples(made_paths | st.sampled_from(["a", "b"]), changes), max_size=6),
)
def test_the_quick_way_the_long_way_and_the_walk_agree(
    files: dict[str, bool], rules: dict[str, str], all_changes: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        root, nothing = Path(folder, "root"), Path(folder, "nothing")
        nothing.mkdir()
        tracked = []
        for path, is_tracked in files.items():
            parents = Path(path).parents
            if not (root / path).exists() and not any((root / parent).is_file() for parent in parents):
                write_files(root, {path: path})
                tracked += [path] if is_tracked else []
        for path, text in rules.items():
            if not (root / path).parent.is_file():
                write_files(root, {path: text})
        git(root, "init", "-q", "--template=")
        if tracked:
            git(root, "add", "--force", "--", *tracked)
        for path, how in all_changes:
            # A tracked file in whose place there is a repository counts as a submodule where git is asked.
            if path not in files or how not in ("repository", "submodule"):
                change(root, path, how)

        quick = discover(root, ScanOptions(), Progress())
        ways = [
            discover(root, ScanOptions(include=("*",), exclude=("/nothing",)), Progress()),
            discover(root, ScanOptions(), Progress(), listing=start_listing(os.fsencode(root))),
        ]
        patched.setenv("PATH", str(nothing))
        ways.append(discover(root, ScanOptions(), Progress()))
        for other in ways:
            assert list(other.paths) == list(quick.paths)
            assert other.sizes_bytes.tolist() == quick.sizes_bytes.tolist()
            assert other.mtimes_ns.tolist() == quick.mtimes_ns.tolist()
            assert other.inodes.tolist() == quick.inodes.tolist()
            # Where there is no file at all, ``--include`` has a note of its own.
            assert other.notes == quick.notes or not len(quick.paths)


@needs_git
def test_a_root_reached_through_a_link_is_scanned(find: Discover, tmp_path: Path) -> None:
    root = make_work_tree(tmp_path / "real", {".gitignore": "/sub/x\n", "sub/x": "", "sub/y": ""}, ".gitignore")
    (tmp_path / "link").symlink_to(root / "sub")
    assert list(find(tmp_path / "link").paths) == [b"y"]
