# The tags of the file at hand, before they are in order.
from libc.stdint cimport int32_t, uint8_t, uint32_t, INT32_MAX
from libc.stdlib cimport free, qsort
from libc.string cimport memset

cimport tree_sitter as ts
from columns cimport Columns, reserve, reserve_columns
from conditions cimport Conditions, hang
from interner cimport INTERNER_FULL, Interner, interner_intern
from query cimport Capture


cdef enum:
    ROLE_DEFINITION = 0     # tables.ROLE_DEFINITION

cdef struct Candidate:
    uint32_t name_start     # byte
    uint32_t name_end
    uint32_t row            # zero-based, of the name's start
    uint32_t column         # bytes
    uint32_t extent_start   # byte; the extent is the @definition or @reference node
    uint32_t extent_end
    uint32_t end_row
    uint32_t condition      # 0, or the number of the match whose regexes decide
    uint8_t role
    uint8_t kind_id

cdef struct Extent:
    uint32_t start          # byte
    uint32_t end
    uint32_t tag            # row of the definition among its file's tags

cdef struct Candidates:
    Candidate *items        # (n,) owned
    size_t n
    size_t capacity
    Extent *extents         # of the definitions, outer before inner
    size_t extents_capacity
    Extent *around          # those that enclose the tag at hand, innermost last
    size_t around_capacity


cdef inline int compare_candidates(const void *left, const void *right) noexcept nogil:
    cdef const Candidate *a = <const Candidate *>left
    cdef const Candidate *b = <const Candidate *>right
    if a.name_start != b.name_start:
        return -1 if a.name_start < b.name_start else 1
    if a.role != b.role:
        return -1 if a.role < b.role else 1
    if a.kind_id != b.kind_id:
        return -1 if a.kind_id < b.kind_id else 1
    if a.extent_end != b.extent_end:
        return -1 if a.extent_end < b.extent_end else 1
    if a.name_end != b.name_end:
        return -1 if a.name_end < b.name_end else 1
    return 0


cdef inline int compare_extents(const void *left, const void *right) noexcept nogil:
    """Outer before inner, and of equal ones the first tag first."""
    cdef const Extent *a = <const Extent *>left
    cdef const Extent *b = <const Extent *>right
    if a.start != b.start:
        return -1 if a.start < b.start else 1
    if a.end != b.end:
        return -1 if a.end > b.end else 1
    return (a.tag > b.tag) - (a.tag < b.tag)


cdef inline void sort_extents(Extent *extents, size_t n) noexcept nogil:
    """Sort outer before inner; where the names are in order their extents mostly are, and nothing is to be done."""
    cdef size_t i
    for i in range(1, n):
        if compare_extents(&extents[i - 1], &extents[i]) > 0:
            qsort(extents, n, sizeof(Extent), compare_extents)
            return


cdef inline void sort_candidates(Candidate *candidates, size_t n) noexcept nogil:
    """Sort by where the name starts. Matches come nearly so: insertion first, qsort when that does not pay."""
    cdef size_t i, j, n_moves = 0
    cdef Candidate candidate
    for i in range(1, n):
        if compare_candidates(&candidates[i - 1], &candidates[i]) <= 0:
            continue
        candidate = candidates[i]
        j = i
        while j > 0 and compare_candidates(&candidates[j - 1], &candidate) > 0:
            candidates[j] = candidates[j - 1]
            j -= 1
        candidates[j] = candidate
        n_moves += i - j
        if n_moves > 16 * n:
            qsort(candidates, n, sizeof(Candidate), compare_candidates)
            return


cdef inline bint is_strictly_within(const Candidate *candidate, const Extent *extent) noexcept nogil:
    return (
        extent.start <= candidate.extent_start
        and candidate.extent_end <= extent.end
        and (extent.start != candidate.extent_start or candidate.extent_end != extent.end)
    )


cdef inline bint is_around(const Extent *extent, const Candidate *candidate) noexcept nogil:
    """Whether the extent is of a definition around the candidate, which begins within it."""
    if candidate.role == ROLE_DEFINITION:
        return is_strictly_within(candidate, extent)
    # A name that is a whole node may hold the definition that starts where it does.
    return candidate.name_end <= extent.end


cdef inline size_t count_around(const Extent *around, size_t depth, const Candidate *candidate) noexcept nogil:
    """Count the extents around the candidate, of those around its place: each is within the one before it."""
    cdef size_t lower = 0, upper = depth, middle
    if depth == 0 or is_around(&around[depth - 1], candidate):
        return depth
    while lower < upper:
        middle = lower + (upper - lower) // 2
        if is_around(&around[middle], candidate):
            lower = middle + 1
        else:
            upper = middle
    return lower


cdef inline void find_scopes(
    const Candidate *candidates, size_t n, Extent *extents, Extent *around, int32_t *scopes_out
) noexcept nogil:
    """Find the innermost definition around each of the sorted candidates: one sweep, with a stack.

    extents, around  room for n each: the definitions, outer before inner; those around the place, innermost last.
    scopes_out       (n,) positions among the candidates, or -1.

    Extents are nodes of one tree: of two, one is within the other or they are apart. Of definitions that share one
    extent (``const a, b = f()``) the first is around the rest of it, and none is around another.
    """
    cdef size_t i, n_extents = 0, next_extent = 0, depth = 0, inner
    cdef const Extent *extent
    for i in range(n):
        if candidates[i].role == ROLE_DEFINITION:
            extents[n_extents] = Extent(candidates[i].extent_start, candidates[i].extent_end, <uint32_t>i)
            n_extents += 1
    sort_extents(extents, n_extents)
    for i in range(n):
        while next_extent < n_extents and extents[next_extent].start <= candidates[i].name_start:
            extent = &extents[next_extent]
            while depth > 0 and around[depth - 1].end <= extent.start:
                depth -= 1
            if depth == 0 or around[depth - 1].start != extent.start or around[depth - 1].end != extent.end:
                around[depth] = extent[0]
                depth += 1
            next_extent += 1
        while depth > 0 and around[depth - 1].end <= candidates[i].name_start:
            depth -= 1
        inner = count_around(around, depth, &candidates[i])
        scopes_out[i] = <int32_t>around[inner - 1].tag if inner > 0 else -1


cdef inline bint add_candidate(
    Candidates *candidates, const Capture *said, ts.TSNode name, ts.TSNode extent, uint32_t condition
) noexcept nogil:
    """Note a captured name and what it is said to be; False when there is no memory for it."""
    cdef Candidate *candidate
    cdef ts.TSPoint start = ts.ts_node_start_point(name)
    if not reserve(<void **>&candidates.items, &candidates.capacity, candidates.n + 1, sizeof(Candidate)):
        return False
    candidate = &candidates.items[candidates.n]
    candidate.name_start = ts.ts_node_start_byte(name)
    candidate.name_end = ts.ts_node_end_byte(name)
    candidate.row = start.row
    candidate.column = start.column
    candidate.condition = condition
    candidate.role = said.role
    candidate.kind_id = said.kind_id
    if said.role != ROLE_DEFINITION:
        extent = name
    candidate.extent_start = ts.ts_node_start_byte(extent)
    candidate.extent_end = ts.ts_node_end_byte(extent)
    candidate.end_row = ts.ts_node_end_point(extent).row
    candidates.n += 1
    return True


cdef inline bint append_candidates(
    Candidates *candidates, const uint8_t *text, Interner *strings, Columns *columns, Conditions *conditions
) noexcept nogil:
    """Append the candidates to the columns, in order; False, and nothing appended, when there is no memory."""
    cdef size_t i, first = columns.count, n = candidates.n
    cdef Candidate *candidate
    cdef uint32_t name_id
    sort_candidates(candidates.items, n)
    if n > INT32_MAX or not reserve_columns(columns, first + n) or not (
        reserve(<void **>&candidates.extents, &candidates.extents_capacity, n + 1, sizeof(Extent))
        and reserve(<void **>&candidates.around, &candidates.around_capacity, n + 1, sizeof(Extent))
    ):
        return False
    find_scopes(candidates.items, n, candidates.extents, candidates.around, &columns.scope_tag_ids[first])
    for i in range(n):
        candidate = &candidates.items[i]
        name_id = interner_intern(strings, text + candidate.name_start, candidate.name_end - candidate.name_start)
        if name_id == INTERNER_FULL:
            return False
        columns.name_ids[first + i] = name_id
        columns.roles[first + i] = candidate.role
        columns.kind_ids[first + i] = candidate.kind_id
        columns.rows[first + i] = candidate.row
        columns.columns[first + i] = candidate.column
        columns.end_rows[first + i] = candidate.end_row
        if candidate.condition != 0 and not hang(conditions, first + i, candidate.condition):
            return False
    columns.count = first + n
    return True


cdef inline void free_candidates(Candidates *candidates) noexcept nogil:
    free(candidates.items)
    free(candidates.extents)
    free(candidates.around)
    memset(candidates, 0, sizeof(Candidates))
