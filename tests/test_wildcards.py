"""One pattern against one path; git itself is asked about every pattern of the tables."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from repomap_fast.wildcards import States, Wildcards, has_wildcard


def matches(pattern: bytes, path: bytes, *, is_path: bool = False) -> bool:
    return Wildcards([(0, States(pattern, is_path=is_path))]).last_match(path) == 0


NAMES = [
    (b"*.o", b"a.o", True),
    (b"*.o", b"a.o\n", False),
    (b"a?c", b"abc", True),
    (b"a?c", b"ac", False),
    (b"a*", b"a\nb", True),
    (b"**", b"anything", True),
    (rb"\*", b"*", True),
    (rb"\*", b"x", False),
    (rb"\a", b"a", True),
    (rb"*\ ", b"x ", True),
    ("*voilà".encode(), "et voilà".encode(), True),
    (b"*\xa0", b"x\xa0", True),
    (b"*\x85", b"x", False),
    (b"*\xff", b"\xfe\xff", True),
    (b"*\t", b"x\t", True),
]


@pytest.mark.parametrize(("pattern", "name", "expected"), NAMES)
def test_names(pattern: bytes, name: bytes, expected: bool) -> None:
    assert matches(pattern, name) is expected


CLASSES = [
    (b"[ab]", b"b", True),
    (b"[!ab]", b"b", False),
    (b"[^ab]", b"c", True),
    (b"[]a]", b"]", True),
    (b"[!]a]", b"b", True),
    (b"[a-c]", b"b", True),
    (b"[c-a]", b"b", False),
    (b"[c-a]", b"c", True),
    (b"[a-]", b"-", True),
    (b"[-a]", b"-", True),
    (b"[a-c-e]", b"-", True),
    (b"[a-c-e]", b"d", False),
    (rb"[\]]", b"]", True),
    (rb"[a\-c]", b"b", False),
    (rb"[a-\c]", b"b", True),
    (b"[[:alpha:]]", b"x", True),
    (b"[![:alpha:]_]", b"_", False),
    (b"[[:space:]]", b"\v", False),
    (b"[[a]", b"[", True),
    (b"[[:x]", b"x", True),
    (b"[\x80-\xff]", b"\xc3", True),
    (b"[!a]", b"\xff", True),
    (b"[!a]", b"\n", True),
    (b"[a--]", b"-", False),
    (b"[a&&b]", b"&", True),
]


@pytest.mark.parametrize(("pattern", "name", "expected"), CLASSES)
def test_bracket_expressions(pattern: bytes, name: bytes, expected: bool) -> None:
    assert matches(pattern, name) is expected


@pytest.mark.parametrize(
    "pattern", [b"[", b"[a", b"[]", b"[!", b"[a-", rb"[\]", b"[[:foo:]]", b"[[::]]", b"a\\", b"[/]"]
)
def test_git_matches_nothing_with_a_malformed_pattern(pattern: bytes) -> None:
    assert not States(pattern, is_path=False)


PATHS = [
    (b"a/*", b"a/b", True),
    (b"a/*", b"a/b/c", False),
    (b"a?b", b"a/b", False),
    (b"a[!x]b", b"a/b", False),
    (b"**/b", b"b", True),
    (b"**/b", b"a/x\ny/b", True),
    (b"a/**", b"a", False),
    (b"a/**", b"a/b/c", True),
    (b"a/**/b", b"a/b", True),
    (b"a/**/b", b"a/x/y/b", True),
    (b"a/**/b", b"ab", False),
    (b"a/x**y/b", b"a/xzy/b", True),
    (b"a/***/b", b"a/x/b", True),
    (b"**/**/b", b"b", True),
    (b"**", b"x/y", True),
    (b"*/**", b"x", False),
    (rb"**\/b", b"b", False),
    (rb"**\/b", b"x/y/b", True),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), PATHS)
def test_paths(pattern: bytes, path: bytes, expected: bool) -> None:
    assert matches(pattern, path, is_path=True) is expected


@pytest.mark.parametrize(
    ("path", "expected"), [(b"ab", True), (b"axx/b", True), (b"a/b", True), (b"a/x/b", True), (b"axb", False)]
)
def test_stars_glued_to_a_name_span_folders(path: bytes, expected: bool) -> None:
    assert matches(b"a**/b", path, is_path=True) is expected


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("pattern", "path", "is_path"),
    [
        *((pattern, name, False) for pattern, name, _ in NAMES + CLASSES),
        *((pattern, path, True) for pattern, path, _ in PATHS),
    ],
)
def test_git_agrees(pattern: bytes, path: bytes, is_path: bool, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", tmp_path], check=True, env=environment)
    (tmp_path / ".gitignore").write_bytes((b"/" if is_path else b"") + pattern + b"\n")
    git = subprocess.run(
        ["git", "check-ignore", "-q", "--no-index", "-z", "--stdin"],
        input=path + b"\0", check=False, cwd=tmp_path, env=environment,
    )  # fmt: skip
    parts = path.split(b"/")
    ours = any(
        matches(pattern, b"/".join(parts[:n]) if is_path else parts[n - 1], is_path=is_path)
        for n in range(1, len(parts) + 1)
    )
    assert ours is (git.returncode == 0)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (b"*a" * 12 + b"b", b"a" * 250),
        (b"*?*a" * 10 + b"b", b"a" * 250),
        (b"**/a/" * 10 + b"b", b"/".join([b"a"] * 1500)),
        (b"**/*a*/" * 8 + b"b", b"/".join([b"aaa"] * 1000)),
    ],
)
def test_a_hostile_pattern_takes_no_time(pattern: bytes, path: bytes) -> None:
    start = time.perf_counter()
    assert not matches(pattern, path, is_path=True)
    assert time.perf_counter() - start < 1


def test_only_wildcards_and_escapes_need_compiling() -> None:
    assert not has_wildcard(b"a.b-c!#{}()+^$")
    assert all(has_wildcard(pattern) for pattern in (b"*", b"a?", b"[a", b"\\!"))
