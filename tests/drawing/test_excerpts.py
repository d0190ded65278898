"""The excerpts of files: read once, parsed when they are shown and not before, kept under their contents."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from repomap_fast.contents import FolderContents
from repomap_fast.drawing import sources
from repomap_fast.drawing.excerpts import Excerpts, Kept
from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.drawing.render import Excerpt
from repomap_fast.drawing.source_lines import LineRule
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.progress import Progress
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.store.lru import LruCache

FILES = {
    b"a.py": b"class A:\n    x = 1\n\n    def f(self):\n        return 1\n",
    b"b.py": b"class B:\n    y = 1\n",
    b"c.txt": b"one\ntwo\nthree\n",
}


class Counted(Outliners):
    """Outliners that note what they were asked for."""

    def __init__(self) -> None:
        super().__init__(n_workers=2, max_file_memory_bytes=1 << 30, file_timeout_s=20.0)
        self.asked: list[bytes] = []

    def outline(self, texts: Sequence[Text], watch: Progress | None = None) -> list[Outline | None]:
        self.asked += (text.contents for text in texts)
        return super().outline(texts, watch)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, contents in FILES.items():
        (tmp_path / os.fsdecode(name)).write_bytes(contents)
    return tmp_path


def made(
    root: Path,
    *,
    cache: Kept | None = None,
    outliners: Outliners | None = None,
    rule: LineRule = LineRule.ROWS,
    memory: MemoryGovernor | None = None,
    max_file_bytes: int = 1 << 20,
) -> Excerpts:
    names = [*FILES, b"gone.py"]
    return Excerpts(
        FolderContents(root),
        names,
        lambda file_id: LANGUAGES[find_language("python")] if names[file_id].endswith(b".py") else None,
        outliners or Counted(),
        LruCache(1 << 20) if cache is None else cache,
        rule=rule,
        memory=memory,
        max_file_bytes=max_file_bytes,
    )


def test_a_file_is_shown_with_its_scopes(root: Path) -> None:
    shown = made(root).excerpt(0, [4])
    assert shown is not None
    # Row 1 is where the class's body starts; what starts on the first row of all is left out.
    assert shown.rows == (1, 2, 3, 4)
    assert shown.lines == ("    x = 1", "", "    def f(self):", "        return 1")
    assert made(root).excerpt(1, [0]) == Excerpt((0,), ("class B:",), 2)


def test_a_file_without_a_grammar_is_shown_alone(root: Path) -> None:
    assert made(root).excerpt(2, [1]) == Excerpt((1,), ("two",), 3)


def test_a_file_that_is_gone(root: Path) -> None:
    assert made(root).excerpt(3, [0]) is None
    assert made(root).bare_excerpt(3, [0]) is None


def test_rows_alone_are_not_parsed(root: Path) -> None:
    outliners = Counted()
    assert made(root, outliners=outliners).bare_excerpt(0, [4]) == Excerpt((4,), ("        return 1",), 5)
    assert outliners.asked == []


def test_only_what_is_shown_is_parsed_and_once(root: Path) -> None:
    outliners = Counted()
    shown = made(root, outliners=outliners)
    shown.prepare([0])
    shown.prepare([0, 2])
    for rows in ([0], [1], [0, 4]):
        shown.excerpt(0, rows)
    assert outliners.asked == [FILES[b"a.py"]]


def test_what_was_shown_is_kept_for_the_next_map(root: Path) -> None:
    cache, outliners = LruCache(1 << 20), Counted()
    first = [made(root, cache=cache, outliners=outliners).excerpt(file_id, [0, 4]) for file_id in range(3)]
    n_entries = cache.stats().entries
    assert n_entries == 2 + 3
    again = Counted()
    assert [made(root, cache=cache, outliners=again).excerpt(file_id, [0, 4]) for file_id in range(3)] == first
    assert again.asked == []
    assert cache.stats().entries == n_entries


def test_other_rows_of_a_file_that_was_parsed(root: Path) -> None:
    cache = LruCache(1 << 20)
    made(root, cache=cache).excerpt(0, [0])
    again = Counted()
    kept = made(root, cache=cache, outliners=again).excerpt(0, [3])
    assert kept == made(root).excerpt(0, [3])
    assert again.asked == []


def test_what_is_kept_is_of_the_same_contents(root: Path) -> None:
    cache = LruCache(1 << 20)
    made(root, cache=cache).excerpt(0, [0])
    (root / "a.py").write_bytes(FILES[b"a.py"].replace(b"class A", b"class Z"))
    shown = made(root, cache=cache).excerpt(0, [0])
    assert shown is not None
    assert shown.lines == ("class Z:",)
    # The same contents under another name, in another place, are known.
    (root / "b.py").write_bytes(FILES[b"a.py"])
    outliners = Counted()
    assert made(root, cache=cache, outliners=outliners).excerpt(1, [0]) is not None
    assert outliners.asked == []


def test_lines_that_are_counted_in_another_way_are_others(root: Path) -> None:
    (root / "a.py").write_bytes(b"x = 1\n\x0cclass A:\n    pass\n")
    cache = LruCache(1 << 20)
    shown = [made(root, cache=cache, rule=rule).excerpt(0, [1]) for rule in (LineRule.ROWS, LineRule.PYTHON)]
    assert shown == [Excerpt((1,), ("\x0cclass A:",), 3), Excerpt((1,), ("",), 4)]


def test_a_cache_that_keeps_nothing(root: Path) -> None:
    shown = made(root, cache=LruCache(0))
    assert shown.excerpt(0, [0, 4]) == made(root).excerpt(0, [0, 4])
    assert shown.excerpt(0, [0]) == made(root).excerpt(0, [0])


def test_few_sources_are_held(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SOURCES_BYTES", 1)
    shown = made(root)
    shown.prepare([0, 1, 2])
    expected = made(root)
    assert [shown.excerpt(file_id, [0, 1]) for file_id in (0, 1, 2)] == [
        expected.excerpt(file_id, [0, 1]) for file_id in (0, 1, 2)
    ]


def test_a_file_that_changes_meanwhile_is_shown_as_it_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SOURCES_BYTES", 1)
    shown = made(root)
    shown.prepare([0, 1])
    (root / "a.py").write_bytes(b"\nclass Z:\n    def g(self):\n        pass\n")
    assert shown.excerpt(0, [2]) == made(root).excerpt(0, [2])
    shown.prepare([1])
    (root / "a.py").unlink()
    shown.excerpt(1, [0])
    assert shown.excerpt(0, [3]) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_neither_a_pipe_nor_a_folder_holds_the_map_up(root: Path) -> None:
    (root / "a.py").unlink()
    (root / "a.py").mkdir()
    assert made(root).excerpt(0, [0]) is None
    (root / "b.py").unlink()
    os.mkfifo(root / "b.py")
    shown = made(root).excerpt(1, [0])
    assert shown is None or shown.lines == ("",)


def test_a_file_above_the_bound_is_not_read(root: Path) -> None:
    size = len(FILES[b"a.py"])
    assert made(root, max_file_bytes=size).excerpt(0, [4]) is not None
    assert made(root, max_file_bytes=size - 1).excerpt(0, [4]) is None


def test_a_file_for_which_memory_has_no_room_is_not_read(root: Path) -> None:
    resident_bytes = [0]
    limited = made(
        root, memory=MemoryGovernor(1 << 30, read_resident=lambda: resident_bytes[0], clock=iter(range(99)).__next__)
    )
    assert limited.excerpt(0, [4]) == made(root).excerpt(0, [4])
    resident_bytes[0] = 1 << 30
    assert limited.excerpt(1, [0]) is None


VUE = b"""<template>
  <p/>
</template>
<script>
import one from "./one"
export default {
  methods: {
    load() {
      return one
    },
  },
}
</script>
"""
CELLS = ["%matplotlib inline\n", "x = 1\n", "class A:\n", "    y = 2\n", "    def f(self):\n", "        return 1\n"]
NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": CELLS}]}, indent=0).encode()


@pytest.mark.parametrize(
    ("name", "contents", "row", "heads"),
    [
        ("a.vue", VUE, 8, ["export default {", "  methods: {", "    load() {", "      return one"]),
        ("a.ipynb", NOTEBOOK, 10, ["class A:", "    y = 2", "    def f(self):", "        return 1"]),
    ],
)
def test_scopes_of_a_file_are_those_of_its_parts(
    name: str, contents: bytes, row: int, heads: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(contents)
    language = next(one for one in LANGUAGES if name.endswith(one.suffixes) and one.suffixes)
    excerpts = Excerpts(
        FolderContents(tmp_path), [name.encode()], lambda _: language, Counted(), LruCache(1 << 20), rule=LineRule.ROWS
    )
    shown = excerpts.excerpt(0, [row])
    assert shown is not None
    assert list(shown.lines)[: len(heads)] == heads
