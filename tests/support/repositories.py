"""Builders of folders and git repositories for tests, and all that a scan says of them."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.discovery.discover import Discovery
from repomap_fast.discovery.git_folder import Repository, repository_at
from repomap_fast.indexing import state as states
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from support.made_scans import columns

Tables = dict[str, object]
Discover = Callable[..., Discovery]
"""``discover`` with fields of ScanOptions as keywords."""

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CASES = Path(__file__).parents[1] / "tags"

_IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
_LOCAL = ("-c", "protocol.file.allow=always", "-c", "core.fsync=none")


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files by their paths below ``root``, with their folders."""
    root.mkdir(parents=True, exist_ok=True)
    for path, contents in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents.encode("utf-8") if isinstance(contents, str) else contents)
    return root


def git(folder: Path, *arguments: str | Path, feed: str = "", **variables: str) -> str:
    """Run git in ``folder`` and return what it prints, without white space around it."""
    done = subprocess.run(
        ["git", *_IDENTITY, *_LOCAL, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        input=feed,
        env={**os.environ, **variables},
    )
    return done.stdout.strip()


def fake_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a shell script in the place of git."""
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def repository_of(folder: Path) -> Repository:
    """Return the repository whose work tree has its top at ``folder``."""
    found = repository_at(os.fsencode(folder.resolve()))
    assert found is not None
    return found


def make_work_tree(root: Path, files: Mapping[str, str | bytes], *tracked: str) -> Path:
    """Write files into a new repository, and make a first commit of those that are named."""
    write_files(root, files)
    # Without git's own template: its sample hooks take most of the time.
    git(root, "init", "-q", "-b", "main", "--template=")
    (root / ".git" / "info").mkdir()
    if tracked:
        git(root, "add", "--force", "--", *tracked)
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
    return root


def _python(name: str, other: str) -> str:
    return f"class {name.title()}:\n    def {name}(self):\n        return {other}()\n\n\ndef {other}(x): pass\n"


def _c(name: str, other: str) -> str:
    return f"struct {name} {{ int x; }};\nint {other}(int a) {{ return {name}_of(a); }}\n"


def _javascript(name: str, other: str) -> str:
    return f"export function {name}() {{ return {other}(); }}\nclass {name.title()} {{ {other}() {{}} }}\n"


def _go(name: str, other: str) -> str:
    return f"package p\n\nfunc {name}() int {{ return {other}() }}\n\ntype {name.title()} struct {{}}\n"


_LANGUAGES: dict[str, Callable[[str, str], str]] = {"py": _python, "c": _c, "js": _javascript, "go": _go}


def source(suffix: str, rng: random.Random) -> str:
    """Return some source of the language with that suffix."""
    names = [f"name_{rng.randrange(400)}" for _ in range(2)]
    return _LANGUAGES[suffix](*names) * rng.randrange(1, 8)


def make_repository(root: Path, n_files: int, seed: int = 0) -> Path:
    """Make files of four languages in some folders."""
    rng = random.Random(seed)
    suffixes = list(_LANGUAGES)
    for number in range(n_files):
        suffix = suffixes[number % len(suffixes)]
        path = root / f"d{number % 7}" / f"f{number}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source(suffix, rng))
    return root


def edit(root: Path, n_files: int, rng: random.Random) -> None:
    """Change, touch, remove and add some files."""
    paths = sorted(path for path in root.rglob("*.*") if path.is_file())
    for path in rng.sample(paths, min(n_files, len(paths))):
        suffix = path.suffix.removeprefix(".")
        what = rng.random()
        if what < 0.7:
            path.write_text(source(suffix, rng))
        elif what < 0.8:
            os.utime(path)
        elif what < 0.9:
            path.unlink()
        else:
            path.with_name(f"n{rng.randrange(1000)}.{suffix}").write_text(source(suffix, rng))


def settle(root: Path) -> None:
    """Wait until no file is so new that it has to be looked at again."""
    newest = max((path.lstat().st_ctime_ns for path in root.rglob("*")), default=0)
    time.sleep(max(0.0, (newest + 2 * states.CLOCK_GRAIN_NS - time.time_ns()) / 1e9))


def make_overlaid(root: Path, cache: Path, n_files: int, n_changed: int, seed: int) -> Path:
    """Make a repository whose index is an overlay over a base."""
    make_repository(root, n_files)
    settle(root)
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
        edit(root, n_changed, random.Random(seed))
        settle(root)
        index.refresh()
    return root


def tables(result: ScanResult) -> Tables:
    """Return all that a scan says of its files and tags."""
    # Before the tags are loaded: an index has these counts without them.
    files, classes, kinds = result.file_table, dict(result.identifier_classes), dict(result.definition_kinds)
    n_tags = result.n_tags
    found: Tables = {
        **columns(result),
        "paths": list(files.paths),
        "languages": files.language_ids.tolist(),
        "sizes": files.sizes_bytes.tolist(),
        "definitions": files.definition_counts.tolist(),
        "kinds": result.tag_table.kinds,
        "classes": classes,
        "definition_kinds": kinds,
        "name lengths": result.words.name_lengths.tolist(),
        "rest lengths": result.words.rest_lengths.tolist(),
        "n_tags": n_tags,
    }
    # Whoever looks a name up goes another way than who reads the columns.
    names = list(result.tag_table.names)[:3]
    found["found"] = [[*result.definitions(name), *result.references(name)] for name in names]
    return found


def fresh(root: Path) -> Tables:
    """Return the tables of a scan that knows nothing."""
    return tables(repomap_fast.scan(root, cache=False, workers=2))


def kept(root: Path, cache: Path) -> tuple[Tables, tuple[str, ...]]:
    """Return the tables of a scan that uses what is kept, and what it notes."""
    result = repomap_fast.scan(root, cache_dir=cache, workers=2)
    return tables(result), result.notes


def copy_cases(folder: Path) -> None:
    """Copy the sources of the cases of all languages into a folder."""
    for source in CASES.glob("*/*/input.*"):
        copy = folder / source.relative_to(CASES)
        copy.parent.mkdir(parents=True)
        shutil.copyfile(source, copy)
