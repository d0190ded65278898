"""Tags of aider's as columns, and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.aider.tag import Tag, columns_of_tags


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abcé"), st.booleans(), st.integers(-1, 9)), max_size=6), max_size=5)
)
def test_columns_hold_the_tags_of_others(files: list[list[tuple[str, bool, int]]]) -> None:
    tags = [
        [Tag(f"f{f}", f"/f{f}", line, name, "def" if is_def else "ref") for name, is_def, line in of_file]
        for f, of_file in enumerate(files)
    ]
    columns = columns_of_tags(tags)
    assert [columns.tags_of(f, f"/f{f}", f"f{f}") for f in range(len(files))] == tags
    for of_file in tags:
        for tag in of_file:
            name_id = columns.find(tag.name)
            assert name_id is not None
            assert columns.name(name_id) == tag.name
    assert columns.find("nobody has it") is None
