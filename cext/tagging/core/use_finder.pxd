# uses.h: names and members that are used as values.
from libc.stdint cimport uint8_t, uint32_t

cimport tree_sitter as ts
from core cimport Arena, RepomapBytes, RepomapWalk
from interner cimport Interner


cdef extern from "uses.h" nogil:
    ctypedef struct UseRules:
        void *rules          # owned; NULL where the language has none

    ctypedef struct Use:
        uint32_t name        # id of UseFinder.names
        uint32_t start       # byte
        uint32_t row
        uint32_t column
        uint8_t kind

    ctypedef struct FactTagged:
        uint32_t start       # byte of its name
        uint32_t row
        uint32_t column
        uint8_t is_reference
        uint8_t may_be_none  # a regex is still to decide

    ctypedef struct UseFinder:
        RepomapWalk walk
        Interner names
        Use *uses            # (n,) of the file at hand
        size_t n, capacity
        uint32_t *local_ids
        size_t local_ids_capacity
        FactTagged *tags     # (n_tags,) of the file
        size_t n_tags, tags_capacity
        ts.TSNode *marked    # (n_marked,) those of the kinds that were asked for
        size_t n_marked

    ctypedef struct UseStarts:
        const uint8_t *is_start  # NULL: none
        uint32_t n_symbols
        int (*take)(void *payload, const ts.TSNode *starts, size_t n) noexcept nogil
        void *payload

    bint repomap_use_rules(
        const ts.TSLanguage *language, const char *grammar, const uint8_t *marks, UseRules *rules_out
    )
    int repomap_start_uses(
        UseFinder *finder, Arena *arena, const UseRules *rules, const uint8_t *text, uint32_t size
    )
    int repomap_find_uses(
        UseFinder *finder, Arena *arena, const UseRules *rules, const ts.TSTree *tree, const uint8_t *text,
        UseStarts starts
    )
    int repomap_settle_uses(UseFinder *finder, Arena *arena, const UseRules *rules)
    int repomap_append_facts(
        UseFinder *finder, Arena *arena, const UseRules *rules, uint32_t n_use_names, RepomapBytes *records
    )
    void repomap_free_use_rules(UseRules *rules)
    void repomap_free_uses(UseFinder *finder)
    void repomap_forget_uses(UseFinder *finder)
