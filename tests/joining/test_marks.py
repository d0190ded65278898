"""Lines that the parser could not read, as the API says them, and as an index keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.errors import IndexDamagedError, SymbolError
from repomap_fast.joining.marks import FileMarks
from repomap_fast.joining.records import RecordColumns
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import FileMark

BROKEN = "def f():\n    pass\n\nclass {\n\n)) lambda wanted_name ((\n\ndef g():\n    return f\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "sound.py").write_text("def h():\n    return 1\n")
    return tmp_path


def test_a_file_says_which_lines_were_not_read(root: Path) -> None:
    found = {file.path: file.unread for file in repomap_fast.scan(root, cache=False).files}
    assert found == {"broken.py": ((4, 4), (6, 6)), "sound.py": ()}


def test_what_was_read_around_a_mistake_is_tagged(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    assert {tag.name for tag in result.tags if tag.role == "definition"} >= {"f", "g", "h"}


def test_an_index_keeps_the_lines_and_an_overlay_has_those_of_today(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    for _ in range(2):
        result = repomap_fast.scan(root, cache_dir=cache)
        assert result.file("broken.py").unread == ((4, 4), (6, 6))
    (root / "broken.py").write_text("\n" + BROKEN)
    (root / "late.py").write_text("x = = 1\n")
    again = repomap_fast.scan(root, cache_dir=cache)
    assert again.file("broken.py").unread == ((5, 5), (7, 7))
    assert [file.path for file in again.files if file.unread] == ["broken.py", "late.py"]


def test_a_token_that_is_missing_is_a_line_that_was_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("f(1, 2;\ng();\n")
    assert repomap_fast.scan(tmp_path, cache=False).file("a.js").unread == ((1, 1),)


def test_ranges_are_bounded_and_the_last_reaches_to_the_last_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = = 1\nok = 1\n\n" * 200)
    unread = repomap_fast.scan(tmp_path, cache=False).file("a.py").unread
    assert len(unread) == 64
    assert unread[0] == (1, 1)
    assert unread[-1].last == 598


def test_what_a_repair_or_the_macro_pass_read_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.h").write_text("class KIT_EXPORT Widget {\n  int a;\n} __packed;\nstruct b { int c; } __packed;\n")
    assert repomap_fast.scan(tmp_path, cache=False).file("a.h").unread == ()


def test_what_is_not_found_may_be_in_a_file_that_was_not_read_whole(root: Path) -> None:
    with pytest.raises(SymbolError, match=r"1 file was not read whole: broken\.py \(lines 4, 6\)"):
        repomap_fast.show(root, "wanted_name", cache=False)
    assert repomap_fast.search(root, "wanted_name", cache=False, match="exact").notes == (
        "1 file was not read whole: broken.py (lines 4, 6)",
    )


def test_files_without_the_words_of_a_name_are_not_named(root: Path) -> None:
    with pytest.raises(SymbolError) as raised:
        repomap_fast.show(root, "zzzz_not_there", cache=False)
    assert "read whole" not in str(raised.value)
    assert repomap_fast.search(root, "zzzz_not_there", cache=False).notes == ()


def test_damaged_records_are_told() -> None:
    out = MemoryColumns()
    import numpy as np

    out.append("mark_offsets", np.array([0, 2], np.uint64))
    out.append("mark_records", np.array([FileMark.UNREAD, 200], np.uint8))
    with pytest.raises(IndexDamagedError):
        FileMarks.of(RecordColumns.of(out, "mark")).unread(0)
