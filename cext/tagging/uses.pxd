# Function bodies, inlined into _tagger: the uses and facts of the files of a batch, as records.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from budget cimport reserve_within
from candidates cimport NAME_COPIES, Candidate, Candidates, free_candidates
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, arena_take, repomap_bytes_reserve
from import_records cimport ImportText
from interner cimport INTERNER_FULL, interner_intern
from macro_names cimport Rows, go_to
from macros cimport Edits, MacroName
from use_finder cimport FactTagged, Use, UseFinder, UseRules, repomap_append_facts, repomap_settle_uses
from use_records cimport USE_LARGEST_RECORD, import_put_text, import_put_varint


cdef enum:
    MANY_CANDIDATES = 1 << 16
    RECORD_COPIES = 2           # in the block, and where the block is taken from


cdef inline int add_asked(
    UseFinder *finder, Arena *arena, const Edits *edits, const uint8_t *text, size_t size
) noexcept nogil:
    """Add the names that conditionals ask: they are blanked before the parse. Return an ArenaVerdict."""
    cdef size_t i, n_asked = 0, n_wanted = finder.n + 2 * edits.asked.n
    cdef uint32_t n_names
    cdef Rows rows = Rows(text, size, 0, 0, 0)
    cdef const MacroName *name
    cdef Use *asked
    if edits.asked.n == 0:
        return ARENA_RUNNING
    if not arena_take(arena, edits.asked.n * sizeof(MacroName)) or not reserve_within(
        arena, <void **>&finder.uses, &finder.capacity, n_wanted, sizeof(Use)
    ):
        return ARENA_OUT_OF_MEMORY
    # They are made behind the room for all, and merged into it from its end.
    asked = finder.uses + finder.n + edits.asked.n
    for i in range(edits.asked.n):
        name = &edits.asked.items[i]
        go_to(&rows, name.start)
        n_names = finder.names.count
        memset(&asked[i], 0, sizeof(Use))
        asked[i].name = interner_intern(&finder.names, text + name.start, name.end - name.start)
        if asked[i].name == INTERNER_FULL:
            return ARENA_OUT_OF_MEMORY
        if asked[i].name == n_names and not arena_take(arena, NAME_COPIES * <size_t>(name.end - name.start)):
            return ARENA_OUT_OF_MEMORY
        asked[i].start, asked[i].row, asked[i].column = name.start, rows.row, name.start - rows.line_start
    n_asked, i = edits.asked.n, finder.n
    finder.n += n_asked
    while n_asked > 0:
        if i > 0 and finder.uses[i - 1].start > asked[n_asked - 1].start:
            i -= 1
            finder.uses[i + n_asked] = finder.uses[i]
        else:
            n_asked -= 1
            finder.uses[i + n_asked] = asked[n_asked]
    return ARENA_RUNNING


cdef inline bint take_tags(UseFinder *finder, Arena *arena, const Candidates *candidates) noexcept nogil:
    """Tell the finder where the tags are; candidates are sorted by where the name starts."""
    cdef size_t i
    cdef const Candidate *candidate
    if not reserve_within(
        arena, <void **>&finder.tags, &finder.tags_capacity, candidates.n + 1, sizeof(FactTagged)
    ):
        return False
    for i in range(candidates.n):
        candidate = &candidates.items[i]
        memset(&finder.tags[i], 0, sizeof(FactTagged))
        finder.tags[i].start, finder.tags[i].row = candidate.name_start, candidate.row
        finder.tags[i].column = candidate.column
        finder.tags[i].is_reference, finder.tags[i].may_be_none = candidate.role != 0, candidate.condition != 0
    finder.n_tags = candidates.n
    return True


cdef inline ImportText text_of(const UseFinder *finder, uint32_t name) noexcept nogil:
    cdef ImportText text
    text.bytes = finder.names.bytes.contents + finder.names.offsets[name]
    text.size = finder.names.offsets[name + 1] - finder.names.offsets[name]
    return text


cdef inline int append_uses(
    UseFinder *finder, Arena *arena, RepomapBytes *records, uint32_t *n_names_out
) noexcept nogil:
    """Append the records of the uses that no tag is at; return an ArenaVerdict. Unless all went well, append none.

    The names that they have are numbered in ``local_ids``.
    """
    cdef size_t i, size, wanted
    cdef uint32_t n_names = 0, row = 0
    cdef uint8_t *out
    if not reserve_within(
        arena, <void **>&finder.local_ids, &finder.local_ids_capacity, finder.names.count + 1, sizeof(uint32_t)
    ):
        return ARENA_OUT_OF_MEMORY
    memset(finder.local_ids, 0, finder.names.count * sizeof(uint32_t))
    n_names_out[0] = 0
    if finder.n == 0:
        return ARENA_RUNNING
    size = 5 + finder.n * USE_LARGEST_RECORD
    for i in range(finder.n):
        if finder.local_ids[finder.uses[i].name] == 0:
            n_names += 1
            finder.local_ids[finder.uses[i].name] = n_names
            size += 5 + text_of(finder, finder.uses[i].name).size
    wanted = records.size + size
    if not arena_take(arena, RECORD_COPIES * size) or (
        wanted > records.capacity and not repomap_bytes_reserve(records, wanted + wanted // 2)
    ):
        return ARENA_OUT_OF_MEMORY
    out = import_put_varint(records.contents + records.size, n_names)
    n_names = 0
    # Names come in the order of their first use, as they were numbered.
    for i in range(finder.n):
        if finder.local_ids[finder.uses[i].name] == n_names + 1:
            n_names += 1
            out = import_put_text(out, text_of(finder, finder.uses[i].name))
    for i in range(finder.n):
        out = import_put_varint(out, (finder.local_ids[finder.uses[i].name] - 1) << 2 | finder.uses[i].kind)
        out = import_put_varint(out, finder.uses[i].row - row)
        out = import_put_varint(out, finder.uses[i].column)
        row = finder.uses[i].row
    n_names_out[0] = n_names
    records.size = out - records.contents
    return ARENA_RUNNING


cdef inline int append_uses_and_facts(
    UseFinder *finder, Candidates *candidates, Arena *arena, const UseRules *rules, RepomapBytes *uses,
    RepomapBytes *facts,
) noexcept nogil:
    """Append the records of both; return an ArenaVerdict. Many candidates, which are tags by now, are freed."""
    cdef uint32_t n_names = 0
    cdef int verdict
    if not take_tags(finder, arena, candidates):
        return ARENA_OUT_OF_MEMORY
    if candidates.n > MANY_CANDIDATES:
        free_candidates(candidates)
    verdict = repomap_settle_uses(finder, arena, rules)
    if verdict == ARENA_RUNNING:
        verdict = append_uses(finder, arena, uses, &n_names)
    if verdict == ARENA_RUNNING:
        verdict = repomap_append_facts(finder, arena, rules, n_names, facts)
    return verdict
