"""entries: what a map could show, in the order in which it is tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.drawing import entries as entries_module
from repomap_fast.drawing.choose import NO_ROW
from repomap_fast.drawing.entries import Entries, details_by_position, list_definitions, list_entries, most_entries
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.rank import Boosts, rank

FILES = {
    "README.md": "# Shop\n",
    "lib/empty.py": "",
    "lib/overloads.py": "def twice(): pass\n\n\ndef twice(): pass\n\n\ndef once(): twice()\n",
    "main.py": "from lib.overloads import twice\n\n\ndef main():\n    twice()\n",
    "notes.txt": "no language\n",
    "setup.cfg": "# none\n",
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
    result: ScanResult,
    *,
    important: Sequence[str] = (),
    hidden: Sequence[str] = (),
    budget: int = 1_000,
    promised: Sequence[tuple[str, int]] = (),
    asked: Sequence[str] = (),
) -> list[tuple[str, int]]:
    entries = entries_of(result, important=important, hidden=hidden, budget=budget, promised=promised, asked=asked)
    return shown(result, entries)


def entries_of(
    result: ScanResult,
    *,
    important: Sequence[str] = (),
    hidden: Sequence[str] = (),
    budget: int = 1_000,
    promised: Sequence[tuple[str, int]] = (),
    asked: Sequence[str] = (),
) -> Entries:
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
        promised=[(rows[path], row) for path, row in promised],
        asked=[rows[path] for path in asked],
    )
    assert len(entries) <= max(most_entries(budget), entries.n_promised)
    return entries


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
        (b"Shop", ("README.md", 0)),
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


PROMISED = [("lib/overloads.py", 6), ("notes.txt", NO_ROW), ("main.py", 3)]


def test_what_is_promised_comes_first_and_once(result: ScanResult) -> None:
    found = listed(result, important=["README.md", "notes.txt"], promised=[*PROMISED, PROMISED[0]])
    assert found[:4] == [*PROMISED, ("README.md", NO_ROW)]
    assert len(found) == len(set(found))
    assert set(found) == set(listed(result))


def test_what_is_promised_has_the_position_of_its_definition(result: ScanResult) -> None:
    entries = entries_of(result, promised=[*PROMISED, ("lib/overloads.py", 5)])
    assert entries.n_promised == 4
    ranking = rank(result.graph, limit=None)
    positions = entries.positions[:4].tolist()
    names = [result.graph.name(int(ranking.name_ids[position])) for position in positions if position >= 0]
    assert names == [b"once", b"main"]
    assert positions[1] == positions[3] == -1


def test_what_is_promised_is_listed_whatever_the_budget(result: ScanResult) -> None:
    assert listed(result, promised=PROMISED, budget=1) == PROMISED


def test_what_is_hidden_is_not_promised(result: ScanResult) -> None:
    entries = entries_of(result, promised=PROMISED, hidden=["main.py"])
    assert (entries.n_promised, shown(result, entries)[:2]) == (2, PROMISED[:2])
    assert "main.py" not in {path for path, _ in shown(result, entries)}


@pytest.fixture
def with_vendored(tmp_path: Path) -> Iterator[ScanResult]:
    for path in ("lib/a.py", "vendor/b.py", "lib/c_pb2.py"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("def one(): pass\n\n\ndef two(): one()\n")
    with Index.open(tmp_path, cache=False) as index:
        index.refresh()
        yield index.result


def test_vendored_and_generated_files_take_one_line_unless_they_were_asked_for(with_vendored: ScanResult) -> None:
    found = listed(with_vendored)
    assert sorted(found) == [("lib/a.py", 0), ("lib/a.py", 3), ("lib/c_pb2.py", NO_ROW), ("vendor/b.py", NO_ROW)]
    asked = listed(with_vendored, asked=["vendor/b.py"], promised=[("lib/c_pb2.py", 3)])
    assert [row for path, row in asked if path == "vendor/b.py"] == [0, 3]
    assert [row for path, row in asked if path == "lib/c_pb2.py"] == [3]


def test_the_best_definitions_are_shown_with_their_signatures() -> None:
    rows = np.array([NO_ROW, 4, 5, NO_ROW, *range(10, 40)], np.int64)
    assert np.flatnonzero(details_by_position(rows, 128)).tolist() == [1, 2]
    assert np.flatnonzero(details_by_position(rows, 4096)).tolist() == [1, 2, *range(4, 17)]
    assert not details_by_position(rows, 60).any()


def test_behind_the_best_entries_every_second_is_of_another_file() -> None:
    best = [(0, row, row) for row in range(entries_module._ENTRIES_BY_RANK)]
    later = [(file, row, -1) for file in (0, 1, 2) for row in (500, 501, 502)]
    woven = entries_module._with_more_files(best + later, n_promised=0)
    assert woven[: len(best)] == best
    assert [(file, row) for file, row, _ in woven[len(best) :]] == [
        *[(1, 500), (0, 500), (2, 500), (0, 501)],
        *[(0, 502), (1, 501), (1, 502), (2, 501), (2, 502)],
    ]


def test_promised_entries_stay_before_entries_of_other_files() -> None:
    promised = [(0, row, row) for row in range(entries_module._ENTRIES_BY_RANK + 20)]
    woven = entries_module._with_more_files([*promised, (0, 900, 1), (1, 0, 2)], n_promised=len(promised))
    assert woven == [*promised, (1, 0, 2), (0, 900, 1)]
