"""report: the public call."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import repomap_fast
from repomap_fast.errors import OptionError
from repomap_fast.reporting.report import BUDGETS, Report, ReportFormat
from repomap_fast.reporting.texts import write_report
from support.made_reports import make_shop, report_on
from support.repositories import needs_git

pytestmark = needs_git


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(scope="module")
def made(root: Path) -> Report:
    return report_on(root)


def test_it_counts_what_is_there(made: Report) -> None:
    numbers = made.numbers
    assert (numbers.n_files, numbers.n_other_files, numbers.n_commits) == (7, 1, 3)
    assert numbers.n_lines == sum(file.n_lines for file in made.files) == 19
    assert [one.name for one in made.languages] == ["python", "markdown"]
    assert sum(file.importance for file in made.files) == pytest.approx(1)


def test_folders_that_import_each_other_are_a_cycle(made: Report) -> None:
    assert made.folders.cycles == (("shop/stock", "shop/till"),)
    assert ("tests", "shop/till") in {(edge.source, edge.target) for edge in made.folders.edges}


def test_what_nothing_refers_to_is_listed(made: Report) -> None:
    assert [one.name for one in made.unused.definitions] == ["unused"]


def test_very_long_names_do_not_fill_a_page(tmp_path: Path) -> None:
    lines = [f"class A{i}{'x' * 100_000}:\n    def m{i}{'y' * 100_000}(self): pass\n" for i in range(10)]
    (tmp_path / "a.py").write_text("".join(lines))
    found = report_on(tmp_path)
    assert len(found.unused.definitions) == 20
    for form in get_args(ReportFormat):
        assert len(write_report(found, form)) < 1_500_000, form


def test_maps_keep_their_budgets(made: Report) -> None:
    assert [one.budget for one in made.maps] == list(BUDGETS)
    assert all(0 < one.tokens <= one.budget for one in made.maps)
    assert "class Till" in made.maps[-1].text


def test_since_leaves_older_commits_out(root: Path, made: Report) -> None:
    assert next(spot.path for spot in made.hot_spots) == "shop/till/till.py"
    assert made.hot_spots[0].n_changes == 3
    late = report_on(root, since="1d")
    assert (late.numbers.n_commits, late.hot_spots[0].n_changes) == (2, 2)
    assert [spot.path for spot in late.hot_spots] == ["shop/till/till.py"]


def test_the_same_files_give_the_same_page(root: Path, made: Report) -> None:
    assert report_on(root).text == made.text


def test_an_index_and_a_commit_can_be_reported_on(root: Path, made: Report) -> None:
    with repomap_fast.Index.open(root, cache=False) as index:
        assert repomap_fast.report(index).numbers == made.numbers
    assert report_on(root, revision="HEAD").numbers == made.numbers


def test_wrong_options_are_refused_before_the_scan(root: Path) -> None:
    with pytest.raises(OptionError, match=r"format is 'pdf'; expected html, svg"):
        report_on(root, format="pdf")
    with pytest.raises(OptionError, match="since is 'soon'"):
        report_on(root, since="soon")
    with pytest.raises(TypeError, match="since"):
        report_on(root, since=3)


def test_it_is_shown_in_a_line(made: Report) -> None:
    assert repr(made).startswith("<Report of '")
    assert "7 files" in repr(made)
    assert str(made) == made.text
