"""What a list of sources means, and the names that sources have in the dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.errors import OptionError
from repomap_fast.fleet.sources import Source, distinct, parse_list, read_list


def test_a_line_is_a_location_and_maybe_a_revision() -> None:
    lines = b"\xef\xbb\xbfa b\r\n\n# comment\nhttps://host/x.git\tv1.0\n"
    assert parse_list(lines, "list") == [Source("a b"), Source("https://host/x.git", "v1.0")]


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(OptionError, match=r"line 2 of 'list': .*'ext://x'; expected a path, or a URL of https"):
        parse_list(b"a\next://x\n", "list")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"file:///", "'file:///'; expected a path, or a URL of https, http, ssh or git"),
        (b"s3://", "'s3://'; expected a path, or a URL of https"),
        (b"https://", "'https://'; expected a host behind https://"),
        (b"https:///x", "expected a host behind https://"),
        (b"https://user:secret@/x", "'https:///x'; expected a host behind https://"),
        (b"ssh://-oProxyCommand=x/y", "expected a host behind ssh://"),
        (b"https://h/\x01", r"'https://h/\x01'; expected a URL without control characters"),
        (b"/x\0y", "expected a folder, an archive or a URL"),
        (b"x" * 10_000, "location has 10,000 characters, 'xxx"),
        (b"/x\t" + b"y" * 10_000, "revision has 10,000 characters, 'yyy"),
        (b"/x\ta\x1b", r"revision of '/x' is 'a\x1b'; expected a commit, a branch or a tag"),
    ],
)
def test_what_no_source_can_be_is_an_error_that_says_the_line(line: bytes, said: str) -> None:
    with pytest.raises(OptionError, match=r"line 1 of 'list': ") as caught:
        parse_list(line, "list")
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_folder_of_a_user_that_is_not_there_is_a_folder_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Source("~no-such-user/x").absolute() == Source(str(tmp_path / "~no-such-user" / "x"))


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
