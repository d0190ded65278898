"""One pattern against one path; git itself is asked about every pattern of the tables."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.discovery.ignore import Rules
from repomap_fast.discovery.wildcards import MAX_STATES, NO_RULE, States, Wildcards, has_wildcard


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


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", folder], check=True)
    return folder


def ignored_by_git(repository: Path, rules: bytes, paths: list[bytes]) -> set[bytes]:
    (repository / ".gitignore").write_bytes(rules)
    environment = {"PATH": os.environ["PATH"], "HOME": str(repository), "GIT_CONFIG_NOSYSTEM": "1"}
    git = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        input=b"".join(path + b"\0" for path in paths), check=False, cwd=repository, env=environment,
        capture_output=True,
    )  # fmt: skip
    assert git.returncode in (0, 1), git.stderr
    return set(git.stdout.split(b"\0")) - {b""}


def is_ignored(rules: Rules, path: bytes) -> bool:
    """Return whether the rules leave out the file, or a folder on the way to it."""
    ends = [i for i, byte in enumerate(path) if byte == ord("/")]
    folders = [(path[: path.rfind(b"/", 0, end) + 1], path[path.rfind(b"/", 0, end) + 1 : end]) for end in ends]
    folder, _, name = path.rpartition(b"/")
    return any(rules.ignores(*entry, is_folder=True) for entry in folders) or rules.ignores(
        folder + b"/" if folder else b"", name, is_folder=False
    )


PIECES = [
    b"a",
    b"b",
    b"ab",
    b"/",
    b"/",
    b"*",
    b"**",
    b"?",
    b"[a-b]",
    b"[!a]",
    b"[",
    b"]",
    b"-",
    b"\\",
    b"{",
    b".a",
    b"!",
]
PATHS_TO_TRY = [
    b"/".join(parts)
    for n in (1, 2, 3)
    for parts in product([b"a", b"b", b"ab", b".a", b"a-]"], repeat=n)
]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(b"".join), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_git_agrees_about_whatever_patterns(repository: Path, patterns: list[bytes]) -> None:
    text = b"\n".join(patterns)
    rules = Rules(text, ".gitignore")
    ours = {path for path in PATHS_TO_TRY if is_ignored(rules, path)}
    assert ours == ignored_by_git(repository, text, PATHS_TO_TRY)


PARTS = st.one_of(
    st.just("**"), st.lists(st.sampled_from(["a", "b", "?", "*a", "a*", "b*"]), min_size=1, max_size=3).map("".join)
)


@given(st.lists(PARTS, min_size=1, max_size=4).map("/".join))
@settings(deadline=None)
def test_pathspec_agrees_about_plain_patterns(pattern: str) -> None:
    pathspec = pytest.importorskip("pathspec")
    theirs = pathspec.GitIgnoreSpec.from_lines([pattern])
    rules = Rules(pattern.encode(), "x")
    for path in PATHS_TO_TRY:
        assert is_ignored(rules, path) == theirs.match_file(path.decode()), path


@pytest.mark.parametrize(
    "pattern",
    [b"*a" * 2000 + b"b", b"*?*a" * 1000 + b"b", b"**/a/" * 800 + b"b", b"**/*a*/" * 500 + b"b", b"a**/" * 1000 + b"b"],
)
def test_no_pattern_takes_long_whatever_the_path(pattern: bytes) -> None:
    """As many such patterns as a file may have, and the longest path."""
    states = States(pattern, is_path=True)
    wildcards = Wildcards((number, states) for number in range(MAX_STATES // len(states)))
    for path in (b"a" * 4096, b"a/" * 2047 + b"a"):
        start = time.thread_time()
        assert wildcards.last_match(path) == NO_RULE
        assert time.thread_time() - start < 0.25


def test_patterns_of_many_words_match_across_them() -> None:
    patterns = [b"?" * n + b"*x" for n in range(60)] + [b"**/" + b"y" * 200 + b"/**/z"]
    wildcards = Wildcards((number, States(one, is_path=True)) for number, one in enumerate(patterns))
    assert wildcards.last_match(b"a" * 59 + b"x") == 59
    assert wildcards.last_match(b"aax") == 2
    assert wildcards.last_match(b"k/" + b"y" * 200 + b"/z") == 60
    assert wildcards.last_match(b"y" * 200 + b"/k/k/z") == 60
    assert wildcards.last_match(b"y" * 199 + b"/k/k/z") == NO_RULE
    assert set(wildcards.matched_numbers()) == set(range(61))


def test_only_wildcards_and_escapes_need_compiling() -> None:
    assert not has_wildcard(b"a.b-c!#{}()+^$")
    assert all(has_wildcard(pattern) for pattern in (b"*", b"a?", b"[a", b"\\!"))
