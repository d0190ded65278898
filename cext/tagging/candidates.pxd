# Function bodies, inlined into _tagger: the tags of the file at hand, before they are in order.
from libc.stdint cimport int32_t, uint8_t, uint32_t, INT32_MAX
from libc.stdlib cimport free
from libc.string cimport memchr, memset

cimport tree_sitter as ts
from budget cimport reserve_within
from columns cimport Columns, reserve_columns
from component_names cimport COMPONENT_LONGEST
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, arena_take, arena_verdict, merge_sort
from query cimport RULE_ONCE_IN_FILE, RULE_ONCE_IN_TYPE, Capture, PatternRules


cdef enum:
    ROLE_DEFINITION = 0     # tables.ROLE_DEFINITION
    ROLE_REFERENCE = 1      # tables.ROLE_REFERENCE
    STEPS_BETWEEN_CHECKS = 1 << 18
    TAG_BYTES = 40          # of the columns and of the block, which both grow by halves
    NAME_COPIES = 4         # in the interner, in the block, and where the block is taken from
    LEAST_NAME_ROOM = 1 << 20
    NAMES_BY_SOURCE = 64
    NO_OWNER = 0xFFFFFFFF

cdef enum Spelling:         # where the name of a candidate stands, and how it is written
    AS_PARSED = 0           # in the text that was parsed
    AS_READ = 1             # in the text as it was read
    AS_COMPONENT = 2        # the same, written as components are named
    AS_FILE = 3             # nowhere: it is the name of the file

cdef struct Owner:          # the name of what a definition belongs to
    uint32_t start          # byte, or NO_OWNER
    uint32_t end

cdef struct Candidate:
    uint32_t name_start     # byte
    uint32_t name_end
    uint32_t row            # zero-based, of the name's start
    uint32_t column         # bytes
    uint32_t extent_start   # byte; the extent is the @definition or @reference node
    uint32_t extent_end
    uint32_t end_row
    uint32_t condition      # 0, or the number of the match whose regexes decide
    uint32_t owner_start    # byte of the name of what it belongs to, or NO_OWNER
    uint32_t owner_end
    uint32_t name_id        # of the worker's own strings
    uint8_t role
    uint8_t kind_id
    uint8_t place           # Place
    uint8_t rules           # of PatternRule
    uint8_t kind_in_type
    uint8_t suffix          # a character behind the name, or 0
    uint8_t spelling        # Spelling

cdef struct Extent:
    uint32_t start          # byte
    uint32_t end
    uint32_t tag            # row of the definition among its file's tags

cdef struct Candidates:
    Candidate *items        # (n,) owned
    size_t n
    size_t capacity
    bint has_rules          # some of them
    bint has_once           # a rule of one in a type, or in the file
    bint has_owners
    bint has_siblings       # definitions that share an extent: only then is there a column of them
    bint has_contested      # by the regexes of others at their place
    int32_t *siblings       # (n,) the next definition of the same extent, or -1
    size_t siblings_capacity
    Extent *extents         # of the definitions, outer before inner
    size_t extents_capacity
    Extent *around          # those that enclose the tag at hand, innermost last
    size_t around_capacity
    Candidate *scratch      # for sorting
    size_t scratch_capacity
    const uint8_t *read     # the text as it was read, of the file at hand; borrowed
    uint8_t[COMPONENT_LONGEST] component  # the name of the file, as one of a component
    uint32_t component_size


cdef inline void start_candidates(Candidates *candidates) noexcept nogil:
    """Begin with another file."""
    candidates.n = 0
    candidates.has_rules = candidates.has_once = candidates.has_owners = False
    candidates.has_siblings = candidates.has_contested = False


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


cdef inline bint start_siblings(Candidates *candidates, Arena *arena) noexcept nogil:
    """Make the column of siblings, without any. False if out of memory."""
    if not reserve_within(
        arena, <void **>&candidates.siblings, &candidates.siblings_capacity, candidates.n, sizeof(int32_t)
    ):
        return False
    memset(candidates.siblings, -1, candidates.n * sizeof(int32_t))
    candidates.has_siblings = True
    return True


cdef inline int find_scopes(Arena *arena, Candidates *candidates, int32_t *scopes_out) noexcept nogil:
    """Find the innermost definition around each of the sorted candidates: one sweep, with a stack.

    scopes_out  (n,) positions among the candidates, or -1.

    Returns an ArenaVerdict.

    Extents are nodes of one tree: of two, one is within the other or they are apart. Of definitions that share one
    extent (``const a, b = f()``) the first is around the rest of it, and none is around another. Each of them knows the
    next one, which takes its place where it is dropped.
    """
    cdef Candidate *items = candidates.items
    cdef Extent *extents = candidates.extents
    cdef Extent *around = candidates.around
    cdef size_t i, n = candidates.n, n_extents = 0, next_extent = 0, depth = 0, inner, n_steps = 0
    cdef const Extent *extent
    cdef int verdict
    for i in range(n):
        if items[i].role == ROLE_DEFINITION:
            extents[n_extents] = Extent(items[i].extent_start, items[i].extent_end, <uint32_t>i)
            n_extents += 1
    verdict = sort_extents(arena, extents, candidates.scratch, n_extents)
    if verdict != ARENA_RUNNING:
        return verdict
    for i in range(n):
        while next_extent < n_extents and extents[next_extent].start <= items[i].name_start:
            extent = &extents[next_extent]
            while depth > 0 and around[depth - 1].end <= extent.start:
                depth -= 1
            if depth == 0 or around[depth - 1].start != extent.start or around[depth - 1].end != extent.end:
                around[depth] = extent[0]
                depth += 1
            else:
                if not candidates.has_siblings and not start_siblings(candidates, arena):
                    return ARENA_OUT_OF_MEMORY
                candidates.siblings[extents[next_extent - 1].tag] = <int32_t>extent.tag
            next_extent += 1
        while depth > 0 and around[depth - 1].end <= items[i].name_start:
            depth -= 1
        inner = count_around(around, depth, &items[i])
        scopes_out[i] = <int32_t>around[inner - 1].tag if inner > 0 else -1
        n_steps += 1
        if n_steps >= STEPS_BETWEEN_CHECKS:
            n_steps = 0
            verdict = arena_verdict(arena)
            if verdict != ARENA_RUNNING:
                return verdict
    return ARENA_RUNNING


cdef inline bint add_candidate(
    Candidates *candidates, Arena *arena, const Capture *said, const PatternRules *rules, ts.TSNode name,
    ts.TSNode extent, Owner owner, uint32_t condition,
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
    candidate.owner_start, candidate.owner_end = owner.start, owner.end
    candidate.role = said.role
    candidate.kind_id = said.kind_id
    candidate.place = said.place
    candidate.rules = rules.flags
    candidate.kind_in_type = rules.kind_in_type
    candidate.suffix = rules.suffix
    candidate.spelling = AS_PARSED
    candidates.has_rules |= rules.flags != 0
    candidates.has_once |= rules.flags & (RULE_ONCE_IN_TYPE | RULE_ONCE_IN_FILE) != 0
    candidates.has_owners |= owner.start != NO_OWNER
    if said.role != ROLE_DEFINITION:
        extent = name
    candidate.extent_start = ts.ts_node_start_byte(extent)
    candidate.extent_end = ts.ts_node_end_byte(extent)
    # A user's query may say that a node is the extent of a name beyond its end.
    candidate.end_row = max(start.row, ts.ts_node_end_point(extent).row)
    candidates.n += 1
    return True


cdef inline bint is_trimmed(const PatternRules *rules, uint8_t character) noexcept nogil:
    cdef uint8_t i
    for i in range(rules.n_trimmed):
        if rules.trimmed[i] == character:
            return True
    return False


cdef inline bint is_blank(uint8_t character) noexcept nogil:
    return character == c" " or character == c"\t"


cdef inline bint is_letter(uint8_t character) noexcept nogil:
    return c"a" <= character | 0x20 <= c"z"


cdef inline uint32_t size_before(const uint8_t *name, uint32_t size, uint8_t after) noexcept nogil:
    """Return how many bytes of a name are a word of letters and the character behind it; 0 unless a word follows."""
    cdef uint32_t i = 0
    while i < size and is_letter(name[i]):
        i += 1
    if i == 0 or i + 1 >= size or name[i] != after:
        return 0
    i += 1
    return i if is_letter(name[i]) or name[i] == c"_" or name[i] >= 0x80 or c"0" <= name[i] <= c"9" else 0


cdef inline bint is_after_word(const PatternRules *rules, const uint8_t *word, uint32_t size) noexcept nogil:
    """Whether a word is one of those that a name must stand behind, in any case."""
    cdef uint32_t i, start = 0, n_equal
    for i in range(rules.n_after_words + 1):
        if i < rules.n_after_words and rules.after_words[i] != c" ":
            continue
        n_equal = 0
        while n_equal < size and start + n_equal < i and word[n_equal] | 0x20 == rules.after_words[start + n_equal]:
            n_equal += 1
        if n_equal == size and start + size == i:
            return True
        start = i + 1
    return False


cdef inline uint32_t size_unclosed(const uint8_t *name, uint32_t size, uint8_t close) noexcept nogil:
    """Return the size of a name without the characters that close it behind a blank, and without blanks at its end."""
    cdef uint32_t end
    while size > 0 and is_blank(name[size - 1]):
        size -= 1
    end = size
    while end > 0 and name[end - 1] == close:
        end -= 1
    if end > 0 and not is_blank(name[end - 1]):
        return size
    while end > 0 and is_blank(name[end - 1]):
        end -= 1
    return end


cdef inline void trim_last(Candidates *candidates, const PatternRules *rules, const uint8_t *text) noexcept nogil:
    """Shorten the name of the candidate that was added last; one of which nothing is left is taken back."""
    cdef Candidate *last = &candidates.items[candidates.n - 1]
    cdef const uint8_t *end
    cdef uint32_t n_before
    if rules.until:
        end = <const uint8_t *>memchr(text + last.name_start, rules.until, last.name_end - last.name_start)
        if end != NULL:
            last.name_end = <uint32_t>(end - text)
    while last.name_start < last.name_end and is_trimmed(rules, text[last.name_start]):
        last.name_start += 1
        last.column += 1
    while last.name_start < last.name_end and is_trimmed(rules, text[last.name_end - 1]):
        last.name_end -= 1
    if rules.after:
        n_before = size_before(text + last.name_start, last.name_end - last.name_start, rules.after)
        if rules.n_after_words and (
            n_before == 0 or not is_after_word(rules, text + last.name_start, n_before - 1)
        ):
            candidates.n -= 1
            return
        last.name_start += n_before
        last.column += n_before
    if rules.close:
        last.name_end = last.name_start + size_unclosed(
            text + last.name_start, last.name_end - last.name_start, rules.close
        )
    if last.name_start == last.name_end:
        candidates.n -= 1


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


cdef inline void free_candidates(Candidates *candidates) noexcept nogil:
    free(candidates.items)
    free(candidates.siblings)
    free(candidates.extents)
    free(candidates.around)
    free(candidates.scratch)
    memset(candidates, 0, sizeof(Candidates))
