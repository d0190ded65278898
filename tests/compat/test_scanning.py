"""Files, tags, parser and extractor under other projects' names, beside what git and a scan say."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

import repomap_fast
from repomap_fast.compat.repomap_tool import (
    CodeTag,
    OptimizedDataStructures,
    OptimizedFileScanner,
    ParallelTagExtractor,
    TreeSitterParser,
    TreeSitterTagCache,
    get_cache_size,
    get_project_files,
    parse_gitignore,
    should_ignore_file,
)
from repomap_fast.tables import IDENTIFIER_CLASSES

SOURCES = {
    "a.py": "# Says hello.\ndef hello(x):\n    return x.strip()\n\n\nclass Über:\n    LIMIT = hello(1)\n",
    "lib/b.c": "/* Adds. */\nint add(int a) { return hello(a); }\n",
    "lib/deep/c.js": "// what\nexport function what() { return add(1); }\n",
    "notes.txt": "no language\n",
    "logo.png": "no picture\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for path, source in SOURCES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source)
    return folder


PATTERNS = ["*.log", "!keep.log", "build/", "/top.txt", "docs/**/*.tmp", "# no pattern", "", "a[bc].py", "lib/deep"]
PATHS = [
    *("a.log", "keep.log", "x/keep.log", "build/x.py", "src/build/x.py", "top.txt", "src/top.txt", "docs/a.tmp"),
    *("docs/x/y/b.tmp", "ab.py", "x/ac.py", "ad.py", "lib/deep/z.c", "lib/deeper/z.c", "build.py", "# no pattern"),
]


def test_a_path_is_ignored_where_git_ignores_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("\n".join(PATTERNS) + "\n")
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    run = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", "--no-index", "--stdin"],
        input="\n".join(PATHS), capture_output=True, text=True, check=False,
    )  # fmt: skip
    patterns = parse_gitignore(tmp_path / ".gitignore")
    assert patterns == [pattern for pattern in PATTERNS if pattern and not pattern.startswith("#")]
    ours = [path for path in PATHS if should_ignore_file(tmp_path / path, patterns, tmp_path)]
    assert ours == run.stdout.split("\n")[:-1]
    scanned = OptimizedFileScanner(tmp_path, patterns).scan_files()
    assert sorted(scanned) == sorted(tmp_path / path for path in [*PATHS, ".gitignore"] if path not in ours)


def test_what_no_pattern_speaks_of_is_not_ignored(tmp_path: Path) -> None:
    assert not should_ignore_file(tmp_path / "a", [], tmp_path)
    assert not should_ignore_file(tmp_path, ["*"], tmp_path)
    assert not should_ignore_file("/elsewhere/a", ["*"], tmp_path)
    assert should_ignore_file(tmp_path / "node_modules" / "gone.js", ["node_modules/"], tmp_path)
    assert parse_gitignore(tmp_path / "gone") == []


def test_scanner_without_patterns_follows_the_ignore_files(root: Path) -> None:
    (root / "lib/.gitignore").write_text("deep/\n")
    names = [path.relative_to(root).as_posix() for path in OptimizedFileScanner(root).scan_files()]
    assert names == ["a.py", "lib/.gitignore", "lib/b.c", "logo.png", "notes.txt"]
    names = [path.relative_to(root).as_posix() for path in OptimizedFileScanner(root, ["*.png"]).scan_files()]
    assert names == ["a.py", "lib/.gitignore", "lib/b.c", "lib/deep/c.js", "notes.txt"]


def test_scanner_tells_how_far_it_is_and_can_be_stopped(root: Path) -> None:
    told = []
    OptimizedFileScanner(root).scan_files(progress=lambda *event: told.append(event))
    assert told[-1] == ("discover", 5, 5)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(repomap_fast.ScanCancelled):
        OptimizedFileScanner(root).scan_files(cancel=cancel)


def test_project_files_are_absolute_and_without_what_is_no_source(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("node_modules/x/y.js", "lib/node_modules/z.js", "build/made.py", "lib/build/ours.py", "x.lock"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    expected = ["a.py", "lib/b.c", "lib/build/ours.py", "lib/deep/c.js", "notes.txt"]
    assert get_project_files(str(root)) == [str(root / path) for path in expected]
    monkeypatch.chdir(root)
    assert get_project_files(".", verbose=True) == [str(root / path) for path in expected]


def as_scanned(root: Path, path: str) -> list[tuple[str, str, int, int]]:
    file = repomap_fast.scan(root, cache=False).file(path)
    return [(tag.name, f"name.{tag.role}.{tag.kind}", tag.line, tag.column) for tag in file.tags]


def as_listed(tags: list[CodeTag]) -> list[tuple[str, str, int, int]]:
    return [(tag.name, tag.kind, tag.line, tag.column) for tag in tags]


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
    assert metrics["file_size_stats"]["largest_file_kb"] == len(SOURCES["a.py"].encode()) / 1024
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


def test_a_parser_says_what_the_comment_before_says(root: Path) -> None:
    parser = TreeSitterParser(root)
    comments = {
        tag.name: tag.comment for path in ("a.py", "lib/b.c", "lib/deep/c.js") for tag in parser.parse_file(root / path)
    }
    assert (comments["hello"], comments["what"]) == ("Adds.", "what")
    tags = parser.parse_file(str(root / "a.py"))
    assert as_listed(tags) == as_scanned(root, "a.py")
    assert {tag.name: tag.comment for tag in tags}["Über"] == "Says hello."
    assert {tag.name: tag.comment for tag in tags}["LIMIT"] is None
    assert parser.parse_file(root / "gone.py") == []
    assert [parser.is_language_supported(name) for name in ("x.py", "x.hpp", "x.txt")] == [True, True, False]
    assert parser.get_supported_languages() == sorted(parser.get_supported_languages())


DEFINITIONS = {
    "bash": "# why\nf() { g; }",
    "c": "/* why */\nint f(void) { return 1; }",
    "cpp": "// why\nint f() { return 1; }",
    "cs": "// why\nclass f { }",
    "go": "package p\n// why\nfunc f() {}",
    "java": "/** why */\nclass f { }",
    "js": "/* why */\nfunction f() {}",
    "kt": "// why\nfun f() {}",
    "lua": "-- why\nfunction f() end",
    "php": "<?php\n// why\nfunction f() {}",
    "py": "# why\ndef f(): pass",
    "rb": "# why\ndef f; end",
    "rs": "/// why\nfn f() {}",
    "scala": "// why\nclass f",
    "swift": "/* why */\nfunc f() {}",
    "tsx": "// why\nfunction f() {}",
    "ts": "/* why\n*/\nfunction f() {}",
}


def test_comments_are_found_in_every_language(tmp_path: Path) -> None:
    files = [tmp_path / f"input.{suffix}" for suffix in DEFINITIONS]
    for file in files:
        file.write_text(DEFINITIONS[file.suffix[1:]] + "\n")
    parser = TreeSitterParser(tmp_path)
    assert len(files) == len(parser.get_supported_languages())
    found = parser.parse_files(files)
    first_tags = {Path(path).name: [(tag.name, tag.comment) for tag in tags[:1]] for path, tags in found.items()}
    assert first_tags == {file.name: [("f", "why")] for file in files}


def test_a_users_own_queries_are_followed(root: Path, tmp_path: Path) -> None:
    (tmp_path / "python-tags.scm").write_text(
        "(parameters (identifier) @name.definition.parameter)\n(comment) @comment\n"
    )
    tags = TreeSitterParser(root, tmp_path).parse_file(root / "a.py")
    assert [(tag.name, tag.kind, tag.comment) for tag in tags] == [("x", "name.definition.parameter", "Says hello.")]


def test_a_parser_asks_its_cache_and_fills_it(root: Path, tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    parser = TreeSitterParser(root, cache=cache)
    path = str(root / "a.py")
    tags = parser.get_tags(path)
    assert cache.get_tags(path) == tags
    cache.set_tags(path, tags[:1])
    assert parser.get_tags(path) == tags[:1]
    assert parser.get_tags(path, use_cache=False) == tags
    assert parser.get_tags(str(root / "gone.py")) == []
    assert get_cache_size(tmp_path / "cache") > 0
    assert get_cache_size(tmp_path / "none") == 0


def test_tags_are_kept_across_caches_threads_and_odd_names(root: Path, tmp_path: Path) -> None:
    odd = os.fsdecode(b"\xff\xfe odd\n.py")
    (root / odd).write_text("x = 1\n")
    tag = CodeTag("naïve", "name.definition.x", "f", 1, comment="why")
    cache = TreeSitterTagCache(tmp_path / "cache")
    cache.set_tags_of_files({str(root / odd): [tag], str(root / "a.py"): [tag, tag]})
    found = []
    thread = threading.Thread(target=lambda: found.append(TreeSitterTagCache(tmp_path / "cache").get_tags(root / odd)))
    thread.start()
    thread.join()
    assert found == [[tag]]
    stats = cache.get_cache_stats()
    assert (stats["cached_files"], stats["total_tags"]) == (2, 3)
    assert stats["cache_location"] == str(cache.db_path)
    os.utime(root / odd, ns=(1, 1))
    assert cache.get_tags(root / odd) == [tag]
    (root / odd).write_text("y = 1\n")
    assert cache.get_tags(root / odd) is None
    cache.invalidate_file(root / "a.py")
    assert cache.get_tags(root / "a.py") is None
    cache.clear()
    assert cache.get_cache_stats()["cached_files"] == 0
    with pytest.raises(FileNotFoundError):
        cache.set_tags(root / "gone", [tag])
    cache.close()


def test_a_file_without_end_has_no_kept_tags(tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    os.mkfifo(tmp_path / "pipe")
    assert [cache.get_tags(path) for path in (tmp_path / "pipe", "/dev/zero")] == [None, None]
    cache.close()


def test_a_state_that_somebody_else_wrote_is_not_believed(root: Path, tmp_path: Path) -> None:
    cache = TreeSitterTagCache(tmp_path / "cache")
    path = str(root / "a.py")
    cache.set_tags(path, [])
    name = cache._names()[0]
    digest = cache._store.read_state(name)["digest"]
    for state in ([], {"digest": digest}, {"digest": digest, "tags": 3}, {"digest": digest, "tags": [3]}):
        cache._store.write_state(name, state)
        assert cache.get_tags(path) is None
        assert cache.get_cache_stats()["total_tags"] == 0


def test_caches_can_be_switched_off(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPOMAP_DISABLE_CACHE", "1")
    cache = TreeSitterTagCache(tmp_path / "cache")
    cache.set_tags(root / "a.py", [])
    assert cache.get_tags(root / "a.py") is None
    assert cache.get_cache_stats()["cached_files"] == 0
    assert not cache.db_path.exists()


def test_structures_classify_each_name_once_and_when_asked() -> None:
    structures = OptimizedDataStructures()
    names = ["LIMIT", "Class", "f()", "lower", "mixedCase", "", "lower"]
    tags = [SimpleNamespace(name=name) for name in names]
    structures.add_tags("a.py", tags[:4])
    structures.add_tags("b.py", tags[4:])
    structures.add_tags("a.py", tags[3:4])
    assert structures.get_all_tags() == [*tags[:4], tags[3], *tags[4:]]
    assert structures.get_identifier_stats() == dict.fromkeys(IDENTIFIER_CLASSES, 1)
    assert structures.identifiers_by_type["variables"] == {"lower"}
    assert structures.profile()["bytes"] > structures.profile()["tags"] == 8
    structures.add_tags("c.py", [SimpleNamespace(name="OTHER")])
    assert structures.get_identifier_stats()["constants"] == 2
    assert structures.profile()["identifiers"] == 7
