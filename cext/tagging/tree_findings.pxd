# Function bodies, inlined into _tagger: what is found in the syntax tree of a file.
from libc.stdint cimport uint8_t, uint32_t

cimport tree_sitter as ts
from core cimport (
    ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, RepomapParse, RepomapUnread, arena_drop_tree,
    repomap_error_cost, repomap_find_unread, repomap_parse_delete, repomap_parse_is_taken_back, repomap_parse_new,
    repomap_parse_next,
)
from guests cimport Text
from imports cimport ImportFinder, find_imports, start_imports
from matching cimport Matcher, Matching, find_candidates, find_candidates_at, start_matching
from query cimport QuerySpec
from repairs cimport REPAIR_NONE, is_repaired_first, parse_repaired
from use_finder cimport UseFinder, UseStarts, repomap_find_uses, repomap_start_uses


cdef enum:
    LEAST_WINDOWS = 4           # a text of fewer is parsed at once

cdef struct Finders:
    UseFinder *uses
    Matcher *matcher
    ImportFinder *imports
    RepomapUnread *unread       # NULL where nobody asks which rows were not read


cdef inline int start_finding(Finders finders, Arena *arena, const QuerySpec *spec, const Text *text) noexcept nogil:
    """Begin with another file; return an ArenaVerdict."""
    if not start_matching(finders.matcher, spec, text.named, text.size):
        return ARENA_OUT_OF_MEMORY
    if spec.use_rules.rules == NULL:
        return ARENA_RUNNING
    start_imports(finders.imports, arena, text.named)
    return repomap_start_uses(finders.uses, arena, &spec.use_rules, text.named, <uint32_t>text.size)


cdef inline int find_in_tree(
    Finders finders, Arena *arena, const QuerySpec *spec, const ts.TSTree *tree, const Text *text
) noexcept nogil:
    """Add the candidates, uses, facts, imports and unread rows of a tree of the file; return an ArenaVerdict.

    Where the language has uses, one walk finds these, and where patterns and imports begin.
    """
    cdef int verdict
    cdef Matching matching
    cdef UseStarts starts
    cdef UseFinder *uses = finders.uses
    if spec.use_rules.rules == NULL:
        verdict = find_candidates(finders.matcher, arena, spec, tree, text.named, text.size)
    else:
        matching = Matching(finders.matcher, arena, spec)
        starts = UseStarts(spec.is_start, spec.n_symbols, find_candidates_at, &matching)
        verdict = repomap_find_uses(uses, arena, &spec.use_rules, tree, text.named, starts)
        if verdict == ARENA_RUNNING and spec.is_start == NULL:
            verdict = find_candidates(finders.matcher, arena, spec, tree, text.named, text.size)
        if verdict == ARENA_RUNNING and spec.import_actions != NULL:
            verdict = find_imports(finders.imports, uses.marked, uses.n_marked, spec.import_actions)
    if verdict == ARENA_RUNNING and finders.unread != NULL:
        verdict = repomap_find_unread(&finders.matcher.walk, arena, tree, finders.unread)
    return verdict


cdef inline bint has_windows(const QuerySpec *spec, const Text *text, size_t window_bytes) noexcept nogil:
    """Whether a text is parsed in windows: it is large, and what is found in its parts is what is found in it."""
    return (
        text.size // LEAST_WINDOWS >= window_bytes
        and spec.is_cut_safe
        and spec.use_rules.rules != NULL
        and not is_repaired_first(spec, text.parsed, text.size)
    )


cdef inline int find_in_windows(
    Finders finders, Arena *arena, const QuerySpec *spec, const Text *text, size_t window_bytes, ts.TSTree **tree,
    bint *is_whole,
) noexcept nogil:
    """As ``find_in_text``, a window at a time; not whole where a text has an error that a repair may mend,
    or that takes back the statements of earlier windows."""
    cdef RepomapParse *parse = NULL
    cdef ts.bool is_last = False
    cdef int verdict = repomap_parse_new(
        arena, spec.language, spec.bmp_only, spec.reset_scanner, <const char *>text.parsed, <uint32_t>text.size,
        <uint32_t>window_bytes, &parse,
    )
    while verdict == ARENA_RUNNING and not is_last:
        verdict = repomap_parse_next(parse, tree, &is_last)
        is_whole[0] = not repomap_parse_is_taken_back(parse)
        if verdict != ARENA_RUNNING or tree[0] == NULL:
            break
        if spec.repair != REPAIR_NONE and repomap_error_cost(tree[0]):
            is_whole[0] = False
            break
        verdict = find_in_tree(finders, arena, spec, tree[0], text)
    repomap_parse_delete(parse)
    return verdict


cdef inline int find_in_text(
    Finders finders, Arena *arena, const QuerySpec *spec, RepomapBytes *repaired, const Text *text, size_t window_bytes,
    ts.TSTree **tree,
) noexcept nogil:
    """Parse a text, and find what is in it; return an ArenaVerdict, with NULL for a tree where the grammar has none.

    repaired      memory for a text that is parsed in its place.
    window_bytes  of text whose tree is in memory at once, where that makes no difference.
    """
    cdef size_t n_candidates = finders.matcher.candidates.n
    cdef uint32_t n_unread = finders.unread.n if finders.unread != NULL else 0
    cdef size_t import_bytes = finders.imports.records.size, n_asked = finders.matcher.conditions.n_asked
    cdef bint is_whole = False
    cdef int verdict = start_finding(finders, arena, spec, text)
    if verdict == ARENA_RUNNING and has_windows(spec, text, window_bytes):
        verdict = find_in_windows(finders, arena, spec, text, window_bytes, tree, &is_whole)
        if verdict == ARENA_RUNNING and not is_whole:
            finders.matcher.candidates.n, finders.matcher.conditions.n_asked = n_candidates, n_asked
            finders.imports.records.size = import_bytes
            if finders.unread != NULL:
                finders.unread.n = n_unread
            arena_drop_tree(arena)
            verdict = start_finding(finders, arena, spec, text)
    if verdict != ARENA_RUNNING or is_whole:
        return verdict
    verdict = parse_repaired(arena, spec, repaired, text.parsed, text.size, tree)
    if verdict == ARENA_RUNNING and tree[0] != NULL:
        verdict = find_in_tree(finders, arena, spec, tree[0], text)
    return verdict
