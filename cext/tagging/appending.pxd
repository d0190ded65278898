# Function bodies, inlined into _tagger: the candidates of the file at hand, put in order and appended to the columns.
from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from candidates cimport (
    AS_COMPONENT, AS_FILE, AS_PARSED, NAME_COPIES, STEPS_BETWEEN_CHECKS, Candidate, Candidates, find_scopes, name_room,
    reserve_for_tags, sort_candidates,
)
from columns cimport Columns
from component_names cimport COMPONENT_LONGEST, component_spell
from conditions cimport Conditions, Sibling, add_conditional_tag, add_sibling
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, arena_take, arena_verdict
from interner cimport INTERNER_FULL, Interner, interner_intern
from rules cimport drop_repeated, note_contested_places, settle_owners, settle_places


ctypedef uint32_t (*InternName)(Interner *strings, const uint8_t *name, uint32_t size) noexcept nogil


cdef enum:
    MOST_WITH_SUFFIX = 255  # bytes of a name that one more is written behind


cdef inline uint32_t intern_with_suffix(
    Interner *strings, const uint8_t *name, uint32_t size, uint8_t suffix
) noexcept nogil:
    cdef uint8_t[MOST_WITH_SUFFIX + 1] written
    if size > MOST_WITH_SUFFIX:
        return interner_intern(strings, name, size)
    memcpy(written, name, size)
    written[size] = suffix
    return interner_intern(strings, written, size + 1)


cdef inline uint32_t intern_spelled(
    Interner *strings, const Candidates *candidates, const Candidate *candidate
) noexcept nogil:
    """Intern a name that does not stand in the text that was parsed."""
    cdef uint8_t[COMPONENT_LONGEST] spelled
    cdef const uint8_t *name = candidates.read + candidate.name_start
    cdef uint32_t size = candidate.name_end - candidate.name_start
    if candidate.spelling == AS_FILE:
        return interner_intern(strings, candidates.component, candidates.component_size)
    if candidate.spelling == AS_COMPONENT:
        size = component_spell(name, size, spelled)
        return interner_intern(strings, spelled, size)
    return interner_intern(strings, name, size)


cdef inline int intern_names(
    Candidates *candidates, Arena *arena, const uint8_t *text, size_t text_size, Interner *strings,
    InternName intern_name,
) noexcept nogil:
    """Give each candidate the id of its name; return an ArenaVerdict.

    intern_name  interns names of a language that are not compared as they are written; NULL for others.
    """
    cdef size_t i, n_steps = 0, n_bytes = 0
    cdef Candidate *candidate
    cdef uint32_t n_strings, size
    cdef int verdict
    for i in range(candidates.n):
        candidate = &candidates.items[i]
        size = candidate.name_end - candidate.name_start
        n_strings = strings.count
        if candidate.spelling != AS_PARSED:
            candidate.name_id = intern_spelled(strings, candidates, candidate)
        elif candidate.suffix:
            candidate.name_id = intern_with_suffix(strings, text + candidate.name_start, size, candidate.suffix)
        elif intern_name != NULL:
            candidate.name_id = intern_name(strings, text + candidate.name_start, size)
        else:
            candidate.name_id = interner_intern(strings, text + candidate.name_start, size)
        if candidate.name_id == INTERNER_FULL:
            return ARENA_OUT_OF_MEMORY
        if candidate.name_id == n_strings:
            size = <uint32_t>(strings.offsets[n_strings + 1] - strings.offsets[n_strings])
            n_bytes += size
            if n_bytes > name_room(text_size) or not arena_take(arena, NAME_COPIES * <size_t>size):
                return ARENA_OUT_OF_MEMORY
        n_steps += size + 1
        if n_steps >= STEPS_BETWEEN_CHECKS:
            n_steps = 0
            verdict = arena_verdict(arena)
            if verdict != ARENA_RUNNING:
                return verdict
    return ARENA_RUNNING


cdef inline bint note_siblings(
    const Candidates *candidates, Arena *arena, Conditions *conditions, uint64_t first
) noexcept nogil:
    """Note which definitions share an extent, as regexes may drop some of them. False if out of memory."""
    cdef size_t i
    cdef int32_t sibling
    for i in range(candidates.n):
        sibling = candidates.siblings[i]
        if sibling >= 0 and not add_sibling(conditions, arena, Sibling(first + i, first, sibling)):
            return False
    return True


cdef inline int append_candidates(
    Candidates *candidates, Arena *arena, const uint8_t *text, size_t text_size, Interner *strings, Columns *columns,
    Conditions *conditions, InternName intern_name,
) noexcept nogil:
    """Append the candidates to the columns, in order; return an ArenaVerdict, and unless all went well append none."""
    cdef size_t i, first = columns.count, n_contested = conditions.n_contested
    cdef bint is_pending = False
    cdef Candidate *candidate
    cdef int verdict
    if not reserve_for_tags(candidates, arena, columns):
        return ARENA_OUT_OF_MEMORY
    verdict = sort_candidates(arena, candidates.items, candidates.scratch, candidates.n)
    if verdict == ARENA_RUNNING:
        verdict = find_scopes(arena, candidates, &columns.scope_tag_ids[first])
    if verdict == ARENA_RUNNING and candidates.has_rules:
        settle_places(candidates, &columns.scope_tag_ids[first])
    if verdict == ARENA_RUNNING:
        verdict = intern_names(candidates, arena, text, text_size, strings, intern_name)
    if verdict == ARENA_RUNNING and candidates.has_once:
        verdict = drop_repeated(candidates, arena, &columns.scope_tag_ids[first], conditions, first)
    if verdict == ARENA_RUNNING and candidates.has_contested:
        verdict = note_contested_places(candidates, arena, conditions, first)
    if verdict == ARENA_RUNNING and candidates.has_owners:
        verdict = settle_owners(candidates, arena, text, strings, &columns.scope_tag_ids[first])
    if verdict != ARENA_RUNNING:
        return verdict
    for i in range(candidates.n):
        candidate = &candidates.items[i]
        columns.name_ids[first + i] = candidate.name_id
        columns.roles[first + i] = candidate.role
        columns.kind_ids[first + i] = candidate.kind_id
        columns.rows[first + i] = candidate.row
        columns.columns[first + i] = candidate.column
        columns.end_rows[first + i] = candidate.end_row
        if candidate.condition != 0 and not add_conditional_tag(conditions, arena, first + i, candidate.condition):
            return ARENA_OUT_OF_MEMORY
        is_pending |= candidate.condition != 0
    if candidates.has_siblings and (is_pending or conditions.n_contested > n_contested):
        if not note_siblings(candidates, arena, conditions, first):
            return ARENA_OUT_OF_MEMORY
    columns.count = first + candidates.n
    return ARENA_RUNNING
