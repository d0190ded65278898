"""Facts of one file as columns.

In: the records of its facts and uses (fact_records.h, use_records.h), and where its tags are. Out: columns. Compiled
because the resolver asks for the facts of many files.
"""
import numpy as np

cimport cython
from libc.stdint cimport INT32_MAX, int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp

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
    DEFINITION = 0              # tables.ROLE_DEFINITION
    BARE = 0                    # codes of receivers
    UNKNOWN = 1


cdef struct Bound:
    int32_t scope
    int32_t name
    int32_t chain
    int32_t tag
    int32_t eval_scope
    uint32_t row
    uint8_t kind
    uint8_t flags


cdef inline int32_t number_of(uint32_t code) noexcept nogil:
    """Return what a code that is one more says; -1 for none."""
    return <int32_t>code - 1


cdef inline int32_t receiver_of(uint32_t code) noexcept nogil:
    """Return the chain that a code means; -1 for a bare name, -2 for what no chain says."""
    return -1 if code == BARE else -2 if code == UNKNOWN else <int32_t>code - 2


cdef inline int64_t binding_key(const Bound *one) noexcept nogil:
    """Return a number by which bindings are in the order of their scopes, and there in that of their rows."""
    return (<int64_t>one.scope << 32) | one.row


cdef object damaged(str what):
    return ValueError(f"the facts of a file are damaged: {what}")


@cython.final
cdef class Names:
    """The names in the facts of one file, by number. Of most files one is looked for, and no other is read."""

    cdef bytes records              # one name after another, as records have texts
    cdef uint32_t n
    cdef list texts

    def __cinit__(self, list texts = None):
        self.texts = texts

    cdef list all(self):
        cdef bytes records = self.records
        cdef ImportReader reader
        cdef ImportText text
        cdef uint32_t _i
        if self.texts is None:
            reader = import_reader(<const uint8_t *><const char *>records, len(records))
            texts = []
            for _i in range(self.n):
                import_get_text(&reader, &text)
                texts.append((<const char *>text.bytes)[:text.size] if text.size else b"")
            self.texts, self.records = texts, None
        return self.texts

    def find(self, bytes name not None):
        """Return the number of a name; -1 where it is not there."""
        cdef bytes records = self.records
        cdef ImportReader reader
        cdef ImportText text
        cdef uint32_t i
        cdef size_t size = len(name)
        cdef const char *wanted = name
        if records is None:
            return self.texts.index(name) if name in self.texts else -1
        reader = import_reader(<const uint8_t *><const char *>records, len(records))
        for i in range(self.n):
            import_get_text(&reader, &text)
            if text.size == size and memcmp(text.bytes, wanted, size) == 0:
                return i
        return -1

    def __len__(self):
        return len(self.all())

    def __iter__(self):
        return iter(self.all())

    def __getitem__(self, number):
        return self.all()[number]


@cython.final
@cython.internal
cdef class Decoder:
    """Reads the records of one file, part after part, into columns that are parts of one array for each dtype."""

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
    cdef const int32_t[::1] tags        # (n_counted,) tag of each that was counted as one; -1 a ghost
    cdef const uint32_t[::1] rows       # (n_counted,) of all of them
    cdef const uint32_t[::1] columns
    cdef const uint8_t[::1] is_reference
    cdef uint32_t[::1] ghosts           # (4 * n_ghosts,) number, row, column, whether it is a reference
    cdef object all_i32, all_u32, all_u8
    cdef int32_t[::1] i32
    cdef uint32_t[::1] u32
    cdef uint8_t[::1] u8
    cdef Py_ssize_t n_i32, n_u32, n_u8  # of each what is taken
    cdef Py_ssize_t parents_at          # of the scopes in i32
    cdef Py_ssize_t scope_tags_at
    cdef uint8_t[::1] bound_bytes
    cdef Bound *bound                   # (n_bindings + definitions,) in them
    cdef uint32_t n_bound
    cdef uint8_t[::1] of_tags           # (n_tags + 1,) whether each is bound

    def __cinit__(
        self, const uint8_t[::1] facts not None, const uint8_t[::1] uses not None,
        const uint32_t[::1] tag_rows not None, const uint32_t[::1] tag_columns not None,
        const uint8_t[::1] roles not None,
    ):
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

    cdef int make_room(self) except -1:
        """Make the arrays that all columns are parts of; the readers stand behind the names."""
        cdef UseRecord use
        cdef UseReader counting = self.use_reader
        cdef Py_ssize_t i, n_tags = self.roles.shape[0], n_references = 0
        while use_next(&counting, &use):
            self.n_uses += 1
        for i in range(n_tags):
            n_references += self.roles[i] != 0
        cdef Py_ssize_t n_sites = self.n_uses + n_references, n_scopes = self.totals.n_scopes + 1
        cdef Py_ssize_t n_bases = self.totals.n_bases, n_chains = self.totals.n_chains
        cdef Py_ssize_t n_bindings = self.totals.n_bindings + n_tags - n_references
        self.all_i32 = np.empty(2 * n_chains + 3 * n_scopes + 2 * n_bases + 5 * n_bindings + 4 * n_sites, np.int32)
        self.all_u32 = np.empty(n_bindings + 2 * n_sites, np.uint32)
        self.all_u8 = np.empty(n_chains + 2 * n_scopes + n_bases + 2 * n_bindings + n_sites, np.uint8)
        self.i32, self.u32, self.u8 = self.all_i32, self.all_u32, self.all_u8
        self.bound_bytes = np.empty(n_bindings * sizeof(Bound), np.uint8)
        self.bound = <Bound *>&self.bound_bytes[0] if n_bindings else NULL
        self.of_tags = np.zeros(n_tags + 1, np.uint8)
        return 0

    cdef object take_i32(self, Py_ssize_t n):
        self.n_i32 += n
        return self.all_i32[self.n_i32 - n : self.n_i32]

    cdef object take_u32(self, Py_ssize_t n):
        self.n_u32 += n
        return self.all_u32[self.n_u32 - n : self.n_u32]

    cdef object take_u8(self, Py_ssize_t n):
        self.n_u8 += n
        return self.all_u8[self.n_u8 - n : self.n_u8]

    cdef Names read_names(self):
        """Return the names that numbers mean: those of the uses, then those of the facts."""
        cdef Names names = Names()
        cdef ImportText text
        cdef uint32_t _i, n
        cdef const uint8_t *first = self.use_reader.reader.next
        for _i in range(self.use_reader.n_names):
            if not use_next_name(&self.use_reader, &text):
                raise damaged("the names of its uses")
        of_uses = (<const char *>first)[:self.use_reader.reader.next - first] if first != NULL else b""
        fact_get_count(&self.reader, &n)
        first = self.reader.next
        for _i in range(n):
            import_get_text(&self.reader, &text)
        names.records = of_uses + (<const char *>first)[:self.reader.next - first]
        names.n = self.use_reader.n_names + n
        return names

    cdef tuple read_chains(self):
        cdef uint32_t i, n
        cdef FactChainRecord chain
        cdef Py_ssize_t bases, names, ops = self.n_u8
        fact_get_count(&self.reader, &n)
        fact_get_count(&self.reader, &n)
        bases = self.n_i32
        names = bases + n
        for i in range(n):
            fact_next_chain(&self.reader, i + 1, self.n_names, self.totals.n_scopes, &chain)
            self.u8[ops + i] = chain.op
            if fact_base_is_chain(chain.op):
                self.i32[bases + i] = number_of(chain.base)
            else:
                is_number = chain.op == FACT_LITERAL or chain.op == FACT_SCOPE
                self.i32[bases + i] = <int32_t>chain.base if is_number else -1
            if fact_second_is_chain(chain.op):
                self.i32[names + i] = number_of(chain.second)
            elif fact_second_is_name(chain.op) or chain.op == FACT_PARAMETER or chain.op == FACT_RESULT:
                self.i32[names + i] = <int32_t>chain.second
            else:
                self.i32[names + i] = -1
        return self.take_u8(n), self.take_i32(n), self.take_i32(n)

    cdef int32_t tag_of(self, uint32_t code) except -2:
        """Return the tag that a code means; -1 for none, and for a ghost."""
        if code == 0:
            return -1
        if code > <uint32_t>self.tags.shape[0]:
            raise damaged("a tag that is not there")
        return self.tags[code - 1]

    cdef tuple read_scopes(self):
        """Return what is said of scopes and bases; the flags of the scopes are written later."""
        cdef uint32_t i, _j, base = 0, chain = 0, n = self.totals.n_scopes + 1
        cdef int64_t last_tag = 0
        cdef uint8_t kind = 0
        cdef FactScopeRecord scope
        cdef Py_ssize_t parents = self.n_i32, tags = parents + n, results = tags + n, base_scopes = results + n
        cdef Py_ssize_t base_chains = base_scopes + self.totals.n_bases
        cdef Py_ssize_t kinds = self.n_u8, base_kinds = kinds + 2 * n
        self.parents_at, self.scope_tags_at = parents, tags
        self.i32[parents], self.i32[tags], self.i32[results], self.u8[kinds] = -1, -1, -1, 0
        for i in range(1, n):
            fact_next_scope(&self.reader, i, self.totals.n_chains, &last_tag, &scope)
            self.i32[parents + i], self.i32[results + i] = <int32_t>scope.parent, number_of(scope.result)
            self.u8[kinds + i] = scope.kind
            self.i32[tags + i] = self.tag_of(scope.tag)
            for _j in range(scope.n_bases):
                fact_next_base(&self.reader, self.totals.n_chains, &kind, &chain)
                self.i32[base_scopes + base], self.i32[base_chains + base] = <int32_t>i, number_of(chain)
                self.u8[base_kinds + base] = kind
                base += 1
        of_parents, of_tags, of_results = self.take_i32(n), self.take_i32(n), self.take_i32(n)
        of_kinds, flags = self.take_u8(n), self.take_u8(n)
        return (
            of_parents, of_kinds, of_tags, of_results, flags, self.take_i32(self.totals.n_bases),
            self.take_i32(self.totals.n_bases), self.take_u8(self.totals.n_bases),
        )

    cdef int read_bindings(self) except -1:
        cdef uint32_t scope, _j, n = 0
        cdef FactBindingRecord binding
        cdef FactBindingPlace place
        cdef Bound *one
        place = FactBindingPlace(0, 0)
        for scope in range(self.totals.n_scopes + 1):
            fact_get_count(&self.reader, &n)
            for _j in range(n):
                fact_next_binding(
                    &self.reader, self.n_names, self.totals.n_chains, self.totals.n_scopes, scope, &place, &binding
                )
                one = &self.bound[self.n_bound]
                one.scope, one.eval_scope = <int32_t>scope, <int32_t>binding.eval_scope
                one.kind, one.flags, one.row = binding.kind, binding.flags, binding.row
                one.chain, one.tag = number_of(binding.chain), self.tag_of(binding.tag)
                one.name = -1 if binding.tag else <int32_t>binding.name
                if one.tag >= 0:
                    self.of_tags[one.tag] = 1
                self.n_bound += 1
        return 0

    cdef tuple all_bindings(self, const int32_t[::1] tag_scopes):
        """Return the bindings that are written, and the definitions that nothing is known of but where they stand; by
        scope, then in the order of the text."""
        cdef Py_ssize_t i, n, n_written = self.n_bound
        cdef Bound *one
        for i in range(self.roles.shape[0]):
            if self.roles[i] == DEFINITION and not self.of_tags[i]:
                self.bound[self.n_bound] = Bound(
                    scope=tag_scopes[i], name=-1, chain=-1, tag=<int32_t>i, eval_scope=tag_scopes[i],
                    row=self.tag_rows[i], kind=0, flags=0,
                )
                self.n_bound += 1
        n = self.n_bound
        cdef const Py_ssize_t[::1] order = self.order_of_bindings(n_written)
        cdef Py_ssize_t scopes = self.n_i32, names = scopes + n, chains = names + n, tags = chains + n
        cdef Py_ssize_t eval_scopes = tags + n, kinds = self.n_u8, flags = kinds + n, rows = self.n_u32
        for i in range(n):
            one = &self.bound[order[i]]
            self.i32[scopes + i], self.i32[names + i], self.i32[chains + i] = one.scope, one.name, one.chain
            self.i32[tags + i], self.i32[eval_scopes + i] = one.tag, one.eval_scope
            self.u8[kinds + i], self.u8[flags + i], self.u32[rows + i] = one.kind, one.flags, one.row
            if one.tag >= 0:
                # Of bindings of one definition the last one says it.
                self.of_tags[one.tag] = one.flags
        of_scopes, of_names, of_chains = self.take_i32(n), self.take_i32(n), self.take_i32(n)
        of_tags, of_eval_scopes = self.take_i32(n), self.take_i32(n)
        of_kinds, of_flags = self.take_u8(n), self.take_u8(n)
        return of_scopes, of_names, of_kinds, of_chains, of_tags, self.take_u32(n), of_flags, of_eval_scopes

    cdef object order_of_bindings(self, Py_ssize_t n_written):
        """Return the order of all bindings, those that are written first: an array of their places."""
        cdef Py_ssize_t i, place, left = 0, right, n = self.n_bound, n_scopes = self.totals.n_scopes + 1
        cdef int64_t key, last = -1
        cdef bint is_left, is_sorted = True
        order, of_added = np.empty(n, np.intp), np.empty(n - n_written, np.intp)
        cdef Py_ssize_t[::1] order_out = order, added = of_added, starts = np.zeros(n_scopes + 1, np.intp)
        for i in range(n_written, n):
            starts[self.bound[i].scope + 1] += 1
        for i in range(n_scopes):
            starts[i + 1] += starts[i]
        for i in range(n_written, n):
            added[starts[self.bound[i].scope]] = i
            starts[self.bound[i].scope] += 1
        right = 0
        for i in range(n):
            is_left = right == n - n_written or (
                left < n_written and binding_key(&self.bound[left]) <= binding_key(&self.bound[added[right]])
            )
            place = left if is_left else added[right]
            left += is_left
            right += not is_left
            order_out[i] = place
            key = binding_key(&self.bound[place])
            is_sorted &= last <= key
            last = key
        if is_sorted:
            return order
        # A file may be written in another order than that of its rows.
        keys = np.empty(n, np.int64)
        cdef int64_t[::1] keys_out = keys
        for i in range(n):
            keys_out[i] = binding_key(&self.bound[i])
        return np.argsort(keys, kind="stable")

    cdef int write_scope_flags(self, uint8_t[::1] flags) except -1:
        """Write for each scope the flags of the definition that opens it."""
        cdef Py_ssize_t i
        cdef int32_t tag
        for i in range(flags.shape[0]):
            tag = self.i32[self.scope_tags_at + i]
            flags[i] = self.of_tags[tag] if tag >= 0 else 0
        return 0

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
        if n_ghosts == 0:
            self.tags, self.rows, self.columns = np.arange(n, dtype=np.int32), self.tag_rows, self.tag_columns
            self.is_reference = self.roles
            return 0
        cdef int32_t[::1] tags = np.empty(n + n_ghosts, np.int32)
        cdef uint32_t[::1] rows = np.empty(n + n_ghosts, np.uint32), columns = np.empty(n + n_ghosts, np.uint32)
        cdef uint8_t[::1] is_reference = np.empty(n + n_ghosts, np.uint8)
        while tag < n or ghost < n_ghosts:
            is_ghost = False
            if ghost < n_ghosts and self.ghosts[4 * ghost] == i:
                is_ghost = tag == n or (
                    self.ghosts[4 * ghost + 1] != self.tag_rows[tag]
                    or self.ghosts[4 * ghost + 2] != self.tag_columns[tag]
                    or self.ghosts[4 * ghost + 3] != self.roles[tag]
                )
                if is_ghost:
                    rows[i], columns[i] = self.ghosts[4 * ghost + 1], self.ghosts[4 * ghost + 2]
                    is_reference[i] = self.ghosts[4 * ghost + 3] != 0
                    tags[i] = -1
                ghost += 1
            elif tag == n:
                raise damaged("more tags than there are")
            if not is_ghost:
                rows[i], columns[i] = self.tag_rows[tag], self.tag_columns[tag]
                is_reference[i], tags[i] = self.roles[tag] != 0, <int32_t>tag
                tag += 1
            i += 1
        self.tags, self.rows, self.columns, self.is_reference = tags[:i], rows[:i], columns[:i], is_reference[:i]
        return 0

    cdef tuple read_sites(self):
        """Return the sites, and the scope in which each tag stands."""
        cdef uint32_t _i, i = 0, site = 0, n_before = 0, on = 0, event = 0, n_counted = <uint32_t>self.tags.shape[0]
        cdef uint32_t scope = 0, code = 0, n_left = 0, n_sites = self.n_uses
        cdef bint has_use, has_receiver
        cdef UseRecord use
        cdef ImportReader receivers
        for i in range(<uint32_t>self.roles.shape[0]):
            n_sites += self.roles[i] != 0
        cdef Py_ssize_t names = self.n_i32, scopes = names + n_sites, found = scopes + n_sites, tags = found + n_sites
        cdef Py_ssize_t kinds = self.n_u8, rows = self.n_u32, columns = rows + n_sites
        tag_scopes = np.zeros(self.tag_rows.shape[0], np.int32)
        cdef int32_t[::1] tag_scopes_out = tag_scopes
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
                    scope = <uint32_t>max(self.i32[self.parents_at + scope], 0)
                n_before = self.next_event(&event, n_left, &on)
            n_before -= event <= n_left
            if i < n_counted and (
                not has_use or self.rows[i] < use.row or (self.rows[i] == use.row and self.columns[i] <= use.column)
            ):
                if self.is_reference[i]:
                    if not import_get_varint(&receivers, &code):
                        raise damaged("fewer receivers than references")
                    if self.tags[i] >= 0:
                        self.u8[kinds + site] = TAG
                        self.i32[names + site], self.i32[tags + site] = -1, self.tags[i]
                        self.i32[scopes + site] = <int32_t>scope
                        self.u32[rows + site], self.u32[columns + site] = self.rows[i], self.columns[i]
                        self.i32[found + site] = receiver_of(code)
                        site += 1
                if self.tags[i] >= 0:
                    tag_scopes_out[self.tags[i]] = <int32_t>scope
                i += 1
            else:
                code, has_receiver = BARE, use.kind != 0
                if has_receiver and not import_get_varint(&receivers, &code):
                    raise damaged("fewer receivers than references")
                self.i32[names + site], self.i32[tags + site] = <int32_t>use.name, -1
                self.i32[scopes + site] = <int32_t>scope
                self.i32[found + site] = receiver_of(code)
                self.u8[kinds + site] = WRITTEN_MEMBER if use.kind == WRITE and code != BARE else use.kind
                self.u32[rows + site], self.u32[columns + site] = use.row, use.column
                site += 1
                has_use = use_next(&self.use_reader, &use)
        for i in range(1, self.totals.n_scopes + 1):
            # A name may stand in the scope that it is the name of; it is bound in the one around.
            if self.i32[self.scope_tags_at + i] >= 0:
                tag_scopes_out[self.i32[self.scope_tags_at + i]] = self.i32[self.parents_at + i]
        of_names, of_scopes, of_receivers = self.take_i32(n_sites), self.take_i32(n_sites), self.take_i32(n_sites)
        of_tags, of_rows = self.take_i32(n_sites), self.take_u32(n_sites)
        sites = of_names, self.take_u8(n_sites), of_scopes, of_receivers, of_tags, of_rows, self.take_u32(n_sites)
        return sites, tag_scopes

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
        self.make_room()
        self.read_ghosts()
        self.count_tags()
        chains = self.read_chains()
        scopes = self.read_scopes()
        self.read_bindings()
        sites, tag_scopes = self.read_sites()
        bindings = self.all_bindings(tag_scopes)
        self.write_scope_flags(scopes[4])
        return (names, *scopes, *bindings, *chains, *sites)


def decode_facts(
    const uint8_t[::1] facts not None, const uint8_t[::1] uses not None, const uint32_t[::1] tag_rows not None,
    const uint32_t[::1] tag_columns not None, const uint8_t[::1] roles not None,
):
    """Return the facts of one file, in the order of the fields of ``facts.Facts``.

    facts, uses            records (n_bytes,) uint8.
    tag_rows, tag_columns  (n_tags,) uint32: where the tags of the file are.
    roles                  (n_tags,) uint8: tables.ROLE_*.

    Raises ValueError for what are no records, or not of these tags.
    """
    if facts.shape[0] == 0:
        raise ValueError("a file without facts has nothing to decode")
    return Decoder(facts, uses, tag_rows, tag_columns, roles).decode()


def places_named(
    const int32_t[::1] names not None, const int32_t[::1] tags not None, int32_t number,
    const uint32_t[::1] name_ids not None, int64_t name_id,
):
    """Return the rows of a column that have a name, rising, as a list.

    names, tags  (n,) int32: the number of the name of each, or its tag; -1 for none.
    number       that of the name in the facts, -1 for none.
    name_ids     (n_tags,) uint32: the number of the name of each tag in all files, and
    name_id      that of the name there, -1 for none.
    """
    cdef Py_ssize_t i
    cdef list found = []
    if names.shape[0] != tags.shape[0]:
        raise ValueError("the columns are not of one length")
    for i in range(names.shape[0]):
        if tags[i] >= 0:
            if tags[i] < name_ids.shape[0] and name_ids[tags[i]] == name_id:
                found.append(i)
        elif number >= 0 and names[i] == number:
            found.append(i)
    return found
