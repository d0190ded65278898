"""What a list of sources means, and the names that sources have in the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.fleet.sources import Source, distinct, parse_list, read_list


def test_a_line_is_a_location_and_maybe_a_revision() -> None:
    lines = "a b\r\n\n# comment\nhttps://host/x.git\tv1.0\n"
    assert parse_list(lines, "list") == [Source("a b"), Source("https://host/x.git", "v1.0")]


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(OptionError, match=r"line 2 of 'list': .*'ext://x'; expected a path, or a URL of https"):
        parse_list("a\next://x\n", "list")


def test_a_list_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"caf\xff\n")
    (source,) = read_list(tmp_path / "list")
    assert source.name == "caf\ufffd"
    with pytest.raises(OptionError, match="cannot read the list"):
        read_list(tmp_path / "missing")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://user:secret@host/x", "https://host/x"),
        ("https://token@host/x", "https://host/x"),
        ("ssh://git:secret@host/x", "ssh://git@host/x"),
        ("git@host:x/y.git", "git@host:x/y.git"),
        ("folder/x", "folder/x"),
    ],
)
def test_no_password_is_shown(location: str, shown: str) -> None:
    assert Source(location).name == shown
    assert Source(location, "v1").name == f"{shown}@v1"
    assert "secret" not in Source(location).name


def test_what_git_fetches_is_a_url() -> None:
    assert [Source(text).is_url for text in ("https://h/x", "git@h:x", "a/b@c:d", "/x")] == [True, True, False, False]


def test_names_stay_and_places_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Source("x", "v1").absolute() == Source(str(tmp_path / "x"), "v1")
    assert Source("https://h/x").absolute() == Source("https://h/x")


def test_each_source_is_taken_once() -> None:
    assert list(distinct(["b", Path("a"), "b", Source("b", "v1")])) == [Source("b"), Source("a"), Source("b", "v1")]


def test_a_shard_is_never_a_number() -> None:
    shards = {Source(str(n)).shard for n in range(2000)}
    assert len(shards) == 256
    assert all(shard.isalpha() and len(shard) == 2 for shard in shards)


@pytest.mark.parametrize("location", ["", " ", "a\0b", "a\nb"])
def test_a_location_is_a_line(location: str) -> None:
    with pytest.raises(OptionError, match="location"):
        Source(location)
