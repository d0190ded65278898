# macros/reader.h: C and C++ without macros.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from core cimport Arena, ArenaVerdict, RepomapBytes


cdef extern from "macros/keywords.h" nogil:
    ctypedef struct WordTable:
        void *slots  # NULL: there is no table

    enum:
        MOST_KEYWORDS
        MOST_KEYWORD_BYTES

    bint word_table_start(WordTable *table, uint32_t n, size_t n_bytes)
    void word_table_add(
        WordTable *table, const char *word, size_t size, bint is_prefix, uint8_t use, uint8_t argument
    )
    void word_table_add_keywords(WordTable *table, bint is_cpp)
    void word_table_free(WordTable *table)


cdef extern from "macros/reader.h" nogil:
    enum:
        MACRO_KIND_PROTOTYPE
        MACRO_KIND_KEPT

    ctypedef struct MacroName:
        uint32_t start   # bytes of the name in the text
        uint32_t end
        uint32_t place   # of a rename: byte of the name that the parser finds
        uint8_t kind     # MacroKind
        bint is_alone    # of a rename: nothing is within the definition but its name

    ctypedef struct MacroNames:
        MacroName *items
        size_t n

    ctypedef struct Edits:
        RepomapBytes copy       # of the text, with words blanked
        bint is_copied
        MacroNames references
        MacroNames renames
        MacroNames asked        # by conditionals

    ctypedef struct Reader:
        Edits edits
        uint64_t n_steps

    ArenaVerdict reader_read(
        Reader *reader, const Arena *arena, const WordTable *words, const uint8_t *text, uint32_t size
    )
    Reader *reader_new()
    void reader_delete(Reader *reader)
