"""A block from a store, sealed by whoever may write there: it is refused, or the tables made of it keep their promises.

The seal is no secret, so each broken block is sealed again; only what the reader itself checks is between it and us.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
from mutation import Corpus, mutate

from reference.blocks import Block, seal, write_block
from repomap_fast.joining.join import join, tag_table
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import NO_SCOPE
from repomap_fast.tagging.block import check_block, read_counts, read_names

_KEY = bytes(range(32))
_KINDS = tuple(f"kind{i}" for i in range(5))


def make(draw: Random, _corpus: Corpus) -> tuple[bytes, str]:
    """Return a block with some of it wrong, and sealed."""
    n_names, n_tags = draw.choice((0, 1, 3, 300)), draw.choice((0, 1, 5, 400))
    names = [b"n%d" % i * draw.choice((1, 1, 90)) for i in range(n_names)]
    rows = [
        (
            draw.randrange(max(1, n_names)),
            draw.randrange(len(_KINDS)),
            draw.random() < 0.5,
            draw.choice((i, draw.getrandbits(32))),
            draw.getrandbits(draw.choice((0, 7, 15, 31))),
            draw.getrandbits(draw.choice((0, 7, 15, 32))),
            draw.randrange(-1, n_tags),
        )
        for i in range(n_tags)
    ]
    hashes = sorted({draw.getrandbits(draw.choice((2, 32))) for _ in range(draw.choice((0, 1, 50)))})
    terms = [(term, draw.choice((0, 1, 255)), draw.choice((1, 255))) for term in hashes]
    lengths = sum(term[1] for term in terms), sum(term[2] for term in terms)
    block = write_block(_KEY, Block(draw.randrange(9), names, rows, terms, lengths))[:-8]
    way = draw.random()
    if way < 0.3:
        broken = bytearray(block)
        for _ in range(draw.choice((1, 2, 5))):
            broken[draw.randrange(36 if draw.random() < 0.6 else len(broken))] = draw.choice((0, 1, 2, 4, 127, 255))
        block = bytes(broken)
    elif way < 0.6:
        block = mutate(draw, block, [block], [b"\0" * 4, b"\xff" * 4, b"\1\0\0\0"])
    return block + seal(_KEY, block), "any"


def run(source: bytes, _name: str, _folder: Path) -> None:
    """Check the block; join it, twice, where it is sound."""
    checked = check_block(_KEY, source, len(_KINDS))
    if checked is None:
        return
    n_tags, n_definitions, status = checked
    assert read_counts(source) == (status, n_tags, n_definitions)
    out = MemoryColumns()
    language_ids = np.zeros(2, np.uint16)
    joined = join([([source, source], language_ids)], {0: _KINDS}, out)
    tags = tag_table(out, joined.kinds, joined.seed)
    assert len(tags) == 2 * n_tags
    assert set(read_names(source)) >= set(tags.names)
    words = FileWords.of(WordColumns.of(out))
    assert words.name_lengths[0] == words.name_lengths[1]
    hashes = out.array("word_hashes", np.uint32)
    assert (words.document_frequencies(hashes) == 2).all()
    assert (tags.name_ids < len(tags.names)).all() if n_tags else True
    assert (tags.kind_ids < len(_KINDS)).all()
    assert int((tags.roles == 0).sum()) == 2 * n_definitions
    for row in range(min(2 * n_tags, 300)):
        scope, n_steps = int(tags.scope_tag_ids[row]), 0
        while scope != NO_SCOPE:
            assert 0 <= scope < 2 * n_tags
            assert n_steps <= n_tags
            scope, n_steps = int(tags.scope_tag_ids[scope]), n_steps + 1
