"""Tags and names that are read a page at a time are those of the whole columns."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.lazy_tags import LAZY_TAG_COLUMNS, PLACE_COLUMNS, PagedNames, PagedTags
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import ROLE_DEFINITION, U64, StringTable

NAMES = [b"alpha", b"", b"beta"]
OFFSETS: U64 = np.array([0, 2, 2, 5], np.uint64)


def made_tags(offsets: U64 = OFFSETS, **more: list[int]) -> PagedTags:
    columns = MemoryColumns()
    values = {"name_ids": [0, 1, 2, 0, 1], "roles": [0, 1, 0, 0, 1], "scope_tag_ids": [-1, 0, 3, -1, 2], **more}
    for name, dtype in (LAZY_TAG_COLUMNS | PLACE_COLUMNS).items():
        columns.append(name, np.array(values.get(name, [1, 2, 3, 4, 5]), dtype))
    table = StringTable.from_strings(NAMES)
    columns.append("name_offsets", table.offsets)
    columns.append("name_bytes", table.data.copy())
    return PagedTags.of(columns, offsets, 0)


def test_the_tags_of_a_file_are_its_rows() -> None:
    tags = made_tags()
    assert [tags.of_file(file_id).rows.tolist() for file_id in range(3)] == [[1, 2], [], [3, 4, 5]]
    files = np.array([0, 2], np.int64)
    bounds, defined = tags.definitions_of(files)
    assert (bounds.tolist(), defined.name_ids.tolist(), defined.rows.tolist()) == ([0, 1, 3], [0, 2, 0], [1, 3, 4])
    assert (defined.roles.tolist(), defined.end_rows.tolist(), defined.kind_ids.tolist()) == (
        [ROLE_DEFINITION] * 3,
        [1, 3, 4],
        [1, 3, 4],
    )
    bounds, names, rows = tags.references_of(files)
    assert (bounds.tolist(), names.tolist(), rows.tolist()) == ([0, 1, 2], [1, 1], [2, 5])


def test_scopes_are_numbers_within_the_file() -> None:
    tags = made_tags()
    assert [tags.places_of_file(file_id).scopes.tolist() for file_id in range(3)] == [[-1, 0], [], [1, -1, 0]]
    assert tags.places_of_file(2).columns.tolist() == [3, 4, 5]


@pytest.mark.parametrize("scope", [1, 0, -2, 5, 2**31 - 1])
def test_a_scope_in_another_file_is_damage(scope: int) -> None:
    tags = made_tags(scope_tag_ids=[-1, 0, scope, -1, 2])
    with pytest.raises(IndexDamagedError, match="the scope of a tag of file 2"):
        tags.places_of_file(2)


def test_names_are_found_and_read_by_their_number() -> None:
    tags = made_tags()
    assert [tags.name(i) for i in range(3)] == NAMES
    assert tags.find([b"beta", b"gamma", b""]).tolist() == [2, -1, 1]
    assert list(tags.names_of(np.array([2, 0], np.uint32))) == [b"beta", b"alpha"]
    assert list(tags.all_names()) == NAMES


@pytest.mark.parametrize("n_slots", [4, 8, 32])
def test_a_name_is_found_in_whatever_slot_from_its_first_on_it_is(n_slots: int) -> None:
    """The search goes on at the beginning of the table, and ends where a slot is free or all were seen."""
    columns = MemoryColumns()
    names = [b"%d" % i for i in range(n_slots)]
    table = StringTable.from_strings(names)
    columns.append("name_offsets", table.offsets)
    columns.append("name_bytes", table.data.copy())
    slots = np.arange(1, n_slots + 1, dtype=np.uint32)
    columns.append("name_slots", slots)
    full = PagedNames.of(columns, 0)
    for first in range(n_slots):
        assert [full._find_from(name, first, n_slots) for name in names] == list(range(n_slots))
        assert full._find_from(b"none", first, n_slots) == -1
    free = n_slots // 2
    with_one_free = replace(full, slots=PagedColumn(np.where(slots == free + 1, np.uint32(0), slots)))
    for first in range(n_slots):
        reached = [name for step in range((free - first) % n_slots) for name in [names[(first + step) % n_slots]]]
        found = [name for name in names if with_one_free._find_from(name, first, n_slots) >= 0]
        assert found == sorted(reached, key=names.index)


def test_slots_of_a_name_are_read_a_few_at_a_time() -> None:
    """Each slot took a call: a question about many names that are nowhere spent most of its time in them."""
    counts = []
    for n in (16, 32):
        columns = MemoryColumns()
        table = StringTable.from_strings([b"%02d" % i for i in range(n)])
        columns.append("name_offsets", table.offsets)
        columns.append("name_bytes", table.data.copy())
        columns.append("name_slots", np.append(np.arange(1, n + 1), np.zeros(n)).astype(np.uint32))
        names = PagedNames.of(columns, 0)
        with patch.object(PagedColumn, "rows", autospec=True, side_effect=PagedColumn.rows) as read:
            assert names._find_from(b"none", 0, 2 * n) == -1
        counts.append(sum(call.args[0] is names.slots for call in read.call_args_list))
    assert counts == [3, 5]


def test_columns_of_another_length_are_damage() -> None:
    with pytest.raises(IndexDamagedError, match="not all 4 rows long"):
        made_tags(np.array([0, 4], np.uint64))


def test_definers_are_files_that_define_a_name() -> None:
    tags = made_tags()
    bounds, defined = tags.definitions_of(np.arange(3))
    expected = sorted(
        {
            (int(name), file)
            for file in range(len(bounds) - 1)
            for name in defined.name_ids[int(bounds[file]) : int(bounds[file + 1])].tolist()
        }
    )
    wanted = np.array(sorted({name for name, _ in expected}), np.int64)
    files, names = tags.definers(wanted)
    assert list(zip(names.tolist(), files.tolist(), strict=True)) == expected
    files, names = tags.definers(wanted[1:2])
    assert list(zip(names.tolist(), files.tolist(), strict=True)) == [one for one in expected if one[0] == wanted[1]]
    assert not len(tags.definers(wanted[:0])[0])
