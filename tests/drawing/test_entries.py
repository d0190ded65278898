"""entries: what a map could show, in the order in which it is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.drawing.choose import NO_ROW
from repomap_fast.drawing.entries import Entries, list_definitions, list_entries, most_entries
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.rank import Boosts, rank

FILES = {
    "README.md": "# Shop\n",
    "lib/empty.py": "",
    "lib/overloads.py": "def twice(): pass\n\n\ndef twice(): pass\n\n\ndef once(): twice()\n",
    "main.py": "from lib.overloads import twice\n\n\ndef main():\n    twice()\n",
    "notes.txt": "no language\n",
    "setup.cfg": "[metadata]\n",
}


@pytest.fixture
def result(tmp_path: Path) -> Iterator[ScanResult]:
    for path, source in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source)
    with Index.open(tmp_path, cache=False) as index:
        index.refresh()
        yield index.result


def shown(result: ScanResult, entries: Entries) -> list[tuple[str, int]]:
    paths = [path.decode() for path in result.file_table.paths]
    return [(paths[file], row) for file, row in zip(entries.file_ids.tolist(), entries.rows.tolist(), strict=True)]


def listed(
    result: ScanResult, *, important: Sequence[str] = (), hidden: Sequence[str] = (), budget: int = 1_000
) -> list[tuple[str, int]]:
    rows = {path.decode(): row for row, path in enumerate(result.file_table.paths)}
    is_hidden = np.array([path.decode() in hidden for path in result.graph.paths], np.bool_)
    ranking = rank(result.graph, Boosts(hidden=is_hidden), limit=most_entries(budget))
    entries = list_entries(
        result.file_table,
        result.graph,
        ranking,
        important=[rows[path] for path in important],
        hidden=[rows[path] for path in hidden],
        budget=budget,
    )
    assert len(entries) <= most_entries(budget)
    return shown(result, entries)


def test_definitions_have_an_entry_for_each_row(result: ScanResult) -> None:
    ranking = rank(result.graph, limit=None)
    entries = list_definitions(result.file_table, result.graph, ranking)
    names = [result.graph.name(int(ranking.name_ids[position])) for position in entries.positions]
    found = set(zip(names, shown(result, entries), strict=True))
    assert found == {
        (b"twice", ("lib/overloads.py", 0)),
        (b"twice", ("lib/overloads.py", 3)),
        (b"once", ("lib/overloads.py", 6)),
        (b"main", ("main.py", 3)),
    }
    assert entries.positions.tolist() == sorted(entries.positions.tolist())


def test_important_files_come_first_then_definitions_then_the_paths_of_all_other_files(result: ScanResult) -> None:
    found = listed(result, important=["README.md", "main.py", "setup.cfg"])
    assert found[:2] == [("README.md", NO_ROW), ("setup.cfg", NO_ROW)]
    assert NO_ROW not in [row for _, row in found[2:6]]
    assert set(found[6:]) == {("lib/empty.py", NO_ROW), ("notes.txt", NO_ROW)}


def test_hidden_files_have_no_entry(result: ScanResult) -> None:
    hidden = ["README.md", "lib/overloads.py"]
    paths = {path for path, _ in listed(result, important=["README.md", "setup.cfg"], hidden=hidden)}
    assert paths == {"setup.cfg", "main.py", "lib/empty.py", "notes.txt"}


@pytest.mark.parametrize("budget", [1, 3, 7, 95, 96, 97])
def test_a_small_budget_has_few_entries_and_few_important_files(budget: int, result: ScanResult) -> None:
    found = listed(result, important=["README.md", "setup.cfg"], budget=budget)
    assert found[0] == ("README.md", NO_ROW)
    n_important = sum(path in ("README.md", "setup.cfg") for path, _ in found[:2])
    assert n_important == (2 if budget > 96 else 1)
