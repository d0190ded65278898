"""Blocks and their joining beside slow twins."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import re
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.blocks import Block, seal, write_block
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _join
from repomap_fast.joining import join as joining
from repomap_fast.joining.join import TAG_COLUMNS, find_names, join, names_in, tag_table
from repomap_fast.joining.lazy_tags import PagedNames
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.store.columns import ColumnFolder, KeptColumns, MemoryColumns
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import FileStatus, StringTable
from repomap_fast.tagging.block import check_block, read_counts, read_names
from repomap_fast.tagging.tagger import SourceFiles, TaggedBatch, compile_queries, digest, tag
from support.made_scans import scan_files

KEY = bytes(range(32))
NUMBERS = st.one_of(st.integers(0, 300), st.integers(0, 2**32 - 1))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    names = draw(st.lists(st.binary(max_size=300), unique=True, max_size=6))
    n = draw(st.integers(len(names), 12)) if names else 0
    # Every name is used, and first uses come in order.
    name_ids = [*range(len(names)), *(draw(st.integers(0, len(names) - 1)) for _ in range(n - len(names)))]
    rows = [
        (name_id, draw(st.integers(0, 3)), draw(st.booleans()), row, draw(NUMBERS), max(row, draw(NUMBERS)), i - 1)
        for i, name_id, row in zip(range(n), name_ids, draw(st.lists(NUMBERS, min_size=n, max_size=n)), strict=True)
    ]
    return Block(0 if rows else draw(st.sampled_from([1, 4])), names, rows)


@given(st.lists(blocks(), max_size=4), st.integers(1, 4))
def test_joined_blocks_are_what_was_written(made: list[Block], n_at_once: int) -> None:
    sealed = [write_block(KEY, block) for block in made]
    for block, data in zip(made, sealed, strict=True):
        n_definitions = sum(not row[2] for row in block.rows)
        assert check_block(KEY, data, 4) == (len(block.rows), n_definitions, block.status)
        assert read_counts(data) == (block.status, len(block.rows), n_definitions)
        assert read_names(data) == block.names
    out = MemoryColumns()
    chunks = [
        (sealed[start : start + n_at_once], np.zeros(len(sealed[start : start + n_at_once]), np.uint16))
        for start in range(0, len(sealed), n_at_once)
    ]
    joined = join(chunks, {0: ("a", "b", "c", "d")}, out)
    table = tag_table(out, joined.kinds, joined.seed)
    names = list(table.names)
    assert names == list(dict.fromkeys(name for block in made for name in block.names))
    first = 0
    for block in made:
        for i, (name_id, kind, is_reference, row, column, end_row, scope) in enumerate(block.rows):
            tag_id = first + i
            assert names[table.name_ids[tag_id]] == block.names[name_id]
            assert (table.kind_ids[tag_id], table.roles[tag_id]) == (kind, is_reference)
            assert (table.rows[tag_id], table.columns[tag_id], table.end_rows[tag_id]) == (row, column, end_row)
            assert table.scope_tag_ids[tag_id] == (-1 if scope < 0 else first + scope)
        first += len(block.rows)
    uses = [sum(name in block.names for block in made) for name in names]
    assert out.array("name_file_counts", np.uint32).tolist() == uses


@given(st.lists(st.binary(max_size=40), unique=True, max_size=200), st.lists(st.binary(max_size=40), max_size=20))
def test_names_are_found_by_their_slots(names: list[bytes], others: list[bytes]) -> None:
    rows = [(i, 0, False, 0, 0, 0, -1) for i in range(len(names))]
    out = MemoryColumns()
    joined = join([([write_block(KEY, Block(0, names, rows))], np.zeros(1, np.uint16))], {0: ("a",)}, out)
    table = names_in(out)
    found = find_names([*names, *others], out.array("name_slots", np.uint32), joined.seed, table.offsets, table.data)
    expected = {name: name_id for name_id, name in enumerate(names)}
    assert found.tolist() == [expected.get(name, -1) for name in [*names, *others]]
    in_pieces = PagedNames.of(out, joined.seed)
    assert in_pieces.find([*names, *others]).tolist() == found.tolist()
    assert [in_pieces.name(name_id) for name_id in range(len(in_pieces))] == names


def test_names_in_pieces_with_damaged_slots() -> None:
    out = MemoryColumns()
    join(
        [([write_block(KEY, Block(0, [b"name"], [(0, 0, False, 0, 0, 0, -1)]))], np.zeros(1, np.uint16))],
        {0: ("a",)},
        out,
    )
    names = PagedNames.of(out, 1)
    for slots in (np.ones(3, np.uint32), np.full(4, 9, np.uint32)):
        with pytest.raises(IndexDamagedError):
            replace(names, slots=PagedColumn(slots)).find([b"other"])
    # Where every slot is taken, the looking ends all the same.
    assert replace(names, slots=PagedColumn(np.ones(4, np.uint32))).find([b"nameless"]).tolist() == [-1]
    with pytest.raises(ValueError, match="power of two"):
        _join.first_slots([b"name"], 1, 3)


def short_of_memory() -> MemoryGovernor:
    """Return a governor that always sees twice what it may."""
    return MemoryGovernor(10**6, read_resident=lambda: 2 * 10**6)


def joined_columns(
    blocks_at_a_time: list[list[bytes]], memory: MemoryGovernor | None, folder: Path
) -> tuple[dict[str, bytes], list[int], list[bytes]]:
    """Return all columns but the slots, the classes, and the names as the slots find them, in the order of ids."""
    out = ColumnFolder(folder)
    chunks = [(some, np.zeros(len(some), np.uint16)) for some in blocks_at_a_time]
    joined = join(chunks, {0: ("a", "b", "c", "d")}, out, memory=memory)
    columns = KeptColumns(folder, out.finish())
    assert columns.problems() == []
    names = names_in(columns)
    everyone = list(names)
    ids = find_names(everyone, columns.array("name_slots", np.uint32), joined.seed, names.offsets, names.data)
    dtypes: dict[str, Any] = {
        **TAG_COLUMNS,
        "name_offsets": np.uint64,
        "name_bytes": np.uint8,
        "name_file_counts": np.uint32,
    }
    found = {name: columns.array(name, dtype).tobytes() for name, dtype in dtypes.items()}
    return found, joined.identifier_classes, [everyone[i] for i in ids.tolist()]


@given(st.lists(blocks(), max_size=8), st.integers(1, 3))
def test_names_read_where_they_were_written_make_the_same_columns(made: list[Block], n_at_once: int) -> None:
    sealed = [write_block(KEY, block) for block in made]
    chunks = [sealed[start : start + n_at_once] for start in range(0, len(sealed), n_at_once)]
    memory = short_of_memory()
    with tempfile.TemporaryDirectory() as folder:
        found = joined_columns(chunks, memory, Path(folder, "written"))
        assert found == joined_columns(chunks, None, Path(folder, "held"))
    assert memory.actions == (["read names where they were written"] if chunks else [])


def many_names() -> list[list[bytes]]:
    """Return blocks of names that fill many pages, cross their bounds, and come again near and far."""
    rng = random.Random(8)
    names = [b"", b"x" * 4096, b"y" * 20_000]
    names += [f"{'name' * rng.randrange(20)}_{number}".encode() for number in range(12_000)]
    chunks = []
    for first in range(0, len(names), 1500):
        new, old = names[first : first + 1500], rng.sample(names[:first], min(first, 800))
        mixed = [*new, *old]
        rng.shuffle(mixed)
        rows = [(i, 0, bool(i % 2), i, 0, i, -1) for i in range(len(mixed))]
        chunks.append([write_block(KEY, Block(0, mixed, rows)), b""])
    return chunks


def test_many_names_read_where_they_were_written(tmp_path: Path) -> None:
    chunks = many_names()
    found = joined_columns(chunks, short_of_memory(), tmp_path / "written")
    assert found == joined_columns(chunks, None, tmp_path / "held")
    assert len(found[2]) == len(set(found[2])) == 12_003


def test_names_without_a_place_are_held_and_that_is_said() -> None:
    memory = short_of_memory()
    out = MemoryColumns()
    join([(some, np.zeros(len(some), np.uint16)) for some in many_names()], {0: ("a",)}, out, memory=memory)
    assert len(names_in(out)) == 12_003
    assert memory.actions == ["held all names, with no place for them"]


def no_room(out: ColumnFolder) -> None:
    write = out.writer

    def writer(name: str) -> Callable[[memoryview], object]:
        if name == "name_bytes" and (out.folder / name).exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(name)

    out.writer = writer  # type: ignore[method-assign]


def cut_short(out: ColumnFolder) -> None:
    write = out.writer

    def writer(name: str) -> Callable[[memoryview], object]:
        def write_and_cut(items: memoryview) -> None:
            write(name)(items)
            if name == "name_bytes":
                os.truncate(out.folder / name, 100)

        return write_and_cut

    out.writer = writer  # type: ignore[method-assign]


@pytest.mark.parametrize(
    ("harm", "number"), [(no_room, errno.ENOSPC), (cut_short, errno.EIO)], ids=["no room", "cut short"]
)
def test_names_that_cannot_be_written_or_read_again_are_an_error(
    harm: Callable[[ColumnFolder], None], number: int, tmp_path: Path
) -> None:
    out = ColumnFolder(tmp_path / "columns")
    harm(out)
    with pytest.raises(OSError, match=re.escape(os.strerror(number))) as raised:
        join(
            [(some, np.zeros(len(some), np.uint16)) for some in many_names()],
            {0: ("a",)},
            out,
            memory=short_of_memory(),
        )
    assert raised.value.errno == number
    out.abandon()
    assert not out.folder.exists()


@given(blocks(), st.data())
def test_a_block_with_any_byte_changed_is_none(made: Block, data: st.DataObject) -> None:
    block = bytearray(write_block(KEY, made))
    position = data.draw(st.integers(0, len(block) - 1))
    block[position] ^= data.draw(st.integers(1, 255))
    assert check_block(KEY, bytes(block), 4) is None
    assert check_block(KEY[::-1], write_block(KEY, made), 4) is None
    assert check_block(KEY, write_block(KEY, made)[:position], 4) is None


@given(st.binary(max_size=200))
def test_any_bytes_with_a_right_seal_are_a_sound_block_or_none(body: bytes) -> None:
    block = body + seal(KEY, body)
    checked = check_block(KEY, block, 4)
    if checked is not None:
        joined = join([([block], np.zeros(1, np.uint16))], {0: ("a", "b", "c", "d")}, MemoryColumns())
        assert joined.kinds == ("a", "b", "c", "d")


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 0, False, 0, 0, 0, -1)],
        [(0, 4, False, 0, 0, 0, -1)],
        [(0, 0, False, 0, 0, 0, 7)],
        [(0, 0, False, 0, 0, 0, 0)],
        [(0, 0, False, 0, 0, 0, 1), (0, 0, False, 0, 0, 0, 2), (0, 0, False, 0, 0, 0, 0)],
    ],
    ids=["no such name", "no such kind", "no such scope", "a scope of its own", "scopes that go round"],
)
def test_a_block_that_breaks_its_promises_is_none(rows: list[tuple[int, int, bool, int, int, int, int]]) -> None:
    data = bytearray(write_block(KEY, Block(0, [b"name"], rows)))
    if rows[0][0] == 1:
        # One name less than the ids need.
        data = bytearray(write_block(KEY, Block(0, [b"name"], rows)))
        data[18] = 1
        data = data[:-9] + b"\x01\x00"
        data += seal(KEY, bytes(data))
    assert check_block(KEY, bytes(data), 4) is None


@given(st.lists(st.integers(-2, 40), max_size=40), st.integers(0, 3))
def test_scopes_are_sound_if_each_chain_ends(made: list[int], n_short: int) -> None:
    scopes = np.array(made, np.int32)

    def ends(row: int) -> bool:
        for _ in range(len(made) + 1):
            if row == -1:
                return True
            if not 0 <= row < len(made):
                return False
            row = made[row]
        return False

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(joining, "_SHORT_CHAIN", n_short)
        patched.setattr(joining, "_SCOPES_AT_A_TIME", 7)
        assert joining._scopes_end(scopes) == all(map(ends, range(len(made))))


@pytest.mark.parametrize("n", [3, 100])
def test_scopes_that_go_round_behind_a_long_chain_are_unsound(n: int) -> None:
    chain = np.append(np.arange(1, n, dtype=np.int32), np.int32(-1))
    assert joining._scopes_end(chain)
    chain[-1] = n // 2
    assert not joining._scopes_end(chain)


def test_damaged_slots_are_an_error_and_no_crash() -> None:
    names = StringTable.from_strings([b"name"])
    with pytest.raises(ValueError, match="power of two"):
        find_names([b"name"], np.ones(3, np.uint32), 1, names.offsets, names.data)
    with pytest.raises(ValueError, match="name 8 of 1"):
        find_names([b"name"], np.full(4, 9, np.uint32), 1, names.offsets, names.data)
    with pytest.raises(ValueError, match="damaged"):
        find_names([b"name"], np.ones(4, np.uint32), 1, np.array([0, 99], np.uint64), names.data)
    joining = _join.Join()
    with pytest.raises(ValueError, match="is none"):
        joining.add([b"no block"], np.zeros(1, np.uint16), np.zeros((1, 128), np.uint8))


def test_a_block_is_named_by_the_contents_and_the_query(tmp_path: Path) -> None:
    source = b"int f(void) { return g(); }\n" * 1000
    (tmp_path / "f.c").write_bytes(source)
    c = find_language("c")
    files = SourceFiles(
        tmp_path, StringTable.from_strings([b"f.c"]), np.array([c], np.uint16), np.array([len(source)], np.int64)
    )
    text = read_tags_query(c, None)
    batches: list[TaggedBatch] = []
    tag(files, np.zeros(1, np.uint32), compile_queries([text]), ScanOptions(), Progress(), batches.append)
    digest(files, np.zeros(1, np.uint32), ScanOptions(), Progress(), batches.append)
    expected = hashlib.blake2b(source, digest_size=16).digest()
    assert [batch.digests.tobytes() for batch in batches] == [expected, expected]
    (block,) = batches[0].blocks
    assert check_block(expected + text.key, block, 128) == (2000, 1000, FileStatus.TAGGED)
    assert check_block(expected + bytes(16), block, 128) is None


@pytest.mark.parametrize("size", [0, 1, 127, 128, 129, 255, 256, 257, 4096, 100_001])
def test_digests_are_those_of_hashlib(tmp_path: Path, size: int) -> None:
    source = os.urandom(size)
    (tmp_path / "f").write_bytes(source)
    files = SourceFiles(tmp_path, StringTable.from_strings([b"f"]), np.zeros(1, np.uint16), np.zeros(1, np.int64))
    batches: list[TaggedBatch] = []
    digest(files, np.zeros(1, np.uint32), ScanOptions(), Progress(), batches.append)
    assert batches[0].digests.tobytes() == hashlib.blake2b(source, digest_size=16).digest()


def test_the_joined_names_of_real_sources(tmp_path: Path) -> None:
    result = scan_files(tmp_path, {b"a.py": b"def f(): g()\n", b"b.py": b"def g(): f()\n"}, "python")
    assert list(result.tag_table.names) == [b"f", b"g"]
