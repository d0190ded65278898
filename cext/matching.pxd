# The matches of a tags query in one syntax tree: found, asked for their predicates, noted as candidates.
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.stdlib cimport free

cimport tree_sitter as ts
from candidates cimport Candidates, add_candidate, free_candidates
from columns cimport reserve
from conditions cimport Conditions, ask, free_conditions
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapCursor, RepomapWalk, arena_verdict, repomap_cursor_next,
    repomap_cursor_start, repomap_walk_next, repomap_walk_start,
)
from interner cimport INTERNER_FULL, Interner, interner_free, interner_intern
from query cimport (
    CAPTURE_EXTENT, CAPTURE_NAME, CAPTURE_NAMED, PREDICATE_EQUALS_CAPTURE, PREDICATE_MATCHES, Capture, Predicate,
    QuerySpec, are_captures_equal, is_captured_among,
)


cdef enum:
    MANY_CAPTURES = 256

cdef struct Matcher:
    RepomapCursor *cursor       # of the file at hand; in the arena
    RepomapWalk walk
    Interner strings            # names, and texts that regexes are asked about
    Candidates candidates       # of the file at hand
    Conditions conditions
    uint16_t *extents           # (n_extents,) of the match at hand: positions among its captures
    size_t n_extents
    size_t extents_capacity


cdef inline bint ask_later(
    Matcher *matcher, const Predicate *predicate, const ts.TSQueryMatch *match, const uint8_t *text,
    uint32_t *condition
) noexcept nogil:
    """Note which texts the regex is to be asked about; False when there is no memory to."""
    cdef uint16_t i
    cdef uint32_t start, text_id
    cdef ts.TSNode node
    if condition[0] == 0:
        matcher.conditions.n_matches += 1
        condition[0] = matcher.conditions.n_matches
    for i in range(match.capture_count):
        if match.captures[i].index != predicate.capture:
            continue
        node = match.captures[i].node
        start = ts.ts_node_start_byte(node)
        text_id = interner_intern(&matcher.strings, text + start, ts.ts_node_end_byte(node) - start)
        if text_id == INTERNER_FULL or not ask(&matcher.conditions, condition[0], predicate.other, text_id):
            return False
    return True


cdef inline bint passes(
    Matcher *matcher, const QuerySpec *spec, const ts.TSQueryMatch *match, const uint8_t *text,
    uint32_t *condition
) noexcept nogil:
    """Ask the pattern's predicates, as py-tree-sitter would; regexes are put off, ``condition`` numbers them."""
    cdef uint32_t i
    cdef const Predicate *predicate
    for i in range(spec.pattern_predicates[match.pattern_index], spec.pattern_predicates[match.pattern_index + 1]):
        predicate = &spec.predicates[i]
        if predicate.op == PREDICATE_EQUALS_CAPTURE:
            if not are_captures_equal(predicate, match, text):
                return False
        elif predicate.op != PREDICATE_MATCHES:
            if not is_captured_among(spec, predicate, match, text):
                return False
        elif not ask_later(matcher, predicate, match, text, condition):
            condition[0] = INTERNER_FULL
            return True
    return True


cdef inline bint find_extents(Matcher *matcher, const QuerySpec *spec, const ts.TSQueryMatch *match) noexcept nogil:
    """Note the first node of each capture that is an extent: a quantified one has several. False without memory."""
    cdef uint16_t i
    cdef size_t j, n = 0
    for i in range(match.capture_count):
        if spec.captures[match.captures[i].index].use != CAPTURE_EXTENT:
            continue
        for j in range(n):
            if match.captures[matcher.extents[j]].index == match.captures[i].index:
                break
        else:
            if not reserve(<void **>&matcher.extents, &matcher.extents_capacity, n + 1, sizeof(uint16_t)):
                return False
            matcher.extents[n] = i
            n += 1
    matcher.n_extents = n
    return True


cdef inline int add_matched(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, const ts.TSQueryMatch *match, uint32_t condition
) noexcept nogil:
    """Make a candidate of each captured name and what it is said to be; return an ArenaVerdict."""
    cdef uint16_t i
    cdef size_t j
    cdef int verdict
    cdef const Capture *capture
    cdef const Capture *other
    cdef ts.TSNode name, extent, found
    if condition == INTERNER_FULL or not find_extents(matcher, spec, match):
        return ARENA_OUT_OF_MEMORY
    for i in range(match.capture_count):
        if match.capture_count > MANY_CAPTURES:
            verdict = arena_verdict(arena)
            if verdict != ARENA_RUNNING:
                return verdict
        capture = &spec.captures[match.captures[i].index]
        name = extent = match.captures[i].node
        # A node that the parser put in for one that is missing has no text: nobody can look for it.
        if ts.ts_node_start_byte(name) == ts.ts_node_end_byte(name):
            continue
        for j in range(matcher.n_extents):
            other = &spec.captures[match.captures[matcher.extents[j]].index]
            found = match.captures[matcher.extents[j]].node
            if capture.use == CAPTURE_NAME:
                if not add_candidate(&matcher.candidates, other, name, found, condition):
                    return ARENA_OUT_OF_MEMORY
            elif other.role == capture.role and other.kind_id == capture.kind_id:
                extent = found
        if capture.use == CAPTURE_NAMED and not add_candidate(&matcher.candidates, capture, name, extent, condition):
            return ARENA_OUT_OF_MEMORY
    return ARENA_RUNNING


cdef inline int match_from(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, ts.TSNode node, bint is_only_here, const uint8_t *text
) noexcept nogil:
    """Collect the candidates of the matches that begin at this node, or below it too; return an ArenaVerdict."""
    cdef ts.TSQueryMatch match
    cdef uint32_t condition
    cdef ts.bool is_found = False
    cdef int verdict = repomap_cursor_start(arena, &matcher.cursor, spec.query, node, is_only_here)
    while verdict == ARENA_RUNNING:
        verdict = repomap_cursor_next(arena, matcher.cursor, &match, &is_found)
        if verdict != ARENA_RUNNING or not is_found:
            break
        condition = 0
        if passes(matcher, spec, &match, text, &condition):
            verdict = add_matched(matcher, arena, spec, &match, condition)
    return verdict


cdef inline int find_candidates(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, const ts.TSTree *tree, const uint8_t *text
) noexcept nogil:
    """Collect the candidates of the whole tree; return an ArenaVerdict."""
    cdef ts.TSNode node
    cdef int verdict
    matcher.candidates.n = 0
    matcher.cursor = NULL
    if spec.is_start == NULL:
        return match_from(matcher, arena, spec, ts.ts_tree_root_node(tree), False, text)
    repomap_walk_start(&matcher.walk, tree, spec.is_start, spec.n_symbols)
    while True:
        verdict = repomap_walk_next(&matcher.walk, arena, &node)
        if verdict != ARENA_RUNNING or node.id == NULL:
            return verdict
        verdict = match_from(matcher, arena, spec, node, True, text)
        if verdict != ARENA_RUNNING:
            return verdict


cdef inline void free_matcher(Matcher *matcher) noexcept nogil:
    free(matcher.walk.entries)
    free(matcher.extents)
    interner_free(&matcher.strings)
    free_candidates(&matcher.candidates)
    free_conditions(&matcher.conditions)
