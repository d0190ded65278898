"""named_lines: the definitions at the lines that a text names, and the lines that are in none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable
from repomap_fast.ranking.named_lines import DefinitionsAtLines, LineOutside, row_at
from repomap_fast.ranking.query_text import NamedPath

FILES = {
    "a.py": "import os\n\n\nclass A:\n    def f(self):\n        pass\n\n\ndef g():\n    pass\n",
    "b.py": "def h():\n    pass\n",
    "c.py": "import os\n",
}


@pytest.fixture
def table(tmp_path: Path) -> DefinitionTable:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0, 2]))


def test_a_line_means_the_innermost_definition_around_it(table: DefinitionTable) -> None:
    rows = {line: row_at(table, 0, line) for line in (1, 4, 6, 10, 11)}
    names = {line: None if row == NO_PARENT else table.names[row] for line, row in rows.items()}
    assert names == {1: None, 4: b"A", 6: b"f", 10: b"g", 11: None}


def test_a_file_that_the_table_lacks_has_no_definitions(table: DefinitionTable) -> None:
    assert row_at(table, 1, 1) == row_at(table, 7, 1) == NO_PARENT


def test_lines_that_are_in_no_definition_have_the_nearest(table: DefinitionTable) -> None:
    here, far, both, empty = (NamedPath(b"a.py", line) for line in (1, 900, 6, 2))
    found = DefinitionsAtLines.of(table, {here: [0], far: [0], both: [2, 0], empty: [2], NamedPath(b"x.py", 1): []})
    assert [table.names[row] for row in found.rows] == [b"f"]
    assert list(found.outside({far})) == [
        LineOutside(b"a.py", 1, (b"A", 4, 6), is_mentioned=False),
        LineOutside(b"a.py", 900, (b"g", 9, 10), is_mentioned=True),
        LineOutside(b"c.py", 2, None, is_mentioned=False),
    ]
