"""Rule files: how lines are read, and which rule decides."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from repomap_fast.discovery.ignore import (
    Rules,
    chain_from,
    chain_with_own,
    chain_within,
    deciding_rule,
    is_ignored,
    read_rule_file,
)


def ignores(text: bytes, path: bytes, *, is_folder: bool = False) -> bool:
    folder, slash, name = path.rpartition(b"/")
    rule = Rules(text, ".gitignore").deciding_rule(folder + slash, name, is_folder=is_folder)
    return rule is not None and rule.ignores


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        (b"a\n", b"a", True),
        (b"a\n", b"x/a", True),
        (b"/a\n", b"x/a", False),
        (b"/a", b"a", True),
        (b"x/a", b"x/a", True),
        (b"x/a", b"y/x/a", False),
        (b"*.o", b"x/a.o", True),
        (b"*.o", b".o", True),
        (b"*", b"a", True),
        (b"a\r\n", b"a", True),
        (b"a\r", b"a", True),
        (b"a\r\r\n", b"a", False),
        (b"\xef\xbb\xbfa\n", b"a", True),
        (b"#a\n", b"#a", False),
        (b"\\#a\n", b"#a", True),
        (b"\\!a\n", b"!a", True),
        (b"a  \n", b"a", True),
        (b"a\\ \n", b"a ", True),
        (b"a\\  \n", b"a ", True),
        (b"a\\\\ \n", b"a\\", True),
        (b"a\t\n", b"a", False),
        (b" a\n", b" a", True),
        (b"a\0b\n", b"a", True),
        (b"\xff\n", b"\xff", True),
        (b"\n \n/\n!\n!/\n", b"a", False),
        (b"//a\n", b"a", False),
        (b"a//\n", b"a", False),
    ],
)
def test_lines_are_read_as_git_reads_them(text: bytes, path: bytes, expected: bool) -> None:
    assert ignores(text, path) is expected


def test_a_slash_at_the_end_means_folders_only() -> None:
    assert ignores(b"build/", b"build", is_folder=True)
    assert not ignores(b"build/", b"build")
    assert ignores(b"b*d/", b"build", is_folder=True)
    assert not ignores(b"*d/", b"build")


@pytest.mark.parametrize("pattern", [b"a.o", b"*.o", b"a*o", b"/a.o", b"[a].o"])
@pytest.mark.parametrize("other", [b"a.o", b"*.o", b"a*o", b"/a.o", b"[a].o"])
def test_the_last_rule_that_matches_decides_whatever_its_form(pattern: bytes, other: bytes) -> None:
    assert ignores(b"!" + other + b"\n" + pattern, b"a.o")
    assert not ignores(pattern + b"\n!" + other, b"a.o")


def test_the_longest_of_several_endings_need_not_decide() -> None:
    assert not ignores(b"*.tar.gz\n!*.gz", b"a.tar.gz")
    assert ignores(b"!*.gz\n*.tar.gz", b"a.tar.gz")


def test_a_rule_knows_where_it_was_written() -> None:
    rule = Rules(b"# all but C\n\n!*.c\n/*  \n", "x/.gitignore").deciding_rule(b"", b"a.c", is_folder=False)
    assert rule is not None
    assert (rule.origin, rule.line, rule.text, rule.ignores) == ("x/.gitignore", 4, b"/*", True)


def test_rules_without_a_pattern_are_false() -> None:
    assert not Rules(b"# nothing\n\n", "x")
    assert Rules(b"a", "x")


def test_rules_of_deeper_folders_win(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / ".gitignore").write_bytes(b"*.log\n/inner/only\n")
    (inner / ".gitignore").write_bytes(b"!keep.log\n/top.txt\n")
    chain = chain_with_own((), os.fsencode(tmp_path), b"", b".gitignore")
    chain = chain_with_own(chain, os.fsencode(tmp_path), b"inner/", b".gitignore")

    assert is_ignored(chain, b"inner/", b"a.log", is_folder=False)
    assert not is_ignored(chain, b"inner/", b"keep.log", is_folder=False)
    assert is_ignored(chain, b"inner/", b"only", is_folder=False)
    assert is_ignored(chain, b"inner/", b"top.txt", is_folder=False)
    assert not is_ignored(chain, b"inner/deep/", b"top.txt", is_folder=False)
    assert deciding_rule(chain, b"inner/", b"a.c", is_folder=False) is None


def test_a_chain_serves_other_roots() -> None:
    chain = ((Rules(b"/a/b/c", "x"), b"", 0),)
    assert is_ignored(chain, b"a/b/", b"c", is_folder=False)
    assert is_ignored(chain_from(chain, b"a/"), b"b/", b"c", is_folder=False)
    assert is_ignored(chain_within(chain, b"sub/"), b"sub/a/b/", b"c", is_folder=False)
    assert not is_ignored(chain_within(chain, b"sub/"), b"a/b/", b"c", is_folder=False)
    assert is_ignored(chain_from(chain_within(chain, b"sub/"), b"sub/a/"), b"b/", b"c", is_folder=False)


def test_what_is_no_regular_file_holds_no_rules(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "rules").write_bytes(b"a\n")
    (tmp_path / "link").symlink_to("rules")
    os.mkfifo(tmp_path / "fifo")
    for name in ("absent", "folder", "link", "fifo"):
        assert read_rule_file(os.fsencode(tmp_path / name), name) is None
    assert read_rule_file(os.fsencode(tmp_path / "link"), "link", follow_link=True)


@pytest.mark.parametrize(
    ("text", "n_not_applied"),
    [
        (b"*a" * 2_500_000 + b"\nb", 1),
        (b"x" * 5000 + b"\nb", 1),
        (b"b\n" + b"\n".join(b"*a%d*b[0-9]" % i for i in range(20_000)), 14_000),
        (b"b\n" + b"\n".join(b"a%d" % i for i in range(60_000)), 1),
        (b"b\n" + b"c\n" * 3_000_000, 2),
        (b"b\n" + bytes(10_000_000), 1),
    ],
    ids=["long line", "long name", "many wildcards", "many names", "many lines", "zeros"],
)
def test_rule_files_are_read_within_bounds(text: bytes, n_not_applied: int) -> None:
    start = time.process_time()
    rules = Rules(text, "x")
    assert time.process_time() - start < 2
    assert rules.n_not_applied >= n_not_applied
    # The end of a file that is too long is not read; what comes before it counts.
    assert rules.ignores(b"", b"b", is_folder=False) or not text.startswith(b"b")


def test_a_rule_file_of_any_size_is_read_in_part(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.write(b"a\n")
        file.truncate(2**40)
    rules = read_rule_file(os.fsencode(tmp_path / "sparse"), "sparse")
    assert rules is not None
    assert rules.ignores(b"", b"a", is_folder=False)
    assert rules.n_not_applied


def test_a_chain_of_many_levels_is_small() -> None:
    """A rule file in each of 2,000 nested folders: their paths are not held once for each pair of them."""
    folder = b"".join(b"d/" for _ in range(2000))
    chain = tuple((Rules(b"/x", "x"), b"", 2 * n) for n in range(1999, -1, -1))
    assert is_ignored(chain, folder[:2], b"x", is_folder=False)
    assert not is_ignored(chain, folder, b"x", is_folder=False)
