"""``repomap-fast explain``: why a file or a name has its position, for people and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import EXIT_FINE, EXIT_NOTHING_FOUND, EXIT_USAGE
from support.command_runs import invoke, loaded_modules


def facts(printed: str) -> dict[str, str]:
    """Return the indented lines by their label."""
    return dict(re.findall(r"^  ([\w ]+?)  +(.+)$", printed, re.MULTILINE))


@pytest.fixture
def many(shop: Path) -> Path:
    """The shop, with eight more files that define one name and refer to another."""
    for number in range(8):
        (shop / f"extra{number}.py").write_text("from till import Till\n\ndef same():\n    return Till()\n")
    return shop


def test_a_file_is_explained_with_its_referrers(shop: Path) -> None:
    done = invoke("explain", "till.py", shop)
    assert (done.exit_code, done.stderr) == (EXIT_FINE, "")
    assert done.stdout.startswith("till.py\n")
    assert facts(done.stdout)["defines"] == "2 names: count_money, Till"
    assert "1 file refers to it" in done.stdout
    assert re.search(r"^ *[\d.]+% +\d+ +counter\.py$", done.stdout, re.MULTILINE)


def test_a_name_is_explained_with_its_file(shop: Path) -> None:
    printed = invoke("explain", "open_counter", shop).stdout
    assert printed.startswith("function open_counter\n")
    told = facts(printed)
    assert told["defined in"] == "counter.py:3"
    assert told["place"].endswith(", one for each name of a file")
    assert told["place in its file"] == "1 of 1"
    assert re.search(r"^ *[\d.]+% +\d+ +street\.py$", printed, re.MULTILINE)


def test_nothing_refers_to_a_name_that_is_never_used(shop: Path) -> None:
    assert invoke("explain", "walk", shop).stdout.endswith("\nNothing refers to it.\n")


def test_a_name_of_several_files_is_a_table(many: Path) -> None:
    printed = invoke("explain", "same", many).stdout
    assert printed.startswith("same: 8 files define it. Each name of a file has a place, 13 in all.\n")
    assert re.search(r"^Place +Score +Kind +Where", printed, re.MULTILINE)
    assert len(re.findall(r"function +extra\d\.py:3 ", printed)) == 6
    assert "… and 2 more; --limit 0 shows all\n" in printed
    (symbol,) = re.findall(r"add its path: (extra\d\.py::same)$", printed, re.MULTILINE)
    one = facts(invoke("explain", symbol, many).stdout)
    assert one["defined in"].startswith(f"{symbol.partition(':')[0]}:3")
    assert "file power" in one["its file"]


def test_the_limit_holds_for_definitions_and_referrers(many: Path) -> None:
    printed = invoke("explain", "till.py", many, "--limit", "1").stdout
    assert "9 files refer to it" in printed
    assert printed.endswith("… and 8 more; --limit 0 shows all\n")
    everything = invoke("explain", "till.py", many, "--limit", "0").stdout
    assert "more; --limit 0" not in everything
    assert len(re.findall(r"extra\d\.py$", everything, re.MULTILINE)) == 8


@pytest.mark.parametrize("wanted", ["till.py", "same"])
def test_json_is_what_the_library_gives_without_a_limit(wanted: str, many: Path) -> None:
    document = json.loads(invoke("explain", wanted, many, "-f", "json").stdout)
    expected = asdict(repomap_fast.explain(many, wanted, limit=0))
    assert document == {"schema": 1, **json.loads(json.dumps(expected))}


def test_the_task_is_that_of_a_map(shop: Path) -> None:
    def first_file(*arguments: str) -> dict[str, Any]:
        (file, *_) = json.loads(invoke("explain", "till.py", shop, "-f", "json", *arguments).stdout)["files"]
        return dict(file)

    plain, asked = first_file(), first_file("--query", "the till is slow")
    assert plain["words"] == {}
    assert "till" in {word for words in asked["words"].values() for word in words}
    assert asked["score"] > plain["score"]
    focused = invoke("explain", "walk", shop, "--focus", "street.py").stdout
    assert facts(focused)["place"].startswith("in focus of ")
    assert facts(focused)["its file is"] == "focus"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "FILE|SYMBOL is empty; expected a file, or a name that is defined"),
        (["till.py", "--limit", "-1"], "--limit is -1; expected 0 or more"),
        (["till.py", "nowhere"], "there is no"),
        (["till.py", "--focus", "nowhere.py"], "--focus is 'nowhere.py'"),
    ],
)
def test_what_cannot_be_explained_is_an_error(
    arguments: list[str], message: str, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop)
    done = invoke("explain", *arguments)
    assert (done.exit_code, done.stdout) == (EXIT_USAGE, "")
    assert message in done.stderr


def test_what_is_not_there_has_the_exit_code_of_nothing_found(shop: Path) -> None:
    done = invoke("explain", "til.py", shop)
    assert (done.exit_code, done.stdout) == (EXIT_NOTHING_FOUND, "")
    assert "did you mean" in done.stderr


def test_what_of_the_task_was_not_found_is_a_note(shop: Path) -> None:
    done = invoke("explain", "till.py", shop, "--mention", "zebra")
    assert done.exit_code == EXIT_FINE
    assert re.search("^repomap-fast: note: .*zebra", done.stderr, re.MULTILINE)


def test_help_loads_nothing_large() -> None:
    modules = loaded_modules(["explain", "--help"])
    assert not modules & {"numpy", "rich", "repomap_fast.api", "rapidfuzz"}
