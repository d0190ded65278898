# Function bodies, inlined into _tagger: what is found in the syntax tree of a whole file.
from libc.stdint cimport uint8_t

cimport tree_sitter as ts
from core cimport ARENA_RUNNING, Arena
from imports cimport ImportFinder, find_imports
from matching cimport Matcher, find_candidates, find_candidates_at
from query cimport QuerySpec
from use_finder cimport UseFinder, repomap_find_uses


cdef inline int find_in_tree(
    UseFinder *uses, Matcher *matcher, ImportFinder *imports, Arena *arena, const QuerySpec *spec,
    const ts.TSTree *tree, const uint8_t *text, size_t size,
) noexcept nogil:
    """Find candidates, uses, facts and imports; return an ArenaVerdict.

    Where the language has uses, one walk finds these, and where patterns and imports begin.
    """
    cdef int verdict
    if spec.use_rules.rules == NULL:
        return find_candidates(matcher, arena, spec, tree, text, size)
    verdict = repomap_find_uses(uses, arena, &spec.use_rules, tree, text, spec.is_start, spec.n_symbols)
    if verdict == ARENA_RUNNING and spec.is_start == NULL:
        verdict = find_candidates(matcher, arena, spec, tree, text, size)
    elif verdict == ARENA_RUNNING:
        verdict = find_candidates_at(matcher, arena, spec, uses.starts, uses.n_starts, text, size)
    if verdict != ARENA_RUNNING or spec.import_actions == NULL:
        return verdict
    return find_imports(imports, arena, uses.marked, uses.n_marked, spec.import_actions, text)
