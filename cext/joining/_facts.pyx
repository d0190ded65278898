"""Facts of one file as columns.

In: the records of its facts and uses (fact_records.h, use_records.h), and where its tags are. Out: columns. Compiled
because the resolver asks for the facts of many files.
"""
import numpy as np

cimport cython
from libc.stdint cimport INT32_MAX, int32_t, int64_t, uint8_t, uint32_t, uint64_t

from fact_records cimport (
    FACT_LITERAL, FACT_PARAMETER, FACT_RESULT, FACT_SCOPE, FactBindingPlace, FactBindingRecord, FactChainRecord,
    FactScopeRecord, FactTotals, fact_base_is_chain, fact_get_count, fact_next_base, fact_next_binding, fact_next_chain,
    fact_next_scope, fact_second_is_chain, fact_second_is_name, facts_measure,
)
from import_records cimport ImportReader, ImportText, import_get_text, import_get_varint, import_reader
from use_records cimport UseReader, UseRecord, use_next, use_next_name, use_reader

cdef enum:
    WRITE = 1                   # rows of facts.SITE_KINDS
    MEMBER = 2
    WRITTEN_MEMBER = 3
    TAG = 4
    BARE = 0                    # codes of receivers
    UNKNOWN = 1


cdef inline int32_t number_of(uint32_t code) noexcept nogil:
    """Return what a code that is one more says; -1 for none."""
    return <int32_t>code - 1


cdef inline int32_t receiver_of(uint32_t code) noexcept nogil:
    """Return the chain that a code means; -1 for a bare name, -2 for what no chain says."""
    return -1 if code == BARE else -2 if code == UNKNOWN else <int32_t>code - 2


cdef object damaged(str what):
    return ValueError(f"the facts of a file are damaged: {what}")


@cython.final
@cython.internal
cdef class Decoder:
    """Reads the records of one file, part after part."""

    cdef const uint8_t[::1] facts
    cdef const uint8_t[::1] uses
    cdef const uint32_t[::1] tag_rows
    cdef const uint32_t[::1] tag_columns
    cdef const uint8_t[::1] roles
    cdef ImportReader reader
    cdef UseReader use_reader
    cdef FactTotals totals
    cdef uint32_t n_names
    cdef uint32_t n_uses
    cdef int32_t[::1] tags              # (n_counted,) tag of each that was counted as one; -1 a ghost
    cdef uint32_t[::1] rows             # (n_counted,) of all of them
    cdef uint32_t[::1] columns
    cdef uint8_t[::1] is_reference
    cdef int32_t[::1] parents           # (n_scopes,)
    cdef uint32_t[::1] ghosts           # (4 * n_ghosts,) number, row, column, whether it is a reference

    def __cinit__(
        self, const uint8_t[::1] facts not None, const uint8_t[::1] uses not None,
        const uint32_t[::1] tag_rows not None, const uint32_t[::1] tag_columns not None,
        const uint8_t[::1] roles not None,
    ):
        cdef UseRecord use
        cdef UseReader counting
        cdef ImportText text
        cdef uint32_t _i
        if not tag_rows.shape[0] == tag_columns.shape[0] == roles.shape[0]:
            raise ValueError("the tags' columns are not of one length")
        self.facts, self.uses = facts, uses
        self.tag_rows, self.tag_columns, self.roles = tag_rows, tag_columns, roles
        self.reader = import_reader(&facts[0] if facts.shape[0] else NULL, facts.shape[0])
        self.use_reader = use_reader(&uses[0] if uses.shape[0] else NULL, uses.shape[0])
        if self.use_reader.n_names > <uint32_t>uses.shape[0]:
            raise damaged("its uses")
        if not facts_measure(self.reader.next, facts.shape[0], self.use_reader.n_names, &self.totals):
            raise damaged("its records")
        self.n_names = self.use_reader.n_names + self.totals.n_names
        counting = self.use_reader
        for _i in range(counting.n_names):
            use_next_name(&counting, &text)
        while use_next(&counting, &use):
            self.n_uses += 1

    cdef list read_names(self):
        """Return the names that numbers mean: those of the uses, then those of the facts."""
        cdef ImportText text
        cdef uint32_t _i, n
        names = []
        for _i in range(self.use_reader.n_names):
            if not use_next_name(&self.use_reader, &text):
                raise damaged("the names of its uses")
            names.append((<const char *>text.bytes)[:text.size] if text.size else b"")
        fact_get_count(&self.reader, &n)
        for _i in range(n):
            import_get_text(&self.reader, &text)
            names.append((<const char *>text.bytes)[:text.size] if text.size else b"")
        return names

    cdef tuple read_chains(self):
        cdef uint32_t i, n
        cdef FactChainRecord chain
        fact_get_count(&self.reader, &n)
        fact_get_count(&self.reader, &n)
        ops = np.empty(n, np.uint8)
        bases, names = np.empty(n, np.int32), np.empty(n, np.int32)
        cdef uint8_t[::1] ops_out = ops
        cdef int32_t[::1] bases_out = bases, names_out = names
        for i in range(n):
            fact_next_chain(&self.reader, i + 1, self.n_names, self.totals.n_scopes, &chain)
            ops_out[i] = chain.op
            if fact_base_is_chain(chain.op):
                bases_out[i] = number_of(chain.base)
            else:
                bases_out[i] = <int32_t>chain.base if chain.op == FACT_LITERAL or chain.op == FACT_SCOPE else -1
            if fact_second_is_chain(chain.op):
                names_out[i] = number_of(chain.second)
            elif fact_second_is_name(chain.op) or chain.op == FACT_PARAMETER or chain.op == FACT_RESULT:
                names_out[i] = <int32_t>chain.second
            else:
                names_out[i] = -1
        return ops, bases, names

    cdef int32_t tag_of(self, uint32_t code) except -2:
        """Return the tag that a code means; -1 for none, and for a ghost."""
        if code == 0:
            return -1
        if code > <uint32_t>self.tags.shape[0]:
            raise damaged("a tag that is not there")
        return self.tags[code - 1]

    cdef tuple read_scopes(self):
        cdef uint32_t i, _j, base = 0, chain = 0, n = self.totals.n_scopes + 1
        cdef int64_t last_tag = 0
        cdef uint8_t kind = 0
        cdef FactScopeRecord scope
        parents, kinds, results = np.empty(n, np.int32), np.empty(n, np.uint8), np.empty(n, np.int32)
        tags = np.empty(n, np.int32)
        base_scopes, base_chains = np.empty(self.totals.n_bases, np.int32), np.empty(self.totals.n_bases, np.int32)
        base_kinds = np.empty(self.totals.n_bases, np.uint8)
        cdef int32_t[::1] parents_out = parents, results_out = results, tags_out = tags
        cdef int32_t[::1] base_scopes_out = base_scopes, base_chains_out = base_chains
        cdef uint8_t[::1] kinds_out = kinds, base_kinds_out = base_kinds
        parents_out[0], kinds_out[0], results_out[0], tags_out[0] = -1, 0, -1, -1
        for i in range(1, n):
            fact_next_scope(&self.reader, i, self.totals.n_chains, &last_tag, &scope)
            parents_out[i], kinds_out[i], results_out[i] = <int32_t>scope.parent, scope.kind, number_of(scope.result)
            tags_out[i] = self.tag_of(scope.tag)
            for _j in range(scope.n_bases):
                fact_next_base(&self.reader, self.totals.n_chains, &kind, &chain)
                base_scopes_out[base], base_chains_out[base] = <int32_t>i, number_of(chain)
                base_kinds_out[base] = kind
                base += 1
        self.parents = parents
        return parents, kinds, tags, results, base_scopes, base_chains, base_kinds

    cdef tuple read_bindings(self):
        """Return the bindings that are written, in their order."""
        cdef uint32_t scope, i = 0, _j, n
        cdef FactBindingPlace place = FactBindingPlace(0, 0)
        cdef FactBindingRecord binding
        scopes, names, chains = (np.empty(self.totals.n_bindings, np.int32) for _ in range(3))
        tags, eval_scopes = (np.empty(self.totals.n_bindings, np.int32) for _ in range(2))
        kinds, flags = np.empty(self.totals.n_bindings, np.uint8), np.empty(self.totals.n_bindings, np.uint8)
        rows = np.empty(self.totals.n_bindings, np.uint32)
        cdef int32_t[::1] scopes_out = scopes, names_out = names, chains_out = chains, tags_out = tags
        cdef int32_t[::1] eval_scopes_out = eval_scopes
        cdef uint8_t[::1] kinds_out = kinds, flags_out = flags
        cdef uint32_t[::1] rows_out = rows
        for scope in range(self.totals.n_scopes + 1):
            fact_get_count(&self.reader, &n)
            for _j in range(n):
                fact_next_binding(
                    &self.reader, self.n_names, self.totals.n_chains, self.totals.n_scopes, scope, &place, &binding
                )
                scopes_out[i], eval_scopes_out[i] = <int32_t>scope, <int32_t>binding.eval_scope
                kinds_out[i], flags_out[i] = binding.kind, binding.flags
                chains_out[i], rows_out[i] = number_of(binding.chain), binding.row
                tags_out[i] = self.tag_of(binding.tag)
                names_out[i] = -1 if binding.tag else <int32_t>binding.name
                i += 1
        return scopes, names, kinds, chains, tags, rows, flags, eval_scopes

    cdef int read_ghosts(self) except -1:
        """Read which of those that were counted as tags are none."""
        cdef uint32_t i, j, n = 0, code = 0
        cdef uint64_t number = 0
        fact_get_count(&self.reader, &n)
        self.ghosts = np.empty(4 * n, np.uint32)
        for i in range(n):
            import_get_varint(&self.reader, &code)
            number += code
            if number > INT32_MAX:
                raise damaged("a tag that is not there")
            self.ghosts[4 * i] = <uint32_t>number
            for j in range(1, 4):
                import_get_varint(&self.reader, &self.ghosts[4 * i + j])
        return 0

    cdef int count_tags(self) except -1:
        """Number tags as they were counted: ghosts, which a regex took out at last, among them."""
        cdef uint32_t i = 0, ghost = 0, tag = 0, n_ghosts = self.totals.n_ghosts
        cdef uint32_t n = <uint32_t>self.tag_rows.shape[0]
        cdef bint is_ghost
        tags = np.empty(n + n_ghosts, np.int32)
        rows, columns = np.empty(n + n_ghosts, np.uint32), np.empty(n + n_ghosts, np.uint32)
        is_reference = np.empty(n + n_ghosts, np.uint8)
        self.tags, self.rows, self.columns, self.is_reference = tags, rows, columns, is_reference
        while tag < n or ghost < n_ghosts:
            is_ghost = False
            if ghost < n_ghosts and self.ghosts[4 * ghost] == i:
                is_ghost = tag == n or (
                    self.ghosts[4 * ghost + 1] != self.tag_rows[tag]
                    or self.ghosts[4 * ghost + 2] != self.tag_columns[tag]
                    or self.ghosts[4 * ghost + 3] != self.roles[tag]
                )
                if is_ghost:
                    self.rows[i], self.columns[i] = self.ghosts[4 * ghost + 1], self.ghosts[4 * ghost + 2]
                    self.is_reference[i] = self.ghosts[4 * ghost + 3] != 0
                    self.tags[i] = -1
                ghost += 1
            elif tag == n:
                raise damaged("more tags than there are")
            if not is_ghost:
                self.rows[i], self.columns[i] = self.tag_rows[tag], self.tag_columns[tag]
                self.is_reference[i], self.tags[i] = self.roles[tag] != 0, <int32_t>tag
                tag += 1
            i += 1
        self.tags, self.rows, self.columns = tags[:i], rows[:i], columns[:i]
        self.is_reference = is_reference[:i]
        return 0

    cdef tuple read_sites(self):
        """Return the sites, and the scope in which each tag stands."""
        cdef uint32_t _i, i = 0, site = 0, n_before = 0, on = 0, event = 0, n_counted = <uint32_t>self.tags.shape[0]
        cdef uint32_t scope = 0, code = 0, n_left = 0, n_sites = self.n_uses
        cdef bint has_use, has_receiver
        cdef UseRecord use
        cdef ImportReader receivers
        for i in range(n_counted):
            n_sites += self.is_reference[i] and self.tags[i] >= 0
        names, scopes, found, tags = (np.empty(n_sites, np.int32) for _ in range(4))
        kinds, rows, columns = np.empty(n_sites, np.uint8), np.empty(n_sites, np.uint32), np.empty(n_sites, np.uint32)
        tag_scopes = np.zeros(self.tag_rows.shape[0], np.int32)
        cdef int32_t[::1] names_out = names, scopes_out = scopes, found_out = found, tags_out = tags
        cdef int32_t[::1] tag_scopes_out = tag_scopes
        cdef uint8_t[::1] kinds_out = kinds
        cdef uint32_t[::1] rows_out = rows, columns_out = columns
        fact_get_count(&self.reader, &n_left)
        receivers = self.reader
        for _i in range(2 * n_left):
            import_get_varint(&receivers, &code)
        fact_get_count(&receivers, &code)
        i = 0
        n_before = self.next_event(&event, n_left, &on)
        has_use = use_next(&self.use_reader, &use)
        while i < n_counted or has_use:
            while event <= n_left and n_before == 0:
                if on:
                    scope += on
                    if scope > self.totals.n_scopes:
                        raise damaged("a scope that is not there")
                else:
                    scope = <uint32_t>max(self.parents[scope], 0)
                n_before = self.next_event(&event, n_left, &on)
            n_before -= event <= n_left
            if i < n_counted and (
                not has_use or self.rows[i] < use.row or (self.rows[i] == use.row and self.columns[i] <= use.column)
            ):
                if self.is_reference[i]:
                    if not import_get_varint(&receivers, &code):
                        raise damaged("fewer receivers than references")
                    if self.tags[i] >= 0:
                        kinds_out[site], tags_out[site], scopes_out[site] = TAG, self.tags[i], <int32_t>scope
                        names_out[site] = -1
                        rows_out[site], columns_out[site] = self.rows[i], self.columns[i]
                        found_out[site] = receiver_of(code)
                        site += 1
                if self.tags[i] >= 0:
                    tag_scopes_out[self.tags[i]] = <int32_t>scope
                i += 1
            else:
                code, has_receiver = BARE, use.kind != 0
                if has_receiver and not import_get_varint(&receivers, &code):
                    raise damaged("fewer receivers than references")
                names_out[site], tags_out[site], scopes_out[site] = <int32_t>use.name, -1, <int32_t>scope
                found_out[site] = receiver_of(code)
                kinds_out[site] = WRITTEN_MEMBER if use.kind == WRITE and code != BARE else use.kind
                rows_out[site], columns_out[site] = use.row, use.column
                site += 1
                has_use = use_next(&self.use_reader, &use)
        return names, kinds, scopes, found, tags, rows, columns, tag_scopes

    cdef uint32_t next_event(self, uint32_t *event, uint32_t n_events, uint32_t *on) noexcept:
        """Read the next change of scope; return how many tags and uses are before it."""
        cdef uint32_t n_before = 0
        event[0] += 1
        if event[0] <= n_events:
            import_get_varint(&self.reader, &n_before)
            import_get_varint(&self.reader, on)
        return n_before

    cdef tuple decode(self):
        names = self.read_names()
        self.read_ghosts()
        self.count_tags()
        return names, self.read_chains(), self.read_scopes(), self.read_bindings(), self.read_sites()


def decode_facts(
    const uint8_t[::1] facts not None, const uint8_t[::1] uses not None, const uint32_t[::1] tag_rows not None,
    const uint32_t[::1] tag_columns not None, const uint8_t[::1] roles not None,
):
    """Return the facts of one file; all numbers are of things of the file, -1 where there is none.

    facts, uses            records (n_bytes,) uint8.
    tag_rows, tag_columns  (n_tags,) uint32: where the tags of the file are.
    roles                  (n_tags,) uint8: tables.ROLE_*.

    names     a list of bytes.
    chains    ops (n_chains,) uint8, bases and names (n_chains,) int32.
    scopes    parents, kinds (uint8), tags and results (n_scopes,); scopes, chains and kinds (uint8) of (n_bases,).
    bindings  scopes, names, kinds (uint8), chains, tags, rows (uint32), flags (uint8), eval_scopes (n_bindings,).
    sites     names, kinds (uint8), scopes, receivers, tags, rows and columns (uint32) (n_sites,); and the scope in
              which each tag stands (n_tags,).

    Raises ValueError for what are no records, or not of these tags.
    """
    if facts.shape[0] == 0:
        raise ValueError("a file without facts has nothing to decode")
    return Decoder(facts, uses, tag_rows, tag_columns, roles).decode()
