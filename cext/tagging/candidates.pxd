# Function bodies, inlined into _tagger: the tags of the file at hand, before they are in order.
from libc.stdint cimport int32_t, uint8_t, uint32_t, INT32_MAX
from libc.stdlib cimport free
from libc.string cimport memset

cimport tree_sitter as ts
from budget cimport reserve_within
from columns cimport Columns, reserve_columns
from conditions cimport Conditions, add_conditional_tag
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, arena_take, arena_verdict, merge_sort
from interner cimport INTERNER_FULL, Interner, interner_intern
from query cimport Capture


cdef enum:
    ROLE_DEFINITION = 0     # tables.ROLE_DEFINITION
    ROLE_REFERENCE = 1      # tables.ROLE_REFERENCE
    STEPS_BETWEEN_CHECKS = 1 << 18
    TAG_BYTES = 40          # of the columns and of the block, which both grow by halves
    NAME_COPIES = 4         # in the interner, in the block, and where the block is taken from
    LEAST_NAME_ROOM = 1 << 20
    NAMES_BY_SOURCE = 64

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
    Candidate *scratch      # for sorting
    size_t scratch_capacity


cdef inline size_t name_room(size_t text_size) noexcept nogil:
    """Return how many bytes the distinct names of a text may have together.

    Names that are leaves of the tree have no more than the text. Where a query takes nested nodes for names they may
    have the square of it, and no budget of the parse would see that.
    """
    return LEAST_NAME_ROOM + NAMES_BY_SOURCE * text_size


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
    # Outer before inner, whichever the cursor has matched first.
    if a.extent_start != b.extent_start:
        return -1 if a.extent_start < b.extent_start else 1
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


cdef inline int sort_extents(const Arena *arena, Extent *extents, void *scratch, size_t n) noexcept nogil:
    """Sort outer before inner; where the names are in order their extents mostly are, and nothing is to be done."""
    cdef size_t i
    for i in range(1, n):
        if compare_extents(&extents[i - 1], &extents[i]) > 0:
            return merge_sort(arena, extents, scratch, n, sizeof(Extent), compare_extents)
    return ARENA_RUNNING


cdef inline int sort_candidates(const Arena *arena, Candidate *candidates, Candidate *scratch, size_t n) noexcept nogil:
    """Sort by where the name starts. Matches come nearly so: insertion first, merging when that does not pay."""
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
            return merge_sort(arena, candidates, scratch, n, sizeof(Candidate), compare_candidates)
    return ARENA_RUNNING


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


cdef inline int find_scopes(
    const Arena *arena, const Candidate *candidates, size_t n, Extent *extents, Extent *around, void *scratch,
    int32_t *scopes_out,
) noexcept nogil:
    """Find the innermost definition around each of the sorted candidates: one sweep, with a stack.

    extents, around  room for n each: the definitions, outer before inner; those around the place, innermost last.
    scratch          room for n extents.
    scopes_out       (n,) positions among the candidates, or -1.

    Returns an ArenaVerdict.

    Extents are nodes of one tree: of two, one is within the other or they are apart. Of definitions that share one
    extent (``const a, b = f()``) the first is around the rest of it, and none is around another.
    """
    cdef size_t i, n_extents = 0, next_extent = 0, depth = 0, inner, n_steps = 0
    cdef const Extent *extent
    cdef int verdict
    for i in range(n):
        if candidates[i].role == ROLE_DEFINITION:
            extents[n_extents] = Extent(candidates[i].extent_start, candidates[i].extent_end, <uint32_t>i)
            n_extents += 1
    verdict = sort_extents(arena, extents, scratch, n_extents)
    if verdict != ARENA_RUNNING:
        return verdict
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
        n_steps += 1
        if n_steps >= STEPS_BETWEEN_CHECKS:
            n_steps = 0
            verdict = arena_verdict(arena)
            if verdict != ARENA_RUNNING:
                return verdict
    return ARENA_RUNNING


cdef inline bint add_candidate(
    Candidates *candidates, Arena *arena, const Capture *said, ts.TSNode name, ts.TSNode extent, uint32_t condition
) noexcept nogil:
    """Note a captured name and what it is said to be; False when there is no memory for it."""
    cdef Candidate *candidate
    cdef ts.TSPoint start = ts.ts_node_start_point(name)
    if not reserve_within(
        arena, <void **>&candidates.items, &candidates.capacity, candidates.n + 1, sizeof(Candidate)
    ):
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
    # A user's query may say that a node is the extent of a name beyond its end.
    candidate.end_row = max(start.row, ts.ts_node_end_point(extent).row)
    candidates.n += 1
    return True


cdef inline bint reserve_for_tags(Candidates *candidates, Arena *arena, Columns *columns) noexcept nogil:
    """Make room for what the candidates become; False when there is no memory for it."""
    cdef size_t n = candidates.n
    return (
        n <= INT32_MAX
        and arena_take(arena, n * TAG_BYTES)
        and reserve_columns(columns, columns.count + n)
        and reserve_within(
            arena, <void **>&candidates.extents, &candidates.extents_capacity, n + 1, sizeof(Extent)
        )
        and reserve_within(arena, <void **>&candidates.around, &candidates.around_capacity, n + 1, sizeof(Extent))
        and reserve_within(
            arena, <void **>&candidates.scratch, &candidates.scratch_capacity, n + 1, sizeof(Candidate)
        )
    )


cdef inline int append_candidates(
    Candidates *candidates, Arena *arena, const uint8_t *text, size_t text_size, Interner *strings, Columns *columns,
    Conditions *conditions,
) noexcept nogil:
    """Append the candidates to the columns, in order; return an ArenaVerdict, and unless all went well append none."""
    cdef size_t i, first = columns.count, n = candidates.n, n_steps = 0, n_bytes = 0
    cdef Candidate *candidate
    cdef uint32_t name_id, n_strings, size
    cdef int verdict
    if not reserve_for_tags(candidates, arena, columns):
        return ARENA_OUT_OF_MEMORY
    verdict = sort_candidates(arena, candidates.items, candidates.scratch, n)
    if verdict == ARENA_RUNNING:
        verdict = find_scopes(
            arena, candidates.items, n, candidates.extents, candidates.around, candidates.scratch,
            &columns.scope_tag_ids[first],
        )
    if verdict != ARENA_RUNNING:
        return verdict
    for i in range(n):
        candidate = &candidates.items[i]
        size = candidate.name_end - candidate.name_start
        n_strings = strings.count
        name_id = interner_intern(strings, text + candidate.name_start, size)
        if name_id == INTERNER_FULL:
            return ARENA_OUT_OF_MEMORY
        if name_id == n_strings:
            n_bytes += size
            if n_bytes > name_room(text_size) or not arena_take(arena, NAME_COPIES * <size_t>size):
                return ARENA_OUT_OF_MEMORY
        n_steps += size + 1
        if n_steps >= STEPS_BETWEEN_CHECKS:
            n_steps = 0
            verdict = arena_verdict(arena)
            if verdict != ARENA_RUNNING:
                return verdict
        columns.name_ids[first + i] = name_id
        columns.roles[first + i] = candidate.role
        columns.kind_ids[first + i] = candidate.kind_id
        columns.rows[first + i] = candidate.row
        columns.columns[first + i] = candidate.column
        columns.end_rows[first + i] = candidate.end_row
        if candidate.condition != 0 and not add_conditional_tag(conditions, arena, first + i, candidate.condition):
            return ARENA_OUT_OF_MEMORY
    columns.count = first + n
    return ARENA_RUNNING


cdef inline void free_candidates(Candidates *candidates) noexcept nogil:
    free(candidates.items)
    free(candidates.extents)
    free(candidates.around)
    free(candidates.scratch)
    memset(candidates, 0, sizeof(Candidates))
