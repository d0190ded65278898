"""A large text is parsed in windows: all is found that a whole parse finds, and less is in memory at once."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import FileStatus
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.tagger import compile_queries
from support.installed import INSTALLED_PARSED

CASES = Path(__file__).parents[1] / "tags"
ONE_WINDOW = 1 << 20
LIST = b"".join(b"# of %d\ndef f%d(a):\n    return g(a)\n" % (i, i) for i in range(4000))


def tag(
    paths: list[Path], language: str, window_bytes: int, *, queries: Path | None = None, max_file_memory: int = 1 << 30
) -> list[tuple[int, bytes]]:
    """Return the status and the block of each file."""
    language_id = find_language(language)
    compiled = compile_queries([read_tags_query(language_id, queries)])
    names = [os.fsencode(path.relative_to("/")) for path in paths]
    files = _tagger.FileList(
        b"/",
        np.cumsum([0, *map(len, names)], dtype=np.uint64),
        np.frombuffer(b"".join(names), np.uint8),
        np.full(len(names), language_id, np.uint16),
        compiled.by_language,
        compiled.keys,
        max_file_bytes=1 << 26,
        max_file_memory_bytes=max_file_memory,
        file_timeout_s=60.0,
        window_bytes=window_bytes,
    )
    worker, found = _tagger.TagWorker(files), []
    for file_id in range(len(paths)):
        worker.tag_files(np.array([file_id], np.uint32))
        _, statuses, _, _, blocks = worker.take_blocks()
        found.append((int(statuses[0]), blocks[0]))
    return found


def source(root: Path, contents: bytes) -> Path:
    path = root / "source"
    path.write_bytes(contents)
    return path


@pytest.mark.parametrize("language", [row.name for row in INSTALLED_PARSED])
def test_windows_of_any_size_give_the_block_of_the_whole(language: str) -> None:
    paths = sorted((CASES / language).glob("*/input.*"))
    whole = tag(paths, language, ONE_WINDOW)
    for window_bytes in (1, 100):
        assert tag(paths, language, window_bytes) == whole


def test_a_window_is_given_up_before_the_next_one_is_parsed(tmp_path: Path) -> None:
    path = source(tmp_path, LIST)
    whole = tag([path], "python", ONE_WINDOW)
    assert whole[0][0] == FileStatus.TAGGED
    assert tag([path], "python", 1 << 12, max_file_memory=8 << 20) == whole
    assert tag([path], "python", ONE_WINDOW, max_file_memory=8 << 20)[0][0] == FileStatus.OUT_OF_MEMORY


def test_errors_between_windows_are_those_of_the_whole(tmp_path: Path) -> None:
    path = source(tmp_path, LIST[:20_000] + b"def )(:\n  ]\n" + LIST[:20_000] + b"x = = (\n" + LIST[:9_000])
    assert tag([path], "python", 500) == tag([path], "python", ONE_WINDOW)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("c", b"e s;;t r({{}"),
        ("go", b"var(g*g\n)\ny/t{t,l*N[func(e interface{e"),
        ("lua", b'local g k()d(a"'),
        ("lua", b"r=o}n()a#"),
        ("lua", b'local N""e{n(t'),
        ("lua", b'local V""f(a"'),
    ],
)
def test_a_text_whose_error_takes_back_finished_statements_is_parsed_as_a_whole(
    tmp_path: Path, language: str, text: bytes
) -> None:
    path = source(tmp_path, text)
    assert tag([path], language, 1) == tag([path], language, ONE_WINDOW)


def test_a_text_with_an_error_that_a_repair_mends_is_parsed_as_a_whole(tmp_path: Path) -> None:
    sound = b"".join(b"function f%d() { return 1; }\n" % i for i in range(300))
    path = source(
        tmp_path, b"/* @flow */\n" + sound + b"type A = {| b: c |};\nfunction g(a: ?string): void {}\n" + sound
    )
    whole = tag([path], "javascript", ONE_WINDOW)
    assert b"A" in whole[0][1]
    assert tag([path], "javascript", 200) == whole


@pytest.mark.parametrize(
    "query",
    [
        "(module . (function_definition name: (identifier) @name) @definition.function)",
        "(module (function_definition name: (identifier) @name) . (comment)) @definition.function",
        "(module (function_definition (identifier) @name)) @definition.module",
        "((comment) . (function_definition name: (identifier) @name) @definition.function)",
        "(module (function_definition name: (identifier) @name) @definition.function)",
    ],
)
def test_a_query_about_neighbours_at_the_root_sees_them_all(tmp_path: Path, query: str) -> None:
    path = source(tmp_path, LIST[len(b"# of 0\n") : 8_000])
    folder = tmp_path / "queries"
    folder.mkdir()
    (folder / "python.scm").write_text(query, "utf-8")
    whole = tag([path], "python", ONE_WINDOW, queries=folder)
    assert whole[0][0] == FileStatus.TAGGED
    assert tag([path], "python", 100, queries=folder) == whole
