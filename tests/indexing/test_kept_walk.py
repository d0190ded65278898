"""A walk that another process has kept gives the files that a walk of all folders gives."""

from __future__ import annotations

import base64
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.discovery import stamps, walk_memory
from repomap_fast.discovery.file_stats import Inodes, look_up_inodes
from repomap_fast.discovery.walk_memory import WalkMemory
from repomap_fast.indexing import kept_walk
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.kept_walk import read_walk
from repomap_fast.indexing.packed_columns import pack_columns, unpack_columns
from repomap_fast.indexing.seen_files import SeenFiles
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.tables import StringTable
from support.repositories import make_work_tree, needs_git
from support.walked import (
    TICK_S,
    give_settings_of_git,
    make_walked_folder,
    note_listed_folders,
    write,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is remembered there")
NAME = "0123-4567"
STATE = f"walk:{NAME}"


@pytest.fixture(autouse=True)
def settings_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Walks of few folders are kept too."""
    give_settings_of_git(tmp_path, monkeypatch)
    monkeypatch.setattr(kept_walk, "WORTH_KEEPING", 0)


@pytest.fixture
def fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock without a grain, so that what has just changed counts as settled."""
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_walked_folder(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "store")
    yield store
    store.close()


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return note_listed_folders(monkeypatch)


def look(root: Path, store: SqliteStore | None, options: ScanOptions | None = None) -> list[tuple[object, ...]]:
    """Return what a new process finds: paths, sizes, times and inodes of the files."""
    context = Context.of(root, options or ScanOptions(), Progress())
    found = SeenFiles(remembers=False, store=store, name=NAME).find(context)
    columns = (found.sizes_bytes, found.mtimes_ns, found.ctimes_ns, found.inodes)
    return list(zip(found.paths, *(column.tolist() for column in columns), strict=True))


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("options", [ScanOptions(), ScanOptions(no_ignore=True)], ids=["rules", "no rules"])
def test_the_next_process_lists_no_folder(
    root: Path, store: SqliteStore, listed: list[str], options: ScanOptions
) -> None:
    first = look(root, store, options)
    assert "src/deep/" in listed
    listed.clear()
    assert look(root, store, options) == first
    assert listed == []


@pytest.mark.usefixtures("fine_clock")
def test_contents_that_changed_are_seen_though_no_folder_did(root: Path, store: SqliteStore, listed: list[str]) -> None:
    look(root, store)
    listed.clear()
    (root / "src/b.py").write_text("longer")
    assert look(root, store) == look(root, None)
    assert {path: size for path, size, *_ in look(root, store)}[b"src/b.py"] == len("longer")


def test_what_changed_a_moment_ago_is_not_kept(root: Path, store: SqliteStore) -> None:
    look(root, store)
    assert read_walk(store, NAME) is None
    write(root / "src/new.py")
    assert look(root, store) == look(root, None)


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root / "src/deep/new.py"),
        lambda root: (root / "src/b.py").unlink(),
        lambda root: (root / "src").rename(root / "moved"),
        lambda root: write(root / "new/x.py"),
        lambda root: (root / ".gitignore").write_text("*.py\n"),
        lambda root: write(root / "src/.repomapignore", "b.py\n"),
        lambda root: write(root.parent / "xdg/git/ignore", "b.py\n"),
        lambda root: write(root.parent / "gitconfig", f"[core]\nexcludesFile = {root}/.gitignore\n"),
        lambda root: (shutil.rmtree(root / "src/deep"), (root / "src/deep").symlink_to(root / "docs")),
    ],
    ids=["new", "gone", "moved", "folder", "rule", "own rule", "users rule", "users setting", "link"],
)
def test_what_changed_between_two_processes_is_seen(
    root: Path, store: SqliteStore, change: Callable[[Path], object]
) -> None:
    look(root, store)
    assert read_walk(store, NAME) is not None
    time.sleep(TICK_S)
    change(root)
    assert look(root, store) == look(root, None)


@pytest.mark.usefixtures("fine_clock")
def test_a_folder_in_the_place_of_the_root_is_another(root: Path, store: SqliteStore) -> None:
    look(root, store)
    root.rename(root.with_name("before"))
    write(root / "other.py")
    assert [path for path, *_ in look(root, store)] == [b"other.py"]


@pytest.mark.usefixtures("fine_clock")
def test_a_root_that_becomes_a_repository_is_asked_of_git(root: Path, store: SqliteStore) -> None:
    look(root, store)
    (root / ".git").mkdir()
    write(root / ".git/HEAD", "ref: refs/heads/main\n")
    (root / ".git/objects").mkdir()
    (root / ".git/refs").mkdir()
    assert look(root, store) == look(root, None)


FOLDERS = ("", "src", "src/deep", "build", "x", "node_modules", "moved", "src/x")
STEPS = st.one_of(
    st.tuples(st.sampled_from(("remove", "link", "folder")), st.sampled_from(FOLDERS[1:]), st.just("")),
    st.tuples(st.just("move"), st.sampled_from(FOLDERS[1:]), st.sampled_from(FOLDERS[1:])),
    st.tuples(st.just("write"), st.sampled_from(FOLDERS), st.sampled_from(("a", "b.py", "c.log", "package.json"))),
    st.tuples(st.just("remove"), st.sampled_from(FOLDERS), st.sampled_from(("a", "b.py", "c.py", ".gitignore"))),
    st.tuples(
        st.sampled_from(("*.log\n", "a\n", "!c.log\n", "/x/\n", "")),
        st.sampled_from(FOLDERS),
        st.sampled_from((".gitignore", ".repomapignore")),
    ),
)
"""What is done, in which folder, and to which name in it; what is no other word is the text of a file of rules."""


def take(root: Path, step: tuple[str, str, str]) -> None:
    """Take a step where that is possible."""
    what, folder, name = step
    there = root / folder / name if what != "move" else root / folder
    try:
        if what == "move":
            there.rename(root / name)
        elif what == "remove" and there.is_dir() and not there.is_symlink():
            shutil.rmtree(there)
        elif what == "remove":
            there.unlink()
        elif what == "link":
            there.symlink_to(root)
        elif what == "folder":
            there.mkdir(parents=True)
        else:
            write(there, "written" if what == "write" else what)
    except OSError:
        # The folder is not there, or something else is in its place.
        return


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("options", [ScanOptions(), ScanOptions(no_ignore=True), ScanOptions(exclude=("b*",))])
def test_any_changes_give_what_a_walk_of_all_folders_finds(tmp_path: Path, options: ScanOptions) -> None:
    """Each look is that of a new process."""
    n_kept = 0

    @settings(max_examples=10, deadline=None)
    @given(st.lists(STEPS, min_size=2, max_size=10))
    def check(steps: list[tuple[str, str, str]]) -> None:
        nonlocal n_kept
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            root, store = make_walked_folder(Path(folder)), SqliteStore(Path(folder) / "store")
            look(root, store, options)
            for step in steps:
                take(root, step)
                time.sleep(TICK_S)
                n_kept += read_walk(store, NAME) is not None
                assert look(root, store, options) == look(root, None, options)
            store.close()

    check()
    assert n_kept


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", 0),
        ("packed", ""),
        ("packed", "AAAA"),
        ("root", []),
        ("root", ["x"]),
        ("outside", [["L2E=", "x"]]),
        ("outside", [1]),
        # Nothing has a name with a NUL.
        ("outside", [["YQBi", [1, 2, 3, 4, 5]]]),
        ("outside", [["L2E=", None]] * 1001),
        ("environment", "another"),
    ],
)
def test_a_walk_that_makes_no_sense_is_made_again(
    root: Path, store: SqliteStore, listed: list[str], field: str, value: object
) -> None:
    first = look(root, store)
    store.write_state(STATE, {**store.read_state(STATE), field: value})
    listed.clear()
    assert look(root, store) == first
    assert "src/" in listed


def pack(columns: dict[str, Any]) -> str:
    packed = pack_columns(columns, kept_walk._COLUMNS, 1)
    assert packed is not None
    return base64.b64encode(packed).decode()


def unpack(text: str) -> dict[str, Any]:
    return unpack_columns(base64.b64decode(text), kept_walk._COLUMNS)


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("path", [b"/a.py", b"../y", b"src/../../z", b".."])
def test_a_path_that_leads_out_of_the_root_is_not_looked_at(
    root: Path, store: SqliteStore, path: bytes, listed: list[str]
) -> None:
    first = look(root, store)
    state = store.read_state(STATE)
    columns = unpack(state["packed"])
    lengths = columns["path_lengths"].copy()
    lengths[-1] = len(path)
    kept = columns["paths"].tobytes()[: int(lengths[:-1].sum())]
    forged = {**columns, "path_lengths": lengths, "paths": np.frombuffer(kept + path, np.uint8)}
    store.write_state(STATE, {**state, "packed": pack(forged)})
    assert read_walk(store, NAME) is None
    listed.clear()
    assert look(root, store) == first
    assert "src/" in listed


@pytest.mark.usefixtures("fine_clock")
def test_columns_that_do_not_fit_each_other_are_none(root: Path, store: SqliteStore) -> None:
    look(root, store)
    state = store.read_state(STATE)
    columns = unpack(state["packed"])
    wrong = {
        "path_lengths": columns["path_lengths"] + 1,
        "paths": columns["paths"][:-1],
        "of_folders": columns["of_folders"][::-1],
        "kinds": columns["kinds"][:-1],
        "inodes": columns["inodes"][:-1],
    }
    for name, column in wrong.items():
        store.write_state(STATE, {**state, "packed": pack({**columns, name: column})})
        assert read_walk(store, NAME) is None, name
    store.write_state(STATE, {**state, "packed": pack({**columns, "of_folders": columns["of_folders"] + 1000})})
    assert read_walk(store, NAME) is None


@pytest.mark.usefixtures("fine_clock")
def test_more_paths_than_a_walk_may_have_are_neither_read_nor_kept(
    root: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(root, store)
    walk = read_walk(store, NAME)
    assert walk is not None
    monkeypatch.setattr(kept_walk, "MAX_PATHS", len(walk.tree.paths) - 1)
    assert read_walk(store, NAME) is None
    store.drop_states([STATE])
    kept_walk.write_walk(store, NAME, walk)
    assert store.read_state(STATE) is None


@pytest.mark.usefixtures("fine_clock")
def test_no_path_of_a_walk_of_another_folder_is_looked_up(
    root: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(root, store)
    shutil.copytree(root, root.with_name("copied"))
    asked: list[int] = []

    def counting(root: bytes, paths: StringTable, tell: Callable[[int], None], **others: Any) -> Inodes:
        asked.append(len(paths))
        return look_up_inodes(root, paths, tell, **others)

    monkeypatch.setattr(walk_memory, "look_up_inodes", counting)
    memory = WalkMemory()
    walk = read_walk(store, NAME)
    assert walk is not None
    memory.restore(walk)
    memory.begin(os.fsencode(root.with_name("copied")), 1, (), lambda _: None)
    assert asked
    assert not any(asked)


@needs_git
@pytest.mark.usefixtures("fine_clock")
def test_what_git_lists_is_not_kept(root: Path, store: SqliteStore) -> None:
    make_work_tree(root, {"new.py": ""}, "a.py")
    time.sleep(TICK_S)
    seen, context = SeenFiles(store=store, name=NAME), Context.of(root, ScanOptions(), Progress())
    for _ in range(3):
        seen.find(context)
    assert read_walk(store, NAME) is None
    assert look(root, store) == look(root, None)


@pytest.mark.usefixtures("fine_clock")
def test_few_folders_are_not_kept(root: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_walk, "WORTH_KEEPING", 256)
    look(root, store)
    assert read_walk(store, NAME) is None


@pytest.mark.usefixtures("fine_clock")
def test_an_open_index_begins_with_what_is_kept_and_goes_on(root: Path, store: SqliteStore, listed: list[str]) -> None:
    look(root, store)
    listed.clear()
    context = Context.of(root, ScanOptions(), Progress())
    seen = SeenFiles(store=store, name=NAME)
    seen.find(context)
    assert listed == []
    write(root / "src/new.py")
    time.sleep(TICK_S)
    assert b"src/new.py" in seen.find(context).paths
    listed.clear()
    write(root / "docs/new.md")
    write(root / "src/deep/new.py")
    time.sleep(TICK_S)
    assert b"src/deep/new.py" in seen.find(context).paths
    assert sorted(listed) == ["src/deep/"]
