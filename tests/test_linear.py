"""Cost is linear: steps of the query cursor, counted at n and 2n of whatever a text can have any number of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from list_like import CONSTRUCTS, build
from made_scans import queries_folder
from repomap_fast import _tagger
from repomap_fast.languages import LANGUAGES, find_language
from repomap_fast.tables import FileStatus
from repomap_fast.tagger import TagsQueries, compile_queries
from repomap_fast.tags_query import read_tags_query
from users_queries import USERS_QUERIES

N = 300
GROWTH = 2.2
"""Twice the text may cost that much: 2, and what a sorted search adds."""

PARSED = (FileStatus.TAGGED, FileStatus.NO_TAGS)


def count_steps(root: Path, sources: list[bytes], language: str, queries: TagsQueries) -> list[int]:
    """Return the cursor's steps for each of the sources, which must all be parsed."""
    language_id = find_language(language)
    paths = [f"{i}".encode() for i in range(len(sources))]
    for path, source in zip(paths, sources, strict=True):
        (root / path.decode()).write_bytes(source)
    offsets = np.cumsum([0, *(len(path) for path in paths)], dtype=np.uint64)
    files = _tagger.FileList(
        str(root).encode(),
        offsets,
        np.frombuffer(b"".join(paths), np.uint8),
        np.full(len(paths), language_id, np.uint16),
        queries.by_language,
        queries.keys,
        max_file_bytes=1 << 26,
        max_file_memory_bytes=1 << 32,
        file_timeout_s=60.0,
    )
    worker, counts = _tagger.TagWorker(files), []
    for file_id in range(len(sources)):
        before = worker.n_steps
        worker.tag_files(np.array([file_id], np.uint32))
        counts.append(worker.n_steps - before)
    assert set(worker.take_blocks()[1].tolist()) <= set(PARSED)
    return counts


def find_steeper(root: Path, language: str, query: str | None, n: int = N) -> dict[str, list[int]]:
    """Return the constructs of a language that cost more than linear, with their steps at n and 2n."""
    folder = queries_folder(root / "queries", **{language: query}) if query is not None else None
    queries = compile_queries([read_tags_query(find_language(language), folder)])
    constructs = CONSTRUCTS[language]
    sources = [build(construct, times) for construct in constructs.values() for times in (n, 2 * n)]
    counts = count_steps(root, sources, language, queries)
    pairs = dict(zip(constructs, zip(counts[::2], counts[1::2], strict=True), strict=True))
    return {name: list(pair) for name, pair in pairs.items() if pair[1] > GROWTH * max(pair[0], 1)}


@pytest.mark.parametrize("language", [row.name for row in LANGUAGES])
def test_a_list_twice_as_long_takes_twice_the_steps(language: str, tmp_path: Path) -> None:
    assert find_steeper(tmp_path, language, None) == {}


@pytest.mark.parametrize("language", USERS_QUERIES)
def test_a_users_query_takes_twice_the_steps_for_a_list_twice_as_long(language: str, tmp_path: Path) -> None:
    assert find_steeper(tmp_path, language, USERS_QUERIES[language]) == {}
