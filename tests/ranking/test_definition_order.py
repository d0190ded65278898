"""definition_order: definitions that say the most come first."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

import repomap_fast
from repomap_fast.languages.tags_query import OUR_QUERIES
from repomap_fast.ranking import definition_order
from repomap_fast.ranking.definition_order import best_first, is_test_module, kind_ranks


def test_every_kind_of_definition_has_its_place_in_a_search() -> None:
    queries = OUR_QUERIES.glob("*.scm")
    kinds = re.compile(r"@(?:name\.)?definition\.([a-z_]+)")
    written = {kind for file in queries for kind in kinds.findall(file.read_text("utf-8"))}
    known = [kind for kinds in definition_order._KINDS for kind in kinds]
    assert written == set(known)
    assert len(known) == len(set(known))


def test_types_come_before_functions_and_an_unknown_kind_comes_last() -> None:
    kinds = ["variable", "class", "no kind", "function"]
    ranks = kind_ranks(kinds, np.arange(4, dtype=np.uint8)).tolist()
    assert sorted(kinds, key=lambda kind: ranks[kinds.index(kind)]) == ["class", "function", "variable", "no kind"]


def test_of_one_name_types_come_first_and_code_before_tests_and_modules_for_tests(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.py").write_text("class Task: pass\n")
    (tmp_path / "b.rs").write_text("mod tests { struct Task; }\nfn Task() {}\n")
    (tmp_path / "c.py").write_text("class Task: pass\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    table = result.tag_table
    rows = np.array([row for row, tag in enumerate(result.tags) if tag.name == "Task"], np.int64)
    assert [(result.tag(row).path, table.kinds[table.kind_ids[row]]) for row in best_first(result, rows).tolist()] == [
        ("c.py", "class"),
        ("b.rs", "struct"),
        ("tests/a.py", "class"),
        ("b.rs", "function"),
    ]


def test_code_comes_before_the_text_that_describes_it(tmp_path: Path) -> None:
    (tmp_path / "api.rst").write_text(".. class:: retry\n\n   Again.\n")
    (tmp_path / "code.py").write_text("def retry(): pass\n\nother = 1\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert [tag.path for tag in result.tags if tag.name == "retry"] == ["api.rst", "code.py"]
    assert [found.tag.path for found in repomap_fast.search(tmp_path, "retry", cache=False).found] == [
        *("code.py", "api.rst"),
    ]
    assert repomap_fast.show(tmp_path, "retry", cache=False).definitions[0].path == "code.py"


def test_modules_for_tests_by_their_names() -> None:
    assert all(map(is_test_module, (b"test", b"tests", b"io_tests", b"test_tools", b"Tests")))
    assert not any(map(is_test_module, (b"latest", b"testing", b"contest", b"attest_tools", b"")))
