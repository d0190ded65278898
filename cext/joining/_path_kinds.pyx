"""Kinds of paths by their parts: which of a table of folders, beginnings and endings each path has.

In: the bytes of a table of paths, and the rules. Out: the bits of the rules that hold for each path. Compiled because
it reads every byte of all paths of a repository.
"""

import numpy as np

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcmp, memcpy

from checks cimport are_bounds
from interrupts cimport count_steps

cdef enum:
    MOST_RULES = 128
    LONGEST = 40        # bytes of the longest rule


cdef struct Rules:
    Py_ssize_t n
    uint8_t[MOST_RULES][LONGEST] texts
    uint8_t[MOST_RULES] lengths
    uint8_t[MOST_RULES] bits


def match_kinds(
    const uint64_t[::1] offsets not None, const uint8_t[::1] paths not None, list folders not None,
    list beginnings not None, list endings not None,
):
    """Return the kinds of the paths, as bits: (n,) uint8.

    folders     (name, bits): a part of the path that is not the last, in lower case.
    beginnings  (text, bits): the beginning of the last part; endings (text, bits): its end.

    Raises ValueError.
    """
    cdef Py_ssize_t i, j, n = offsets.shape[0] - 1
    cdef uint64_t start, stop, last, part, end, last_start = 0, last_size = 0, n_steps = 0
    cdef uint8_t folder_bits = 0, bits
    cdef Rules of_folders, of_beginnings, of_endings
    if not are_bounds(offsets, n, paths.shape[0]):
        raise ValueError("the offsets of the paths do not fit")
    prepare_rules(&of_folders, folders)
    prepare_rules(&of_beginnings, beginnings)
    prepare_rules(&of_endings, endings)
    kinds = np.zeros(n, np.uint8)
    cdef uint8_t[::1] kinds_out = kinds
    with nogil:
        for i in range(n):
            start, stop = offsets[i], offsets[i + 1]
            count_steps(&n_steps, stop - start + 1)
            last = stop
            while last > start and paths[last - 1] != c"/":
                last -= 1
            if last - start != last_size or (last_size and memcmp(&paths[start], &paths[last_start], last_size) != 0):
                folder_bits = 0
                part = start
                while part < last:
                    end = part
                    while paths[end] != c"/":
                        end += 1
                    for j in range(of_folders.n):
                        if of_folders.lengths[j] == end - part and is_like(
                            &paths[part], &of_folders.texts[j][0], end - part
                        ):
                            folder_bits |= of_folders.bits[j]
                    part = end + 1
            last_start, last_size = start, last - start
            bits = folder_bits
            for j in range(of_beginnings.n):
                if of_beginnings.lengths[j] <= stop - last and paths[last] == of_beginnings.texts[j][0] and memcmp(
                    &paths[last], &of_beginnings.texts[j][0], of_beginnings.lengths[j]
                ) == 0:
                    bits |= of_beginnings.bits[j]
            for j in range(of_endings.n):
                # Most rules fail at the last byte, sooner than memcmp is called.
                if of_endings.lengths[j] <= stop - last and (
                    paths[stop - 1] == of_endings.texts[j][of_endings.lengths[j] - 1]
                ) and memcmp(
                    &paths[stop - of_endings.lengths[j]], &of_endings.texts[j][0], of_endings.lengths[j]
                ) == 0:
                    bits |= of_endings.bits[j]
            kinds_out[i] = bits
    return kinds


cdef int prepare_rules(Rules *rules, list pairs) except -1:
    cdef Py_ssize_t i
    cdef bytes text
    if len(pairs) > MOST_RULES:
        raise ValueError(f"{len(pairs)} rules; expected at most {MOST_RULES}")
    rules.n = len(pairs)
    for i in range(rules.n):
        text = pairs[i][0]
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"a rule of {len(text)} bytes; expected 1 to {LONGEST}")
        memcpy(&rules.texts[i][0], <const char *>text, len(text))
        rules.lengths[i] = <uint8_t>len(text)
        rules.bits[i] = pairs[i][1]
    return 0


cdef inline bint is_like(const uint8_t *text, const uint8_t *lower, size_t size) noexcept nogil:
    cdef size_t i
    for i in range(size):
        if lower_case(text[i]) != lower[i]:
            return False
    return True


cdef inline uint8_t lower_case(uint8_t character) noexcept nogil:
    return character + 32 if c"A" <= character <= c"Z" else character
