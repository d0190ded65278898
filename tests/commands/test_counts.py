"""The numbers of the summary of a scan."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from repomap_fast.cli.reports.counts import (
    LanguageCounts,
    bytes_per_s,
    count_languages,
    definition_counts,
    files_per_s,
    n_failed,
    n_parsed,
    n_with_language,
    skipped_counts,
    skipped_files,
    unknown_names,
)
from repomap_fast.joining.result import ScanResult
from repomap_fast.metrics import ScanMetrics
from repomap_fast.tables import NO_SCOPE, FileStatus
from support.made_results import CALL, CLASS, DEFINITION, FUNCTION, REFERENCE, make_result
from support.made_scans import scan_files

TWO_LANGUAGES = {b"a.go": b"package a\nfunc f() { g() }\n", b"b.py": b"def f(): pass\n", b"c.py": b"\n", b"d.txt": b"d"}


@pytest.fixture
def two_languages(tmp_path: Path) -> ScanResult:
    languages = {b"a.go": "go", b"b.py": "python", b"c.py": "python", b"d.txt": None}
    return scan_files(tmp_path, TWO_LANGUAGES, languages)


def make_skipped(root: Path) -> ScanResult:
    """Return a result with two files that were parsed, two failures and four files without a language."""
    tags = [(b"f", DEFINITION, FUNCTION, 0, 0, NO_SCOPE), (b"g", REFERENCE, CALL, 0, 0, NO_SCOPE)]
    skipped = {
        b"b.py": FileStatus.NO_TAGS,
        b"binary.py": FileStatus.BINARY,
        b"slow.py": FileStatus.OUT_OF_TIME,
        b"x/.hidden": FileStatus.UNKNOWN_LANGUAGE,
        b"x/Kbuild": FileStatus.UNKNOWN_LANGUAGE,
        b"x/one.a.txt": FileStatus.UNKNOWN_LANGUAGE,
        b"x/two.txt": FileStatus.UNKNOWN_LANGUAGE,
    }
    return make_result(root, {b"a.py": tags}, skipped)


def test_languages_are_counted_most_bytes_first(two_languages: ScanResult) -> None:
    go, python = count_languages(two_languages)
    assert go == LanguageCounts("go", "code", files=1, bytes=len(TWO_LANGUAGES[b"a.go"]), definitions=1, references=1)
    assert python == LanguageCounts(
        "python", "code", files=2, bytes=len(TWO_LANGUAGES[b"b.py"]) + 1, definitions=1, references=0
    )


def test_files_that_were_not_parsed_are_of_no_language_count(tmp_path: Path) -> None:
    (python,) = count_languages(make_skipped(tmp_path))
    assert python == LanguageCounts("python", "code", files=2, bytes=200_000_000, definitions=1, references=1)


def test_functions_and_methods_are_one_kind_in_the_right_number(tmp_path: Path) -> None:
    def counts(*kinds: int) -> list[tuple[str, int]]:
        tags = [(b"n%d" % i, DEFINITION, kind, i, i, NO_SCOPE) for i, kind in enumerate(kinds)]
        return definition_counts(make_result(tmp_path, {b"a.py": tags}))

    assert counts() == []
    assert counts(CLASS) == [("class", 1)]
    assert counts(CLASS, FUNCTION, CLASS, FUNCTION, FUNCTION) == [("functions and methods", 3), ("classes", 2)]


def test_methods_are_added_to_functions(tmp_path: Path) -> None:
    source = b"class A { A() {} void f() {} int x; }\nclass B {}\n"
    assert definition_counts(scan_files(tmp_path, {b"a.java": source}, "java")) == [
        ("classes", 2),
        ("functions and methods", 2),
        ("field", 1),
    ]


def test_skipped_files_are_counted_by_status_most_first(tmp_path: Path) -> None:
    assert list(skipped_counts(make_skipped(tmp_path)).items()) == [
        (FileStatus.UNKNOWN_LANGUAGE, 4),
        *sorted([(FileStatus.BINARY, 1), (FileStatus.OUT_OF_TIME, 1)]),
    ]


def test_skipped_files_are_named_with_the_reason(tmp_path: Path) -> None:
    result = make_skipped(tmp_path)
    assert list(skipped_files(result, unknown=False)) == [
        (b"binary.py", FileStatus.BINARY, "binary"),
        (b"slow.py", FileStatus.OUT_OF_TIME, "out of time: 20 s"),
    ]
    assert [path for path, _, _ in skipped_files(result)] == [
        *(b"binary.py", b"slow.py", b"x/.hidden", b"x/Kbuild", b"x/one.a.txt", b"x/two.txt")
    ]


def test_files_without_a_language_are_known_by_suffix_or_by_name(tmp_path: Path) -> None:
    assert unknown_names(make_skipped(tmp_path)) == [("*.txt", 2), (".hidden", 1), ("Kbuild", 1)]


def test_names_that_are_not_utf_8_are_kept(tmp_path: Path) -> None:
    result = make_result(tmp_path, {}, {b"a.\xff": FileStatus.UNKNOWN_LANGUAGE})
    assert [os.fsencode(name) for name, _ in unknown_names(result)] == [b"*.\xff"]


def test_files_are_counted_by_what_became_of_them(tmp_path: Path) -> None:
    result = make_skipped(tmp_path)
    assert (n_parsed(result), n_failed(result), n_with_language(result)) == (2, 1, 4)


def test_speed_is_that_of_the_whole_scan(tmp_path: Path) -> None:
    result = make_skipped(tmp_path)
    assert (bytes_per_s(result.metrics), files_per_s(result)) == (4_000_000.0, 1.0)
    result.metrics = replace(result.metrics, elapsed_s=0.0)
    assert (bytes_per_s(ScanMetrics()), files_per_s(result)) == (0.0, 0.0)
