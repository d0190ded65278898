"""A store that somebody made to harm: seals that fit, and behind them what no scan ever wrote."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from reference.blocks import Block, seal, write_block
from repomap_fast.indexing.upkeep import index_problems, report_index
from repomap_fast.store.cache_folder import store_folder
from repomap_fast.store.paged_column import PAGE_BYTES, PAGE_CHECKSUMS
from repomap_fast.store.seal import _digest
from repomap_fast.tagging.block import check_block
from support.repositories import Tables, fresh, kept, make_overlaid

State = dict[str, Any]


@pytest.fixture(scope="module")
def root(folder: Path) -> Path:
    """A repository whose index, beside it, is an overlay over a base."""
    return make_overlaid(folder / "root", folder / "cache", n_files=16, n_changed=3, seed=1)


@pytest.fixture(scope="module")
def expected(root: Path) -> Tables:
    return fresh(root)


@contextmanager
def no_waiting(seconds: int = 20) -> Iterator[None]:
    """Fail rather than wait without end."""

    def fail(*_: object) -> None:
        raise TimeoutError

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def assert_right(root: Path, cache: Path, expected: Tables) -> tuple[str, ...]:
    """Return the notes of the first of some scans, all of which are right."""
    with no_waiting():
        found, first_notes = kept(root, cache)
        assert found == expected
        for _ in range(2):
            found, _ = kept(root, cache)
            assert found == expected
    return first_notes


def open_database(store: Path) -> sqlite3.Connection:
    return sqlite3.connect(store / "tags.sqlite3", isolation_level=None)


def change_states(store: Path, prefix: str, change: Callable[[State], Any]) -> None:
    """Have each state of that kind be what ``change`` makes of it, with a right seal."""
    with closing(open_database(store)) as database:
        rows = database.execute("SELECT name, data FROM states WHERE name LIKE ?", (f"{prefix}:%",)).fetchall()
        assert rows
        for name, data in rows:
            state = json.loads(data[:-8])
            changed = change(state)
            text = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
            database.execute("UPDATE states SET data = ? WHERE name = ?", (text + _digest(name, text), name))


WRONG_VALUES: list[Any] = [None, -1, 1 << 70, 1.5, "text", [], {}, [None], {"a": None}, True, "../../..", [[1, 2, 3]]]


def fields_of(prefix: str) -> list[str]:
    if prefix == "query":
        return ["kinds"]
    common = ["token", "query_keys", "budgets", "identifier_classes", "definition_kinds"]
    return common + (["gone", "rows"] if prefix == "overlay" else ["languages", "columns", "kinds", "seed", "n_files"])


@pytest.mark.parametrize("one_in", [4, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("prefix", ["base", "overlay", "query"])
def test_fields_that_are_missing_or_of_another_type(
    prefix: str, one_in: int, root: Path, folder: Path, tmp_path: Path
) -> None:
    expected = fresh(root)
    cache = tmp_path / "cache"
    for number, field in enumerate(fields_of(prefix)):
        for value in [..., *WRONG_VALUES][number % one_in :: one_in]:
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(folder / "cache", cache)

            def change(state: State, field: str = field, value: Any = value) -> State:
                state.pop(field)
                return state if value is ... else {**state, field: value}

            change_states(store_folder(root, cache), prefix, change)
            with no_waiting():
                assert kept(root, cache)[0] == expected, (field, value)


def test_a_repository_without_its_name_is_a_damage_that_is_reported(store: Path) -> None:
    with closing(open_database(store)) as database:
        text = b'{"folder": "x"}'
        database.execute("UPDATE states SET data = ? WHERE name = 'repository'", (text + _digest("repository", text),))
    assert "the state 'repository' has not the fields of its kind" in str(report_index(store).damage)
    assert any("the state 'repository'" in damage for damage in index_problems(store))


@pytest.mark.parametrize("prefix", ["base", "overlay", "query"])
@pytest.mark.parametrize(
    "text",
    [b"", b"null", b"[]", b"{}", b"1e999", b"{", b"\xff", b"[" * 100_000, b"1" * 10_000, b'{"kinds": NaN}'],
    ids=lambda text: text[:8].hex(),
)
def test_states_that_are_none(prefix: str, text: bytes, root: Path, cache: Path, store: Path, expected: Tables) -> None:
    change_states(store, prefix, lambda _: text)
    assert_right(root, cache, expected)


@pytest.mark.parametrize("column", ["path", "base_rows", "statuses", "tag_counts", "language_ids", "digests", "errnos"])
def test_rows_of_an_overlay_that_make_no_sense(column: str, root: Path, folder: Path, tmp_path: Path) -> None:
    expected = fresh(root)
    cache = tmp_path / "cache"
    for value in [*WRONG_VALUES, 200, 65_000, 2**31, 2**40, "00", "\udcff\ud800", "zz" * 16]:
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(folder / "cache", cache)

        def change(state: State, value: Any = value) -> State:
            for row in state["rows"]:
                row[column] = value
            return state

        change_states(store_folder(root, cache), "overlay", change)
        with no_waiting():
            found = kept(root, cache)[0]
        # A number that could be true is believed until the tags are asked for.
        names = ["paths", "name_ids", "rows", "tag_offsets"] if column == "tag_counts" else list(expected)
        assert [found[name] for name in names] == [expected[name] for name in names], value


def test_names_of_columns_lead_nowhere_else(root: Path, cache: Path, store: Path, expected: Tables) -> None:
    precious = store.parent / "precious"
    precious.mkdir()
    (precious / "file").write_bytes(b"")
    for token in ("../../precious", "", ".", "..", str(precious)):
        change_states(store, "base", lambda state, token=token: {**state, "token": token})
        assert_right(root, cache, expected)
        assert (precious / "file").exists()
        assert (store / "tags.sqlite3").exists()
    change_states(
        store, "base", lambda state: {**state, "columns": {**state["columns"], "../../../precious/file": [0, 0]}}
    )
    assert_right(root, cache, expected)


HOSTILE_COLUMNS: list[tuple[str, type[np.generic], Callable[[Any], Any]]] = [
    ("name_ids", np.uint32, lambda a: a + np.uint32(2**31)),
    ("roles", np.uint8, lambda a: a + np.uint8(7)),
    ("kind_ids", np.uint8, lambda a: a + np.uint8(99)),
    ("rows", np.uint32, lambda a: a[:-1]),
    ("rows", np.uint32, lambda a: a[::-1]),
    ("name_ids", np.uint32, lambda a: a * np.uint32(0)),
    ("scope_tag_ids", np.int32, lambda a: np.arange(len(a), dtype=np.int32)),
    ("scope_tag_ids", np.int32, lambda a: np.roll(np.arange(len(a), dtype=np.int32), 1)),
    ("scope_tag_ids", np.int32, lambda a: a - np.int32(5)),
    ("scope_tag_ids", np.int32, lambda a: a + np.int32(2**30)),
    ("name_offsets", np.uint64, lambda a: a[::-1]),
    ("name_offsets", np.uint64, lambda a: a + np.uint64(2**63)),
    ("name_offsets", np.uint64, lambda a: a[:0]),
    ("name_slots", np.uint32, lambda a: a[:-1]),
    ("name_slots", np.uint32, lambda a: np.full_like(a, 2**32 - 1)),
    ("file_path_offsets", np.uint64, lambda a: a[::-1]),
    ("file_path_offsets", np.uint64, lambda a: a[:0]),
    ("file_statuses", np.uint8, lambda a: a + np.uint8(200)),
    ("file_statuses", np.uint8, lambda a: np.full_like(a, 6)),
    ("file_tag_counts", np.uint32, lambda a: a + np.uint32(2**31)),
    ("file_tag_counts", np.uint32, lambda a: a * np.uint32(0)),
    ("file_digests", np.uint8, lambda a: a[:-1]),
    ("file_language_ids", np.uint16, lambda a: a + np.uint16(40_000)),
]


@pytest.mark.parametrize(("name", "dtype", "change"), HOSTILE_COLUMNS)
def test_columns_that_make_no_sense(
    name: str, dtype: type[np.generic], change: Callable[[Any], Any], root: Path, cache: Path, store: Path
) -> None:
    # Without an overlay, so that the columns are what is shown.
    kept(root, cache)
    (path,) = (store / "columns").glob(f"*/{name}")
    column = change(np.fromfile(path, dtype)).tobytes()
    path.write_bytes(column)

    def seal_column(state: State) -> State:
        columns = {**state["columns"], name: [len(column), zlib.crc32(column)]}
        if not column:
            del columns[name]
        return {**state, "columns": columns}

    change_states(store, "base", seal_column)
    with no_waiting():
        # Counts of tags that fit each other but not the files are believed until the tags are asked for.
        assert kept(root, cache)[0]["name_ids"] == fresh(root)["name_ids"]


@pytest.mark.parametrize(("name", "dtype", "change"), HOSTILE_COLUMNS)
def test_a_map_of_columns_that_make_no_sense_is_a_map(
    name: str, dtype: type[np.generic], change: Callable[[Any], Any], root: Path, cache: Path, store: Path
) -> None:
    """A map reads pieces of columns: their checksums are right here, too."""
    kept(root, cache)
    (path,) = (store / "columns").glob(f"*/{name}")
    path.write_bytes(change(np.fromfile(path, dtype)).tobytes())

    def seal_pieces(state: State) -> State:
        columns = {name: (path.parent / name).read_bytes() for name in sorted(state["columns"])}
        del columns[PAGE_CHECKSUMS]
        starts = [(text, start) for text in columns.values() for start in range(0, len(text), PAGE_BYTES)]
        sums = [zlib.crc32(text[start : start + PAGE_BYTES]) for text, start in starts]
        columns[PAGE_CHECKSUMS] = struct.pack(f"{len(sums)}I", *sums)
        (path.parent / PAGE_CHECKSUMS).write_bytes(columns[PAGE_CHECKSUMS])
        return {**state, "columns": {name: [len(text), zlib.crc32(text)] for name, text in columns.items() if text}}

    change_states(store, "base", seal_pieces)
    with no_waiting():
        for query in ("", "f class value"):
            assert repomap_fast.map(root, cache_dir=cache, query=query, tokens=9000).text


def test_files_of_a_base_whose_names_are_all_empty_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    for name in ("a.txt", "b.py"):
        (tmp_path / "root" / name).write_bytes(b"")
        assert kept(tmp_path / "root", tmp_path / "cache") == (fresh(tmp_path / "root"), ())


HOSTILE_BLOCKS = {
    "no names": lambda key: write_block(key, Block(0, [], [(0, 0, False, 0, 0, 0, -1)])),
    "no such kind": lambda key: write_block(key, Block(0, [b"n"], [(0, 120, False, 0, 0, 0, -1)])),
    "no such status": lambda key: write_block(key, Block(77, [b"n"], [(0, 0, False, 0, 0, 0, -1)])),
    "a status without a block": lambda key: write_block(key, Block(6, [b"n"], [(0, 0, False, 0, 0, 0, -1)])),
    "scopes that go round": lambda key: write_block(
        key, Block(0, [b"n"], [(0, 0, False, 0, 0, 0, 1), (0, 0, False, 0, 0, 0, 0)])
    ),
    "names without end": lambda key: sealed(key, struct.pack("<4I8B", 0, 0, 2**32 - 1, 0, *bytes(8))),
    "tags without end": lambda key: sealed(key, struct.pack("<4I8B", 2**32 - 1, 0, 0, 0, *bytes(8))),
    "widths without end": lambda key: sealed(key, struct.pack("<4I8B", *[2**32 - 1] * 4, 0, *b"\xff" * 6, 0)),
    "nothing": lambda key: sealed(key, b""),
    "tags without a text": lambda key: write_block(key, Block(4, [b"n"], [(0, 0, False, 0, 0, 0, -1)])),
    "no tags where there should be": lambda key: write_block(key, Block(0, [], [])),
    "too many definitions": lambda key: sealed(key, struct.pack("<4I8B", 0, 9, 0, 0, *bytes(8))),
}


def sealed(key: bytes, body: bytes) -> bytes:
    return body + seal(key, body)


@pytest.mark.parametrize("name", HOSTILE_BLOCKS)
def test_blocks_that_make_no_sense(name: str, root: Path, cache: Path, store: Path, expected: Tables) -> None:
    with closing(open_database(store)) as database:
        for (key,) in database.execute("SELECT key FROM blocks").fetchall():
            block = HOSTILE_BLOCKS[name](key)
            with no_waiting(5):
                assert name.endswith(("kind", "status", "block")) or check_block(key, block, 128) is None
            database.execute("UPDATE blocks SET data = ? WHERE key = ?", (block, key))
    assert_right(root, cache, expected)
    shutil.rmtree(store / "columns")
    assert_right(root, cache, expected)


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE blocks SET data = 'text'"],
        ["UPDATE blocks SET data = 7, day = 'never'"],
        ["UPDATE blocks SET data = x'', day = 9e999"],
        ["UPDATE blocks SET data = zeroblob(100000)"],
        ["UPDATE blocks SET data = CAST(x'ff' AS TEXT)"],
        ["UPDATE blocks SET key = NULL"],
        ["UPDATE OR REPLACE blocks SET key = 9223372036854775807"],
        ["UPDATE OR REPLACE blocks SET key = CAST(x'ff' AS TEXT)"],
        ["UPDATE states SET data = 'text'"],
        ["UPDATE states SET data = 7"],
        ["UPDATE states SET data = x''"],
        ["UPDATE states SET data = CAST(x'fffe' AS TEXT)"],
        ["UPDATE states SET name = NULL"],
        ["UPDATE states SET name = CAST(x'ff' || name AS TEXT)"],
        ["UPDATE states SET data = substr(data, 1, length(data) - 1)"],
        ["DELETE FROM states WHERE name LIKE 'query:%'"],
        ["DELETE FROM states WHERE name LIKE 'base:%'"],
        ["DELETE FROM blocks"],
        ["PRAGMA user_version = 2"],
        ["PRAGMA user_version = -1"],
        ["PRAGMA user_version = 0", "DROP TABLE blocks", "CREATE TABLE blocks (other)"],
        ["DROP TABLE blocks"],
        ["DROP TABLE states"],
        ["ALTER TABLE blocks ADD COLUMN more"],
        ["ALTER TABLE blocks RENAME COLUMN data TO contents"],
        ["DROP TABLE blocks", "CREATE TABLE blocks (key, day, data NOT NULL CHECK (data = 7))"],
        ["CREATE TRIGGER t AFTER INSERT ON blocks BEGIN DELETE FROM blocks; DELETE FROM states; END"],
        [
            "CREATE TRIGGER t BEFORE INSERT ON states BEGIN "
            "INSERT INTO blocks SELECT randomblob(32), 0, zeroblob(900000000) FROM blocks, blocks, blocks; END"
        ],
        [
            "ALTER TABLE blocks RENAME TO b",
            "CREATE VIEW blocks AS WITH RECURSIVE n(key, day, data) AS "
            "(SELECT key, day, data FROM b UNION ALL SELECT key, day + 1, data FROM n) SELECT * FROM n",
        ],
        ["CREATE VIEW more AS SELECT load_extension('more')"],
        ["CREATE INDEX more ON blocks (data)"],
        ["DROP TABLE blocks", "CREATE VIRTUAL TABLE blocks USING fts5(key, day, data)"],
        ["DROP TABLE blocks", "CREATE TABLE blocks (key, day, data AS (zeroblob(900000000)))"],
    ],
    ids=lambda statements: statements[-1][:40],
)
def test_a_database_of_another_shape(
    statements: list[str], root: Path, cache: Path, store: Path, expected: Tables
) -> None:
    with closing(open_database(store)) as database:
        for statement in statements:
            try:
                database.execute(statement)
            except sqlite3.OperationalError as error:
                pytest.skip(f"this SQLite cannot do that: {error}")
    assert_right(root, cache, expected)
    # What a scan writes does not depend on what was there.
    shutil.rmtree(store / "columns", ignore_errors=True)
    assert_right(root, cache, expected)
    assert kept(root, cache) == (expected, ())


def test_schema_tables_that_are_written_by_hand(root: Path, cache: Path, store: Path, expected: Tables) -> None:
    for sql in ("'CREATE TABLE blocks (key'", "'CREATE TABLE sqlite_master (a)'", "x'ff'", "NULL", "'SELECT 1'"):
        with closing(open_database(store)) as database:
            database.execute("PRAGMA writable_schema = ON")
            database.execute(f"UPDATE sqlite_master SET sql = {sql} WHERE name = 'blocks'")
        assert_right(root, cache, expected)


def make_fifo(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(path)


def make_random(path: Path) -> None:
    path.write_bytes(os.urandom(10_000))


def make_loop(path: Path) -> None:
    path.symlink_to(path)


OTHER_THINGS: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a pipe": make_fifo,
    "noise": make_random,
    "a file": lambda path: path.write_bytes(b""),
    "a loop": make_loop,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a full device": lambda path: path.symlink_to("/dev/full"),
}


@pytest.mark.parametrize("thing", OTHER_THINGS)
@pytest.mark.parametrize("name", ["tags.sqlite3", "tags.sqlite3-wal", "tags.sqlite3-shm", "tags.sqlite3-journal"])
def test_something_else_in_place_of_a_file(
    thing: str, name: str, root: Path, cache: Path, store: Path, expected: Tables
) -> None:
    (store / name).unlink(missing_ok=True)
    OTHER_THINGS[thing](store / name)
    assert_right(root, cache, expected)


@pytest.mark.parametrize("thing", [thing for thing in OTHER_THINGS if thing != "a folder"])
def test_something_else_in_place_of_a_folder(
    thing: str, root: Path, cache: Path, store: Path, expected: Tables
) -> None:
    for path in (store / "columns", store, store.parent, cache):
        shutil.rmtree(path)
        OTHER_THINGS[thing](path)
        assert_right(root, cache, expected)
        if path.is_symlink() or not path.is_dir():
            path.unlink()


def test_a_pipe_in_place_of_a_column(root: Path, cache: Path, store: Path, expected: Tables) -> None:
    for path in (store / "columns").glob("*/*"):
        path.unlink()
        make_fifo(path)
    change_states(store, "base", lambda state: {**state, "columns": {name: [0, 0] for name in state["columns"]}})
    assert_right(root, cache, expected)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
@pytest.mark.parametrize("mode", [0, 0o400, 0o500])
@pytest.mark.parametrize("name", ["", "tags.sqlite3", "columns", ".."])
def test_no_right_to_read_or_write(mode: int, name: str, root: Path, cache: Path, store: Path) -> None:
    """In a child that gives up being root, for whom there are no rights."""
    for path in [cache, *cache.rglob("*")]:
        path.chmod(0o777)
    target = store / name
    n_tags = fresh(root)["n_tags"]
    parents = [parent for parent in {*root.parents, *cache.parents} if not parent.stat().st_mode & stat.S_IXOTH]
    modes = {parent: parent.stat().st_mode for parent in parents}
    for parent in parents:
        parent.chmod(0o755)
    target.chmod(mode)
    try:
        child = os.fork()
        if child == 0:
            code = 9
            try:
                if os.geteuid() == 0:
                    os.setgid(65534)
                    os.setuid(65534)
                code = 0 if kept(root, cache)[0]["n_tags"] == n_tags else 8
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        target.chmod(0o777)
        for parent, before in modes.items():
            parent.chmod(before)
