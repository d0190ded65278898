# Function bodies, inlined into _tagger: the terms of the files of a batch, as they are counted.
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, qsort
from libc.string cimport memcpy, memset, strlen

cimport tree_sitter as ts
from budget cimport reserve_within
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, arena_take, arena_verdict
from words cimport word_hash, word_next


cdef extern from "word_counts.h" nogil:
    enum:
        COUNTER_TERMS

    ctypedef struct TermCount:
        uint32_t hash
        uint32_t n

    ctypedef struct Keywords:
        uint32_t n
        uint32_t *hashes        # (n,) rising

    ctypedef struct WordCounter:
        uint32_t n_terms
        uint64_t n_steps
        TermCount *terms        # (n_terms,) by rising hash, once a text is finished

    WordCounter *word_counter_new(uint64_t seed)
    void word_counter_start(WordCounter *counter, size_t size, const Keywords *keywords)
    void word_counter_add(
        WordCounter *counter, const uint8_t *text, size_t size, size_t *position, size_t stop, uint32_t n
    )
    void word_counter_finish(WordCounter *counter)


cdef enum:
    BYTES_BETWEEN_CHECKS = 1 << 18
    TERM_COPIES = 2             # in the block, and where the block is taken from
    BLOCK_BYTES_A_TERM = 6

cdef struct FileTerms:
    TermCount *items            # (n,) owned; each file's by rising hash
    size_t n
    size_t capacity


cdef inline int compare_hashes(const void *left, const void *right) noexcept nogil:
    cdef uint32_t a = (<const uint32_t *>left)[0], b = (<const uint32_t *>right)[0]
    return (a > b) - (a < b)


cdef inline bint find_keywords(Keywords *keywords, const ts.TSLanguage *language) noexcept nogil:
    """Find the words that a grammar has as symbols without a name; False when there is no memory for them."""
    cdef uint32_t symbol, n_symbols = ts.ts_language_symbol_count(language)
    cdef const char *name
    cdef size_t size, position, start
    keywords.n = 0
    keywords.hashes = <uint32_t *>malloc((<size_t>n_symbols + 1) * sizeof(uint32_t))
    if keywords.hashes == NULL:
        return False
    for symbol in range(n_symbols):
        if ts.ts_language_symbol_type(language, <ts.TSSymbol>symbol) != ts.TSSymbolTypeAnonymous:
            continue
        name = ts.ts_language_symbol_name(language, <ts.TSSymbol>symbol)
        size = strlen(name)
        position = 0
        if word_next(<const uint8_t *>name, size, &position, &start) and start == 0 and position == size:
            keywords.hashes[keywords.n] = word_hash(<const uint8_t *>name, size)
            keywords.n += 1
    qsort(keywords.hashes, keywords.n, sizeof(uint32_t), compare_hashes)
    return True


cdef inline int append_terms(
    FileTerms *terms, WordCounter *counter, Arena *arena, const Keywords *keywords, const uint8_t *text, size_t size
) noexcept nogil:
    """Count the terms of a text, and append them; return an ArenaVerdict, and unless all went well append none."""
    cdef size_t position = 0
    cdef int verdict
    word_counter_start(counter, size, keywords)
    while position < size:
        word_counter_add(counter, text, size, &position, min(size, position + BYTES_BETWEEN_CHECKS), 1)
        verdict = arena_verdict(arena)
        if verdict != ARENA_RUNNING:
            return verdict
    word_counter_finish(counter)
    if not arena_take(arena, <size_t>counter.n_terms * BLOCK_BYTES_A_TERM * TERM_COPIES) or not reserve_within(
        arena, <void **>&terms.items, &terms.capacity, terms.n + counter.n_terms, sizeof(TermCount)
    ):
        return ARENA_OUT_OF_MEMORY
    if counter.n_terms:
        memcpy(&terms.items[terms.n], counter.terms, counter.n_terms * sizeof(TermCount))
    terms.n += counter.n_terms
    return ARENA_RUNNING


cdef inline void free_terms(FileTerms *terms) noexcept nogil:
    free(terms.items)
    memset(terms, 0, sizeof(FileTerms))
