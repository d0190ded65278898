"""Facts of a file, decoded slowly as cext/tagging/fact_records.h describes them, for files without ghosts."""

from __future__ import annotations

from dataclasses import dataclass, field

from repomap_fast.joining import facts as of

_SHAPES = (
    *(of.CHAIN_NAME, of.CHAIN_MEMBER, of.CHAIN_CALL, of.CHAIN_ITEM, of.CHAIN_INSTANCE, of.CHAIN_ONE_OF),
    of.CHAIN_LITERAL,
)
_WITH_NAME = (of.CHAIN_NAME, of.CHAIN_MEMBER, of.CHAIN_TAG)
_WITH_TWO_CHAINS = (of.CHAIN_ONE_OF, of.CHAIN_GENERIC, of.CHAIN_ARGUMENT)
_WITHOUT_BASE = (of.CHAIN_NAME, of.CHAIN_SELF, of.CHAIN_SUPER, of.CHAIN_TAG)
_HAS_BASES, _HAS_TAG, _HAS_FLAGS, _HAS_EVAL_SCOPE = 8, 8, 16, 32


@dataclass
class SlowFacts:
    """Lists of tuples, in the order of the records; -1 for none.

    chains    op, base, name. scopes: parent, kind, tag, result. bases: scope, chain, kind.
    bindings  scope, name, kind, chain, tag, row, flags, scope in which the chain holds.
    """

    names: list[bytes] = field(default_factory=list)
    chains: list[tuple[int, int, int]] = field(default_factory=list)
    scopes: list[tuple[int, int, int, int]] = field(default_factory=list)
    bases: list[tuple[int, int, int]] = field(default_factory=list)
    bindings: list[tuple[int, ...]] = field(default_factory=list)


class _Reader:
    def __init__(self, records: bytes) -> None:
        self._records = iter(records)

    def byte(self) -> int:
        return next(self._records)

    def number(self) -> int:
        number, shift = 0, 0
        while True:
            byte = self.byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number

    def signed(self, code: int) -> int:
        return -(code >> 1) - 1 if code & 1 else code >> 1

    def texts(self) -> list[bytes]:
        return [bytes(self.byte() for _ in range(self.number())) for _ in range(self.number())]


def decode_slowly(facts: bytes, uses: bytes) -> SlowFacts:
    """Return what records of facts say; ``uses`` are those of the uses of the same file."""
    reader, found = _Reader(facts), SlowFacts(_Reader(uses).texts() if uses else [])
    found.names += reader.texts()
    n_ghosts = reader.number()
    assert not n_ghosts
    n_scopes, n_chains = reader.number(), reader.number()
    found.chains = [_chain(reader, number) for number in range(1, n_chains + 1)]
    found.scopes.append((-1, of.SCOPE_FILE, -1, -1))
    tag = 0
    for number in range(1, n_scopes + 1):
        parent, kind, code = number - reader.number(), reader.byte(), reader.number()
        tag += reader.signed(code - 1) if code else 0
        found.scopes.append((parent, kind & 7, tag if code else -1, reader.number() - 1))
        for _ in range(reader.number() if kind & _HAS_BASES else 0):
            kind_of_base = reader.byte()
            found.bases.append((number, reader.number() - 1, kind_of_base))
    tag = row = 0
    for scope in range(n_scopes + 1):
        for _ in range(reader.number()):
            head, name = reader.byte(), reader.number()
            has_tag = bool(head & _HAS_TAG)
            tag += reader.signed(name) if has_tag else 0
            chain = reader.number() - 1
            flags = reader.byte() if head & _HAS_FLAGS else 0
            eval_scope = reader.number() if head & _HAS_EVAL_SCOPE else scope
            row += reader.signed(reader.number())
            names = (-1, tag) if has_tag else (name, -1)
            found.bindings.append((scope, names[0], head & 7, chain, names[1], row, flags, eval_scope))
    return found


def _chain(reader: _Reader, number: int) -> tuple[int, int, int]:
    """Return a chain, which is ``number`` from 1 on: earlier ones are named as they are numbered from 0."""
    x = reader.number()
    shape, x = x & 7, x >> 3
    if shape == len(_SHAPES):
        op, base, second = x, reader.number(), reader.number()
    else:
        op, base, second = _SHAPES[shape], 0, 0
        if op == of.CHAIN_LITERAL:
            base = x
        elif op == of.CHAIN_NAME:
            second = x
        else:
            second, back = (x, reader.number()) if op == of.CHAIN_ONE_OF else (0, x)
            base = number - back if back else 0
            second = reader.number() if op == of.CHAIN_MEMBER else second
    if op in _WITHOUT_BASE:
        base = -1
    elif op not in (of.CHAIN_LITERAL, of.CHAIN_SCOPE):
        base -= 1
    if op in _WITH_TWO_CHAINS:
        second -= 1
    elif op not in (*_WITH_NAME, of.CHAIN_PARAMETER, of.CHAIN_RESULT):
        second = -1
    return op, base, second
