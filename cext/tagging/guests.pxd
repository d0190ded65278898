# Function bodies, inlined into _tagger: texts with parts in another language, and the components in them.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp, memset

cimport tree_sitter as ts
from budget cimport reserve_within
from candidates cimport (
    AS_COMPONENT, AS_FILE, AS_READ, NO_OWNER, ROLE_DEFINITION, ROLE_REFERENCE, Candidate, Candidates,
)
from component_names cimport component_of_file
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, RepomapUnread, repomap_find_unread
from matching cimport Matcher, find_candidates
from query cimport QuerySpec
from regions cimport GUEST_NONE, REGIONS_NOTEBOOK, ApartRegion, Regions, RegionsOf, repomap_find_regions
from repairs cimport parse_repaired


cdef struct Text:
    const uint8_t *read         # (size,) as it was read; a notebook as it is shown
    const uint8_t *parsed       # (size,) as the parser is given it
    const uint8_t *named        # (size,) of which the names are taken that the parser finds
    size_t size
    const QuerySpec *spec       # of what is parsed; NULL where nothing is


cdef inline Candidate *new_candidate(Candidates *candidates, Arena *arena) noexcept nogil:
    cdef Candidate *candidate
    if not reserve_within(
        arena, <void **>&candidates.items, &candidates.capacity, candidates.n + 1, sizeof(Candidate)
    ):
        return NULL
    candidate = &candidates.items[candidates.n]
    memset(candidate, 0, sizeof(Candidate))
    candidate.owner_start = candidate.owner_end = NO_OWNER
    candidates.n += 1
    return candidate


cdef inline int add_components(
    Candidates *candidates, Arena *arena, const QuerySpec *spec, const Regions *regions, const uint8_t *path,
    size_t path_size,
) noexcept nogil:
    """Add the component that a file is, and those that its markup names; return an ArenaVerdict.

    The component is around nothing: its definitions are those of a script that stands alone.
    """
    cdef size_t i
    cdef Candidate *candidate
    candidates.component_size = component_of_file(path, path_size, candidates.component)
    if spec.is_component and candidates.component_size:
        candidate = new_candidate(candidates, arena)
        if candidate == NULL:
            return ARENA_OUT_OF_MEMORY
        candidate.role, candidate.kind_id, candidate.spelling = ROLE_DEFINITION, spec.component_kind, AS_FILE
        candidate.end_row = regions.last_row
    for i in range(regions.n_names):
        candidate = new_candidate(candidates, arena)
        if candidate == NULL:
            return ARENA_OUT_OF_MEMORY
        candidate.role, candidate.kind_id, candidate.spelling = ROLE_REFERENCE, spec.component_kind, AS_COMPONENT
        candidate.name_start = candidate.extent_start = regions.names[i].start
        candidate.name_end = candidate.extent_end = regions.names[i].end
        candidate.row = candidate.end_row = regions.names[i].row
        candidate.column = regions.names[i].column
    return ARENA_RUNNING


cdef inline int find_apart(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, RepomapBytes *repaired, const ApartRegion *region,
    const uint8_t *text,
) noexcept nogil:
    """Find the candidates of a region as if it were a file, and set them to their place; return an ArenaVerdict."""
    cdef size_t i, first = matcher.candidates.n
    cdef size_t size = region.end - region.start
    cdef const uint8_t *start = text + region.start
    cdef ts.TSTree *tree = NULL
    cdef Candidate *candidate
    cdef int verdict
    if spec == NULL:
        return ARENA_RUNNING
    verdict = parse_repaired(arena, spec, repaired, start, size, &tree)
    if verdict == ARENA_RUNNING and tree != NULL:
        verdict = find_candidates(matcher, arena, spec, tree, start, size)
    for i in range(first, matcher.candidates.n):
        candidate = &matcher.candidates.items[i]
        if candidate.row == 0:
            candidate.column += region.column
        candidate.row += region.row
        candidate.end_row += region.row
        candidate.name_start += region.start
        candidate.name_end += region.start
        candidate.extent_start += region.start
        candidate.extent_end += region.start
        if candidate.owner_start != NO_OWNER:
            candidate.owner_start += region.start
            candidate.owner_end += region.start
    return verdict


cdef inline void drop_filled(Candidates *candidates, const uint8_t *read, const uint8_t *filled) noexcept nogil:
    """Take out the candidates whose names are not those of the text: something else is written there."""
    cdef size_t i, n_kept = 0
    cdef const Candidate *candidate
    for i in range(candidates.n):
        candidate = &candidates.items[i]
        if memcmp(
            read + candidate.name_start, filled + candidate.name_start, candidate.name_end - candidate.name_start
        ) == 0:
            candidates.items[n_kept] = candidate[0]
            n_kept += 1
    candidates.n = n_kept


cdef inline int find_all_apart(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, RepomapBytes *repaired, const Regions *regions,
    const Text *text,
) noexcept nogil:
    """Find the candidates of the regions apart; return an ArenaVerdict."""
    cdef size_t i
    cdef int verdict = ARENA_RUNNING
    cdef const QuerySpec *guest
    cdef const uint8_t *source = regions.filled.contents if regions.filled.size else text.read
    for i in range(regions.n_apart):
        if verdict == ARENA_RUNNING:
            guest = spec.guests[<int>regions.apart[i].guest]
            verdict = find_apart(matcher, arena, guest, repaired, &regions.apart[i], source)
    if source != text.read:
        drop_filled(&matcher.candidates, text.read, source)
    for i in range(matcher.candidates.n):
        matcher.candidates.items[i].spelling = AS_READ
    return verdict


cdef inline int find_in_host(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, RepomapUnread *unread, RepomapBytes *repaired,
    const Regions *regions, const Text *text,
) noexcept nogil:
    """Find the candidates of the language around the regions, and of the regions apart; return an ArenaVerdict."""
    cdef ts.TSTree *tree = NULL
    cdef int verdict = parse_repaired(arena, spec, repaired, text.read, text.size, &tree)
    if verdict == ARENA_RUNNING and tree != NULL:
        verdict = find_candidates(matcher, arena, spec, tree, text.read, text.size)
    if verdict == ARENA_RUNNING and tree != NULL:
        verdict = repomap_find_unread(&matcher.walk, arena, tree, unread)
    if verdict == ARENA_RUNNING:
        verdict = find_all_apart(matcher, arena, spec, repaired, regions, text)
    return verdict


cdef inline int read_regions(
    const QuerySpec *spec, Arena *arena, Regions *regions, Text *text
) noexcept nogil:
    """Find the regions of a text, and set what is parsed of it; return an ArenaVerdict."""
    cdef int verdict = repomap_find_regions(<RegionsOf>spec.regions, arena, text.read, text.size, regions)
    text.spec = NULL if regions.guest == GUEST_NONE else spec.guests[<int>regions.guest]
    text.parsed = text.named = regions.parsed.contents
    if spec.regions == REGIONS_NOTEBOOK:
        text.read, text.size = regions.shown.contents, regions.shown.size
    if regions.guest == GUEST_NONE:
        text.parsed = text.named = text.read
    return verdict


cdef inline int find_around_regions(
    Matcher *matcher, Arena *arena, const QuerySpec *spec, Regions *regions, RepomapUnread *unread,
    RepomapBytes *repaired, const uint8_t *path, size_t path_size, Text *text,
) noexcept nogil:
    """Find the regions of a text, the components in it, and the tags around the regions; return an ArenaVerdict."""
    cdef int verdict = read_regions(spec, arena, regions, text)
    if verdict == ARENA_RUNNING and spec.reads_host:
        verdict = find_in_host(matcher, arena, spec, unread, repaired, regions, text)
    elif verdict == ARENA_RUNNING and regions.n_apart:
        verdict = find_all_apart(matcher, arena, spec, repaired, regions, text)
    if verdict == ARENA_RUNNING:
        verdict = add_components(&matcher.candidates, arena, spec, regions, path, path_size)
    return verdict
