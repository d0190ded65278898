# Function bodies, inlined where they are cimported: columns of tags in C memory, which grow without the GIL.
from libc.stdint cimport SIZE_MAX, int32_t, uint8_t, uint32_t
from libc.stdlib cimport free, realloc
from libc.string cimport memset


cdef struct Columns:
    size_t count
    size_t capacity
    uint32_t *name_ids      # of the worker's own strings
    uint8_t *roles
    uint8_t *kind_ids
    uint32_t *rows
    uint32_t *columns
    uint32_t *end_rows
    int32_t *scope_tag_ids  # counted from the file's first tag; -1 none


cdef inline bint resize(void **array, size_t count, size_t item_size) noexcept nogil:
    """Make room for exactly count items; the array stays as it was when there is no memory."""
    cdef void *resized = NULL
    if count <= SIZE_MAX // item_size:
        resized = realloc(array[0], count * item_size)
    if resized == NULL:
        return False
    array[0] = resized
    return True


cdef inline size_t grown(size_t capacity, size_t count) noexcept nogil:
    """Return a capacity for count items that makes repeated growth cost a constant for each."""
    cdef size_t wanted = capacity + capacity // 2 + 64
    return wanted if wanted > count else count


cdef inline bint reserve(void **array, size_t *capacity, size_t count, size_t item_size) noexcept nogil:
    """Make room for at least count items."""
    if count <= capacity[0]:
        return True
    if not resize(array, grown(capacity[0], count), item_size):
        return False
    capacity[0] = grown(capacity[0], count)
    return True


cdef inline bint reserve_columns(Columns *columns, size_t count) noexcept nogil:
    cdef size_t capacity = grown(columns.capacity, count)
    if count <= columns.capacity:
        return True
    if not (
        resize(<void **>&columns.name_ids, capacity, 4)
        and resize(<void **>&columns.roles, capacity, 1)
        and resize(<void **>&columns.kind_ids, capacity, 1)
        and resize(<void **>&columns.rows, capacity, 4)
        and resize(<void **>&columns.columns, capacity, 4)
        and resize(<void **>&columns.end_rows, capacity, 4)
        and resize(<void **>&columns.scope_tag_ids, capacity, 4)
    ):
        return False
    columns.capacity = capacity
    return True


cdef inline void free_columns(Columns *columns) noexcept nogil:
    free(columns.name_ids)
    free(columns.roles)
    free(columns.kind_ids)
    free(columns.rows)
    free(columns.columns)
    free(columns.end_rows)
    free(columns.scope_tag_ids)
    memset(columns, 0, sizeof(Columns))


cdef inline void move_tag(Columns *columns, size_t source, size_t target) noexcept nogil:
    """Copy one row over another, all but its scope."""
    columns.name_ids[target] = columns.name_ids[source]
    columns.roles[target] = columns.roles[source]
    columns.kind_ids[target] = columns.kind_ids[source]
    columns.rows[target] = columns.rows[source]
    columns.columns[target] = columns.columns[source]
    columns.end_rows[target] = columns.end_rows[source]


cdef inline int32_t kept_scope(int32_t *scopes, const uint8_t *is_dropped, int32_t scope) noexcept nogil:
    """Return the first scope on the way out that is not dropped, or -1; shorten the way for later calls."""
    cdef int32_t kept = scope, outer
    while kept >= 0 and is_dropped[kept]:
        kept = scopes[kept]
    while scope >= 0 and is_dropped[scope]:
        outer = scopes[scope]
        scopes[scope] = kept
        scope = outer
    return kept


cdef inline size_t drop_rows(
    Columns *columns, size_t first, size_t n, const uint8_t *is_dropped, size_t target, int32_t *new_rows,
    int32_t *new_scopes,
) noexcept nogil:
    """Move the rows of one file to ``target``, without some; return where the next file goes.

    What a dropped tag was around is then within what was around it.

    is_dropped            (n_tags,) of all rows: 1 for one to leave out.
    new_rows, new_scopes  room for all rows each.
    """
    cdef size_t row
    cdef int32_t scope, n_kept = 0
    for row in range(first, first + n):
        new_rows[row] = n_kept
        n_kept += not is_dropped[row]
    # Scopes point forwards too: all are resolved before the first row moves.
    for row in range(first, first + n):
        scope = kept_scope(&columns.scope_tag_ids[first], &is_dropped[first], columns.scope_tag_ids[row])
        new_scopes[row] = new_rows[first + scope] if scope >= 0 else -1
    for row in range(first, first + n):
        if not is_dropped[row]:
            move_tag(columns, row, target)
            columns.scope_tag_ids[target] = new_scopes[row]
            target += 1
    return target
