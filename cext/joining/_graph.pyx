"""The graph of definitions: who refers to what, out of the tags of all files; and PageRank over it.

In: columns of tags, then the columns made of them. Out: numpy columns. Compiled because it goes over every tag of the
repository, and over every pair of file and name once an iteration; no edge from file to file is ever stored. Every sum
is taken in the order of the files, so that the same graph gives the same bytes, whatever its names are numbered by.
"""
import numpy as np

from libc.math cimport fabs, sqrt
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from interrupts cimport count_steps

cdef enum:
    NOT_LINKED = 0xFFFFFFFF
    TRAIT_LONG_COMPOUND = 1
    TRAIT_PRIVATE = 2
    TRAIT_UNDECIDED = 128
    LONG_NAME_BYTES = 8
    # Of page_rank: pairs of a file and a name that it goes over, some seconds, and iterations that it has in any case.
    MOST_PAIRS = 1 << 30
    FEWEST_ITERATIONS = 100
    N_ROOTS = 256           # square roots that are looked up: of nearly all counts there are


def mark_names(const uint32_t[::1] name_ids not None, const uint8_t[::1] roles not None, uint8_t[::1] marks not None):
    """Mark each name with ``1 << role`` of each of its tags.

    name_ids  (n_tags,) uint32; roles (n_tags,) uint8: 0 definition, 1 reference.
    marks     (n_names,) uint8, changed in place.

    Raises ValueError for a name or a role that is none.
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
        raise ValueError("the tags have a name or a role that is none")


def link_files(
    const uint32_t[::1] tag_counts not None, const uint32_t[::1] name_ids not None, const uint8_t[::1] roles not None,
    const uint32_t[::1] graph_ids not None, uint32_t[::1] defined_in not None, uint32_t[::1] used_in not None,
    uint32_t[::1] places not None, uint32_t first_file, bint definitions_refer,
):
    """Return what the graph says of some files, one after another, out of their tags.

    tag_counts         (n_files,) uint32; name_ids, roles (n_tags,): the tags of these files.
    graph_ids          (n_names,) uint32: the number in the graph of a name that is both defined and referred to;
                       0xFFFFFFFF of all others.
    defined_in         (n_names,), used_in, places (n_linked,) uint32: scratch, zeros before the first files.
    first_file         how many files went before these.
    definitions_refer  whether to take each definition for a reference too.

    Returns reference_lengths (n_files,), reference_names, reference_counts, definer_lengths (n_files,), definer_names,
    lone_counts (n_files,), all uint32, in the order of first use in each file. Raises ValueError for columns that do
    not fit each other.
    """
    cdef Py_ssize_t n_files = tag_counts.shape[0], n = name_ids.shape[0], n_linked = used_in.shape[0]
    cdef Py_ssize_t i, tag = 0, end
    cdef uint64_t n_steps = 0
    cdef uint32_t name_id, linked, mark
    cdef size_t n_references = 0, n_definers = 0, references_before, definers_before
    cdef bint is_sound = (
        roles.shape[0] == n and places.shape[0] == n_linked and defined_in.shape[0] == graph_ids.shape[0]
        and n < NOT_LINKED and n_files < <Py_ssize_t>(NOT_LINKED - first_file)
    )
    reference_lengths, definer_lengths, lone_counts = (np.zeros(n_files, np.uint32) for _ in range(3))
    reference_names, reference_counts, definer_names = (np.empty(n, np.uint32) for _ in range(3))
    cdef uint32_t[::1] reference_lengths_out = reference_lengths, definer_lengths_out = definer_lengths
    cdef uint32_t[::1] lone_counts_out = lone_counts, reference_names_out = reference_names
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
                    linked = graph_ids[name_id]
                    if linked != NOT_LINKED and linked >= <size_t>n_linked:
                        is_sound = False
                        break
                    if roles[tag] == 0 and defined_in[name_id] != mark:
                        defined_in[name_id] = mark
                        if linked == NOT_LINKED:
                            lone_counts_out[i] += 1
                        else:
                            definer_names_out[n_definers] = linked
                            n_definers += 1
                            if definitions_refer:
                                reference_names_out[n_references] = linked
                                reference_counts_out[n_references] = 1
                                n_references += 1
                    elif roles[tag] == 1 and linked != NOT_LINKED:
                        if used_in[linked] != mark:
                            used_in[linked] = mark
                            places[linked] = <uint32_t>n_references
                            reference_names_out[n_references] = linked
                            reference_counts_out[n_references] = 0
                            n_references += 1
                        if places[linked] >= n_references:
                            is_sound = False
                            break
                        reference_counts_out[places[linked]] += 1
                    tag += 1
                if not is_sound:
                    break
                reference_lengths_out[i] = <uint32_t>(n_references - references_before)
                definer_lengths_out[i] = <uint32_t>(n_definers - definers_before)
    if not is_sound or tag != n:
        raise ValueError("the columns of the tags do not fit each other")
    return (
        reference_lengths, reference_names[:n_references], reference_counts[:n_references], definer_lengths,
        definer_names[:n_definers], lone_counts,
    )


def name_traits(const uint64_t[::1] offsets not None, const uint8_t[::1] names not None):
    """Return what the spelling of each name says: (n,) uint8 of 1 for a long compound, plus 2 for a private name.

    offsets, names  as of a StringTable.

    A compound has an underscore or a hyphen beside a letter, or letters of both cases; a long one has at least eight
    characters. A private name starts with an underscore. 128 stands for a name that is not all ASCII, which only Python
    can tell. Raises ValueError for offsets that do not fit.
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
        raise ValueError("offsets must never fall, and stay within the names")
    return traits


cdef struct Graph:
    size_t n_files
    size_t n_names
    const uint64_t *reference_offsets    # (n_files + 1,) bounds in the two columns that follow
    const uint32_t *reference_names
    const uint32_t *reference_counts
    const uint64_t *definer_offsets      # (n_files + 1,) bounds in the column that follows
    const uint32_t *definer_names
    const uint32_t *lone_counts          # (n_files,) names that are defined there and nowhere referred to
    const double *name_factors           # (n_names,) what a reference to a name counts
    const double *reference_factors      # (n_files,) what references from a file count
    double lone_weight                   # of the edge from a file to itself, for each of its lone names
    double[N_ROOTS] roots                # square roots of small numbers


cdef inline double root_of(const Graph *graph, uint32_t count) noexcept nogil:
    return graph.roots[count] if count < N_ROOTS else sqrt(<double>count)


cdef int weigh(const Graph *graph, const uint32_t *definer_counts, double *out_weights) except -1 nogil:
    """Fill in what all edges from each file weigh together: each reference makes one to each definer of its name."""
    cdef size_t file, i
    cdef uint64_t n_steps = 0
    cdef uint32_t name
    cdef double weight
    for file in range(graph.n_files):
        count_steps(&n_steps, n_references(graph, file))
        weight = 0
        for i in range(graph.reference_offsets[file], graph.reference_offsets[file + 1]):
            name = graph.reference_names[i]
            weight += graph.name_factors[name] * root_of(graph, graph.reference_counts[i]) * definer_counts[name]
        out_weights[file] = weight * graph.reference_factors[file] + graph.lone_weight * graph.lone_counts[file]
    return 0


cdef inline uint64_t n_references(const Graph *graph, size_t file) noexcept nogil:
    return graph.reference_offsets[file + 1] - graph.reference_offsets[file] + 1


cdef inline uint64_t n_definitions(const Graph *graph, size_t file) noexcept nogil:
    return graph.definer_offsets[file + 1] - graph.definer_offsets[file] + 1


cdef int send(
    const Graph *graph, const double *scores, const double *out_weights, double *name_scores, uint64_t *n_steps
) except -1 nogil:
    """Spread the score of each file over its references: each definer of a name gets what the name then has."""
    cdef size_t file, i
    cdef double share
    count_steps(n_steps, graph.n_names)
    for i in range(graph.n_names):
        name_scores[i] = 0
    for file in range(graph.n_files):
        count_steps(n_steps, n_references(graph, file))
        if out_weights[file] > 0:
            share = scores[file] / out_weights[file] * graph.reference_factors[file]
            for i in range(graph.reference_offsets[file], graph.reference_offsets[file + 1]):
                name_scores[graph.reference_names[i]] += share * root_of(graph, graph.reference_counts[i])
    for i in range(graph.n_names):
        name_scores[i] *= graph.name_factors[i]
    return 0


cdef int allowed_iterations(const Graph *graph, int most) noexcept nogil:
    """Return how many iterations there may be: of a small graph as many as the caller will, of a large one fewer."""
    cdef uint64_t n_pairs = graph.n_names + 2 * graph.n_files + 1
    n_pairs += graph.reference_offsets[graph.n_files] + graph.definer_offsets[graph.n_files]
    return min(most, <int>max(MOST_PAIRS // n_pairs, <uint64_t>FEWEST_ITERATIONS))


cdef int iterate(
    const Graph *graph, const uint32_t *definer_counts, const double *personalization, double damping, double tolerance,
    int max_iterations, double *scores, double *name_scores, double *out_weights, double *last
) except? -2 nogil:
    """Fill scores, name_scores and out_weights; return how many iterations it took, or -1 if that was not enough.

    personalization  (n_files,) adds up to 1, and is 0 where a file has no edge; scores are those to start from.
    """
    cdef size_t file, i, n_nodes = 0
    cdef uint64_t n_steps = 0
    cdef int iteration
    cdef bint has_edges
    cdef double dangling, received, change
    weigh(graph, definer_counts, out_weights)
    for file in range(graph.n_files):
        n_nodes += is_node(graph, file)
    for iteration in range(allowed_iterations(graph, max_iterations)):
        send(graph, scores, out_weights, name_scores, &n_steps)
        dangling = change = 0
        for file in range(graph.n_files):
            last[file] = scores[file]
            if out_weights[file] == 0:
                dangling += scores[file]
        for file in range(graph.n_files):
            has_edges = is_node(graph, file)
            if not has_edges:
                continue
            received = 0
            count_steps(&n_steps, n_definitions(graph, file))
            for i in range(graph.definer_offsets[file], graph.definer_offsets[file + 1]):
                received += name_scores[graph.definer_names[i]]
            if graph.lone_counts[file]:
                received += last[file] * graph.lone_weight * graph.lone_counts[file] / out_weights[file]
            scores[file] = damping * (received + dangling * personalization[file]) + (
                (1 - damping) * personalization[file]
            )
            change += fabs(scores[file] - last[file])
        if change < n_nodes * tolerance:
            send(graph, scores, out_weights, name_scores, &n_steps)
            return iteration + 1
    send(graph, scores, out_weights, name_scores, &n_steps)
    return -1


cdef inline bint is_node(const Graph *graph, size_t file) noexcept nogil:
    """Whether any edge comes from the file or goes to it: only such a file takes part."""
    return (
        graph.reference_offsets[file] < graph.reference_offsets[file + 1]
        or graph.definer_offsets[file] < graph.definer_offsets[file + 1]
        or graph.lone_counts[file] > 0
    )


cdef bint are_bounds(const uint64_t[::1] offsets, Py_ssize_t n_rows, Py_ssize_t n_items) noexcept nogil:
    cdef Py_ssize_t i
    if offsets.shape[0] != n_rows + 1 or offsets[0] != 0 or offsets[n_rows] != <uint64_t>n_items:
        return False
    for i in range(n_rows):
        if offsets[i] > offsets[i + 1]:
            return False
    return True


cdef bint are_below(const uint32_t[::1] numbers, size_t bound) noexcept nogil:
    cdef Py_ssize_t i
    cdef uint32_t largest = 0
    for i in range(numbers.shape[0]):
        largest = max(largest, numbers[i])
    return numbers.shape[0] == 0 or largest < bound


def page_rank(
    const uint64_t[::1] reference_offsets not None, const uint32_t[::1] reference_names not None,
    const uint32_t[::1] reference_counts not None, const uint64_t[::1] definer_offsets not None,
    const uint32_t[::1] definer_names not None, const uint32_t[::1] lone_counts not None,
    const uint32_t[::1] definer_counts not None, const double[::1] name_factors not None,
    const double[::1] reference_factors not None, const double[::1] personalization not None, double lone_weight,
    double damping, double tolerance, int max_iterations,
):
    """Return the scores of files and names, what each file's edges weigh together, and how many iterations it took.

    reference_offsets (n_files + 1,) uint64, reference_names, reference_counts (n,) uint32: who refers to what
    definer_offsets   (n_files + 1,) uint64, definer_names (n,) uint32: who defines what
    lone_counts       (n_files,) uint32: how many names are defined there and nowhere referred to
    definer_counts    (n_names,) uint32: by how many files each name is defined
    name_factors      (n_names,) float64, above 0: what a reference to each name counts
    reference_factors (n_files,) float64, above 0: what a reference from each file counts
    personalization   (n_files,) float64, not negative: where rank comes from and goes back to; of any sum
    lone_weight       above 0: what the edge of a file to itself weighs, for each of its lone names

    The score of a name is what each of its definers gets for it; iterations are -1 where ``max_iterations`` were not
    enough. They are no more than 100, and as many more as go over 2**30 pairs of a file and a name in all. Raises
    ValueError for columns that do not fit each other, MemoryError.
    """
    cdef Graph graph
    cdef Py_ssize_t n_files = lone_counts.shape[0], n_names = name_factors.shape[0], i
    cdef size_t n_nodes = 0
    cdef double total = 0
    cdef int n_iterations
    cdef bint is_sound
    with nogil:
        is_sound = (
            reference_counts.shape[0] == reference_names.shape[0]
            and are_bounds(reference_offsets, n_files, reference_names.shape[0])
            and are_bounds(definer_offsets, n_files, definer_names.shape[0])
            and are_below(reference_names, n_names)
            and are_below(definer_names, n_names)
            and definer_counts.shape[0] == n_names
            and reference_factors.shape[0] == n_files
            and personalization.shape[0] == n_files
        )
    if not is_sound:
        raise ValueError("the columns of the graph do not fit each other")
    scores, out_weights, start, last = (np.zeros(n_files) for _ in range(4))
    name_scores = np.zeros(n_names)
    if n_files == 0:
        return scores, name_scores, out_weights, 0
    cdef double[::1] scores_out = scores, out_weights_out = out_weights, start_out = start, last_out = last
    cdef double[::1] name_scores_out = name_scores
    graph.n_files, graph.n_names = n_files, n_names
    graph.reference_offsets, graph.definer_offsets = &reference_offsets[0], &definer_offsets[0]
    graph.reference_names = &reference_names[0] if reference_names.shape[0] else NULL
    graph.reference_counts = &reference_counts[0] if reference_counts.shape[0] else NULL
    graph.definer_names = &definer_names[0] if definer_names.shape[0] else NULL
    graph.lone_counts, graph.reference_factors = &lone_counts[0], &reference_factors[0]
    graph.name_factors = &name_factors[0] if n_names else NULL
    graph.lone_weight = lone_weight
    cdef const uint32_t *definer_counts_in = &definer_counts[0] if n_names else NULL
    cdef double *name_scores_in = &name_scores_out[0] if n_names else NULL
    with nogil:
        for i in range(N_ROOTS):
            graph.roots[i] = sqrt(<double>i)
        for i in range(n_files):
            if is_node(&graph, i):
                n_nodes += 1
                total += personalization[i]
        for i in range(n_files):
            if is_node(&graph, i):
                scores_out[i] = 1.0 / n_nodes
                # Where none of it is on a file that takes part, all of them are alike.
                start_out[i] = personalization[i] / total if total > 0 else 1.0 / n_nodes
        n_iterations = iterate(
            &graph, definer_counts_in, &start_out[0], damping, tolerance, max_iterations, &scores_out[0],
            name_scores_in, &out_weights_out[0], &last_out[0],
        )
    return scores, name_scores, out_weights, n_iterations
