"""A broken source: whatever it is, it has a status within its budget, and its tags keep what the tables promise."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

import numpy as np
from mutation import Corpus, make_source

from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import NO_SCOPE, FileStatus
from support.made_scans import columns, scan_source, status

BUDGET = {"timeout_per_file": 1.0, "max_file_memory": 128 * 2**20, "fences": True}
_SLACK_S = 20
"""Processor seconds: sanitizers are slow, and so may the machine be. A hang is found by the parent."""


def make(draw: Random, corpus: Corpus) -> tuple[bytes, str]:
    """Return a broken source and its language."""
    language = draw.choice(list(corpus))
    return make_source(draw, language, corpus), language


def run(source: bytes, language: str, folder: Path) -> None:
    """Tag the source, and again: the same tags, unless a budget was spent."""
    start = time.process_time()
    first = scan_source(folder, source, language, **BUDGET)
    assert time.process_time() - start < BUDGET["timeout_per_file"] + _SLACK_S
    check(first, source)
    second = scan_source(folder, source, language, **BUDGET)
    if FileStatus.OUT_OF_TIME not in (status(first), status(second)):
        before, after = columns(first), columns(second)
        differing = [name for name, column in before.items() if after[name] != column]
        assert not differing, (differing, first.file("source"), second.file("source"))


def check(result: ScanResult, source: bytes) -> None:
    """Raise AssertionError where a column breaks its promise."""
    files, tags = result.file_table, result.tag_table
    n = len(tags)
    assert files.tag_offsets.tolist() == [0, n]
    assert n == 0 or status(result) == FileStatus.TAGGED
    assert (tags.end_rows >= tags.rows).all()
    n_lines = (source.count(b"\n") or source.count(b"\r")) + 1
    assert n == 0 or source[:2] in (b"\xff\xfe", b"\xfe\xff") or int(tags.end_rows.max()) < n_lines
    scopes = tags.scope_tag_ids
    assert ((scopes == NO_SCOPE) | ((scopes >= 0) & (scopes < n) & (scopes != np.arange(n)))).all()
    assert all(tags.names[i] for i in range(len(tags.names)))
    for row in range(min(n, 200)):
        result.tag(row)
