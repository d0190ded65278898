"""Tags out of columns of other origin."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat.aider.sources import read_text
from repomap_fast.compat.aider.tag import columns_of_tags
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.compat.cecli.tag_places import TagMaker


def test_a_name_without_a_line_has_no_place(tmp_path: Path) -> None:
    columns = columns_of_tags([[Tag("a.py", "a.py", -1, "x", "ref"), Tag("a.py", "a.py", 2, "f", "def", "function")]])
    made = TagMaker(read_text, is_plain=True).make(columns, range(2), str(tmp_path / "gone.py"), "a.py")
    assert [tag[2:] for tag in made] == [
        (-1, "x", "ref", "name", -1, -1, -1, -1),
        (2, "f", "def", "function", 2, 2, 0, 1),
    ]


def test_each_file_is_read_once() -> None:
    columns = columns_of_tags([[Tag("a.py", "a.py", 1, "f", "def", "function")]])
    reads: list[str] = []

    def read(fname: str) -> str:
        reads.append(fname)
        return "a\ndef f(): pass\n"

    maker = TagMaker(read, is_plain=False)
    assert [maker.make(columns, [0], "gone.py", "gone.py")[0].start_byte for _ in range(3)] == [2, 2, 2]
    assert reads == ["gone.py"]
