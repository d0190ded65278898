# Function bodies, inlined into _tagger: regexes that are still to be tested after the loop.
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

from budget cimport reserve_within
from core cimport Arena


cdef struct Condition:
    uint32_t match          # number of a match of this batch, from 1
    uint32_t regex_id       # of the scan
    uint32_t text_id        # of the worker's own strings

cdef struct ConditionalTag:
    uint64_t row            # of Columns
    uint32_t match

cdef struct Sibling:        # a definition, and the next one of the same extent
    uint64_t row            # of Columns
    uint64_t first          # row of the first tag of its file
    int32_t next            # tag of the file

cdef struct Contested:      # a tag that is to stay only if no other of its group comes before it
    uint64_t row            # of Columns
    uint32_t group          # number in this batch, from 1
    uint32_t rank           # within the group: of those that pass, the ones of the lowest rank stay
    uint8_t is_of_names     # the group has one name in several places; such groups are settled last

cdef struct Conditions:
    Condition *asked        # (n_asked,) owned
    size_t n_asked
    size_t asked_capacity
    ConditionalTag *tags    # (n_tags,) owned
    size_t n_tags
    size_t tags_capacity
    Contested *contested    # (n_contested,) owned
    size_t n_contested
    size_t contested_capacity
    Sibling *siblings       # (n_siblings,) owned; rows rise
    size_t n_siblings
    size_t siblings_capacity
    uint32_t n_matches
    uint32_t n_groups


cdef inline bint add_regex_test(
    Conditions *conditions, Arena *arena, uint32_t match, uint32_t regex_id, uint32_t text_id
) noexcept nogil:
    """Record that a match needs this regex to pass on this text. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.asked, &conditions.asked_capacity, conditions.n_asked + 1, sizeof(Condition)
    ):
        return False
    conditions.asked[conditions.n_asked] = Condition(match, regex_id, text_id)
    conditions.n_asked += 1
    return True


cdef inline bint add_conditional_tag(Conditions *conditions, Arena *arena, uint64_t row, uint32_t match) noexcept nogil:
    """Record that a tag needs this match to pass. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.tags, &conditions.tags_capacity, conditions.n_tags + 1, sizeof(ConditionalTag)
    ):
        return False
    conditions.tags[conditions.n_tags] = ConditionalTag(row, match)
    conditions.n_tags += 1
    return True


cdef inline bint add_contested_tag(
    Conditions *conditions, Arena *arena, uint64_t row, uint32_t rank, bint is_of_names
) noexcept nogil:
    """Record that a tag is of the group that was begun last. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.contested, &conditions.contested_capacity, conditions.n_contested + 1,
        sizeof(Contested),
    ):
        return False
    conditions.contested[conditions.n_contested] = Contested(row, conditions.n_groups, rank, is_of_names)
    conditions.n_contested += 1
    return True


cdef inline bint add_sibling(Conditions *conditions, Arena *arena, Sibling sibling) noexcept nogil:
    """Record which definition comes after another of the same extent. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.siblings, &conditions.siblings_capacity, conditions.n_siblings + 1, sizeof(Sibling)
    ):
        return False
    conditions.siblings[conditions.n_siblings] = sibling
    conditions.n_siblings += 1
    return True


cdef inline void leave_to_siblings(
    const Conditions *conditions, const uint8_t *is_dropped, int32_t *scopes, int32_t *staying_out
) noexcept nogil:
    """Put what is within a dropped definition into the next one of its extent that stays, if there is one.

    is_dropped   (n_tags,) of all rows: 0 for one that stays.
    scopes       (n_tags,) of Columns; those of dropped definitions are changed, which what is within them follows.
    staying_out  (n_tags,) -1 each; of a definition: the next one of its extent that stays.
    """
    cdef size_t i = conditions.n_siblings
    cdef const Sibling *sibling
    cdef int32_t staying
    while i > 0:
        i -= 1
        sibling = &conditions.siblings[i]
        staying = sibling.next
        if is_dropped[sibling.first + <uint64_t>staying]:
            # That comes later: its own next one is known.
            staying = staying_out[sibling.first + <uint64_t>staying]
        staying_out[sibling.row] = staying
        # One that an owner has is in another place: what is around it might be within the dropped one.
        if (
            staying >= 0 and is_dropped[sibling.row]
            and scopes[sibling.row] == scopes[sibling.first + <uint64_t>staying]
        ):
            scopes[sibling.row] = staying


cdef inline void forget_conditions(Conditions *conditions) noexcept nogil:
    conditions.n_asked = conditions.n_tags = conditions.n_contested = conditions.n_siblings = 0
    conditions.n_matches = conditions.n_groups = 0


cdef inline void free_conditions(Conditions *conditions) noexcept nogil:
    free(conditions.asked)
    free(conditions.tags)
    free(conditions.contested)
    free(conditions.siblings)
    memset(conditions, 0, sizeof(Conditions))
