"""``repomap-fast search``: what is found, in which order, and as JSON."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from repomap_fast.cli.commands.search import Loosest
from repomap_fast.errors import EXIT_FINE, EXIT_NOTHING_FOUND, EXIT_USAGE
from support.command_runs import COMMAND, environment, invoke, loaded_modules, run


def names_in(table: str) -> list[str]:
    return [line.split()[0] for line in table.splitlines()[1:]]


def test_definitions_are_found_by_a_part_of_their_name(shop: Path) -> None:
    done = run("search", "count", shop)
    assert (done.returncode, done.stderr) == (EXIT_FINE, "")
    assert names_in(done.stdout) == ["count_money", "open_counter"]
    assert re.search(r"^count_money +function +definition +1 +till\.py:2$", done.stdout, re.MULTILINE)


def test_a_misspelt_name_is_found(shop: Path) -> None:
    assert names_in(run("search", "cuont_money", shop).stdout) == ["count_money"]
    done = run("search", "cuont_money", shop, "--match", "substring")
    assert (done.returncode, done.stdout) == (EXIT_NOTHING_FOUND, "")
    assert "nothing here has a name like 'cuont_money'" in done.stderr


def test_references_come_after_definitions(shop: Path) -> None:
    done = run("search", "Till", shop, "--references", "--match", "exact")
    roles = [line.split()[2] for line in done.stdout.splitlines()[1:]]
    assert roles[0] == "definition"
    assert set(roles[1:]) == {"reference"}


def test_the_limit_is_said(shop: Path) -> None:
    done = run("search", "o", shop, "--limit", "1")
    assert len(done.stdout.splitlines()) == 2
    assert re.fullmatch(r"repomap-fast: \d+ more; --limit 0 shows all\n", done.stderr)
    assert len(run("search", "o", shop, "--limit", "0").stdout.splitlines()) > 2


def test_a_search_as_json(shop: Path) -> None:
    document = json.loads(run("search", "Till", shop, "-f", "json").stdout)
    (found,) = document["found"]
    assert (document["word"], document["n_definitions"], document["n_references"]) == ("Till", 1, 0)
    assert (found["name"], found["path"], found["line"], found["likeness"]) == ("Till", "till.py", 1, "exact")
    assert found["n_references"] >= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "NAME is empty"),
        (["x", "--limit", "-1"], "--limit is -1; expected 0 or more"),
        (["x", "nowhere"], "there is no"),
        (["x", "--match", "loosely"], "loosely"),
    ],
)
def test_searches_that_make_no_sense(shop: Path, arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [*COMMAND, "search", *arguments], cwd=shop, capture_output=True, text=True, env=environment(), check=False
    )
    assert (done.returncode, done.stdout) == (EXIT_USAGE, "")
    assert message in done.stderr


def test_a_match_of_every_looseness_is_found_by_it_and_by_no_stricter_one(shop: Path) -> None:
    found = {
        match: [
            names_in(invoke("search", word, shop, "--match", match).stdout)
            for word in ("Till", "tILL", "Til", "ill", "Titl")
        ]
        for match in Loosest
    }
    till, none = ["Till"], []
    assert found == {
        Loosest.EXACT: [till, none, none, none, none],
        Loosest.CASE: [till, till, none, none, none],
        Loosest.PREFIX: [till, till, till, none, none],
        Loosest.SUBSTRING: [till, till, till, till, none],
        Loosest.FUZZY: [till, till, till, till, till],
    }


def test_the_exit_code_says_whether_anything_was_found(shop: Path) -> None:
    assert invoke("search", "Till", shop, "-f", "json").exit_code == EXIT_FINE
    done = invoke("search", "Zebra", shop, "-f", "json")
    assert (done.exit_code, done.stderr) == (EXIT_NOTHING_FOUND, "")
    assert json.loads(done.stdout)["found"] == []


def test_a_name_cannot_steer_the_terminal(shop: Path) -> None:
    done = invoke("search", "\x1b[31mred", shop)
    assert (done.exit_code, done.stdout) == (EXIT_NOTHING_FOUND, "")
    assert "\x1b" not in done.stderr
    assert r"\x1b[31mred" in done.stderr.replace("\\\\", "\\")


def test_a_search_that_counts_many_definitions_loads_no_more_of_numpy(tmp_path: Path) -> None:
    others = "".join(f"def other_{i}():\n    pass\n" for i in range(40))
    for i in range(40):
        (tmp_path / f"part_{i}.py").write_text(f"{others}class Part{i}:\n    def handle(self):\n        pass\n")
    run("scan", tmp_path)
    assert "numpy.ma" not in loaded_modules(["search", "handle", str(tmp_path), "--limit", "0"])
