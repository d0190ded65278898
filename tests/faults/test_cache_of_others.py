"""A cache folder that somebody else prepared, or may change, or that only may be read: what is done in it."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest
from typer.testing import CliRunner

from repomap_fast.cli.app import app
from repomap_fast.errors import EXIT_DAMAGED, EXIT_FINE, EXIT_USAGE, StoreError
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.upkeep import index_folders, index_problems, prune_index, report_index
from repomap_fast.store.private_folder import PrivateFolder
from support.histories import Made, make_history
from support.repositories import fresh, git, kept, make_repository, make_work_tree, needs_git, settle, tables

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users, modes and links are others there")
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")

NOBODY = 65534
OLD = 1_000_000_000


@pytest.fixture(scope="module")
def root(folder: Path) -> Path:
    root = make_repository(folder / "root", 12)
    settle(root)
    kept(root, folder / "cache")
    return root


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A folder of the user's, with what would be taken for left-overs."""
    folder = tmp_path / "precious"
    for name in ("thesis", "0123456789abcdef"):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text("precious")
        os.utime(folder / name, (OLD, OLD))
    return folder


def all_of(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


COMMANDS = ["info", "check", "prune", "clear -y", "info --all", "check --all", "prune --all"]


def run_cache(command: str, root: Path, cache: Path) -> tuple[int, str]:
    """Return the exit code of a command and what it said; an error of any other kind than ours is raised."""
    path = [] if "--all" in command else [str(root)]
    done = CliRunner().invoke(
        app, ["cache", *command.split(), *path, "--cache-dir", str(cache)], prog_name="repomap-fast"
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def assert_refused(root: Path, cache: Path, why: str) -> None:
    """Nothing is read or written there; a scan goes on without, and the commands of the cache say why."""
    before = all_of(cache)
    found, notes = kept(root, cache)
    assert found == fresh(root)
    assert any(why in note and "nothing is kept for the next scan" in note for note in notes), notes
    for command in ("info", "check --all", "prune", "clear -y"):
        code, said = run_cache(command, root, cache)
        assert (code, why in said) == (EXIT_USAGE, True), (command, said)
    assert all_of(cache) == before


@needs_root
@pytest.mark.parametrize("name", ["", "v2", "store", "tags.sqlite3", "columns"])
def test_a_cache_of_another_user_is_not_used(name: str, root: Path, cache: Path, store: Path) -> None:
    places = {"": cache, "v2": store.parent, "store": store}
    os.chown(places.get(name, store / name), NOBODY, NOBODY)
    if name == "columns":
        assert any("belongs to user 65534" in note for note in kept(root, cache)[1])
        assert run_cache("prune", root, cache)[0] == EXIT_USAGE
    else:
        assert_refused(root, cache, "belongs to user 65534")


@pytest.mark.parametrize("name", ["", "v2", "store", "tags.sqlite3"])
def test_a_cache_that_others_may_change_is_not_used(name: str, root: Path, cache: Path, store: Path) -> None:
    place = {"": cache, "v2": store.parent, "store": store}.get(name, store / name)
    place.chmod(0o777)
    assert_refused(root, cache, "may be changed by other users (mode 0777)")
    place.chmod(0o700)
    assert kept(root, cache) == (fresh(root), ())


def test_a_shared_folder_may_hold_a_cache(root: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    for _ in range(2):
        assert kept(root, shared) == (fresh(root), ())
    assert run_cache("check", root, shared)[0] == EXIT_FINE


def test_links_in_a_cache_lead_nowhere(root: Path, cache: Path, store: Path, precious: Path) -> None:
    before = all_of(precious)
    for place in (store / "columns", store, store.parent, cache):
        away = precious.parent / "away"
        place.rename(away)
        place.symlink_to(precious)
        found, notes = kept(root, cache)
        assert found == fresh(root)
        assert notes
        for command in COMMANDS:
            run_cache(command, root, cache)
        assert all_of(precious) == before
        place.unlink()
        away.rename(place)
    assert kept(root, cache) == (fresh(root), ())


def test_only_what_we_would_have_named_is_removed_from_columns(root: Path, store: Path, precious: Path) -> None:
    (store / "columns" / "thesis").mkdir()
    (store / "columns" / "fedcba9876543210").mkdir()
    for name in ("thesis", "fedcba9876543210"):
        os.utime(store / "columns" / name, (OLD, OLD))
    (store / "columns" / "0123456789abcdef").symlink_to(precious)
    before = all_of(precious)
    prune_index(store)
    assert (store / "columns" / "thesis").is_dir()
    assert not (store / "columns" / "fedcba9876543210").exists()
    assert all_of(precious) == before


def test_a_tag_that_is_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Host x")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "CACHEDIR.TAG").symlink_to(tmp_path / "file")
    assert kept(root, tmp_path / "cache")[0] == fresh(root)
    assert (tmp_path / "file").read_text() == "Host x"


@pytest.mark.parametrize("name", ["tags.sqlite3", "tags.sqlite3-wal", "tags.sqlite3-shm", "tags.sqlite3-journal"])
def test_the_database_of_another_program_stays_as_it_is(name: str, root: Path, cache: Path, store: Path) -> None:
    other = cache.parent / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE mine (a)")
    before = other.read_bytes()
    (store / name).unlink(missing_ok=True)
    (store / name).symlink_to(other)
    assert_refused(root, cache, "symbolic link")
    assert other.read_bytes() == before


def test_a_copy_of_another_programs_database_stays_as_it_is(root: Path, cache: Path, store: Path) -> None:
    for file in store.glob("tags.sqlite3*"):
        file.unlink()
    with closing(sqlite3.connect(store / "tags.sqlite3")) as database:
        database.execute("CREATE TABLE mine (a)")
    before = (store / "tags.sqlite3").read_bytes()
    assert_refused(root, cache, "the database of another program, with the table 'mine'")
    assert (store / "tags.sqlite3").read_bytes() == before


RECURSIVE = (
    "WITH RECURSIVE n(key, day, data) AS (SELECT key, day, data FROM b UNION ALL SELECT key, day + 1, data FROM n) "
    "SELECT * FROM n"
)


@pytest.mark.parametrize(
    "statements",
    [
        ["ALTER TABLE blocks RENAME TO b", f"CREATE VIEW blocks AS {RECURSIVE}"],
        ["ALTER TABLE states RENAME TO s", "CREATE VIEW states AS SELECT * FROM s"],
        ["CREATE TRIGGER t AFTER UPDATE ON blocks BEGIN DELETE FROM states; END"],
        ["CREATE INDEX i ON blocks (day)"],
        ["CREATE TABLE more (a)"],
        ["PRAGMA user_version = 0"],
        ["PRAGMA user_version = 3"],
    ],
    ids=lambda statements: statements[-1][:30],
)
def test_a_database_of_other_tables_is_damage_before_it_is_read(
    statements: list[str], root: Path, cache: Path, store: Path
) -> None:
    with closing(sqlite3.connect(store / "tags.sqlite3", isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
    assert "its tables are not" in str(report_index(store).damage) or "its format is" in str(report_index(store).damage)
    assert len(list(index_problems(store))) == 1
    assert run_cache("check", root, cache)[0] == EXIT_DAMAGED
    assert kept(root, cache)[0] == fresh(root)
    assert list(index_problems(store)) == []


def test_a_view_that_comes_while_a_store_is_open_is_not_read(root: Path, store: Path) -> None:
    with Index.open(root, cache_dir=store.parent.parent) as index:
        with closing(sqlite3.connect(store / "tags.sqlite3", isolation_level=None)) as database:
            database.execute("ALTER TABLE blocks RENAME TO b")
            database.execute(f"CREATE VIEW blocks AS {RECURSIVE}")
        index.store.has_blocks()
        assert any("prohibited" in note for note in index.store.notes), index.store.notes


def test_columns_that_are_cut_while_they_are_in_use_stay_what_they_were(root: Path, cache: Path, store: Path) -> None:
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
        result = index.result
        result.tag_table  # noqa: B018
        for path in (store / "columns").glob("*/*"):
            os.truncate(path, 0)
        assert tables(result) == fresh(root)
    assert kept(root, cache)[0] == fresh(root)


def test_columns_that_are_cut_before_they_are_read_are_damaged(root: Path, cache: Path, store: Path) -> None:
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
        index.graph  # noqa: B018
        for path in (store / "columns").glob("*/*"):
            os.truncate(path, 0)
        assert tables(index.result) == fresh(root)
        assert any("damaged" in note for note in index.store.notes)


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("step", ["open_file", "folder"])
def test_what_cannot_be_read_now_is_no_damage(
    step: str, code: int, root: Path, cache: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_of(store / "columns")
    real: Callable[..., object] = getattr(PrivateFolder, step)

    def fail(folder: PrivateFolder, name: str, *rest: int) -> object:
        if folder.path.parent == store / "columns" or folder.path == store / "columns":
            raise OSError(code, os.strerror(code))
        return real(folder, name, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(PrivateFolder, step, fail)
        found, notes = kept(root, cache)
        assert found == fresh(root)
        assert any(os.strerror(code) in note for note in notes)
        assert not any("damaged" in note for note in notes)
    assert all_of(store / "columns") == before
    with Index.open(root, cache_dir=cache) as index:
        stats = index.refresh()
        assert (stats.parsed, stats.joined, index.result.notes) == (0, False, ())


READING = [command for command in COMMANDS if not command.startswith("clear")]


@pytest.mark.parametrize("command", READING)
def test_columns_that_cannot_be_read_now_are_not_called_damaged(
    command: str, root: Path, cache: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_of(store / "columns")
    real = PrivateFolder.folder

    def fail(folder: PrivateFolder, name: str) -> PrivateFolder:
        if folder.path == store / "columns":
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return real(folder, name)

    monkeypatch.setattr(PrivateFolder, "folder", fail)
    code, said = run_cache(command, root, cache)
    assert (code, os.strerror(errno.EMFILE) in said, "amage" in said) == (EXIT_USAGE, True, False), said
    assert all_of(store / "columns") == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_that_cannot_be_read_now_is_neither_called_damaged_nor_deleted(
    command: str, root: Path, cache: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = all_of(store)

    def fail(*_: object, **__: object) -> NoReturn:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr(sqlite3, "connect", fail)
    code, said = run_cache(command, root, cache)
    assert (code, "unable to open" in said, "amage" in said) == (EXIT_USAGE, True, False), said
    assert all_of(store) == before


def as_nobody(run: Callable[[], bool], places: list[Path]) -> bool:
    """Return what ``run`` returns in a child that is no longer root, and to whom these places are open."""
    opened = {parent: parent.stat().st_mode for place in places for parent in place.parents}
    for parent, mode in opened.items():
        parent.chmod(mode | 0o055)
    try:
        child = os.fork()
        if child == 0:
            code = 9
            try:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
                code = 0 if run() else 8
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        for parent, mode in opened.items():
            parent.chmod(mode)


@needs_root
def test_an_index_that_may_only_be_read_is_used_as_it_is(root: Path, cache: Path, store: Path) -> None:
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    expected, before = fresh(root), all_of(cache)

    def run() -> bool:
        with Index.open(root, cache_dir=cache) as index:
            stats = index.refresh()
            is_warm = (stats.parsed, stats.joined, index.result.notes) == (0, False, ())
            is_right = tables(index.result) == expected
        report = report_index(store)
        with pytest.raises(StoreError, match=r"the index cannot be changed: .*readonly"):
            prune_index(store)
        return is_warm and is_right and report.damage is None and list(index_problems(store)) == []

    assert as_nobody(run, [root, store])
    assert all_of(cache) == before


@needs_root
@needs_git
def test_a_work_tree_that_may_only_read_the_index_of_another(root: Path, tmp_path: Path) -> None:
    main, linked, cache = tmp_path / "main", tmp_path / "linked", tmp_path / "cache"
    shutil.copytree(root, main)
    make_work_tree(main, {}, ".")
    git(main, "worktree", "add", "-q", "--detach", str(linked))
    settle(linked)
    kept(main, cache)
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    before = all_of(cache)

    def run() -> bool:
        with Index.open(linked, cache_dir=cache) as index:
            first, second = index.refresh(), index.refresh()
            return (first.parsed, first.joined, second.read, second.fresh) == (0, False, 0, second.files)

    assert as_nobody(run, [linked, main, cache])
    assert all_of(cache) == before


@needs_root
def test_what_is_new_beside_an_index_that_may_only_be_read_is_noted(root: Path, cache: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(root, tmp_path / "changed"))
    kept(changed, cache)
    (changed / "new.py").write_text("def new(): pass\n")
    for path in (cache, *cache.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    expected, before = fresh(changed), all_of(cache)

    def run() -> bool:
        found, notes = kept(changed, cache)
        return found == expected and len(notes) == 1 and "nothing was kept for the next scan" in notes[0]

    assert as_nobody(run, [changed, cache])
    assert all_of(cache) == before


@needs_root
@needs_git
def test_a_history_that_may_only_be_read_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top, cache = tmp_path / "top", tmp_path / "cache"
    make_history(top, [Made({b"a.py": b""}, b"one"), Made({b"a.py": b"x = 1"}, b"two", 1)])
    with Index.open(top, cache_dir=cache) as index:
        assert len(index.history()) == 2
    for path in (top, cache, *cache.rglob("*"), *top.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    before = all_of(cache)

    def read() -> tuple[list[bytes], list[str]]:
        with Index.open(top, cache_dir=cache) as index:
            return list(index.history().messages), index.store.notes

    def run() -> bool:
        monkeypatch.setattr("repomap_fast.indexing.kept_history.read_history", None)
        return read() == ([b"two", b"one"], [])

    def run_at_another_commit() -> bool:
        found, notes = read()
        return found == [b"one"] and len(notes) == 1 and "nothing was kept for the next scan" in notes[0]

    assert as_nobody(run, [top, cache])
    git(top, "update-ref", "refs/heads/main", "HEAD~1")
    assert as_nobody(run_at_another_commit, [top, cache])
    assert all_of(cache) == before


def test_an_index_that_is_not_there_is_no_index(root: Path, tmp_path: Path) -> None:
    assert index_folders(tmp_path / "none") == []
    code, said = run_cache("info", root, tmp_path / "none")
    assert (code, said.startswith("There is no index")) == (EXIT_FINE, True)
