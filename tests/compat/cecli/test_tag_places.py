"""Tags out of columns of other origin."""

from __future__ import annotations

from pathlib import Path

from repomap_fast.compat.aider.sources import read_text
from repomap_fast.compat.aider.tag import columns_of_tags
from repomap_fast.compat.cecli.tag import Tag
from repomap_fast.compat.cecli.tag_places import make_tags


def test_a_name_without_a_line_has_no_place(tmp_path: Path) -> None:
    columns = columns_of_tags([[Tag("a.py", "a.py", -1, "x", "ref"), Tag("a.py", "a.py", 2, "f", "def", "function")]])
    made = make_tags(columns, range(2), str(tmp_path / "gone.py"), "a.py", read_text, is_plain=True)
    assert [tag[2:] for tag in made] == [
        (-1, "x", "ref", "name", -1, -1, -1, -1),
        (2, "f", "def", "function", 2, 2, 0, 1),
    ]
