"""PageRank over the graph of definitions.

In: the columns of the graph. Out: numpy columns. Compiled because each iteration reads every pair of a file and a name.
No edge from file to file is ever stored. Every sum is taken in the order of the files, so the same graph gives the same
bytes, however its names are numbered.
"""
import numpy as np

from libc.math cimport fabs, sqrt
from libc.stdint cimport uint32_t, uint64_t

from checks cimport are_below, are_bounds
from interrupts cimport count_steps

cdef enum:
    MOST_PAIRS = 1 << 30    # of a file and a name, that all iterations together may read: some seconds
    FEWEST_ITERATIONS = 100     # that are allowed whatever the number of pairs
    N_ROOTS = 256           # square roots in a table: nearly all counts are smaller


cdef struct Graph:
    size_t n_files
    size_t n_names
    const uint64_t *reference_offsets    # (n_files + 1,) bounds in the two columns that follow
    const uint32_t *reference_names
    const uint32_t *reference_counts
    const uint64_t *definer_offsets      # (n_files + 1,) bounds in the column that follows
    const uint32_t *definer_names
    const uint32_t *unreferenced_counts  # (n_files,) names that it defines, and no file refers to
    const double *name_factors           # (n_names,) what a reference to a name counts
    const double *reference_factors      # (n_files,) what references from a file count
    double unreferenced_weight           # of the edge from a file to itself, for each unreferenced name
    double[N_ROOTS] roots                # square roots of small numbers


cdef inline double root_of(const Graph *graph, uint32_t count) noexcept nogil:
    return graph.roots[count] if count < N_ROOTS else sqrt(<double>count)


cdef int weigh(const Graph *graph, const uint32_t *definer_counts, double *out_weights) except -1 nogil:
    """Fill in the sum of the weights of all edges from each file: a reference makes one to each definer of its name."""
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
        out_weights[file] = (
            weight * graph.reference_factors[file] + graph.unreferenced_weight * graph.unreferenced_counts[file]
        )
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
    """Return how many iterations are allowed: fewer than the caller's limit if the graph is large."""
    cdef uint64_t n_pairs = graph.n_names + 2 * graph.n_files + 1
    n_pairs += graph.reference_offsets[graph.n_files] + graph.definer_offsets[graph.n_files]
    return min(most, <int>max(MOST_PAIRS // n_pairs, <uint64_t>FEWEST_ITERATIONS))


cdef int iterate(
    const Graph *graph, const uint32_t *definer_counts, const double *personalization, double damping, double tolerance,
    int max_iterations, double *scores, double *name_scores, double *out_weights, double *last
) except? -2 nogil:
    """Fill scores, name_scores and out_weights; return the number of iterations, or -1 if it did not converge.

    personalization  (n_files,): the sum is 1, and files without an edge have 0. scores holds the first scores.
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
            if graph.unreferenced_counts[file]:
                received += last[file] * graph.unreferenced_weight * graph.unreferenced_counts[file] / out_weights[file]
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
    """Whether the file has an edge. Files without one have no rank."""
    return (
        graph.reference_offsets[file] < graph.reference_offsets[file + 1]
        or graph.definer_offsets[file] < graph.definer_offsets[file + 1]
        or graph.unreferenced_counts[file] > 0
    )


def page_rank(
    const uint64_t[::1] reference_offsets not None, const uint32_t[::1] reference_names not None,
    const uint32_t[::1] reference_counts not None, const uint64_t[::1] definer_offsets not None,
    const uint32_t[::1] definer_names not None, const uint32_t[::1] unreferenced_counts not None,
    const uint32_t[::1] definer_counts not None, const double[::1] name_factors not None,
    const double[::1] reference_factors not None, const double[::1] personalization not None,
    double unreferenced_weight, double damping, double tolerance, int max_iterations,
):
    """Return the scores of files and of names, the sum of each file's edges, and the number of iterations.

    reference_offsets    (n_files + 1,) uint64, reference_names, reference_counts (n,) uint32: the names that each file
                         refers to, and how often
    definer_offsets      (n_files + 1,) uint64, definer_names (n,) uint32: the names that each file defines
    unreferenced_counts  (n_files,) uint32: how many names it defines that no file refers to
    definer_counts       (n_names,) uint32: how many files define each name
    name_factors         (n_names,) float64, above 0: what a reference to each name counts
    reference_factors    (n_files,) float64, above 0: what a reference from each file counts
    personalization      (n_files,) float64, not negative, of any sum: where rank starts, and returns to
    unreferenced_weight  above 0: weight of a file's edge to itself, for each of its unreferenced names

    The score of a name is the rank that each of its definers gets for it. Iterations are -1 if it did not converge.
    There are at most ``max_iterations``, and at most 100 where more would read over 2**30 pairs of a file and a name.
    Raises ValueError for columns that do not fit each other, MemoryError.
    """
    cdef Graph graph
    cdef Py_ssize_t n_files = unreferenced_counts.shape[0], n_names = name_factors.shape[0], i
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
    graph.unreferenced_counts, graph.reference_factors = &unreferenced_counts[0], &reference_factors[0]
    graph.name_factors = &name_factors[0] if n_names else NULL
    graph.unreferenced_weight = unreferenced_weight
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
                # If no file with an edge has any personalization, all of them have the same.
                start_out[i] = personalization[i] / total if total > 0 else 1.0 / n_nodes
        n_iterations = iterate(
            &graph, definer_counts_in, &start_out[0], damping, tolerance, max_iterations, &scores_out[0],
            name_scores_in, &out_weights_out[0], &last_out[0],
        )
    return scores, name_scores, out_weights, n_iterations
