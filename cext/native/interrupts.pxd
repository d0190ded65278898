# Function bodies, inlined where they are cimported: Ctrl-C in compiled loops, which must check for signals.
from libc.stdint cimport uint64_t


cdef extern from "Python.h":
    int PyErr_CheckSignals() except -1


cdef enum:
    STEPS_BETWEEN_CHECKS = 1 << 22   # of some nanoseconds each


cdef inline int check_signals() except -1 nogil:
    """Run the handlers of the signals that have come, in the main thread; raise what they raise."""
    with gil:
        return PyErr_CheckSignals()


cdef inline int count_steps(uint64_t *counted, uint64_t n_steps) except -1 nogil:
    """Count the steps of a loop, and look for signals once in some millions."""
    counted[0] += n_steps
    if counted[0] >= STEPS_BETWEEN_CHECKS:
        counted[0] = 0
        check_signals()
    return 0
