"""The dataset: what is in it is complete, and a new start finds what is done."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.errors import FleetError, OptionError
from repomap_fast.fleet.dataset import Dataset, Part, Place

fsspec = pytest.importorskip("fsspec")

HOW = {"schema": 1, "languages": ["python"]}
PLACE = Place("ab" * 16, "kl")


TABLES = ("tags", "files", "repositories")


@pytest.fixture(params=["files", "bytes"])
def parts(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Part]:
    if request.param == "bytes":
        return {table: table.encode() for table in TABLES}
    folder = tmp_path / "parts"
    folder.mkdir()
    for table in TABLES:
        (folder / table).write_text(table)
    return {table: folder / table for table in TABLES}


def paths(out: Path) -> list[str]:
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def test_parts_are_in_their_places_and_found_again(tmp_path: Path, parts: dict[str, Part]) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    assert dataset.prepare(HOW) == (set(), set())
    dataset.commit(PLACE, parts)
    assert paths(tmp_path / "out") == ["_dataset.json", *(PLACE.path(table) for table in sorted(parts))]
    assert dataset.prepare(HOW) == ({PLACE.key}, set())


def test_a_repository_without_its_row_is_not_done(tmp_path: Path, parts: dict[str, Part]) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)
    dataset.commit(PLACE, parts)
    (tmp_path / "out" / PLACE.path("repositories")).unlink()
    assert dataset.prepare(HOW) == (set(), set())


def test_one_that_fails_now_keeps_no_tags_of_before(tmp_path: Path, parts: dict[str, Part]) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)
    dataset.commit(PLACE, parts)
    dataset.commit(PLACE, {"repositories": parts["repositories"]})
    assert paths(tmp_path / "out") == ["_dataset.json", PLACE.path("repositories")]
    assert dataset.prepare(HOW) == ({PLACE.key}, {PLACE.key})


def test_one_that_is_to_be_scanned_again_is_not_done_until_it_was(tmp_path: Path, parts: dict[str, Part]) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)
    dataset.commit(PLACE, {"repositories": parts["repositories"]})
    dataset.forget([PLACE])
    assert dataset.prepare(HOW) == (set(), set())


def test_what_a_killed_worker_left_is_removed(tmp_path: Path, parts: dict[str, Part]) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)
    dataset.commit(PLACE, parts)
    left = tmp_path / "out" / "tags" / "shard=kl" / ".x.parquet.123.unfinished"
    left.write_text("half")
    dataset.prepare(HOW)
    assert not left.exists()


def test_a_start_that_was_killed_leaves_a_folder_that_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "._dataset.json.123.unfinished").write_text("{")
    assert Dataset(str(tmp_path / "out"), {}).prepare(HOW) == (set(), set())
    assert paths(tmp_path / "out") == ["_dataset.json"]


def test_a_disk_that_is_full_at_the_start_leaves_a_folder_that_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    def full(self: Any, target: str, part: bytes) -> None:
        Path(target).write_bytes(part[:3])
        raise OSError(errno.ENOSPC, "No space left on device")

    dataset = Dataset(str(tmp_path / "out"), {})
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileSystem, "pipe_file", full)
        with pytest.raises(FleetError, match="No space left"):
            dataset.prepare(HOW)
    assert dataset.prepare(HOW) == (set(), set())


def test_other_options_are_refused(tmp_path: Path) -> None:
    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)
    with pytest.raises(OptionError, match=r"was made with languages \['python'\] and not \[\]"):
        dataset.prepare({**HOW, "languages": []})


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")
    with pytest.raises(OptionError, match="has files, and is no dataset of a fleet"):
        Dataset(str(tmp_path), {}).prepare(HOW)


def test_it_may_be_in_any_file_system(parts: dict[str, Part]) -> None:
    dataset = Dataset("memory://some/out", {})
    dataset.prepare(HOW)
    dataset.commit(PLACE, parts)
    assert dataset.prepare(HOW) == ({PLACE.key}, set())
    assert fsspec.filesystem("memory").cat_file(f"/some/out/{PLACE.path('tags')}") == b"tags"


def test_an_unknown_file_system_is_named() -> None:
    with pytest.raises(FleetError, match="cannot reach 'none://x'"):
        Dataset("none://x", {}).prepare(HOW)


@pytest.mark.parametrize("step", ["write", "mv"])
def test_a_full_disk_leaves_nothing_that_is_half(
    tmp_path: Path, parts: dict[str, Part], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    dataset = Dataset(str(tmp_path / "out"), {})
    dataset.prepare(HOW)

    def full(self: Any, one: str, other: str | bytes, **_: Any) -> None:
        Path(one if isinstance(other, bytes) else other).write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        for name in ("put_file", "pipe_file") if step == "write" else ("mv",):
            patch.setattr(LocalFileSystem, name, full)
        with pytest.raises(
            FleetError, match=r"cannot write the dataset .*No space left on device.*a new start goes on"
        ):
            dataset.commit(PLACE, parts)
    assert not [path for path in paths(tmp_path / "out") if path.endswith(".unfinished")]
    dataset.commit(PLACE, parts)
    assert [(tmp_path / "out" / PLACE.path(table)).read_text() for table in parts] == list(parts)
