# fact_records.h: scopes, bindings and chains of a file, as a block keeps them.
from libc.stdint cimport int64_t, uint8_t, uint32_t

from import_records cimport ImportReader, ImportText


cdef extern from "fact_records.h" nogil:
    enum:
        FACT_NAME
        FACT_MEMBER
        FACT_CALL
        FACT_LITERAL
        FACT_SCOPE
        FACT_TAG
        FACT_PARAMETER
        FACT_RESULT
        FACT_DEFINED

    ctypedef struct FactChainRecord:
        uint8_t op
        uint32_t base
        uint32_t second

    ctypedef struct FactScopeRecord:
        uint32_t parent
        uint32_t result
        uint32_t tag
        uint32_t n_bases
        uint8_t kind

    ctypedef struct FactBindingRecord:
        uint32_t name
        uint32_t chain
        uint32_t eval_scope
        uint32_t row
        uint32_t tag
        uint8_t kind
        uint8_t flags

    ctypedef struct FactBindingPlace:
        int64_t tag
        int64_t row

    ctypedef struct FactTotals:
        uint32_t n_names
        uint32_t n_scopes
        uint32_t n_chains
        uint32_t n_bases
        uint32_t n_bindings
        uint32_t n_events
        uint32_t n_receivers
        uint32_t n_ghosts

    bint fact_base_is_chain(uint8_t op)
    bint fact_second_is_chain(uint8_t op)
    bint fact_second_is_name(uint8_t op)
    bint fact_get_count(ImportReader *reader, uint32_t *count_out)
    bint fact_next_chain(
        ImportReader *reader, uint32_t number, uint32_t n_names, uint32_t n_scopes, FactChainRecord *chain
    )
    bint fact_next_scope(
        ImportReader *reader, uint32_t number, uint32_t n_chains, int64_t *last_tag, FactScopeRecord *scope
    )
    bint fact_next_base(ImportReader *reader, uint32_t n_chains, uint8_t *kind, uint32_t *chain)
    bint fact_next_binding(
        ImportReader *reader, uint32_t n_names, uint32_t n_chains, uint32_t n_scopes, uint32_t scope,
        FactBindingPlace *place, FactBindingRecord *binding
    )
    bint facts_measure(const uint8_t *records, size_t size, uint32_t n_use_names, FactTotals *totals)
