# What one worker owns and what all workers share; see _tagger.pyx.
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

cimport tree_sitter as ts
from core cimport Arena, RepomapBytes, RepomapWalk
from interner cimport Interner


cdef enum CaptureUse:
    CAPTURE_UNUSED = 0
    CAPTURE_NAME = 1        # @name: its role and kind are those of the match's extent
    CAPTURE_EXTENT = 2      # @definition.kind: the node that the name is the name of
    CAPTURE_NAMED = 3       # @name.definition.kind: both in one

cdef enum PredicateOp:
    PREDICATE_EQUALS_CAPTURE = 0
    PREDICATE_EQUALS_STRING = 1
    PREDICATE_ANY_OF = 2
    PREDICATE_MATCHES = 3   # left to Python, once for each distinct text

cdef struct Capture:
    CaptureUse use
    uint8_t role            # tables.ROLE_*
    uint8_t kind_id         # of the scan's kinds

cdef struct Slice:
    uint32_t start          # byte of TagsQuery.text
    uint32_t size           # bytes

cdef struct Predicate:
    PredicateOp op
    uint32_t capture        # id of the capture whose nodes are asked
    uint32_t other          # PREDICATE_EQUALS_CAPTURE: id of the other; PREDICATE_MATCHES: number of the regex
    uint32_t first_string   # of QuerySpec.strings
    uint32_t n_strings
    bint is_any             # one node that passes is enough
    bint is_positive        # False turns each comparison round

cdef struct QuerySpec:
    const ts.TSLanguage *language    # borrowed from TagsQuery.capsule
    ts.TSQuery *query                # owned, as all that follows
    Capture *captures                # (n_captures,)
    Predicate *predicates
    uint32_t *pattern_predicates     # (n_patterns + 1,) bounds in predicates
    Slice *strings
    uint8_t *is_start                # (n_symbols,) where patterns begin, or NULL: see walk.h
    uint32_t n_symbols
    const char *text                 # borrowed from TagsQuery.text

cdef struct Candidate:
    uint32_t name_start     # byte
    uint32_t name_end
    uint32_t row            # zero-based, of the name's start
    uint32_t column         # bytes
    uint32_t extent_start   # byte; the extent is the @definition or @reference node
    uint32_t extent_end
    uint32_t end_row
    uint32_t condition      # 0, or the number of the match whose regexes decide
    uint8_t role
    uint8_t kind_id

cdef struct Extent:
    uint32_t start          # byte
    uint32_t end
    uint32_t tag            # row of the definition among its file's tags

cdef struct Columns:
    size_t count
    size_t capacity
    uint32_t *name_ids      # of the worker's own strings
    uint8_t *roles
    uint8_t *kind_ids
    uint32_t *rows
    uint32_t *columns
    uint32_t *end_rows
    int32_t *scope_tag_ids  # counted from the file's first tag; -1 none

cdef struct FileRecord:
    uint64_t first_tag      # row of Columns
    uint32_t n_tags
    uint32_t file_id
    int error               # errno of an unreadable file, or 0
    uint8_t status          # tables.FileStatus

cdef struct Condition:
    uint32_t match          # number of a match of this worker, from 1
    uint32_t regex_id       # of the scan
    uint32_t text_id        # of the worker's own strings

cdef struct ConditionalTag:
    uint64_t row            # of Columns
    uint32_t match


cdef class TagsQuery:
    cdef QuerySpec spec
    cdef object capsule     # keeps the grammar's module loaded
    cdef bytes text         # what spec.strings are slices of


cdef class FileList:
    cdef const uint8_t[::1] path_bytes
    cdef const uint64_t[::1] path_offsets  # (n + 1,)
    cdef const uint16_t[::1] language_ids  # (n,)
    cdef bytes root
    cdef const char *root_bytes            # borrowed from root
    cdef size_t root_size
    cdef list queries                      # by language id; None for a language that no file has
    cdef size_t max_file_bytes
    cdef size_t max_file_memory_bytes
    cdef int64_t file_timeout_ns
    cdef int is_stopped                    # read by the workers' arenas, without a lock


cdef class TagWorker:
    cdef FileList files                # keeps alive what specs points to
    cdef const QuerySpec **specs       # (n_languages,) owned array of borrowed pointers
    cdef size_t n_languages
    cdef Arena arena
    cdef ts.TSQueryCursor *cursor      # owned; reused for every file
    cdef ts.TSQueryCursorOptions cursor_options
    cdef RepomapWalk walk
    cdef RepomapBytes path             # root, a slash, the file's path, NUL
    cdef RepomapBytes source           # the file
    cdef RepomapBytes transcoded       # the file in UTF-8, where it is not
    cdef Interner strings              # names, and texts that regexes are asked about
    cdef Candidate *candidates         # of the file at hand
    cdef size_t n_candidates
    cdef size_t candidates_capacity
    cdef Extent *extents               # of its definitions, outer before inner
    cdef size_t extents_capacity
    cdef Extent *around                # those that enclose the tag at hand, innermost last
    cdef size_t around_capacity
    cdef Columns columns
    cdef FileRecord *records           # a row a file, in the order in which they were tagged
    cdef size_t n_records
    cdef size_t records_capacity
    cdef Condition *conditions
    cdef size_t n_conditions
    cdef size_t conditions_capacity
    cdef ConditionalTag *conditional_tags
    cdef size_t n_conditional_tags
    cdef size_t conditional_tags_capacity
    cdef uint32_t n_conditional_matches
    cdef readonly uint64_t source_bytes  # bytes of the files that were parsed

    cdef bint tag_file(self, uint32_t file_id) noexcept nogil
    cdef int find_tags(self, uint32_t file_id, int *error) noexcept nogil
    cdef bint build_path(self, uint32_t file_id) noexcept nogil
    cdef int decode(self, const uint8_t **text, size_t *size) noexcept nogil
    cdef int run_query(self, const QuerySpec *spec, const ts.TSTree *tree, const uint8_t *text) noexcept nogil
    cdef int match_from(self, const QuerySpec *spec, ts.TSNode node, const uint8_t *text) noexcept nogil
    cdef bint passes(
        self, const QuerySpec *spec, const ts.TSQueryMatch *match, const uint8_t *text, uint32_t *condition
    ) noexcept nogil
    cdef bint ask_later(
        self, const Predicate *predicate, const ts.TSQueryMatch *match, const uint8_t *text, uint32_t *condition
    ) noexcept nogil
    cdef bint add_candidates(
        self, const QuerySpec *spec, const ts.TSQueryMatch *match, uint32_t condition
    ) noexcept nogil
    cdef bint append_tags(self, const uint8_t *text) noexcept nogil
    cdef bint find_scopes(self, size_t first_tag) noexcept nogil
