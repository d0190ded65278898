"""Builds the graph of definitions: which file refers to which names, and which files define them.

In: columns of tags. Out: numpy columns. Compiled because its loops visit every tag of the repository. It never reads a
file, and checks every number that it uses as an index.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from interrupts cimport count_steps

cdef enum:
    NOT_SHARED = 0xFFFFFFFF
    TRAIT_LONG_COMPOUND = 1
    TRAIT_PRIVATE = 2
    TRAIT_UNDECIDED = 128
    LONG_NAME_BYTES = 8


def mark_names(const uint32_t[::1] name_ids not None, const uint8_t[::1] roles not None, uint8_t[::1] marks not None):
    """Mark each name with ``1 << role`` of each of its tags.

    name_ids  (n_tags,) uint32; roles (n_tags,) uint8: 0 definition, 1 reference.
    marks     (n_names,) uint8, changed in place.

    Raises ValueError for a name or a role out of range.
    """
    cdef Py_ssize_t i, n = name_ids.shape[0]
    cdef uint64_t n_steps = 0
    cdef bint is_sound = roles.shape[0] == n
    if is_sound:
        with nogil:
            for i in range(n):
                count_steps(&n_steps, 1)
                if name_ids[i] >= <size_t>marks.shape[0] or roles[i] > 1:
                    is_sound = False
                    break
                marks[name_ids[i]] |= <uint8_t>(1 << roles[i])
    if not is_sound:
        raise ValueError("the tags have a name or a role out of range")


def link_files(
    const uint32_t[::1] tag_counts not None, const uint32_t[::1] name_ids not None, const uint8_t[::1] roles not None,
    const uint32_t[::1] graph_ids not None, uint32_t[::1] defined_in not None, uint32_t[::1] used_in not None,
    uint32_t[::1] positions not None, uint32_t first_file, bint definitions_refer,
):
    """Return the graph's rows of some consecutive files, computed from their tags.

    tag_counts         (n_files,) uint32; name_ids, roles (n_tags,): the tags of these files.
    graph_ids          (n_names,) uint32: number of a shared name in the graph; 0xFFFFFFFF for any other name. A name is
                       shared if some file defines it and some file refers to it.
    defined_in         (n_names,) uint32; used_in, positions (n_shared,) uint32: working memory, zeros before the first
                       files.
    first_file         number of files in earlier calls.
    definitions_refer  whether each definition counts as a reference, too.

    Returns reference_lengths (n_files,), reference_names, reference_counts, definer_lengths (n_files,), definer_names,
    unreferenced_counts (n_files,), all uint32. Names are in the order of first use in each file. Raises ValueError if
    the columns do not fit each other.
    """
    cdef Py_ssize_t n_files = tag_counts.shape[0], n = name_ids.shape[0], n_shared = used_in.shape[0]
    cdef Py_ssize_t i, tag = 0, end
    cdef uint64_t n_steps = 0
    cdef uint32_t name_id, shared, mark
    cdef size_t n_references = 0, n_definers = 0, references_before, definers_before
    cdef bint is_sound = (
        roles.shape[0] == n and positions.shape[0] == n_shared and defined_in.shape[0] == graph_ids.shape[0]
        and n < NOT_SHARED and n_files < <Py_ssize_t>(NOT_SHARED - first_file)
    )
    reference_lengths, definer_lengths, unreferenced_counts = (np.zeros(n_files, np.uint32) for _ in range(3))
    reference_names, reference_counts, definer_names = (np.empty(n, np.uint32) for _ in range(3))
    cdef uint32_t[::1] reference_lengths_out = reference_lengths, definer_lengths_out = definer_lengths
    cdef uint32_t[::1] unreferenced_counts_out = unreferenced_counts, reference_names_out = reference_names
    cdef uint32_t[::1] reference_counts_out = reference_counts, definer_names_out = definer_names
    if is_sound:
        with nogil:
            for i in range(n_files):
                count_steps(&n_steps, <uint64_t>tag_counts[i] * 4 + 1)
                end = tag + <Py_ssize_t>tag_counts[i]
                if end > n:
                    is_sound = False
                    break
                mark = first_file + <uint32_t>i + 1
                references_before, definers_before = n_references, n_definers
                while tag < end:
                    name_id = name_ids[tag]
                    if name_id >= <size_t>graph_ids.shape[0]:
                        is_sound = False
                        break
                    shared = graph_ids[name_id]
                    if shared != NOT_SHARED and shared >= <size_t>n_shared:
                        is_sound = False
                        break
                    if roles[tag] == 0 and defined_in[name_id] != mark:
                        defined_in[name_id] = mark
                        if shared == NOT_SHARED:
                            unreferenced_counts_out[i] += 1
                        else:
                            definer_names_out[n_definers] = shared
                            n_definers += 1
                            if definitions_refer:
                                reference_names_out[n_references] = shared
                                reference_counts_out[n_references] = 1
                                n_references += 1
                    elif roles[tag] == 1 and shared != NOT_SHARED:
                        if used_in[shared] != mark:
                            used_in[shared] = mark
                            positions[shared] = <uint32_t>n_references
                            reference_names_out[n_references] = shared
                            reference_counts_out[n_references] = 0
                            n_references += 1
                        if positions[shared] >= n_references:
                            is_sound = False
                            break
                        reference_counts_out[positions[shared]] += 1
                    tag += 1
                if not is_sound:
                    break
                reference_lengths_out[i] = <uint32_t>(n_references - references_before)
                definer_lengths_out[i] = <uint32_t>(n_definers - definers_before)
    if not is_sound or tag != n:
        raise ValueError("the columns of the tags do not fit each other")
    return (
        reference_lengths, reference_names[:n_references], reference_counts[:n_references], definer_lengths,
        definer_names[:n_definers], unreferenced_counts,
    )


def rows_with(const uint32_t[::1] values not None, const uint8_t[::1] wanted not None):
    """Return the rows whose value is wanted, rising: uint32.

    wanted  bits, the lowest of each byte first: value v is wanted if bit v is set. Values beyond them are not.
    """
    cdef Py_ssize_t i, n_found = 0, n = values.shape[0]
    cdef uint64_t n_bits = <uint64_t>wanted.shape[0] * 8, n_steps = 0
    cdef uint32_t value
    rows = np.empty(n, np.uint32)
    cdef uint32_t[::1] rows_out = rows
    with nogil:
        for i in range(n):
            count_steps(&n_steps, 1)
            value = values[i]
            if value < n_bits and wanted[value >> 3] >> (value & 7) & 1:
                rows_out[n_found] = <uint32_t>i
                n_found += 1
    return rows[:n_found].copy()


def name_traits(const uint64_t[::1] offsets not None, const uint8_t[::1] names not None):
    """Return the traits of each name, (n,) uint8: 1 for a long compound, plus 2 for a private name.

    offsets, names  the columns of a StringTable.

    A compound has an underscore or a hyphen beside a letter, or letters of both cases. A long one has at least eight
    characters. A private name starts with an underscore. The value is 128 for a name with characters beyond ASCII: the
    caller decides. Raises ValueError if the offsets do not fit.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, i
    cdef uint64_t position, n_steps = 0
    cdef uint8_t character, trait
    cdef bint has_upper, has_lower, has_join, is_sound = n >= 0
    traits = np.empty(max(n, 0), np.uint8)
    cdef uint8_t[::1] traits_out = traits
    with nogil:
        for i in range(n):
            if offsets[i] > offsets[i + 1] or offsets[i + 1] > <uint64_t>names.shape[0]:
                is_sound = False
                break
            count_steps(&n_steps, offsets[i + 1] - offsets[i] + 1)
            has_upper = has_lower = has_join = False
            trait = 0
            for position in range(offsets[i], offsets[i + 1]):
                character = names[position]
                if character >= 128:
                    trait = TRAIT_UNDECIDED
                    break
                has_upper |= c"A" <= character <= c"Z"
                has_lower |= c"a" <= character <= c"z"
                has_join |= character == c"_" or character == c"-"
            if trait == 0 and offsets[i + 1] > offsets[i]:
                if offsets[i + 1] - offsets[i] >= LONG_NAME_BYTES and (
                    (has_upper and has_lower) or (has_join and (has_upper or has_lower))
                ):
                    trait |= TRAIT_LONG_COMPOUND
                if names[offsets[i]] == c"_":
                    trait |= TRAIT_PRIVATE
            traits_out[i] = trait
    if not is_sound:
        raise ValueError("offsets must never decrease, and must stay within the names")
    return traits
