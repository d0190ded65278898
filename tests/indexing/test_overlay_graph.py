"""The graph of a few files laid over a base, beside that of an index that joined all of them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.indexing import keep, late_tables
from repomap_fast.indexing.index import Index
from repomap_fast.joining.graph import Graph
from repomap_fast.joining.lazy_tags import PagedTags
from repomap_fast.ranking.rank import Boosts, rank
from repomap_fast.store.columns import KeptColumns
from support.described_words import describe_words

NAMES = ["a", "b", "_c", "snake_case_name", "camelCaseName", "_private_long_name", "Über", "d", "e", "f"]


def _python(rng: random.Random, names: list[str]) -> str:
    lines = []
    for _ in range(rng.randrange(5)):
        one, other, third = (rng.choice(names) for _ in range(3))
        lines.append(
            rng.choice([f"def {one}(x):\n    return {other}(x) + {third}(x)", f"class {one}: pass", f"{one}()"])
        )
    return "\n".join([*lines, f"# {len(lines)} of all names", ""])


def _javascript(rng: random.Random, names: list[str]) -> str:
    lines = []
    for _ in range(rng.randrange(4)):
        one, other = (rng.choice(names) for _ in range(2))
        lines.append(rng.choice([f"function {one}() {{ return {other}(); }}", f"class {one} {{ {other}() {{}} }}"]))
    return "\n".join([*lines, ""])


_LANGUAGES: dict[str, Callable[[random.Random, list[str]], str]] = {"py": _python, "js": _javascript}


def write(root: Path, name: str, rng: random.Random, names: list[str]) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_LANGUAGES[path.suffix[1:]](rng, names), "utf-8")


def edit(root: Path, rng: random.Random, names: list[str]) -> None:
    """Change, remove, add and touch some files."""
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.*"))
    for path in rng.sample(paths, min(rng.randrange(1, 4), len(paths))):
        what = rng.random()
        if what < 0.6:
            write(root, path, rng, names)
        elif what < 0.8:
            (root / path).unlink()
        else:
            os.utime(root / path)
    if rng.random() < 0.4:
        write(root, f"{rng.choice('abz')}/n{rng.randrange(9)}.{rng.choice(['py', 'js'])}", rng, names)


def described(graph: Graph) -> dict[str, object]:
    """Return all that a graph says and how it ranks, without the numbers of its names and kinds."""
    emphasis = Boosts(reference_factors=1.0 + np.arange(len(graph)) % 3)
    ranking = rank(graph, emphasis, limit=None)
    names = [graph.name(number) for number in range(graph.n_shared)]
    definitions = [graph.definitions(file_id) for file_id in range(len(graph))]
    return {
        "paths": list(graph.paths),
        "references": [
            [names[number] for number in graph.reference_names[start:stop].tolist()]
            for start, stop in pairwise(graph.reference_offsets.tolist())
        ],
        "counts": graph.reference_counts.tolist(),
        "definers": [
            [names[number] for number in graph.definer_names[start:stop].tolist()]
            for start, stop in pairwise(graph.definer_offsets.tolist())
        ],
        "unreferenced": graph.unreferenced_counts.tolist(),
        "traits": dict(zip(names, graph.name_traits.tolist(), strict=True)),
        "definitions": [
            [
                (graph.name(name_id), row, end_row, graph.kinds[kind_id])
                for name_id, row, end_row, kind_id in zip(
                    *(getattr(of_file, name).tolist() for name in ("name_ids", "rows", "end_rows", "kind_ids")),
                    strict=True,
                )
            ]
            for of_file in definitions
        ],
        "found": sorted(graph.name(number) for number in graph.find_shared([name.encode() for name in NAMES]).tolist()),
        "pairs": [
            (file_id, graph.name(name_id))
            for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
        ],
        "rows": graph.definition_rows(ranking.file_ids, ranking.name_ids),
        "scores": ranking.scores.tobytes(),
        "file scores": ranking.file_scores.tobytes(),
    }


def shown(index: Index) -> list[str]:
    return [repomap_fast.map(index, tokens=tokens, query="a snake_case_name").text for tokens in (60, 2000)]


def assert_as_fresh(index: Index) -> None:
    with Index.open(index.root, cache=False) as fresh:
        fresh.refresh()
        assert described(index.graph) == described(fresh.graph)
        assert describe_words(index.result.words) == describe_words(fresh.result.words)
        assert index.result.identifier_classes == fresh.result.identifier_classes
        assert shown(index) == shown(fresh)


@pytest.mark.parametrize("n_names", [3, len(NAMES)])
@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 200))])
def test_the_graph_of_an_overlay_is_that_of_a_join(tmp_path: Path, seed: int, n_names: int) -> None:
    rng = random.Random(seed)
    names = NAMES[:n_names]
    root = tmp_path / "repository"
    for number in range(rng.randrange(1, 12)):
        write(root, f"{rng.choice('abc')}/f{number}.{rng.choice(['py', 'py', 'js'])}", rng, names)
    n_overlays = 0
    for _ in range(5):
        # Each time opened anew, so that the columns are mapped, and sometimes over what an overlay was over.
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
            n_overlays += not isinstance(index.graph.tags, PagedTags)
            assert_as_fresh(index)
        edit(root, rng, names)
    # A few of all are so small that nothing is ever referred to.
    assert n_overlays or seed >= 6


def test_an_overlay_joins_nothing_and_reads_pieces_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "repository"
    rng = random.Random(5)
    for number in range(20):
        write(root, f"f{number:02}.py", rng, [f"name_{i}" for i in range(400)])
    (root / "f10.py").write_text("def alpha(x): pass\ndef beta(x): return name_1(x)\n")
    repomap_fast.scan(root, cache_dir=tmp_path / "cache")
    # What was unreferenced is referred to now: the files that define it are found among all tags.
    (root / "f10.py").write_text("def alpha(x): pass\ndef gamma(x): return name_1(x)\n")
    (root / "f11.py").write_text("def delta(x): return alpha(x)\n")
    for module in (keep, late_tables):
        monkeypatch.setattr(module, "join_base", lambda *_: pytest.fail("all files were joined"))
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        assert index.refresh().parsed == 2
        assert index._loaded.kept is not None
        assert index._loaded.kept.overlay is not None
        found = described(index.graph)
        assert all(shown(index))
        columns = index._loaded.kept.base.columns
        assert isinstance(columns, KeptColumns)
        whole = {name for name in columns._arrays if not name.startswith(("graph_", "file_"))}
        # What has one number for each file is read whole.
        assert whole == {"piece_checksums", "word_offsets", "word_name_lengths", "word_rest_lengths"}
    monkeypatch.undo()
    with Index.open(root, cache=False) as fresh:
        fresh.refresh()
        assert found == described(fresh.graph)


def test_without_any_reference_all_is_joined(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "a.py").write_text("def alpha(): pass\n")
    (root / "b.py").write_text("def alpha(): pass\ndef beta(): pass\n")
    for source in ("def gamma(): pass\n", "def gamma(): return alpha()\n", "class Gamma: pass\n", ""):
        (root / "c.py").write_text(source)
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
            assert_as_fresh(index)
