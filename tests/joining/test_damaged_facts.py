"""Damaged records of facts are found when they are decoded, and never crash who resolves by them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import repomap_fast
from reference.facts import decode_slowly
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import facts as of
from repomap_fast.joining.facts import Facts, FileFacts
from repomap_fast.joining.records import RecordColumns
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import U8, U32

SOURCES = {
    "a.py": "from b import *\nclass A(B, metaclass=M):\n    x: list[C] = []\n    def m(self, p: D):\n"
    "        for q in self.x:\n            q.y().z = p\n        return lambda r: r.s[0]\n",
    "b.c": "struct s { struct t *n; int (*f)(int); };\nstatic struct s all[] = {{.n = g()->h}};\n"
    "int f(struct s *p) { return p->n->f(1) + LIMIT; }\n",
    "c.ts": "class A extends B<C> { x = 1; m(p: Q): R { return p.q.map((x) => x.y); } }\nexport default A;\n",
    "d.go": "package p\ntype T struct { B; f F }\nfunc (t *T) M(x X) (Y, error) { a, b := t.f.G(x); return a.H, b }\n",
}


Written = tuple[bytes, bytes, tuple[U32, U32, U8]]
"""Records of facts and of uses of a file, and where its tags are."""


@cache
def written() -> list[Written]:
    with TemporaryDirectory() as folder:
        for name, text in SOURCES.items():
            (Path(folder) / name).write_text(text)
        result = repomap_fast.scan(folder, cache=False)
        tags, offsets = result.tag_table, result.file_table.tag_offsets.tolist()
        facts, uses = result.facts._facts[0][0], result.facts._uses[0][0]
        found = []
        for file in range(len(SOURCES)):
            own = slice(offsets[file], offsets[file + 1])
            found.append(
                (records(facts, file), records(uses, file), (tags.rows[own], tags.columns[own], tags.roles[own]))
            )
        return found


def records(columns: RecordColumns, row: int) -> bytes:
    return columns.records.rows(int(columns.offsets[row]), int(columns.offsets[row + 1])).tobytes()


def decode(facts: bytes, uses: bytes, tags: tuple[U32, U32, U8]) -> Facts:
    columns = (
        RecordColumns(np.array((0, len(one)), np.uint64), PagedColumn(np.frombuffer(one, np.uint8)))
        for one in (facts, uses)
    )
    return FileFacts.of(*columns).of_file(0, *tags)


def check(facts: Facts, n_tags: int) -> None:
    """Every number is of something that is there, and leads backwards where it must not lead in a circle."""
    n_names, n_chains, n_scopes = len(facts.names), len(facts.chain_ops), facts.n_scopes
    assert (facts.scope_parents < np.arange(n_scopes)).all()
    bounds = {
        n_names: [facts.binding_names, facts.site_names],
        n_chains: [facts.scope_results, facts.base_chains, facts.binding_chains, facts.site_receivers],
        n_scopes: [facts.base_scopes, facts.binding_scopes, facts.binding_eval_scopes, facts.site_scopes],
        n_tags: [facts.scope_tags, facts.binding_tags, facts.site_tags],
    }
    for bound, columns in bounds.items():
        for column in columns:
            assert ((column >= -2) & (column < bound)).all()
    for chain, (op, base, name) in enumerate(
        zip(facts.chain_ops.tolist(), facts.chain_bases.tolist(), facts.chain_names.tolist(), strict=True)
    ):
        if op in (of.CHAIN_ONE_OF, of.CHAIN_GENERIC, of.CHAIN_ARGUMENT):
            assert name < chain
        elif op in (of.CHAIN_NAME, of.CHAIN_MEMBER, of.CHAIN_TAG):
            assert 0 <= name < n_names
        if op == of.CHAIN_SCOPE:
            assert 0 <= base < n_scopes
        elif op != of.CHAIN_LITERAL:
            assert base < chain


def damage(data: st.DataObject, records: bytes) -> bytes:
    if not records:
        return data.draw(st.binary(max_size=8))
    place = data.draw(st.integers(0, len(records) - 1))
    kind = data.draw(st.sampled_from(("flip", "cut", "add", "drop")))
    if kind == "cut":
        return records[:place]
    if kind == "flip":
        return records[:place] + bytes([records[place] ^ data.draw(st.integers(1, 255))]) + records[place + 1 :]
    middle = data.draw(st.binary(min_size=1, max_size=4)) if kind == "add" else b""
    return records[:place] + middle + records[place + (kind == "drop") :]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_records_are_an_error_or_mean_something_that_is_there(data: st.DataObject) -> None:
    facts, uses, tags = data.draw(st.sampled_from(written()))
    for _ in range(data.draw(st.integers(1, 3))):
        if data.draw(st.booleans()):
            facts = damage(data, facts)
        else:
            uses = damage(data, uses)
    try:
        decoded = decode(facts, uses, tags)
    except IndexDamagedError:
        return
    check(decoded, len(tags[0]))


def test_records_are_decoded_as_by_the_slow_twin() -> None:
    for facts, uses, tags in written():
        decoded, slow = decode(facts, uses, tags), decode_slowly(facts, uses)
        assert list(decoded.names) == slow.names
        columns = (decoded.chain_ops, decoded.chain_bases, decoded.chain_names)
        assert rows(*columns) == slow.chains
        columns = (decoded.scope_parents, decoded.scope_kinds, decoded.scope_tags, decoded.scope_results)
        assert rows(*columns) == slow.scopes
        assert rows(decoded.base_scopes, decoded.base_chains, decoded.base_kinds) == slow.bases
        # Definitions of which nothing is known but where they stand are added, and all are in the order of their rows.
        said = set(
            rows(
                *(decoded.binding_scopes, decoded.binding_names, decoded.binding_kinds, decoded.binding_chains),
                *(decoded.binding_tags, decoded.binding_rows, decoded.binding_flags, decoded.binding_eval_scopes),
            )
        )
        assert slow.bindings
        assert said >= set(slow.bindings)
        assert all(one[3] == of.NO_CHAIN and one[4] >= 0 for one in said - set(slow.bindings))


def test_bindings_are_put_in_order_where_their_records_are_in_another_one() -> None:
    """Each bit of the records is changed in turn: some rows then come before those that stand before them."""
    n_unordered = 0
    for facts, uses, tags in written():
        for bit in range(8 * len(facts)):
            changed = bytearray(facts)
            changed[bit // 8] ^= 1 << bit % 8
            try:
                decoded = decode(bytes(changed), uses, tags)
            except IndexDamagedError:
                continue
            check(decoded, len(tags[0]))
            found = rows(decoded.binding_scopes, decoded.binding_rows, decoded.binding_tags, decoded.binding_names)
            assert found == sorted(found, key=lambda one: one[:2])
            slow = [(one[0], one[5], one[4], one[1]) for one in decode_slowly(bytes(changed), uses).bindings]
            # Those of one row stay as they were written.
            assert [one for one in found if one in slow] == sorted(slow, key=lambda one: one[:2])
            n_unordered += slow != sorted(slow, key=lambda one: one[:2])
    assert n_unordered


def rows(*columns: NDArray[np.integer[Any]]) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_records_as_they_were_written_are_sound() -> None:
    for facts, uses, tags in written():
        decoded = decode(facts, uses, tags)
        assert decoded.n_scopes
        check(decoded, len(tags[0]))
