# Function bodies, inlined into _tagger: memory outside the arena that counts against the file's budget.
from columns cimport grown, resize
from core cimport Arena, arena_take


cdef inline bint reserve_within(
    Arena *arena, void **array, size_t *capacity, size_t count, size_t item_size
) noexcept nogil:
    """Make room for at least count items, as ``reserve`` does; False past the file's budget too."""
    cdef size_t new_capacity
    if count <= capacity[0]:
        return True
    new_capacity = grown(capacity[0], count)
    if not arena_take(arena, (new_capacity - capacity[0]) * item_size):
        return False
    if not resize(array, new_capacity, item_size):
        return False
    capacity[0] = new_capacity
    return True
