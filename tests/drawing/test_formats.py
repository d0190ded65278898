"""The formats of a map: each is what its readers take it for, whatever is in the files."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.formats import (
    EXCERPTS,
    FORMATS,
    JSON,
    MARKDOWN,
    TEXT,
    XML,
    EntryPoint,
    Head,
    IndexState,
    Package,
    ShownDefinition,
    ShownFile,
    write_map,
)
from repomap_fast.drawing.render import ASCII_MARKS, LINE_LENGTH, MARKS, Excerpt
from repomap_fast.unseen import shown_line

STATE = IndexState("2026-11-24T22:10:00Z", 1234, "a02d740")
SHOWN = ShownFile(
    "src/a.py",
    "python",
    0.0123456789,
    (
        ShownDefinition("A", "class", 1, 5, 0.5, signature="class A(B)", note="Holds it."),
        ShownDefinition("f", "function", 4, 5, scope="A"),
    ),
    ("1-5 class A(B)", " 4 f"),
    Excerpt((0, 3), ("class A:", "    def f(self):"), 5),
)
BARE = ShownFile("README.md", None, None)


HEAD = "# Map of 1,234 files, at commit a02d740, as of 2026-11-24T22:10:00Z\n"


def test_text() -> None:
    text = "src/a.py:\n1-5 class A(B)\n 4 f\n\nalso: README.md\n"
    assert write_map([SHOWN, BARE]) == write_map([BARE, SHOWN]) == text
    assert write_map([SHOWN, BARE], state=STATE) == HEAD + "\n" + text
    assert write_map([]) == ""


def test_excerpts() -> None:
    text = "src/a.py:\n│class A:\n⋮\n│    def f(self):\n⋮\n\nREADME.md\n"
    assert write_map([SHOWN, BARE], format=EXCERPTS) == text
    assert write_map([SHOWN, BARE], format=EXCERPTS, state=STATE) == HEAD + "\n" + text
    assert write_map([], format=EXCERPTS) == ""
    assert write_map([SHOWN], format=EXCERPTS, marks=ASCII_MARKS).isascii()


def test_many_paths_alone_have_as_many_lines_as_they_need() -> None:
    paths = [f"docs/chapter{number:02}/{'x' * (number * 7 % 70)}.md" for number in range(30)]
    text = write_map([ShownFile(path, None, None) for path in paths])
    lines = text.splitlines()
    assert lines[0].startswith("also: docs/chapter00/.md, docs/chapter01/")
    assert all(len(line) <= LINE_LENGTH for line in lines)
    assert text.replace(",\n", ",").strip().removeprefix("also: ").split(", ") == paths


def test_long_paths_are_whole() -> None:
    path = "/".join(["src", "main", "java", *["a_folder_of_a_package"] * 8, "Name.java"])
    assert len(path) > LINE_LENGTH
    shown, bare = SHOWN._replace(path=path), ShownFile(path, None, None)
    assert write_map([shown]).startswith(f"{path}:\n1-5 ")
    assert write_map([bare]) == f"also: {path}\n"
    head = Head(packages=(Package(path, "It is for that."),), entry_points=(EntryPoint(path, "main", 3),))
    assert TEXT.whole(head, []) == f"packages:\n{path}/ It is for that.\n\nentry points:\n{path}:3 main\n"


def test_a_path_does_not_fill_a_map() -> None:
    for marks in (MARKS, ASCII_MARKS):
        (line,) = write_map([ShownFile("p" * 4_000, None, None)], marks=marks).splitlines()
        assert line == f"also: {'p' * (1_000 - len(marks.cut))}{marks.cut}"


def test_lines_of_the_head_are_cut_with_the_mark_of_the_map() -> None:
    head = Head(packages=(Package("a" * 60, "It has a purpose. " * 4),), entry_points=(EntryPoint("a", "b" * 200, 1),))
    for marks in (MARKS, ASCII_MARKS):
        text = TEXT.whole(head._replace(cut_mark=marks.cut), [])
        assert text.count(f"{marks.cut}\n") == 2
        assert text.isascii() == (marks is ASCII_MARKS)


def test_the_state_in_words() -> None:
    assert IndexState("T", 1).sentence() == "Map of 1 file, as of T"


def test_markdown() -> None:
    assert write_map([SHOWN, BARE], format=MARKDOWN, state=STATE) == (
        "# Repository map\n\nMap of 1,234 files, at commit a02d740, as of 2026-11-24T22:10:00Z.\n"
        "\n## `src/a.py`\n\n```text\n1-5 class A(B)\n 4 f\n```\n\nAlso: `README.md`\n"
    )


def test_markdown_fences_are_longer_than_what_they_hold() -> None:
    shown = ShownFile("a`b.md", "markdown", None, (), ("1 `````kotlin",))
    text = write_map([shown], format=MARKDOWN)
    assert "\n## `` a`b.md ``\n" in text
    assert text.count("\n``````") == 2


def test_json() -> None:
    made = json.loads(write_map([SHOWN, BARE], format=JSON, state=STATE))
    assert made["index"] == {"time": "2026-11-24T22:10:00Z", "files": 1234, "commit": "a02d740"}
    assert made["files"] == [
        {
            "path": "src/a.py",
            "language": "python",
            "score": 0.0123457,
            "definitions": [
                {
                    **{"name": "A", "kind": "class", "line": 1, "end_line": 5, "scope": None},
                    **{"signature": "class A(B)", "note": "Holds it.", "score": 0.5},
                },
                {"name": "f", "kind": "function", "line": 4, "end_line": 5, "scope": "A"},
            ],
        },
        {"path": "README.md", "language": None, "definitions": []},
    ]
    assert json.loads(write_map([], format=JSON)) == {"schema": 2, "index": None, "files": []}


def test_xml() -> None:
    made = ElementTree.fromstring(write_map([SHOWN, BARE], format=XML, state=STATE))
    assert made.attrib == {"time": "2026-11-24T22:10:00Z", "files": "1234", "commit": "a02d740"}
    shown, bare = made
    assert shown.attrib == {"path": "src/a.py", "language": "python", "score": "0.0123457"}
    assert [child.tag for child in shown] == ["definition", "definition"]
    assert shown[0].attrib == {
        **{"name": "A", "kind": "class", "line": "1", "end_line": "5"},
        **{"signature": "class A(B)", "note": "Holds it.", "score": "0.5"},
    }
    assert shown[1].attrib == {"name": "f", "kind": "function", "line": "4", "end_line": "5", "scope": "A"}
    assert (bare.attrib, list(bare)) == ({"path": "README.md"}, [])
    assert ElementTree.fromstring(write_map([], format=XML)).attrib == {}


ODD = st.text(st.characters(exclude_characters="\n"), max_size=12)
ODD_PATHS = st.binary(min_size=1, max_size=12).map(lambda name: os.fsdecode(name.replace(b"\0", b"")))


@given(ODD_PATHS, ODD, ODD)
def test_whatever_is_in_the_files(path: str, name: str, line: str) -> None:
    line = line.encode("utf-8", "replace").decode()
    definition = ShownDefinition(name, "class", 1, 1, 1e-9, scope=name, signature=line)
    shown = ShownFile(path, "c", 1e-9, (definition,), (f"1 {shown_line(line)}",), Excerpt((0,), (line,), 1))
    for format in FORMATS.values():
        # Two files have two parts, and nothing of either breaks out of its own.
        assert write_map([shown, shown], format=format).count(format.part(shown, MARKS).lstrip("\n")) == 2
    (first, second) = json.loads(write_map([shown, shown], format=JSON))["files"]
    assert first == second
    assert first["path"] == os.fsencode(path).decode("utf-8", "replace")
    assert b64decode(first["path_bytes"]) == os.fsencode(path) if "path_bytes" in first else first["path"] == path
    found = first["definitions"][0]
    assert (found["name"], found["scope"], found["signature"]) == (name, name, line)
    first, second = ElementTree.fromstring(write_map([shown, shown], format=XML).encode())
    assert ElementTree.tostring(first) == ElementTree.tostring(second)
    for form, row in ((TEXT, f"1 {shown_line(line)}"), (EXCERPTS, f"│{line}")):
        text = write_map([shown], format=form)
        assert text.split("\n")[0].isprintable() or not path.isprintable()
        assert text.split("\n")[1] == row
        text.encode()
