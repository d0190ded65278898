"""Names that contain a word: how like it each is, in one pass over the bytes of all names.

In: the columns of a table of names, and a word. Out: a number for each name. Compiled because a large repository has
millions of names, and a single letter stands in most of them.
"""

import numpy as np

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcmp

from checks cimport are_bounds
from interrupts cimport count_steps

cdef enum:
    EXACT, CASE, PREFIX, SUBSTRING   # as of Likeness
    NO_LIKENESS = 255
    BLOCK = 64                       # bytes that are looked at together
    CASE_BIT = 0x20                  # what a lower-case letter of ASCII has, and the upper-case one has not


def likenesses_in(const uint64_t[::1] offsets not None, const uint8_t[::1] data not None, bytes word not None):
    """Return how like a word each name is that contains it: (n,) uint8, values of Likeness; 255 for all others.

    offsets, data  the columns of a StringTable.
    word           not empty. Letters of ASCII in either case are the same.

    Raises ValueError.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, size = len(word), i, name = 0
    cdef uint64_t position, stop, before, n_steps = 0
    cdef const uint8_t *text
    cdef bytes lower = word.lower()
    cdef const uint8_t *wanted = lower
    cdef const uint8_t *exact = word
    cdef uint8_t case_bits[2]
    if not size or not are_bounds(offsets, n, data.shape[0]):
        raise ValueError("offsets must never fall, and stay within the data; a word is not empty")
    likenesses = np.full(n, NO_LIKENESS, np.uint8)
    cdef uint8_t[::1] out = likenesses
    if not n or not data.shape[0]:
        return likenesses
    text = &data[0]
    for i in range(2):
        case_bits[i] = case_bit(wanted[i]) if i < size else 0xFF
    position, stop = offsets[0], offsets[n]
    with nogil:
        while position + size <= stop:
            before = position
            position = next_start(text, position, stop - size + 1, wanted, size, case_bits)
            count_steps(&n_steps, position - before + 1)
            if position + size > stop:
                break
            while offsets[name + 1] <= position:
                name += 1
            if position + size > offsets[name + 1]:
                position = offsets[name + 1]
                continue
            i = 2
            while i < size and (text[position + i] | case_bit(wanted[i])) == wanted[i]:
                i += 1
            if i < size:
                count_steps(&n_steps, i)
                position += 1
                continue
            if position > offsets[name]:
                out[name] = SUBSTRING
            elif offsets[name + 1] - position > <uint64_t>size:
                out[name] = PREFIX
            else:
                out[name] = CASE if memcmp(&text[position], exact, size) else EXACT
            # The first occurrence in a name is the one most like the word.
            position = offsets[name + 1]
    return likenesses


cdef inline uint8_t case_bit(uint8_t byte) noexcept nogil:
    """Return what a byte of a text is joined with before it is compared with a byte in lower case."""
    return CASE_BIT if c"a" <= byte <= c"z" else 0


cdef inline uint64_t next_start(
    const uint8_t *text, uint64_t position, uint64_t stop, const uint8_t *wanted, Py_ssize_t size,
    const uint8_t *case_bits,
) noexcept nogil:
    """Return the next position before ``stop`` with the first two bytes of a word, or ``stop``."""
    cdef uint8_t first = wanted[0], first_bit = case_bits[0], second_bit = case_bits[1]
    cdef uint8_t second = wanted[1] if size > 1 else 0xFF
    cdef uint8_t is_any
    cdef int k
    # A word of one byte has no second one: what comes behind is joined to what it is compared with.
    while position + BLOCK < stop:
        is_any = 0
        for k in range(BLOCK):
            is_any |= ((text[position + k] | first_bit) == first) & ((text[position + k + 1] | second_bit) == second)
        if is_any:
            break
        position += BLOCK
    while position < stop:
        if (text[position] | first_bit) == first and (size == 1 or (text[position + 1] | second_bit) == second):
            break
        position += 1
    return position
