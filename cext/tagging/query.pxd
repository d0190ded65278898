# Function bodies, inlined into _tagger: a tags query in plain C, and the predicates that compare bytes.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memcmp

cimport tree_sitter as ts
from core cimport RepomapMatch
from macros cimport WordTable
from use_finder cimport UseRules
from word_counts cimport Keywords


cdef enum:
    BYTES_A_STEP = 16       # compared in a nanosecond
    NO_KIND = 255

cdef enum CaptureUse:
    CAPTURE_UNUSED = 0
    CAPTURE_NAME = 1        # @name: its role and kind are those of the match's extent
    CAPTURE_EXTENT = 2      # @definition.kind: the node that the name is the name of
    CAPTURE_NAMED = 3       # @name.definition.kind: both in one
    CAPTURE_OWNER = 4       # @owner: the name of what a definition belongs to, wherever it stands

cdef enum PredicateOp:
    PREDICATE_EQUALS_CAPTURE = 0
    PREDICATE_EQUALS_STRING = 1
    PREDICATE_ANY_OF = 2
    PREDICATE_MATCHES = 3   # left to Python, once for each distinct text

cdef enum Place:            # tags_query.PLACES
    PLACE_NONE = 0
    PLACE_TYPE = 1          # a definition of this kind has members
    PLACE_FUNCTION = 2      # what is bound in it is nobody else's

cdef enum PatternRule:      # rules.py
    RULE_NOT_IN_FUNCTION = 1
    RULE_ONCE_IN_TYPE = 2
    RULE_KIND_IN_TYPE = 4
    RULE_ONCE_IN_FILE = 8
    RULE_UNLESS_DEFINED = 16
    RULE_MEMBER_OF_TYPE = 32
    RULE_CONTESTED = 64     # of one candidate, not of a pattern: it gives way if another passes its regexes

cdef struct Capture:
    CaptureUse use
    uint8_t role            # tables.ROLE_*
    uint8_t kind_id         # of the scan's kinds
    uint8_t place           # Place

cdef struct PatternRules:
    uint8_t flags           # of PatternRule
    uint8_t kind_in_type    # for RULE_KIND_IN_TYPE
    uint8_t suffix          # a character that the name has more than its node, or 0
    uint8_t until           # the character of the node that the name ends before, or 0
    uint8_t after           # the character of the node that the name begins behind, or 0
    uint8_t n_after_words
    uint8_t[31] after_words  # (n_after_words,) words between blanks, of which one is before `after`; none: any word
    uint8_t close           # the character that is none of the name at the end of the node, or 0
    bint is_cut             # whether the name may be shorter than its node
    uint8_t n_trimmed
    uint8_t[4] trimmed      # (n_trimmed,) characters at both ends of the node that are none of the name

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

cdef struct QuerySpec
cdef struct QuerySpec:
    const ts.TSLanguage *language    # borrowed from TagsQuery.capsule
    ts.TSQuery *query                # owned, as all that follows
    Capture *captures                # (n_captures,)
    uint32_t n_captures
    Predicate *predicates
    uint32_t *pattern_predicates     # (n_patterns + 1,) bounds in predicates
    PatternRules *rules              # (n_patterns,)
    Slice *strings
    uint8_t *is_start                # (n_symbols,) where patterns begin, or NULL: see walk.h
    uint32_t n_symbols
    bint is_cut_safe                 # the nodes below the root may be in several trees: see walk.h
    Keywords keywords                # of the language: words that are not counted
    uint8_t *import_actions          # what is done at each kind of node: see imports.h; NULL: nothing
    UseRules use_rules               # of names that are used as values: see uses.h
    bint bmp_only                    # show the grammar no character beyond U+FFFF
    uint8_t repair                   # Repair of repairs.h
    bint has_normal_names            # names are compared in their normal form
    bint reset_scanner               # give its scanner a first state
    WordTable words                  # of its macros; no slots: the files are read as they are
    uint8_t[5] macro_kinds           # by MacroKind: kind ids, or NO_KIND
    uint8_t regions                  # RegionsOf: where the text has parts in another language
    const QuerySpec **guests         # (N_GUESTS,) of these languages; borrowed, NULL for one that is not read
    bint reads_host                  # what is around these parts has tags by this query
    bint is_component                # each file is a component
    uint8_t component_kind           # kind id
    const char *text                 # borrowed from TagsQuery.text


cdef inline bint equals(ts.TSNode node, const uint8_t *text, const char *string, uint32_t size) noexcept nogil:
    cdef uint32_t start = ts.ts_node_start_byte(node)
    return ts.ts_node_end_byte(node) - start == size and memcmp(text + start, string, size) == 0


cdef inline bint have_equal_text(ts.TSNode left, ts.TSNode right, const uint8_t *text) noexcept nogil:
    cdef uint32_t start = ts.ts_node_start_byte(left)
    return equals(right, text, <const char *>text + start, ts.ts_node_end_byte(left) - start)


cdef inline bint are_captures_equal(
    const Predicate *predicate, const RepomapMatch *match, const uint8_t *text
) noexcept nogil:
    """#eq? of two captures: their nodes in pairs, as many as both have."""
    cdef uint32_t i = 0, j = 0
    cdef bint is_passed = True
    while True:
        while i < match.capture_count and match.captures[i].index != predicate.capture:
            i += 1
        while j < match.capture_count and match.captures[j].index != predicate.other:
            j += 1
        if i == match.capture_count or j == match.capture_count:
            return is_passed
        is_passed = have_equal_text(match.captures[i].node, match.captures[j].node, text) == predicate.is_positive
        if is_passed == predicate.is_any:
            return is_passed
        i += 1
        j += 1


cdef inline bint is_captured_among(
    const QuerySpec *spec, const Predicate *predicate, const RepomapMatch *match, const uint8_t *text
) noexcept nogil:
    """#eq? with a string, and #any-of?.

    #not-any-of? asks whether the text is none of the strings, as tree-sitter describes it. py-tree-sitter asks whether
    it differs from one of them, which holds of every text where there are two.
    """
    cdef uint32_t i, j
    cdef Slice string
    cdef bint is_passed = True
    for i in range(match.capture_count):
        if match.captures[i].index != predicate.capture:
            continue
        is_passed = not predicate.is_positive
        for j in range(predicate.n_strings):
            string = spec.strings[predicate.first_string + j]
            if equals(match.captures[i].node, text, spec.text + string.start, string.size):
                is_passed = predicate.is_positive
                break
        if is_passed == predicate.is_any:
            return is_passed
    return is_passed


cdef inline size_t predicate_steps(const Predicate *predicate, const RepomapMatch *match) noexcept nogil:
    """Return about how many nanoseconds it takes to test the predicate; regexes are not tested here."""
    cdef size_t n_steps = <size_t>match.capture_count * (<size_t>predicate.n_strings + 1)
    cdef uint32_t i
    if predicate.op == PREDICATE_EQUALS_CAPTURE:
        for i in range(match.capture_count):
            if match.captures[i].index == predicate.capture:
                n_steps += (
                    ts.ts_node_end_byte(match.captures[i].node) - ts.ts_node_start_byte(match.captures[i].node)
                ) // BYTES_A_STEP
    return n_steps
