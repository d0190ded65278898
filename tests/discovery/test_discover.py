"""Discovery from outside: folders and repositories as people have them, with git, without it, and with a broken one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.discovery.git_run import start_listing
from repomap_fast.errors import ScanCancelled
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, Progress
from support.repositories import git, make_work_tree, needs_git, write_files

Discover = Callable[..., Discovery]


@pytest.fixture(params=[pytest.param("with git", marks=needs_git), "without git"])
def find(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Discover:
    """``discover`` with default options, once with git on the PATH and once without."""
    nothing = tmp_path_factory.mktemp("nothing")

    def find_files(root: Path, **options: object) -> Discovery:
        with monkeypatch.context() as patched:
            if request.param == "without git":
                patched.setenv("PATH", str(nothing))
            return discover(root, ScanOptions(**options), Progress())  # type: ignore[arg-type]

    return find_files


def test_a_plain_folder_gives_its_files_sorted_with_size_and_time(find: Discover, tmp_path: Path) -> None:
    write_files(tmp_path, {"b/c.py": "12345", "b.py": "", "a/x/y.c": "1", "B.py": "22", ".hidden": "1"})
    os.utime(tmp_path / "b/c.py", ns=(1, 1_700_000_000_123_456_789))

    found = find(tmp_path)
    assert list(found.paths) == [b".hidden", b"B.py", b"a/x/y.c", b"b.py", b"b/c.py"]
    assert found.sizes_bytes.tolist() == [1, 2, 1, 0, 5]
    status = (tmp_path / "b/c.py").stat()
    assert found.mtimes_ns[-1] == status.st_mtime_ns
    assert found.ctimes_ns[-1] == (0 if sys.platform == "win32" else status.st_ctime_ns)
    assert found.inodes[-1] == (0 if sys.platform == "win32" else status.st_ino)
    assert found.sizes_bytes.dtype == found.mtimes_ns.dtype == found.ctimes_ns.dtype == np.int64
    assert found.inodes.dtype == np.uint64
    assert found.notes == ()


def test_an_empty_folder_gives_nothing(find: Discover, tmp_path: Path) -> None:
    found = find(tmp_path)
    assert list(found.paths) == []
    assert found.notes == ()
    assert [len(column) for column in (found.sizes_bytes, found.mtimes_ns, found.ctimes_ns, found.inodes)] == [0] * 4


def test_rules_apply_in_a_folder_that_is_no_repository(find: Discover, tmp_path: Path, home: Path) -> None:
    write_files(home, {".config/git/ignore": "*.swp\n"})
    write_files(
        tmp_path,
        {".gitignore": "out/\n", "out/a": "", "a.c": "", "x.swp": "", "sub/.gitignore": "/a.c\n", "sub/a.c": ""},
    )
    assert list(find(tmp_path).paths) == [b".gitignore", b"a.c", b"sub/.gitignore"]


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


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links take a privilege")
@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
@pytest.mark.parametrize("no_ignore", [True, False])
def test_links_and_special_files_are_passed_over(
    find: Discover, is_repository: bool, no_ignore: bool, tmp_path: Path
) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    write_files(outside, {"secret.c": ""})
    write_files(root, {"sub/a.c": ""})
    if is_repository:
        git(root, "init", "-q")
    (root / "sub/loop").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "out").symlink_to(outside)
    (root / "file.c").symlink_to(outside / "secret.c")
    os.mkfifo(root / "fifo.c")
    os.mkfifo(root / "sub/.gitignore")
    os.mkfifo(root / ".repomapignore")
    with socket.socket(socket.AF_UNIX) as listener, pytest.MonkeyPatch.context() as patched:
        patched.chdir(root)
        # git waits for the FIFO's writer.
        patched.setattr("repomap_fast.discovery.git_run._MAX_SLEEP_S", 0.2)
        listener.bind("socket.c")
        assert list(find(root, no_ignore=no_ignore).paths) == [b"sub/a.c"]


@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_any_bytes_may_be_in_a_path(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    names = [
        b"a b",
        b" lead",
        b"trail ",
        b"new\nline.c",
        b"quote\"'\\",
        b"tab\t",
        b"caf\xc3\xa9",
        b"-n",
        b":(top)",
        b"*",
    ]
    try:
        (tmp_path / os.fsdecode(b"probe\xff")).mkdir()
        names.append(b"latin\xe9")
    except OSError:
        pass
    for name in names:
        folder = tmp_path / os.fsdecode(name)
        folder.mkdir()
        (folder / os.fsdecode(name)).touch()
    if is_repository:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "--", "./*b")
    assert list(find(tmp_path).paths) == sorted(name + b"/" + name for name in names)


@needs_git
def test_a_root_reached_through_a_link_is_scanned(find: Discover, tmp_path: Path) -> None:
    root = make_work_tree(tmp_path / "real", {".gitignore": "/sub/x\n", "sub/x": "", "sub/y": ""}, ".gitignore")
    (tmp_path / "link").symlink_to(root / "sub")
    assert list(find(tmp_path / "link").paths) == [b"y"]


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


@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_a_folder_of_many_files(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    if is_repository:
        git(tmp_path, "init", "-q")
    (tmp_path / "many").mkdir()
    for i in range(10_000):
        (tmp_path / "many" / f"{i}.c").touch()
    (tmp_path / ".gitignore").write_text("*7.c\n*[0-4].?\n")
    start = time.perf_counter()
    found = find(tmp_path)
    assert time.perf_counter() - start < 5
    assert len(found.paths) == 4_001


def test_progress_is_told_and_cancelling_is_heard(tmp_path: Path) -> None:
    for i in range(5_000):
        (tmp_path / f"{i}.c").touch()
    told: list[tuple[str, int, int]] = []
    cancel = threading.Event()

    def note_and_cancel(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        cancel.set()

    with pytest.raises(ScanCancelled):
        discover(tmp_path, ScanOptions(), Progress(note_and_cancel, cancel))
    assert len(told) == 1
    assert told[0][0] == STAGE_DISCOVER
    assert 0 < told[0][1] < 5_000


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
