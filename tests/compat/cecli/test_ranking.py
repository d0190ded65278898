"""Ranks, beside networkx's of a graph that is made edge by edge."""

from __future__ import annotations

import math
import os
from collections import Counter
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.compat.aider.ranking import Mentions, Table
from repomap_fast.compat.aider.tag import columns_of_tags
from repomap_fast.compat.cecli import ranking
from repomap_fast.compat.cecli.ranking import rank_tags
from repomap_fast.compat.cecli.tag import Tag

PATHS = ["a/b/one.py", "a/b/two.py", "a/three.py", "c/four.py", "c/five.go"]
NAMES = ["f", "long_name_here", "long_test_name", "g"]
TAGS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["def", "ref"])), max_size=6)


def table_of(files: list[list[Tag]]) -> Table:
    return Table("", {}, PATHS, PATHS, columns_of_tags(files))


def ranked(table: Table, mentions: Mentions, *, by_imports: bool = False) -> list[Any]:
    def make(file: int, rows: Any) -> list[Any]:
        return [(PATHS[file], table.columns.name(int(table.columns.name_ids[row]))) for row in rows]

    return rank_tags(table, mentions, make, by_imports=by_imports).all()


def expected_ranks(files: list[list[Tag]], mentions: Mentions) -> dict[tuple[str, str], float]:
    """Return the rank of each definition as the rules say it."""
    uses = [Counter(tag.name for tag in tags if tag.kind == "ref") for tags in files]
    definers = {name: [f for f, tags in enumerate(files) if (name, "def") in {t[3:5] for t in tags}] for name in NAMES}
    if not any(uses):
        uses = [Counter(name for name in NAMES if f in definers[name]) for f in range(len(files))]
    graph: Any = networkx.MultiDiGraph()
    graph.add_nodes_from(f for f, tags in enumerate(files) if tags)
    linked = [name for name in NAMES if definers[name] and any(use[name] for use in uses)]
    for name in NAMES:
        if name not in linked:
            graph.add_edges_from((f, f, {"weight": 2**-32 / (len(linked) + 1), "name": name}) for f in definers[name])
            continue
        factor = 16.0 if name in mentions.idents else 1.0
        factor *= 16.0 if name == "long_name_here" else 1.0
        factor *= math.log2(4 / 2 ** len(definers[name]) + 1) if len(definers[name]) > 4 else 1.0
        total = sum(use[name] for use in uses)
        factor *= round(math.log2(sum(bool(use[name]) for use in uses) * total**2 + 1))
        for source, use in enumerate(uses):
            for target in definers[name] if use[name] and source not in definers[name] else [source] * bool(use[name]):
                a, b = PurePosixPath(PATHS[source]), PurePosixPath(PATHS[target])
                if a.suffix != b.suffix:
                    continue
                n_shared = len(PurePosixPath(os.path.commonpath([a, b])).parts)
                weight = factor * 2.0 ** -(len(a.parts) + len(b.parts) - 2 * n_shared)
                if PATHS[source] in mentions.chat_fnames:
                    weight *= 64
                elif source == target:
                    weight *= use[name] / 128
                graph.add_edge(source, target, weight=weight, name=name)
    wanted = {f: 1.0 for f, path in enumerate(PATHS) if path in mentions.chat_fnames}
    graph.add_nodes_from(wanted)
    scores = networkx.pagerank(graph, personalization=wanted or None, dangling=wanted or None, tol=1e-13, max_iter=1000)
    ranks: Counter[tuple[str, str]] = Counter()
    for source in graph:
        total_weight = sum(data["weight"] for _, _, data in graph.out_edges(source, data=True))
        for _, target, data in graph.out_edges(source, data=True):
            if PATHS[target] not in mentions.chat_fnames:
                ranks[PATHS[target], data["name"]] += scores[source] * data["weight"] / total_weight
    return dict(ranks)


@settings(max_examples=40)
@given(st.lists(TAGS, min_size=len(PATHS), max_size=len(PATHS)), st.booleans(), st.booleans())
def test_they_are_what_the_rules_say(drawn: list[list[tuple[str, str]]], has_chat: bool, has_mention: bool) -> None:
    files = [
        [Tag(path, path, line, name, kind) for line, (name, kind) in enumerate(tags)]
        for path, tags in zip(PATHS, drawn, strict=True)
    ]
    chat = frozenset(PATHS[:1] if has_chat else ())
    idents = frozenset(NAMES[:1] if has_mention else ())
    mentions = Mentions(chat_fnames=chat, other_rel_fnames=frozenset(PATHS), fnames=frozenset(), idents=idents)
    if not any(files):
        assert ranked(table_of(files), mentions) == [(path,) for path in sorted(PATHS)]
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranking, "_TOLERANCE", 1e-14)
        patch.setattr(ranking, "_MAX_ITERATIONS", 1000)
        found = [entry for entry in dict.fromkeys(ranked(table_of(files), mentions)) if len(entry) > 1]
    ranks = expected_ranks(files, mentions)
    assert set(found) == set(ranks)
    for better, worse in pairwise(found):
        assert ranks[better] >= ranks[worse] - 1e-12


def test_names_of_very_many_files_lead_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_MAX_DEFINERS", 2)
    files = [[Tag(path, path, 0, "f", "def")] for path in PATHS[:3]]
    files += [[Tag(PATHS[3], PATHS[3], 0, "f", "ref")], []]
    mentions = Mentions(frozenset(), frozenset(PATHS), frozenset(), frozenset())
    assert {entry[0] for entry in ranked(table_of(files), mentions) if len(entry) > 1} == set(PATHS[:3])


def test_references_follow_imports_if_they_are_to() -> None:
    files = [
        [Tag(PATHS[0], PATHS[0], 0, "f", "def")],
        [Tag(PATHS[1], PATHS[1], 0, "f", "def")],
        [Tag(PATHS[2], PATHS[2], 0, "b.two", "ref", "import"), Tag(PATHS[2], PATHS[2], 1, "f", "ref", "call")],
        [],
        [],
    ]
    mentions = Mentions(frozenset(), frozenset(PATHS), frozenset(), frozenset())
    by_imports = ranked(table_of(files), mentions, by_imports=True)
    assert by_imports[0] == (PATHS[1], "f")
    assert (PATHS[0],) in by_imports
    assert (PATHS[0], "f") in ranked(table_of(files), mentions)
