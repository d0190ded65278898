"""Tags of a base and of changed files, read as one table: those of a fresh scan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.overlay_tags import OverlayTags
from repomap_fast.joining.lazy_tags import PagedTags
from repomap_fast.store.paged_column import PagedColumn


@pytest.fixture
def both(small_index: Index) -> tuple[OverlayTags, PagedTags]:
    """The tags of an overlay, and those of a fresh scan of the same files."""
    (small_index.root / "a.py").write_text("def newest(x):\n    return beta(x)\n\nclass Alpha: pass\n")
    small_index.refresh()
    tags = small_index.graph.tags
    assert isinstance(tags, OverlayTags)
    with Index.open(small_index.root, cache=False) as fresh:
        fresh.refresh()
        expected = fresh.graph.tags
    assert isinstance(expected, PagedTags)
    return tags, expected


def test_each_file_has_the_tags_of_a_fresh_scan(both: tuple[OverlayTags, PagedTags]) -> None:
    tags, expected = both
    assert len(tags) == len(expected)
    for file_id in range(3):
        found, wanted = tags.of_file(file_id), expected.of_file(file_id)
        assert [tags.name(i) for i in found.name_ids.tolist()] == [expected.name(i) for i in wanted.name_ids.tolist()]
        assert found.roles.tolist() == wanted.roles.tolist()
        assert found.rows.tolist() == wanted.rows.tolist()
    files = np.array([2, 0])
    (bounds, defined), (wanted_bounds, wanted) = (one.definitions_of(files) for one in both)
    assert bounds.tolist() == wanted_bounds.tolist()
    assert [tags.name(i) for i in defined.name_ids.tolist()] == [expected.name(i) for i in wanted.name_ids.tolist()]
    for name in ("roles", "rows", "end_rows"):
        assert getattr(defined, name).tolist() == getattr(wanted, name).tolist()
    (bounds, names, rows), (wanted_bounds, wanted_names, wanted_rows) = (one.references_of(files) for one in both)
    assert (bounds.tolist(), rows.tolist()) == (wanted_bounds.tolist(), wanted_rows.tolist())
    assert [tags.name(i) for i in names.tolist()] == [expected.name(i) for i in wanted_names.tolist()]
    assert b"beta" in [tags.name(i) for i in names.tolist()]


@pytest.mark.parametrize("is_changed", [False, True])
def test_tags_that_were_read_ahead_are_not_read_again(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_changed: bool
) -> None:
    def opened() -> Index:
        return Index.open(small, cache_dir=tmp_path / "kept")

    with opened() as index:
        index.refresh()
    if is_changed:
        (small / "a.py").write_text("def newest(x):\n    return beta(x)\n")
        with opened() as index:
            index.refresh()
    read, read_pages = [], PagedColumn._read_pages
    monkeypatch.setattr(PagedColumn, "_read_pages", lambda *given: read.append(given) or read_pages(*given))
    with opened() as index:
        index.refresh()
        tags = index.graph.tags
        assert isinstance(tags, OverlayTags) == is_changed
        read.clear()
        tags.read_ahead(np.arange(3))
        assert read
        read.clear()
        for file_id in range(3):
            assert len(tags.of_file(file_id).rows) == len(tags.places_of_file(file_id).columns)
        assert read == []


def test_names_are_found_in_both(both: tuple[OverlayTags, PagedTags]) -> None:
    tags, _ = both
    names = [b"newest", b"beta", b"Alpha", b"nobody", b"gamma"]
    found = tags.find(names)
    assert found[3] == -1
    known = found[found >= 0].astype(np.uint32)
    assert [tags.name(i) for i in known.tolist()] == [name for name in names if name != b"nobody"]
    assert list(tags.names_of(known)) == [tags.name(i) for i in known.tolist()]
    every = tags.all_names()
    assert [every[i] for i in known.tolist()] == [tags.name(i) for i in known.tolist()]


def test_definers(both: tuple[OverlayTags, PagedTags]) -> None:
    tags, expected = both
    names = sorted({*expected.all_names()})

    def of(reader: OverlayTags | PagedTags) -> set[tuple[bytes, int]]:
        files, found = reader.definers(reader.find(names))
        return {(reader.name(name), file) for file, name in zip(files.tolist(), found.tolist(), strict=True)}

    assert of(tags) == of(expected) != set()


def test_a_copy_needs_no_index(small_index: Index, both: tuple[OverlayTags, PagedTags], tmp_path: Path) -> None:
    fresh = repomap_fast.scan(small_index.root, cache=False)
    assert sorted(both[0].all_names()) == sorted({*fresh.tag_table.names} | {b"alpha"})
