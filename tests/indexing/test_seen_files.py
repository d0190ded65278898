"""What an index remembers of its files is what it would find now."""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.contents import FolderContents
from repomap_fast.discovery import stamps
from repomap_fast.indexing import seen_files
from repomap_fast.indexing.context import Context
from repomap_fast.indexing.seen_files import SeenFiles
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.tables import NO_LANGUAGE


def languages_of(seen: SeenFiles, root: Path) -> dict[str, str | None]:
    context = Context.of(root, ScanOptions(), Progress())
    found = seen.find(context)
    ids = seen.languages(found, FolderContents(root)).tolist()
    return {
        os.fsdecode(path): None if language_id == NO_LANGUAGE else LANGUAGES[language_id].name
        for path, language_id in zip(found.paths, ids, strict=True)
    }


def test_a_script_that_becomes_one_of_another_language_is_known_as_such(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("#!/bin/sh\n")
    (tmp_path / "other.py").write_text("")
    seen = SeenFiles()
    assert languages_of(seen, tmp_path) == {"other.py": "python", "run": "bash"}
    # Of the same size.
    (tmp_path / "run").write_text("#!python3\n"[:10])
    assert languages_of(seen, tmp_path)["run"] == "python"
    (tmp_path / "run").write_text("nothing")
    assert languages_of(seen, tmp_path)["run"] is None


CONTENTS = (
    "",
    "#!/bin/sh\n",
    "#!python3\n",
    "#import <a.h>\n@end\n",
    "class A {};\n",
    '<!DOCTYPE TS><TS version="2.1">\n',
)
NAMES = ("run", "a.h", "b.h", "a.c", "a.m", "app_de.ts", "notes.txt", "picture.svg", "x/run", "x/c.txt", ".gitignore")
IGNORED = ("*.txt\n", "run\n", "*.h\n/x/\n")


@pytest.mark.parametrize("grain_ns", [0, 2_000_000_000], ids=["of a fine clock", "of a coarse clock"])
def test_after_any_edits_an_answer_has_the_files_of_a_fresh_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grain_ns: int
) -> None:
    """Each step writes, replaces, moves or removes a file; what has no language may be as it was seen last."""
    monkeypatch.setattr(stamps, "GRAIN_NS", grain_ns)
    monkeypatch.setattr(seen_files, "COARSE_GRAIN_NS", grain_ns)
    chance = random.Random(31)
    seen = SeenFiles()
    context = Context.of(tmp_path, ScanOptions(), Progress(), is_for_answer=True)
    (tmp_path / "x").mkdir()
    for _ in range(120):
        path = tmp_path / chance.choice(NAMES)
        step = chance.randrange(5)
        if step == 0 and path.exists():
            path.unlink()
        elif step == 1 and path.exists():
            path.rename(tmp_path / chance.choice(NAMES))
        elif step == 2:
            (tmp_path / "written.tmp").write_text(chance.choice(CONTENTS))
            (tmp_path / "written.tmp").rename(path)
        else:
            path.write_text(chance.choice(IGNORED if path.name == ".gitignore" else CONTENTS))
        time.sleep(0.012)
        found = seen.find(context)
        language_ids = seen.languages(found, FolderContents(tmp_path))
        fresh = SeenFiles(remembers=False)
        expected = fresh.find(context)
        assert found.paths.equals(expected.paths)
        assert language_ids.tolist() == fresh.languages(expected, FolderContents(tmp_path)).tolist()
        rows = np.flatnonzero(language_ids != NO_LANGUAGE)
        for column in ("sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes"):
            assert getattr(found, column)[rows].tolist() == getattr(expected, column)[rows].tolist()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is remembered there")
def test_first_lines_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").write_text("#!/bin/sh\n")
    monkeypatch.setattr(seen_files, "COARSE_GRAIN_NS", 0)
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)
    time.sleep(0.012)
    seen = SeenFiles()
    assert languages_of(seen, tmp_path)["run"] == "bash"
    monkeypatch.setattr("repomap_fast.contents.FolderContents.start", lambda *_: pytest.fail("it was read"))
    assert languages_of(seen, tmp_path)["run"] == "bash"


def test_each_answer_has_what_was_saved_a_moment_ago(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    with repomap_fast.open(tmp_path, cache=False) as repository:
        for number in range(12):
            name = f"function_{number}"
            new = tmp_path / "src" / "new"
            new.write_text(f"def {name}(): pass\n")
            # Half of them as an editor saves: a new file takes the place of the old one.
            new.rename(tmp_path / "src" / ("a.py" if number % 2 else f"b{number}.py"))
            assert [one.tag.name for one in repository.search(name, match="exact").found] == [name]
