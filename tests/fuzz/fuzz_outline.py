"""A broken source is shown: its outline stays within its budget and keeps its promises, and so does what is shown."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random

from mutation import Corpus, make_source

from repomap_fast.drawing.outline import Outline, Outliners, Text
from repomap_fast.drawing.render import LINE_LENGTH, Excerpt, excerpt, excerpt_text
from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.languages.table import LANGUAGES, find_language
from support.installed import INSTALLED_PARSED

BUDGET_S = 1.0
_SLACK_S = 20
"""Sanitizers are slow, and so may the machine be; a hang is something else."""


def make(draw: Random, corpus: Corpus) -> tuple[bytes, str]:
    """Return a broken source and its language."""
    language = draw.choice([row.name for row in INSTALLED_PARSED])
    return make_source(draw, language, corpus), language


def run(source: bytes, language: str, folder: Path) -> None:
    """Outline the source, and show rows of it: its first, its last, one beyond, and some between."""
    grammar = LANGUAGES[find_language(language)].grammar
    outliners = Outliners(n_workers=1, max_file_memory_bytes=128 << 20, file_timeout_s=BUDGET_S)
    for rule in LineRule:
        lines = SourceLines(source, rule)
        start = time.process_time()
        outline = outliners.outline([Text(lines.text, grammar)])[0]
        assert time.process_time() - start < BUDGET_S + _SLACK_S
        if outline is not None:
            check_outline(outline, lines.text)
        n = len(lines)
        rows = sorted({0, n // 3, n // 2, n - 1, n, n + 7})
        check_excerpt(excerpt(lines, outline, rows), rows, n)


def check_outline(outline: Outline, text: bytes) -> None:
    """Raise AssertionError where a column breaks its promise."""
    rows, end_rows, head_rows = outline.rows.tolist(), outline.end_rows.tolist(), outline.head_rows.tolist()
    assert rows == sorted(set(rows))
    assert all(row < end_row for row, end_row in zip(rows, end_rows, strict=True))
    assert all(1 <= n <= min(10, end - row) for row, end, n in zip(rows, end_rows, head_rows, strict=True))
    assert max(end_rows, default=0) <= text.count(b"\n")


def check_excerpt(shown: Excerpt, rows: list[int], n: int) -> None:
    """Raise AssertionError where a row of interest is missing, or a line too long."""
    assert list(shown.rows) == sorted(set(shown.rows))
    assert {row for row in rows if row < n} <= set(shown.rows)
    assert max(shown.rows, default=0) < n == shown.n_rows
    assert all(len(line) < LINE_LENGTH for line in shown.lines)
    assert Excerpt.from_bytes(shown.to_bytes()) == shown
    text = excerpt_text(shown)
    assert text.count("\n") >= len(shown.rows)
