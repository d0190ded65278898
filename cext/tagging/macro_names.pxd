# Function bodies, inlined into _tagger: what the reading of macros found, put among the candidates of the file at hand.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memchr, memset

from budget cimport reserve_within
from candidates cimport NO_OWNER, ROLE_DEFINITION, ROLE_REFERENCE, Candidate, Candidates
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena
from macros cimport MACRO_KIND_KEPT, MACRO_KIND_PROTOTYPE, Edits, MacroName
from query cimport NO_KIND, QuerySpec


cdef struct Rows:
    const uint8_t *text     # borrowed
    size_t size
    size_t at               # what was counted
    uint32_t row            # zero-based
    uint32_t line_start     # byte


cdef inline void go_to(Rows *rows, size_t byte) noexcept nogil:
    """Count the lines before a byte; quick where bytes are asked for in their order."""
    cdef const uint8_t *line_end
    if byte < rows.at:
        rows.at = rows.row = rows.line_start = 0
    while rows.at < byte:
        line_end = <const uint8_t *>memchr(rows.text + rows.at, c"\n", byte - rows.at)
        if line_end == NULL:
            rows.at = byte
            break
        rows.at = line_end - rows.text + 1
        rows.row += 1
        rows.line_start = <uint32_t>rows.at


cdef inline const MacroName *find_rename(const Edits *edits, uint32_t place) noexcept nogil:
    cdef size_t lower = 0, upper = edits.renames.n, middle
    while lower < upper:
        middle = lower + (upper - lower) // 2
        if edits.renames.items[middle].place < place:
            lower = middle + 1
        else:
            upper = middle
    if lower < edits.renames.n and edits.renames.items[lower].place == place:
        return &edits.renames.items[lower]
    return NULL


cdef inline void sort_renames(Edits *edits) noexcept nogil:
    """Sort by place; they mostly are."""
    cdef MacroName name
    cdef size_t i, j
    for i in range(1, edits.renames.n):
        name = edits.renames.items[i]
        j = i
        # One is out of place by the few that its own declaration has.
        while j > 0 and edits.renames.items[j - 1].place > name.place:
            edits.renames.items[j] = edits.renames.items[j - 1]
            j -= 1
        edits.renames.items[j] = name


cdef inline int rename_candidates(
    Candidates *candidates, Edits *edits, const QuerySpec *spec, Rows *rows
) noexcept nogil:
    """Give candidates that stand for another name that name; return an ArenaVerdict."""
    cdef size_t i
    cdef Candidate *candidate
    cdef const MacroName *name
    if edits.renames.n == 0:
        return ARENA_RUNNING
    sort_renames(edits)
    for i in range(candidates.n):
        candidate = &candidates.items[i]
        name = find_rename(edits, candidate.name_start)
        if name == NULL or (name.is_alone and candidate.role != ROLE_DEFINITION):
            continue
        go_to(rows, name.start)
        candidate.name_start, candidate.name_end = name.start, name.end
        candidate.row, candidate.column = rows.row, name.start - rows.line_start
        candidate.end_row = max(candidate.end_row, candidate.row)
        if name.is_alone:
            candidate.extent_start, candidate.extent_end, candidate.end_row = name.start, name.end, candidate.row
            continue
        candidate.extent_start = min(candidate.extent_start, name.start)
        candidate.extent_end = max(candidate.extent_end, name.end)
        if (
            name.kind != MACRO_KIND_KEPT and spec.macro_kinds[name.kind] != NO_KIND
            and candidate.kind_id != spec.macro_kinds[<int>MACRO_KIND_PROTOTYPE]
        ):
            candidate.kind_id = spec.macro_kinds[name.kind]
    return ARENA_RUNNING


cdef inline int add_references(
    Candidates *candidates, Arena *arena, const Edits *edits, const QuerySpec *spec, Rows *rows
) noexcept nogil:
    """Add what blanked words refer to; return an ArenaVerdict."""
    cdef size_t i
    cdef Candidate *candidate
    cdef const MacroName *name
    if not reserve_within(
        arena, <void **>&candidates.items, &candidates.capacity, candidates.n + edits.references.n + 1,
        sizeof(Candidate),
    ):
        return ARENA_OUT_OF_MEMORY
    for i in range(edits.references.n):
        name = &edits.references.items[i]
        if spec.macro_kinds[name.kind] == NO_KIND:
            continue
        go_to(rows, name.start)
        candidate = &candidates.items[candidates.n]
        memset(candidate, 0, sizeof(Candidate))
        candidate.name_start = candidate.extent_start = name.start
        candidate.name_end = candidate.extent_end = name.end
        candidate.row = candidate.end_row = rows.row
        candidate.column = name.start - rows.line_start
        candidate.role = ROLE_REFERENCE
        candidate.owner_start = candidate.owner_end = NO_OWNER
        candidate.kind_id = spec.macro_kinds[name.kind]
        candidates.n += 1
    return ARENA_RUNNING


cdef inline int add_macro_names(
    Candidates *candidates, Arena *arena, Edits *edits, const QuerySpec *spec, const uint8_t *text, size_t size
) noexcept nogil:
    """Put what macros say among the candidates; return an ArenaVerdict."""
    cdef Rows rows = Rows(text, size, 0, 0, 0)
    cdef int verdict = rename_candidates(candidates, edits, spec, &rows)
    if verdict == ARENA_RUNNING and edits.references.n:
        verdict = add_references(candidates, arena, edits, spec, &rows)
    return verdict
