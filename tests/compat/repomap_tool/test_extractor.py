"""Tags of named files, beside those of a scan."""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from repomap_fast.compat.repomap_tool import (
    ParallelTagExtractor,
)
from support.drop_ins import COMMENTED, as_listed, as_scanned


def test_the_plans_call_returns_all_tags_in_the_order_of_the_files(root: Path) -> None:
    files = [root / "lib/deep/c.js", Path("a.py"), root / "lib/b.c"]
    tags = ParallelTagExtractor(max_workers=2).extract_tags_parallel(files, root)
    assert as_listed(tags) == [row for path in ("lib/deep/c.js", "a.py", "lib/b.c") for row in as_scanned(root, path)]
    assert [tag.rel_fname for tag in tags if tag.kind.startswith("name.def")] == [
        "lib/deep/c.js", "a.py", "a.py", "a.py", "lib/b.c",
    ]  # fmt: skip
    assert {tag.file for tag in tags} == {str(path) for path in files}
    über = next(tag for tag in tags if tag.name == "Über")
    assert (über.line, über.column, über.end_line, über.end_column) == (6, 6, 6, 11)


def test_repomap_tools_call_returns_names_and_figures(root: Path) -> None:
    extractor = ParallelTagExtractor()
    told = []
    paths = ["a.py", "gone.py", "notes.txt"]
    names, stats = extractor.extract_tags_parallel(
        files=paths, project_root=str(root), repo_map=None, progress_callback=lambda *event: told.append(event)
    )
    assert names == [name for name, *_ in as_scanned(root, "a.py")]
    assert (stats.total_files, stats.processed_files, stats.successful_files, stats.failed_files) == (3, 3, 2, 1)
    assert stats.total_identifiers == len(names)
    assert [path for path, _ in stats.errors] == ["gone.py"]
    assert told == [("a.py", len(names)), ("notes.txt", 0)]
    metrics = extractor.get_performance_metrics()
    assert metrics["processing_stats"]["success_rate"] == pytest.approx(200 / 3)
    assert metrics["file_size_stats"]["largest_file_kb"] == len(COMMENTED["a.py"].encode()) / 1024
    assert metrics["worker_performance"]["worker_all"]["files_processed"] == 1


def test_anothers_map_is_asked_in_threads_and_its_errors_are_counted(root: Path) -> None:
    asked = []

    class Map:
        def get_tags(self, path: str, relative: str) -> list[SimpleNamespace] | None:
            asked.append((path, relative, threading.get_ident()))
            if relative == "lib/b.c":
                raise OSError("no disk")
            return None if relative == "notes.txt" else [SimpleNamespace(name=relative), SimpleNamespace(name="")]

    extractor = ParallelTagExtractor(max_workers=2)
    paths = ["lib/deep/c.js", "lib/b.c", "a.py", "notes.txt"]
    names, stats = extractor.extract_tags_parallel(paths, str(root), Map())
    assert names == ["lib/deep/c.js", "a.py"]
    assert stats.errors == [("lib/b.c", "Failed to process file lib/b.c: no disk")]
    assert {path: relative for path, relative, _ in asked} == {str(root / path): path for path in paths}
    assert threading.get_ident() not in {thread for *_, thread in asked}


def test_files_outside_the_root_and_behind_links_are_tagged(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("def outside(): pass\n")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    (tmp_path / "other").symlink_to(root)
    extractor = ParallelTagExtractor()
    files = [str(tmp_path / "outside.py"), "link.py", str(tmp_path / "other" / "a.py")]
    tags = extractor.extract_tags_parallel(files, tmp_path / "other")
    names = [name for name, *_ in as_scanned(root, "a.py")]
    assert [tag.name for tag in tags] == ["outside", "outside", *names]
    assert extractor._stats.failed_files == 0
