"""named_files: tags of the files that a caller names, in the caller's order."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from repomap_fast.compat.named_files import CodeTag, NamedFile, tag_named_files
from repomap_fast.errors import ScanCancelled
from repomap_fast.metrics import ScanMetrics
from repomap_fast.options import ScanOptions
from support.repositories import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(
        tmp_path / "project", {"a.py": "def f():\n    g()\n", "é.py": "class Über: pass\n", "b.bin": "\0"}
    )


def named(files: list[str], root: Path, tmp_path: Path, **options: object) -> list[NamedFile]:
    return list(tag_named_files(files, root, ScanOptions(), cache_dir=tmp_path / "cache", **options))


def test_files_come_in_the_order_in_which_they_were_named_and_as_often(root: Path, tmp_path: Path) -> None:
    found = named(["é.py", "a.py", "é.py"], root, tmp_path)
    assert [file.given for file in found] == ["é.py", "a.py", "é.py"]
    assert [file.names() for file in found] == [["Über"], ["f", "g"], ["Über"]]


def test_a_tag_has_one_based_lines_and_columns_in_bytes(root: Path, tmp_path: Path) -> None:
    (file,) = named(["é.py"], root, tmp_path)
    assert file.code_tags() == [CodeTag("Über", "name.definition.class", "é.py", 1, 6, 1, 11, "é.py")]


def test_a_file_outside_the_root_keeps_its_name(root: Path, tmp_path: Path) -> None:
    outside = str(write_files(tmp_path, {"outside.py": "def outside(): pass\n"}) / "outside.py")
    below, beside = named([str(root / "a.py"), outside], root, tmp_path)
    assert (below.relative, beside.relative) == ("a.py", outside)
    assert beside.names() == ["outside"]


@pytest.mark.parametrize("name", ["gone.py", ".", "pipe.py"])
def test_what_is_no_regular_file_has_an_error_and_no_tags(name: str, root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "pipe.py")
    (file,) = named([name], root, tmp_path)
    assert file.error == f"{name!r} is no regular file"
    assert (file.names(), file.code_tags(), file.size_bytes) == ([], [], 0)


def test_what_is_known_is_not_parsed_again(root: Path, tmp_path: Path) -> None:
    metrics: list[ScanMetrics] = []
    for _ in range(2):
        named(["a.py", "é.py"], root, tmp_path, metrics=metrics)
    assert [one.hit_rate for one in metrics] == [0.0, 1.0]


def test_it_can_be_cancelled(root: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        named(["a.py"], root, tmp_path, cancel=cancel)
