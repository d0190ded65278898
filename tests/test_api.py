"""The library's own call, as a user makes it."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import FileStatus, LanguageError, OptionError, RootError, ScanCancelled


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "shop.py": "MAX = 3\n\nclass Shop:\n    def sell(self):\n        return count(MAX)\n",
        "till.c": "int count(int n) { return n; }\n",
        "docs/readme.txt": "nothing to tag",
        "lib/empty.py": "",
        "lib/skipped.py": "def hidden(): pass\n",
        ".gitignore": "skipped.py\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_a_scan_tells_what_is_defined_where_and_who_refers_to_it(project: Path) -> None:
    result = repomap_fast.scan(project)
    (definition,) = result.definitions("count")
    (reference,) = result.references("count")
    assert (definition.path, definition.line, definition.kind, definition.end_line) == ("till.c", 1, "function", 1)
    assert (reference.path, reference.line, reference.column, reference.scope) == ("shop.py", 5, 15, "Shop.sell")
    assert reference.end_line is None
    assert result.definitions("hidden") == []
    assert result.definitions("no such name") == []


def test_files_say_what_became_of_them(project: Path) -> None:
    result = repomap_fast.scan(project)
    assert [(file.path, file.language, file.status) for file in result.files] == [
        (".gitignore", None, FileStatus.UNKNOWN_LANGUAGE),
        ("docs/readme.txt", None, FileStatus.UNKNOWN_LANGUAGE),
        ("lib/empty.py", "python", FileStatus.NO_TAGS),
        ("shop.py", "python", FileStatus.TAGGED),
        ("till.c", "c", FileStatus.TAGGED),
    ]
    assert result.status_counts() == {FileStatus.TAGGED: 2, FileStatus.NO_TAGS: 1, FileStatus.UNKNOWN_LANGUAGE: 2}
    assert result.file("shop.py").reason == "tagged"


def test_a_file_is_found_by_its_path(project: Path) -> None:
    result = repomap_fast.scan(project)
    assert [tag.name for tag in result.file("till.c").tags] == ["count"]
    assert result.file(project / "till.c") == result.file(b"./till.c") == result.files[-1]
    assert result.files[3:] == [result.file("shop.py"), result.file("till.c")]
    with pytest.raises(KeyError, match=r"no file 'no\.py' in the scan of"):
        result.file("no.py")


def test_tags_are_a_sequence(project: Path) -> None:
    tags = repomap_fast.scan(project).tags
    assert len(tags) == len(list(tags)) > 4
    assert tags[0].name == "MAX"
    assert tags[-1].name == "count"
    assert list(tags[1:3]) == [tags[1], tags[2]]
    assert list(tags[::-1]) == list(reversed(list(tags)))
    with pytest.raises(IndexError):
        tags[len(tags)]
    with pytest.raises(dataclasses.FrozenInstanceError):
        tags[0].name = "other"  # type: ignore[misc]


def test_the_columns_are_there_without_a_copy(project: Path) -> None:
    result = repomap_fast.scan(project)
    assert result.tag_table.name_ids is result.tag_table.name_ids
    assert isinstance(result.tag_table.rows, np.ndarray)
    assert [result.tag_table.names[i] for i in result.tag_table.name_ids.tolist()] == [
        tag.name.encode() for tag in result.tags
    ]
    assert "files" in repr(result)
    assert "tags" in repr(result.tags)


def test_identifier_classes_count_distinct_names(project: Path) -> None:
    classes = repomap_fast.scan(project).identifier_classes
    assert classes == {"unknown": 0, "constants": 1, "classes": 1, "functions": 0, "variables": 2, "other": 0}


def test_only_some_languages(project: Path) -> None:
    result = repomap_fast.scan(project, languages=["C"])
    assert [file.path for file in result.files] == ["till.c"]
    assert {tag.language for tag in result.tags} == {"c"}


def test_include_exclude_and_no_ignore(project: Path) -> None:
    assert [f.path for f in repomap_fast.scan(project, include=["*.py"], exclude=["lib/"]).files] == ["shop.py"]
    assert repomap_fast.scan(project, no_ignore=True).definitions("hidden")


def test_a_root_that_is_no_folder_is_refused(project: Path) -> None:
    with pytest.raises(RootError, match=r"there is no .*; expected a folder to scan"):
        repomap_fast.scan(project / "missing")
    with pytest.raises(RootError, match="is not a folder"):
        repomap_fast.scan(project / "shop.py")


def test_an_unknown_language_is_refused_with_near_names(project: Path) -> None:
    with pytest.raises(LanguageError, match="python"):
        repomap_fast.scan(project, languages=["pyhton"])


@pytest.mark.parametrize(
    "options",
    [
        {"workers": -1},
        {"workers": 1000},
        {"max_file_size": 0},
        {"max_file_size": 2**32},
        {"timeout_per_file": 0},
        {"timeout_per_file": float("nan")},
        {"max_file_memory": 1},
        {"queries": "/no/such/folder"},
    ],
)
def test_an_option_that_cannot_be_used_is_refused(options: dict[str, object], project: Path) -> None:
    with pytest.raises(OptionError, match=next(iter(options))):
        repomap_fast.scan(project, **options)  # type: ignore[arg-type]


def test_progress_tells_the_stages_in_order(project: Path) -> None:
    events: list[tuple[str, int, int]] = []
    repomap_fast.scan(project, progress=lambda *event: events.append(event))
    stages = list(dict.fromkeys(stage for stage, _, _ in events))
    assert stages == ["discover", "tag", "join"]
    assert all(0 <= done <= total or total == 0 for _, done, total in events)
    assert ("tag", 3, 3) in events


@pytest.mark.usefixtures("no_thread_left")
def test_a_cancelled_scan_raises(project: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        repomap_fast.scan(project, cancel=cancel)


@pytest.mark.usefixtures("no_thread_left")
def test_what_a_progress_callback_raises_comes_through(project: Path) -> None:
    def refuse(stage: str, done: int, total: int) -> None:
        if stage == "tag":
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        repomap_fast.scan(project, progress=refuse)


def test_metrics_say_what_a_scan_took(project: Path) -> None:
    metrics = repomap_fast.scan(project, workers=1).metrics
    assert list(metrics.stages_s) == ["discover", "check", "tag", "join"]
    assert 0 < sum(metrics.stages_s.values()) <= metrics.elapsed_s
    assert metrics.workers == 1
    assert metrics.source_bytes == sum(
        (project / path).stat().st_size for path in ("shop.py", "till.c", "lib/empty.py")
    )
    assert metrics.peak_memory_bytes > 2**20


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    result = repomap_fast.scan(tmp_path)
    assert (len(result.files), len(result.tags), result.notes) == (0, 0, ())
    assert result.definitions("x") == []


def test_scans_may_run_side_by_side(project: Path) -> None:
    found: list[list[repomap_fast.Tag]] = []
    threads = [threading.Thread(target=lambda: found.append(list(repomap_fast.scan(project).tags))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(tags == found[0] for tags in found)


def test_the_package_costs_nothing_to_import() -> None:
    script = (
        "import sys, repomap_fast; print([name for name in sys.modules if name.partition('.')[0] in ('numpy', 'rich')])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_all_names_are_there_and_sorted() -> None:
    assert repomap_fast.__all__ == sorted(repomap_fast.__all__)
    for name in repomap_fast.__all__:
        assert getattr(repomap_fast, name).__name__ == name
    assert set(repomap_fast.__all__) <= set(dir(repomap_fast))
    with pytest.raises(AttributeError, match="no_such_name"):
        repomap_fast.no_such_name  # noqa: B018 - asking for it is the test
