# Function bodies, inlined into _tagger: the matches of a query in one syntax tree, tested and noted as candidates.
from libc.stdint cimport uint8_t, uint32_t
from libc.stdlib cimport free

cimport tree_sitter as ts
from candidates cimport NAME_COPIES, NO_OWNER, Candidates, Owner, add_candidate, free_candidates, name_room, trim_last
from columns cimport reserve
from conditions cimport Conditions, add_regex_test, free_conditions
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapCursor, RepomapMatch, RepomapWalk, arena_take, arena_verdict,
    repomap_cursor_next, repomap_cursor_start, repomap_walk_next, repomap_walk_start,
)
from interner cimport INTERNER_FULL, Interner, interner_free, interner_intern
from query cimport (
    CAPTURE_EXTENT, CAPTURE_NAME, CAPTURE_NAMED, CAPTURE_OWNER, PREDICATE_EQUALS_CAPTURE, PREDICATE_MATCHES, Capture,
    PatternRules, Predicate, QuerySpec, are_captures_equal, is_captured_among, predicate_steps,
)


cdef enum:
    LARGE_NODE = 65536          # bytes
    STEPS_BETWEEN_CHECKS = 1 << 18

cdef struct Matcher:
    RepomapCursor *cursor       # of the file at hand; in the arena
    RepomapWalk walk
    Interner strings            # names, and texts that regexes are asked about
    Candidates candidates       # of the file at hand
    Conditions conditions
    uint32_t *extents           # (extents_capacity,) of the match at hand: captures that say an extent, each once
    size_t extents_capacity
    const uint8_t *text         # of the file at hand; borrowed
    size_t asked_bytes          # of its texts that regexes are asked about, each once
    size_t asked_room           # that these may come to
    size_t n_steps              # of our own loops since the last look at the clock


cdef inline int check_after(Matcher *matcher, const Arena *arena, size_t n_steps) noexcept nogil:
    """Count steps that are of a nanosecond or so; return an ArenaVerdict."""
    matcher.n_steps += n_steps
    if matcher.n_steps < STEPS_BETWEEN_CHECKS:
        return ARENA_RUNNING
    matcher.n_steps = 0
    return arena_verdict(arena)


cdef inline bint defer_regex(
    Matcher *matcher, Arena *arena, const Predicate *predicate, const RepomapMatch *match, uint32_t *condition
) noexcept nogil:
    """Note which texts the regex is to be asked about; False when there is no memory to."""
    cdef uint32_t i, start, size, text_id, n_strings
    cdef ts.TSNode node
    if condition[0] == 0:
        matcher.conditions.n_matches += 1
        condition[0] = matcher.conditions.n_matches
    for i in range(match.capture_count):
        if match.captures[i].index != predicate.capture:
            continue
        node = match.captures[i].node
        start = ts.ts_node_start_byte(node)
        size = ts.ts_node_end_byte(node) - start
        n_strings = matcher.strings.count
        text_id = interner_intern(&matcher.strings, matcher.text + start, size)
        if text_id == INTERNER_FULL:
            return False
        if text_id == n_strings:
            matcher.asked_bytes += size
            if matcher.asked_bytes > matcher.asked_room or not arena_take(arena, NAME_COPIES * <size_t>size):
                return False
        if check_after(matcher, arena, size) != ARENA_RUNNING:
            return False
        if not add_regex_test(&matcher.conditions, arena, condition[0], predicate.other, text_id):
            return False
    return True


cdef inline bint passes(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, const RepomapMatch *match, uint32_t *condition,
    int *verdict,
) noexcept nogil:
    """Ask the pattern's predicates, as py-tree-sitter would; regexes are put off, ``condition`` numbers them.

    Where the ``verdict``, an ArenaVerdict, is another than ARENA_RUNNING the answer means nothing.
    """
    cdef uint32_t i
    cdef const Predicate *predicate
    cdef const uint8_t *text = matcher.text
    for i in range(spec.pattern_predicates[match.pattern_index], spec.pattern_predicates[match.pattern_index + 1]):
        predicate = &spec.predicates[i]
        verdict[0] = check_after(matcher, arena, predicate_steps(predicate, match))
        if verdict[0] != ARENA_RUNNING:
            return False
        if predicate.op == PREDICATE_EQUALS_CAPTURE:
            if not are_captures_equal(predicate, match, text):
                return False
        elif predicate.op != PREDICATE_MATCHES:
            if not is_captured_among(spec, predicate, match, text):
                return False
        elif not defer_regex(matcher, arena, predicate, match, condition):
            verdict[0] = arena_verdict(arena)
            if verdict[0] == ARENA_RUNNING:
                verdict[0] = ARENA_OUT_OF_MEMORY
            return False
    return True


cdef inline uint32_t find_extents(
    const Matcher *matcher, const QuerySpec *spec, const RepomapMatch *match
) noexcept nogil:
    """Fill in the match's captures that say an extent, the first node of each; return how many there are."""
    cdef uint32_t i, j, n = 0
    for i in range(match.capture_count):
        if spec.captures[match.captures[i].index].use != CAPTURE_EXTENT:
            continue
        # A quantified capture has several nodes.
        for j in range(n):
            if match.captures[matcher.extents[j]].index == match.captures[i].index:
                break
        else:
            matcher.extents[n] = i
            n += 1
    return n


cdef inline Owner find_owner(const QuerySpec *spec, const RepomapMatch *match, uint32_t name_start) noexcept nogil:
    """Return where the last of the match's owners before a name is."""
    cdef uint32_t i, start
    cdef Owner last = Owner(NO_OWNER, NO_OWNER)
    for i in range(match.capture_count):
        if spec.captures[match.captures[i].index].use != CAPTURE_OWNER:
            continue
        start = ts.ts_node_start_byte(match.captures[i].node)
        if start < name_start and (last.start == NO_OWNER or start > last.start):
            last = Owner(start, ts.ts_node_end_byte(match.captures[i].node))
    return last


cdef inline int add_matched(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, const RepomapMatch *match, uint32_t condition
) noexcept nogil:
    """Make a candidate of each captured name and what it is said to be; return an ArenaVerdict."""
    cdef uint32_t i, j, n_extents = find_extents(matcher, spec, match)
    cdef int verdict = check_after(matcher, arena, <size_t>match.capture_count * (<size_t>n_extents + 1))
    cdef const Capture *capture
    cdef const Capture *other
    cdef const PatternRules *rules = &spec.rules[match.pattern_index]
    cdef bint has_owner = find_owner(spec, match, NO_OWNER).start != NO_OWNER
    cdef Owner owner = Owner(NO_OWNER, NO_OWNER)
    cdef ts.TSNode name, extent
    if verdict != ARENA_RUNNING:
        return verdict
    for i in range(match.capture_count):
        capture = &spec.captures[match.captures[i].index]
        if capture.use != CAPTURE_NAME and capture.use != CAPTURE_NAMED:
            continue
        name = extent = match.captures[i].node
        # A node that the parser put in for one that is missing has no text: nobody can look for it.
        if ts.ts_node_start_byte(name) == ts.ts_node_end_byte(name):
            continue
        if has_owner:
            owner = find_owner(spec, match, ts.ts_node_start_byte(name))
        for j in range(n_extents):
            other = &spec.captures[match.captures[matcher.extents[j]].index]
            if capture.use == CAPTURE_NAME:
                if not add_candidate(
                    &matcher.candidates, arena, other, rules, name, match.captures[matcher.extents[j]].node,
                    owner, condition,
                ):
                    return ARENA_OUT_OF_MEMORY
                if rules.is_cut:
                    trim_last(&matcher.candidates, rules, matcher.text)
            elif other.role == capture.role and other.kind_id == capture.kind_id:
                extent = match.captures[matcher.extents[j]].node
        if capture.use == CAPTURE_NAMED and not add_candidate(
            &matcher.candidates, arena, capture, rules, name, extent, owner, condition
        ):
            return ARENA_OUT_OF_MEMORY
        if capture.use == CAPTURE_NAMED and rules.is_cut:
            trim_last(&matcher.candidates, rules, matcher.text)
    return ARENA_RUNNING


cdef inline int match_from(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, ts.TSNode node, bint is_only_here
) noexcept nogil:
    """Collect the candidates of the matches that begin at this node, or below it too; return an ArenaVerdict."""
    cdef RepomapMatch match
    cdef uint32_t condition
    cdef ts.bool is_found = False
    cdef int verdict = repomap_cursor_start(arena, &matcher.cursor, spec.query, node, is_only_here)
    while verdict == ARENA_RUNNING:
        verdict = repomap_cursor_next(arena, matcher.cursor, &match, &is_found)
        if verdict != ARENA_RUNNING or not is_found:
            break
        condition = 0
        if passes(matcher, arena, spec, &match, &condition, &verdict):
            verdict = add_matched(matcher, arena, spec, &match, condition)
    return verdict


cdef inline bint start_matching(
    Matcher *matcher, const QuerySpec *spec, const uint8_t *text, size_t text_size
) noexcept nogil:
    """Begin with another text; False when there is no memory for it."""
    matcher.cursor = NULL
    matcher.text = text
    matcher.asked_bytes = 0
    matcher.asked_room = name_room(text_size)
    return reserve(<void **>&matcher.extents, &matcher.extents_capacity, spec.n_captures, sizeof(uint32_t))


cdef struct Matching:       # of a tree of the text that was begun with
    Matcher *matcher
    Arena *arena
    const QuerySpec *spec


cdef inline int find_candidates_at(void *matching, const ts.TSNode *starts, size_t n_starts) noexcept nogil:
    """Add the candidates of nodes at which a pattern may begin, and which it does not begin below.

    matching  a Matching; the function is handed on as a pointer.

    Returns an ArenaVerdict.
    """
    cdef size_t i
    cdef const Matching *of = <const Matching *>matching
    cdef int verdict = ARENA_RUNNING
    for i in range(n_starts):
        verdict = match_from(of.matcher, of.arena, of.spec, starts[i], True)
        if verdict != ARENA_RUNNING:
            break
    return verdict


cdef inline int find_candidates(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, const ts.TSTree *tree, const uint8_t *text, size_t text_size
) noexcept nogil:
    """Collect the candidates of the whole tree; return an ArenaVerdict."""
    cdef ts.TSNode node
    cdef int verdict
    if not start_matching(matcher, spec, text, text_size):
        return ARENA_OUT_OF_MEMORY
    if spec.is_start == NULL:
        return match_from(matcher, arena, spec, ts.ts_tree_root_node(tree), False)
    repomap_walk_start(&matcher.walk, tree, spec.is_start, spec.n_symbols)
    while True:
        verdict = repomap_walk_next(&matcher.walk, arena, &node)
        if verdict != ARENA_RUNNING or node.id == NULL:
            return verdict
        verdict = match_from(matcher, arena, spec, node, True)
        if verdict != ARENA_RUNNING:
            return verdict


cdef inline void free_matcher(Matcher *matcher) noexcept nogil:
    free(matcher.walk.entries)
    free(matcher.extents)
    interner_free(&matcher.strings)
    free_candidates(&matcher.candidates)
    free_conditions(&matcher.conditions)
