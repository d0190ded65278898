"""explanation: why a file or a definition stands where it stands."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import repomap_fast
from repomap_fast import Index, OptionError, SymbolError, Weights
from repomap_fast.cli.app import app
from repomap_fast.ranking.explain import explain_wanted
from repomap_fast.ranking.rank import rank
from repomap_fast.ranking.task import boosts_for, find_task
from repomap_fast.ranking.task_rank import rank_task

FILES = {
    "app/models.py": "class Shop:\n    def open_shop_door(self):\n        return door()\n"
    "\n\ndef door():\n    return 1\n",
    "app/views.py": "from app.models import Shop, door\n\n\ndef show_shop():\n    return Shop(), door(), door()\n",
    "app/admin.py": "from app.models import Shop\n\n\ndef admin():\n    return Shop()\n",
    "tests/test_views.py": "from app.views import show_shop\n\n\ndef test_shop():\n    assert show_shop()\n",
    "README.txt": "# Shop\n",
}
QUERY = "The door of the shop"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for path, text in FILES.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.mark.parametrize(
    "weights",
    [Weights(), Weights.aider(), Weights(by_rank_alone=True)],
    ids=["default", "aider", "rank alone"],
)
@pytest.mark.parametrize("query", ["", QUERY])
def test_explanations_equal_the_ranking_to_the_last_bit(root: Path, weights: Weights, query: str) -> None:
    with Index.open(root, cache=False) as index:
        index.refresh()
        result, graph = index.result, index.graph
        task = find_task(result, query=query)
        by_graph = rank(graph, boosts_for(task, result, graph, weights), weights, limit=None)
        ranking = rank_task(task, result, graph, weights, limit=None)
        for place, (file_id, name_id) in enumerate(
            zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
        ):
            path, name = graph.paths[file_id].decode(), graph.name(name_id).decode()
            found = explain_wanted(result, graph, name, task, weights, limit=99)
            (one,) = (one for one in found.definitions if one.path == path)
            assert (one.place, one.score) == (place + 1, float(ranking.scores[place]))
            assert found.n_definitions == len(ranking)
            assert one.lines == tuple(row + 1 for row in graph.definition_rows(*_pair(file_id, name_id))[0])
            if name_id < graph.n_shared:
                assert sum(referrer.share for referrer in found.referrers) == pytest.approx(1)
                assert one.reference_rank == float(by_graph.name_scores[name_id])
        order = sorted(range(len(graph)), key=lambda file_id: (-ranking.file_values[file_id], file_id))
        products = []
        for place, file_id in enumerate(order):
            (file,) = explain_wanted(result, graph, graph.paths[file_id].decode(), task, weights).files
            assert (file.place, file.score) == (place + 1, float(ranking.file_values[file_id]))
            assert file.page_rank == float(by_graph.file_scores[file_id])
            products.append(math.prod(file.factors.values()))
        if not weights.by_rank_alone:
            scores = [float(ranking.file_values[file_id]) for file_id in order]
            assert [product / sum(products) for product in products] == pytest.approx(scores)


def _pair(file_id: int, name_id: int) -> tuple[np.ndarray, np.ndarray]:
    return np.array([file_id], np.uint32), np.array([name_id], np.uint32)


def test_who_refers_to_a_name_and_how_often(root: Path) -> None:
    found = repomap_fast.explain(root, "Shop", cache=False)
    (one,) = found.definitions
    assert {referrer.path for referrer in found.referrers} == {"app/views.py", "app/admin.py"}
    assert (found.n_referrers, found.n_found) == (2, 1)
    assert (one.kind, one.path, one.lines) == ("class", "app/models.py", (1,))
    door = repomap_fast.explain(root, "door", cache=False, mention=["door"])
    assert door.reference_factors == {"mentioned_name": 10.0}
    long = repomap_fast.explain(root, "show_shop", cache=False)
    assert long.reference_factors == {"long_compound": 10.0}
    lone = repomap_fast.explain(root, "test_shop", cache=False)
    assert (lone.referrers, lone.n_referrers, lone.reference_factors) == ((), 0, {})


def test_which_weights_made_a_file_what_it_is(root: Path) -> None:
    (file,) = repomap_fast.explain(
        root, "tests/test_views.py", query=QUERY, mention=["app/views.py"], cache=False
    ).files
    assert file.factors["file_tests"] == pytest.approx(math.exp(-Weights().file_tests))
    assert file.words == {"file_text": ("app", "view", "shop"), "file_path": ("view", "py")}
    (unasked,) = repomap_fast.explain(root, "tests/test_views.py", cache=False).files
    assert unasked.factors["first_tests"] == pytest.approx(math.exp(-Weights().first_tests))
    assert unasked.words == {}
    (views,) = repomap_fast.explain(root, "app/views.py", mention=["app/views.py"], cache=False).files
    assert views.marks == ("mentioned",)
    assert views.factors["file_named"] == pytest.approx(math.exp(Weights().file_named))
    focused = repomap_fast.explain(root, "Shop", focus=["app/models.py"], cache=False)
    assert focused.definitions[0].place is None
    assert focused.files[0].marks == ("focus",)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("app/model.py", "'app/model.py' is neither a file nor a name .* did you mean 'app/models.py'"),
        ("Shopp", "did you mean 'Shop'"),
        ("qqqqqqqqqqqq", "nothing there is like it"),
        ("README.txt", "no language that is known"),
        ("app", "neither"),
    ],
)
def test_what_is_not_there_is_named_with_what_is_near(root: Path, wanted: str, message: str) -> None:
    with pytest.raises(SymbolError, match=message):
        repomap_fast.explain(root, wanted, cache=False)


@pytest.mark.parametrize(
    "symbol",
    ["Shop.open_shop_door", "app/models.py::open_shop_door", "app/models.py::Shop.open_shop_door", "app/models.py:2"],
)
def test_a_symbol_is_explained_as_its_name_is(root: Path, symbol: str) -> None:
    found = repomap_fast.explain(root, symbol, query=QUERY, cache=False)
    by_name = repomap_fast.explain(root, "open_shop_door", query=QUERY, cache=False)
    assert found == replace(by_name, subject=symbol)


def test_a_path_tells_definitions_of_one_name_apart(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.py").write_text("def run(): pass\n")
    assert len(repomap_fast.explain(tmp_path, "run", cache=False).definitions) == 2
    found = repomap_fast.explain(tmp_path, "b.py::run", cache=False)
    assert [one.path for one in found.definitions] == ["b.py"]
    assert found.n_found == 1


def test_definitions_of_one_name_in_a_file_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class Door:\n    def run(self):\n        return 'open the door'\n\n\n"
        "def between():\n    return 'open'\n\n\n"
        "class Wall:\n    def run(self):\n        return 'paint the wall'\n"
    )
    of = partial(repomap_fast.explain, tmp_path, query="open the door", cache=False)
    (both,), (door,), (wall,), (by_line,) = (of(one).definitions for one in ("run", "Door.run", "Wall.run", "a.py:12"))
    assert both == replace(door, lines=(2, 11))
    assert (door.lines, wall.lines, by_line) == ((2,), (11,), wall)
    assert "definition_text" in door.factors
    assert "definition_text" not in wall.factors
    assert (door.place, wall.place) == (1, 4)
    assert (door.place_in_file, wall.place_in_file) == (1, 3)
    shown = json.loads(repomap_fast.map(tmp_path, query="open the door", cache=False, format="json").text)["files"][0]
    scores = {one["line"]: one["score"] for one in shown["definitions"]}
    assert (door.score, wall.score) == pytest.approx((scores[2], scores[11]), rel=1e-4)


@pytest.mark.parametrize(
    ("symbol", "message"),
    [
        ("Ship.open_shop_door", "nothing here is called 'Ship.open_shop_door'; did you mean 'Shop.open_shop_door'"),
        ("app/models.py::doors", "nothing here is called"),
        ("app/model.py::door", "did you mean 'app/models.py'"),
    ],
)
def test_of_a_symbol_that_is_not_there_the_nearest_are_named(root: Path, symbol: str, message: str) -> None:
    with pytest.raises(SymbolError, match=message):
        repomap_fast.explain(root, symbol, cache=False)


def test_a_name_that_is_only_referred_to(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("foreign_call()\n")
    with pytest.raises(SymbolError, match="defined nowhere here"):
        repomap_fast.explain(tmp_path, "foreign_call", cache=False)
    with pytest.raises(OptionError, match="limit is -1; expected 0 or more"):
        repomap_fast.explain(tmp_path, "foreign_call", limit=-1, cache=False)


def test_the_command_prints_both_forms(root: Path) -> None:
    arguments = ["explain", "door", str(root), "--query", QUERY, "--no-cache", "--no-progress"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert "function door" in result.stdout
    assert "app/views.py" in result.stdout
    assert "file text  " in result.stdout
    document = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).stdout)
    assert document["subject"] == "door"
    assert [one["path"] for one in document["definitions"]] == ["app/models.py"]
    assert {one["path"] for one in document["referrers"]} == {"app/models.py", "app/views.py"}
    missing = CliRunner().invoke(app, ["explain", "doors", str(root), "--no-cache", "--no-progress"])
    assert missing.exit_code == 1
    assert "did you mean" in missing.stderr
    assert CliRunner().invoke(app, ["explain", "door", str(root), "--limit", "-1"]).exit_code == 2


N_FILES = 45


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which 45 files define one name, and 45 others refer to it."""
    folder = tmp_path_factory.mktemp("many")
    for i in range(N_FILES):
        (folder / f"definer_{i}.py").write_text("def apply_async(): pass\n")
        (folder / f"referrer_{i}.py").write_text("apply_async()\n" * (i + 1))
    return folder


@pytest.mark.parametrize("wanted", ["apply_async", "definer_3.py"])
def test_an_explanation_fits_on_a_screen(wanted: str, many: Path) -> None:
    arguments = ["explain", wanted, str(many), "--no-cache", "--no-progress"]
    lines = CliRunner().invoke(app, arguments).stdout.splitlines()
    assert len(lines) <= 22
    assert len([line for line in lines if "referrer_" in line]) == 6
    assert lines[-1] == "… and 39 more; --limit 0 shows all"
    assert (
        f"{N_FILES} files refer to it; a reference weighs long compound 10" in "\n".join(lines)
        or wanted != "apply_async"
    )


def test_an_explanation_shows_all_when_it_is_asked_to(many: Path) -> None:
    arguments = ["explain", "apply_async", str(many), "--no-cache", "--no-progress"]
    lines = CliRunner().invoke(app, [*arguments, "--limit", "0"]).stdout.splitlines()
    assert len([line for line in lines if "referrer_" in line]) == N_FILES
    assert len([line for line in lines if re.search(r"definer_\d+\.py:\d", line)]) == N_FILES
    assert "more" not in lines[-1]


def test_an_explanation_as_json_is_complete(many: Path) -> None:
    arguments = ["explain", "apply_async", str(many), "--no-cache", "--no-progress", "--format", "json"]
    document = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert len(document["referrers"]) == len(document["definitions"]) == len(document["files"]) == N_FILES
    assert sum(one["share"] for one in document["referrers"]) == pytest.approx(1)
    assert len(json.loads(CliRunner().invoke(app, [*arguments, "--limit", "3"]).stdout)["referrers"]) == 3
