# Bounds checks of columns, as inline functions: a column that passes them can be followed without a check of each step.
from libc.stdint cimport uint32_t, uint64_t


cdef inline bint are_bounds(const uint64_t[::1] offsets, Py_ssize_t n_rows, uint64_t n_items) noexcept nogil:
    """Whether there are ``n_rows`` + 1 offsets that never fall, and none is above ``n_items``. The first may be any."""
    cdef Py_ssize_t i
    if n_rows < 0 or offsets.shape[0] != n_rows + 1:
        return False
    for i in range(n_rows):
        if offsets[i] > offsets[i + 1]:
            return False
    return offsets[n_rows] <= n_items


cdef inline bint are_below(const uint32_t[::1] numbers, size_t bound) noexcept nogil:
    """Whether every number is below ``bound``."""
    cdef Py_ssize_t i
    cdef uint32_t largest = 0
    for i in range(numbers.shape[0]):
        largest = max(largest, numbers[i])
    return numbers.shape[0] == 0 or largest < bound
