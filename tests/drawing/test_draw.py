"""draw: the map of what fits, in each format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from repomap_fast.drawing import draw as drawing
from repomap_fast.drawing.draw import draw
from repomap_fast.drawing.entries import Entries, list_definitions
from repomap_fast.drawing.formats import FORMATS
from repomap_fast.drawing.repo_map import RepoMap, Style
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.task import find_task
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.weights import Weights

N_FILES, N_CLASSES = 30, 10


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("classes")
    for i in range(N_FILES):
        classes = (f"class C{i}_{k}:\n    def method_{k}(self):\n        return {i}\n\n" for k in range(N_CLASSES))
        (folder / f"f{i:02}.py").write_text("".join(classes))
    (folder / "notes.txt").write_text("no language\n")
    return folder


@pytest.fixture
def result(root: Path) -> Iterator[ScanResult]:
    with Index.open(root, workers=1, cache=False) as index:
        index.refresh()
        yield index.result


def style(name: str) -> Style:
    return Style.of(name, tokenizer="estimate", header=True, ascii_marks=False)


def classes_in_turn() -> Entries:
    """Return an entry for each class: the first class of each file, the last file first, then the second of each."""
    pairs = [(i, 4 * k) for k in range(N_CLASSES) for i in reversed(range(N_FILES))]
    files, rows = np.array(pairs, np.int64).T
    return Entries(files.astype(np.uint32), rows.copy(), np.full(len(pairs), -1, np.int64))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("budget", [10, 400, 1_000, 1_000_000])
def test_a_map_is_within_its_budget_and_uses_most_of_it(name: str, budget: int, result: ScanResult) -> None:
    entries = classes_in_turn()

    def drawn() -> RepoMap:
        return draw(result, result.graph, None, entries, style(name), budget=budget)

    made = drawn()
    assert made.tokens <= budget or not made.files
    assert made.tokens >= 0.9 * budget or budget == 10 or len(made.files) == N_FILES
    assert [file.path for file in made.files] == sorted(file.path for file in made.files)
    # What earlier maps left in the cache changes nothing.
    drawing._kept_excerpts.cache_clear()
    assert drawn().text == made.text
    if FORMATS[name].is_document:
        {"json": json.loads, "xml": ElementTree.fromstring}[name](made.text)  # type: ignore[operator]


def test_the_number_of_workers_changes_nothing(root: Path, result: ScanResult) -> None:
    with Index.open(root, workers=3, cache=False) as index:
        index.refresh()
        drawing._kept_excerpts.cache_clear()
        other = draw(index.result, index.graph, None, classes_in_turn(), style("text"), budget=900)
    drawing._kept_excerpts.cache_clear()
    assert draw(result, result.graph, None, classes_in_turn(), style("text"), budget=900) == other


def test_entries_without_a_ranking_have_no_scores_and_no_definitions(result: ScanResult) -> None:
    made = draw(result, result.graph, None, classes_in_turn(), style("json"), budget=400)
    assert made.definitions == ()
    assert {file.score for file in made.files} == {0.0}
    assert not any("score" in file for file in json.loads(made.text)["files"])


def test_the_map_says_of_each_definition_what_the_ranking_says(result: ScanResult) -> None:
    ranking = rank_task(find_task(result), result, result.graph, Weights(), limit=None)
    entries = list_definitions(result.file_table, result.graph, ranking)
    made = draw(result, result.graph, ranking, entries, style("text"), budget=450)
    first = [(result.graph.name(int(name_id)).decode(), float(score)) for name_id, score in zip(
        ranking.name_ids, ranking.scores, strict=True
    )]  # fmt: skip
    shown = [(one.name, one.score) for one in made.definitions]
    assert shown == sorted(shown, key=first.index)
    # But for the last ones, which are small enough for what is left.
    assert shown[:15] == first[:15]
    assert {one.kind for one in made.definitions} <= {"class", "function"}
    scores = dict(zip(map(bytes.decode, result.graph.paths), ranking.file_values.tolist(), strict=True))
    assert all(file.score == scores[file.path] for file in made.files)


def test_a_header_and_notes_that_take_much_of_the_budget_are_left_out(result: ScanResult) -> None:
    def texts(budget: int) -> tuple[str, tuple[str, ...]]:
        made = draw(result, result.graph, None, classes_in_turn(), style("json"), budget=budget, notes=("a note",))
        return made.text, made.notes

    short, notes = texts(100)
    assert '"index": null' in short
    assert notes == ("a note",)
    long, _ = texts(1_000)
    assert json.loads(long)["index"]["files"] == N_FILES
    assert json.loads(long)["notes"] == ["a note"]


def test_a_map_without_room_for_its_header_begins_with_a_path(result: ScanResult) -> None:
    for form in ("text", "excerpts"):
        made = draw(result, result.graph, None, classes_in_turn(), style(form), budget=60)
        assert made.text.splitlines()[0].removesuffix(":") in {file.path for file in made.files}
