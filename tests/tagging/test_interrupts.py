"""Ctrl-C in compiled loops: signals are handled while they run, not after."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from types import FrameType

import numpy as np
import pytest

from repomap_fast.discovery import _git_listing
from repomap_fast.drawing import _tokens
from repomap_fast.joining import _graph, _identifiers, _join, _path_kinds, _words
from repomap_fast.languages import _identify
from repomap_fast.languages.grammars import load_grammar
from repomap_fast.ranking import _definitions, _rank
from repomap_fast.tables import U8, U64
from repomap_fast.tagging import _tagger
from repomap_fast.tagging import _words as _terms

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no interval timer")

N_STEPS = 30_000_000
"""A loop looks for signals once in 4 million steps: some seven times."""


def strings(n: int, text: bytes) -> tuple[U64, U8]:
    """Return the columns of ``n`` equal strings."""
    offsets = np.arange(n + 1, dtype=np.uint64) * np.uint64(len(text))
    return offsets, np.frombuffer(text * n, np.uint8)


def page_rank() -> None:
    """Rank a ring of files, each of which refers to a name of the next."""
    n = 100_000
    offsets, ones = np.arange(n + 1, dtype=np.uint64), np.ones(n, np.uint32)
    following = np.roll(np.arange(n, dtype=np.uint32), 1)
    personal = np.zeros(n)
    personal[0] = 1
    numbers, alike, none = np.arange(n, dtype=np.uint32), np.ones(n), np.zeros(n, np.uint32)
    _rank.page_rank(
        offsets, following, ones, offsets, numbers, none, ones, alike, alike, personal, 0.1, 0.99, 1e-300, 75
    )


def enclosing_rows() -> None:
    n = N_STEPS // 4
    rows = np.zeros(n, np.uint32)
    _definitions.enclosing_rows(np.array([0, n], np.uint64), rows, rows)


def prove_a_query() -> None:
    query = b"(module " + b"(identifier)? " * 150 + b"(expression_statement) @name)"
    with pytest.raises(ValueError, match="too long to prove"):
        _tagger.TagsQuery(load_grammar("python"), query, check_patterns=True, bmp_only=False, max_proof_checks=10_000)


def link_files() -> None:
    n = N_STEPS // 40
    names, roles, counts = np.zeros(n, np.uint32), np.ones(n, np.uint8), np.full(n // 10, 10, np.uint32)
    for _ in range(10):
        _graph.link_files(counts, names, roles, *(np.zeros(1, np.uint32) for _ in range(4)), 0, False)


LOOPS: dict[str, Callable[[], object]] = {
    "classify_identifiers": lambda: _identifiers.classify_identifiers(
        *strings(N_STEPS // 17, b"abcdefgh"), np.ones(128, np.uint8)
    ),
    "match_kinds": lambda: _path_kinds.match_kinds(*strings(N_STEPS // 9, b"abcd/fgh"), [(b"a", 1)], [(b"b", 1)], []),
    "count_pieces": lambda: _tokens.count_pieces(b"abcd " * (N_STEPS // 5)),
    "enclosing_rows": enclosing_rows,
    "owned_runs": lambda: _definitions.owned_runs(
        np.full(N_STEPS, ord("\n"), np.uint8),
        np.array([0, N_STEPS], np.uint64),
        np.zeros(2, np.int64),
        *(np.zeros(0, np.uint32) for _ in range(2)),
        np.zeros(0, np.int64),
    ),
    "mark_names": lambda: _graph.mark_names(
        np.zeros(N_STEPS, np.uint32), np.zeros(N_STEPS, np.uint8), np.zeros(1, np.uint8)
    ),
    "link_files": link_files,
    "name_traits": lambda: _graph.name_traits(*strings(N_STEPS // 9, b"abcdefgh")),
    "page_rank": page_rank,
    "read_listing": lambda: _git_listing.read_listing(b"H a/bcdefgh\0" * (N_STEPS // 16)),
    "split_paths": lambda: _identify.split_paths(*strings(N_STEPS // 48, b"a/bc.def"), 1),
    "find_names of a join": lambda: _join.find_names(
        [b"abc"] * 7, np.ones(1 << 22, np.uint32), 1, np.array([0, 1], np.uint64), np.zeros(1, np.uint8)
    ),
    "terms_in": lambda: _terms.terms_in(b"abcd " * (N_STEPS // 64)),
    "count_terms of texts": lambda: _terms.count_terms(
        np.frombuffer(b"abcd " * (N_STEPS // 37), np.uint8),
        np.array([0, N_STEPS // 37 * 5], np.uint64),
        [b"abcd"],
        np.zeros(1, np.uint32),
    ),
    "find_pairs": lambda: _words.WantedTerms(np.zeros(1, np.uint32)).find_pairs(
        np.ones(N_STEPS, np.uint32),
        np.zeros(N_STEPS, np.uint8),
        np.zeros(N_STEPS, np.uint8),
        0,
        np.array([0, N_STEPS], np.uint64),
        np.zeros(1, np.int64),
    ),
    "add_bm25": lambda: _words.add_bm25(
        np.zeros(1),
        *(np.zeros(N_STEPS // 8, np.uint32) for _ in range(2)),
        *(np.zeros(N_STEPS // 8, np.uint8) for _ in range(2)),
        *(np.zeros(1) for _ in range(3)),
        1.5,
    ),
    "prove a query": prove_a_query,
}


@pytest.mark.parametrize("name", LOOPS)
def test_a_compiled_loop_handles_signals_while_it_runs(name: str) -> None:
    n_handled = 0

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal n_handled
        n_handled += 1
        # Only now, so that no signal comes while one is handled.
        signal.setitimer(signal.ITIMER_REAL, 0.001)

    before = signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        LOOPS[name]()
    finally:
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert n_handled >= 3


def test_a_handler_that_raises_ends_the_loop() -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(KeyboardInterrupt):
            page_rank()
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        with pytest.raises(KeyboardInterrupt):
            prove_a_query()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
