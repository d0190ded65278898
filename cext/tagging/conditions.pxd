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
    uint64_t first          # row of the first tag of its file
    uint32_t match
    int32_t sibling         # tag of the file: the next definition of the same extent, or -1

cdef struct Conditions:
    Condition *asked        # (n_asked,) owned
    size_t n_asked
    size_t asked_capacity
    ConditionalTag *tags    # (n_tags,) owned
    size_t n_tags
    size_t tags_capacity
    uint32_t n_matches


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


cdef inline bint add_conditional_tag(Conditions *conditions, Arena *arena, ConditionalTag tag) noexcept nogil:
    """Record that a tag needs a match to pass; tags come in the order of their rows. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.tags, &conditions.tags_capacity, conditions.n_tags + 1, sizeof(ConditionalTag)
    ):
        return False
    conditions.tags[conditions.n_tags] = tag
    conditions.n_tags += 1
    return True


cdef inline void leave_to_siblings(
    const Conditions *conditions, const uint8_t *is_dropped, int32_t *scopes, int32_t *siblings
) noexcept nogil:
    """Put what is within a dropped definition into the next one of its extent that stays, if there is one.

    is_dropped  (n_tags,) of all rows: 0 for one that stays.
    scopes      (n_tags,) of Columns; those of dropped definitions are changed, which what is within them follows.
    siblings    room for all rows.
    """
    cdef size_t i = conditions.n_tags
    cdef const ConditionalTag *tag
    cdef int32_t sibling
    while i > 0:
        i -= 1
        tag = &conditions.tags[i]
        sibling = tag.sibling
        if sibling >= 0 and is_dropped[tag.first + <uint64_t>sibling]:
            # It has a condition, too, and comes later: its own next one is known.
            sibling = siblings[tag.first + <uint64_t>sibling]
        siblings[tag.row] = sibling
        # One that an owner has is in another place: what is around it might be within the dropped one.
        if sibling >= 0 and is_dropped[tag.row] and scopes[tag.row] == scopes[tag.first + <uint64_t>sibling]:
            scopes[tag.row] = sibling


cdef inline void forget_conditions(Conditions *conditions) noexcept nogil:
    conditions.n_asked = conditions.n_tags = conditions.n_matches = 0


cdef inline void free_conditions(Conditions *conditions) noexcept nogil:
    free(conditions.asked)
    free(conditions.tags)
    memset(conditions, 0, sizeof(Conditions))
