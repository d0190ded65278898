"""The walk against git: the same trees, the same rules, the same files."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repomap_fast import contents
from repomap_fast.discovery import ignore
from repomap_fast.discovery.selection import Selection
from repomap_fast.discovery.walk import FoundFiles, rules_for_root, walk
from repomap_fast.progress import Progress

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def walked_files(root: Path) -> list[bytes]:
    found = FoundFiles(Progress())
    root_path = os.fsencode(root)
    selection = Selection(root_path)
    walk(root_path, selection.at_root(), rules_for_root(root_path, found), selection=selection, found=found)
    assert found.notes == []
    return sorted(found.paths)


def listed_files(root: Path) -> list[bytes]:
    """Return what git lists, without what is no regular file."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout
    paths = {path for path in output.split(b"\0") if path}
    return sorted(path for path in paths if _is_regular(os.path.join(os.fsencode(root), path)))


def _is_regular(path: bytes) -> bool:
    return os.path.lexists(path) and stat.S_ISREG(os.lstat(path).st_mode)


def make_repository(root: Path, files: dict[bytes, bytes], *, tracked: tuple[bytes, ...] = ()) -> None:
    # Without git's own template: its sample hooks take most of the time.
    subprocess.run(["git", "init", "-q", "--template=", root], check=True, capture_output=True)
    (root / ".git" / "info").mkdir()
    for path, text in files.items():
        absolute = Path(os.fsdecode(os.path.join(os.fsencode(root), path)))
        absolute.parent.mkdir(parents=True, exist_ok=True)
        absolute.write_bytes(text)
    if tracked:
        feed = b"".join(path + b"\0" for path in tracked)
        command = ["git", "update-index", "--add", "-z", "--stdin"]
        subprocess.run(command, cwd=root, check=True, capture_output=True, input=feed)


NAMES = [b"a", b"b", b"ab", b"a.o", b"b.c", b"a b", b"[a]", b"#a", b"!b", b"a\nb", b"a "]
PARTS = [
    "a",
    "b",
    "*",
    "?",
    "**",
    "ab",
    ".o",
    ".c",
    "[ab]",
    "[!a]",
    r"\#",
    r"\!",
    " ",
    r"\ ",
    "\\",
    "/",
    "/",
    "**/",
    "/**",
]

names = st.sampled_from(NAMES)
paths = st.lists(names, min_size=1, max_size=4).map(b"/".join)
prefixes = st.sampled_from(["", "", "!", "/", "!/", "#"])
suffixes = st.sampled_from(["", "", "/", " ", "\r"])
patterns = st.builds("".join, st.tuples(prefixes, st.lists(st.sampled_from(PARTS), max_size=5).map("".join), suffixes))
rule_files = st.lists(patterns, min_size=1, max_size=5).map(lambda lines: "\n".join(lines).encode())
folders = st.lists(names, max_size=2).map(lambda parts: b"".join(part + b"/" for part in parts))


@st.composite
def work_trees(draw: st.DrawFn) -> tuple[dict[bytes, bytes], bytes, tuple[bytes, ...]]:
    """Return files with their bytes, the text of info/exclude, and which of the files are tracked."""
    files: dict[bytes, bytes] = {}
    occupied: set[bytes] = set()
    for path in draw(st.lists(paths, min_size=3, max_size=25, unique=True)):
        parents = {path[:i] for i in range(len(path)) if path[i : i + 1] == b"/"}
        if path not in occupied and not parents & files.keys():
            files[path] = b""
            occupied |= parents | {path}
    existing_folders = sorted({b"", *(path.rpartition(b"/")[0] + b"/" for path in files if b"/" in path)})
    tracked = tuple(draw(st.lists(st.sampled_from(sorted(files)), max_size=2, unique=True)))
    for folder in draw(st.lists(st.sampled_from(existing_folders), min_size=1, max_size=3, unique=True)):
        files[folder + b".gitignore"] = draw(rule_files)
    return files, draw(rule_files | st.just(b"")), tracked


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(work_trees())
def test_the_walk_finds_what_git_lists(work_tree: tuple[dict[bytes, bytes], bytes, tuple[bytes, ...]]) -> None:
    files, excluded, tracked = work_tree
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_repository(root, files, tracked=tracked)
        (root / ".git" / "info" / "exclude").write_bytes(excluded)
        assert walked_files(root) == listed_files(root)
        for below in sorted({path.split(b"/")[0] for path in files if b"/" in path})[:1]:
            subfolder = root / os.fsdecode(below)
            listed = listed_files(subfolder)
            # An ignored root without tracked files is walked all the same; a test of its own says how.
            if listed:
                assert walked_files(subfolder) == listed


def test_tracked_files_count_in_ignored_folders(tmp_path: Path) -> None:
    files = dict.fromkeys([b"out/deep/kept.c", b"out/deep/other.c", b"out/x.c", b"a.o", b"b.o", b"main.c"], b"")
    make_repository(tmp_path, files | {b".gitignore": b"out/\n*.o\n"}, tracked=(b"out/deep/kept.c", b"a.o"))
    assert walked_files(tmp_path) == [b".gitignore", b"a.o", b"main.c", b"out/deep/kept.c"]
    assert walked_files(tmp_path) == listed_files(tmp_path)
    assert walked_files(tmp_path / "out") == [b"deep/kept.c"]
    assert walked_files(tmp_path / "out") == listed_files(tmp_path / "out")


def test_an_ignored_file_below_an_ignored_folder_cannot_be_taken_back(tmp_path: Path) -> None:
    files = {b".gitignore": b"out\n!out/keep.c\n", b"out/keep.c": b"", b"out/.gitignore": b"!*\n", b"a/out/b": b""}
    make_repository(tmp_path, files)
    assert walked_files(tmp_path) == listed_files(tmp_path) == [b".gitignore"]


def test_a_linked_rule_file_in_the_work_tree_is_not_read(tmp_path: Path) -> None:
    make_repository(tmp_path, {b"rules": b"*.c\n", b"a.c": b""})
    (tmp_path / ".gitignore").symlink_to("rules")
    assert walked_files(tmp_path) == listed_files(tmp_path) == [b"a.c", b"rules"]


@pytest.mark.corpus
@pytest.mark.slow
def test_the_rule_files_of_the_linux_kernel(tmp_path: Path) -> None:
    corpora = os.environ.get("REPOMAP_FAST_CORPORA")
    kernel = Path(corpora or "", "kernel")
    if corpora is None or not kernel.is_dir():
        pytest.skip("REPOMAP_FAST_CORPORA names no folder with a kernel")
    files: dict[bytes, bytes] = {}
    for rule_file in sorted(kernel.rglob(".gitignore")):
        folder = rule_file.parent.relative_to(kernel).as_posix()
        text = rule_file.read_bytes()
        if folder == ".":
            # The package's own last lines would ignore all the rest.
            text = text.replace(b"\n/*\n", b"\n")
        prefix = b"" if folder == "." else os.fsencode(folder) + b"/"
        files[prefix + b".gitignore"] = text
        for name in _names_for(text):
            files.setdefault(prefix + name, b"")
            files.setdefault(prefix + b"deeper/" + name + b".d/" + name, b"")
    assert sum(path.endswith(b".gitignore") for path in files) >= 300
    make_repository(tmp_path, files)
    walked = walked_files(tmp_path)
    assert walked == listed_files(tmp_path)
    assert 300 < len(walked) < len(files)


def _names_for(text: bytes) -> set[bytes]:
    """Return names that the rules in ``text`` may be about, and some that they are not."""
    plain = {line.strip(b"!/\r").replace(b"*", b"x").rpartition(b"/")[2] for line in text.splitlines()}
    return {name for name in plain if name and not name.startswith(b"#")} - {b".", b"..", b".git"} | {b"main.c", b"a.o"}


def test_rule_files_and_repositories_are_looked_for_where_the_folder_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, text in {
        "a.py": "",
        "in/deep/b.py": "",
        "in/deep/.repomapignore": "c.py\n",
        "in/deep/c.py": "",
        "out/.gitignore": "d.py\n",
        "out/d.py": "",
        "plain/sub/e.py": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    looked_at: list[bytes] = []
    real = ignore.read_start

    def read_start(path: bytes, n_bytes: int, *, follow_link: bool) -> bytes:
        looked_at.append(path)
        return real(path, n_bytes, follow_link=follow_link)

    for module in (ignore, contents):
        monkeypatch.setattr(module, "read_start", read_start)
    found = walked_files(tmp_path)
    assert found == [b"a.py", b"in/deep/.repomapignore", b"in/deep/b.py", b"out/.gitignore", b"plain/sub/e.py"]
    top = os.fsencode(tmp_path) + b"/"
    below = {os.fsdecode(path.removeprefix(top)) for path in looked_at if path.startswith(top)}
    if not ignore.FOLDS_CASE:
        assert below == {".repomapignore", "in/deep/.repomapignore", "out/.gitignore"}
