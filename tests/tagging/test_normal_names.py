"""Names of Python are compared in their normal form NFKC, as PEP 3131 says."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.made_scans import scan_source


def _names(root: Path, source: str, language: str) -> list[str]:
    return [tag.name for tag in scan_source(root, source.encode(), language).tags if tag.role == "definition"]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def \ufb01nd(): pass\n", ["find"]),
        ("class \uff21\uff22: pass\n", ["AB"]),
        ("cafe\u0301 = 1\n", ["caf\xe9"]),
        ("\u51fd\u6570 = 1\nplain = 2\n", ["\u51fd\u6570", "plain"]),
    ],
)
def test_a_name_of_python_is_the_one_that_it_means(source: str, names: list[str], tmp_path: Path) -> None:
    assert _names(tmp_path, source, "python") == names


def test_other_languages_compare_names_as_they_are_written(tmp_path: Path) -> None:
    assert _names(tmp_path, "let \ufb01nd = 1;\n", "javascript") == ["\ufb01nd"]


def test_a_place_is_that_of_the_name_as_it_is_written(tmp_path: Path) -> None:
    (tag,) = scan_source(tmp_path, "x\ufb01 = 1\n".encode(), "python").tags
    assert (tag.name, tag.line, tag.column) == ("xfi", 1, 0)
