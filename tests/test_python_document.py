"""The examples of docs/python.md and of README run, and every public call has one."""

from __future__ import annotations

import inspect
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import repomap_fast

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs" / "python.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documents are not beside the tests")


@pytest.fixture
def in_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(REPOSITORY / "docs" / "example", tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    monkeypatch.setenv("REPOMAP_FAST_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "example"


@pytest.mark.usefixtures("in_example")
def test_the_examples_of_the_page_run_one_after_another() -> None:
    names: dict[str, object] = {}
    examples = EXAMPLE.findall(PAGE.read_text("utf-8"))
    assert len(examples) > 8
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)


@pytest.mark.usefixtures("in_example")
def test_the_examples_for_agents_run() -> None:
    names: dict[str, Any] = {}
    for example in EXAMPLE.findall((REPOSITORY / "docs" / "agents.md").read_text("utf-8")):
        exec(compile(example, "agents.md", "exec"), names)
    assert "class RetryPolicy" in names["read_symbol"]("RetryPolicy")
    assert "did you mean" in names["read_symbol"]("RetryPolcy")


@pytest.mark.usefixtures("in_example")
def test_the_example_of_the_readme_runs() -> None:
    (example,) = EXAMPLE.findall((REPOSITORY / "README.md").read_text("utf-8"))
    text = example.replace("path/to/repository", ".").replace('"Connection"', '"Job"')
    assert text != example
    exec(compile(text, "README.md", "exec"), {})


def test_every_public_call_has_an_example() -> None:
    page = PAGE.read_text("utf-8")
    calls = [name for name in repomap_fast.__all__ if inspect.isfunction(getattr(repomap_fast, name))]
    assert len(calls) == 15
    for name in calls:
        assert f"repomap_fast.{name}(" in page, name
    for name in (
        "map",
        "scan",
        "search",
        "explain",
        "show",
        "refs",
        "callers",
        "callees",
        "impact",
        "unused",
        "report",
        "imports",
        "outline",
    ):
        assert f"repository.{name}(" in page, name
