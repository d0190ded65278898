"""The documents are what the program says now, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from repomap_fast.languages.table import LANGUAGES
from repomap_fast.weights import Weights

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "docs" / "build.py"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]

SOURCES = [path for folder in ("src", "cext") for path in (ROOT / folder).rglob("*") if path.is_file()]

pytestmark = pytest.mark.skipif(not BUILD.is_file(), reason="the documents are in a checkout alone")


def test_what_is_written_by_a_script_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, BUILD, "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


def named_in(page: str, pattern: str) -> list[tuple[str, ...]]:
    """Return the groups of ``pattern`` in each text of a page that is set as code and matches as a whole."""
    texts = re.findall("`([^`]+)`", (ROOT / "docs" / page).read_text("utf-8"))
    return [match.groups() for match in map(re.compile(pattern).fullmatch, texts) if match]


def test_the_page_of_how_it_works_explains_each_word_of_explain() -> None:
    explained = {name.replace(" ", "_") for (name,) in named_in("how-it-works.md", r"([a-z]+(?: [a-z0-9]+)*)")}
    weights = {field.name for field in fields(Weights)}
    of_names = {"long_compound", "private", "many_definers", "mentioned_name", "queried_name"}
    of_scores = {name for name in weights if name.startswith(("file_", "first_", "near_", "definition_"))}
    # A share that classes have of their methods, and no factor by itself.
    of_scores -= {"definition_member"}
    assert (of_names | of_scores | {"constructor", "class_itself", "plain_value"}) - explained == set()


def test_every_test_that_the_page_of_security_names_is_there() -> None:
    tests = {name for (name,) in named_in("security.md", r"((?:\w+/)*test_\w+\.py)")}
    assert len(tests) > 30
    assert {name for name in tests if not (ROOT / "tests" / name).is_file()} == set()


def test_every_place_that_the_page_of_security_names_is_there() -> None:
    places = set(named_in("security.md", r"([\w/.]+): ([\w.]+)"))
    assert len(places) > 30
    assert {
        (module, name) for module, name in places if not any(is_in(path, name) for path in paths_of(module))
    } == set()


def paths_of(module: str) -> list[Path]:
    """Return the sources of a module that is named by the end of its path, with or without its suffix."""
    return [
        path
        for path in SOURCES
        if any(f"/{name.as_posix()}".endswith(f"/{module}") for name in (path, path.with_suffix("")))
        and path.suffix in (".py", ".pyx", ".pxd", ".pxi", ".c", ".h")
    ]


def is_in(path: Path, name: str) -> bool:
    """Return whether the last part of a dotted ``name`` is a word of the source."""
    return re.search(rf"\b{name.rpartition('.')[2]}\b", path.read_text("utf-8")) is not None


BELOW_THEIR_GOAL = {"groovy": 70.0}
_GOAL = 90.0


def test_the_page_of_languages_has_the_recall_of_each_and_it_is_what_we_promise() -> None:
    rows = re.findall(
        r"^\| (\w+)[^|]*\| ([\d.]*)[ %]*\|", (ROOT / "docs" / "languages.md").read_text("utf-8"), re.MULTILINE
    )
    recall = {name: float(figure) for name, figure in rows if figure}
    assert {row.name for row in LANGUAGES} == recall.keys()
    too_low = {name: found for name, found in recall.items() if found < BELOW_THEIR_GOAL.get(name, _GOAL)}
    assert too_low == {}


def test_of_the_tags_that_were_read_97_in_100_are_right_in_each_language() -> None:
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    figures = re.findall(r"^\| (\w+)[^|]*\|[^|]*\| (\d+) of (\d+) \|", page, re.MULTILINE)
    assert len(figures) > 70
    assert {name: (right, n) for name, right, n in figures if int(right) < 0.97 * int(n)} == {}
