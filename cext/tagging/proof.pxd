# Function bodies, inlined into _tagger: budget and Ctrl-C while a user's query is proved.
from libc.stdint cimport int64_t, uint64_t

from core cimport repomap_clock_ns


cdef extern from "Python.h":
    int PyErr_CheckSignals()    # leaves what a handler raised set: the caller that asked for the work raises it


cdef enum:
    MAX_PROOF_CHECKS = 200_000   # several times what the largest of our own takes: some seconds
    MAX_PROOF_BYTES = 512 << 20
    NS_BETWEEN_SIGNALS = 50_000_000

cdef struct ProofWatch:
    uint64_t n_checks_left   # of the arena, until the query counts as too costly
    int64_t next_signal_check_ns    # when signals are looked for again
    bint is_interrupted     # a signal's handler has raised


cdef inline bint is_proof_over(void *payload) noexcept nogil:
    """Whether a query has had its budget of looks, or a signal's handler has raised: Ctrl-C."""
    cdef ProofWatch *watch = <ProofWatch *>payload
    cdef int64_t now_ns
    if watch.n_checks_left == 0 or watch.is_interrupted:
        return True
    watch.n_checks_left -= 1
    now_ns = repomap_clock_ns()
    if now_ns >= watch.next_signal_check_ns:
        watch.next_signal_check_ns = now_ns + NS_BETWEEN_SIGNALS
        with gil:
            watch.is_interrupted = PyErr_CheckSignals() != 0
    return watch.is_interrupted


cdef inline int raise_interrupt() except -1:
    """Raise what the signal's handler raised."""
    return -1
