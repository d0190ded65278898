"""The forms of a map: each is what its readers take it for, whatever is in the files."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.choose import choose
from repomap_fast.drawing.excerpts import Excerpts
from repomap_fast.drawing.formats import (
    FORMS,
    JSON,
    MARKDOWN,
    TEXT,
    XML,
    Form,
    IndexState,
    ShownDefinition,
    ShownFile,
    write_map,
)
from repomap_fast.drawing.map_parts import MapParts
from repomap_fast.drawing.outline import Outliners
from repomap_fast.drawing.render import ASCII_MARKS, Excerpt
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.store.lru import LruCache

STATE = IndexState("2026-11-24T22:10:00Z", 1234, "a02d740")
SHOWN = ShownFile(
    "src/a.py",
    "python",
    0.0123456789,
    (ShownDefinition("A", "class", 1, 5, 0.5), ShownDefinition("f", "function", 4, 5)),
    Excerpt((0, 3), ("class A:", "    def f(self):"), 5),
)
BARE = ShownFile("README.md", None, None, (), None)


def test_text() -> None:
    text = "\nsrc/a.py:\n│class A:\n⋮\n│    def f(self):\n⋮\n\nREADME.md\n"
    assert write_map([SHOWN, BARE]) == text
    head = "# Map of 1,234 files, at commit a02d740, as of 2026-11-24T22:10:00Z\n"
    assert write_map([SHOWN, BARE], state=STATE) == head + text
    assert write_map([]) == ""
    assert write_map([SHOWN], marks=ASCII_MARKS).isascii()


def test_the_state_in_words() -> None:
    assert IndexState("T", 1).sentence() == "Map of 1 file, as of T"


def test_markdown() -> None:
    assert write_map([SHOWN, BARE], form=MARKDOWN, state=STATE) == (
        "# Repository map\n\nMap of 1,234 files, at commit a02d740, as of 2026-11-24T22:10:00Z.\n"
        "\n## `src/a.py`\n\n```python\n│class A:\n⋮\n│    def f(self):\n⋮\n```\n"
        "\n## `README.md`\n"
    )


def test_markdown_fences_are_longer_than_what_they_hold() -> None:
    shown = ShownFile("a`b.md", "markdown", None, (), Excerpt((0,), ("`````python",), 1))
    text = write_map([shown], form=MARKDOWN)
    assert "\n## `` a`b.md ``\n" in text
    assert text.count("\n``````") == 2


def test_json() -> None:
    made = json.loads(write_map([SHOWN, BARE], form=JSON, state=STATE))
    assert made["index"] == {"time": "2026-11-24T22:10:00Z", "files": 1234, "commit": "a02d740"}
    assert made["files"] == [
        {
            "path": "src/a.py",
            "language": "python",
            "score": 0.0123457,
            "definitions": [
                {"name": "A", "kind": "class", "line": 1, "end_line": 5, "score": 0.5},
                {"name": "f", "kind": "function", "line": 4, "end_line": 5},
            ],
            "lines": [[1, "class A:"], [4, "    def f(self):"]],
            "n_lines": 5,
        },
        {"path": "README.md", "language": None, "definitions": []},
    ]
    assert json.loads(write_map([], form=JSON)) == {"schema": 1, "index": None, "files": []}


def test_xml() -> None:
    made = ElementTree.fromstring(write_map([SHOWN, BARE], form=XML, state=STATE))
    assert made.attrib == {"time": "2026-11-24T22:10:00Z", "files": "1234", "commit": "a02d740"}
    shown, bare = made
    assert shown.attrib == {"path": "src/a.py", "language": "python", "score": "0.0123457"}
    assert [child.tag for child in shown] == ["definition", "definition", "line", "line"]
    assert shown[0].attrib == {"name": "A", "kind": "class", "line": "1", "end_line": "5", "score": "0.5"}
    assert (shown[3].attrib, shown[3].text) == ({"n": "4"}, "    def f(self):")
    assert (bare.attrib, list(bare)) == ({"path": "README.md"}, [])
    assert ElementTree.fromstring(write_map([], form=XML)).attrib == {}


ODD = st.text(st.characters(exclude_characters="\n"), max_size=12)
ODD_PATHS = st.binary(min_size=1, max_size=12).map(lambda name: os.fsdecode(name.replace(b"\0", b"")))


@given(ODD_PATHS, ODD, ODD)
def test_whatever_is_in_the_files(path: str, name: str, line: str) -> None:
    line = line.encode("utf-8", "replace").decode()
    shown = ShownFile(path, "c", 1e-9, (ShownDefinition(name, "class", 1, 1, 1e-9),), Excerpt((0,), (line,), 1))
    for form in FORMS.values():
        # Two files have two parts, and nothing of either breaks out of its own.
        text = write_map([shown, shown], form=form)
        assert text.count(form.part(shown, ASCII_MARKS)) == 0 or form in (JSON, XML)
    (first, second) = json.loads(write_map([shown, shown], form=JSON))["files"]
    assert first == second
    assert first["path"] == os.fsencode(path).decode("utf-8", "replace")
    assert b64decode(first["path_bytes"]) == os.fsencode(path) if "path_bytes" in first else first["path"] == path
    assert (first["definitions"][0]["name"], first["lines"]) == (name, [[1, line]])
    first, second = ElementTree.fromstring(write_map([shown, shown], form=XML).encode())
    assert ElementTree.tostring(first) == ElementTree.tostring(second)
    text = write_map([shown], form=TEXT)
    assert text.split("\n")[1].isprintable() or not path.isprintable()
    assert text.split("\n")[2] == f"│{line}"
    text.encode()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("budget", [10, 400, 1_000, 1_000_000])
def test_a_chosen_map_is_within_its_budget(form: Form, budget: int, tmp_path: Path) -> None:
    names = [f"f{i:02}.py".encode() for i in range(30)]
    for i, name in enumerate(names):
        classes = "".join(f"class C{k}:\n    def method_{k}(self):\n        return {i}\n\n" for k in range(10))
        (tmp_path / os.fsdecode(name)).write_text(classes)
    ranking = [(i, 4 * k) for k in range(10) for i in reversed(range(30))]
    files = np.array([file_id for file_id, _ in ranking], np.uint32)
    rows = np.array([row for _, row in ranking], np.int64)

    def made(cache: LruCache, n_workers: int) -> str:
        outliners = Outliners(n_workers=n_workers, max_file_memory_bytes=1 << 30, file_timeout_s=20.0)
        excerpts = Excerpts(tmp_path, names, lambda _: "python", outliners, cache)

        def describe(file_id: int, of_file: tuple[int, ...], shown: Excerpt | None) -> ShownFile:
            definitions = tuple(ShownDefinition(f"C{row // 4}", "class", row + 1, row + 3) for row in of_file)
            return ShownFile(os.fsdecode(names[file_id]), "python", None, definitions, shown)

        parts = MapParts(excerpts, describe, form, STATE)
        choice = choose(files, rows, parts, budget=budget, count=estimate_tokens)
        assert choice.tokens <= budget or not choice.entries
        assert choice.tokens >= 0.9 * budget or budget == 10 or len(choice.entries) == len(ranking)
        assert list(choice.rows) == sorted(choice.rows)
        return choice.text

    cache = LruCache(1 << 24)
    text = made(cache, 1)
    # Neither what is kept nor the number of threads changes it.
    assert made(cache, 1) == made(LruCache(0), 3) == text
    check_form(form, text)


def check_form(form: Form, text: str) -> None:
    readers: Mapping[str, object] = {"json": json.loads, "xml": ElementTree.fromstring}
    reader = readers.get(form.name)
    if callable(reader):
        reader(text)
