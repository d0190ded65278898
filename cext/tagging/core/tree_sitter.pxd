# What is used of tree_sitter/api.h, and nothing else.
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t


cdef extern from "<stdbool.h>" nogil:
    ctypedef bint bool


cdef extern from "tree_sitter/api.h" nogil:
    uint32_t TREE_SITTER_LANGUAGE_VERSION
    uint32_t TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION

    ctypedef struct TSLanguage:
        pass
    ctypedef struct TSTree:
        pass
    ctypedef struct TSQuery:
        pass

    ctypedef struct TSPoint:
        uint32_t row     # zero-based
        uint32_t column  # bytes from the start of the row

    ctypedef struct TSNode:
        const void *id   # equal for equal nodes of one tree

    ctypedef struct TSQueryCapture:
        TSNode node
        uint32_t index   # of the capture's name in the query

    ctypedef enum TSQueryError:
        TSQueryErrorNone
        TSQueryErrorSyntax
        TSQueryErrorNodeType
        TSQueryErrorField
        TSQueryErrorCapture
        TSQueryErrorStructure
        TSQueryErrorLanguage

    ctypedef enum TSQueryPredicateStepType:
        TSQueryPredicateStepTypeDone
        TSQueryPredicateStepTypeCapture
        TSQueryPredicateStepTypeString

    ctypedef struct TSQueryPredicateStep:
        TSQueryPredicateStepType type
        uint32_t value_id  # of a capture or of a string

    ctypedef uint16_t TSSymbol

    ctypedef enum TSSymbolType:
        TSSymbolTypeAnonymous

    uint32_t ts_language_abi_version(const TSLanguage *self)
    uint32_t ts_language_symbol_count(const TSLanguage *self)
    const char *ts_language_symbol_name(const TSLanguage *self, TSSymbol symbol)
    TSSymbolType ts_language_symbol_type(const TSLanguage *self, TSSymbol symbol)

    TSNode ts_tree_root_node(const TSTree *self)
    uint32_t ts_node_start_byte(TSNode self)
    uint32_t ts_node_end_byte(TSNode self)
    TSPoint ts_node_start_point(TSNode self)
    TSPoint ts_node_end_point(TSNode self)

    void ts_query_delete(TSQuery *self)
    uint32_t ts_query_pattern_count(const TSQuery *self)
    uint32_t ts_query_capture_count(const TSQuery *self)
    const char *ts_query_capture_name_for_id(const TSQuery *self, uint32_t index, uint32_t *length)
    const char *ts_query_string_value_for_id(const TSQuery *self, uint32_t index, uint32_t *length)
    const TSQueryPredicateStep *ts_query_predicates_for_pattern(
        const TSQuery *self, uint32_t pattern_index, uint32_t *step_count
    )
