"""Cost is linear: steps, counted at n and 2n of whatever a text or a repository can have any number of."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.languages.grammars import load_grammar
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import FileStatus
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.tagger import TagsQueries, compile_queries
from support.constructs import Construct, build
from support.counted_calls import count_calls
from support.installed import INSTALLED_PARSED
from support.list_like import CONSTRUCTS
from support.made_scans import queries_folder
from support.users_queries import USERS_QUERIES

N = 300
GROWTH = 2.2
"""Twice the text may cost that much: 2, and what a sorted search adds."""

PARSED = (FileStatus.TAGGED, FileStatus.NO_TAGS)


def count_steps(
    root: Path,
    sources: list[bytes],
    language: str,
    queries: TagsQueries,
    steps_of: Callable[[_tagger.TagWorker], int] = lambda worker: worker.n_steps,
) -> list[int]:
    """Return the steps for each of the sources, which must all be parsed: the cursor's, or others of the worker."""
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
        before = steps_of(worker)
        worker.tag_files(np.array([file_id], np.uint32))
        counts.append(steps_of(worker) - before)
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


@pytest.mark.parametrize("language", [row.name for row in INSTALLED_PARSED])
def test_a_list_twice_as_long_takes_twice_the_steps(language: str, tmp_path: Path) -> None:
    assert find_steeper(tmp_path, language, None) == {}


@pytest.mark.parametrize("language", USERS_QUERIES)
def test_a_users_query_takes_twice_the_steps_for_a_list_twice_as_long(language: str, tmp_path: Path) -> None:
    assert find_steeper(tmp_path, language, USERS_QUERIES[language]) == {}


@pytest.mark.parametrize("language", [row.name for row in INSTALLED_PARSED])
def test_an_outline_of_a_text_twice_as_long_takes_twice_the_steps(language: str) -> None:
    row = LANGUAGES[find_language(language)]
    grammar = load_grammar(row.grammar)
    outliner = _tagger.Outliner(max_file_memory_bytes=1 << 32, file_timeout_s=60.0)

    def count(construct: Construct, n: int) -> int:
        source = np.frombuffer(build(construct, n), np.uint8)
        before = outliner.n_steps
        status, *_ = outliner.outline_text(source, grammar, bmp_only=row.bmp_only, reset_scanner=row.reset_scanner)
        assert status == FileStatus.TAGGED
        return outliner.n_steps - before

    steps = {name: (count(construct, N), count(construct, 2 * N)) for name, construct in CONSTRUCTS[language].items()}
    assert {name: pair for name, pair in steps.items() if pair[1] > GROWTH * max(pair[0], 1)} == {}


NAMES = (f"task_{i}" for i in itertools.count(20))
"""Names of functions that are in each repository, none twice."""


def scanned(root: Path, n: int) -> repomap_fast.Index:
    """An index of ``n`` functions in n / 10 files, each of which calls some of the others."""
    root.mkdir()
    for file in range(n // 10):
        numbers = range(file * 10, file * 10 + 10)
        lines = [f"def task_{i}(): return task_{i * 7 % n}() + task_{i * 11 % n}()\n" for i in numbers]
        (root / f"part_{file}.py").write_text("".join(lines))
    index = repomap_fast.Index.open(root, cache=False)
    index.refresh()
    return index


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda index: repomap_fast.search(index, "task"), id="search"),
        pytest.param(lambda index: repomap_fast.search(index, "tusk_1"), id="search-nearly"),
        pytest.param(lambda index: repomap_fast.explain(index, "task_7"), id="explain-name"),
        pytest.param(lambda index: repomap_fast.explain(index, "part_1.py"), id="explain-file"),
        pytest.param(lambda index: repomap_fast.map(index, tokens=1000), id="map"),
        pytest.param(lambda index: repomap_fast.map(index, query="part of a task", tokens=1000), id="map-query"),
        pytest.param(lambda index: repomap_fast.map(index, focus=["part_1.py"], tokens=1000), id="map-focus"),
        # Answers are kept: each time another name is asked for.
        pytest.param(lambda index: repomap_fast.show(index, next(NAMES)), id="show"),
        pytest.param(lambda index: repomap_fast.refs(index, next(NAMES)), id="refs"),
        pytest.param(lambda index: repomap_fast.callers(index, next(NAMES)), id="callers"),
        pytest.param(lambda index: repomap_fast.callees(index, next(NAMES)), id="callees"),
        pytest.param(lambda index: repomap_fast.impact(index, next(NAMES)), id="impact"),
        pytest.param(lambda index: repomap_fast.imports(index, "part_1.py"), id="imports"),
        pytest.param(repomap_fast.unused, id="unused"),
        pytest.param(repomap_fast.report, id="report"),
        pytest.param(lambda index: list(index.result.tags), id="tags"),
    ],
)
def test_twice_the_repository_takes_twice_the_calls(ask: Callable[[Any], object], tmp_path: Path) -> None:
    small, large = (scanned(tmp_path / str(n), n) for n in (N, 2 * N))
    with small, large:
        assert count_calls(lambda: ask(large)) <= GROWTH * count_calls(lambda: ask(small))


MACROS = {
    "words before a class": lambda n: b"class " + b"KIT_API " * n + b"A { };\n",
    "calls without an end": lambda n: b"DEFINE_IT(a)\n" * n + b"int f(void) { return 1; }\n",
    "open parentheses": lambda n: b"A(" * n,
    "open braces": lambda n: b"struct A {" * n,
    "open template arguments": lambda n: b"A<" * n + b"class B { };\n",
    "attributes": lambda n: b"struct A { int a; } " + b"__packed " * n + b";\n",
    "conditionals": lambda n: b"#ifdef A\nint f(\n#else\nint g(\n#endif\nint a) { }\n" * n,
    "nested conditionals": lambda n: b"#if A\n" * n + b"int a;\n" + b"#endif\n" * n,
    "branches": lambda n: b"#if A\n" + b"#elif B\n{\n" * n + b"#endif\n",
    "asked names": lambda n: b"#if " + b"A && " * n + b"B\n#endif\n",
    "definitions": lambda n: b"#define A(x) \\\n  x /* y */ \\\n" * n + b"\n",
    # Of few, for the grammar's own cost of them is their square.
    "comments without an end": lambda n: b"/* " * (n // 10),
    "raw strings": lambda n: b'R"a( ' * n,
    "quotes": lambda n: b"' \" " * n,
    "parameters": lambda n: b"int f(" + b"_In_ int a, " * n + b"int b) { }\n",
    "stars": lambda n: b"int " + b"*" * n + b"a;\n",
}


@pytest.mark.parametrize("language", ["c", "cpp"])
@pytest.mark.parametrize("name", MACROS)
def test_macros_of_a_text_twice_as_long_take_twice_the_steps(name: str, language: str, tmp_path: Path) -> None:
    queries = compile_queries([read_tags_query(find_language(language), None)])
    sources = [MACROS[name](n) for n in (4 * N, 8 * N)]
    first, second = count_steps(tmp_path, sources, language, queries, lambda worker: worker.n_macro_steps)
    assert 0 < second <= GROWTH * first
