"""Identifier classes of a table of names, as one pass over its bytes without the GIL.

In: the columns of a StringTable. Out: a class for each string. Compiled because a large repository has millions of
names, and str.isupper() and its kin would need each of them as a Python object. Any number of threads may call it.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from interrupts cimport count_steps

cdef enum:
    CLASS_UNKNOWN
    CLASS_CONSTANTS
    CLASS_CLASSES
    CLASS_FUNCTIONS
    CLASS_VARIABLES
    CLASS_OTHER

cdef enum:
    CASE_NONE
    CASE_LOWER
    CASE_UPPER
    CASE_TITLE


cdef uint32_t decode(const uint8_t *string, uint64_t size, uint64_t *position) noexcept nogil:
    """Return the code point at position and move past it; a byte that is no UTF-8 counts as U+FFFD."""
    cdef uint32_t first = string[position[0]], point
    cdef uint64_t n_more, i
    position[0] += 1
    if first < 0x80:
        return first
    if 0xC2 <= first < 0xE0:
        n_more, point = 1, first & 0x1F
    elif 0xE0 <= first < 0xF0:
        n_more, point = 2, first & 0x0F
    elif 0xF0 <= first < 0xF5:
        n_more, point = 3, first & 0x07
    else:
        return 0xFFFD
    if position[0] + n_more > size:
        return 0xFFFD
    for i in range(n_more):
        if string[position[0] + i] & 0xC0 != 0x80:
            return 0xFFFD
        point = (point << 6) | (string[position[0] + i] & 0x3F)
    if (n_more == 2 and (point < 0x800 or 0xD800 <= point < 0xE000)) or (
        n_more == 3 and (point < 0x10000 or point > 0x10FFFF)
    ):
        return 0xFFFD
    position[0] += n_more
    return point


cdef uint8_t classify(
    const uint8_t *string, uint64_t size, const uint8_t *cases, uint64_t n_cases
) noexcept nogil:
    """Follow the order of the tests of the plan's ``_classify_identifier``; cases[p] is the case of code point p."""
    cdef uint64_t position = 0
    cdef uint32_t point
    cdef uint8_t case, first_case = CASE_NONE
    cdef bint has_upper = False, has_lower = False, has_title = False, is_first = True
    if size == 0:
        return CLASS_UNKNOWN
    while position < size:
        point = decode(string, size, &position)
        case = cases[point] if point < n_cases else <uint8_t>CASE_NONE
        if is_first:
            first_case = case
            is_first = False
        has_upper |= case == CASE_UPPER
        has_lower |= case == CASE_LOWER
        has_title |= case == CASE_TITLE
    if has_upper and not has_lower and not has_title:
        return CLASS_CONSTANTS
    if first_case == CASE_UPPER:
        return CLASS_CLASSES
    if size >= 2 and string[size - 2] == c"(" and string[size - 1] == c")":
        return CLASS_FUNCTIONS
    if has_lower and not has_upper and not has_title:
        return CLASS_VARIABLES
    return CLASS_OTHER


def classify_identifiers(const uint64_t[::1] offsets, const uint8_t[::1] data, const uint8_t[::1] cases):
    """Return the identifier class of each string.

    offsets  (n + 1,) uint64: string i is data[offsets[i]:offsets[i + 1]].
    data     (n_bytes,) uint8: UTF-8; bytes that are none have no case.
    cases    (n_points,) uint8: of each code point 0 none, 1 lower, 2 upper, 3 title; those beyond have none.

    Returns (n,) uint8: 0 unknown (empty), 1 constants, 2 classes, 3 functions, 4 variables, 5 other. Raises
    ValueError for offsets that do not fit the data.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, i
    cdef uint64_t n_bytes = data.shape[0], n_cases = cases.shape[0], n_steps = 0
    if n < 0:
        raise ValueError("offsets are empty; expected one more than there are strings")
    classes = np.empty(n, np.uint8)
    if n == 0:
        return classes
    cdef uint8_t[::1] classes_out = classes
    cdef const uint8_t *bytes_ = &data[0] if n_bytes else NULL
    cdef const uint8_t *cases_ = &cases[0] if n_cases else NULL
    cdef bint is_well_formed = offsets[0] == 0
    with nogil:
        for i in range(n):
            if offsets[i] > offsets[i + 1] or offsets[i + 1] > n_bytes:
                is_well_formed = False
                break
            count_steps(&n_steps, 2 * (offsets[i + 1] - offsets[i]) + 1)
            classes_out[i] = classify(bytes_ + offsets[i], offsets[i + 1] - offsets[i], cases_, n_cases)
    if not is_well_formed:
        raise ValueError("offsets must start at 0, never fall, and stay within the data")
    return classes
