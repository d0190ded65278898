"""Every result fits on a screen, whatever its size."""

from __future__ import annotations

import copy
import pickle
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.screens import SCREEN_COLUMNS, SCREEN_LINES, as_html, as_markdown, one_screen


def test_a_short_text_is_shown_as_it_is() -> None:
    assert one_screen("a\nb\n") == "a\nb"
    assert one_screen("") == ""


def test_what_is_left_out_is_counted() -> None:
    shown = one_screen("".join(f"{i}\n" for i in range(1000)))
    assert shown.splitlines()[-1] == f"… {1000 - SCREEN_LINES + 1} more lines"


@given(st.text(max_size=6_000) | st.text(alphabet="a\n`<\x1b", max_size=6_000))
def test_any_text_fits_on_a_screen_and_steers_no_terminal(text: str) -> None:
    shown = one_screen(text)
    lines = shown.split("\n")
    assert len(lines) <= SCREEN_LINES
    assert all(len(line) <= SCREEN_COLUMNS for line in lines)
    assert "\x1b" not in shown


@given(st.text(alphabet="`a\n~", max_size=50))
def test_no_text_ends_a_block_of_code_early(text: str) -> None:
    fence = as_markdown(text).split("\n")[0]
    assert set(fence) == {"`"}
    assert fence not in text


def test_html_is_escaped() -> None:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(tag)  # type: ignore[method-assign]
    parser.feed(as_html("<script>alert(1)</script>"))
    assert found == ["pre"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    root = tmp_path_factory.mktemp("root")
    for i in range(60):
        body = "".join(f"    def method_{j}(self):\n        return f()\n" for j in range(40))
        (root / f"file{i}.py").write_text(f"def f(): pass\n\nclass Class{i}:\n{body}")
    with repomap_fast.open(root, cache=False) as repository:
        return {
            "map": repository.map(tokens=20_000),
            "search": repository.search("method"),
            "nothing": repository.search("zzzzzz", match="exact"),
            "explain": repository.explain("f", limit=0),
            "explain a file": repository.explain("file1.py", limit=0),
            "show": repository.show("Class1"),
            "refs": repository.refs("f"),
            "imports": repository.imports(),
            "outline": repository.outline("file1.py"),
            "callers": repository.callers("f"),
            "callees": repository.callees("Class1.method_1"),
            "impact": repository.impact("f"),
            "unused": repository.unused(),
            "report": repomap_fast.report(root, cache=False),
            "scan": (scanned := repository.scan()),
            "tags": scanned.tags,
            "files": scanned.files,
            "identifiers": scanned.identifiers,
        }


def test_results_are_shown_on_one_screen(results: dict[str, object]) -> None:
    for name, result in results.items():
        for shown in (repr(result), result._repr_markdown_(), result._repr_html_()):  # type: ignore[attr-defined]
            assert 1 <= len(shown.splitlines()) <= SCREEN_LINES + 2, name
            assert len(shown) < 10_000, name
        assert re.fullmatch("(?s)<pre>.*</pre>", result._repr_html_())  # type: ignore[attr-defined]
        if name not in ("scan", "tags", "files", "identifiers"):
            assert str(result) == result.text  # type: ignore[attr-defined]


def test_results_can_be_pickled_and_copied(results: dict[str, object]) -> None:
    for name, result in results.items():
        for back in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert type(back) is type(result)
            assert repr(back) == repr(result), name


def test_no_result_needs_its_folder(results: dict[str, object], tmp_path: Path) -> None:
    assert not list(tmp_path.iterdir())
    assert "Class1" in str(results["show"])
