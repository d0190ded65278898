"""The files of a refresh and their table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from repomap_fast.indexing.context import Context
from repomap_fast.indexing.files import Files, find_all, find_named
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.tables import NO_LANGUAGE, FileMark, FileStatus


def context(root: Path, **options: object) -> Context:
    return Context.of(root, ScanOptions(**options), Progress())  # type: ignore[arg-type]


def test_files_have_languages_and_their_queries(small: Path) -> None:
    files = Files.of(*find_all(context(small)), context(small))
    assert list(files.found.paths) == [b"a.py", b"lib/b.c", b"lib/c.js", b"notes.txt"]
    assert files.rows.tolist() == [0, 1, 2]
    assert files.language_ids.tolist()[3] == NO_LANGUAGE
    assert {LANGUAGES[i].name for i in files.queries} == {"python", "c", "javascript"}


def test_only_wanted_languages_are_found(small: Path) -> None:
    found, ids = find_all(context(small, languages=("c", "javascript")))
    assert list(found.paths) == [b"lib/b.c", b"lib/c.js"]
    assert [LANGUAGES[i].name for i in ids.tolist()] == ["c", "javascript"]


def test_named_files_are_found_whatever_excludes_them(small: Path) -> None:
    found, _ = find_named(context(small, exclude=("*",)), [b"lib/c.js", b"a.py", b"gone.py"])
    assert list(found.paths) == [b"a.py", b"lib/c.js"]


def test_the_table_has_a_row_for_each_file(small: Path) -> None:
    files = Files.of(*find_all(context(small)), context(small))
    state = files.unread_state()
    for row, count in enumerate((2, 0, 3)):
        state.set_block(row, FileStatus.TAGGED if count else FileStatus.NO_TAGS, count, min(count, 1), 0)
    table = files.table(state)
    assert table.tag_offsets.tolist() == [0, 2, 2, 5, 5]
    assert table.definition_counts.tolist() == [1, 0, 1, 0]
    assert table.statuses.tolist()[3] == FileStatus.UNKNOWN_LANGUAGE
    state.set_block(1, FileStatus.TAGGED, 7, 1, FileMark.UNREAD)
    files.fill(table, state)
    assert table.tag_offsets.tolist() == [0, 2, 9, 12, 12]
    assert table.marks.tolist() == [0, FileMark.UNREAD, 0, 0]


def test_a_query_is_the_same_by_its_key(small: Path) -> None:
    files = Files.of(*find_all(context(small)), context(small))
    keys = {str(i): query.key.hex() for i, query in files.queries.items()}
    python, *others = sorted(files.queries)
    is_same = files.find_same_queries({"query_keys": {**keys, str(python): "other"}})
    assert np.flatnonzero(is_same).tolist() == others
