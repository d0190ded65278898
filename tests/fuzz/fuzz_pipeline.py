"""Broken sources of several languages: scanned, mapped in every format, searched and explained, all within budgets."""

from __future__ import annotations

import json
import shutil
import time
import xml.dom.minidom
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
from fuzz_tagger import BUDGET
from mutation import Corpus
from node_mutation import mutate_nodes
from parts import pack, unpack, write_below

import repomap_fast
from repomap_fast.errors import RepoMapError
from repomap_fast.joining.result import ScanResult
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.options import ScanKeywords
from repomap_fast.tables import I32, NO_SCOPE
from repomap_fast.weights import Weights

_SLACK_S = 60
_FORMATS = ("text", "markdown", "excerpts", "json", "xml")
_WEIGHTS = (None, Weights.aider(), Weights(by_rank_alone=True), Weights(file_power=0.0, definition_rows=0.0))


def make(draw: Random, corpus: Corpus) -> tuple[bytes, str]:
    """Return one to five broken sources."""
    parts = {}
    for i in range(draw.choice((1, 1, 2, 5))):
        row = draw.choice(LANGUAGES)
        name = f"f{i}{row.suffixes[0]}" if row.suffixes else row.file_names[0]
        parts[name] = mutate_nodes(draw, row.name, corpus)
    return pack(parts), "any"


def run(source: bytes, _name: str, folder: Path) -> None:
    """Scan the sources, then ask everything of the result that a user can ask."""
    draw = Random(source)
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    parts = unpack(source)
    write_below(root, parts)
    start = time.monotonic()
    options: ScanKeywords = {"workers": draw.choice((1, 2)), **BUDGET}
    result = repomap_fast.scan(root, cache=False, **options)
    check_tables(result)
    names = _some_names(draw, result)
    _map(draw, root, options, names)
    for name in names[:2]:
        repomap_fast.search(root, name, cache=False, references=True, **options)
    if len(result.tag_table):
        tag = result.tag(draw.randrange(len(result.tag_table)))
        # It may name no definition: a reference, or a name that is not UTF-8.
        with suppress(RepoMapError):
            repomap_fast.explain(root, draw.choice((tag.name, tag.path)), cache=False, **options)
    assert time.monotonic() - start < _SLACK_S + 5 * len(parts)


def check_tables(result: ScanResult) -> None:
    """Raise AssertionError where a column of several files' tags breaks its promise."""
    files, tags = result.file_table, result.tag_table
    n = len(tags)
    offsets = files.tag_offsets.astype(np.int64)
    assert offsets[-1] == n
    assert (np.diff(offsets) >= 0).all()
    if not n:
        return
    assert (tags.end_rows >= tags.rows).all()
    assert int(tags.name_ids.max()) < len(tags.names)
    assert int(tags.kind_ids.max()) < len(tags.kinds)
    file_of_tag = np.searchsorted(offsets, np.arange(n), side="right")
    scoped = np.flatnonzero(tags.scope_tag_ids != NO_SCOPE)
    scopes = tags.scope_tag_ids[scoped]
    assert ((scopes >= 0) & (scopes < n)).all()
    assert (file_of_tag[scopes] == file_of_tag[scoped]).all()
    assert leads_out(tags.scope_tag_ids)


def leads_out(scopes: I32) -> bool:
    """Return whether each tag's scopes, one around the other, end outside of all."""
    # A last row stands for "outside". Each step looks twice as far.
    outside = len(scopes)
    around = np.append(np.where(scopes == NO_SCOPE, outside, scopes), outside)
    for _ in range(outside.bit_length()):
        around = around[around]
    return bool((around == outside).all())


def _some_names(draw: Random, result: ScanResult) -> list[str]:
    names = result.tag_table.names
    chosen = [names[i] for i in draw.sample(range(len(names)), min(4, len(names)))]
    texts = [name.decode("utf-8", "replace")[:100] for name in chosen]
    return [text for text in texts if text.strip() and "\0" not in text]


def _map(draw: Random, root: Path, options: ScanKeywords, names: list[str]) -> None:
    format = draw.choice(_FORMATS)
    drawn = repomap_fast.map(
        root,
        tokens=draw.choice((64, 1024, 8000, 100_000)),
        query=" ".join(names),
        mention=[name for name in names[:1] if name.isidentifier()],
        format=format,
        header=draw.random() < 0.5,
        weights=draw.choice(_WEIGHTS),
        cache=False,
        **options,
    )
    assert drawn.tokens <= drawn.budget
    drawn.text.encode()
    if format == "json":
        json.loads(drawn.text)
    elif format == "xml":
        xml.dom.minidom.parseString(drawn.text)
