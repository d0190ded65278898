"""A broken query: it is refused with a QueryError, or it tags within its budget; in both cases nothing else happens."""

from __future__ import annotations

from pathlib import Path
from random import Random

from fuzz_tagger import BUDGET, check
from mutation import Corpus, kinds_of, mutate

from repomap_fast.errors import QueryError
from support.installed import INSTALLED_PARSED
from support.made_scans import our_query, queries_folder, scan_source

_LONGEST = 6000
"""Bytes: the core proves each pattern of a user's query, which takes it seconds for a long one under sanitizers."""
_SEPARATOR = b"\n;;;; source\n"


def make(draw: Random, corpus: Corpus) -> tuple[bytes, str]:
    """Return a few broken patterns and a source, as one file, and their language."""
    language = draw.choice([row.name for row in INSTALLED_PARSED])
    patterns = our_query(language).encode().split(b"\n\n")
    chosen = b"\n\n".join(draw.sample(patterns, min(len(patterns), draw.randint(1, 4))))
    query = mutate(draw, chosen, patterns, kinds_of(language))[:_LONGEST]
    source = draw.choice(corpus[language])[:20_000] if corpus[language] else b"f()"
    return join_input(query, source), language


def join_input(query: bytes, source: bytes) -> bytes:
    """Return a query and a source as ``run`` takes them."""
    return query + _SEPARATOR + source


def run(source: bytes, language: str, folder: Path) -> None:
    """Load the query and tag the source with it."""
    query, _, text = source.partition(_SEPARATOR)
    queries_folder(folder / "queries")
    (folder / "queries" / f"{language}.scm").write_bytes(query)
    try:
        result = scan_source(folder, text, language, queries=folder / "queries", **BUDGET)
    except QueryError:
        return
    finally:
        (folder / "queries" / f"{language}.scm").unlink()
    check(result, text)
