"""The order without a text: what a first map shows before the rest."""

from __future__ import annotations

import subprocess
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import Weights
from repomap_fast.ranking import first_map
from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.ranking.first_map import F64, Marks, fuse_first
from repomap_fast.ranking.fuse import Fused

BODY = "".join(f"    step({i})\n" for i in range(20))


def ranked(root: Path, **arguments: object) -> list[str]:
    """Return names by their scores, the best first."""
    found = repomap_fast.map(root, tokens=4096, cache=False, **arguments)  # type: ignore[arg-type]
    return [one.name for one in found.definitions]


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)


def test_a_long_function_comes_before_short_ones_and_lists_of_names(tmp_path: Path) -> None:
    names = "".join(f'    "name{i}",\n' for i in range(40))
    write(tmp_path, a=f"__all__ = [\n{names}]\n\n\ndef short():\n    pass\n\n\ndef long():\n{BODY}")
    assert ranked(tmp_path) == ["long", "short", "__all__"]


def test_a_function_that_others_call_comes_before_one_of_the_same_length(tmp_path: Path) -> None:
    write(tmp_path, a="def alone(): pass\ndef common(): pass\n", b="common()\n", c="common()\n")
    assert ranked(tmp_path)[0] == "common"


def test_references_of_tests_do_not_count_and_tests_come_last(tmp_path: Path) -> None:
    calls = "def test_it():\n" + "    other()\n" * 30
    write(tmp_path, a="def common(): pass\ndef other(): pass\n", b="common()\n", test_a=calls, test_b="other()\n")
    assert ranked(tmp_path) == ["common", "other", "test_it"]


def test_private_special_and_inner_functions_come_after_the_rest(tmp_path: Path) -> None:
    box = "class Box:\n    def __init__(self):\n        pass\n\n    def put(self):\n        pass\n\n\n"
    write(tmp_path, a=f"{box}def _hidden():\n    pass\n\n\ndef outer():\n    def inner():\n        pass\n")
    names = ranked(tmp_path)
    assert names.index("put") < names.index("_hidden") < names.index("__init__")
    assert names.index("outer") < names.index("inner")


def test_what_changed_often_comes_before_the_rest(tmp_path: Path) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    write(tmp_path, a="def first(): pass\n", b="def second(): pass\n")
    git("add", ".")
    git("commit", "-qm", "Begin")
    assert ranked(tmp_path) == ["first", "second"]
    for i in range(3):
        write(tmp_path, b=f"def second(): pass\n# {i}\n")
        git("commit", "-qam", f"Change {i}")
    assert ranked(tmp_path) == ["second", "first"]


def test_files_near_the_focus_come_first(tmp_path: Path) -> None:
    write(tmp_path, a=f"def far():\n{BODY}", b="def near():\n    pass\n", c="near()\n")
    assert ranked(tmp_path)[0] == "far"
    assert ranked(tmp_path, focus=["c.py"])[0] == "near"


def test_tests_in_a_module_of_a_source_file_come_last(tmp_path: Path) -> None:
    body = "".join(f"        step({i});\n" for i in range(20))
    (tmp_path / "lib.rs").write_text(f"mod tests {{\n    fn check() {{\n{body}    }}\n}}\n\nfn short() {{}}\n")
    assert ranked(tmp_path)[0] == "short"


def test_resources_of_a_module_come_before_its_examples(tmp_path: Path) -> None:
    rows = "".join(f"  argument{i} = {i}\n" for i in range(20))
    (tmp_path / "main.tf").write_text(f'resource "cloud_role" "role" {{\n{rows}}}\n\nvariable "name" {{}}\n')
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "main.tf").write_text(f'module "whole" {{\n{rows}}}\n')
    assert ranked(tmp_path) == ["role", "whole", "name"]


def test_a_table_of_settings_is_no_code_whatever_the_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop.sql").write_text("CREATE TABLE goods (\n  price int\n);\n")
    (tmp_path / "settings.toml").write_text("[tool]\nvalue = 1\n")
    parts = first_map._definition_parts
    seen: dict[int, bool] = {}

    def spy(table: DefinitionTable, references: F64, weights: Weights, is_data: Marks) -> dict[str, F64]:
        seen.update(zip(table.file_ids[table.files].tolist(), is_data.tolist(), strict=True))
        return parts(table, references, weights, is_data)

    monkeypatch.setattr(first_map, "_definition_parts", spy)
    for weights in (Weights(), Weights(file_data=0)):
        seen.clear()
        ranked(tmp_path, weights=weights)
        assert seen == {0: True, 1: False}


@pytest.mark.parametrize("line", ["def f{}(): pass\n", "class C{}:\n    def g(): pass\n"], ids=["functions", "methods"])
def test_a_definition_takes_no_more_than_150_bytes_while_it_is_scored(tmp_path: Path, line: str) -> None:
    n = 100_000
    write(tmp_path, a="".join(line.format(i) for i in range(n)))
    graph = repomap_fast.scan(tmp_path, cache=False).graph

    def fused() -> Fused:
        marks = np.ones(1, np.bool_)
        return fuse_first(graph, np.ones(1), None, Weights(), prior={}, is_plain=marks, is_data=~marks, is_near=False)

    # The first time, columns are read and modules loaded.
    n_definitions = len(fused().table)
    tracemalloc.start()
    try:
        fused()
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_definitions >= n
    assert peak_bytes < 150 * n_definitions
