"""git's listing to a sorted table of paths, without the GIL.

In: what git writes with -z and -t, entries that end in NUL each. Out: the columns of a StringTable, and which paths git
does not track. Compiled because a large repository has a hundred thousand paths, most of which nobody ever needs as a
Python object.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcpy, strcmp, strlen

from interrupts cimport count_steps

cdef enum:
    TAG_BYTES = 2  # a letter and a blank
    STEPS_A_PATH = 16


cdef uint64_t find_paths(
    const char *text, uint64_t n_bytes, uint64_t *starts, uint64_t *second_run
) except? 0 nogil:
    """Note where each path starts; return the number of sorted runs, and where the second starts, n if nowhere.

    Returns 0 for an entry without a path.
    """
    cdef uint64_t n = 0, start = 0, n_runs = 1, n_steps = 0
    second_run[0] = 0
    while start < n_bytes:
        count_steps(&n_steps, STEPS_A_PATH)
        if strlen(text + start) <= TAG_BYTES or text[start + 1] != c" ":
            return 0
        start += TAG_BYTES
        starts[n] = start
        if n and strcmp(text + starts[n - 1], text + start) > 0:
            n_runs += 1
            second_run[0] = n
        start += strlen(text + start) + 1
        n += 1
    if n_runs == 1:
        second_run[0] = n
    return n_runs


cdef uint64_t merge_runs(
    const char *text, const uint64_t *starts, uint64_t n, uint64_t second_run, uint64_t *offsets, uint8_t *data,
    uint8_t *untracked
) except? 0 nogil:
    """Write the distinct paths in order, and for each whether git does not track it; return how many they are."""
    cdef uint64_t i = 0, j = second_run, n_distinct = 0, size, n_steps = 0
    cdef const char *path
    cdef const char *last = NULL
    offsets[0] = 0
    while i < second_run or j < n:
        count_steps(&n_steps, STEPS_A_PATH)
        if j == n or (i < second_run and strcmp(text + starts[i], text + starts[j]) <= 0):
            path = text + starts[i]
            i += 1
        else:
            path = text + starts[j]
            j += 1
        if last == NULL or strcmp(last, path) != 0:
            size = strlen(path)
            memcpy(data + offsets[n_distinct], path, size)
            untracked[n_distinct] = (path - TAG_BYTES)[0] == c"?"
            n_distinct += 1
            offsets[n_distinct] = offsets[n_distinct - 1] + size
            last = path
    return n_distinct


def read_listing(bytes output not None):
    """Return the distinct paths of a listing, sorted: offsets (n + 1,) uint64 and data (n_bytes,) uint8; and which of
    them git does not track, (n,) bool.

    output  entries of a letter, a blank and a path, each of which ends in NUL, in at most two runs that are sorted by
            path, as git lists them; the letter is ? where git does not track the path.

    Returns None where they are in more runs, or one is no such entry, or the last does not end.
    """
    cdef uint64_t n_bytes = len(output), n = output.count(b"\0"), n_runs, second_run, n_distinct
    starts = np.empty(n + 1, np.uint64)
    offsets = np.empty(n + 1, np.uint64)
    data = np.empty(n_bytes + 1, np.uint8)
    untracked = np.empty(n + 1, np.uint8)
    cdef uint64_t[::1] starts_out = starts, offsets_out = offsets
    cdef uint8_t[::1] data_out = data, untracked_out = untracked
    cdef const char *text = output
    if n_bytes and not output.endswith(b"\0"):
        return None
    with nogil:
        n_runs = find_paths(text, n_bytes, &starts_out[0], &second_run)
        n_distinct = 0
        if 1 <= n_runs <= 2:
            n_distinct = merge_runs(
                text, &starts_out[0], n, second_run, &offsets_out[0], &data_out[0], &untracked_out[0]
            )
    if not 1 <= n_runs <= 2:
        return None
    return offsets[: n_distinct + 1], data[: offsets[n_distinct]], untracked[:n_distinct].view(np.bool_)
