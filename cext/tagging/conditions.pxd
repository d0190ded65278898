# Function bodies, inlined into _tagger: regexes that are still to be tested after the loop.
from libc.stdint cimport uint32_t, uint64_t
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


cdef inline bint add_conditional_tag(Conditions *conditions, Arena *arena, uint64_t row, uint32_t match) noexcept nogil:
    """Record that a tag needs this match to pass. False if out of memory."""
    if not reserve_within(
        arena, <void **>&conditions.tags, &conditions.tags_capacity, conditions.n_tags + 1, sizeof(ConditionalTag)
    ):
        return False
    conditions.tags[conditions.n_tags] = ConditionalTag(row, match)
    conditions.n_tags += 1
    return True


cdef inline void forget_conditions(Conditions *conditions) noexcept nogil:
    conditions.n_asked = conditions.n_tags = conditions.n_matches = 0


cdef inline void free_conditions(Conditions *conditions) noexcept nogil:
    free(conditions.asked)
    free(conditions.tags)
    memset(conditions, 0, sizeof(Conditions))
