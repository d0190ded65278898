# core.h, arena.h, merge_sort.h, interner.h and platform.h: our own C.
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from tree_sitter cimport TSLanguage, TSNode, TSQuery, TSQueryCapture, TSQueryError, TSTree, bool


cdef extern from "platform.h" nogil:
    ctypedef struct RepomapBytes:
        uint8_t *contents  # owned by the struct's holder
        size_t size        # bytes in use
        size_t capacity    # bytes allocated

    bint repomap_bytes_reserve(RepomapBytes *bytes, size_t capacity)
    void repomap_bytes_free(RepomapBytes *bytes)
    int repomap_read_file(const char *path, size_t max_size, RepomapBytes *bytes)
    int64_t repomap_clock_ns()
    void repomap_give_back_memory()
    void repomap_keep_large_apart()


cdef extern from "encoding.h" nogil:
    size_t repomap_ascii_length(const uint8_t *text, size_t size)
    size_t repomap_utf8_end(const uint8_t *text, size_t size, size_t start)
    void repomap_mixed_to_utf8(const uint8_t *text, size_t size, RepomapBytes *bytes)
    bint repomap_declares_encoding(const uint8_t *text, size_t size)
    void repomap_utf16_to_utf8(const uint8_t *source, size_t size, bint is_little_endian, RepomapBytes *bytes)


cdef extern from "arena.h" nogil:
    ctypedef enum ArenaVerdict:
        ARENA_RUNNING
        ARENA_OUT_OF_TIME
        ARENA_OUT_OF_MEMORY
        ARENA_STOPPED
        ARENA_TOO_DEEP

    ctypedef struct Arena:
        void *chunks          # owned; NULL before the first allocation
        size_t reserved       # bytes of all its chunks
        size_t budget         # bytes that they and what arena_take counts may come to
        int64_t deadline_ns   # of repomap_clock_ns()
        const int *stop       # borrowed; set by another thread
        bint (*is_over)(void *) noexcept nogil  # called at each check; true: leave. NULL: never
        void *is_over_payload
        uint64_t n_steps      # of query cursors, from the first file on

    ArenaVerdict arena_verdict(const Arena *arena)
    bint arena_take(Arena *arena, size_t size)
    void arena_reset(Arena *arena)
    void arena_drop_tree(Arena *arena)
    void arena_delete(Arena *arena)


cdef extern from "merge_sort.h" nogil:
    ArenaVerdict merge_sort(
        const Arena *arena, void *items, void *scratch, size_t n, size_t item_size,
        int (*compare)(const void *, const void *) noexcept nogil
    )


cdef extern from "core.h" nogil:
    TSQueryError REPOMAP_QUERY_ERROR_EXCESS
    TSQueryError REPOMAP_QUERY_ERROR_COST
    uint32_t repomap_error_cost(const TSTree *tree)
    bint repomap_keep_near_errors(const TSTree *tree, const uint8_t *original, uint8_t *copy, uint32_t size)
    ArenaVerdict repomap_parse(
        Arena *arena, const TSLanguage *language, bint bmp_only, bint reset_scanner, const char *source,
        uint32_t length, TSTree **tree_out
    )
    ArenaVerdict repomap_parse_again(
        Arena *arena, const TSTree *tree, bint bmp_only, bint reset_scanner, const char *original, const char *source,
        uint32_t length, TSTree **tree_out
    )
    ctypedef struct RepomapParse:
        pass

    ArenaVerdict repomap_parse_new(
        Arena *arena, const TSLanguage *language, bint bmp_only, bint reset_scanner, const char *source,
        uint32_t length, uint32_t window_bytes, RepomapParse **parse_out
    )
    ArenaVerdict repomap_parse_next(RepomapParse *parse, TSTree **tree_out, bool *is_last_out)
    bool repomap_parse_is_taken_back(const RepomapParse *parse)
    void repomap_parse_delete(RepomapParse *parse)
    TSQuery *repomap_query_new(
        Arena *arena, const TSLanguage *language, const char *source, uint32_t length, uint32_t *error_offset,
        TSQueryError *error
    )


cdef extern from "cursor.h" nogil:
    ctypedef struct RepomapCursor:
        pass

    ctypedef struct RepomapMatch:
        const TSQueryCapture *captures  # borrowed from the cursor, until its next match
        uint32_t capture_count
        uint16_t pattern_index

    ArenaVerdict repomap_cursor_start(
        Arena *arena, RepomapCursor **cursor, const TSQuery *query, TSNode node, bint is_only_here
    )
    ArenaVerdict repomap_cursor_next(Arena *arena, RepomapCursor *cursor, RepomapMatch *match_out, bool *is_found_out)


cdef extern from "walk.h" nogil:
    ctypedef struct RepomapWalk:
        void *entries  # owned by the struct's holder

    uint64_t repomap_walk_steps(const RepomapWalk *walk)
    uint8_t *repomap_pattern_starts(const TSQuery *query, const TSLanguage *language, uint32_t *n_symbols_out)
    bint repomap_is_cut_safe(const TSQuery *query, const TSLanguage *language)
    void repomap_walk_start(RepomapWalk *walk, const TSTree *tree, const uint8_t *is_start, uint32_t n_symbols)
    ArenaVerdict repomap_walk_next(RepomapWalk *walk, Arena *arena, TSNode *node_out)


cdef extern from "outline.h" nogil:
    ctypedef struct RepomapScope:
        uint32_t row       # zero-based, on which its nodes start
        uint32_t end_row   # last row of the longest
        uint32_t n_nodes   # that start there and have more than one row
        uint32_t smallest  # rows of the shortest, the last not counted

    ctypedef struct RepomapOutline:
        RepomapScope *scopes  # (n,) by row; owned by the struct's holder
        size_t n

    ArenaVerdict repomap_outline(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapOutline *outline)


cdef extern from "node_rows.h" nogil:
    ctypedef struct RepomapNode:
        uint32_t row      # zero-based, on which it starts
        uint32_t end_row  # its last
        uint32_t stop     # the node behind the last one below it

    ctypedef struct RepomapNodeRows:
        RepomapNode *nodes  # (n,) in document order; owned by the struct's holder
        size_t n
        void *open          # owned by the struct's holder

    ArenaVerdict repomap_node_rows(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapNodeRows *rows)


cdef extern from "unread.h" nogil:
    ctypedef struct RepomapRange:
        uint32_t row      # zero-based, both included
        uint32_t end_row

    ctypedef struct RepomapUnread:
        RepomapRange *ranges  # (n,) rising
        uint32_t n

    ArenaVerdict repomap_find_unread(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapUnread *unread)
