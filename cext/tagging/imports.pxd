# imports.h: finds what a file imports.
from libc.stdint cimport uint8_t

cimport tree_sitter as ts
from core cimport Arena, RepomapBytes


cdef extern from "imports.h" nogil:
    ctypedef struct ImportFinder:
        RepomapBytes records  # of the files of a batch, one after another

    uint8_t *import_actions_of(const ts.TSLanguage *language, const char *grammar, bint *has_memory)
    void start_imports(ImportFinder *finder, Arena *arena, const uint8_t *text)
    int find_imports(ImportFinder *finder, const ts.TSNode *nodes, size_t n_nodes, const uint8_t *actions)
    void free_imports(ImportFinder *finder)
