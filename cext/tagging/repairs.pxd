# Rewrites what is right in a language and wrong for its grammar (repairs.h), and parses that.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcpy

cimport tree_sitter as ts
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, arena_take, repomap_bytes_reserve, repomap_error_cost,
    repomap_keep_near_errors, repomap_parse, repomap_parse_again,
)
from query cimport QuerySpec


cdef extern from "repairs.h" nogil:
    ctypedef enum Repair:
        REPAIR_NONE

    bint repomap_is_repaired_first(Repair language, const uint8_t *text, size_t size)
    bint repomap_repair_first(Repair language, uint8_t *text, size_t size)
    bint repomap_is_repaired_near_errors(Repair language, const uint8_t *text, size_t size)
    bint repomap_repair(Repair language, const ts.TSTree *tree, uint8_t *text, size_t size)


cdef inline int parse_as(
    Arena *arena, const QuerySpec *spec, const uint8_t *text, size_t size, ts.TSTree **tree
) noexcept nogil:
    return repomap_parse(
        arena, spec.language, spec.bmp_only, spec.reset_scanner, <const char *>text, <uint32_t>size, tree
    )


cdef inline bint is_repaired_first(const QuerySpec *spec, const uint8_t *text, size_t size) noexcept nogil:
    """Whether something in a text may be read wrong without an error."""
    return spec.repair != REPAIR_NONE and repomap_is_repaired_first(<Repair>spec.repair, text, size)


cdef inline int copy_text(Arena *arena, RepomapBytes *copy, const uint8_t *text, size_t size) noexcept nogil:
    """Copy the text, unless it is the copy; return an ArenaVerdict."""
    if text == copy.contents:
        return ARENA_RUNNING
    if not repomap_bytes_reserve(copy, size + 1) or not arena_take(arena, size):
        return ARENA_OUT_OF_MEMORY
    memcpy(copy.contents, text, size)
    copy.size = size
    return ARENA_RUNNING


cdef inline int parse_repaired(
    Arena *arena, const QuerySpec *spec, RepomapBytes *copy, const uint8_t *text, size_t size, ts.TSTree **tree
) noexcept nogil:
    """Parse a text; where it has errors, parse it repaired, and keep the tree with fewer; return an ArenaVerdict.

    What the grammar reads wrong without an error is repaired before the first parse.

    copy  memory for the repaired text.
    """
    cdef int verdict
    cdef ts.TSTree *other = NULL
    if spec.repair == REPAIR_NONE:
        return parse_as(arena, spec, text, size, tree)
    if is_repaired_first(spec, text, size):
        verdict = copy_text(arena, copy, text, size)
        if verdict != ARENA_RUNNING:
            return verdict
        if repomap_repair_first(<Repair>spec.repair, copy.contents, size):
            text = copy.contents
    verdict = parse_as(arena, spec, text, size, tree)
    if verdict != ARENA_RUNNING or tree[0] == NULL or repomap_error_cost(tree[0]) == 0:
        return verdict
    verdict = copy_text(arena, copy, text, size)
    if verdict != ARENA_RUNNING or not repomap_repair(<Repair>spec.repair, tree[0], copy.contents, size):
        return verdict
    # Most files with an error have it elsewhere: to parse such a file twice would double its cost.
    if text != copy.contents and repomap_is_repaired_near_errors(<Repair>spec.repair, text, size):
        if not repomap_keep_near_errors(tree[0], text, copy.contents, <uint32_t>size):
            return verdict
    if text == copy.contents:
        verdict = parse_as(arena, spec, text, size, &other)
    else:
        verdict = repomap_parse_again(
            arena, tree[0], spec.bmp_only, spec.reset_scanner, <const char *>text, <const char *>copy.contents,
            <uint32_t>size, &other,
        )
    if verdict == ARENA_RUNNING and other != NULL and repomap_error_cost(other) < repomap_error_cost(tree[0]):
        tree[0] = other
    return verdict
