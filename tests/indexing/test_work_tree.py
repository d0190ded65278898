"""Work trees: which ones have one store between them, and what a store knows of them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from repomap_fast.indexing import work_tree
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.work_tree import WorkTree, tree_keys
from repomap_fast.store.cache_folder import store_folder
from repomap_fast.store.sqlite_store import SqliteStore
from support.repositories import git, make_work_tree, needs_git, write_files

FILES = {"a.py": "def alpha(): return beta()\n", "lib/b.py": "def beta(): pass\n"}


@pytest.mark.parametrize(
    "url",
    [
        "https://Example.org/team/name.git",
        "https://user:secret@example.org:8443/team/name",
        "ssh://git@example.org/team/name/",
        "git@example.org:team/name.git",
        "example.org:/team/name",
    ],
)
def test_all_addresses_of_a_repository_give_one_name(url: str) -> None:
    assert work_tree._name_of_url(url) == "remote://example.org/team/name"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("/code/name/.git", "/code/name"),
        ("/code/name/", "/code/name"),
        ("/code/../code/name", "/code/name"),
        ("file:///code/name/.git", "/code/name"),
        ("../name", None),
        ("", None),
        ("https://example.org/", None),
        ("https://example.org", None),
        ("git@example.org:", None),
        ("C:name", None),
        ("name", None),
    ],
)
def test_other_addresses_are_paths_or_no_name(url: str, name: str | None) -> None:
    assert work_tree._name_of_url(url) == name


@needs_git
def test_work_trees_and_clones_have_one_store(tmp_path: Path) -> None:
    main = make_work_tree(tmp_path / "main", FILES, *FILES)
    git(main, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    git(tmp_path, "clone", "-q", str(main), "cloned")
    roots = [main, main / "lib", tmp_path / "linked", tmp_path / "linked" / "lib", tmp_path / "cloned"]
    trees = [WorkTree.at(root) for root in roots]
    assert {tree.repository for tree in trees} == {str(main.resolve())}
    assert len({tree.key for tree in trees}) == len(roots)
    assert {tree.store_folder(tmp_path) for tree in trees} == {store_folder(main, tmp_path)}

    git(main, "remote", "add", "origin", "git@example.org:team/name.git")
    assert {WorkTree.at(root).repository for root in roots[:4]} == {"remote://example.org/team/name"}
    git(tmp_path / "cloned", "remote", "set-url", "origin", "https://example.org/team/name")
    assert len({WorkTree.at(root).store_folder(tmp_path) for root in roots}) == 1


@needs_git
def test_a_submodule_has_a_store_of_its_own(tmp_path: Path) -> None:
    library = make_work_tree(tmp_path / "library", FILES, *FILES)
    main = make_work_tree(tmp_path / "main", FILES, *FILES)
    git(main, "submodule", "--quiet", "add", str(library), "deps/library")
    git(main / "deps" / "library", "remote", "remove", "origin")
    assert WorkTree.at(main / "deps" / "library").repository == str(main / ".git" / "modules" / "deps" / "library")


def to_a_work_tree_of_others(root: Path, victim: Path) -> None:
    (root / ".git").write_text(f"gitdir: {victim / '.git' / 'worktrees' / 'linked'}\n")


def to_a_repository_of_others(root: Path, victim: Path) -> None:
    (root / ".git").write_text(f"gitdir: {victim / '.git'}\n")


def by_a_link(root: Path, victim: Path) -> None:
    (root / ".git").symlink_to(victim / ".git")


def by_commondir(root: Path, victim: Path) -> None:
    make_work_tree(root, {})
    (root / ".git" / "commondir").write_text(f"{victim / '.git'}\n")


def by_a_linked_folder(root: Path, victim: Path) -> None:
    (root / "x").symlink_to(victim / ".git" / "worktrees")
    (root / ".git").write_text("gitdir: x/linked\n")


@needs_git
@pytest.mark.parametrize(
    "lead",
    [to_a_work_tree_of_others, to_a_repository_of_others, by_a_link, by_commondir, by_a_linked_folder],
)
def test_a_folder_that_points_to_a_repository_does_not_get_its_store(lead: object, tmp_path: Path) -> None:
    victim = make_work_tree(tmp_path / "victim", FILES, *FILES)
    git(victim, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    root = write_files(tmp_path / "root", FILES)
    lead(root, victim)  # type: ignore[operator]
    assert WorkTree.at(root) == WorkTree(str(root.resolve()), str(root.resolve()))


@needs_git
def test_a_repository_that_takes_the_name_of_another_gets_none_of_its_states(tmp_path: Path) -> None:
    victim = make_work_tree(tmp_path / "victim", {"secret.py": "def secret(): pass\n"}, "secret.py")
    root = make_work_tree(tmp_path / "root", FILES, *FILES)
    git(root, "remote", "add", "origin", str(victim))
    cache = tmp_path / "cache"
    for folder in (victim, root, victim):
        with Index.open(folder, cache_dir=cache) as index:
            index.refresh()
            assert {tag.name for tag in index.tags} == ({"secret"} if folder == victim else {"alpha", "beta"})
    assert len(list((cache / "v2").iterdir())) == 1


@needs_git
def test_an_origin_on_the_disk_is_not_looked_at(tmp_path: Path) -> None:
    root = make_work_tree(tmp_path / "root", FILES, *FILES)
    trap = tmp_path / "trap" / ".git"
    trap.parent.mkdir()
    os.mkfifo(trap)
    git(root, "remote", "add", "origin", str(trap))
    assert WorkTree.at(root).repository == str(trap.parent)


def days_of(store: SqliteStore) -> dict[str, int]:
    """Return the day of each work tree, by its path."""
    states = [store.read_state(f"tree:{key}") for key in tree_keys(store.state_names())]
    return {state["path"]: state["day"] for state in states}


def test_a_work_tree_that_was_not_scanned_for_long_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(tmp_path / "store")
    for day, name in ((1, "a"), (20, "b"), (40, "c")):
        monkeypatch.setattr(work_tree, "today", lambda day=day: day)
        work_tree.register(store, WorkTree(f"/{name}", "/a"))
    assert days_of(store) == {"/b": 20, "/c": 40}
    # An old day is written anew by a later scan, and a fresh one is left.
    monkeypatch.setattr(work_tree, "today", lambda: 45)
    for name in ("b", "c"):
        work_tree.register(store, WorkTree(f"/{name}", "/a"))
    assert days_of(store) == {"/b": 45, "/c": 40}
    store.close()


@needs_git
def test_a_forgotten_work_tree_leaves_the_columns_that_another_uses(tmp_path: Path) -> None:
    main = make_work_tree(tmp_path / "main", FILES, *FILES)
    git(main, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    keys = []
    for root in (main, tmp_path / "linked"):
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
        keys.append(WorkTree.at(root).key)
    store = SqliteStore(store_folder(main, tmp_path / "cache"))
    work_tree.forget(store, keys[:1])
    assert len(list((store.folder / "columns").iterdir())) == 1
    assert tree_keys(store.state_names()) == keys[1:]
    work_tree.forget(store, keys[1:])
    assert list((store.folder / "columns").iterdir()) == []
    assert store.has_blocks()
    store.close()
    shutil.rmtree(tmp_path / "cache")
