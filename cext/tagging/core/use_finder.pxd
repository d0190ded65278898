# uses.h: names and members that are used as values.
from libc.stdint cimport uint8_t, uint32_t

cimport tree_sitter as ts
from core cimport Arena, RepomapWalk
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

    ctypedef struct UseFinder:
        RepomapWalk walk
        Interner names
        Use *uses            # (n,) of the file at hand
        size_t n, capacity
        uint32_t *local_ids
        size_t local_ids_capacity

    bint repomap_use_rules(const ts.TSLanguage *language, const char *grammar, UseRules *rules_out)
    int repomap_find_uses(
        UseFinder *finder, Arena *arena, const UseRules *rules, const ts.TSTree *tree, const uint8_t *text
    )
    void repomap_free_uses(UseFinder *finder)
