"""Definitions by their rows: what encloses each, what adds up in those around, and which of them own a text.

In: the rows of the definitions of files, in the order of the rows. Out: numbers for each definition, and the runs of a
text. Compiled because it passes through every definition of many files, and through every row of their text.
"""

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memchr

from checks cimport are_bounds
from interrupts cimport count_steps


def enclosing_rows(
    const uint64_t[::1] offsets not None, const uint32_t[::1] rows not None, const uint32_t[::1] end_rows not None,
):
    """Return for each definition the innermost one of its file around it, by their rows: (n,) int64, -1 for none.

    offsets  (n_files + 1,): definitions of file f are ``rows[offsets[f]:offsets[f + 1]]``, by first row.

    Of definitions with the same rows, the earlier one encloses the later. One of a single row encloses none. Raises
    ValueError.
    """
    cdef Py_ssize_t n_files = offsets.shape[0] - 1, n = rows.shape[0], f, i, j
    cdef uint64_t n_steps = 0
    if not (are_bounds(offsets, n_files, n) and end_rows.shape[0] == n):
        raise ValueError("the columns of the definitions do not fit each other")
    parents = np.full(n, -1, np.int64)
    cdef long long[::1] parent = parents
    with nogil:
        for f in range(n_files):
            for i in range(<Py_ssize_t>offsets[f] + 1, <Py_ssize_t>offsets[f + 1]):
                count_steps(&n_steps, 4)
                j = i - 1
                # A definition that is skipped here encloses none that follows, so all of these loops are linear.
                while j >= 0 and (end_rows[j] < end_rows[i] or end_rows[j] <= rows[j] or end_rows[j] < rows[i]):
                    j = parent[j]
                parent[i] = j
    return parents


def add_to_outer(int64_t[::1] counts not None, const int64_t[::1] outer not None):
    """Add the counts of each definition to those of the one around it, the innermost first.

    counts  (n * width,) int64: ``width`` numbers of each definition; changed in place.
    outer   (n,) int64: an earlier definition, or -1 for none.

    Raises ValueError.
    """
    cdef Py_ssize_t n = outer.shape[0], i, k, width = counts.shape[0] // n if n else 0
    cdef uint64_t n_steps = 0
    cdef int64_t around
    if counts.shape[0] != n * width:
        raise ValueError("the columns of the definitions do not fit each other")
    for i in range(n):
        if outer[i] >= i or outer[i] < -1:
            raise ValueError("a definition comes before the one around it")
    with nogil:
        for i in range(n - 1, -1, -1):
            around = outer[i]
            if around >= 0:
                count_steps(&n_steps, width)
                for k in range(width):
                    counts[around * width + k] += counts[i * width + k]


def owned_runs(
    const uint8_t[::1] data not None, const uint64_t[::1] text_offsets not None, const int64_t[::1] offsets not None,
    const uint32_t[::1] rows not None, const uint32_t[::1] end_rows not None, const int64_t[::1] parents not None,
):
    """Divide the texts of files at the rows where another definition begins to own them.

    data, text_offsets       the text of file f is ``data[text_offsets[f]:text_offsets[f + 1]]``.
    offsets                  (n_files + 1,): definitions of file f are ``rows[offsets[f]:offsets[f + 1]]``.
    rows, end_rows, parents  of the definitions, as ``enclosing_rows`` takes and returns them.

    A row belongs to the innermost definition with that row. Rows of comments and decorators right above the first row
    of a definition belong to it, too. Returns the bounds of the runs, (n + 1,) uint64, and the owner of each,
    (n,) int64, -1 for none. Raises ValueError.
    """
    cdef Py_ssize_t n_files = offsets.shape[0] - 1, n = rows.shape[0], f, i, n_runs = 0
    cdef uint64_t n_steps = 0
    if not (
        end_rows.shape[0] == n and parents.shape[0] == n and n_files >= 0 and offsets[0] == 0 and offsets[n_files] == n
        and text_offsets.shape[0] == n_files + 1 and are_bounds(text_offsets, n_files, data.shape[0])
    ):
        raise ValueError("the columns of the definitions do not fit each other")
    for f in range(n_files):
        if offsets[f] > offsets[f + 1]:
            raise ValueError("the columns of the definitions do not fit each other")
    for i in range(n):
        if parents[i] >= i:
            raise ValueError("a definition comes before the one around it")
    # A run begins where a definition begins or ends, so there are at most three for each definition, and one more.
    bounds, owners = np.zeros(3 * n + n_files + 1, np.uint64), np.full(3 * n + n_files, -1, np.int64)
    cdef uint64_t[::1] bounds_out = bounds
    cdef int64_t[::1] owners_out = owners
    with nogil:
        for f in range(n_files):
            if text_offsets[f] < text_offsets[f + 1]:
                n_runs += divide_text(
                    &data[text_offsets[f]], text_offsets[f + 1] - text_offsets[f], text_offsets[f],
                    offsets[f], offsets[f + 1], rows, end_rows, parents,
                    &bounds_out[n_runs], &owners_out[n_runs], &n_steps,
                )
        bounds_out[n_runs] = text_offsets[n_files] if n_files else 0
    return bounds[:n_runs + 1], owners[:n_runs]


cdef Py_ssize_t divide_text(
    const uint8_t *text, Py_ssize_t size, uint64_t place, Py_ssize_t first, Py_ssize_t stop, const uint32_t[::1] rows,
    const uint32_t[::1] end_rows, const int64_t[::1] parents, uint64_t *bounds, int64_t *owners, uint64_t *n_steps,
) except -1 nogil:
    """Write the start of each run of one text, and who owns it; return how many there are.

    text, size      of the file, which begins at ``place`` of all texts.
    first, stop     its definitions.
    bounds, owners  have room for three runs of each definition, and one more.
    """
    cdef Py_ssize_t i = first, position = 0, start, n_runs = 0, run_start, above = 0
    cdef uint32_t row = 0
    cdef int64_t owner = -1, last = -2
    while position < size:
        start = position
        position = row_end(text, size, start)
        count_steps(n_steps, position - start)
        while owner >= 0 and end_rows[owner] < row:
            owner = parents[owner]
        run_start = start
        if i < stop and rows[i] <= row:
            # Comments that were owned by what is around the definition go to the definition.
            if start > 0 and owners[n_runs - 1] == parents[i]:
                run_start = lead_start(text, start, above)
            while i < stop and rows[i] <= row:
                owner = i
                i += 1
            above = position
        if owner != last:
            if n_runs and place + run_start <= bounds[n_runs - 1]:
                # All of the run before was such comments.
                n_runs -= 1
            if n_runs < 3 * (stop - first) + 1:
                bounds[n_runs] = place + run_start
                owners[n_runs] = owner
                n_runs += 1
            last = owner
        row += 1
        # No definition begins in these rows, and none ends.
        while position < size and (i == stop or row < rows[i]) and (owner < 0 or row <= end_rows[owner]):
            start = position
            position = row_end(text, size, start)
            count_steps(n_steps, position - start)
            row += 1
    return n_runs


cdef inline Py_ssize_t row_end(const uint8_t *text, Py_ssize_t size, Py_ssize_t start) noexcept nogil:
    """Return where the row after the one at ``start`` begins."""
    cdef const uint8_t *end = <const uint8_t *>memchr(&text[start], c"\n", size - start)
    return size if end == NULL else end - text + 1


cdef inline Py_ssize_t lead_start(const uint8_t *text, Py_ssize_t start, Py_ssize_t above) noexcept nogil:
    """Return where the comments and decorators right above the row at ``start`` begin: at ``above`` at the earliest."""
    cdef Py_ssize_t before
    while start > above:
        before = start - 1
        while before > above and text[before - 1] != c"\n":
            before -= 1
        if not is_lead(text, before, start):
            break
        start = before
    return start


cdef inline bint is_lead(const uint8_t *text, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    """Return whether a row is one of a comment, a decorator or an attribute, by the first byte that is not blank."""
    while start < stop and (text[start] == c" " or text[start] == c"\t"):
        start += 1
    return start < stop and text[start] in (c"/", c"*", c"#", c"@", c"-", c";", c"[", c"%")
