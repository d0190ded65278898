"""Words in names and paths: which of up to 64 terms occur in each of very many strings.

In: the bytes of a table of strings, and the terms. Out: a bit mask of terms for each string or file, and sums over
these. Compiled because it reads every byte of all paths and names of a repository, and every pair of a file and a name.
A word is a run of lower-case letters with the capital before it, a run of capitals, or a run of digits. Bytes that are
not ASCII count as lower-case letters.
"""

import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t, UINT32_MAX
from libc.string cimport memcmp, memcpy, memset

from checks cimport are_below, are_bounds
from interrupts cimport count_steps

cdef enum:
    MOST_TERMS = 64
    LONGEST = 40        # bytes of the longest term; longer words match none
    OTHER = 0
    UPPER = 1
    LOWER = 2
    DIGIT = 3


cdef struct Terms:
    size_t n
    uint8_t[MOST_TERMS][LONGEST] texts
    uint8_t[MOST_TERMS] lengths
    uint64_t[256] by_first          # terms that begin with this byte
    uint8_t[256] classes            # of characters
    uint8_t[256] lower


cdef struct Rules:
    Py_ssize_t n
    uint8_t[MOST_TERMS][LONGEST] texts
    uint8_t[MOST_TERMS] lengths
    uint8_t[MOST_TERMS] bits


cdef void prepare_classes(Terms *terms) noexcept nogil:
    cdef size_t i
    for i in range(256):
        terms.lower[i] = <uint8_t>i
        terms.classes[i] = LOWER if i >= 128 or c"a" <= i <= c"z" else DIGIT if c"0" <= i <= c"9" else OTHER
    for i in range(c"A", c"Z" + 1):
        terms.classes[i] = UPPER
        terms.lower[i] = <uint8_t>(i + 32)


cdef int prepare(Terms *terms, list words) except -1:
    cdef Py_ssize_t i, size
    cdef bytes word
    cdef const uint8_t *text
    if len(words) > MOST_TERMS:
        raise ValueError(f"{len(words)} terms; expected at most {MOST_TERMS}")
    memset(terms, 0, sizeof(Terms))
    prepare_classes(terms)
    for i in range(len(words)):
        word = words[i]
        size = len(word)
        if size == 0 or size > LONGEST:
            raise ValueError(f"a term of {size} bytes; expected 1 to {LONGEST}")
        text = <const uint8_t *><const char *>word
        memcpy(&terms.texts[i][0], text, size)
        terms.lengths[i] = <uint8_t>size
        terms.by_first[text[0]] |= <uint64_t>1 << i
    terms.n = len(words)
    return 0


cdef size_t word_end(const Terms *terms, const uint8_t *text, size_t start, size_t stop) noexcept nogil:
    """Return the end of the word that starts at ``start``, which is not OTHER."""
    cdef uint8_t first = terms.classes[text[start]]
    cdef size_t end = start + 1
    if first == UPPER and end < stop and terms.classes[text[end]] == UPPER:
        while end < stop and terms.classes[text[end]] == UPPER:
            end += 1
        # The last capital begins the next word, if that goes on in lower case.
        return end - 1 if end < stop and terms.classes[text[end]] == LOWER else end
    if first == UPPER:
        first = LOWER
    while end < stop and terms.classes[text[end]] == first:
        end += 1
    return end


cdef size_t stem_length(uint8_t *word, size_t size) noexcept nogil:
    """Cut off English endings of a word; ``ies`` becomes ``y``."""
    if size > 4 and memcmp(&word[size - 3], b"ies", 3) == 0:
        word[size - 3] = c"y"
        return size - 2
    if size > 6 and memcmp(&word[size - 3], b"ing", 3) == 0:
        size -= 3
    elif size > 5 and (memcmp(&word[size - 2], b"ed", 2) == 0 or memcmp(&word[size - 2], b"es", 2) == 0):
        size -= 2
    elif size > 3 and word[size - 1] == c"s" and word[size - 2] != c"s":
        size -= 1
    if size > 4 and word[size - 1] == c"e":
        size -= 1
    return size


cdef uint64_t terms_in(
    const Terms *terms, const uint8_t *text, size_t start, size_t stop, uint32_t *n_words
) noexcept nogil:
    """Return which terms are among the words of a string; count the words."""
    cdef uint64_t found = 0, candidates
    cdef size_t end, size, i, position = start
    cdef uint8_t[LONGEST] word
    n_words[0] = 0
    while position < stop:
        if terms.classes[text[position]] == OTHER:
            position += 1
            continue
        end = word_end(terms, text, position, stop)
        n_words[0] += 1
        candidates = terms.by_first[terms.lower[text[position]]]
        if candidates and end - position <= LONGEST:
            size = end - position
            for i in range(size):
                word[i] = terms.lower[text[position + i]]
            size = stem_length(&word[0], size)
            for i in range(terms.n):
                if candidates >> i & 1 and terms.lengths[i] == size and memcmp(&terms.texts[i][0], &word[0], size) == 0:
                    found |= <uint64_t>1 << i
        position = end
    return found


def split(bytes text not None):
    """Return the words of a text in lower case, in their order: a list of bytes."""
    cdef Terms terms
    cdef size_t position = 0, end, stop = len(text)
    cdef const uint8_t *start = <const uint8_t *><const char *>text
    prepare_classes(&terms)
    words = []
    while position < stop:
        end = position + 1
        if terms.classes[start[position]] != OTHER:
            end = word_end(&terms, start, position, stop)
            words.append(text[position:end].lower())
        position = end
    return words


def stem(bytes word not None):
    """Return a lower-case word without its English ending; a long word as it is."""
    cdef uint8_t[LONGEST] copy
    cdef size_t size = len(word)
    if size == 0 or size > LONGEST:
        return word
    memcpy(&copy[0], <const char *>word, size)
    size = stem_length(&copy[0], size)
    return (<char *>&copy[0])[:size]


def match_names(
    list words not None, const uint64_t[::1] offsets not None, const uint8_t[::1] names not None,
    const uint32_t[::1] rows not None,
):
    """Return for each of these rows which terms the name has, (n,) uint64, and how many words, (n,) uint8 up to 255.

    words           terms, as ``stem`` makes them of ``split`` words; term i is bit i.
    offsets, names  as of a StringTable.

    Raises ValueError.
    """
    cdef Terms terms
    cdef Py_ssize_t i, n = rows.shape[0]
    cdef uint32_t n_words
    cdef uint64_t start, stop, n_steps = 0
    cdef bint is_sound = True
    prepare(&terms, words)
    masks, counts = np.zeros(n, np.uint64), np.zeros(n, np.uint8)
    cdef uint64_t[::1] masks_out = masks
    cdef uint8_t[::1] counts_out = counts
    with nogil:
        for i in range(n):
            if <Py_ssize_t>rows[i] + 1 >= offsets.shape[0]:
                is_sound = False
                break
            start, stop = offsets[rows[i]], offsets[rows[i] + 1]
            if start > stop or stop > <uint64_t>names.shape[0]:
                is_sound = False
                break
            count_steps(&n_steps, stop - start + 1)
            if start < stop:
                masks_out[i] = terms_in(&terms, &names[0], start, stop, &n_words)
                counts_out[i] = <uint8_t>min(n_words, 255)
    if not is_sound:
        raise ValueError("the rows or offsets of the names do not fit each other")
    return masks, counts


def match_paths(list words not None, const uint64_t[::1] offsets not None, const uint8_t[::1] paths not None):
    """Return the terms in the last part of each path, and those in the parts before it: two of (n,) uint64.

    Raises ValueError.
    """
    cdef Terms terms
    cdef Py_ssize_t i, n = offsets.shape[0] - 1
    cdef uint32_t n_words
    cdef uint64_t start, stop, last, last_start = 0, last_size = 0, folder_mask = 0, n_steps = 0
    cdef bint is_sound = are_bounds(offsets, n, paths.shape[0])
    prepare(&terms, words)
    if not is_sound:
        raise ValueError("the offsets of the paths do not fit")
    of_names, of_folders = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    cdef uint64_t[::1] of_names_out = of_names, of_folders_out = of_folders
    with nogil:
        for i in range(n):
            start, stop = offsets[i], offsets[i + 1]
            count_steps(&n_steps, stop - start + 1)
            last = stop
            while last > start and paths[last - 1] != c"/":
                last -= 1
            # Files of one folder follow each other.
            if last - start != last_size or (last_size and memcmp(&paths[start], &paths[last_start], last_size) != 0):
                folder_mask = terms_in(&terms, &paths[0], start, last, &n_words) if last > start else 0
            last_start, last_size = start, last - start
            of_folders_out[i] = folder_mask
            if last < stop:
                of_names_out[i] = terms_in(&terms, &paths[0], last, stop, &n_words)
    return of_names, of_folders


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
    cdef Terms terms
    if not are_bounds(offsets, n, paths.shape[0]):
        raise ValueError("the offsets of the paths do not fit")
    prepare_rules(&of_folders, folders)
    prepare_rules(&of_beginnings, beginnings)
    prepare_rules(&of_endings, endings)
    prepare_classes(&terms)
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
                            &terms, &paths[part], &of_folders.texts[j][0], end - part
                        ):
                            folder_bits |= of_folders.bits[j]
                    part = end + 1
            last_start, last_size = start, last - start
            bits = folder_bits
            for j in range(of_beginnings.n):
                if of_beginnings.lengths[j] <= stop - last and memcmp(
                    &paths[last], &of_beginnings.texts[j][0], of_beginnings.lengths[j]
                ) == 0:
                    bits |= of_beginnings.bits[j]
            for j in range(of_endings.n):
                if of_endings.lengths[j] <= stop - last and memcmp(
                    &paths[stop - of_endings.lengths[j]], &of_endings.texts[j][0], of_endings.lengths[j]
                ) == 0:
                    bits |= of_endings.bits[j]
            kinds_out[i] = bits
    return kinds


cdef int prepare_rules(Rules *rules, list pairs) except -1:
    cdef Py_ssize_t i
    cdef bytes text
    if len(pairs) > MOST_TERMS:
        raise ValueError(f"{len(pairs)} rules; expected at most {MOST_TERMS}")
    rules.n = len(pairs)
    for i in range(rules.n):
        text = pairs[i][0]
        if not 0 < len(text) <= LONGEST:
            raise ValueError(f"a rule of {len(text)} bytes; expected 1 to {LONGEST}")
        memcpy(&rules.texts[i][0], <const char *>text, len(text))
        rules.lengths[i] = <uint8_t>len(text)
        rules.bits[i] = pairs[i][1]
    return 0


cdef inline bint is_like(const Terms *terms, const uint8_t *text, const uint8_t *lower, size_t size) noexcept nogil:
    cdef size_t i
    for i in range(size):
        if terms.lower[text[i]] != lower[i]:
            return False
    return True


def any_of(
    const uint64_t[::1] offsets not None, const uint32_t[::1] names not None, const uint64_t[::1] masks not None
):
    """Return for each file the terms that any of its names has: (n_files,) uint64.

    offsets  (n_files + 1,): the names of file f are ``names[offsets[f]:offsets[f + 1]]``, rows of ``masks``.

    Raises ValueError.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, i
    cdef uint64_t j, mask, n_steps = 0
    if not (are_bounds(offsets, n, names.shape[0]) and are_below(names, masks.shape[0])):
        raise ValueError("the names of the files do not fit the masks")
    found = np.zeros(n, np.uint64)
    cdef uint64_t[::1] found_out = found
    with nogil:
        for i in range(n):
            mask = 0
            count_steps(&n_steps, offsets[i + 1] - offsets[i] + 1)
            for j in range(offsets[i], offsets[i + 1]):
                mask |= masks[names[j]]
            found_out[i] = mask
    return found


def sum_shares(
    const uint64_t[::1] offsets not None, const uint32_t[::1] names not None, const uint64_t[::1] masks not None,
    const uint8_t[::1] n_words not None, const double[::1] values not None,
):
    """Return for each file the sum over terms of value times the largest share that the term has in one of its names.

    offsets, names  as for ``any_of``; masks and n_words as ``match_names`` returns them.
    values          (n_terms,) float64: what each term counts.

    The share of a term in a name is 1 by the number of words of the name. (n_files,) float64. Raises ValueError.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, n_terms = values.shape[0], i, t
    cdef uint64_t j, mask, n_steps = 0
    cdef double share, total
    cdef double[MOST_TERMS] best
    if not (
        are_bounds(offsets, n, names.shape[0]) and are_below(names, masks.shape[0])
        and n_words.shape[0] == masks.shape[0] and n_terms <= MOST_TERMS
    ):
        raise ValueError("the names of the files do not fit the masks")
    sums = np.zeros(n)
    cdef double[::1] sums_out = sums
    with nogil:
        for i in range(n):
            total = 0
            count_steps(&n_steps, (offsets[i + 1] - offsets[i] + 1) * n_terms + 1)
            memset(&best[0], 0, sizeof(best))
            for j in range(offsets[i], offsets[i + 1]):
                mask = masks[names[j]]
                if mask == 0:
                    continue
                share = 1.0 / n_words[names[j]]
                for t in range(n_terms):
                    if mask >> t & 1 and best[t] < share:
                        best[t] = share
            for t in range(n_terms):
                total += best[t] * values[t]
            sums_out[i] = total
    return sums


def count_terms(const uint64_t[::1] masks not None):
    """Return in how many masks each term is: (64,) int64."""
    cdef Py_ssize_t i, t
    cdef uint64_t mask, n_steps = 0
    counts = np.zeros(MOST_TERMS, np.int64)
    cdef long long[::1] counts_out = counts
    with nogil:
        for i in range(masks.shape[0]):
            mask = masks[i]
            count_steps(&n_steps, MOST_TERMS if mask else 1)
            if mask:
                for t in range(MOST_TERMS):
                    counts_out[t] += mask >> t & 1
    return counts


def sum_terms(const uint64_t[::1] masks not None, const double[::1] values not None):
    """Return the sum of the values of each mask's terms: (n,) float64. Raises ValueError for too many values."""
    cdef Py_ssize_t i, t, n_terms = values.shape[0]
    cdef uint64_t mask, n_steps = 0
    cdef double total
    if n_terms > MOST_TERMS:
        raise ValueError(f"{n_terms} values; expected at most {MOST_TERMS}")
    sums = np.zeros(masks.shape[0])
    cdef double[::1] sums_out = sums
    with nogil:
        for i in range(masks.shape[0]):
            mask = masks[i]
            count_steps(&n_steps, MOST_TERMS if mask else 1)
            if mask:
                total = 0
                for t in range(n_terms):
                    if mask >> t & 1:
                        total += values[t]
                sums_out[i] = total
    return sums


def nested_rows(
    const uint64_t[::1] offsets not None, const uint32_t[::1] rows not None, const uint32_t[::1] end_rows not None,
    const uint8_t[::1] one_row_heads not None, uint32_t most_of_head,
):
    """Return for each definition its own rows, without those of definitions in it, and about how many rows a map shows.

    offsets          (n_files + 1,): definitions of file f are ``rows[offsets[f]:offsets[f + 1]]``, by first row.
    one_row_heads    (n_files,): whether one row of a definition is shown; otherwise at most ``most_of_head`` rows.

    The same rows are shown of each definition around it. Both (n,) uint32. Raises ValueError.
    """
    cdef Py_ssize_t n_files = offsets.shape[0] - 1, n = rows.shape[0], f
    cdef Py_ssize_t i, j
    if not (
        are_bounds(offsets, n_files, n) and end_rows.shape[0] == n and one_row_heads.shape[0] == n_files
    ):
        raise ValueError("the columns of the definitions do not fit each other")
    own, shown, parents, heads = (np.zeros(n, dtype) for dtype in (np.uint32, np.uint32, np.int64, np.uint64))
    cdef uint32_t[::1] own_out = own, shown_out = shown
    cdef long long[::1] parent = parents
    cdef uint64_t[::1] heads_of = heads     # rows that are shown of a definition and of those around it
    cdef uint32_t extent
    cdef uint64_t outer, n_steps = 0
    with nogil:
        for f in range(n_files):
            for i in range(<Py_ssize_t>offsets[f], <Py_ssize_t>offsets[f + 1]):
                count_steps(&n_steps, 4)
                extent = n_rows_of(rows[i], end_rows[i])
                own_out[i] = extent
                j = i - 1 if i > <Py_ssize_t>offsets[f] else -1
                # A definition that is skipped here encloses none that follows, so all of these loops are linear.
                while j >= 0 and (end_rows[j] < end_rows[i] or end_rows[j] < rows[i]):
                    j = parent[j]
                parent[i] = j
                outer = 0
                if j >= 0:
                    own_out[j] -= min(extent, own_out[j])
                    outer = heads_of[j]
                heads_of[i] = outer + min(most_of_head, extent)
                outer += 1 if one_row_heads[f] else min(most_of_head, extent)
                shown_out[i] = <uint32_t>min(outer, <uint64_t>UINT32_MAX)
    return own, shown


cdef inline uint32_t n_rows_of(uint32_t row, uint32_t end_row) noexcept nogil:
    """Return the number of rows of a definition: at least one, at most UINT32_MAX."""
    return min(end_row - row, UINT32_MAX - 1) + 1 if end_row >= row else 1


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


def owned_runs(
    const uint8_t[::1] text not None, const uint32_t[::1] rows not None, const uint32_t[::1] end_rows not None,
    const int64_t[::1] parents not None,
):
    """Divide a text at the rows where another definition begins to own it.

    rows, end_rows, parents  of the definitions of the text, as ``enclosing_rows`` takes and returns them; parents are
                             numbers of these, or -1.

    A row belongs to the innermost definition with that row. Rows of comments and decorators right above the first row
    of a definition belong to it, too. Returns the bounds of the runs, (n + 1,) uint64, and who owns each, (n,) int64,
    -1 for none. Raises ValueError.
    """
    cdef Py_ssize_t n = rows.shape[0], size = text.shape[0], i = 0, position = 0, start, n_runs = 0, run_start
    cdef uint32_t row = 0
    cdef int64_t owner = -1, last = -2
    cdef uint64_t n_steps = 0
    cdef bint has_lead = False
    cdef Py_ssize_t lead = 0
    if end_rows.shape[0] != n or parents.shape[0] != n:
        raise ValueError("the columns of the definitions do not fit each other")
    for i in range(n):
        if parents[i] >= i:
            raise ValueError("a definition comes before the one around it")
    # A run begins where a definition begins or ends, so there are at most three for each definition.
    bounds, owners = np.zeros(3 * n + 2, np.uint64), np.full(3 * n + 1, -1, np.int64)
    cdef uint64_t[::1] bounds_out = bounds
    cdef int64_t[::1] owners_out = owners
    i = 0
    with nogil:
        while position < size:
            start = position
            while position < size and text[position] != c"\n":
                position += 1
            position += 1
            count_steps(&n_steps, position - start)
            while owner >= 0 and end_rows[owner] < row:
                owner = parents[owner]
            if i < n and rows[i] <= row:
                # Comments that were owned by what is around the definition go to the definition.
                run_start = lead if has_lead and owners_out[n_runs - 1] == parents[i] else start
                while i < n and rows[i] <= row:
                    owner = i
                    i += 1
                has_lead = False
            else:
                run_start = start
                if is_lead(text, start, min(position, size)):
                    if not has_lead:
                        has_lead, lead = True, start
                else:
                    has_lead = False
            if owner != last:
                if n_runs and run_start <= <Py_ssize_t>bounds_out[n_runs - 1]:
                    # All of the run before was such comments.
                    n_runs -= 1
                if n_runs < 3 * n + 1:
                    bounds_out[n_runs] = run_start
                    owners_out[n_runs] = owner
                    n_runs += 1
                last = owner
            row += 1
        bounds_out[n_runs] = size
    return bounds[:n_runs + 1], owners[:n_runs]


cdef inline bint is_lead(const uint8_t[::1] text, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    """Return whether a row is one of a comment, a decorator or an attribute, by the first byte that is not blank."""
    while start < stop and (text[start] == c" " or text[start] == c"\t"):
        start += 1
    return start < stop and text[start] in (c"/", c"*", c"#", c"@", c"-", c";", c"[", c"%")
