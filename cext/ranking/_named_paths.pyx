"""Paths by their last parts: which paths of a repository a text may mean.

In: the bytes of a table of paths, and the parts that stand in the text. Out: pairs of path and part. Compiled because
it goes over all paths of a repository.
"""

from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memcmp

from checks cimport are_bounds
from interrupts cimport count_steps


def match_parts(
    const uint64_t[::1] offsets not None, const uint8_t[::1] paths not None, set names not None, set stems not None,
    set folder_names not None,
):
    """Return the paths whose last part is one of the names, and those that are one of the stems as a module.

    names         last parts with their suffixes.
    stems         last parts up to the first dot that follows something; the last folder but ``src`` instead for
    folder_names  last parts of files that stand for their folder.

    Returns two lists of (number of the path, name or stem), rising. Raises ValueError for malformed offsets.
    """
    cdef Py_ssize_t i, n = offsets.shape[0] - 1
    cdef uint64_t start, stop, last, dot, n_steps = 0
    cdef bytes part
    cdef list of_names = [], of_stems = []
    if not are_bounds(offsets, n, paths.shape[0]):
        raise ValueError("the offsets of the paths do not fit")
    for i in range(n):
        start, stop = offsets[i], offsets[i + 1]
        if start == stop:
            continue
        count_steps(&n_steps, stop - start + 64)
        last = start_of_part(paths, start, stop)
        if last == stop:
            continue
        part = (<const char *>&paths[last])[:stop - last]
        if part in names:
            of_names.append((i, part))
        if last > start and part in folder_names:
            stop = last - 1
            last = start_of_part(paths, start, stop)
            if last > start and stop - last == 3 and memcmp(&paths[last], b"src", 3) == 0:
                stop = last - 1
                last = start_of_part(paths, start, stop)
        else:
            dot = last + 1
            while dot < stop and paths[dot] != c".":
                dot += 1
            stop = dot
        part = (<const char *>&paths[last])[:stop - last]
        if part in stems:
            of_stems.append((i, part))
    return of_names, of_stems


cdef inline uint64_t start_of_part(const uint8_t[::1] paths, uint64_t start, uint64_t stop) noexcept:
    """Return where the last part of a path starts."""
    while stop > start and paths[stop - 1] != c"/":
        stop -= 1
    return stop
