"""message_codes: the files that have the code of a message which a text names."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.message_codes import codes_in, files_with_codes
from support.repositories import write_files

_FILES = {
    "checks/models.py": "def check_table(model):\n    return Error('the table is used twice', id='models.E028')\n",
    "checks/admin.py": "def check_fields(model):\n    return Error('a field is missing', id='admin.E028')\n",
    "lint/unused.py": "MESSAGES = {'W0611': ('unused import', 'unused-import')}\n",
    "tests/test_unused.py": "def test_unused():\n    assert found() == ['W0611']\n",
    **{f"text/utf{number}.py": "CODEC = 'UTF16'\n" for number in range(4)},
}


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    return repomap_fast.scan(write_files(tmp_path, _FILES), cache=False)


def _found(result: ScanResult, *codes: bytes) -> dict[str, float]:
    paths = [path.decode() for path in result.graph.paths]
    is_plain = np.array([not path.startswith("tests/") for path in paths])
    values = files_with_codes(list(codes), result.words, is_plain)
    return {path: value for path, value in zip(paths, values.tolist(), strict=True) if value}


def test_a_code_is_capitals_and_two_digits_or_more() -> None:
    assert codes_in([b"W0611", b"TS2304", b"E028", b"v2", b"x86", b"H2", b"models", b"2304", b"E028x"]) == [
        b"W0611",
        b"TS2304",
        b"E028",
    ]


def test_codes_of_a_long_text_are_bounded() -> None:
    assert codes_in(f"E{number:04}".encode() for number in range(5_000)) == [f"E{n:04}".encode() for n in range(100)]


def test_a_code_counts_by_the_plain_files_that_have_it(result: ScanResult) -> None:
    assert _found(result, b"W0611") == {"lint/unused.py": 1.0}
    assert _found(result, b"E028") == {"checks/admin.py": 0.5, "checks/models.py": 0.5}


def test_the_largest_value_of_several_codes_counts(result: ScanResult) -> None:
    assert _found(result, b"W0611", b"E028", b"W0611") == {
        "checks/admin.py": 0.5,
        "checks/models.py": 0.5,
        "lint/unused.py": 1.0,
    }


def test_what_more_files_have_or_none_is_no_code_of_a_message(result: ScanResult) -> None:
    assert _found(result, b"UTF16", b"E999") == {}
    assert _found(result) == {}


def test_an_issue_that_names_a_code_leads_to_the_file_that_has_it(tmp_path: Path) -> None:
    write_files(tmp_path, _FILES)
    # The words of the issue fit the other file better.
    (tmp_path / "imports.py").write_text("def unused_import(module):\n    'Tell an unused import of a module.'\n")
    query = "unused import of a module (W0611)"
    of_code, of_words = (
        repomap_fast.explain(tmp_path, path, query=query, cache=False).files[0]
        for path in ("lint/unused.py", "imports.py")
    )
    assert of_code.factors["file_code"] == pytest.approx(math.e)
    assert of_code.place < of_words.place
    without = repomap_fast.explain(tmp_path, "imports.py", query=query.replace("W0611", "W0612"), cache=False)
    assert without.files[0].place == 1
