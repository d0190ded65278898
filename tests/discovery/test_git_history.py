"""git_history: what git itself says of the last commits, within bounds, and nothing run that anybody names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.discovery import git_history
from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.discovery.git_history import (
    MANY_FILES,
    MAX_COMMITS,
    MAX_FILES,
    NO_HISTORY,
    READ,
    UNREAD,
    Commit,
    History,
    has_history,
    read_history,
)
from repomap_fast.errors import GitError, ScanCancelled
from repomap_fast.progress import Progress
from support.histories import START_S, Made, make_history
from support.repositories import git, repository_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

HOSTILE_PATHS = [
    b"a\nb.py",
    b"\n.py",
    b'q"uo\\te.py',
    b"na\xc3\xafve.py",
    b"not\xffutf8.py",
    b" x\t.py",
    b"-n",
    b":(top)x",
]

SETTINGS = """
[log]
    showSignature = true
    mailmap = true
    showRoot = false
    follow = true
[mailmap]
    file = NONE
[diff]
    external = PROGRAM
    renames = copies
    orderFile = NONE
    relative = false
    noprefix = true
[diff "evil"]
    textconv = PROGRAM
    command = PROGRAM
[core]
    pager = PROGRAM
    quotePath = true
[gpg]
    program = PROGRAM
[pager]
    diff-tree = PROGRAM
[color]
    ui = always
[format]
    pretty = oneline
    notes = *
[i18n]
    logOutputEncoding = UTF-16
[alias]
    diff-tree = !PROGRAM
    rev-list = !PROGRAM
"""


def history_of(folder: Path, *, known: History = NO_HISTORY, patience_s: float = 60.0) -> History:
    real = os.path.realpath(os.fsencode(folder))
    repository = repository_around(real)
    assert repository is not None
    head = head_commit(repository)
    assert head is not None
    return read_history(repository, real, head, Progress(), known=known, patience_s=patience_s)


def as_git_logs(folder: Path) -> list[tuple[str, set[bytes]]]:
    """Return what ``git log`` says of all commits without merges, from the objects themselves."""
    ids = git(folder, "log", "--no-merges", "--format=%H").split()
    command = ["git", "log", "-1", "-z", "--name-only", "--relative", "--no-renames", "--format="]
    names = [subprocess.run([*command, name], cwd=folder, check=True, capture_output=True).stdout for name in ids]
    return [(name, {path for path in text.split(b"\0") if path}) for name, text in zip(ids, names, strict=True)]


def simply(history: History) -> list[tuple[str, set[bytes]]]:
    return [(commit.id.hex(), set(commit.paths)) for commit in history.commits()]


def same(one: History, other: History) -> bool:
    return one.commits() == other.commits() and one.paths.equals(other.paths)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with a branch that was merged, a rename, a deletion and an empty commit."""
    top = tmp_path / "top"
    make_history(
        top,
        [
            Made({b"a.py": b"1", b"sub/b.py": b"1", b"c.py": b"1"}, b"one", 0),
            Made({b"a.py": b"2", b"sub/deep/d.py": b"1"}, b"two\n\nwith a body\n", 10),
            Made({b"sub/b.py": b"2"}, b"three, beside two", 5, parents=[0]),
            Made({}, b"merge", 20, parents=[1, 2]),
            Made({}, b"nothing", 30),
            Made({b"a.py": b"3"}, b"", 40),
        ],
    )
    git(top, "reset", "-q", "--hard")
    git(top, "mv", "a.py", "sub/moved.py")
    git(top, "rm", "-q", "c.py")
    git(top, "commit", "-qm", "moved")
    return top


@pytest.mark.parametrize("folder", ["", "sub", "sub/deep"])
def test_it_is_what_the_log_of_git_says(top: Path, folder: str) -> None:
    history = history_of(top / folder)
    assert simply(history) == as_git_logs(top / folder)
    assert (history.knowledge == READ).all()
    assert history.notes == ()


def test_messages_and_times_are_those_of_the_commits(top: Path) -> None:
    commits = history_of(top).commits()
    assert [commit.message for commit in commits[1:]] == [b"", b"", b"two\n\nwith a body", b"three, beside two", b"one"]
    assert [commit.time_s - START_S for commit in commits[1:]] == [40, 30, 10, 5, 0]
    assert commits[0].message == b"moved"
    assert list(commits[0].paths) == [b"a.py", b"c.py", b"sub/moved.py"]


def test_a_commit_that_changed_nothing_below_the_folder_has_no_message(top: Path) -> None:
    found = {commit.id: commit for commit in history_of(top / "sub" / "deep").commits()}
    assert [commit.message for commit in found.values() if commit.message] == [b"two\n\nwith a body"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not have such names")
def test_paths_are_bytes_of_any_kind(tmp_path: Path) -> None:
    make_history(tmp_path / "r", [Made(dict.fromkeys(HOSTILE_PATHS, b"x"))])
    assert list(history_of(tmp_path / "r").paths) == sorted(HOSTILE_PATHS)


def test_a_commit_of_many_files_is_marked(tmp_path: Path) -> None:
    few = {b"%03d.py" % i: b"few" for i in range(MAX_FILES)}
    many = {b"%03d.py" % i: b"many" for i in range(MAX_FILES + 1)}
    make_history(tmp_path / "r", [Made(few, b"few"), Made(many, b"many", 1)])
    history = history_of(tmp_path / "r")
    assert history.knowledge.tolist() == [MANY_FILES, READ]
    assert [len(commit.paths) for commit in history.commits()] == [0, MAX_FILES]
    assert list(history.messages) == [b"", b"few"]


@pytest.mark.parametrize("character", [b"x", b"\xc3\xa4", b"\xff"])
def test_a_long_message_is_cut_between_characters(tmp_path: Path, character: bytes) -> None:
    make_history(tmp_path / "r", [Made({b"a": b"x"}, character * 5000)])
    assert list(history_of(tmp_path / "r").messages) == [character * 1500]


def test_no_more_than_the_last_commits_are_read(tmp_path: Path) -> None:
    made = [Made({b"f%d.py" % (i % 7): b"%d" % i}, b"commit %d" % i, i) for i in range(MAX_COMMITS + 50)]
    ids = make_history(tmp_path / "r", made)
    history = history_of(tmp_path / "r")
    assert [commit.id.hex() for commit in history.commits()] == ids[: -MAX_COMMITS - 1 : -1]
    assert history.messages[MAX_COMMITS - 1] == b"commit 50"


def test_an_encoding_that_a_commit_names_is_not_loaded(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    tree = git(tmp_path, "mktree", feed=f"100644 blob {git(tmp_path, 'hash-object', '-w', '--stdin', feed='x')}\ta\n")
    text = f"tree {tree}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\nencoding ISO-2022-CN-EXT\n\n".encode()
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(command, cwd=tmp_path, input=text + b"caf\xe9\n", check=True, capture_output=True)
    git(tmp_path, "update-ref", "HEAD", done.stdout.decode().strip())
    assert list(history_of(tmp_path).messages) == [b"caf\xe9"]


def test_settings_of_the_user_change_nothing(top: Path, home: Path, tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0 $*" >> "{tmp_path}/ran"\n')
    program.chmod(0o755)
    plain = history_of(top).commits()
    for path in (home / ".gitconfig", top / ".git" / "config"):
        with path.open("a") as config:
            config.write(SETTINGS.replace("PROGRAM", str(program)).replace("NONE", str(tmp_path / "none")))
    (top / ".gitattributes").write_text("* diff=evil\n")
    assert history_of(top).commits() == plain
    assert not (tmp_path / "ran").exists()


def test_replaced_and_grafted_commits_are_as_they_were_made(top: Path) -> None:
    plain = history_of(top).commits()
    git(top, "replace", "--graft", "HEAD~1")
    (top / ".git" / "info").mkdir(exist_ok=True)
    (top / ".git" / "info" / "grafts").write_text(git(top, "rev-parse", "HEAD") + "\n")
    assert history_of(top).commits() == plain
    assert len(plain) == 6


def test_a_linked_work_tree_has_the_history_of_its_own_head(top: Path, tmp_path: Path) -> None:
    git(top, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"), "HEAD~1")
    assert same(history_of(tmp_path / "linked"), History.of(history_of(top).commits()[1:]))


def test_a_submodule_has_its_own_history(top: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    git(outer, "submodule", "add", "-q", str(top), "inner")
    git(outer, "commit", "-qm", "submodule")
    assert same(history_of(outer / "inner"), history_of(top))
    assert [set(commit.paths) for commit in history_of(outer).commits()] == [{b".gitmodules"}]


def test_there_is_none_in_a_shallow_or_partial_clone(top: Path, tmp_path: Path) -> None:
    git(top, "config", "uploadpack.allowFilter", "true")
    assert has_history(repository_of(top))
    for name, argument in (
        ("shallow", "--depth=2"),
        ("partial", "--filter=blob:none"),
        ("treeless", "--filter=tree:0"),
    ):
        git(tmp_path, "clone", "-q", argument, f"file://{top}", name)
        assert not has_history(repository_of(tmp_path / name)), name
    git(tmp_path, "clone", "-q", f"file://{top}", "whole")
    assert has_history(repository_of(tmp_path / "whole"))


def test_there_is_none_without_git(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = repository_of(top)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_history(repository)
    assert not has_history(None)


def test_a_repository_in_doubt_has_none(top: Path, tmp_path: Path) -> None:
    (top / ".git").rename(tmp_path / "elsewhere")
    (top / ".git").symlink_to(tmp_path / "elsewhere")
    assert not has_history(repository_of(top))


def test_a_commit_that_is_not_there_is_an_error(top: Path) -> None:
    with pytest.raises(GitError, match="did not list"):
        read_history(repository_of(top), os.fsencode(top.resolve()), "0" * 40, Progress())


def test_what_cannot_be_read_is_unread(top: Path) -> None:
    """The tree of the fourth newest commit is lost: what was told before counts."""
    ids = [commit.id.hex() for commit in history_of(top).commits()]
    tree = git(top, "rev-parse", f"{ids[4]}^{{tree}}")
    (top / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    history = history_of(top)
    assert [commit.id.hex() for commit in history.commits()] == ids
    assert UNREAD in history.knowledge[3:]
    assert READ in history.knowledge[:3]
    assert "could not be read" in history.notes[0]


def test_what_was_not_read_in_time_is_read_the_next_time(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = history_of(top)
    part = History.of([*whole.commits()[:2], *(Commit(c.id, c.time_s) for c in whole.commits()[2:])])
    assert part.notes == ("of the last 6 commits, 4 could not be read in time and do not count",)
    assert same(history_of(top, known=part), whole)
    monkeypatch.setattr(git_history, "_MAX_BYTES", 150)
    assert 0 < (history_of(top).knowledge == UNREAD).sum() < 6


def test_what_is_known_is_not_read_again(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = history_of(top)
    monkeypatch.setattr(git_history, "_read_commits", None)
    assert same(history_of(top, known=known), known)


def test_reading_ends_in_time(top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.which("git")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "git").write_text(
        f'#!/bin/sh\ncase "$*" in *diff-tree*) exec sleep 60;; esac\nexec {real} "$@"\n'
    )
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    start = time.perf_counter()
    assert (history_of(top, patience_s=0.4).knowledge == UNREAD).all()
    assert time.perf_counter() - start < 5
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    repository = repository_of(top)
    head = head_commit(repository)
    assert head is not None
    with pytest.raises(ScanCancelled):
        read_history(repository, os.fsencode(top.resolve()), head, Progress(cancel=cancel), patience_s=60)


def nested_tree(top: Path, depth: int) -> str:
    """Make a tree of ten to the power of ``depth`` files."""
    blob = git(top, "hash-object", "-w", "--stdin", feed="x")
    tree = git(top, "mktree", feed="".join(f"100644 blob {blob}\tf{i}\n" for i in range(10)))
    for _ in range(depth - 1):
        tree = git(top, "mktree", feed="".join(f"040000 tree {tree}\td{i}\n" for i in range(10)))
    return tree


def test_a_commit_cut_after_too_many_files_is_not_read_again(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(top, "update-ref", "HEAD", git(top, "commit-tree", nested_tree(top, 5), "-p", "HEAD", "-m", "many"))
    monkeypatch.setattr(git_history, "_MAX_BYTES", 2**16)
    first = history_of(top)
    assert first.knowledge.tolist() == [MANY_FILES, *[UNREAD] * 6]
    assert history_of(top, known=first).knowledge.tolist() == [MANY_FILES, *[READ] * 6]


@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit git")
def test_a_commit_of_a_billion_files_ends_the_reading(top: Path) -> None:
    whole = history_of(top)
    git(top, "update-ref", "HEAD", git(top, "commit-tree", nested_tree(top, 9), "-p", "HEAD", "-m", "many"))
    start = time.perf_counter()
    assert history_of(top, known=whole, patience_s=0.7).knowledge.tolist() == [UNREAD, *[READ] * 6]
    assert history_of(top, patience_s=0.7).knowledge.tolist() == [UNREAD] * 7
    assert time.perf_counter() - start < 10


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 9)), min_size=2, max_size=12), st.data())
def test_reading_on_gives_what_reading_anew_gives(
    folder: Path, shape: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Branches, merges, commits older than their parents, and a head that goes anywhere."""
    top = folder / f"r{len(list(folder.iterdir()))}"
    made = []
    for number, (kind, name, time_s) in enumerate(shape):
        parents = sorted({max(number - 1, 0), max(number - 2, 0)} if kind == 0 else {max(number - kind, 0)} - {number})
        made.append(Made({b"sub/%d.py" % name: b"%d" % number}, b"m%d" % number, time_s, parents if number else []))
    ids = make_history(top, made)
    known = NO_HISTORY
    for _ in range(3):
        git(top, "update-ref", "refs/heads/main", data.draw(st.sampled_from(ids)))
        known = history_of(top, known=known)
        assert same(known, history_of(top))
        assert simply(known) == as_git_logs(top)
